"""Kinds of machine values, and the names of kernels in generated code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from neurosynth.engine.kernels.folders import mention
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, is_ground

__all__ = ["importable", "kind_of", "reference_of", "symbol"]

_KINDS = {"word": "w", "bits": "u", "text": "c", "words": "i", "object": "o"}


def kind_of(t: Type) -> str:
    """The representation of values of a type in the compiled engine; types with variables are objects."""
    if isinstance(t, TypeConstructor):
        return _KINDS[domain_of(t).machine] if is_ground(t) else "o"
    if isinstance(t, Arrow) and len(t.parameters) <= 2 and {kind_of(p) for p in (*t.parameters, t.result)} == {"w"}:
        return "f"
    return "o"


def reference_of(kernel: Any, arguments: str = "") -> str | None:
    """``module:function`` of a kernel for arguments of these kinds, or None if the engine cannot import one."""
    if isinstance(kernel, Mapping):
        kernel = kernel.get(arguments.replace("c", "s").replace("i", "s"))
    if kernel is None or isinstance(kernel, str):
        return kernel
    return _imported_from(kernel)


def importable(kernel: Callable[..., Any]) -> bool:
    """Whether generated modules can import a kernel by its module and name; otherwise its primitive is not compiled."""
    module, name = getattr(kernel, "__module__", None), getattr(kernel, "__qualname__", "")
    return module not in (None, "__main__") and getattr(sys.modules.get(str(module)), name, None) is kernel


def _imported_from(kernel: Callable[..., Any]) -> str | None:
    if importable(kernel):
        return f"{kernel.__module__}:{kernel.__qualname__}"
    mention(
        f"kernel {kernel!r}",
        "the kernel %s of module %s is not used, because no other module can import it; programs run through the Python "
        "function; move the kernel to the top level of a module (not a script or a prompt)",
        getattr(kernel, "__qualname__", kernel),
        getattr(kernel, "__module__", None),
    )
    return None


@cache
def symbol(reference: str) -> str:
    """The name of a kernel in generated modules."""
    return "K_" + "".join(ch if ch.isalnum() else "_" for ch in reference)
