"""Terms by a constant that is deduced: what must stand in the place of a known piece, in some of the examples or in all."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.engine.backends.partial import agreeing
from neurosynth.engine.constants import ANY
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.constant_synthesis import ConstantSynthesis
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task
from tests.search.stores import filled, right_on, run_all, sygus

LETTERS = " ".join(f'"{c}"' for c in "ABNUSY")
GRAMMAR = f"""(Start String (ntString))
(ntString String (x "New York" " " "," {LETTERS} (str.++ ntString ntString) (str.replace ntString ntString ntString)
  (ite ntBool ntString ntString)))
(ntBool Bool ((str.suffixof ntString ntString) (str.contains ntString ntString)))"""
TOWNS = {
    "Ithaca, New York, USA": "Ithaca, NY, USA",
    "New York, New York, USA": "New York, NY, USA",
    "New York, NY, USA": "New York, NY, USA",
    "Ann Arbor, MI, USA": "Ann Arbor, MI, USA",
}
OTHERS = {"Los Angeles, CA": "Los Angeles, CA, USA", "College Park, MD": "College Park, MD, USA"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inverse kernels are used whatever was compiled before on this machine."""
    monkeypatch.setattr("neurosynth.engine.backends.inverse.should_compile_alone", lambda *_: True)


def text(calls: dict[str, str], grammar: str = GRAMMAR) -> Task:
    return sygus(
        "SLIA", "((x String)) String", grammar, {f'"{given}"': f'"{wanted}"' for given, wanted in calls.items()}
    )


def edits_of(task: Task, cost: int) -> ConstantSynthesis:
    edits = ConstantSynthesis(filled(task.grammar, task.examples, cost))
    run_all(edits.update(time.perf_counter() + 20))
    return edits


def test_what_two_examples_agree_on_is_put_together_from_known_constants() -> None:
    task = text(TOWNS | OTHERS)
    edits = edits_of(task, 3)
    assert "(str.replace x (str.++ " in str(edits.terms[0b001111].program)
    assert all(right_on(t.program, task.examples) == t.mask for t in edits.terms.values())
    assert edits.whole == []


def test_cost_is_that_of_the_whole_program() -> None:
    edits = edits_of(text(TOWNS | OTHERS), 3)
    assert edits.terms
    assert all(t.cost == t.program.size for t in edits.terms.values())  # every production of the grammar costs 1


def test_a_program_right_everywhere_is_a_program_of_the_task() -> None:
    task = text(TOWNS)
    edits = edits_of(task, 3)
    assert [right_on(p, task.examples) for p, _ in edits.whole] == [0b1111]
    assert [cost for _, cost in edits.whole] == [p.size for p, _ in edits.whole]


def test_the_pattern_may_be_what_is_deduced() -> None:
    task = text({"SUN AB": "AB", "SUN BYS": "BYS", "A SUN Y": "A Y"}, GRAMMAR.replace('"New York"', '""'))
    (program, _), *_ = edits_of(task, 1).whole
    assert str(program) == '(str.replace x (str.++ "S" (str.++ "U" (str.++ "N" " "))) "")'


def test_without_a_primitive_of_three_texts_there_is_nothing_to_do() -> None:
    edits = edits_of(text({"A": "AB", "B": "BB"}, GRAMMAR.replace("(str.replace ntString ntString ntString)", "")), 2)
    assert (edits.places, edits.terms) == ([], {})


def test_one_example_alone_says_nothing() -> None:
    edits = edits_of(text({"A": "S", "AB": "AU", "A,": "NYB,"}), 2)
    assert edits.terms == {}


def test_a_constant_that_is_a_whole_output_is_no_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    task = text({"A": "NY", "B": "NY"})
    assert edits_of(task, 1).terms == {}
    monkeypatch.setattr(ConstantSynthesis, "_is_output", lambda *_: False)
    assert "(str.replace x x (str.++ " in str(edits_of(task, 1).terms[0b11].program)


def test_what_no_known_constants_spell_is_left_out() -> None:
    assert edits_of(text({"A": "q", "A,": "q,"}), 2).terms == {}


def test_no_time_is_no_work_and_the_next_call_goes_on() -> None:
    task = text(TOWNS)
    edits = ConstantSynthesis(filled(task.grammar, task.examples, 3))
    run_all(edits.update(time.perf_counter() - 1))
    assert edits.terms == {}
    run_all(edits.update(time.perf_counter() + 20))
    assert edits.whole
    places = [p.seen for p in edits.places]
    run_all(edits.update(time.perf_counter() + 20))
    assert [p.seen for p in edits.places] == places  # nothing is tried twice


def test_a_branch_is_such_a_term() -> None:
    task = text(TOWNS | OTHERS)
    found = synthesize(task, search=Auto()).best
    assert found("Albany, New York, USA") == "Albany, NY, USA"
    assert found("Dover, DE, USA") == "Dover, DE, USA"
    assert found("Dover, DE") == "Dover, DE, USA"


# --- compiled parts -------------------------------------------------------------------------------------------------

CELLS = st.lists(st.sampled_from([(-1, 0), (ANY, 0), (2, 7), (2, 8), (3, 7)]), min_size=4, max_size=4)
"""Lengths and hashes of four columns."""


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=3))
def test_agreeing_is_what_most_columns_say(rows: list[list[tuple[int, int]]]) -> None:
    flat = [cell for row in rows for cell in row]
    lengths, hashes = np.array([n for n, _ in flat], np.int32), np.array([h for _, h in flat], np.uint64)
    cells, masks = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    agreeing(lengths, hashes, len(rows), 4, cells, masks)
    for k, row in enumerate(rows):
        most = max((row.count(c) for c in row if c[0] >= 0), default=0)
        if most < 2:
            assert (cells[k], masks[k]) == (-1, 0)
            continue
        said = row[cells[k] - 4 * k]
        assert said[0] >= 0
        assert row.count(said) == most
        assert masks[k] == sum(1 << c for c, cell in enumerate(row) if cell == said or cell[0] == ANY)
