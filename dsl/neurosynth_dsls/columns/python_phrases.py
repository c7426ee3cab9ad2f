"""Functions of exported code for phrases of tables: placeholders, cut titles, forms of companies, tallies, counts; and their hooks.

The primitives call the same functions, so that both agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from neurosynth.language.primitive import PythonCall

__all__ = [
    "PHRASES",
    "by_number",
    "counted",
    "in_natural_order",
    "name_case",
    "next_code",
    "says_nothing",
    "shortened",
    "tallied",
    "tallied_behind",
    "with_end",
    "with_start",
    "without_legal_form",
]


def says_nothing(text: str) -> bool:
    """Whether a cell is empty or says that nothing is known: a dash, ?, n/a, none, null, unknown, tbd."""
    words = (
        r"n\s?/?\s?a|n\.\s?a\.|k\.\s?a\.|none|null|nil|nan|no data|not (?:available|applicable|known|given|specified|provided)"
        r"|unknown|undefined|unspecified|missing|blank|empty|tb[acd]"
    )
    return re.fullmatch(rf"[\s\-–—_.?/*#]*|[\s(<\[]*(?:{words})[\s.)>\]]*", text, re.I) is not None


def shortened(text: str, longest: int, kept: int, mark: str) -> str:
    """A text of at most so many characters, or its whole words within the characters kept, with a mark behind them."""
    if longest < 0 or kept < 1:
        raise ValueError(f"a text of {longest} characters, of which {kept} are kept")
    if len(text) <= longest or len(text) <= kept:
        return text
    words = re.match(rf"(?s:.{{0,{kept - 1}}}\S)(?=\s)", text)
    return (words.group() if words else text[:kept]) + mark


def without_legal_form(text: str) -> str:
    """Name of a company without the legal form behind it: Ltd., Inc., LLC, GmbH, AG, S.A., B.V. and the like."""
    forms = (
        r"(?i:(?:co\.?,? |pty\.? )?(?:ltd|limited)|llc|l\.l\.c|inc|incorporated|corp|corporation|plc|llp|gmbh(?: & co\.? kg)?"
        r"|e\.\s?k|mbh|kgaa|ohg|ltda|sarl|s\.a\.r\.l|srl|s\.r\.l|s\.p\.a|spa|s\.a\.s|s\.a|b\.v|n\.v|s\.l|a/s|aps|oyj"
        r"|sp\. z o\.\s?o|d\.o\.o|s\.r\.o)"
        r"|AG|KG|UG|SE|SA|SAS|SL|BV|NV|AB|AS|Oy|eK|Co"
    )
    found = re.fullmatch(rf"(.*?[^\s,&+]),?\s+(?:{forms})\.?\s*", text, re.S)
    return found[1] if found else text


def tallied(items: Sequence[str], between: str) -> list[str]:
    """How often each item occurs, in front of it, in the order in which they first occur."""
    return [f"{items.count(x)}{between}{x}" for x in dict.fromkeys(items)]


def tallied_behind(items: Sequence[str], between: str, behind: str) -> list[str]:
    """Each item with how often it occurs behind it, between two texts, in the order in which they first occur."""
    return [f"{x}{between}{items.count(x)}{behind}" for x in dict.fromkeys(items)]


def counted(text: str) -> Decimal:
    """Number of things in a text such as 15, 2 dozen, half a dozen, a pair, 3 pairs, a couple."""
    sizes = {"dozen": 12, "pair": 2, "couple": 2, "score": 20, "gross": 144, "hundred": 100, "thousand": 1000}
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    found = re.fullmatch(
        r"\s*(half an? |an? half |[0-9]{1,9}(?:\.[0-9]{1,6})?|an?(?= )|[a-z]+)?\s*([a-z]+)?(?: of)?\s*", text.lower()
    )
    if found is None:
        raise ValueError(f"{text!r} is not a number of things")
    amount, name = (found[1] or "a").strip(), found[2]
    if name is None and amount in sizes:
        amount, name = "a", amount
    size = 1 if name is None else sizes.get(name, sizes.get(name.removesuffix("s"), 0))
    if not size or (name is None and amount in ("a", "an")):
        raise ValueError(f"{text!r} is not a number of things")
    if "half" in amount:
        return Decimal(size) / 2
    if amount in ("a", "an"):
        return Decimal(size)
    if amount[0].isdigit():
        return Decimal(amount) * size
    if amount not in words:
        raise ValueError(f"{text!r} is not a number of things")
    return Decimal((words.index(amount) + 1) * size)


def by_number(items: Sequence[str]) -> list[str]:
    """Items in order of the last number in each; those without a number come first. A hyphen behind a letter or digit is no sign."""
    numbers = [re.findall(r"(?:(?<!\w)-)?[0-9]{1,30}(?:\.[0-9]{1,30})?", x) for x in items]
    keys = [(bool(n), Decimal(n[-1]) if n else Decimal(0)) for n in numbers]
    return [items[i] for i in sorted(range(len(items)), key=keys.__getitem__)]


def in_natural_order(items: Sequence[str]) -> list[str]:
    """Items in order, with the digits in them compared as whole numbers: 9:58 before 10:04, 1.9.2 before 1.10.0."""
    parts = [re.findall(r"([^0-9]*)(0*)([0-9]*)", x) for x in items]
    keys = [[(before, len(digits), digits) for before, _, digits in p] for p in parts]
    return [items[i] for i in sorted(range(len(items)), key=keys.__getitem__)]


def with_start(text: str, opening: str) -> str:
    """The text with a beginning, which is added unless the text begins with it; an empty text stays empty."""
    return text if not text or text.startswith(opening) else opening + text


def with_end(text: str, ending: str) -> str:
    """The text with an ending, which is added unless the text ends with it; an empty text stays empty."""
    return text if not text or text.endswith(ending) else text + ending


def name_case(text: str) -> str:
    """Name of a person in capital and small letters: O'Brien, McKay, Jean-Luc van Dyk, Roman numbers, Jr. and Sr. without a comma."""
    small = ("van", "von", "der", "den", "de", "di", "da", "do", "dos", "du", "la", "le", "el", "y", "zu", "ter", "ten")
    words = re.sub(r",?\s+([JjSs][Rr])\b\.?", r" \1.", text).split()
    done = []
    for i, word in enumerate(words):
        if 0 < i < len(words) - 1 and word.lower() in small:
            done.append(word.lower())
        elif i and re.fullmatch(r"(?i:ii|iii|iv|vi|vii|viii)", word):
            done.append(word.upper())
        else:
            parts = re.split(r"(?i)([-'’]|^Mc(?=[^\W\d_]))", word)
            done.append("".join(p.capitalize() for p in parts))
    return " ".join(done)


