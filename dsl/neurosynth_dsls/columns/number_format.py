"""How numbers are written: Unicode number patterns, as in ICU, Babel and spreadsheets.

``0`` is a digit that always stands, ``#`` one that stands where needed, ``,`` groups, ``.`` separates the decimals, ``E0`` the
exponent; ``%`` and ``‰`` in the text around multiply by 100 and 1000.  Text around is written as it is; between ``'…'`` where it
has a special character.  A second pattern after ``;`` is for negative numbers, of which only the text around counts.

Beyond ICU: ``*`` after the decimals' pattern allows any number of decimals (``0.#*`` without trailing zeros, ``0.*`` as many as the number
carries).  A variant in front changes the marks: ``[comma]`` 1.234,5, ``[space]`` 1 234.5, ``[space-comma]`` 1 234,5,
``[apostrophe]`` 1'234.5, ``[underscore]`` 1_234.5, or a locale where Babel is installed (``[de_CH]``).  Marks in patterns stay ``,`` and ``.``.

A pattern such as ``000`` is for codes: it writes negative numbers only where it says how (``000;-000``).
A number with more decimals than the pattern is rounded half to even, as ICU and Python's ``format`` do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from neurosynth.errors import InputError
from neurosynth_dsls.columns.names import babel_locale
from neurosynth_dsls.columns.readers import reader

__all__ = ["CONTEXT", "MARKS", "Marks", "NumberFormat", "number_format", "read_number", "write_number"]

_EXAMPLE = Decimal("1234.5")
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""Arithmetic of decimals: 28 digits, as Python's default, whatever the caller's context is."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Group separator and decimal mark."""

    group: str = ","
    point: str = "."


MARKS = {
    "": Marks(),
    "comma": Marks(".", ","),
    "space": Marks(" ", "."),
    "space-comma": Marks(" ", ","),
    "apostrophe": Marks("'", "."),
    "underscore": Marks("_", "."),
}

