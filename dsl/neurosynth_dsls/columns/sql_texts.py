"""How DuckDB writes the texts, patterns and notations of ``columns``.

DuckDB's regular expressions are those of RE2: without looking around and back references, and of ASCII in ``\\d`` and ``\\w``, which
are spelled out here as the letters and digits that Python's mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from neurosynth.export.expressions import Form, FormCall, refused
from neurosynth.export.sql import literal
from neurosynth.language.program import Constant
from neurosynth_dsls.columns.casing import STROKES, UMLAUTS
from neurosynth_dsls.strings.excel_forms import never_negative
from neurosynth_dsls.strings.forms import CAPITAL

__all__ = ["TEXTS"]

_CLASSES = {"d": "\\p{Nd}", "w": "\\p{L}\\p{N}_", "s": "\\s"}
_NEGATED = {"[^\\W_]": "[\\p{L}\\p{N}]", "[^\\W\\d_]": "\\p{L}", "[\\W_]": "[^\\p{L}\\p{N}]", "\\W": "[^\\p{L}\\p{N}_]"}
"""Letters or digits, letters only, and the complements, in the meaning of Python's patterns."""
_ANY = r"\\[1-9bBAZDS]|\(\?(?!:)|\[(?:[^\]\\]|\\.)*\\[DSW]"


def _pattern(call: FormCall, place: int) -> str:
    """A regular expression in DuckDB's syntax, not yet a literal."""
    pattern = str(call.constant(place))
    for python, ours in _NEGATED.items():
        pattern = pattern.replace(python, ours)
    if re.search(_ANY, pattern):
        raise refused(call, f"DuckDB has no regular expression like {pattern!r}")
    inside, found = False, ""
    for part in re.findall(r"\\.|.", pattern, re.DOTALL):
        if part in ("[", "]"):
            inside = part == "["
        if part[0] == "\\" and part[1:] in _CLASSES:
            part = _CLASSES[part[1]] if inside or part != "\\w" else f"[{_CLASSES['w']}]"
        found += part
    return found


def _matching(call: FormCall, place: int) -> str:
    """A regular expression that never matches the empty text, as a literal: RE2 and Python count such matches differently."""
    pattern = _pattern(call, place)
    if re.compile(str(call.constant(place))).match("") is not None:
        raise refused(call, f"DuckDB finds other matches of {pattern!r}, which may match nothing")
    return literal(pattern)


def _every(template: str, text: int, pattern: int) -> Form:
    """A form in which ``{s}`` is the text and ``{p}`` the pattern."""
    return lambda call: template.format(s=call[text], p=_matching(call, pattern))


def _place(n: int) -> int:
    """Item n of a list, from 0, or from -1 backwards, in DuckDB's counting."""
    return n + 1 if n >= 0 else n


def _group(call: FormCall) -> str:
    return f"regexp_extract({call[2]}, {literal(_pattern(call, 0))}, {int(call.constant(1))})"


def _replaced(call: FormCall) -> str:
    by = re.sub(r"\\g<(\d)>", r"\\\1", str(call.constant(1)))
    if re.search(r"\\(?![0-9](?![0-9]))", by):
        raise refused(call, f"DuckDB has no replacement like {by!r}")
    return f"regexp_replace({call[2]}, {_matching(call, 0)}, {literal(by)}, 'g')"


def _edge(end: bool) -> Form:
    """The start or the end of match n: everything before it, or after it, is counted."""

    def form(call: FormCall) -> str:
        s, p, n = call[0], _matching(call, 1), int(call.constant(2))
        pieces, matches = f"regexp_split_to_array({s}, {p})", f"regexp_extract_all({s}, {p})"

        def length(things: str, first: int, last: int) -> str:
            if first > last:
                return "0"
            return (
                f"length({things}[{first}])"
                if first == last
                else f"length(array_to_string({things}[{first}:{last}], ''))"
            )

        if n >= 0:
            terms = [length(pieces, 1, n + 1), length(matches, 1, n + 1 if end else n)]
            place = " + ".join(t for t in terms if t != "0")
        else:
            terms = [length(pieces, n, -1), length(matches, n + 1 if end else n, -1)]
            place = " - ".join([f"length({s})", *(t for t in terms if t != "0")])
        return f"CASE WHEN len({matches}) >= {_place(n) if n >= 0 else -n} THEN {place} END"

    return form


