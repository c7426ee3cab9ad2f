"""Optional parts of the install: if one is missing, the message names it in one line, with the command that installs it."""

from __future__ import annotations

from importlib.util import find_spec

from neurosynth.errors import InputError

__all__ = ["EXTRAS", "how_to_install", "installed", "require"]

EXTRAS = {
    "neural": ("torch", "safetensors", "lightning_fabric"),
    "plot": ("matplotlib",),
    "bench": ("cvc5", "jinja2", "scipy"),
    "data": ("pandas", "polars", "narwhals", "pyarrow", "openpyxl"),
    "ui": ("nicegui",),
    "cluster": ("ray",),
    "library": ("stitch_core",),
    "sklearn": ("sklearn",),
}
"""The modules of each extra of the distribution, by import name."""


def missing(extra: str) -> list[str]:
    """The modules of an extra that cannot be imported; the check imports none of them."""
    return [name for name in EXTRAS[extra] if find_spec(name) is None]


def installed(extra: str) -> bool:
    """Whether every module of an extra is installed."""
    return not missing(extra)


def how_to_install(extra: str) -> str:
    """What to run for an extra; the distribution is on no package index, so it is installed from a checkout."""
    return f"run in a checkout of neurosynth: pip install -c constraints.txt '.[{extra}]'"


def require(extra: str, what: str) -> None:
    """Check that an extra is installed before ``what`` needs it.

    Raises:
        InputError: if a module of it is missing, with the command that installs it.
    """
    absent = missing(extra)
    if absent:
        raise InputError(f"{what} needs {', '.join(absent)}, not installed here; {how_to_install(extra)}")
