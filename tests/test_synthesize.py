"""``synthesize``: task to program, the choice of a language, results on every exit."""

from __future__ import annotations

import gc
import importlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from neurosynth.engine.limits import memory_mb
from neurosynth.errors import InputError, NeurosynthError, UnknownNameError
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.uniform import uniform
from neurosynth.judged import judged
from neurosynth.language.compile import compile_grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.result import Result
from neurosynth.search.base import Limits, Needs, Outcome, Progress, SearchRequest, Stats, StopReason
from neurosynth.synthesize import load_language, share_right, synthesize
from neurosynth.tasks.guess import guess_language
from neurosynth.tasks.task import Example, Task, example
from neurosynth.values.types import INT, parse_type


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """A search that brings back what it is told to."""

    make: Callable[[SearchRequest], Outcome]
    name: str = "scripted"
    needs: Needs = "rules"

    def run(self, request: SearchRequest) -> Outcome:
        return self.make(request)


def finds(*texts: str, stop: StopReason = StopReason.SOLVED, closest: str | None = None) -> Scripted:
    """A search that claims programs of ``lists``."""

    def make(request: SearchRequest) -> Outcome:
        programs = [parse_program(t, load_language("lists"), request=request.task.type) for t in texts]
        near = None if closest is None else parse_program(closest, load_language("lists"), request=request.task.type)
        return Outcome(stop, programs, Stats(seconds=0.5, programs_tried=212, values_kept=9), [{"cost": 1}], near, 0.0)

    return Scripted(make=make)


SUM = Task([example([1, 2, 3], output=6), example([4], output=4)], test_examples=[example([5, 6], output=11)])

SOLVED = [
    # examples, language, a program
    ([example([1, 2, 3], output=6), example([4], output=4)], "lists", "(sum x0)"),
    ([example([3, 1, 2], output=[1, 2, 3])], "lists", "(sort x0)"),
    ([example("ab", output="abab"), example("c", output="cc")], "strings", "(str.++ x0 x0)"),
    ([example(7, output=7)], "lists", "x0"),
]


@pytest.mark.parametrize(("examples", "language", "program"), SOLVED, ids=[row[2] for row in SOLVED])
def test_examples_give_a_program(examples: list[Example], language: str, program: str) -> None:
    result = synthesize(Task(examples), language)
    assert result.stop is StopReason.SOLVED
    assert result.best.matches
    assert str(result.best) == program


LANGUAGES = [
    ("int -> int", "lists"),
    ("list int -> list bool", "lists"),
    ("string -> int", "strings"),
    ("string -> string", "columns"),
    ("int -> string", "columns"),
    ("int -> list string", "strings"),
    ("bitvec 8 -> bool", "bitvectors"),
]


@pytest.mark.parametrize(("request_type", "language"), LANGUAGES)
def test_the_language_follows_from_the_types(request_type: str, language: str) -> None:
    values = {"int": 1, "string": "a", "bool": True, "list int": [1], "list bool": [True], "list string": ["a"]}
    *parameters, output = request_type.replace("bitvec 8", "int").split(" -> ")
    task = Task([Example(tuple(values[p] for p in parameters), values[output])], type=parse_type(request_type))
    assert guess_language(task) == language


def test_the_tasks_own_language_comes_before_the_guess() -> None:
    task = Task([example("a", output=1), example("abc", output=3)], language="strings")
    assert synthesize(task).language.name == "strings"


def test_a_language_object_needs_no_name() -> None:
    lang = Language("own")

    @lang.primitive
    def double(n: int) -> int:
        """Twice n."""
        return 2 * n

    result = synthesize(Task([example(1, output=8), example(3, output=24)]), lang)
    assert str(result.best) == "(double (double (double x0)))"
    assert result.to_json()["language"] == "own"


def test_a_result_prints_itself() -> None:
    result = synthesize(SUM, "lists", guide="uniform", search=finds("(sum x0)", "(product x0)"), top=2)
    first, second = str(result).split("\n")
    assert first == "(sum x0) · solved after 212 programs, 0.50 s · guide uniform · search scripted"
    assert second == "(product x0)"


def test_a_solution_is_callable_and_scored_on_held_out_examples() -> None:
    best = synthesize(SUM, "lists", search=finds("(sum x0)")).best
    assert best([5, 5]) == 10
    assert best.test_accuracy == 1.0
    assert best.size == 2


def test_a_search_of_ones_own_is_sure_only_of_what_it_compared() -> None:
    def confidence(*texts: str) -> float:
        return synthesize(SUM, "lists", guide="uniform", search=finds(*texts)).confidence

    assert confidence("(sum x0)") <= 2 / 3
    assert confidence("(sum x0)", "(sum (reverse x0))") <= 3 / 4


def test_no_solution_says_why_and_what_was_closest() -> None:
    result = synthesize(SUM, "lists", search=finds(stop=StopReason.TIME, closest="(head x0)"))
    assert not result.solved
    assert result.closest is not None
    assert result.closest.share == 0.5
    assert str(result).startswith("no program after 212 programs, 0.50 s")
    assert "closest (head x0), right on 50% of the examples" in str(result)
    with pytest.raises(NeurosynthError, match=r"no program found .*raise --seconds.*closest: \(head x0\)"):
        _ = result.best


def test_programs_that_are_wrong_are_dropped() -> None:
    result = synthesize(SUM, "lists", search=finds("(head x0)", "(sum x0)"), top=2)
    assert [str(s) for s in result.solutions] == ["(sum x0)"]


def test_a_search_that_only_claims_is_named() -> None:
    with pytest.raises(NeurosynthError, match=r"search 'scripted' calls \(head x0\) a solution .* only 50%"):
        synthesize(SUM, "lists", search=finds("(head x0)"))


