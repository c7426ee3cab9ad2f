"""How exported Python reads: characters, helpers, lint, against what a person would write.

    python benchmarks/bench_readable.py --out readable.jsonl
    python benchmarks/bench_readable.py --show

50 programs of ``columns`` stand in readable_cases.jsonl, each with a hand-written module and rows that both must agree on.  A row a
program is appended to ``--out``: characters of both (blanks and line breaks left out), helpers of both (functions beside the one
that is asked for), and what ``ruff check`` says of the exported module.
"""

from __future__ import annotations

import argparse
import ast
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosynth_dsls.columns import columns

from neurosynth.export.python import PythonExporter
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import STRING

CASES = Path(__file__).with_name("readable_cases.jsonl")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One program."""

    name: str
    exported: str
    written: str
    problems: str
    """What ruff says; empty for nothing."""

    @property
    def characters(self) -> tuple[int, int]:
        """Of the exported and of the hand-written module, blanks and line breaks left out."""
        return _characters(self.exported), _characters(self.written)

    @property
    def helpers(self) -> tuple[int, int]:
        """Functions beside the one that is asked for, of the exported and of the hand-written module."""
        return _functions(self.exported) - 1, _functions(self.written) - 1

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "name": self.name,
            "characters": self.characters[0],
            "characters_written": self.characters[1],
            "helpers": self.helpers[0],
            "helpers_written": self.helpers[1],
            "ruff": self.problems,
        }


def _characters(source: str) -> int:
    return sum(not ch.isspace() for ch in source)


def _functions(source: str) -> int:
    return sum(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(source)))


def measure(case: dict[str, Any]) -> Measured:
    """Export a program, hold it to the hand-written module on all rows, lint it.

    Raises:
        AssertionError: where the two modules differ on a row.
    """
    inputs = [Input(i, STRING, name) for i, name in enumerate(case["inputs"])]
    program = parse_program(case["program"], columns, inputs=inputs, expected=STRING)
    code = PythonExporter().export(program)
    missing = tuple(None for _ in inputs)
    for row in (*case["rows"], missing):
        found, wanted = _run(code, row), _run(case["written"], row)
        assert found == wanted, f"{case['name']} on {row}: exported {found!r}, written {wanted!r}\n{code}"
    lint = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format", "concise", "-"],
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return Measured(
        name=case["name"],
        exported=code,
        written=case["written"],
        problems="" if lint.returncode == 0 else lint.stdout.strip(),
    )


def _run(code: str, row: Sequence[str | None]) -> Any:
    space: dict[str, Any] = {}
    exec(compile(code, "<module>", "exec"), space)
    return space["program"](*row)


def cases() -> list[dict[str, Any]]:
    """The 50 programs."""
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all, print the table."""
    parser = argparse.ArgumentParser(description="How exported Python reads, against what a person would write.")
    parser.add_argument("--out", type=Path, help="file that rows are appended to")
    parser.add_argument("--show", action="store_true", help="print both modules of each program")
    chosen = parser.parse_args(arguments)
    measured = [measure(case) for case in cases()]
    for one in measured:
        ours, theirs = one.characters
        if chosen.show:
            print(f"# {one.name}: {ours} characters against {theirs}\n{one.exported}\n{one.written}")
        if chosen.out:
            with chosen.out.open("a", encoding="utf-8") as out:
                out.write(json.dumps(one.row()) + "\n")
    ratios = [a / b for a, b in (m.characters for m in measured)]
    print(f"programs               {len(measured)}")
    print(
        f"characters, ratio      median {statistics.median(ratios):.2f}, mean {statistics.mean(ratios):.2f}, most {max(ratios):.2f}"
    )
    print(f"helpers                {sum(m.helpers[0] for m in measured)} against {sum(m.helpers[1] for m in measured)}")
    print(f"ruff clean             {sum(not m.problems for m in measured)} of {len(measured)}")


if __name__ == "__main__":
    main()
