"""Where outputs that are a part of their input end: before one of several signs, or before a sign at the end that some texts have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosynth_dsls.columns.pieces.positions import FromLeft, Token

__all__ = ["cut_words", "tail_tokens"]

SEVERAL = 4
"""Bits of several signs before which a text ends."""
FINAL = 1
"""Bits of a sign at the end of some texts, or of a tail that begins with some signs."""
MOST = 4
"""Maximum number of such signs."""

CUT = 5
"""Bits of the first characters of a word, or all of it if it has fewer."""
LONGEST = 12
"""Maximum number of such characters."""
SHORTEST = 3
"""Minimum number of characters of a word that an output may have cut."""


def cut_words(texts: Sequence[str], outputs: Sequence[str]) -> list[FromLeft]:
    """Ends of words that are cut where they are longer than some number of characters: ``lovelac`` of lovelace, and all of ``turing``."""
    cut: set[int] = set()
    whole: set[int] = set()
    for text, output in zip(texts, outputs, strict=True):
        for word in re.findall(r"[^\W_]+", text):
            shared = next(n for n in range(len(word), -1, -1) if word[:n] in output)
            if shared == len(word):
                whole.add(shared)
            elif SHORTEST <= shared <= LONGEST:
                cut.add(shared)
    return [
        FromLeft(0, Token(f"[^\\W_]{{1,{n}}}", CUT), False, CUT + n // 3)
        for n in sorted(cut)
        if any(SHORTEST <= length <= n for length in whole)
    ]


def tail_tokens(texts: Sequence[str], outputs: Sequence[str]) -> list[Token]:
    """Patterns of the ends of outputs that are a part of their input.

    ``https://a.com/x?page=2``, ``https://a.com/y#top`` and ``https://a.com/z/`` end before ``/?(?:[?#].*)?$``. The signs are those
    with which the lost tails begin.
    """
    tails = [_tail(t, o) for t, o in zip(texts, outputs, strict=True)]
    if any(tail is None for tail in tails) or len(texts) < 2:
        return []
    lost = [tail for tail in tails if tail]
    if not lost or any(tail[0].isalnum() or tail[0].isspace() for tail in lost):
        return []
    begin = {tail[0] for tail in lost if len(tail) > 1}
    final = {tail for tail in lost if len(tail) == 1} - begin
    if len(begin) > MOST or len(final) > MOST or any(c in o for c in begin for o in outputs):
        return []
    found = []
    if len(begin) > 1 and not final:
        found.append(Token(f"[^{_class(begin)}]+", SEVERAL, whole=True))
    if final or len(begin) > 1:
        ends = f"{_any(final)}?" if final else ""
        ends += f"(?:{_any(begin)}.*)?" if begin else ""
        if len(tails) > len(lost) or len(begin | final) > 1:  # otherwise it is a position
            found.append(Token(f"{ends}$", FINAL + len(begin | final)))
    return found


def _tail(text: str, output: str) -> str | None:
    """What stands behind the last place of the output in the text; None if it is not there."""
    at = text.rfind(output)
    return text[at + len(output) :] if output and at >= 0 else None


def _class(signs: set[str]) -> str:
    return "".join(map(re.escape, sorted(signs)))


def _any(signs: set[str]) -> str:
    return re.escape(min(signs)) if len(signs) == 1 else f"[{_class(signs)}]"
