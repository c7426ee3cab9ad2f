"""Programs as a Python function that stands alone.

Primitives with a ``python`` template become its expression; of others the function's own source is taken along
(:mod:`neurosynth.export.source`).  Values are Python's own: lists are lists, bit-vectors are non-negative integers.
Where the program's value is undefined, the function raises.

Inside neurosynth lists travel as tuples.  Code that would behave differently on lists (a set of lists) is written with
tuples instead; with a task at hand, what is written is also run on its examples before it is handed out.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import string
from dataclasses import dataclass
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.json import inputs_of
from neurosynth.export.source import Sources, identifier
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable, variable_name
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type, TypeConstructor, is_ground

__all__ = ["PythonExporter", "identifier"]

_LONG = 72
"""Characters from which an argument gets a line and a name of its own."""

_FROZEN = '''def frozen(value):
    """Lists as tuples, all the way down."""
    return tuple((frozen(v) for v in value)) if isinstance(value, (list, tuple)) else value'''

_THAWED = '''def thawed(value):
    """Tuples as lists, all the way down."""
    return [thawed(v) for v in value] if isinstance(value, (list, tuple)) else value'''


@dataclass(frozen=True, kw_only=True)
class PythonExporter:
    """Readable Python without imports of neurosynth."""

    name: str = "python"
    function: str = "program"
    """What the function is called."""

    def __post_init__(self) -> None:
        if not self.function.isidentifier() or keyword.iskeyword(self.function):
            raise ExportError(f"{self.function!r} is no name of a Python function")

    def export(self, program: Program, task: Task | None = None) -> str:
        """The source of a module that defines the function.

        Raises:
            ExportError: when the source of a primitive cannot be had, or the code does not do what the program does.
        """
        nested = any(_depth(p.type) > 1 for p in program.subprograms())
        for tuples in (True,) if nested else (False, True):
            code = _module(program, task, self.function, tuples=tuples)
            if task is None or _agrees(code, self.function, program, task):
                return code
        raise ExportError(f"the Python code of {program} does not give what the program gives; check python= templates")


def _agrees(code: str, function: str, program: Program, task: Task) -> bool:
    space: dict[str, Any] = {}
    exec(compile(code, "<exported program>", "exec"), space)
    reference = Evaluator().function(program)
    domains, output = [domain_of(t) for t in task.parameters], domain_of(task.output_type)
    for e in task.examples:
        wanted = reference(e.inputs)
        if wanted is UNDEFINED:
            continue
        try:
            found = space[function](*(d.thaw(v) for d, v in zip(domains, e.inputs, strict=True)))
        except Exception:  # whatever it raises, it is not the program's value
            return False
        if output.key(output.freeze(found)) != output.key(wanted):
            return False
    return True


def _module(program: Program, task: Task | None, function: str, *, tuples: bool) -> str:
    """Imports, constants, helpers, the function."""
    sources = Sources({*dir(builtins), *keyword.kwlist, function, "frozen", "thawed"})
    inputs = {i.index: (sources.name(identifier(i.name or i.head)), i.type) for i in inputs_of(program, task)}
    sources.taken.update(variable_name(level) for level in range(23))
    writer = _Writer(sources, {i: name for i, (name, _) in inputs.items()}, {}, tuples=tuples)
    value = writer.simplified(writer.text(program, (), strict=True, root=True))
    parameters = ", ".join(f"{name}: {sources.annotation(t)}" for name, t in inputs.values())
    body = [f"# {_printable(str(program))}"]
    if tuples:
        body += [f"{name} = frozen({name})" for name, t in inputs.values() if _depth(t)]
        value = f"thawed({value})"
    body += [*writer.lines, f"return {value}"]
    head = f"def {function}({parameters}) -> {sources.annotation(program.type)}:"
    top = "\n".join([*sources.imports, *sources.constants])
    blocks = [top, *((_FROZEN, _THAWED) if tuples else ()), *sources.definitions, "\n    ".join([head, *body])]
    return "\n\n\n".join(block for block in blocks if block) + "\n"


def _printable(text: str) -> str:
    """One line that any editor shows: other characters (of a column's name) escaped."""
    return "".join(ch if ch.isprintable() else ascii(ch)[1:-1] for ch in " ".join(text.splitlines()))


class _Hex(int):
    """A number that is written in hexadecimal digits."""

    def __repr__(self) -> str:
        return hex(self)


class _Writer:
    """Writes the expressions of one function."""

    def __init__(self, sources: Sources, inputs: dict[int, str], macros: dict[str, str], *, tuples: bool) -> None:
        self.sources, self.inputs, self.macros, self.tuples = sources, inputs, macros, tuples
        self.lines: list[str] = []

    def simplified(self, expression: str) -> str:
        """Without needless parentheses; bit-vectors stay hexadecimal."""
        tree = ast.parse(expression, mode="eval")
        source = expression.encode()
        lines = [0, *(i + 1 for i, byte in enumerate(source) if byte == ord("\n"))]
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and type(node.value) is int:
                start = lines[node.lineno - 1] + node.col_offset
                if source[start : start + 2] == b"0x":
                    node.value = _Hex(node.value)
        return ast.unparse(tree)

    def text(self, p: Program, scope: tuple[str, ...], *, strict: bool, root: bool = False) -> str:
        """The expression of a program; ``scope`` names the variables of the lambdas around it.

        ``strict``: evaluated exactly once whenever the function runs, so that it may have a line of its own.
        """
        match p:
            case Input(index):
                return self.inputs[index]
            case Variable(index):
                return scope[-1 - index]
            case Constant(value, t):
                return self.constant(value, t)
            case Lambda(parameters, body):
                names = tuple(self.variable(len(scope) + i) for i in range(len(parameters)))
                return f"(lambda {', '.join(names)}: {self.text(body, scope + names, strict=False)})"
            case Apply(primitive, arguments):
                inner = strict and not primitive.lazy
                written = self.apply(primitive, [self.text(a, scope, strict=inner) for a in arguments])
                if strict and not root and len(written) > _LONG:
                    return self.named(written)
                return written
        raise AssertionError(p)

    def named(self, expression: str) -> str:
        name = self.sources.name(f"step{len(self.lines) + 1}")
        self.lines.append(f"{name} = {self.simplified(expression)}")
        return name

    def variable(self, level: int) -> str:
        name = variable_name(level)
        while name in self.inputs.values():
            name += "_"
        return name

    def constant(self, value: Any, t: Type) -> str:
        domain = domain_of(t)
        if self.tuples and domain.element is not None:
            return f"({''.join(self.constant(v, domain.element.type) + ', ' for v in value)})"
        return f"({domain.source(value, self.sources.reference)})"

    def apply(self, primitive: Primitive, arguments: list[str]) -> str:
        if primitive.macro is not None:
            written = f"{self.macro(primitive)}({', '.join(arguments)})"
        elif primitive.python is not None and not self.tuples:
            written = self.fill(primitive, arguments)
        else:
            passed = [f"(lambda: {a})" for a in arguments] if primitive.lazy else arguments
            written = self.sources.call(primitive.function, passed)
            if self.tuples and _depth(primitive.result):
                written = f"frozen({written})"
        return f"({written})"

    def fill(self, primitive: Primitive, arguments: list[str]) -> str:
        assert primitive.python is not None
        sizes = {name: str(value) for name, value in primitive.sizes.items()}
        try:
            return string.Formatter().vformat(primitive.python, arguments, sizes)
        except (IndexError, KeyError, ValueError) as error:
            raise ExportError(
                f"the python= template of {primitive.name}, {primitive.python!r}, cannot be filled: {error!r}; "
                f"allowed: {{0}} to {{{primitive.arity - 1}}} and the sizes {', '.join(sizes) or '(none)'}"
            ) from None

    def macro(self, primitive: Primitive) -> str:
        """The name of the function a macro becomes."""
        if primitive.name not in self.macros:
            name = self.macros[primitive.name] = self.sources.name(identifier(primitive.name))
            parameters = [f"x{i}" for i in range(primitive.arity)]
            writer = _Writer(self.sources, dict(enumerate(parameters)), self.macros, tuples=self.tuples)
            value = writer.simplified(writer.text(primitive.macro, (), strict=False))
            self.sources.definitions.append(f"def {name}({', '.join(parameters)}):\n    return {value}")
        return self.macros[primitive.name]


def _depth(t: Type) -> int:
    """How many lists values of a type are inside each other; what may be anything counts as a list."""
    if not isinstance(t, TypeConstructor) or not is_ground(t):
        return 1
    inner = domain_of(t).element
    return 0 if inner is None else 1 + _depth(inner.type)
