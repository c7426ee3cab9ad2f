"""Fits the confidence that ships: two logistic regressions, of answers and of cells, into neurosynth/ranking/confidence.json.

    python benchmarks/fit_trust.py trust.jsonl [--tasks ../shared/tasks] [--out neurosynth/ranking/confidence.json]

``trust.jsonl`` is what collect_trust.py wrote.  Features are made anew from the programs in it, by the code that ships, so that a
change of features or of ranking needs no other search."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.collect_trust import JUDGED, read  # found by the line above
from benchmarks.trust_tasks import HELD, MEASURED, NONSENSE, ROOT, TrustTask, trust_tasks
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.usual import usual_functions
from neurosynth.ranking.agreement import Ranking, read_inputs
from neurosynth.ranking.cells import CELL_FEATURES, CellFeatures
from neurosynth.ranking.confidence import EXAMPLES, ConfidenceModel, Logistic, Weight
from neurosynth.ranking.evidence import Evidence, features
from neurosynth.ranking.near_parts import near_part
from neurosynth.ranking.relatives import rank_with_relatives
from neurosynth.synthesize import chosen_language
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.task import Task

Array = npt.NDArray[np.float64]
PENALTY = 20.0
"""Strength of half the sum of squared weights, against the sum of log likelihoods: from 10 to 40 the loss over folds is the same."""
FOLDS = 10
CUT = 0.01
"""Share of the values of a feature at either end that are cut to the next."""
BESIDES, NONSENSICAL = 0.5, 2.0
"""Weights of answers to suites that are not among the measured ones, mostly the same columns again, and of answers to nonsense, which must not
be sure."""
CELLS = 8
"""Cells of an answer that the model of cells is fitted on."""
DIGITS = 6
"""Of the numbers of rows that are kept."""
PROGRAMS = 8
"""Programs that have a say on a cell: as many as ``fill`` compares."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer of known outcome."""

    key: str
    suite: str
    family: str
    right: bool
    known: bool
    """Whether any program found is right."""
    stated: float
    """The confidence that was stated when it was found."""
    numbers: dict[str, float]
    cells: Sequence[tuple[dict[str, float], bool]] = ()
    """Of some cells the numbers, without the answer's own confidence, and whether each is right."""
    rank: int = 0
    """Place of the first right program; -1 for none."""

    def to_json(self) -> dict[str, Any]:
        """A row that has all that is fitted, and none of the texts of a task."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        numbers = {n: round(v, DIGITS) for n, v in self.numbers.items()}
        cells = [[*(round(c[n], DIGITS) for n in CELL_FEATURES if n != "answer"), right] for c, right in self.cells]
        return row | {"numbers": numbers, "cells": cells}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Answer:
        """From what :meth:`to_json` gives."""
        names = [n for n in CELL_FEATURES if n != "answer"]
        cells = tuple((dict(zip(names, some, strict=True)), bool(right)) for *some, right in row["cells"])
        return cls(**{**row, "cells": cells})


# --- from rows to answers ---------------------------------------------------------------------------------------------


def answers(rows: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[Answer]:
    """Answers of rows that have programs, or that were kept; tasks that are gone or have changed are left out."""
    tasks: dict[str, dict[str, TrustTask]] = {}
    for row in rows:
        if "numbers" in row:
            yield Answer.from_json(row)
            continue
        if not row["programs"]:
            continue
        suite = row["suite"]
        if suite not in tasks:
            tasks[suite] = {t.key: t for t in trust_tasks(folder, suite)}
        found = tasks[suite].get(row["key"])
        # a row of another number of judged examples, or of other examples, is of a task that has changed since
        if found is not None and len(row["programs"][0]["right_rows"]) == min(JUDGED, len(found.task.test_examples)):
            evidence, right = evidence_of(row, found.task)
            if share_right(evidence.programs[0], found.task.examples) == 1.0:
                yield judged(row, found, evidence, right)


def judged(
    row: Mapping[str, Any], wanted: TrustTask, evidence: Evidence, right: Mapping[Program, tuple[bool, str]]
) -> Answer:
    """The answer that the ranking as it is now picks of the programs found, which :func:`evidence_of` reads."""
    ranking = rank_with_relatives(
        wanted.task,
        evidence.programs,
        guide_proposed=evidence.guide_proposed,
        bits=evidence.bits,
        usual=usual_functions(chosen_language(wanted.task, None), either_order=True),
    )
    evidence = replace(evidence, near=evidence.near or near_part(wanted.task, ranking.programs[0]))
    order = [right[p][0] for p in ranking.programs if p in right]  # relatives were not judged
    return Answer(
        key=wanted.key,
        suite=wanted.suite,
        family=wanted.family,
        right=order[0],
        known=any(r for r, _ in right.values()),
        stated=row["stated"],
        numbers=features(evidence, ranking),
        cells=tuple(_cells(wanted.task, ranking, right[ranking.programs[0]][1])),
        rank=order.index(True) if True in order else -1,
    )


def evidence_of(row: Mapping[str, Any], task: Task) -> tuple[Evidence, dict[Program, tuple[bool, str]]]:
    """What the search of a row left behind, and of each program whether it is right on all that was not shown, and where."""
    language = _language(task)
    read_in: dict[Program, Mapping[str, Any]] = {}
    for p in sorted(row["programs"], key=lambda p: int(p["found"])):
        program = parse_program(p["text"], language, inputs=task.inputs, request=task.type, constants=task.constants)
        read_in[program] = p
    programs = tuple(read_in)
    evidence = Evidence(
        task=task,
        programs=programs,
        bits={p: r["bits"] for p, r in read_in.items() if "bits" in r},
        sources={p: r["source"] for p, r in read_in.items()},
        suspects=frozenset(p for p, r in read_in.items() if r.get("suspect")),
        guide_proposed=frozenset(p for p, r in read_in.items() if r.get("guide")),
        tried=row["tried"],
        near=_near(row, task, language),
    )
    return evidence, {p: (r["right"], r["right_rows"]) for p, r in read_in.items()}


def _near(row: Mapping[str, Any], task: Task, language: Language) -> Program | None:
    text = row.get("near")
    return (
        parse_program(text, language, inputs=task.inputs, request=task.type, constants=task.constants) if text else None
    )


def _language(task: Task) -> Language:
    """What the programs of a task are written in: its language, with the primitives of its own grammar."""
    language = chosen_language(task, None)
    if task.grammar is None:
        return language
    own = {p.head.name: p.head for p in task.grammar.productions if isinstance(p.head, Primitive)}
    return language.with_primitives(p for p in own.values() if p.name not in language)


def _cells(task: Task, ranking: Ranking, right_rows: str) -> Iterator[tuple[dict[str, float], bool]]:
    tests = task.test_examples
    if len(tests) > JUDGED:
        tests = [tests[i * len(tests) // JUDGED] for i in range(JUDGED)]
    places = range(0, len(tests), max(1, len(tests) // CELLS))
    whole = sum(ranking.shares[:PROGRAMS])
    read = sorted(read_inputs(ranking.programs[0])) or None
    reader = CellFeatures(task, 0.5, [s / whole for s in ranking.shares[:PROGRAMS]], read=read)
    evaluator = Evaluator()
    for at in list(places)[:CELLS]:
        values = [evaluator.run(p, tests[at].inputs) for p in ranking.programs[:PROGRAMS]]
        if values[0] is not UNDEFINED:
            yield reader.of(tests[at].inputs, values), right_rows[at] == "1"


# --- fitting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Data:
    """``N`` cases: features ``(N, F)``, outcomes ``(N,)``, weights ``(N,)``, families."""

    names: tuple[str, ...]
    x: Array
    y: Array
    weight: Array
    families: Sequence[str] = field(repr=False)

    def part(self, where: npt.NDArray[np.bool_]) -> Data:
        """The cases where ``where`` is true."""
        chosen = [f for f, w in zip(self.families, where, strict=True) if w]
        return Data(self.names, self.x[where], self.y[where], self.weight[where], chosen)


def answer_data(found: Sequence[Answer]) -> Data:
    """A case an answer, of the weight of its suite."""
    names = tuple(found[0].numbers)
    x = np.array([[a.numbers[n] for n in names] for a in found])
    weight = np.array([NONSENSICAL if a.suite == NONSENSE else 1.0 if a.suite in MEASURED else BESIDES for a in found])
    return Data(names, x, np.array([float(a.right) for a in found]), weight, [a.family for a in found])


def cell_data(found: Sequence[Answer], log_odds: Sequence[float]) -> Data:
    """A case a cell, all cells of an answer weighing one; ``log_odds`` are the answers' own, by a model that has not seen them."""
    x, y, weight, families = [], [], [], []
    for a, odds in zip(found, log_odds, strict=True):
        for numbers, right in a.cells:
            x.append([odds if n == "answer" else numbers[n] for n in CELL_FEATURES])
            y.append(float(right))
            weight.append(1 / len(a.cells))
            families.append(a.family)
    return Data(CELL_FEATURES, np.array(x), np.array(y), np.array(weight), families)


