"""English nouns: one and several, the article before one."""

from __future__ import annotations

import re
from collections.abc import Callable

from neurosynth.language.language import Language

__all__ = ["article_of", "nouns", "plural_of", "singular_of"]

nouns = Language("nouns", doc="English nouns in the singular and plural, and their articles.")

_IRREGULAR = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "foot": "feet",
    "tooth": "teeth",
    "goose": "geese",
    "mouse": "mice",
    "louse": "lice",
    "ox": "oxen",
    "die": "dice",
    "sheep": "sheep",
    "fish": "fish",
    "deer": "deer",
    "series": "series",
    "species": "species",
    "aircraft": "aircraft",
    "analysis": "analyses",
    "basis": "bases",
    "crisis": "crises",
    "axis": "axes",
    "thesis": "theses",
    "diagnosis": "diagnoses",
    "hypothesis": "hypotheses",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "bacterium": "bacteria",
    "stimulus": "stimuli",
    "alumnus": "alumni",
    "quiz": "quizzes",
    "stomach": "stomachs",
    "monarch": "monarchs",
    **{word: word[: -1 - word.endswith("e")] + "ves" for word in (
        "calf", "elf", "half", "hoof", "knife", "leaf", "life", "loaf", "scarf", "self", "sheaf", "shelf", "thief", "wife", "wolf",
    )},
    **{word: word + "es" for word in (
        "potato", "tomato", "hero", "echo", "veto", "torpedo", "volcano", "mango", "domino", "cargo",
    )},
}  # fmt: skip
"""Plurals that no rule gives, also of compounds that end with one of COMPOUND."""
_SINGULAR = {plural: singular for singular, plural in _IRREGULAR.items()}
_COMPOUND = (
    "woman", "man", "child", "person", "foot", "tooth", "mouse", "calf", "half", "knife", "leaf", "loaf", "scarf", "shelf",
    "thief", "wife", "wolf", "fish",
)  # fmt: skip
"""Last parts of compounds: fireman, bookshelf."""
_WHOLE = frozenset({"human", "german", "roman", "norman", "talisman", "ottoman", "shaman", "caiman", "behalf"})
"""Words that end like a compound and are none."""
_ENDS_IN_S = frozenset(
    {"bus", "minibus", "virus", "bonus", "campus", "status", "focus", "census", "gas", "lens", "iris", "bias", "atlas",
    "canvas", "alias", "chorus", "genius", "circus", "walrus", "octopus", "surplus", "minus", "plus", "cactus"}
)  # fmt: skip
"""Singulars that end in a single s."""
_ENDS_IN_IE = frozenset(
    {"movie", "cookie", "calorie", "selfie", "zombie", "rookie", "brownie", "smoothie", "hoodie", "genie", "prairie",
    "pixie", "pie", "tie", "lie"}
)  # fmt: skip
"""Singulars that end in ie."""
_ENDS_IN_CHE = frozenset(
    {"cache", "ache", "headache", "toothache", "niche", "quiche", "avalanche", "moustache", "brioche", "cliche"}
)  # fmt: skip
"""Singulars that end in che."""


def _split_off(text: str) -> tuple[str, str]:
    """What comes before the last word of a text, and that word, which may be empty."""
    word = re.findall(r"[^\W\d_]*$", text)[0]
    return text[: len(text) - len(word)], word


def _compound(word: str, ends: list[str]) -> str:
    """The end of a compound that has forms of its own; "" for other words."""
    return "" if word in _WHOLE else next((e for e in ends if word.endswith(e)), "")


def _like(word: str, model: str) -> str:
    """A word with the letter case of another one."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _plural(word: str) -> str:
    end = word if word in _IRREGULAR else _compound(word, list(_COMPOUND))
    if end:
        return word.removesuffix(end) + _IRREGULAR[end]
    if re.search(r"(?:[sxz]|[cs]h)$", word):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"(?:[^aeiou]|qu)y$", word) else word + "s"


def _singular(word: str) -> str:
    end = word if word in _SINGULAR else _compound(word, [_IRREGULAR[c] for c in _COMPOUND])
    if end:
        return word.removesuffix(end) + _SINGULAR[end]
    if word[:-1] in _ENDS_IN_IE | _ENDS_IN_CHE or not word.endswith("s") or word.endswith("ss") or word in _ENDS_IN_S:
        return word[:-1] if word[:-1] in _ENDS_IN_IE | _ENDS_IN_CHE and word.endswith("s") else word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word[:-2] in _ENDS_IN_S or re.search(r"(?:ss|x|zz|tz|[cs]h)es$", word):
        return word[:-2]
    return word[:-1]


def _of_last_word(form: Callable[[str], str], text: str) -> str:
    before, word = _split_off(text)
    return before + _like(form(word.lower()), word) if word else text


@nouns.primitive(name="text.plural")
def plural_of(s: str) -> str:
    """Several of an English noun: box becomes boxes, knife knives, child children; the last word of a text is changed."""
    return _of_last_word(_plural, s)


@nouns.primitive(name="text.singular")
def singular_of(s: str) -> str:
    """One of several: boxes becomes box, berries berry, children child; the last word of a text is changed."""
    return _of_last_word(_singular, s)


_VOWEL = re.compile(
    r"(?!uni(?!n|m[pa]|d)|us[eu]|ut[ei]|eu|ewe|one(?![a-z])|once|ubiq|ufo)[aeiou]|hour|honest|hono|heir|8|1[18](?![0-9])"
)
"""The beginning of a text that is spoken with a vowel."""


@nouns.primitive(name="text.article")
def article_of(s: str) -> str:
    """The English article before a text, as it is spoken: an for apple and hour, a for pear and unit."""
    return "an" if _VOWEL.match(s.lower()) else "a"