def _start(call: FormCall, place: int) -> str:
    """A position in DuckDB's slices: counted from 1, or from the end."""
    program = call.programs[place]
    if isinstance(program, Constant):
        return str(_place(int(program.value)))
    if not never_negative(program):
        raise refused(
            call, f"whether {program} counts from the start or from the end is not known, which DuckDB's slices need"
        )
    return f"{call[place]} + 1"


def _slice(call: FormCall) -> str:
    end = call.programs[2]
    if isinstance(end, Constant):
        last = str(end.value) if end.value >= 0 else str(end.value - 1)
    elif never_negative(end):
        last = call[2]
    else:
        raise refused(
            call, f"whether {end} counts from the start or from the end is not known, which DuckDB's slices need"
        )
    return f"{call[0]}[{_start(call, 1)}:{last}]" if last != "0" else f"left({call[0]}, 0)"


def _index_from(call: FormCall) -> str:
    if not never_negative(call.programs[2]):
        raise refused(call, f"whether {call.programs[2]} counts from the start or from the end is not known")
    return f"nullif(strpos({call[0]}[{call[2]} + 1:], {call[1]}), 0) - 1 + {call[2]}"


def _match_from(call: FormCall) -> str:
    if call.is_constant(2):
        start = str(max(int(call.constant(2)), 0) + 1)
    elif never_negative(call.programs[2]):
        start = f"{call[2]} + 1"
    else:  # greatest ignores NULL, so that a position without a value would become the first one
        start = f"CASE WHEN {call[2]} < 0 THEN 0 ELSE {call[2]} END + 1"
    rest, pattern = f"{call[0]}[{start}:]", literal(f"^(?:{_pattern(call, 1)})")
    return f"CASE WHEN regexp_matches({rest}, {pattern}) THEN regexp_extract({rest}, {pattern}) END"


def _pad_right(call: FormCall) -> str:
    s, n, c = call.arguments
    return f"CASE WHEN length({s}) < {n} AND {c} <> '' THEN rpad({s}, CAST({n} AS INTEGER), {c}[1]) ELSE {s} END"


def _literal_by(call: FormCall, position: int) -> str:
    return literal(call.constant(position).replace("\\", "\\\\"))


_WORDS = (
    "regexp_extract_all(regexp_replace(regexp_replace({0}, '([a-z0-9])([A-Z])', '\\1 \\2', 'g'), '([A-Z])([A-Z][a-z])', '\\1 \\2', 'g'), "
    "'[\\p{{L}}\\p{{N}}]+')"
)
"""The words of a name such as ``someName``."""
_PASCAL = f"array_to_string(list_transform({_WORDS}, lambda w: {CAPITAL}), '')"
_BLANKS = "list_filter(regexp_split_to_array(trim({0}), '\\s+'), lambda w: w <> '')"
_ORDINAL = (
    "{0} || CASE WHEN abs({0}) % 100 IN (11, 12, 13) THEN 'th' WHEN abs({0}) % 10 = 1 THEN 'st' WHEN abs({0}) % 10 = 2 THEN 'nd' "
    "WHEN abs({0}) % 10 = 3 THEN 'rd' ELSE 'th' END"
)


def _at(things: Callable[[FormCall], str], place: int) -> Form:
    return lambda call: f"{things(call)}[{_place(call.constant(place))}]"


