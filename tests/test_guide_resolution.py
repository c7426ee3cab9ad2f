"""Guides in the search: named ones from the start, automatic ones once easy programs were tried, files, wrong kinds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from neurosynth.cli import main
from neurosynth.errors import InputError
from neurosynth.guide_resolution import resolve_guide, with_constants
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.ngram import NGram
from neurosynth.guides.pcfg import PCFG
from neurosynth.guides.uniform import Uniform, uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.by_guide import logprob
from neurosynth.search.base import Limits, Needs, Outcome, Progress, SearchRequest, StopReason
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.candidates import Candidate
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.pool import Situation, SolutionPool
from neurosynth.search.portfolio import Auto
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import INT

LISTS = load_language("lists")
SUM = Task([example([1, 2, 3], output=6), example([4], output=4)], "sum")
ROWS = ([3, 1, 2], [5, 4, 9], [7, 7, 1, 2], [6, -3], [8, 2, 2, 9], [-4, -9, 3], [11, 5, 6, 1], [0, 10], [2, -7, 4, 12])
DEEP = Task(
    [example(xs, output=sum(sorted(x * x for x in xs)[:2]) - max(xs)) for xs in ROWS],
    "deep",
)


def programs(*texts: str, task: Task = SUM) -> list:  # type: ignore[type-arg]
    return [parse_program(t, LISTS, request=task.type) for t in texts]


@pytest.fixture
def prior(tmp_path: Path) -> Path:
    file = tmp_path / "prior.json"
    PCFG().fit(programs(*["(maximum (reverse x0))"] * 30), LISTS).save(file)
    return file


@dataclass
class Told:
    """A deferred guide that says what it is told to, and when it was asked."""

    texts: tuple[str, ...] = ()
    error: str = ""
    name: str = "told"
    asked: int = field(default=0, init=False)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        self.asked += 1
        if self.error:
            raise InputError(self.error)
        return replace(uniform(grammar), found=tuple(programs(*self.texts, task=task)), tried=7)


def request(task: Task, guide: Told, seconds: float) -> SearchRequest:
    limits = Limits(seconds=seconds)
    return SearchRequest(task=task, grammar=task_grammar(task, LISTS), limits=limits, deferred=guide)


# --- guides that are named ----------------------------------------------------------------------------------------


def test_a_guide_that_counts_sets_the_costs(prior: Path) -> None:
    grammar = task_grammar(SUM, LISTS)
    guided = resolve_guide(str(prior), SUM, LISTS, grammar, BottomUp())
    costs = {p.head.name: p.cost for p in guided.grammar.productions if isinstance(p.head, Primitive)}
    assert costs["maximum"] < costs["sum"]
    assert guided.seconds > 0


@pytest.mark.parametrize("search", ["auto", "bottom-up"])
def test_the_result_names_the_guide_and_gives_its_probability(prior: Path, search: str) -> None:
    result = synthesize(SUM, "lists", guide=str(prior), search=search)
    assert (str(result.best), result.guide) == ("(sum x0)", "pcfg")
    grammar = task_grammar(SUM, LISTS)
    assert result.best.logprob == logprob(result.best.program, SUM, load_guide(prior), grammar)
    assert result.best.logprob != synthesize(SUM, "lists", guide="uniform", search=search).best.logprob
    assert result.stats.guide_seconds > 0


def test_a_sequence_guide_is_bridged_and_its_decoded_programs_count_as_tried() -> None:
    guide = NGram(n=2).fit(programs(*["(sum (reverse x0))"] * 5, "(sum x0)"), LISTS)
    result = synthesize(SUM, "lists", guide=guide, search="bottom-up")
    assert str(result.best) == "(sum x0)"
    assert result.guide == guide.name
    assert result.stats.first_solved is not None
    assert 1 <= result.stats.first_solved <= 128


def test_what_a_guide_found_is_returned_even_where_the_search_brings_nothing() -> None:
    @dataclass(frozen=True)
    class Nothing:
        name: str = "nothing"
        needs: Needs = "rules"

        def run(self, request: SearchRequest) -> Outcome:
            return Outcome(StopReason.TIME)

    guide = NGram(n=2).fit(programs("(sum x0)"), LISTS)
    result = synthesize(SUM, "lists", guide=guide, search=Nothing())
    assert (str(result.best), result.stop) == ("(sum x0)", StopReason.SOLVED)


def test_a_rule_guide_cannot_guide_a_search_over_tokens() -> None:
    @dataclass(frozen=True)
    class Tokens:
        name: str = "tokens"
        needs: Needs = "sequence"

        def run(self, request: SearchRequest) -> Outcome:
            assert request.sequence is not None
            return Outcome(StopReason.TIME)

    assert synthesize(SUM, "lists", guide="uniform", search=Tokens()).guide == "uniform tokens"
    with pytest.raises(
        InputError,
        match=r"search 'tokens' needs a guide that gives probabilities to tokens.*'uniform' weights productions",
    ):
        synthesize(SUM, "lists", guide=Uniform(), search=Tokens())


def test_a_guide_of_another_language_is_refused(prior: Path) -> None:
    with pytest.raises(InputError, match="a guide for language 'lists', not 'strings'"):
        synthesize(Task([example("a", output="A")]), "strings", guide=str(prior))


def test_constants_of_the_grammar_reach_the_guide() -> None:
    task = Task([example([1, 2], output=[1, 2, 77]), example([3], output=[3, 77])])
    known = with_constants(task, LISTS, task_grammar(task, LISTS))
    assert Constant(77, INT) in known.constants
    assert with_constants(known, LISTS, task_grammar(task, LISTS)) is known


# --- guides that are asked late -----------------------------------------------------------------------------------


@pytest.mark.parametrize("search", [Auto(), BottomUp()])
def test_an_easy_task_does_not_wait_for_a_late_guide(search: Auto | BottomUp) -> None:
    guide = Told()
    outcome = search.run(request(SUM, guide, 10.0))
    assert (outcome.stop, guide.asked, outcome.weighted) == (StopReason.SOLVED, 0, None)


def test_what_a_late_guide_found_ends_a_hard_search() -> None:
    hard = "(- (sum (take 2 (sort (map (lambda (a) (* a a)) x0)))) (maximum x0))"
    guide = Told((hard,))
    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.01)).run(request(DEEP, guide, 8.0))
    assert (outcome.stop, guide.asked) == (StopReason.SOLVED, 1)
    assert hard in map(str, outcome.programs)
    assert outcome.weighted is not None
    assert outcome.stats.first_solved is not None


def test_a_late_guide_is_asked_once_and_never_believed() -> None:
    guide = Told(("(sum x0)",))
    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.1), compiled=False).run(request(DEEP, guide, 0.6))
    assert guide.asked == 1
    assert "(sum x0)" not in map(str, outcome.programs)


def test_a_guide_that_does_not_help_costs_its_turn_and_nothing_that_was_enumerated() -> None:
    search = BottomUp(policy=PortfolioConfig(guide_phase_after=0.1, guide_phase_until=0.5), compiled=False)
    outcome = search.run(request(DEEP, Told(), 1.5))
    guided = [row for row in outcome.trace if row.get("guide") == "told"]
    own = [row for row in outcome.trace if "guide" not in row]
    assert [row["cost"] for row in guided][:2] == [1, 2]
    assert [row["cost"] for row in own] == sorted({row["cost"] for row in own})  # never begun again
    assert outcome.stats.values_kept >= own[-1]["values_kept"] + guided[-1]["values_kept"]
    helped = search.run(request(DEEP, Told(("(+ 1 (- (sum x0) (sum x0)))",)), 1.5))
    assert helped.stats.first_solved is None  # what it says is not right either


@dataclass
class Leaning(Told):
    """A deferred guide that makes the primitives of one program likely."""

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        return PCFG().fit(programs(*self.texts, task=task) * 200, LISTS).predict(task, grammar)


def test_what_is_found_in_the_guides_turn_is_counted_on_and_ends_the_search() -> None:
    told = "(- (sum (take 2 (sort (map (lambda (a) (* a a)) x0)))) (maximum x0))"
    seen: list[Progress] = []
    given = replace(request(DEEP, Leaning((told,)), 30.0), progress=seen.append)
    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.01)).run(given)
    assert (outcome.stop, outcome.weighted is not None) == (StopReason.SOLVED, True)
    assert outcome.stats.seconds < 12.0
    first = outcome.stats.first_solved
    assert first is not None
    assert 1000 < first <= outcome.stats.programs_tried
    tried = [p.programs_tried for p in seen]
    assert tried == sorted(tried)


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_the_costs_of_a_guide_that_got_no_example_right_are_not_searched_with(share: float) -> None:
    @dataclass
    class Sharing(Told):
        def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
            return replace(super().predict(task, grammar), share=share)

    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.05), compiled=False).run(
        request(DEEP, Sharing(), 1.0)
    )
    rows = [row for row in outcome.trace if row.get("guide") == "told"]
    assert (rows == [{"guide": "told", "share": 0.0}]) is (share == 0)
    assert len(rows) >= 1
    assert outcome.weighted is not None


def test_a_program_that_memorises_ends_the_guides_turn_and_not_the_search() -> None:
    task = Task([example(xs, output=sorted(xs)[-2]) for xs in ([3, 9, 5], [1, 2], [8, 4, 6, 2], [10, 0, 20, 5, 1])])
    rote, plain = programs(
        "(if (odd (maximum x0)) (last x0) (if (all (lambda (a) (even a)) x0) 6 (head x0)))", "(last (init (sort x0)))",
        task=task,
    )  # fmt: skip
    held = [Candidate(rote, 13, leaves=3)]
    pool = SolutionPool(task.examples, seconds=10.0)
    decision = pool.adopt([rote], held, Situation(left=10.0))
    assert (pool.pending, pool.open, decision.stop) == (held, True, False)
    assert decision.until > 7
    decision = pool.adopt([rote, plain], held, Situation(left=10.0))
    assert (pool.accepted, decision.stop) == ([plain], True)


def test_programs_are_limited_over_both_searches() -> None:
    limits = Limits(seconds=20.0, max_programs=60_000)
    given = replace(request(DEEP, Told(), 20.0), limits=limits)
    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.005), compiled=False).run(given)
    assert outcome.stop is StopReason.PROGRAMS
    assert 60_000 <= outcome.stats.programs_tried < 61_000


def test_a_late_guide_that_cannot_guide_the_task_is_noted_and_the_search_goes_on() -> None:
    guide = Told(error="the window is too small")
    outcome = BottomUp(policy=PortfolioConfig(guide_phase_after=0.1), compiled=False).run(request(DEEP, guide, 0.6))
    assert {"guide": "told", "error": "the window is too small"} in outcome.trace
    assert (guide.asked, outcome.weighted) == (1, None)
    assert outcome.stats.programs_tried > 1000


# --- on the command line ------------------------------------------------------------------------------------------


def test_solve_takes_a_file(prior: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"examples": [{"inputs": [[1, 2, 3]], "output": 6}, {"inputs": [[4]], "output": 4}]}))
    with pytest.raises(SystemExit) as end:
        main(["solve", str(file), "--guide", str(prior)])
    assert end.value.code == 0
    assert "guide pcfg" in capsys.readouterr().out
