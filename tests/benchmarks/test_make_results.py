"""The script that fills tables into Markdown files: what is between marks, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.make_results import ROOT, main
from tests.bench.sample_rows import row, write_rows

TEXT = """# Results

Kept.

<!-- results:suites suite=strings -->
old
<!-- /results -->

Kept, too.

<!-- results:setting limits.seconds=60 --><!-- /results -->
"""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two suites of different limits."""
    return write_rows(tmp_path / "rows.jsonl", [row(), row(suite="circuits", limits={"seconds": 60.0})])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two marks."""
    path = tmp_path / "RESULTS.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_what_stands_between_marks_is_made_anew(rows: Path, file: Path) -> None:
    assert main([str(rows), "--into", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert "old" not in text
    assert "| strings | 1 | 1 | 100 % |" in text
    assert "circuits" not in text
    assert "- Limits: 60 s, 4 GB a task\n" in text
    marks = re.split(r"<!-- .*? -->", text)
    assert [marks[0], marks[2], marks[4]] == ["# Results\n\nKept.\n\n", "\n\nKept, too.\n\n", "\n"]


def test_the_documents_say_what_the_rows_say() -> None:
    assert main([str(ROOT / "benchmarks" / "rows" / "suites.jsonl.gz"), "--check"]) == 0


def test_a_second_time_changes_nothing(rows: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(rows), "--into", str(file)]) == 0
    first = file.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main([str(rows), "--into", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert file.read_text(encoding="utf-8") == first


def test_a_check_writes_nothing_and_says_what_differs(
    rows: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(rows), "--into", str(file), "--check"]) == 1
    assert capsys.readouterr().out == f"{file}: differs from what the rows give\n"
    assert file.read_text(encoding="utf-8") == TEXT
    main([str(rows), "--into", str(file)])
    assert main([str(rows), "--into", str(file), "--check"]) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", r"RESULTS.md: nothing to fill; mark a place with <!-- results:suites --> and <!-- /results -->"),
        ("\n<!-- results:suites -->", "RESULTS.md, line 2: <!-- results:suites --> is not closed"),
        ("<!-- /results -->", "line 1: <!-- /results --> closes nothing"),
        ("<!-- results:suites -->\n<!-- results:pairs -->", "line 2: <!-- results:pairs --> stands inside another"),
        ("<!-- results:suits --><!-- /results -->", "line 1: <!-- results:suits -->: unknown section 'suits'"),
        ("<!-- results --><!-- /results -->", "line 1: <!-- results --> names no section"),
        ("<!-- results:suites suite=x --><!-- /results -->", "no row has suite=x; suite is: strings, circuits"),
        ("<!-- results:suites 'suite=x --><!-- /results -->", "No closing quotation"),
    ],
)
def test_marks_that_make_no_sense(
    text: str, message: str, rows: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, encoding="utf-8")
    assert main([str(rows), "--into", str(file)]) == 2
    assert message in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == text


def test_one_bad_file_leaves_all_files_as_they_are(rows: Path, file: Path, tmp_path: Path) -> None:
    assert main([str(rows), "--into", str(file), str(tmp_path / "absent.md")]) == 2
    assert file.read_text(encoding="utf-8") == TEXT


def test_rows_that_cannot_be_compared_are_refused_where_they_are_wanted(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [row(), row(task="b", limits={"seconds": 60.0})])
    assert main([str(rows), "--into", str(file)]) == 2
    assert "RESULTS.md, line 5" in (said := capsys.readouterr().err)
    assert "different limits" in said
