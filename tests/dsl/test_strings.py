"""The language ``strings``: a table of cases, then z3, kernels, inverses and export templates against the functions."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neurosynth_dsls.strings import keeping, machine, rewriting, runs, strings

from neurosynth.engine.constants import ANY, ASK_REFERENCE, UNCHANGED, UNDEFINED_WORD, WORD_LIMIT
from neurosynth.engine.kernels import compile_helpers
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Input
from neurosynth.language.types import BOOL, INT, STRING, Type, is_ground
from neurosynth.tasks.task import has_type, type_of_values

compile_helpers()
SIZE = 40
"""Longest value, so that the tests meet the limit."""

CASES = [
    ("str.++", ("ab", "c"), "abc"),
    ("str.at", ("abc", 1), "b"),
    ("str.at", ("abc", 3), ""),
    ("str.at", ("abc", -1), ""),
    ("str.substr", ("hello", 1, 3), "ell"),
    ("str.substr", ("hello", 3, 9), "lo"),
    ("str.substr", ("hello", 5, 1), ""),
    ("str.substr", ("hello", -1, 2), ""),
    ("str.substr", ("hello", 1, -1), ""),
    ("str.replace", ("a-b-c", "-", "+"), "a+b-c"),
    ("str.replace", ("abc", "x", "y"), "abc"),
    ("str.replace", ("abc", "", "x"), "xabc"),
    ("str.replace", ("", "", "x"), "x"),
    ("str.replace_all", ("a-b-c", "-", ""), "abc"),
    ("str.replace_all", ("aaa", "aa", "b"), "ba"),
    ("str.replace_all", ("abc", "", "x"), "abc"),
    ("str.len", ("日本",), 2),
    ("str.len", ("abc",), 3),
    ("str.indexof", ("a-b-c", "-", 0), 1),
    ("str.indexof", ("a-b-c", "-", 2), 3),
    ("str.indexof", ("a-b-c", "-", 4), -1),
    ("str.indexof", ("abc", "", 3), 3),
    ("str.indexof", ("abc", "", 4), -1),
    ("str.indexof", ("abc", "c", -1), -1),
    ("str.rindexof", ("a-b-c", "-"), 3),
    ("str.rindexof", ("abc", "-"), -1),
    ("str.rindexof", ("abc", ""), 3),
    ("str.prefixof", ("ab", "abc"), True),
    ("str.prefixof", ("abc", "ab"), False),
    ("str.suffixof", ("bc", "abc"), True),
    ("str.contains", ("abc", "b"), True),
    ("str.contains", ("abc", ""), True),
    ("str.contains", ("b", "abc"), False),
    ("str.<", ("a", "b"), True),
    ("str.<", ("a", "a"), False),
    ("str.<", ("a", "aa"), True),
    ("str.<=", ("a", "a"), True),
    ("str.is_digit", ("7",), True),
    ("str.is_digit", ("77",), False),
    ("str.is_digit", ("٣",), False),
    ("str.to.int", ("042",), 42),
    ("str.to.int", ("",), -1),
    ("str.to.int", ("-3",), -1),
    ("str.to.int", (" 3",), -1),
    ("str.to.int", ("٣",), -1),
    ("str.to.int", ("9" * 5000,), UNDEFINED),
    ("str.to.int", (str(WORD_LIMIT),), WORD_LIMIT),
    ("str.to.int", (str(WORD_LIMIT + 1),), UNDEFINED),
    ("str.to.int", ("0" * 30 + "7",), 7),
    ("str.to.int", ("9" * 30 + "x",), -1),
    ("int.to.str", (42,), "42"),
    ("int.to.str", (0,), "0"),
    ("int.to.str", (-1,), ""),
    ("int.to.str", (WORD_LIMIT,), "4611686018427387903"),
    ("str.to_code", ("A",), 65),
    ("str.to_code", ("AB",), -1),
    ("str.from_code", (65,), "A"),
    ("str.from_code", (-1,), ""),
    ("str.from_code", (0x2FFFF,), "\U0002ffff"),
    ("str.from_code", (0x30000,), ""),
    ("+", (2, 3), 5),
    ("+", (WORD_LIMIT, 1), UNDEFINED),
    ("+", (WORD_LIMIT, 0), WORD_LIMIT),
    ("-", (2, 3), -1),
    ("-", (-WORD_LIMIT, 1), UNDEFINED),
    ("neg", (2,), -2),
    ("<", (2, 2), False),
    ("<=", (2, 2), True),
    (">", (3, 2), True),
    (">=", (1, 2), False),
    ("=", ("a", "a"), True),
    ("=", (1, 2), False),
    ("=", (True, True), True),
    ("ite", (True, "a", "b"), "a"),
    ("ite", (False, 1, 2), 2),
    ("and", (True, False), False),
    ("or", (True, False), True),
    ("not", (True,), False),
    ("=>", (True, False), False),
    ("=>", (False, False), True),
    ("str.lower", ("ÀB c",), "àb c"),
    ("str.lower", ("aBC Z[@1",), "abc z[@1"),
    ("str.upper", ("straße",), "STRASSE"),
    ("str.upper", ("aBc z{`1",), "ABC Z{`1"),
    ("str.title", ("ada LOVE-lace 1st",), "Ada Love-Lace 1St"),
    ("str.trim", (" \t a b\n",), "a b"),
    ("str.trim", ("\u2003é\xa0",), "é"),
    ("str.reverse", ("abc",), "cba"),
    ("str.word", ("  Ada  King Lovelace ", 0), "Ada"),
    ("str.word", ("  Ada  King Lovelace ", -1), "Lovelace"),
    ("str.word", ("Ada", 1), ""),
    ("str.word", ("Ada", -2), ""),
    ("str.word", (" ", 0), ""),
    ("str.field", ("a,b,,c", ",", 1), "b"),
    ("str.field", ("a,b,,c", ",", 2), ""),
    ("str.field", ("a,b,,c", ",", -1), "c"),
    ("str.field", ("a,b,,c", ",", 4), ""),
    ("str.field", ("a,b,,c", ",", -5), ""),
    ("str.field", ("a, b", ", ", 1), "b"),
    ("str.field", ("ab", "", 0), "ab"),
    ("str.field", ("ab", "", -1), "ab"),
    ("str.field", ("ab", "", 1), ""),
    ("str.field", ("", ",", 0), ""),
    ("str.number", ("tel. 0171-22 4", 0), "0171"),
    ("str.number", ("tel. 0171-22 4", 1), "22"),
    ("str.number", ("tel. 0171-22 4", -1), "4"),
    ("str.number", ("tel. 0171-22 4", 3), ""),
    ("str.number", ("tel. 0171-22 4", -4), ""),
    ("str.number", ("12", 0), "12"),
    ("str.number", ("٣ m²", 0), ""),
    ("str.letters", ("12 Main St. 5b", 0), "Main"),
    ("str.letters", ("12 Main St. 5b", -1), "b"),
    ("str.letters", ("12 Main St. 5b", -3), "Main"),
    ("str.letters", ("12 Main St. 5b", 3), ""),
    ("str.letters", ("[`Az{@", 0), "Az"),
    ("str.letters", ("5 straße", 0), "straße"),
    ("str.before", ("ada@lovelace@uk", "@"), "ada"),
    ("str.before", ("ada", "@"), "ada"),
    ("str.before", ("@ada", "@"), ""),
    ("str.before", ("ada", ""), ""),
    ("str.after", ("ada@lovelace@uk", "@"), "lovelace@uk"),
    ("str.after", ("a :: b", " :: "), "b"),
    ("str.after", ("ada", "@"), ""),
    ("str.after", ("ada@", "@"), ""),
    ("str.after", ("ada", ""), "ada"),
    ("str.take", ("hello", 2), "he"),
    ("str.take", ("hello", 9), "hello"),
    ("str.take", ("hello", 0), ""),
    ("str.take", ("hello", -2), "hel"),
    ("str.take", ("hello", -9), ""),
    ("str.drop", ("hello", 2), "llo"),
    ("str.drop", ("hello", 9), ""),
    ("str.drop", ("hello", 0), "hello"),
    ("str.drop", ("hello", -2), "lo"),
    ("str.drop", ("hello", -9), "hello"),
    ("str.initials", (" Ada  King-Noel Lovelace",), "AKL"),
    ("str.initials", ("émile\u2003zola",), "éz"),
    ("str.initials", (" ",), ""),
    ("str.capitals", ("fooBAR BazQ", 0), "BAR"),
    ("str.capitals", ("fooBAR BazQ", 1), "B"),
    ("str.capitals", ("fooBAR BazQ", -1), "Q"),
    ("str.capitals", ("fooBAR BazQ", -4), ""),
    ("str.capitals", ("ÉAa", 0), "ÉA"),
    ("str.lowers", ("FOObar bAZ q", 0), "bar"),
    ("str.lowers", ("FOObar bAZ q", 1), "b"),
    ("str.lowers", ("FOObar bAZ q", -1), "q"),
    ("str.lowers", ("FOObar bAZ q", 3), ""),
    ("str.lowers", ("Aßé", 0), "ßé"),
    ("str.only_digits", ("(020) 7946-0018",), "02079460018"),
    ("str.only_digits", ("m² ٣",), ""),
    ("str.only_letters", ("R2-D2 & c3po",), "RDcpo"),
    ("str.only_letters", ("1 é日",), "é日"),
    ("str.only_capitals", ("World Wide Web 3",), "WWW"),
    ("str.only_capitals", ("Ärger",), "Ä"),
    ("str.drop_digits", ("a1b22é",), "abé"),
    ("str.drop_digits", ("2024",), ""),
    ("str.squeeze", ("aabbbc--d  d",), "abc-d d"),
    ("str.squeeze", ("",), ""),
    ("str.collapse", ("  Ada \t King\n",), "Ada King"),
    ("str.collapse", ("a\u2003\xa0b",), "a b"),
    ("str.collapse", (" ",), ""),
    ("str.capitalize", ("aDA LOVE",), "Ada love"),
    ("str.capitalize", ("1A",), "1a"),
    ("str.capitalize", ("éA",), "Éa"),
    ("str.swapcase", ("aDa[`z{@1",), "AdA[`Z{@1"),
    ("str.swapcase", ("ß",), "SS"),
    ("str.pad_left", ("42", 5, "0"), "00042"),
    ("str.pad_left", ("42", 3, " x"), " 42"),
    ("str.pad_left", ("42", 1, "0"), "42"),
    ("str.pad_left", ("42", -7, "0"), "42"),
    ("str.pad_left", ("42", 5, ""), "42"),
    ("str.pad_left", ("", 2, "é"), "éé"),
    ("str.pad_left", ("42", WORD_LIMIT, "0"), UNDEFINED),
]


def instances() -> list[Primitive]:
    """Every primitive; the polymorphic ones at each type."""
    found: list[Primitive] = []
    for p in strings.primitives.values():
        found += [p] if is_ground(p.type) else [p.at({"a": t}) for t in (INT, BOOL, STRING)]
    return found


PRIMITIVES = instances()
WITH_KERNEL = [p for p in PRIMITIVES if p.kernel != "select"]
WITH_INVERSE = [p for p in PRIMITIVES if p.inverse]
BEYOND_SMTLIB = {
    "str.rindexof",
    "str.lower",
    "str.upper",
    "str.title",
    "str.trim",
    "str.reverse",
    "str.word",
    "str.field",
}
SMTLIB = [
    p
    for p in PRIMITIVES
    if p.name not in BEYOND_SMTLIB | {*runs.part.primitives, *keeping.part.primitives, *rewriting.part.primitives}
]
ASCII_ONLY = {
    *("str.lower", "str.upper", "str.title", "str.capitalize", "str.swapcase"),
    *("str.letters", "str.capitals", "str.lowers", "str.only_letters", "str.only_capitals"),
}
"""Whose kernels ask for the reference beyond ASCII: case mappings and classes of letters."""

ASCII = "aAbZ09 ,-\t"
UNICODE = ASCII + "éßŉǆΣ日😀\u2003\x85"
INTEGERS = st.one_of(
    st.integers(-4, 12), st.integers(30, 0x30005), st.integers(-WORD_LIMIT, WORD_LIMIT), st.sampled_from([WORD_LIMIT])
)


def texts(alphabet: str) -> st.SearchStrategy[str]:
    """Short texts, so that one occurs in the other now and then; some longer ones, some numbers."""
    return st.one_of(
        st.text(alphabet, max_size=2),
        st.text(alphabet, max_size=12),
        st.text("0189", max_size=21),
        st.text(alphabet, min_size=SIZE // 2, max_size=SIZE),
    )


def values_of(t: Type, alphabet: str = UNICODE) -> st.SearchStrategy[Any]:
    """Values of a type."""
    if t == STRING:
        return texts(alphabet)
    return st.booleans() if t == BOOL else INTEGERS


def arguments(p: Primitive, alphabet: str = UNICODE) -> st.SearchStrategy[tuple[Any, ...]]:
    """Arguments of a primitive's types."""
    return st.tuples(*(values_of(t, alphabet) for t in p.parameters))


