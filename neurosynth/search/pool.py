"""The programs that a search has found: accepted ones, ones that are held back while a better one may come, and refuted ones.

A pool verifies candidates on all examples and *returns* its decision (:class:`~neurosynth.search.candidates.Decision`); the runner of
the search acts on it. A pool knows no clock, no banks and no strategy: everything that a decision depends on comes with the candidate,
as a :class:`Situation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases, read_inputs
from neurosynth.ranking.bits import copied_bits, unexplained
from neurosynth.ranking.looks import Fit
from neurosynth.search.candidates import Candidate, Decision, Verdict, memorises
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.spuriousness import Spuriousness
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Example

__all__ = ["Situation", "SolutionPool"]

_KNOWN = Decision(Verdict.KNOWN)
_CASE = 5
"""The charge for each further leaf of a decision tree when pending programs are ordered: the cost of a small program."""
_DIVIDED = 2
"""Number of cases above which a program waits like a decision tree, wherever its conditions are: in the body of a function, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of a search when a candidate is judged. Seconds are counted from its start."""

    elapsed: float = 0.0
    left: float = float("inf")
    """Seconds until the limit."""
    searched: float = 0.0
    """The part of ``elapsed`` without compiling and loading."""
    in_pass: float = 0.0
    """Seconds since the search last restarted."""
    passes: int = 0
    """Number of restarts."""
    tried: int = 0
    """Number of candidates tried so far."""
    cost: int = 0
    """The cost that enumeration has reached."""
    searched_on: int = 0
    """Number of examples on which candidates are computed."""
    spuriousness: Spuriousness | None = None
    """Expected number of programs that are right by coincidence; None if nobody asks."""


class SolutionPool:
    """Accepted, pending and refuted programs of one search."""

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        inputs: int = 0,
        top: int = 1,
        alternatives: int = 0,
        seconds: float = float("inf"),
        policy: PortfolioConfig | None = None,
        fit: Fit | None = None,
    ) -> None:
        """
        Args:
            examples: all of the task's.
            inputs: how many inputs there are; with ``alternatives``, programs that leave one unread wait.
            top: the number of programs that the caller wants.
            alternatives: how many to collect for ranking to choose from; with 0, nothing is compared and nothing is suspect.
            seconds: the time limit; policy numbers are shares of it.
            policy: all numbers.
            fit: how programs fit the rows without outputs; with ``alternatives``, programs that do not fit them wait.
        """
        self.examples = tuple(examples)
        self.inputs, self.top, self.alternatives, self.seconds = inputs, top, alternatives, seconds
        self.policy = policy or PortfolioConfig()
        self.fit = fit
        self.accepted: list[Program] = []
        self.pending: list[Candidate] = []
        self.suspects: set[Program] = set()
        """Programs that are right on all examples, possibly by coincidence."""
        self.guide_proposed: list[Program] = []
        """Programs that are right on all examples and that a guide generated."""
        self.sources: dict[Program, str] = {}
        """The strategy that made each right program."""
        self._wrong: dict[Program, int] = {}
        """Wrong programs of this pass, and the first example on which each is wrong."""
        self._pass = 0
        self._weighed, self._doubted = 0, True
        """Whether all of so many programs are doubted."""
        self._evaluator = Evaluator()

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """Whether nothing has been found yet that is shorter than the outputs and not suspect."""
        return all(p in self.suspects for p in self.accepted) and all(
            c.program in self.suspects or memorises(c, self.examples) for c in self.pending
        )

    @property
    def doubted(self) -> bool:
        """Whether something was found, and all of it takes about as many bits as the outputs, so that it may well be a coincidence."""
        found = [*self.accepted, *(c.program for c in self.pending)]
        if len(found) != self._weighed:
            self._weighed = len(found)
            self._doubted = all(self.unexplained(p) > self.policy.doubted for p in found)
        return bool(found) and self._doubted

    @property
    def refuting(self) -> tuple[int, ...]:
        """Examples on which programs of this pass failed, in that order."""
        return tuple(dict.fromkeys(self._wrong.values()))

    def programs(self) -> list[Program]:
        """The accepted programs, then the best pending ones, those of a guide first, up to the number wanted."""
        wanted = max(self.top, self.alternatives)
        found = list(self.accepted)
        for c in sorted(self.pending, key=lambda c: (not c.guide_proposed, c.cost + _CASE * (c.leaves - 1))):
            if len(found) < wanted and c.program not in found:
                found.append(c.program)
        return found

    def failing(self, program: Program) -> tuple[int, ...]:
        """The examples on which the program is wrong."""
        return failing(program, self.examples, self._evaluator)

    # --- judging ------------------------------------------------------------------------------------------------

    def judge(self, candidate: Candidate, moment: Situation) -> Decision:
        """Verify a candidate on all examples and decide what becomes of it.

        In the order of costs, the first program that is right is accepted. A program that was deduced before simpler ones were tried,
        or that leaves an input unread, is held back; how long depends on the possible gain.
        """
        if moment.passes != self._pass:  # programs that failed may have been wrong on examples that the search now uses
            self._pass, self._wrong = moment.passes, {}
        program = candidate.program
        if candidate.guide_proposed and (program in self.accepted or self._held(program)):
            self.guide_proposed.append(program)
            return _KNOWN
        if program in self._wrong or program in self.accepted or (candidate.deduced and not self._wanted(candidate)):
            return _KNOWN
        wrong = self.failing(program)
        if wrong:
            return self._refute(candidate, wrong, moment)
        waits = self._unread(program)
        if candidate.guide_proposed:
            waits = waits or (candidate.leaves > 1 and memorises(candidate, self.examples))
            waits = waits or (self._early(candidate, moment) and self.unexplained(program) >= 1.0)
        else:
            joined = candidate.cost > moment.cost  # before simpler programs were tried
            suspect = joined and self._is_suspect(moment, joined=True)
            early = self._early(candidate, moment) and self.unexplained(program) > 0.0
            waits = candidate.deduced or suspect or waits or early or self._unfit(program)
        if not waits:
            return self._accept(candidate, moment)
        return self._hold(candidate, moment) if self._wanted(candidate) else _KNOWN

    def adopt(self, programs: Sequence[Program], pending: Sequence[Candidate], moment: Situation) -> Decision:
        """Take over what a search alongside found and verified: accepted programs stay accepted, and pending ones start to wait
        again."""
        held = {c.program for c in pending}
        accepted = [p for p in programs if p not in held and p not in self.accepted]
        self.accepted += accepted
        decisions = [self._hold(c, moment) for c in pending if all(c.program != own.program for own in self.pending)]
        return Decision(
            Verdict.PENDING,
            until=min((d.until for d in decisions), default=float("inf")),
            stop=(bool(accepted) and not self.open) or any(d.stop for d in decisions),
        )

    def _accept(self, candidate: Candidate, moment: Situation) -> Decision:
        """Accept a program, and continue for a short time to collect alternatives."""
        policy, program = self.policy, candidate.program
        self.accepted.append(program)
        self.sources.setdefault(program, candidate.source)
        suspect = not candidate.guide_proposed and self._is_suspect(moment, joined=False)
        if candidate.guide_proposed:
            self.guide_proposed.append(program)
        elif suspect:
            self.suspects.add(program)
        collected = max(self.top, (policy.suspect_alternatives if suspect else 1) * self.alternatives)
        more = max(policy.more_wait, moment.searched) if suspect or self.top > 1 else self._alternatives(moment)
        return Decision(Verdict.ACCEPTED, until=moment.elapsed + more, stop=len(self.accepted) >= collected)

    def _hold(self, candidate: Candidate, moment: Situation) -> Decision:
        """Hold a program back, and continue while a better one may be worth the wait."""
        policy, program = self.policy, candidate.program
        self.pending.append(candidate)
        self.sources.setdefault(program, candidate.source)
        wait = self.grace(candidate, moment)
        unread, dear = self._unread(program), candidate.cost > moment.cost
        doubted = candidate.leaves == 1 and (unread or dear) and not candidate.guide_proposed
        if candidate.guide_proposed:
            self.guide_proposed.append(program)
        if doubted and self._is_suspect(moment, joined=dear):
            self.suspects.add(program)
            most = moment.left - (1 - policy.suspect_until) * self.seconds
            long = max(policy.suspect_wait, 2 * moment.searched) * (1.0 if unread else self.unexplained(program))
            wait = max(0.0, min(long, most))
        elif unread or self._unfit(program):
            wait = max(wait, policy.unread_wait, 2 * moment.searched)
        return Decision(Verdict.PENDING, until=moment.elapsed + wait, stop=wait <= 0)

    def grace(self, candidate: Candidate, moment: Situation) -> float:
        """Seconds to continue after a right candidate: none if enumeration has reached its cost, long for a tree, and nearly all for a
        program that memorises. The more bits of the outputs the program explains, the shorter the wait."""
        policy = self.policy
        if memorises(candidate, self.examples):
            return policy.memoriser_wait * moment.left
        early = candidate.cost > moment.cost + 1
        divided = candidate.leaves > 1 or (early and cases(candidate.program) > _DIVIDED)
        if divided:
            least, times = policy.tree_wait
        elif not early:
            least, times = 0.0, 0.0
        else:
            least, times = policy.cheap_wait if candidate.cost <= policy.cheap else policy.dear_wait
        wait = max(least, times * moment.searched)
        if (
            not divided
        ):  # bits say little about a tree: one that explains many bits may still separate the cases wrongly
            wait = max(self._alternatives(moment), wait * self.unexplained(candidate.program)) if wait else 0.0
        return min(wait, policy.longest_wait * moment.left)

    def _alternatives(self, moment: Situation) -> float:
        """Seconds for collecting programs to compare an answer with."""
        return max(self.policy.alternatives_wait, self.policy.alternatives_share * moment.searched)

    def unexplained(self, program: Program) -> float:
        """The share of the full wait for a program, 0 to 1, from its bits relative to those of the outputs beyond their inputs.

        A program with few of these bits is hardly right by coincidence, and continuing is not expected to change the answer. A program
        with as many bits contains no less than the outputs.
        """
        return unexplained(program, self.examples, self._told, self.policy.explaining)

    @cached_property
    def _told(self) -> float:
        return copied_bits(self.examples)

    def _refute(self, candidate: Candidate, wrong: tuple[int, ...], moment: Situation) -> Decision:
        """Refute a candidate, and add some of its failed examples to the search, now or once enough candidates failed."""
        policy = self.policy
        self._wrong[candidate.program] = wrong[0]
        if candidate.guide_proposed:
            return Decision(Verdict.REFUTED, wrong)
        if candidate.deduced:
            # a tree that memorises says little about the examples on which it is wrong: wait for better terms instead
            rote = candidate.leaves * 3 > moment.searched_on
            widen = () if rote or moment.searched_on >= policy.widen_until else wrong
            return Decision(Verdict.REFUTED, wrong, widen=widen)
        now = moment.in_pass < policy.widen_early * moment.left or len(self._wrong) >= policy.widen_count
        return Decision(Verdict.REFUTED, wrong, widen=self.refuting if now else ())

    def _held(self, program: Program) -> bool:
        return any(c.program == program for c in self.pending)

    def _early(self, candidate: Candidate, moment: Situation) -> bool:
        """Whether programs are compared, and a program comes before enumeration has tried the cheaper ones.

        It is then right by coincidence sooner if it leaves outputs unexplained: a join compares millions of programs, and some of them
        produce any few small outputs. A guide generates hundreds, and some of them produce one or two outputs of a few bits.
        """
        return bool(self.alternatives) and candidate.cost > moment.cost + 1

    def _wanted(self, candidate: Candidate) -> bool:
        """Whether to hold a right program: it is not held yet, and not more expensive than all of enough held ones."""
        if self._held(candidate.program):
            return False
        return len(self.pending) < self.policy.pending or candidate.cost < max(c.cost for c in self.pending)

    def _unread(self, program: Program) -> bool:
        """Whether some input is not read. Few tasks have a useless input; nothing is checked if nothing is compared."""
        return bool(self.alternatives) and len(read_inputs(program)) < self.inputs

    def _unfit(self, program: Program) -> bool:
        """Whether the program has no value on rows still to be filled, or a value unlike the outputs on most of them."""
        if self.fit is None or not self.alternatives:
            return False
        undefined, odd = self.fit.of(program)
        return undefined > 0 or odd > self.policy.unlike

    def _is_suspect(self, moment: Situation, *, joined: bool) -> bool:
        """Whether one of the programs compared so far is expected to be right on every example by coincidence.

        These are the programs tried, and all pairs of known values if parts were ``joined``. Never if nothing is compared, nor among
        the simplest programs, because asking a guide takes as long as trying millions.
        """
        if not self.alternatives or moment.spuriousness is None:
            return False
        if moment.tried < self.policy.simplest and not joined:
            return False
        return moment.spuriousness.expected(moment.tried, joined=joined) > self.policy.spurious
