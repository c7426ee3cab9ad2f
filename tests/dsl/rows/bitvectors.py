"""What each primitive of ``bitvectors`` gives, at a width."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from neurosynth_dsls.bitvectors import bitvectors

from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.testing.calls import Row
from neurosynth.values.types import Type, bitvec, type_variables

INDEXED = ["int_to_bv", "int2bv", "extract", "zero_extend", "sign_extend", "rotate_left", "rotate_right", "repeat"]
WIDTHS = [1, 2, 3, 7, 8, 16, 31, 32, 33, 63, 64]

AT_WIDTHS: list[tuple[str, int, tuple[Any, ...], Any]] = [
    ("bvnot", 8, (0x0F,), 0xF0),
    ("bvneg", 8, (1,), 0xFF),
    ("bvneg", 8, (0x80,), 0x80),
    ("bvand", 8, (0x3C, 0x0F), 0x0C),
    ("bvor", 8, (0x3C, 0x0F), 0x3F),
    ("bvxor", 8, (0x3C, 0x0F), 0x33),
    ("bvnand", 8, (0x3C, 0x0F), 0xF3),
    ("bvnor", 8, (0x3C, 0x0F), 0xC0),
    ("bvxnor", 8, (0x3C, 0x0F), 0xCC),
    ("bvadd", 8, (0xFF, 2), 1),
    ("bvadd", 64, (2**64 - 1, 2), 1),
    ("bvsub", 8, (1, 2), 0xFF),
    ("bvmul", 8, (0x20, 9), 0x20),
    ("bvudiv", 8, (0xFF, 0x10), 0x0F),
    ("bvudiv", 8, (5, 0), 0xFF),
    ("bvurem", 8, (0xFF, 0x10), 0x0F),
    ("bvurem", 8, (5, 0), 5),
    ("bvsdiv", 8, (0xF9, 2), 0xFD),  # -7 / 2 = -3
    ("bvsdiv", 8, (0x80, 0xFF), 0x80),  # -128 / -1 overflows
    ("bvsdiv", 8, (5, 0), 0xFF),
    ("bvsdiv", 8, (0xFB, 0), 1),
    ("bvsrem", 8, (0xF9, 2), 0xFF),  # -7 rem 2 = -1
    ("bvsrem", 8, (7, 0xFE), 1),  # 7 rem -2 = 1
    ("bvsrem", 8, (0xFB, 0), 0xFB),
    ("bvsmod", 8, (0xF9, 2), 1),  # -7 mod 2 = 1
    ("bvsmod", 8, (7, 0xFE), 0xFF),  # 7 mod -2 = -1
    ("bvsmod", 8, (0xFB, 0), 0xFB),
    ("bvshl", 8, (0x81, 1), 2),
    ("bvshl", 8, (0x81, 8), 0),
    ("bvlshr", 8, (0x81, 1), 0x40),
    ("bvlshr", 64, (2**63, 64), 0),
    ("bvashr", 8, (0x81, 1), 0xC0),
    ("bvashr", 8, (0x81, 200), 0xFF),
    ("bvashr", 8, (0x41, 200), 0),
    ("bvcomp", 8, (3, 3), 1),
    ("bvcomp", 8, (3, 4), 0),
    ("bvult", 8, (1, 0xFF), True),
    ("bvule", 8, (1, 1), True),
    ("bvugt", 8, (1, 0xFF), False),
    ("bvuge", 8, (1, 1), True),
    ("bvslt", 8, (0xFF, 1), True),
    ("bvsle", 8, (0xFF, 0xFF), True),
    ("bvsgt", 8, (0xFF, 1), False),
    ("bvsge", 8, (1, 0xFF), True),
    ("bvredor", 8, (0,), 0),
    ("bvredor", 8, (0x10,), 1),
    ("bvredor", 1, (1,), 1),
    ("bvredand", 8, (0xFF,), 1),
    ("bvredand", 8, (0xFE,), 0),
    ("bvredand", 64, (2**64 - 1,), 1),
    ("bvite", 8, (1, 2, 3), 2),
    ("bvite", 8, (0, 2, 3), 3),
    ("ext_rotate_left", 8, (0x81, 1), 0x03),
    ("ext_rotate_left", 8, (0x81, 8), 0x81),
    ("ext_rotate_left", 8, (0x81, 17), 0x03),
    ("ext_rotate_right", 8, (0x81, 1), 0xC0),
    ("ext_rotate_right", 7, (0x01, 0), 0x01),
    ("bvnego", 8, (0x80,), True),
    ("bvnego", 8, (0,), False),
    ("bvuaddo", 8, (0xFF, 1), True),
    ("bvuaddo", 8, (0xFF, 0), False),
    ("bvsaddo", 8, (0x7F, 1), True),
    ("bvsaddo", 8, (0x80, 0xFF), True),
    ("bvsaddo", 8, (0x7F, 0x80), False),
    ("bvusubo", 8, (1, 2), True),
    ("bvusubo", 8, (2, 2), False),
    ("bvssubo", 8, (0x80, 1), True),
    ("bvssubo", 8, (0, 0x80), True),
    ("bvssubo", 8, (0xFF, 0x80), False),
    ("bvumulo", 8, (16, 16), True),
    ("bvumulo", 8, (15, 17), False),
    ("bvumulo", 64, (2**32, 2**32), True),
    ("bvumulo", 64, (0, 2**64 - 1), False),
    ("bvumul_noovfl", 8, (15, 17), True),
    ("bvumul_noovfl", 8, (16, 16), False),
    ("bvsmulo", 8, (0x80, 0xFF), True),  # -128 * -1
    ("bvsmulo", 8, (0x40, 0xFE), False),  # 64 * -2
    ("bvsmulo", 8, (0x41, 0xFE), True),
    ("bvsmul_noovfl", 8, (0x80, 0xFF), False),
    ("bvsmul_noovfl", 8, (0x41, 0xFE), True),
    ("bvsmul_noudfl", 8, (0x41, 0xFE), False),
    ("bvsmul_noudfl", 8, (0x80, 0xFF), True),
    ("bvsdivo", 8, (0x80, 0xFF), True),
    ("bvsdivo", 8, (0x80, 1), False),
    ("ubv_to_int", 8, (0xFF,), 255),
    ("ubv_to_int", 64, (2**64 - 1,), UNDEFINED),
    ("bv2nat", 8, (0xFF,), 255),
    ("sbv_to_int", 8, (0xFF,), -1),
    ("sbv_to_int", 8, (0x80,), -128),
    ("sbv_to_int", 64, (2**64 - 1,), -1),
    ("sbv_to_int", 64, (2**63,), UNDEFINED),
    ("int_to_bv 8", 8, (-1,), 0xFF),
    ("int_to_bv 8", 8, (300,), 44),
    ("int2bv 64", 8, (-1,), 2**64 - 1),
    ("distinct", 8, (3, 4), True),
    ("distinct", 8, (3, 3), False),
    ("concat", 8, (0xAB, 0xCD), 0xABCD),
    ("extract 7 4", 16, (0x12AB,), 0xA),
    ("zero_extend 8", 8, (0x80,), 0x80),
    ("sign_extend 8", 8, (0x80,), 0xFF80),
    ("sign_extend 8", 8, (0x7F,), 0x7F),
    ("rotate_left 1", 8, (0x81,), 0x03),
    ("rotate_left 9", 8, (0x81,), 0x03),
    ("rotate_right 1", 8, (0x81,), 0xC0),
    ("repeat 2", 8, (0xAB,), 0xABAB),
    ("=", 8, (3, 3), True),
    ("ite", 8, (False, 3, 4), 4),
    ("xor", 8, (True, False), True),
    ("xor", 8, (True, True), False),
    ("and", 8, (True, False), False),
    ("or", 8, (True, False), True),
    ("not", 8, (True,), False),
    ("=>", 8, (True, False), False),
]


def at_width(name: str, n: int) -> Primitive:
    """A primitive with its type and width fixed to ``n``; that of a second argument likewise."""
    p = bitvectors[name]
    fixed: dict[str, Type | int] = {"a": bitvec(n), "n": n, "m": min(n, 64 - n)}
    return p.at({v: fixed[v] for v in type_variables(p.type)})


ROWS: list[Row] = [(at_width(name, n), arguments, value) for name, n, arguments, value in AT_WIDTHS]


@st.composite
def fixed(draw: st.DrawFn, name: str) -> Primitive:
    """A primitive at some width, with some indices where it takes them."""
    n = draw(st.sampled_from(WIDTHS) | st.integers(1, 64))
    match name:
        case "concat":
            n = min(n, 63)
            return bitvectors["concat"].at({"n": n, "m": draw(st.integers(1, 64 - n))})
        case "extract":
            j = draw(st.integers(0, n - 1))
            return at_width(f"extract {draw(st.integers(j, n - 1))} {j}", n)
        case "zero_extend" | "sign_extend":
            return at_width(f"{name} {draw(st.integers(0, 64 - n))}", n)
        case "rotate_left" | "rotate_right":
            return at_width(f"{name} {draw(st.integers(0, 200))}", n)
        case "int_to_bv" | "int2bv":
            return at_width(f"{name} {n}", n)
        case "repeat":
            return at_width(f"repeat {draw(st.integers(1, 64 // n))}", n)
    return at_width(name, n)
