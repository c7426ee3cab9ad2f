"""Date and number formats as formulas of spreadsheets: ``TEXT`` and its codes to write, ``DATE``, ``TIME`` and ``NUMBERVALUE`` to read.

Codes are those of English settings. Formats without an exact counterpart in spreadsheets are refused, never approximated.
"""

from __future__ import annotations

from decimal import Decimal

from neurosynth.export.base import ExportError
from neurosynth.export.excel import excel_literal
from neurosynth.language.program import Apply, Constant, Program
from neurosynth_dsls.columns.date_codes import Code
from neurosynth_dsls.columns.date_format import DateFormat, date_format
from neurosynth_dsls.columns.number_format import MARKS, NumberFormat, number_format

__all__ = ["read_moment", "read_number", "write_moment", "write_number"]

_WRITTEN = {
    "%Y": "yyyy", "%y": "yy", "%m": "mm", "%-m": "m", "%d": "dd", "%-d": "d", "%B": "mmmm", "%b": "mmm", "%A": "dddd", "%a": "ddd",
    "%H": "hh", "%-H": "h", "%I": "hh", "%-I": "h", "%M": "mm", "%S": "ss", "%p": "AM/PM",
}  # fmt: skip
_MONTHS = '{"jan","feb","mar","apr","may","jun","jul","aug","sep","oct","nov","dec"}'


def _refused(what: str) -> ExportError:
    return ExportError(f"a formula cannot {what}; export this program to python")


def write_moment(format: str, moment: str) -> str:
    """The text of a moment.

    Raises:
        ExportError: for names of another locale, and codes that ``TEXT`` does not have.
    """
    parts = _one(format).parts
    texts: list[str] = []
    codes = [p for p in parts if isinstance(p, Code)]
    place = -1
    for part in parts:
        if isinstance(part, str):
            texts.append(_quoted(part))
            continue
        place += 1
        if part.text not in _WRITTEN:
            raise _refused(f"write {part.text} of the format {format!r}")
        if part.field == "m" and part.is_number and _beside_time(codes, place):
            raise _refused(f"write the month right after the hour, as {format!r} does: mm is the minute there")
        if part.field == "M" and not _beside_time(codes, place):
            raise _refused(
                f"write minutes without hours or seconds beside them, as {format!r} does: mm is the month there"
            )
        texts.append(_WRITTEN[part.text])
    if any(c.field == "I" for c in codes) != any(c.field == "p" for c in codes):
        raise _refused(f"write hours of twelve without AM or PM, as {format!r} does")
    return f"TEXT({moment},{excel_literal('[$-409]' + ''.join(texts))})"


def _beside_time(codes: list[Code], place: int) -> bool:
    """Whether a spreadsheet reads ``mm`` at this place as minutes: right after the hour, or before the second."""
    before = codes[place - 1].field if place else ""
    after = codes[place + 1].field if place + 1 < len(codes) else ""
    return before in ("H", "I") or after == "S"


def _one(format: str) -> DateFormat:
    alternatives = date_format(format)
    if len(alternatives) > 1 or format.startswith("["):
        raise _refused(f"write in the format {format!r}: it has one format, with English names")
    return alternatives[0]


def read_moment(format: str, text: str) -> str:
    """The moment in a text, as a spreadsheet's number.

    Raises:
        ExportError: for names of another locale, for codes that are not a plain part, and for alternatives that cannot be
            distinguished.
    """
    if format.startswith("["):
        raise _refused(f"read names of another language, as {format!r} does")
    alternatives = date_format(format)
    marks = ["".join(p for p in a.parts if isinstance(p, str)) for a in alternatives]
    if len(set(marks)) < len(marks) or ("" in marks and len(marks) > 1):
        raise _refused(f"tell the alternatives of {format!r} apart")
    # an alternative that has all marks of another, and more, is tried first
    ordered = sorted(zip(marks, alternatives, strict=True), key=lambda pair: -len(pair[0]))
    found = [_reading(a, text, format) for _, a in ordered]
    whole = found[-1]
    for earlier in reversed(found[:-1]):
        whole = f"IFERROR({earlier},{whole})"
    return whole


