"""Productions that choose between two programs by a condition."""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input, Program

__all__ = ["Conditional", "conditionals_of"]


@dataclass(frozen=True, slots=True)
class Conditional:
    """A production that chooses ``then`` or ``else`` by a condition: which argument is the condition, and which are the branches."""

    production: Production
    condition: int
    then: int
    other: int

    def build(self, condition: Program, then: Program, other: Program) -> Program:
        """The program that chooses between two."""
        arguments = [then] * len(self.production.arguments)
        arguments[self.condition], arguments[self.other] = condition, other
        return self.production.build(arguments)


def conditionals_of(grammar: Grammar, target: Nonterminal) -> list[Conditional]:
    """The productions of a non-terminal that choose between two of its programs."""
    found = []
    for p in grammar.by_target[target]:
        shape = _shape(p)
        if shape is not None and p.arguments[shape[1]] == target == p.arguments[shape[2]]:
            found.append(Conditional(p, *shape))
    return found


def _shape(production: Production) -> tuple[int, int, int] | None:
    head = production.head
    if not isinstance(head, Primitive):
        return None
    if head.lazy and head.kernel == "select":
        return 0, 1, 2
    body = head.macro
    if isinstance(body, Apply) and body.primitive.lazy and body.primitive.kernel == "select":
        condition, then, other = body.arguments
        deciding = {p.index for p in condition.subprograms() if isinstance(p, Input)}
        if isinstance(then, Input) and isinstance(other, Input) and len(deciding) == 1:
            return deciding.pop(), then.index, other.index
    return None
