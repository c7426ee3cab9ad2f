"""The language ``robustfill``: a table of cases, then kernels and exported code against the functions, then searches."""

from __future__ import annotations

import importlib
import re
import string
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls import robustfill_kernels
from neurosynth_dsls.robustfill import DELIMITERS, robustfill

import neurosynth as ns
from neurosynth.engine.constants import ASK_REFERENCE, UNCHANGED
from neurosynth.engine.kernels.choice import kernel_of, kind_of
from neurosynth.errors import ParseError
from neurosynth.export.python import PythonExporter
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.syntax import parse_program
from neurosynth.testing import check_language
from neurosynth.values.bitvectors import Bitvec
from neurosynth.values.registry import domain_of
from neurosynth.values.types import BOOL, STRING, Type

TEXT = "Ada K. Lovelace, 12 [1815]"

CASES = [
    ("(Const 'A')", "", "A"),
    ("(Const (Sign Comma))", "", ","),
    ("(Concat x0 (Const '7'))", "ab", "ab7"),
    ("(SubStr x0 @1 @3)", "hello", "hel"),
    ("(SubStr x0 @-3 @-1)", "hello", "llo"),
    ("(SubStr x0 @-3 @0)", "hello", "llo"),
    ("(SubStr x0 @2 @-2)", "hello", "ell"),
    ("(SubStr x0 @4 @20)", "hello", "lo"),
    ("(SubStr x0 @2 @2)", "hello", ""),
    ("(SubStr x0 @3 @2)", "hello", ""),
    ("(SubStr x0 @-6 @-1)", "hello", ""),
    ("(GetToken x0 Word 1)", TEXT, "Ada"),
    ("(GetToken x0 Word -1)", TEXT, "Lovelace"),
    ("(GetToken x0 Number 2)", TEXT, "1815"),
    ("(GetToken x0 Digit 2)", TEXT, "2"),
    ("(GetToken x0 AllCaps 2)", TEXT, "K"),
    ("(GetToken x0 PropCase 2)", TEXT, "Lovelace"),
    ("(GetToken x0 Lower 1)", TEXT, "da"),
    ("(GetToken x0 Char -1)", TEXT, "]"),
    ("(GetToken x0 Char 3)", "a-é,b", "b"),
    ("(GetToken x0 Alphanum -1)", "R2-D2", "D2"),
    ("(GetToken x0 Word 5)", TEXT, ""),
    ("(GetToken x0 Word -5)", TEXT, ""),
    ("(GetUpto x0 (Mark Comma))", TEXT, "Ada K. Lovelace,"),
    ("(GetUpto x0 (Token Number))", TEXT, "Ada K. Lovelace, 12"),
    ("(GetUpto x0 (Mark Hash))", TEXT, ""),
    ("(GetFrom x0 (Mark Comma))", TEXT, " 12 [1815]"),
    ("(GetFrom x0 (Token Word))", TEXT, " K. Lovelace, 12 [1815]"),
    ("(GetFrom x0 (Mark Hash))", TEXT, ""),
    ("(GetSpan x0 (Token Word) 3 Start (Mark LeftBracket) 1 Start)", TEXT, "Lovelace, 12 "),
    ("(GetSpan x0 (Token Word) -1 End (Token Number) -1 End)", TEXT, ", 12 [1815"),
    ("(GetSpan x0 (Token Number) 1 Start (Token Word) 1 End)", TEXT, ""),
    ("(GetSpan x0 (Token Word) 1 Start (Mark Hash) 1 End)", TEXT, ""),
    ("(GetSpan x0 (Token Word) 9 Start (Token Word) 3 Start)", TEXT, "a K. "),
    ("(GetSpan x0 (Token Word) -9 End (Token Word) 1 End)", TEXT, "Ada"),
    ("(GetFirst x0 Word 2)", TEXT, "AdaK"),
    ("(GetFirst x0 Word 9)", TEXT, "AdaKLovelace"),
    ("(GetFirst x0 Word -1)", TEXT, "AdaK"),
    ("(GetFirst x0 Word -4)", TEXT, ""),
    ("(GetAll x0 AllCaps)", TEXT, "AKL"),
    ("(GetAll x0 Digit)", TEXT, "121815"),
    ("(ToCase x0 UpperCase)", TEXT, "ADA K. LOVELACE, 12 [1815]"),
    ("(ToCase x0 LowerCase)", "Straße ÀB", "straße àb"),
    ("(ToCase x0 ProperCase)", "ada LOVELACE", "Ada lovelace"),
    ("(ToCase x0 ProperCase)", " ADA", " ada"),
    ("(Replace x0 Space Comma)", "a b c", "a,b,c"),
    ("(Replace x0 Hash Comma)", "a b", "a b"),
    ("(Trim x0)", " \t a b\n", "a b"),
    ("(Substitute x0 Word 2 'z')", "ada king", "ada z"),
    ("(Substitute x0 Number -1 'z')", "2120:4 2", "z120:4 2"),
    ("(Substitute x0 Number 3 'z')", "1 2", "1 2"),
    ("(SubstituteAll x0 Number 'z')", "12:4 2", "z:z z"),
    ("(SubstituteAll x0 PropCase 'q')", "ABc Aq", "q Aq"),
    ("(SubstituteAll x0 PropCase 'Q')", "ABc Aq", "AQ Q"),
    ("(Remove x0 Word 2)", "ada king", "ada "),
    ("(Remove x0 Char -1)", "aba", "ba"),
    ("(Remove x0 Number 1)", "ada", "ada"),
    ("(RemoveAll x0 Lower)", "Ada King", "A K"),
    ("(RemoveAll x0 Char)", "Ada-King", "-"),
]

