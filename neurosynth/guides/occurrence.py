"""From the probability that a token occurs in a program to probabilities of productions.

Letters: ``V`` vocabulary, ``P`` productions.
"""

from __future__ import annotations

import math

import numpy as np

from neurosynth.language.grammar import Abstraction, Grammar, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.tokens import Vocabulary

__all__ = ["production_logprobs"]

_SUREST = 7.0
"""Maximum absolute log-odds: a probability of 0.999 that a token occurs, or does not."""


def production_logprobs(logits: np.ndarray, vocabulary: Vocabulary, grammar: Grammar) -> np.ndarray:
    """Log-probabilities (P,) of a grammar's productions, from the log-odds (V,) that tokens occur. Of the ``k`` productions of a
    non-terminal, ``m`` apply a primitive or make a lambda. Each of the others (inputs, constants, variables, unit productions) has ``1
    / k``, because the occurrence of an input says nothing about how often it occurs. The ``m`` share the remaining ``m / k`` by odds:
    production ``p`` has ``m / k · odds(p) / Σ odds``, where ``odds = P(occurs) / (1 - P(occurs))``, at most 7 nats from even.
    """
    found = np.zeros(len(grammar.productions), dtype=np.float64)
    members: dict[Nonterminal, list[int]] = {}
    for i, production in enumerate(grammar.productions):
        members.setdefault(production.target, []).append(i)
    for own in members.values():
        found[own] = -math.log(len(own))
        sharing = [i for i in own if isinstance(grammar.productions[i].head, (Primitive, Abstraction))]
        if sharing:
            odds = np.array([_log_odds(logits, vocabulary, grammar.productions[i]) for i in sharing])
            odds = odds.clip(-_SUREST, _SUREST)
            found[sharing] = odds - np.logaddexp.reduce(odds) + math.log(len(sharing) / len(own))
    return found


def _log_odds(logits: np.ndarray, vocabulary: Vocabulary, production: Production) -> float:
    """For a production that has a token, even if the vocabulary lacks it (a primitive of a family)."""
    if isinstance(production.head, Abstraction):
        return float(logits[vocabulary.lambda_token(len(production.head.parameters))])
    assert isinstance(production.head, Primitive)
    name = production.head.name
    return float(logits[vocabulary.primitive_token(name)]) if name in vocabulary.language.primitives else 0.0