def _part_of(slice: str) -> Form:
    """Some items of a list, from its start or its end."""

    def form(call: FormCall) -> str:
        n = int(call.constant(0))
        if n < 0:
            raise refused(call, f"this form takes no {n} items")
        return slice.format(call[1], n + 1 if slice.endswith(":]") else n)

    return form


def _split(call: FormCall) -> str:
    """Pieces of a text; DuckDB does not split at a missing separator, where the reference gives a missing value."""
    pieces = f"string_split({call[0]}, {call[1]})"
    return pieces if call.is_constant(1) else f"CASE WHEN {call[1]} IS NOT NULL THEN {pieces} END"


def _around_last(template: str) -> Form:
    """A form of the text around the last separator, which starts at character ``{at}``."""

    def form(call: FormCall) -> str:
        separator = str(call.constant(1))
        if not separator:
            raise refused(call, "an empty separator is nowhere")
        at = f"length({call[0]}) - {len(separator) - 2} - strpos(reverse({call[0]}), {literal(separator[::-1])})"
        return template.format(s=call[0], p=literal(separator), at=at, n=len(separator))

    return form


def _translated(text: str, table: Mapping[str, str]) -> str:
    """A text with some characters replaced: single ones by single ones at once, the others one after the other."""
    single = {a: b for a, b in table.items() if len(b) == 1}
    if single:
        text = f"translate({text}, {literal(''.join(single))}, {literal(''.join(single.values()))})"
    for old, new in table.items():
        if old not in single:
            text = f"replace({text}, {literal(old)}, {literal(new)})"
    return text


def _title_except(call: FormCall) -> str:
    small = call.constant(0).split()
    kept = f"i > 1 AND w IN ({', '.join(map(literal, small))})" if small else "false"
    words = _BLANKS.format(f"lower({call[1]})")
    return f"array_to_string(list_transform({words}, lambda w, i: CASE WHEN {kept} THEN w ELSE {CAPITAL} END), ' ')"


def _article(call: FormCall) -> str:
    """DuckDB's patterns do not look ahead, so that the exceptions are tested one after the other."""
    tests = (
        ("^(hour|honest|hono|heir|8|1[18]([^0-9]|$))", "an"),
        ("^uni(n|m[pa]|d)", "an"),
        ("^(uni|us[eu]|ut[ei]|eu|ewe|one([^a-z]|$)|once|ubiq|ufo)", "a"),
        ("^[aeiou]", "an"),
    )
    cases = " ".join(f"WHEN regexp_matches(lower({call[0]}), {literal(p)}) THEN {literal(word)}" for p, word in tests)
    return f"CASE {cases} WHEN {call[0]} IS NOT NULL THEN 'a' END"


