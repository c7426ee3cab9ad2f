"""How far stated confidence can be believed: calibration, ranking of answers by confidence, what is stated as sure and is wrong.

    python benchmarks/bench_trust.py trust.jsonl --tasks ../shared/tasks --plot docs/pictures/trust.svg

``trust.jsonl`` is what collect_trust.py wrote of the public suites and of the project's own.  Three confidences are compared: as the
package states it (``shipped``: fitted on these answers too), by models fitted without an answer's fold of families (``folds``), and
without its suite (``left out``).  Bars are those of ``folds``.  ``floor`` is the calibration error that as many answers would show if every
stated confidence were exactly right: the mean over draws of outcomes; in one of twenty draws it is more than ``by chance``.  ``bounds``
says how far figures depend on the answers drawn, with whole families drawn again, and which answers the ROC area is lost to.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.calibration import BINS, Array, Stated, lost_pairs  # found by the line above
from benchmarks.collect_trust import read
from benchmarks.fit_trust import Answer, across, answer_data, answers, cell_data, fit, predicted
from benchmarks.trust_tasks import HELD, MEASURED, NONSENSE, ROOT
from neurosynth.ranking.confidence import ConfidenceModel, shipped

AGAIN = 300
"""Draws of families, for intervals."""
INTERVAL = (0.025, 0.975)
SUREST = (10, 20, 30, 40)
"""Numbers of wrong answers, the surest, without which the ROC area is given."""
SURE, HIGH = 0.95, 0.9
FOLDS_ERROR, LEFT_OUT = 0.04, 0.09
"""Bars of the pooled calibration error, by folds and with a suite left out."""


def chances(log_odds: Sequence[float] | Array, model: ConfidenceModel) -> Array:
    """Confidences from log odds, cut as the package does."""
    found: Array = np.clip(1 / (1 + np.exp(-np.asarray(log_odds))), model.least, model.most)
    return found


def stated(found: Sequence[Answer], model: ConfidenceModel) -> dict[str, Array]:
    """The confidences of answers: shipped, by folds, with the suite left out."""
    data = answer_data(found)
    suites = np.array([a.suite.split()[0] for a in found])
    left = np.zeros(len(found))
    for suite in sorted(set(suites)):
        rest = data.part(suites != suite)
        left[suites == suite] = predicted(fit(rest), data.part(suites == suite))
    return {
        "folds": chances(across(data), model),
        "left out": chances(left, model),
        "shipped": np.array([model.of_answer(a.numbers) for a in found]),
    }


def report(found: Sequence[Answer], model: ConfidenceModel) -> list[str]:
    """Lines of the report, bars met or missed among them; columns kept from fitting have lines of their own."""
    held, found = [a for a in found if a.suite == HELD], [a for a in found if a.suite != HELD]
    confidences = stated(found, model)
    names = np.array([a.suite for a in found])
    right = np.array([float(a.right) for a in found])
    counted = np.isin(names, [s for s in MEASURED if s != NONSENSE])
    lines = [
        f"{'':24} {'answers':>7} {'right':>6} {'best':>6}"
        + "".join(f" {n + ': ece':>14} {'auc':>5}" for n in confidences)
        + f" {'floor':>6} {'by chance':>9}"
    ]
    for suite in (*MEASURED, *sorted(set(names) - set(MEASURED)), ""):
        inside = names == suite if suite else counted
        if not inside.any():
            continue
        known = sum(a.known for a, i in zip(found, inside, strict=True) if i)
        parts = [Stated(c[inside], right[inside]) for c in confidences.values()]
        lines.append(
            f"{suite or 'pooled':24} {inside.sum():7} {int(right[inside].sum()):6} {known:6}"
            + "".join(f" {p.error:14.3f} {p.area:5.2f}" for p in parts)
            + f" {parts[0].floor:6.3f} {parts[0].by_chance:9.3f}"
        )
    for name, c in confidences.items():
        lines += ["", f"{name}:", *_bars(c, right, names, counted, LEFT_OUT if name == "left out" else FOLDS_ERROR)]
    families = np.array([a.family for a in found])
    lines += ["", *_bounds(confidences["folds"], right, names, families, counted)]
    return [*lines, "", *_cells(found, model), *_held(held, model)]


def _bounds(
    c: Array, right: Array, names: npt.NDArray[np.str_], families: npt.NDArray[np.str_], counted: npt.NDArray[np.bool_]
) -> list[str]:
    """How far the figures of ``folds`` depend on the answers drawn, and what the ROC area is lost to."""
    pooled = Stated(c[counted], right[counted])
    rng = np.random.default_rng(0)
    areas = [
        Stated(pooled.confidence, (rng.random(len(pooled.right)) < pooled.confidence).astype(float)).area
        for _ in range(AGAIN)
    ]
    low, high = _interval([p.area for p in _again(pooled, families[counted])])
    lines = [
        "bounds, folds:",
        f"  ROC area, pooled: {pooled.area:.3f}, with families drawn again {low:.3f} to {high:.3f}; if every confidence is exactly right, "
        f"{np.mean(areas):.3f}",
    ]
    good, bad = pooled.confidence[pooled.right == 1], np.sort(pooled.confidence[pooled.right == 0])[::-1]
    lost = lost_pairs(good, bad)
    for n in SUREST:
        lines.append(
            f"  the {n} surest of {len(bad)} wrong answers lose {lost[:n].sum() / lost.sum():.0%} of what the area lacks; "
            f"if all of them were told, it would be {1 - lost[n:].sum() / len(bad):.3f}"
        )
    for suite in sorted(set(names[counted])):
        mine = Stated(c[names == suite], right[names == suite])
        if mine.error > mine.by_chance:
            low, high = _interval([p.error for p in _again(mine, families[names == suite])])
            lines.append(
                f"  {suite}: calibration error {mine.error:.3f} is more than chance ({mine.by_chance:.3f}); with families drawn "
                f"again {low:.3f} to {high:.3f}"
            )
    return lines


def _again(said: Stated, families: npt.NDArray[np.str_]) -> Iterator[Stated]:
    """The answers of families drawn with replacement (Efron, 1979)."""
    rng = np.random.default_rng(0)
    places = [np.flatnonzero(families == f) for f in sorted(set(families))]
    for _ in range(AGAIN):
        chosen = np.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        yield Stated(said.confidence[chosen], said.right[chosen])


def _interval(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, INTERVAL)
    return float(low), float(high)


def _held(found: Sequence[Answer], model: ConfidenceModel) -> list[str]:
    """Columns that nothing was fitted on, by the model that ships."""
    if not found:
        return []
    said = Stated(np.array([model.of_answer(a.numbers) for a in found]), np.array([float(a.right) for a in found]))
    sure = said.confidence >= HIGH
    return [
        f"kept from fitting, as shipped: {len(found)} answers, {int(said.right.sum())} right; calibration error {said.error:.3f} "
        f"(floor {said.floor:.3f}), ROC area {said.area:.3f}; {int(sure.sum())} stated at {HIGH} and above, "
        f"{int((1 - said.right[sure]).sum())} of them wrong"
    ]


def _bars(
    c: Array, right: Array, names: npt.NDArray[np.str_], counted: npt.NDArray[np.bool_], most: float
) -> list[str]:
    pooled = Stated(c[counted], right[counted])
    sure, high = pooled.confidence >= SURE, pooled.confidence >= HIGH
    wrong = int((1 - pooled.right[sure]).sum())
    bold = int((pooled.right[high]).sum())
    made_up = c[names == NONSENSE]
    over = {s: (p := Stated(c[names == s], right[names == s])).error - p.floor for s in sorted(set(names[counted]))}
    worst = max(over, key=lambda s: over[s])
    return [
        _bar("calibration error, pooled", pooled.error, most, most=True),
        _bar(f"over its floor, worst suite ({worst})", over[worst], 0.04, most=True),
        _bar("ROC area, pooled", pooled.area, 0.93, most=False),
        _bar(
            f"wrong of {int(sure.sum())} stated at {SURE} and above", wrong / max(1, int(sure.sum())), 0.05, most=True
        ),
        _bar(
            f"right ones stated at {HIGH} and above, of {int(pooled.right.sum())}",
            bold / max(1.0, float(pooled.right.sum())),
            0.5,
            most=False,
        ),
        _bar(f"nonsense stated above 0.5, of {len(made_up)} answered", float((made_up > 0.5).sum()), 3, most=True),
    ]


def _bar(what: str, value: float, bar: float, *, most: bool) -> str:
    met = value <= bar if most else value >= bar
    return f"  {what}: {value:.3f} ({'at most' if most else 'at least'} {bar:g}: {'met' if met else 'missed'})"


def _cells(found: Sequence[Answer], model: ConfidenceModel) -> list[str]:
    """The same of cells, whose model is given the answers' confidence by folds."""
    some = [a for a in found if a.cells]
    log_odds = [float(v) for v in across(answer_data(some))]
    data = cell_data(some, log_odds)
    said = Stated(chances(across(data), model), data.y)
    high = said.confidence >= HIGH
    return [
        f"cells, by folds: {len(data.y)}, {data.y.mean():.3f} right; calibration error {said.error:.3f} (floor {said.floor:.3f}), "
        f"ROC area {said.area:.3f}, {(1 - said.right[high]).sum() / max(1, high.sum()):.3f} of those at {HIGH} and above wrong"
    ]


