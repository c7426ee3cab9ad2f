"""Exported code for texts, patterns, pieces, tables and missing values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from neurosynth.export.nullness import may_be_missing
from neurosynth.language.primitive import PythonCall
from neurosynth.language.program import Apply, Lambda
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.casing import plain

__all__ = ["TEXT"]

Hook = Callable[[PythonCall], str]

_NEVER_NEGATIVE = frozenset({"str.len", "pieces.count", "pieces.count_of", "re.count", "datetime.part", "date.part"})


def _template(text: str) -> Hook:
    return lambda call: text.format(*call.arguments)


def _own(hook: Hook) -> Hook:
    """A hook that may decline by returning ""; then the function's own source is called."""

    def write(call: PythonCall) -> str:
        return hook(call) or _source(call)

    return write


def _source(call: PythonCall) -> str:
    return f"{call.use(call.primitive.function)}({', '.join(call.arguments)})"


def _count(call: PythonCall, position: int) -> int | None:
    """A constant that is not negative."""
    if call.is_constant(position) and call.constant(position) >= 0:
        return int(call.constant(position))
    return None


# ``strings``.


def _char_at(call: PythonCall) -> str:
    i = _count(call, 1)
    if i is None:
        return ""
    return f"{call.arguments[0]}[{i or ''}:{i + 1}]"


def _substring(call: PythonCall) -> str:
    i, n = _count(call, 1), _count(call, 2)
    if i is None or not n:
        return ""
    return f"{call.arguments[0]}[{i or ''}:{i + n}]"


def _index_of(call: PythonCall) -> str:
    start = _count(call, 2)
    if start is None:
        return ""
    return f"{call.arguments[0]}.find({call.arguments[1]}{f', {start}' if start else ''})"


def _replace_all(call: PythonCall) -> str:
    if not call.is_constant(1) or not call.constant(1):
        return ""
    return f"{call.arguments[0]}.replace({call.arguments[1]}, {call.arguments[2]})"


def _from_int(call: PythonCall) -> str:
    number = call.programs[0]
    known = isinstance(number, Apply) and number.primitive.name in _NEVER_NEGATIVE
    return f"str({call.arguments[0]})" if known else ""


def _before(call: PythonCall) -> str:
    return f"{call.arguments[0]}.partition({call.arguments[1]})[0]" if _is_text(call, 1) else ""


def _after(call: PythonCall) -> str:
    return f"{call.arguments[0]}.partition({call.arguments[1]})[2]" if _is_text(call, 1) else ""


def _is_text(call: PythonCall, position: int) -> bool:
    return call.is_constant(position) and bool(call.constant(position))


def _field(call: PythonCall) -> str:
    if not _is_text(call, 1) or not call.is_constant(2):
        return ""
    return _item(f"{call.arguments[0]}.split({call.arguments[1]})", call.constant(2), always=True)


def _word(call: PythonCall) -> str:
    if not call.is_constant(1):
        return ""
    return _item(f"{call.arguments[0]}.split()", call.constant(1), always=False)


def _item(pieces: str, n: int, *, always: bool) -> str:
    """Piece n, "" if there is none; ``always``: there is at least one."""
    if always and n in (0, -1):
        return f"{pieces}[{n}]"
    end = n + 1
    return f"''.join({pieces}[{n or ''}:{end or ''}])"


def _pad_left(call: PythonCall) -> str:
    if not call.is_constant(2) or not call.constant(2):
        return ""
    return f"{call.arguments[0]}.rjust({call.arguments[1]}, {call.constant(2)[0]!r})"


def _pad_right(call: PythonCall) -> str:
    if not call.is_constant(2) or not call.constant(2):
        return ""
    return f"{call.arguments[0]}.ljust({call.arguments[1]}, {call.constant(2)[0]!r})"


# Casing.


def _case_words(call: PythonCall) -> str:
    source = (
        'def {name}(text):\n    """Words of a name, cut before capitals."""\n'
        f'    cut = {call.use(re)}.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)\n'
        f'    return {call.use(re)}.findall(r"[^\\W_]+", cut)'
    )
    return f"{call.define('case_words', source)}({call.arguments[0]})"


def _plain(call: PythonCall) -> str:
    return f"{call.use(plain)}({call.arguments[0]})"


def _slug(call: PythonCall) -> str:
    return f"{call.use(re)}.sub(r'[^a-z0-9]+', '-', {_plain(call)}.lower()).strip('-')"


