"""The steps of a turtle: it goes, turns and repeats.

Each step takes the path of what follows, so that a program reads from left to right: ``(forward 4 (left 4 (forward 4 done)))``. The
functions write to a row of words like their kernels, with the same helpers.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosynth.engine.kernels import ASK_REFERENCE, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.turtle.paths import add_line, add_path, finished
from neurosynth_dsls.turtle.pictures import painted
from neurosynth_dsls.turtle.points import DIRECTIONS, turned
from neurosynth_dsls.turtle.values import Path, PathDomain, Picture, PictureDomain, Room

__all__ = ["part"]

part = Language("turtle.steps")
part.type("path", PathDomain(), annotation=Path)
part.type("picture", PictureDomain(), annotation=Picture)


@helper
def gone(out: Data, way: int, line: bool, data: Data, start: int, length: int) -> int:
    """A path after a step of so many units, with a line if the pen is down; -1 for no step, and for more than 100 units."""
    if way < 1 or way > 100 or out.size < 6:
        return -1
    filled = add_line(out, 3, 0, 0, 0, way) if line else 3
    filled = add_path(out, filled, data, start, length, way, 0, 0)
    return finished(out, filled, data[start] + way, data[start + 1], data[start + 2])


@helper
def swung(out: Data, parts: int, side: int, data: Data, start: int, length: int) -> int:
    """A path after a turn by a fraction of a full one; -1 if that is not a multiple of 15 degrees."""
    if parts < 1 or parts > DIRECTIONS or DIRECTIONS % parts != 0 or out.size < 3:
        return -1
    direction = side * (DIRECTIONS // parts) % DIRECTIONS
    low, high = turned(data[start], data[start + 1], direction)
    return finished(out, add_path(out, 3, data, start, length, 0, 0, direction), low, high, data[start + 2] + direction)


@helper
def again(
    out: Data,
    times: int,
    keep: bool,
    body: Data,
    body_start: int,
    body_length: int,
    data: Data,
    start: int,
    length: int,
) -> int:
    """A path after a body that is repeated; the turtle goes back after each repetition if ``keep``. -1 for a negative number and for no
    line."""
    if times < 0 or times > 200 or body_length == 3 or out.size < 3:
        return -1
    low = high = direction = 0
    filled = 3
    for _ in range(times):
        filled = add_path(out, filled, body, body_start, body_length, low, high, direction)
        if filled < 0:
            return -1
        if not keep:
            x, y = turned(body[body_start], body[body_start + 1], direction)
            low, high, direction = low + x, high + y, (direction + body[body_start + 2]) % DIRECTIONS
            if filled > 3 and (abs(low) > 1 << 58 or abs(high) > 1 << 58):
                return -1
    x, y = turned(data[start], data[start + 1], direction)
    filled = add_path(out, filled, data, start, length, low, high, direction)
    return finished(out, filled, low + x, high + y, direction + data[start + 2])


def _path(out: Room, length: int) -> Path:
    """The written words as a value."""
    if length < 0:
        raise ValueError("no such step, or too far away")
    return tuple(out[:length])


@part.primitive
def done() -> Path:
    """Nothing more: the turtle stays where it is."""
    return (0, 0, 0)


@part.primitive(raises=(ValueError,))
def forward(way: int, rest: Path) -> Path:
    """Goes 1 to 100 units and draws a line; then the rest."""
    out = Room([0] * (len(rest) + 3))
    return _path(out, gone(out, way, True, rest, 0, len(rest)))  # type: ignore[arg-type]


@forward.kernel
def forward_kernel(out: Data, way: int, data: Data, start: int, length: int) -> int:
    return gone(out, way, True, data, start, length)


@part.primitive(raises=(ValueError,))
def hop(way: int, rest: Path) -> Path:
    """Goes 1 to 100 units with the pen lifted; then the rest."""
    out = Room([0] * (len(rest) + 3))
    return _path(out, gone(out, way, False, rest, 0, len(rest)))  # type: ignore[arg-type]


@hop.kernel
def hop_kernel(out: Data, way: int, data: Data, start: int, length: int) -> int:
    return gone(out, way, False, data, start, length)


@part.primitive(raises=(ValueError,))
def left(parts: int, rest: Path) -> Path:
    """Turns to the left by a part of a full turn, 4 by a fourth: 1, 2, 3, 4, 6, 8, 12 or 24; then the rest."""
    out = Room([0] * len(rest))
    return _path(out, swung(out, parts, 1, rest, 0, len(rest)))  # type: ignore[arg-type]


@left.kernel
def left_kernel(out: Data, parts: int, data: Data, start: int, length: int) -> int:
    return swung(out, parts, 1, data, start, length)


@part.primitive(raises=(ValueError,))
def right(parts: int, rest: Path) -> Path:
    """Turns to the right by a part of a full turn, 4 by a fourth: 1, 2, 3, 4, 6, 8, 12 or 24; then the rest."""
    out = Room([0] * len(rest))
    return _path(out, swung(out, parts, -1, rest, 0, len(rest)))  # type: ignore[arg-type]


@right.kernel
def right_kernel(out: Data, parts: int, data: Data, start: int, length: int) -> int:
    return swung(out, parts, -1, data, start, length)


@part.primitive(raises=(ValueError,))
def embed(body: Path, rest: Path) -> Path:
    """The body, and back to where it began; then the rest. Undefined for a body without lines."""
    out = Room([0] * (len(body) + len(rest)))
    return _path(out, again(out, 1, True, body, 0, len(body), rest, 0, len(rest)))  # type: ignore[arg-type]


@embed.kernel
def embed_kernel(out: Data, body: Data, body_start: int, body_length: int, data: Data, start: int, length: int) -> int:
    return again(out, 1, True, body, body_start, body_length, data, start, length)


@part.primitive(raises=(ValueError,))
def repeat(times: int, body: Path, rest: Path) -> Path:
    """The body 0 to 200 times, from where the turtle is each time; then the rest. Undefined for a body without lines."""
    out = Room([0] * (max(times, 0) * len(body) + len(rest) if times <= 200 else 3))
    return _path(out, again(out, times, False, body, 0, len(body), rest, 0, len(rest)))  # type: ignore[arg-type]


@repeat.kernel
def repeat_kernel(
    out: Data, times: int, body: Data, body_start: int, body_length: int, data: Data, start: int, length: int
) -> int:
    return again(out, times, False, body, body_start, body_length, data, start, length)


@part.primitive(cost=3, raises=(ValueError,))
def loop(times: int, body: Callable[[int], Path], rest: Path) -> Path:
    """The body for 1, 2, 3 … up to the number, 200 at most; then the rest. Undefined for a body without lines."""
    if not 0 <= times <= 200:
        raise ValueError("a loop goes round 0 to 200 times")
    turns = [body(k) for k in range(1, times + 1)]
    if any(len(turn) == 3 for turn in turns):
        raise ValueError("a turn without lines")
    out = Room([0] * (3 + sum(map(len, turns)) + len(rest)))
    low = high = direction = 0
    filled = 3
    for turn in turns:
        filled = add_path(out, filled, turn, 0, len(turn), low, high, direction)  # type: ignore[arg-type]
        x, y = turned(turn[0], turn[1], direction)
        low, high, direction = low + x, high + y, (direction + turn[2]) % DIRECTIONS
    x, y = turned(rest[0], rest[1], direction)
    filled = add_path(out, filled, rest, 0, len(rest), low, high, direction)  # type: ignore[arg-type]
    return _path(out, finished(out, filled, low + x, high + y, direction + rest[2]))  # type: ignore[arg-type]


@loop.kernel
def loop_kernel(
    out: Data, times: int, body: Data, starts: Data, lengths: Data, data: Data, start: int, length: int
) -> int:
    if times > starts.size:
        return ASK_REFERENCE  # beyond the known points
    if times < 0 or out.size < 3:
        return -1
    low = high = direction = 0
    filled = 3
    for k in range(times):
        if lengths[k] <= 3:
            return -1
        turn = starts[k]
        filled = add_path(out, filled, body, turn, int(lengths[k]), low, high, direction)
        if filled < 0:
            return -1
        x, y = turned(body[turn], body[turn + 1], direction)
        low, high, direction = low + x, high + y, (direction + body[turn + 2]) % DIRECTIONS
    x, y = turned(data[start], data[start + 1], direction)
    filled = add_path(out, filled, data, start, length, low, high, direction)
    return finished(out, filled, low + x, high + y, direction + data[start + 2])


@part.primitive(cost=0)
def draw(path: Path) -> Picture:
    """The picture of a path that begins in the middle of the paper, looking to the right."""
    out = Room([0] * 64)
    painted(out, path, 0, len(path))  # type: ignore[arg-type]
    return tuple(out)


@draw.kernel
def draw_kernel(out: Data, data: Data, start: int, length: int) -> int:
    return painted(out, data, start, length)
