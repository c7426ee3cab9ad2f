"""The language ``bitvectors``: a table of cases, then z3, kernels, inverses and templates against the functions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.bitvectors import bitvectors

from neurosynth.engine.kernels import compile_helpers
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input
from neurosynth.language.types import BOOL, Type, bitvec, type_variables

CASES = [
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

OPERATORS = list(bitvectors.primitives)
INDEXED = ["extract", "zero_extend", "sign_extend", "rotate_left", "rotate_right", "repeat"]
WIDTHS = [1, 2, 3, 7, 8, 16, 31, 32, 33, 63, 64]
MAX = 2**64 - 1
compile_helpers()


def at_width(name: str, n: int) -> Primitive:
    """A primitive with its type and width fixed to ``n``; that of a second argument likewise."""
    p = bitvectors[name]
    fixed: dict[str, Type | int] = {"a": bitvec(n), "n": n, "m": min(n, 64 - n)}
    return p.at({v: fixed[v] for v in type_variables(p.type)})


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
        case "repeat":
            return at_width(f"repeat {draw(st.integers(1, 64 // n))}", n)
    return at_width(name, n)


def width(t: Type) -> int:
    """Of a bit-vector type."""
    return int(str(t).removeprefix("bitvec "))


def values_of(t: Type) -> st.SearchStrategy[Any]:
    """Values of a type, the edges often."""
    if t == BOOL:
        return st.booleans()
    n = width(t)
    half, mask = 1 << (n - 1), (1 << n) - 1
    edges = st.sampled_from([0, 1, half - 1, half, mask, mask - 1, n, n - 1])
    return (edges | st.integers(0, mask) | st.integers(0, 70)).map(lambda v: v & mask)


def arguments(p: Primitive) -> st.SearchStrategy[tuple[Any, ...]]:
    """Arguments of a primitive's types."""
    return st.tuples(*map(values_of, p.parameters))


def reference(p: Primitive, values: Sequence[Any]) -> Any:
    """The value as programs have it."""
    return Apply(p, tuple(Input(i, t) for i, t in enumerate(p.parameters)))(*values)


def load(kernel: Any, p: Primitive) -> Callable[..., Any]:
    """The function behind a kernel's text, or behind the one for the primitive's kinds of arguments."""
    if isinstance(kernel, dict):
        kernel = kernel["".join("w" if t == BOOL else "u" for t in p.parameters)]
    assert callable(kernel)
    return kernel  # type: ignore[no-any-return]  # any callable


def run_kernel(kernel: Callable[..., Any], p: Primitive, values: Sequence[Any], types: Sequence[Type]) -> Any:
    """The kernel's value on machine words; wrapping is what it is for."""
    words = [int(v) if t == BOOL else np.uint64(v) for v, t in zip(values, types, strict=True)]
    with np.errstate(over="ignore"):
        found = kernel(*words, *(p.sizes[name] for name in sorted(p.sizes)))
    assert found >= 0
    return int(found)


@pytest.mark.parametrize(("name", "n", "values", "expected"), CASES)
def test_case(name: str, n: int, values: tuple[Any, ...], expected: Any) -> None:
    p = at_width(name, n)
    assert reference(p, values) == expected
    assert type(reference(p, values)) is type(expected)
    if p.kernel != "select":
        assert run_kernel(load(p.kernel, p), p, values, p.parameters) == expected


def test_every_primitive_has_a_case_help_and_a_kernel() -> None:
    assert {name.split()[0] for name, *_ in CASES} == {*OPERATORS, *INDEXED}
    for name, n, *_ in CASES:
        p = at_width(name, n)
        assert p.doc, p
        assert "\n" not in p.doc, p
        assert p.kernel, p


@pytest.mark.parametrize("name", OPERATORS + INDEXED)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_z3_computes_the_same(
    check_with_z3: Callable[[Primitive, Sequence[Any]], None], name: str, data: st.DataObject
) -> None:
    p = data.draw(fixed(name))
    calls = data.draw(st.lists(arguments(p), min_size=1, max_size=20))
    check_with_z3(p, [(values, reference(p, values)) for values in calls])


def test_z3_computes_the_same_on_the_cases(check_with_z3: Callable[[Primitive, Sequence[Any]], None]) -> None:
    for name, n, values, expected in CASES:
        check_with_z3(at_width(name, n), [(values, expected)])


@pytest.mark.parametrize("name", [name for name in OPERATORS + INDEXED if name != "ite"])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_kernel_is_the_function(name: str, data: st.DataObject) -> None:
    p = data.draw(fixed(name))
    values = data.draw(arguments(p))
    assert run_kernel(load(p.kernel, p), p, values, p.parameters) == reference(p, values)


def sweep(name: str) -> list[Primitive]:
    """A primitive at widths where masks and shifts go wrong first."""
    found = []
    for n in (1, 8, 63, 64):
        match name:
            case "concat":
                found.append(bitvectors[name].at({"n": min(n, 63), "m": 64 - min(n, 63)}))
            case "extract":
                found += [at_width(f"extract {n - 1} 0", n), at_width(f"extract {n - 1} {n // 2}", n)]
            case "zero_extend" | "sign_extend":
                found += [at_width(f"{name} 0", n), at_width(f"{name} {64 - n}", n)]
            case "rotate_left" | "rotate_right":
                found += [at_width(f"{name} {k}", n) for k in (0, 1, 63, 64)]
            case "repeat":
                found.append(at_width(f"repeat {64 // n}", n))
            case _:
                found.append(at_width(name, n))
    return found


