"""What a process finds around it: variables of the environment, closed or odd inputs, small limits, links and pipes.

None of it ends in a traceback, and where the command can do its work, it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from neurosynth.values.words import text_shape
from tests.commands import status_of

TABLE = "name,s\nAda Lovelace,Ada\nAlan Turing,Alan\nGrace Hopper,\n"
FILLED = TABLE.replace("Hopper,", "Hopper,Grace")
FILL = [sys.executable, "-m", "neurosynth", "fill", "t.csv", "--output", "s", "--seconds", "20", "--write", "out.csv"]

SHELL = {
    # what is put before the command, where one is filled all the same
    "a locale without letters": "LC_ALL=C PYTHONUTF8=0 PYTHONIOENCODING=ascii {}",
    "a locale that there is not": "LC_ALL=xx_YY.UTF-8 LANG=xx {}",
    "a terminal of no width": "COLUMNS=0 LINES=0 {}",
    "a terminal whose width is no number": "COLUMNS=wide TERM=nothing {}",
    "a dumb and narrow terminal": "TERM=dumb COLUMNS=10 {}",
    "a time zone that is no file of one": "TZ=:/etc/passwd {}",
    "a time zone that there is not": "TZ=Nowhere/Bad {}",
    "no home": "HOME= XDG_CACHE_HOME= {}",
    "no folder for temporary files": "TMPDIR=/nonexistent {}",
    "almost no environment": "env -i PATH=/usr/bin {}",
    "no docstrings and assertions": "PYTHONOPTIMIZE=2 {}",
    "warnings that are errors": "PYTHONWARNINGS=error {}",
    "no standard input": "{} <&-",
    "no standard error": "{} 2>&-",
    "few open files": "ulimit -n 24; {}",
    "a small stack": "ulimit -s 512; {}",
    "a table that is a link": "mv t.csv u.csv; ln -s u.csv t.csv; {}",
    "a target that is a link": "ln -s u.csv out.csv; {} && test -L out.csv",
    "a target that is a link to itself": "ln -s out.csv loop.csv; {}",
    "a hundred variables": "env $(seq -f 'V%g=1' 100) {}",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELL.values(), ids=SHELL.keys())
def test_a_table_is_filled_whatever_is_around(tmp_path: Path, shell: str) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    line = shell.format(" ".join(FILL))
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.csv").read_text() == FILLED


def test_a_broken_time_zone_is_named_where_it_matters() -> None:
    """Babel loads the time zone with its names; English needs neither."""
    script = "from neurosynth_dsls.columns.date_format import date_format; date_format('%B'); date_format('[de]%B')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": ":/etc/passwd"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "'de' need Babel, which cannot be loaded: Invalid TZif file" in done.stderr
    assert "set the environment variable TZ to a time zone of this machine" in done.stderr


# --- links, pipes and folders --------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a table, a pipe, links that lead nowhere, and a link to itself."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE)
    os.mkfifo("pipe")
    for name, target in {"loop": "loop", "there": "back", "back": "there", "nowhere": "no/such"}.items():
        Path(name).symlink_to(target)
    return tmp_path


OUTPUT = ["--output", "s", "--seconds", "5"]
REFUSED: dict[str, tuple[list[str], str]] = {
    "a table that is a link to itself": (["fill", "loop", *OUTPUT], "loop: cannot be read: Too many levels of symbolic links"),
    "a table that is a link to nowhere": (["fill", "nowhere", *OUTPUT], "nowhere: no such file"),
    "a table that is a folder": (["fill", ".", *OUTPUT], ".: "),
    "a table that is memory": (["fill", "/proc/self/mem", *OUTPUT], "/proc/self/mem: cannot be read: Input/output error"),
    "a target that is a link to itself": (["fill", "t.csv", *OUTPUT, "--write", "loop"], "loop: cannot be written: Too many levels"),
    "a target of two links in a ring": (["fill", "t.csv", *OUTPUT, "--write", "there"], "there: cannot be written: Too many levels"),
    "a target below a link to nowhere": (["fill", "t.csv", *OUTPUT, "--write", "nowhere/x"], "there is no folder"),
    "a target where nothing can be": (["fill", "t.csv", *OUTPUT, "--write", "/proc/self/no"], "cannot be written: No such file"),
    "a pipe in place": (["fill", "pipe", *OUTPUT, "--in-place"], "pipe: not a regular file, so --in-place cannot overwrite it"),
    "a device in place": (["fill", "/dev/null", *OUTPUT, "--in-place"], "/dev/null: not a regular file, so --in-place cannot overwrite it"),
    "the table by another way": (["fill", "t.csv", *OUTPUT, "--write", "./t.csv"], "this is the table itself; use --in-place to overwrite it"),
    "a task that is a link to itself": (["solve", "loop"], "loop: "),
    "a library that is a link to itself": (["list", "primitives", "--library", "loop"], "loop"),
    "a suite that is a link to itself": (["bench", "run", "loop", "--out", "rows.jsonl"], "loop"),
    "a program that is a link to itself": (["apply", "loop", "t.csv"], "loop: "),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_links_and_pipes_that_lead_nowhere(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert status_of(*arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("neurosynth: ")
    assert message in said
    assert said.count("\n") == 1
    assert (here / "t.csv").read_text() == TABLE


def test_a_table_from_a_pipe(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = threading.Thread(target=lambda: (here / "pipe").write_text(TABLE), daemon=True)
    writer.start()
    assert status_of("fill", "pipe", *OUTPUT, "--write", "out.csv") == 0
    writer.join(10)
    assert (here / "out.csv").read_text() == FILLED
    capsys.readouterr()


# --- long cells ------------------------------------------------------------------------------------------------------------------

LONG = 1_000_000
LONG_TEXTS = {
    "one letter": "x" * LONG,
    "a word and one letter": "Grace " + "x" * LONG,
    "capitals": "X" * LONG,
    "letters of both cases": "xX" * (LONG // 2),
    "digits": "7" * LONG,
    "spaces": " " * LONG,
    "words": "Ada " * (LONG // 4),
    "signs": "-" * LONG,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_the_shape_of_a_long_text_takes_as_long_as_reading_it(text: str) -> None:
    begun = time.thread_time()
    assert len(text_shape(text)) <= len(text)
    assert time.thread_time() - begun < 1


def test_a_table_with_a_cell_of_a_megabyte(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "t.csv").write_text(TABLE.replace("Hopper", "x" * LONG))
    begun = time.monotonic()
    assert status_of("fill", "t.csv", *OUTPUT, "--write", "out.csv") in (0, 1)
    assert time.monotonic() - begun < 60
    assert (here / "out.csv").read_text().startswith(TABLE[:30])
    capsys.readouterr()
