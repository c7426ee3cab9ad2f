"""Choices: missing values, lookup tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from neurosynth.language.language import A, Language

__all__ = ["choices"]

choices = Language("choices", doc="Missing values, lookup tables.")


@choices.primitive(
    name="ite", type="bool -> a -> a -> a", lazy=True, missing="seen", kernel="select", python="{1} if {0} else {2}"
)
def if_then_else(condition: Callable[[], bool | None], then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """Second argument where the first is true, else the third; missing where the first is missing."""
    found = condition()
    if found is None:
        return None
    return then() if found else otherwise()


@choices.primitive(missing="seen", python="{0} is None", enumerated=False)
def is_missing(x: A) -> bool:
    """Whether a value is missing."""
    return x is None


@choices.primitive(missing="seen", lazy=True, type="a -> a -> a", enumerated=False)
def first_present(x: Callable[[], Any], y: Callable[[], Any]) -> Any:
    """First argument, or the second where that is missing."""
    found = x()
    return y() if found is None else found


@choices.primitive(missing="seen", type="a", python="None", enumerated=False)
def missing() -> Any:
    """No value: an empty cell."""
    return None


@choices.primitive(type="list string -> list a -> string -> a", missing="gives", enumerated=False)
def lookup(keys: tuple[str, ...], values: tuple[Any, ...], text: str) -> Any:
    """The value that stands where the text stands among the keys; missing for a text that is none of them."""
    return _table(keys, values).get(text)


@choices.primitive(type="list string -> list a -> a -> string -> a", missing="passes", enumerated=False)
def lookup_or(keys: tuple[str, ...], values: tuple[Any, ...], default: Any, text: str) -> Any:
    """The value that stands where the text stands among the keys, else the default."""
    return _table(keys, values).get(text, default)


@choices.primitive(type="list string -> string -> bool", python="{1} in {0}", enumerated=False)
def is_one_of(texts: tuple[str, ...], text: str) -> bool:
    """Whether a text is one of some texts."""
    return text in texts


@lru_cache(maxsize=1024)
def _table(keys: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(reversed(list(zip(keys, values, strict=False))))  # if a key occurs twice, the first one counts
