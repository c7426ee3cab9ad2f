"""Best-first search: a table task => program, the order a guide gives, limits, and what it shares with other searches."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.contexts import refine
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.pcfg import PCFG
from neurosynth.guides.uniform import uniform
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import load
from neurosynth.search.base import Limits, Outcome, SearchRequest, StopReason
from neurosynth.search.best_first.search import BestFirst
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Example, Task
from neurosynth.testing import check_search
from neurosynth.values.types import parse_type

Row = tuple[Any, ...]
LISTS: tuple[Row, ...] = (([3, 1, 2],), ([10, -4],), ([5],), ([7, 7, 0, 9],), ([2, 2, -8, 1, 60],))
NAMES: tuple[Row, ...] = (("Ada Lovelace",), ("Alan M Turing",), ("Grace Hopper",))
BYTES: tuple[Row, ...] = ((0x0F,), (0xF0,), (0x2C,), (0xFF,), (0x80,))


def task(language: str, type_: str, function: Callable[..., Any], *rows: Row) -> Task:
    """A task that a Python function gives the outputs of."""
    return Task([Example(row, function(*row)) for row in rows], language=language, type=parse_type(type_))


def grammar_of(given: Task) -> Grammar:
    assert given.type is not None
    return compile_grammar(load("languages", str(given.language)), given.type, inputs=given.inputs)


def search(
    given: Task, config: BestFirst | None = None, weighted: WeightedGrammar | None = None, **options: Any
) -> Outcome:
    """The outcome of best-first search within a minute, or what ``options`` say."""
    more = {k: options.pop(k) for k in ("top", "progress", "seed") if k in options}
    limits = Limits(**{"seconds": 60, **options})
    request = SearchRequest(task=given, grammar=grammar_of(given), limits=limits, weighted=weighted, **more)
    return (config or BestFirst()).run(request)


TABLE: list[tuple[Task, str]] = [
    (task("lists", "list int -> list int", lambda xs: xs, *LISTS), "x0"),
    (task("lists", "list int -> int", sum, *LISTS), "(sum x0)"),
    (task("lists", "list int -> int", lambda xs: 4, *LISTS), "4"),
    (task("lists", "list int -> list int", lambda xs: sorted(xs)[::-1], *LISTS), "(reverse (sort x0))"),
    (task("lists", "list int -> list int", lambda xs: [x * x for x in xs], *LISTS), "(map (lambda (a) (* a a)) x0)"),
    (task("strings", "string -> string", lambda s: s.split()[0], *NAMES), "(str.word x0 0)"),
    (task("bitvectors", "bitvec 8 -> bitvec 8", lambda x: x & -x & 0xFF, *BYTES), "(bvand x0 (bvneg x0))"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "program"), TABLE, ids=[p for _, p in TABLE])
def test_task_gives_program(given: Task, program: str) -> None:
    outcome = search(given)
    assert outcome.stop is StopReason.SOLVED
    assert [str(p) for p in outcome.programs] == [program]
    assert outcome.stats.first_solved is not None
    assert outcome.closest_share == 1.0


def test_keeps_what_a_search_promises() -> None:
    check_search(BestFirst())


def test_objects_and_compiled_loops_find_the_same() -> None:
    given = task("lists", "list int -> int", lambda xs: max(xs) - min(xs), *LISTS)
    found = [search(given, BestFirst(compiled=c, object_cells=n)) for c, n in ((False, 1), (True, 0))]
    assert [str(p) for o in found for p in o.programs] == ["(- (maximum x0) (minimum x0))"] * 2
    assert [o.trace[-1]["compiled"] for o in found] == [False, True]


# --- what a guide says --------------------------------------------------------------------------------------------


def guided(given: Task, **factors: float) -> WeightedGrammar:
    """The uniform probabilities of a task's grammar, those of named primitives multiplied."""
    even = uniform(grammar_of(given))
    factor = [factors.get(p.head.name, 1.0) if isinstance(p.head, Primitive) else 1.0 for p in even.grammar.productions]
    with np.errstate(divide="ignore"):
        weights = np.exp(even.logprobs) * factor
        index = {n: i for i, n in enumerate(even.grammar.nonterminals)}
        targets = np.array([index[p.target] for p in even.grammar.productions])
        return WeightedGrammar(even.grammar, np.log(weights / np.bincount(targets, weights)[targets]))


LAST = task("lists", "list int -> int", lambda xs: xs[-1], *LISTS)


