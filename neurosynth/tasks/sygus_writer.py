"""SyGuS-IF out: the ``define-fun`` of a program, and whole tasks for other solvers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from neurosynth.errors import InputError
from neurosynth.language.grammar import Grammar, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.tasks.sygus_syntax import OPERATORS, V2_NAMES, literal_text, sort_text, symbol_text
from neurosynth.tasks.task import Task
from neurosynth.values.types import Type

__all__ = ["define_fun", "to_sygus"]

_INDEXED = re.compile(r"(extract|zero_extend|sign_extend|rotate_left|rotate_right|repeat)( \d+)+")


def define_fun(program: Program, task: Task, *, version: int | None = None) -> str:
    """``(define-fun f ((x String)) String …)``: a program as the answer to a task.

    Args:
        program: a solution; macros of the task are called by name.
        task: gives the function's name, the inputs and the sorts.
        version: the spelling of SyGuS-IF, 1 or 2; by default that of the task's file, or 2.

    Raises:
        InputError: for a version other than 1 and 2, types or primitives SMT-LIB does not have (lists, lambdas), or
            characters its strings do not have.
    """
    writer = _TermWriter(task, _file_version(task) if version is None else version)
    return writer.define(writer.function, writer.parameters, task.output_type, program)


def to_sygus(task: Task) -> str:
    """A task as a SyGuS-IF version 2 file, with its grammar if it has one, in the form that cvc5 reads.

    Raises:
        InputError: for types SyGuS-IF has no sorts for (lists), grammars with lambdas, or primitives SMT-LIB does not
            have.
    """
    writer = _TermWriter(task, 2)
    f = writer.function
    lines = [f"(set-logic {_logic(task)})", ""]
    grammar = task.grammar
    if grammar is None:
        lines.append(f"(synth-fun {f} {_signature(writer.parameters, 2)} {sort_text(task.output_type, 2)})")
    else:
        macros = _macros(p.head for p in grammar.productions if isinstance(p.head, Primitive))
        lines += [_define_macro(m, task) for m in macros]
        lines += _synth_fun(writer, grammar)
    lines.append("")
    for e in task.examples:
        values = [literal_text(Constant(v, t), 2) for v, t in zip(e.inputs, task.parameters, strict=True)]
        call = f"({' '.join([f, *values])})" if values else f
        lines.append(f"(constraint (= {call} {literal_text(Constant(e.output, task.output_type), 2)}))")
    return "\n".join([*lines, "", "(check-synth)", ""])


def _file_version(task: Task) -> int:
    sygus = task.extra.get("sygus")
    return 1 if isinstance(sygus, dict) and sygus.get("version") == 1 else 2


def _logic(task: Task) -> str:
    logic = task.extra.get("logic")
    if isinstance(logic, str) and symbol_text(logic) == logic:
        return logic
    sorts = " ".join(str(t) for t in (*task.parameters, task.output_type))
    if "bitvec" not in sorts:
        return "BV" if set(sorts.split()) == {"bool"} else "SLIA"
    return "ALL" if "string" in sorts or "int" in sorts.split() else "BV"


Parameters = Sequence[tuple[str, Type]]
"""Names, quoted if necessary, and types of a function's parameters."""


def _signature(parameters: Parameters, version: int) -> str:
    return "(" + " ".join(f"({name} {sort_text(t, version)})" for name, t in parameters) + ")"


class _TermWriter:
    """Writes terms under the names of one function's parameters."""

    def __init__(self, task: Task, version: int) -> None:
        if version not in (1, 2):
            raise InputError(f"SyGuS-IF version {version}; allowed: 1, 2")
        self.version = version
        name = task.extra.get("function")
        self.function = (symbol_text(name) if isinstance(name, str) and name not in OPERATORS else None) or "f"
        self.parameters = _parameters(task.parameters, list(task.input_names), {self.function})

    def define(self, name: str, parameters: Parameters, result: Type, body: Program) -> str:
        text = self.term(body, [n for n, _ in parameters])
        return f"(define-fun {name} {_signature(parameters, self.version)} {sort_text(result, self.version)} {text})"

    def term(self, program: Program, names: Sequence[str]) -> str:
        match program:
            case Input(index):
                return names[index]
            case Constant():
                return literal_text(program, self.version)
            case Apply(primitive, arguments):
                return self.call(primitive, [self.term(a, names) for a in arguments])
        raise InputError(
            f"SMT-LIB has no term for {program}: it has no lambdas; export the program as python or json instead"
        )

    def call(self, primitive: Primitive, arguments: Sequence[str]) -> str:
        name = self.operator(primitive)
        return f"({' '.join([name, *arguments])})" if arguments else name

    def operator(self, primitive: Primitive) -> str:
        name = primitive.name
        if primitive.macro is not None:
            text = symbol_text(name)
            if text is not None:
                return text
        elif name in V2_NAMES and self.version == 1:
            return name
        elif primitive.smtlib is not None:
            return primitive.smtlib
        elif name == "neg":
            return "-"
        elif name in OPERATORS:
            return V2_NAMES.get(name, name)
        elif _INDEXED.fullmatch(name):
            return f"(_ {name})"
        raise InputError(
            f"SMT-LIB has no operator for primitive {name!r}; export the program as python or json instead"
        )


