"""Positions in the texts of a column: absolute, or at an edge of the n-th match of a class of characters or a delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "CLASSES",
    "PARTIAL",
    "EdgePosition",
    "EndPosition",
    "Fixed",
    "FromLeft",
    "PositionTable",
    "Spans",
    "Token",
    "delimiters",
    "end_cost",
    "part_of_separators",
    "position_table",
    "spans",
]

MATCHES = 9
"""Number of matches of one class by which positions are counted, from either end."""
ENDING = 6
"""Signs up to which pieces are taken; without the sign, up to the end of the text."""
FAR = 24
"""Number of absolute positions, from either end."""


@dataclass(frozen=True, slots=True)
class Token:
    """A class of characters or a delimiter, as a regular expression."""

    pattern: str
    cost: int
    literal: str = ""
    """The delimiter, if it is one."""
    whole: bool = False
    """Whether usually the whole match is meant, so that its end costs little once its start is given."""
    telling: bool = False
    """Whether its only match in a text is meant, as a rule, whatever stands around it."""


CLASSES = (
    Token(r"\d+", 2),
    Token(r"[^\W\d_]+", 3),
    Token(r"[^\W_]+", 2),
    Token(r"\S+", 2),
    Token(r"\s+", 2),
    Token(r"[A-Z]+", 3),
    Token(r"[a-z]+", 4),
    Token(r"-?\d+(?:\.\d+)?", 3),
    Token(r"[A-Z][a-z]+", 3),
    Token(r"[\w'-]+", 4),
    Token(r"[^\w\s]", 4),
)

Spans = dict[tuple[str, str], list[tuple[int, int]]]
"""From a pattern and a text to the positions of its matches."""


def spans(pattern: str, text: str, memo: Spans) -> list[tuple[int, int]]:
    """The matches of a pattern, cached."""
    found = memo.get((pattern, text))
    if found is None:
        found = memo[pattern, text] = [m.span() for m in re.finditer(pattern, text)]
    return found


@dataclass(slots=True, eq=False)
class Fixed:
    """An absolute position; negative from the end, with None for the end itself."""

    at: int | None
    cost: int

    def find(self, text: str, memo: Spans) -> int | None:
        """The position in a text."""
        if self.at is None:
            return len(text)
        place = self.at if self.at >= 0 else len(text) + self.at
        return place if 0 <= place <= len(text) else None


@dataclass(slots=True, eq=False)
class EdgePosition:
    """The start (side 0) or end (side 1) of match ``n``."""

    token: Token
    n: int
    side: int
    cost: int

    def find(self, text: str, memo: Spans) -> int | None:
        """The position in a text."""
        found = spans(self.token.pattern, text, memo)
        return found[self.n][self.side] if -len(found) <= self.n < len(found) else None


Position = Fixed | EdgePosition


@dataclass(slots=True, eq=False)
class FromLeft:
    """A right end found from the left one: a number of characters further, the end of a match there, or the next delimiter."""

    length: int
    token: Token | None
    until: bool
    """The next delimiter, instead of the end of the match at the left end."""
    cost: int
    through: bool = False
    """Whether the delimiter belongs to the piece."""

    def find(self, text: str, left: int) -> int | None:
        """The right end in a text."""
        if self.token is None:
            return left + self.length if left + self.length <= len(text) else None
        if self.until:
            at = text.find(self.token.literal, left)
            return at + self.through * len(self.token.literal) if at >= 0 else None
        found = _compiled(self.token.pattern).match(text, left)
        return found.end() if found else None


EndPosition = Fixed | EdgePosition | FromLeft


def end_cost(left: Position, right: EndPosition) -> int:
    """Bits of a right end after a left one: those of a whole match count once."""
    if isinstance(left, EdgePosition) and left.token.whole and left.side == 0 and not isinstance(right, Fixed):
        same = isinstance(right, FromLeft) or (right.n == left.n and right.side == 1)
        return 1 if same and right.token == left.token else right.cost
    return right.cost


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _compiled(pattern: str) -> re.Pattern[str]:
    found = _PATTERNS.get(pattern)
    if found is None:
        found = _PATTERNS[pattern] = re.compile(pattern)
    return found


@dataclass(slots=True)
class PositionTable:
    """All positions in a few texts: vectors of positions with their expressions, the cheapest first."""

    texts: tuple[str, ...]
    items: list[tuple[tuple[int, ...], list[Position]]]
    relative: list[FromLeft]
    memo: dict[Any, Any] = field(default_factory=dict)


def position_table(
    texts: Sequence[str], memo: Spans, more: Iterable[Token] = (), others: Sequence[str] = ()
) -> PositionTable:
    """The positions that all ``texts`` have; ``others`` are those of the other rows of the table."""
    found: dict[tuple[int, ...], list[Position]] = {}

    def add(position: Position) -> None:
        places = []
        for text in texts:
            at = position.find(text, memo)
            if at is None:
                return
            places.append(at)
        found.setdefault(tuple(places), []).append(position)

    add(Fixed(0, 1))
    add(Fixed(None, 1))
    for k in range(1, 1 + min(FAR, min(map(len, texts)))):
        add(Fixed(k, 5 + k // 3))
        add(Fixed(-k, 5 + k // 3))
    known = [t for t in others if t]
    signs = delimiters(texts, known)
    special = [*more, *_bracketed(texts), *_quantities(texts), *_addresses(texts), *_segments(texts)]
    for token in [*special, *CLASSES, *signs, *_spaced(texts, known), *_codes(texts)]:
        count = min(len(spans(token.pattern, t, memo)) for t in texts)
        for k in range(min(count, MATCHES)):
            for side in (0, 1):
                bits = 2 + token.cost + k * (1 if token.literal else 2)
                add(EdgePosition(token, k, side, bits))
                add(EdgePosition(token, -1 - k, side, bits + token.whole))
    for positions in found.values():
        positions.sort(key=lambda p: p.cost)
    relative = [FromLeft(n, None, False, 4 + n // 3) for n in range(1, 13)]
    relative += [FromLeft(0, t, False, 2 + t.cost) for t in CLASSES if t.pattern != r"[^\w\s]"]
    relative += [FromLeft(0, t, False, 2 + t.cost) for t in special if t.whole]
    relative += [FromLeft(0, t, True, 3 + t.cost) for t in signs]
    relative += [FromLeft(0, t, True, 4 + t.cost, True) for t in signs if t.literal == " "]
    relative += [FromLeft(0, Token(f"[^{re.escape(c)}]+", 1), False, 5) for c in _signs_of_some(texts)]
    return PositionTable(tuple(texts), sorted(found.items()), relative)


def delimiters(texts: Sequence[str], others: Sequence[str]) -> list[Token]:
    """Signs, and words and short runs of signs, that all texts have; words that all rows of the table have once are the plainest."""
    signs = {c for c in set.intersection(*map(set, texts)) if not c.isalnum()}
    longer = set.intersection(
        *(
            {
                *re.findall(r"[^\W\d_]{2,}|[^\w\s] ", t),
                *re.findall(r" [^\w\s]|[^\W\d_]{2,}[=:]", t),
                *(f" {word} " for word in re.findall(r"(?<= )[^\W\d_]+(?= )", t)),
                *re.findall(r"[^\W\d_]{2,}[^\w\s]+ ?[^\w\s]+(?=\w)", t),
                *_sign_runs(t),
            }
            for t in texts
        )
    )
    bits = {" ": PARTIAL * part_of_separators(texts, others)}
    return [
        Token(re.escape(c), bits.get(c, 0) if len(c) == 1 or _marks(c, texts, others) else 1, c)
        for c in sorted(signs | longer)
    ]


def _spaced(texts: Sequence[str], others: Sequence[str]) -> list[Token]:
    """Separators that all texts have, with the blanks around them, if they stand in some places of the table only."""
    shared = [c for c in SEPARATORS if all(c in t for t in texts) and _spaced_in_some(c, (*texts, *others))]
    return [Token(rf"\s*{re.escape(c)}\s*", 1) for c in shared]


SEPARATORS = ",;:|/="
"""Signs around which blanks may stand or not."""


def _spaced_in_some(sign: str, texts: Sequence[str]) -> bool:
    """Whether blanks stand beside a sign in some places of the table only, so that they belong to the sign."""
    beside = {m.group() != sign for t in texts for m in re.finditer(rf"\s*{re.escape(sign)}\s*", t)}
    return len(beside) == 2


def _marks(word: str, texts: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a word between blanks stands once in every text of the table, so that it tells the parts of all of them."""
    return word[0] == word[-1] == " " and bool(others) and all(t.count(word) == 1 for t in (*texts, *others))


