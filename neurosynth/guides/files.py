"""Files of the guides that count: JSON, written whole or not at all, that say which language they are for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.tasks.files import read_text, write_text

__all__ = ["check_language", "read_guide", "write_guide"]

_FORMAT = 1


def write_guide(path: str | Path, kind: str, language: Language, model: dict[str, Any]) -> None:
    """Write what a guide of ``kind`` has counted.

    Raises:
        InputError: when the file cannot be written; what was there before stays.
    """
    about = {"name": language.name, "fingerprint": language.fingerprint}
    row = {"neurosynth": {"format": _FORMAT, "kind": kind, "language": about}, "model": model}
    write_text(Path(path), json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_guide(path: str | Path, language: Language | None = None) -> tuple[str, Language, dict[str, Any]]:
    """The kind, the language and the model of a file of :func:`write_guide`.

    Args:
        path: the file.
        language: what it is to be used with; by default the plugin of the name the file says.

    Raises:
        InputError: for a missing, truncated or foreign file, or one for another language.
    """
    file = Path(path)
    try:
        row = json.loads(read_text(file))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(
            f"{file}: no whole JSON object ({error}), so no guide; was it cut off? fit the guide again and save it"
        ) from None
    match row:
        case {
            "neurosynth": {
                "format": int() as number,
                "kind": str() as kind,
                "language": {"name": str() as name, "fingerprint": str() as fingerprint},
            },
            "model": dict() as model,
        }:
            pass
        case _:
            raise InputError(f"{file}: JSON, but not of a guide; allowed: a file that a guide's save has written")
    if number != _FORMAT:
        raise InputError(
            f"{file}: a guide in format {number}; this version reads format {_FORMAT}; fit the guide again and save it"
        )
    if language is None:
        language = load_language(name)
    check_language(file, name, fingerprint, language)
    return kind, language, model


def check_language(path: str | Path, name: str, fingerprint: str, language: Language) -> None:
    """Check that what was fitted for one language is used with that very language.

    Raises:
        InputError: for another language, or another version of it; says which it was fitted for.
    """
    if name != language.name:
        raise InputError(
            f"{path}: a guide for language {name!r}, not {language.name!r}; fit one on programs of {language.name!r}"
        )
    if fingerprint != language.fingerprint:
        raise InputError(
            f"{path}: fitted for another version of language {name!r} (fingerprint {fingerprint}, now "
            f"{language.fingerprint}): its primitives or constants have changed since; fit the guide again"
        )
