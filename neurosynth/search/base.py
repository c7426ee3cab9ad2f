"""What every search receives and returns: limits, the stop reason, the trace and the outcome."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from neurosynth.errors import InputError, PrimitiveBug

if TYPE_CHECKING:  # code that only counts and compares results need not import what made them
    from neurosynth.guides.base import RuleGuide, SequenceGuide, ValueGuide, WeightedGrammar
    from neurosynth.language.grammar import Grammar, Nonterminal
    from neurosynth.language.language import Language
    from neurosynth.language.program import Constant, Program
    from neurosynth.search.candidates import Candidate, Find
    from neurosynth.search.explored import Explored
    from neurosynth.tasks.task import Task

__all__ = [
    "DEFAULT_SECONDS",
    "Doing",
    "Limits",
    "Needs",
    "Outcome",
    "Progress",
    "Search",
    "SearchRequest",
    "Stats",
    "Stop",
    "StopReason",
    "StrategyUse",
    "stretch_of",
]

Needs = Literal["rules", "sequence", "both"]
"""What guides a search: costs of productions, probabilities of the next token, or both. A search without token
probabilities gets a deferred guide of tokens, and derives costs from it itself."""


class _Default(float):
    """A number of seconds that nobody gave."""


DEFAULT_SECONDS = _Default(10.0)
"""The limit of a search for which none is given."""
DEFAULT_STRETCH = 6.0
"""How many times as long a search without a given limit may take on a busy machine."""


def stretch_of(seconds: float, stretch: float) -> float:
    """The stretch of a limit; with 0, that of a default if ``seconds`` was not given, else 1.

    Raises:
        InputError: for a stretch below 1.
    """
    if stretch and not stretch >= 1:
        raise InputError(
            f"stretch is {stretch}; allowed: 1 (seconds are wall-clock seconds) or more, or 0 for the default"
        )
    return stretch or (DEFAULT_STRETCH if isinstance(seconds, _Default) else 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The limits of one search."""

    seconds: float = DEFAULT_SECONDS
    """Seconds of wall-clock time if they are given, or if ``stretch`` is 1; otherwise see there."""
    stretch: float = 0.0
    """How many times as long as ``seconds`` the search may take on a busy machine. Above 1, the time that this process waits for a
    processor or compiles loops does not count until then. With 0, it becomes 6 if ``seconds`` is not given, and 1 if it is."""
    max_programs: int | None = None
    """Maximum number of candidates; None for no limit."""
    max_memory: float = 4.0
    """Gigabytes of the whole process.  If the process already uses much memory, a search may use half of this in addition."""

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise InputError(f"seconds is {self.seconds}; allowed: a positive number")
        object.__setattr__(self, "stretch", stretch_of(self.seconds, self.stretch))
        if self.max_programs is not None and self.max_programs <= 0:
            raise InputError(f"max_programs is {self.max_programs}; allowed: a positive number or None")
        if not self.max_memory > 0:
            raise InputError(f"max_memory is {self.max_memory}; allowed: a positive number of gigabytes")

    @property
    def longest(self) -> float:
        """Maximum seconds of wall-clock time."""
        return self.seconds * self.stretch


class Doing(enum.StrEnum):
    """What a search is doing, in words for a person who waits."""

    READING = "reading formats"
    """The search reads values, formats and delimiters from the cells, and builds outputs from them."""
    SMALL = "trying small programs"
    """The search tries programs in the order of their size, on Python objects."""
    LARGER = "trying larger programs"
    """The same in compiled loops, with the other strategies running alongside."""
    GUIDE = "loading the guide"
    """The search loads a model and decodes programs from it."""
    CHECKING = "checking"
    """The search compares the programs found, on rows without outputs too."""
    FILLING = "filling in"
    """The program runs on the rows without outputs."""


class StopReason(enum.Enum):
    """Why a search ended; ``advice`` says what the user can do about it."""

    SOLVED = "solved"
    EXHAUSTED = "exhausted"
    TIME = "time"
    PROGRAMS = "programs"
    MEMORY = "memory"
    INTERRUPTED = "interrupted"
    BUG = "bug"

    @property
    def advice(self) -> str:
        """One sentence: the limit that was reached, and the setting to change."""
        return _ADVICE[self]


