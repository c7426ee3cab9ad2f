"""The inputs of neural guides: examples as symbols of one small alphabet, programs as tokens, both as padded arrays.

Letters: ``B`` tasks, ``E`` examples of a task, ``L`` symbols of an example, ``T`` tokens of a program, ``V`` vocabulary,
``S`` slots of the vocabulary (inputs and constants), ``U`` distinct contents of slots, ``M`` symbols of one content,
``D`` width, ``R`` roles (the output, then each input), ``F`` answers about one role.

An example is one sequence: for each input its marker, its type and its value, then the same for the output. Small integers are one
symbol each (a list then costs one symbol for each element); larger ones are a sign and decimal digits, and beyond 20 digits the number
of their bits. Strings are characters: each ASCII character has a symbol, others have one of four for their class (upper, lower, digit,
space, other). Bit-vectors are hex digits, highest first. No symbol belongs to a language, so that one encoder serves all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.signatures import Signatures
from neurosynth.language.program import Constant, Program
from neurosynth.language.tokens import END, PAD, START, Vocabulary
from neurosynth.tasks.task import Example, Task
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = [
    "CONTENT",
    "OUTPUT",
    "SYMBOLS",
    "Sample",
    "SampleArrays",
    "arrays_of",
    "encode_examples",
    "encode_sample",
    "encode_task",
    "symbol_features",
    "window_note",
]

_INPUTS = 9  # markers of inputs; the last one is shared by all further inputs
_SMALL = 256  # integers from -256 to 256 have separate symbols
_DIGITS = 20  # integers with more decimal digits are represented by their number of bits
_BUCKETS = 4  # symbols for the characters of one class beyond ASCII, by code point
CONTENT = 24  # M: symbols of a constant that are read

_GROUPS: dict[str, tuple[str, ...]] = {
    "padding": ("",),
    "output": ("→",),
    "input": (*(f"x{i}" for i in range(_INPUTS - 1)), "x…"),
    "mark": ("[", "]", ",", "…"),
    "type": ("int", "bool", "string", "bitvec", "list"),
    "bool": ("false", "true"),
    "sign": ("+", "-", "±bits"),
    "digit": tuple("0123456789"),
    "hex": tuple("0123456789abcdef"),
    "small": tuple(str(i) for i in range(-_SMALL, _SMALL + 1)),
    "ascii": tuple(repr(chr(i))[1:-1] for i in range(128)),
    "other": tuple(f"{c}{i}" for c in ("upper", "lower", "digit", "space", "other") for i in range(_BUCKETS)),
}

SYMBOLS: tuple[str, ...] = tuple(name for names in _GROUPS.values() for name in names)
"""The alphabet by id, with the label of each symbol in plots."""


def _base(group: str) -> int:
    """The first id of a group of symbols."""
    before = list(_GROUPS)[: list(_GROUPS).index(group)]
    return sum(len(_GROUPS[g]) for g in before)


OUTPUT, _INPUT, _MARK, _DIGIT, _HEX = map(_base, ("output", "input", "mark", "digit", "hex"))
_MARKS = {sign: _MARK + i for i, sign in enumerate(_GROUPS["mark"])}
_CUT = _MARKS["…"]
_FALSE, _PLUS, _ZERO = _base("bool"), _base("sign"), _base("small") + _SMALL
_TYPES = {name: _base("type") + i for i, name in enumerate(_GROUPS["type"])}


class _Characters(dict[str, int]):
    """The symbol of each character; those beyond ASCII are computed on first use."""

    def __missing__(self, ch: str) -> int:
        classes = (ch.isupper(), ch.islower(), ch.isdigit(), ch.isspace(), True)
        found = self[ch] = _base("other") + classes.index(True) * _BUCKETS + ord(ch) % _BUCKETS
        return found


_CHARACTERS = _Characters({chr(i): _base("ascii") + i for i in range(128)})


_PERIODS = (2, 3, 4, 5, 6, 7, 8, 10, 16, 32, 64, 128, 256, 512, 1024)
"""Number of waves that represent small integers: remainders first, then magnitudes."""


def symbol_features() -> np.ndarray:
    """(symbols, F) float32: common features of symbols before training.

    Small integers: their remainders by small numbers as points on a circle, magnitude, logarithm and sign, so that 37 is close to 38,
    and 38 is even like 2, however rare they are. Characters: their class, and for letters and digits the letter or digit.
    """
    table = np.zeros((len(SYMBOLS), 2 * len(_PERIODS) + 4 + 6 + 26 + 10), dtype=np.float32)
    v = np.arange(-_SMALL, _SMALL + 1)
    small = table[_ZERO - _SMALL : _ZERO + _SMALL + 1]
    for i, period in enumerate(_PERIODS):
        angle = 2 * np.pi * v / period
        small[:, 2 * i], small[:, 2 * i + 1] = np.cos(angle), np.sin(angle)
    at = 2 * len(_PERIODS)
    small[:, at] = v / _SMALL
    small[:, at + 1] = np.sign(v) * np.log1p(np.abs(v)) / np.log1p(_SMALL)
    small[:, at + 2], small[:, at + 3] = np.sign(v), v == 0
    at += 4
    classes = (str.isupper, str.islower, str.isdigit, str.isspace, str.isalnum, str.isprintable)
    for ch, symbol in list(_CHARACTERS.items())[:128]:
        table[symbol, at : at + 6] = [holds(ch) for holds in classes]
        if ch.isalpha():
            table[symbol, at + 6 + ord(ch.lower()) - ord("a")] = 1.0
        elif ch.isdigit():
            table[symbol, at + 32 + int(ch)] = 1.0
    for digit in range(10):
        table[_DIGIT + digit, at + 32 + digit] = 1.0
    return table


# Values to symbols


def _type_symbols(t: Type) -> list[int]:
    """``list string`` is two symbols; the size of a bit-vector follows from its digits, and a date is represented as a string."""
    return [_TYPES[name] for name in domain_of(t).type_symbols]


class _Symbols(list[int]):
    """Ids of symbols, to which a domain appends a value: a :class:`~neurosynth.values.domain.Spelling`."""

    def integer(self, value: int) -> None:
        if -_SMALL <= value <= _SMALL:
            self.append(_ZERO + value)
            return
        self.append(_PLUS if value > 0 else _PLUS + 1)
        if abs(value) >= 10**_DIGITS:
            self.append(_PLUS + 2)
            value = value.bit_length()
        self.extend(_DIGIT + int(digit) for digit in str(abs(value)))

    def integers(self, values: Sequence[int]) -> None:
        append = self.append
        for value in values:
            if -_SMALL <= value <= _SMALL:
                append(_ZERO + value)
            else:
                self.integer(value)

    def boolean(self, value: bool) -> None:
        self.append(_FALSE + value)

    def text(self, value: str) -> None:
        self.extend(map(_CHARACTERS.__getitem__, value))

    def hexadecimal(self, value: int, digits: int) -> None:
        self.extend(_HEX + int(digit, 16) for digit in f"{value:0{digits}x}")

    def mark(self, sign: str) -> None:
        self.append(_MARKS[sign])


def _example_parts(example: Example, types: Sequence[tuple[Domain, list[int]]]) -> list[list[int]]:
    """Symbols of each input and of the output; ``types`` are their types, with the symbols of each."""
    parts: list[list[int]] = []
    for i, (value, (domain, names)) in enumerate(zip((*example.inputs, example.output), types, strict=True)):
        marker = OUTPUT if i == len(example.inputs) else _INPUT + min(i, _INPUTS - 1)
        part = _Symbols([marker, *names])
        if value is not None:  # nothing follows the type of a missing value
            domain.spell(value, part)
        parts.append(part)
    return parts


def _share(lengths: Sequence[int], room: int) -> int:
    """The largest limit for which the limited lengths fit into ``room``."""
    left = room
    for i, length in enumerate(sorted(lengths)):
        cap = left // (len(lengths) - i)
        if length > cap:
            return max(cap, 1)
        left -= length
    return max(lengths)


def _cut(parts: list[list[int]], room: int) -> list[int]:
    """The concatenated parts, of which the longest are cut so that all fit; a mark ends each part that was cut."""
    cap = _share([len(p) for p in parts], room)
    whole = [s for part in parts for s in (part if len(part) <= cap else [*part[: cap - 1], _CUT])]
    return whole[-room:]  # only if there are more inputs than room: the output is kept


def _task_types(task: Task) -> list[tuple[Domain, list[int]]]:
    """Domains of the inputs and of the output, with the symbols of the type of each."""
    return [(domain_of(t), _type_symbols(t)) for t in (*task.parameters, task.output_type)]


def window_note(task: Task, config: ModelConfig) -> str:
    """What does not fit into the model's window, as a sentence; empty if everything fits."""
    if len(task.examples) > config.max_examples:
        return f"task {task.name!r} has {len(task.examples)} examples; the model reads {config.max_examples}"
    types = _task_types(task)
    for i, example in enumerate(task.examples, 1):
        length = sum(map(len, _example_parts(example, types)))
        if length > config.max_length:
            return f"task {task.name!r}: example {i} takes {length} symbols; the model reads {config.max_length}"
    return ""


