"""The pool decides and says so: accepted, pending, refuted, known; how long to go on; which examples to search on besides."""

from __future__ import annotations

import math

import pytest

from neurosynth.errors import InputError
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.search.candidates import Candidate, Verdict
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.pool import Situation, SolutionPool
from neurosynth.tasks.task import Task, example

LISTS = load_language("lists")
SUM = Task([example([1, 2, 3], output=6), example([4], output=4), example([5, 5], output=10)], "sum")
NOW = Situation(elapsed=1.0, left=9.0, searched=1.0, in_pass=5.0, cost=4, tried=100)


def program(text: str) -> Program:
    return parse_program(text, LISTS, request=SUM.type)


def pool(top: int = 1, alternatives: int = 0) -> SolutionPool:
    return SolutionPool(SUM.examples, inputs=1, seconds=10.0, top=top, alternatives=alternatives)


def test_with_nothing_to_compare_the_first_ends_the_search() -> None:
    found = pool()
    decision = found.judge(Candidate(program("(sum x0)"), 2), NOW)
    assert (decision.verdict, decision.stop) == (Verdict.ACCEPTED, True)
    assert found.programs() == [program("(sum x0)")]
    assert not found.open


def test_alternatives_are_collected_for_a_share_of_the_time() -> None:
    decision = pool(alternatives=16).judge(Candidate(program("(sum x0)"), 2), NOW)
    assert not decision.stop
    assert decision.until == pytest.approx(1.0 + 0.15 * 1.0)


def test_several_that_are_wanted_are_waited_for_longer() -> None:
    decision = pool(top=3).judge(Candidate(program("(sum x0)"), 2), NOW)
    assert decision.until == pytest.approx(2.0)


def test_a_program_is_judged_once() -> None:
    found = pool(alternatives=16)
    for text, first in (("(sum x0)", Verdict.ACCEPTED), ("(head x0)", Verdict.REFUTED)):
        verdicts = [found.judge(Candidate(program(text), 2), NOW).verdict for _ in range(2)]
        assert verdicts == [first, Verdict.KNOWN]


def test_a_new_pass_judges_again_what_failed() -> None:
    found = pool()
    again = Situation(passes=2)
    assert found.judge(Candidate(program("(head x0)"), 2), NOW).verdict is Verdict.REFUTED
    assert found.judge(Candidate(program("(head x0)"), 2), again).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("in_pass", "left", "widen"), [(0.5, 9.0, (0,)), (1.5, 9.0, ()), (0.5, 4.0, ())], ids=["early", "late", "no time"]
)
def test_one_that_fails_early_adds_an_example_at_once(in_pass: float, left: float, widen: tuple[int, ...]) -> None:
    decision = pool().judge(Candidate(program("(head x0)"), 2), Situation(in_pass=in_pass, left=left))
    assert (decision.failing, decision.widen) == ((0, 2), widen)


def test_enough_that_fail_add_their_examples_however_late() -> None:
    found = SolutionPool(SUM.examples, policy=PortfolioConfig(widen_count=2))
    first, second = (found.judge(Candidate(program(t), 2), NOW) for t in ("(head x0)", "(* 2 (sum x0))"))
    assert (first.widen, second.widen) == ((), (0,))


def test_a_deduced_program_waits_for_a_cheaper_one() -> None:
    found = pool(alternatives=16)
    decision = found.judge(Candidate(program("(sum x0)"), 9, deduced=True), NOW)
    assert (decision.verdict, decision.stop) == (Verdict.PENDING, False)
    assert decision.until == pytest.approx(1.0 + max(0.15, 0.7 * found.unexplained(program("(sum x0)"))))
    assert [c.cost for c in found.pending] == [9]
    assert found.judge(Candidate(program("(sum x0)"), 9, deduced=True), NOW).verdict is Verdict.KNOWN


def test_one_that_enumeration_has_come_up_to_does_not_wait() -> None:
    assert pool(alternatives=16).judge(Candidate(program("(sum x0)"), 5, deduced=True), NOW).stop


