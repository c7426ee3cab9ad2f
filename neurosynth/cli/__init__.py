"""The command line, one file a verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from neurosynth.cli.interrupt import signals_end_at_once, signals_raise

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line (by default the process's own) and exit with its status.

    A signal that arrives before or after the command runs ends the process at once. For the process's own command line that holds
    until the interpreter is gone.

    Raises:
        SystemExit: always.
    """
    with signals_end_at_once(stay=arguments is None):
        from neurosynth.cli.app import run_command_line

        with signals_raise():
            # no list(): in this package that is the verb
            status = run_command_line([*(sys.argv[1:] if arguments is None else arguments)])
    sys.exit(status)
