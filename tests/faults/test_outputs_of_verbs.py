"""Standard output that is closed, full or read by nobody, for every verb that prints: a status that says so, no traceback."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.table_cases import EXAMPLES, saved_programs

MAIN = f"'{sys.executable}' -c 'from neurosynth.cli import main; main()'"
VERBS = {
    "solve": f"solve '{EXAMPLES / 'sum.json'}'",
    "solve as JSON": f"solve '{EXAMPLES / 'sum.json'}' --json",
    "list": "list primitives --language lists",
    "parse": "parse '(sum x0)' --language lists",
    "run": "run '(sum x0)' --language lists --input '[1]'",
    "help": "--help",
    "fill": f"fill '{EXAMPLES / 'names.csv'}' --output initials --write -",
    "apply": "apply {program} {table}",
    "export": "export {program} --to python",
}
ENDS = {
    # what stdout is, the statuses that may be, and whether something is said on stderr
    "closed": (">&-", {74}, True),
    "full": ("> /dev/full", {74}, True),
    "a pipe that nobody reads": ("| true", {0, 141}, False),
    "a pipe that is read in part": ("| head -c 1 > /dev/null", {0, 141}, False),
}
QUICK = {("solve", "closed"), ("solve", "full"), ("list", "a pipe that is read in part"), ("fill", "full")}


@pytest.mark.parametrize(
    ("verb", "end"),
    [pytest.param(*both, marks=[] if both in QUICK else pytest.mark.slow) for both in itertools.product(VERBS, ENDS)],
)
def test_the_status_says_that_the_output_went_nowhere(verb: str, end: str, tmp_path: Path) -> None:
    places = {}
    if "{" in VERBS[verb]:
        for name, text in zip(("program", "table"), saved_programs()[0], strict=True):
            (tmp_path / name).write_text(text)
            places[name] = str(tmp_path / name)
    stdout, statuses, said = ENDS[end]
    script = f"{MAIN} {VERBS[verb].format(**places)} {stdout}; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode in statuses, done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stderr.startswith("neurosynth: ") or not said, done
