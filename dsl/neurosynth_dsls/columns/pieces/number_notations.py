"""Numbers in notations other than digits: hexadecimal, Roman, percent, accounting, file sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Input, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.compact import abbreviations, one_unit, unshown
from neurosynth_dsls.columns.pieces.number_decimals import decimals_of, dropped
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["BASE", "notations"]

BASE = 10
"""Bits of any number."""


def _spelled(name: str, between: str, case: str, number: Program) -> Program:
    """A number in words, in a letter case."""
    words = call(name, between, number)
    return call(case, words) if case else words


NOTATIONS: tuple[tuple[str, int, Callable[[Program], Program]], ...] = (
    ("hex", 12, lambda p: call("str.upper", call("base.write", 16, p))),
    ("hex small", 13, lambda p: call("base.write", 16, p)),
    ("hex two", 11, lambda p: call("str.pad_left", call("str.upper", call("base.write", 16, p)), 2, "0")),
    ("hex two small", 11, lambda p: call("str.pad_left", call("base.write", 16, p), 2, "0")),
    ("hex four", 13, lambda p: call("str.pad_left", call("str.upper", call("base.write", 16, p)), 4, "0")),
    ("binary", 14, lambda p: call("base.write", 2, p)),
    ("binary eight", 12, lambda p: call("str.pad_left", call("base.write", 2, p), 8, "0")),
    ("binary four", 12, lambda p: call("str.pad_left", call("base.write", 2, p), 4, "0")),
    ("address", 8, lambda p: call("ip.write", p)),
    ("octal", 22, lambda p: call("base.write", 8, p)),
    ("roman", 8, lambda p: call("roman.write", p)),
    ("roman small", 10, lambda p: call("str.lower", call("roman.write", p))),
    ("ordinal", 7, lambda p: call("ordinal.write", p)),
    ("letters", 12, lambda p: call("letters.write", p)),
    ("letters small", 13, lambda p: call("str.lower", call("letters.write", p))),
    *(
        (f"{kind} {between}{name}", 8 + bits, partial(_spelled, f"{kind}.write", between, case))
        for kind in ("words", "ordinal_words")
        for more, between in ((0, " "), (2, " and "))
        for bits, name, case in (
            (more, "", ""),
            (more + 1, "C", "str.capitalize"),
            (more + 2, "T", "str.title"),
            (more + 2, "U", "str.upper"),
        )
    ),
    ("character", 12, lambda p: call("str.from_code", p)),
)
"""Whole numbers in other notations: name, bits, program over an integer."""

WRITTEN: tuple[tuple[str, int, str], ...] = (
    ("percent", 6, "0%"),
    ("percent one", 7, "0.0%"),
    ("percent two", 7, "0.00%"),
    ("percent any", 7, "0.#*%"),
    ("accounting plain", 7, "0;(0)"),
    ("accounting plain two", 7, "0.00;(0.00)"),
    ("accounting", 8, "#,##0;(#,##0)"),
    ("accounting two", 8, "#,##0.00;(#,##0.00)"),
    ("accounting dollars", 10, "$#,##0;($#,##0)"),
    ("accounting dollars two", 10, "$#,##0.00;($#,##0.00)"),
    ("signed", 8, "+0;-0"),
    ("signed any", 9, "+0.#*;-0.#*"),
    ("dollars", 9, "$#,##0.00"),
    ("dollars whole", 9, "$#,##0"),
)
"""Decimals in other formats."""

GROUPS = 5
"""Bits of commas between thousands that no example has."""
EVEN = 3
"""Bits of rounding halves to even digits."""

SIZES = (
    ("bytes", 9, 1024, "0.#"),
    ("bytes two", 10, 1024, "0.##"),
    ("bytes thousand", 10, 1000, "0.#"),
    ("bytes thousand two", 11, 1000, "0.##"),
    ("bytes one", 11, 1024, "0.0"),
    ("bytes one thousand", 12, 1000, "0.0"),
    ("bytes whole", 11, 1024, "0"),
)


_SHOWS = {
    "hex": r"[0-9A-Fa-f]",
    "binary": r"[01]",
    "octal": r"[0-7]",
    "address": r"\d+\.\d+\.\d+\.\d+",
    "fraction": r"\d/\d",
    "angle": r"\d\s?[°º]",
    "roman": r"[IVXLCDMivxlcdm]",
    "ordinal": r"\d(?:st|nd|rd|th)",
    "letters": r"(?<![A-Za-z])[A-Za-z]{1,2}(?![A-Za-z])",
    "character": r"[^\d]",
    "words": r"[A-Za-z]{3}",
    "ordinal_words": r"[A-Za-z]{5}",
    "percent": "%",
    "accounting": r"\(|^[^(]*$",
    "signed": r"[-+]",
    "dollars": r"\$",
    "bytes": r"\d ?[KMGT]?B",
}
"""The text that an output must contain for a notation to be tried, by the first word of its name."""


COMPACT = "compact"
"""The first word of the names of notations with units that grow with the numbers."""

Write = Callable[[Program], Program]
"""From the program of a decimal to that of its text."""


def _ways(column: Column, reading: NumberReading, whole: bool) -> Iterator[tuple[str, int, Write]]:
    """Names, bits and programs of a number in other notations."""
    for name, bits, write in NOTATIONS if whole else ():
        yield name, bits, partial(_of_integer, write)
    for name, bits, format in _scientific(column.outputs):
        formatted = partial(call, "decimal.format", format.upper())
        yield name, bits, formatted if format.isupper() else partial(_small, formatted)
    for name, bits, head in _others(column.outputs[0]):
        yield name, bits, partial(call, *head)
    accounts = any("(" in o for o in column.outputs)
    for name, bits, format in WRITTEN:
        if accounts or not name.startswith("accounting"):
            lost = 0 if "*" in format or "E" in format else dropped(column, reading, format)
            if lost:  # a format alone rounds a half to the even digit, which few people mean
                yield f"{name} rounded", bits + lost, partial(_rounded, format)
                bits += EVEN
            bits += GROUPS * (name.startswith("dollars") and not any("," in o for o in column.outputs))
            yield name, bits + lost, partial(call, "decimal.format", format)
    for way in abbreviations(column.outputs):
        texts = Constant(way.units, list_of(STRING))
        name = f"{COMPACT} {way.base} {way.places} {way.units}"
        yield name, way.bits, partial(call, "compact.write", way.base, way.places, texts)
        if (one := one_unit(way)) is not None:
            name, bits, divisor, unit = one
            yield name, bits, partial(_in_one_unit, divisor, way.places, unit)
    for name, bits, size, format in SIZES:
        yield name, bits, partial(call, "bytes.write", size, format)


_POWER = re.compile(r"\d(?:\.(\d+))?([eE])(\+?)-?(\d+)")


def _scientific(outputs: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Formats with an exponent like that of the first output: with as many decimals, and with any number of them."""
    found = _POWER.search(outputs[0])
    if found is None:
        return
    decimals, sign, plus, exponent = found.groups()
    plus = plus or ("+" if any(m[3] for o in outputs if (m := _POWER.search(o))) else "")
    tail = f"{sign}{plus}{'0' * len(exponent) if exponent.startswith('0') else '0'}"
    yield f"scientific any {tail}", 9, f"0.#*{tail}"
    if decimals:
        yield f"scientific {len(decimals)} {tail}", 8, f"0.{'0' * len(decimals)}{tail}"