SIGNS = {
    **dict.fromkeys(
        ("log_examples", "log_looks", "log_output_bits", "margin", "share", "agreement", "least_agreement"), 1
    ),
    **dict.fromkeys(("guide_proposed", "answer"), 1),
    **dict.fromkeys(
        ("log_program_bits", "bits_ratio", "plain_ratio", "search_ratio", "unread", "constant", "cases"), -1
    ),
    **dict.fromkeys(("cases_an_example", "entries_an_example", "depth", "same_outputs", "by_cases", "by_chance"), -1),
    **dict.fromkeys(("spelled", "spelled_once", "constant_letters", "constant_digits", "constants_alone"), -1),
    **dict.fromkeys(
        ("keys_inside", "keys_of_parts", "keys_unlike", "identity", "number_bits", "other_counts", "other_words"), -1
    ),
    **dict.fromkeys(("some_undefined", "depth_searched", "new_letters", "own_ratio"), -1),
    **dict.fromkeys(("open_numbers", "near_miss", "lone_cases"), -1),
    **dict.fromkeys(
        ("undefined", "unchanged", "unlike", "copied_less", "longer", "empty", "new_signs", "new_looks"), -1
    ),
    **dict.fromkeys(("surprise", "log_unlike", "log_new_looks"), -1),
    **dict.fromkeys(("behaviours", "entropy", "close", "log_tried", "suspect", "dissent", "length"), -1),
}
"""Which way a feature may speak: one that speaks the other way does so by chance or for another's sake, and says nothing then, so that
confidence stays sensible for tasks unlike those fitted on.  Features that are not named may speak either way."""
STRETCHED = (
    *("log_examples", "log_program_bits", "search_ratio", "own_ratio", "depth_searched", "constant_digits"),
    *("other_counts", "behaviours", "least_agreement"),
)
"""Features whose effect is not in proportion to them: each speaks in two stretches, with a weight of its own for the values below and
above the median of those that are not the smallest."""
LEAST = 1e-4
"""Weight below which a feature is left out."""