def reference(p: Primitive, values: Sequence[Any], size: int = SIZE) -> Any:
    """The value under the budget of search, or ``UNDEFINED``."""
    call = Apply(p, tuple(Input(i, t) for i, t in enumerate(p.parameters)))
    return Evaluator(Budget(size=size, bits=62)).run(call, values)


def load(kernel: Any, p: Primitive) -> Callable[..., Any]:
    """The function behind a kernel's text, or behind the one for the primitive's kinds of arguments."""
    if isinstance(kernel, dict):
        kernel = kernel["".join("s" if t == STRING else "w" for t in p.parameters)]
    assert callable(kernel)
    return kernel  # type: ignore[no-any-return]  # any callable


def machine_values(values: Sequence[Any], dtype: Any) -> list[Any]:
    """Arguments as kernels take them; strings stand in the midst of other data."""
    out: list[Any] = []
    for v in values:
        if isinstance(v, str):
            out += [np.array([97, 32, *map(ord, v), 97, 48], dtype=dtype), 2, len(v)]
        else:
            out.append(int(v))
    return out


def run_kernel(kernel: Callable[..., Any], values: Sequence[Any], result: Any, dtype: Any, size: int = SIZE) -> Any:
    """The kernel's value of type ``result``; ``UNDEFINED``, or None where it asks for the reference."""
    cuts = "out" not in inspect.signature(getattr(kernel, "py_func", kernel)).parameters
    if result == STRING and cuts:
        arguments = machine_values(values, dtype)
        start, length = kernel(*arguments)
        if length == ASK_REFERENCE:
            return None
        return "".join(map(chr, arguments[0][start : start + length].tolist()))
    if result == STRING:
        out: npt.NDArray[Any] = np.zeros(size, dtype=dtype)
        written = kernel(out, *machine_values(values, dtype))
        if written == UNCHANGED:
            return values[0]
        if written < 0:
            assert written in (-1, ANY, ASK_REFERENCE)
            return UNDEFINED if written == -1 else ANY if written == ANY else None
        return "".join(map(chr, out[:written].tolist()))
    word = kernel(*machine_values(values, dtype))
    if word == UNDEFINED_WORD:
        return UNDEFINED
    return bool(word) if result == BOOL else int(word)


