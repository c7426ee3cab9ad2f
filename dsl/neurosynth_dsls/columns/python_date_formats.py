"""Date and time formats in exported code: ``strptime`` and ``strftime`` if they mean the same, otherwise a few lines of ``re``.

``%-d`` and similar codes never appear, because they are not portable. Unpadded parts are written as attributes in an f-string; reading
does not need them, because ``strptime`` accepts numbers with and without a leading zero.
"""

from __future__ import annotations

import datetime as library
import re
from dataclasses import replace

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.date_codes import Code
from neurosynth_dsls.columns.date_format import DateFormat, date_format
from neurosynth_dsls.columns.names import names_of

__all__ = ["read_expression", "write_expression"]

_SUFFIX = r"(?<=\d)(?:st|nd|rd|th)"


# Reading.


def read_expression(call: PythonCall, format: str, position: int) -> str:
    """The expression that reads a text as a ``datetime``."""
    alternatives = date_format(format)
    text = call.arguments[position]
    if len(alternatives) == 1:
        plain = _strptime(call, alternatives[0], text)
        return plain or f"{_reader(call, alternatives)}({text})"
    simple = [_strptime_format(a) for a in alternatives]
    if (
        all(simple)
        and not any(re.search("%[ozZ]", a.text) for a in alternatives)
        and not any(map(_lacks_year, alternatives))
    ):
        listed = ", ".join(repr(s) for s in simple)
        source = _TRY_ALL.replace("{datetime}", call.use(library.datetime))
        return f"{call.define('read_moment', source)}({text}, [{listed}])"
    return f"{_reader(call, alternatives)}({text})"


_TRY_ALL = '''def {name}(text, formats):
    """The moment in the first format that fits."""
    for form in formats:
        try:
            return {datetime}.strptime(text, form)
        except ValueError:
            pass
    raise ValueError(f"{text!r} is in none of the formats {formats}")'''


def _lacks_year(form: DateFormat) -> bool:
    """Whether the year must be added: Python would assume 1900, which has no 29 February."""
    return not form.has_year and any(c.field in ("m", "d") for c in form.codes)


def _strptime_format(form: DateFormat) -> str | None:
    """The format for ``strptime``; None if it cannot express the same."""
    fields = [c.field for c in form.codes]
    letters = {c.letter for c in form.codes}
    if form.locale or form.regex is None or len(set(fields)) < len(fields):
        return None
    if any(c.flags not in ("", "-", "_", "^", "~") for c in form.codes) or not letters <= set("YymdBbAajHIMSpfLozZ"):
        return None
    if ("p" in letters and "I" not in letters) or len(letters & set("zZ")) > 1:
        return None
    if letters & set("Aa") and not letters & set("YymdBbjo"):
        return None
    if "j" in letters and not letters & set("Yy"):
        return None
    parts = []
    for part in form.parts:
        if isinstance(part, str):
            parts.append(part.replace("%", "%%"))
        else:
            parts.append("%" + {"L": "f", "o": "d", "Z": "z"}.get(part.letter, part.letter))
    return "".join(parts)


def _strptime(call: PythonCall, form: DateFormat, text: str) -> str | None:
    plain = _strptime_format(form)
    if plain is None:
        return None
    if any(c.letter == "o" for c in form.codes):
        text = f"{call.use(re)}.sub({_SUFFIX!r}, '', {text})"
    if _lacks_year(form):
        text, plain = f"{text} + ' 2000'", f"{plain} %Y"
    zone = "".join(c.letter for c in form.codes if c.letter in "zZ")
    moved = f".astimezone({call.use(library.timezone)}.utc)" if zone == "z" else ""
    return f"{call.use(library.datetime)}.strptime({text}, {plain!r}){moved}{'.replace(tzinfo=None)' if zone else ''}"