_ANGLE = re.compile(
    r"([NSEW]?)(\d{1,3})(\s?[°º]\s?)(\d{1,2})(\.\d+)?(\s?['′’m]?\s?)(?:(\d{1,2})(\.\d+)?(\s?(?:[\"″”]|'')?))?(\s?)([NSEW]?)"
)


def _others(output: str) -> Iterator[tuple[str, int, tuple[Any, ...]]]:
    """Fractions, and angles written like that of the output, with the digits it has or with any number of them."""
    if "/" in output:
        yield "fraction", 12, ("fraction.write",)
        yield "fraction mixed", 13, ("fraction.mixed",)
    found = _ANGLE.search(output)
    if found is None:
        return
    before, degrees, sign, minutes, part, tick, seconds, decimals, end, blank, behind = (
        g or "" for g in found.groups()
    )
    letters = {"N": "[NS]", "S": "[NS]", "E": "[EW]", "W": "[EW]", "": ""}
    for bits, wide in ((13, True), (14, False)):
        widths = [len(degrees) if degrees.startswith("0") else 1, *(len(g) if wide else 1 for g in (minutes, seconds))]
        parts = [
            "D" * widths[0],
            sign,
            "M" * widths[1],
            part.replace(part[1:], "M" * len(part[1:])) if part else "",
            tick,
        ]
        if seconds:
            parts += ["S" * widths[2], "." + "S" * len(decimals[1:]) if decimals else "", end]
        format = letters[before] + "".join(parts) + (blank if behind else "") + letters[behind]
        yield f"angle {format}", bits, ("angle.write", format)