PARTIAL = 3
"""Additional bits of a blank that belongs to separators in all examples, and stands between words in other rows."""
_WIDE = re.compile(r" ?[,;:|/=>→•–—-] | [,;:|/=>→•–—-]")


def part_of_separators(texts: Sequence[str], others: Sequence[str]) -> bool:
    """Whether all blanks of the examples are parts of separators such as `` > ``, and those of some other rows are not."""
    return not any(" " in _WIDE.sub("", t) for t in texts) and any(" " in _WIDE.sub("", t) for t in others)


BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("“", "”"), ("«", "»"), ('"', '"'))
"""Marks that enclose something."""


def _bracketed(texts: Sequence[str]) -> list[Token]:
    """The text in brackets of a kind that all texts have."""
    return [
        Token(f"(?<={re.escape(o)})[^{re.escape(o + c)}]+(?={re.escape(c)})", 3, whole=True)
        for o, c in BRACKETS
        if all(o in t and t.find(c, t.find(o) + 1) > 0 for t in texts)
    ]


QUANTITIES = (
    Token(r"(?<![\w.,])\d+(?:[.,]\d+)?\s*[^\W\d_]+", 4, whole=True),
    Token(r"(?<![\w.,])\d+(?:[.,]\d+)?\s*%", 4, whole=True),
    Token(r"[$€£¥]\s*\d+(?:[.,]\d+)*", 4, whole=True),
    Token(r"(?<![\w.,])\d+(?:[.,]\d+)*\s*[$€£¥]", 4, whole=True),
)
"""Numbers with their unit, percent sign or currency."""


