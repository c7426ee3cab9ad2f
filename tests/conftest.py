"""Settings of all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Torch's threads spin while they wait for each other: on a machine that others use, too, a step of a small model takes
# twenty times as long with two threads as with one.  Before torch is imported; for processes that tests start, too.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Machines differ in speed and the first draw loads tables: time is no reason to fail a law.
settings.register_profile("neurosynth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("neurosynth")

# A shell without job control starts what it puts in the background with SIGINT ignored, and so do all processes below it: tests
# that interrupt a process would wait for it to end by itself.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def own_options() -> None:
    """Options of this run, such as how many processes, are not those of a pytest that a test starts.

    Only where tests run: xdist's processes take theirs from the environment, too, and without them they rerun nothing.
    """
    os.environ.pop("PYTEST_ADDOPTS", None)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Any:
    """``cli("solve", file)``: a command in this process, as :class:`tests.commands.Printed`."""
    from tests.commands import command  # imports the package, which is to see the settings above

    return lambda *arguments: command(capsys, *arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window, one for all tests of a process: Playwright runs once in a process."""
    from tests.browser import CHROMIUM

    api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra 'dev'")
    with api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()
