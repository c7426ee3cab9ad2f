"""The ``neurosynth`` command: its commands, and the exit statuses of errors. 0 solved (or done), 1 not solved, 2 bad input, 70 a bug in
a plugin or in neurosynth, 74 the output cannot be written, 130 and 143 interrupted (SIGINT, SIGTERM), 141 the reader of the output has
closed it. Commands import modules that take long to import when they run.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from types import TracebackType
from typing import Annotated

import typer
from typer.main import get_command

from neurosynth.cli.apply import apply, export
from neurosynth.cli.bench import bench
from neurosynth.cli.fill import fill
from neurosynth.cli.interrupt import EXIT, Terminated
from neurosynth.cli.learn import learn
from neurosynth.cli.list import list_plugins
from neurosynth.cli.parse import parse
from neurosynth.cli.run import run
from neurosynth.cli.sample import sample
from neurosynth.cli.show_command import show_command
from neurosynth.cli.solve import solve
from neurosynth.cli.train import train
from neurosynth.cli.ui import ui
from neurosynth.errors import NeurosynthError, ParseError, PrimitiveBug, printable, shortened

__all__ = ["app", "explain", "run_command_line", "spread_columns"]

EXIT_BUG = 70
"""A bug in a plugin or in neurosynth (EX_SOFTWARE)."""
EXIT_OUTPUT = 74
"""The output cannot be written (EX_IOERR)."""
EXIT_PIPE = 141
"""The reader of the output has closed it: the status of a process that SIGPIPE ends."""

app = typer.Typer(
    name="neurosynth",
    help="Find programs from input-output examples.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("solve")(solve)
app.command("fill")(fill)
app.command("apply")(apply)
app.command("export")(export)
app.command("ui")(ui)
app.command("run")(run)
app.command("parse")(parse)
app.command("sample")(sample)
app.command("train")(train)
app.command("learn")(learn)
app.command("show")(show_command)
app.command("list")(list_plugins)
app.add_typer(bench, name="bench")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"neurosynth {version('neurosynth-pbe')}")
        raise typer.Exit()


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find programs from input-output examples."""


def run_command_line(arguments: list[str]) -> int:
    """Run a command line and return its exit status; errors are reported in few lines on stderr."""
    for descriptor in (0, 2):  # closed: nothing can be read, or nobody can be told
        _see_to(descriptor)
    if sys.stdout is None and arguments[:1] != ["bench"]:  # whose rows count, not its messages
        return _complain("standard output is closed; give it a file, or /dev/null", EXIT_OUTPUT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # data may contain characters that the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            status = _run(arguments)
            sys.stdout.flush()
        finally:
            _settle_output()
    except BrokenPipeError:  # the reader of the output has seen enough, as with any program: head -1
        return EXIT_PIPE
    except SystemExit as left:
        if _last_place(left) == "rich.console":  # it would end the process with status 1 if a pipe is closed
            return EXIT_PIPE
        raise
    except Terminated:
        return _complain("terminated", EXIT[signal.SIGTERM])
    except KeyboardInterrupt:
        return _complain("interrupted", EXIT[signal.SIGINT])
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else "the output cannot be written: "
        return _complain(f"{where}{error.strerror or error}", EXIT_OUTPUT)
    return status


def _run(arguments: list[str]) -> int:
    try:
        command = get_command(app)
        with command.make_context("neurosynth", spread_columns(arguments)) as context:
            status = command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except NeurosynthError as error:
        return _complain(explain(error, notes=sys.stderr.isatty()))
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())  # it has several lines if it lists a value
        return _complain(f"{message.rstrip('.')}; see 'neurosynth --help'") if message else 2
    except PrimitiveBug as bug:
        return _complain(bug.report, EXIT_BUG)
    except (OSError, KeyboardInterrupt):
        raise
    except Exception as error:
        if os.environ.get("NEUROSYNTH_TRACEBACK"):
            raise
        return _complain(_report(error), EXIT_BUG)
    return status if isinstance(status, int) else 0


def _report(error: Exception) -> str:
    """Two lines for a bug in neurosynth: what, where, and what to do."""
    place = _innermost(error)
    where = "" if place is None else f" in {place.tb_frame.f_globals.get('__name__')}, line {place.tb_lineno}"
    said = " ".join(printable(shortened(str(error), 300)).split())
    return (
        f"a bug: {type(error).__name__}{f': {said}' if said else ''}{where}\n"
        "  please report it with the command; NEUROSYNTH_TRACEBACK=1 shows all of it"
    )


def _innermost(error: BaseException) -> TracebackType | None:
    """The place where an exception was raised."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place


def _last_place(error: BaseException) -> str:
    """The module in which an exception was raised."""
    place = _innermost(error)
    return "" if place is None else str(place.tb_frame.f_globals.get("__name__"))


def _see_to(descriptor: int) -> None:
    """Open /dev/null instead of a closed standard stream, because the next opened file would take its number."""
    try:
        os.fstat(descriptor)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)
        if descriptor == 0 and sys.stdin is None:
            sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  as long as the process
        if descriptor == 2 and sys.stderr is None:
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _settle_output() -> None:
    """If the output cannot be written, leave the interpreter nothing to write at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        raise


def explain(error: NeurosynthError, *, notes: bool) -> str:
    """The message of an error, whose first line is complete in itself; below it, the program with carets, if any.

    ``notes``: also the notes of the error, such as the line of a file with carets.
    """
    first, *rest = (shortened(line, 1000) for line in str(error).split("\n"))
    if rest and isinstance(error, ParseError):
        first = f"{first}: {shortened(error.detail, 1000)}"
        rest = [line for line in rest if line.strip() != error.detail]
    return "\n".join([first, *rest, *(getattr(error, "__notes__", ()) if notes else ())])


def _complain(message: str, status: int = 2) -> int:
    with contextlib.suppress(OSError):  # stderr on a full disk: the status still reports the error
        print(f"neurosynth: {printable(message)}", file=sys.stderr, flush=True)
    return status


_SPREADING = {"solve": ("--input",), "fill": ("--input", "--output", "--given")}
"""Options that accept several values, by command."""
_FLAGS = ("--ask", "--json", "--help", "--mark", "--in-place")
"""Options of these commands without a value."""


def spread_columns(arguments: list[str]) -> list[str]:
    """``solve t.csv --input a b --output c`` as ``solve t.csv --input a --input b --output c``.

    Several columns may follow one ``--input`` (for ``fill`` also one ``--output`` or ``--given``), if the file comes before it.
    """
    if not arguments or arguments[0] not in _SPREADING:
        return arguments
    spreading = _SPREADING[arguments[0]]
    spread: list[str] = []
    file_named = expecting = False  # expecting the value of an option
    following = ""
    for argument in arguments:
        if expecting:
            expecting = False
        elif argument.startswith("-") and argument != "-":
            following = argument if argument in spreading and file_named else ""
            expecting = "=" not in argument and argument not in _FLAGS
        elif following:
            spread.append(following)
        else:
            file_named = file_named or argument != arguments[0]
        spread.append(argument)
    return spread
