"""What each primitive of ``lists`` gives."""

from __future__ import annotations

from neurosynth.engine.constants import WORD_LIMIT
from neurosynth.language.primitive import UNDEFINED, Undefined
from neurosynth.testing.calls import Row


def positive(x: int) -> bool:
    return x > 0


def plus(x: int, y: int) -> int:
    return x + y


def inverted(x: int) -> int:
    """12 // x, undefined at 0."""
    if x == 0:
        raise Undefined("division by zero")
    return 12 // x


def safely_positive(x: int) -> bool:
    """Whether x > 0, undefined at 0."""
    return inverted(x) > 0


ROWS: list[Row] = [
    ("+", (2, 3), 5),
    ("+", (WORD_LIMIT, 0), WORD_LIMIT),
    ("+", (WORD_LIMIT, 1), UNDEFINED),
    ("-", (2, 3), -1),
    ("-", (-WORD_LIMIT, 1), UNDEFINED),
    ("*", (-2, 3), -6),
    ("*", (2**31, 2**31), UNDEFINED),
    ("*", (2**31, 2**31 - 1), 2**62 - 2**31),
    ("div", (7, 2), 3),
    ("div", (-7, 2), -4),
    ("div", (7, -2), -4),
    ("div", (7, 0), UNDEFINED),
    ("mod", (7, 3), 1),
    ("mod", (-7, 3), 2),
    ("mod", (7, -3), -2),
    ("mod", (7, 0), UNDEFINED),
    ("neg", (4,), -4),
    ("abs", (-4,), 4),
    ("min2", (3, -1), -1),
    ("max2", (3, -1), 3),
    ("even", (-2,), True),
    ("even", (3,), False),
    ("odd", (-3,), True),
    ("odd", (0,), False),
    (">", (2, 1), True),
    (">", (1, 1), False),
    ("<", (1, 2), True),
    ("<", (1, 1), False),
    (">=", (1, 1), True),
    (">=", (0, 1), False),
    ("<=", (1, 1), True),
    ("<=", (2, 1), False),
    ("=", (1, 1), True),
    ("=", ([1, 2], [1, 2]), True),
    ("=", ([1, 2], [2, 1]), False),
    ("=", (True, False), False),
    ("not", (True,), False),
    ("and", (True, False), False),
    ("or", (True, False), True),
    ("head", ([3, 1],), 3),
    ("head", ([],), UNDEFINED),
    ("last", ([3, 1],), 1),
    ("last", ([],), UNDEFINED),
    ("access", (0, [3, 1]), 3),
    ("access", (2, [3, 1]), UNDEFINED),
    ("access", (-1, [3, 1]), UNDEFINED),
    ("minimum", ([3, 1, 2],), 1),
    ("minimum", ([],), UNDEFINED),
    ("maximum", ([1, 3, 2],), 3),
    ("maximum", ([],), UNDEFINED),
    ("sum", ([1, 2, 3],), 6),
    ("sum", ([],), 0),
    ("sum", ([WORD_LIMIT, WORD_LIMIT, -WORD_LIMIT],), WORD_LIMIT),
    ("sum", ([WORD_LIMIT, 1],), UNDEFINED),
    ("product", ([2, 3, -1],), -6),
    ("product", ([],), 1),
    ("product", ([WORD_LIMIT, WORD_LIMIT, 0],), 0),
    ("product", ([WORD_LIMIT, 2],), UNDEFINED),
    ("length", ([4, 4],), 2),
    ("is_empty", ([],), True),
    ("is_empty", ([0],), False),
    ("contains", (2, [1, 2]), True),
    ("contains", (3, [1, 2]), False),
    ("index", (2, [1, 2, 2]), 1),
    ("index", (3, [1, 2, 2]), -1),
    ("take", (2, [3, 1, 2]), [3, 1]),
    ("take", (9, [3, 1]), [3, 1]),
    ("take", (-1, [3, 1]), []),
    ("drop", (2, [3, 1, 2]), [2]),
    ("drop", (9, [3, 1]), []),
    ("drop", (-1, [3, 1]), [3, 1]),
    ("tail", ([3, 1, 2],), [1, 2]),
    ("tail", ([],), UNDEFINED),
    ("init", ([3, 1, 2],), [3, 1]),
    ("init", ([],), UNDEFINED),
    ("reverse", ([3, 1, 2],), [2, 1, 3]),
    ("sort", ([3, 1, 2, 1],), [1, 1, 2, 3]),
    ("unique", ([2, 1, 2, 3, 1],), [2, 1, 3]),
    ("unique", ([[1], [1], []],), [[1], []]),
    ("delete", (2, [2, 1, 2]), [1]),
    ("range", (3,), [0, 1, 2]),
    ("range", (0,), []),
    ("range", (-2,), []),
    ("range", (1001,), UNDEFINED),
    ("replicate", (3, 7), [7, 7, 7]),
    ("replicate", (-1, 7), []),
    ("replicate", (WORD_LIMIT, 7), UNDEFINED),
    ("singleton", (4,), [4]),
    ("cons", (1, [2, 3]), [1, 2, 3]),
    ("cons", ([1], [[2], []]), [[1], [2], []]),
    ("snoc", ([1, 2], 3), [1, 2, 3]),
    ("append", ([1], [2, 3]), [1, 2, 3]),
    ("flatten", ([[1, 2], [], [3]],), [1, 2, 3]),
    ("map", (inverted, [1, 2, 5]), [12, 6, 2]),
    ("map", (inverted, [1, 0]), UNDEFINED),
    ("filter", (positive, [1, -2, 3]), [1, 3]),
    ("filter", (safely_positive, [1, 0]), UNDEFINED),
    ("count", (positive, [1, -2, 3]), 2),
    ("all", (positive, [1, 2]), True),
    ("all", (positive, []), True),
    ("all", (positive, [1, -2]), False),
    ("all", (safely_positive, [-1, 0]), UNDEFINED),
    ("any", (positive, [-1, 2]), True),
    ("any", (positive, []), False),
    ("any", (safely_positive, [1, 0]), UNDEFINED),
    ("takewhile", (positive, [2, 1, -1, 3]), [2, 1]),
    ("takewhile", (positive, [2, 1]), [2, 1]),
    ("takewhile", (safely_positive, [-1, 0]), UNDEFINED),
    ("dropwhile", (positive, [2, 1, -1, 3]), [-1, 3]),
    ("dropwhile", (positive, [2, 1]), []),
    ("dropwhile", (safely_positive, [-1, 0]), UNDEFINED),
    ("zipwith", (plus, [1, 2, 3], [10, 20]), [11, 22]),
    ("zipwith", (plus, [], [10]), []),
    ("scan", (plus, [1, 2, 3]), [1, 3, 6]),
    ("scan", (plus, []), []),
    ("scan", (lambda acc, x: acc - x, [1, 2, 3]), [1, -1, -4]),
    ("fold", (lambda acc, x: 10 * acc + x, 0, [1, 2, 3]), 123),
    ("fold", (lambda acc, x: [x, *acc], [], [1, 2, 3]), [3, 2, 1]),
    ("fold", (plus, 5, []), 5),
    ("if", (True, 1, 2), 1),
    ("if", (False, [1], [2]), [2]),
]