@lru_cache(maxsize=4096)
def encode_task(task: Task, config: ModelConfig) -> tuple[tuple[int, ...], ...]:
    """Symbols of each example of a task within the window; kept for the last 4,096 tasks.

    Raises:
        InputError: if the config refuses tasks that do not fit; the message says which example, its length and the window.
    """
    if config.overflow == "error" and (note := window_note(task, config)):
        raise InputError(
            f"{note}; shorten it, train with a larger max_examples or max_length, or use overflow='truncate' to read what fits"
        )
    return encode_examples(task.examples, (*task.parameters, task.output_type), config)


def encode_examples(
    examples: Sequence[Example], types: Sequence[Type], config: ModelConfig
) -> tuple[tuple[int, ...], ...]:
    """Symbols of each example within the window; ``types`` are those of the inputs and of the output."""
    known = [(domain_of(t), _type_symbols(t)) for t in types]
    rows = []
    for example in examples[: config.max_examples]:
        parts = _example_parts(example, known)
        fits = sum(map(len, parts)) <= config.max_length
        rows.append(tuple(chain.from_iterable(parts) if fits else _cut(parts, config.max_length)))
    return tuple(rows)


@lru_cache(maxsize=65536)
def _content(t: Type, constant: Constant | None) -> tuple[int, ...]:
    """The content of a slot as symbols: the type of an input; type and value of a constant."""
    found = _Symbols(_type_symbols(t))
    if constant is not None:
        domain_of(t).spell(constant.value, found)
    return tuple(found[:CONTENT])