def _rounded(format: str, p: Program) -> Program:
    step = Decimal(1).scaleb(-decimals_of(format))
    return call("decimal.format", format, call("decimal.round", decimal(step), "half_up", p))


def _small(write: Write, p: Program) -> Program:
    return call("str.lower", write(p))


def _of_integer(write: Write, p: Program) -> Program:
    return write(call("decimal.to_int", p))


def _in_one_unit(divisor: Program, places: int, unit: str, p: Program) -> Program:
    step = decimal(Decimal(1).scaleb(-places))
    rounded = call("decimal.round", step, "half_up", call("decimal./", p, divisor))
    return call("str.++", call("decimal.format", f"0.{'0' * places}" if places else "0", rounded), unit)


def _elsewhere(column: Column, reading: NumberReading, function: Callable[[tuple[Any, ...]], Any]) -> list[str]:
    """The texts of the numbers of the rows without outputs."""
    read = function_of(reading.build())
    values = [read(row) for row in column.judged]
    texts = [function((v,)) for v in values if isinstance(v, Decimal)]
    return [t for t in texts if isinstance(t, str)]


def _text_of(write: Write, reading: NumberReading) -> Program:
    return write(reading.build())


DIGITS = frozenset(name for name, *_ in NOTATIONS if name.startswith(("binary", "octal", "hex")))
"""Notations whose texts may be digits alone and yet another number."""
_UNWRITTEN = ("in", "pieces", "list", "count of", "datetime.to_epoch", "datetime.to_serial")
"""Kinds of numbers that are never written in other notations."""


def notations(column: Column, found: Sequence[NumberReading]) -> Iterator[Piece]:
    evaluator = Evaluator()
    memo = column.memo.setdefault("notations", {})
    for reading in found:
        whole = all(v == v.to_integral_value() for v in reading.values)
        if reading.key[0] == "between" or reading.key[1] in _UNWRITTEN:
            continue
        small = whole and all(abs(v) < 10**12 for v in reading.values)
        for name, bits, write in _ways(column, reading, small):
            if not re.search(_SHOWS.get(name.split()[0], ""), column.outputs[0]):
                continue
            if name not in memo:
                memo[name] = evaluator.function(write(Input(0, DECIMAL)))
            function = memo[name]
            texts = []
            for value, output in zip(reading.values, column.outputs, strict=True):
                text = function((value,))
                if not isinstance(text, str) or not text or text not in output:
                    break
                texts.append(text)
            else:
                if name.startswith(COMPACT):
                    bits += unshown(texts, _elsewhere(column, reading, function))
                if name in DIGITS or not all(t.isdigit() and t.isascii() for t in texts):
                    yield Piece(tuple(texts), BASE + reading.cost + bits, partial(_text_of, write, reading), name=name)
