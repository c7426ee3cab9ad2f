"""From a name to a language: the one step from plugins to the language layer."""

from __future__ import annotations

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.plugins import load

__all__ = ["load_language"]


def load_language(name: str) -> Language:
    """The language behind a plugin's name.

    Raises:
        UnknownNameError: with the known names and the nearest.
        InputError: when the plugin does not load, or is no language.
    """
    loaded = load("languages", name)
    if not isinstance(loaded, Language):
        raise InputError(f"plugin {name!r} (languages) is a {type(loaded).__name__}; it must be a neurosynth.Language")
    return loaded
