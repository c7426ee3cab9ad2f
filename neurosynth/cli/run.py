"""``neurosynth run``: the value of a program on some inputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosynth.cli.options import AsJson

if TYPE_CHECKING:
    from neurosynth.language.language import Language
    from neurosynth.language.program import Program
    from neurosynth.values.types import Type

__all__ = ["run"]


def run(
    program: Annotated[
        str, typer.Argument(metavar="PROGRAM", help="An s-expression, like '(sum x0)'.", show_default=False)
    ],
    language: Annotated[
        str, typer.Option("--language", help="Name of a language, or file of a learned one.", show_default=False)
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input", metavar="JSON", help='Value of x0, then of x1, and so on; write bit-vectors as "#x0f".'
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run PROGRAM on inputs and print its value as JSON.

    Exit status: 0 on success, 1 if the value is undefined, 2 for bad input.
    """
    from neurosynth.language.evaluate import evaluate
    from neurosynth.language.primitive import UNDEFINED
    from neurosynth.synthesize import load_language
    from neurosynth.tasks.json_io import value_to_json
    from neurosynth.values.types import Arrow

    values = [_json(text, i) for i, text in enumerate(inputs or (), 1)]
    parsed, arguments = typed(program, load_language(language), values)
    found = evaluate(parsed, arguments)
    defined = found is not UNDEFINED
    assert not isinstance(parsed.type, Arrow)
    value = value_to_json(found, parsed.type) if defined else None
    if as_json:
        row = {"program": str(parsed), "type": str(parsed.type), "inputs": values, "defined": defined, "output": value}
        print(json.dumps(row, ensure_ascii=False))
    else:
        print(json.dumps(value, ensure_ascii=False) if defined else "undefined")
    if not defined:
        raise typer.Exit(1)


def _json(text: str, number: int) -> Any:
    from neurosynth.errors import InputError, shortened
    from neurosynth.tasks.json_io import check_nesting
    from neurosynth.values import exact_json

    try:
        value = exact_json.loads(text)
    except ValueError as error:
        raise InputError(
            f"input {number}: {shortened(text)} is not JSON: {error}; "
            "strings stand in double quotes, '\"like this\"', lists in brackets"
        ) from None
    except RecursionError:
        raise InputError(f"input {number}: nested too deeply") from None
    check_nesting(value, f"input {number}")
    return value


def typed(text: str, language: Language, values: list[Any]) -> tuple[Program, list[Any]]:
    """The program, whose inputs are typed by their values if that fits and otherwise by their use, and the typed values.

    Raises:
        ParseError: if the text is not a program of the language.
        InputError: if a value is not of the type that its use requires.
    """
    from neurosynth.errors import InputError, ParseError
    from neurosynth.export.json import inputs_of
    from neurosynth.language.program import Input
    from neurosynth.language.syntax import parse_program
    from neurosynth.tasks.json_io import value_from_json

    for bits in (False, True):
        try:
            inputs = [Input(i, _type_of(v, values, bits)) for i, v in enumerate(values)]
            arguments = [
                value_from_json(v, i.type, f"input {i.index + 1}") for i, v in zip(inputs, values, strict=True)
            ]
            return parse_program(text, language, inputs=inputs), arguments
        except ParseError:
            continue
        except InputError:  # a value that has no type by itself
            break
    program = parse_program(text, language)
    used = {i.index: i for i in inputs_of(program)}
    return program, [
        value_from_json(v, used[i].type if i in used else None, f"input {i + 1} (x{i})") for i, v in enumerate(values)
    ]


def _type_of(value: Any, values: list[Any], bits: bool) -> Type:
    """The type of a value; with ``bits``, ``"#x0f"`` is a bit-vector, and so are numbers in the same list."""
    from neurosynth.values.reading import type_of_values
    from neurosynth.values.registry import read_word

    words = [read_word(v) if bits and isinstance(v, str) and v.startswith("#") else None for v in values]
    types = [word[1] for word in words if word is not None]
    own = words[values.index(value)]
    if own is not None:
        return own[1]
    return types[0] if types and type(value) is int else type_of_values([value], "input")