ENUMERATIONS = {
    "case": ["UpperCase", "LowerCase", "ProperCase"],
    "token": ["Char", "Digit", "Number", "Word", "Alphanum", "AllCaps", "PropCase", "Lower"],
    "place": [f"@{place}" for place in range(-20, 21)],
    "delimiter": list(DELIMITERS),
    "character": [f"'{c}'" for c in string.ascii_letters + string.digits],
    "bool": ["Start", "End"],
}
OPERATORS = [p for p in robustfill.primitives.values() if p.arity]
PIECES = [p for p in OPERATORS if p.name != "Concat"]  # its kernels are those of strings


def program(text: str) -> ns.Program:
    """A program from one text to another."""
    return parse_program(text, robustfill, request="string -> string")


@pytest.mark.parametrize(("text", "given", "expected"), CASES)
def test_case(text: str, given: str, expected: str) -> None:
    assert program(text)(given) == expected


def test_every_operator_has_a_case_and_a_kernel() -> None:
    used = {word for text, _, _ in CASES for word in re.findall(r"\((\w+)", text)}
    assert used == {p.name for p in OPERATORS}
    for p in robustfill.primitives.values():
        assert p.doc, p
        assert "\n" not in p.doc, p
        assert p.kernel or not p.arity, p


@pytest.mark.parametrize("type_", ENUMERATIONS)
def test_names_of_a_type_are_different_values(type_: str) -> None:
    names = [p.name for p in robustfill.primitives.values() if str(p.type) == type_]
    assert names == ENUMERATIONS[type_]
    assert len({robustfill[name].function() for name in names}) == len(names)


def test_indices_are_those_of_exedec() -> None:
    assert sorted(c.value for c, _ in robustfill.constants) == [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]


def test_delimiters_have_one_name_each() -> None:
    assert "".join(sorted(DELIMITERS.values())) == " !\"#$%&'(),./:;?@[]{}"
    assert set(robustfill_kernels.DELIMITERS) == set(DELIMITERS.values())


def test_a_kind_is_no_regex_without_token() -> None:
    with pytest.raises(ParseError, match=re.escape("argument 2 of GetUpto is regex; Word is token")):
        program("(GetUpto x0 Word)")


def test_the_language_passes_its_check() -> None:
    check_language(robustfill, values={"string": [TEXT, "R2-D2 c3p0", "#NO!, (ABc Aq)"]})


# --- kernels -----------------------------------------------------------------------------------------------------


def values_of(t: Type, alphabet: str) -> st.SearchStrategy[Any]:
    """Values of a type; names' values more often than others."""
    if t == STRING:
        return st.text(alphabet, max_size=14)
    if t == BOOL:
        return st.booleans()
    domain = domain_of(t)
    if isinstance(domain, Bitvec):
        named = [p.function() for p in robustfill.primitives.values() if p.type == t] or [44, 256, 257, 260, 263]
        return st.sampled_from(named) | st.integers(0, (1 << domain.width) - 1)
    return st.integers(-5, 5)


