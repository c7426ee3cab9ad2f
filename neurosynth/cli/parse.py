"""``neurosynth parse``: whether a text is a program, its type and its tokens."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from neurosynth.cli.options import AsJson

__all__ = ["parse"]


def parse(
    program: Annotated[
        str, typer.Argument(metavar="PROGRAM", help="An s-expression, like '(sum x0)'.", show_default=False)
    ],
    language: Annotated[
        str, typer.Option("--language", help="Name of a language, or file of a learned one.", show_default=False)
    ],
    tokens: Annotated[bool, typer.Option("--tokens", help="Print the tokens, in prefix order.")] = False,
    expand: Annotated[bool, typer.Option("--written-out", help="Replace learned primitives by their bodies.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check PROGRAM, and print it with its type and the types of its inputs, or its tokens.

    Exit status: 0 if PROGRAM is valid, 2 if it is not (the message shows where, and what is allowed there).
    """
    from neurosynth.export.json import as_object, inputs_of
    from neurosynth.language.macros import written_out
    from neurosynth.language.syntax import parse_program
    from neurosynth.synthesize import load_language

    parsed = parse_program(program, load_language(language))
    if expand:
        parsed = written_out(parsed)
    if as_json:
        print(json.dumps(as_object(parsed), ensure_ascii=False))
    elif tokens:
        print(" ".join(parsed.tokens()))
    else:
        print(f"{parsed} : {parsed.type}")
        for used in inputs_of(parsed):
            print(f"    {used} : {used.type}")