def test_json_has_the_keys_of_the_contract() -> None:
    row = synthesize(SUM, "lists", search=finds("(sum x0)")).to_json()
    assert list(row) == [
        "task",
        "language",
        "stop",
        "programs",
        "stats",
        "sources",
        "trace",
        "confidence",
        "guess",
    ]
    assert set(row["programs"][0]) == {"text", "size", "logprob", "confidence", "python", "test_accuracy"}
    contract = {"seconds", "programs_tried", "programs_per_second", "values_kept", "peak_memory_mb"}
    assert set(row["stats"]) == contract | {"guide_seconds", "first_solved", "processor_seconds", "wall_seconds"}
    assert json.loads(json.dumps(row)) == row


def test_what_the_process_holds_already_ends_no_search() -> None:
    task = Task([example([1, 2, 3], output=6), example([4], output=4)])
    result = synthesize(task, limits=Limits(max_memory=memory_mb() / 1000 / 2))
    assert str(result.best) == "(sum x0)"


def test_limits_top_seed_and_progress_reach_the_search() -> None:
    seen: list[SearchRequest] = []

    def make(request: SearchRequest) -> Outcome:
        seen.append(request)
        return Outcome(StopReason.EXHAUSTED)

    def progress(_: Progress) -> None: ...

    synthesize(SUM, search=Scripted(make=make), limits=Limits(seconds=3), top=4, seed=7, progress=progress)
    (request,) = seen
    assert (request.limits.seconds, request.top, request.seed, request.progress) == (3, 4, 7, progress)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"language": "list"}, UnknownNameError, "unknown language 'list'; .*did you mean lists"),
        ({"search": "bottomup"}, UnknownNameError, "unknown search 'bottomup'; .*did you mean bottom-up"),
        ({"guide": "unifrom"}, UnknownNameError, "unknown guide 'unifrom'; known: .*auto.*did you mean uniform"),
        (
            {"guide": "ngram"},
            InputError,
            "guide 'ngram' has to be trained first: neurosynth train ngram --language lists",
        ),
        ({"guide": "none.json"}, InputError, "none.json"),
        ({"top": 0}, InputError, "top is 0; allowed: a positive number"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        synthesize(SUM, **arguments)  # type: ignore[arg-type]  # wrong on purpose


def small_language() -> Language:
    """Two leaves and one operator."""
    lang = Language("small")

    @lang.primitive(name="+")
    def add(a: int, b: int) -> int:
        """Sum."""
        return a + b

    lang.constant(1, "int")
    return lang


def test_uniform_logprob_multiplies_the_choices() -> None:
    grammar = compile_grammar(small_language(), parse_type("int -> int"))
    choices = len(grammar.by_target[grammar.start])
    program = parse_program("(+ x0 1)", small_language(), request="int -> int")
    assert derivation_logprob(uniform(grammar), program) == pytest.approx(-3 * math.log(choices))


def test_uniform_probabilities_of_all_programs_of_a_size_sum_to_less_than_one() -> None:
    grammar = compile_grammar(small_language(), parse_type("int -> int"))
    found = [derivation_logprob(uniform(grammar), p) for cost in range(1, 8) for p in grammar.enumerate(cost)]
    assert sum(math.exp(p) for p in found if p is not None) <= 1.0
    assert None not in found


def test_a_program_outside_the_grammar_has_no_probability() -> None:
    grammar = compile_grammar(small_language(), parse_type("int -> int"))
    assert derivation_logprob(uniform(grammar), Input(5, INT)) is None


def test_share_right_tells_true_from_one() -> None:
    program: Program = Input(0, INT)
    assert share_right(program, [Example((1,), True), Example((1,), 1)]) == 0.5


def test_a_busy_machine_is_named() -> None:
    task = Task([example(1, output=2)])
    busy = Result(
        task=task,
        language=load_language("lists"),
        stop=StopReason.TIME,
        stats=Stats(seconds=10.0, processor_seconds=0.7, wall_seconds=10.0),
    )
    assert busy.advice.endswith("The machine was busy: the search had 0.7 s of processor time in 10 s.")
    assert replace(busy, stop=StopReason.EXHAUSTED).advice == StopReason.EXHAUSTED.advice
    quiet = replace(busy, stats=Stats(seconds=10.0, processor_seconds=9.0, wall_seconds=10.0))
    assert quiet.busy == ""
    assert quiet.advice == StopReason.TIME.advice


def test_statistics_of_two_searches_add_up() -> None:
    one = Stats(seconds=1.0, programs_tried=10, values_kept=3, peak_memory_mb=50.0, processor_seconds=0.5)
    two = Stats(seconds=2.0, programs_tried=5, values_kept=1, peak_memory_mb=70.0, first_solved=4)
    both = one.plus(two)
    assert (both.seconds, both.programs_tried, both.values_kept, both.peak_memory_mb) == (3.0, 15, 4, 70.0)
    assert (both.first_solved, both.processor_seconds) == (14, 0.5)
    assert two.plus(one).first_solved == 4


@pytest.mark.parametrize("collects", [True, False])
def test_memory_is_collected_after_the_results_are_judged(monkeypatch: pytest.MonkeyPatch, collects: bool) -> None:
    seen: list[bool] = []

    def noted(*arguments: Any, **rest: Any) -> Any:
        seen.append(gc.isenabled())
        return judged(*arguments, **rest)

    monkeypatch.setattr(importlib.import_module("neurosynth.synthesize"), "judged", noted)
    (gc.enable if collects else gc.disable)()
    try:
        synthesize(Task([example([1, 2], output=3), example([4], output=4)]), "lists", limits=Limits(seconds=20))
        assert seen == [False]
        assert gc.isenabled() is collects
    finally:
        gc.enable()
