"""The languages of ``deeds`` as plugins of another distribution, for processes that are started with :func:`environment`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.faults import deeds

__all__ = ["environment", "name_of"]

ROOT = Path(__file__).resolve().parents[2]


def name_of(deed: Any) -> str:
    """What the language of a deed is called on the command line."""
    return f"evil-{deed.__name__.replace('_', '-')}"


def environment(folder: Path) -> dict[str, str]:
    """Variables under which a process knows the languages; the distribution is made in ``folder``."""
    made = folder / "evil_languages-1.0.dist-info"
    if not made.exists():
        made.mkdir(parents=True)
        (made / "METADATA").write_text("Metadata-Version: 2.1\nName: evil-languages\nVersion: 1.0\n")
        every = [*deeds.BUGS, *deeds.STUCK, *deeds.ENDINGS, deeds.harmless]
        lines = [f"{name_of(d)} = tests.faults.plugin:{d.__name__}" for d in every]
        (made / "entry_points.txt").write_text("\n".join(["[neurosynth.languages]", *lines, ""]))
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def __getattr__(name: str) -> Any:
    deed = getattr(deeds, name, None)
    if deed is None or not callable(deed) or name.startswith("_"):
        raise AttributeError(name)
    language = globals()[name] = deeds.language_of(deed)
    language.name = name_of(deed)
    return language
