"""Statistics of rows: configurations, lines of suites, pairs, and the tests of significance under them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.bench.cells import (
    NONE,
    amount,
    chance,
    pairs_table,
    percent,
    sizes_table,
    suites_table,
    summary_table,
    verdict,
)
from neurosynth.bench.pairs import MOST_PAIRS, compare, outcomes
from neurosynth.bench.rows import Row
from neurosynth.bench.significance import holm, mcnemar, wilcoxon, wilson
from neurosynth.bench.tables import ALL_SUITES, Configuration, Spread, configurations, size_lines, suite_lines
from tests.bench.sample_rows import row

CVC5: dict[str, Any] = {"solver": "cvc5", "guide": None, "search": None}


def rows(*given: dict[str, Any]) -> list[Row]:
    """Rows as they are read."""
    return [Row.from_json(r) for r in given]


def grouped(*given: dict[str, Any]) -> dict[Configuration, list[Row]]:
    """Rows by configuration."""
    return configurations(rows(*given))


def solved(task: str, seconds: float, **more: Any) -> dict[str, Any]:
    """A row that is solved after so many seconds and thousand times as many candidates."""
    return row(task=task, stats={"seconds": seconds, "programs_tried": int(1000 * seconds)}, **more)


def failed(task: str, stop: str = "time", **more: Any) -> dict[str, Any]:
    """A row that is not."""
    return row(task=task, stop=stop, stats={"seconds": 10.0, "programs_tried": 10_000}, **more)


# Configurations

AUTO: dict[str, Any] = {"settings": {"guide": "auto", "search": "auto"}}
LABELS = {
    "one search and guide": ([{}], ["auto · uniform"]),
    "a guide's file goes by its name": ([{"guide": "models/big.safetensors"}], ["auto · big"]),
    "files of one name keep their folders": (
        [{"guide": "a/big.st"}, {"guide": "b/big.st"}],
        ["auto · a/big.st", "auto · b/big.st"],
    ),
    "a guide that was chosen goes by its own name": ([AUTO], ["auto · uniform"]),
    "unless another was asked for by that name": ([{**AUTO}, {}], ["auto · auto", "auto · uniform"]),
    "or several were chosen": ([{**AUTO}, {**AUTO, "task": "b", "guide": "pcfg"}], ["auto · auto"]),
    "another solver goes by its own name": ([CVC5], ["cvc5"]),
    "beside another solver ours does, too": ([CVC5, {**AUTO, "guide": "auto"}], ["cvc5", "neurosynth"]),
    "with what was chosen": (
        [CVC5, {}, {"guide": "a/big.st", "search": "beam"}],
        ["cvc5", "neurosynth · uniform", "neurosynth · beam · big"],
    ),
    "another solver with two settings shows them": (
        [CVC5, {**CVC5, "search": "fast"}],
        ["cvc5", "cvc5 · fast"],
    ),
    "languages of different suites are one configuration": ([{}, {"suite": "lists", "language": "lists"}], ["auto · uniform"]),
    "two languages on one task are two": (
        [{}, {"language": "mine"}],
        ["auto · uniform · strings", "auto · uniform · mine"],
    ),
    "seeds are runs of one": ([{}, {"seed": 1}, {"repeat": 1}], ["auto · uniform"]),
    "in the order of their first rows": ([{"search": "b"}, {"search": "a"}, {"search": "b", "seed": 1}], ["b · uniform", "a · uniform"]),
}  # fmt: skip


@pytest.mark.parametrize(("given", "labels"), LABELS.values(), ids=LABELS.keys())
def test_configurations_are_called(given: list[dict[str, Any]], labels: list[str]) -> None:
    assert [c.label for c in grouped(*(row(**r) for r in given))] == labels


def test_what_else_tells_configurations_apart_is_named() -> None:
    found = configurations(rows(row(), row()), [(("commit", "aaa"),), (("commit", "bbb"),)])
    assert [c.label for c in found] == ["auto · uniform · commit aaa", "auto · uniform · commit bbb"]


# Suites


def test_a_line_counts_tasks_and_takes_medians_of_those_solved() -> None:
    groups = grouped(solved("a", 1.0), solved("b", 2.0), solved("c", 9.0), failed("d"), failed("e", "memory"))
    (line,) = suite_lines(groups)
    assert (line.tasks, line.runs, line.solved, line.share) == (5, 1, Spread(3, 3, 3), 0.6)
    assert line.seconds == Spread(2.0, 2.0, 2.0)
    assert line.worst == Spread(9.0, 9.0, 9.0)
    assert line.candidates == Spread(2000, 2000, 2000)
    assert line.failures == {"time": 1, "memory": 1}
    assert line.scored is None


def test_several_runs_are_medians_with_the_least_and_the_most() -> None:
    groups = grouped(
        *(solved("a", 1.0 + seed, seed=seed) for seed in range(3)),
        *(solved("b", 5.0, seed=seed) if seed else failed("b", seed=seed) for seed in range(3)),
    )
    (line,) = suite_lines(groups)
    assert (line.tasks, line.runs, line.solved) == (2, 3, Spread(2, 1, 2))
    assert line.seconds == Spread(3.5, 1.0, 4.0)
    assert suites_table([line]).rows[0][1] == "2 (1–2)"


def test_held_out_examples_count_for_tasks_that_are_solved() -> None:
    held = [{"examples": 4, "right": 4}, {"examples": 4, "right": 3}, None]
    given = [solved(f"t{i}", 1.0, held_out=h) for i, h in enumerate(held)]
    (line,) = suite_lines(grouped(*given, failed("x", held_out={"examples": 4, "right": 0})))
    assert (line.right, line.scored, line.rows_right) == (Spread(1, 1, 1), Spread(2, 2, 2), Spread(0.875, 0.875, 0.875))


def test_candidates_end_with_the_first_program_right_on_every_example() -> None:
    given = row(stats={"programs_tried": 5000, "first_solved": 120})
    (line,) = suite_lines(grouped(given))
    assert line.candidates == Spread(120, 120, 120)


def test_the_line_over_all_suites_is_of_the_tasks_that_all_ran() -> None:
    groups = grouped(
        solved("a", 1.0), solved("b", 1.0, suite="lists"), solved("a", 2.0, **CVC5), solved("only", 2.0, **CVC5)
    )
    overall = [line for line in suite_lines(groups) if line.suite == ALL_SUITES]
    assert [(line.configuration.label, line.tasks) for line in overall] == [("neurosynth · uniform", 1), ("cvc5", 1)]


def test_without_a_task_that_all_ran_there_is_no_such_line() -> None:
    groups = grouped(solved("a", 1.0), solved("b", 1.0, suite="lists", **CVC5))
    assert ALL_SUITES not in [line.suite for line in suite_lines(groups)]


def test_what_stats_lack_is_left_out_or_taken_from_the_process() -> None:
    given = row(**CVC5) | {"stats": {"seconds": None, "programs_tried": "many"}, "wall": 3.0}
    (line,) = suite_lines(grouped(given))
    assert (line.seconds, line.candidates) == (Spread(3.0, 3.0, 3.0), None)


def test_columns_without_anything_are_left_out() -> None:
    titles = [c.title for c in suites_table(suite_lines(grouped(solved("a", 1.0)))).columns]
    assert titles == ["suite", "solved", "tasks", "%", "median s", "worst s", "median candidates", "peak MB"]


def test_the_summary_has_a_column_a_configuration() -> None:
    groups = grouped(solved("a", 1.0, held_out={"examples": 2, "right": 2}), failed("b"), solved("a", 4.0, **CVC5))
    table = summary_table(suite_lines(groups))
    assert [c.title for c in table.columns] == ["suite", "tasks", "neurosynth · uniform", "cvc5"]
    assert table.rows == (("strings", "2", "1 solved · 1 of 1 right · 1 s", "1 solved of 1 · 4 s"),)


# Pairs


def test_a_pair_says_what_only_one_solves_and_how_times_compare() -> None:
    groups = grouped(
        solved("both", 1.0), solved("mine", 1.0), failed("theirs"), failed("none"),
        solved("both", 4.0, **CVC5), failed("mine", **CVC5), solved("theirs", 2.0, **CVC5), failed("none", **CVC5),
        solved("elsewhere", 2.0, **CVC5),
    )  # fmt: skip
    (pair,) = compare(groups)
    assert (pair.tasks, pair.neither) == (4, 1)
    assert (pair.both, pair.only_first, pair.only_second) == (
        (("strings", "both"),),
        (("strings", "mine"),),
        (("strings", "theirs"),),
    )
    assert pair.seconds is not None
    assert pair.seconds.median == pytest.approx(0.25)
    assert pair.chance == 1.0
    assert sorted(pair.points, key=str) == [(1.0, 4.0), (1.0, None), (None, 2.0), (None, None)]
    assert pairs_table([pair]).rows[0][:6] == ("neurosynth · uniform", "cvc5", "4", "1", "1", "1")


def test_with_several_runs_most_must_solve_a_task() -> None:
    found = outcomes(
        rows(
            *(solved("most", 1.0 + s, seed=s) if s else failed("most", seed=s) for s in range(3)),
            *(failed("few", seed=s) if s else solved("few", 1.0, seed=s) for s in range(3)),
            *(solved("half", 1.0, seed=0), failed("half", seed=1)),
        )
    )
    assert {task: (o.solved, o.seconds) for (_, task), o in found.items()} == {
        "most": (True, 3.0),  # of 2, 3 and one that took longer than any
        "few": (False, None),
        "half": (False, None),
    }


def test_a_baseline_is_compared_with_each_of_the_others() -> None:
    groups = grouped(*(solved("a", 1.0, search=name) for name in "xyz"))
    second = list(groups)[1]
    assert [(p.first.label[0], p.second.label[0]) for p in compare(groups, second)] == [("y", "x"), ("y", "z")]


def test_of_very_many_configurations_the_best_is_the_baseline() -> None:
    names = [f"s{i}" for i in range(MOST_PAIRS)]
    given = [solved("a", 1.0, search=n) if n == "s7" else failed("a", search=n) for n in names]
    pairs = compare(grouped(*given))
    assert len(pairs) == len(names) - 1
    assert {p.first.label for p in pairs} == {"s7 · uniform"}


def test_configurations_without_a_task_in_common_are_no_pair() -> None:
    assert compare(grouped(solved("a", 1.0), solved("b", 1.0, **CVC5))) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "words"),
    [
        ([1.0] * 8, [None] * 8, "neurosynth · uniform solves 8 tasks that cvc5 does not, and misses 0 that it solves (p = 0.008)."),
        ([1.0, None], [None, 1.0], "neurosynth · uniform and cvc5 each solve 1 that the other does not, which chance could explain (p = 1.00)."),
        ([1.0] * 8, [3.0] * 8, "the same tasks. On the 8 both solve, neurosynth · uniform is faster, in the median 3 times."),
        ([1.0, 2.0], [2.0, 1.0], "the same tasks. On the 2 both solve, neither is clearly faster."),
    ],
)  # fmt: skip
def test_verdicts(mine: list[float | None], theirs: list[float | None], words: str) -> None:
    given = [
        failed(f"t{i}", **who) if seconds is None else solved(f"t{i}", seconds, **who)
        for who, times in (({}, mine), (CVC5, theirs))
        for i, seconds in enumerate(times)
    ]
    assert words in verdict(compare(grouped(*given))[0])


# Sizes


def test_programs_are_classed_by_size() -> None:
    def scored(size: int, right: int) -> dict[str, Any]:
        program = {"text": "x", "size": size, "logprob": None}
        return row(task=f"{size} {right}", programs=[program], held_out={"examples": 2, "right": right})

    given = [scored(1, 2), scored(3, 1), scored(4, 2), scored(400, 0)]
    lines = {line.sizes: (line.programs, line.right) for line in size_lines(rows(*given)) if line.programs}
    assert lines == {"1–3": (2, 1), "4–6": (1, 1), "over 40": (1, 0)}
    assert sizes_table(grouped(*given)).rows[0] == ("1–3", "1 of 2 (75 % of rows)")


# Tests of significance

MCNEMAR = [
    # Twice the binomial tail, as tables of the sign test have it.
    (0, 0, 1.0),
    (3, 3, 1.0),
    (0, 5, 0.0625),
    (0, 6, 0.03125),
    (1, 9, 22 / 1024),
    (4, 12, 0.076813),
    (30, 10, 0.0022214),
]


@pytest.mark.parametrize(("first", "second", "p"), MCNEMAR)
def test_mcnemar_is_as_in_tables(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == mcnemar(second, first) == pytest.approx(p, rel=1e-4)


def test_mcnemar_takes_any_number_of_tasks() -> None:
    assert mcnemar(6_000, 4_000) < 1e-80
    assert mcnemar(5_000, 5_000) == 1.0
    assert mcnemar(0, 10_000) == 0.0  # less than a float can say


WILCOXON = [
    # Tables of critical values: the smaller sum of ranks that is just below 5 % and 1 %, two-sided, for so many pairs.
    (6, 0, 0.05),
    (8, 3, 0.05),
    (10, 8, 0.05),
    (15, 25, 0.05),
    (20, 52, 0.05),
    (25, 89, 0.05),
    (10, 3, 0.01),
    (20, 37, 0.01),
    (25, 68, 0.01),
]


@pytest.mark.parametrize(("pairs", "critical", "level"), WILCOXON)
def test_wilcoxon_is_as_in_tables(pairs: int, critical: int, level: float) -> None:
    assert wilcoxon(_with_sum(pairs, critical)) <= level < wilcoxon(_with_sum(pairs, critical + 1))


def _with_sum(pairs: int, total: int) -> list[int]:
    """Differences 1 … pairs of which the negative ones sum to ``total``."""
    found = list(range(1, pairs + 1))
    for rank in range(pairs, 0, -1):
        if rank <= total:
            found[rank - 1], total = -rank, total - rank
    return found


@given(st.lists(st.integers(-6, 6), max_size=9))
def test_wilcoxon_is_the_share_of_all_signs_as_uneven(differences: list[int]) -> None:
    sizes = sorted(abs(d) for d in differences if d)
    ranks = {size: mean_rank(sizes, size) for size in sizes}
    signed = [math.copysign(ranks[abs(d)], d) for d in differences if d]
    half = sum(map(abs, signed)) / 2
    away = abs(sum(s for s in signed if s > 0) - half)
    signs = itertools.product((0, 1), repeat=len(signed))
    sums = [sum(abs(s) * up for s, up in zip(signed, ups, strict=True)) for ups in signs]
    share = sum(abs(total - half) >= away for total in sums) / len(sums)
    assert wilcoxon(differences) == pytest.approx(min(1.0, share))


def mean_rank(ordered: list[int], size: int) -> float:
    """The mean place, from 1, of those as large."""
    places = [i for i, other in enumerate(ordered, 1) if other == size]
    return sum(places) / len(places)


def test_wilcoxons_normal_form_meets_the_exact_one() -> None:
    differences = [((i * 37) % 101) - 44.5 for i in range(50)]
    exact, normal = wilcoxon(differences), wilcoxon([*differences, 0.25, -0.25])
    assert exact == pytest.approx(normal, abs=0.01)


def test_wilcoxon_of_nothing_says_nothing() -> None:
    assert wilcoxon([]) == wilcoxon([0.0, 0.0]) == 1.0


def test_holm_raises_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_holds_the_share(given_: tuple[int, int]) -> None:
    right, total = given_
    low, high = wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1


def test_wilsons_interval_is_as_in_tables() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


# Numbers in words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0004, "0.0004"), (0.0531, "0.053"), (0.0996, "0.10"), (0.534, "0.53"), (1.0, "1"), (9.996, "10.0"), (53.24, "53.2"),
        (99.96, "100"),
        (1234.5, "1,234"), (999_500, "999,500"), (1_000_000, "1 M"), (999_600_000, "1 G"), (5_321_000, "5.32 M"), (7e13, "70 T"),
    ],
)  # fmt: skip
def test_amounts(value: float, text: str) -> None:
    assert amount(value) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.9999, "99.9 %"), (0.0001, "0.1 %"), (0.996, "99.6 %")]
)  # fmt: skip
def test_all_and_nothing_are_said_only_of_all_and_nothing(share: float, text: str) -> None:
    assert percent(share) == text


def test_chances() -> None:
    assert [chance(p) for p in (0.0004, 0.0312, 0.5, 1.0)] == ["< 0.001", "0.031", "0.50", "1.00"]


def test_a_cell_without_a_value_has_a_dash() -> None:
    groups = grouped(solved("a", 1.0), failed("a", **CVC5))
    table = suites_table(suite_lines(groups))
    by_title = dict(zip((c.title for c in table.columns), table.rows[1], strict=True))
    assert by_title["median s"] == by_title["worst s"] == NONE
