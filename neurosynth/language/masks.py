"""Which tokens can still be completed: incremental parsing of token sequences over a grammar, exactly.

A state is a set of stacks of non-terminals still to be expanded, one for each derivation of the tokens so far (several productions of
one non-terminal may share a token, such as ``=`` on numbers and on text). A token is allowed exactly when some stack has a production
for it whose shortest completion fits the budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Program
from neurosynth.language.tokens import END, PAD, Vocabulary

__all__ = ["TokenGrammar", "TokenState"]

_NEVER = 1 << 40  # number of tokens for something that cannot be completed


@dataclass(frozen=True, slots=True)
class _Move:
    """A production for the parser: what it puts on the stack, and the minimum number of tokens it and its arguments need."""

    production: Production
    arguments: tuple[int, ...]
    need: int


class TokenGrammar:
    """A grammar compiled for parsing token by token. Make it once for each task, then ``start`` as often as needed. Raises: InputError:
    if no program of the grammar can be written in the vocabulary's tokens.
    """

    def __init__(self, vocabulary: Vocabulary, grammar: Grammar, constants: Sequence[Constant] = ()) -> None:
        """``constants``: the contents of the constant slots, from :meth:`Vocabulary.constants`."""
        self.vocabulary, self.grammar, self.constants = vocabulary, grammar, tuple(constants)
        self._index = {n: i for i, n in enumerate(grammar.nonterminals)}
        moves: list[list[tuple[int, Production]]] = []
        self.left_out: tuple[Production, ...] = ()
        """Productions without a token: constants without a slot, primitives of a family, inputs beyond the slots."""
        tokens = {p: self._token(p) for p in grammar.productions if not isinstance(p.head, (Unit, Lift))}
        self.left_out = tuple(p for p, token in tokens.items() if token is None)
        for nonterminal in grammar.nonterminals:
            direct = self._closed(nonterminal)
            moves.append([(token, p) for p in direct if (token := tokens[p]) is not None])
        self.need = self._needs(moves)
        """Number of tokens of the shortest program of each non-terminal, by index."""
        self._moves = [self._by_token(own) for own in moves]
        self._table = np.full((len(moves), len(vocabulary)), _NEVER, dtype=np.int64)
        for i, by_token in enumerate(self._moves):
            for token, options in by_token.items():
                self._table[i, token] = min(m.need for m in options)
        if self.need[0] >= _NEVER:
            names = ", ".join(str(p) for p in self.left_out)
            raise InputError(
                f"no program of {grammar.start.name!r} can be written in tokens; productions without a token: {names}; "
                "make the Vocabulary with more slots or give the task's constants"
            )

    def start(self, max_tokens: int) -> TokenState:
        """The state before any token; a program may have up to ``max_tokens`` (start and end not counted).

        Raises:
            InputError: if the shortest program is longer.
        """
        if max_tokens < self.need[0]:
            raise InputError(f"max_tokens is {max_tokens}; the shortest program of this grammar has {self.need[0]}")
        return TokenState(self, {(0,): (self.need[0], None)}, max_tokens, False)

    def _token(self, production: Production) -> int | None:
        """The token of a production; None if the vocabulary has none."""
        try:
            match production.head:
                case Primitive(name=name):
                    return self.vocabulary.primitive_token(name)
                case Abstraction(parameters):
                    return self.vocabulary.lambda_token(len(parameters))
                case Unit() | Lift():
                    raise AssertionError(production)
                case leaf:
                    return self.vocabulary.token(leaf, self.constants)
        except InputError:
            return None

    def _closed(self, target: Nonterminal) -> Iterable[Production]:
        """Productions with a token that ``target`` reaches through those without one, nearest first."""
        seen = {target: None}
        queue = [target]
        for nonterminal in queue:  # grows during iteration
            for p in self.grammar.by_target[nonterminal]:
                if not isinstance(p.head, (Unit, Lift)):
                    yield p
                elif p.arguments[0] not in seen:
                    seen[p.arguments[0]] = None
                    queue.append(p.arguments[0])

    def _needs(self, moves: list[list[tuple[int, Production]]]) -> list[int]:
        need = [_NEVER] * len(moves)
        changed = True
        while changed:
            changed = False
            for i, own in enumerate(moves):
                best = min((1 + sum(need[self._index[a]] for a in p.arguments) for _, p in own), default=_NEVER)
                if best < need[i]:
                    need[i], changed = best, True
        return need

    def _by_token(self, own: list[tuple[int, Production]]) -> dict[int, tuple[_Move, ...]]:
        """Moves of one non-terminal; of those with the same effect on the stack, the first."""
        found: dict[int, dict[tuple[int, ...], _Move]] = {}
        for token, p in own:
            arguments = tuple(self._index[a] for a in p.arguments)
            need = 1 + sum(self.need[a] for a in arguments)
            if need < _NEVER:
                found.setdefault(token, {}).setdefault(arguments, _Move(p, arguments, need))
        return {token: tuple(options.values()) for token, options in found.items()}


_Trail = tuple["_Trail", Production] | None  # the productions chosen so far, the last first
_Stacks = dict[tuple[int, ...], tuple[int, _Trail]]  # (top last) -> minimum number of tokens, and how it arose


@dataclass(frozen=True, slots=True, eq=False)
class TokenState:
    """What was read so far; immutable."""

    grammar: TokenGrammar
    stacks: _Stacks
    left: int
    """Number of tokens that the program may still have."""
    closed: bool
    """Whether the end token was read; only padding follows."""

    @staticmethod
    def start(vocabulary: Vocabulary, grammar: Grammar, constants: Sequence[Constant], max_tokens: int) -> TokenState:
        """The state before any token; :class:`TokenGrammar` avoids repeated compilation. Raises: InputError: if no program fits."""
        return TokenGrammar(vocabulary, grammar, constants).start(max_tokens)

    @property
    def done(self) -> bool:
        """Whether the tokens so far are a whole program."""
        return () in self.stacks

    def mask(self) -> NDArray[np.bool_]:
        """For each token of the vocabulary whether it may come next (shape: V).

        True exactly if some program of the grammar, within the budget, continues with it. After a whole program it is the end token,
        after that padding.
        """
        allowed = np.zeros(len(self.grammar.vocabulary), dtype=np.bool_)
        if self.closed:
            allowed[PAD] = True
            return allowed
        for stack, (need, _) in self.stacks.items():
            if stack:
                rest = need - self.grammar.need[stack[-1]]
                allowed |= self.grammar._table[stack[-1]] <= self.left - rest
            else:
                allowed[END] = True
        return allowed

    def advance(self, token: int) -> TokenState:
        """The state after one more token.

        Raises:
            InputError: for a token that the mask does not allow; the message lists the allowed ones.
        """
        if self.closed and token == PAD:
            return self
        if self.done and not self.closed and token == END:
            whole: _Stacks = {(): self.stacks[()]}
            return TokenState(self.grammar, whole, self.left, True)
        found: _Stacks = {}
        for stack, (need, trail) in self.stacks.items():
            if not stack or self.closed:
                continue
            rest = need - self.grammar.need[stack[-1]]
            for move in self.grammar._moves[stack[-1]].get(token, ()):
                if rest + move.need <= self.left:
                    after = stack[:-1] + move.arguments[::-1]
                    found.setdefault(after, (rest + move.need - 1, (trail, move.production)))
        if not found:
            raise self._refused(token)
        return TokenState(self.grammar, found, self.left - 1, False)

    def program(self) -> Program:
        """The program read; of several derivations the first.

        Raises:
            InputError: when it is not whole yet.
        """
        if not self.done:
            raise InputError("the tokens so far are not a whole program; continue until state.done")
        trail = self.stacks[()][1]
        built: list[Program] = []
        while trail is not None:  # last production first: its arguments are on top, the first one uppermost
            trail, production = trail
            arguments = [built.pop() for _ in production.arguments]
            built.append(production.build(arguments))
        return built[0]

    def _refused(self, token: int) -> InputError:
        texts = self.grammar.vocabulary.tokens
        name = texts[token] if 0 <= token < len(texts) else f"<{token}>"
        allowed = ", ".join(texts[i] for i in np.flatnonzero(self.mask()))
        return InputError(
            f"token {name} (id {token}) is not completable here within {self.left} tokens; allowed: {allowed}"
        )
