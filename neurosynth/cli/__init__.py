"""The command line, with one file for each command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from neurosynth.cli.interrupt import signals_end_at_once, signals_leave, signals_raise

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line (by default the process's own) and exit with its status.

    Raises:
        SystemExit: always.
    """
    with signals_end_at_once():
        from neurosynth.cli.app import run_command_line
    with signals_raise():
        # no list(): in this package, that is a command
        status = run_command_line([*(sys.argv[1:] if arguments is None else arguments)])
    if arguments is None:  # the process's own command line: nothing runs after it
        signals_leave(status)
    sys.exit(status)
