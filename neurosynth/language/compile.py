"""From a language and a request type to a grammar.

Polymorphic primitives become one production for each instance over the ground types in use; functional arguments become abstractions
over non-terminals under lambdas. Functions act on words and on elements of the lists in use: a fold that builds a list from lists is
not a production (measured: such functions run on Python objects and took most of the time of list tasks without solving one). Under a
lambda the first-order primitives over words and over the lambda's own parameter types apply; every closed program may be used there too
(a ``Lift``). A lambda over lists may have lambdas in it that work on its elements and use its parameters: rows of a matrix. Lambdas in
lambdas over words, and three nested lambdas, are not part of the space (:func:`neurosynth.guides.decoding.program_logprobs` returns
None for them).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Input, Variable
from neurosynth.values.registry import domain_of, element_type
from neurosynth.values.types import (
    Arrow,
    Size,
    Type,
    TypeConstructor,
    is_ground,
    type_variables,
)

__all__ = ["compile_grammar"]


def compile_grammar(
    language: Language,
    request: Type,
    *,
    constants: Sequence[Constant] | Mapping[Constant, int] = (),
    inputs: Sequence[Input] | None = None,
) -> Grammar:
    """The grammar of all programs of ``language`` for ``request``.

    Type variables range over the ground types that the request, the constants and the signatures of the language mention. ``constants``
    are the task's own, in addition to the language's, at cost 1 or the cost in a mapping; a bit-vector request always has 0 and 1.

    Raises:
        InputError: if no program of the requested type exists.
    """
    parameters = request.parameters if isinstance(request, Arrow) else ()
    output = request.result if isinstance(request, Arrow) else request
    arguments = tuple(inputs) if inputs is not None else tuple(Input(i, t) for i, t in enumerate(parameters))
    return _Compiler(language, arguments, output, request, constants).grammar()


class _Compiler:
    def __init__(
        self,
        language: Language,
        inputs: tuple[Input, ...],
        output: Type,
        request: Type,
        constants: Sequence[Constant] | Mapping[Constant, int],
    ) -> None:
        self.language, self.inputs, self.output, self.request = language, inputs, output, request
        wanted = [i.type for i in inputs] + [output]
        self.primitives = _enumerated(language, wanted)
        self.constants = _all_constants(language, constants, wanted)
        self.functions = language.hints.functions
        self.types = self._ground_types([*wanted, *(c.type for c, _ in self.constants)])
        self.productions: list[Production] = []
        self.lambdas: set[Nonterminal] = set()
        """Non-terminals of lambdas that have productions."""

    def _ground_types(self, wanted: list[Type]) -> tuple[Type, ...]:
        found: dict[Type, None] = dict.fromkeys(wanted)
        for t in wanted:
            found.update(dict.fromkeys(_parts(t)))
        for primitive in self.primitives:
            for t in (*primitive.parameters, primitive.result):
                if not isinstance(t, Arrow) and is_ground(t):
                    found[t] = None
        return tuple(found)

    def grammar(self) -> Grammar:
        for t in self.types:
            target = Nonterminal(_name(t), t)
            for i in self.inputs:
                if i.type == t:
                    self.productions.append(Production(target, i))
            for constant, cost in self.constants:
                if constant.type == t:
                    self.productions.append(Production(target, constant, cost=cost))
        for primitive in self.primitives:
            for instance in _instances(primitive, self.types, self.functions):
                self._apply(instance, Nonterminal(_name(instance.result), instance.result), ())
        start = Nonterminal(_name(self.output), self.output)
        hints = self.language.hints.for_output(self.output)
        return Grammar(start, tuple(self.productions), self.inputs, self.request, hints=hints).trimmed()

    def _apply(self, primitive: Primitive, target: Nonterminal, scope: tuple[Type, ...]) -> None:
        arguments = []
        for t in primitive.parameters:
            if isinstance(t, Arrow):
                arguments.append(self._function(t, scope))
            else:
                arguments.append(Nonterminal(_name(t, scope), t, scope))
        self.productions.append(Production(target, primitive, tuple(arguments), primitive.cost))

    def _function(self, arrow: Arrow, around: tuple[Type, ...]) -> Nonterminal:
        """The non-terminal of lambdas of an arrow type, which may use the parameters of the enclosing lambdas ``around``."""
        function = Nonterminal(f"({arrow})|{','.join(map(str, around))}" if around else f"({arrow})", arrow, around)
        if function in self.lambdas:
            return function
        self.lambdas.add(function)
        scope = (*around, *arrow.parameters)
        body = Nonterminal(_name(arrow.result, scope), arrow.result, scope)
        self.productions.append(Production(function, Abstraction(arrow.parameters), (body,), 0))
        self._bodies(
            scope, arrow.result, nests=not around and _any_elements(scope) and not self.functions, inner=bool(around)
        )
        return function

    def _bodies(self, scope: tuple[Type, ...], result: Type, *, nests: bool, inner: bool) -> None:
        """Bodies of lambdas; with ``nests``, they may contain lambdas. In an ``inner`` lambda the only lists are the parameters,
        because programs over other lists can be outside of it.
        """
        seen = {p.target for p in self.productions if p.target.scope == scope}
        allowed = tuple(dict.fromkeys([*_everywhere(self.types), *scope, result]))
        for t in allowed:
            target = Nonterminal(_name(t, scope), t, scope)
            if target in seen:
                continue
            for position, parameter in enumerate(reversed(scope)):
                if parameter == t:
                    self.productions.append(Production(target, Variable(position, t)))
            if inner and _any_elements((t,)) and t != result:
                continue
            self.productions.append(Production(target, Lift(), (Nonterminal(_name(t), t),), 0))
            for primitive in self.primitives:
                for instance in _instances(primitive, allowed, self.functions):
                    first_order = not any(isinstance(p, Arrow) for p in instance.parameters)
                    if instance.result == t and instance.parameters and (first_order or nests):
                        self._apply(instance, target, scope)


def _enumerated(language: Language, wanted: Sequence[Type]) -> list[Primitive]:
    """The primitives that are enumerated, and those on demand whose types are wanted, or known to the former."""
    every = language.primitives.values()
    known = {t for p in every if p.enumerated for t in (*p.parameters, p.result)}

    def demanded(p: Primitive) -> bool:
        new = {*p.parameters, p.result} - known
        return p.name in language.on_demand and bool(new) and new <= set(wanted)

    return [p for p in every if p.enumerated or demanded(p)]


def _all_constants(
    language: Language, constants: Sequence[Constant] | Mapping[Constant, int], wanted: Sequence[Type]
) -> list[tuple[Constant, int]]:
    found = dict(language.constants)
    for constant in constants:
        found[constant] = constants[constant] if isinstance(constants, Mapping) else 1
    for t in wanted:
        for value in domain_of(t).constants:
            found.setdefault(Constant(value, t), 1)
    return list(found.items())


def _everywhere(types: Sequence[Type]) -> list[Type]:
    """The types that bodies of lambdas use, whatever their parameters are."""
    return sorted((t for t in types if domain_of(t).everywhere), key=str, reverse=True)


def _any_elements(types: Sequence[Type]) -> bool:
    """Whether values of any of the types have elements on which a lambda inside a lambda can work."""
    return any(domain_of(t).element is not None for t in types)


def _parts(t: Type) -> Iterator[Type]:
    """The types inside a list type."""
    if isinstance(t, TypeConstructor):
        for argument in t.arguments:
            if not isinstance(argument, Size):
                yield argument
                yield from _parts(argument)


def _name(t: Type, scope: tuple[Type, ...] = ()) -> str:
    return f"{t}|{','.join(map(str, scope))}" if scope else str(t)


def _instances(primitive: Primitive, types: Sequence[Type], functions: Sequence[Type] = ()) -> Iterator[Primitive]:
    """The primitive at every assignment of its variables within ``types``."""
    variables = list(type_variables(primitive.type))
    if not variables:
        if _within(primitive, types, functions):
            yield primitive
        return
    parts = (a for t in types if isinstance(t, TypeConstructor) for a in t.arguments)
    widths = sorted({a.value for a in parts if isinstance(a, Size) and a.value is not None})
    sized = {v for part in (*primitive.parameters, primitive.result) for v in _size_variables(part)}
    choices: list[Sequence[Type | int]] = [widths if v in sized else types for v in variables]
    for assignment in itertools.product(*choices):
        instance = primitive.at(dict(zip(variables, assignment, strict=True)))
        if _within(instance, types, functions):
            yield instance


def _size_variables(t: Type) -> Iterator[str]:
    if isinstance(t, TypeConstructor):
        for argument in t.arguments:
            if isinstance(argument, Size):
                yield from type_variables(argument)
            else:
                yield from _size_variables(argument)
    elif isinstance(t, Arrow):
        for part in (*t.parameters, t.result):
            yield from _size_variables(part)


def _within(primitive: Primitive, types: Sequence[Type], functions: Sequence[Type]) -> bool:
    """Whether every type that it mentions is in use, and its functions go from words, elements of lists or ``functions`` to such."""
    elements = [*_everywhere(types), *map(element_type, types), *functions]
    for t in (*primitive.parameters, primitive.result):
        if isinstance(t, Arrow):
            if not all(p in types and p in elements for p in (*t.parameters, t.result)):
                return False
        elif t not in types:
            return False
    return True
