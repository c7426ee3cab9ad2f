"""Variants of texts that only some columns need: without accents, titles before names or brackets, letters and digits in one case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.folding import Folding
from neurosynth_dsls.columns.pieces.variants import Variant

__all__ = ["folded", "further_variants"]

FOLDED = 2
"""Bits of losing accents, where some example loses one."""
TITLES = 9
"""Bits of losing the titles before names."""
BARE = 11
"""Bits of letters and digits alone in one letter case."""
BRACKETS, CASED = 9, 3
"""Bits of losing what stands in brackets, and of another letter case after that."""
_BRACKETED = {"(": r"\s*\([^()]*\)", "[": r"\s*\[[^\[\]]*\]"}
"""What stands in brackets, by the opening one."""
_CASES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("str.title", str.title),
    ("str.upper", str.upper),
    ("str.lower", str.lower),
    ("str.capitalize", str.capitalize),
)
TITLE = r"^(?:[^\W\d_]{2,}\.\s+)+"
_TITLES = re.compile(TITLE)
_SIGNS = re.compile(r"[\W_]")


def folded(variant: Variant, folding: Folding) -> Variant:
    """A variant after its accents are lost."""
    return replace(
        variant,
        name=f"plain {variant.name}".strip(),
        cost=variant.cost + FOLDED,
        function=lambda s: variant.function(folding.text(s)),
        program=lambda p: variant.program(folding.program(p)),
        compared=variant.compared,
    )


def further_variants(every: Sequence[str], texts: Sequence[str], outputs: Sequence[str]) -> Iterator[Variant]:
    """Texts without abbreviated titles, if only some rows have any, and bare texts, if outputs go on behind a sign of the text."""
    titles = [m.group() for t in texts if (m := _TITLES.match(t))]
    some = titles and not all(map(_TITLES.match, every))
    if some and not any(word in o for t in titles for word in t.split() for o in outputs):
        yield Variant(
            "without titles",
            TITLES,
            lambda s: _TITLES.sub("", s),
            lambda p: call("text.replace_pattern", p, TITLE, ""),
            False,
        )
    yield from _without_brackets(every, texts, outputs)
    for name, change in (("str.upper", str.upper), ("str.lower", str.lower)):
        if any(_goes_on(change(t), o) for t, o in zip(texts, outputs, strict=True)):
            yield Variant(f"bare {name}", BARE, _bare(change), _bare_program(name))


def _without_brackets(every: Sequence[str], texts: Sequence[str], outputs: Sequence[str]) -> Iterator[Variant]:
    """Texts without what stands in brackets, in any letter case, if some rows have brackets and others none, and no output has any."""
    for opening, pattern in _BRACKETED.items():
        has = re.compile(pattern).search
        if not any(map(has, texts)) or all(map(has, every)) or any(opening in o for o in outputs):
            continue
        remove, program = _remover(pattern)
        yield Variant(f"without {opening}", BRACKETS, remove, program, False)
        for name, change in _CASES:
            yield Variant(
                f"without {opening} {name}",
                BRACKETS + CASED,
                lambda s, change=change, remove=remove: change(remove(s)),  # type: ignore[misc]  # a bound default has no type
                lambda p, name=name, program=program: call(name, program(p)),  # type: ignore[misc]  # a bound default has no type
            )


def _remover(pattern: str) -> tuple[Callable[[str], str], Callable[[Program], Program]]:
    compiled = re.compile(pattern)
    return lambda s: compiled.sub("", s), lambda p: call("text.replace_pattern", p, pattern, "")


def _goes_on(text: str, output: str) -> bool:
    """Whether letters on both sides of a sign stand side by side in the output, and not in the text."""
    return any(
        (pair := text[m.start() - 1] + text[m.end()]) in output and pair not in text
        for m in _SIGNS.finditer(text)
        if m.start() > 0 and m.end() < len(text) and text[m.start() - 1].isalnum() and text[m.end()].isalnum()
    )


def _bare(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda s: change(_SIGNS.sub("", s))


def _bare_program(name: str) -> Callable[[Program], Program]:
    return lambda p: call(name, call("text.only_alphanumeric", p))