@dataclass(frozen=True, slots=True)
class Sample:
    """One task and one program as numbers; small, and without tensors, so that worker processes can make many."""

    symbols: tuple[tuple[int, ...], ...]
    """Of each example."""
    slots: tuple[tuple[int, ...], ...]
    """Symbols of each slot's content, S of them; empty if the task has no such input or constant."""
    program: tuple[int, ...]
    """Token ids, including START and END."""
    answers: tuple[tuple[int, ...], ...] = ()
    """The answers for each role; empty for models without signatures."""


def encode_sample(
    task: Task,
    program: Program | None,
    vocabulary: Vocabulary,
    config: ModelConfig,
    signatures: Signatures | None = None,
) -> Sample:
    """A task and a program as numbers; without a program there is only START, with which decoding begins.

    ``signatures``: the properties that the model knows; None for a model without.

    Raises:
        InputError: for a program with a token that the vocabulary lacks or with more than ``max_tokens``, and if :func:`encode_task`
            does.
    """
    constants = vocabulary.constants(task.constants)
    ids: tuple[int, ...] = (START,)
    if program is not None:
        if program.size > config.max_tokens:
            raise InputError(
                f"task {task.name!r}: the program has {program.size} tokens, the model reads {config.max_tokens}; "
                f"raise max_tokens, or leave the task out: {program}"
            )
        ids = (START, *vocabulary.encode(program, constants), END)
    found = [_content(t, None) for t in task.parameters[: config.inputs]]
    found += [()] * (config.inputs - len(found))
    found += [_content(c.type, c) for c in constants[: config.constants]]
    found += [()] * (config.inputs + config.constants - len(found))
    answers = () if signatures is None else signatures.of_task(task, config.inputs)
    return Sample(encode_task(task, config), tuple(found), ids, answers)


# Samples to arrays


@dataclass(frozen=True, slots=True)
class SampleArrays:
    """Tasks with one program each as int64 arrays, padded to the longest with 0."""

    symbols: np.ndarray
    """(B, E, L)."""
    lengths: np.ndarray
    """(B·E,): symbols of each example, at least 1."""
    contents: np.ndarray
    """(U, M): symbols of the contents of slots; row 0 is empty."""
    slots: np.ndarray
    """(B, S): the row of ``contents`` of each slot."""
    programs: np.ndarray
    """(B, T + 1): START, the program, END, padding."""
    answers: np.ndarray
    """(B, R, F): answers for each role, padding 0; R is 1 for models without signatures."""

    @property
    def tokens(self) -> int:
        """Number of tokens to predict: those of all programs with END, without START and padding."""
        return int((self.programs[:, 1:] != PAD).sum())


def _padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """(rows, longest) int64; a row of lists of different lengths, the rest 0."""
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    table = np.zeros((len(rows), max(int(lengths.max(initial=0)), 1)), dtype=np.int64)
    flat = np.fromiter((x for row in rows for x in row), dtype=np.int64, count=int(lengths.sum()))
    table[np.arange(table.shape[1]) < lengths[:, None]] = flat
    return table


def arrays_of(samples: Sequence[Sample]) -> SampleArrays:
    """Samples of the same config together."""
    most = max(len(s.symbols) for s in samples)  # E
    rows = [row for s in samples for row in (*s.symbols, *((),) * (most - len(s.symbols)))]
    symbols = _padded(rows)  # (B·E, L)
    roles = max(1, *(len(s.answers) for s in samples))  # R
    known: dict[tuple[int, ...], int] = {(): 0}
    slots = [[known.setdefault(c, len(known)) for c in s.slots] for s in samples]
    return SampleArrays(
        symbols=symbols.reshape(len(samples), most, -1),
        lengths=np.maximum((symbols != 0).sum(axis=1), 1),
        contents=_padded(list(known)),
        slots=np.array(slots, dtype=np.int64).reshape(len(samples), -1),
        programs=_padded([s.program for s in samples]),
        answers=_padded([row for s in samples for row in (*s.answers, *((),) * (roles - len(s.answers)))]).reshape(
            len(samples), roles, -1
        ),
    )