def test_a_deduced_program_that_fails_adds_examples_but_not_by_rote() -> None:
    few = Situation(searched_on=6)
    deduced = Candidate(program("(head x0)"), 9, deduced=True)
    assert pool().judge(deduced, few).widen == (0, 2)
    assert pool().judge(Candidate(program("(head x0)"), 9, leaves=3, deduced=True), few).widen == ()


def test_what_a_guide_wrote_is_taken_at_once_and_is_no_suspect() -> None:
    found = pool(alternatives=16)
    decision = found.judge(Candidate(program("(sum x0)"), 50, guide_proposed=True), NOW)
    assert decision.verdict is Verdict.ACCEPTED
    assert (found.guide_proposed, found.suspects) == ([program("(sum x0)")], set())


def test_what_a_join_made_before_enumeration_came_near_waits_where_it_explains_little() -> None:
    found = pool(alternatives=16)
    assert found.judge(Candidate(program("(sum x0)"), 9), NOW).verdict is Verdict.PENDING
    assert pool(alternatives=16).judge(Candidate(program("(sum x0)"), 5), NOW).verdict is Verdict.ACCEPTED
    assert pool().judge(Candidate(program("(sum x0)"), 9), NOW).verdict is Verdict.ACCEPTED


def test_what_a_guide_wrote_waits_where_it_leaves_an_input_unread() -> None:
    task = Task([example([1, 2], 7, output=[2, 1]), example([3, 4, 5], 2, output=[5, 4, 3])], "two")
    found = SolutionPool(task.examples, inputs=2, alternatives=16)
    written = parse_program("(reverse x0)", LISTS, request=task.type)
    decision = found.judge(Candidate(written, 2, guide_proposed=True), NOW)
    assert decision.verdict is Verdict.PENDING
    assert decision.until == pytest.approx(1.0 + max(PortfolioConfig().unread_wait, 2.0))


def test_pending_programs_follow_those_accepted_the_better_first() -> None:
    found = pool(alternatives=16)
    for text, cost, leaves in (("(sum (reverse x0))", 9, 2), ("(sum (sort x0))", 12, 1), ("(+ 0 (sum x0))", 10, 1)):
        found.judge(Candidate(program(text), cost, leaves=leaves, deduced=True), NOW)
    found.judge(Candidate(program("(sum x0)"), 2), NOW)
    assert list(map(str, found.programs())) == ["(sum x0)", "(+ 0 (sum x0))", "(sum (sort x0))", "(sum (reverse x0))"]


def test_no_more_are_held_than_policy_says_but_cheaper_ones() -> None:
    found = SolutionPool(SUM.examples, alternatives=16, policy=PortfolioConfig(pending=1))
    verdicts = [
        found.judge(Candidate(program(text), cost, deduced=True), NOW).verdict
        for text, cost in (("(sum (sort x0))", 12), ("(sum (reverse x0))", 13), ("(sum x0)", 9))
    ]
    assert verdicts == [Verdict.PENDING, Verdict.KNOWN, Verdict.PENDING]


def test_policy_is_checked_when_it_is_made() -> None:
    with pytest.raises(InputError, match=r"guide_phase_after is 1\.5; allowed: a share of 0 to 1"):
        PortfolioConfig(guide_phase_after=1.5)
    assert math.isinf(PortfolioConfig(more_wait=math.inf).more_wait)


LONG = Task([example(list(range(n)), output=list(range(100 * n, 100 * n + 12))) for n in range(1, 30)], "long")


@pytest.mark.parametrize(
    ("explaining", "share"),
    [((1e-4, 2e-4), 1.0), ((0.25, 1.0), 0.0), ((1e3, 1e4), 0.0)],
    ids=["much", "shipped", "never"],
)
def test_a_program_that_explains_much_waits_less(explaining: tuple[float, float], share: float) -> None:
    small = parse_program("(take 2 x0)", LISTS, request=LONG.type)
    found = SolutionPool(LONG.examples, inputs=1, seconds=10.0, policy=PortfolioConfig(explaining=explaining))
    assert found.unexplained(small) == share


