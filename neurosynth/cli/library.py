"""``--library FILE``: a learned language on the command line, available by its name afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

from neurosynth.errors import InputError

__all__ = ["language_option"]


def language_option(language: str | None, library: str | None) -> str | None:
    """The language that ``--language`` and ``--library`` name; primitives that a library had to leave out are reported on stderr.

    ``--language FILE.json`` is a library, too.

    Raises:
        InputError: for a file that is not a library, or whose language is not that of ``--language``.
    """
    from neurosynth.language.load import load_language, use_library

    file = library
    if file is None and language is not None and language.endswith(".json"):
        file, language = language, None
    if file is None:
        return language
    loaded = use_library(file)
    if language is not None and language not in (loaded.name, *loaded.extends):
        raise InputError(
            f"--library {Path(file).name} is language {loaded.name!r}, over {loaded.extends[0]!r}; --language is {language!r}: "
            "leave it out, or give one of these"
        )
    for note in loaded.notes:
        print(f"neurosynth: {note}", file=sys.stderr)
    load_language(loaded.name)
    return loaded.name
