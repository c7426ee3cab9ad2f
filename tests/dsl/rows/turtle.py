"""What each primitive of ``turtle`` gives. A path is where the turtle ends, where it looks, and three words a line."""

from __future__ import annotations

from neurosynth.language.primitive import UNDEFINED
from neurosynth.testing.calls import Row

NOTHING = (0, 0, 0)
STEP = (4, 0, 0, 0, 0, 4)


def grown(k: int) -> tuple[int, ...]:
    """k units forward, and back to looking ahead."""
    return (k, 0, 0, 0, 0, k)


PICTURE = tuple(0x1FFFF << 32 if row == 32 else 0 for row in range(64))

ROWS: list[Row] = [
    ("done", (), NOTHING),
    ("forward", (4, NOTHING), STEP),
    ("forward", (4, STEP), (8, 0, 0, 0, 0, 8)),
    ("forward", (4, (4, 0, 0, 1, 0, 4)), (8, 0, 0, 0, 0, 4, 5, 0, 4)),
    ("forward", (0, NOTHING), UNDEFINED),
    ("forward", (101, NOTHING), UNDEFINED),
    ("hop", (4, NOTHING), (4, 0, 0)),
    ("hop", (1, STEP), (5, 0, 0, 1, 0, 4)),
    ("hop", (-1, STEP), UNDEFINED),
    ("left", (4, NOTHING), (0, 0, 6)),
    ("left", (2, STEP), (-4, 0, 12, -4, 0, 4)),
    ("left", (5, STEP), UNDEFINED),
    ("right", (4, NOTHING), (0, 0, 18)),
    ("right", (2, STEP), (-4, 0, 12, -4, 0, 4)),
    ("right", (7, STEP), UNDEFINED),
    ("embed", (STEP, NOTHING), (0, 0, 0, 0, 0, 4)),
    ("embed", ((4, 0, 0), NOTHING), UNDEFINED),
    ("repeat", (2, STEP, NOTHING), (8, 0, 0, 0, 0, 8)),
    ("repeat", (3, (5, 0, 0, 0, 0, 4), NOTHING), (15, 0, 0, 0, 0, 4, 5, 0, 4, 10, 0, 4)),
    ("repeat", (0, STEP, (1, 0, 0)), (1, 0, 0)),
    ("repeat", (-1, STEP, NOTHING), UNDEFINED),
    ("repeat", (3, NOTHING, NOTHING), UNDEFINED),
    ("repeat", (201, STEP, NOTHING), UNDEFINED),
    ("loop", (2, grown, NOTHING), (3, 0, 0, 0, 0, 3)),
    ("loop", (0, grown, STEP), STEP),
    ("loop", (-1, grown, NOTHING), UNDEFINED),
    ("draw", (NOTHING,), (0,) * 64),
    ("draw", (STEP,), PICTURE),
]