def test_the_wait_grows_with_what_a_program_leaves_unexplained() -> None:
    waits = [
        SolutionPool(SUM.examples, policy=PortfolioConfig(explaining=between)).grace(
            Candidate(program("(sum x0)"), 9, deduced=True), NOW
        )
        for between in ((10.0, 20.0), (0.1, 10.0), (0.01, 0.02))
    ]
    assert waits[0] == pytest.approx(0.15)  # of one second: as long as alternatives are collected for
    assert waits == sorted(waits)
    assert waits[2] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("explaining", "cost", "verdict"),
    [
        ((1e-4, 2e-4), 9, Verdict.PENDING),
        ((1e-4, 2e-4), 5, Verdict.ACCEPTED),
        ((1e3, 1e4), 9, Verdict.ACCEPTED),
    ],
    ids=["explains nothing", "enumeration has come as far", "explains everything"],
)
def test_what_a_guide_wrote_waits_where_it_explains_nothing(
    explaining: tuple[float, float], cost: int, verdict: Verdict
) -> None:
    found = SolutionPool(SUM.examples, inputs=1, alternatives=16, policy=PortfolioConfig(explaining=explaining))
    decision = found.judge(Candidate(program("(sum x0)"), cost, guide_proposed=True), NOW)
    assert decision.verdict is verdict
    assert not decision.stop
    assert found.guide_proposed == [program("(sum x0)")]


@pytest.mark.parametrize(
    ("body", "cost", "wait"),
    [
        ("(if (> a 1) a b)", 9, 0.15),
        ("(if (> a 1) (if (> b 1) a b) b)", 9, 1.5),
        ("(if (> a 1) (if (> b 1) a b) b)", 5, 0.0),
    ],
    ids=["two cases", "three cases", "enumeration has come as far"],
)
def test_a_function_with_three_cases_waits_like_a_tree(body: str, cost: int, wait: float) -> None:
    found = SolutionPool(LONG.examples, policy=PortfolioConfig(explaining=(1e3, 1e4)))
    small = parse_program(f"(scan (lambda (a b) {body}) x0)", LISTS, request=LONG.type)
    assert found.grace(Candidate(small, cost, deduced=True), NOW) == pytest.approx(wait)


def test_a_tree_waits_whatever_it_explains() -> None:
    found = SolutionPool(LONG.examples, policy=PortfolioConfig(explaining=(1e3, 1e4)))
    tree = Candidate(parse_program("(take 2 x0)", LISTS, request=LONG.type), 9, leaves=2, deduced=True)
    assert found.grace(tree, NOW) == pytest.approx(1.5)


def test_what_explains_nothing_is_checked_too() -> None:
    with pytest.raises(
        InputError, match=r"explaining is \(1\.0, 0\.5\); allowed: two shares above 0, the smaller first"
    ):
        PortfolioConfig(explaining=(1.0, 0.5))


def test_what_takes_as_many_bits_as_the_outputs_is_doubted() -> None:
    found = pool(alternatives=16)
    assert not found.doubted
    found.judge(Candidate(program("(- (sum x0) (- (length x0) (length x0)))"), 6), NOW)
    assert found.doubted


def test_a_short_program_for_long_outputs_is_not_doubted() -> None:
    task = Task([example(row, output=sorted(row)) for row in ([9, 3, 7, 1, 5], [8, 2, 6, 4], [40, 10, 30, 20, 50])])
    found = SolutionPool(task.examples, inputs=1, seconds=10.0, alternatives=16)
    long = "(sort (append (take 3 x0) (drop 3 x0)))"
    found.judge(Candidate(parse_program(long, LISTS, request=task.type), 8), NOW)
    found.judge(Candidate(parse_program("(sort x0)", LISTS, request=task.type), 2), NOW)
    assert not found.doubted
