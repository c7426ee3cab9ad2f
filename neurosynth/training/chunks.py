"""Chunks of sampled tasks: programs sampled from a language, with inputs that are generated or taken from given tasks.

A sample is made in *chunks* of a few hundred tasks. A chunk depends only on the options and its number, so any number of processes
gives the same tasks in the same order. Behaviour is compared on rows of inputs that depend only on the request type, not on the seed no
two tasks of a sample behave alike there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.errors import InputError
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.tasks.constants import suggest_constants
from neurosynth.tasks.task import Example, Task
from neurosynth.training.drawn import CHUNK, Sampled, draw_from_language, presentable
from neurosynth.training.inputs import (
    Row,
    default_types,
    draw_constants,
    draw_profile,
    draw_rows,
    given_rows,
    parts_of_type,
    probe_rows,
)
from neurosynth.training.pools import DrawnProgram, Pools
from neurosynth.training.shapes import Shapes, default_weights
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, is_ground, parse_type

if TYPE_CHECKING:
    from neurosynth.guides.base import RuleGuide

__all__ = ["CHUNK", "Sampled", "SamplingConfig", "draw_chunk"]

_TYPES_A_CHUNK = 8
"""Number of request types in a chunk: each needs some preparation before its first task."""
_PROBES = 16
_PROBES_OF_FEW = 32
"""Number of rows on which behaviour is compared: a truth value carries little information."""
_SPARE_ROWS = 3
"""Number of rows drawn beyond those that a task may show, because a program may be undefined on some."""
_PATIENCE = 120
"""Number of failed draws after which a size counts as exhausted for this chunk; each success takes back a quarter of them."""
_TRIED_FOR_RARITY = 12
"""Number of programs drawn, of which the one with the rarest primitive is taken."""
_SELECTIONS = 3
"""Number of choices of examples before a program is given up because none of them distinguishes it from a simpler one."""
_UNUSED_INPUT_SHARE = 0.1
"""Share of draws of programs that need not read every input: real tasks have such inputs, too."""
_UNUSED_CONSTANT_SHARE = 0.3
"""Share of the constants that a task has although its program does not use them."""
_SUGGESTED_SHARE = 0.3
_SUGGESTED_SHARE_OF_NUMBERS = 0.05
"""Share of tasks, over texts and others, that also have constants read from their examples, like tasks without given ones: large for
texts, small for numbers."""
_MOST_CONSTANTS = 14
"""Maximum number of constants of a task: a model has slots for some, including the language's own."""


