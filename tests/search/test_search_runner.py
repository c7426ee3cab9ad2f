"""The one runner: whatever gives it candidates has limits, verification, progress, the closest program and statistics."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import pytest

from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Limits, Outcome, Progress, SearchRequest, StopReason
from neurosynth.search.candidates import PULSE, Candidate, Decision, Step, Tried, Verdict
from neurosynth.search.portfolio import Auto
from neurosynth.search.runner import REPORTS, Aside, Runner, RunnerStep
from neurosynth.search.strategies.beside import beside
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example

LISTS = load_language("lists")
SUM = Task([example([1, 2, 3], output=6), example([4], output=4), example([5, 5], output=10)], "sum")


def program(text: str) -> Program:
    return parse_program(text, LISTS, request=SUM.type)


def request(limits: Limits | None = None, top: int = 1) -> SearchRequest:
    return SearchRequest(task=SUM, grammar=task_grammar(SUM, LISTS), limits=limits or Limits(seconds=10), top=top)


def candidates(*texts: str) -> Iterator[Step]:
    for text in texts:
        yield Candidate(program(text), 1)


def test_the_first_that_is_right_ends_the_search_and_all_before_it_count() -> None:
    outcome = Runner(request(), source="mine").run(candidates("(length x0)", "(head x0)", "(sum x0)", "(maximum x0)"))
    assert (outcome.stop, list(map(str, outcome.programs))) == (StopReason.SOLVED, ["(sum x0)"])
    assert (outcome.stats.programs_tried, outcome.stats.first_solved) == (3, 3)
    assert outcome.sources == {program("(sum x0)"): "mine"}


def test_what_is_claimed_is_never_believed_and_the_closest_is_remembered() -> None:
    outcome = Runner(request()).run(candidates("(length x0)", "(maximum x0)", "(head x0)"))
    assert (outcome.stop, outcome.programs) == (StopReason.EXHAUSTED, [])
    assert str(outcome.closest) == "(maximum x0)"
    assert outcome.closest_share == pytest.approx(1 / 3)


def test_a_generator_is_told_what_was_decided() -> None:
    told: list[Decision | None] = []

    def steps() -> Generator[Step, Decision | None, None]:
        told.append((yield Tried(5)))
        told.append((yield Candidate(program("(head x0)"))))
        told.append((yield Candidate(program("(head x0)"))))
        told.append((yield Candidate(program("(sum x0)"))))

    outcome = Runner(request(top=2)).run(steps())
    assert told[0] is None
    assert [d.verdict for d in told[1:] if d is not None] == [Verdict.REFUTED, Verdict.KNOWN, Verdict.ACCEPTED]
    assert told[1] is not None
    assert told[1].failing == (0, 2)
    assert (outcome.stats.programs_tried, outcome.stats.first_solved) == (8, 8)


def forever() -> Iterator[Step]:
    while True:
        yield Tried(10)


def test_programs_are_limited() -> None:
    outcome = Runner(request(Limits(seconds=10, max_programs=95))).run(forever())
    assert (outcome.stop, outcome.stats.programs_tried) == (StopReason.PROGRAMS, 100)


def test_time_and_memory_are_limited() -> None:
    assert Runner(request(Limits(seconds=0.1))).run(forever()).stop is StopReason.TIME
    assert Runner(request(Limits(seconds=10, max_memory=0.001))).run(forever()).stop is StopReason.MEMORY


def test_progress_shows_the_closest_and_may_interrupt() -> None:
    seen: list[Progress] = []

    def progress(now: Progress) -> None:
        seen.append(now)
        raise KeyboardInterrupt

    def steps() -> Iterator[Step]:
        yield Candidate(program("(maximum x0)"))
        yield from forever()

    outcome = Runner(replace(request(), progress=progress)).run(steps())
    assert (outcome.stop, len(seen)) == (StopReason.INTERRUPTED, 1)
    assert str(seen[0].best) == "(maximum x0)"
    assert outcome.stats.programs_tried == seen[0].programs_tried > 0


def test_the_first_program_is_told_at_once_since_the_next_one_may_never_come_back() -> None:
    told: list[tuple[int, str]] = []
    runner = Runner(
        replace(request(), progress=lambda now: told.append((now.programs_tried, str(now.best)))), source="mine"
    )

    def steps() -> Iterator[Step]:
        while runner.clock.elapsed < REPORTS / 2:
            pass
        yield Tried(1)  # a report, of nothing: the next one is due in a tenth of a second
        yield Candidate(program("(maximum x0)"), 1)
        yield Tried(1)
        yield Candidate(program("(sum x0)"), 1)

    runner.run(steps())
    assert told[:2] == [(1, "None"), (3, "(maximum x0)")]


def test_a_search_beside_brings_its_programs_and_counts() -> None:
    def steps() -> Iterator[RunnerStep]:
        yield Tried(7)
        inner = Runner(request()).run(candidates("(head x0)", "(sum x0)"))
        yield Aside(inner)
        raise AssertionError("it ends there")

    outcome = Runner(request()).run(steps())
    assert (outcome.stop, list(map(str, outcome.programs))) == (StopReason.SOLVED, ["(sum x0)"])
    assert (outcome.stats.programs_tried, outcome.stats.first_solved) == (9, 9)


def test_a_search_beside_has_at_most_the_time_that_is_left() -> None:
    given: list[float] = []

    def nested(asked: SearchRequest) -> Outcome:
        given.append(asked.limits.seconds)
        return Runner(asked).run(candidates("(sum x0)"))

    runner = Runner(request(Limits(seconds=5)))
    runner.run(beside(request(), 100, runner, nested, by="mine"))
    (seconds,) = given
    assert 0 < seconds <= 5


def test_an_iterator_that_is_no_generator_will_do() -> None:
    outcome = Runner(request()).run(list(candidates("(head x0)", "(sum x0)")))
    assert list(map(str, outcome.programs)) == ["(sum x0)"]


def test_what_is_no_step_is_named() -> None:
    with pytest.raises(TypeError, match=r"yielded 'sum'; allowed: Candidate, Tried"):
        Runner(request()).run(iter(["sum"]))  # type: ignore[arg-type]


# --- openings -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """An opening that proposes what it is told to."""

    texts: tuple[str, ...]
    name: str = "told"

    def propose(self, request: SearchRequest, deadline: float) -> Iterator[Step]:
        yield PULSE
        for text in self.texts:
            yield Candidate(program(text), 20, self.name, tried=3)


def opened(*texts: str) -> Outcome:
    return Auto(openings=(Told(texts),), compiled=False).run(request(Limits(seconds=5)))


def test_an_opening_goes_first_and_is_said_to_have_found_it() -> None:
    outcome = opened("(head x0)", "(sum (reverse (reverse x0)))")
    assert outcome.stats.first_solved == 6
    assert outcome.sources[program("(sum (reverse (reverse x0)))")] == "told"
    assert outcome.strategies["told"].tried == 6
    assert outcome.strategies["told"].proposed == 2


def test_where_an_opening_finds_nothing_the_search_goes_on() -> None:
    outcome = opened("(head x0)")
    assert "(sum x0)" in map(str, outcome.programs)
    assert outcome.sources[program("(sum x0)")] == "enumeration"


def test_many_programs_that_were_counted_with_their_tile_do_not_outrun_the_clock() -> None:
    """A tile may hold very many that are the goal, each of which is verified."""
    wrong = program("(head x0)")
    given = 0

    def tile() -> Iterator[Candidate]:
        nonlocal given
        while given < 10_000_000:
            given += 1
            yield Candidate(wrong, 5, tried=0)

    outcome = Runner(request(Limits(seconds=0.2))).run(tile())
    assert outcome.stop is StopReason.TIME
    assert given < 10_000_000