def fit(data: Data) -> Logistic:
    """:func:`regression`, and the factor for the log odds of answers to a single example, which is fitted on folds of the data."""
    from scipy.optimize import minimize_scalar

    model = regression(data)
    alone = _single(data)
    if not alone.any():
        return model
    odds, y, weight = across(data, regression)[alone], data.y[alone], data.weight[alone]
    if min(y.sum(), len(y) - y.sum()) < FOLDS:
        return model

    def loss(factor: float) -> float:
        return float((weight * (np.logaddexp(0, factor * odds) - y * factor * odds)).sum())

    return replace(model, single=round(float(minimize_scalar(loss, bounds=(0.0, 1.0), method="bounded").x), 6))


def _single(data: Data) -> npt.NDArray[np.bool_]:
    """Which cases have a single example; none where the features do not tell."""
    if EXAMPLES not in data.names:
        return np.zeros(len(data.x), dtype=bool)
    found: npt.NDArray[np.bool_] = data.x[:, data.names.index(EXAMPLES)] == 0.0
    return found


def regression(data: Data) -> Logistic:
    """Logistic regression whose weights have the signs of :data:`SIGNS`; the intercept is not drawn to zero."""
    from scipy.optimize import minimize

    stretches = _stretches(data)
    x = np.stack([np.clip(data.x[:, k], low, high) for k, low, high in stretches], axis=1)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    varies = scale > 10.0**-DIGITS  # what is less would be rounded to nothing
    scale = np.where(varies, scale, 1.0)
    z = np.hstack([np.ones((len(x), 1)), np.where(varies, (x - mean) / scale, 0.0)])
    strength = np.full(z.shape[1], PENALTY)
    strength[0] = 1e-6

    def loss(w: Array) -> tuple[float, Array]:
        odds = z @ w
        each = np.logaddexp(0, odds) - data.y * odds
        p = 1 / (1 + np.exp(-odds))
        value = float((data.weight * each).sum() + 0.5 * (strength * w * w).sum())
        return value, z.T @ (data.weight * (p - data.y)) + strength * w

    names = [data.names[k] for k, _, _ in stretches]
    signs = [SIGNS.get(n, 0) for n in names]
    bounds = [(None, None), *((0 if sign > 0 else None, 0 if sign < 0 else None) for sign in signs)]
    w = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    terms = tuple(
        Weight(n, *(round(float(v), 6) for v in (m, d, *ends, weight)))
        for n, m, d, (_, *ends), weight in zip(names, mean, scale, stretches, w[1:], strict=True)
        if abs(weight) > LEAST
    )
    return Logistic(round(float(w[0]), 6), terms)


