"""The checks for plugins pass what is shipped, and catch each way a plugin can be broken."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from neurosynth.guides.base import GuideState, WeightedGrammar
from neurosynth.guides.uniform import Uniform, uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import A, Language
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.plugins import available, load
from neurosynth.search.base import Needs, Outcome, SearchRequest, StopReason
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks.task import Task
from neurosynth.testing import check_guide, check_language, check_search
from neurosynth.testing.tiny import tiny
from tests import broken_kernels
from tests.strategies import tiny as tiny_of_everything


@pytest.mark.parametrize(
    "name", ["lists", *(pytest.param(n, marks=pytest.mark.slow) for n in ("bitvectors", "strings"))]
)
def test_shipped_languages_pass(name: str) -> None:
    check_language(load("languages", name))


@pytest.mark.parametrize("language", [tiny(), tiny_of_everything()], ids=["tiny", "of everything"])
def test_languages_without_kernels_pass(language: Language) -> None:
    check_language(language, seed=1)


# cover solves nothing in a language that offers no pieces, as the tiny one; it has tests of its own
@pytest.mark.parametrize(
    "name", sorted(n for n, p in available("searches").items() if p.distribution == "neurosynth-pbe" and n != "cover")
)
def test_shipped_searches_pass(name: str) -> None:
    check_search(load("searches", name)())


def test_a_search_on_objects_passes() -> None:
    check_search(BottomUp(compiled=False, join=False))


def test_the_uniform_guide_passes() -> None:
    check_guide(Uniform())
    check_guide(Uniform(), language=load("languages", "lists"))


def test_an_n_gram_guide_passes() -> None:
    from neurosynth.guides.ngram import NGram

    language = load("languages", "lists")
    texts = ["(sum x0)", "(sum (map (lambda (a) (* a a)) x0))", "(take 2 (sort x0))", "(reverse (sort x0))"]
    check_guide(NGram(n=3).fit([parse_program(t, language, request=None) for t in texts], language))


# --- broken languages --------------------------------------------------------------------------------------------


def _language(function: Callable[..., Any], **options: Any) -> Language:
    language = Language("broken")
    language.primitive(**options)(function)
    language.constant(1, "int")
    return language


_counter = itertools.count()


def undocumented(a: int) -> int:
    return a


def text_for_number(a: int) -> int:
    """Says int, gives text."""
    return f"{a}"  # type: ignore[return-value]  # what is to be caught


def flag_for_number(a: int) -> int:
    """Says int, gives a bool."""
    return a > 0


def bug(a: int, b: int) -> int:
    """Raises what it does not declare."""
    return a // b


def moody(a: int) -> int:
    """Another value at every call."""
    return next(_counter)


def difference(a: int, b: int) -> int:
    """Not commutative."""
    return a - b


def doubled(xs: Sequence[A]) -> list[A]:
    """The list twice."""
    return [*xs, *xs]


def never(a: int) -> int:
    """Always undefined."""
    raise ValueError


def add(a: int, b: int) -> int:
    """Sum."""
    return a + b


BROKEN: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (undocumented, {}, "primitive undocumented has no docstring"),
    (text_for_number, {"type": "int -> string"}, ""),
    (text_for_number, {"type": "int -> list int"}, "returned '.*' .*, which is not a valid list int"),
    (flag_for_number, {}, "returned (True|False) .*, which is not a valid int"),
    (bug, {}, "raised ZeroDivisionError.*add raises=\\(ZeroDivisionError,\\)"),
    (bug, {"raises": (ZeroDivisionError,)}, ""),
    (moody, {}, "it must depend on its arguments alone"),
    (difference, {"commutative": True}, "but is declared commutative"),
    (difference, {}, ""),
    (doubled, {"size": len}, "of length .*, but size= said"),
    (doubled, {"size": lambda xs: 2 * len(xs)}, ""),
    (never, {"raises": (ValueError,)}, "undefined on all of 60 random calls"),
    (add, {"inverse": (lambda out, b: [out - b],)}, "inverse has 1 entries for 2 arguments"),
    (add, {"inverse": (lambda out, b: [out + b], None)}, "the inverse of argument 1 gives .* but .* gives"),
    (add, {"inverse": (None, lambda out, a: [])}, "the inverse of argument 2 gave no value"),
    (add, {"inverse": (None, lambda out, a: [out // 0])}, "the inverse of argument 2 raised ZeroDivisionError"),
    (add, {"inverse": (lambda out, b: [out - b], lambda out, a: [out - a])}, ""),
    (add, {"python": "{0} - {1}"}, "the python= templates of .* give"),
    (add, {"python": "{0} + {2}"}, "has no Python code: .* cannot be filled"),
    (add, {"python": "({0} + {1})"}, ""),
    (add, {"kernel": broken_kernels.subtract}, "primitive add : .* its kernel gives .* its function"),
    (add, {"kernel": broken_kernels.undefined}, "its function gives .* its kernel something else"),
    (add, {"kernel": broken_kernels.add}, ""),
    (add, {"kernel": broken_kernels.summed}, ""),
    (doubled, {"kernel": broken_kernels.twice}, ""),
    (
        add,
        {"kernel": broken_kernels.add, "inverse_kernels": (broken_kernels.add, None)},
        "its inverse kernel of argument 1 gives .* but with that the function gives",
    ),
    (
        add,
        {"kernel": broken_kernels.add, "inverse_kernels": (None, broken_kernels.undefined)},
        "its inverse kernel of argument 2 finds nothing",
    ),
    (
        add,
        {"kernel": broken_kernels.add, "inverse_kernels": (broken_kernels.subtract,) * 2},
        "",
    ),
    (doubled, {"kernel": broken_kernels.once}, "its function gives .* its kernel something else"),
    (add, {"kernel": lambda a, b: a + b}, "kernel is <lambda> of module .* no other module can import"),
    (
        add,
        {"kernel": broken_kernels.add, "inverse_kernels": (lambda out, b: out - b, None)},
        "inverse_kernels is <lambda> of module .* no other module can import",
    ),
    (doubled, {"kernel": broken_kernels.twice, "hash_kernel": partial(int)}, "hash_kernel is .*partial.* can import"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "options", "message"),
    BROKEN,
    ids=[f"{i} {f.__name__} {sorted(o)}" for i, (f, o, _) in enumerate(BROKEN)],
)
def test_a_broken_primitive_is_caught(function: Callable[..., Any], options: dict[str, Any], message: str) -> None:
    language = _language(function, **options)
    if not message:
        check_language(language)
        return
    with pytest.raises(AssertionError) as caught:
        check_language(language)
    assert re.search(message, str(caught.value), re.DOTALL), caught.value
    assert "language 'broken'" in str(caught.value)


def test_a_constant_of_the_wrong_type_is_caught() -> None:
    language = _language(add)
    language.constants.append((Constant("1", parse_program("1", language).type), 1))
    with pytest.raises(AssertionError, match="constant '1' is not a valid int"):
        check_language(language)


def test_what_is_no_language_or_an_empty_one_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"is not a neurosynth\.Language"):
        check_language(broken_kernels)  # type: ignore[arg-type]  # what is to be caught
    with pytest.raises(AssertionError, match="has no primitives"):
        check_language(Language("empty"))


# --- broken searches ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spoilt:
    """Bottom-up search whose request or outcome is tampered with."""

    request: Callable[[SearchRequest], SearchRequest] = lambda request: request
    outcome: Callable[[SearchRequest, Outcome], Outcome] = lambda request, outcome: outcome
    name: str = "spoilt"
    needs: Needs = "rules"

    def run(self, request: SearchRequest) -> Outcome:
        return self.outcome(request, BottomUp().run(self.request(request)))


@dataclass(frozen=True)
class Deaf:
    """Lets an interruption through."""

    name: str = field(default="deaf", init=False)
    needs: Needs = "rules"

    def run(self, request: SearchRequest) -> Outcome:
        outcome = BottomUp().run(request)
        if outcome.stop is StopReason.INTERRUPTED:
            raise KeyboardInterrupt
        return outcome


def _wrong(request: SearchRequest, outcome: Outcome) -> Outcome:
    outcome.programs = outcome.programs and [next(iter(request.grammar.enumerate(1)))]
    return outcome


def _changed(request: SearchRequest, outcome: Outcome) -> Outcome:
    texts = {str(p) for p in outcome.programs}
    if "(+ x0 1)" in texts and next(_counter) % 2:
        outcome.programs = [p for p in request.grammar.enumerate(3) if str(p) == "(+ 1 x0)"]
    return outcome


def _stopped(reason: StopReason, other: StopReason) -> Callable[[SearchRequest, Outcome], Outcome]:
    def change(request: SearchRequest, outcome: Outcome) -> Outcome:
        outcome.stop = other if outcome.stop is reason else outcome.stop
        return outcome

    return change


def _no_time(request: SearchRequest) -> SearchRequest:
    return replace(request, limits=replace(request.limits, seconds=request.limits.seconds * 6))


def _forgetful(request: SearchRequest, outcome: Outcome) -> Outcome:
    outcome.stats.seconds = 0.0
    return outcome


SPOILT: list[tuple[Any, str]] = [
    (Spoilt(name=""), "has no name"),
    (Spoilt(outcome=lambda request, outcome: None), "returned None, not an Outcome"),  # type: ignore[arg-type,return-value]
    (Spoilt(outcome=_forgetful), "stats.seconds was not filled in"),
    (Spoilt(outcome=_wrong), r"task '.*': returned .*, which gives .* on the example"),
    (Spoilt(outcome=_changed), "a seed must give the same again"),
    (Spoilt(request=_no_time), "took .* s of"),
    (Spoilt(outcome=_stopped(StopReason.SOLVED, StopReason.EXHAUSTED)), "not solved, stopped by"),
    (Spoilt(outcome=_stopped(StopReason.TIME, StopReason.EXHAUSTED)), "not TIME"),
    (Spoilt(outcome=_stopped(StopReason.PROGRAMS, StopReason.TIME)), "not PROGRAMS"),
    (Spoilt(outcome=_stopped(StopReason.MEMORY, StopReason.TIME)), "not MEMORY"),
    (Spoilt(outcome=_stopped(StopReason.EXHAUSTED, StopReason.TIME)), "not EXHAUSTED"),
    (Spoilt(request=lambda request: replace(request, progress=None)), "did not call progress"),
    (Deaf(), "KeyboardInterrupt left run"),
]


@pytest.mark.parametrize(("search", "message"), SPOILT, ids=[m for _, m in SPOILT])
def test_a_broken_search_is_caught(search: Any, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neurosynth.testing.searches.SECONDS", (0.2,))
    with pytest.raises(AssertionError, match=message):
        check_search(search)


def test_a_search_that_draws_need_not_exhaust_a_space() -> None:
    check_search(Spoilt(outcome=_stopped(StopReason.EXHAUSTED, StopReason.TIME)), exhaustive=False)


# --- broken guides -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rules:
    """The uniform guide, with its weights changed."""

    change: Callable[[WeightedGrammar], WeightedGrammar]
    name: str = "rules"

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        return self.change(uniform(grammar))


def _without_one(weighted: WeightedGrammar) -> WeightedGrammar:
    """A grammar that derives less."""
    kept = [p for p in weighted.grammar.productions if str(p.head) != "1"]
    return uniform(replace(weighted.grammar, productions=tuple(kept)))


def _noisy(weighted: WeightedGrammar) -> WeightedGrammar:
    first = weighted.grammar.by_target[weighted.grammar.productions[0].target]
    logprobs = weighted.logprobs.copy()
    rows = [i for i, p in enumerate(weighted.grammar.productions) if p in first]
    shares = np.random.default_rng(next(_counter)).random(len(rows))
    logprobs[rows] = np.log(shares / shares.sum())
    return WeightedGrammar(weighted.grammar, logprobs)


RULES: list[tuple[Callable[[WeightedGrammar], WeightedGrammar], str]] = [
    (lambda w: WeightedGrammar(w.grammar, w.logprobs - 0.1), "productions sum to 0.9"),
    (lambda w: WeightedGrammar(w.grammar, w.logprobs[:-1]), "one for each production"),
    (lambda w: WeightedGrammar(w.grammar, w.logprobs * np.nan), "a log-probability is nan"),
    (lambda w: WeightedGrammar(w.grammar, -w.logprobs), "above 0"),
    (_noisy, "asked again"),
    (_without_one, "does not derive 1"),
]


@pytest.mark.parametrize(("change", "message"), RULES, ids=[m for _, m in RULES])
def test_a_broken_rule_guide_is_caught(change: Callable[[WeightedGrammar], WeightedGrammar], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_guide(Rules(change))


@dataclass(eq=False)
class State:
    """Probabilities that depend on the whole prefix; ``fault`` says what is wrong."""

    width: int
    prefixes: list[tuple[int, ...]]
    fault: str = ""

    def log_probs(self) -> np.ndarray:
        rows = []
        for prefix in self.prefixes:
            drawn = np.random.default_rng([0, *prefix]).random(self.width)
            if self.fault == "random":
                drawn = np.random.default_rng(next(_counter)).random(self.width)
            total = drawn.sum() * (1.1 if self.fault == "sum" else 1)
            rows.append(np.log(drawn / total))
        if self.fault == "batch":
            rows = [rows[0]] * len(rows)
        found = np.array(rows, np.float32)
        return found[0] if self.fault == "shape" else found

    def advance(self, parents: np.ndarray, tokens: np.ndarray) -> GuideState:
        chosen = range(len(tokens)) if self.fault == "parents" else parents.tolist()
        longer = [(*self.prefixes[p % len(self.prefixes)], t) for p, t in zip(chosen, tokens.tolist(), strict=True)]
        if self.fault == "in place":
            self.prefixes = longer
            return self
        return State(self.width, longer, self.fault)


@dataclass(frozen=True, eq=False)
class Sequences:
    """A sequence guide with a fault."""

    vocabulary: Vocabulary
    fault: str = ""
    name: str = "sequences"

    def start(self, task: Task) -> GuideState:
        return State(len(self.vocabulary), [()], self.fault)


FAULTS = [
    ("sum", "sum to 0.909"),
    ("random", "started again"),
    ("batch", "than one by one"),
    ("parents", "mixes up prefixes"),
    ("in place", "than one by one|changed the state"),
    ("shape", r"not \(1, .*\) = \(B, V\)"),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_a_broken_sequence_guide_is_caught(fault: str, message: str) -> None:
    vocabulary = Vocabulary(tiny())
    check_guide(Sequences(vocabulary))
    with pytest.raises(AssertionError, match=message):
        check_guide(Sequences(vocabulary, fault))


def test_a_sequence_guide_of_another_language_is_caught() -> None:
    with pytest.raises(AssertionError, match="speaks language 'check', not the given 'strings'"):
        check_guide(Sequences(Vocabulary(tiny())), language=load("languages", "strings"))


def test_what_is_no_guide_is_caught() -> None:
    with pytest.raises(AssertionError, match="has no name"):
        check_guide(object())  # type: ignore[arg-type]  # what is to be caught
    with pytest.raises(AssertionError, match="is not a guide"):
        check_guide(BottomUp())  # type: ignore[arg-type]  # what is to be caught
