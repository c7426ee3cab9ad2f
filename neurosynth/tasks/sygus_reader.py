"""SyGuS-IF files, version 1 and 2, whose constraints are examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, ParseError, UnknownNameError, nearest
from neurosynth.language.grammar import Grammar, request_type
from neurosynth.language.language import Language
from neurosynth.language.macros import macro
from neurosynth.language.program import Input
from neurosynth.plugins import load
from neurosynth.tasks.sygus_grammar import GrammarReader, Sorts, Terms
from neurosynth.tasks.sygus_syntax import V1_NAMES, V2_NAMES, Form, Sexp, SygusText, literal_value, symbol_name
from neurosynth.tasks.task import Example, Task, first_contradiction
from neurosynth.values.types import BOOL, Type

__all__ = ["read_sygus"]

_LANGUAGES = {
    "SLIA": "strings",
    "S": "strings",
    "QF_SLIA": "strings",
    "QF_S": "strings",
    "BV": "bitvectors",
    "QF_BV": "bitvectors",
}
"""The language of each logic that determines one; for others, the sorts and operators of the file do."""

_IGNORED = frozenset({"declare-var", "set-option", "set-info", "set-feature", "set-options", "check-synth"})
_HANDLED = frozenset({"set-logic", "define-fun", "define-sort", "synth-fun", "constraint"})
_UNSUPPORTED = {
    "synth-inv": "invariants have no examples",
    "inv-constraint": "invariants have no examples",
    "assume": "only examples can be constraints",
    "oracle-assume": "only examples can be constraints",
    "define-fun-rec": "macros may not call themselves",
    "define-funs-rec": "macros may not call themselves",
    "declare-datatype": "sorts are Int, Bool, String and BitVec",
    "declare-datatypes": "sorts are Int, Bool, String and BitVec",
    "declare-sort": "sorts are Int, Bool, String and BitVec",
    "declare-fun": "functions need a definition: use define-fun",
}


def read_sygus(text: str, path: str | Path, *, languages: Mapping[str, Language] | None = None, noise: int = 0) -> Task:
    """The task of a SyGuS-IF file: examples from its constraints, the grammar of its ``synth-fun``.

    Operators cost one, leaves cost one, ``Start → ntString`` costs nothing; nested terms of productions get separate non-terminals
    (``ntInt.1``). ``extra`` holds ``logic``, ``function`` (its name), ``sygus`` (the version of the spelling, the texts of the
    ``define-fun``s) and, if non-terminals were removed, ``grammar_notes``.

    Args:
        text: the file's text.
        path: its path, for messages; its stem names the task.
        languages: the languages to look operators up in, by name; the installed ones by default.
        noise: the number of examples that may be wrong.

    Raises:
        ParseError: with path, line and column, and the line with carets as a note, for wrong syntax, unknown sorts and
            operators, wrong arguments, constraints that are not examples, examples that contradict, and commands that
            are not supported.
        InputError: for a file without synth-fun or constraints.
    """
    return _FileReader(SygusText(text, str(path)), Path(path).stem, languages, noise).task()


@dataclass(frozen=True, slots=True)
class _SygusFunction:
    """The ``synth-fun``."""

    name: str
    inputs: tuple[Input, ...]
    output: Type
    declared: Form | None
    """The list of non-terminals, which version 2 puts before the grammar."""
    groups: Form | None

    @property
    def type(self) -> Type:
        return request_type([i.type for i in self.inputs], self.output)


class _FileReader:
    def __init__(self, source: SygusText, name: str, languages: Mapping[str, Language] | None, noise: int) -> None:
        self.source, self.name, self.languages, self.noise = source, name, languages, noise
        self.sorts = Sorts(source)
        self.logic: str | None = None
        self.synth: Form | None = None
        self.defines: list[Form] = []
        self.constraints: list[Sexp] = []

    def task(self) -> Task:
        commands = self.source.read()
        for command in commands:
            self._command(command)
        if self.synth is None:
            raise InputError(f"{self.source.path}: no synth-fun; one (synth-fun name ((input sort) …) sort) is needed")
        function = self._function(self.synth)
        examples = self._examples(function)
        extra: dict[str, Any] = {"logic": self.logic, "function": function.name}
        texts = [self.source.text[d.start : d.end] for d in self.defines]
        extra["sygus"] = {"version": self._version(commands, function), "define_funs": texts}
        language = self._language_name()
        grammar = None if function.groups is None else self._grammar(function, language, extra)
        return Task(
            examples,
            self.name,
            language=language,
            type=function.type,
            input_names=tuple(i.name for i in function.inputs),
            grammar=grammar,
            noise=self.noise,
            extra=extra,
        )

    def _command(self, command: Sexp) -> None:
        name = symbol_name(command.items[0]) if isinstance(command, Form) and command.items else None
        if name is None or not isinstance(command, Form):
            raise self.source.error(
                "a file is a list of commands: (set-logic …), (synth-fun …), (constraint …)", command
            )
        match name, command.items[1:]:
            case "set-logic", [logic] if symbol_name(logic) is not None:
                self.logic = symbol_name(logic)
            case "constraint", [term]:
                self.constraints.append(term)
            case "define-fun", _:
                self.defines.append(command)
            case "define-sort", [sort_name, Form(items=[]), sort] if symbol_name(sort_name) is not None:
                self.sorts.defined[symbol_name(sort_name) or ""] = self.sorts.read(sort)
            case "synth-fun", _:
                if self.synth is not None:
                    raise self.source.error(
                        f"a second synth-fun (the first on line {self.source.line(self.synth)}); "
                        "a file has one function to find",
                        command,
                    )
                self.synth = command
            case _ if name in _UNSUPPORTED:
                raise self.source.error(f"{name} is not supported: {_UNSUPPORTED[name]}", command)
            case _ if name in _HANDLED:
                raise self.source.error(f"{self.source.quote(command)} is not the form of {name}", command)
            case _ if name not in _IGNORED:
                known = sorted(_IGNORED | _HANDLED)
                raise self.source.error(
                    f"unknown command {name!r}; known: {', '.join(known)}{nearest(name, known)}", command.items[0]
                )

    def _function(self, node: Form) -> _SygusFunction:
        match node.items[1:]:
            case [head, Form() as parameters, sort, *rest] if len(rest) <= 2 and symbol_name(head) is not None:
                forms = [r for r in rest if isinstance(r, Form)]
                if len(forms) == len(rest):
                    declared, groups = (forms[0], forms[1]) if len(forms) == 2 else (None, forms[0] if forms else None)
                    return _SygusFunction(
                        symbol_name(head) or "", self._parameters(parameters), self.sorts.read(sort), declared, groups
                    )
        raise self.source.error("a synth-fun is (synth-fun name ((input sort) …) sort), then perhaps a grammar", node)

    def _parameters(self, node: Form) -> tuple[Input, ...]:
        found: dict[str, Input] = {}
        for parameter in node.items:
            name = (
                symbol_name(parameter.items[0]) if isinstance(parameter, Form) and len(parameter.items) == 2 else None
            )
            if name is None or not isinstance(parameter, Form):
                raise self.source.error("a parameter is (name sort)", parameter)
            if name in found:
                raise self.source.error(f"two parameters are named {name!r}; rename one", parameter)
            found[name] = Input(len(found), self.sorts.read(parameter.items[1]), name)
        return tuple(found.values())

    # ---- examples

    def _examples(self, function: _SygusFunction) -> list[Example]:
        pairs = [pair for term in self.constraints for pair in self._example(term, term, function)]
        if not pairs:
            shown = f"(constraint (= ({function.name} {' '.join(i.name for i in function.inputs)}) …))"
            raise InputError(
                f"{self.source.path}: no constraint; one example at least is needed: {shown} with literals"
            )
        examples = [e for e, _ in pairs]
        clash = first_contradiction(examples, self.noise)
        if clash is not None:
            first, second = (pairs[i][1] for i in clash)
            raise self.source.error(
                f"{self.source.quote(second)} contradicts line {self.source.line(first)}: "
                f"{self.source.quote(first)}; remove or correct one",
                second,
            )
        return examples

    def _example(self, term: Sexp, whole: Sexp, function: _SygusFunction) -> list[tuple[Example, Sexp]]:
        match term:
            case Form(items=[head, *parts]) if symbol_name(head) == "and":
                return [pair for part in parts for pair in self._example(part, whole, function)]
            case Form(items=[head, left, right]) if symbol_name(head) == "=":
                call, value = (right, left) if self._calls(right, function) else (left, right)
                if self._calls(call, function) and not self._mentions(value, function):
                    output = self._literal(value, function.output, whole, function, "the output")
                    return [(Example(self._inputs(call, whole, function), output), term)]
            case Form(items=[head, Form() as call]) if symbol_name(head) == "not" and self._calls(call, function):
                if function.output == BOOL:
                    return [(Example(self._inputs(call, whole, function), False), term)]
            case Form() if self._calls(term, function) and function.output == BOOL:
                return [(Example(self._inputs(term, whole, function), True), term)]
        raise self._no_example(whole, function)

    def _calls(self, node: Sexp, function: _SygusFunction) -> bool:
        if isinstance(node, Form):
            return bool(node.items) and symbol_name(node.items[0]) == function.name
        return not function.inputs and symbol_name(node) == function.name

    def _mentions(self, node: Sexp, function: _SygusFunction) -> bool:
        if isinstance(node, Form):
            return any(self._mentions(i, function) for i in node.items)
        return symbol_name(node) == function.name

    def _inputs(self, call: Sexp, whole: Sexp, function: _SygusFunction) -> tuple[Any, ...]:
        given = call.items[1:] if isinstance(call, Form) else []
        if len(given) != len(function.inputs):
            raise self.source.error(f"{function.name} takes {len(function.inputs)} inputs, {len(given)} given", call)
        return tuple(
            self._literal(node, i.type, whole, function, f"input {i.index + 1} ({i.name})")
            for node, i in zip(given, function.inputs, strict=True)
        )

    def _literal(self, node: Sexp, t: Type, whole: Sexp, function: _SygusFunction, what: str) -> Any:
        constant = literal_value(node)
        if constant is None:
            raise self._no_example(whole, function)
        if constant.type != t:
            raise self.source.error(
                f"{what} of {function.name} is {t}, {self.source.quote(node)} is {constant.type}", node
            )
        return constant.value

    def _no_example(self, whole: Sexp, function: _SygusFunction) -> ParseError:
        return self.source.error(
            f"this constraint is not an example: {self.source.quote(whole)}; "
            f"allowed: (= ({function.name} literals) literal): give values for the inputs, "
            "programs are found from examples only",
            whole,
        )

    # ---- grammar

    def _grammar(self, function: _SygusFunction, language_name: str, extra: dict[str, Any]) -> Grammar:
        assert function.groups is not None
        terms = Terms(self.source, self._load(language_name))
        for define in self.defines:
            self._define(define, terms)
        self._check_declared(function)
        # Version 1 calls the start symbol Start, wherever it occurs; version 2 puts it first.
        start = "Start" if function.declared is None else None
        grammar = GrammarReader(terms, self.sorts, function.inputs).read(
            function.groups, start, function.output, function.type
        )
        trimmed = grammar.trimmed()
        dropped = [n for n in grammar.nonterminals if n not in trimmed.nonterminals]
        reasons = {True: "unproductive: it derives no program", False: "unreachable from the start symbol"}
        notes = [f"{n.name} is {reasons[n in grammar.unproductive]}" for n in dropped]
        if notes:
            extra["grammar_notes"] = notes
        return trimmed

    def _define(self, node: Form, terms: Terms) -> None:
        match node.items[1:]:
            case [head, Form() as parameters, sort, body] if (name := symbol_name(head)) is not None:
                try:
                    inputs, result = self._parameters(parameters), self.sorts.read(sort)
                    program = terms.program(body, {i.name: i for i in inputs})
                    if program.type != result:
                        raise self.source.error(f"the body of {name} is {program.type}, its sort says {result}", body)
                    terms.macros[name] = macro(
                        name,
                        request_type([i.type for i in inputs], result),
                        program,
                        doc=f"define-fun of the task: {program}",
                    )
                except ParseError as error:
                    # A definition that no production uses does no harm.
                    terms.macros[name] = error
            case _:
                raise self.source.error("a define-fun is (define-fun name ((parameter sort) …) sort term)", node)

    def _check_declared(self, function: _SygusFunction) -> None:
        if function.declared is None or function.groups is None:
            return
        declared = [_group_key(i) for i in function.declared.items]
        groups = [_group_key(i) for i in function.groups.items]
        if declared != groups:
            missing = [name for name in declared if name not in groups] or [
                name for name in groups if name not in declared
            ]
            names = ", ".join(str(name) for name in missing) or "in another order"
            raise self.source.error(
                f"the list of non-terminals and the groups of the grammar differ: {names}", function.declared
            )

    # ---- language and version

    def _load(self, name: str) -> Language:
        if self.languages is None:
            language = load("languages", name)
            assert isinstance(language, Language)
            return language
        if name not in self.languages:
            raise UnknownNameError("language", name, self.languages)
        return self.languages[name]

    def _language_name(self) -> str:
        if self.logic in _LANGUAGES:
            return _LANGUAGES[self.logic]
        function = self.synth
        assert function is not None
        words = _words([function, *self.defines])
        if "BitVec" in words or any("bitvec" in str(t) for t in self.sorts.defined.values()):
            return "bitvectors"
        if words & {"String", "Int"}:
            return "strings"
        return "bitvectors"  # Booleans alone: circuits

    def _version(self, commands: list[Sexp], function: _SygusFunction) -> int:
        """The version of the file's spelling; 2 if nothing determines it."""
        if function.declared is not None:
            return 2
        words = _words(commands)
        if function.groups is not None or words & set(V2_NAMES):
            return 1
        bare = self.source.text.replace("(_ BitVec", "")
        return 1 if "(BitVec" in bare and not words & set(V1_NAMES) else 2


def _group_key(node: Sexp) -> str | None:
    return symbol_name(node.items[0]) if isinstance(node, Form) and node.items else None


def _words(nodes: list[Sexp]) -> set[str]:
    """All symbols of some s-expressions."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, Form):
            todo += node.items
        else:
            name = symbol_name(node)
            if name is not None:
                found.add(name)
    return found
