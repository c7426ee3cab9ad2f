"""A value guide's turn: which values are judged, that the best are built on, and that limits hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neurosynth.engine.backends.base import backend_of
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.errors import InputError
from neurosynth.guides.base import ValueGuide
from neurosynth.guides.edit_distance import EditDistance
from neurosynth.language.load import load_language
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Limits, SearchRequest, StopReason
from neurosynth.search.bottom_up.enumeration import Enumeration, simplified
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.candidates import Candidate
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.value_turn import cheapest
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import TypeConstructor, parse_type

LISTS = load_language("lists")
X0 = Input(0, parse_type("list int"))
ROWS = ([3, -1, 4, 4], [1, 5, 2], [9, 2, 6, 5], [-7, 7, 0])
PARTS = ("(tail (sort x0))", "(reverse x0)")
WHOLE = "(append (tail (sort x0)) (reverse (take 2 (sort x0))))"
SOON = PortfolioConfig(values_after=500)


def written(text: str) -> Task:
    """The task that a program is right on."""
    program = parse_program(text, LISTS, inputs=[X0])
    return Task([example(row, output=program(row)) for row in ROWS], text)


@dataclass
class Knowing:
    """Judges values of known programs to be near, all others far."""

    texts: tuple[str, ...]
    name: str = "knowing"
    asked: list[int] = field(default_factory=list)

    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """0 or 50."""
        known = set()
        for text in self.texts:
            program = parse_program(text, LISTS, inputs=[X0])
            known.add(tuple(tuple(program(*e.inputs)) for e in task.examples))
        self.asked.append(len(values))
        return np.array([0.0 if tuple(column) in known else 50.0 for _, column in values])


def test_the_values_it_prefers_are_built_on() -> None:
    task, search = written(WHOLE), BottomUp(policy=SOON)
    limits = Limits(seconds=60, max_programs=400_000)
    without = synthesize(task, LISTS, guide="uniform", search=search, limits=limits)
    guided = synthesize(
        task, LISTS, guide=Knowing(("(tail (sort x0))", "(take 2 (sort x0))")), search=search, limits=limits
    )
    assert guided.solved
    assert guided.guide == "knowing"
    assert guided.findings is not None
    assert guided.findings.sources[guided.best.program].endswith("(values of knowing)")
    assert guided.stats.first_solved is not None
    assert guided.stats.first_solved < (without.stats.first_solved or limits.max_programs or 0)


def test_a_program_of_planted_values_is_taken_for_no_simpler_than_it_is() -> None:
    task = written("(reverse (tail (sort x0)))")
    grammar = simplified(task_grammar(task, LISTS))
    part = parse_program("(tail (sort x0))", LISTS, inputs=[X0])
    request = SearchRequest(
        task=task, grammar=grammar, limits=Limits(seconds=60), language=LISTS, planted=[(grammar.start, part, 1)]
    )
    search = Enumeration(BottomUp(), request, Runner(request, policy=PortfolioConfig()), nested=BottomUp().run)
    candidate = next(step for step in search if isinstance(step, Candidate))
    assert "(tail (sort x0))" in str(candidate.program)
    assert search.cost < 4 <= candidate.cost


def test_it_is_asked_once_and_about_no_more_than_the_policy_says() -> None:
    guide = Knowing(PARTS)
    policy = PortfolioConfig(values_after=500, values_judged=300)
    limits = Limits(seconds=60, max_programs=20_000)
    result = synthesize(written(WHOLE), LISTS, guide=guide, search=BottomUp(policy=policy), limits=limits)
    assert 0 < sum(guide.asked) <= 300
    rows = [row for row in result.trace if "judged" in row]
    assert [(row["guide"], row["judged"]) for row in rows] == [("knowing", sum(guide.asked))]


def test_the_limit_of_programs_holds_over_both_searches() -> None:
    limits = Limits(seconds=60, max_programs=3_000)
    result = synthesize(written(WHOLE), LISTS, guide=Knowing(()), search=BottomUp(policy=SOON), limits=limits)
    assert result.stop is StopReason.PROGRAMS
    assert result.stats.programs_tried <= 3_000


@pytest.mark.parametrize("compiled", [False, True])
def test_the_cheapest_values_are_those_of_closed_programs_that_apply_something(compiled: bool) -> None:
    task = written("(reverse x0)")
    store = ValueStore(
        simplified(task_grammar(task, LISTS)),
        [e.inputs for e in task.examples],
        [e.output for e in task.examples],
        compiled=compiled,
        max_length=80,
    )
    levels = Levels(backend_of(store))
    for cost in (1, 2, 3):
        for _ in levels.fill(cost):
            pass
    found = cheapest(store, 200)
    assert 0 < len(found) <= 200
    for judged in found[::7]:
        program = store.program(judged.target, judged.entry)
        assert program.size > 1
        assert tuple(program(*e.inputs) for e in task.examples) == tuple(map(_thawed, judged.outputs))


def _thawed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_a_guide_of_values_steers_no_search_over_tokens() -> None:
    guide = EditDistance()
    assert isinstance(guide, ValueGuide)
    with pytest.raises(InputError, match="scores values; use --search auto or bottom-up with this guide"):
        synthesize(written("(reverse x0)"), LISTS, guide=guide, search="beam")


def test_a_file_of_a_value_guide_is_named_like_any_other(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="making a value guide needs torch")
    from neurosynth.guides.kinds import build_guide, save_guide

    file = tmp_path / "value.safetensors"
    save_guide(file, build_guide("value", LISTS, {"width": 8}, 0))
    limits = Limits(seconds=60, max_programs=2_000)
    result = synthesize(written(WHOLE), LISTS, guide=str(file), search=BottomUp(policy=SOON), limits=limits)
    assert result.guide == "value"
    assert [row["guide"] for row in result.trace if "judged" in row] == ["value"]