def _reader(call: PythonCall, alternatives: tuple[DateFormat, ...]) -> str:
    """A separate function that tries each alternative."""
    lines = ["def {name}(text):", f'    """The moment of a text such as {_example(alternatives[0])}."""']
    for form in alternatives:
        plain = _strptime(call, form, "text")
        if plain is not None and len(alternatives) > 1:
            lines += ["    try:", f"        return {plain}", "    except ValueError:", "        pass"]
        elif plain is not None:
            lines.append(f"    return {plain}")
        else:
            lines += _matching(call, form, strict=len(alternatives) > 1)
    lines.append('    raise ValueError(f"{text!r} is not a date as expected")')
    return call.define("read_moment", "\n".join(lines))


def _example(form: DateFormat) -> str:
    return form.format(library.datetime(2024, 3, 7, 17, 9, 5)).replace("\\", "").replace('"', "'").replace("{", "(")


def _matching(call: PythonCall, form: DateFormat, *, strict: bool) -> list[str]:
    """Lines that match the text and make the moment from the groups; with ``strict``, impossible dates must not match either."""
    pattern = form.regex.pattern if form.regex is not None else "(?!)"
    if not strict:
        for part in form.codes:
            pattern = pattern.replace(f"({part.pattern})", f"({_loose(part)})")
    lines = [f"    found = {call.use(re)}.fullmatch({_raw(pattern)}, text, {call.use(re)}.IGNORECASE)", "    if found:"]
    known: dict[str, str] = {}
    for i, part in enumerate(form.codes, 1):
        if part.field and part.field not in known:
            known[part.field] = _group(call, part, form.locale, i, lines)
    day = _day(call, known)
    hour = known.get("H")
    if "I" in known:
        hour = f"{known['I']} % 12" + (f" + 12 * {known['p']}" if "p" in known else "")
    elif hour is None and "p" in known:
        hour = f"12 * {known['p']}"
    clock = [hour or "0", known.get("M", "0"), known.get("S", "0"), known.get("f", "0")]
    while clock and clock[-1] == "0":
        clock.pop()
    if isinstance(day, str):
        made = f"{call.use(library.datetime)}.combine({day}, {call.use(library.time)}({', '.join(clock)}))"
    else:
        made = f"{call.use(library.datetime)}({', '.join([*day, *clock])})"
    if "z" in known:
        made += f" - {known['z']}"
    return [*lines, f"        return {made}"]


def _loose(part: Code) -> str:
    """A shorter pattern for the code; ``datetime`` detects what is not a date."""
    if part.letter in "BbAa":
        return r"[^\W\d]+\.?"
    return " ?[0-9]{1,3}" if part.letter == "j" else " ?[0-9]{1,2}" if " [" in part.pattern else part.pattern


def _raw(pattern: str) -> str:
    return f'r"{pattern}"' if '"' not in pattern and not pattern.endswith("\\") else repr(pattern)


def _group(call: PythonCall, part: Code, locale: str, i: int, lines: list[str]) -> str:
    """The number in a group."""
    if part.letter in "BbAap":
        names = names_of(locale)
        table: tuple[str, ...] = {
            "B": names.months,
            "b": names.short_months,
            "A": names.weekdays,
            "a": names.short_weekdays,
            "p": names.halves,
        }[part.letter]
        for flag in "12":
            if flag in part.flags:
                table = tuple(n[: int(flag)] for n in table)
        if "." in part.flags:
            table = tuple("".join(f"{c}." for c in n) for n in table)
        listed = "[" + ", ".join(f'"{n.lower()}"' for n in table) + "]"
        variable = {"B": "months", "b": "months", "A": "weekdays", "a": "weekdays", "p": "halves"}[part.letter]
        lines.append(f"        {variable} = {listed}")
        return f"{variable}.index(found[{i}].lower())" + ("" if part.letter == "p" else " + 1")
    if part.letter in "fL":
        return f'int(found[{i}].ljust(6, "0"))'
    if part.letter == "o":
        return f"int(found[{i}][:-2])"
    if part.letter == "z":
        return f"{call.use(library.datetime)}.strptime(found[{i}], '%z').utcoffset()"
    return f"int(found[{i}])"


