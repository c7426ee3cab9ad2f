"""Corpora in text files: a line a program, errors with their line, the rest where asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.corpus import corpus, load_programs
from tests.guides.counting import numbers, parsed

LANGUAGE = numbers()


def write(folder: Path, text: str) -> Path:
    """A corpus file."""
    path = folder / "corpus.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_one_program_a_line_with_comments_and_empty_lines(tmp_path: Path) -> None:
    found = load_programs(write(tmp_path, "# two programs\n(neg x0)\n\n  #x1 also\n(+ x0 1) ; one more\r\n"), LANGUAGE)
    assert list(map(str, found)) == ["(neg x0)", "(+ x0 1)"]
    assert found.language is LANGUAGE
    assert str(found) == "2 programs of language 'numbers'"
    assert list(found[1:]) == [found[1]]
    assert found[1:].language is LANGUAGE


def test_a_bit_vector_literal_is_no_comment(tmp_path: Path) -> None:
    assert [str(p) for p in load_programs(write(tmp_path, "#x0f\n#b1\n#comment\n"), "bitvectors")] == ["#x0f", "#b1"]


def test_a_line_that_does_not_parse_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "# head\n(neg x0)\n(ngg x0)\n")
    with pytest.raises(InputError, match=r"corpus\.txt, line 3, column 2: .*ngg.*on_error='skip'"):
        load_programs(path, LANGUAGE)


def test_the_rest_is_used_when_asked(tmp_path: Path) -> None:
    found = load_programs(write(tmp_path, "(neg x0)\n(ngg x0)\n(neg\n0\n"), LANGUAGE, on_error="skip")
    assert list(map(str, found)) == ["(neg x0)", "0"]
    assert [s.split(":")[0].rsplit(", ", 2)[1] for s in found.skipped] == ["line 2", "line 3"]
    assert str(found) == "2 programs of language 'numbers', 2 lines skipped"


def test_sampled_tasks_are_a_corpus_too(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    lines = ['{"program": "x0", "type": "list int -> list int"}', '{"program": "(sort x0)"}', '{"text": 1}', "{", "[]"]
    lines += ['{"program": "(srt x0)"}', '{"program": "x0", "type": "lst -> int"}']
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=r'tasks\.jsonl, line 3: no field "program"'):
        load_programs(path, "lists")
    found = load_programs(path, "lists", on_error="skip")
    assert [f"{p} : {p.type}" for p in found] == ["x0 : list int", "(sort x0) : list int"]
    assert [s.split("line ")[1][0] for s in found.skipped] == ["3", "4", "5", "6", "7"]


def test_a_corpus_knows_its_language(tmp_path: Path) -> None:
    found = load_programs(write(tmp_path, "(neg x0)\n"), LANGUAGE)
    assert corpus(found).language is LANGUAGE
    assert corpus(parsed(LANGUAGE, "0"), LANGUAGE).programs == tuple(parsed(LANGUAGE, "0"))


@pytest.mark.parametrize("text", ["", "# nothing\n\n"])
def test_an_empty_corpus(tmp_path: Path, text: str) -> None:
    with pytest.raises(
        InputError, match=r"corpus\.txt: no programs of language 'numbers'; give one s-expression per line"
    ):
        load_programs(write(tmp_path, text), LANGUAGE)


def test_nothing_but_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no programs .*first of 2 lines that do not parse: .*line 1"):
        load_programs(write(tmp_path, "(neg\n)\n"), LANGUAGE, on_error="skip")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_programs(tmp_path / "none.txt", LANGUAGE)
    path = write(tmp_path, "")
    path.write_bytes(b"x0\n\xff\n")
    with pytest.raises(InputError, match=r"line 2: byte 0xff .* is not UTF-8"):
        load_programs(path, LANGUAGE)
    with pytest.raises(UnknownNameError, match="did you mean lists"):
        load_programs(path, "list")
    with pytest.raises(InputError, match="on_error is 'ignore'; allowed: 'raise', 'skip'"):
        load_programs(path, LANGUAGE, on_error="ignore")