def _pascal(call: PythonCall) -> str:
    return f"''.join(word.capitalize() for word in {_case_words(call)})"


def _camel(call: PythonCall) -> str:
    joined = call.bound(_pascal(call), call.programs[0].type)
    return f"{joined}[:1].lower() + {joined}[1:]"


def _first(change: str) -> Hook:
    def write(call: PythonCall) -> str:
        text = call.named(0)
        return f"{text}[:1].{change}() + {text}[1:]"

    return write


# Patterns.


def _extract(call: PythonCall) -> str:
    if not call.is_constant(0) or not call.is_constant(1) or re.compile(call.constant(0)).groups:
        return ""
    return _item(f"{call.use(re)}.findall({call.arguments[0]}, {call.arguments[2]})", call.constant(1), always=False)


def _re(text: str) -> Hook:
    return lambda call: text.format(*call.arguments, re=call.use(re))


def _find_all(call: PythonCall) -> str:
    if call.is_constant(0) and not re.compile(call.constant(0)).groups:
        return f"{call.use(re)}.findall({call.arguments[0]}, {call.arguments[1]})"
    return f"[found.group() for found in {call.use(re)}.finditer({call.arguments[0]}, {call.arguments[1]})]"


def _count_matches(call: PythonCall) -> str:
    return f"len({call.use(re)}.findall({call.arguments[0]}, {call.arguments[1]}))"


def _split(call: PythonCall) -> str:
    if call.is_constant(0):
        pattern = re.compile(call.constant(0))
        if not pattern.groups and not pattern.match("") and not re.search(r"[*?]|\\b|\(\?|\{0", call.constant(0)):
            return f"{call.use(re)}.split({call.arguments[0]}, {call.arguments[1]})"
    return ""


def _match(call: PythonCall) -> str:
    """Match n of a pattern; the code raises if there is none."""
    if not call.is_constant(1) or not call.is_constant(2):
        return ""
    if call.constant(2) == 0:
        return f"{call.use(re)}.search({call.arguments[1]}, {call.arguments[0]})[0]"
    if re.compile(call.constant(1)).groups:
        return ""
    return f"{call.use(re)}.findall({call.arguments[1]}, {call.arguments[0]})[{call.constant(2)}]"


def _match_edge(side: str) -> Hook:
    def write(call: PythonCall) -> str:
        if call.is_constant(2) and call.constant(2) == 0:
            return f"{call.use(re)}.search({call.arguments[1]}, {call.arguments[0]}).{side}()"
        found = f"{call.use(re)}.finditer({call.arguments[1]}, {call.arguments[0]})"
        return f"[found.{side}() for found in {found}][{call.arguments[2]}]"

    return write


def _replace_pattern(call: PythonCall) -> str:
    plain = call.is_constant(2) and "\\" not in call.constant(2)
    by = call.arguments[2] if plain else f"lambda found: {call.arguments[2]}"
    return f"{call.use(re)}.sub({call.arguments[1]}, {by}, {call.arguments[0]})"


# Pieces.


def _map(call: PythonCall) -> str:
    variable, body = call.function(0)
    pieces = f"[{body} for {variable} in {call.arguments[1]}]"
    return f"{call.use(helpers.present)}({pieces})" if _may_be_missing(call.programs[0]) else pieces


def _filter(call: PythonCall) -> str:
    variable, body = call.function(0)
    if _may_be_missing(call.programs[0]):
        xs = call.named(1)
        held = f"{call.use(helpers.present)}([{body} for {variable} in {xs}])"
        if ":=" in body:  # Python allows no names there that an expression gives
            held = call.bound(held, call.programs[1].type)
        return f"[x for x, holds in zip({xs}, {held}, strict=True) if holds]"
    return f"[{variable} for {variable} in {call.arguments[1]} if {body}]"


def _may_be_missing(function: Any) -> bool:
    """Whether a lambda may have no value for a piece."""
    return isinstance(function, Lambda) and may_be_missing(function.body, frozenset())


def _piece(call: PythonCall) -> str:
    if not call.is_constant(0):
        return ""
    pieces = call.programs[1]
    always = isinstance(pieces, Apply) and pieces.primitive.name in ("pieces.split", "re.split")
    return _item(call.arguments[1], call.constant(0), always=always)


def _chunks(call: PythonCall) -> str:
    n = _count(call, 0)
    if not n:
        return ""
    s = call.named(1)
    return f"[{s}[i:i + {n}] for i in range(0, len({s}), {n})]"


