"""Rows: what is written reads back; what is not a row is said; a torn line costs that line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.bench.rows import FAILED, STOPS, HeldOut, Key, Row, RowFile, read_rows
from neurosynth.errors import InputError
from neurosynth.search.base import Limits

texts = st.text(max_size=12)
shares = st.floats(0, 1e6, allow_nan=False)
values = st.one_of(texts, st.integers(), st.booleans(), st.none(), st.lists(st.integers(), max_size=3))
rows = st.builds(
    Row,
    suite=texts, task=texts, language=texts, solver=texts, guide=texts, search=texts,
    settings=st.fixed_dictionaries({"guide": texts, "search": texts}),
    seed=st.integers(), repeat=st.integers(0, 9),
    limits=st.builds(
        Limits,
        seconds=st.floats(0.1, 1e4), max_memory=st.floats(0.1, 100), max_programs=st.none() | st.integers(1, 10**12),
    ),
    examples=st.integers(1, 9), show=st.none() | st.integers(1, 9),
    stop=st.sampled_from(STOPS), reason=texts, solved=st.booleans(),
    programs=st.lists(st.dictionaries(texts, values, max_size=2), max_size=2).map(tuple),
    held_out=st.none() | st.builds(HeldOut, examples=st.integers(0, 9), right=st.integers(0, 9)),
    stats=st.dictionaries(texts, shares, max_size=2), wall=shares, cpu=shares, peak_memory_mb=shares, closest_share=shares,
    versions=st.dictionaries(texts, texts, max_size=2), commit=st.none() | texts,
    machine=st.dictionaries(texts, values, max_size=2), started=texts,
    extra=st.dictionaries(st.sampled_from(["confidence", "mine"]), values, max_size=2),
)  # fmt: skip


@given(rows)
def test_what_is_written_reads_back(row: Row) -> None:
    assert Row.from_json(json.loads(json.dumps(row.to_json()))) == row


def plain(task: str = "first", **changes: Any) -> Row:
    """A row."""
    given: dict[str, Any] = {
        "suite": "strings", "task": task, "language": "strings", "solver": "neurosynth", "guide": "uniform",
        "search": "auto", "settings": {"guide": "auto", "search": "auto"}, "seed": 3, "repeat": 1,
        "limits": Limits(seconds=5), "examples": 4, "show": None, "stop": "solved", "solved": True,
        "programs": ({"text": "x0"},), "stats": {"seconds": 0.5, "programs_tried": 7}, "wall": 0.6, "cpu": 0.5,
        "peak_memory_mb": 70.0, "versions": {"python": "3.11"}, "commit": None, "machine": {"cores": 2}, "started": "now",
    }  # fmt: skip
    return Row(**{**given, **changes})


def test_a_row_goes_by_what_was_asked_for() -> None:
    assert plain().key == Key("strings", "first", "neurosynth", "strings", "auto", "auto", 3, 1)


@pytest.mark.parametrize("stop", STOPS)
def test_rows_that_failed_say_nothing_about_the_task(stop: str) -> None:
    assert plain(stop=stop).failed == (stop in FAILED)


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda row: row.pop(name)


def with_(**fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda row: row.update(fields)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("stop"), r"^row: no field 'stop'; fields there: schema, suite.*started$"),
        (without("search"), r"no field 'search'"),
        (with_(schema=2), r"^row: schema 2; allowed: 1, what 'neurosynth bench run' writes$"),
        (with_(wall="long"), r'^row: wall is "long"; allowed: a number$'),
        (with_(seed=True), r"^row: seed is true; allowed: an integer$"),
        (with_(show="all"), r'^row: show is "all"; allowed: an integer or null$'),
        (with_(stop="tired"), r"^row: stop is 'tired'; allowed: solved, exhausted, time.*wrong$"),
        (with_(settings={"guide": "auto"}), r"^row: settings\.search is null; allowed: a string$"),
        (with_(limits={"seconds": 0, "max_memory": 1}), r"^row: limits: seconds is 0; allowed: a positive number$"),
        (with_(limits={"seconds": 1}), r"^row: limits\.max_memory is null; allowed: a number$"),
        (with_(held_out={"examples": 3}), r"^row: held_out\.right is null; allowed: an integer$"),
        (with_(programs=["x0"]), r'^row: programs is "x0"; allowed: an object$'),
    ],
)
def test_what_is_no_row_is_said(change: Callable[[dict[str, Any]], object], message: str) -> None:
    value = plain().to_json()
    change(value)
    with pytest.raises(InputError, match=message):
        Row.from_json(value)


def test_what_is_no_object_is_said() -> None:
    with pytest.raises(InputError, match=r"^row: not an object; a row is an object with the fields suite, task"):
        Row.from_json([1])


# --- files -----------------------------------------------------------------------------------------------------------


def refuse(message: str) -> None:
    """For files that are whole."""
    raise AssertionError(message)


def written(path: Path, *added: Row) -> Path:
    """A file of rows."""
    with RowFile(path, resume=False, on_torn=refuse) as file:
        for row in added:
            file.append(row)
    return path


def test_a_file_has_a_line_a_row_in_order(tmp_path: Path) -> None:
    two = [plain("first"), plain("second \u2028 line", reason="\udcff")]
    path = written(tmp_path / "rows.jsonl", *two)
    assert read_rows(path) == two
    assert path.read_bytes().count(b"\n") == 2


def test_a_compressed_file_is_read_and_not_appended_to(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", plain("first"), plain("second"))
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_rows(packed) == read_rows(path)
    with pytest.raises(InputError, match=r"rows\.jsonl\.gz: compressed; rows are appended to plain files: unpack it"):
        RowFile(packed, resume=True, on_torn=refuse)
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"rows\.jsonl\.gz: the compressed file is damaged: "):
        read_rows(packed)


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_torn_last_line_is_cut_off_and_said(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "rows.jsonl", plain("first"), plain("zweite Größe"))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(InputError, match=r"rows\.jsonl: the last line is torn after \d+ bytes.*--resume"):
        read_rows(path)
    said: list[str] = []
    with RowFile(path, resume=True, on_torn=said.append) as file:
        assert [row.task for row in file.rows] == ["first"]
        file.append(plain("third"))
    assert len(said) == 1
    assert [row.task for row in read_rows(path)] == ["first", "third"]


def test_a_file_with_rows_is_not_written_over(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", plain())
    with pytest.raises(InputError, match=r"already has rows; continue the run \(--resume\), or give another --out$"):
        RowFile(path, resume=False, on_torn=refuse)


def test_two_runs_do_not_write_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with (
        RowFile(path, resume=False, on_torn=refuse),
        pytest.raises(InputError, match="another run is writing to it; wait for it, or give another --out"),
    ):
        RowFile(path, resume=True, on_torn=refuse)
    RowFile(path, resume=True, on_torn=refuse).close()


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", plain())
    path.write_bytes(path.read_bytes() + b"{oh}\n")
    with pytest.raises(InputError, match=r"rows\.jsonl, line 2: invalid JSON"):
        read_rows(path)


def test_a_file_that_is_not_there_is_said_with_the_name_near(tmp_path: Path) -> None:
    written(tmp_path / "rows.jsonl", plain())
    with pytest.raises(InputError, match=r"row\.jsonl: no such file; did you mean rows\.jsonl\?"):
        read_rows(tmp_path / "row.jsonl")
    with pytest.raises(InputError, match=r"rows\.jsonl: cannot be written: No such file or directory"):
        RowFile(tmp_path / "none" / "rows.jsonl", resume=False, on_torn=refuse)
