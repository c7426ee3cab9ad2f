"""Every number that sets policy, in one place: who gets how much time, what is waited for, when something is doubted."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosynth.errors import InputError
from neurosynth.search.base import Needs

__all__ = ["BottomUpConfig", "PortfolioConfig", "StrategiesConfig"]


@dataclass(frozen=True, kw_only=True)
class PortfolioConfig:
    """How a search divides its time and judges what it finds.  Shares are of 0 to 1, times in seconds.

    Shares of *working time* are of the time since the search began without compiling, and count over restarts.
    """

    # --- shares of working time, and what a turn needs at least ---------------------------------------------------
    opening: float = 0.3
    """Share of the time limit for strategies that need no banks; they go first."""
    concat_cover: float = 0.25
    """Share of working time for covers of the goal by concatenation."""
    tree_cover: float = 0.25
    """Share of working time for covers of those examples that no known term is right on."""
    deduction: float = 0.1
    """Share of working time for deduction by inverse kernels."""
    lambda_bodies: float = 0.4
    """Share of working time for bodies of functions over known lists."""
    lambda_bodies_first: float = 0.5
    """Seconds that lambda bodies get in all, however short the search is yet."""
    lambda_bodies_slice: float = 0.2
    """Seconds a turn of lambda bodies has at least: each body is a search of its own."""
    constant_synthesis: float = 0.1
    """Share of working time for terms by a constant that is deduced."""
    constant_synthesis_slice: float = 0.01
    """Seconds a turn of constant synthesis has at least: loading its loops takes longer than many a task."""

    # --- guide and learning ---------------------------------------------------------------------------------------
    guide_after: int = 8_000
    """Programs tried first, after which a deferred guide of tokens is asked and decoding begins beside this search; where they take
    long, after ``guide_phase_after`` all the same.  A count, so that easy tasks have the same answer however fast the machine is."""
    decoding_first: float = 0.2
    """Seconds of the first turn of decoding, but at most a twentieth of the time limit."""
    named_first: float = 0.5
    """The same for a guide that somebody named."""
    decoding_least: float = 0.15
    """Share of the time for decoding from then on where nothing that was decoded is right on any example."""
    named_least: float = 0.3
    """The same for a guide that somebody named."""
    decoding_most: float = 0.7
    """That share where decoding alone brings something; it is in between as far as enumeration does, too."""
    decoding_grown: float = 0.2
    """Share of the time limit after which decoding may have all of its share; before, it grows, but not for a guide that somebody
    named: most tasks are solved early, and by enumeration as soon."""
    decoder_handicap: float = 0.01
    """Share of the time limit that a decoder has before the next kind of decoder begins."""
    decoding_memory: float = 0.6
    """Share of the memory limit beyond which decoding gives its memory to the banks and ends."""
    guide_writes: int = 2_000
    """Programs decoded first, one of which that is right is taken to be meant and not right by chance."""
    guide_phase_after: float = 0.1
    """Share of the time limit after which a search with the guide's costs begins beside this one."""
    guide_phase_until: float = 0.4
    """Share of the time limit after which the guide's costs have had their turn, and this search goes on where it was."""
    guide_again_after: float = 0.65
    """Share of the time limit after which a second search begins, with costs from better partial solutions, if there are any."""
    guide_again_until: float = 0.8
    """Share of the time limit after which that has had its turn."""
    values_after: int = 20_000
    """Programs tried first, after which a value guide has its turn; where they take long, after ``values_after_share`` all the same."""
    values_after_share: float = 0.1
    """Share of the time limit."""
    values_judged: int = 2_000
    """Values judged, the cheapest in the banks."""
    values_seconds: float = 0.05
    """Share of the time limit for that at most."""
    values_planted: int = 12
    """Values that the search beside builds on from the start, those with the fewest bits to go."""
    values_share: float = 0.25
    """Share of the time limit for the search beside."""
    learn_after: float = 0.33
    """Share of the time limit after which learning from partial solutions starts the search again."""

    # --- objects and compiled code --------------------------------------------------------------------------------
    unloaded: float = 4
    """How many times as long objects do where numba is not imported yet: that alone takes as long as 180,000 values."""
    cold: float = 15
    """How many times as long where nothing was compiled before: compiled loops then begin with some seconds of compiling."""
    probe_after: float = 0.3
    """Seconds of a pass after which its rate is believed, and a level too large for the time left is only looked through."""

    # --- examples that candidates fail on -------------------------------------------------------------------------
    widen_early: float = 0.1
    """Share of the time left within which (since the pass began) one refuted candidate starts the search again with the example
    it is wrong on."""
    widen_count: int = 200
    """Refuted candidates after which it starts again however late it is."""
    widen_until: int = 50
    """Examples searched on beyond which deduced candidates add no more: masks of examples have 63 bits."""

    # --- accepting, holding, doubting -----------------------------------------------------------------------------
    pending: int = 32
    """Candidates held back before only cheaper ones are looked at."""
    spurious: float = 0.2
    """Programs expected to be right by chance from which on one that is right is a suspect."""
    simplest: int = 10_000
    """Programs tried first, one of which that is right is taken to be meant."""
    suspect_alternatives: int = 8
    """How many times as many programs are collected where some of them are suspects."""
    suspect_wait: float = 0.8
    """Seconds that a suspect waits for enumeration at least; else twice the time searched."""
    unread_wait: float = 0.3
    """Seconds that a program which leaves an input unread waits at least; else twice the time searched."""

    unlike: float = 1.5
    """Bits by which what a program gives for the rows to fill surprises in the mean, from which on it waits as long, too."""

    # --- how long to go on after a program was found --------------------------------------------------------------
    alternatives_wait: float = 0.02
    """Seconds that alternatives are collected for after the first program, at least."""
    alternatives_share: float = 0.15
    """Else this share of the time searched so far."""
    more_wait: float = 0.5
    """Seconds where several programs are wanted, or the first is a suspect, at least; else as long as was searched so far."""
    memoriser_wait: float = 0.85
    """Share of the time left that a program which only spells out the outputs waits for another."""
    explaining: tuple[float, float] = (0.25, 1.0)
    """Bits of a program without cases, against those of the outputs beyond their inputs: up to which it waits no longer than for
    alternatives, and from which on it waits in full; between them in proportion to the logarithm.  Going on brought a right answer
    in place of a wrong one for none of 123 programs of less than a fourth, 1 of 95 of less than half, 3 of 80 of less than all, and 10 of
    111 of more."""
    tree_wait: tuple[float, float] = (0.2, 1.5)
    """Of a decision tree: seconds at least, and how many times the time searched so far."""
    cheap_wait: tuple[float, float] = (0.2, 0.7)
    """Of a deduced program that costs little, likewise."""
    dear_wait: tuple[float, float] = (0.5, 2.0)
    """Of a dearer one, likewise."""
    cheap: int = 16
    """Cost up to which a deduced program is taken to be about as good as an enumerated one."""
    longest_wait: float = 0.9
    """Share of the time left that nothing waits longer than, but for a program that memorises."""

    def __post_init__(self) -> None:
        none, full = self.explaining
        if not 0 < none < full:
            raise InputError(
                f"PortfolioConfig: explaining is {self.explaining}; allowed: two shares above 0, the smaller first"
            )
        for name in (
            "named_least",
            "decoding_least",
            "decoding_most",
            "decoding_grown",
            "decoding_memory",
            "guide_phase_after",
            "guide_again_after",
            "guide_again_until",
            "guide_phase_until",
            "learn_after",
            "opening",
            "values_after_share",
            "values_seconds",
            "values_share",
            "longest_wait",
            "memoriser_wait",
        ):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"PortfolioConfig: {name} is {getattr(self, name)}; allowed: a share of 0 to 1")
        if not self.decoding_grown:
            raise InputError("PortfolioConfig: decoding_grown is 0; allowed: a share above 0, at most 1")