def _day(call: PythonCall, known: dict[str, str]) -> str | list[str]:
    """The arguments of year, month and day, or an expression of a date."""
    date = call.use(library.date)
    year = known.get("Y") or (_century(known["y"]) if "y" in known else None)
    weekday = known.get("u") or (f"({known['w']} or 7)" if "w" in known else None)
    if "V" in known:
        iso_year = known.get("G") or (_century(known["g"]) if "g" in known else year or "2000")
        return f"{date}.fromisocalendar({iso_year}, {known['V']}, {weekday or 1})"
    if "j" in known:
        return f"{date}({year or 2000}, 1, 1) + {call.use(library.timedelta)}(days={known['j']} - 1)"
    month = known.get("m")
    if month is None and "q" in known:
        month = f"3 * {known['q']} - 2"
    if month is None and "K" in known:
        month = f"6 * {known['K']} - 5"
    if year is None:
        year = "2000" if month is not None or "d" in known else "1900"
    if "n" in known and weekday is not None:
        first = f"{date}({year}, {month or 1}, 1)"
        ahead = f"({weekday} - {first}.isoweekday()) % 7 + 7 * ({known['n']} - 1)"
        return f"{first} + {call.use(library.timedelta)}(days={ahead})"
    if weekday is not None and not known.keys() & {"Y", "y", "m", "d", "q", "K", "G", "g"}:
        return ["1900", "1", weekday]
    return [year, month or "1", known.get("d", "1")]


def _century(year: str) -> str:
    return f"{year} + (1900 if {year} >= 69 else 2000)"


# Writing.

_SPECS = frozenset("YymdHIMSjfBbAapUWGVuw")
"""Codes that ``strftime`` writes in the same way everywhere, but for years before 1000, which some platforms do not pad."""

_EXPRESSIONS = {
    "Y": "{0}.year",
    "m": "{0}.month",
    "d": "{0}.day",
    "H": "{0}.hour",
    "I": "{0}.hour % 12 or 12",
    "M": "{0}.minute",
    "S": "{0}.second",
    "y": "{0}.year % 100",
    "j": "{0}.timetuple().tm_yday",
    "G": "{0}.isocalendar().year",
    "V": "{0}.isocalendar().week",
    "q": "({0}.month + 2) // 3",
    "K": "({0}.month + 5) // 6",
    "n": "({0}.day + 6) // 7",
    "C": "({0}.year + 99) // 100",
    "g": "{0}.isocalendar().year % 100",
    "J": "({0}.timetuple().tm_yday + 6) // 7",
    "u": "{0}.isoweekday()",
    "w": "{0}.isoweekday() % 7",
    "U": "int({0}.strftime('%U'))",
    "W": "int({0}.strftime('%W'))",
}
_WIDTHS = {"Y": 4, "G": 4, "j": 3, "q": 1, "K": 1, "n": 1, "u": 1, "w": 1}


def _specs(call: PythonCall) -> frozenset[str]:
    return _SPECS - {"Y", "G"} if call.portable else _SPECS


def write_expression(call: PythonCall, format: str, position: int, *, plain_date: bool = False) -> str:
    """The expression that writes a moment."""
    form = date_format(format)[0]
    specs = _specs(call)
    if form.codes and not form.locale and all(c.letter in specs and not c.flags for c in form.codes):
        spec = "".join(p.replace("%", "%%") if isinstance(p, str) else p.text for p in form.parts)
        return f"{call.arguments[position]}.strftime({spec!r})"
    if not form.codes:
        return repr("".join(p for p in form.parts if isinstance(p, str)))
    if len(form.parts) == 1 and form.codes[0].letter in _EXPRESSIONS and form.codes[0].flags == "-":
        expression = _EXPRESSIONS[form.codes[0].letter]
        return f"str({expression.format(call.named(position) if expression.count('{0}') > 1 else call.arguments[position])})"
    quoted = re.search(r'["\\{]', call.arguments[position])  # it cannot occur within an f-string
    moment = call.named(position) if len(form.codes) > 1 or _twice(form) or quoted else call.arguments[position]
    parts: list[str] = []
    run = ""
    for part in _ordinals(form):
        if isinstance(part, Code) and part.letter in specs and not part.flags and not form.locale:
            run += part.text
            continue
        if (
            isinstance(part, str)
            and run
            and not re.search(r"[%{}]", part)
            and part.strip() in ("", ":", "-", "/", ".", ",")
        ):
            run += part  # a separator stays with the code before it if another one follows
            continue
        run = _flushed(run, moment, parts)
        parts.append(_braces(part) if isinstance(part, str) else _written(call, part, moment, form.locale, plain_date))
    _flushed(run, moment, parts)
    body = "".join(parts)
    return (
        'f"' + body.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if "'" in body
        else f"f{body!r}"
    )


