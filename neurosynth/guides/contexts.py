"""The context of a node in a program, and grammars refined so that each context has separate non-terminals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.types import Type

__all__ = ["ROOT", "Refined", "context_name", "occurrences", "place_of", "production_key", "refine"]

ROOT = ""
"""The context of a whole program."""


@lru_cache(maxsize=4096)
def _text(t: Type) -> str:
    return str(t)


def context_name(parent: str, argument: int) -> str:
    """The context of an argument of a primitive, ``take.0``; a lambda's body has that of the lambda."""
    return f"{parent}.{argument}"


@lru_cache(maxsize=4096)
def place_of(t: Type, scope: tuple[Type, ...]) -> str:
    """The kind of non-terminal: a type, and the types of the lambda parameters in sight."""
    return f"{_text(t)} | {', '.join(map(_text, scope))}" if scope else _text(t)


def _primitive_key(name: str, arguments: tuple[Type, ...]) -> str:
    return f"({' '.join([name, *map(_text, arguments)])})"


def _leaf_key(leaf: Input | Constant | Variable, language: Language) -> str:
    """Inputs of a type share a key, and so do a task's constants, because the counts must apply to other tasks."""
    match leaf:
        case Input():
            return "input"
        case Variable(index):
            return f"${index}"
        case Constant() if any(leaf == known for known, _ in language.constants):
            return f"constant {leaf}"
    return "constant"


def production_key(production: Production, language: Language) -> str | None:
    """The key of a production within its place; None for productions that add no node to a program."""
    match production.head:
        case Primitive(name=name):
            return _primitive_key(name, tuple(a.type for a in production.arguments))
        case Abstraction():
            return "lambda"
        case Unit() | Lift():
            return None
        case leaf:
            return _leaf_key(leaf, language)


def occurrences(program: Program, language: Language) -> Iterator[tuple[str, str, str]]:
    """Context, place and key of every node.

    A closed part under a lambda counts at both places where a grammar can choose it: among the programs under lambdas, and among closed
    programs.
    """
    todo: list[tuple[Program, str, tuple[Type, ...]]] = [(program, ROOT, ())]
    while todo:
        node, context, scope = todo.pop()
        if isinstance(node, Lambda):
            todo.append((node.body, context, scope + node.parameters))
            continue
        if isinstance(node, Apply):
            key = _primitive_key(node.primitive.name, tuple(a.type for a in node.arguments))
        else:
            assert isinstance(node, (Input, Constant, Variable))
            key = _leaf_key(node, language)
        yield context, place_of(node.type, scope), key
        if scope and _closed(node, 0):
            scope = ()
            yield context, place_of(node.type, scope), key
        if isinstance(node, Apply):
            name = node.primitive.name
            todo.extend((a, context_name(name, i), scope) for i, a in enumerate(node.arguments))


def _closed(node: Program, depth: int) -> bool:
    """Whether every variable is bound inside; ``depth`` parameters are."""
    if isinstance(node, Variable):
        return node.index < depth
    if isinstance(node, Lambda):
        return _closed(node.body, depth + len(node.parameters))
    return all(_closed(child, depth) for child in node.children)


@dataclass(frozen=True, slots=True)
class Refined:
    """A grammar with one non-terminal for each context, which derives the same programs."""

    grammar: Grammar
    origins: tuple[int, ...]
    """For each production, the index of the one that it refines."""
    contexts: tuple[str, ...]
    """For each production, the context of its target."""


def refine(grammar: Grammar) -> Refined:
    """Split every non-terminal by the (parent primitive, argument position) from which it is reached."""
    positions: dict[Nonterminal, list[int]] = {}
    for i, p in enumerate(grammar.productions):
        positions.setdefault(p.target, []).append(i)

    @cache
    def renamed(n: Nonterminal, context: str) -> Nonterminal:
        return Nonterminal(f"{n.name}@{context}", n.type, n.scope) if context else n

    productions: list[Production] = []
    origins: list[int] = []
    contexts: list[str] = []
    queue = [(grammar.start, ROOT)]
    seen = set(queue)
    for target, context in queue:  # grows during iteration
        for i in positions.get(target, ()):
            p = grammar.productions[i]
            inner = [_inner(p, position, context) for position in range(len(p.arguments))]
            steps = list(zip(p.arguments, inner, strict=True))
            arguments = tuple(renamed(a, c) for a, c in steps)
            productions.append(Production(renamed(target, context), p.head, arguments, p.cost))
            origins.append(i)
            contexts.append(context)
            for step in steps:
                if step not in seen:
                    seen.add(step)
                    queue.append(step)
    refined = Grammar(
        renamed(grammar.start, ROOT), tuple(productions), grammar.inputs, grammar.request, hints=grammar.hints
    )
    return Refined(refined, tuple(origins), tuple(contexts))


def _inner(production: Production, position: int, context: str) -> str:
    """The context of an argument, which nodes other than primitives pass on."""
    head = production.head
    return context_name(head.name, position) if isinstance(head, Primitive) else context