@pytest.mark.parametrize(("name", "values", "expected"), CASES)
def test_case(name: str, values: tuple[Any, ...], expected: Any) -> None:
    p = strings[name]
    if not is_ground(p.type):
        p = p.at({"a": type_of_values([values[-1]], name)})
    assert reference(p, values) == expected
    if p.kernel != "select":
        found = run_kernel(load(p.kernel, p), values, p.result, np.int32)
        assert found == expected or (found is None and not str(values[0]).isascii())


def test_every_primitive_has_a_case_help_and_a_kernel() -> None:
    assert {name for name, _, _ in CASES} == set(strings.primitives)
    for p in strings.primitives.values():
        assert p.doc, p
        assert "\n" not in p.doc, p
        assert p.kernel, p


def test_constants_are_texts_and_numbers() -> None:
    found = {c.value: cost for c, cost in strings.constants}
    assert found == {"": 1, " ": 1, ",": 1, ".": 2, "-": 2, 0: 1, 1: 1, 2: 2, 3: 2, -1: 1}


def test_names_of_smtlib_2_6() -> None:
    found = {name: p.smtlib for name, p in strings.primitives.items() if p.smtlib}
    assert found == {"str.to.int": "str.to_int", "int.to.str": "str.from_int", "neg": "-"}


@pytest.mark.parametrize("p", SMTLIB, ids=str)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_z3_computes_the_same(
    check_with_z3: Callable[[Primitive, Sequence[Any]], None], p: Primitive, data: st.DataObject
) -> None:
    calls = []
    for values in data.draw(st.lists(arguments(p), min_size=1, max_size=25)):
        result = reference(p, values, 10_000)
        if result is not UNDEFINED:
            calls.append((values, result))
    if calls:
        check_with_z3(p, calls)


