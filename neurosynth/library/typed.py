"""From Stitch's untyped bodies to text of typed macros: eta-expanded, arguments in the order of their first use.

What the language cannot express is refused with a short reason: a hole that is applied, an application of the wrong number of
arguments, a function where a value is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from neurosynth.language.primitive import Primitive
from neurosynth.library.stitch import Symbols, Tree
from neurosynth.values.registry import domain_of, is_known
from neurosynth.values.types import Arrow, Type, TypeVariable, is_ground

__all__ = ["BodyReader", "BodyText", "KnownAbstraction", "NotTyped", "body_text", "inlined", "usable_function"]


class NotTyped(Exception):
    """A body that is not a program of the language; the message is a word or two, under which dropped ones are counted."""


@dataclass(frozen=True, slots=True)
class KnownAbstraction:
    """A typed abstraction: later bodies apply it."""

    primitive: Primitive
    order: tuple[int, ...]
    """For each argument of the primitive, its place among the arguments to which Stitch applies the abstraction."""
    holes: int
    """The number of those that Stitch gives; the others are from eta-expansion."""


@dataclass(frozen=True, slots=True)
class BodyText:
    """A body as program text over ``x0``, ``x1`` …"""

    text: str
    order: tuple[int, ...]
    """Like :attr:`KnownAbstraction.order`."""


def body_text(tree: Tree, holes: int, symbols: Symbols, known: Mapping[str, KnownAbstraction]) -> BodyText:
    """The text of an abstraction's body with this many holes.

    Raises:
        NotTyped: if it is not a program.
    """
    reader = BodyReader(symbols, known, holes)
    text = reader.root(tree)
    return BodyText(text, tuple(reader.places))


@dataclass(slots=True)
class BodyReader:
    """Writes one body."""

    symbols: Symbols
    known: Mapping[str, KnownAbstraction]
    holes: int
    places: dict[int, str] = field(default_factory=dict)
    """The input of each argument that Stitch gives, and of each further one, in the order of first use."""
    names: int = 0
    beyond: int = 0

    def root(self, tree: Tree) -> str:
        """The body: lambdas at its root, and missing arguments, become further inputs."""
        scope: list[str] = []
        while isinstance(tree, tuple) and tree[0] == "lam":
            scope.append(self._further())
            tree = tree[1]
        head, arguments = _parts(tree)
        missing = self._arity(head) - len(arguments) if _applies(head) else 0
        return self._applied(head, arguments, scope, [self._further() for _ in range(max(0, missing))])

    def _further(self) -> str:
        """An input beyond the holes, which is named at its first use."""
        self.beyond += 1
        return f"?{self.holes + self.beyond - 1}"

    def _input(self, place: int) -> str:
        return self.places.setdefault(place, f"x{len(self.places)}")

    def _value(self, tree: Tree, scope: Sequence[str]) -> str:
        head, arguments = _parts(tree)
        if head == "lam":
            raise NotTyped("a function where a value is needed")
        return self._applied(head, arguments, scope, [])

    def _function(self, tree: Tree, scope: Sequence[str], parameters: int) -> str:
        if isinstance(tree, str) and tree.startswith("#"):
            return self._input(int(tree[1:]))
        bound: list[str] = []
        while len(bound) < parameters and isinstance(tree, tuple) and tree[0] == "lam":
            bound.append(self._name())
            tree = tree[1]
        inner = [*scope, *bound]
        further = [self._name() for _ in range(parameters - len(bound))]
        head, arguments = _parts(tree)
        if further and not _applies(head):
            raise NotTyped("a value where a function is needed")
        body = self._applied(head, arguments, inner, further) if further else self._value(tree, inner)
        return f"(lambda ({' '.join([*bound, *further])}) {body})"

    def _name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def _applied(self, head: Tree, arguments: Sequence[Tree], scope: Sequence[str], further: Sequence[str]) -> str:
        """An application of a head, with names for the arguments that Stitch does not give."""
        if not isinstance(head, str):
            raise NotTyped("a function is applied")
        if head.startswith(("#", "$")):
            if arguments or further:
                raise NotTyped("a hole is applied" if head[0] == "#" else "a variable is applied")
            return self._input(int(head[1:])) if head[0] == "#" else self._named(scope[-1 - int(head[1:])])
        if not _applies(head):
            if arguments or further:
                raise NotTyped("a constant is applied")
            return str(self.symbols.constants[head])
        primitive, order = self._head(head)
        given: list[Tree | None] = [*arguments, *(None for _ in further)]
        if len(given) != primitive.arity:
            raise NotTyped("a partial application" if len(given) < primitive.arity else "too many arguments")
        parts = [primitive.name]
        for place, parameter in zip(order, primitive.parameters, strict=True):
            argument = given[place]
            if argument is None:
                parts.append(self._named(further[place - len(arguments)]))
            elif isinstance(parameter, Arrow):
                parts.append(self._function(argument, scope, len(parameter.parameters)))
            else:
                parts.append(self._value(argument, scope))
        return f"({' '.join(parts)})" if len(parts) > 1 or " " in primitive.name else parts[0]

    def _named(self, name: str) -> str:
        return self._input(int(name[1:])) if name.startswith("?") else name

    def _head(self, head: str) -> tuple[Primitive, Sequence[int]]:
        if head in self.known:
            return self.known[head].primitive, self.known[head].order
        if head not in self.symbols.heads:
            raise NotTyped("uses one that was dropped")
        return self.symbols.heads[head]

    def _arity(self, head: Tree) -> int:
        return self._head(head)[0].arity if isinstance(head, str) else 0


def _parts(tree: Tree) -> tuple[Tree, tuple[Tree, ...]]:
    return (tree, ()) if isinstance(tree, str) else (tree[0], tree[1:])


def _applies(head: Tree) -> bool:
    """Whether a head is a primitive or an abstraction."""
    return isinstance(head, str) and head[0] not in "#$c" and head != "lam"


def inlined(tree: Tree, name: str, body: Tree, holes: int) -> Tree:
    """The tree with a dropped abstraction expanded.

    Raises:
        NotTyped: if not all its arguments are given.
    """
    head: Tree = tree
    arguments: tuple[Tree, ...] = ()
    if not isinstance(tree, str):
        head, arguments = tree[0], tuple(inlined(a, name, body, holes) for a in tree[1:])
        if not isinstance(head, str):
            head = inlined(head, name, body, holes)
    if head != name:
        return head if isinstance(tree, str) else (head, *arguments)
    if len(arguments) < holes:
        raise NotTyped("uses one that was dropped")
    found = _filled(body, arguments[:holes], 0)
    rest = arguments[holes:]
    if not rest:
        return found
    return (*found, *rest) if isinstance(found, tuple) and found[0] != "lam" else (found, *rest)


def _filled(tree: Tree, arguments: Sequence[Tree], depth: int) -> Tree:
    if isinstance(tree, str):
        return _shifted(arguments[int(tree[1:])], depth, 0) if tree.startswith("#") else tree
    inner = depth + 1 if tree[0] == "lam" else depth
    return tuple(_filled(part, arguments, inner) for part in tree)


def _shifted(tree: Tree, by: int, bound: int) -> Tree:
    if isinstance(tree, str):
        free = tree.startswith("$") and int(tree[1:]) >= bound
        return f"${int(tree[1:]) + by}" if free else tree
    return tuple(_shifted(part, by, bound + (tree[0] == "lam")) for part in tree)


def usable_function(t: Arrow) -> bool:
    """Whether programs can contain lambdas of a type: from elements of lists to such (:mod:`neurosynth.language.compile`)."""
    return len(t.parameters) <= 2 and all(map(_element, (*t.parameters, t.result)))


def _element(t: Type) -> bool:
    if isinstance(t, TypeVariable):
        return True
    return not isinstance(t, Arrow) and is_ground(t) and is_known(t) and domain_of(t).everywhere