def _stretches(data: Data) -> list[tuple[int, float, float]]:
    """Column of ``Data.x``, least and largest value of each range that has a weight of its own; two for each of :data:`STRETCHED`."""
    low, high = np.quantile(data.x, CUT, axis=0), np.quantile(data.x, 1 - CUT, axis=0)
    high = np.where(high > low, high, data.x.max(axis=0))  # what hardly any answer has is not cut away
    found: list[tuple[int, float, float]] = []
    for k, name in enumerate(data.names):
        ends = [float(low[k]), float(high[k])]
        above = data.x[data.x[:, k] > low[k], k]
        if name in STRETCHED and len(above):
            middle = float(np.median(np.minimum(above, high[k])))
            ends = sorted({*ends, middle}) if low[k] < middle < high[k] else ends
        found += [(k, a, b) for a, b in pairwise(ends)]
    return found


def predicted(model: Logistic, data: Data) -> Array:
    """Log odds of each case, as :meth:`Logistic.log_odds` gives them one by one."""
    found = np.full(len(data.x), model.intercept)
    for t in model.terms:
        found += t.weight * (np.clip(data.x[:, data.names.index(t.name)], t.low, t.high) - t.mean) / t.scale
    return np.where(_single(data), model.single * found, found)


def fold_of(family: str, folds: int = FOLDS) -> int:
    """The fold of a family: the same whatever else is there."""
    return int(hashlib.sha1(family.encode()).hexdigest(), 16) % folds


def across(data: Data, fitting: Callable[[Data], Logistic] = fit) -> Array:
    """Log odds of each case by a model fitted without its fold."""
    folds = np.array([fold_of(f) for f in data.families])
    found = np.zeros(len(data.y))
    for k in range(FOLDS):
        inside = folds == k
        if inside.any():
            found[inside] = predicted(fitting(data.part(~inside)), data.part(inside))
    return found


def fitted(found: Sequence[Answer]) -> ConfidenceModel:
    """The model of all answers."""
    data = answer_data(found)
    return ConfidenceModel(fit(data), fit(cell_data(found, [float(v) for v in across(data)])))


def keep(path: Path, found: Iterable[Answer]) -> None:
    """Write what was fitted on, without the texts of tasks; the same bytes for the same answers."""
    lines = "".join(json.dumps(a.to_json(), ensure_ascii=False) + "\n" for a in found)
    path.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))


def main() -> None:
    """Fit from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--tasks", type=Path, default=ROOT.parent / "shared" / "tasks")
    parser.add_argument("--out", type=Path, default=ROOT / "neurosynth" / "ranking" / "confidence.json")
    parser.add_argument(
        "--keep",
        type=Path,
        help="a .jsonl.gz file for what was fitted on, which this script and bench_trust.py read, too",
    )
    parser.add_argument(
        "--no-fit", action="store_true", help="write what would be fitted on and no model; needs --keep"
    )
    given = parser.parse_args()
    if given.no_fit and given.keep is None:
        parser.error("--no-fit writes nothing without --keep FILE")
    found = list(answers((r for path in given.rows for r in read(path)), given.tasks))
    if given.keep is not None:
        keep(given.keep, found)
    if given.no_fit:
        print(f"{given.keep}: {len(found)} answers")
        return
    found = [a for a in found if a.suite != HELD]
    model = fitted(found)
    suites = sorted({a.suite for a in found})
    about = {
        "fitted_by": "benchmarks/fit_trust.py",
        "answers": len(found),
        "right": sum(a.right for a in found),
        "suites": {s: sum(a.suite == s for a in found) for s in suites},
    }
    given.out.write_text(json.dumps({**about, **model.to_json()}, indent=1) + "\n", encoding="utf-8")
    print(f"{given.out}: {len(found)} answers, {len(model.answer.terms)} and {len(model.cell.terms)} numbers")


if __name__ == "__main__":
    main()
