"""Names of learned primitives, from what their bodies are made of: ``map_add``, ``last_of_sort``, ``take_2``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from neurosynth.language.calls import is_call
from neurosynth.language.language import Language
from neurosynth.language.program import Apply, Constant, Lambda, Program

__all__ = ["TakenNames", "name_of"]

_WORDS = {
    "+": "add", "-": "subtract", "*": "times", "/": "divide", "%": "mod", "=": "equal", "==": "equal", "<": "less", ">": "greater",
    "<=": "at_most", ">=": "at_least", "!=": "differ", "str.++": "join", "ite": "if",
}  # fmt: skip
_PARTS = 3
"""Words of a name; more do not make it clearer."""


class TakenNames:
    """Names that a new primitive of a language cannot have."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __contains__(self, name: object) -> bool:
        text = str(name)
        input_like = text[:1] == "x" and text[1:].isdigit()
        return input_like or text in ("lambda", "true", "false", "null") or self.language.get(text) is not None


def name_of(body: Program, taken: Container[str]) -> str:
    """A name for a body that nothing in ``taken`` has."""
    parts = [(_word(node), inner) for node, inner in _heads(body)][:_PARTS]
    name = parts[0][0] if parts else "value"
    for word, inner in parts[1:]:
        name += f"_{word}" if inner or word[0].isdigit() else f"_of_{word}"
    if len(parts) == 1 and len(set(body.children)) < len(body.children):
        name += "_self"  # of one argument given twice
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _heads(body: Program, inside: bool = False) -> Iterator[tuple[Program, bool]]:
    """Applications and constants in prefix order, with whether they stand in a function; of what ends a body nothing is said."""
    applies = isinstance(body, Apply) and (body.arguments or body.primitive.macro is not None)
    if isinstance(body, Constant) or (isinstance(body, Apply) and applies and not is_call(body.primitive)):
        yield body, inside
    for child in body.children:
        yield from _heads(child, inside or isinstance(body, Lambda))


def _word(node: Program) -> str:
    if isinstance(node, Constant):
        value = node.value
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return str(value) if value >= 0 else f"minus_{-value}"
        kept = re.sub(r"\W+", "_", str(value)).strip("_") if isinstance(value, str) else ""
        return kept[:12] or {" ": "blank", "": "empty", ",": "comma", ".": "dot", "-": "dash"}.get(
            value, str(node.type).split()[0]
        )
    name = node.head
    if isinstance(node, Apply) and node.primitive.macro is not None:
        name = name.split("_of_")[0]  # of a learned one the beginning: names of names do not end
    return _WORDS.get(name) or re.sub(r"\W+", "_", name.removeprefix("str.")).strip("_").lower() or "symbol"
