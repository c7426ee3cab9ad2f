"""Kernels of macros: the kernels of a body's parts, combined into one function, as text for generated modules.

A macro's function is called like any kernel (``docs/kernels.md``): scratch, if an argument is a function; ``out``, if the result is a
sequence; then the arguments. Intermediate sequences have separate arrays. Lambdas of the body become functions of words that get the
arguments which they read in a tuple. If a part has no kernel, the macro has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from neurosynth.engine.constants import ASK_REFERENCE, UNCHANGED
from neurosynth.engine.kernels.kinds import kind_of, reference_of, symbol
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.undoing import instance_of
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow

__all__ = ["MacroText", "macro_text", "texts_of"]

_ROOM = 4096
"""Number of elements of an intermediate sequence if the search's own limit is unknown."""


@dataclass(frozen=True, slots=True)
class MacroText:
    """The function of a macro at some kinds of arguments."""

    name: str
    source: str
    references: tuple[str, ...]
    """Kernels, ``module:function``, that it calls."""
    needs: tuple[MacroText, ...] = ()
    """Macros that it calls."""


class _NoKernel(Exception):
    """A part of the body has no kernel."""


def macro_text(primitive: Primitive, arguments: str, result: str, points: tuple[int, ...] = ()) -> MacroText | None:
    """The function of a macro for arguments and a result of these kinds, or None if a part has no kernel for its kinds.

    ``points`` are the integers that functions of one integer to sequences are called with, if the language declares them: such
    functions in the body become tables of their values.
    """
    body: Program = primitive.macro
    if "o" in arguments or result in ("o", "f"):
        return None
    given = zip(primitive.parameters, arguments, strict=True)
    if any(not isinstance(t, Arrow) if k == "t" else kind_of(t) != k for t, k in given):
        return None  # a polymorphic body: only an instance has kinds
    return _text(body, primitive.type if isinstance(primitive.type, Arrow) else None, arguments, result, points)


@lru_cache(maxsize=1024)
def _text(
    body: Program, signature: Arrow | None, arguments: str, result: str, points: tuple[int, ...]
) -> MacroText | None:
    """``signature`` distinguishes bodies with equal nodes whose functions take other types."""
    writer = _Writer(arguments, result, points)
    try:
        source = writer.function(body)
    except _NoKernel:
        return None
    name = f"M_{hashlib.sha256(source.encode()).hexdigest()[:12]}"
    return MacroText(name, source.replace("@@", name), tuple(writer.references), tuple(writer.needs))


def texts_of(macros: Sequence[MacroText]) -> Iterator[MacroText]:
    """The macros and those that they call, each once and after those that it calls."""
    seen: set[str] = set()

    def visit(one: MacroText) -> Iterator[MacroText]:
        if one.name not in seen:
            seen.add(one.name)
            for needed in one.needs:
                yield from visit(needed)
            yield one

    for one in macros:
        yield from visit(one)


@dataclass
class _Block:
    """Lines being written, and the statement for undefined values."""

    lines: list[str]
    indent: str
    fail: tuple[str, ...]
    variables: tuple[str, ...] = ()
    """The parameters of a lambda, innermost last."""
    captured: Mapping[int, str] | None = None
    """For a lambda, the words of the macro's arguments; None in the macro itself."""

    def add(self, *lines: str) -> None:
        """More lines at this depth."""
        self.lines += [self.indent + line for line in lines]

    def check(self, test: str) -> None:
        """The result is undefined if the test holds."""
        self.add(f"if {test}:", *(f"    {line}" for line in self.fail))

    def inner(self) -> _Block:
        """The same, one step further in."""
        return _Block(self.lines, self.indent + "    ", self.fail, self.variables, self.captured)


_LETTERS = {"w": "a", "u": "a", "c": "din", "i": "din", "f": "gf", "t": "dsl"}
"""Prefix of an argument's names: for a table, its data, starts and lengths."""

Sequence3 = tuple[str, str, str]
"""Names of a sequence's array, start and length."""


