"""What stands beside a primitive: decorators register and return the plain function."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from neurosynth.errors import InputError
from neurosynth.language.language import Language


def declared() -> tuple[Language, Any]:
    language = Language("small")

    @language.primitive
    def add(m: int, n: int) -> int:
        """Sum."""
        return m + n

    return language, add


def plain(*arguments: Any) -> Any:
    """Any function will do: it is registered, not called."""


def other(*arguments: Any) -> Any:
    """Another."""


def test_the_function_stays_the_function() -> None:
    language, add = declared()
    assert add(2, 3) == 5
    assert language["add"].function is add


REGISTRATIONS: list[tuple[Callable[[Any], Any], str, Any]] = [
    (lambda add: add.kernel(plain), "kernel", plain),
    (lambda add: add.kernel()(plain), "kernel", plain),
    (lambda add: add.kernel("ww", "uu")(plain), "kernel", {"ww": plain, "uu": plain}),
    (lambda add: [add.kernel("ww")(plain), add.kernel("ss")(other)], "kernel", {"ww": plain, "ss": other}),
    (lambda add: add.kernel(slices=True)(plain), "slices", True),
    (lambda add: add.hash_kernel(plain), "hash_kernel", plain),
    (lambda add: [add.hash_notes(plain), add.hash_kernel(other)], "hash_kernel", (plain, other)),
    (lambda add: add.inverse(1)(plain), "inverse", (None, plain)),
    (lambda add: add.inverse(0, 1)(plain), "inverse", (plain, plain)),
    (lambda add: [add.inverse(0)(plain), add.inverse(1)(other)], "inverse", (plain, other)),
    (lambda add: add.inverse_kernel(0)(plain), "inverse_kernels", (plain, None)),
]


@pytest.mark.parametrize(("register", "field", "value"), REGISTRATIONS)
def test_it_is_registered(register: Callable[[Any], Any], field: str, value: Any) -> None:
    language, add = declared()
    returned = register(add)
    assert returned in (plain, [plain, other])
    assert getattr(language["add"], field) == value


MISTAKES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda add: add.inverse(2)(plain), "it has 2 arguments, counted from 0; write e.g. @add.inverse(0)"),
    (lambda add: add.inverse_kernel()(plain), "write e.g. @add.inverse_kernel(0)"),
    (lambda add: [add.kernel(plain), add.kernel(other)], "add : int -> int -> int already has kernel"),
    (lambda add: [add.kernel("ww")(plain), add.kernel("ww")(other)], "already has kernel: {'ww'}"),
    (lambda add: [add.inverse(0)(plain), add.inverse(0)(other)], "already has inverse of argument 0"),
]


@pytest.mark.parametrize(("register", "says"), MISTAKES)
def test_mistakes_are_named(register: Callable[[Any], Any], says: str) -> None:
    with pytest.raises(InputError) as caught:
        register(declared()[1])
    assert says in str(caught.value)


def test_a_language_includes_others_in_their_order() -> None:
    small, larger = declared()[0], Language("larger")
    small.constant(1, "int")
    larger.primitive(name="first", type="int -> int")(plain)
    larger.include(small)
    assert list(larger.primitives) == ["first", "add"]
    assert larger.constants == small.constants
    with pytest.raises(InputError, match="already has a primitive 'add'"):
        larger.include(small)


@pytest.mark.parametrize("name", ["strings", "lists", "bitvectors", "robustfill", "towers"])
def test_a_file_of_primitives_loads_neither_compiler_nor_arrays(name: str) -> None:
    code = f"import sys, neurosynth_dsls.{name}; print({{'numba', 'numpy'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
