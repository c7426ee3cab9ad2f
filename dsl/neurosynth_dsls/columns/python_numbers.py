"""Exported code that reads, writes and rounds numbers."""

from __future__ import annotations

import ast
import decimal
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from neurosynth.language.primitive import PythonCall
from neurosynth.language.program import Apply
from neurosynth.values.types import INT, STRING
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.decimals import MODES
from neurosynth_dsls.columns.notations import in_base
from neurosynth_dsls.columns.number_format import NumberFormat, number_format
from neurosynth_dsls.columns.python_durations import DURATIONS
from neurosynth_dsls.columns.python_signs import decimals_of, never_minus_zero
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["NUMBERS", "read_with", "reader"]


# Reading.


def _parse(call: PythonCall) -> str:
    alternatives = number_format(call.constant(0))
    text = call.arguments[1]
    if len(alternatives) == 1:
        return read_with(call, alternatives[0], text)
    return f"{reader(call, alternatives)}({text})"


def reader(call: PythonCall, alternatives: Sequence[NumberFormat]) -> str:
    """The name of a function that reads a number in one of several formats."""
    lines = ["def {name}(text):", f'    """The number of a text such as {_example(alternatives[0])}."""']
    for form in alternatives:
        pattern = re.sub(r"\(\?P<\w+>", "(?:", form.regex.pattern)
        shown = f'r"{pattern}"' if '"' not in pattern else repr(pattern)
        lines += [
            f"    if {call.use(re)}.fullmatch({shown}, text):",
            f"        return {read_with(call, form, 'text')}",
        ]
    lines.append('    raise ValueError(f"{text!r} is not a number as expected")')
    return call.define("read_number", chr(10).join(lines))


def _example(form: NumberFormat) -> str:
    return form.format(Decimal("1234.5")).replace("\\", "").replace('"', "'").replace("{", "(")


def read_with(call: PythonCall, form: NumberFormat, text: str) -> str:
    """Remove everything except the digits."""
    number = call.use(Decimal)
    if form.negative is not None:
        before, behind = form.negative
        if (before, behind) == ("(" + form.prefix, form.suffix + ")"):
            text = f"{text}.replace('(', '-').replace(')', '')"
        elif before and not behind and before != "-":
            text = f"{text}.replace({before!r}, '-')"
        elif (before, behind) == ("", form.suffix + "-"):
            text = f"('-' + {call.bound(text, STRING)}.removesuffix('-') if {text}.endswith('-') else {text})"
    if form.prefix:
        simple = not re.search(r"[-+.,0-9Ee']", form.prefix)
        text = f"{text}.replace({form.prefix!r}, '')" if simple else f"{text}.removeprefix({form.prefix!r})"
    if form.suffix:
        text = f"{text}.removesuffix({form.suffix!r})"
    if form.groups and form.marks.group:
        text = f"{text}.replace({form.marks.group!r}, '')"
    if form.marks.point != ".":
        text = f"{text}.replace({form.marks.point!r}, '.')"
    read = f"{number}({text})"
    return f"{read} / {10**form.scale}" if form.scale else read


# Writing.


def _format(call: PythonCall) -> str:
    form = number_format(call.constant(0))[0]
    plain = _spec(form)
    if plain is None:
        return _format_by_helper(call, form)
    spec, change = plain
    whole = _whole(call, form, spec)
    if whole:
        return whole
    if not _may_lose_its_sign(call.programs[1], form):
        spec = spec.replace("z", "")
    number = call.arguments[1]
    if form.scale and not spec.endswith("%"):
        number = f"{number} * {10**form.scale}"
    if change == "normalize":
        rounded = number if form.most is None else f"round({number}, {form.most})"
        number = f"{_atom(rounded)}.normalize()"
    prefix, suffix = form.prefix, form.suffix
    if spec.endswith("%"):
        suffix = suffix.replace("%", "", 1)
    if "'" in number or '"' in number or "{" in number:
        number = call.bound(number, DECIMAL)
    inner = f"{{{number}:{spec}}}"
    if form.negative is not None:
        return _with_negative(call, form, number, spec)
    written = _fstring(prefix + "\0" + suffix, inner)
    if form.marks.group != "," and form.groups:
        written += _marked(form)
    elif form.marks.point != "." and form.most != 0:
        written = f"{written}.replace('.', {form.marks.point!r})"
    if prefix:
        return f"{written}.replace({prefix + '-'!r}, {'-' + prefix!r})"
    return written