def _reading(format: DateFormat, s: str, text: str) -> str:
    fields: dict[str, str] = {}
    start = "1"
    parts = format.parts
    for at, part in enumerate(parts):
        if isinstance(part, str):
            if at == 0:
                start = str(len(part) + 1)
            continue
        following = parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(following, str):
            mark = excel_literal(following)
            place = f"FIND({mark},{s})" if start == "1" else f"FIND({mark},{s},{start})"
            cut = f"LEFT({s},{place}-1)" if start == "1" else f"MID({s},{start},{place}-({start}))"
            after = f"{place}+{len(following)}"
        elif following is None:
            cut, after = f"MID({s},{start},LEN({s}))" if start != "1" else s, start
        elif part.is_number and part.fixed:
            width = 4 if part.field == "Y" else 2
            cut, after = f"MID({s},{start},{width})", str(int(start) + width) if start.isdigit() else f"{start}+{width}"
        else:
            raise _refused(f"read {part.text} right before {following.text}, as {text!r} does")
        start = after
        if part.field:
            if part.field in fields and part.field != "u":
                raise _refused(f"read one part twice, as {text!r} does")
            fields[part.field] = _field(part, cut, text)
    return _moment(fields, text)


def _field(part: Code, cut: str, text: str) -> str:
    if part.field == "m" and not part.is_number:
        return f"MATCH(LEFT({cut},3),{_MONTHS},0)"
    if part.field == "p":
        return f'IF(UPPER(LEFT({cut},1))="P",12,0)'
    if part.letter == "o":
        return f"VALUE(LEFT({cut},LEN({cut})-2))"
    if part.field == "y":
        return f"(VALUE({cut})+IF(VALUE({cut})>=69,1900,2000))"
    if part.field in ("Y", "m", "d", "H", "I", "M", "S"):
        return f"VALUE({cut})"
    if part.field == "u":
        return ""
    raise _refused(f"read {part.text} of the format {text!r}")


def _moment(fields: dict[str, str], text: str) -> str:
    day = fields.keys() & {"Y", "y", "m", "d"}
    clock = fields.keys() & {"H", "I", "M", "S", "p"}
    if "u" in fields and not day:
        raise _refused(f"read a weekday alone, as {text!r} does")
    if "p" in fields and "I" not in fields:
        raise _refused(f"read AM or PM without an hour of twelve, as {text!r} does")
    parts = []
    if day:
        year = fields.get("Y") or fields.get("y") or "2000"
        parts.append(f"DATE({year},{fields.get('m', '1')},{fields.get('d', '1')})")
    if clock:
        hour = fields.get("H", "0")
        if "I" in fields:
            hour = f"MOD({fields['I']},12)+{fields.get('p', '0')}"
        # a time of day without a date belongs to 1 January 1900, which is the number 2
        if not day:
            parts.append("2")
        parts.append(f"TIME({hour},{fields.get('M', '0')},{fields.get('S', '0')})")
    if not parts:
        raise _refused(f"read nothing but {text!r}")
    return "+".join(parts)


def _numbers(format: str) -> list[NumberFormat]:
    return list(number_format(format))


def read_number(format: str, text: str) -> str:
    """The number in a text.

    Raises:
        ExportError: for exponents, text around negative numbers, and alternatives with different marks.
    """
    found = _numbers(format)
    first = found[0]
    if any(f.negative is not None or f.exponent for f in found):
        raise _refused(f"read numbers as {format!r} writes negative ones, or exponents")
    if len({(f.marks, f.scale) for f in found}) > 1:
        raise _refused(f"read numbers in formats that differ in their marks, as {format!r}")
    cleaned = text
    for around in sorted({p for f in found for p in (f.prefix, f.suffix) if p}, key=len, reverse=True):
        cleaned = f'SUBSTITUTE({cleaned},{excel_literal(around)},"")'
    read = f"NUMBERVALUE({cleaned},{excel_literal(first.marks.point)},{excel_literal(first.marks.group)})"
    return f"{read}/{10**first.scale}" if first.scale else read