_NUMBER = re.compile(r"(?P<whole>[#0,]*)(?:\.(?P<decimals>[0#]*\*?))?(?:E(?P<plus>\+?)(?P<exponent>0+))?")
_AROUND = re.compile(r"(?:'[^']*'|[^#0,.*;'])*")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One alternative of a number format; made by :func:`number_format`."""

    text: str
    marks: Marks
    prefix: str
    suffix: str
    negative: tuple[str, str] | None
    """Text around negative numbers; by default a minus sign before the prefix."""
    groups: tuple[int, ...]
    """Sizes of the groups from the right, the last one repeating; empty without grouping."""
    whole: int
    """Digits before the decimal mark, at least."""
    least: int
    """Decimals, at least."""
    most: int | None
    """Decimals, at most; None: any number."""
    trailing: bool
    """Whether trailing zeros of a number stay, where any number of decimals is allowed."""
    scale: int
    """Power of ten the written number is multiplied by: 2 for percent."""
    exponent: int
    """Digits of the exponent, at least; 0 without one."""
    plus: bool
    """Whether a positive exponent has its sign."""
    regex: re.Pattern[str]

    def parse(self, text: str) -> Decimal:
        """The number that the text tells.

        Raises:
            ValueError: when the text is not in this format.
        """
        found = self.regex.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not in the format {self.text!r}; allowed: such as {self.format(_EXAMPLE)!r}")
        below = self.negative is not None and found["negative"] is not None
        digits = found["below"] if below else found["above"]
        plain = digits.replace(self.marks.group, "") if self.groups else digits
        if self.marks.point != ".":
            plain = plain.replace(self.marks.point, ".")
        if len(plain) > 60:
            raise ValueError(f"{text!r} has more digits than a number may have; allowed: 60")
        value = Decimal(plain)
        if self.scale:
            value = CONTEXT.divide(value, Decimal(10**self.scale))
        return value.copy_negate() if (below or found["minus"]) and value else value

    def format(self, number: Decimal) -> str:
        """The text of a number."""
        value = abs(number).scaleb(self.scale) if self.scale else abs(number)
        tail = ""
        if self.exponent:
            shift = value.adjusted() - max(0, self.whole - 1) if value else 0
            value = value.scaleb(-shift)
            if self.most is not None and value:
                rounded = self._rounded(value)
                if rounded.adjusted() > value.adjusted():  # 9.99 became 10.0
                    shift += 1
                    value = value.scaleb(-1)
            sign = "-" if shift < 0 else "+" if self.plus else ""
            tail = f"E{sign}{abs(shift):0{self.exponent}}"
        value = self._rounded(value)
        whole, _, decimals = f"{value:f}".partition(".")
        if not self.trailing:
            decimals = decimals.rstrip("0")
        decimals = decimals.ljust(self.least, "0")
        whole = whole.lstrip("0").rjust(self.whole, "0") if self.whole != 1 else whole
        body = _grouped(whole, self.groups, self.marks.group) if self.groups else whole
        if decimals:
            body += self.marks.point + decimals
        body += tail
        below = number.is_signed() and bool(value)
        if below and self.whole > 1 and not self.groups and self.negative is None:
            raise ValueError(f"{self.text!r} writes no negative numbers, as {number}; give a pattern for them after ;")
        if below and self.negative is not None:
            return f"{self.negative[0]}{body}{self.negative[1]}"
        return f"{'-' if below else ''}{self.prefix}{body}{self.suffix}"

    def _rounded(self, value: Decimal) -> Decimal:
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        if self.most is None or -exponent <= self.most:
            return value
        wide = Context(prec=max(28, value.adjusted() + self.most + 2))
        return value.quantize(Decimal(1).scaleb(-self.most), ROUND_HALF_EVEN, wide)


def _grouped(digits: str, sizes: tuple[int, ...], mark: str) -> str:
    parts: list[str] = []
    first, *others = sizes
    size = first
    while len(digits) > size:
        parts.append(digits[-size:])
        digits = digits[:-size]
        size = others[0] if others else first
    return mark.join([digits, *reversed(parts)])


@lru_cache(maxsize=4096)
def number_format(text: str) -> tuple[NumberFormat, ...]:
    """The alternatives of a number format, separated by ``|``.

    Raises:
        InputError: for text that is not a pattern, or an unknown variant.
    """
    found = re.match(r"\[([A-Za-z_-]+)\]", text)
    marks = _marks(found.group(1)) if found else MARKS[""]
    body = text[found.end() :] if found else text
    return tuple(_compiled(part, marks, text) for part in re.findall(r"(?:'[^']*'|[^|'])+", body) or [""])


def _marks(variant: str) -> Marks:
    if variant in MARKS:
        return MARKS[variant]
    known = ", ".join(f"[{name}]" for name in MARKS if name)
    try:
        locale = babel_locale(variant)
    except ImportError:
        raise InputError(
            f"[{variant}] is not a variant of number formats; allowed without Babel: {known}; pip install 'neurosynth-pbe[data]' for locales"
        ) from None
    if locale is None:
        raise InputError(
            f"[{variant}] is not a variant of number formats; allowed: {known}, or a locale such as [de_CH]"
        )
    symbols = locale.number_symbols["latn"]
    return Marks(symbols["group"], symbols["decimal"])


def _compiled(text: str, marks: Marks, whole_text: str) -> NumberFormat:
    positive, _, negative = _split(text)
    around = _AROUND.match(positive)
    assert around is not None
    number = _NUMBER.match(positive, around.end())
    assert number is not None
    rest = _AROUND.match(positive, number.end())
    assert rest is not None
    whole, decimals = number["whole"], number["decimals"] or ""
    if number.end() == around.end() or rest.end() != len(positive) or not re.search("[#0*]", number.group()):
        raise InputError(
            f"number format {whole_text!r}: {text!r} is not a number pattern; allowed: such as 0, 0.00, #,##0.00, 0.#*, 0.0%, $#,##0;($#,##0), "
            "other text between '…' where it has one of # 0 , . * ; |"
        )
    if whole.endswith(",") or ",," in whole:
        raise InputError(
            f"number format {whole_text!r}: no digits stand between the marks of groups in {text!r}; allowed: such as #,##0"
        )
    if not re.fullmatch(r"#*0*", whole.replace(",", "")) or not re.fullmatch(r"0*#*\*?", decimals):
        raise InputError(f"number format {whole_text!r}: # stands outside of 0 in {text!r}; allowed: such as #,##0.0#")
    prefix, suffix = _unquoted(around.group()), _unquoted(rest.group())
    scale = 2 if "%" in prefix + suffix else 3 if "‰" in prefix + suffix else 0
    pieces = whole.split(",")
    groups = tuple(dict.fromkeys(len(p) for p in reversed(pieces[1:])))
    many = decimals.endswith("*")
    below = None
    if negative:
        found = re.fullmatch(rf"({_AROUND.pattern})[#0,.*E+]+({_AROUND.pattern})", negative)
        if found is None:
            raise InputError(
                f"number format {whole_text!r}: {negative!r} is not a pattern of negative numbers; allowed: such as (0)"
            )
        below = (_unquoted(found.group(1)), _unquoted(found.group(2)))
    return NumberFormat(
        text=text,
        marks=marks,
        prefix=prefix,
        suffix=suffix,
        negative=below,
        groups=groups,
        whole=whole.count("0"),
        least=decimals.count("0"),
        most=None if many else len(decimals),
        trailing=many and "#" not in decimals,
        scale=scale,
        exponent=len(number["exponent"] or ""),
        plus=bool(number["plus"]),
        regex=_regex(
            prefix, suffix, below, marks, groups, number["decimals"] is not None, number["exponent"] is not None
        ),
    )


def _split(text: str) -> tuple[str, str, str]:
    found = re.match(r"((?:'[^']*'|[^;'])*)(;?)(.*)", text, re.DOTALL)
    assert found is not None
    return found.group(1), found.group(2), found.group(3)


def _unquoted(text: str) -> str:
    return re.sub(r"'([^']*)'", lambda m: m.group(1) or "'", text)


def _regex(
    prefix: str,
    suffix: str,
    negative: tuple[str, str] | None,
    marks: Marks,
    groups: tuple[int, ...],
    decimals: bool,
    exponent: bool,
) -> re.Pattern[str]:
    point = re.escape(marks.point)
    whole = "[0-9]+"
    if groups:
        mark, last, size = re.escape(marks.group), groups[0], groups[-1]
        whole = f"[0-9]{{1,{size}}}(?:{mark}[0-9]{{{size}}})*{mark}[0-9]{{{last}}}|[0-9]+"
    digits = f"(?:{whole})(?:{point}[0-9]+)?|{point}[0-9]+" if decimals else whole
    digits = f"(?:{digits})E[-+]?[0-9]{{1,3}}" if exponent else digits
    above = f"(?P<minus>-?){re.escape(prefix)}(?P<above>{digits}){re.escape(suffix)}"
    if negative is None:
        return re.compile(above)
    return re.compile(f"(?P<negative>{re.escape(negative[0])}(?P<below>{digits}){re.escape(negative[1])})|{above}")


read_number = reader(number_format, remembered=1 << 17)
"""The number that a text tells in the first alternative of a format that fits; ``ValueError`` when none does."""


def write_number(format: str, number: Decimal) -> str:
    """The text of a number in the first alternative of a format."""
    return number_format(format)[0].format(number)
