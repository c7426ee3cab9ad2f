"""``fill`` searches in a process of its own: interrupts, limits, questions about rows, and what a person is told meanwhile."""

from __future__ import annotations

import io
import itertools
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from neurosynth.cli import main
from tests.commands import on_a_terminal

MAIN = [sys.executable, "-c", "from neurosynth.cli import main; main()"]
NAMES = "name,surname\nAda Lovelace,Lovelace\nAlan Turing,Turing\nCarl Friedrich Gauss,\nEmmy Noether,\n"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """A table of names, two of them without a surname."""
    path = tmp_path / "names.csv"
    path.write_text(NAMES, encoding="utf-8")
    return path


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """A column that nothing explains."""
    rows = [f"{i * 7919 % 1009},{i * i * 104729 % 997 if i < 6 else ''}" for i in range(1, 9)]
    path = tmp_path / "hard.csv"
    path.write_text("\n".join(["a,b", *rows]) + "\n", encoding="utf-8")
    return path


def test_an_interrupt_ends_a_fill_and_writes_nothing(hard: Path) -> None:
    target = hard.with_name("filled.csv")
    command = [*MAIN, "fill", str(hard), "--output", "b", "--seconds", "60", "--write", str(target)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not target.exists()


def test_a_terminal_is_told_in_words_what_is_done(names: Path) -> None:
    command = [*MAIN, "fill", str(names), "--output", "surname"]
    status, out, shown = on_a_terminal(command, columns=160)
    assert status == 0
    assert b"surname: reading formats" in shown
    assert b"of 2 rows explained" in shown
    assert b"\x1b" not in out
    times = [float(t) for t in re.findall(rb"explained[^\x1b]*?(\d+\.\d) s of 10", shown)]
    assert all(later - earlier < 1.0 for earlier, later in itertools.pairwise(times) if later > earlier)


def test_an_answer_is_about_a_row_and_says_how_many_cells_it_changed(
    names: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Gauss\n\n"))
    with pytest.raises(SystemExit) as end:
        main(["fill", str(names), "--output", "surname", "--ask", "--json"])
    done = capsys.readouterr()
    assert end.value.code == 0
    assert "Line 4 of" in done.err
    assert "name = 'Carl Friedrich Gauss'" in done.err
    assert re.search(r"The answer changed \d of 1 other cells of 'surname'\.", done.err)
    (column,) = json.loads(done.out)["columns"]
    assert column["solved"]
    assert column["filled"] == 1
