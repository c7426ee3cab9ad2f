"""The kernel and the inverses of a primitive, declared beside its function. ``@language.primitive`` returns the function itself, with
decorators as attributes::

    @language.primitive(name="str.take")
    def take(s: str, n: int) -> str:
        "First n characters."
        return s[:n]

    @take.kernel(slices=True)
    def take_kernel(a: Data, i: int, n: int, count: int) -> tuple[int, int]:
        return i, max(0, min(count, n))

    @take.inverse(1)
    def taken_count(output: str, s: str) -> list[int]:
        return [len(output)] if s.startswith(output) else []

These decorators register a plain function and return it unchanged, so that a file of primitives imports no compiler. One function may
serve several primitives: its decorators are stacked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, overload

from neurosynth.errors import InputError
from neurosynth.language.primitive import Primitive

__all__ = ["Beside", "Declared", "attach"]

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
K = TypeVar("K", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Beside:
    """Registers functions with one primitive."""

    primitives: dict[str, Primitive]
    """The primitives of the language that declared it."""
    name: str

    @overload
    def kernel(self, function: K, /) -> K: ...
    @overload
    def kernel(self, /, *kinds: str, slices: bool = False) -> Callable[[K], K]: ...
    def kernel(self, *given: Any, slices: bool = False) -> Any:
        """The same semantics on machine values, for numba to compile; see ``docs/kernels.md``.

        Args:
            given: nothing, or the kinds of arguments of this kernel if a primitive has several (``"ww", "ss"``).
            slices: the kernel cuts a piece out of its first sequence: it returns start and length and writes nothing.
        """
        if given and not isinstance(given[0], str):
            return self.kernel()(given[0])

        def register(function: K) -> K:
            known = self._primitive.kernel
            self._once("kernel", known if not given or not isinstance(known, dict) else known.keys() & set(given))
            kernel = (
                {**(known if isinstance(known, dict) else {}), **dict.fromkeys(given, function)} if given else function
            )
            self._set(kernel=kernel, slices=slices)
            return function

        return register

    def hash_kernel(self, function: K) -> K:
        """Length and hash of the result from those of the arguments; see ``docs/kernels.md``."""
        known = self._primitive.hash_kernel
        self._set(hash_kernel=(known[0], function) if isinstance(known, tuple) else function)
        return function

    def hash_notes(self, function: K) -> K:
        """What the hash kernel needs to know about all arguments except the last, computed once while those stay the same."""
        self._once("hash_notes", self._primitive.hash_kernel)
        self._set(hash_kernel=(function, None))
        return function

    def inverse(self, *positions: int) -> Callable[[K], K]:
        """For the arguments at these positions: from (output, other arguments) to the possible values of that argument."""
        return lambda function: self._at("inverse", positions, function)

    def inverse_kernel(self, *positions: int) -> Callable[[K], K]:
        """The same on machine values."""
        return lambda function: self._at("inverse_kernels", positions, function)

    @property
    def _primitive(self) -> Primitive:
        return self.primitives[self.name]

    def _set(self, **fields: Any) -> None:
        self.primitives[self.name] = replace(self._primitive, **fields)

    def _at(self, field: str, positions: tuple[int, ...], function: K) -> K:
        arity = self._primitive.arity
        given = list(getattr(self._primitive, field) or (None,) * arity)
        for position in positions or (-1,):
            if not 0 <= position < arity:
                raise InputError(
                    f"primitive {self._primitive}: {field} of argument {positions}; it has {arity} arguments, counted from 0; "
                    f"write e.g. @{self.name}.{field.rstrip('s')}(0)"
                )
            self._once(f"{field} of argument {position}", given[position])
            given[position] = function
        self._set(**{field: tuple(given)})
        return function

    def _once(self, what: str, known: Any) -> None:
        if known:
            raise InputError(
                f"primitive {self._primitive} already has {what}: {known}; a primitive has one, remove one of the two"
            )


if TYPE_CHECKING:

    class Declared(Protocol[P, R_co]):
        """A function that is declared a primitive: the function itself, with decorators for its kernel and inverses."""

        @property
        def __name__(self) -> str: ...
        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

        @overload
        def kernel(self, function: K, /) -> K: ...
        @overload
        def kernel(self, /, *kinds: str, slices: bool = False) -> Callable[[K], K]: ...
        def hash_kernel(self, function: K) -> K: ...
        def hash_notes(self, function: K) -> K: ...
        def inverse(self, *positions: int) -> Callable[[K], K]: ...
        def inverse_kernel(self, *positions: int) -> Callable[[K], K]: ...


def attach(function: Callable[..., Any], primitives: dict[str, Primitive], name: str) -> None:
    """Give a function the decorators of :class:`Beside`; an object without attributes (a builtin) is left unchanged."""
    if isinstance(function, FunctionType):
        beside = Beside(primitives, name)
        for attribute in ("kernel", "hash_kernel", "hash_notes", "inverse", "inverse_kernel"):
            setattr(function, attribute, getattr(beside, attribute))