def test_the_likelier_of_two_right_programs_is_found_first() -> None:
    assert [str(p) for p in search(LAST, weighted=guided(LAST, last=50.0)).programs] == ["(last x0)"]
    turned = guided(LAST, last=1e-6, reverse=50.0, head=50.0)
    assert [str(p) for p in search(LAST, weighted=turned).programs] == ["(head (reverse x0))"]


def test_impossible_productions_are_not_used() -> None:
    found = search(LAST, weighted=guided(LAST, last=0.0), top=5, seconds=2)
    assert found.programs
    assert not any("last" in str(p) for p in found.programs)


def test_what_is_returned_comes_in_order_of_probability() -> None:
    even = uniform(grammar_of(LAST))
    config = BestFirst(resolution=0.01)
    found = search(LAST, config, weighted=even, top=8, seconds=3).programs
    logprobs = [derivation_logprob(even, p) or -math.inf for p in found]
    assert len(found) == 8
    assert all(b <= a + 0.2 for a, b in itertools.pairwise(logprobs))


def test_a_guide_that_knows_saves_candidates() -> None:
    given = task("lists", "list int -> list int", lambda xs: sorted(x * x for x in xs), *LISTS)
    language = load("languages", "lists")
    texts = ("(sort (map (lambda (a) (* a a)) x0))", "(sort (filter (lambda (a) (> a 0)) x0))")
    corpus = [parse_program(text, language, request=given.type) for text in texts]
    weighted = PCFG().fit(corpus, language).predict(given, grammar_of(given))
    unguided, with_guide = search(given), search(given, weighted=weighted)
    assert with_guide.stop is unguided.stop is StopReason.SOLVED
    assert with_guide.stats.programs_tried * 3 < unguided.stats.programs_tried


def test_a_non_terminal_a_context_gives_the_same_programs() -> None:
    given = task("lists", "list int -> list int", lambda xs: sorted(xs)[::-1], *LISTS)
    refined = uniform(refine(grammar_of(given)).grammar)
    assert [str(p) for p in search(given, weighted=refined).programs] == ["(reverse (sort x0))"]


def test_probabilities_that_leave_no_program_are_an_error() -> None:
    given = uniform(grammar_of(LAST))
    with pytest.raises(InputError, match="the probabilities leave no program of 'int'"):
        search(LAST, weighted=WeightedGrammar(given.grammar, np.full(len(given.logprobs), -np.inf)))


# --- limits, examples, trace --------------------------------------------------------------------------------------


def test_programs_wrong_on_examples_left_out_are_refuted() -> None:
    rows = [([k] * (k % 3) + [k + 1],) for k in range(40)] + [([9, 1],)]
    given = task("lists", "list int -> int", max, *rows)
    outcome = search(given, BestFirst(examples=3))
    assert [str(p) for p in outcome.programs] == ["(maximum x0)"]


def test_the_trace_has_a_row_a_nat() -> None:
    outcome = search(task("lists", "list int -> int", lambda xs: sum(xs) * 37 - 11, *LISTS), max_programs=3000)
    assert outcome.stop is StopReason.PROGRAMS
    costs = [row["cost"] for row in outcome.trace]
    assert costs == sorted(costs)
    assert {"cost", "programs_tried", "values_kept", "seconds", "memory_mb"} <= set(outcome.trace[0])
    assert outcome.closest is not None
    assert outcome.closest_share < 1


def test_an_interrupted_search_says_so() -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    outcome = search(task("lists", "list int -> int", lambda xs: sum(xs) * 37 - 11, *LISTS), progress=interrupt)
    assert outcome.stop is StopReason.INTERRUPTED


def test_a_space_whose_values_repeat_is_exhausted() -> None:
    language = Language("turn")

    @language.primitive
    def opposite(b: bool) -> bool:
        """The other one."""
        return not b

    given = Task([Example((True,), True), Example((False,), True)], type=parse_type("bool -> bool"))
    assert given.type is not None
    grammar = compile_grammar(language, given.type, inputs=given.inputs)
    outcome = BestFirst().run(SearchRequest(task=given, grammar=grammar, limits=Limits()))
    assert outcome.stop is StopReason.EXHAUSTED
    assert outcome.stats.values_kept == 2


def test_it_is_a_search_for_synthesize() -> None:
    result = synthesize(LAST, "lists", guide="uniform", search=BestFirst())
    assert result.search == "best-first"
    assert str(result.best) == "(last x0)"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"resolution": 0.0}, "resolution is 0.0; allowed: a positive number of nats"),
        ({"examples": 0}, "examples is 0; allowed: a positive number"),
    ],
)
def test_messages(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        BestFirst(**settings)
