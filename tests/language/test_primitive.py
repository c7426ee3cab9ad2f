"""Declaring primitives: types from annotations, options, and what a wrong declaration says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from neurosynth.errors import InputError, NeurosynthError, UnknownNameError
from neurosynth.language.language import A, B, Language
from neurosynth.language.primitive import UNDEFINED, Primitive, UndefinedType, type_of_function
from neurosynth.values.types import INT, Arrow, bitvec


def first(f: Callable[[A], B], xs: Sequence[A], n: int, text: str, flag: bool) -> list[list[B]]:
    raise AssertionError


def constant_function() -> int:
    return 1


def curried(n: int) -> Callable[[int], bool]:
    raise AssertionError


def no_parameter(n, m: int) -> int:  # type: ignore[no-untyped-def]
    raise AssertionError


def difference(a: int, b: int) -> int:
    return a - b


def no_result(n: int):  # type: ignore[no-untyped-def]
    raise AssertionError


def foreign(n: float) -> int:
    raise AssertionError


def foreign_result(n: int) -> dict[str, int]:
    raise AssertionError


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (first, "(a -> b) -> list a -> int -> string -> bool -> list (list b)"),
        (constant_function, "int"),
        (curried, "int -> int -> bool"),
    ],
)
def test_types_are_read_off_annotations(function: Callable[..., Any], expected: str) -> None:
    assert str(type_of_function(function)) == expected


@pytest.mark.parametrize(
    ("function", "parts"),
    [
        (no_parameter, ["primitive no_parameter", "'n' has no type annotation", "n: int"]),
        (no_result, ["primitive no_result", "the result has no type annotation", "-> int"]),
        (foreign, ["primitive foreign, parameter 'n'", "float", "allowed: int, bool, str", "type='int -> list a'"]),
        (foreign_result, ["primitive foreign_result, result", "dict", "allowed"]),
    ],
)
def test_a_wrong_annotation_is_named(function: Callable[..., Any], parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Language("l").primitive(function)
    for part in parts:
        assert part in str(caught.value)


def test_the_name_drops_a_trailing_underscore_and_the_doc_is_kept() -> None:
    language = Language("l")

    @language.primitive
    def not_(a: bool) -> bool:
        """The other one."""
        return not a

    assert str(language["not"]) == "not : bool -> bool"
    assert language["not"].doc == "The other one."
    assert not_(True) is False, "the function itself stays as it was"


def test_an_unknown_option_names_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"unknown option of @primitive 'comutative'.*did you mean commutative\?"
    ):
        Language("l").primitive(comutative=True)(constant_function)


def test_a_clash_names_both_places() -> None:
    language = Language("l")
    language.primitive(constant_function)
    with pytest.raises(InputError) as caught:
        language.primitive(name="constant_function")(curried)
    line, other = constant_function.__code__.co_firstlineno, curried.__code__.co_firstlineno
    assert f"{__file__}:{line}" in str(caught.value)
    assert f"{__file__}:{other}" in str(caught.value)
    assert "another name" in str(caught.value)


def test_an_unknown_primitive_names_the_nearest() -> None:
    language = Language("l")
    language.primitive(constant_function)
    with pytest.raises(UnknownNameError, match=r"language 'l'.*did you mean constant_function\?"):
        language["constant_functio"]
    assert "constant_function" in language
    assert "other" not in language


def test_a_wrong_type_text_is_a_user_error() -> None:
    with pytest.raises(NeurosynthError, match="column 8"):
        Language("l").primitive(type="int -> strang")(constant_function)


def test_sizes_are_passed_on_and_part_of_identity() -> None:
    language = Language("l")

    @language.primitive(type="bitvec n -> bitvec n")
    def bvnot(a: int, *, n: int) -> int:
        return a ^ ((1 << n) - 1)

    at8, at4 = language["bvnot"].at({"n": 8}), language["bvnot"].at({"n": 4})
    assert at8.type == Arrow((bitvec(8),), bitvec(8))
    assert at8.function(0x0F) == 0xF0
    assert at8 != at4
    assert at8 == language["bvnot"].at({"n": 8})
    assert hash(at8) == hash(language["bvnot"].at({"n": 8}))
    assert language["bvnot"].at({}) is language["bvnot"]


def test_families_make_primitives_on_demand() -> None:
    def family(name: str) -> Primitive | None:
        words = name.split()
        if len(words) == 2 and words[0] == "plus":
            return Primitive(name=name, type=Arrow((INT,), INT), function=lambda a: a + int(words[1]))
        return None

    language = Language("l", family=family)
    assert language["plus 3"].function(4) == 7
    assert "plus 3" in language
    assert "plus" not in language


def test_fingerprints_tell_languages_apart() -> None:
    one, other = Language("l"), Language("l")
    assert one.fingerprint == other.fingerprint
    one.primitive(constant_function)
    assert one.fingerprint != other.fingerprint
    other.primitive(constant_function)
    other.constant(1, "int")
    assert one.fingerprint != other.fingerprint


def test_a_copy_with_more_leaves_the_original_alone() -> None:
    language = Language("l")
    copy = language.with_primitives([Primitive(name="one", type=INT, function=lambda: 1)], name="more")
    assert "one" in copy
    assert "one" not in language
    assert copy.name == "more"


def test_undefined_is_one_value() -> None:
    assert UndefinedType() is UNDEFINED
    assert repr(UNDEFINED) == "UNDEFINED"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel": "some.module:f"}, "kernel is 'some.module:f'; allowed: a function or 'select'"),
        ({"kernel": {"ww": "some.module:f"}}, "kernel is 'some.module:f'"),
        ({"hash_kernel": "select"}, "hash_kernel is 'select'; allowed: a function or 'concat'"),
        ({"hash_kernel": (3, None)}, "hash_kernel is 3"),
        ({"inverse_kernels": ("concat", None)}, "inverse_kernels is 'concat'; allowed: a function; declare"),
    ],
)
def test_a_kernel_is_a_function(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        Language("l").primitive(difference, **options)
    assert "primitive difference of language 'l'" in str(caught.value)
