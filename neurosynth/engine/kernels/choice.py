"""The compiled loop of a production: its kernel, and everything that its text depends on.

Only one loop depends on a kernel: it applies the kernel to ``n`` cells (a candidate in a column), laid out flat. Looking up and storing
are shared code. Measured: a separate loop with hashing and storing inlined ran up to four times faster on 64-bit additions, but took 1
to 1.5 s to compile for each kernel, a minute for the language ``lists``. This one takes 0.1 to 0.2 s.

Kinds: ``w`` words (int64), ``u`` bit-vectors (uint64), ``c`` strings, ``i`` lists of words, ``f`` functions over
words, ``t`` functions to sequences that are tables of their values, ``o`` anything else (Python objects; never compiled).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.engine.kernels.kinds import kind_of, reference_of, symbol
from neurosynth.engine.kernels.macros import MacroText, macro_text, texts_of
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.language.undoing import undoing
from neurosynth.values.registry import domain_of

__all__ = [
    "NOTES",
    "Loop",
    "condition_loop",
    "inverse_kernel_of",
    "kernel_of",
    "kind_of",
    "reference_of",
    "references",
    "rename",
]

CONCATENATE = "neurosynth.engine.hashing:concatenation"
"""The meaning of ``hash_kernel="concat"``."""

NOTES = 8
"""Number of words in a hash kernel's notes for a column."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Everything that the text of a loop depends on."""

    kernel: str
    """``module:function``, ``select``, or an expression over ``a0, a1 …`` prefixed with ``=``."""
    arguments: str
    """Kinds of the arguments, one letter each."""
    result: str
    hashed: str = ""
    """``module:function`` that computes length and hash of the result from those of the arguments, if there is one."""
    noted: str = ""
    """``module:function`` that computes its notes from all arguments except the last, if there is one."""
    sizes: int = 0
    slices: bool = False
    """Whether the kernel returns a piece of the first argument as start and length."""
    machine: str = ""
    """Name of the module that applies functions, if an argument is one."""
    modules: tuple[str, ...] = ()
    """Modules that an expression kernel reads."""
    macros: tuple[MacroText, ...] = ()
    """Further functions in the text: those of a macro's body."""

    @property
    def unchanged(self) -> bool:
        """Whether the kernel may answer that the result is its unchanged first argument."""
        own = not self.macros  # a macro copies unchanged values
        return self.result in ("c", "i") and self.arguments[:1] == self.result and not self.slices and own

    def reads_hash(self, position: int) -> bool:
        """Whether the loop gets the hashes of an argument."""
        return self.arguments[position] in "ci" and (bool(self.hashed) or (self.unchanged and position == 0))


def kernel_of(primitive: Primitive, arguments: str, result: str, points: tuple[int, ...] = ()) -> Loop | None:
    """The loop of a primitive at these kinds, or None if it has no kernel for them; ``points`` as in :func:`macro_text`."""
    if "o" in arguments or result in ("o", "f"):
        return None
    if primitive.macro is not None:
        expression = _macro_expression(primitive)
        if expression is not None:
            return Loop(expression[0], arguments, result, modules=expression[1])
        text = macro_text(primitive, arguments, result, points)
        return None if text is None else Loop(text.name, arguments, result, macros=tuple(texts_of([text])))
    reference = reference_of(primitive.kernel, arguments)
    if reference is None:
        return None
    noted, hashed = _hash_references(primitive.hash_kernel, arguments) if result in ("c", "i") else ("", "")
    return Loop(reference, arguments, result, hashed, noted, len(primitive.sizes), primitive.slices)


def inverse_kernel_of(primitive: Primitive, position: int, arguments: str, result: str) -> Loop | None:
    """The loop that computes argument ``position``, which is no function, from the output and the other arguments, or None."""
    if "o" in arguments + result or arguments[position] == "f" or ("f" in arguments and primitive.macro is not None):
        return None
    if primitive.macro is not None and (arguments, result) == ("u", "u"):
        found = _macro_inverse(primitive)
        return None if found is None else Loop(found[0], result, arguments, modules=found[1])
    if primitive.macro is not None:
        undone = undoing(primitive, position)
        given = result + arguments[:position] + arguments[position + 1 :]
        text = None if undone is None else macro_text(undone, given, arguments[position])
        return None if text is None else Loop(text.name, given, arguments[position], macros=tuple(texts_of([text])))
    if primitive.inverse_kernels is None:
        return None
    reference = reference_of(primitive.inverse_kernels[position], arguments)
    if reference is None:
        return None
    others = arguments[:position] + arguments[position + 1 :]
    return Loop(reference, result + others, arguments[position], sizes=len(primitive.sizes))


