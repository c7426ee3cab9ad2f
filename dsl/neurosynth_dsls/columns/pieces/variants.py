"""Variants of the inputs' texts, from which substrings are cut: in another letter case, without signs, or with replaced signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["SIGNLESS", "VARIANTS", "Variant", "joined", "lose_signs", "replacements"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of a text."""

    name: str
    cost: int
    function: Callable[[str], str]
    program: Callable[[Program], Program]
    compared: bool = True
    """Whether it is useful only if outputs contain something that the changed text has and the text itself lacks."""
    confused: str = ""
    """A sign that stands for itself and, after the change, for another sign of the text, too."""


VARIANTS = (
    Variant("", 0, lambda s: s, lambda p: p, False),
    Variant("lower", 5, str.lower, lambda p: call("str.lower", p)),
    Variant("upper", 5, str.upper, lambda p: call("str.upper", p)),
    Variant("title", 5, str.title, lambda p: call("str.title", p)),
    Variant("capitalize", 6, str.capitalize, lambda p: call("str.capitalize", p)),
    Variant("digits", 4, lambda s: "".join(c for c in s if "0" <= c <= "9"), lambda p: call("str.only_digits", p)),
    Variant("alnum", 8, lambda s: re.sub(r"[\W_]", "", s), lambda p: call("text.replace_pattern", p, r"[\W_]", "")),
)


JOINED, ANY_JOINED = 30, 4
"""Bits for a piece that is one part of its text on every example, and on no row of the table, proportional if on some; and for digits
that letters part on any row."""


def joined(pairs: Sequence[tuple[str, str]], judged: Sequence[tuple[str, str]]) -> int:
    """Bits for a text and its variant: one part of the text on the examples, several joined parts on other rows.

    Blanks and signs between digits make no several parts if an example has some, but letters do: ``3M02`` is not ``302``.
    """
    if not judged:
        return 0
    if all(_holds(*pair) for pair in pairs):
        return JOINED * sum(not _holds(*pair) for pair in judged) // len(judged)
    if all(made.isdecimal() and _holds_plain(text, made) for text, made in pairs):
        parted = sum(made.isdecimal() and not _holds_plain(text, made) for text, made in judged)
        return JOINED * parted // len(judged) + ANY_JOINED * (parted > 0)
    return 0


def _holds(text: str, made: str) -> bool:
    return made.casefold() in text.casefold()


def _holds_plain(text: str, made: str) -> bool:
    return made in "".join(filter(str.isalnum, text))


SIGNLESS = {"digits": 0, "alnum": 5}
"""Variants without signs, and the bits that they save if some rows of the table lack the signs that all examples have."""
SIGNS = 3
"""Maximum number of replaced signs, and of removed prefixes, of the inputs."""
REPLACED = 6
"""Bits of replacing a sign everywhere, or of removing a prefix."""


def replacements(every: Sequence[str], texts: Sequence[str], outputs: Sequence[str]) -> Iterator[Variant]:
    """Texts in which a sign that no output has is replaced by one that the outputs have, or without a prefix that only some rows
    have."""
    inside, shown = set("".join(texts)), set("".join(outputs))
    gone = sorted(c for c in inside - shown if not c.isalnum() and sum(map(c.__eq__, "".join(texts))) > 1)[:SIGNS]
    new = sorted(c for c in set.intersection(*map(set, outputs)) if not c.isalnum())[:SIGNS]
    for old in gone:
        for by in (*new, ""):
            yield Variant(
                f"{old!r} to {by!r}",
                REPLACED + (not by),
                lambda s, a=old, b=by: s.replace(a, b),  # type: ignore[misc]  # a bound default has no type
                lambda p, a=old, b=by: call("str.replace_all", p, a, b),  # type: ignore[misc]  # a bound default has no type
                confused=by,
            )
    for opening in _openings(every, texts, outputs):
        yield Variant(
            f"without {opening!r}",
            REPLACED + 2,
            lambda s, a=opening: s.replace(a, "", 1),  # type: ignore[misc]  # a bound default has no type
            lambda p, a=opening: call("str.replace", p, a, ""),  # type: ignore[misc]  # a bound default has no type
            False,
        )
    yield from _without_starts(every, texts, outputs)


STARTS = 5
"""Maximum number of beginnings of which any are removed."""


def _without_starts(every: Sequence[str], texts: Sequence[str], outputs: Sequence[str]) -> Iterator[Variant]:
    """Texts without any of several beginnings before the output: ``https://``, ``http://`` and ``www.``."""
    starts: dict[str, None] = {}
    for text, output in zip(texts, outputs, strict=True):
        at = text.find(output) if output else -1
        units = re.findall(r"[^\W_]+[^\w]+", text[: max(0, at)])
        if at < 0 or "".join(units) != text[:at]:
            return
        starts.update(dict.fromkeys(units))
    if not 2 <= len(starts) <= STARTS or all(t.startswith(tuple(starts)) for t in every):
        return
    if any(sum(s in t for t in every) < 2 for s in starts):
        return  # a beginning that one row alone has is no kind of beginning
    chosen = sorted(starts, key=lambda s: (-len(s), s))
    pattern = f"^(?:{'|'.join(map(re.escape, chosen))})+"
    compiled = re.compile(pattern)
    yield Variant(
        "without starts",
        REPLACED + 2 * len(starts),
        lambda s: compiled.sub("", s),
        lambda p: call("text.replace_pattern", p, pattern, ""),
        False,
    )


def _openings(every: Sequence[str], texts: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Words with the sign after them (``www.``, ``The ``) that several rows have, others lack, and no output has."""
    words = {m for t in texts for m in re.findall(r"(?<![^\W_])[^\W\d_]{2,}[^\w\s]? ?", t)}
    words = {w for w in words if not w[-1].isalnum() and not any(w in o for o in outputs)}
    counts = {w: sum(w in t for t in every) for w in words}
    some = [w for w in words if counts[w] > 1 and not all(w in t for t in texts) and any(w in t for t in texts)]
    before = {w for w in some for t, o in zip(texts, outputs, strict=True) if w + o in t}
    return sorted(some, key=lambda w: (w not in before, -counts[w], w))[:SIGNS]


def lose_signs(texts: Sequence[str], every: Sequence[str]) -> bool:
    """Whether all examples have signs or blanks inside and some rows have none, so that pieces must be cut in another way there."""
    return all(map(_SIGN.search, texts)) and any(t.isalnum() for t in every)


_SIGN = re.compile(r"[^\W_][\W_]+[^\W_]")
