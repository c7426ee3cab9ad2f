"""Every primitive of every shipped language, on its rows and on drawn values: all that stands beside it says the same.

A table of rows (``tests/dsl/rows``) says what a primitive gives; everything else is drawn from the declaration.  Kernels run as
plain Python here, and a sample compiled; ``check_language`` in ``tests/test_testing.py`` runs all of them in compiled loops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numba
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neurosynth_dsls.bitvectors import bitvectors
from neurosynth_dsls.lists import lists
from neurosynth_dsls.robustfill import robustfill
from neurosynth_dsls.strings import strings

from neurosynth.engine.kernels import compile_helpers
from neurosynth.engine.kernels.choice import kind_of
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.testing import calls, check_rows
from neurosynth.testing.calls import Row, check_call, check_inverse, ground, value_of
from neurosynth.values.frozen import freeze
from neurosynth.values.types import BOOL, INT, STRING, Arrow, is_ground, type_variables
from tests.dsl import draws, rows
from tests.dsl.rows import bitvectors as bits
from tests.dsl.rows.lists import plus
from tests.dsl.rows.strings import BEYOND_SMTLIB, NOT_IN_Z3

Check = Callable[[str, Primitive, Sequence[tuple[tuple[Any, ...], Any]]], None]

TABLES: dict[str, tuple[Language, list[Row]]] = {
    "strings": (strings, rows.strings.ROWS),
    "lists": (lists, rows.lists.ROWS),
    "bitvectors": (bitvectors, bits.ROWS),
    "robustfill": (robustfill, rows.robustfill.ROWS),
}
WITHOUT_KERNEL = {"flatten"} | {p.name for p in robustfill.primitives.values() if not p.arity}
WITHOUT_KERNEL |= {name for name in strings.primitives if name.startswith("re.")}
WITHOUT_KERNEL |= {"str.in_re", "str.indexof_re", "str.replace_re", "str.replace_re_all", "str.to_re"}
"""Lists of lists and regular expressions have no machine representation, and what takes no arguments needs none."""
SOME = {("str.replace", 1), ("int.to.str", 0)}
"""Arguments whose inverse says nothing for some outputs that there are: it cannot name what did not matter."""
NAMES = [(language, name) for language in TABLES for name, p in TABLES[language][0].primitives.items() if p.arity]
NAMES += [("bitvectors", name) for name in bits.INDEXED]


def of(language: str, name: str) -> st.SearchStrategy[Primitive]:
    """A primitive at some ground type."""
    if language == "bitvectors":
        return bits.fixed(name)
    primitive = TABLES[language][0][name]
    if is_ground(primitive.type):
        return st.just(primitive)
    ground_types = [INT, BOOL] if language == "lists" else [INT, BOOL, STRING]
    variables = sorted(type_variables(primitive.type))
    bindings = st.tuples(*(st.sampled_from(ground_types) for _ in variables))
    return bindings.map(lambda ts: primitive.at(dict(zip(variables, ts, strict=True))))


@pytest.mark.parametrize("language", TABLES)
def test_rows(language: str) -> None:
    check_rows(*TABLES[language])


@pytest.mark.parametrize("language", TABLES)
def test_every_primitive_has_one_line_of_help_and_a_kernel(language: str) -> None:
    for p in [
        *TABLES[language][0].primitives.values(),
        *(p for p, *_ in TABLES[language][1] if not isinstance(p, str)),
    ]:
        assert p.doc.endswith("."), p
        assert "\n" not in p.doc, p
        assert (p.kernel is None) == (p.name in WITHOUT_KERNEL or p.name.startswith("re.")), p
        if any(isinstance(t, Arrow) for t in p.parameters):
            continue  # the inverse of a function gives calls, which are no machine value; that of a list solves compiled functions
        for inverse, kernel in zip(p.inverse or (), p.inverse_kernels or (), strict=False):
            assert (inverse is None) == (kernel is None), p


@pytest.mark.parametrize(("language", "name"), NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_that_stands_beside_a_primitive_agrees(language: str, name: str, data: st.DataObject) -> None:
    p = data.draw(of(language, name))
    alphabet = data.draw(st.sampled_from([draws.ASCII, draws.UNICODE]))
    arguments = data.draw(draws.arguments(p.parameters, alphabet))
    room = data.draw(st.one_of(st.just(draws.LONGEST), st.integers(1, 12)))
    inverted = check_call(p, arguments, room=room)
    value = value_of(p, arguments)
    if p.commutative:
        assert value_of(p, arguments[::-1]) == value
    if p.size is not None and value is not UNDEFINED:
        assert p.size(*arguments) in (len(value), min(0, p.size(*arguments)))
    for i, inverse in enumerate(p.inverse or ()):
        if inverse is not None:
            known = arguments[:i] + arguments[i + 1 :]
            assert i in inverted or value_of(p, arguments, room=room) is UNDEFINED or (p.name, i) in SOME
            check_inverse(p, i, data.draw(draws.values(p.result, alphabet)), known, room=room)


INVERSES = [("strings", *row) for row in rows.strings.INVERSES] + [("lists", *row) for row in rows.lists.INVERSES]


@pytest.mark.parametrize(("language", "name", "position", "output", "known", "found"), INVERSES)
def test_inverse_rows(language: str, name: str, position: int, output: Any, known: Any, found: list[Any]) -> None:
    p = TABLES[language][0][name]
    arguments = [*map(freeze, known)]
    arguments.insert(position, freeze(found[0]) if found and not isinstance(p.parameters[position], Arrow) else plus)
    p = ground(p, arguments)
    assert p.inverse is not None
    inverse = p.inverse[position]
    assert inverse is not None
    assert [freeze(v) for v in inverse(freeze(output), *map(freeze, known))] == [freeze(v) for v in found]
    assert check_inverse(p, position, output, known) == bool(found)


UNKNOWN = {
    "z3": {"bvite", *NOT_IN_Z3},
    "cvc5": {"ext_rotate_left", "ext_rotate_right", "bvumul_noovfl", "bvsmul_noovfl", "bvsmul_noudfl"},
}
"""Operators that a solver does not have."""
SMTLIB = [row for row in NAMES if row[0] == "bitvectors" or (row[0] == "strings" and row[1] not in BEYOND_SMTLIB)]


@pytest.mark.parametrize(
    ("solver", "language", "name"), [(s, *row) for s in UNKNOWN for row in SMTLIB if row[1] not in UNKNOWN[s]]
)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_solvers_compute_the_same(
    solver: str, language: str, name: str, data: st.DataObject, check_with: Check
) -> None:
    p = data.draw(of(language, name))
    calls = data.draw(st.lists(draws.arguments(p.parameters), min_size=1, max_size=20))
    valued = [(c, v) for c in calls if (v := value_of(p, c, room=10_000)) is not UNDEFINED]
    if valued:
        check_with(solver, p, valued)


@pytest.mark.parametrize("solver", UNKNOWN)
@pytest.mark.parametrize("language", ["strings", "bitvectors"])
def test_solvers_compute_the_same_on_the_rows(language: str, solver: str, check_with: Check) -> None:
    if solver == "z3":
        assert not UNKNOWN["z3"] & UNKNOWN["cvc5"], "no second opinion"
    whole, table = TABLES[language]
    for name, arguments, value in table:
        p = ground(whole[name] if isinstance(name, str) else name, arguments)
        if p.name not in BEYOND_SMTLIB | UNKNOWN[solver] and value is not UNDEFINED:
            check_with(solver, p, [(arguments, value)])


def sample() -> list[Any]:
    """A primitive of each language for each kind of result and of first argument."""
    found: dict[tuple[str, ...], Any] = {}
    for language, (whole, table) in TABLES.items():
        for name, arguments, _ in table:
            p = ground(whole[name] if isinstance(name, str) else name, arguments)
            shape = (language, kind_of(p.result), *map(kind_of, p.parameters[:1]), str(p.slices))
            if p.kernel not in (None, "select") and not any(isinstance(t, Arrow) for t in p.parameters):
                found.setdefault(shape, pytest.param(language, p.name, id=f"{language} {p.name}"))
    return list(found.values())


@pytest.mark.parametrize(("language", "name"), sample())
def test_a_sample_of_kernels_compiled(language: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_helpers()
    plain = calls._function
    compiled: dict[str, Any] = {}

    def function(reference: str) -> Any:
        return compiled.setdefault(reference, numba.njit(plain(reference)))

    monkeypatch.setattr(calls, "_function", function)
    whole, table = TABLES[language]
    for row, arguments, value in table:
        p = whole[row] if isinstance(row, str) else row
        if p.name == name:
            check_call(ground(p, arguments), arguments, value)
    assert compiled
