"""Types for program text: Hindley-Milner without let, over the primitives of a language.

Arguments that are lambdas are checked last, so that the types of their parameters are known when their bodies are read, and a message
points at the place that a person would call wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from neurosynth.errors import InputError, ParseError, closest
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable, symbol
from neurosynth.language.surface import Atom, Bracket, Group, Known, Node, Source, is_lambda
from neurosynth.language.unifier import Unifier, size_variables
from neurosynth.values.domain import Domain, NotInDomain
from neurosynth.values.registry import domain_of, read_word
from neurosynth.values.types import Arrow, Size, Type, TypeConstructor, is_ground, list_of, names_type

__all__ = ["Checker"]

_INT = re.compile(r"-?\d+")
_INPUT = re.compile(r"x(\d+)")
_VARIABLE = re.compile(r"\$(\d+)")

Scope = tuple[tuple[str, Type], ...]  # lambda parameters in sight, innermost last


@dataclass(frozen=True, slots=True)
class Typed:
    """A type, possibly with unknowns, and a function that makes the program once they are known."""

    type: Type
    build: Callable[[], Program]


class Checker:
    """Checks one text.  ``inputs`` by spelling; None lets ``x0``, ``x1`` … appear and infers their types."""

    def __init__(
        self, source: Source, language: Language, inputs: Sequence[Input] | None, constants: Iterable[Constant] = ()
    ) -> None:
        self.source, self.language = source, language
        self.unifier = Unifier()
        self._open = inputs is None
        self._inputs = {i.name or i.head: i for i in inputs or ()}
        self._constants = [*(c for c, _ in language.constants), *constants]
        self._seen: list[Type] = []
        self._brackets: list[tuple[str, Type]] = []
        self._trial = False

    def program(self, root: Node, expected: Type | None, request: Type | None = None) -> Program:
        """The typed program of a tree.

        Raises:
            ParseError: for unknown names and for types that do not fit.
        """
        found = self.infer(root, ())
        if expected is not None and not self.unifier.unify(expected, found.type):
            wanted, actual = self.unifier.show(expected, found.type)
            asked = f"type {request} asks for {wanted}" if request is not None else f"{wanted} is expected"
            raise self._error(root, f"the program is {actual}; {asked}")
        for text, t in self._brackets:
            self._by_constants(text, t)
        settled = [self.unifier.default(t) for t in (found.type, *self._seen)]
        if not all(settled):
            raise self._error(root, "the widths of its bit-vectors cannot agree", "give the type of the inputs")
        return found.build()

    def general(self, root: Node) -> tuple[Program, tuple[Input, ...]]:
        """The program of a tree and its inputs in order, with type variables for undetermined types.

        Raises:
            ParseError: for unknown names and for types that do not fit.
        """
        found = self.infer(root, ())
        for text, t in self._brackets:
            self._by_constants(text, t)
            self.unifier.default(t)
        given = sorted(self._inputs.values(), key=lambda i: i.index)
        self.unifier.generalise([*(i.type for i in given), found.type, *self._seen])
        return found.build(), tuple(Input(i.index, self.unifier.resolve(i.type)) for i in given)

    def _by_constants(self, text: str, t: Type) -> None:
        """``[]`` with an undetermined element type: the type of the only constant written like this."""
        if not is_ground(self.unifier.resolve(t)):
            types = dict.fromkeys(c.type for c in self._constants if str(c) == text)
            if len(types) == 1:
                self.unifier.unify(t, next(iter(types)))

    def infer(self, node: Node, scope: Scope) -> Typed:
        """The type of one node, from its parts."""
        match node:
            case Atom():
                found = self._atom(node, scope)
            case Known(constant=constant):
                found = Typed(constant.type, lambda: constant)
            case Bracket():
                value, t = self._literal(node)
                self._brackets.append((self.source.at(node), t))
                found = Typed(t, lambda: Constant(value, self.unifier.resolve(t)))
            case Group(items=()):
                raise self._error(node, "() is not a program", "expected (primitive argument …) or (lambda (a) body)")
            case Group(items=(Atom(text="lambda", quoted=False), *_)):
                found = self._lambda(node, scope, None, "")
            case Group() if self._domain(node) is not None:
                constant = Constant(*self._named_literal(node))
                found = Typed(constant.type, lambda: constant)
            case Group():
                primitive, arguments = self._primitive(node, scope)
                found = self._apply(node, primitive, arguments, scope)
        self._seen.append(found.type)
        return found

    # Words and literals

    def _atom(self, node: Atom, scope: Scope) -> Typed:
        literal = None if node.quoted else self._word(node)
        if literal is not None:
            constant = Constant(*literal)
            return Typed(constant.type, lambda: constant)
        variable = None if node.quoted else self._variable(node, scope)
        if variable is not None:
            index, t = variable
            return Typed(t, lambda: Variable(index, self.unifier.resolve(t)))
        given = self._input(node)
        if given is not None:
            return Typed(given.type, lambda: Input(given.index, self.unifier.resolve(given.type), given.name))
        primitive = self.language.get(node.text)
        if primitive is None:
            raise self._unknown(node, scope)
        if primitive.parameters:
            names = " ".join("abcdefgh"[: primitive.arity])
            whole = f"(lambda ({names}) ({primitive.name} {names}))"
            raise self._error(
                node,
                f"{primitive.name} is a function, and a value is needed here",
                primitive.signature,
                f"apply it to its arguments, or write {whole} where a function is wanted",
            )
        return self._apply(node, primitive, (), scope)

    def _word(self, node: Atom) -> tuple[Any, Type] | None:
        """Value and type of a literal that is one word."""
        text = node.text
        try:
            found = read_word(text)
        except ValueError as error:
            raise self._fail("syntax error", node, f"{text} is not a literal: {error}") from None
        if found is None and text.startswith("#"):
            raise self._fail(
                "syntax error",
                node,
                f"{text} is not a literal",
                "allowed: #x and hexadecimal digits, #b and binary digits",
            )
        return found

    def _literal(self, node: Node) -> tuple[Any, Type]:
        """Value and type of a literal, lists of literals included."""
        match node:
            case Known(constant=constant):
                return constant.value, constant.type
            case Bracket(items=items):
                element: Type = self.unifier.fresh()
                values = []
                for position, item in enumerate(items, 1):
                    value, t = self._literal(item)
                    if not self.unifier.unify(element, t):
                        wanted, actual = self.unifier.show(element, t)
                        raise self._error(
                            item,
                            f"element {position} of the list is {actual}; those before it are {wanted}",
                            "all need the same type",
                        )
                    values.append(value)
                self._seen.append(element)
                return tuple(values), list_of(element)
            case Group() if self._domain(node) is not None:
                return self._named_literal(node)
            case Atom(quoted=False):
                word = self._word(node)
                if word is not None:
                    return word
        raise self._fail(
            "syntax error",
            node,
            f"{self.source.brief(node)} is not a literal",
            "lists in brackets hold literals only, [1 2 3]",
        )

    def _domain(self, node: Group) -> Domain | None:
        """The domain that ``(type literal)`` names, or None where the group is an application."""
        match node.items:
            case (Atom(text=name, quoted=False), Known() | Bracket() | Atom() | Group()) if names_type(name):
                if self.language.get(name) is None:
                    return domain_of(TypeConstructor(name))
        return None

    def _named_literal(self, node: Group) -> tuple[Any, Type]:
        """Value and type of ``(colour "#ff8800")``, ``(tower [1 2])``, ``(date null)``."""
        domain, inner = self._domain(node), node.items[1]
        assert domain is not None
        if isinstance(inner, Atom) and inner.text == "null":
            if not domain.nullable:
                raise self._error(inner, f"values of type {domain.type} are never missing")
            return None, domain.type
        value, t = self._literal(inner)
        if not self.unifier.unify(domain.spelled_as, t):
            wanted, actual = self.unifier.show(domain.spelled_as, t)
            raise self._error(inner, f"a literal of type {domain.type} is written as {wanted}; this is {actual}")
        try:
            return domain.from_spelling(value), domain.type
        except NotInDomain as error:
            raise self._error(inner, str(error)) from None

    def _variable(self, node: Atom, scope: Scope) -> tuple[int, Type] | None:
        by_index = _VARIABLE.fullmatch(node.text)
        if by_index is not None:
            index = int(by_index.group(1))
            if index >= len(scope):
                raise self._fail(
                    "unknown name",
                    node,
                    f"no lambda binds {node.text}; lambda parameters that can be used here: {len(scope)}",
                )
            return index, scope[-1 - index][1]
        for index, (name, t) in enumerate(reversed(scope)):
            if name == node.text:
                return index, t
        return None

    def _input(self, node: Atom) -> Input | None:
        match = _INPUT.fullmatch(node.text)
        if self._open and match is not None and node.text not in self._inputs:
            self._inputs[node.text] = Input(int(match.group(1)), self.unifier.fresh())
        return self._inputs.get(node.text)

    # Applications and lambdas

    def _primitive(self, node: Group, scope: Scope) -> tuple[Primitive, tuple[Node, ...]]:
        """The primitive a group applies, and its arguments; a family's indices are in the name (``extract 7 0``)."""
        head, *rest = node.items
        if not isinstance(head, Atom):
            raise self._error(head, f"{self.source.brief(head)} is a value; only primitives can be applied")
        indices = list(takewhile(lambda item: isinstance(item, Atom) and _INT.fullmatch(item.text), rest))
        refused = ""
        for used in (0, *range(len(indices), 0, -1)):  # the plain name, or as many indices as the family takes
            try:
                primitive = self.language.get(" ".join([head.text, *map(self.source.at, rest[:used])]))
            except InputError as error:  # the message of a family about indices outside its range
                refused = refused or str(error)
            else:
                if primitive is not None:
                    return primitive, tuple(rest[used:])
        if refused:
            raise self._fail("unknown name", head, refused)
        if self._word(head) is not None or self._variable(head, scope) is not None or self._input(head) is not None:
            raise self._error(
                head, f"{head.text} is a value; only primitives can be applied", "write it without the parentheses"
            )
        near = closest(head.text, self.language.primitives)
        known = ", ".join(sorted(self.language.primitives)) or "none"
        known = known if len(known) <= 300 else known[:300].rsplit(", ", 1)[0] + " …"
        facts = self._suggest(near) or [f"primitives: {known}"]
        raise self._fail("unknown name", head, f"no primitive is called {head.text}", *facts)

    def _apply(self, node: Node, primitive: Primitive, arguments: Sequence[Node], scope: Scope) -> Typed:
        if len(arguments) != primitive.arity:
            wanted = {0: "no arguments", 1: "1 argument"}.get(primitive.arity, f"{primitive.arity} arguments")
            raise self._error(node, f"{primitive.name} takes {wanted}, {len(arguments)} given", primitive.signature)
        mark = self.unifier.mark()
        names: dict[str, str] = {}
        parameters = [self.unifier.instantiate(p, names) for p in primitive.parameters]
        result = self.unifier.instantiate(primitive.result, names)
        typed: dict[int, Typed] = {}
        for i in sorted(range(len(arguments)), key=lambda i: is_lambda(arguments[i])):
            argument, parameter = arguments[i], parameters[i]
            where = f"argument {i + 1} of {primitive.name}"
            resolved = self.unifier.resolve(parameter)
            if is_lambda(argument) and isinstance(resolved, Arrow):
                typed[i] = self._lambda(argument, scope, resolved, where)
            else:
                typed[i] = self.infer(argument, scope)
            if not self.unifier.unify(parameter, typed[i].type):
                expected, actual = self.unifier.show(parameter, typed[i].type)
                facts = [f"{where} is {expected}; {self.source.brief(argument)} is {actual}", primitive.signature]
                self.unifier.back_to(mark)
                raise self._error(argument, *facts, self._swapped(node, primitive, arguments, i, scope))
        self._seen += parameters
        sized = {v: Size(names[v]) for v in size_variables(primitive.type)}

        def build() -> Program:
            sizes = {v: int(str(self.unifier.size(s))) for v, s in sized.items()}
            built = tuple(typed[i].build() for i in range(len(arguments)))
            return Apply(primitive.at(sizes), built, self.unifier.resolve(result))

        return Typed(result, build)

    def _lambda(self, node: Node, scope: Scope, expected: Arrow | None, where: str) -> Typed:
        names, body = self._lambda_parts(node)
        if expected is not None and len(names) != len(expected.parameters):
            (shown,) = self.unifier.show(expected)
            takes = f"{len(names)} parameter" + ("s" if len(names) > 1 else "")
            raise self._error(node, f"{where} is {shown}; this lambda has {takes}, not {len(expected.parameters)}")
        types = expected.parameters if expected is not None else tuple(self.unifier.fresh() for _ in names)
        inner = self.infer(body, (*scope, *zip(names, types, strict=True)))
        result = self.unifier.resolve(inner.type)
        if isinstance(result, Arrow):
            raise self._error(
                body,
                "the body of a lambda is a value, not a function",
                "one lambda may take several parameters: (lambda (a b) …)",
            )
        if expected is not None and not self.unifier.unify(expected.result, result):
            shown, actual = self.unifier.show(expected, result)
            raise self._error(body, f"{where} is {shown}; the lambda's body {self.source.brief(body)} is {actual}")
        self._seen += types
        return Typed(Arrow(types, result), lambda: Lambda(tuple(self.unifier.resolve(t) for t in types), inner.build()))

    def _lambda_parts(self, node: Node) -> tuple[tuple[str, ...], Node]:
        match node:
            case Group(items=(_, Group(items=(_, *_) as parameters), body)):
                names: list[str] = []
                for parameter in parameters:
                    if not isinstance(parameter, Atom) or parameter.quoted or symbol(parameter.text) != parameter.text:
                        raise self._fail(
                            "syntax error",
                            parameter,
                            f"{self.source.brief(parameter)} is not a name for a parameter",
                            "write (lambda (a b) body)",
                        )
                    if parameter.text in names:
                        raise self._fail(
                            "syntax error",
                            parameter,
                            f"the lambda has two parameters called {parameter.text}",
                            "give one another name",
                        )
                    names.append(parameter.text)
                return tuple(names), body
        raise self._fail(
            "syntax error", node, "a lambda has a list of parameters and one body", "write (lambda (a b) body)"
        )

    # Messages

    def _swapped(self, node: Node, primitive: Primitive, arguments: Sequence[Node], wrong: int, scope: Scope) -> str:
        """``did you mean (take 2 xs)?`` if exchanging two arguments would help, or nothing."""
        if self._trial:
            return ""
        self._trial = True
        try:
            for other in range(len(arguments)):
                order = list(arguments)
                order[wrong], order[other] = order[other], order[wrong]
                mark = self.unifier.mark()
                try:
                    self._apply(node, primitive, order, scope)
                except ParseError:
                    continue
                finally:
                    self.unifier.back_to(mark)
                return f"did you mean ({' '.join([primitive.name, *map(self.source.at, order)])})?"
            return ""
        finally:
            self._trial = False

    def _unknown(self, node: Atom, scope: Scope) -> ParseError:
        shown = symbol(node.text)
        parameters = [name for name, _ in scope]
        inputs = [i.head for i in self._inputs.values()]
        facts = [f"nothing is called {shown} here", f"inputs: {', '.join(inputs) or 'none'}"]
        if self._open:
            facts[1] = "inputs are called x0, x1 …"
        if parameters:
            facts[1] += f"; parameters: {', '.join(parameters)}"
        if re.fullmatch(r"[-+]?(\d+\.\d*|\.?\d+)([eE]\d+)?|'.*", node.text):
            facts[1] = (
                'literals are integers, true, false, 2.5, 2024-01-31, 17:30, "text", #x0f, #b01 and lists of these, [1 2 3]'
            )
            return self._fail("syntax error", node, f"{shown} is not a literal", facts[1])
        near = closest(node.text, [*parameters, *inputs, *self.language.primitives])
        return self._fail("unknown name", node, *facts, *self._suggest(near))

    def _suggest(self, near: list[str]) -> list[str]:
        primitives = [self.language.primitives[name] for name in near if name in self.language.primitives]
        return [*(p.signature for p in primitives), *(f"did you mean {name}?" for name in near)]

    def _error(self, node: Node, *facts: str) -> ParseError:
        return self._fail("type error", node, *facts)

    def _fail(self, kind: str, node: Node, *facts: str) -> ParseError:
        return self.source.error(kind, node.start, node.end, *facts)
