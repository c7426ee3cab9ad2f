"""Full disks, closed outputs, folders that cannot be written: a clear line, an exit status, and no row lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from neurosynth.bench.rows import read_rows
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example
from tests.bench.sample_rows import row, write_rows

RUN = "from neurosynth.cli import main; main()"
TASKS = 4


@dataclass(frozen=True)
class Fault:
    """How a command is run, and what must come of it."""

    command: str
    status: int
    said: str = ""
    """A part of stderr."""
    rows: int = TASKS
    """In the file of rows at the end."""
    files: int | None = None
    """Bytes that a file may have at most, as on a disk that is full then."""
    closed: tuple[int, ...] = ()
    full: tuple[int, ...] = ()
    """Descriptors that lead to a full device."""
    piped: bool = False
    """Whether stdout is a pipe that nobody reads."""
    environment: dict[str, str] = field(default_factory=dict)


BENCH = "bench run {suite} --guide uniform --search bottom-up --out {rows}"
FULL = "cannot be written: No space left on device"
FAULTS = {
    "no room for the first row": Fault(BENCH, 2, "rows.jsonl: cannot be written: File too large; it has 0 rows", 0, files=300),
    "no room for the third row": Fault(BENCH, 2, "File too large; it has ", -1, files=3000),
    "rows to a full device": Fault("bench run {suite} --guide uniform --out /dev/full", 2, f"/dev/full: {FULL}; it has 0 rows", 0),
    "stdout full": Fault(BENCH, 2, "standard output cannot be written: No space left on device; all rows are in ", full=(1,)),
    "stdout full, as JSON": Fault(f"{BENCH} --json", 2, "standard output cannot be written", full=(1,)),
    "stdout closed": Fault(BENCH, 0, closed=(1,)),
    "stdout a pipe that nobody reads": Fault(BENCH, 2, "standard output cannot be written: Broken pipe", piped=True),
    "stderr full": Fault(BENCH, 0, full=(2,)),
    "stderr closed": Fault(BENCH, 0, closed=(2,)),
    "all closed": Fault(BENCH, 0, closed=(0, 1, 2)),
    "stdin closed": Fault(BENCH, 0, closed=(0,)),
    "rows where no folder is": Fault("bench run {suite} --out {folder}/none/rows.jsonl", 2, "No such file or directory", 0),
    "rows to a folder": Fault("bench run {suite} --out {folder}", 2, "Is a directory", 0),
    "logs to a file": Fault(f"{BENCH} --logs {{suite}}", 2, "--logs", 0),
    "a live page where no folder is": Fault(f"{BENCH} --page {{folder}}/none/live.html", 2, "--page", 0),
    "no room for the live page": Fault(f"{BENCH} --page {{folder}}/live.html", 2, "live.html: cannot be written: File too large", 0, files=4000),
    "no temporary folder": Fault(BENCH, 0, environment={"TMPDIR": "/none"}),
    "a report without room": Fault("bench report {given} --out {folder}/out", 2, "cannot be written: File too large", 0, files=5000),
    "a report said to a full device": Fault("bench report {given} --out {folder}/out", 2, "the page is ", 0, full=(1,)),
    "a report said to nobody": Fault("bench report {given} --out {folder}/out", 0, "", 0, closed=(1,)),
    "a comparison said to a full device": Fault("bench compare {given} {given}", 2, "standard output cannot be written", 0, full=(1,)),
    "a comparison said to a closed pipe": Fault("bench compare {given} {given}", 2, "Broken pipe; 0 regressions", 0, piped=True),
}  # fmt: skip


def prepared(fault: Fault) -> Callable[[], None]:
    """What happens in the process before the command begins."""

    def prepare() -> None:
        if fault.files is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.files, fault.files))
        for descriptor in fault.full:
            os.dup2(os.open("/dev/full", os.O_WRONLY), descriptor)
        for descriptor in fault.closed:
            os.close(descriptor)

    return prepare


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_outputs_that_cannot_be_written(fault: Fault, tmp_path: Path) -> None:
    suite, rows, given = tmp_path / "sums.jsonl", tmp_path / "rows.jsonl", tmp_path / "given.jsonl"
    write_jsonl(
        suite, [Task([example([j, i, 3], output=j + i + 3) for j in range(4)], f"sum-{i}") for i in range(TASKS)]
    )
    write_rows(given, [row(), row(task="b")])
    command = fault.command.format(suite=suite, rows=rows, given=given, folder=tmp_path).split()
    ours, theirs = os.pipe()
    if fault.piped:
        os.close(ours)
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command],
        stdout=theirs if fault.piped else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **fault.environment},
        preexec_fn=prepared(fault),
    )
    os.close(theirs)
    if not fault.piped:
        os.close(ours)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == fault.status, done.stderr
    assert fault.said in done.stderr
    found = read_rows(rows) if rows.exists() else []
    assert len(found) == fault.rows or (fault.rows < 0 and 0 < len(found) < TASKS)
    if fault.rows < 0:
        again = BENCH.format(suite=suite, rows=rows).split()
        assert subprocess.run([sys.executable, "-c", RUN, *again, "--resume"], capture_output=True).returncode == 0
        assert [r.task for r in read_rows(rows)] == [f"sum-{i}" for i in range(TASKS)]
