"""What each primitive of ``towers`` gives. A plan is the way of the hand, then codes: twice the place, and 1 where a block stands."""

from __future__ import annotations

from neurosynth.language.primitive import UNDEFINED
from neurosynth.testing.calls import Row

ARCH = (0, 1, 9, 4)


def stairs(k: int) -> tuple[int, ...]:
    """k lying blocks on each other, and a step to the right."""
    return (6, *[0] * k)


ROWS: list[Row] = [
    ("done", (), (0,)),
    ("lay", ((0,),), (0, 0)),
    ("lay", ((6, 1, 9),), (6, 0, 9, 1)),
    ("lay", ((0, 16),), (0, 0, 16)),
    ("stand", ((0,),), (0, 1)),
    ("stand", ((0, -12, 0),), (0, -12, 1, 0)),
    ("right", (6, (0,)), (6,)),
    ("right", (4, (-4, 1)), (0, 9)),
    ("right", (1 << 41, (0,)), UNDEFINED),
    ("left", (2, (0, 0)), (-2, -4)),
    ("left", (-(1 << 41), (0, 0)), UNDEFINED),
    ("embed", ((6, 0), (0, 0)), (0, 0, 0)),
    ("embed", (ARCH, (6,)), (6, *ARCH[1:])),
    ("repeat", (3, (6, 0), (0,)), (18, 0, 12, 24)),
    ("repeat", (2, (0, 0), (1, 0)), (1, 0, 0, 0)),
    ("repeat", (0, (6, 0), (0, 1)), (0, 1)),
    ("repeat", (-1, (6, 0), (0,)), UNDEFINED),
    ("repeat", (3, (6,), (0,)), UNDEFINED),
    ("loop", (2, stairs, (0,)), (12, 0, 12, 12)),
    ("loop", (0, stairs, (0, 1)), (0, 1)),
    ("loop", (-1, stairs, (0,)), UNDEFINED),
    ("loop", (201, stairs, (0,)), UNDEFINED),
    ("build", ((0,),), ()),
    ("build", ((7, 1, 9, 4),), ((0, 2, 6), (4, 2, 6), (2, 6, 2))),
    ("build", ((0, -12, 0),), ((0, 6, 2), (6, 6, 2))),
]