@pytest.mark.parametrize("name", [name for name in OPERATORS + INDEXED if name != "ite"])
def test_compiled_kernel_is_the_function(name: str) -> None:
    kernel: Any = None
    for p in sweep(name):
        kernel = kernel or numba.njit(load(p.kernel, p))
        edges = [
            [False, True]
            if t == BOOL
            else sorted({v & ((1 << width(t)) - 1) for v in (0, 1, 3, 64, MAX >> 1, 1 << 63, MAX)})
            for t in p.parameters
        ]
        for values in itertools.product(*edges):
            assert run_kernel(kernel, p, values, p.parameters) == reference(p, values), (str(p), values)
    (signature,) = kernel.nopython_signatures
    assert signature.return_type == (numba.int64 if p.result == BOOL else numba.uint64)


WITH_INVERSE = [name for name in OPERATORS if bitvectors[name].inverse] + ["rotate_left", "rotate_right"]


PARTIAL = ("bvmul", "bvshl", "bvlshr", "bvashr")
"""Several arguments may give the same output, or none: the inverse names one, and its kernel then the same."""


@pytest.mark.parametrize("name", PARTIAL)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_inverse_and_its_kernel_name_one_of_many(name: str, data: st.DataObject) -> None:
    p = data.draw(fixed(name))
    values, target = data.draw(arguments(p)), data.draw(arguments(p))[0]
    assert p.inverse is not None
    assert p.inverse_kernels is not None
    for output in (reference(p, values), target):
        for i, (inverse, kernel) in enumerate(zip(p.inverse, p.inverse_kernels, strict=True)):
            assert inverse is not None
            others, types = values[:i] + values[i + 1 :], p.parameters[:i] + p.parameters[i + 1 :]
            found = list(inverse(output, *others))
            given_by_kernel = run_kernel(load(kernel, p), p, (output, *others), (p.result, *types))
            made = reference(p, (*values[:i], given_by_kernel, *values[i + 1 :]))
            assert found == ([given_by_kernel] if made == output else [])
            assert found or output != reference(p, values)


@pytest.mark.parametrize("name", [name for name in WITH_INVERSE if name not in PARTIAL])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_inverse_and_its_kernel_bring_the_argument_back(name: str, data: st.DataObject) -> None:
    p = data.draw(fixed(name))
    values = data.draw(arguments(p))
    output = reference(p, values)
    assert p.inverse is not None
    assert p.inverse_kernels is not None
    for i, (inverse, kernel) in enumerate(zip(p.inverse, p.inverse_kernels, strict=True)):
        assert inverse is not None
        others, types = values[:i] + values[i + 1 :], p.parameters[:i] + p.parameters[i + 1 :]
        assert list(inverse(output, *others)) == [values[i]]
        assert run_kernel(load(kernel, p), p, (output, *others), (p.result, *types)) == values[i]


def test_what_can_be_undone_has_an_inverse() -> None:
    assert set(WITH_INVERSE) == {
        *("bvnot", "bvneg", "bvadd", "bvsub", "bvxor", "bvxnor", "not", "xor", "rotate_left", "rotate_right", *PARTIAL)
    }


@pytest.mark.parametrize("name", OPERATORS + INDEXED)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_exported_expression_is_the_function(name: str, data: st.DataObject) -> None:
    p = data.draw(fixed(name))
    values = data.draw(arguments(p))
    if p.python is not None:
        names = "xyz"[: p.arity]
        assert eval(p.python.format(*names), dict(zip(names, values, strict=True))) == reference(p, values)


@pytest.mark.parametrize("name", [name for name in OPERATORS if bitvectors[name].commutative])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_arguments_of_a_commutative_operator_may_be_swapped(name: str, data: st.DataObject) -> None:
    p = data.draw(fixed(name))
    x, y = data.draw(arguments(p))
    assert reference(p, (x, y)) == reference(p, (y, x))


def test_types_of_indexed_operators() -> None:
    assert str(bitvectors["extract 15 8"].type) == "bitvec n -> bitvec 8"
    assert str(at_width("zero_extend 24", 8).type) == "bitvec 8 -> bitvec 32"
    assert str(at_width("repeat 3", 8).type) == "bitvec 8 -> bitvec 24"
    assert str(bitvectors["concat"].at({"n": 8, "m": 4}).type) == "bitvec 8 -> bitvec 4 -> bitvec 12"
    assert bitvectors["extract 7 0"].smtlib == "(_ extract 7 0)"
    assert bitvectors["extract 7 0"] == bitvectors["extract 7 0"] != bitvectors["extract 7 1"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("extract 3 5", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("extract 64 0", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("extract 3", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("zero_extend 64", "allowed: zero_extend k with k from 0 to 63"),
        ("sign_extend 99", "allowed: sign_extend k with k from 0 to 63"),
        ("repeat 0", "allowed: repeat k with k from 1 to 64"),
        ("repeat 65", "allowed: repeat k with k from 1 to 64"),
        ("rotate_left 9223372036854775808", "allowed: rotate_left k with k from 0 to"),
    ],
)
def test_wrong_indices_are_named(name: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        bitvectors[name]
    assert str(caught.value).startswith(f"no bit-vector operator '{name}'; {says}")


@pytest.mark.parametrize("name", ["extract", "extract 7 x", "shuffle 3", "bvad"])
def test_other_names_are_unknown(name: str) -> None:
    assert name not in bitvectors
    with pytest.raises(UnknownNameError, match="unknown primitive of language 'bitvectors'"):
        bitvectors[name]
