"""All policy numbers of the searches: shares of time, waiting times, and the thresholds for suspect solutions."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosynth.errors import InputError
from neurosynth.ranking.bits import EXPLAINING
from neurosynth.search.base import Needs

__all__ = ["BottomUpConfig", "PortfolioConfig", "StrategiesConfig"]


@dataclass(frozen=True, kw_only=True)
class PortfolioConfig:
    """How a search divides its time and judges what it finds.

    Shares are between 0 and 1, and times in seconds. *Working time* is the time since the search began without compiling and without
    the turns of guides; it continues over restarts.
    """

    # --- shares of working time, and minimum lengths of turns ------------------------------------------------------
    opening: float = 0.3
    """Share of the time limit for strategies that need no banks, which run first."""
    concat_cover: float = 0.25
    """Share of working time for covers of the goal by concatenation."""
    tree_cover: float = 0.25
    """Share of working time for covers of those examples for which no known term is right."""
    tree_conditions: float = 0.25
    """Share of a limit on candidates for comparing conditions that are equal on the examples."""
    deduction: float = 0.1
    """Share of working time for deduction by inverse kernels."""
    lambda_bodies: float = 0.4
    """Share of working time for bodies of functions over known lists."""
    lambda_bodies_first: float = 0.5
    """Seconds that the search for lambda bodies always gets in total, even early in a search."""
    lambda_bodies_slice: float = 0.2
    """Minimum length of a turn of lambda bodies, in seconds: each body is a separate search."""
    constant_synthesis: float = 0.1
    """Share of working time for terms with a deduced constant."""
    constant_synthesis_slice: float = 0.01
    """Minimum length of a turn of constant synthesis, in seconds: loading its loops takes longer than many tasks."""

    # --- guide and learning ---------------------------------------------------------------------------------------
    guide_after: int = 8_000
    """Number of programs after which a deferred guide of tokens is asked and decoding begins alongside this search. If
    programs are slow, both begin after ``guide_phase_after``. This is a count, so that easy tasks have the same answer
    on machines of any speed."""
    decoding_first: float = 0.2
    """Length of the first turn of decoding, in seconds, but at most a twentieth of the time limit."""
    named_first: float = 1.0
    """Maximum length of the first turn of a guide that the user named, in seconds."""
    named_most: float = 0.1
    """The same as a share of the time limit."""
    named_turns: tuple[tuple[int, int], ...] = ((16, 250), (48, 700), (128, 1_000), (400, 2_500))
    """Numbers of whole programs and of bodies of functions that it has decoded after each part of that turn. Easy tasks need few of either,
    and bodies take less time."""
    decoding_least: float = 0.15
    """Later share of time for decoding if no decoded program is right on any example."""
    named_least: float = 0.5
    """The same for a guide that the user named: as much as enumeration has, so that neither loses more than half of its time.
    It falls to ``decoding_least`` by the end of the time if enumerated programs are right on some example and decoded ones on none."""
    named_without_kernels: float = 0.8
    """Share of time for decoding with a guide that the user named, in a language without kernels: enumeration on Python objects tries a
    hundredth of the programs."""
    decoding_most: float = 0.7
    """The same share if only decoding is successful; if enumeration is successful too, the share is in between."""
    decoding_grown: float = 0.2
    """Share of the time limit after which decoding may use its full share. Until then its share grows, because
    enumeration solves most easy tasks as soon. The full share of a guide that the user named is available at once."""
    decoder_handicap: float = 0.01
    """Share of the time limit for one decoder before the next kind of decoder starts."""
    decoder_first: float = 16.0
    """Factor for the time of the first decoder, compared with each other decoder of equal success. Decoders find similar programs, so
    equal shares would make each of them three times as late."""
    decoding_memory: float = 0.6
    """Share of the memory limit at which decoding ends and leaves its memory to the banks."""
    guide_writes: int = 2_000
    """Number of first decoded programs among which a solution is not considered coincidental."""
    guide_phase_after: float = 0.1
    """Share of the time limit after which a second search with the guide's costs starts."""
    guide_phase_until: float = 0.3
    """Share of the time limit after which the search with the guide's costs ends, and the first search continues."""
    guide_again_after: float = 0.65
    """Share of the time limit after which another search starts with costs from better partial solutions, if there are any."""
    guide_again_until: float = 0.8
    """Share of the time limit after which that search ends."""
    values_after: int = 20_000
    """Number of programs after which a value guide is used, or after ``values_after_share`` if that is earlier."""
    values_after_share: float = 0.1
    """Share of the time limit."""
    values_judged: int = 2_000
    """Number of values that the guide scores, the cheapest in the banks."""
    values_seconds: float = 0.05
    """Maximum share of the time limit for scoring."""
    values_planted: int = 12
    """Number of values that the second search uses as inputs, those with the fewest missing bits."""
    values_share: float = 0.25
    """Share of the time limit for the second search."""
    pipelines_after: float = 0.08
    """Share of the time limit after which programs of usual parts are searched for alongside, if nothing was found."""
    pipelines_share: float = 0.3
    """Share of the time limit for them."""
    pipelines_doubted: tuple[int, float] = (8_000, 0.1)
    """Number of programs after which they are also searched for if only doubted programs were found, and the share of the time limit for
    that."""
    learn_after: float = 0.33
    """Share of the time limit after which the search restarts with costs learned from partial solutions."""

    # --- objects and compiled code --------------------------------------------------------------------------------
    unloaded: float = 4
    """Factor for the work on Python objects if numba is not imported yet: importing it takes as long as 180,000 values."""
    cold: float = 15
    """The same factor if nothing was compiled before: compiled loops then start with some seconds of compilation."""

    # --- examples on which candidates fail --------------------------------------------------------------------------
    widen_early: float = 0.1
    """Share of the remaining time. While a pass has run for less than this, one refuted candidate restarts the search
    with the example on which it is wrong."""
    widen_count: int = 200
    """Number of refuted candidates after which the search restarts at any time."""
    widen_until: int = 50
    """Maximum number of examples that deduced candidates may add to the search; masks of examples have 63 bits."""

    # --- accepting programs, holding them back, suspecting coincidence --------------------------------------------
    pending: int = 32
    """Number of candidates held back; beyond it, only cheaper ones are considered."""
    spurious: float = 0.2
    """Expected number of coincidental programs above which a solution is suspect."""
    simplest: int = 10_000
    """Number of first programs among which a solution is never suspect."""
    suspect_alternatives: int = 8
    """Factor for the number of alternatives to collect if some solutions are suspect."""
    suspect_wait: float = 0.8
    """Minimum seconds that a suspect solution waits for enumeration; otherwise twice the time so far."""
    suspect_until: float = 0.4
    """Share of the time limit after which no suspect solution waits."""
    unread_wait: float = 0.3
    """Minimum seconds that a program with an unread input waits; otherwise twice the time so far."""

    unlike: float = 1.5
    """Mean surprise, in bits, of the values on the rows to fill. Above it, a program waits for the same time."""

    # --- how long to continue after a program was found --------------------------------------------------------------
    alternatives_wait: float = 0.02
    """Minimum seconds for collecting alternatives after the first solution."""
    alternatives_share: float = 0.15
    """Otherwise, the share of the time so far for collecting alternatives."""
    more_wait: float = 0.5
    """Minimum seconds if several programs are wanted or the first is suspect; otherwise as long as the search so far."""
    memoriser_wait: float = 0.85
    """Share of the remaining time for which a solution that memorises the outputs waits."""
    explaining: tuple[float, float] = EXPLAINING
    """Bits of a program without cases, relative to those of the outputs beyond their inputs. Up to the first ratio, the
    program waits only while alternatives are collected. From the second on, it waits in full. Between them, the wait is
    proportional to the logarithm. Continuing replaced a wrong answer by a right one for none of 123 programs of less
    than a fourth, 1 of 95 of less than half, 3 of 80 of less than all, and 10 of 111 of more."""
    tree_wait: tuple[float, float] = (0.2, 1.5)
    """Waiting time of a decision tree: minimum seconds, and a multiple of the time so far."""
    cheap_wait: tuple[float, float] = (0.2, 0.7)
    """The same for a cheap program that was deduced, or joined before enumeration reached its cost."""
    dear_wait: tuple[float, float] = (0.5, 2.0)
    """The same for a more expensive one."""
    cheap: int = 16
    """Cost up to which a deduced program counts as cheap."""
    doubted: float = 0.5
    """Share of the full wait, by ``explaining``, above which a program is doubted: a deferred guide of tokens is then asked for
    others before the search ends."""
    longest_wait: float = 0.9
    """Maximum share of the remaining time for which a solution waits, unless it memorises."""

    def __post_init__(self) -> None:
        none, full = self.explaining
        if not 0 < none < full:
            raise InputError(
                f"PortfolioConfig: explaining is {self.explaining}; allowed: two shares above 0, the smaller first"
            )
        for name in (
            "named_least",
            "named_without_kernels",
            "decoding_least",
            "decoding_most",
            "decoding_grown",
            "decoding_memory",
            "guide_phase_after",
            "guide_again_after",
            "guide_again_until",
            "guide_phase_until",
            "pipelines_after",
            "pipelines_share",
            "learn_after",
            "opening",
            "values_after_share",
            "values_seconds",
            "values_share",
            "longest_wait",
            "memoriser_wait",
            "suspect_until",
            "tree_conditions",
        ):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"PortfolioConfig: {name} is {getattr(self, name)}; allowed: a share of 0 to 1")
        if not self.decoder_first > 0:
            raise InputError(f"PortfolioConfig: decoder_first is {self.decoder_first}; allowed: a number above 0")
        if not self.decoding_grown:
            raise InputError("PortfolioConfig: decoding_grown is 0; allowed: a share above 0, at most 1")


