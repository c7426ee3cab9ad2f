"""The search by cover on a language of two pieces: paths, formats put together, judging, branches, what stays unanswered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.pieces import Column, Condition, Frame, Piece, PieceKit
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.search.base import Limits, StopReason
from neurosynth.search.candidates import Candidate
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.search import Cover
from neurosynth.search.strategies.cover.shapes import shape, shapes_of
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import BOOL, STRING

tiny = Language("tiny", doc="Texts, joined, shouted, and two fields of a format.")


@tiny.primitive(name="++", python="{0} + {1}")
def join(s: str, t: str) -> str:
    """Both."""
    return s + t


@tiny.primitive
def shout(s: str) -> str:
    """In capitals."""
    return s.upper()


@tiny.primitive(raises=(IndexError,))
def fields(format: str, s: str) -> str:
    """A format whose %1 and %2 are the first characters."""
    return format.replace("%1", s[0]).replace("%2", s[1])


@tiny.primitive(name="if", type="bool -> a -> a -> a", lazy=True, python="{1} if {0} else {2}")
def choose(condition, then, otherwise):  # type: ignore[no-untyped-def]  # the type is in the decorator
    """Second where the first is true, else the third."""
    return then() if condition() else otherwise()


@tiny.primitive
def long(s: str) -> bool:
    """Whether it has more than three characters."""
    return len(s) > 3


@dataclass(frozen=True)
class Source:
    """The input shouted, and its first characters as fields."""

    name: str = "tiny"

    def bind(self, column: Column) -> Bound:
        return Bound(column)


class Bound:
    def __init__(self, column: Column) -> None:
        self.column = column

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        (source,) = self.column.inputs
        texts = [row[0] for row in self.column.rows]
        shouted = tuple(t.upper() for t in texts)
        if all(r.startswith(s) for r, s in zip(rests, shouted, strict=True)):
            yield Piece(shouted, 10, lambda: Apply(tiny["shout"], (source,)))
        for at, code in ((0, "%1"), (1, "%2")):
            field = tuple(t[at] for t in texts)
            if all(r.startswith(f) for r, f in zip(rests, field, strict=True)):
                yield self._field(field, code, source)

    def _field(self, texts: tuple[str, ...], code: str, source: Program) -> Piece:
        def write(format: str) -> Program:
            return Apply(tiny["fields"], (Constant(format, STRING), source))

        return Piece(
            texts, 10, lambda: write(code), "fields", ("x", ""), 3, frame=Frame(code, write, lambda text: text)
        )


@dataclass(frozen=True)
class Long:
    """Whether the input is long."""

    def conditions(self, column: Column) -> Iterator[Condition]:
        (source,) = column.inputs
        rows = tuple(len(r[0]) > 3 for r in column.rows)
        if len(set(rows)) == 2:
            every = tuple(len(r[0]) > 3 for r in column.every)
            yield Condition(5, rows, every, lambda: Apply(tiny["long"], (source,)))


tiny.pieces = PieceKit(sources=(Source(),), conditions=(Long(),), concat=tiny["++"], choose=tiny["if"])


def solve(rows: Sequence[str], outputs: Sequence[str], others: Sequence[str] = ()) -> list[Candidate]:
    config = CoverConfig()
    column = column_of([Input(0, STRING)], [(r,) for r in rows], outputs, [(o,) for o in others], config)
    assert tiny.pieces is not None
    return list(candidates(column, tiny.pieces, config=config, deadline=time.perf_counter() + 30))


COVERED = [
    (["ab", "cd"], ["AB!", "CD!"], '(++ (shout x0) "!")'),
    (["ab", "cd"], ["<a-b>", "<c-d>"], '(++ "<" (++ (fields "%1-%2" x0) ">"))'),
    (["ab", "cd"], ["a", "c"], '(fields "%1" x0)'),
    (["ab", "cd"], ["", ""], '""'),
    (["ab", "cd", "wxyz"], ["a", "c", "WXYZ"], '(if (long x0) (shout x0) (fields "%1" x0))'),
]


@pytest.mark.parametrize(("rows", "outputs", "program"), COVERED, ids=[c[2] for c in COVERED])
def test_the_cheapest_cover(rows: list[str], outputs: list[str], program: str) -> None:
    assert str(solve(rows, outputs)[0].program) == program


def test_a_field_that_comes_twice_may_be_another_one() -> None:
    found = [str(c.program) for c in solve(["aa", "bb"], ["<a-a>", "<b-b>"], ["cd"])]
    assert found.index('(++ "<" (++ (fields "%1-%2" x0) ">"))') < found.index('(++ "<" (++ (fields "%1-%1" x0) ">"))')


def test_candidates_come_cheapest_first_and_once() -> None:
    found = solve(["ab", "cd"], ["AB!", "CD!"])
    assert [c.cost for c in found] == sorted(c.cost for c in found)
    assert len({c.program for c in found}) == len(found)


def test_what_is_undefined_on_other_rows_costs() -> None:
    alone = solve(["ab", "cd"], ["a", "c"])[0].cost
    assert solve(["ab", "cd"], ["a", "c"], ["e", "f"])[0].cost == alone + CoverConfig().undefined


def test_what_nothing_explains_has_no_candidates() -> None:
    assert solve(["ab", "cd"], ["q7", "r8"]) == []


def test_a_passed_deadline_gives_nothing() -> None:
    column = column_of([Input(0, STRING)], [("ab",), ("cd",)], ["AB", "CD"], [], CoverConfig())
    assert tiny.pieces is not None
    assert list(candidates(column, tiny.pieces, config=CoverConfig(), deadline=time.perf_counter() - 1)) == []


@pytest.mark.parametrize(
    ("text", "wanted"), [("Ab 12", "a 0"), ("-3.5", "0.0"), ("a  b\tc", "a a a"), ("x-1", "a-0"), ("", "")]
)
def test_the_shape_of_a_text(text: str, wanted: str) -> None:
    assert shape(text) == wanted


SHAPES = [
    (["0.9"], "1", True),
    (["9"], "1.5", False),
    (["5,355.2 - 5,355.3"], "606.9 - 607", True),
    (["5,355.2 - 5,355.3"], "12,606 - 12,607.1", True),
    (["1.2.2024"], "12.2024", False),
    (["2 Oct 2024"], "Oct 2 2024", False),
]


@pytest.mark.parametrize(("outputs", "text", "known"), SHAPES, ids=[s[1] for s in SHAPES])
def test_the_shapes_of_outputs(outputs: list[str], text: str, known: bool) -> None:
    assert (shape(text) in shapes_of(outputs)) is known


def test_a_field_out_of_place_and_a_piece_again_cost() -> None:
    @dataclass(frozen=True)
    class Late:
        """The second character as a field that follows the first."""

        name: str = "late"

        def bind(self, column: Column) -> LateBound:
            return LateBound(column)

    class LateBound(Bound):
        def _field(self, texts: tuple[str, ...], code: str, source: Program) -> Piece:
            piece = super()._field(texts, code, source)
            assert piece.frame is not None
            return replace(piece, frame=replace(piece.frame, after="1" if code == "%2" else ""))

    def cost(outputs: Sequence[str], source: Any) -> int:
        assert tiny.pieces is not None
        kit, config = replace(tiny.pieces, sources=(source,), conditions=()), CoverConfig()
        column = column_of([Input(0, STRING)], [("ab",), ("cd",)], outputs, [], config)
        return next(candidates(column, kit, config=config, deadline=time.perf_counter() + 30)).cost

    config = CoverConfig()
    assert cost(["b", "d"], Late()) == cost(["b", "d"], Source()) + config.out_of_place
    assert cost(["ab", "cd"], Late()) == cost(["ab", "cd"], Source())
    again = cost(["a-a", "c-c"], Source()) - cost(["a-b", "c-d"], Source())
    assert again == config.repeated


TASK = Task([example("ab", output="AB!"), example("cd", output="CD!")], unlabelled=[("xy",)])


@pytest.mark.parametrize("search", [Cover(), Auto()], ids=["cover", "auto"])
def test_a_settled_cover_answers(search: Cover | Auto) -> None:
    result = synthesize(TASK, tiny, search=search, guide="uniform", limits=Limits(max_programs=5000))
    assert result.stop is StopReason.SOLVED
    assert str(result.best) == '(++ (shout x0) "!")'


def test_the_portfolio_goes_on_where_nothing_is_settled() -> None:
    task = Task([example("abc", output="abcabc"), example("def", output="defdef")])
    assert not synthesize(task, tiny, search=Cover(), guide="uniform").solved
    assert synthesize(task, tiny, guide="uniform", limits=Limits(max_programs=5000)).best("x") == "xx"


def test_a_language_without_pieces_is_not_covered() -> None:
    bare = Language("bare")
    bare.add(tiny["shout"])
    assert synthesize(TASK, bare, search=Cover(), guide="uniform").stop is StopReason.EXHAUSTED


def test_unlabelled_rows_are_checked() -> None:
    with pytest.raises(InputError, match="unlabelled row 2 has 2 inputs, the examples have 1"):
        replace(TASK, unlabelled=[("a",), ("a", "b")])
    with pytest.raises(InputError, match=r"unlabelled row 1, input 1: 7 is not a valid string"):
        replace(TASK, unlabelled=[(7,)])


def test_a_language_that_offers_conditions_without_end_does_not_outrun_the_deadline() -> None:
    @dataclass(frozen=True)
    class Endless:
        """The same condition again and again."""

        def conditions(self, column: Column) -> Iterator[Condition]:
            while True:
                mask = tuple(i == 0 for i in range(len(column.rows)))
                yield Condition(1, mask, mask, lambda: Constant(True, BOOL))

    assert tiny.pieces is not None
    kit = replace(tiny.pieces, conditions=(Endless(),))
    column = column_of([Input(0, STRING)], [("a1",), ("b2",), ("c3",)], ["qkwx", "zz top", "#?!"], [], CoverConfig())
    begun = time.perf_counter()
    assert not any(c.source == "branch" for c in candidates(column, kit, config=CoverConfig(), deadline=begun + 0.2))
    assert begun + 0.2 <= time.perf_counter() < begun + 20
