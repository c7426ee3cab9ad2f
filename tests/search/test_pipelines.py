"""Long programs of the parts that a language declares as usual."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.base import RuleGuide, WeightedGrammar
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import NEVER, Grammar, Nonterminal
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Lambda, Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.usual import usual_functions, usual_primitives
from neurosynth.ranking.agreement import rank_by_agreement
from neurosynth.ranking.bits import program_bits, usual_bits
from neurosynth.search.base import Limits, Outcome, SearchRequest, StopReason
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.pipelines import HIGHEST, pipeline_request
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import Arrow, TypeConstructor
from neurosynth.work_clock import counted

LISTS = load_language("lists")
ROWS = ([3, -1, 4, 4, 7, -6], [1, 5, 2, -9, 8], [9, 2, -6, 5, 6, 1, 3], [-7, 7, 12, 4, -2])
LONG = "(drop (count (lambda (a) (even a)) x0) (map (lambda (a) (* a a)) (sort (map (lambda (a) (+ a 1)) x0))))"


def written(text: str, type_: str = "list int -> list int") -> Task:
    """The task that a program is right on."""
    program = parse_program(text, LISTS, request=type_)
    return Task([example(row, output=program(row)) for row in ROWS], text)


def asked(task: Task, language: Language | None = LISTS, guide: RuleGuide | None = None) -> SearchRequest | None:
    """The request of a search for usual parts."""
    grammar = task_grammar(task, LISTS)
    return pipeline_request(SearchRequest(task=task, grammar=grammar, limits=Limits(), language=language), guide)


@dataclass(frozen=True)
class Names:
    """Makes the primitives that have these names likely."""

    names: frozenset[str]
    name: str = "names"

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """A hundred times as likely as the others of their non-terminal."""
        odds = [100.0 if getattr(p.head, "name", "") in self.names else 1.0 for p in grammar.productions]
        totals: dict[Nonterminal, float] = {}
        for p, o in zip(grammar.productions, odds, strict=True):
            totals[p.target] = totals.get(p.target, 0.0) + o
        shares = [o / totals[p.target] for p, o in zip(grammar.productions, odds, strict=True)]
        return WeightedGrammar(grammar, np.log(shares))


@dataclass(frozen=True)
class Deferred:
    """A guide that cannot answer, with one of usual parts; ``broken``: why that one cannot be loaded."""

    parts: RuleGuide
    broken: str = ""
    name: str = "deferred"

    def usual(self) -> RuleGuide | None:
        """The guide of usual parts."""
        if self.broken:
            raise InputError(self.broken)
        return self.parts

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """None."""
        raise InputError("it reads no task")


def function(text: str) -> Program:
    """A function of numbers."""
    (found,) = [p for p in parse_program(f"(map {text} x0)", LISTS).subprograms() if isinstance(p, Lambda)]
    return found


def test_a_search_has_the_usual_primitives_and_functions_only() -> None:
    request = asked(written(LONG))
    assert request is not None
    closed = [p for p in request.grammar.productions if not p.target.scope and isinstance(p.head, Primitive)]
    assert {p.head.name for p in closed if isinstance(p.head, Primitive)} <= usual_primitives(LISTS)
    assert all(p.cost == NEVER for p in request.grammar.productions if p.target.scope)
    planted = {program: cost for _, program, cost in request.planted}
    assert planted == dict.fromkeys(usual_functions(LISTS), 1)


def test_an_operation_costs_the_same_with_and_without_a_function() -> None:
    request = asked(written(LONG))
    assert request is not None
    for p in request.grammar.productions:
        if not p.target.scope and isinstance(p.head, Primitive):
            assert p.cost + sum(isinstance(a.type, Arrow) for a in p.arguments) == 2


def test_what_a_guide_calls_likely_costs_less() -> None:
    request = asked(written(LONG), guide=Names(frozenset({"sort", "map", "*"})))
    assert request is not None
    costs = {
        p.head.name: p.cost
        for p in request.grammar.productions
        if not p.target.scope and isinstance(p.head, Primitive) and isinstance(p.target.type, TypeConstructor)
    }
    assert costs["sort"] == costs["map"] == 1
    assert all(costs[name] > 1 for name in ("reverse", "filter", "scan"))
    assert all(1 <= cost <= HIGHEST for cost in costs.values())
    functions = {str(program): cost for _, program, cost in request.planted}
    assert functions.keys() == {str(f) for f in usual_functions(LISTS)}
    assert functions["(lambda (a) (* a 2))"] < functions["(lambda (a) (div a 2))"] <= HIGHEST
    assert functions["(lambda (a) (even a))"] == functions["(lambda (a) (odd a))"]  # four alike


def test_a_guide_that_says_nothing_makes_alternatives_cost_the_same() -> None:
    request = asked(written(LONG), guide=Uniform())
    assert request is not None
    by_target: dict[Nonterminal, set[int]] = {}
    for p in request.grammar.productions:
        if not p.target.scope and isinstance(p.head, Primitive):
            by_target.setdefault(p.target, set()).add(p.cost)
    assert all(len(costs) == 1 for costs in by_target.values())
    costs = {str(program): cost for _, program, cost in request.planted}
    assert costs["(lambda (a) (even a))"] == costs["(lambda (a) (odd a))"]
    assert len({costs[f"(lambda (a b) ({f} a b))"] for f in ("+", "-", "*", "min2", "max2")}) == 1


def test_a_guide_that_refines_the_grammar_is_refused() -> None:
    class Refining(Uniform):
        def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
            return super().predict(task, replace(grammar))

    with pytest.raises(InputError, match="refines the grammar; allowed for usual parts"):
        asked(written(LONG), guide=Refining())


def candidates(deferred: RuleGuide | None, task: Task) -> tuple[int, Outcome]:
    """Programs tried until a search for usual parts alone finds one, and its outcome."""
    soon = PortfolioConfig(pipelines_after=0.0, guide_after=10**9)
    grammar = task_grammar(task, LISTS)
    request = SearchRequest(task=task, grammar=grammar, limits=Limits(seconds=20), language=LISTS, deferred=deferred)
    with counted():
        outcome = Auto(policy=soon, decoders=()).run(request)
    assert outcome.stats.first_solved is not None
    return outcome.stats.first_solved, outcome


def test_a_guide_of_usual_parts_saves_candidates() -> None:
    task = written(LONG)
    guide = Names(frozenset({"drop", "count", "even", "map", "*", "sort", "+"}))
    guided, _ = candidates(Deferred(guide), task)
    plain, _ = candidates(None, task)
    assert guided < plain


def test_without_the_guide_of_usual_parts_the_search_goes_on_and_says_why() -> None:
    found, outcome = candidates(Deferred(Uniform(), broken="its file is damaged"), written(LONG))
    plain, _ = candidates(None, written(LONG))
    assert found == plain
    assert {"guide": "usual parts", "error": "its file is damaged"} in outcome.trace


def test_there_is_none_without_usual_parts_or_where_they_make_no_output() -> None:
    task = written(LONG)
    assert asked(task, None) is None
    assert asked(task, Language("bare")) is None
    assert asked(written("(contains 4 x0)", "list int -> bool")) is None


def test_a_search_for_a_small_space_ends() -> None:
    task = Task([example(n, output=n * n + 7) for n in (3, 5, 8)], "numbers")
    request = asked(task)
    assert request is not None
    outcome = Auto(pipelines=False)._run(request, compiled=True)
    assert outcome.stop is StopReason.EXHAUSTED
    assert outcome.trace[-1]["cost"] < NEVER


def test_a_long_program_is_found() -> None:
    task = written(LONG)
    soon = PortfolioConfig(pipelines_after=0.0)
    with counted():
        result = synthesize(task, LISTS, guide="uniform", search=Auto(policy=soon), limits=Limits(seconds=20))
    assert result.solved
    assert result.findings is not None
    assert "usual parts of pipelines" in result.source(result.solutions[0])
    rest = [[2, 4, -8, 1, 5], [0, 0, 3], [7, 5, 5, 2, -1, 6]]
    wanted = parse_program(LONG, LISTS, request="list int -> list int")
    assert [result.best(row) for row in rest] == [wanted(row) for row in rest]


def test_a_usual_function_takes_as_few_bits_as_a_primitive() -> None:
    usual = usual_functions(LISTS, either_order=True)
    for text in ("(lambda (a) (div a 2))", "(lambda (a) (+ 1 a))", "(lambda (a) (neg a))"):
        f = function(text)
        assert program_bits(f, ()) - usual_bits(f, usual) == 5.0
    rare = function("(lambda (a) (mod a 7))")
    assert usual_bits(rare, usual) == 0.0
    assert usual_bits(function("(lambda (a) (neg a))"), ()) == 0.0


def test_usual_functions_are_preferred_to_others_of_the_same_size() -> None:
    task = Task([example([2, 4, 6], output=[1, 2, 3]), example([8, 4], output=[4, 2])])
    usual = parse_program(
        "(map (lambda (a) (div a 2)) (map (lambda (a) (neg a)) (map (lambda (a) (neg a)) x0)))", LISTS
    )
    other = parse_program("(map (lambda (a) (div a 2)) (map (lambda (a) (abs a)) x0))", LISTS)
    assert rank_by_agreement(task, [usual, other]).programs[0] == other
    named = usual_functions(LISTS)
    costs = {p: program_bits(p, task.examples) - usual_bits(p, named) for p in (usual, other)}
    assert costs[usual] - costs[other] < program_bits(usual, ()) - program_bits(other, ())


def test_either_order_exchanges_commutative_arguments_only() -> None:
    texts = {str(f) for f in usual_functions(LISTS, either_order=True)}
    assert "(lambda (a b) (max2 b a))" in texts
    assert "(lambda (a b) (- b a))" not in texts
    assert {str(f) for f in usual_functions(LISTS)} < texts
    assert all(isinstance(f, Lambda) and isinstance(f.body, Apply) for f in usual_functions(LISTS))


@pytest.mark.parametrize(
    ("primitives", "functions", "error", "message"),
    [
        (("tripled",), {}, UnknownNameError, "tripled"),
        (("doubled",), {"int": ("3",)}, InputError, "usual functions of type int; allowed: an arrow, as in int -> int"),
    ],
)
def test_a_wrong_declaration_is_named(
    primitives: tuple[str, ...], functions: dict[str, tuple[str, ...]], error: type[Exception], message: str
) -> None:
    language = Language("snippets")

    @language.primitive
    def doubled(n: int) -> int:
        """Twice n."""
        return 2 * n

    with pytest.raises(error, match=message):
        language.usual(primitives, functions)
