"""What a language tells search about values: tests of parts and points of functions, on objects and in compiled loops alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.towers import towers

from neurosynth.engine.backends.base import backend_of
from neurosynth.engine.store.lambda_samples import LAMBDA_SAMPLES, columns_of
from neurosynth.engine.store.splits import without_closed
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.compile import compile_grammar
from neurosynth.language.hints import Hints, Points
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.syntax import parse_program
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, STRING, Arrow, parse_type

GOAL = [[0, 2, 6], [4, 2, 6], [2, 6, 2], [6, 2, 6], [10, 2, 6], [8, 6, 2]]


def filled(*, compiled: bool, cost: int, language: Language = towers, goal: Any = GOAL) -> ValueStore:
    """The space of towers up to a cost."""
    goal = domain_of(parse_type("tower")).from_json(goal)
    grammar = compile_grammar(language, parse_type("tower"))
    store = ValueStore(grammar, [()], [goal], compiled=compiled, max_length=40, patience=0)
    levels = Levels(backend_of(store))
    for level in range(1, cost + 1):
        for _ in levels.fill(level):
            pass
    return store


def banks(store: ValueStore) -> dict[str, list[tuple[Any, ...]]]:
    """The values of all banks, in order."""
    return {str(n): [store.values(n, i) for i in range(bank.size)] for n, bank in store.banks.items()}


def test_objects_and_compiled_loops_keep_the_same_parts() -> None:
    assert banks(filled(compiled=True, cost=8)) == banks(filled(compiled=False, cost=8))


def test_only_parts_are_kept() -> None:
    everything = towers.with_primitives([])
    everything.hints = Hints((), towers.hints.points)
    (test,) = towers.hints.keeps
    tested, all_ = (banks(filled(compiled=False, cost=6, language=lang)) for lang in (towers, everything))
    outlined = test.outline(domain_of(parse_type("tower")).from_json(GOAL))
    parts = {v for (v,) in all_["plan"] if test.test(outlined, v)}
    kept = {v for (v,) in tested["plan"]}
    assert kept <= parts
    steps = {9, 18}  # moves over a place off the grid, which some parts need more costly programs for
    assert all(abs(v[0]) in steps for v in parts - kept)
    assert len(parts) < len(all_["plan"]) / 3


@pytest.mark.parametrize("compiled", [False, True])
def test_parts_of_goals_that_are_no_longer_looked_for_are_not_kept(compiled: bool) -> None:
    """Of two towers the first is found: from then on what is a part of the second one only is kept."""
    domain = domain_of(parse_type("tower"))
    first, second = domain.from_json(GOAL), domain.from_json([[0, 6, 2], [6, 6, 2]])
    grammar = compile_grammar(towers, parse_type("tower"))
    kept = {}
    for forgets in (False, True):
        store = ValueStore(grammar, [()], [first], others=[[second]], compiled=compiled, max_length=40, patience=0)
        (test,) = store.parts.values()
        if forgets:
            test.forget(0)
            test.forget(1)  # the last one stays
        levels = Levels(backend_of(store))
        for level in range(1, 7):
            for _ in levels.fill(level):
                pass
        kept[forgets] = {v for (v,) in banks(store)["plan"]}
    (keep,) = towers.hints.keeps
    outlined = keep.outline(second)
    assert kept[True] < kept[False]
    assert all(keep.test(outlined, v) for v in kept[True])


def test_functions_are_looked_up_where_they_are_known_and_computed_elsewhere() -> None:
    store = filled(compiled=True, cost=12)
    (target,) = store.bodies
    functions: list[Callable[[int], Any]] = [store.values(target, i)[0] for i in range(store.bank(target).size)]
    rows = [store.values(store.bodies[target], i) for i in range(len(functions))]
    index = next(i for i, row in enumerate(rows) if row[0] != row[1])
    known = [v for v in rows[index] if v is not UNDEFINED]
    assert [functions[index](k) for k in range(1, 1 + len(known))] == known
    assert functions[index](10) not in known  # none of the points
    with pytest.raises(Undefined):
        functions[index](9)  # no part of the tower


def test_points_are_columns_in_every_example_and_those_always_called_are_required() -> None:
    hints = Hints((), (Points(type=INT, values=(1, 2, 3), always=(1,)),))
    columns = columns_of((INT,), [(5,), (6,)], [0, 0], partial=False, hints=hints)
    assert columns.variables == ((1,), (1,), (2,), (2,), (3,), (3,))
    assert columns.examples.tolist() == [0, 1, 0, 1, 0, 1]
    assert columns.required == (0, 1)
    pairs = columns_of((INT, INT), [()] * 30, [0] * 30, partial=False, hints=hints)
    assert pairs.count == LAMBDA_SAMPLES
    assert columns_of((INT,), [()], [0], partial=False).count == LAMBDA_SAMPLES


SPAN = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda ab: (min(ab), max(ab)))


@given(st.lists(st.tuples(SPAN, SPAN), min_size=1, max_size=3))
def test_boxes_without_what_is_closed(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    spans, closed = [s for s, _ in pairs], [c for _, c in pairs]
    inside = [
        combination for box in without_closed(spans, closed) for combination in product(*(range(a, b) for a, b in box))
    ]
    wanted = [
        c
        for c in product(*(range(a, b) for a, b in spans))
        if not all(a <= x < b for x, (a, b) in zip(c, closed, strict=True))
    ]
    assert sorted(inside) == sorted(wanted)


@pytest.mark.parametrize("cost", [9, 12])
def test_what_is_made_of_closed_programs_alone_is_not_made_again_under_a_lambda(cost: int) -> None:
    store = filled(compiled=True, cost=cost)
    inner = next(n for n in store.banks if str(n) == "plan|int")
    closed = {store.values(n, i)[0] for n, b in store.banks.items() if str(n) == "plan" for i in range(b.size)}
    lifted = {row[0] for i in range(store.banks[inner].size) if len(set(row := store.values(inner, i))) == 1}
    assert lifted <= closed


def test_closed_programs_are_found_beside_costs_without_any() -> None:
    store = filled(compiled=False, cost=1)
    bank = next(b for n, b in store.banks.items() if str(n) == "plan|int")
    bank.lifted = {4: (5, 5), 5: (5, 12), 6: (20, 20)}
    assert bank.closed((2, 5)) == bank.closed((20, 25)) == (0, 0)
    assert bank.closed((5, 20)) == (5, 12)


@pytest.mark.parametrize("compiled", [False, True])
def test_functions_that_ignore_their_argument_are_left_out_and_nothing_is_lost(compiled: bool) -> None:
    """A loop whose body ignores the index is a repetition, which costs less."""
    every = towers.with_primitives([])
    (points,) = towers.hints.points
    assert points.varying
    every.hints = Hints(towers.hints.keeps, (replace(points, varying=False),))
    steps = parse_program("(build (loop 4 (lambda (a) (right a (stand done))) done))", towers)
    goal = domain_of(steps.type).to_json(steps())
    varying, all_ = (filled(compiled=compiled, cost=9, language=language, goal=goal) for language in (towers, every))
    assert sorted(banks(varying)["plan"]) == sorted(banks(all_)["plan"])
    inner = next(n for n in varying.banks if str(n) == "plan|int")
    loops = 0
    for target, bank in varying.banks.items():
        for entry in range(bank.size):
            head = varying.production_of(target, entry).head
            if isinstance(head, Primitive) and head.name == "loop":
                loops += 1
                assert len(set(varying.values(inner, int(bank.children[entry, 1])))) > 1
    assert loops


def test_hints_say_which_functions_use_their_arguments() -> None:
    hints = Hints((), (Points(type=INT, values=(1, 2), varying=True),))
    assert hints.varying(Arrow((INT,), STRING))
    assert not hints.varying(Arrow((STRING,), INT))
    assert not hints.varying(Arrow((INT, STRING), INT))
    assert not Hints((), (Points(type=INT, values=(1, 2)),)).varying(Arrow((INT,), STRING))
