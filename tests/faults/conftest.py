"""Settings of the tests of faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _compiled_code_beside_its_source() -> Iterator[None]:
    """These tests damage what numba keeps beside a module, wherever NUMBA_CACHE_DIR would have it put."""
    from numba import config

    before, config.CACHE_DIR = config.CACHE_DIR, ""
    yield
    config.CACHE_DIR = before
