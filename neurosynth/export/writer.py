"""The lines of one exported function: expressions, names for steps, branches, and tests for missing values.

A conditional at the top becomes ``if`` and ``return``. A long argument, or a part that occurs several times, gets a separate line and a
name if it is computed whenever the lines around it are. If values may be missing, the function tests for ``None`` once, at the top, and
again only where a step may return it.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.layout import simplified
from neurosynth.export.laziness import skips
from neurosynth.export.nullness import has_missing, may_be_missing, strict_inputs, tested_input
from neurosynth.export.source import Sources, identifier
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable, variable_name
from neurosynth.values.registry import domain_of
from neurosynth.values.types import STRING, Type, TypeConstructor, is_ground

__all__ = ["Writer", "folded"]

_LONG = 72
"""Number of characters from which an argument gets a separate line and a name."""
_REPEATED = 16
"""Number of characters from which a part that occurs several times gets them."""
_NAMES = {
    "string": "text",
    "decimal": "number",
    "date": "day",
    "datetime": "moment",
    "time": "clock",
    "duration": "span",
    "list string": "pieces",
}
"""Names of steps by their types, if values may be missing; otherwise ``step1`` …"""


def folded(program: Program) -> Program:
    """The program with parts that read no input replaced by constants: ``"1"`` for ``(int.to.str 1)``."""
    if not isinstance(program, (Apply, Lambda)):
        return program
    if isinstance(program, Lambda):
        return Lambda(program.parameters, folded(program.body))
    arguments = tuple(folded(a) for a in program.arguments)
    changed = Apply(program.primitive, arguments, program.type)
    constant = all(isinstance(a, Constant) for a in arguments) and arguments
    if not constant or not isinstance(program.type, TypeConstructor) or program.primitive.lazy:
        return changed
    value = Evaluator().run(changed, ())
    return changed if value is UNDEFINED or value is None else Constant(value, program.type)


def _uses(program: Program) -> Counter[Program]:
    """How often each application occurs as an argument, for parts that are written once."""
    counts: Counter[Program] = Counter()
    left, seen = [program], {program}
    while left:
        for child in left.pop().children:
            counts[child] += 1
            if child not in seen:
                seen.add(child)
                left.append(child)
    return counts


class Writer:
    """Writes one function."""

    def __init__(
        self, sources: Sources, inputs: dict[int, str], macros: dict[str, str], *, tuples: bool, templates: bool = True
    ) -> None:
        """``tuples``: lists are tuples. ``templates``: primitives are written by their templates, not as calls of their own source."""
        self.sources, self.inputs, self.macros = sources, inputs, macros
        self.tuples, self.templates = tuples, templates
        self.lines: list[str] = []
        self.present: frozenset[int] = frozenset()
        self.known: dict[Program, str] = {}
        self.counts: Counter[Program] = Counter()
        self.missing = False

    def block(self, program: Program) -> list[str]:
        """The lines that return the value of the program."""
        self.missing = has_missing(program)
        return self._block(program)

    def _block(self, program: Program) -> list[str]:
        outer = self.lines, self.known, self.present, self.counts
        self.lines, self.known = [], dict(self.known)
        self.counts = _uses(program)
        self._guard(program)
        if self.missing and isinstance(program, Apply) and program.primitive.kernel == "select":
            self._branches(program)
        else:
            value = simplified(self.text(program, (), strict=True, root=True))
            self.lines.append(f"return thawed({value})" if self.tuples else f"return {value}")
        lines = self.lines
        self.lines, self.known, self.present, self.counts = outer
        return lines

    def _guard(self, program: Program) -> None:
        """Test at the top for inputs that make the value missing if they are missing."""
        if not self.missing or not isinstance(program, Apply) or program.primitive.missing == "":
            return
        if program.primitive.missing == "seen" and not program.arguments:
            return
        strict = strict_inputs(program, frozenset(self.inputs)) - self.present
        if strict:
            tests = " or ".join(f"{self.inputs[i]} is None" for i in sorted(strict))
            self.lines += [f"if {tests}:", "    return None"]
            self.present |= strict

    def _branches(self, program: Apply) -> None:
        condition, then, otherwise = program.arguments
        test = self.text(condition, (), strict=True)
        if may_be_missing(condition, self.present):
            test = self.named(test, condition.type)
            self.lines += [f"if {test} is None:", "    return None"]
        self.lines.append(f"if {simplified(test)}:")
        self.lines += [f"    {line}" for line in self._block(then)]
        self.present |= tested_input(condition)
        self.lines += self._block(otherwise)

    def text(self, p: Program, scope: tuple[str, ...], *, strict: bool, root: bool = False) -> str:
        """The expression of a program; ``scope`` names the variables of enclosing lambdas.

        ``strict``: it is evaluated exactly once whenever the lines around it run, so that it may get a separate line.
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
            case Apply():
                return self._application(p, scope, strict=strict, root=root)
        raise AssertionError(p)

    def _application(self, p: Apply, scope: tuple[str, ...], *, strict: bool, root: bool) -> str:
        if p in self.known:
            return self.known[p]
        first_always = p.primitive.missing == "seen"  # its first argument is evaluated whatever the others are
        joins = p.primitive.python == "{0} + {1}" and p.type == STRING  # a summand of texts needs no name
        texts = [
            self.text(
                a,
                scope,
                strict=strict and (not p.primitive.lazy or (first_always and i == 0)),
                root=joins and isinstance(a, Apply) and a.primitive == p.primitive and self.counts[a] < 2,
            )
            for i, a in enumerate(p.arguments)
        ]
        tests = self._tests(p, texts, strict=strict)
        call = Call(self, p, texts, strict and not tests)  # separate lines would run before the test
        written = self.apply(p.primitive, call)
        for name, expression in reversed(call.bindings):
            written = f"((lambda {name}: {written})({expression}))"
        if tests:
            written = f"(None if {' or '.join(tests)} else {written})"
        again = self.counts[p] > 1 and len(written) > _REPEATED
        if strict and not root and (again or len(written) > _LONG):
            name = self.known[p] = self.named(written, p.type)
            return name
        return written

    def _tests(self, p: Apply, texts: list[str], *, strict: bool) -> list[str]:
        """The tests before the primitive is applied; tested arguments are names afterwards."""
        asked = p.arguments if p.primitive.missing in ("passes", "gives") else ()
        if p.primitive.missing == "seen" and p.primitive.kernel == "select":
            asked = p.arguments[:1]
        tests = []
        for i, argument in enumerate(asked):
            if not may_be_missing(argument, self.present):
                continue
            if not texts[i].isidentifier():
                if strict:
                    texts[i] = self.named(texts[i], argument.type)
                else:
                    name = self.fresh(argument.type)
                    tests.append(f"({name} := {texts[i]}) is None")
                    texts[i] = name
                    continue
            tests.append(f"{texts[i]} is None")
        return tests

    def fresh(self, t: Type) -> str:
        """A new name for a value of a type."""
        usual = _NAMES.get(str(t)) if self.missing else None
        return self.sources.name(usual or f"step{len(self.lines) + 1}")

    def named(self, expression: str, t: Type) -> str:
        """A separate line for an expression; returns its name."""
        if expression.isidentifier():
            return expression
        name = self.fresh(t)
        self.lines.append(f"{name} = {simplified(expression)}")
        return name

    def variable(self, level: int) -> str:
        """The name of a lambda's parameter."""
        name = variable_name(level)
        while name in self.inputs.values():
            name += "_"
        return name

    def constant(self, value: Any, t: Type) -> str:
        """The expression of a constant."""
        domain = domain_of(t)
        if self.tuples and domain.element is not None:
            return f"({''.join(self.constant(v, domain.element.type) + ', ' for v in value)})"
        return f"({domain.source(value, self.sources.reference)})"

    def apply(self, primitive: Primitive, call: Call) -> str:
        """The expression that applies a primitive to expressions."""
        arguments = call.texts
        # what neither takes nor gives lists is written the same whatever lists are
        lists = any(map(_is_list, (primitive.result, *primitive.parameters)))
        own = self.templates and not (self.tuples and lists)
        if primitive.macro is not None:
            written = f"{self.macro(primitive)}({', '.join(arguments)})"
        elif primitive.python_call is not None and own:
            written = primitive.python_call(call)
        elif primitive.python is not None and own and not skips(primitive, call.programs):
            written = self.fill(primitive, arguments)
        else:
            passed = [f"(lambda: {a})" for a in arguments] if primitive.lazy else arguments
            written = self.sources.call(primitive.function, passed)
            if self.tuples and _is_list(primitive.result):
                written = f"frozen({written})"
        return f"({written})"

    def fill(self, primitive: Primitive, arguments: Sequence[str]) -> str:
        """A template with its arguments."""
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
        """The name of a macro's function."""
        if primitive.name not in self.macros:
            name = self.macros[primitive.name] = self.sources.name(identifier(primitive.name))
            parameters = [f"x{i}" for i in range(primitive.arity)]
            writer = Writer(
                self.sources, dict(enumerate(parameters)), self.macros, tuples=self.tuples, templates=self.templates
            )
            value = simplified(writer.text(primitive.macro, (), strict=False))
            head = f"def {name}({', '.join(parameters)}):\n{_docstring(primitive.doc)}"
            self.sources.definitions.append(f"{head}    return {value}")
        return self.macros[primitive.name]


