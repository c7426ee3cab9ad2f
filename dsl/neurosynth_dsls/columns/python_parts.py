"""Exported code for optional parts, and for lists inside a cell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns import python_helpers as helpers

__all__ = ["PARTS"]

Hook = Callable[[PythonCall], str]


def _after_last(call: PythonCall) -> str:
    text, separator = call.named(0), call.arguments[1]
    return f"{text}.rpartition({separator})[2] if {separator} in {text} else ''"


def _optional(call: PythonCall) -> str:
    text = call.named(1)
    around = [_beside(call, 0), text, _beside(call, 2)]
    absent = "''"
    if not any(map(call.is_constant, range(3))):  # it is missing if all three are
        absent = f"'' if {text} is not None or {call.named(0)} is not None or {call.named(2)} is not None else None"
    return f"{' + '.join(p for p in around if p)} if {text} else {absent}"


def _beside(call: PythonCall, position: int) -> str:
    """A constant, left out if it is empty, or a text that may be missing."""
    if call.is_constant(position):
        return call.arguments[position] if call.constant(position) else ""
    return f"({call.arguments[position]} or '')"


def _first_filled(call: PythonCall) -> str:
    if call.is_constant(1):
        return f"{call.arguments[0]} or {call.arguments[1]}"
    first, second = call.named(0), call.named(1)
    return f"{first} or ({first} if {second} is None else {second})"


def _join_filled(call: PythonCall) -> str:
    """One call for all parts of joins with the same separator."""
    separator = call.arguments[0] if call.is_constant(0) else f"({call.arguments[0]} or '')"
    begin, end = f"{separator}.join(filter(None, (", ")))"  # an iterable of a comprehension may not name a step
    parts = [a[len(begin) : -len(end)] if a.startswith(begin) and a.endswith(end) else a for a in call.arguments[1:]]
    joined = f"{begin}{', '.join(parts)}{end}"
    if any(map(call.is_constant, range(3))):
        return joined
    return f"{joined} if {' or '.join(f'{call.named(i)} is not None' for i in range(3))} else None"


def _translate(call: PythonCall) -> str:
    if call.is_constant(0) and call.is_constant(1) and len(call.constant(0)) == len(call.constant(1)):
        table = repr(dict(zip(call.constant(0), call.constant(1), strict=True)))
    else:
        table = f"dict(zip({call.arguments[0]}, {call.arguments[1]}, strict=True))"
    return f"{call.arguments[2]}.translate(str.maketrans({table}))"


def _between(call: PythonCall) -> str:
    use = call.use(re)
    if call.is_constant(0) and call.is_constant(1):
        pattern = repr(f"{re.escape(call.constant(0))}(.*?){re.escape(call.constant(1))}")
    else:
        pattern = f"{use}.escape({call.arguments[0]}) + '(.*?)' + {use}.escape({call.arguments[1]})"
    return f"{use}.findall({pattern}, {call.arguments[2]}, {use}.DOTALL)"


def _chosen(word: str) -> Hook:
    """Pieces that occur, or do not occur, in another list."""
    return lambda call: f"[piece for piece in {call.arguments[1]} if piece {word} {call.named(0)}]"


def _numbered(call: PythonCall) -> str:
    if call.is_constant(0):
        between = call.constant(0).replace("{", "{{").replace("}", "}}")
        item = "f" + repr(f"{{number}}{between}{{piece}}")
    else:
        item = f"f'{{number}}{{{call.named(0)}}}{{piece}}'"
    return f"[{item} for number, piece in enumerate({call.arguments[1]}, 1)]"


def _compact(call: PythonCall) -> str:
    base, places, units, number = call.arguments
    return f"{call.use(helpers.compact)}({number}, {base}, {places}, {units})"


PARTS: Mapping[str, Hook] = {
    "text.after_last": _after_last,
    "text.optional": _optional,
    "text.first_filled": _first_filled,
    "text.join_filled": _join_filled,
    "text.translate": _translate,
    "text.unescape": lambda call: f"{call.use(html)}.unescape({call.arguments[0]})",
    "text.url_decode": lambda call: f"{call.use(unquote_plus)}({call.arguments[0]})",
    "fraction.read": lambda call: f"{call.use(helpers.fraction_of)}({call.arguments[0]})",
    "compact.write": _compact,
    "compact.read": lambda call: f"{call.use(helpers.compact_value)}({call.arguments[0]})",
    "pieces.between": _between,
    "pieces.without": _chosen("not in"),
    "pieces.common": _chosen("in"),
    "pieces.numbered": _numbered,
    "pieces.ranges": lambda call: f"{call.use(helpers.with_ranges)}({call.arguments[1]}, {call.arguments[0]})",
    "pieces.runs": lambda call: "{3}({2}, {1}, {0})".format(*call.arguments, call.use(helpers.with_runs)),
}
"""Hooks by the name of the primitive."""
