"""Bits of programs and of outputs: the size of a program, compared with the information in the outputs beyond the inputs.

A program with nearly as many bits as its outputs explains nothing (minimum description length: Rissanen, Automatica 1978). The numbers
are deliberately rough: they compare programs of all languages, and a fitted model weights them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.tasks.task import Example

__all__ = [
    "EXPLAINING",
    "BitsConfig",
    "copied_bits",
    "copied_share",
    "is_conditional",
    "plain_bits",
    "program_bits",
    "spelled_runs",
    "unexplained",
    "usual_bits",
]

EXPLAINING = (0.25, 1.0)
"""Bits of a program relative to those of the outputs beyond their inputs: up to the first, the program explains the outputs and is hardly
right by coincidence; from the second on, it explains nothing."""


@dataclass(frozen=True, kw_only=True)
class BitsConfig:
    """Bits of the parts of a program or an output."""

    primitive: float = 5.0
    """A primitive: one of a few dozen."""
    reference: float = 2.0
    """An input or a bound variable."""
    condition: float = 10.0
    """A conditional, in addition to its nodes: it may separate the examples instead of explaining them."""
    digit: float = 5.0
    """A digit of a text."""
    letter: float = 5.0
    """A letter of a text."""
    other: float = 2.0
    """Any other character of a text."""
    copied: float = 2.0
    """A copy from an input, in addition to its start and end."""
    least: int = 2
    """Minimum length of a copy, in characters."""
    unseen: float = 10.0
    """Maximum for a text that occurs in no output: a search pattern, or a format, is one of few."""


_CONFIG = BitsConfig()


def program_bits(program: Program, examples: Sequence[Example], config: BitsConfig = _CONFIG) -> float:
    """Number of bits needed to write a program down: a choice for each node, the characters of its texts, and the size of its
    numbers."""
    total = 0.0
    outputs = [e.output for e in examples if isinstance(e.output, str)]
    for p in program.subprograms():
        match p:
            case Apply():
                total += config.primitive + (config.condition if is_conditional(p) else 0.0)
            case Constant(value):
                plain = plain_bits(value, config)
                unseen = isinstance(value, str) and not any(value in o for o in outputs)
                total += config.reference + (min(config.unseen, plain) if unseen else plain)
                if unseen:
                    total += sum(plain_bits(run, config) - 1.0 for run in spelled_runs(value, outputs))
            case Input() | Variable() | Lambda():
                total += config.reference
            case _:
                raise TypeError(f"a node of a program is a {type(p).__name__}")
    return total


def usual_bits(program: Program, usual: Collection[Program], config: BitsConfig = _CONFIG) -> float:
    """The bits that a program's functions take beyond those of one primitive each, where they are among the ``usual`` ones.

    These are as few as primitives, so that naming one takes no more bits than naming a primitive.
    """
    found = [p for p in program.subprograms() if isinstance(p, Lambda) and p in usual] if usual else []
    return sum(max(0.0, program_bits(p, (), config) - config.primitive) for p in found)


def is_conditional(p: Program) -> bool:
    """Whether the root of a program chooses between two others: a lazy primitive, or a macro whose body is one."""
    if not isinstance(p, Apply):
        return False
    body = p.primitive.macro
    return p.primitive.lazy or (isinstance(body, Apply) and body.primitive.lazy)


_RUNS = re.compile(r"\d+|[^\W\d_]{2,}")


def spelled_runs(text: str, outputs: Sequence[str]) -> list[str]:
    """Numbers and words inside a text that occur in every output although the text does not: ``04`` of the format ``%d.04.%Y``."""
    return [run for run in _RUNS.findall(text) if run.strip("0") and outputs and all(run in o for o in outputs)]


def copied_bits(examples: Sequence[Example], config: BitsConfig = _CONFIG) -> float:
    """Number of bits needed to write the outputs down one after another, where text from their inputs is copied."""
    return sum(_copied(e.output, e.inputs, config) for e in examples)


def unexplained(
    program: Program, examples: Sequence[Example], told: float, between: tuple[float, float] = EXPLAINING
) -> float:
    """How little of the outputs a program explains, 0 to 1, from its bits relative to those of the outputs beyond their inputs.

    ``told`` is :func:`copied_bits` of the examples. Between the two ratios, the logarithm of the ratio counts.
    """
    none, full = between
    ratio = program_bits(program, examples) / max(told, 1.0)
    return min(1.0, max(0.0, math.log(max(ratio, none) / none) / math.log(full / none)))


def copied_share(value: Any, inputs: Sequence[Any], config: BitsConfig = _CONFIG) -> float:
    """Share of a text that can be copied from the inputs in pieces of two characters or more, 0 to 1; 1 for an empty one."""
    if not isinstance(value, str) or not value:
        return 1.0 if value == "" else 0.0
    texts = [v.casefold() for v in inputs if isinstance(v, str)]
    return sum(length for length, copied in _pieces(value.casefold(), texts, config) if copied) / len(value)


def _copied(value: Any, inputs: Sequence[Any], config: BitsConfig) -> float:
    if any(type(v) is type(value) and v == value for v in inputs):
        return config.copied + math.log2(1 + len(inputs))
    match value:
        case str():
            texts = [v.casefold() for v in inputs if isinstance(v, str)]
            place = 2 * math.log2(1 + max(map(len, texts), default=0)) + config.copied
            total, at = 1.0, 0
            for length, copied in _pieces(value.casefold(), texts, config):
                plain = plain_bits(value[at : at + length], config)
                total += min(place, plain) if copied else plain
                at += length
            return total
        case tuple():
            known = {v for given in inputs if isinstance(given, tuple) for v in given if not isinstance(v, tuple)}
            known |= {v for v in inputs if not isinstance(v, tuple)}
            choice = 1 + math.log2(1 + len(known))
            total = math.log2(1 + len(value)) + 1
            for v in value:
                plain = _copied(v, inputs, config)
                total += min(choice, plain) if not isinstance(v, tuple) and v in known else plain
            return total
        case int() if not isinstance(value, bool):
            elements = {v for given in inputs if isinstance(given, tuple) for v in given if isinstance(v, int)}
            plain = plain_bits(value, config)
            return min(plain, 1 + math.log2(1 + len(elements))) if value in elements else plain
    return plain_bits(value, config)


def _pieces(text: str, sources: Sequence[str], config: BitsConfig) -> list[tuple[int, bool]]:
    """The text cut from left to right into the longest pieces that occur in a source, and single characters that do not: length,
    copied."""
    found: list[tuple[int, bool]] = []
    at = 0
    while at < len(text):
        end = at + config.least
        while end <= len(text) and any(text[at:end] in s for s in sources):
            end += 1
        length = end - 1 - at
        copied = length >= config.least
        found.append((length if copied else 1, copied))
        at += length if copied else 1
    return found


def plain_bits(value: Any, config: BitsConfig = _CONFIG) -> float:
    """Bits of a value as a literal."""
    match value:
        case bool() | None:
            return 1.0
        case str():
            return 1.0 + sum(
                config.digit if c.isdigit() else config.letter if c.isalnum() else config.other for c in value
            )
        case tuple():
            return 1.0 + math.log2(1 + len(value)) + sum(plain_bits(v, config) for v in value)
        case int():
            return 1.0 + min(64.0, 2 * math.log2(1 + abs(value)))
    return 16.0
