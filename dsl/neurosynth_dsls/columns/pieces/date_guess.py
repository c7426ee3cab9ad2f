"""Date formats of a column of texts: read from all its rows instead of being guessed for each value.

A text becomes a skeleton: its signs, names and runs of digits by length. Rows of one skeleton must share one order of parts. The orders
that every row allows are candidates, and the preference of the whole column (day or month first) decides between them. Skeletons are
joined into one format with alternatives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from neurosynth_dsls.columns.date_format import DateFormat, date_format
from neurosynth_dsls.columns.pieces.date_tokens import DateToken, locale_of, shortens, skeleton_of, tokens_of

__all__ = ["ColumnFormat", "column_formats"]

SKELETONS = 14
"""Maximum number of skeletons of one column: those of example rows, and the most frequent others."""
SHORT_DAY = 8
"""Bits of a day of the year with fewer than three digits, which usually is a month or a day."""
WORDS = 15
"""Bits for words between the parts of dates that differ from row to row: they carry information that is not read."""
ORDERS = 6
"""Maximum number of orders of one skeleton."""


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """A format of a column, and its cost in bits."""

    text: str
    cost: int
    numeric: bool = False
    """Whether the texts consist of digits, and may therefore be plain numbers."""


def column_formats(texts: Sequence[str], shown: Sequence[str]) -> list[ColumnFormat]:
    """Formats under which all ``shown`` texts, and as many of ``texts`` as possible, are dates or times; the cheapest first."""
    locale = locale_of(texts, shown)
    if locale:
        named = [replace(f, text=f"[{locale}]{f.text}", cost=f.cost + 1) for f in _formats(texts, shown, locale)]
        if named:
            return named
    return _formats(texts, shown, "")


def _formats(texts: Sequence[str], shown: Sequence[str], locale: str) -> list[ColumnFormat]:
    if not all(map(_usable, shown)):
        return []
    short = not locale and shortens(texts)
    wanted = list(dict.fromkeys(_read(t, locale, short)[1] for t in shown))
    if len(wanted) > SKELETONS or not all(map(_has_field, wanted)):
        return []
    groups: dict[tuple[str, ...], list[str]] = {}
    tokens: dict[tuple[str, ...], tuple[DateToken, ...]] = {}
    for text in dict.fromkeys([*shown, *texts]):
        if not _usable(text):
            continue
        read, skeleton = _read(text, locale, short)
        groups.setdefault(skeleton, []).append(text)
        # the shortest last part says most: 12.3 is no time of day, although 12.30 is one
        tokens[skeleton] = min(tokens.get(skeleton, read), read, key=lambda found: len(found[-1].text))
    counts = Counter({s: len(g) for s, g in groups.items() if s not in wanted})
    chosen = wanted + [s for s, _ in counts.most_common(SKELETONS - len(wanted))]
    orders: dict[tuple[str, ...], Sequence[_Order]] = {}
    for skeleton in chosen:
        found = _orders(tokens[skeleton], tuple(sorted(groups[skeleton])), locale)
        if found:
            orders[skeleton] = found
        elif skeleton in wanted:
            return []
    return _joined(orders, groups, wanted)


def _usable(text: str) -> bool:
    return 1 <= len(text) <= 60 and any(c.isdigit() or c.isalpha() for c in text)


@lru_cache(maxsize=4096)
def _read(text: str, locale: str, short: bool) -> tuple[tuple[DateToken, ...], tuple[str, ...]]:
    """The tokens of a text, and its skeleton."""
    tokens = tuple(tokens_of(text, locale, short=short))
    return tokens, skeleton_of(tokens)


def _has_field(skeleton: Sequence[str]) -> bool:
    """Whether a skeleton has a number or a name; a percent sign may make a code of the letters behind it."""
    return any(k in _KINDS or k[0] == "n" or k == "%" for k in skeleton)


_KINDS = frozenset(("B", "b", "A", "a", "p", ".p", "O", "z"))


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to read a skeleton."""

    text: str
    cost: int
    style: str
    """md or dm if the format has a month and a day in digits, 24 for hours up to 24 together with AM or PM."""
    reads: frozenset[int]
    """Indices of the rows of the skeleton that it reads."""