def _whole(call: PythonCall, form: NumberFormat, spec: str) -> str:
    """A whole number that was converted to a decimal only to be written."""
    number = call.programs[1]
    whole = isinstance(number, Apply) and number.primitive.name == "decimal.from_int"
    if not whole or form.least or form.scale or form.negative is not None or (form.groups and form.marks.group != ","):
        return ""
    found = _inside(call.arguments[1])
    if not found:
        return ""
    if form.prefix or form.suffix or form.whole > 1 or form.groups:
        inner = (
            f"{{{call.bound(found, INT)}:{',' if form.groups else ''}}}"
            if form.groups
            else f"{{{call.bound(found, INT)}}}"
        )
        if form.whole > 1:
            inner = f"{{{call.bound(found, INT)}:0{form.whole}}}"
        return "" if form.prefix else _fstring(form.prefix + "\0" + form.suffix, inner)
    return f"str({found})"


def _inside(expression: str) -> str:
    """The argument of ``(Decimal(…))``."""
    tree = ast.parse(expression, mode="eval").body
    return ast.unparse(tree.args[0]) if isinstance(tree, ast.Call) and len(tree.args) == 1 else ""


def _may_lose_its_sign(number: Any, form: NumberFormat) -> bool:
    """Whether a number may be a negative zero, or become one by rounding; such a zero must have no sign."""
    places = decimals_of(number)
    rounded = form.most is not None and (places is None or places > form.most + form.scale)
    return rounded or not never_minus_zero(number)


_GROUPED = {(3,): ","}


def _spec(form: NumberFormat) -> tuple[str, str] | None:
    """Python's format specification with the same meaning, and whether trailing zeros are removed first."""
    percent = form.scale == 2 and form.suffix.startswith("%") and form.most is not None and form.least == form.most
    if form.exponent or (form.scale == 3 and form.most != form.least):
        return None
    if form.whole != 1 and not (form.whole > 1 and not form.groups and form.least == form.most):
        return None
    if form.groups and (
        form.groups not in _GROUPED or form.marks.group not in (",", ".", " ", "'", "_", "\u00a0", "\u202f", "’")
    ):
        return None
    group = "," if form.groups else ""
    if form.whole > 1:
        width = form.whole + (form.least + 1 if form.least else 0)
        return f"z0{width}.{form.most}f", ""
    if form.most is None:
        if form.least:
            return None
        return (f"z{group}f", "" if form.trailing else "normalize")
    if form.least == form.most:
        return (f"z{group}.{form.most}%", "") if percent else (f"z{group}.{form.most}f", "")
    return (f"z{group}f", "normalize") if form.least == 0 else None


def _marked(form: NumberFormat) -> str:
    """Group separator and decimal mark exchanged after writing."""
    if form.most == 0:
        return f".replace(',', {form.marks.group!r})"
    if form.marks.point == ".":
        return f".replace(',', {form.marks.group!r})"
    return f".translate(str.maketrans(',.', {form.marks.group + form.marks.point!r}))"


def _with_negative(call: PythonCall, form: NumberFormat, number: str, spec: str) -> str:
    number = call.bound(number, DECIMAL)
    above = _fstring(form.prefix + "\0" + form.suffix, f"{{{number}:{spec}}}")
    assert form.negative is not None
    below = _fstring(form.negative[0] + "\0" + form.negative[1], f"{{abs({number}):{spec}}}")
    tested = number if form.most is None else f"round({number}, {form.most})"
    if form.groups and form.marks.group != ",":
        above, below = above + _marked(form), below + _marked(form)
    elif form.marks.point != "." and form.most != 0:
        above, below = (f"{w}.replace('.', {form.marks.point!r})" for w in (above, below))
    return f"{below} if {tested} < 0 else {above}"


def _atom(text: str) -> str:
    return text if re.fullmatch(r"\w+(\(.*\))?", text) else f"({text})"