def run_kernel(p: Primitive, values: tuple[Any, ...], dtype: Any, room: int = 40) -> Any:
    """What a kernel gives on machine values, in ``room`` characters; None where it asks for the reference."""
    loop = kernel_of(p, "".join(map(kind_of, p.parameters)), kind_of(p.result))
    assert loop is not None
    module, name = loop.kernel.split(":")
    kernel: Callable[..., Any] = getattr(importlib.import_module(module), name)
    passed: list[Any] = []
    for value, t in zip(values, p.parameters, strict=True):
        if isinstance(value, str):
            passed += [np.array([65, 32, *map(ord, value), 97, 48], dtype=dtype), 2, len(value)]
        else:
            passed.append(np.uint64(value) if kind_of(t) == "u" else int(value))
    if p.slices:
        start, length = kernel(*passed)
        assert 0 <= start - 2 <= start - 2 + length <= len(values[0])
        return values[0][start - 2 : start - 2 + length]
    if p.result != STRING:
        return int(kernel(*passed))
    out: npt.NDArray[Any] = np.zeros(room, dtype=dtype)
    length = kernel(out, *passed)
    if length == ASK_REFERENCE:
        return None
    if length == -1:
        return UNDEFINED
    return values[0] if length == UNCHANGED else "".join(map(chr, out[:length].tolist()))


@pytest.mark.parametrize("alphabet", ["ABabz19 .,", "ABabz19 .,é€"], ids=["bytes", "code points"])
@pytest.mark.parametrize("p", PIECES, ids=lambda p: p.name)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_kernel_is_the_function(p: Primitive, alphabet: str, data: st.DataObject) -> None:
    values = tuple(data.draw(values_of(t, alphabet)) for t in p.parameters)
    found = run_kernel(p, values, np.uint8 if alphabet.isascii() else np.int32)
    if found is None:
        assert p.name == "Const" or (p.name == "ToCase" and not values[0].isascii())
    else:
        assert found == p.function(*values)


@pytest.mark.parametrize("p", [p for p in PIECES if p.result == STRING and not p.slices], ids=lambda p: p.name)
def test_kernels_write_no_more_than_fits(p: Primitive) -> None:
    texts = {"Const": (65,), "Replace": ("1Ab2Cd3", ord("1"), ord(",")), "SubstituteAll": ("1Ab2Cd3", 1, 65)}
    values = texts.get(p.name, ("1Ab2Cd3", *([1] * (p.arity - 1))))
    wanted = p.function(*values)
    assert run_kernel(p, values, np.uint8, room=len(wanted)) == wanted
    assert run_kernel(p, values, np.uint8, room=len(wanted) - 1) is UNDEFINED


# --- export and search -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "given", "expected"), CASES[::3])
def test_exported_python_stands_alone(text: str, given: str, expected: str) -> None:
    space: dict[str, Any] = {}
    code = PythonExporter().export(program(f"(Concat {text} (Trim x0))"))
    exec(compile(code, "<exported>", "exec"), space)
    assert space["program"](given) == expected + given.strip()
    assert "neurosynth" not in code


def test_exported_python_reads_like_the_program() -> None:
    code = PythonExporter().export(program("(Concat (GetToken x0 Word -1) (Const 'A'))"))
    assert "return get_token(x0, word(), -1) + chr(ord('A'))" in code


NAMES = ("ada lovelace, 1815", "grace brewster hopper, 1906", "mary somerville, 1780", "emmy noether, 1882")


@pytest.mark.parametrize(
    "text",
    [
        "(GetToken x0 Number 1)",
        "(ToCase (GetToken x0 Word 1) UpperCase)",
        "(Replace x0 Space Slash)",
        "(Concat (GetFrom x0 (Mark Comma)) (Concat (ToCase x0 ProperCase) (GetAll x0 Digit)))",
        "(Concat (SubstituteAll x0 Word 'z') (GetSpan x0 (Token Word) 1 End (Mark Comma) 1 Start))",
    ],
)
def test_searches_find_programs_that_are_right_on_other_texts(text: str) -> None:
    wanted = program(text)
    task = ns.Task([ns.example(name, output=wanted(name)) for name in NAMES])
    result = ns.synthesize(task, robustfill, limits=ns.Limits(seconds=40))
    assert result.best is not None, result
    assert result.best("sonja k. kowalewski, 1850") == wanted("sonja k. kowalewski, 1850"), result