def _ordinals(form: DateFormat) -> list[str | Code]:
    """The parts, a day and its suffix as one."""
    parts: list[str | Code] = []
    for part in form.parts:
        before = parts[-1] if parts else ""
        if isinstance(part, Code) and part.letter == "O" and isinstance(before, Code) and before.text == "%-d":
            parts[-1] = replace(part, text="%o", letter="o")
        else:
            parts.append(part)
    return parts


def _twice(form: DateFormat) -> bool:
    return any(c.letter in "oONnJ" or "_" in c.flags for c in form.codes)


def _flushed(run: str, moment: str, parts: list[str]) -> str:
    """A run of codes becomes one format specification; separators after its last code are outside."""
    found = re.fullmatch(r"(.*%.)([^%]*)", run, re.DOTALL)
    if found:
        parts.append(f"{{{moment}:{found[1]}}}{_braces(found[2])}")
    return ""


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _written(call: PythonCall, part: Code, moment: str, locale: str, plain_date: bool) -> str:
    """A code inside an f-string."""
    letter = part.letter
    if letter in "BbAap" and (locale or part.flags):
        return _name(call, part, moment, locale, plain_date)
    if letter in "Oo":
        word = f"{call.use(helpers.ordinal)}({moment}.day)"
        return f"{{{word}}}" if letter == "o" else f"{{{word}[-2:]}}"
    if letter == "L":
        return f"{{{moment}.microsecond // 1000:03}}"
    if letter in "zZ":
        return "+0000"
    if letter in _specs(call) and not part.flags:
        return f"{{{moment}:{part.text}}}"
    if letter == "N":
        day = moment if plain_date else f"{moment}.date()"
        expression = f"{call.use(helpers.sunday_week)}({day})"
    else:
        expression = _EXPRESSIONS[letter].format(moment)
    width = _WIDTHS.get(letter, 2)
    if part.flags == "-" or width == 1:
        return f"{{{expression}}}"
    return f"{{{expression}:{width}}}" if part.flags == "_" else f"{{{expression}:0{width}}}"


def _name(call: PythonCall, part: Code, moment: str, locale: str, plain_date: bool) -> str:
    names = names_of(locale)
    cut = next((f"[:{f}]" for f in "12" if f in part.flags), "")
    case = ".upper()" if "^" in part.flags else ".lower()" if "~" in part.flags else ""
    if locale:
        table = {
            "B": names.months,
            "b": names.short_months,
            "A": names.weekdays,
            "a": names.short_weekdays,
            "p": names.halves,
        }
        index = {"B": "month - 1", "b": "month - 1", "p": "hour // 12"}.get(part.letter, "weekday()")
        variable = {"B": "MONTHS", "b": "MONTHS", "A": "WEEKDAYS", "a": "WEEKDAYS", "p": "HALVES"}[part.letter]
        listed = call.constant_named(variable, list(table[part.letter]))
        base = f"{listed}[{moment}.{index}]"
    else:
        base = f"{moment}.strftime('%{part.letter}')"
    if "." in part.flags:
        return f"{{'.'.join({base}){case}}}."
    return f"{{{base}{cut}{case}}}"
