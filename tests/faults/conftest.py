"""Settings of the tests of faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _compiled_code_beside_its_source() -> Iterator[None]:
    """These tests damage what numba keeps beside a module, wherever NUMBA_CACHE_DIR would have it put."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("numba.config.CACHE_DIR", "")
        yield
