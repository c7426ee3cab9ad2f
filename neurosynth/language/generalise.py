"""Program text to a program of the most general type: for reading the bodies of macros.
:func:`neurosynth.language.syntax.parse_program` chooses ``int`` for every undetermined type. Here these types become type variables, so
that a body that only sorts and takes the last element works on all lists that can be sorted.
"""

from __future__ import annotations

from neurosynth.errors import InputError
from neurosynth.language.inference import Checker
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.surface import Source, read
from neurosynth.values.types import Arrow, Type, TypeVariable, parse_type, substitute, unify

__all__ = ["parse_body"]


def parse_body(text: str, language: Language, declared: Type | str | None = None) -> tuple[Program, Type]:
    """A macro's body, over the inputs ``x0``, ``x1`` …, and the macro's type.

    Args:
        text: the body; every input below the highest must occur in it.
        language: the language of its primitives. declared: its type; by default the most general one.

    Raises:
        ParseError: for text that is not a program of the language.
        InputError: for a body that skips an input, or has another type than declared.
    """
    source = Source(text, language.name)
    checker = Checker(source, language, None)
    body, inputs = checker.general(read(source))
    if [i.index for i in inputs] != list(range(len(inputs))):
        raise InputError(
            f"body {text} reads {', '.join(i.head for i in inputs)}; allowed: x0, x1 … without a gap, each at least once"
        )
    result = body.type
    found: Type = Arrow(tuple(i.type for i in inputs), result) if inputs else result  # type: ignore[arg-type]
    if declared is None:
        return body, found
    wanted = parse_type(declared) if isinstance(declared, str) else declared
    bindings: dict[str, Type | int] = {}
    if not unify(found, _rigid(wanted), bindings):
        raise InputError(f"body {text} is {found}; the type given is {wanted}: correct one of the two")
    return body.at({name: _flexible(t) for name, t in bindings.items() if not isinstance(t, int)}), wanted


def _rigid(t: Type) -> Type:
    """The type with its variables renamed apart from those of a body."""
    return substitute(t, {chr(c): TypeVariable(f"'{chr(c)}") for c in range(ord("a"), ord("z") + 1)})


def _flexible(t: Type) -> Type:
    return substitute(t, {f"'{chr(c)}": TypeVariable(chr(c)) for c in range(ord("a"), ord("z") + 1)})
