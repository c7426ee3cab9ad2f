"""From a name to a language: that of a plugin, the file of a learned language, or its name."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.language.language import Language
from neurosynth.language.learned import library_language, read_library
from neurosynth.plugins import available, load

__all__ = ["LIBRARIES", "load_language", "use_library"]

LIBRARIES = "NEUROSYNTH_LIBRARIES"
"""The environment variable that lists files of learned languages, and folders of them, for look-up by name."""


def load_language(name: str) -> Language:
    """The language of a name: a plugin's, a file of a learned one (``learned.json``), or the name that such a file gives it.

    Names of learned languages are looked up in the files and folders that ``NEUROSYNTH_LIBRARIES`` lists.

    Raises:
        UnknownNameError: with the known names and the most similar ones.
        InputError: if the plugin or the file does not load, or is not a language.
    """
    if name.endswith(".json"):
        return _opened(Path(name))
    if name not in available("languages"):
        files = _libraries()
        if name in files:
            return _opened(files[name])
        if files:
            remedy = "install the package that has this language, or use a known one"
            raise UnknownNameError("language", name, [*available("languages"), *files], remedy)
    loaded = load("languages", name)
    if not isinstance(loaded, Language):
        raise InputError(f"plugin {name!r} (languages) is a {type(loaded).__name__}; it must be a neurosynth.Language")
    return loaded


def use_library(file: str) -> Language:
    """The language of a file, which is known by its name from now on, in child processes, too.

    Raises:
        InputError: for a file that is not a library, or whose name a plugin has.
    """
    path = Path(os.path.realpath(file))
    language = _opened(path)
    if language.name in available("languages"):
        raise InputError(f"{file}: its name {language.name!r} is that of a plugin; give the library another name")
    before = [entry for entry in os.environ.get(LIBRARIES, "").split(os.pathsep) if entry and entry != str(path)]
    os.environ[LIBRARIES] = os.pathsep.join([str(path), *before])
    return language


def _libraries() -> dict[str, Path]:
    """The learned languages that are known by name; the first file with a name counts."""
    found: dict[str, Path] = {}
    for entry in os.environ.get(LIBRARIES, "").split(os.pathsep):
        path = Path(entry)
        for file in [path] if path.suffix == ".json" else sorted(path.glob("*.json")) if entry else []:
            try:
                found.setdefault(read_library(file).name, file)
            except InputError:
                if file == path:  # named explicitly; other files of a folder may be anything
                    raise
    return found


def _opened(path: Path, above: tuple[Path, ...] = ()) -> Language:
    """The language of a file; ``above`` are files of languages that were learned over it."""
    resolved = Path(os.path.realpath(path))
    if resolved in above:
        raise InputError(
            f"{path}: learned over itself, by way of {above[-1].name}; correct the base in one of the files"
        )
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0  # reading it reports the problem
    return _open(path, changed, (*above, resolved))


@lru_cache(maxsize=16)
def _open(path: Path, changed: int, above: tuple[Path, ...]) -> Language:
    """``changed`` distinguishes versions of a file."""
    library = read_library(path)
    if library.base == library.name:
        raise InputError(f"{path}: its base is {library.base!r}, itself; give the language that it was learned over")
    notes: list[str] = []
    language = library_language(library, _base(library.base, path, above), notes=notes)
    language.notes = tuple(notes)
    if library.guide:
        language.guide_files = (path.parent / library.guide,)
    return language


def _base(name: str, path: Path, above: tuple[Path, ...]) -> Language:
    """The language over which that of a file was learned: a plugin's, or one of a file that is known by name or lies beside it.

    Raises:
        InputError: if there is none, with what to do.
    """
    if name in available("languages"):
        return load_language(name)
    files = _libraries()
    file = files.get(name) or _beside(name, path)
    if file is None:
        error = UnknownNameError("language", name, [*available("languages"), *files])
        raise InputError(
            f"{path}: its base is an {error}; if it was learned, put its file beside this one, or list it in {LIBRARIES}"
        )
    return _opened(file, above)


def _beside(name: str, path: Path) -> Path | None:
    """The file of a learned language in the folder of another one."""
    for file in sorted(path.resolve().parent.glob("*.json")):
        try:
            if read_library(file).name == name:
                return file
        except InputError:  # a guide, tasks, anything
            continue
    return None