_ADVICE = {
    StopReason.SOLVED: "A program gives the expected output on every example.",
    StopReason.EXHAUSTED: "Every program of the grammar was tried; add a primitive or a constant, or check the examples.",
    StopReason.TIME: "The time limit was reached; raise --seconds, add constants that the output needs, or give an example with shorter values.",
    StopReason.PROGRAMS: "The limit on programs was reached; raise max_programs.",
    StopReason.MEMORY: "The memory limit was reached; raise --max-memory, give fewer constants, or use a smaller language.",
    StopReason.INTERRUPTED: "Interrupted; what was found so far is shown.",
    StopReason.BUG: "A primitive of the language has a bug, which is reported; what was found so far is shown.",
}


class Stop(Exception):
    """Raised to end a search from any depth."""

    def __init__(self, reason: StopReason) -> None:
        self.reason = reason


@dataclass(slots=True)
class Stats:
    """Counters of one search, filled on every exit."""

    seconds: float = 0.0
    programs_tried: int = 0
    """Candidates whose outputs (or their hash) were computed and checked for novelty or against the goal."""
    values_kept: int = 0
    """Semantically distinct candidates that were stored."""
    peak_memory_mb: float = 0.0
    guide_seconds: float = 0.0
    """The part of ``seconds`` that loading and asking a guide took."""
    first_solved: int | None = None
    """``programs_tried`` when the first program that is right on every example was found; the search may continue for
    others."""
    processor_seconds: float | None = None
    """Processor time that the search took; None if it was not measured."""
    wall_seconds: float | None = None
    """Wall-clock time that the search took; None if it was not measured. ``seconds`` is less on a busy machine if nobody gave a limit."""

    @property
    def waited(self) -> bool:
        """Whether the search waited for a processor most of the time, because other work ran on the machine."""
        worked, wall = self.processor_seconds, self.wall_seconds
        return worked is not None and wall is not None and wall > 1 and worked < wall / 2

    def plus(self, later: Stats) -> Stats:
        """The counters of this search and of a later one for the same task, together."""
        first = self.first_solved
        if first is None and later.first_solved is not None:
            first = self.programs_tried + later.first_solved
        return Stats(
            seconds=self.seconds + later.seconds,
            programs_tried=self.programs_tried + later.programs_tried,
            values_kept=self.values_kept + later.values_kept,
            peak_memory_mb=max(self.peak_memory_mb, later.peak_memory_mb),
            guide_seconds=self.guide_seconds + later.guide_seconds,
            first_solved=first,
            processor_seconds=_sum(self.processor_seconds, later.processor_seconds),
            wall_seconds=_sum(self.wall_seconds, later.wall_seconds),
        )

    @property
    def programs_per_second(self) -> float:
        """Candidates a second of wall-clock time."""
        return self.programs_tried / self.seconds if self.seconds > 0 else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The ``stats`` object of the command line's JSON."""
        return {
            "seconds": round(self.seconds, 4),
            "programs_tried": self.programs_tried,
            "programs_per_second": round(self.programs_per_second, 1),
            "values_kept": self.values_kept,
            "peak_memory_mb": round(self.peak_memory_mb, 1),
            "guide_seconds": round(self.guide_seconds, 4),
            "first_solved": self.first_solved,
            "processor_seconds": None if self.processor_seconds is None else round(self.processor_seconds, 4),
            "wall_seconds": None if self.wall_seconds is None else round(self.wall_seconds, 4),
        }