ADDRESSES = (
    ("@", Token(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", 3, whole=True)),
    ("://", Token(r"https?://[^\s<>\"')\]]+[\w/]", 3, whole=True)),
)
"""Addresses of mails and pages, and what they have in them."""


def _addresses(texts: Sequence[str]) -> list[Token]:
    """The addresses that all texts have, if some text has more than that."""
    return [
        token
        for mark, token in ADDRESSES
        if all(mark in t and _compiled(token.pattern).search(t) for t in texts)
        and not all(_compiled(token.pattern).fullmatch(t) for t in texts)
    ]


def _segments(texts: Sequence[str]) -> list[Token]:
    """What stands between slashes, if some texts have some and others none, as addresses beside names of accounts."""
    return [Token(r"[^\s/@]+", 3, whole=True)] if len({"/" in t for t in texts}) == 2 else []


def _quantities(texts: Sequence[str]) -> list[Token]:
    if not all(map(_DIGIT.search, texts)):
        return []
    return [q for q in QUANTITIES if all(_compiled(q.pattern).search(t) for t in texts)]


_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"(?<![^\W_])(?=[^\W_]*\d)[^\W_]{3,}(?![^\W_])")
CODES = 4
"""Maximum number of shapes of codes at which positions are sought."""
ALONE = 2
"""Bits for the shape of a code that one text alone has."""


def _codes(texts: Sequence[str]) -> list[Token]:
    """Codes of a shape that all texts have (five digits, two capitals and digits), and codes with the blanks after them."""
    shared: set[str] | None = None
    for text in texts:
        mine = {shape for code in _CODE.findall(text) for shape in _shapes_of_code(code)}
        shared = mine if shared is None else shared & mine
        if not shared:
            return []
    found = []
    for shape in sorted(shared or (), key=lambda p: ("+" in p, p))[:CODES]:
        pattern = rf"(?<![^\W_]){shape}(?![^\W_])"
        bits = 3 + ALONE * (len(texts) == 1)
        found += [Token(pattern, bits), Token(rf"{pattern}[^\w\s]?\s+", bits)]
    return found


def _shapes_of_code(code: str) -> set[str]:
    """Patterns of a code: with fixed and with arbitrary numbers of digits and letters."""
    runs = re.findall(r"\d+|[A-Z]+|[a-z]+", code)
    if "".join(runs) != code or len(runs) > 4:
        return set()
    kinds = [r"\d" if r[0].isdigit() else "[A-Z]" if r[0].isupper() else "[a-z]" for r in runs]
    exact = "".join(f"{k}{{{len(r)}}}" for k, r in zip(kinds, runs, strict=True))
    return {exact} if len(runs) == 1 else {exact, "".join(f"{k}+" for k in kinds)}


def _signs_of_some(texts: Sequence[str]) -> list[str]:
    """Frequent signs that some texts have: a piece that ends at one in these texts ends with the text elsewhere."""
    counts = Counter(c for t in texts for c in set(t) if not c.isalnum())
    return [c for c, _ in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:ENDING]]


def _sign_runs(text: str) -> set[str]:
    """Runs of signs, and their parts of two."""
    runs = re.findall(r"[^\w\s]{2,}", text)
    return {*runs, *(r[i : i + 2] for r in runs for i in range(len(r) - 1))}
