"""Bit-vector operators with indices in their name (``extract 7 0``), made on demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from neurosynth.engine.kernels import Word, np
from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.values.types import parse_type
from neurosynth_dsls.bitvectors.machine import UNARY, mask, sign, signed_bits

__all__ = ["MAX_WIDTH", "indexed"]

MAX_WIDTH = 64
"""Number of bits of the widest value: one machine word."""

part = Language(
    "bitvectors.indexed", doc="The operators without their indices, which functions and kernels take like widths."
)


@part.primitive(type=UNARY)
def extract(x: int, *, i: int, j: int, n: int) -> int:
    """Bits i down to j."""
    return x >> j & ((1 << (i - j + 1)) - 1)


@extract.kernel
def extract_kernel(x: Word, i: int, j: int, n: int) -> Word:
    return (x >> np.uint64(j)) & mask(i - j + 1)


@part.primitive(type=UNARY)
def zero_extend(x: int, *, k: int, n: int) -> int:
    """With k zeros in front."""
    return x


@zero_extend.kernel
def zero_extend_kernel(x: Word, k: int, n: int) -> Word:
    return x


@part.primitive(type=UNARY)
def sign_extend(x: int, *, k: int, n: int) -> int:
    """With k copies of the sign bit in front."""
    return x - (x >> (n - 1) << n) & ((1 << (n + k)) - 1)


@sign_extend.kernel
def sign_extend_kernel(x: Word, k: int, n: int) -> Word:
    return x | (mask(n + k) ^ mask(n)) if x & sign(n) != np.uint64(0) else x


@part.primitive(type=UNARY)
def rotate_left(x: int, *, k: int, n: int) -> int:
    """Turned left by k bits; what leaves comes in again on the right."""
    return (x << k % n | x >> (n - k % n)) & ((1 << n) - 1)


@rotate_left.kernel
def rotate_left_kernel(x: Word, k: int, n: int) -> Word:
    left = k % n
    if left == 0:
        return x
    return ((x << np.uint64(left)) | (x >> np.uint64(n - left))) & mask(n)


@part.primitive(type=UNARY)
def rotate_right(x: int, *, k: int, n: int) -> int:
    """Turned right by k bits; what leaves comes in again on the left."""
    return (x >> k % n | x << (n - k % n)) & ((1 << n) - 1)


@rotate_left.inverse_kernel(0)
@rotate_right.kernel
def rotate_right_kernel(x: Word, k: int, n: int) -> Word:
    right = k % n
    if right == 0:
        return x
    return ((x >> np.uint64(right)) | (x << np.uint64(n - right))) & mask(n)


rotate_right.inverse_kernel(0)(rotate_left_kernel)


@rotate_left.inverse(0)
def inverse_rotate_left(output: int, *, k: int, n: int) -> list[int]:
    """The value whose rotation to the left is ``output``."""
    return [rotate_right(output, k=k, n=n)]


@rotate_right.inverse(0)
def inverse_rotate_right(output: int, *, k: int, n: int) -> list[int]:
    """The value whose rotation to the right is ``output``."""
    return [rotate_left(output, k=k, n=n)]


@part.primitive(type=UNARY)
def repeat(x: int, *, k: int, n: int) -> int:
    """Written k times side by side."""
    return x * (((1 << (k * n)) - 1) // ((1 << n) - 1))


@repeat.kernel
def repeat_kernel(x: Word, k: int, n: int) -> Word:
    result = x
    for _ in range(k - 1):
        result = (result << np.uint64(n)) | x
    return result


@part.primitive(type="int -> bitvec n")
def int_to_bv(x: int, *, k: int) -> int:
    """The lowest k bits of a number, a negative one in two's complement."""
    return x & ((1 << k) - 1)


@int_to_bv.kernel
def int_to_bv_kernel(x: int, k: int) -> Word:
    return signed_bits(x, k)


@dataclass(frozen=True, slots=True)
class _Family:
    """Indices of an operator, passed as sizes, so that kernels get them like widths."""

    indices: tuple[str, ...]
    allowed: str
    fits: Callable[..., bool]
    type: Callable[..., str] = lambda k: UNARY
    python: Callable[..., str | None] = lambda k: None


_FAMILIES = {
    "extract": _Family(
        ("i", "j"),
        "extract i j with 63 >= i >= j >= 0",
        lambda i, j: MAX_WIDTH > i >= j,
        lambda i, j: f"bitvec n -> bitvec {i - j + 1}",
        lambda i, j: "{0}" + (f" >> {j}" if j else "") + f" & {hex((1 << (i - j + 1)) - 1)}",
    ),
    "zero_extend": _Family(
        ("k",),
        "zero_extend k with k from 0 to 63",
        lambda k: k < MAX_WIDTH,
        lambda k: f"bitvec n -> bitvec n+{k}" if k else UNARY,
        lambda k: "{0}",
    ),
    "sign_extend": _Family(
        ("k",),
        "sign_extend k with k from 0 to 63",
        lambda k: k < MAX_WIDTH,
        lambda k: f"bitvec n -> bitvec n+{k}" if k else UNARY,
    ),
    "rotate_left": _Family(("k",), "rotate_left k with k from 0 to 2**63 - 1", lambda k: k < 1 << 63),
    "rotate_right": _Family(("k",), "rotate_right k with k from 0 to 2**63 - 1", lambda k: k < 1 << 63),
    "repeat": _Family(
        ("k",),
        "repeat k with k from 1 to 64",
        lambda k: 1 <= k <= MAX_WIDTH,
        lambda k: "bitvec n -> bitvec " + "+".join("n" * k),
    ),
    **dict.fromkeys(
        ("int_to_bv", "int2bv"),
        _Family(
            ("k",),
            "int_to_bv k with k from 1 to 64",
            lambda k: 1 <= k <= MAX_WIDTH,
            lambda k: f"int -> bitvec {k}",
            lambda k: f"{{0}} & {hex((1 << k) - 1)}",
        ),
    ),
}
"""By operator."""


_SAME = {"int2bv": "int_to_bv"}
"""The names of operators in z3 and in SMT-LIB before 2.7."""


def indexed(name: str) -> Primitive | None:
    """The primitive of a name, or None if the name does not have that form.

    Raises:
        InputError: for a wrong number of indices, or indices that no width up to 64 has.
    """
    match = re.fullmatch(r"([a-z_0-9]*[a-z])((?: [0-9]{1,20})+)", name)
    if match is None or match[1] not in _FAMILIES:
        return None
    family, indices = _FAMILIES[match[1]], tuple(int(text) for text in match[2].split())
    if len(indices) != len(family.indices) or not family.fits(*indices):
        raise InputError(f"no bit-vector operator {name!r}; allowed: {family.allowed}")
    fixed = part[_SAME.get(match[1], match[1])].at(dict(zip(family.indices, indices, strict=True)))
    return replace(
        fixed,
        name=name,
        type=parse_type(family.type(*indices)),
        python=family.python(*indices),
        smtlib=f"(_ {name})",
    )
