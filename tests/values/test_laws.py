"""Laws every domain keeps: what is written reads back, what is encoded decodes, what is drawn or perturbed stays inside."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.values.domain import MISSING_WORD, Domain
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.reading import has_type, type_of_values
from neurosynth.values.registry import domain_of
from neurosynth.values.style import plain_style
from neurosynth.values.types import parse_type
from tests.strategies import ground_types, values

PLAIN = (
    "int",
    "bool",
    "string",
    "bitvec 1",
    "bitvec 8",
    "bitvec 65",
    "decimal",
    "date",
    "time",
    "datetime",
    "duration",
)
LISTS = ("list int", "list bool", "list string", "list date", "list decimal", "list (list duration)", "list (bitvec 8)")
EMPTY = Language("empty")

seeds = st.integers(0, 2**32)


def domains() -> st.SearchStrategy[Domain]:
    """Domains of shipped types, lists among them."""
    named = st.sampled_from([*PLAIN, *LISTS]).map(parse_type)
    return st.one_of(named, ground_types()).map(domain_of)


def drawn(domain: Domain, seed: int) -> Any:
    """A value; of domains that know missing values, now and then None."""
    rng = Random(seed)
    return None if domain.nullable and rng.random() < 0.1 else domain.draw(rng)


@given(domains(), seeds)
def test_what_is_drawn_or_sampled_is_inside(domain: Domain, seed: int) -> None:
    rng = Random(seed)
    assert domain.contains(domain.draw(rng))
    style = plain_style(rng)
    assert domain.contains(domain.sample(rng, style))


@given(domains(), seeds)
def test_literals_read_back(domain: Domain, seed: int) -> None:
    value = drawn(domain, seed)
    constant = Constant(value, domain.type)
    back = parse_program(str(constant), EMPTY, expected=domain.type)
    assert isinstance(back, Constant)
    assert (back.type, domain.key(back.value)) == (domain.type, domain.key(value))


@given(domains(), seeds)
def test_json_reads_back(domain: Domain, seed: int) -> None:
    value = drawn(domain, seed)
    text = json.dumps(domain.to_json(value), allow_nan=False)
    back = domain.from_json(json.loads(text))
    assert domain.key(back) == domain.key(value)


@given(domains(), seeds)
def test_cells_read_back(domain: Domain, seed: int) -> None:
    value = drawn(domain, seed)
    if value is None and domain.type == parse_type("string"):
        value = ""  # a missing text is an empty cell, which is read as the empty text
    assert domain.key(domain.from_cell(domain.to_cell(value))) == domain.key(value)


@given(domains(), seeds)
def test_decode_undoes_encode(domain: Domain, seed: int) -> None:
    value = drawn(domain, seed)
    if value is None and domain.machine != "word":
        return
    stored = domain.encode(value)
    assert domain.key(domain.decode(stored)) == domain.key(value)
    if domain.machine == "word":
        assert isinstance(stored, int)
        assert MISSING_WORD <= stored < 1 << 63
    if domain.machine == "bits":
        assert 0 <= stored < 1 << 64


@given(domains(), seeds)
def test_perturbed_and_redrawn_values_stay_inside(domain: Domain, seed: int) -> None:
    rng = Random(seed)
    column = [domain.draw(rng) for _ in range(3)]
    assert domain.has(domain.perturb(column[0], rng))
    assert domain.has(domain.redraw(column[0], column, rng))


@given(domains(), seeds)
def test_perturbing_goes_by_the_seed(domain: Domain, seed: int) -> None:
    value = domain.draw(Random(seed))
    once, again = (domain.perturb(value, Random(seed)) for _ in range(2))
    assert domain.key(once) == domain.key(again)


@given(domains(), seeds)
def test_thawed_values_freeze_to_the_same(domain: Domain, seed: int) -> None:
    value = drawn(domain, seed)
    assert domain.key(domain.accept(domain.thaw(value))) == domain.key(value)


@given(ground_types().flatmap(lambda t: st.tuples(st.just(t), values(t), values(t))))
def test_keys_are_equal_exactly_when_values_are(drawn: tuple[Any, Any, Any]) -> None:
    t, one, other = drawn
    key = domain_of(t).key
    assert (key(freeze(one)) == key(freeze(other))) == (freeze(one) == freeze(other))


@pytest.mark.parametrize(("one", "other"), [(True, 1), (0, False), ((1,), (True,)), ("1", 1)])
def test_keys_tell_values_of_different_types_apart(one: Any, other: Any) -> None:
    assert typed_key(one) != typed_key(other)


@given(st.sampled_from(PLAIN).filter(lambda name: "bitvec" not in name), seeds)
def test_types_are_read_off_values(name: str, seed: int) -> None:
    domain = domain_of(parse_type(name))
    value = domain.draw(Random(seed))
    assert type_of_values([value], "here") == domain.type
    assert type_of_values([[value]], "here") == parse_type(f"list {name}")
    assert [has_type(value, parse_type(n)) for n in PLAIN if n == name or "bitvec" not in n].count(True) == 1


@given(domains(), seeds)
def test_landmarks_and_limits(domain: Domain, seed: int) -> None:
    assert all(domain.contains(v) for v in (*domain.landmarks, *domain.far_landmarks, *domain.constants))
    value = domain.draw(Random(seed))
    limit = domain.limit(1_000_000, 100_000)
    assert limit is None or domain.key(limit(value)) == domain.key(value)
    assert domain.size(value) >= 0
    assert isinstance(domain.shape(value), str)