def _joined(
    orders: dict[tuple[str, ...], Sequence[_Order]],
    groups: dict[tuple[str, ...], list[str]],
    wanted: Sequence[tuple[str, ...]],
) -> list[ColumnFormat]:
    evidence = Counter[str]()
    for skeleton, found in orders.items():
        styles = {o.style for o in found if o.style in ("md", "dm") and len(o.reads) == len(groups[skeleton])}
        if len(styles) == 1:
            evidence[styles.pop()] += len(groups[skeleton])
    results: dict[str, ColumnFormat] = {}
    numeric = all(len(s) == 1 and s[0].startswith("n") for s in wanted)
    variants = max(len(orders[s]) for s in wanted)
    words = {tuple(k.lower() for k in s if len(k) > 2 and k.isalpha()) for s in wanted}
    for rank in range(min(variants, ORDERS)):
        for style in ("md", "dm", "md dotted"):
            mine, other_style = evidence[style[:2]], evidence["dm" if style[:2] == "md" else "md"]
            if other_style and not mine:
                continue
            parts, cost = [], 2 * (style == "md dotted")
            for skeleton, found in orders.items():
                dotted = "." in skeleton and style != "md dotted"
                picked = _pick(found, "dm" if dotted else style[:2], rank)
                cost += picked.cost if skeleton in wanted else 0
                parts += _completed(picked, found, len(groups[skeleton]))
            against = other_style > mine
            text = "|".join(dict.fromkeys(parts))
            bits = cost + 3 * against + 2 * (len(wanted) - 1) + WORDS * (len(words) > 1)
            if text not in results or results[text].cost > bits:
                results[text] = ColumnFormat(text, bits, numeric)
    return sorted(results.values(), key=lambda f: f.cost)


def _with_locale(text: str) -> str:
    """A format whose text begins with a word in brackets that is not a locale: ``[web] %H:%M``."""
    return f"[en]{text}" if re.match(r"\[[A-Za-z_]+\]", text) else text


def _completed(picked: _Order, found: Sequence[_Order], rows: int) -> list[str]:
    """The format of an order, with those for the rows that it does not read."""
    parts, left = [picked.text], set(range(rows)) - picked.reads
    for other in found:
        if left & other.reads:
            parts.append(other.text)
            left -= other.reads
    return parts


def _pick(found: Sequence[_Order], style: str, rank: int) -> _Order:
    """The order of a style; the ``rank``-th kind of reading if there are several.

    If the rows of a skeleton allow one of month first and day first more often, that one is chosen, whatever the style.
    """
    styled = sorted((o for o in found if o.style in ("md", "dm")), key=lambda o: -len(o.reads))
    if len(styled) > 1 and len(styled[0].reads) > len(styled[1].reads):
        style = styled[0].style
    kinds = [o for o in found if o.style in ("", style)] or list(found)
    return kinds[min(rank, len(kinds) - 1)]


@lru_cache(maxsize=512)
def _orders(tokens: tuple[DateToken, ...], texts: tuple[str, ...], locale: str) -> Sequence[_Order]:
    """The orders of parts under which the texts of one skeleton are dates or times, the likeliest first."""
    found: list[_Order] = []
    for codes, cost, style in _assignments(tokens):
        text = "".join(codes)
        if not locale and _LOCALE.match(text):
            text = f"[en]{text}"  # otherwise the first word would name a locale
        formats = date_format(f"[{locale}]{text}" if locale else text)
        if len(formats) != 1 or formats[0].regex is None:
            continue
        reads = frozenset(i for i, t in enumerate(texts) if _reads(formats[0], t))
        right = len(reads)
        if right * 2 >= len(texts) or (style and right):
            bits = 2 + 10 * (right * 2 < len(texts)) if right < len(texts) else 0
            bits += 0 if _weekdays_agree(formats[0], texts) else 6
            found.append(_Order(text, cost + bits, style, reads))
    found.sort(key=lambda o: o.cost)
    return found[:ORDERS]