@dataclass(frozen=True, kw_only=True)
class BottomUpConfig:
    """Settings that all bottom-up searches share."""

    examples: int = 10
    """Number of examples that the search uses at first; solutions are verified on all."""
    object_cells: int = 60_000
    """Values computed on Python objects (candidates times columns) before compiled loops take over: about 0.1 s."""
    compiled: bool = True
    """False uses Python objects only."""
    join: bool = True
    """Combine pairs of known values into the goal with inverses after each level."""
    alternatives: int = 0
    """Number of solutions to collect for ranking, for a short time after the first."""
    learn: bool = False
    """Restart with lower costs for productions of partial solutions, after a share of the time."""
    policy: PortfolioConfig = field(default_factory=PortfolioConfig)
    """How the search divides its time, and how it judges solutions."""
    needs: Needs = field(default="rules", init=False)


@dataclass(frozen=True, kw_only=True)
class StrategiesConfig(BottomUpConfig):
    """Which strategies a portfolio uses in addition to enumeration."""

    alternatives: int = 16
    """Number of programs right on all examples to collect for ranking, for a short time after the first. With 0, nothing is compared,
    and of conditions that are equal on the examples the first is taken."""
    pipelines: bool = True
    """Search alongside for long programs of the parts that the language declares as usual."""
    learn: bool = True
    """Restart with lower costs for productions of partial solutions, after a third of the time."""
    deduce: bool = True
    """Cover the goal by concatenation, and deduce its parts."""
    edit: bool = True
    """Deduce constants that replace a piece of a known text."""
    functions: bool = True
    """Deduce the values of functional arguments, and search for their bodies."""
    divide: bool = True
    """Grow decision trees over the grammar's conditionals."""
    depth: int = 20
    """Maximum number of conditions on a path of a decision tree."""
