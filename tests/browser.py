"""The browser of the tests: where it is, and the mark of tests that need it."""

from __future__ import annotations

import shutil

import pytest

__all__ = ["CHROMIUM", "NEEDS_BROWSER"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in _NAMES if (path := shutil.which(name)) is not None), None)
NEEDS_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason=f"no browser: none of {', '.join(_NAMES)} is on the path")
