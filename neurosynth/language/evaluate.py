"""The reference semantics: the meaning of a program, with undefined values and budgets.

Programs compile to nested Python closures over an environment (inputs, then bound variables). If a primitive raises an exception that
it declared, the value is undefined; any other exception is reported as :class:`PrimitiveBug` with primitive, arguments and program.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from neurosynth.errors import InputError, PrimitiveBug
from neurosynth.language.conduct import fault_of, kinds_of, raised, recursed, returned
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.frozen import freeze, too_large
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, TypeConstructor, is_ground
from neurosynth.work_clock import clock_seconds

__all__ = ["Budget", "Evaluator", "evaluate", "in_primitive"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What one evaluation may use; beyond it, the value is undefined."""

    steps: int = 1_000_000
    """Primitive applications."""
    size: int = 1_000_000
    """Maximum number of characters or elements of a value."""
    bits: int = 100_000
    """Maximum number of bits of an integer; search uses 62, so that kernels on machine words agree with it."""

    def __post_init__(self) -> None:
        for name in ("steps", "size", "bits"):
            if getattr(self, name) <= 0:
                raise InputError(f"Budget.{name} is {getattr(self, name)}; allowed: a positive number")


_SLICE = 64
"""Number of steps between two checks of the clock, if there is a deadline: a step may take a millisecond."""


_LOOKS = 256
"""Number of results of one primitive whose elements are checked: a primitive that returns wrong lists does so early, and checking all
elements of all lists took a fifth of the time of list tasks."""


class _Steps:
    """Counts steps in slices; the clock is checked between them."""

    __slots__ = ("_deadline", "_rest", "_slice", "left")

    def __init__(self, limit: int, deadline: float) -> None:
        self._deadline = deadline
        self._slice = limit if deadline == math.inf else min(limit, _SLICE)
        self.left = self._rest = 0

    @property
    def unused(self) -> int:
        """Number of steps left in all slices."""
        return self.left + self._rest

    def start(self, limit: int) -> None:
        """Begin a new evaluation with this many steps."""
        self.left = self._slice
        self._rest = limit - self._slice

    def more(self) -> None:
        """Begin the next slice with the step for which the last one had no room; raises ``Undefined`` if no steps are left."""
        if self._rest <= 0:
            raise Undefined("step budget")
        if clock_seconds() > self._deadline:
            raise Undefined("deadline")
        self.left = min(self._slice, self._rest) - 1
        self._rest -= self._slice


@dataclass(frozen=True, slots=True, eq=False)
class _Conduct:
    """Everything needed to run a primitive under a budget."""

    primitive: Primitive
    function: Callable[..., Any]
    raises: tuple[type[Exception], ...]
    size: Callable[..., int] | None
    check: Callable[[Any], Any]
    """The check of a result: it raises for one beyond the budget, and freezes lists."""
    wrong: Callable[[Any], bool] | None
    """Whether a result is of another type than declared, if that requires a check of its parts."""
    kind: type | None
    """The Python class of results, if it decides membership."""
    allowed: type | None
    """Another allowed class: that of missing values."""
    looks: list[int]
    """Number of results for which ``wrong`` is still called."""


Environment = tuple[tuple[Any, ...], tuple[Any, ...]]  # inputs, bound variables (innermost last)
Closure = Callable[[tuple[Any, ...], tuple[Any, ...]], Any]