def test_z3_computes_the_same_on_the_cases(check_with_z3: Callable[[Primitive, Sequence[Any]], None]) -> None:
    for p in SMTLIB:
        calls = [(v, r) for v, r in samples(p, only_ascii=False) if r is not UNDEFINED]
        if calls:
            check_with_z3(p, calls)


@pytest.mark.parametrize("alphabet", [ASCII, UNICODE], ids=["uint8", "int32"])
@pytest.mark.parametrize("p", WITH_KERNEL, ids=str)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_kernel_is_the_function(p: Primitive, alphabet: str, data: st.DataObject) -> None:
    dtype = np.uint8 if alphabet == ASCII else np.int32
    values = data.draw(arguments(p, alphabet))
    expected = reference(p, values)
    found = run_kernel(load(p.kernel, p), values, p.result, dtype)
    if found is None:  # asks for the reference: only beyond ASCII
        assert p.name in ASCII_ONLY or (p.name == "str.from_code" and dtype == np.uint8)
        assert not str(values[0]).isascii() or not expected.isascii()
    else:
        assert found == expected


def samples(p: Primitive, *, only_ascii: bool = True) -> list[tuple[tuple[Any, ...], Any]]:
    """The cases of this primitive at its types: arguments and value."""
    return [
        (values, expected)
        for name, values, expected in CASES
        if name == p.name
        and all(has_type(v, t) for v, t in zip(values, p.parameters, strict=True))
        and not (only_ascii and any(not str(v).isascii() for v in (*values, expected)))
    ]