def decimals_of(program: Program) -> int | None:
    """Maximum number of decimals of a number; None if unknown."""
    if isinstance(program, Constant) and isinstance(program.value, Decimal):
        exponent = program.value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else None
    if isinstance(program, Apply):
        if program.primitive.name == "decimal.from_int":
            return 0
        if program.primitive.name == "decimal.round" and isinstance(program.arguments[0], Constant):
            return decimals_of(program.arguments[0])
    return None


def write_number(format: str, number: str, program: Program) -> str:
    """The text of a number.

    Raises:
        ExportError: for alternatives, exponents, groups that are not of three digits, ``‰``, and a pattern that keeps trailing zeros.
    """
    found = _numbers(format)
    one = found[0]
    if len(found) > 1 or one.exponent or one.groups not in ((), (3,)) or one.scale not in (0, 2):
        raise _refused(f"write numbers in the format {format!r}")
    if one.most is None and one.trailing:
        raise _refused(f"keep the trailing zeros of a number, as {format!r} does")
    most = 12 if one.most is None else one.most
    value = number
    known = decimals_of(program)
    if known is None or known > most + one.scale:
        value = number if one.most is None else _half_even(number, most + one.scale)
    decimals = "0" * one.least + "#" * (most - one.least)
    whole = "0" * max(one.whole, 0)
    if one.groups:
        whole = "#,##0" if one.whole <= 1 else _grouped(one.whole)
    elif not whole:
        whole = "#"
    body = whole + ("." + decimals if decimals else "")
    pattern = f"{_around(one.prefix, one.scale)}{body}{_around(one.suffix, one.scale)}"
    if one.negative is not None:
        before, after = one.negative
        pattern += f";{_around(before, one.scale)}{body}{_around(after, one.scale)}"
    written = f"TEXT({value},{excel_literal(pattern)})"
    if one.least == 0 and most > 0:
        if one.prefix or one.suffix or one.negative:
            raise _refused(f"leave out the decimal mark in the format {format!r}")
        written = f'IF(RIGHT({written},1)=".",SUBSTITUTE({written},".",""),{written})'
    if one.marks == MARKS[""]:
        return written
    plain = f'SUBSTITUTE({written},",",CHAR(1))'
    pointed = f'SUBSTITUTE({plain},".",{excel_literal(one.marks.point)})'
    return f"SUBSTITUTE({pointed},CHAR(1),{excel_literal(one.marks.group)})"


def _grouped(whole: int) -> str:
    digits = "0" * whole
    groups: list[str] = []
    while digits:
        digits, group = digits[:-3], digits[-3:]
        groups.insert(0, group)
    groups[0] = groups[0].rjust(3, "#")
    return ",".join(groups) if len(groups) > 1 else f"#,{groups[0]}"


def _half_even(number: str, decimals: int) -> str:
    """Rounded like formats, half to even, whereas ``ROUND`` rounds away from zero."""
    scaled = f"ABS({number})*{10**decimals}" if decimals else f"ABS({number})"
    return f"IF(ROUND(MOD({scaled},2),9)=0.5,ROUNDDOWN({number},{decimals}),ROUND({number},{decimals}))"


def _around(text: str, scale: int) -> str:
    """Text around a number; a percent sign stays one, which multiplies."""
    return "%".join(map(_quoted, text.split("%") if scale == 2 else [text]))


def _quoted(text: str) -> str:
    """Text in a format code: between quotes, a quote itself after a backslash."""
    return "".join('\\"' if c == '"' else f'"{c}"' for c in text) if '"' in text else f'"{text}"' if text else ""
