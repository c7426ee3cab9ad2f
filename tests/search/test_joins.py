"""Two values of finished arguments that an inverse joins to the outputs."""

from __future__ import annotations

import pytest

from neurosynth.errors import InputError
from neurosynth.language.evaluate import Evaluator
from neurosynth.search.base import StopReason
from neurosynth.search.decoding.beam import Beam
from tests.search.sequences import LISTS, NUMBERS, find, prior, task, wrong

JOINED = [
    ("list int -> int", "(- (length x0) (sum x0))"),
    ("list int -> int", "(- (head x0) (last x0))"),
    ("list int -> int", "(+ (sum x0) (maximum x0))"),
    ("list int -> list int", "(cons (sum x0) (reverse x0))"),
    ("list int -> list int", "(append (sort x0) x0)"),
]


@pytest.mark.parametrize(("type_", "text"), JOINED)
def test_a_program_of_two_values_needs_fewer_candidates(type_: str, text: str) -> None:
    given = task(LISTS, type_, text, *NUMBERS)
    found = {joins: find(Beam(joins=joins), given, LISTS, prior(), max_programs=20_000) for joins in (0, 4)}
    evaluator = Evaluator()
    assert found[4].stop is StopReason.SOLVED
    for program in found[4].programs:
        assert [evaluator.run(program, e.inputs) for e in given.examples] == [e.output for e in given.examples]
    without = found[0].stats.first_solved or found[0].stats.programs_tried
    assert found[4].stats.first_solved is not None
    assert found[4].stats.first_solved < without


def test_each_value_that_an_inverse_gives_is_a_candidate() -> None:
    given = wrong(task(LISTS, "list int -> int", "(sum x0)", *NUMBERS), 12345)
    rounds = [find(Beam(joins=joins), given, LISTS, prior(), max_programs=200) for joins in (0, 4)]
    trying = [sum(row["programs_tried"] for row in outcome.trace) for outcome in rounds]
    assert [outcome.stats.programs_tried for outcome in rounds] == [200, 200]
    assert trying[1] < trying[0]


def test_the_number_of_values_is_checked() -> None:
    with pytest.raises(InputError, match="Beam: joins is -1; allowed: 0 or more"):
        Beam(joins=-1)