@pytest.mark.parametrize("p", WITH_KERNEL, ids=str)
def test_compiled_kernel_is_the_function(p: Primitive) -> None:
    kernel = numba.njit(load(p.kernel, p))
    for values, expected in samples(p):
        assert run_kernel(kernel, values, p.result, np.uint8) == expected, values
    (signature,) = kernel.nopython_signatures
    assert str(signature.return_type) == ("UniTuple(int64 x 2)" if p.slices else "int64")


MANY = (
    *("str.take", "str.drop", "str.at", "str.substr", "str.word", "str.field"),
    *("str.replace", "str.replace_all", "int.to.str"),
)
"""Several arguments give the same output; the inverse names one, some, or none."""


@pytest.mark.parametrize("p", [p for p in WITH_INVERSE if p.name not in MANY], ids=str)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_inverse_brings_the_argument_back(p: Primitive, data: st.DataObject) -> None:
    values = data.draw(arguments(p))
    output = p.function(*values)
    assert p.inverse is not None
    for i, inverse in enumerate(p.inverse):
        assert inverse is not None
        others = values[:i] + values[i + 1 :]
        assert list(inverse(output, *others)) == [values[i]]


@pytest.mark.parametrize("p", WITH_INVERSE, ids=str)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_inverse_gives_what_gives_the_output_and_so_does_its_kernel(p: Primitive, data: st.DataObject) -> None:
    values = data.draw(arguments(p))
    output = data.draw(values_of(p.result))
    assert p.inverse is not None
    assert p.inverse_kernels is not None
    for i, (inverse, kernel) in enumerate(zip(p.inverse, p.inverse_kernels, strict=True)):
        assert (inverse is None) == (kernel is None)
        if inverse is None:
            continue
        others = values[:i] + values[i + 1 :]
        found = list(inverse(output, *others))
        for v in found:
            assert p.function(*values[:i], v, *values[i + 1 :]) == output
        missing = p.parameters[i]
        if missing == INT:
            found = [v for v in found if abs(v) <= WORD_LIMIT]
        compiled = run_kernel(load(kernel, p), (output, *others), missing, np.int32)
        if missing == STRING and compiled == ANY:  # one of all there are, and the drawn one is as good
            assert found == [""]
            assert p.function(*values) == output
        else:
            assert ([] if compiled is UNDEFINED else [compiled]) == found[:1]