def _sum(*seconds: float | None) -> float | None:
    """The sum of those that were measured; None if none was."""
    return None if all(s is None for s in seconds) else sum(s or 0.0 for s in seconds)


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a running search, for a live line."""

    seconds: float
    programs_tried: int
    cost: int
    """The cost level being enumerated."""
    values_kept: int
    memory_mb: float
    best_share: float
    """Share of the examples that the best program so far gets right, 0 to 1."""
    best: Program | None
    phase: str = ""
    """What the search is doing, in a few words: :class:`Doing` has the usual ones."""


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """One call of a search, with everything that the search may know."""

    task: Task
    grammar: Grammar
    """The grammar, with the costs that a guide gave or those that the language declares."""
    limits: Limits
    top: int = 1
    """How many semantically distinct programs the caller wants."""
    seed: int = 0
    progress: Callable[[Progress], None] | None = None
    """Called now and then (about ten times a second)."""
    weighted: WeightedGrammar | None = None
    """Probabilities of the productions of ``grammar``, if a guide gave some; for searches that need ``rules``."""
    deferred: RuleGuide | None = None
    """A guide that takes time to load and to ask, for use after the easy programs were tried. Searches may ignore
    it."""
    at_once: bool = False
    """Whether to ask the deferred guide first, because the user named it."""
    sequence: SequenceGuide | None = None
    """The guide for searches that need a ``sequence``."""
    values: ValueGuide | None = None
    """A guide that scores which values of the banks to build on. Searches may ignore it."""
    planted: Sequence[tuple[Nonterminal, Program, int]] = ()
    """Programs whose values, and those of their parts, enter the banks at the given cost, 1 or more."""
    language: Language | None = None
    """The language of the programs; None if only the grammar is known."""
    given_constants: Sequence[Constant] = ()
    """The constants that the user gave; ``task`` may have others that its examples suggest."""

    def tell(self, doing: Doing, seconds: float = 0.0) -> None:
        """Report what the search is doing from now on, ``seconds`` after its start, before anything is found."""
        if self.progress is not None:
            self.progress(Progress(seconds, 0, 0, 0, 0.0, 0.0, None, doing.value))


@dataclass(slots=True)
class StrategyUse:
    """What a strategy of a portfolio used and produced."""

    seconds: float = 0.0
    tried: int = 0
    """Candidates that it tried."""
    proposed: int = 0
    """Programs that it proposed."""
    turns: int = 0
    """How often it ran."""

    def add(self, other: StrategyUse) -> None:
        """Add the counts of another strategy to this one's."""
        self.seconds += other.seconds
        self.tried += other.tried
        self.proposed += other.proposed
        self.turns += other.turns

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"seconds": round(self.seconds, 4), "tried": self.tried, "proposed": self.proposed, "turns": self.turns}


@dataclass
class Outcome:
    """What a search returns.  ``programs`` are right on every example of the task, in the order found."""

    stop: StopReason
    programs: list[Program] = field(default_factory=list)
    stats: Stats = field(default_factory=Stats)
    trace: list[dict[str, Any]] = field(default_factory=list)
    """One row for each cost level: cost, programs_tried, values_kept, seconds, memory_mb."""
    closest: Program | None = None
    """The program that is right on most examples, if none is right on all."""
    closest_share: float = 0.0
    near: Program | None = None
    """A program that is right on all examples except one, if those that are right on all have a special case for it."""
    bug: PrimitiveBug | None = None
    """The undeclared error of a primitive, if one ended the search."""
    weighted: WeightedGrammar | None = None
    """What the deferred guide returned, if it was asked."""
    guide_proposed: list[Program] = field(default_factory=list)
    """The programs that the guide generated itself."""
    bits: dict[Program, int] = field(default_factory=dict)
    """The costs of programs given the rest of the table, for searches that know them; ranking then uses these costs."""
    suspects: set[Program] = field(default_factory=set)
    """Programs that are right on all examples, but possibly by coincidence: very many were compared, and the outputs
    contain little information."""
    ended: StopReason | None = None
    """Why the search ended, whatever had been found by then; None if the search does not distinguish this from
    ``stop``."""
    pending: list[Candidate] = field(default_factory=list)
    """Programs that were held back in case a better one came; the best of them are in ``programs``."""
    sources: dict[Program, str] = field(default_factory=dict)
    """Which strategy made each program."""
    strategies: dict[str, StrategyUse] = field(default_factory=dict)
    """The time and candidates of each strategy."""
    explored: Explored | None = None
    """The cost up to which every program was tried."""
    finds: list[Find] = field(default_factory=list)
    """When each program was found, in that order, for searches that record it."""


class Search(Protocol):
    """A way to search a grammar. Implementations are frozen dataclasses whose fields are their settings."""

    @property
    def name(self) -> str:
        """Its name in results and rows."""
        ...

    @property
    def needs(self) -> Needs:
        """The kind of guide that it needs; :func:`~neurosynth.synthesize.synthesize` derives one kind from the other if
        it can."""
        ...

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion. Never raises an error because a limit is reached."""
        ...
