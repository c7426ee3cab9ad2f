"""The language ``towers``: its primitives, the laws of plans, a simulation that computes the same, searches."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.towers import towers
from neurosynth_dsls.towers.blocks import bottoms, high, overlap, settled
from neurosynth_dsls.towers.goal import outline, stands
from neurosynth_dsls.towers.values import block_of, drawn

import neurosynth as ns
from neurosynth.errors import InputError
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.json_io import task_from_json
from neurosynth.testing import check_language, check_rows
from neurosynth.values.domain import NotInDomain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import parse_type
from tests.dsl.rows.towers import ROWS
from tests.dsl.towers.simulation import built, walked

TOWER, PLAN = domain_of(parse_type("tower")), domain_of(parse_type("plan"))
CODES = st.lists(st.integers(-12, 12), max_size=8)


def test_rows() -> None:
    check_rows(towers, ROWS)


@pytest.mark.slow
def test_the_language_passes_its_check() -> None:
    check_language(towers, values={"int": [0, 1, 2, 3]})


# --- plans and towers ---------------------------------------------------------------------------------------------


@given(CODES, st.randoms(use_true_random=False))
def test_blocks_that_do_not_overlap_may_fall_in_either_order(codes: list[int], rng: random.Random) -> None:
    swapped = list(codes)
    for _ in range(20):
        i = rng.randrange(max(1, len(swapped) - 1))
        if i + 1 < len(swapped) and not overlap(swapped[i], swapped[i + 1]):
            swapped[i : i + 2] = swapped[i + 1], swapped[i]
    assert settled(swapped) == settled(codes)


@given(CODES, CODES)
def test_settled_blocks_are_the_same_tower(codes: list[int], under: list[int]) -> None:
    drops = [block_of(code) for code in (*under, *codes)]
    again = [block_of(code) for code in (*under, *settled(codes))]
    assert built(drops) == built(again)
    assert settled(settled(codes)) == settled(codes)
    assert all(
        low == 0
        or any(
            overlap(code, other) and bottom + high(other) == low
            for other, bottom in zip(settled(codes), bottoms(settled(codes)), strict=True)
        )
        for code, low in zip(settled(codes), bottoms(settled(codes)), strict=True)
    )


@given(CODES, CODES)
def test_different_plans_build_different_towers(one: list[int], other: list[int]) -> None:
    same = built([block_of(c) for c in one]) == built([block_of(c) for c in other])
    shift = min((c >> 1 for c in one), default=0) - min((c >> 1 for c in other), default=0)
    assert same == (settled(one) == settled([c + 2 * shift for c in other]))


@st.composite
def programs(draw: st.DrawFn, depth: int = 2, index: bool = False) -> str:
    """The text of a plan."""
    kinds = ["done", "lay", "stand", "right", "left"] + (["embed", "repeat", "loop"] if depth else [])
    kind = draw(st.sampled_from(kinds[: 1 if depth < -6 else None]))
    if kind == "done":
        return kind
    if kind == "loop" and index:  # bodies of loops have none
        kind = "repeat"
    inner = {"repeat": draw(st.integers(0, 3)), "loop": draw(st.integers(0, 3)), "right": draw(st.integers(1, 9))}
    number = "i" if index and kind == "repeat" and draw(st.booleans()) else inner.get(kind, draw(st.integers(1, 9)))
    rest = draw(programs(depth - 1, index))
    if kind in ("lay", "stand"):
        return f"({kind} {rest})"
    if kind in ("right", "left"):
        return f"({kind} {number} {rest})"
    if kind == "loop":
        return f"(loop {number} (lambda (i) (lay {draw(programs(depth - 1, True))})) {rest})"
    body = draw(programs(depth - 1, index))
    return f"(embed {body} {rest})" if kind == "embed" else f"(repeat {number} (lay {body}) {rest})"


@settings(max_examples=60, deadline=None)
@given(programs())
def test_programs_do_what_a_simulation_does(text: str) -> None:
    program = parse_program(text, towers)
    hand, drops = walked(program)
    value = PLAN.freeze(program())
    assert value[0] == hand
    assert value[1:] == settled(2 * x + (height == 6) for x, _, height in drops)
    tower = TOWER.freeze(parse_program(f"(build {text})", towers)())
    assert built(drops) == built([tuple(block) for block in tower])


@given(CODES)
def test_text_and_json_of_values_read_back(codes: list[int]) -> None:
    plan = (3, *settled(codes))
    assert PLAN.read(PLAN.write(plan)) == plan
    tower = TOWER.freeze([block_of(c) for c in codes])
    assert TOWER.contains(tower)
    assert TOWER.from_json(TOWER.to_json(tower)) == tower == TOWER.decode(tuple(TOWER.encode(tower)))
    assert TOWER.read(TOWER.write(tower)) == tower


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([[0, 3, 3]], "6 wide and 2 high, or 2 wide and 6 high, not 3 and 3"),
        ([[0, 6]], "allowed: blocks [x, width, height] like [[0, 6, 2], [0, 2, 6]]"),
        ("tall", "allowed: blocks"),
        ([[0.5, 6, 2]], "allowed: blocks"),
    ],
)
def test_what_is_no_tower_is_refused(value: Any, said: str) -> None:
    with pytest.raises(NotInDomain) as error:
        TOWER.from_json(value)
    assert said in str(error.value)


@pytest.mark.parametrize("text", ["", "lay", "hand 3, lay 0", "lay 0", "lay 0, lie 3, hand 0"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="like 'lay 0, stand 4, hand 6'"):
        PLAN.read(text)


def test_towers_are_drawn() -> None:
    assert TOWER.show(((0, 2, 6), (4, 2, 6), (2, 6, 2))) == "▬▬▬\n▮ ▮\n▮ ▮\n▮ ▮"
    assert drawn([]) == "no blocks"


# --- what can be part of a tower -----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(programs(), st.randoms(use_true_random=False), st.integers(-9, 9))
def test_a_run_of_blocks_of_a_tower_is_a_part_of_it(text: str, rng: random.Random, away: int) -> None:
    """Any order in which the blocks may fall, cut in three: the middle is a part, wherever on the grid the hand is."""
    whole = PLAN.freeze(parse_program(text, towers)())
    left, falling = list(whole[1:]), []
    while left:  # any block that lies on none of the others
        ready = [i for i, code in enumerate(left) if not any(overlap(code, other) for other in left[:i])]
        falling.append(left.pop(rng.choice(ready)))
    tower = TOWER.freeze([block_of(code) for code in falling])
    outlined = outline(tower)
    grid = outlined[2]
    start, end = sorted(rng.randrange(len(falling) + 1) for _ in range(2))
    cut = falling[start:end]
    hand = rng.choice(cut or [0]) >> 1
    way = grid * rng.randint(-(9 // grid), 9 // grid) if grid <= 9 else 0
    assert stands(outlined, (way, *settled(code - 2 * hand for code in cut)))


@pytest.mark.parametrize(
    ("plan", "part"),
    [
        ((0, 1), True),
        ((0, 0), True),
        ((0, 1, 9), True),
        ((0, 1, 1), False),  # no post stands on another
        ((0, 1, 4), True),  # one post, then the beam; the other post has to do with neither
        ((0, 0, 1), False),  # nothing stands on the beam
        ((4, 1), True),
        ((3, 1), False),  # the hand is off the grid of the blocks
        ((40, 1), False),  # and far away
    ],
)
def test_parts_of_an_arch(plan: tuple[int, ...], part: bool) -> None:
    assert stands(outline(((0, 2, 6), (4, 2, 6), (2, 6, 2))), plan) == part


# --- searches ----------------------------------------------------------------------------------------------------


def solved(text: str, limit: int = 3_000_000) -> Program | None:
    """What search finds for the tower of a program, within so many candidates."""
    tower = parse_program(text, towers)()
    task = ns.Task([ns.example(output=TOWER.from_json(tower))], type=parse_type("tower"))
    limits = ns.Limits(seconds=60, max_programs=limit)
    result = ns.synthesize(task, towers, guide="uniform", limits=limits)
    return result.best.program if result.solved else None


@pytest.mark.parametrize(
    "text",
    [
        "(build (stand (right 4 (stand (left 2 (lay done))))))",
        "(build (repeat 6 (lay (right 7 done)) done))",
        "(build (loop 4 (lambda (i) (repeat i (lay done) (right 8 done))) done))",
    ],
)
def test_searches_find_towers(text: str) -> None:
    found = solved(text)
    assert found is not None
    assert found() == parse_program(text, towers)()


def test_a_tower_is_compared_by_where_its_blocks_stand() -> None:
    blocks = [[3, 2, 6], [7, 2, 6], [5, 6, 2]]
    one = {"name": "arch", "language": "towers", "type": "tower", "examples": [{"inputs": [], "output": blocks}]}
    other = {**one, "examples": [{"inputs": [], "output": [blocks[1], blocks[0], blocks[2]]}]}
    assert task_from_json(one).examples == task_from_json(other).examples


def test_a_language_has_one_test_a_type_and_points_once() -> None:
    copy = towers.with_primitives([])
    with pytest.raises(InputError, match="already has a test for values of type plan in outputs of type tower"):
        copy.keeps("plan", stands, output="tower", outline=outline)
    with pytest.raises(InputError, match="already has points of type int"):
        copy.points("int", [1])
    with pytest.raises(InputError, match="not among the values"):
        ns.Language("other").points("int", [1, 2], always=[3])