PARTS = [
    ("str.take", "hel", ("hello",), [3]),
    ("str.take", "", ("hel",), [0]),
    ("str.take", "ell", ("hello",), []),
    ("str.drop", "lo", ("hello",), [3]),
    ("str.drop", "hello", ("hello",), [0]),
    ("str.drop", "hell", ("hello",), []),
    ("str.at", "l", ("hello",), [2, 3]),
    ("str.at", "", ("hello",), [5]),
    ("str.at", "he", ("hello",), []),
    ("str.substr", "l", ("hello", 1), [2, 3]),
    ("str.substr", "lo", ("hello", 2), [3]),
    ("str.substr", "lo", ("hello", 7), [3]),
    ("str.substr", "lo", ("hello", 1), []),
    ("str.substr", "hell", ("hello", 7), []),
    ("str.substr", "", ("hello", 0), [5]),
    ("str.word", "to", ("to be or not to be",), [0, 4]),
    ("str.word", "bee", ("to be",), []),
    ("str.word", "", ("to be",), [2]),
    ("str.field", "b", ("a,b,,b", ","), [1, 3]),
    ("str.field", "", ("a,b,,b", ","), [2, 4]),
    ("str.field", "", ("a", ""), [1]),
    ("str.field", "a,b", ("a,b", ""), [0]),
    ("str.field", "c", ("a,b", ","), []),
    ("str.replace", "a-c", ("abc", "-"), ["b"]),
    ("str.replace", "aXbab", ("abab", "X"), []),
    ("str.replace", "bab", ("abab", ""), ["a"]),
    ("str.replace", "ab", ("abab", ""), ["ab", "ba"]),
    ("str.replace", "abc", ("abc", "-"), []),
    ("int.to.str", "120", (), [120]),
    ("int.to.str", "0", (), [0]),
    ("int.to.str", "007", (), []),
    ("int.to.str", "-7", (), []),
    ("int.to.str", "", (), []),
    ("int.to.str", "٣", (), []),
]


@pytest.mark.parametrize(("name", "output", "known", "found"), PARTS)
def test_inverse_names_some_of_many(name: str, output: str, known: tuple[Any, ...], found: list[int]) -> None:
    inverse = next(i for i in strings[name].inverse or () if i is not None)
    assert list(inverse(output, *known)) == found


REPLACEMENTS = [
    # primitive, output, text, pattern, what it was replaced by; None: anything
    ("str.replace", "a-c", "abc", "b", "-"),
    ("str.replace", "ac", "abc", "b", ""),
    ("str.replace", "-abc", "abc", "", "-"),
    ("str.replace", "abc", "abc", "x", None),
    ("str.replace", "a-c-", "abcb", "b", UNDEFINED),
    ("str.replace", "ab", "abc", "x", UNDEFINED),
    ("str.replace", "a", "aa", "aa", "a"),
    ("str.replace_all", "a-c-", "abcb", "b", "-"),
    ("str.replace_all", "ac", "abcb", "b", ""),
    ("str.replace_all", "a-c+", "abcb", "b", UNDEFINED),
    ("str.replace_all", "a--c-", "abcb", "b", UNDEFINED),
    ("str.replace_all", "abc", "abc", "", None),
    ("str.replace_all", "abc", "abc", "x", None),
]


