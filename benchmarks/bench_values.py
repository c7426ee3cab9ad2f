"""Value guides compared: mean squared error of bits to go, a classifier of parts, and an edit distance; with and without signatures.

    python benchmarks/bench_values.py --language lists --seconds 60 [--out rows.jsonl]

Each model learns for ``--seconds`` of processor time from the same sampled tasks: values of parts of a task's program, and of
parts of other tasks' programs on its inputs.  On tasks held out, values of both sorts are judged:

- AUC: how often a part is preferred to another value of the same task (0.5 is chance);
- first: tasks whose most preferred value is a part; bits: root of the mean squared error of bits to go (of regression alone);
- values judged a millisecond, signatures included, on one core, without torch;
- search: plain bottom-up enumeration of programs without lambdas, in which a value's cost is raised by 0, 1 or 2 by its third among
  the values of its level (BUSTLE): tasks solved within ``--most`` candidates, and the median ratio of candidates to enumeration as it is,
  on the tasks that both solve;
- turn: the same of the search ``bottom-up`` itself, compiled loops and lambdas included, in which the guide has its turn: tasks of
  four to seven operations, solved within ``--turn-most`` candidates and ten seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts
from neurosynth.engine.store.splits import splits
from neurosynth.errors import InputError
from neurosynth.guides.base import ValueGuide
from neurosynth.guides.edit_distance import EditDistance
from neurosynth.guides.kinds import build_guide, guide_file, neural_kind
from neurosynth.guides.value_samples import JudgedValue, judged_values
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive, Undefined
from neurosynth.language.program import Constant, Input, Lambda, Program
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task
from neurosynth.training.datasets import program_of
from neurosynth.training.sampling import sample_tasks
from neurosynth.values.types import Arrow

MODELS = {
    "mse, values": {"loss": "mse", "signatures": False},
    "mse, signatures": {"loss": "mse", "signatures": True},
    "bce, values": {"loss": "bce", "signatures": False},
    "bce, signatures": {"loss": "bce", "signatures": True},
}
Pair = tuple[Task, Program]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    language: str = "lists"
    count: int = 4000
    """Tasks learned from."""
    heldout: int = 200
    """Tasks on which values are judged."""
    searched: int = 60
    """Tasks searched, programs without lambdas."""
    most: int = 100_000
    """Candidates of a search."""
    turns: int = 20
    """Tasks that ``bottom-up`` searches with the guide's turn; 0: none."""
    turn_most: int = 2_000_000
    """Candidates of those."""
    seconds: float = 60.0
    """Processor time of each training."""
    batch_size: int = 24
    """Tasks of a step: their programs' parts are each other's wrong values."""
    learning_rate: float = 3e-3
    wrong: int = 8
    """Wrong values for each part, when judged."""
    seed: int = 31_000


def sampled(language: Language, count: int, sizes: tuple[int, int], seed: int) -> list[Pair]:
    """Tasks with their programs."""
    tasks = sample_tasks(language, count=count, seed=seed, sizes=sizes, examples=(3, 6), workers=1)
    return [(task, program_of(task, language)) for task in tasks]


