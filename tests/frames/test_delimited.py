"""Delimited text: what is read, that unchanged cells keep their bytes, and what is said of files that are not tables."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.frames.delimited import Delimited, read_delimited

CELLS = st.text(st.sampled_from('ab1 ,;"\n\té€'), max_size=6)
"""Without a lone carriage return, which csv.writer leaves bare and csv.reader takes for the end of a line."""


def read(text: str | bytes, **options: str) -> Delimited:
    data = text.encode() if isinstance(text, str) else text
    return read_delimited(io.BytesIO(data), **options)


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "first"),
    [
        ("a,b\n1,2\n", ",", ["a", "b"], ["1", "2"]),
        ("a;b\n1,5;2\n", ";", ["a", "b"], ["1,5", "2"]),
        ("a\tb\n1\t2\n", "\t", ["a", "b"], ["1", "2"]),
        ("a|b\n1|2", "|", ["a", "b"], ["1", "2"]),
        ('"a, b";c\n1;2\n', ";", ["a, b", "c"], ["1", "2"]),
        ("one\n1\n", ",", ["one"], ["1"]),
        ('a,b\n"x\ny",2\n', ",", ["a", "b"], ["x\ny", "2"]),
        ("a,b\r\n1,2\r\n", ",", ["a", "b"], ["1", "2"]),
        ("a,b\n\u2028,2\n", ",", ["a", "b"], ["\u2028", "2"]),
        ('a,b\n5" pipe,2\n', ",", ["a", "b"], ['5" pipe', "2"]),
    ],
)
def test_a_table_is_read(text: str, delimiter: str, header: list[str], first: list[str]) -> None:
    table = read(text)
    assert table.dialect.delimiter == delimiter
    assert table.header == header
    assert table.rows[0].cells == first


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_and_encodings_stay(encoding: str) -> None:
    data = "naïve,b\né,\n".encode(encoding)
    table = read(data)
    assert table.encoded({}, {}) == data
    assert read(table.encoded({0: {1: "ü"}}, {})).rows[0].cells == ["é", "ü"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["name,b\né,\n", "a,b\r\n1,\r\n", "a\n", "€,b\n1,2\n"])
def test_utf_16_without_a_mark_is_seen_by_its_zero_bytes(text: str, encoding: str) -> None:
    table = read(text.encode(encoding))
    assert table.dialect.encoding == encoding
    assert table.encoded({}, {}) == text.encode(encoding)


@pytest.mark.parametrize("data", [b"a\0,b\n1,2\n", b"\0" * 40, b"a,b\n\0\0\0\0,\0\0\0\0\n"])
def test_zero_bytes_alone_are_no_utf_16(data: bytes) -> None:
    assert read(data).dialect.encoding == "utf-8"


def test_another_encoding_has_to_be_named() -> None:
    data = "a,b\né,\n".encode("cp1252")
    with pytest.raises(InputError, match=r"line 2: byte 0xe9 at offset 4 is not utf-8; save .* or name its encoding"):
        read(data)
    assert read(data, encoding="cp1252").rows[0].cells == ["é", ""]


def test_a_cell_the_encoding_cannot_write_is_named() -> None:
    table = read("a,b\nx,\n".encode("cp1252"), encoding="cp1252")
    with pytest.raises(InputError, match=r"'→' cannot be written in the file's encoding, cp1252"):
        table.encoded({0: {1: "→"}}, {})


@pytest.mark.parametrize(
    ("text", "changed", "added", "wanted"),
    [
        ("a,b\n1,\n", {0: {1: "x"}}, {}, "a,b\n1,x\n"),
        ("a,b\n1,\n", {0: {1: "x,y"}}, {}, 'a,b\n1,"x,y"\n'),
        ('a,b\n"1""",\n', {0: {1: "x"}}, {}, 'a,b\n"1""",x\n'),
        ('"a","b"\r\n"1",""\r\n', {0: {1: "x"}}, {}, '"a","b"\r\n"1","x"\r\n'),
        ("a,b\n\n1,\n\n\n2,3", {0: {1: "x"}}, {}, "a,b\n\n1,x\n\n\n2,3"),
        ("a,b\n1,2\n", {}, {"c": ["3"]}, "a,b,c\n1,2,3\n"),
        ('a,b\n"x\ny",2', {}, {"c": ['q"']}, 'a,b,c\n"x\ny",2,"q"""'),
        ("a,b\n,\n", {0: {0: "1"}}, {"c": [""]}, "a,b,c\n1,,\n"),
        ('a,b\n5" pipe,\n', {0: {1: "x"}}, {}, 'a,b\n5" pipe,x\n'),
    ],
)
def test_only_what_changed_is_written_anew(
    text: str, changed: dict[int, dict[int, str]], added: dict[str, list[str]], wanted: str
) -> None:
    assert read(text).encoded(changed, added).decode() == wanted


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_unchanged_tables_keep_their_bytes(rows: list[list[str]], end: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows([["a", "b"], *rows])
    data = out.getvalue().encode()
    assert read(data, delimiter=",").encoded({}, {}) == data


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3).filter(lambda r: len(r) == 2), min_size=1, max_size=5), CELLS)
def test_a_changed_cell_reads_back_and_the_others_stay(rows: list[list[str]], new: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["a", "b"], *rows])
    table = read(out.getvalue(), delimiter=",")
    again = read(table.encoded({0: {1: new}}, {"c": [new] * len(table.rows)}), delimiter=",")
    assert [r.cells for r in again.rows[1:]] == [[*r.cells, new] for r in table.rows[1:]]
    assert again.rows[0].cells == [table.rows[0].cells[0], new, new]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a,b\n"1" ,2\n', "standard input, line 2: not a row of a table: ',' expected after '\"'; close every quote"),
        ("", "standard input: empty; the first line must name the columns"),
        (
            "a,b\n1\n",
            "standard input, line 2: 1 cells, the header has 2; put double quotes around cells that contain ','",
        ),
        ('a,b\n"1,2\n', "standard input, line 2: not a row of a table: unexpected end of data; close every quote"),
    ],
)
def test_what_is_no_table(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert message in str(error.value)


def test_a_delimiter_is_one_character() -> None:
    with pytest.raises(InputError, match=r"the delimiter is '::'; allowed: one character other than a quote"):
        read("a::b\n", delimiter="::")
