"""Bit-vector operators with indices in their name (``extract 7 0``), made on demand for ``bitvectors``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.primitive import Primitive
from neurosynth.language.types import parse_type

__all__ = ["MAX_WIDTH", "indexed"]

MAX_WIDTH = 64
"""Bits of the widest value: one machine word."""

_KERNELS = "neurosynth_dsls.bitvectors_kernels:"
_UNARY = "bitvec n -> bitvec n"


def indexed(name: str) -> Primitive | None:
    """The primitive that ``name`` spells, or None where it is not of that form.

    Raises:
        InputError: for a wrong number of indices, or indices that no width up to 64 has.
    """
    match = re.fullmatch(r"([a-z_]+)((?: [0-9]{1,20})+)", name)
    if match is None or match[1] not in _FAMILIES:
        return None
    family, indices = _FAMILIES[match[1]], tuple(int(text) for text in match[2].split())
    if len(indices) != len(family.indices) or not family.fits(*indices):
        raise InputError(f"no bit-vector operator {name!r}; allowed: {family.allowed}")
    return family.member(name, indices)


def extract(x: int, *, i: int, j: int, n: int) -> int:
    """Bits i down to j."""
    return x >> j & ((1 << (i - j + 1)) - 1)


def zero_extend(x: int, *, k: int, n: int) -> int:
    """With k zeros in front."""
    return x


def sign_extend(x: int, *, k: int, n: int) -> int:
    """With k copies of the sign bit in front."""
    return x - (x >> (n - 1) << n) & ((1 << (n + k)) - 1)


def rotate_left(x: int, *, k: int, n: int) -> int:
    """Turned left by k bits; what leaves comes in again on the right."""
    return (x << k % n | x >> (n - k % n)) & ((1 << n) - 1)


def rotate_right(x: int, *, k: int, n: int) -> int:
    """Turned right by k bits; what leaves comes in again on the left."""
    return (x >> k % n | x << (n - k % n)) & ((1 << n) - 1)


def repeat(x: int, *, k: int, n: int) -> int:
    """Written k times side by side."""
    return x * (((1 << (k * n)) - 1) // ((1 << n) - 1))


# Inverse semantics.


def inverse_rotate_left(output: int, *, k: int, n: int) -> list[int]:
    """The value that turned left is ``output``."""
    return [rotate_right(output, k=k, n=n)]


def inverse_rotate_right(output: int, *, k: int, n: int) -> list[int]:
    """The value that turned right is ``output``."""
    return [rotate_left(output, k=k, n=n)]


@dataclass(frozen=True, slots=True)
class _Family:
    """An operator with indices; they travel as sizes, so that kernels get them like widths."""

    function: Callable[..., int]
    indices: tuple[str, ...]
    allowed: str
    fits: Callable[..., bool]
    type: Callable[..., str]

    def member(self, name: str, values: tuple[int, ...]) -> Primitive:
        """The primitive with these indices."""
        operator = name.split()[0]
        sizes = dict(zip(self.indices, values, strict=True))
        return Primitive(
            name=name,
            type=parse_type(self.type(*values)),
            function=partial(self.function, **sizes),
            doc=self.function.__doc__ or "",
            kernel=_KERNELS + operator,
            smtlib=f"(_ {name})",
            sizes=sizes,
            **_options(operator, values),
        )


def _options(operator: str, values: tuple[int, ...]) -> dict[str, Any]:
    """What only some families have: a Python expression, an inverse."""
    if operator == "extract":
        high, low = values
        mask = hex((1 << (high - low + 1)) - 1)
        return {"python": f"{{0}} >> {low} & {mask}" if low else f"{{0}} & {mask}"}
    if operator == "zero_extend":
        return {"python": "{0}"}
    if operator == "rotate_left":
        inverse = partial(inverse_rotate_left, k=values[0])
        return {"inverse": (inverse,), "inverse_kernels": (_KERNELS + "rotate_right",)}
    if operator == "rotate_right":
        inverse = partial(inverse_rotate_right, k=values[0])
        return {"inverse": (inverse,), "inverse_kernels": (_KERNELS + "rotate_left",)}
    return {}


_FAMILIES = {
    "extract": _Family(
        extract,
        ("i", "j"),
        "extract i j with 63 >= i >= j >= 0",
        lambda i, j: MAX_WIDTH > i >= j,
        lambda i, j: f"bitvec n -> bitvec {i - j + 1}",
    ),
    "zero_extend": _Family(
        zero_extend,
        ("k",),
        "zero_extend k with k from 0 to 63",
        lambda k: k < MAX_WIDTH,
        lambda k: f"bitvec n -> bitvec n+{k}" if k else _UNARY,
    ),
    "sign_extend": _Family(
        sign_extend,
        ("k",),
        "sign_extend k with k from 0 to 63",
        lambda k: k < MAX_WIDTH,
        lambda k: f"bitvec n -> bitvec n+{k}" if k else _UNARY,
    ),
    "rotate_left": _Family(
        rotate_left,
        ("k",),
        "rotate_left k with k from 0 to 2**63 - 1",
        lambda k: k < 1 << 63,
        lambda k: _UNARY,
    ),
    "rotate_right": _Family(
        rotate_right,
        ("k",),
        "rotate_right k with k from 0 to 2**63 - 1",
        lambda k: k < 1 << 63,
        lambda k: _UNARY,
    ),
    "repeat": _Family(
        repeat,
        ("k",),
        "repeat k with k from 1 to 64",
        lambda k: 1 <= k <= MAX_WIDTH,
        lambda k: "bitvec n -> bitvec " + "+".join("n" * k),
    ),
}
"""By operator."""
