"""Numbers spelled in English words, both ways: twenty-one and 21, third and 3."""

from __future__ import annotations

import re

from neurosynth.language.language import Language

__all__ = ["LARGEST", "ordinal_words", "spelled", "words_of"]

spelled = Language("spelled", doc="Numbers and ordinal numbers in English words.")

LARGEST = 10**15
"""Numbers below it, without their sign, have words."""
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS = ("", " thousand", " million", " billion", " trillion")
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_CARDINALS = {ordinal: cardinal for cardinal, ordinal in _IRREGULAR.items()}


def _below_thousand(n: int, between: str) -> str:
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    small = _ONES[rest] if rest < 20 else _TENS[tens] + ("-" + _ONES[ones] if ones else "")
    if not hundreds:
        return small
    return _ONES[hundreds] + " hundred" + (between + small if rest else "")


def words_of(between: str, n: int) -> str:
    """The English words of a number.

    Raises:
        ValueError: for a number of more than 15 digits.
    """
    if abs(n) >= LARGEST:
        raise ValueError(f"{n} has no words here; allowed: up to 15 digits")
    left, groups = abs(n), []
    while left:
        left, group = divmod(left, 1000)
        groups.append(group)
    told = [_below_thousand(g, between) + _POWERS[i] for i, g in enumerate(groups) if g][::-1] or [_ONES[0]]
    last = between if len(told) > 1 and groups[0] and groups[0] < 100 else " "
    text = " ".join(told[:-1]) + last + told[-1] if len(told) > 1 else told[0]
    return ("minus " if n < 0 else "") + text


def ordinal_words(between: str, n: int) -> str:
    """The English words of an ordinal number.

    Raises:
        ValueError: for a number of more than 15 digits.
    """
    start, word = re.fullmatch(r"(.*?)([a-z]+)", words_of(between, n), re.DOTALL).groups()  # type: ignore[union-attr]  # it ends with letters
    return str(start) + (_IRREGULAR.get(word) or (word[:-1] + "ieth" if word.endswith("y") else word + "th"))


@spelled.primitive(name="words.write", raises=(ValueError,))
def write_words(between: str, n: int) -> str:
    """A number in English words such as twenty-one; the text, a blank or " and ", stands before what follows the hundreds."""
    return words_of(between, n)


@spelled.primitive(name="words.read", raises=(ValueError,))
def read_words(s: str) -> int:
    """Number of English words such as Forty two or one hundred and five, in letters of either case."""
    words = [w for w in re.findall(r"[a-z]+|[^a-z\s,-]", s.lower()) if w != "and"]
    sign = -1 if words[:1] == ["minus"] else 1
    number = group = 0
    for word in words[sign < 0 :]:
        if word in _ONES:
            group += _ONES.index(word)
        elif word in _TENS and word:
            group += 10 * _TENS.index(word)
        elif word == "hundred":
            group *= 100
        elif " " + word in _POWERS:
            number, group = number + group * 1000 ** _POWERS.index(" " + word), 0
    number = sign * (number + group)
    if abs(number) >= LARGEST or words != words_of(" ", number).replace("-", " ").split():
        raise ValueError(f"{s!r} is not a number in English words; allowed: such as forty-two")
    return number


@spelled.primitive(name="ordinal_words.write", raises=(ValueError,))
def write_ordinal_words(between: str, n: int) -> str:
    """An ordinal number in English words such as twenty-first; the text stands before what follows the hundreds."""
    return ordinal_words(between, n)


@spelled.primitive(name="ordinal_words.read", raises=(ValueError,))
def read_ordinal_words(s: str) -> int:
    """Number of an ordinal number in English words such as Third or twenty-first, in letters of either case."""
    text = s.strip().lower()
    word = re.findall(r"[a-z]*$", text)[0]
    regular = word.removesuffix("ieth") + "y" if word.endswith("ieth") else word.removesuffix("th")
    number = read_words(text.removesuffix(word) + _CARDINALS.get(word, regular))
    if not text.endswith(ordinal_words(" ", number).rsplit(" ", 1)[-1].rsplit("-", 1)[-1]):
        raise ValueError(f"{s!r} is not an ordinal number in English words; allowed: such as twenty-first")
    return number