class Evaluator:
    """Compiles programs once and runs them many times under one budget.

    Steps, sizes and bits beyond the budget make the value undefined; the steps are counted again in every run.
    """

    def __init__(self, budget: Budget | None = None, *, deadline: float = math.inf) -> None:
        """``deadline``: the time, by ``clock_seconds``, after which values that are not computed yet are undefined."""
        self.budget = budget or Budget()
        self._steps = _Steps(self.budget.steps, deadline)
        self._conducts: dict[int, _Conduct] = {}
        """By the identity of the primitive, which each entry keeps alive: hashing a type takes longer than a call."""

    @property
    def used(self) -> int:
        """Steps of the current evaluation."""
        return self.budget.steps - self._steps.unused

    def reset(self) -> None:
        """Start a new evaluation: all steps are available again."""
        self._steps.start(self.budget.steps)

    def run(self, program: Program, inputs: Sequence[Any]) -> Any:
        """The value on ``inputs``, or ``UNDEFINED``.

        Raises:
            PrimitiveBug: if a primitive raises an undeclared exception.
        """
        return self.function(program)(tuple(inputs))

    def why_undefined(self, program: Program, inputs: Sequence[Any]) -> str:
        """The message of the primitive that has no value on ``inputs``: the cell, and what was allowed; "" if there is a value."""
        self.reset()
        try:
            self.closure(program)(tuple(inputs), ())
        except Undefined as undefined:
            return str(undefined) or "undefined"
        return ""

    def function(self, program: Program) -> Callable[[tuple[Any, ...]], Any]:
        """``inputs -> value or UNDEFINED``, compiled."""
        closure = self.closure(program)
        steps, limit = self._steps, self.budget.steps

        def call(inputs: tuple[Any, ...]) -> Any:
            steps.start(limit)
            try:
                return closure(inputs, ())
            except Undefined:
                return UNDEFINED

        return call

    def closure(self, program: Program) -> Closure:
        """``(inputs, variables) -> value``; raises ``Undefined``."""
        match program:
            case Apply(primitive, arguments):
                return self._apply(primitive, tuple(map(self.closure, arguments)), program)
            case Input(index):
                return lambda inputs, scope: inputs[index]
            case Constant(value):
                return lambda inputs, scope: value
            case Variable(index):
                at = -1 - index
                return lambda inputs, scope: scope[at]
            case Lambda(_, body):
                inner = self.closure(body)
                return lambda inputs, scope: lambda *arguments: inner(inputs, scope + arguments)
        raise AssertionError(program)

    def _apply(self, primitive: Primitive, arguments: tuple[Closure, ...], program: Program) -> Closure:
        call = self.caller(primitive, program)
        if primitive.lazy:
            return lambda inputs, scope: call(*[lambda a=a: a(inputs, scope) for a in arguments])
        if len(arguments) == 1:
            (first,) = arguments
            return lambda inputs, scope: call(first(inputs, scope))
        if len(arguments) == 2:
            left, right = arguments
            return lambda inputs, scope: call(left(inputs, scope), right(inputs, scope))
        return lambda inputs, scope: call(*[a(inputs, scope) for a in arguments])

    def caller(self, primitive: Primitive, program: Program | None = None) -> Callable[..., Any]:
        """The primitive's function under the budget; raises ``Undefined``, and ``PrimitiveBug`` for bugs."""
        steps, limit = self._steps, self.budget.size
        conduct = self._conduct(primitive)
        function, raises, size, check = conduct.function, conduct.raises, conduct.size, conduct.check
        if (
            program is not None
            and not primitive.missing
            and not is_ground(primitive.result)
            and is_ground(program.type)
        ):
            # (ite c x0 x1) of bit-vectors has a limit that its type variable does not determine
            check = domain_of(program.type).limit(limit, self.budget.bits) or _unchecked
        kind, allowed, wrong, looks = conduct.kind, conduct.allowed, conduct.wrong, conduct.looks

        def call(*values: Any) -> Any:
            steps.left -= 1
            if steps.left < 0:
                steps.more()
            try:
                if size is not None and size(*values) > limit:
                    raise Undefined("size budget")
                result = function(*values)
            except (Undefined, PrimitiveBug):
                raise  # a bug of a lazy or functional argument is not a bug of this primitive
            except raises as error:
                raise Undefined(str(error)) from None
            except RecursionError as error:
                bug = recursed(primitive, values, error, __file__, program)
                if bug is None:
                    raise Undefined("nested too deeply") from None
                raise bug from error
            except KeyboardInterrupt:
                raise  # the user's, or the watchdog's: neurosynth.language.overrun
            except BaseException as error:  # SystemExit, too: no primitive ends the process
                raise raised(primitive, values, error, program) from error
            if kind is not None and type(result) is not kind and type(result) is not allowed:
                raise returned(primitive, values, result, program)
            if wrong is not None and looks[0] > 0:
                looks[0] -= 1
                if wrong(result):
                    raise returned(primitive, values, result, program)
            return check(result)

        return call

    def _conduct(self, primitive: Primitive) -> _Conduct:
        """Everything needed to run a primitive, computed once: computing it from its types for each program took a third of the time of
        trees."""
        known = self._conducts.get(id(primitive))
        if known is None:
            known = self._conducts[id(primitive)] = self._new_conduct(primitive)
        return known

    def _new_conduct(self, primitive: Primitive) -> _Conduct:
        function, raises, size = primitive.function, primitive.raises, primitive.size
        if primitive.macro is not None:
            body = self.closure(primitive.macro)

            def expand(*values: Any) -> Any:
                return body(values, ())

            function, raises, size = expand, (), None  # the results of its parts are checked there
        check, wrong = self._check(primitive), fault_of(primitive.result)
        kind = next(iter(kinds_of(primitive.result)), None)
        if primitive.missing:
            function, size, check = _with_missing(primitive, function, size, check, self.budget.size)
            wrong = None if wrong is None else _unless_missing(wrong)
        allowed = type(None) if primitive.missing else kind
        return _Conduct(primitive, function, raises, size, check, wrong, kind, allowed, [_LOOKS])

    def _check(self, primitive: Primitive) -> Callable[[Any], Any]:
        """The check of a result."""
        result, size, bits = primitive.result, self.budget.size, self.budget.bits
        if isinstance(result, Arrow):
            return _unchecked
        if is_ground(result):
            return domain_of(result).limit(size, bits) or _unchecked

        def check_any(value: Any) -> Any:
            if isinstance(value, (tuple, list)):
                # mostly numbers, whose total size is their number
                if len(value) > size or (value and isinstance(value[0], _PARTS) and too_large(value, size)):
                    raise Undefined("size budget")
                if isinstance(value, list):
                    value = freeze(value)
            elif isinstance(value, str):
                if len(value) > size:
                    raise Undefined("size budget")
            elif isinstance(value, int) and value.bit_length() > bits:
                raise Undefined("integer budget")
            return value

        return check_any