@pytest.mark.parametrize(("name", "output", "text", "pattern", "by"), REPLACEMENTS)
def test_inverse_of_replacing_says_by_what(name: str, output: str, text: str, pattern: str, by: Any) -> None:
    p = strings[name]
    assert p.inverse is not None
    assert p.inverse_kernels is not None
    assert p.inverse[2] is not None
    found = run_kernel(load(p.inverse_kernels[2], p), (output, text, pattern), STRING, np.int32)
    assert found == (ANY if by is None else by)
    assert list(p.inverse[2](output, text, pattern)) == ([] if by is UNDEFINED else [by or ""])


@given(st.text("ab ,", max_size=12), st.integers(-2, 12), st.integers(-2, 12))
def test_positions_and_lengths_of_pieces_come_back(s: str, i: int, n: int) -> None:
    piece = strings["str.substr"].function(s, i, n)
    _, start, count = strings["str.substr"].inverse or (None, None, None)
    assert start is not None
    assert count is not None
    if piece:
        assert i in start(piece, s, n)
        assert count(piece, s, i) == [len(piece)]
        assert strings["str.substr"].function(s, i, len(piece)) == piece


def test_missing_end_and_beginning() -> None:
    first, second = strings["str.++"].inverse or (None, None)
    assert first is not None
    assert second is not None
    assert first("hello", "lo") == ["hel"]
    assert second("hello", "he") == ["llo"]
    assert first("hello", "x") == second("hello", "x") == second("", "x") == []
    assert first("", "") == [""]


@pytest.mark.parametrize("p", [p for p in PRIMITIVES if p.python], ids=str)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_exported_expression_is_the_function(p: Primitive, data: st.DataObject) -> None:
    values = data.draw(arguments(p))
    assert p.python is not None
    names = "xyz"[: p.arity]
    found = eval(p.python.format(*names), dict(zip(names, values, strict=True)))
    assert found == reference(p, values, 10_000) or abs(found) > WORD_LIMIT


@pytest.mark.parametrize("p", [p for p in PRIMITIVES if p.size], ids=str)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_size_is_the_length(p: Primitive, data: st.DataObject) -> None:
    values = data.draw(arguments(p))
    assert p.size is not None
    length = p.size(*values)
    if length <= 10_000:  # longer ones are what the budget asks about beforehand
        assert length == len(p.function(*values))


def test_white_space_is_what_strip_and_split_go_by() -> None:
    for c in range(0x110000):
        assert machine.is_space(c) == chr(c).isspace(), hex(c)


def test_ascii_classes_are_those_of_the_functions() -> None:
    tests = {"DIGIT": "str.only_digits", "LETTER": "str.only_letters", "CAPITAL": "str.only_capitals"}
    for c in range(128):
        for kind, name in tests.items():
            belongs = machine.belongs(c, getattr(machine, kind))
            assert belongs == bool(strings[name].function(chr(c))), (kind, c)
        assert machine.belongs(c, machine.SMALL) == chr(c).islower(), c


def test_a_result_that_does_not_fit_is_undefined() -> None:
    for p in WITH_KERNEL:
        if p.result == STRING and not p.slices:
            for values, expected in samples(p):
                if expected and expected is not UNDEFINED:
                    unchanged = p.name == "str.replace" and expected == values[0]  # nothing is written then
                    found = run_kernel(load(p.kernel, p), values, STRING, np.int32, len(expected) - 1)
                    assert unchanged or found is UNDEFINED
                    assert run_kernel(load(p.kernel, p), values, STRING, np.int32, len(expected)) == expected


def test_import_loads_no_compiler() -> None:
    code = "import sys, neurosynth_dsls.strings, neurosynth_dsls.bitvectors; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
