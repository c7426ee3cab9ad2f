"""Program text to programs: ``parse_program(str(p), language, request=…) == p``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from neurosynth.errors import InputError
from neurosynth.language.inference import Checker
from neurosynth.language.language import Language
from neurosynth.language.program import Constant, Input, Program
from neurosynth.language.surface import Source, read
from neurosynth.values.types import Arrow, Type, parse_type

__all__ = ["parse_program", "request_inputs"]


def parse_program(
    text: str,
    language: Language,
    *,
    request: Type | str | None = None,
    inputs: Sequence[Input] | None = None,
    constants: Sequence[Constant] = (),
    expected: Type | None = None,
) -> Program:
    """Read a program from its s-expression, ``(map (lambda (a) (+ a 1)) x0)``.

    Types are inferred over the whole program; undetermined ones become ``int``, and 64 bits for a bit-vector.

    Args:
        text: the program; comments run from ``;`` to the end of the line.
        language: the language of its primitives.
        request: the type of the whole, inputs to result (``list int -> int``).
        inputs: the inputs by name; with ``request`` their types come from there.  Without both, inputs are x0, x1 …
            and their types are inferred.
        constants: the task's constants: they determine the type of an otherwise undetermined literal, ``[]``. expected: type of the
            result if there is no request.

    Raises:
        ParseError: with the line, carets, what was allowed and a suggestion.
        InputError: if ``request`` has another number of inputs than ``inputs``.
    """
    source = Source(text, language.name)
    given, wanted, whole = request_inputs(request, inputs)
    checker = Checker(source, language, given, constants)
    return checker.program(read(source), wanted if whole is not None else expected, whole)


def request_inputs(
    request: Type | str | None, inputs: Sequence[Input] | None
) -> tuple[tuple[Input, ...] | None, Type | None, Type | None]:
    """Inputs (None: unknown), type of the result and request type, from what is known about them. Raises: InputError: if ``request``
    has another number of inputs than ``inputs``.
    """
    if request is None:
        return (None if inputs is None else tuple(inputs)), None, None
    whole = parse_type(request) if isinstance(request, str) else request
    parameters, result = (whole.parameters, whole.result) if isinstance(whole, Arrow) else ((), whole)
    if inputs is None:
        return tuple(Input(i, t) for i, t in enumerate(parameters)), result, whole
    if len(inputs) != len(parameters):
        names = ", ".join(i.head for i in inputs) or "none"
        raise InputError(
            f"type {whole} has {len(parameters)} inputs, {len(inputs)} are named ({names}); give one name an input"
        )
    return tuple(replace(i, type=t) for i, t in zip(inputs, parameters, strict=True)), result, whole