@dataclass(frozen=True, kw_only=True)
class SamplingConfig:
    """The settings of sampling; :meth:`requests` checks them against the language."""

    seed: int = 0
    """Seed of all random choices."""
    types: tuple[str, ...] = ()
    """Request types; one given twice is drawn twice as often. None: those of ``inputs_from`` that can be sampled, or else those that
    suit the language."""
    sizes: tuple[int, int] = (1, 5)
    """Minimum and maximum number of primitive applications in a program; all sizes between are equally frequent as long as there are
    programs."""
    examples: tuple[int, int] = (4, 8)
    """Minimum and maximum number of examples of a task."""
    test_examples: int = 0
    """Held-out examples of each task."""
    prior: RuleGuide | None = None
    """A guide for the probabilities of productions; it is asked with tasks whose outputs have no meaning. None: a plain
    distribution."""
    inputs_from: tuple[Task, ...] = field(default=(), repr=False)
    """Tasks to take inputs (and constants) from, instead of generating them."""
    raised: float = 0.0
    """How strongly rarely applied primitives are favoured, 0 to 1: the share of programs that are the best of several draws, namely the
    one with the rarest primitive so far."""
    curriculum: int = 0
    """Number of training steps over which the largest size grows from the minimum to the maximum; 0: all sizes from the start."""

    def __post_init__(self) -> None:
        for name, least in (("sizes", 1), ("examples", 1)):
            low, high = getattr(self, name)
            if not least <= low <= high:
                raise InputError(f"{name} {low} to {high}; allowed: from {least} on, the first at most the second")
        if self.test_examples < 0:
            raise InputError(f"test_examples is {self.test_examples}; allowed: 0 or more")
        if not 0 <= self.raised <= 1:
            raise InputError(f"raised is {self.raised}; allowed: from 0 (programs as they come) to 1")
        if self.curriculum < 0:
            raise InputError(f"curriculum is {self.curriculum}; allowed: 0 or more steps")
        if self.sizes[1] > 30:
            raise InputError(f"sizes up to {self.sizes[1]}; allowed: at most 30 primitive applications")

    def at(self, step: int, language: Language) -> SamplingConfig:
        """The settings at a step of training: the sizes that are due, and the request types that have programs of those sizes."""
        if step >= self.curriculum or self.from_language(language):
            return self
        low, high = self.sizes
        types = tuple(map(str, self.requests(language)))
        for largest in range(min(high, low + (high - low + 1) * step // self.curriculum), high + 1):
            sizes = range(low, largest + 1)
            fit = tuple(t for t in types if not _sizes(_compiled(language, parse_type(t)), high).isdisjoint(sizes))
            if fit:
                return replace(self, types=fit, sizes=(low, largest), curriculum=0)
        return self

    def from_language(self, language: Language) -> bool:
        """Whether the language samples its own columns: it can, and no setting requires programs of a grammar."""
        return language.draws is not None and not self.types and self.prior is None and not self.inputs_from

    def requests(self, language: Language) -> tuple[Arrow, ...]:
        """The request types, in order and as often as given; of default types, those for which the language has programs.

        Raises:
            InputError: for a text that is not a type, a type without inputs or with variables, one whose inputs no task of
                ``inputs_from`` has, or one for which the language has no program.
        """
        if self.types:
            return tuple(_request(text, language, self) for text in self.types)
        given = tuple(dict.fromkeys(str(t.type) for t in self.inputs_from))
        usable, errors = [], []
        for text in given or default_types(language):
            try:
                usable.append(_request(text, language, self))
            except InputError as error:
                errors.append(error)
        if not usable:
            raise errors[0]
        return tuple(usable)


def _compiled(language: Language, request: Type, constants: tuple[Constant, ...] = ()) -> Grammar:
    return _compile(language, language.fingerprint, request, constants)


@lru_cache(maxsize=64)
def _compile(language: Language, fingerprint: str, request: Type, constants: tuple[Constant, ...]) -> Grammar:
    """``fingerprint`` distinguishes versions of a language."""
    return compile_grammar(language, request, constants=constants)


@lru_cache(maxsize=64)
def _plain_shapes(grammar: Grammar, largest: int) -> Shapes:
    return Shapes(grammar, default_weights(grammar), largest)


def _sizes(grammar: Grammar, largest: int) -> frozenset[int]:
    """The sizes, up to the largest, for which a grammar has programs."""
    return _plain_shapes(grammar, largest).sizes()


def _request(text: str, language: Language, sampling: SamplingConfig) -> Arrow:
    request = parse_type(text)
    if (
        not isinstance(request, Arrow)
        or not is_ground(request)
        or any(isinstance(p, Arrow) for p in request.parameters)
    ):
        raise InputError(
            f"type {text!r} is not a request type to sample; allowed: inputs and a result without variables, "
            "like list int -> int"
        )
    if sampling.inputs_from:
        _check_given(text, request, sampling)
    low, high = sampling.sizes
    if _sizes(_compiled(language, request), high).isdisjoint(range(low, high + 1)):
        raise InputError(
            f"type {text!r}: language {language.name!r} has no program of it that applies {low} to {high} primitives; "
            "allow other sizes or choose another type"
        )
    draw_profile(Random(0), request.parameters, language.input_generators).row(Random(0))
    return request


def _check_given(text: str, request: Arrow, sampling: SamplingConfig) -> None:
    """Whether the given tasks have enough inputs for one task of this type."""
    tasks = [t for t in sampling.inputs_from if t.parameters == request.parameters]
    if not tasks:
        known = ", ".join(dict.fromkeys(str(t.type) for t in sampling.inputs_from))
        raise InputError(f"type {text!r}: no given task has such inputs; types of the tasks: {known}")
    needed = sampling.examples[0] + sampling.test_examples
    rows = given_rows(Random(0), tasks, needed)[0]
    if len(rows) < needed:
        raise InputError(
            f"type {text!r}: the given tasks have {len(rows)} different inputs, a task needs {needed}; "
            "give more tasks or ask for fewer examples"
        )


def draw_chunk(language: Language, sampling: SamplingConfig, index: int) -> list[Sampled]:
    """The tasks of a chunk, all with different behaviour: always the same for the same arguments. Raises: InputError: like
    :meth:`Sampling.requests`.
    """
    rng = Random(f"{sampling.seed} {index}")
    if sampling.from_language(language):
        return list(draw_from_language(language, sampling.examples, sampling.test_examples, rng, index))
    requests = sampling.requests(language)
    if len(requests) > _TYPES_A_CHUNK:
        requests = tuple(rng.sample(requests, k=_TYPES_A_CHUNK))
    found: dict[str, Sampled] = {}
    met: Counter[str] = Counter()
    for slot, request in enumerate(requests):
        wanted = (CHUNK * (slot + 1)) // len(requests) - (CHUNK * slot) // len(requests)
        bench = _Bench(language, sampling, request, rng, index, met)
        for sampled in bench.tasks(max(wanted, 1), found):
            found[sampled.behaviour] = sampled
    order = list(found.values())
    rng.shuffle(order)  # every part of a chunk has all types and sizes
    return order


class _Bench:
    """Everything for sampling tasks of one request type over one profile of inputs."""

    def __init__(
        self,
        language: Language,
        sampling: SamplingConfig,
        request: Arrow,
        rng: Random,
        chunk: int,
        met: Counter[str],
    ) -> None:
        """``met``: the number of programs of the chunk in which each primitive occurs; programs of this type are added."""
        self.met = met
        self.language, self.sampling, self.request, self.rng, self.chunk = language, sampling, request, rng, chunk
        self.output = domain_of(request.result)
        bits = any(domain_of(t).machine == "bits" for t in parts_of_type(request.result))
        texts = any(domain_of(t).machine == "text" for t in parts_of_type(request))
        share = _SUGGESTED_SHARE if texts else _SUGGESTED_SHARE_OF_NUMBERS
        self.suggested_share = 0.0 if bits or sampling.inputs_from else share
        self.name, self.made = f"{language.name}-{sampling.seed}-{chunk}-{rng.getrandbits(16):04x}", 0
        most = sampling.examples[1] + sampling.test_examples
        self.rows, given = self._rows(most + _SPARE_ROWS)
        drawn = given or draw_constants(rng, language, request, self.rows)
        self.constants = tuple(sorted(dict.fromkeys(drawn), key=str))
        grammar = _compiled(language, request, self.constants)
        if sampling.prior is None:
            shapes = _plain_shapes(grammar, sampling.sizes[1])
        else:
            weighted = sampling.prior.predict(self._blank_task(), grammar)
            shapes = Shapes(weighted.grammar, np.exp(weighted.logprobs).tolist(), sampling.sizes[1])
        self.shapes = shapes
        probe_count = _PROBES_OF_FEW if self.output.few else _PROBES
        probes = probe_rows(request.parameters, probe_count, language.input_generators)
        if sampling.inputs_from:
            probes += _given_probes(sampling.inputs_from, request, probe_count)
        self.pools = Pools(shapes, [*self.rows, *probes], checked=len(self.rows), rng=rng)

    def _rows(self, count: int) -> tuple[list[Row], tuple[Constant, ...]]:
        parameters = self.request.parameters
        tasks = [t for t in self.sampling.inputs_from if t.parameters == parameters]
        if not tasks:
            return draw_rows(self.rng, draw_profile(self.rng, parameters, self.language.input_generators), count), ()
        rows, task = given_rows(self.rng, tasks, count)
        known = {c for c, _ in self.language.constants}
        return rows, tuple(c for c in task.constants if c not in known)

    def _blank_task(self) -> Task:
        """The task for a prior: inputs, type and constants, with outputs that have no meaning."""
        blank = draw_profile(Random(0), (self.request.result,)).row(Random(0))[0]
        examples = [Example(row, blank) for row in self.rows]
        return Task(examples, "sampled", language=self.language.name, type=self.request, constants=self.constants)

    def tasks(self, wanted: int, seen: Container[str]) -> Iterator[Sampled]:
        """Up to ``wanted`` tasks of new behaviour (not in ``seen``), small programs first, sizes equally frequent."""
        low, high = self.sampling.sizes
        sizes = [s for s in range(low, high + 1) if s in self.shapes.sizes()]
        missing = 0  # of smaller sizes without further programs; the larger ones compensate in equal parts
        for i, size in enumerate(sizes):
            more = missing // (len(sizes) - i)
            quota = (wanted * (i + 1)) // len(sizes) - (wanted * i) // len(sizes) + more
            misses = 0
            while quota and misses < _PATIENCE:
                drawn = self._draw(size)
                sampled = None if drawn is None else self._sampled(drawn, seen)
                if sampled is None:
                    misses += 1
                else:
                    quota -= 1
                    self.met.update(_applied(sampled.program))
                    misses = max(0, misses - _PATIENCE // 4)
                    yield sampled
            missing += quota - more

    def _draw(self, size: int) -> DrawnProgram | None:
        """A program of a size; if rare primitives are favoured, the one of several with the rarest primitive."""
        first = self.pools.draw(size, inputs=self._inputs_to_read())
        if first is None or not self.sampling.raised or self.rng.random() >= self.sampling.raised:
            return first
        others = (self.pools.draw(size, inputs=self._inputs_to_read()) for _ in range(_TRIED_FOR_RARITY - 1))
        return min((p for p in (first, *others) if p is not None), key=self._commonness)

    def _commonness(self, drawn: DrawnProgram) -> int:
        """The number of programs so far in which its rarest primitive occurs."""
        return min((self.met[name] for name in _applied(drawn.program)), default=0)

    def _inputs_to_read(self) -> int:
        """A bit for each input: nearly always all of them, otherwise any one."""
        inputs = len(self.request.parameters)
        if self.rng.random() < _UNUSED_INPUT_SHARE:
            return 1 << self.rng.randrange(inputs)
        return (1 << inputs) - 1

    def _sampled(self, drawn: DrawnProgram, seen: Container[str]) -> Sampled | None:
        """A task for a program, or None if its behaviour is known or its outputs carry little information."""
        usable = [r for r in range(len(self.rows)) if self._presentable(drawn.column[r])]
        low, high = self.sampling.examples
        tests = self.sampling.test_examples
        most = min(high, len(usable) - tests)
        if most < low:
            return None
        for _ in range(_SELECTIONS):
            chosen = self.rng.sample(usable, k=self.rng.randint(low, most) + tests)
            if self._telling(drawn, chosen[tests:]):
                break
        else:
            return None
        behaviour = _behaviour(self.request, drawn.column[len(self.rows) :])
        if behaviour in seen:
            return None
        examples = [Example(self.rows[r], drawn.column[r]) for r in chosen]
        self.made += 1
        task = Task(
            examples[tests:],
            f"{self.name}-{self.made}",
            language=self.language.name,
            type=self.request,
            constants=self._task_constants(drawn, examples[tests:]),
            test_examples=examples[:tests],
            extra={
                "program": str(drawn.program),
                "operations": drawn.operations,
                "behaviour": behaviour,
                "chunk": self.chunk,
            },
        )
        return Sampled(task, drawn.program)

    def _task_constants(self, drawn: DrawnProgram, examples: Sequence[Example]) -> list[Constant]:
        """The constants that the program uses, and some others: drawn ones, and often those that one would read from the examples."""
        used = {p for p in drawn.program.subprograms() if isinstance(p, Constant)}
        found = [c for c in self.constants if c in used or self.rng.random() < _UNUSED_CONSTANT_SHARE]
        if self.rng.random() < self.suggested_share:
            task = Task(examples, "sampled", language=self.language.name, type=self.request)
            known = {c for c, _ in self.language.constants}
            more = [c for c, _ in suggest_constants(task) if c not in known and c not in found]
            found += more[: max(_MOST_CONSTANTS - len(found), 0)]
            self.rng.shuffle(found)
        return found

    def _telling(self, drawn: DrawnProgram, shown: Sequence[int]) -> bool:
        """Whether outputs on these rows differ enough, and do not all equal those of an input or of a part of the program."""
        outputs = [drawn.column[r] for r in shown]
        many = self.output.few or max(2, len(outputs) // 2)
        if len(set(outputs)) < min(many, len(outputs)):
            return False
        if any(all(self.rows[r][i] == drawn.column[r] for r in shown) for i in range(len(self.request.parameters))):
            return False
        return not any(all(column[r] == drawn.column[r] for r in shown) for column in drawn.rivals())

    def _presentable(self, value: Any) -> bool:
        """Whether it is defined and neither too long nor too large to show."""
        return value is not UNDEFINED and presentable(self.output, value)


def _applied(program: Program) -> set[str]:
    """The names of the primitives in a program."""
    return {p.primitive.name for p in program.subprograms() if isinstance(p, Apply)}


def _given_probes(tasks: Iterable[Task], request: Arrow, count: int) -> list[Row]:
    rows = [e.inputs for t in tasks if t.parameters == request.parameters for e in t.examples]
    return Random("given probes").sample(rows, k=min(count, len(rows)))


def _behaviour(request: Type, outputs: Sequence[Any]) -> str:
    """16 hex digits for the outputs on the probe rows of a request type."""
    return hashlib.blake2b(repr((str(request), tuple(outputs))).encode(), digest_size=8).hexdigest()
