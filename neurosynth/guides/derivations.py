"""The likeliest derivation of a given program."""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Lambda, Program

__all__ = ["Derivation", "Derivations", "derivation_logprob", "parts_of"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The productions of a program."""

    productions: tuple[int, ...]
    """Indices in the grammar, the root's first, each as often as it is used."""
    logprob: float
    """Natural log of the product of their probabilities."""


class Derivations:
    """The likeliest derivations of programs under one weighted grammar."""

    def __init__(self, weighted: WeightedGrammar) -> None:
        self._start = weighted.grammar.start
        self._ways: dict[Nonterminal, list[tuple[int, Production, float]]] = {}
        for i, (p, logprob) in enumerate(zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True)):
            self._ways.setdefault(p.target, []).append((i, p, logprob))

    def best(self, program: Program, target: Nonterminal | None = None) -> Derivation | None:
        """The likeliest one from ``target`` (by default the start), the first among equals; None if the grammar does not derive the
        program from it."""
        return self._best(target or self._start, program, {})

    def _best(
        self, target: Nonterminal, p: Program, known: dict[tuple[Nonterminal, int], Derivation | None]
    ) -> Derivation | None:
        key = (target, id(p))
        if key not in known:
            known[key] = None  # a chain of unit productions that returns here makes nothing more likely
            found: Derivation | None = None
            for i, production, logprob in self._ways.get(target, ()):
                step = self._step(i, production, logprob, p, known)
                if step is not None and (found is None or step.logprob > found.logprob):
                    found = step
            known[key] = found
        return known[key]

    def _step(
        self,
        index: int,
        production: Production,
        logprob: float,
        p: Program,
        known: dict[tuple[Nonterminal, int], Derivation | None],
    ) -> Derivation | None:
        parts = parts_of(production, p)
        if parts is None:
            return None
        used: tuple[int, ...] = (index,)
        for argument, part in zip(production.arguments, parts, strict=True):
            inner = self._best(argument, part, known)
            if inner is None:
                return None
            used += inner.productions
            logprob += inner.logprob
        return Derivation(used, logprob)


def derivation_logprob(weighted: WeightedGrammar, program: Program) -> float | None:
    """Natural log of the probability of a program's likeliest derivation; None if the grammar does not derive it."""
    found = Derivations(weighted).best(program)
    return None if found is None else found.logprob


def parts_of(production: Production, p: Program) -> tuple[Program, ...] | None:
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
