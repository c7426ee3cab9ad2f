"""``neurosynth list``: the names that the command line accepts."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

__all__ = ["list_plugins"]


def list_plugins(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="One of: languages, guides, searches, exporters, suites, primitives."),
    ],
    language: Annotated[
        str | None, typer.Option("--language", help="List the primitives of this language. Default: all languages.")
    ] = None,
    library: Annotated[
        str | None, typer.Option("--library", metavar="FILE", help="List the primitives of this learned language.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Add the first line of help for each name.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object that maps names to descriptions.")
    ] = False,
) -> None:
    """List plugins of a kind, or the primitives of a language with their types and help."""
    if kind == "primitives":
        from neurosynth.cli.library import language_option

        rows = _primitives(language_option(language, library))
    else:
        for option, given in (("--language", language), ("--library", library)):
            if given is not None:
                raise typer.BadParameter("goes with 'list primitives' only", param_hint=option)
        rows = _plugins(kind, verbose)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    width = max((len(name) for name in rows), default=0)
    for name, row in rows.items():
        print("  ".join([f"{name:<{width}}", *(str(v) for v in row.values() if v)]).rstrip())


def _plugins(kind: str, verbose: bool) -> dict[str, dict[str, Any]]:
    from neurosynth.plugins import available

    rows: dict[str, dict[str, Any]] = {}
    for name, plugin in available(kind).items():
        rows[name] = {"distribution": plugin.distribution}
        if verbose:
            rows[name]["help"] = _help(plugin.load())
    return rows


def _help(loaded: Any) -> str:
    from neurosynth.language.language import Language

    text = loaded.doc if isinstance(loaded, Language) else loaded.__doc__ or ""
    return str(text).strip().split("\n", 1)[0]


def _primitives(language: str | None) -> dict[str, dict[str, Any]]:
    from neurosynth.plugins import available
    from neurosynth.synthesize import load_language

    names = [language] if language is not None else list(available("languages"))
    rows: dict[str, dict[str, Any]] = {}
    for name in names:
        for primitive in load_language(name).primitives.values():
            shown = primitive.name if language is not None else f"{name}: {primitive.name}"
            rows[shown] = {"type": str(primitive.type), "help": primitive.doc.split("\n", 1)[0]}
    return rows