TEXTS: Mapping[str, Form] = {
    "text.after_last": _around_last("CASE WHEN contains({s}, {p}) THEN {s}[{at} + {n} :] ELSE '' END"),
    "text.before_last": _around_last("CASE WHEN contains({s}, {p}) THEN {s}[: {at} - 1] ELSE {s} END"),
    "text.plain": lambda call: _translated(f"strip_accents({call[0]})", STROKES),
    "text.umlauts": lambda call: _translated(f"nfc_normalize({call[0]})", UMLAUTS),
    "text.title_except": _title_except,
    "text.article": _article,
    "text.first_filled": "coalesce(nullif({0}, ''), {1}, {0})",
    "text.join_filled": "CASE WHEN coalesce({0}, {1}, {2}) IS NOT NULL THEN concat_ws(coalesce({0}, ''), nullif({1}, ''), nullif({2}, '')) END",
    "text.with_start": "CASE WHEN {1} = '' OR starts_with({1}, {0}) THEN {1} ELSE {0} || {1} END",
    "text.with_end": "CASE WHEN {1} = '' OR ends_with({1}, {0}) THEN {1} ELSE {1} || {0} END",
    "text.first_upper": "upper({0}[1]) || {0}[2:]",
    "text.first_lower": "lower({0}[1]) || {0}[2:]",
    "text.title_words": f"array_to_string(list_transform({_BLANKS}, lambda w: {CAPITAL}), ' ')",
    "text.snake": f"lower(array_to_string({_WORDS}, '_'))",
    "text.kebab": f"lower(array_to_string({_WORDS}, '-'))",
    "text.spaced": f"array_to_string({_WORDS}, ' ')",
    "text.pascal": _PASCAL,
    "text.camel": f"lower({_PASCAL}[1]) || {_PASCAL}[2:]",
    "text.slug": lambda call: (
        f"trim(regexp_replace(lower({_translated(f'strip_accents({call[0]})', STROKES)}), '[^a-z0-9]+', '-', 'g'), '-')"
    ),
    "text.only_alphanumeric": "regexp_replace({0}, '[^\\p{{L}}\\p{{N}}]', '', 'g')",
    "text.without_blanks": "regexp_replace({0}, '\\s+', '', 'g')",
    "text.pad_right": _pad_right,
    "text.repeat": "repeat({1}, greatest({0}, 0))",
    "text.slice": _slice,
    "text.index": "nullif(strpos({0}, {1}), 0) - 1",
    "text.rindex": "CASE WHEN contains({0}, {1}) THEN length({0}) - length({1}) - strpos(reverse({0}), reverse({1})) + 1 END",
    "text.index_from": _index_from,
    "text.split_at": _at(_split, 2),
    "text.word_at": lambda call: (
        f"nullif(regexp_split_to_array(trim({call[0]}), '\\s+')[{_place(call.constant(1))}], '')"
    ),
    "text.match": _at(lambda call: f"regexp_extract_all({call[0]}, {_matching(call, 1)})", 2),
    "text.match_start": _edge(end=False),
    "text.match_end": _edge(end=True),
    "text.match_from": _match_from,
    "text.replace_pattern": lambda call: (
        f"regexp_replace({call[0]}, {_matching(call, 1)}, {_literal_by(call, 2)}, 'g')"
    ),
    "text.matches": lambda call: f"regexp_full_match({call[0]}, {literal(_pattern(call, 1))})",
    "text.contains_pattern": lambda call: f"regexp_matches({call[0]}, {literal(_pattern(call, 1))})",
    "text.count_pattern": _every("len(regexp_extract_all({s}, {p}))", 0, 1),
    "re.extract": lambda call: (
        f"coalesce(regexp_extract_all({call[2]}, {_matching(call, 0)})[{_place(call.constant(1))}], '')"
    ),
    "re.group": _group,
    "re.replace": _replaced,
    "re.test": lambda call: f"regexp_matches({call[1]}, {literal(_pattern(call, 0))})",
    "looks_like": lambda call: f"regexp_full_match({call[1]}, {literal(_pattern(call, 0))})",
    "re.count": _every("len(regexp_extract_all({s}, {p}))", 1, 0),
    "re.find_all": _every("regexp_extract_all({s}, {p})", 1, 0),
    "pieces.split": lambda call: f"string_split({call[1]}, {literal(call.constant(0))})",
    "pieces.words": _BLANKS,
    "pieces.case_words": _WORDS,
    "pieces.characters": "string_split({0}, '')",
    "pieces.sort": "list_sort({0})",
    "pieces.reverse": "list_reverse({0})",
    "pieces.take": _part_of("{}[:{}]"),
    "pieces.drop": _part_of("{}[{}:]"),
    "pieces.item": lambda call: f"coalesce({call[1]}[{_place(call.constant(0))}], '')",
    "pieces.count": "len({0})",
    "pieces.count_of": "len(list_filter({1}, lambda piece: piece = {0}))",
    "pieces.join": lambda call: f"array_to_string({call[1]}, {literal(call.constant(0))})",
    "ordinal.write": _ORDINAL,
    "ordinal.read": "TRY_CAST(regexp_extract({0}, '(?i)^([0-9]+)(st|nd|rd|th)$', 1) AS BIGINT)",
}
