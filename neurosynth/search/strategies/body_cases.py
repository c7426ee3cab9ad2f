"""Bodies with two cases, or of two conditions, each part of which a guide of tokens generates.

A guide that reads the calls of ``(if (= a f) r a)`` proposes ``a``, which answers most of them. The other calls are a task of their own,
and where to use which is another one, with truth values as outputs (divide and conquer: Alur, Radhakrishna and Udupa, TACAS 2017, with
parts that are decoded instead of enumerated). Each of these tasks is far easier for a guide than the whole body.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import dataclass, field, replace

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar, Nonterminal
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Constant, Input, Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Step, Tried
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.conditional import Conditional, conditionals_of
from neurosynth.search.strategies.part_decoding import PartDecoding
from neurosynth.tasks.task import Example
from neurosynth.values.types import Arrow, Type

__all__ = ["BodyCases"]

MOST = 2
"""Number of programs of a body that are tried as its first case."""
LEAST = 2
"""Minimum number of calls that each case must answer alone."""
SHARE = 1 / 3
"""Minimum share of the calls that the first case answers."""
SMALL = 3
"""Maximum number of nodes of the first case: larger ones answer calls by coincidence."""
PAIRED = 8
"""Number of conditions of which two together are tried."""
READ = 32
"""Number of decoded programs that are considered as a case."""


@dataclass(frozen=True)
class BodyCases:
    """Looks for bodies of two cases, with more effort each time."""

    request: SearchRequest
    guide: SequenceGuide
    """Reads bodies."""
    run: Runner
    body: PartDecoding
    grammar: Grammar
    """Of the body."""
    parts: dict[tuple[Nonterminal, int, int], PartDecoding] = field(default_factory=dict)
    """By non-terminal: the calls of the part, and those of them with a true result, as bits."""
    simple: dict[Nonterminal, list[tuple[int, Program]]] = field(default_factory=dict)
    """Conditions of one primitive, each with the calls for which it is true, as bits."""

    @property
    def tried(self) -> int:
        """Number of programs decoded so far, without those of the body itself."""
        return sum(part.tried for part in self.parts.values())

    def find(self, programs: int) -> Generator[Step, None, Program | None]:
        """A body of two cases that answers all calls, with up to so many programs for each of its parts."""
        calls = len(self.body.task.examples)
        everywhere = (1 << calls) - 1
        for conditional in conditionals_of(self.grammar, self.grammar.start)[:1]:
            if conditional.production.arguments[conditional.condition] == self.grammar.start:
                return (yield from self._both())
            terms = yield from self._terms()
            likely = [(m, p) for m, p in terms if SHARE * calls <= m.bit_count() <= calls - LEAST]
            for mask, first in likely[:MOST]:
                rest = everywhere & ~mask
                known = next((p for m, p in terms if not rest & ~m), None)
                second = known or (yield from self._decoded(self.grammar.start, rest, rest, programs))
                if second is None:
                    continue
                alone = mask & ~self.body.mask(second)
                if alone.bit_count() < LEAST:
                    continue
                found = yield from self._chosen(conditional, first, second, alone, rest, programs)
                if found is not None:
                    return found
        return None

    def _both(self) -> Generator[Step, None, Program | None]:
        """Two conditions together, which a primitive combines: both hold for all calls with a true result, or for those alone."""
        start = self.grammar.start
        joining = [p for p in self.grammar.by_target[start] if p.arguments == (start, start)]
        examples = self.body.task.examples
        wanted = sum(bool(e.output) << i for i, e in enumerate(examples))
        known = dict((yield from self._simple(start)))
        for decoded in self.body.run.partial(READ):
            if decoded.program.size <= SMALL:
                known.setdefault(wanted ^ self.body.mask(decoded.program) ^ ((1 << len(examples)) - 1), decoded.program)
        wide = [p for m, p in known.items() if not wanted & ~m and m.bit_count() < len(examples)]
        narrow = [p for m, p in known.items() if m and not m & ~wanted]
        for conditions in (wide[:PAIRED], narrow[:PAIRED]):
            for pair in itertools.combinations(conditions, 2):
                for production in joining:
                    program = production.build(pair)
                    yield Tried(1)
                    if self.body.right(program) == len(examples):
                        return program
        return None

    def _terms(self) -> Generator[Step, None, list[tuple[int, Program]]]:
        """Small programs with the calls that each answers, the smallest first: leaves of the grammar, and decoded ones."""
        heads = [p.head for p in self.grammar.by_target[self.grammar.start]]
        leaves = [head for head in heads if isinstance(head, (Input, Constant))]
        decoded = [d.program for d in self.body.run.partial(READ)]
        yield Tried(len(leaves))
        found: dict[int, Program] = {}
        for program in sorted([*leaves, *(p for p in decoded if p.size <= SMALL)], key=lambda p: p.size):
            found.setdefault(self.body.mask(program), program)
        found.pop(0, None)
        return sorted(found.items(), key=lambda term: (term[1].size, -term[0].bit_count()))

    def _chosen(
        self, conditional: Conditional, first: Program, second: Program, alone: int, rest: int, programs: int
    ) -> Generator[Step, None, Program | None]:
        """The body that is ``second`` on the calls ``rest`` and ``first`` on those that it answers ``alone``."""
        target = conditional.production.arguments[conditional.condition]
        simple = yield from self._simple(target)
        for mask, condition in simple:
            if mask & rest == rest and not mask & alone:
                return conditional.build(condition, second, first)
            if mask & alone == alone and not mask & rest:
                return conditional.build(condition, first, second)
        decoded = yield from self._decoded(target, alone | rest, rest, programs)
        if decoded is not None:
            return conditional.build(decoded, second, first)
        decoded = yield from self._decoded(target, alone | rest, alone, programs)
        return None if decoded is None else conditional.build(decoded, first, second)

    def _simple(self, target: Nonterminal) -> Generator[Step, None, list[tuple[int, Program]]]:
        """One primitive on what the body reads, with the calls for which it is true."""
        if target not in self.simple:
            read: dict[Nonterminal, list[Program]] = {}
            for p in self.grammar.productions:
                if isinstance(p.head, Input):
                    read.setdefault(p.target, []).append(p.head)
            evaluator, rows = Evaluator(checking_budget(self.body.task)), [e.inputs for e in self.body.task.examples]
            found: dict[int, Program] = {}
            for p in self.grammar.by_target[target]:
                if isinstance(p.head, Primitive) and p.arguments:
                    for arguments in itertools.product(*(read.get(n, ()) for n in p.arguments)):
                        yield Tried(1)
                        program = p.build(arguments)
                        values = [evaluator.run(program, row) for row in rows]
                        if UNDEFINED not in values:
                            found.setdefault(sum(bool(v) << i for i, v in enumerate(values)), program)
            self.simple[target] = list(found.items())
        return self.simple[target]

    def _decoded(
        self, target: Nonterminal, calls: int, true: int, programs: int
    ) -> Generator[Step, None, Program | None]:
        """A program for some of the calls: with their results, or if they have to be told apart, with truth values."""
        key = target, calls, true
        if key not in self.parts:
            part = self._part(target, calls, true)
            if part is None:
                return None
            self.parts[key] = part
        return (yield from self.parts[key].run_until(programs))

    def _part(self, target: Nonterminal, calls: int, true: int) -> PartDecoding | None:
        grammar = replace(self.grammar, start=target).trimmed()
        if not grammar.by_target[grammar.start]:
            return None
        given = self.body.task
        told_apart = calls != true
        examples = [
            Example(e.inputs, bool(true >> number & 1)) if told_apart else e
            for number, e in enumerate(given.examples)
            if calls >> number & 1
        ]
        assert not isinstance(target.type, Arrow)
        wanted: Type = Arrow(given.parameters, target.type)
        return PartDecoding(self.request, self.guide, self.run, examples, wanted, grammar)

    def close(self) -> None:
        """End all decoding."""
        for part in self.parts.values():
            part.close()
