"""The likeliest derivation of a given program."""

from __future__ import annotations

from neurosynth.guides.base import Weighted
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Lambda, Program

__all__ = ["derivation_logprob"]


def derivation_logprob(weighted: Weighted, program: Program) -> float | None:
    """Natural log of the probability of a program's likeliest derivation; None when the grammar does not derive it."""
    ways: dict[Nonterminal, list[tuple[Production, float]]] = {}
    for production, logprob in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True):
        ways.setdefault(production.target, []).append((production, logprob))
    known: dict[tuple[Nonterminal, int], float | None] = {}

    def best(target: Nonterminal, p: Program) -> float | None:
        key = (target, id(p))
        if key not in known:
            known[key] = None  # a chain of unit productions that comes back here makes nothing more likely
            steps = (step(production, logprob, p) for production, logprob in ways.get(target, ()))
            known[key] = max((s for s in steps if s is not None), default=None)
        return known[key]

    def step(production: Production, logprob: float, p: Program) -> float | None:
        parts = _parts(production, p)
        if parts is None:
            return None
        for argument, part in zip(production.arguments, parts, strict=True):
            score = best(argument, part)
            if score is None:
                return None
            logprob += score
        return logprob

    return best(weighted.grammar.start, program)


def _parts(production: Production, p: Program) -> tuple[Program, ...] | None:
    """The subprograms that the arguments of a production must derive for it to derive ``p``, or None."""
    match production.head:
        case Unit() | Lift():
            return (p,)
        case Primitive() as primitive:
            named = isinstance(p, Apply) and p.primitive.name == primitive.name and p.type == production.target.type
            return p.children if named and len(p.children) == len(production.arguments) else None
        case Abstraction(parameters):
            return p.children if isinstance(p, Lambda) and p.parameters == parameters else None
        case leaf:
            return () if leaf == p else None