def plot(path: Path, found: Sequence[Answer], model: ConfidenceModel) -> None:
    """Reliability diagram: of each bin the mean confidence against the share that is right, by folds and with the suite left out."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "trust"
    from matplotlib import pyplot

    counted = np.array([a.suite in MEASURED and a.suite != NONSENSE for a in found])
    right = np.array([float(a.right) for a in found])[counted]
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    confidences = stated(found, model)
    for name, colour in (("folds", "C0"), ("left out", "C1")):
        c = confidences[name][counted]
        places = np.minimum((c * BINS).astype(int), BINS - 1)
        bins = [places == k for k in range(BINS) if (places == k).any()]
        x, y, n = [c[b].mean() for b in bins], [right[b].mean() for b in bins], [b.sum() for b in bins]
        spread = [(p * (1 - p) / m) ** 0.5 for p, m in zip(y, n, strict=True)]
        axes.errorbar(x, y, yerr=spread, color=colour, marker="o", markersize=4, capsize=2, label=name)
    axes.set(xlabel="stated confidence", ylabel="share right on every row not shown", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Report from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--tasks", type=Path, default=ROOT.parent / "shared" / "tasks")
    parser.add_argument("--plot", type=Path, help="the reliability diagram, an SVG file")
    given = parser.parse_args()
    found = list(answers((r for path in given.rows for r in read(path)), given.tasks))
    print("\n".join(report(found, shipped())))
    if given.plot is not None:
        plot(given.plot, [a for a in found if a.suite != HELD], shipped())


if __name__ == "__main__":
    main()
