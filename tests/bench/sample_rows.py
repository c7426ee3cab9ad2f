"""Rows of made-up benchmark runs, as a runner would write them: every figure comes from a seed, none from a machine.

    python -m tests.bench.sample_rows 3000 rows.jsonl

writes about so many rows, to look at the report they give.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["NASTY", "SOLVERS", "Solver", "row", "rows_of", "write_rows"]

NASTY = (
    "<script>document.title='owned'</script>",
    "\"quoted\" & 'single'",
    "línea\nnueva 名前 \u2028 ∀",
    "a|b `tick` \\| $x$ \\(y\\)",
    "</details></table><img src=x onerror=alert(1)>",
)
"""Names and texts that a careless page or table would stumble over."""


@dataclass(frozen=True)
class Solver:
    """One configuration and how good it is."""

    solver: str = "neurosynth"
    guide: str | None = "uniform"
    search: str | None = "auto"
    rate: float = 200_000.0
    """Candidates a second."""
    strength: float = 1.0
    """Its candidates are this power of what enumeration needs."""


SOLVERS = (
    Solver(),
    Solver(guide="models/strings.safetensors", rate=60_000.0, strength=0.8),
    Solver(search="bottom-up", strength=1.15),
    Solver(solver="cvc5", guide=None, search=None, rate=900.0, strength=0.75),
)
_SUITES = ("sygus-strings", "sygus-bitvectors", "dreamcoder-lists", "playgol-strings", "circuits")
_WORDS = ("str.++", "str.substr", "x0", "x1", '" "', "str.len", "str.indexof", "0", "1", "ite", "=")
_VERSIONS = {"python": "3.11.7", "neurosynth-pbe": "0.1.0", "numba": "0.68.0", "numpy": "2.4.0"}
_MACHINE = {"cpu": "Example CPU 2.5 GHz", "cores": 2, "system": "Linux"}


def row(suite: str = "strings", task: str = "first", **changes: Any) -> dict[str, Any]:
    """One solved row; ``changes`` replaces fields of it, ``stats`` and ``limits`` field by field."""
    limits = {"seconds": 10.0, "max_memory": 4.0, "max_programs": None, **changes.pop("limits", {})}
    stats = {
        "seconds": 0.5,
        "programs_tried": 1000,
        "programs_per_second": 2000.0,
        "values_kept": 400,
        "peak_memory_mb": 210.0,
        **changes.pop("stats", {}),
    }
    stop = changes.get("stop", "solved")
    guide, search = changes.pop("guide", "uniform"), changes.pop("search", "auto")
    return {
        "schema": 1,
        "suite": suite,
        "task": task,
        "language": "strings",
        "solver": "neurosynth",
        "guide": guide or "",
        "search": search or "",
        "seed": 0,
        "repeat": 0,
        "limits": limits,
        "examples": 4,
        "show": None,
        "stop": stop,
        "reason": "",
        "solved": stop == "solved",
        "programs": [{"text": "(str.len x0)", "size": 2, "logprob": -3.5}] if stop == "solved" else [],
        "held_out": None,
        "stats": stats,
        "wall": stats["seconds"] + 0.05,
        "cpu": stats["seconds"],
        "peak_memory_mb": stats["peak_memory_mb"],
        "closest_share": 1.0 if stop == "solved" else 0.5,
        "versions": _VERSIONS,
        "commit": "0123456789ab",
        "machine": _MACHINE,
        "started": "2026-11-01T12:00:00+00:00",
        "settings": {"guide": guide or "", "search": search or ""},
        **changes,
    }


def rows_of(
    suites: Sequence[str] = _SUITES,
    tasks: int = 40,
    solvers: Sequence[Solver] = SOLVERS,
    seeds: int = 3,
    seed: int = 0,
) -> Iterator[dict[str, Any]]:
    """Rows of every solver on every task of every suite with every seed; the last solver leaves out the last suite."""
    for suite in suites:
        for number in range(tasks):
            own = random.Random(f"{seed} {suite} {number}")
            need = own.lognormvariate(9.5, 3.0)
            for place, solver in enumerate(solvers):
                if place == len(solvers) - 1 > 0 and suite == suites[-1] and len(suites) > 1:
                    continue
                for run in range(seeds):
                    yield _run(suite, f"task-{number:03}", solver, run, need, own)


def _run(suite: str, task: str, solver: Solver, run: int, need: float, own: random.Random) -> dict[str, Any]:
    candidates = need**solver.strength * own.lognormvariate(0.0, 0.5)
    seconds = 0.01 + candidates / solver.rate
    program = " ".join(own.choice(_WORDS) for _ in range(1 + int(own.lognormvariate(2.0, 0.7))))
    common: dict[str, Any] = {"seed": run, "solver": solver.solver, "guide": solver.guide, "search": solver.search}
    if own.random() < 0.01:
        return row(
            suite, task, stop="crashed", reason="the process ended with signal 11", stats={"seconds": 1.2}, **common
        )
    if seconds > 10 or own.random() < 0.03:
        stop = own.choice(("time", "time", "time", "memory", "exhausted"))
        seconds = 10.0 if stop == "time" else min(seconds, 9.0)
        stats = {"seconds": seconds, "programs_tried": int(seconds * solver.rate)}
        return row(suite, task, stop=stop, reason="Time ran out; raise --seconds.", stats=stats, **common)
    size = 1 + program.count(" ")
    chance = math.exp(-size / 40)
    right = sum(own.random() < chance for _ in range(5)) if own.random() > chance else 5
    return row(
        suite,
        task,
        programs=[{"text": f"({program})", "size": size, "logprob": -1.5 * size, "test_accuracy": right / 5}],
        held_out=None if suite == "circuits" else {"examples": 5, "right": right},
        stats={
            "seconds": round(seconds, 4),
            "programs_tried": int(candidates) if solver.solver == "neurosynth" else 0,
            "peak_memory_mb": round(150 + 40 * own.random() + candidates / 2000, 1),
        },
        **common,
    )


def write_rows(path: Path, rows: Sequence[dict[str, Any]] | Iterator[dict[str, Any]]) -> Path:
    """A rows file."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


if __name__ == "__main__":
    write_rows(Path(sys.argv[2]), rows_of(tasks=max(1, int(sys.argv[1]) // (len(_SUITES) * len(SOLVERS) * 3))))
