"""The parts of a program whose values may be missing (``None``), so that exported code tests only there."""

from __future__ import annotations

from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program

__all__ = ["has_missing", "may_be_missing", "strict_inputs", "tested_input"]


def has_missing(program: Program) -> bool:
    """Whether the program is of a language with missing values."""
    return any(isinstance(p, Apply) and p.primitive.missing for p in program.subprograms())


def may_be_missing(program: Program, present: frozenset[int]) -> bool:
    """Whether the value may be missing if only the inputs ``present`` are known to be present."""
    match program:
        case Input(index):
            return index not in present
        case Constant(value):
            return value is None
        case Apply(primitive, arguments):
            if primitive.missing == "passes":
                return any(may_be_missing(a, present) for a in arguments)
            if primitive.missing == "gives":
                return True
            if primitive.missing == "seen":
                if _asks(primitive):
                    return False
                if primitive.kernel == "select":
                    after = present | tested_input(arguments[0])
                    return (
                        may_be_missing(arguments[0], present)
                        or may_be_missing(arguments[1], present)
                        or may_be_missing(arguments[2], after)
                    )
                # a primitive that accepts missing values gives one only if all its arguments are missing
                return all(may_be_missing(a, present) for a in arguments)
    return False


def _asks(primitive: Primitive) -> bool:
    """Whether the primitive only tests whether its argument is missing."""
    return primitive.missing == "seen" and not primitive.lazy and primitive.arity == 1


def strict_inputs(program: Program, every: frozenset[int]) -> frozenset[int]:
    """The inputs that make the value missing if they are missing, whatever the others are."""
    match program:
        case Input(index):
            return frozenset({index})
        case Apply(primitive, arguments):
            parts = [strict_inputs(a, every) for a in arguments]
            if primitive.missing in ("passes", "gives"):
                return frozenset().union(*parts)
            if primitive.kernel == "select" and primitive.missing:
                return parts[0] | (parts[1] & parts[2])
            if primitive.missing == "seen" and not _asks(primitive):
                return every.intersection(*parts)  # (missing) has no arguments: always missing
    return frozenset()


def tested_input(condition: Program) -> frozenset[int]:
    """The input that is present if ``condition`` does not hold: that of ``(is_missing x0)``."""
    if isinstance(condition, Apply) and _asks(condition.primitive):
        (argument,) = condition.arguments
        if isinstance(argument, Input):
            return frozenset({argument.index})
    return frozenset()