def trained(parts: dict[str, Any], pairs: Sequence[Pair], language: Language, settings: Settings) -> tuple[Any, int]:
    """A model learned for so many seconds of processor time, run without torch; and the steps that were."""
    import torch

    guide: Any = build_guide("value", language, {"dropout": 0.0, **parts}, 0)
    module = guide.module.train()
    optimizer = torch.optim.AdamW(module.parameters(), lr=settings.learning_rate)
    rng, begun, steps = np.random.default_rng(0), time.process_time(), 0
    by_type: dict[str, list[Pair]] = {}
    for task, program in pairs:
        by_type.setdefault(str(task.parameters), []).append((task, program))
    groups = [g for g in by_type.values() if len(g) >= settings.batch_size]
    weights = np.array([len(g) for g in groups], dtype=float)
    while (used := (time.process_time() - begun) / settings.seconds) < 1:
        group = groups[int(rng.choice(len(groups), p=weights / weights.sum()))]
        chosen = rng.choice(len(group), settings.batch_size, replace=False).tolist()
        batch = guide.collate([group[i] for i in chosen])
        if not len(batch.bits):
            continue
        for entry in optimizer.param_groups:
            entry["lr"] = settings.learning_rate * (1 - used) * min(1.0, (steps + 1) / 30)
        loss = module(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        steps += 1
    module.eval()
    kind = neural_kind("value")
    return kind.load(guide_file(guide), language), steps


def judged(guide: ValueGuide, values: Sequence[tuple[Task, list[JudgedValue]]], regression: bool) -> dict[str, float]:
    """How well values are told apart."""
    areas, firsts, errors, count = [], [], [], 0
    begun = time.process_time()
    for task, own in values:
        bits = guide.bits(task, [(v.type, v.values) for v in own])
        count += len(own)
        part = np.array([v.part for v in own])
        below = bits[part][:, None] - bits[~part][None, :]
        areas.append(float((below < 0).mean() + 0.5 * (below == 0).mean()))
        firsts.append(bool(part[int(bits.argmin())]))
        errors += [(b - v.bits) ** 2 for b, v in zip(bits.tolist(), own, strict=True)]
    seconds = time.process_time() - begun
    row = {"auc": round(statistics.mean(areas), 4), "first": round(statistics.mean(firsts), 4),
           "values_a_ms": round(count / seconds / 1000, 2)}  # fmt: skip
    return {**row, **({"bits": round(statistics.mean(errors) ** 0.5, 2)} if regression else {})}


# Search


class Search:
    """Bottom-up enumeration of programs without lambdas, the cost of a value raised by what a guide thinks of it."""

    def __init__(self, grammar: Grammar, task: Task, guide: ValueGuide | None) -> None:
        self.grammar, self.task, self.guide = grammar, task, guide
        self.evaluator = Evaluator(Budget(steps=200_000, size=200, bits=62))
        self.inputs = [e.inputs for e in task.examples]
        self.goal = tuple(e.output for e in task.examples)
        self.banks: dict[Nonterminal, dict[int, list[Any]]] = {n: {} for n in grammar.nonterminals}
        self.seen: dict[Nonterminal, set[Any]] = {n: set() for n in grammar.nonterminals}
        self.productions = [p for p in grammar.productions if not p.target.scope and self._usable(p)]
        self.tried = 0

    @staticmethod
    def _usable(production: Production) -> bool:
        head = production.head
        if isinstance(head, Primitive):
            return not head.lazy and not any(a.scope or isinstance(a.type, Arrow) for a in production.arguments)
        return isinstance(head, (Input, Constant))

    def run(self, most: int) -> int | None:
        """Candidates until the goal was met, or None."""
        for cost in range(1, 40):
            new: dict[Nonterminal, list[Any]] = {}
            for production in self.productions:
                for column in self._columns(production, cost):
                    self.tried += 1
                    if self.tried > most:
                        return None
                    if column is None or column in self.seen[production.target]:
                        continue
                    if production.target == self.grammar.start and column == self.goal:
                        return self.tried
                    self.seen[production.target].add(column)
                    new.setdefault(production.target, []).append(column)
            self._store(new, cost)
        return None

    def _columns(self, production: Production, cost: int) -> Iterator[Any]:
        head = production.head
        if not production.arguments:
            if production.cost == cost:
                if isinstance(head, Input):
                    yield tuple(row[head.index] for row in self.inputs)
                elif isinstance(head, Constant):
                    yield (head.value,) * len(self.inputs)
                else:
                    yield self._applied(head, [()] * len(self.inputs))
            return
        banks = [self.banks[a] for a in production.arguments]
        for split in splits(cost - production.cost, [sorted(c for c, b in bank.items() if b) for bank in banks]):
            for parts in product(*(bank[c] for bank, c in zip(banks, split, strict=True))):
                yield self._applied(head, list(zip(*parts, strict=True)))

    def _applied(self, head: Any, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
        call = self.evaluator.caller(head)
        self.evaluator.reset()
        try:
            return tuple([call(*row) for row in rows])
        except Undefined:
            return None

    def _store(self, new: dict[Nonterminal, list[Any]], cost: int) -> None:
        values = [(n, column) for n, columns in new.items() for column in columns]
        raised = [0] * len(values)
        if self.guide is not None and len(values) > 2:
            bits = self.guide.bits(self.task, [(n.type, column) for n, column in values])  # type: ignore[misc]
            order = np.argsort(np.argsort(bits, kind="stable"), kind="stable")
            raised = (3 * order // len(values)).tolist()
        for (n, column), more in zip(values, raised, strict=True):
            self.banks[n].setdefault(cost + more, []).append(column)


def searched(guide: ValueGuide | None, pairs: Sequence[Pair], language: Language, most: int) -> list[int | None]:
    """Candidates of each task until it was solved, or None."""
    return [Search(task_grammar(task, language), task, guide).run(most) for task, _ in pairs]


def turned(guide: ValueGuide | None, tasks: Sequence[Task], language: Language, most: int) -> list[int | None]:
    """Candidates of each task until ``bottom-up`` solved it, the guide having its turn, or None."""
    limits = Limits(seconds=10, max_programs=most)
    results = [
        synthesize(task, language, guide=guide or "uniform", search="bottom-up", limits=limits) for task in tasks
    ]
    return [r.stats.first_solved if r.solved else None for r in results]


def against(counts: Sequence[int | None], base: Sequence[int | None]) -> tuple[int, float]:
    """Tasks solved, and the median ratio of candidates to those without a guide where both solve."""
    ratios = [a / b for a, b in zip(counts, base, strict=True) if a is not None and b is not None]
    return sum(c is not None for c in counts), statistics.median(ratios) if ratios else math.nan


def main() -> None:
    """Train, judge, search and print; rows are appended as they come."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    out = given.pop("out")
    settings = Settings(**given)
    import torch

    torch.set_num_threads(1)
    language = load_language(settings.language)
    record = Record(out, facts(settings.seed, json.loads(json.dumps(asdict(settings)))))
    pairs = sampled(language, settings.count, (2, 6), settings.seed)
    heldout = sampled(language, 3 * settings.heldout, (3, 6), settings.seed + 1)
    by_type = sorted(heldout, key=lambda pair: str(pair[0].parameters))
    values = [
        (task, own)
        for (task, _), own in zip(by_type, judged_values(by_type, language, settings.wrong), strict=True)
        if any(v.part for v in own) and sum(not v.part for v in own) >= 4
    ][:: max(1, len(by_type) // (2 * settings.heldout))][: settings.heldout]
    small = sampled(language, 6 * settings.searched, (2, 4), settings.seed + 2)
    plain = [(t, p) for t, p in small if not any(isinstance(x, Lambda) for x in p.subprograms())][: settings.searched]
    if not values or not plain:
        raise InputError(f"language {language.name!r}: too few tasks for a comparison; raise --heldout and --searched")
    print(f"{len(pairs):,} tasks learned from, values of {len(values)} tasks judged, {len(plain)} tasks searched")
    hard = [t for t, _ in sampled(language, settings.turns, (4, 7), settings.seed + 3)] if settings.turns else []
    print(f"{'guide':20} {'AUC':>7} {'first':>7} {'bits':>7} {'a ms':>7} {'steps':>6} {'solved':>7} {'candidates':>11} "
          f"{'turn':>6} {'candidates':>11}")  # fmt: skip
    base = searched(None, plain, language, settings.most)
    turn_base = turned(None, hard, language, settings.turn_most)
    print(f"{'none':20} {'':7} {'':7} {'':7} {'':7} {'':6} {sum(c is not None for c in base):7} {1:11.2f} "
          f"{sum(c is not None for c in turn_base):6} {1:11.2f}", flush=True)  # fmt: skip
    for name, parts in (("edit distance", None), *MODELS.items()):
        guide, steps = (EditDistance(), 0) if parts is None else trained(dict(parts), pairs, language, settings)
        row = judged(guide, values, name.startswith("mse"))
        solved, ratio = against(searched(guide, plain, language, settings.most), base)
        turns, turn_ratio = against(turned(guide, hard, language, settings.turn_most), turn_base)
        record(
            "values",
            guide=name,
            language=language.name,
            steps=steps,
            solved=solved,
            of=len(plain),
            candidates=ratio,
            turns=turns,
            turn_candidates=turn_ratio,
            **row,
        )
        print(f"{name:20} {row['auc']:7.3f} {row['first']:7.3f} {row.get('bits', float('nan')):7.2f} {row['values_a_ms']:7.2f} "
              f"{steps:6} {solved:7} {ratio:11.2f} {turns:6} {turn_ratio:11.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