_PARTS = (tuple, list, str)


def _unchecked(value: Any) -> Any:
    return value


def _with_missing(
    primitive: Primitive,
    function: Callable[..., Any],
    size: Callable[..., int] | None,
    check: Callable[[Any], Any],
    limit: int,
) -> tuple[Callable[..., Any], Callable[..., int] | None, Callable[[Any], Any]]:
    """A primitive's function, size and check if values may be missing."""

    def checked(value: Any) -> Any:
        return None if value is None else check(value)

    if primitive.missing == "seen":
        return function, None, checked

    def passing(*values: Any) -> Any:
        for value in values:
            if value is None:
                return None
        if size is not None and size(*values) > limit:
            raise Undefined("size budget")
        return function(*values)

    return passing, None, checked


def _unless_missing(wrong: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is not None and wrong(value)


def in_primitive(frame: FrameType | None) -> bool:
    """Whether a thread with this innermost frame runs a primitive, or a function that one calls."""
    while frame is not None:
        if frame.f_code.co_name == "call" and frame.f_code.co_filename == __file__:
            return True
        frame = frame.f_back
    return False


def evaluate(program: Program, inputs: Sequence[Any], *, budget: Budget | None = None) -> Any:
    """Run ``program`` on ``inputs`` and return its value, or ``UNDEFINED``.  Lists come back as lists.

    Scalars and arrays of numpy and pandas are converted.

    Raises:
        InputError: for too few inputs.
        PrimitiveBug: if a primitive raises an undeclared exception.
    """
    used = {p.index: p.type for p in program.subprograms() if isinstance(p, Input)}
    if len(inputs) < 1 + max(used, default=-1):
        raise InputError(f"{program} reads {1 + max(used)} inputs, {len(inputs)} given")
    frozen = [domain_of(used[i]).freeze(v) if i in used else v for i, v in enumerate(inputs)]
    value = Evaluator(budget).run(program, frozen)
    if value is UNDEFINED or not isinstance(program.type, TypeConstructor):
        return value
    return domain_of(program.type).thaw(value)