def _fstring(text: str, inner: str) -> str:
    """An f-string of a text in which the NUL character represents ``inner``."""
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}").replace("\n", "\\n")
    return 'f"' + body.replace("\0", inner) + '"'


def _format_by_helper(call: PythonCall, form: NumberFormat) -> str:
    """Formats that Python's format specifications cannot express."""
    source = _NUMBER.replace("{Decimal}", call.use(Decimal))
    pieces = [call.arguments[1], f"{form.whole}, {form.least}, {form.most}"]
    if form.scale:
        pieces.append(f"scale={form.scale}")
    if form.trailing:
        pieces.append("trailing=True")
    if form.groups:
        pieces.append(f"groups={form.groups!r}")
    if (form.marks.group, form.marks.point) != (",", "."):
        pieces.append(f"marks={(form.marks.group, form.marks.point)!r}")
    if form.exponent:
        pieces.append(f"exponent={form.exponent}" + (", plus=True" if form.plus else ""))
    if form.prefix or form.suffix:
        pieces.append(f"around={(form.prefix, form.suffix)!r}")
    if form.negative is not None:
        pieces.append(f"negative={form.negative!r}")
    return f"{call.define('write_number', source)}({', '.join(pieces)})"


_NUMBER = '''def {name}(number, whole, least, most, scale=0, trailing=False, groups=(), marks=(",", "."), exponent=0, plus=False,
           around=("", ""), negative=None):
    """A number with at least ``whole`` digits before the point, and ``least`` to ``most`` behind it."""
    value, tail = abs(number).scaleb(scale), ""
    if exponent:
        shift = value.adjusted() - max(0, whole - 1) if value else 0
        value = value.scaleb(-shift)
        if most is not None and value and round(value, most).adjusted() > value.adjusted():
            shift, value = shift + 1, value.scaleb(-1)
        tail = f"E{'-' if shift < 0 else '+' if plus else ''}{abs(shift):0{exponent}}"
    if most is not None and -value.as_tuple().exponent > most:
        value = round(value, most)
    before, _, behind = f"{value:f}".partition(".")
    behind = (behind if trailing else behind.rstrip("0")).ljust(least, "0")
    before = before.lstrip("0").rjust(whole, "0")
    if groups:
        parts, size = [], groups[0]
        while len(before) > size:
            parts.insert(0, before[-size:])
            before, size = before[:-size], groups[-1]
        before = marks[0].join([before, *parts])
    text = before + (marks[1] + behind if behind else "") + tail
    if number < 0 and value:
        return "-" + around[0] + text + around[1] if negative is None else negative[0] + text + negative[1]
    return around[0] + text + around[1]'''


# Arithmetic.


def _operand(call: PythonCall, position: int) -> str:
    """A whole constant as an integer, next to a decimal that is not constant."""
    if call.is_constant(position) and not call.is_constant(1 - position):
        value = call.constant(position)
        if value == value.to_integral_value() and abs(value) < 10**15:
            return str(int(value))
    return call.arguments[position]


def _operator(sign: str) -> Callable[[PythonCall], str]:
    return lambda call: f"{_operand(call, 0)} {sign} {_operand(call, 1)}"


def _modulo(call: PythonCall) -> str:
    if call.is_constant(1):
        y = _operand(call, 1)
        return f"({call.arguments[0]} % {y} + {y}) % {y}"
    y = call.named(1)
    return f"({call.arguments[0]} % {y} + {y}) % {y}"


def _round(call: PythonCall) -> str:
    mode = call.imported("decimal", MODES[call.constant(1)])
    number, step = call.arguments[2], call.arguments[0]
    whole = f"{call.use(Decimal)}(1)"
    if call.is_constant(0):
        value = call.constant(0)
        _, digits, exponent = value.as_tuple()
        if digits == (1,) and exponent <= 0:
            return f"{number}.quantize({whole if not exponent else step}, {mode})"
        if value == value.to_integral_value():
            step = str(int(value))
    else:
        step = call.named(0)
    return f"({number} / {step}).quantize({whole}, {mode}) * {step}"


def _round_significant(call: PythonCall) -> str:
    mode = call.imported("decimal", MODES[call.constant(1)])
    return f"{call.use(decimal.Context)}(prec={call.arguments[0]}, rounding={mode}).plus({call.arguments[2]})"