def next_code(text: str) -> str:
    """The next code: the last letter or digit goes on by one, and Z or 9 becomes A or 0 and carries to the one before it.

    A text without a letter is no code but a number or a date.
    """
    done = list(text)
    places = [i for i, c in enumerate(text) if c.isascii() and c.isalnum()]
    if not any(text[i].isalpha() for i in places) or len(text) > 100:
        raise ValueError(f"{text[:100]!r} is not a code: it has no letter, or more than 100 characters")
    for i in reversed(places):
        first, last = ("0", "9") if text[i].isdigit() else ("A", "Z") if text[i].isupper() else ("a", "z")
        if text[i] != last:
            done[i] = chr(ord(text[i]) + 1)
            return "".join(done)
        done[i] = first
    raise ValueError(f"no code of this form is behind {text!r}")


Hook = Callable[[PythonCall], str]


def _calls(function: Callable[..., object], *order: int) -> Hook:
    """A call of a function with the arguments of the primitive in another order."""
    return lambda call: f"{call.use(function)}({', '.join(call.arguments[i] for i in order)})"


PHRASES: Mapping[str, Hook] = {
    "text.says_nothing": _calls(says_nothing, 0),
    "text.shorten": _calls(shortened, 3, 0, 1, 2),
    "text.without_legal_form": _calls(without_legal_form, 0),
    "text.next_code": _calls(next_code, 0),
    "text.name_case": _calls(name_case, 0),
    "text.with_start": _calls(with_start, 1, 0),
    "text.with_end": _calls(with_end, 1, 0),
    "pieces.by_number": _calls(by_number, 0),
    "pieces.natural": _calls(in_natural_order, 0),
    "pieces.tally": _calls(tallied, 1, 0),
    "pieces.tally_behind": _calls(tallied_behind, 2, 0, 1),
    "count.read": _calls(counted, 0),
}
"""Hooks by the name of the primitive."""