def _parameters(types: Sequence[Type], names: Sequence[str], taken: set[str]) -> list[tuple[str, Type]]:
    """Each type with its name, if SMT-LIB can write it and nothing else has that name; otherwise ``x0`` …"""
    used = {*taken, *OPERATORS}
    wished = [symbol_text(name) for name in names] or [None] * len(types)
    used.update(w for w in wished if w is not None and w not in used and wished.count(w) == 1)
    found: list[tuple[str, Type]] = []
    for i, (t, wish) in enumerate(zip(types, wished, strict=True)):
        free = wish is not None and wish not in {*taken, *OPERATORS} and wished.count(wish) == 1
        found.append((wish if wish is not None and free else _fresh(f"x{i}", used), t))
    return found


def _fresh(name: str, used: set[str]) -> str:
    while name in used:
        name += "_"
    used.add(name)
    return name


def _macros(heads: Iterable[Primitive]) -> list[Primitive]:
    """The macros among ``heads`` and those that they call, each after those that it calls."""
    found: dict[str, Primitive] = {}

    def add(primitive: Primitive) -> None:
        if primitive.macro is None or primitive.name in found:
            return
        for p in primitive.macro.subprograms():
            if isinstance(p, Apply):
                add(p.primitive)
        found[primitive.name] = primitive

    for head in heads:
        add(head)
    return list(found.values())


def _define_macro(primitive: Primitive, task: Task) -> str:
    writer = _TermWriter(task, 2)
    names = [""] * primitive.arity
    for p in primitive.macro.subprograms():
        if isinstance(p, Input):
            names[p.index] = p.name
    parameters = _parameters(primitive.parameters, names, set())
    return writer.define(writer.operator(primitive), parameters, primitive.result, primitive.macro)


def _synth_fun(writer: _TermWriter, grammar: Grammar) -> list[str]:
    used = {name for name, _ in writer.parameters} | {writer.function} | OPERATORS
    used |= {p.head.name for p in grammar.productions if isinstance(p.head, Primitive)}
    names: dict[Nonterminal, str] = {}
    # In the order of the productions, so that reading the grammar gives the same one; version 2 needs the start first.
    for n in dict.fromkeys([grammar.start, *(p.target for p in grammar.productions)]):
        if n.scope:
            raise InputError(f"SyGuS-IF grammars have no lambdas; {n.name!r} is under one")
        names[n] = _fresh(symbol_text(n.name) or f"nt{len(names)}", used)
    sorts = {n: sort_text(n.type, 2) for n in names}
    signature = _signature(writer.parameters, 2)
    lines = [f"(synth-fun {writer.function} {signature} {sort_text(grammar.start.type, 2)}"]
    lines.append("  (" + " ".join(f"({name} {sorts[n]})" for n, name in names.items()) + ")")
    groups = []
    for n in names:
        terms = [_production(p, writer, names) for p in grammar.by_target[n]]
        groups.append(f"({names[n]} {sorts[n]} ({' '.join(terms)}))")
    return [*lines, "  (" + "\n   ".join(groups) + "))"]


def _production(p: Production, writer: _TermWriter, names: dict[Nonterminal, str]) -> str:
    match p.head:
        case Primitive() as primitive:
            return writer.call(primitive, [names[a] for a in p.arguments])
        case Unit():
            return names[p.arguments[0]]
        case Input() | Constant():
            return writer.term(p.head, [name for name, _ in writer.parameters])
    raise InputError(f"SyGuS-IF grammars have no lambdas; production {p} has one")