_LOCALE = re.compile(r"\[[A-Za-z_]+(?:-plain)?\]")


def _reads(format: DateFormat, text: str) -> bool:
    try:
        format.parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def _weekdays_agree(format: DateFormat, texts: Sequence[str]) -> bool:
    """Whether the weekdays next to full dates are correct."""
    names = [c for c in format.codes if c.letter in "aA"]
    if not names or not format.has_year or not any(c.letter == "d" for c in format.codes):
        return True
    return all(names[0].write(format.parse(t)).lower() in t.lower() for t in texts if _reads(format, t))


_DIGITS = {
    "n3": (("%j",), ("%-H%M",)),
    "n4": (("%Y",),),
    "n5": (("%y%j",),),
    "n6": (("%y%m%d",), ("%d%m%y",), ("%m%d%y",), ("%H%M%S",), ("%Y%m",)),
    "n7": (("%Y%j",),),
    "n8": (("%Y%m%d",), ("%m%d%Y",), ("%d%m%Y",)),
    "n12": (("%Y%m%d%H%M",),),
    "n14": (("%Y%m%d%H%M%S",),),
}
_SETS: dict[frozenset[str], int] = {
    frozenset(s.split()): cost
    for s, cost in (
        ("Y m d", 0),
        ("y m d", 2),
        ("m d", 2),
        ("Y m", 2),
        ("Y", 3),
        ("Y j", 2),
        ("y j", 5),
        ("Y V", 2),
        ("Y V u", 2),
        ("Y q", 2),
        ("m d u", 2),
        ("Y m d u", 0),
        ("y m d u", 2),
        ("Y m n u", 3),
        ("m", 8),
        ("u", 4),
        ("y m", 4),
        ("d", 12),
        ("d u", 5),
        ("Y m u", 6),
        ("", 0),
    )
}
"""The possible parts of a date, with their bits."""


def _assignments(tokens: Sequence[DateToken]) -> Iterator[tuple[list[str], int, str]]:
    """Codes for the tokens, bits, and whether month or day comes first, for all sensible readings."""
    kinds = skeleton_of(tokens)
    yield from _assigned(tokens, kinds, True)
    if "p" in kinds or ".p" in kinds:  # 0:30 AM and 17:00 PM occur, too
        for codes, cost, style in _assigned(tokens, kinds, False):
            yield codes, cost + 3, style or "24"


def _assigned(tokens: Sequence[DateToken], kinds: Sequence[str], twelve: bool) -> Iterator[tuple[list[str], int, str]]:
    clock, times = _clock(tokens, kinds, twelve)
    roles: list[tuple[tuple[str, ...], ...]] = []
    for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True)):
        if i in clock:
            roles.append(((clock[i],),))
        elif kind == "n":
            after = tokens[i + 1].kind if i + 1 < len(tokens) else ""
            before = tokens[i - 1].text if i else ""
            if after == "O":
                roles.append((("%-d",),))
            elif before.upper() == "W" or (i > 1 and tokens[i - 2].text.lower() in ("wk", "week")):
                roles.append((("%V",),))
            elif len(token.text) == 1 and [t.text for t in tokens[max(0, i - 3) : i]][::2] == ["W", "-"]:  # 2045-W34-4
                roles.append((("%u",),))
            elif before.upper() == "Q":
                roles.append((("%q",),))
            else:
                more = ("%y",) if len(token.text) == 2 else ("%n",)
                roles.append((("%m",), ("%d",), more, ("%j",)))
        elif kind == "n3" and i and tokens[i - 1].text == "W":  # 2037W202
            roles.append((("%V", "%u"),))
        elif kind in _DIGITS:
            more_digits = (("%H%M",), ("%m%d",), ("%d%m",)) if kind == "n4" and len(tokens) == 1 else ()
            roles.append(_DIGITS[kind] + more_digits)
        elif kind == "O":
            roles.append((("%O",),))
        elif kind in "BbAap" and len(kind) == 1 and token.kind == kind:
            roles.append(((f"%{kind}",),))
        elif kind == ".p":
            roles.append((("%.p",),))
        elif kind == "z":
            roles.append((("%Z",), ("%z",)))
        else:
            roles.append(((_escaped(token.text),),))
    if sum(len(r) > 1 for r, k in zip(roles, kinds, strict=True) if k != "z") > 4:
        return
    for chosen in product(*roles):
        codes = [c for part in chosen for c in part]
        told = _told(codes)
        if told is None:
            continue
        cost, style = told
        if not times and not cost and style == "" and not any("%" in c for c in codes):
            continue
        letters = sum(len(t.text) for t in tokens if t.kind == t.text and t.text.isalpha())
        short = SHORT_DAY * any(c == ("%j",) and k == "n" for c, k in zip(chosen, kinds, strict=True))
        yield codes, cost + letters + short, style


