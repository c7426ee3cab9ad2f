"""What all searches over prefixes promise: task gives program, every program once, nothing right is dropped, limits."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits, Progress, SearchRequest, StopReason
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_first import PrefixFirst
from neurosynth.search.decoding.sampling import Sampling
from neurosynth.tasks.task import Example, Task
from neurosynth.testing import check_search
from neurosynth.testing.tiny import finite_task, hard_task
from neurosynth.values.reading import has_type
from neurosynth.values.types import parse_type
from tests.guides.counting import Noise
from tests.search.sequences import LISTS, SUMS, TASKS, TINY, every_program, find, prior, small_space, watched, wrong

FINITE = finite_task()
KINDS: tuple[type[Any], ...] = (Beam, PrefixFirst, Sampling)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind().name)


@every_kind
@pytest.mark.parametrize(("language", "given_"), TASKS, ids=[str(t.name) for _, t in TASKS])
def test_task_gives_program(kind: Any, language: Language, given_: Task) -> None:
    outcome = find(kind(), given_, language)
    assert outcome.stop is StopReason.SOLVED
    (program,) = outcome.programs
    evaluator = Evaluator()
    assert [evaluator.run(program, e.inputs) for e in given_.examples] == [e.output for e in given_.examples]
    assert outcome.stats.first_solved == outcome.stats.programs_tried > 0
    assert outcome.closest == program
    assert outcome.closest_share == 1.0


@every_kind
def test_a_prior_finds_with_fewer_programs_what_it_expects(kind: Any) -> None:
    expected = [t for language, t in TASKS if language is LISTS and t.name == "(reverse (sort x0))"]
    tried = [find(kind(), expected[0], LISTS, guide).stats.programs_tried for guide in (prior(), None)]
    assert 2 * tried[0] < tried[1]


@every_kind
def test_what_is_promised_of_every_search(kind: Any) -> None:
    check_search(kind())


# --- a finite space ----------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("merge", [True, False])
def test_a_finite_space_is_exhausted_and_no_program_run_twice(
    kind: Any, merge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    language, given_, store = small_space()
    seen = watched(monkeypatch)
    search = kind(max_tokens=5, merge=merge, width=3)
    outcome = find(search, wrong(given_, 99), language, Noise(Vocabulary(language)))
    assert outcome.stop is StopReason.EXHAUSTED
    assert len(set(seen)) == len(seen) == outcome.stats.programs_tried
    assert len(seen) < len(store) if merge else len(seen) == len(store)


SPACES: tuple[tuple[str, tuple[tuple[Any, ...], ...], int], ...] = (
    ("int -> int", ((0,), (3,), (-2,)), 5),
    ("list int -> list int", (((3, 1, 2),), ((),), ((0, 5),)), 5),
    ("list int -> bool", (((3, 1, 2),), ((1,),), ((0, 5),)), 5),
    ("string -> int -> string", (("ab", 1), ("", 3)), 4),
)


@every_kind
@pytest.mark.parametrize(("type_", "rows", "tokens"), SPACES, ids=[t for t, _, _ in SPACES])
@given(seed=st.integers(0, 10**6), examples=st.integers(2, 3))
@settings(max_examples=3)
def test_pruning_drops_nothing_right_and_merging_never_all_that_is(
    kind: Any, type_: str, rows: tuple[tuple[Any, ...], ...], tokens: int, seed: int, examples: int
) -> None:
    """The goal is what a program of the space gives: it is found with pruning if and only if without."""
    grammar = compile_grammar(TINY, parse_type(type_))
    programs = [p for c in range(1, tokens + 1) for p in grammar.enumerate(c) if p.size <= tokens]
    goal = programs[seed % len(programs)]
    outputs = [Evaluator().run(goal, row) for row in rows]
    defined = [Example(r, v) for r, v in zip(rows, outputs, strict=True) if has_type(v, goal.type)]
    if not defined:
        return
    task = Task(defined, type=parse_type(type_))
    guide = Noise(Vocabulary(TINY), seed)
    ways: tuple[dict[str, bool], ...] = ({"prune": False, "merge": False}, {"merge": False}, {}, {"prune": False})
    found = [every_program(kind(max_tokens=tokens, examples=examples, **s), task, TINY, guide) for s in ways]
    everything, pruned, both, merged = (set(outcome.programs) for outcome in found)
    assert goal in everything == pruned
    for some in (both, merged):  # one of those that are equal on the examples, and of what is made of them
        assert some
        assert some <= everything
    assert found[2].stats.programs_tried <= found[1].stats.programs_tried <= found[0].stats.programs_tried


@every_kind
def test_a_seed_gives_the_same_again(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    language, given_, _ = small_space("(+ (neg 1) (neg 1))")
    seen = watched(monkeypatch)
    runs = []
    for seed in (0, 0, 1):
        find(kind(max_tokens=5, width=4), wrong(given_, 99), language, Noise(Vocabulary(language)), seed=seed)
        runs.append(tuple(seen))
        seen.clear()
    assert runs[0] == runs[1]
    assert (runs[0] != runs[2]) == (kind is Sampling)


# --- limits ------------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("most", [1, 100, 777])
def test_the_limit_on_programs_holds_exactly(kind: Any, most: int) -> None:
    outcome = find(kind(), hard_task(), SUMS, max_programs=most)
    assert outcome.stop is StopReason.PROGRAMS
    assert outcome.stats.programs_tried == most


@every_kind
def test_seconds_hold_and_all_is_filled_in(kind: Any) -> None:
    taken = []
    for _ in range(2):  # processor time, and the better of two: see tests/search/test_bottom_up.py
        started = time.thread_time()
        outcome = find(kind(), hard_task(), SUMS, seconds=0.6)
        taken.append(time.thread_time() - started)
        assert outcome.stop is StopReason.TIME
        if taken[-1] <= 0.9:
            break
    else:
        pytest.fail(f"0.6 s became {taken}")
    stats = outcome.stats
    assert 0 < stats.guide_seconds < stats.seconds
    assert stats.values_kept > 0
    assert stats.peak_memory_mb > 0
    assert stats.first_solved is None
    assert outcome.closest is not None
    assert outcome.closest_share < 1
    rows = outcome.trace
    assert sum(row["programs_tried"] for row in rows) == stats.programs_tried
    assert [row["prefixes"] for row in rows] == sorted(row["prefixes"] for row in rows)
    assert {"values_kept", "seconds", "guide_seconds", "memory_mb"} <= rows[0].keys()


@every_kind
def test_seconds_hold_where_primitives_are_slow(kind: Any) -> None:
    language = Language("slow")

    @language.primitive
    def wait(n: int) -> int:
        """A hundredth of a second."""
        time.sleep(0.01)
        return n + 1

    @language.primitive(name="+")
    def add(a: int, b: int) -> int:
        """Sum."""
        return a + b

    given_ = Task([Example((n,), -n) for n in range(1, 200)])
    started = time.perf_counter()
    assert find(kind(), given_, language, seconds=0.3).stop is StopReason.TIME
    assert time.perf_counter() - started < 1.0


@every_kind
@pytest.mark.parametrize("when", [1, 3])
def test_an_interruption_keeps_the_best_so_far(kind: Any, when: int) -> None:
    calls: list[Progress] = []

    def progress(snapshot: Progress) -> None:
        calls.append(snapshot)
        if len(calls) == when:
            raise KeyboardInterrupt

    outcome = find(kind(), hard_task(), SUMS, progress=progress)
    assert outcome.stop is StopReason.INTERRUPTED
    assert outcome.closest is not None
    assert outcome.stats.programs_tried >= calls[-1].programs_tried > 0
    assert calls[-1].cost > 0
    assert calls[-1].phase


@every_kind
def test_several_programs_are_collected_and_a_single_one_ends_the_search(kind: Any) -> None:
    given_ = Task([Example((n,), n + 1) for n in (3, 7, 10)])
    outcome = find(kind(), given_, SUMS, top=4)
    assert outcome.stop is StopReason.SOLVED
    assert len(set(outcome.programs)) == len(outcome.programs) == 4
    assert outcome.stats.first_solved is not None
    assert outcome.stats.first_solved < outcome.stats.programs_tried
    assert len(find(kind(), given_, SUMS).programs) == 1


@every_kind
def test_with_many_examples_a_program_has_to_be_right_on_all(kind: Any) -> None:
    rows = [(n,) for n in range(1, 80)]
    given_ = Task([Example(row, row[0] if row != (41,) else 0) for row in rows])
    outcome = find(kind(max_tokens=4), given_, SUMS)
    assert outcome.stop is StopReason.EXHAUSTED
    assert outcome.closest_share == 78 / 79
    assert str(outcome.closest) == "x0"


@every_kind
def test_without_a_guide_of_tokens_the_search_says_how_to_get_one(kind: Any) -> None:
    grammar = compile_grammar(SUMS, parse_type("int -> int"))
    request = SearchRequest(task=hard_task(), grammar=grammar, limits=Limits())
    with pytest.raises(
        InputError, match=f"search '{kind().name}' needs a guide of tokens and has none; name one: a file"
    ):
        kind().run(request)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Beam(width=0), "Beam: width is 0; allowed: 1 or more"),
        (lambda: Beam(growth=1.0), "Beam: growth is 1.0; allowed: a number above 1"),
        (lambda: PrefixFirst(width=-1), "PrefixFirst: width is -1; allowed: 1 or more"),
        (lambda: PrefixFirst(max_tokens=0), "PrefixFirst: max_tokens is 0; allowed: 1 or more"),
        (lambda: Sampling(batches=0), "Sampling: batches is 0; allowed: 1 or more"),
        (lambda: Sampling(temperature=0.0), "Sampling: temperature is 0.0; allowed: a positive number"),
        (lambda: Sampling(heat=float("inf")), "Sampling: heat is inf; allowed: a positive number"),
        (lambda: Beam(examples=1), "Beam: examples is 1; allowed: 2 or more"),
        (
            lambda: find(Beam(max_tokens=2), FINITE[1], FINITE[0]),
            "max_tokens is 2; the shortest program of this grammar has 3",
        ),
    ],
)
def test_settings_that_are_not_allowed(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()