def _join_last(call: PythonCall) -> str:
    return f"{call.use(helpers.join_last)}({call.arguments[2]}, {call.arguments[0]}, {call.arguments[1]})"


# Tables and missing values.


def _table(call: PythonCall) -> str:
    """A dictionary, if both lists are constants."""
    if call.is_constant(0) and call.is_constant(1):
        keys = call.constant(0)
        first: dict[str, int] = {}
        for i, key in enumerate(keys[: len(call.constant(1))]):
            first.setdefault(key, i)
        values = call.literals(1)
        return "{" + ", ".join(f"{key!r}: {values[i]}" for key, i in first.items()) + "}"
    return f"dict(reversed(list(zip({call.arguments[0]}, {call.arguments[1]}))))"


def _lookup(call: PythonCall) -> str:
    return f"{_table(call)}.get({call.arguments[2]})"


def _lookup_or(call: PythonCall) -> str:
    return f"{_table(call)}.get({call.arguments[3]}, {call.arguments[2]})"


def _first_present(call: PythonCall) -> str:
    value = call.named(0)
    return f"{value} if {value} is not None else {call.arguments[1]}"


TEXT: Mapping[str, Hook] = {
    "str.at": _own(_char_at),
    "str.substr": _own(_substring),
    "str.indexof": _own(_index_of),
    "str.replace_all": _own(_replace_all),
    "int.to.str": _own(_from_int),
    "str.before": _own(_before),
    "str.after": _own(_after),
    "str.field": _own(_field),
    "str.word": _own(_word),
    "str.pad_left": _own(_pad_left),
    "text.pad_right": _own(_pad_right),
    "text.plain": _plain,
    "text.slug": _slug,
    "text.snake": lambda call: f"'_'.join({_case_words(call)}).lower()",
    "text.kebab": lambda call: f"'-'.join({_case_words(call)}).lower()",
    "text.spaced": lambda call: f"' '.join({_case_words(call)})",
    "text.pascal": _pascal,
    "text.camel": _camel,
    "text.first_upper": _first("upper"),
    "text.first_lower": _first("lower"),
    "text.title_words": _template("' '.join(word.capitalize() for word in {0}.split())"),
    "text.only_alphanumeric": _template("''.join(c for c in {0} if c.isalnum())"),
    "text.without_blanks": _template("''.join({0}.split())"),
    "text.repeat": _template("{1} * {0}"),
    "re.extract": _own(_extract),
    "re.test": _re("{re}.search({0}, {1}) is not None"),
    "looks_like": _re("{re}.fullmatch({0}, {1}) is not None"),
    "re.replace": _re("{re}.sub({0}, {1}, {2})"),
    "re.count": _count_matches,
    "re.find_all": _find_all,
    "re.split": _own(_split),
    "text.match": _own(_match),
    "text.match_start": _match_edge("start"),
    "text.match_end": _match_edge("end"),
    "text.match_from": _re("{re}.compile({1}).match({0}, {2})[0]"),
    "text.replace_pattern": _replace_pattern,
    "text.matches": _re("{re}.fullmatch({1}, {0}) is not None"),
    "text.contains_pattern": _re("{re}.search({1}, {0}) is not None"),
    "text.count_pattern": _re("len({re}.findall({1}, {0}))"),
    "pieces.split": _template("{1}.split({0})"),
    "pieces.words": _template("{0}.split()"),
    "pieces.lines": _template("{0}.splitlines()"),
    "pieces.characters": _template("list({0})"),
    "pieces.case_words": _case_words,
    "pieces.chunks": _own(_chunks),
    "pieces.map": _map,
    "pieces.filter": _filter,
    "pieces.sort": _template("sorted({0})"),
    "pieces.sort_numbers": _template("sorted({0}, key=int)"),
    "pieces.reverse": _template("{0}[::-1]"),
    "pieces.unique": _template("list(dict.fromkeys({0}))"),
    "pieces.take": _template("{1}[:{0}]"),
    "pieces.drop": _template("{1}[{0}:]"),
    "pieces.item": _own(_piece),
    "pieces.count": _template("len({0})"),
    "pieces.join": _template("{0}.join({1})"),
    "pieces.join_last": _join_last,
    "lookup": _lookup,
    "lookup_or": _lookup_or,
    "first_present": _first_present,
}
"""Hooks by the name of the primitive."""