def _escaped(text: str) -> str:
    return text.replace("%", "%%").replace("|", "%|")


_FIELDS = {"B": "m", "b": "m", "A": "u", "a": "u", "o": "d"}


def _told(codes: Sequence[str]) -> tuple[int, str] | None:
    """Bits and style of codes, or None if they form neither a date nor a time."""
    letters = re.findall(r"%[-.]*([A-Za-z])", "".join(codes))
    fields = [_FIELDS.get(x, x) for x in letters]
    date = [f for f in fields if f in "YymdjVuqn"]
    if len(set(fields)) < len(fields) or ("Y" in date and "y" in date):
        return None
    cost = _SETS.get(frozenset(date))
    if cost is None or not fields:
        return None
    if not date and "H" not in fields and "I" not in fields:
        return None
    if not date and codes == ["%H%M"]:
        cost = 8
    if "z" in letters or "Z" in letters:
        if not date:
            return None
        cost += 3 * ("z" in letters)
    if codes in (["%m%d"], ["%d%m"]):
        cost += 10
    style = ""
    if "m" in letters and "d" in letters:
        month, day = letters.index("m"), letters.index("d")
        style = "md" if month < day else "dm"
        year = next((letters.index(y) for y in "Yy" if y in letters), None)
        if (year is not None and month < year < day) or (year is not None and day < year < month):
            return None
        if year == 0 or (year is not None and year < min(month, day)):
            cost += 0 if style == "md" else 12
            cost += 4 if letters[year] == "y" else 0
        else:
            dotted = any(c == "." for c in codes)
            cost += (style == "md") if dotted else (style == "dm")
    elif "d" in letters and "y" in letters and letters.index("y") < letters.index("d"):
        cost += 4
    return cost, style


def _clock(tokens: Sequence[DateToken], kinds: Sequence[str], twelve: bool) -> tuple[dict[int, str], int]:
    """Codes of the tokens of a time of day."""
    half = next((i for i, k in enumerate(kinds) if k in ("p", ".p")), None)
    hour = "%I" if half is not None and twelve else "%H"
    found: dict[int, str] = {}
    for i, kind in enumerate(kinds):
        if kind == "n" and i + 2 < len(kinds) and kinds[i + 1] == ":" and kinds[i + 2] == "n":
            found = {i: hour, i + 2: "%M"}
            if i + 4 < len(kinds) and kinds[i + 3] == ":" and kinds[i + 4] == "n":
                found[i + 4] = "%S"
                if i + 6 < len(kinds) and kinds[i + 5] == "." and kinds[i + 6].startswith("n"):
                    found[i + 6] = "%f"
            break
    if not found and half is not None:
        before = [i for i in range(half) if kinds[i] == "n"][-1:]
        found = dict.fromkeys(before, hour)
        at = before[0] if before else 0
        if at > 1 and [*kinds[at - 2 : at]] == ["n", "."] and len(tokens[at].text) == 2:  # 9.30am
            found = {at - 2: hour, at: "%M"}
    pair = len(tokens) == 3 and kinds[0] == kinds[2] == "n" and len(tokens[2].text) == 2
    if not found and pair and tokens[1].text in (".", "h"):
        found = {0: hour, 2: "%M"}
    return found, len(found)
