"""Number formats read off outputs, and rules from numbers to numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.number_format import write_number
from neurosynth_dsls.columns.pieces.number_guess import number_texts
from neurosynth_dsls.columns.pieces.number_values import nice_steps, rules
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input

FORMATS = [
    (["1,234.50", "98.00"], "#,##0.00"),
    (["007", "012"], "000"),
    (["1.5", "2.25"], "0.#*"),
    (["1.234,56", "7,00"], "[comma]#,##0.00"),
]


@pytest.mark.parametrize(("texts", "pattern"), FORMATS, ids=[f[1] for f in FORMATS])
def test_the_format_is_among_those_found(texts: list[str], pattern: str) -> None:
    assert pattern in [f.pattern for f in number_texts(texts)]


@given(
    st.lists(st.decimals(-9999, 9999, places=2), min_size=1, max_size=4), st.sampled_from(["0.00", "#,##0.00", "0.#*"])
)
def test_every_format_found_writes_exactly_the_texts(numbers: list[Decimal], pattern: str) -> None:
    texts = [write_number(pattern, n) for n in numbers]
    for found in number_texts(texts):
        assert [write_number(found.pattern, v) for v in found.values] == texts


RULES = [
    (["47.3", "98.1", "12.75"], ["47", "98", "13"], "round 1 half_up"),
    (["47", "98", "12"], ["40", "90", "10"], "round 10 floor"),
    (["47", "98", "12"], ["49", "99", "19"], "range 10 0 high 1"),
    (["72", "60", "66"], ["6", "5", "5"], "divmod 12 quotient"),
    (["1200", "35"], ["1.2", "0.035"], "shift -3"),
    (["1", "2", "4"], ["3", "5", "9"], "linear 2 1"),
    (["19", "100", "350"], ["-7.22222", "37.7778", "176.667"], "temperature 5/9 6"),
]


@pytest.mark.parametrize(("xs", "ys", "key"), RULES, ids=[r[2] for r in RULES])
def test_a_rule_is_found(xs: list[str], ys: list[str], key: str) -> None:
    assert key in [r.key for r in _rules(xs, ys)]


def _rules(xs: list[str], ys: list[str]) -> list:  # type: ignore[type-arg]
    shown = max(len(y.partition(".")[2]) for y in ys)
    return list(rules([Decimal(x) for x in xs], [Decimal(y) for y in ys], nice_steps(), shown, True))


@given(
    st.lists(st.decimals(0, 5000, places=2), min_size=3, max_size=4, unique=True),
    st.sampled_from(["1", "10", "0.5", "25"]),
    st.sampled_from(["floor", "half_up", "ceiling"]),
)
def test_the_program_of_every_rule_does_what_the_rule_says(numbers: list[Decimal], step: str, mode: str) -> None:
    from neurosynth_dsls.columns.decimals import round_to

    goal = [round_to(Decimal(step), mode, n) for n in numbers]
    found = list(rules(numbers, goal, nice_steps(), 2, False))
    assert found
    for rule in found:
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [function((n,)) for n in numbers] == goal, rule.key
