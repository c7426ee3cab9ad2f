"""The options of a command as a dataclass: declared in one place, with its checks, and read in another."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from neurosynth.errors import InputError

__all__ = [
    "AsJson",
    "ClusterAddress",
    "LearnedLanguage",
    "MostPrograms",
    "ProcessMemory",
    "TaskMemory",
    "check_seconds",
    "takes",
]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ClusterAddress = Annotated[
    str | None,
    typer.Option("--cluster-address", metavar="HOST:PORT", help="Address of the cluster, as for 'bench run'."),
]
LearnedLanguage = Annotated[
    str | None, typer.Option("--library", metavar="FILE", help="Use this learned language instead of --language.")
]
MostPrograms = Annotated[
    int | None, typer.Option("--max-programs", metavar="N", help="Limit on the number of candidates for each task.")
]
ProcessMemory = Annotated[
    float, typer.Option("--max-memory", metavar="GB", help="Memory limit of the process, in gigabytes.")
]
TaskMemory = Annotated[
    float, typer.Option("--max-memory", metavar="GB", help="Memory limit for each task's process, in gigabytes.")
]

O = TypeVar("O")


def check_seconds(seconds: float | None) -> None:
    """Refuse a time limit that is not positive.

    Raises:
        InputError: for one.
    """
    if seconds is not None and not seconds > 0:
        raise InputError(f"--seconds {seconds:g}: allowed: a positive number")


def takes(options: type[O]) -> Callable[[Callable[[O], None]], Callable[..., None]]:
    """Make a command of a function of ``options``, a dataclass whose fields are annotated with ``typer.Option`` or ``Argument``.

    Typer reads the fields from the signature of the command, in their order.
    """
    hints = get_type_hints(options, include_extras=True)
    empty = inspect.Parameter.empty
    signature = inspect.Signature(
        [
            inspect.Parameter(
                f.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=empty if f.default is MISSING else f.default,
                annotation=hints[f.name],
            )
            for f in fields(options)  # type: ignore[arg-type]  # typeshed names no type for "a dataclass" that a TypeVar may have
        ]
    )

    def verb_of(work: Callable[[O], None]) -> Callable[..., None]:
        def verb(**given: Any) -> None:
            work(options(**given))

        functools.update_wrapper(verb, work, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        verb.__annotations__ = {}  # typer would look up their names in the module of ``work``
        vars(verb)["__signature__"] = signature
        return verb

    return verb_of
