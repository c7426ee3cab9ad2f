"""Running commands: in the process of the test, and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from neurosynth.cli import main

__all__ = ["Printed", "Shown", "command", "on_a_terminal", "status_of"]


class Printed(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


def status_of(*arguments: object) -> int:
    """The exit status of a command that runs in this process."""
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def command(capture: pytest.CaptureFixture[str], *arguments: object) -> Printed:
    """What a command does that runs in this process."""
    status = status_of(*arguments)
    printed = capture.readouterr()
    return Printed(status, printed.out, printed.err)


class Shown(NamedTuple):
    """What a process did."""

    status: int
    out: bytes
    terminal: bytes
    """What it wrote on standard error, which was a terminal."""


def on_a_terminal(arguments: Sequence[str], *, columns: int, seconds: float = 30) -> Shown:
    """Run a process whose standard error is a terminal."""
    outer, inner = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns)}
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=inner, env=environment)
    os.close(inner)
    shown = b""
    while True:
        try:
            chunk = os.read(outer, 4096)
        except OSError:  # Linux says so when the other end closes
            break
        if not chunk:
            break
        shown += chunk
    out, _ = process.communicate(timeout=seconds)
    os.close(outer)
    return Shown(process.returncode, out, shown)
