"""What each primitive of ``lists-little`` gives."""

from __future__ import annotations

from neurosynth.language.primitive import UNDEFINED
from neurosynth.testing.calls import Row


def kept(head: int, tail: list[int], answer: list[int]) -> list[int]:
    """Heads above 1, in front of the answer."""
    return [head, *answer] if head > 1 else list(answer)


def lengths(head: int, tail: list[int], answer: int) -> int:
    """The lengths of all tails, summed."""
    return len(tail) + answer


def down(before: int, answer: list[int]) -> list[int]:
    """The number before, in front."""
    return [before, *answer]


ROWS: list[Row] = [
    ("cons", (1, (2, 3)), (1, 2, 3)),
    ("car", ((1, 2),), 1),
    ("car", ((),), UNDEFINED),
    ("cdr", ((1, 2),), (2,)),
    ("cdr", ((),), UNDEFINED),
    ("empty", (), ()),
    ("empty?", ((),), True),
    ("empty?", ((0,),), False),
    ("if", (True, 1, 2), 1),
    ("if", (False, (1,), ()), ()),
    ("+", (2, 3), 5),
    ("-", (2, 3), -1),
    ("=", (2, 2), True),
    ("=", ((1,), (2,)), False),
    (">", (3, 2), True),
    ("rec_list", ((1, 3, 0, 2), (), kept), (3, 2)),
    ("rec_list", ((5, 5, 5), 0, lengths), 3),
    ("rec_list", ((), 7, lengths), 7),
    ("rec_list", ((0,) * 201, 0, lengths), UNDEFINED),
    ("rec_nat", (3, (), down), (2, 1, 0)),
    ("rec_nat", (0, (9,), down), (9,)),
    ("rec_nat", (-1, (), down), UNDEFINED),
    ("rec_nat", (201, (), down), UNDEFINED),
]