def _compared(sign: str) -> Callable[[PythonCall], str]:
    return lambda call: f"{_operand(call, 0)} {sign} {_operand(call, 1)}"


def _between(call: PythonCall) -> str:
    def side(position: int) -> str:
        if call.is_constant(position) and not call.is_constant(2):
            value = call.constant(position)
            if value == value.to_integral_value() and abs(value) < 10**15:
                return str(int(value))
        return call.arguments[position]

    return f"{side(0)} <= {call.arguments[2]} < {side(1)}"


def _sign(call: PythonCall) -> str:
    x = call.named(0)
    return f"({x} > 0) - ({x} < 0)"


def _decimal(call: PythonCall) -> str:
    return f"{call.use(Decimal)}({call.arguments[0]})"


# Other notations.


def _base(call: PythonCall) -> str:
    letter = {2: "b", 8: "o", 16: "x"}.get(call.constant(0)) if call.is_constant(0) else None
    if letter:
        number = call.arguments[1] if not re.search(r"['\"{}]", call.arguments[1]) else call.named(1)
        return f"f'{{{number}:{letter}}}'"
    return f"{call.use(in_base)}({call.arguments[0]}, {call.arguments[1]})"


def _read_base(call: PythonCall) -> str:
    return f"int({call.arguments[1]}, {call.arguments[0]})"


def _ordinal(call: PythonCall) -> str:
    return f"{call.use(helpers.ordinal)}({call.arguments[0]})"


def _read_ordinal(call: PythonCall) -> str:
    return f"int({call.arguments[0]}[:-2])"


def _byte_size(call: PythonCall) -> str:
    form = number_format(call.constant(1))[0]
    plain = _spec(form)
    size = call.bound(f"{call.use(helpers.byte_size)}({call.arguments[2]}, {call.arguments[0]})", DECIMAL)
    if plain is None or plain[1] or form.prefix or form.negative is not None or form.marks.point != ".":
        source = _NUMBER.replace("{Decimal}", call.use(Decimal))
        around = f", around={(form.prefix, form.suffix)!r}"
        extra = ", trailing=True" if form.trailing else ""
        marks = f", marks={(form.marks.group, form.marks.point)!r}"
        extra += marks if form.marks.point != "." else ""
        inner = f"{size}[0], {form.whole}, {form.least}, {form.most}{around}{extra}"
        return f"{call.define('write_number', source)}({inner}) + {size}[1]"
    return _fstring("\0" + form.suffix, f"{{{size}[0]:{plain[0]}}}") + f" + {size}[1]"


def _bytes_of(call: PythonCall) -> str:
    return f"{call.use(helpers.bytes_of)}({call.arguments[1]}, {call.arguments[0]})"


NUMBERS: Mapping[str, Callable[[PythonCall], str]] = {
    "decimal": _decimal,
    "decimal.parse": _parse,
    "decimal.format": _format,
    "decimal.from_int": _decimal,
    "decimal.to_int": lambda call: f"int({call.arguments[0]})",
    "decimal.+": _operator("+"),
    "decimal.-": _operator("-"),
    "decimal.*": _operator("*"),
    "decimal./": _operator("/"),
    "decimal.mod": _modulo,
    "decimal.shift": lambda call: f"{call.arguments[1]}.scaleb({call.arguments[0]})",
    "decimal.neg": lambda call: f"-{call.arguments[0]}",
    "decimal.abs": lambda call: f"abs({call.arguments[0]})",
    "decimal.sign": _sign,
    "decimal.min": lambda call: f"min({call.arguments[0]}, {call.arguments[1]})",
    "decimal.max": lambda call: f"max({call.arguments[0]}, {call.arguments[1]})",
    "decimal.round": _round,
    "decimal.round_significant": _round_significant,
    "decimal.<": _compared("<"),
    "decimal.<=": _compared("<="),
    "decimal.between": _between,
    **DURATIONS,
    "base.write": _base,
    "base.read": _read_base,
    "ordinal.write": _ordinal,
    "ordinal.read": _read_ordinal,
    "bytes.write": _byte_size,
    "bytes.read": _bytes_of,
}
"""Hooks by the name of the primitive."""
