"""Solvers: neurosynth itself, and the others by their names.

A solver's modules are imported where it solves: the process that hands out tasks does not need them, which saves half a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from neurosynth.bench.jobs import Solver
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.search.base import Limits
from neurosynth.tasks.task import Task, example
from neurosynth.work_clock import counted

if TYPE_CHECKING:
    from neurosynth.language.language import Language
    from neurosynth.synthesize import Result

__all__ = ["Neurosynth", "changed", "solver_named"]


@dataclass(frozen=True, kw_only=True)
class Neurosynth:
    """This project, with the names of the command line."""

    language: str | None = None
    guide: str = "auto"
    search: str = "auto"
    changes: tuple[tuple[str, str], ...] = ()
    """Settings of the search by name, with their values as text, as in ``--set``."""
    library: str | None = None
    """The file of a learned language, whose name is ``language``."""
    alone: bool = False
    """Whether a learned language gets all the time and all candidates, and its base none."""
    top: int = 1
    """Number of programs wanted for each task."""
    counted: float | None = None
    """Limit of a task in counted seconds (:mod:`neurosynth.work_clock`); the wall-clock limit is then for tasks that hang. None: no
    counted limit."""
    name: str = "neurosynth"
    own_limits: bool = True

    @property
    def settings(self) -> Mapping[str, str]:
        """As requested."""
        return {"guide": self.guide, "search": " ".join([self.search, *(f"{k}={v}" for k, v in self.changes)])}

    def prepare(self, language: str) -> None:
        """Solve a task whose solution is its input: this loads everything, including the guide, and calls no primitive."""
        from neurosynth.guides.trained import AUTO, trained_guides
        from neurosynth.language.load import load_language
        from neurosynth.synthesize import synthesize

        task = Task([example("a", output="a"), example("b", output="b")], "identity")
        guide, loaded = self.guide, load_language(self.library or language)
        if guide == AUTO and not loaded.guide_files:  # otherwise asked only for hard tasks; here at once
            guide = next((t.name for t in trained_guides(loaded) if t.automatic), AUTO)
        limits = Limits(seconds=10, max_programs=1)
        synthesize(task, loaded, guide=guide, search=self._search(), limits=limits).to_json()

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """The result of ``neurosynth solve``."""
        from neurosynth.language.load import load_language
        from neurosynth.synthesize import synthesize

        language: Language | str | None = self.language
        if self.library is not None:
            language = load_language(self.library)
            if self.alone:
                language = language.with_primitives(())
                language.base = None
        given = limits if self.counted is None else replace(limits, seconds=self.counted)
        with counted() if self.counted is not None else nullcontext():
            return synthesize(
                task, language, guide=self.guide, search=self._search(), limits=given, top=self.top, seed=seed
            )

    def _search(self) -> Any:
        """The search by its name, possibly with other settings."""
        if not self.changes:
            return self.search
        from neurosynth.plugins import load

        found = load("searches", self.search)()
        for name, value in self.changes:
            found = changed(found, name, value)
        return found


def changed(config: Any, name: str, text: str) -> Any:
    """A frozen dataclass with one field changed; a name with dots refers to the fields of a field.

    Raises:
        UnknownNameError: for an unknown field, with the known ones, or a value of another type than the field's.
    """
    first, _, rest = name.partition(".")
    settings = {f.name: getattr(config, f.name) for f in fields(config) if f.init}
    if first not in settings:
        raise UnknownNameError(
            f"setting of search {config.name}" if hasattr(config, "name") else "setting", first, settings
        )
    old = settings[first]
    if rest:
        if not is_dataclass(old):
            raise UnknownNameError(f"setting of {first}", rest, [])
        return replace(config, **{first: changed(old, rest, text)})
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    kinds: dict[str, Any] = {"true or false": bool, "an integer": int, "a number": (int, float), "a text": str}
    wanted = next((word for word, kind in kinds.items() if isinstance(old, kind)), None)
    if wanted and (not isinstance(value, kinds[wanted]) or isinstance(value, bool) != isinstance(old, bool)):
        raise UnknownNameError(f"value of {name}", text, [wanted])
    return replace(config, **{first: value})


def solver_named(
    text: str,
    *,
    language: str | None,
    guide: str | None,
    search: str | None,
    changes: Sequence[str] = (),
    library: str | None = None,
) -> Solver:
    """The solver of a command line's options.

    Args:
        text: ``neurosynth``, ``cvc5``, or ``NAME=COMMAND``.
        language: for all tasks; None for each task's own.
        guide: for neurosynth; None for its default.
        search: for neurosynth; None for its default.
        changes: settings of its search, each ``search.NAME=VALUE``.
        library: the file of a learned language, for neurosynth.

    Raises:
        InputError: for an unknown solver, one that is not installed, or a guide or search for another solver than neurosynth.
    """
    if text == "neurosynth":
        return Neurosynth(
            language=language,
            guide=guide or "auto",
            search=search or "auto",
            changes=tuple(map(_change, changes)),
            library=library,
        )
    ours = (
        ("--guide", guide),
        ("--search", search),
        ("--set", changes[0] if changes else None),
        ("--library", library),
    )
    for option, given in ours:
        if given is not None:
            raise InputError(
                f"{option} {given}: works only with --solver neurosynth; {text.split('=')[0]} has its own options"
            )
    if text == "cvc5":
        from neurosynth.bench.cvc5_solver import Cvc5

        return Cvc5(language=language)
    name, equals, command = text.partition("=")
    if not equals or not name or not command or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnknownNameError("solver", text, ["neurosynth", "cvc5", "NAME=COMMAND"])
    from neurosynth.bench.command_solver import Command

    return Command(name=name, command=command, language=language)


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    kind, _, setting = name.partition(".")
    if not equals or kind != "search" or not setting:
        raise InputError(f"--set {text}: expected search.NAME=VALUE, such as search.divide=false")
    return setting, value
