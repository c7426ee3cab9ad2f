"""A thing that a process has loaded, and another can load, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from neurosynth.engine.loop_cache import Contents

__all__ = ["Loaded"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module, or a function of it that is compiled for arguments of some types."""

    module: str
    function: str = ""
    signature: tuple[Any, ...] = ()
    """numba's types of the arguments."""
    contents: Contents | None = None
    """What a generated module was made of."""
