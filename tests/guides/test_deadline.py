"""No guide breaks a limit: decoding, checking what was decoded and bridging end in time, and values have a size in all."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from neurosynth.guides.base import RuleGuide, TimedGuide, WeightedGrammar, within
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.decoding import beam, checking_budget
from neurosynth.guides.uniform import Uniform
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import parse_type


def language(sleep: float = 0.0) -> Language:
    """Lists that can become very long, and lists of lists that can become very large without being long."""
    made = Language("long")

    def flat(f: Any, xs: Any) -> Any:
        return [y for x in xs for y in f(x)]

    def slow(n: int) -> int:
        time.sleep(sleep)
        return n

    for name, type_, function in (
        ("flat", "(int -> list int) -> list int -> list int", flat),
        ("each", "(a -> b) -> list a -> list b", lambda f, xs: [f(x) for x in xs]),
        ("many", "a -> list a", lambda x: [x] * 3000),
        ("slow", "int -> int", slow),
        ("one", "int -> list int", lambda n: [n]),
    ):
        made.add(Primitive(name=name, type=parse_type(type_), function=function))
    return made


TASK = Task([example([1, 2, 3], output=[7]), example([4, 5], output=[9])], "none such")


@dataclass(frozen=True, eq=False)
class SlowTokens:
    """A guide of tokens that takes its time over each step."""

    inner: UniformTokens
    seconds: float
    name: str = "slow tokens"
    steps: list[int] = field(default_factory=list)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.inner.vocabulary

    def start(self, task: Task) -> _SlowState:
        return _SlowState(self, self.inner.start(task))


@dataclass(frozen=True)
class _SlowState:
    guide: SlowTokens
    inner: Any

    def log_probs(self) -> np.ndarray:
        time.sleep(self.guide.seconds)
        self.guide.steps.append(1)
        found: np.ndarray = self.inner.log_probs()
        return found

    def advance(self, parents: np.ndarray, tokens: np.ndarray) -> _SlowState:
        return _SlowState(self.guide, self.inner.advance(parents, tokens))


def slow_tokens(seconds: float) -> SlowTokens:
    return SlowTokens(UniformTokens(Vocabulary(language())), seconds)


# --- values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "type_", "size"),
    [
        ("(many (many x0))", "int -> list (list int)", 3_000),  # 9 million, though no list is long
        ("(many (many (many x0)))", "int -> list (list (list int))", 10_000),
        ("(many (many x0))", "string -> list (list string)", 10_000),
    ],
)
def test_a_value_is_as_large_as_all_within_it(text: str, type_: str, size: int) -> None:
    program = parse_program(text, language(), request=type_)
    begun = time.process_time()
    given: Any = 1 if type_.startswith("int") else "abc"
    assert Evaluator(Budget(size=size)).run(program, (given,)) is UNDEFINED
    assert time.process_time() - begun < 1.0


def test_within_the_budget_nested_lists_are_values() -> None:
    program = parse_program("(many (one x0))", language(), request="int -> list (list int)")
    assert Evaluator(Budget(size=3_000)).run(program, (1,)) == ((1,),) * 3_000
    texts = parse_program("(many x0)", language(), request="string -> list string")
    assert Evaluator(Budget(size=3_000)).run(texts, ("abcd",)) == ("abcd",) * 3_000
    assert Evaluator(Budget(size=3_000)).run(texts, ("abcdefghijk",)) is UNDEFINED


def test_what_a_decoded_program_may_use_is_what_search_may() -> None:
    budget = checking_budget(TASK)
    assert (budget.size, budget.bits, budget.steps) == (10_000, 62, 50_000)
    long = Task([example(list(range(9_000)), output=1)])
    assert checking_budget(long).size == 18_000


# --- deadlines -----------------------------------------------------------------------------------------------------


def test_a_value_that_is_late_is_undefined() -> None:
    program = parse_program("(each (lambda (a) (slow a)) (many x0))", language(0.002), request="int -> list int")
    begun = time.perf_counter()
    assert Evaluator(deadline=begun + 0.05).run(program, (1,)) is UNDEFINED
    assert time.perf_counter() - begun < 3.0  # of six seconds
    short = parse_program("(slow x0)", language(), request="int -> int")
    assert Evaluator(deadline=time.perf_counter() + 60).run(short, (1,)) == 1


@pytest.mark.parametrize("deadline", [math.inf, 1e12])
@pytest.mark.parametrize("steps", [1, 63, 64, 65, 128, 1000])
def test_steps_are_counted_the_same_with_a_deadline_and_without(steps: int, deadline: float) -> None:
    program = parse_program("(each (lambda (a) (slow a)) x0)", language(), request="list int -> list int")
    evaluator = Evaluator(Budget(steps=steps), deadline=deadline)
    fits, beyond = (0,) * (steps - 1), (0,) * steps
    for _ in range(2):
        assert evaluator.run(program, (fits,)) == fits
        assert evaluator.run(program, (beyond,)) is UNDEFINED


def test_decoding_ends_at_the_deadline_with_what_there_is() -> None:
    guide, grammar = slow_tokens(0.03), task_grammar(TASK, language())
    begun = time.perf_counter()
    report = beam(guide, TASK, grammar, width=40, max_tokens=40, deadline=begun + 0.2)
    assert time.perf_counter() - begun < 2.0
    assert not report.whole
    assert len(guide.steps) < 12
    assert beam(slow_tokens(0.0), TASK, grammar, width=4, max_tokens=4).whole


def test_a_deadline_that_is_over_decodes_nothing() -> None:
    guide = slow_tokens(0.0)
    report = beam(guide, TASK, task_grammar(TASK, language()), deadline=time.perf_counter() - 1)
    assert (len(report), report.whole, guide.steps) == (0, False, [])


def test_a_bridge_answers_in_time_with_a_whole_distribution() -> None:
    bridge, grammar = Bridge(slow_tokens(0.03), width=40), task_grammar(TASK, language())
    assert isinstance(bridge, TimedGuide)
    begun = time.perf_counter()
    weighted = within(bridge, 0.15).predict(TASK, grammar)
    assert time.perf_counter() - begun < 2.0
    totals: dict[Any, float] = {}
    for production, logprob in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True):
        totals[production.target] = totals.get(production.target, 0.0) + math.exp(logprob)
    assert all(total == pytest.approx(1.0) for total in totals.values())


def test_a_guide_that_cannot_be_told_is_asked_as_it_is() -> None:
    uniform = Uniform()
    assert within(uniform, 1.0) is uniform
    assert not isinstance(uniform, TimedGuide)


@dataclass(frozen=True)
class Told:
    """A rule guide that says how long it was given."""

    given: list[float]
    seconds: float = math.inf
    name: str = "told"

    def within(self, seconds: float) -> RuleGuide:
        return Told(self.given, seconds)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        self.given.append(self.seconds)
        return Uniform().predict(task, grammar)


def test_a_search_says_how_long_a_guide_may_take() -> None:
    given: list[float] = []
    synthesize(TASK, language(), guide=Told(given), search=BottomUp(), limits=Limits(seconds=0.3))
    assert 0.1 < given[0] <= 0.3


def test_a_slow_guide_does_not_break_the_limit_of_a_search() -> None:
    begun = time.perf_counter()
    synthesize(TASK, language(), guide=slow_tokens(0.05), search=BottomUp(), limits=Limits(seconds=0.5))
    assert time.perf_counter() - begun < 3.0