@dataclass
class _Writer:
    arguments: str
    result: str
    points: tuple[int, ...] = ()
    references: dict[str, None] = field(default_factory=dict)
    needs: dict[MacroText, None] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    names: int = 0

    def function(self, body: Program) -> str:
        """All of the text."""
        sequence = self.result in "ci"
        parameters = ["scratch"] * ("f" in self.arguments) + ["out"] * sequence
        for k, kind in enumerate(self.arguments):
            parameters += [f"{letter}{k}" for letter in _LETTERS[kind]]
        fail: tuple[str, ...] = ("return int64(-1)",) if sequence else ("return UNDEFINED",)
        if self.result == "u":
            fail = ()
        block = _Block([], "    ", fail)
        if "f" not in self.arguments and _has_functions(body):
            room = "4 * out.size" if sequence else str(4 * _ROOM)
            block.add(f"scratch = np.empty({room}, np.int64)")
        if sequence:
            self._into_out(body, block)
        else:
            block.add(f"return {self._word(body, block)}")
        head = f"@njit(nogil=True, _nrt=True)\ndef @@({', '.join(parameters)}):\n"
        return "\n\n".join([*self.functions, head + "\n".join(block.lines) + "\n"])

    def _name(self) -> str:
        self.names += 1
        return f"y{self.names}"

    def _into_out(self, body: Program, block: _Block) -> None:
        """Write the body's sequence to ``out``, and return its length."""
        if isinstance(body, Apply) and not self._slices(body) and self._reference(body)[0] != "select":
            call = self._call(body, block, "out")
            block.add(f"m = int64({call})")
            if self._may_be_unchanged(body):
                d, i, n = self._sequence(body.arguments[0], block)
                block.add(f"if m != {UNCHANGED}:", "    return m")
                self._copy((d, i, n), block)
            else:
                block.add("return m")
            return
        self._copy(self._sequence(body, block), block)

    @staticmethod
    def _copy(found: Sequence3, block: _Block) -> None:
        d, i, n = found
        block.check(f"{n} > out.size")
        block.add(f"for t in range({n}):", f"    out[t] = {d}[{i} + t]", f"return int64({n})")

    # --- words ----------------------------------------------------------------------------------------------------------

    def _word(self, p: Program, block: _Block) -> str:
        """An expression for a word or bits; statements that it needs are written first."""
        kind = kind_of(p.type)
        if kind not in "wu":
            raise _NoKernel
        match p:
            case Input(index):
                return f"a{index}" if block.captured is None else block.captured[index]
            case Variable(index):
                return block.variables[-1 - index]
            case Constant(value):
                return f"{'uint64' if kind == 'u' else 'int64'}({int(domain_of(p.type).encode(value))})"
            case Apply():
                return self._applied_word(p, kind, block)
        raise _NoKernel

    def _applied_word(self, p: Apply, kind: str, block: _Block) -> str:
        name = self._name()
        if self._reference(p)[0] == "select":
            condition, then, other = p.arguments
            block.add(f"if {self._word(condition, block)} != 0:")
            for branch, last in ((then, False), (other, True)):
                inner = block.inner()
                inner.add(f"{name} = {self._word(branch, inner)}")
                if not last:
                    block.add("else:")
            return name
        cast = "uint64" if kind == "u" else "int64"
        block.add(f"{name} = {cast}({self._call(p, block, '')})")
        if kind == "w":
            if not block.fail:
                raise _NoKernel  # bits have no undefined word
            block.check(f"{name} == UNDEFINED")
        return name

    # --- sequences --------------------------------------------------------------------------------------------------------

    def _sequence(self, p: Program, block: _Block) -> Sequence3:
        """Array, start and length of a sequence; statements that it needs are written first."""
        kind = kind_of(p.type)
        if kind not in "ci" or block.captured is not None:
            raise _NoKernel
        match p:
            case Input(index):
                return f"d{index}", f"i{index}", f"n{index}"
            case Constant(value):
                return self._constant(p, value, kind, block)
            case Apply(primitive, ()) if not primitive.macro and (value := Evaluator().run(p, ())) is not UNDEFINED:
                return self._constant(p, value, kind, block)
            case Apply() if self._reference(p)[0] == "select":
                return self._selected(p, block)
            case Apply():
                return self._applied_sequence(p, kind, block)
        raise _NoKernel

    def _constant(self, p: Program, value: Any, kind: str, block: _Block) -> Sequence3:
        encoded = [ord(x) if isinstance(x, str) else int(x) for x in domain_of(p.type).encode(value)]
        if kind == "c" and any(x > 127 for x in encoded):
            raise _NoKernel  # they would not fit if characters are bytes
        name = self._name()
        block.add(f"{name} = np.empty({max(1, len(encoded))}, {self._dtype(kind)})")
        block.add(*(f"{name}[{k}] = {x}" for k, x in enumerate(encoded)))
        return name, "0", str(len(encoded))

    def _dtype(self, kind: str) -> str:
        if kind == "i":
            return "np.int64"
        known = next((f"d{k}.dtype" for k, other in enumerate(self.arguments) if other == "c"), None)
        if known is None and self.result == "c":
            known = "out.dtype"
        if known is None:
            raise _NoKernel  # characters may or may not be bytes, which is unknown here
        return known

    def _selected(self, p: Apply, block: _Block) -> Sequence3:
        condition, then, other = p.arguments
        name = self._name()
        found = f"{name}d", f"{name}i", f"{name}n"
        block.add(f"if {self._word(condition, block)} != 0:")
        for branch, last in ((then, False), (other, True)):
            inner = block.inner()
            d, i, n = self._sequence(branch, inner)
            inner.add(f"{found[0]} = {d}", f"{found[1]} = int64({i})", f"{found[2]} = int64({n})")
            if not last:
                block.add("else:")
        return found

    def _applied_sequence(self, p: Apply, kind: str, block: _Block) -> Sequence3:
        name = self._name()
        if self._slices(p):
            whole = self._sequence(p.arguments[0], block)
            block.add(f"{name}, {name}m = {self._call(p, block, '', whole)}")
            block.check(f"{name}m < 0")
            return whole[0], name, f"{name}m"
        room = "out.size" if self.result in "ci" else "scratch.size // 4" if "f" in self.arguments else str(_ROOM)
        block.add(f"{name} = np.empty({room}, {self._dtype(kind)})")
        first = self._sequence(p.arguments[0], block) if self._may_be_unchanged(p) else None
        block.add(f"{name}m = int64({self._call(p, block, name, first)})")
        if self.result in "ci":
            block.add(f"if {name}m == {ASK_REFERENCE}:", f"    return int64({ASK_REFERENCE})")
        if first is None:
            block.check(f"{name}m < 0")
            return name, "0", f"{name}m"
        found = f"{name}d", f"{name}i", f"{name}n"
        unchanged = [
            f"{a} = {b}" for a, b in zip(found, (first[0], f"int64({first[1]})", f"int64({first[2]})"), strict=True)
        ]
        block.add(f"if {name}m == {UNCHANGED}:", *(f"    {line}" for line in unchanged), "else:")
        inner = block.inner()
        inner.check(f"{name}m < 0")
        inner.add(f"{found[0]} = {name}", f"{found[1]} = int64(0)", f"{found[2]} = {name}m")
        return found

    # --- calls ------------------------------------------------------------------------------------------------------------

    def _kinds(self, p: Apply) -> str:
        """The kinds of the arguments; ``t`` if a lambda is a table of sequences."""
        return "".join("t" if self._is_table(a) else kind_of(a.type) for a in p.arguments)

    def _is_table(self, p: Program) -> bool:
        if isinstance(p, Input):
            return self.arguments[p.index] == "t"
        if not isinstance(p, Lambda) or len(p.parameters) != 1 or not self.points:
            return False
        return kind_of(p.parameters[0]) == "w" and kind_of(p.body.type) == "i"

    def _table(self, p: Lambda, block: _Block) -> tuple[str, str, str]:
        """Arrays with the values of a function at all points, their starts and their lengths; -1 if it has none."""
        name, count = self._name(), len(self.points)
        data, starts, lengths, filled = (f"{name}{letter}" for letter in "dslf")
        block.add(f"{data} = np.empty({count} * out.size, np.int64)", f"{filled} = 0")
        block.add(f"{starts}, {lengths} = np.empty({count}, np.int64), np.empty({count}, np.int64)")
        block.add(f"for {name} in range({count}):", f"    {starts}[{name}], {lengths}[{name}] = {filled}, -1")
        variable = f"{name}v"
        inner = _Block(block.lines, block.indent + "    ", ("continue",), (*block.variables, variable))
        inner.add(f"{variable} = int64({self.points[0]}) + {name}")
        d, i, n = self._sequence(p.body, inner)
        inner.add(f"for t in range({n}):", f"    {data}[{filled} + t] = {d}[{i} + t]")
        inner.add(f"{lengths}[{name}] = {n}", f"{filled} += {n}")
        return data, starts, lengths

    def _reference(self, p: Apply) -> tuple[str, MacroText | None]:
        """The function to call: a kernel's symbol, or a macro's name; ``select`` for a conditional."""
        kinds = self._kinds(p)
        primitive = p.primitive
        if primitive.macro is not None:
            instance = instance_of(p)
            text = macro_text(instance, kinds, kind_of(p.type), self.points)
            if text is None:
                raise _NoKernel
            self.needs[text] = None
            return text.name, text
        reference = reference_of(primitive.kernel, kinds)
        if reference == "select":
            return "select", None
        if reference is None or ":" not in reference:
            raise _NoKernel
        self.references[reference] = None
        return symbol(reference), None

    def _slices(self, p: Apply) -> bool:
        return p.primitive.macro is None and p.primitive.slices

    def _may_be_unchanged(self, p: Apply) -> bool:
        """Whether the kernel may answer that the result is the first argument."""
        return p.primitive.macro is None and bool(p.arguments) and kind_of(p.arguments[0].type) == kind_of(p.type)

    def _call(self, p: Apply, block: _Block, out: str, first: Sequence3 | None = None) -> str:
        """The call of an application's kernel; ``first`` is its first argument if that is written already."""
        name, _ = self._reference(p)
        kinds = self._kinds(p)
        call = ["scratch"] * ("f" in kinds) + ([out] if out else [])
        if "f" in kinds and block.captured is not None:
            raise _NoKernel
        for k, (argument, kind) in enumerate(zip(p.arguments, kinds, strict=True)):
            if kind in "wu":
                call.append(self._word(argument, block))
            elif kind in "ci":
                call += first if k == 0 and first is not None else self._sequence(argument, block)
            elif kind == "f":
                call += self._applier(argument)
            elif isinstance(argument, Lambda) and kind == "t":
                call += self._table(argument, block)
            elif isinstance(argument, Input) and kind == "t":
                call += [f"{letter}{argument.index}" for letter in _LETTERS[kind]]
            else:
                raise _NoKernel
        call += [f"int64({p.primitive.sizes[s]})" for s in sorted(p.primitive.sizes)]
        return f"{name}({', '.join(call)})"

    def _applier(self, p: Program) -> tuple[str, str]:
        """The function that applies a function, and the function."""
        if isinstance(p, Input):
            return f"g{p.index}", f"f{p.index}"
        if not isinstance(p, Lambda):
            raise _NoKernel
        number = len(self.functions)
        used = sorted({n.index for n in p.subprograms() if isinstance(n, Input)})
        if any(self.arguments[k] != "w" for k in used):
            raise _NoKernel
        captured = {k: f"f[{position}]" for position, k in enumerate(used)}
        parameters = ["p0", "p1"][: len(p.parameters)]
        inner = _Block([], "        ", ("out[t] = UNDEFINED", "continue"), tuple(parameters), captured)
        inner.add(*(f"{v} = {array}[{start} + t]" for v, array, start in zip(parameters, "ab", "ij", strict=False)))
        inner.add(f"out[t] = {self._word(p.body, inner)}")
        name = f"@@_{number}"
        text = f"@njit(nogil=True)\ndef {name}_all(f, a, i, b, j, n, out):\n    for t in range(n):\n" + "\n".join(
            inner.lines
        )
        # as in the machine that applies functions: a stub is resolved during compilation, and nothing is passed
        text += f"\n\n\ndef {name}(f, a, i, b, j, n, out):\n    {name}_all(f, a, i, b, j, n, out)\n\n\n"
        text += f"@overload({name})\ndef {name}_overload(f, a, i, b, j, n, out):\n"
        text += f"    return lambda f, a, i, b, j, n, out: {name}_all(f, a, i, b, j, n, out)\n"
        self.functions.append(text)
        words = ", ".join(f"int64(a{k})" for k in used) or "int64(0)"
        return name, f"({words},)"


def _has_functions(body: Program) -> bool:
    return any(isinstance(p, Lambda) for p in body.subprograms())
