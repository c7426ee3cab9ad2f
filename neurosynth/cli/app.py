"""The ``neurosynth`` command: its verbs, and how errors become exit statuses.

0 solved (or done), 1 not solved, 2 bad input, 130 interrupted.  Modules that take long to import are imported by the
verbs that need them, when they run.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from neurosynth.cli.apply import apply, export
from neurosynth.cli.bench import bench
from neurosynth.cli.fill import fill
from neurosynth.cli.list import list_plugins
from neurosynth.cli.parse import parse
from neurosynth.cli.run import run
from neurosynth.cli.sample import sample
from neurosynth.cli.show_command import show_command
from neurosynth.cli.solve import solve
from neurosynth.cli.train import train
from neurosynth.cli.ui import ui
from neurosynth.errors import NeurosynthError, ParseError

__all__ = ["app", "main"]

app = typer.Typer(
    name="neurosynth",
    help="Programs from input-output examples.",
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
    """Programs from input-output examples."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line (by default the process's own) and exit with its status.

    Raises:
        SystemExit: always.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # data may hold what the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_status(list(sys.argv[1:] if arguments is None else arguments)))


def _status(arguments: list[str]) -> int:
    try:
        status = app(spread_columns(arguments), prog_name="neurosynth", standalone_mode=False)
    except NeurosynthError as error:
        return _complain(explain(error, notes=sys.stderr.isatty()))
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())  # of several lines where a value is listed
        return _complain(f"{message.rstrip('.')}; see 'neurosynth --help'") if message else 2
    except (KeyboardInterrupt, typer.Abort):
        return _complain("interrupted", 130)
    return status if isinstance(status, int) else 0


def explain(error: NeurosynthError, *, notes: bool) -> str:
    """An error's message, its first line complete in itself; below it the program with carets where there is one.

    ``notes``: also what was noted on the error, such as the line of a file with carets.
    """
    first, *rest = str(error).split("\n")
    if rest and isinstance(error, ParseError):
        first = f"{first}: {error.detail}"
        rest = [line for line in rest if line.strip() != error.detail]
    return "\n".join([first, *rest, *(getattr(error, "__notes__", ()) if notes else ())])


def _complain(message: str, status: int = 2) -> int:
    print(f"neurosynth: {message}", file=sys.stderr)
    return status


_SPREADING = {"solve": ("--input",), "fill": ("--input", "--output", "--given")}
"""Options after which several values may stand, by verb."""
_FLAGS = ("--ask", "--json", "--help", "--mark", "--in-place")
"""Options of these verbs without a value."""


def spread_columns(arguments: list[str]) -> list[str]:
    """``solve t.csv --input a b --output c`` as ``solve t.csv --input a --input b --output c``.

    Several columns may follow one ``--input`` (of ``fill`` also one ``--output`` or ``--given``), once the file has been
    named before it.
    """
    if not arguments or arguments[0] not in _SPREADING:
        return arguments
    spreading = _SPREADING[arguments[0]]
    spread: list[str] = []
    file_named = expecting = False  # expecting: the value of an option
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
