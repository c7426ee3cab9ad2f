"""The steps of a hand: it drops blocks, moves, and repeats.

Each step takes the plan of what follows, so that a program reads from left to right: ``(stand (right 4 (stand done)))``.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosynth.engine.kernels import ASK_REFERENCE, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.towers.blocks import LYING, STANDING, settle, settled
from neurosynth_dsls.towers.values import Plan, PlanDomain, Tower, TowerDomain, block_of

__all__ = ["part"]

part = Language("towers.steps")
part.type("plan", PlanDomain(), annotation=Plan)
part.type("tower", TowerDomain(), annotation=Tower)


@helper
def shifted(out: Data, first: int, data: Data, start: int, length: int, way: int) -> int:
    """Append the blocks of a plan that begins ``way`` to the right to ``out[:first]``; returns the number of words, -1 without
    space."""
    count = length - 1
    if first + count > out.size:
        return -1
    for k in range(count):
        out[first + k] = data[start + 1 + k] + 2 * way
    return first + count


@helper
def ended(out: Data, length: int) -> int:
    """Settle the blocks of ``out[:length]``; returns the length, -1 without space, -2 if the function has to do it."""
    if length < 0:
        return -1
    return length if settle(out, 1, length - 1) else ASK_REFERENCE


@part.primitive
def done() -> Plan:
    """Nothing more: the hand stays where it is."""
    return (0,)


@part.primitive
def lay(rest: Plan) -> Plan:
    """A block of 3 by 1 falls, lying; then the rest."""
    return (rest[0], *settled([0, *rest[1:]]))


@lay.kernel
def lay_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length + 1 > out.size:
        return -1
    out[0], out[1] = data[start], LYING
    return ended(out, shifted(out, 2, data, start, length, 0))


@part.primitive
def stand(rest: Plan) -> Plan:
    """A block of 1 by 3 falls, standing; then the rest."""
    return (rest[0], *settled([1, *rest[1:]]))


@stand.kernel
def stand_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length + 1 > out.size:
        return -1
    out[0], out[1] = data[start], STANDING
    return ended(out, shifted(out, 2, data, start, length, 0))


FAR = 1 << 40
"""Maximum distance of one move in half units, so that sums fit into machine words."""


@part.primitive(raises=(ValueError,))
def right(way: int, rest: Plan) -> Plan:
    """The hand moves to the right, in half units; then the rest."""
    if abs(way) > 1 << 40:
        raise ValueError("too far")
    return (rest[0] + way, *(code + 2 * way for code in rest[1:]))


@right.kernel
def right_kernel(out: Data, way: int, data: Data, start: int, length: int) -> int:
    if length > out.size or abs(way) > FAR:
        return -1
    out[0] = data[start] + way
    return shifted(out, 1, data, start, length, way)


@part.primitive(raises=(ValueError,))
def left(way: int, rest: Plan) -> Plan:
    """The hand moves to the left, in half units; then the rest."""
    if abs(way) > 1 << 40:
        raise ValueError("too far")
    return (rest[0] - way, *(code - 2 * way for code in rest[1:]))


@left.kernel
def left_kernel(out: Data, way: int, data: Data, start: int, length: int) -> int:
    if length > out.size or abs(way) > FAR:
        return -1
    out[0] = data[start] - way
    return shifted(out, 1, data, start, length, -way)


@part.primitive
def embed(body: Plan, rest: Plan) -> Plan:
    """The body, and the hand back to where it was; then the rest."""
    return (rest[0], *settled([*body[1:], *rest[1:]]))


@embed.kernel
def embed_kernel(out: Data, body: Data, body_start: int, body_length: int, data: Data, start: int, length: int) -> int:
    if out.size < 1:
        return -1
    out[0] = data[start]
    filled = shifted(out, 1, body, body_start, body_length, 0)
    return -1 if filled < 0 else ended(out, shifted(out, filled, data, start, length, 0))


@part.primitive(raises=(ValueError,), size=lambda times, body, rest: max(times, 0) * (len(body) - 1) + len(rest))
def repeat(times: int, body: Plan, rest: Plan) -> Plan:
    """The body so many times, from where the hand is each time; then the rest. Undefined for a negative number, and for no block.

    Moves are not repeated: a long one is two, and of bodies of loops that move by their index there are too many to search through.
    """
    if times < 0 or len(body) == 1:
        raise ValueError("a negative number of times, or a body without blocks")
    way = times * body[0]
    again = [code + 2 * k * body[0] for k in range(times) for code in body[1:]]
    return (way + rest[0], *settled([*again, *(code + 2 * way for code in rest[1:])]))


@repeat.kernel
def repeat_kernel(
    out: Data, times: int, body: Data, body_start: int, body_length: int, data: Data, start: int, length: int
) -> int:
    if times < 0 or body_length == 1 or times >= out.size:
        return -1
    way = body[body_start]
    out[0] = times * way + data[start]
    filled = 1
    for k in range(times):
        filled = shifted(out, filled, body, body_start, body_length, k * way)
        if filled < 0:
            return -1
    return ended(out, shifted(out, filled, data, start, length, times * way))


@part.primitive(cost=3, raises=(ValueError,))
def loop(times: int, body: Callable[[int], Plan], rest: Plan) -> Plan:
    """The body for 1, 2, 3 … up to the number, 200 at most; then the rest. Undefined for a negative number, and for no block."""
    if not 0 <= times <= 200:
        raise ValueError("a loop goes round 0 to 200 times")
    way, codes = 0, []
    for k in range(1, times + 1):
        turn = body(k)
        if len(turn) == 1:
            raise ValueError("a turn without blocks")
        codes += [code + 2 * way for code in turn[1:]]
        way += turn[0]
    return (way + rest[0], *settled([*codes, *(code + 2 * way for code in rest[1:])]))


@loop.kernel
def loop_kernel(
    out: Data, times: int, body: Data, starts: Data, lengths: Data, data: Data, start: int, length: int
) -> int:
    if times > starts.size:
        return ASK_REFERENCE  # beyond the known points
    if times < 0 or out.size < 1:
        return -1
    way, filled = 0, 1
    for k in range(times):
        if lengths[k] <= 1:
            return -1
        filled = shifted(out, filled, body, starts[k], int(lengths[k]), way)
        if filled < 0:
            return -1
        way += body[starts[k]]
    out[0] = way + data[start]
    return ended(out, shifted(out, filled, data, start, length, way))


@part.primitive(name="build", cost=0)
def build(plan: Plan) -> Tower:
    """The tower that a plan builds, its leftmost block at 0."""
    place = min((code >> 1 for code in plan[1:]), default=0)
    return tuple(block_of(code - 2 * place) for code in plan[1:])


@build.kernel
def build_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length - 1 > out.size:
        return -1
    place = 0
    for k in range(1, length):
        x = data[start + k] >> 1
        if k == 1 or x < place:
            place = x
    for k in range(1, length):
        out[k - 1] = data[start + k] - 2 * place
    return length - 1