def _docstring(doc: str) -> str:
    """The lines of a docstring, indented; none if there is nothing to say."""
    lines = doc.strip().replace("\\", "\\\\").replace('"', "'").split("\n")
    if lines == [""]:
        return ""
    if len(lines) == 1:
        return f'    """{lines[0]}"""\n'
    return "\n".join([f'    """{lines[0]}', "", *(f"    {line}".rstrip() for line in lines[1:]), '    """', ""])


@dataclass(slots=True)
class Call:
    """The argument of ``Primitive.python_call``; see :class:`neurosynth.language.primitive.PythonCall`."""

    writer: Writer
    program: Apply
    texts: list[str]
    strict: bool
    bindings: list[tuple[str, str]] = field(default_factory=list)
    """Names in the expression and their definitions, if they cannot have separate lines."""

    @property
    def arguments(self) -> Sequence[str]:
        """The arguments as Python expressions."""
        return self.texts

    @property
    def programs(self) -> Sequence[Program]:
        """The arguments as programs."""
        return self.program.arguments

    def is_constant(self, position: int) -> bool:
        """Whether an argument is a constant."""
        return isinstance(self.program.arguments[position], Constant)

    def constant(self, position: int) -> Any:
        """The value of an argument that is a constant."""
        argument = self.program.arguments[position]
        if not isinstance(argument, Constant):
            raise ExportError(
                f"argument {position + 1} of {self.program.primitive.name} is {argument}; exported code needs a constant there: "
                "write the format, unit or pattern into the program"
            )
        return argument.value

    @property
    def portable(self) -> bool:
        """Whether the expression must avoid what platforms do differently."""
        return self.writer.sources.portable

    @property
    def primitive(self) -> Primitive:
        """The primitive that is applied."""
        return self.program.primitive

    def literals(self, position: int) -> Sequence[str]:
        """The elements of an argument that is a constant list, as expressions."""
        element = domain_of(self.programs[position].type).element
        assert element is not None
        return [element.source(v, self.writer.sources.reference) for v in self.constant(position)]

    def named(self, position: int) -> str:
        """An argument as a name, for expressions that use it more than once."""
        self.texts[position] = self.bound(self.texts[position], self.program.arguments[position].type)
        return self.texts[position]

    def bound(self, expression: str, t: Type) -> str:
        """A name for an expression."""
        if re.fullmatch(r"\w+", expression):
            return expression
        if self.strict:
            return self.writer.named(expression, t)
        name = self.writer.fresh(t)
        self.bindings.append((name, expression))
        return name

    def function(self, position: int) -> tuple[str, str]:
        """Variable and body of an argument that is a lambda with one parameter."""
        found = re.fullmatch(r"\(lambda (\w+): (.*)\)", self.texts[position], re.DOTALL)
        if found is None:
            return "each", f"{self.texts[position]}(each)"
        return found.group(1), found.group(2)

    def use(self, value: Any) -> str:
        """The name of a module, function or class."""
        return self.writer.sources.reference(value, getattr(value, "__name__", "f").rpartition(".")[2])

    def imported(self, module: str, name: str) -> str:
        """The name of a constant of a module of the standard library."""
        return self.writer.sources.imported(module, name)

    def constant_named(self, name: str, value: Any) -> str:
        """The name of a constant at the top of the module."""
        return self.writer.sources.constant_named(name, value)

    def define(self, name: str, source: str) -> str:
        """The name of a function given by its source, where ``{name}`` represents it."""
        return self.writer.sources.defined(name, source)


def _is_list(t: Type) -> bool:
    """Whether values are lists, or may be lists."""
    return not isinstance(t, TypeConstructor) or not is_ground(t) or domain_of(t).element is not None
