"""Terms and grammars of SyGuS-IF: from s-expressions to programs and typed productions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from neurosynth.errors import InputError, ParseError, nearest
from neurosynth.language.grammar import Grammar, Nonterminal, Production, Unit
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.tasks.sygus_syntax import (
    EARLIER_NAMES,
    LEFT_ASSOCIATIVE,
    REGLAN,
    V1_NAMES,
    Form,
    Sexp,
    SygusText,
    literal_value,
    symbol_name,
)
from neurosynth.values.types import BOOL, Type, TypeConstructor, bitvec, substitute, unify

__all__ = ["GrammarReader", "Sorts", "Terms"]

_SORTS = {"Int": TypeConstructor("int"), "Bool": BOOL, "String": TypeConstructor("string"), "RegLan": REGLAN}


@dataclass(slots=True)
class Sorts:
    """Reads sorts; ``defined`` contains those of ``define-sort``."""

    source: SygusText
    defined: dict[str, Type] = field(default_factory=dict)

    def read(self, node: Sexp) -> Type:
        """The type of a sort.

        Raises:
            ParseError: for an unknown sort, with the known ones and the most similar.
        """
        name = symbol_name(node)
        if name is not None:
            known = {**_SORTS, **self.defined}
            if name in known:
                return known[name]
            names = [*known, "(_ BitVec n)"]
            raise self.source.error(f"unknown sort {name!r}; known: {', '.join(names)}{nearest(name, names)}", node)
        if isinstance(node, Form):
            words = [str(i) for i in node.items if not isinstance(i, Form)]
            width = words[-1] if words else ""
            if (
                len(words) == len(node.items)
                and words[:-1] in (["BitVec"], ["_", "BitVec"])
                and width.isdigit()
                and int(width) > 0
            ):
                return bitvec(int(width))
        raise self.source.error(
            f"{self.source.quote(node)} is not a sort that examples can have; "
            f"known: {', '.join(_SORTS)}, (_ BitVec n) with n at least 1",
            node,
        )


@dataclass(slots=True)
class Terms:
    """Looks up operators and checks their arguments."""

    source: SygusText
    language: Language
    macros: dict[str, Primitive | ParseError] = field(default_factory=dict)
    """The ``define-fun``\\ s so far; one that is wrong is an error only where it is used."""

    def flat(self, node: Form) -> Form:
        """``(+ a b c)`` as ``(+ (+ a b) c)``; other terms as they are."""
        name = symbol_name(node.items[0]) if node.items else None
        if name not in LEFT_ASSOCIATIVE or name in self.macros or len(node.items) <= 3:
            return node
        operator, left, *rest = node.items
        for right in rest[:-1]:
            left = Form([operator, left, right], node.start, node.end)
        return Form([operator, left, rest[-1]], node.start, node.end)

    def operator(self, node: Form, arguments: Sequence[Type]) -> Primitive:
        """The operator of ``node`` with type and size variables fixed by the types of the arguments.

        Raises:
            ParseError: for an unknown operator (with the most similar one), a wrong number or a wrong sort of arguments.
        """
        if not node.items:
            raise self.source.error("() is not a term; an operator and its arguments are needed", node)
        head = node.items[0]
        primitive = self._named(head, len(arguments))
        if primitive.arity != len(arguments):
            takes = f"{primitive.arity} argument{'' if primitive.arity == 1 else 's'}"
            raise self.source.error(f"{primitive.name} takes {takes}, {len(arguments)} given; {primitive}", node)
        bindings: dict[str, Type | int] = {}
        for i, (parameter, argument) in enumerate(zip(primitive.parameters, arguments, strict=True), 1):
            if not unify(parameter, argument, bindings):
                wanted = substitute(parameter, bindings)
                raise self.source.error(
                    f"argument {i} of {primitive.name} is {argument}, it takes {wanted}; {primitive}", node.items[i]
                )
        return primitive.at(bindings)

    def _named(self, head: Sexp, arity: int) -> Primitive:
        name = symbol_name(head)
        if name is None and isinstance(head, Form) and len(head.items) > 2 and symbol_name(head.items[0]) == "_":
            name = " ".join(str(i) for i in head.items[1:])
        if name is None:
            raise self.source.error(
                f"{self.source.quote(head)} is not an operator; a term starts with the name of one", head
            )
        defined = self.macros.get(name)
        if isinstance(defined, ParseError):
            raise defined
        if name == "-" and arity == 1:
            name = "neg"
        try:
            found = (
                defined
                or self.language.get(V1_NAMES.get(name, name))
                or self.language.get(EARLIER_NAMES.get(name, name))
            )
        except InputError as error:  # an indexed operator whose indices fit no width
            raise self.source.error(str(error), head) from None
        if found is None:
            known = [*self.macros, *self.language.primitives]
            shown = ", ".join(sorted(known))
            raise self.source.error(
                f"unknown operator {name!r} in language {self.language.name!r}{nearest(name, known)}; known: {shown}",
                head,
            )
        return found

    def program(self, node: Sexp, scope: Mapping[str, Program]) -> Program:
        """The program of a term over the symbols of ``scope``.

        Raises:
            ParseError: for unknown symbols and operators, and wrong arguments.
        """
        constant = literal_value(node)
        if constant is not None:
            return constant
        if not isinstance(node, Form):
            bound = scope.get(symbol_name(node) or "")
            if bound is not None:
                return bound
            return Apply(self.symbol(node, scope), ())
        if node.items and symbol_name(node.items[0]) == "let":
            return self._let(node, scope)
        node = self.flat(node)
        arguments = tuple(self.program(a, scope) for a in node.items[1:])
        return Apply(self.operator(node, [a.type for a in arguments]), arguments)

    def symbol(self, node: Sexp, known: Mapping[str, object]) -> Primitive:
        """The ``define-fun`` without parameters that a symbol names.

        Raises:
            ParseError: if it names none; ``known`` are the other symbols allowed there.
        """
        name = symbol_name(node)
        found = None if name is None else self.macros.get(name)
        if isinstance(found, ParseError):
            raise found
        if name is not None and found is None:
            found = self.language.get(name)
        if found is not None and found.arity == 0:
            return found
        if found is not None:
            raise self.source.error(f"{name} is an operator without its arguments; {found}", node)
        names = [*known, *self.macros]
        raise self.source.error(
            f"unknown symbol {self.source.quote(node)}; "
            f"known here: {', '.join(names) or 'none'}{nearest(str(node), names)}",
            node,
        )

    def _let(self, node: Form, scope: Mapping[str, Program]) -> Program:
        match node.items:
            case [_, Form(items=bindings), body]:
                inner = dict(scope)
                for binding in bindings:
                    # Version 1 states the sort between name and term, version 2 does not.
                    if (
                        not isinstance(binding, Form)
                        or len(binding.items) not in (2, 3)
                        or symbol_name(binding.items[0]) is None
                    ):
                        raise self.source.error(
                            "a binding of let is (name term), or (name sort term) in version 1", binding
                        )
                    inner[symbol_name(binding.items[0]) or ""] = self.program(binding.items[-1], scope)
                return self.program(body, inner)
        raise self.source.error("let takes a list of bindings and a term: (let ((name term) …) term)", node)


Choice = tuple[Primitive | Input | Constant, tuple[Nonterminal, ...]]
"""A head and the non-terminals of its arguments."""


class GrammarReader:
    """Turns the groups ``(name sort (production …))`` of a ``synth-fun`` into a grammar."""

    def __init__(self, terms: Terms, sorts: Sorts, inputs: Sequence[Input]) -> None:
        self.terms, self.sorts, self.source = terms, sorts, terms.source
        self.inputs = {i.name: i for i in inputs}
        self.nonterminals: dict[str, Nonterminal] = {}
        self.productions: list[Production] = []
        self.nested_productions: list[Production] = []
        self.nested: dict[tuple[Type, tuple[Choice, ...]], Nonterminal] = {}

    def read(self, groups: Form, start: str | None, output: Type, request: Type) -> Grammar:
        """The grammar of the file.

        Args:
            groups: the list of groups.
            start: the start symbol, if it exists; otherwise the first one.
            output: type of the function's result.
            request: type of the function.

        Raises:
            ParseError: for a wrong group or production.
        """
        bodies = [self._declare(group) for group in groups.items]
        if not bodies:
            raise self.source.error(
                "the grammar has no non-terminals; one group (name sort (production …)) is needed", groups
            )
        first = self.nonterminals.get(start or "", next(iter(self.nonterminals.values())))
        if first.type != output:
            raise self.source.error(
                f"the start symbol {first.name} is {first.type}, the function gives {output}", groups
            )
        for target, body in bodies:
            for node in body.items:
                self._production(target, node)
        declared = tuple(self.nonterminals.values())
        productions = _without_free_cycles(self.productions + self.nested_productions)
        try:
            return Grammar(first, tuple(productions), tuple(self.inputs.values()), request, declared)
        except InputError as error:
            raise self.source.error(str(error), groups) from None

    def _declare(self, group: Sexp) -> tuple[Nonterminal, Form]:
        if isinstance(group, Form) and len(group.items) == 3:
            head, sort, body = group.items
            name = symbol_name(head)
            if name is not None and isinstance(body, Form):
                if name in self.nonterminals:
                    raise self.source.error(f"the non-terminal {name!r} has two groups; merge them", head)
                self.nonterminals[name] = Nonterminal(name, self.sorts.read(sort))
                return self.nonterminals[name], body
        raise self.source.error("a group of a grammar is (name sort (production …))", group)

    def _production(self, target: Nonterminal, node: Sexp) -> None:
        unit = self._nonterminal(node)
        if unit is not None:
            if unit.type != target.type:
                raise self.source.error(f"{unit.name} is {unit.type}, {target.name} is {target.type}", node)
            if unit != target:
                self.productions.append(Production(target, Unit(), (unit,), cost=0))
            return
        t, choices = self._choices(node)
        if t != target.type:
            raise self.source.error(f"this production is {t}, {target.name} is {target.type}", node)
        self.productions += [Production(target, head, arguments) for head, arguments in choices]

    def _nonterminal(self, node: Sexp) -> Nonterminal | None:
        name = symbol_name(node)
        return None if name is None else self.nonterminals.get(name)

    def _choices(self, node: Sexp) -> tuple[Type, tuple[Choice, ...]]:
        """The type of a term and its alternatives: one head, or several for ``(Variable sort)``."""
        constant = literal_value(node)
        if constant is not None:
            return constant.type, ((constant, ()),)
        if not isinstance(node, Form):
            head = self.inputs.get(symbol_name(node) or "") or self.terms.symbol(
                node, {**self.nonterminals, **self.inputs}
            )
            return (head.result if isinstance(head, Primitive) else head.type), ((head, ()),)
        name = symbol_name(node.items[0]) if node.items else None
        if name in ("Variable", "Constant") and len(node.items) == 2 and name not in self.terms.macros:
            return self._any(name, node)
        if name in ("let", "forall", "exists"):
            raise self.source.error(
                f"{name} in a production is not supported; write the term without it, or as a define-fun", node
            )
        node = self.terms.flat(node)
        arguments = tuple(self._argument(a) for a in node.items[1:])
        primitive = self.terms.operator(node, [a.type for a in arguments])
        return primitive.result, ((primitive, arguments),)

    def _any(self, what: str, node: Form) -> tuple[Type, tuple[Choice, ...]]:
        t = self.sorts.read(node.items[1])
        if what == "Variable":
            return t, tuple((i, ()) for i in self.inputs.values() if i.type == t)
        if t == BOOL:
            return t, ((Constant(True, BOOL), ()), (Constant(False, BOOL), ()))
        raise self.source.error(
            f"{self.source.quote(node)} stands for infinitely many constants, which is not supported; "
            "list those that may occur",
            node,
        )

    def _argument(self, node: Sexp) -> Nonterminal:
        found = self._nonterminal(node)
        if found is not None:
            return found
        t, choices = self._choices(node)
        known = self.nested.get((t, choices))
        if known is None:
            known = self.nested[t, choices] = Nonterminal(self._fresh_name(t), t)
            self.nonterminals[known.name] = known
            self.nested_productions += [Production(known, head, arguments) for head, arguments in choices]
        return known

    def _fresh_name(self, t: Type) -> str:
        base = next(
            (n.name for n in self.nonterminals.values() if n.type == t and n not in self.nested.values()),
            str(t).replace(" ", ""),
        )
        return next(
            name for i in count(1) if (name := f"{base}.{i}") not in self.nonterminals and name not in self.inputs
        )


def _without_free_cycles(productions: list[Production]) -> list[Production]:
    """Unit productions in a cycle cost one each: the programs are the same, and search by cost must terminate."""
    import networkx as nx  # 0.15 s that other kinds of tasks need not wait for

    graph = nx.DiGraph()
    graph.add_edges_from((p.target, a) for p in productions if p.cost == 0 for a in p.arguments)
    part = {n: i for i, some in enumerate(nx.strongly_connected_components(graph)) for n in some}
    return [replace(p, cost=1) if p.cost == 0 and part[p.target] == part[p.arguments[0]] else p for p in productions]