def _hash_references(kernel: Any, arguments: str) -> tuple[str, str]:
    """The functions for notes and for hashes; empty if there is none."""
    noted, hashed = kernel if isinstance(kernel, tuple) else (None, kernel)
    found = reference_of(hashed, arguments) or ""
    return reference_of(noted, arguments) or "", CONCATENATE if found == "concat" else found


def condition_loop(condition: Program, kind: str, index: int) -> Loop | None:
    """The loop of a condition over the single input ``index``, or None if it has no kernels."""
    expression = _expression(condition)
    if expression is None:
        return None
    return Loop("=" + re.sub(rf"\ba{index}\b", "a0", expression[0][1:]), kind, "w", modules=expression[1])


def _macro_expression(primitive: Primitive) -> tuple[str, tuple[str, ...]] | None:
    """A macro's body as one nested call of kernels, if all its parts are over words or bit-vectors."""
    return _expression(primitive.macro)


def _expression(body: Program) -> tuple[str, tuple[str, ...]] | None:
    modules: dict[str, None] = {}

    def text(p: Program) -> str | None:
        kind = kind_of(p.type)
        if kind != "u" and not (kind == "w" and domain_of(p.type).few):  # other words may be undefined in between
            return None
        if isinstance(p, Input):
            return f"a{p.index}"
        if isinstance(p, Constant):
            return f"{'uint64' if kind == 'u' else 'int64'}({int(p.value)})"
        if not isinstance(p, Apply):
            return None
        parts = [text(a) for a in p.arguments]
        if any(part is None for part in parts):
            return None
        if p.primitive.macro is not None:
            inner = _macro_expression(p.primitive)
            if inner is None or "select" in inner[0]:
                return None
            modules.update(dict.fromkeys(inner[1]))
            return rename(inner[0][1:], [str(part) for part in parts])
        reference = reference_of(p.primitive.kernel, "".join(kind_of(a.type) for a in p.arguments))
        if reference == "select":
            return f"({parts[1]} if {parts[0]} != 0 else {parts[2]})"
        if reference is None or ":" not in reference:
            return None
        modules[reference] = None
        cast = "uint64" if kind == "u" else "int64"
        sizes = [f"int64({p.primitive.sizes[s]})" for s in sorted(p.primitive.sizes)]
        return f"{cast}({symbol(reference)}({', '.join([*map(str, parts), *sizes])}))"

    found = text(body)
    return None if found is None else ("=" + found, tuple(modules))


def _macro_inverse(primitive: Primitive) -> tuple[str, tuple[str, ...]] | None:
    """The inverse of a macro with one bit-vector argument that occurs once: the inverses along the path to it, nested."""
    text, modules, body = "a0", dict[str, None](), primitive.macro
    while not isinstance(body, Input):
        if not isinstance(body, Apply):
            return None
        kinds = "".join(kind_of(a.type) for a in body.arguments)
        open_ = [i for i, a in enumerate(body.arguments) if any(isinstance(p, Input) for p in a.subprograms())]
        if len(open_) != 1 or set(kinds) != {"u"} or kind_of(body.type) != "u":
            return None
        if body.primitive.macro is not None:
            inner = _macro_inverse(body.primitive) if body.primitive.arity == 1 else None
            if inner is None:
                return None
            modules.update(dict.fromkeys(inner[1]))
            text = rename(inner[0][1:], [text])
        else:
            kernels = body.primitive.inverse_kernels
            reference = reference_of(kernels[open_[0]], kinds) if kernels is not None else None
            known = [_expression(a) for i, a in enumerate(body.arguments) if i != open_[0]]
            if reference is None or None in known:
                return None
            modules[reference] = None
            for part in known:
                modules.update(dict.fromkeys(part[1] if part is not None else ()))
            parts = [text, *(part[0][1:] for part in known if part is not None)]
            sizes = [f"int64({body.primitive.sizes[s]})" for s in sorted(body.primitive.sizes)]
            text = f"uint64({symbol(reference)}({', '.join([*parts, *sizes])}))"
        body = body.arguments[open_[0]]
    return "=" + text, tuple(modules)


def rename(expression: str, parts: Sequence[str]) -> str:
    """The expression with ``parts`` instead of ``a0``, ``a1`` …"""
    return re.sub(r"\ba(\d+)\b", lambda m: f"({parts[int(m.group(1))]})", expression)


def references(loop: Loop) -> list[str]:
    """The kernels, ``module:function``, that a loop calls."""
    if loop.kernel.startswith("="):
        return list(loop.modules)
    inner = (r for macro in loop.macros for r in macro.references)
    return list(dict.fromkeys([*(r for r in (loop.kernel, loop.noted, loop.hashed) if ":" in r), *inner]))
