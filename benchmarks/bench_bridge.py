"""The bridge taken apart: candidates until solved by its width, smoothing, strength, prior and highest cost.

    python benchmarks/bench_bridge.py --tasks ../shared/tasks --guide lists-lstm --out bridge.jsonl

Bottom-up enumeration of tasks spread over the list suites, stopped after ``--programs`` candidates: only counts are compared,
so a busy machine changes nothing.  ``score`` is the mean base-10 logarithm of the candidates until solved, three times the
limit where not solved: lower is better.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from neurosynth.guide_resolution import with_constants
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.costs import production_costs
from neurosynth.guides.pcfg import CountedRules
from neurosynth.guides.trained import find_guide
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.load import load_language
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks import Task, load_tasks
from neurosynth.tasks.grammar import task_grammar

SUITES = {"deepcoder-exedec": 16, "lambdabeam-lists": 16, "deepcoder-neo": 8, "dreamcoder-lists": 8}
"""Tasks of each, evenly spread."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One setting of the bridge."""

    width: int = 128
    smoothing: float = 3.0
    strength: float = 10.0
    highest: int = 6
    contextual: bool = False
    counted: bool = True
    """Whether it smooths towards the counts that come with the language."""

    def __str__(self) -> str:
        default = Variant()
        changed = [f"{k} {v}" for k, v in asdict(self).items() if v != getattr(default, k)]
        return ", ".join(changed) or "as shipped"


VARIANTS = (
    Variant(),
    *(Variant(width=w) for w in (1, 8, 32, 512)),
    *(Variant(smoothing=s) for s in (0.3, 1.0, 10.0)),
    *(Variant(strength=s) for s in (3.0, 30.0)),
    *(Variant(highest=h) for h in (2, 4, 12, 24)),
    Variant(counted=False),
    Variant(contextual=True),
)


def costs(variant: Variant, guide: SequenceGuide, prior: RuleGuide) -> Callable[[Task, Grammar], Grammar]:
    """What gives a task's grammar the bridge's costs."""
    bridge = Bridge(
        guide,
        width=variant.width,
        smoothing=variant.smoothing,
        strength=variant.strength,
        contextual=variant.contextual,
        prior=prior if variant.counted else Uniform(),
    )
    return lambda task, grammar: production_costs(bridge.predict(task, grammar), highest=variant.highest)


def counted(task: Task, grammar: Grammar, programs: int) -> int | None:
    """Candidates until solved by enumeration, or None."""
    limits = Limits(seconds=600, max_programs=programs)
    outcome = BottomUp().run(SearchRequest(task=task, grammar=grammar, limits=limits))
    return max(1, outcome.stats.first_solved or 0) if outcome.programs else None


def summary(name: str, found: Sequence[int | None], base: Sequence[int | None], programs: int) -> dict[str, object]:
    """One row; ``base`` is what the uniform guide needed."""
    ratios = [b / f for b, f in zip(base, found, strict=True) if b and f]
    return {
        "variant": name,
        "tasks": len(found),
        "solved": sum(f is not None for f in found),
        "lost": sum(b is not None and f is None for b, f in zip(base, found, strict=True)),
        "median_ratio": round(statistics.median(ratios), 2) if ratios else None,
        "score": round(statistics.mean(math.log10(f or 3 * programs) for f in found), 3),
        "programs": programs,
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "tasks")
    parser.add_argument("--guide", default="lists-lstm")
    parser.add_argument("--programs", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    language = load_language("lists")
    guide, prior = find_guide(args.guide, language), find_guide("lists-bigram-pcfg", language)
    assert isinstance(guide, SequenceGuide)
    assert isinstance(prior, CountedRules)
    tasks: list[tuple[Task, Grammar]] = []
    for suite, count in SUITES.items():
        every = list(load_tasks(args.tasks / f"{suite}.jsonl"))
        for i in range(count):
            task = every[(2 * i + 1) * len(every) // (2 * count)]
            grammar = task_grammar(task, language)
            tasks.append((with_constants(task, language, grammar), grammar))
    base = [counted(task, grammar, args.programs) for task, grammar in tasks]
    rows = [summary("uniform", base, base, args.programs)]
    print(rows[0], flush=True)
    for variant in VARIANTS:
        make = costs(variant, guide, prior.flat)
        found = [counted(task, make(task, grammar), args.programs) for task, grammar in tasks]
        rows.append(summary(str(variant), found, base, args.programs))
        print(rows[-1], flush=True)
        with args.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**rows[-1], "guide": args.guide}) + "\n")


if __name__ == "__main__":
    main()