@dataclass(frozen=True, kw_only=True)
class BottomUpConfig:
    """Settings every search that enumerates bottom-up shares."""

    examples: int = 10
    """Examples searched on at first; all are verified."""
    object_cells: int = 60_000
    """Values computed on Python objects (candidates times columns) before compiled loops take over: about 0.1 s."""
    compiled: bool = True
    """False keeps to Python objects throughout."""
    join: bool = True
    """Join pairs of known values on the goal through inverse semantics after each level."""
    alternatives: int = 0
    """Programs right on all examples to collect, for a short while after the first, for ranking to choose from."""
    learn: bool = False
    """After a share of the time prefer the productions of partial solutions and start again."""
    probe: bool = True
    """At a level too large to finish, only look for the goal and keep nothing."""
    policy: PortfolioConfig = field(default_factory=PortfolioConfig)
    """How time is divided and what is found is judged."""
    needs: Needs = field(default="rules", init=False)


@dataclass(frozen=True, kw_only=True)
class StrategiesConfig(BottomUpConfig):
    """Which strategies a portfolio has beside enumeration."""

    alternatives: int = 16
    """Programs right on all examples to collect, for a short while after the first, for ranking to choose from.

    With 0 nothing is compared: of conditions equal on the examples the first is taken, too.
    """
    learn: bool = True
    """After a third of the time prefer the productions of partial solutions and start again."""
    deduce: bool = True
    """Deduce covers by concatenation from the goal, and what its parts must be."""
    edit: bool = True
    """Deduce constants that, in the place of a known piece, make known texts right."""
    functions: bool = True
    """Deduce what a functional argument must answer, and search for its body."""
    divide: bool = True
    """Grow decision trees over the grammar's conditionals."""
    depth: int = 20
    """Conditions on a path of a decision tree at most."""
