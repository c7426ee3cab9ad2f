"""The values of program parts on a task's examples, by number. Equal values share a number, and each is computed once.

A part is a token on values. A closed part has a value on every example. A lambda, and a part that refers to a parameter of an enclosing
lambda, is identified by its structure.

Letters: ``E`` examples, of which the first ``F`` are computed at once, the others if two values agree on those.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

from neurosynth.errors import PrimitiveBug
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Abstraction, Lift, Unit
from neurosynth.language.masks import TokenGrammar
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.tasks.task import Example
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import INT, Arrow, Type, TypeVariable

__all__ = ["BUDGET", "FAILS", "NOWHERE", "PARTIAL", "TOTAL", "TokenValues"]

BUDGET = Budget(steps=5_000, size=10_000, bits=62)
"""Budget of one application on an example during the search: about 10 ms; beyond it, the value is undefined. Integers are as large as
those of enumeration, whose kernels compute on machine words."""
TOTAL, PARTIAL, NOWHERE = range(3)
"""The examples on which a value is defined."""
FAILS = -1
"""Instead of the number of a value: undefined on some example, and not computed on the others."""

_UNTYPED = -1

Column = tuple[Any, ...]
"""(F,) or (E,): a value for each example, ``UNDEFINED`` if it has none."""
Choice = tuple[Primitive, Callable[..., Any], int]
"""A primitive, how to call it, and its result type."""


class TokenValues:
    """Values by number."""

    def __init__(
        self, grammar: TokenGrammar, examples: Sequence[Example], first: int, tick: Callable[[], None]
    ) -> None:
        """``first``: the number of examples that are computed at once. ``tick`` is called now and then, and may raise."""
        self._tick, self._since = tick, 0
        self._inputs = [e.inputs for e in examples]
        self._goal = tuple(e.output for e in examples)
        self._first = min(first, len(examples))
        self._evaluator = Evaluator(BUDGET)
        self.defined: list[int] = []
        """The examples on which each value is defined: ``TOTAL``, ``PARTIAL`` or ``NOWHERE``."""
        self._columns: list[Column | None] = []  # None: it is a function, or not closed
        self._types: list[int] = []  # for a function, that of its result
        self._free: list[int] = []  # number of parameters of enclosing lambdas that a value may refer to
        self._known: list[bool] = []  # whether the primitives in it are determined
        self._origins: list[tuple[int, tuple[int, ...]]] = []  # the token and the arguments that made it first
        self._ids: dict[Hashable, list[int]] = {}
        self._applied: dict[tuple[int, tuple[int, ...]], int] = {}
        self._functions: dict[int, tuple[Callable[..., Any], list[Any]]] = {}
        full = weakref.WeakMethod(self._full)  # a reference cycle would keep it alive after it is dropped
        self._rows = [_ValueRow(self._columns, i, full) for i in range(len(self._inputs))]
        self.arity: dict[int, int] = {}
        """For tokens that take arguments, and for primitives that take none."""
        self.parameters: dict[int, int] = {}
        """How many parameters each lambda token binds."""
        self.leaves: dict[int, int] = {}
        """The values of tokens that take no arguments."""
        self._type_ids: dict[Type, int] = {}
        self._instances: dict[int, list[Primitive]] = {}
        self._choices: dict[tuple[int, tuple[int, ...]], Choice | None] = {}
        self._heads: dict[int, list[Program]] = {}
        self._read(grammar)

    def __len__(self) -> int:
        return len(self._columns)

    def total(self, value: int) -> Column | None:
        """(E,) a closed value that is defined on every example; None for others."""
        if self._columns[value] is None or self._free[value] or not self._known[value]:
            return None
        column = self._full(value)
        return None if any(v is UNDEFINED for v in column) else column

    def tokens_of(self, value: int) -> list[int]:
        """The tokens of the program that made a value first."""
        token, arguments = self._origins[value]
        return [token, *(t for a in arguments for t in self.tokens_of(a))]

    def type_of(self, value: int) -> int:
        """The number of a value's type."""
        return self._types[value]

    def number_of(self, t: Type) -> int:
        """The number of a type."""
        return self._type_id(t)

    def is_of(self, value: int, t: Type) -> bool:
        """Whether a value has a type."""
        return self._types[value] == self._type_id(t)

    def lazy(self, token: int) -> bool:
        """Whether a primitive may skip arguments."""
        return token in self._instances and self._instances[token][0].lazy

    def apply(self, token: int, arguments: tuple[int, ...], *, strict: bool = False) -> int:
        """The value of a token on values. With ``strict``, ``FAILS`` for one that is undefined on an example."""
        key = (token, arguments)
        found = self._applied.get(key)
        if found is None or (found == FAILS and not strict):
            found = self._applied[key] = self._new(token, arguments, strict)
        return found

    def right(self, value: int) -> int:
        """Number of the first examples on which a value is the output; if it is right on all of those, the number of all examples.

        All of them for an undecided value, too.
        """
        column = self._columns[value]
        if column is None:
            return len(self._goal)
        right = self._agreeing(column[: self._first], 0)
        return right if right < self._first else self._agreeing(self._full(value), 0)

    def right_with(self, token: int, arguments: tuple[int, ...]) -> int:
        """The same for a token on values, which is not stored."""
        found = self._applied.get((token, arguments))
        if found is not None:
            return 0 if found == FAILS else self.right(found)
        column = self._run(token, arguments, 0, self._first)
        if column is None:
            return len(self._goal)
        right = self._agreeing(column, 0)
        if right == self._first < len(self._goal):
            rest = self._run(token, arguments, self._first, len(self._goal), goal=self._goal)
            right += self._agreeing(rest or (), self._first)
        return right

    def _agreeing(self, column: Column, start: int) -> int:
        """Number of values from ``start`` on that equal the outputs."""
        wanted = self._goal[start : start + len(column)]
        return sum(a == b and type(a) is type(b) for a, b in zip(column, wanted, strict=True) if a is not UNDEFINED)

    # --- computing ----------------------------------------------------------------------------------------------

    def _new(self, token: int, arguments: tuple[int, ...], strict: bool) -> int:
        free = max((self._free[a] for a in arguments), default=0)
        known = all(self._known[a] for a in arguments)
        if token in self.parameters:
            bound = self.parameters[token]
            return self._number(token, arguments, None, self._types[arguments[0]], max(0, free - bound), known)
        choice = self._choose(token, arguments)
        type_id = _UNTYPED if choice is None else choice[2]
        column = self._run(token, arguments, 0, self._first, strict=strict) if not free else None
        if column is not None and len(column) < self._first:
            return FAILS
        return self._number(token, arguments, column, type_id, free, known and choice is not None)

    def _number(
        self, token: int, arguments: tuple[int, ...], column: Column | None, type_id: int, free: int, known: bool
    ) -> int:
        """The number of a value, or of an equal one that exists."""
        key: Hashable = (token, arguments)
        if column is not None:
            part = column[: self._first]
            key = (type_id, part if type_id != _UNTYPED else typed_key(part), None)
        same = self._ids.setdefault(key, [])
        if same and (column is None or self._first == len(self._goal)):
            return same[0]
        if column is not None and len(column) < len(self._goal):
            nowhere = all(value is UNDEFINED for value in column)
            if same or nowhere:
                column += self._run(token, arguments, self._first, len(self._goal)) or ()
        for other in same:
            whole = self._full(other)
            if whole == column and (type_id != _UNTYPED or typed_key(whole) == typed_key(column)):
                return other
        number = len(self._columns)
        same.append(number)
        missing = 0 if column is None else sum(v is UNDEFINED for v in column)
        self.defined.append(TOTAL if not missing else NOWHERE if column and missing == len(column) else PARTIAL)
        self._columns.append(column)
        self._types.append(type_id)
        self._free.append(free)
        self._known.append(known)
        self._origins.append((token, arguments))
        return number

    def _full(self, value: int) -> Column:
        """(E,) the value on every example."""
        column = self._columns[value]
        assert column is not None
        if len(column) < len(self._goal):
            column += self._run(*self._origins[value], self._first, len(self._goal)) or ()
            self._columns[value] = column
        return column

    def _run(
        self,
        token: int,
        arguments: tuple[int, ...],
        start: int,
        stop: int,
        *,
        strict: bool = False,
        goal: Column | None = None,
    ) -> Column | None:
        """A primitive on closed values, on examples ``start`` to ``stop``; None if the primitive is undetermined.

        ``strict`` ends before the first example on which it is undefined, and ``goal`` after the first on which the value differs from
        the goal.
        """
        choice = self._choose(token, arguments)
        if choice is None or not all(self._known[a] for a in arguments):
            return None
        primitive, call, _ = choice
        columns = [self._part(a, start, stop) for a in arguments]
        reset, found = self._evaluator.reset, []
        try:
            for row in zip(*columns, strict=True) if columns else [()] * (stop - start):
                reset()
                try:
                    if primitive.lazy:
                        row = tuple(map(_thunk, row))
                    value = UNDEFINED if UNDEFINED in row else call(*row)
                except Undefined:
                    value = UNDEFINED
                self._since += 1
                if not self._since & 15:
                    self._tick()
                if strict and value is UNDEFINED:
                    break
                found.append(value)
                if goal is not None and value != goal[start + len(found) - 1]:
                    break
        except PrimitiveBug:
            program = self._program(token, arguments)  # as the user would write it, without numbers for arguments
            Evaluator().run(program, self._inputs[start + len(found)])
            raise
        return tuple(found)

    def _part(self, value: int, start: int, stop: int) -> Sequence[Any]:
        """A value on some examples; for a function, one to call on each."""
        column = self._columns[value]
        if column is not None:
            return (column if stop <= len(column) else self._full(value))[start:stop]
        if value not in self._functions:
            token, (body,) = self._origins[value]
            closure = self._evaluator.closure(Lambda((INT,) * self.parameters[token], self._inner(body)))
            self._functions[value] = closure, []
        closure, functions = self._functions[value]
        while len(functions) < stop:
            functions.append(closure(self._rows[len(functions)], ()))
        return functions[start:stop]

    # --- as programs --------------------------------------------------------------------------------------------

    def _inner(self, value: int) -> Program:
        """A value inside a lambda. Closed parts are looked up by their number, like inputs."""
        if self._columns[value] is not None:
            return Input(value, INT)
        token, arguments = self._origins[value]
        return self._built(token, arguments, [self._inner(a) for a in arguments])

    def _program(self, token: int, arguments: tuple[int, ...]) -> Program:
        return self._built(token, arguments, [self._program(*self._origins[a]) for a in arguments])

    def _built(self, token: int, arguments: tuple[int, ...], parts: list[Program]) -> Program:
        if token in self._heads:
            return self._heads[token][0]
        if token in self.parameters:
            return Lambda((INT,) * self.parameters[token], parts[0])
        choice = self._choose(token, arguments)
        assert choice is not None
        return Apply(choice[0], tuple(parts), choice[0].result)

    # --- the meaning of tokens ------------------------------------------------------------------------------------

    def _choose(self, token: int, arguments: tuple[int, ...]) -> Choice | None:
        """The primitive of a token on these arguments, how to call it, the type of its result; None if undetermined.

        A token means several primitives if a polymorphic one is used at several types.
        """
        key = (token, tuple(self._types[a] for a in arguments))
        if key not in self._choices:
            self._choices[key] = self._fitting(*key)
        return self._choices[key]

    def _fitting(self, token: int, types: tuple[int, ...]) -> Choice | None:
        instances = self._instances[token]
        fits = [p for p in instances if all(map(self._agree, p.parameters, types))]
        first = fits[0]
        if any(p.function is not first.function or p.macro is not first.macro for p in fits):
            return None  # the same name for different functions: bit-vectors of several widths
        result = self._type_id(first.result)
        if any(self._type_id(p.result) != result for p in fits):
            # the same function; with a type variable as result, the check of the value depends on the value
            general = TypeVariable("a")
            first = replace(first, type=Arrow(first.parameters, general) if first.parameters else general)
            result = _UNTYPED
        return first, self._evaluator.caller(first), result

    def _agree(self, parameter: Type, type_id: int) -> bool:
        wanted = parameter.result if isinstance(parameter, Arrow) else parameter
        return type_id in (_UNTYPED, self._type_id(wanted))

    def _type_id(self, t: Type) -> int:
        return self._type_ids.setdefault(t, len(self._type_ids))

    def _read(self, grammar: TokenGrammar) -> None:
        left_out = set(grammar.left_out)
        for p in grammar.grammar.productions:
            if isinstance(p.head, (Unit, Lift)) or p in left_out:
                continue
            match p.head:
                case Primitive() as primitive:
                    token = grammar.vocabulary.primitive_token(primitive.name)
                    self.arity[token] = primitive.arity
                    instances = self._instances.setdefault(token, [])
                    if primitive not in instances:
                        instances.append(primitive)
                case Abstraction(parameters):
                    token = grammar.vocabulary.lambda_token(len(parameters))
                    self.arity[token], self.parameters[token] = 1, len(parameters)
                case leaf:
                    heads = self._heads.setdefault(grammar.vocabulary.token(leaf, grammar.constants), [])
                    if leaf not in heads:
                        heads.append(leaf)
        for token, found in self._heads.items():
            self.leaves[token] = self._leaf(token, found)
        for token in [t for t, arity in self.arity.items() if not arity]:
            self.leaves[token] = self.apply(token, ())

    def _leaf(self, token: int, heads: list[Program]) -> int:
        types = {self._type_id(head.type) for head in heads}
        type_id = types.pop() if len(types) == 1 else _UNTYPED
        match heads[0]:
            case Input(index):
                return self._number(token, (), tuple(row[index] for row in self._inputs), type_id, 0, True)
            case Constant(value):
                return self._number(token, (), (value,) * len(self._inputs), type_id, 0, True)
            case Variable(index):
                return self._number(token, (), None, type_id, index + 1, True)
        raise AssertionError(heads)


def _thunk(value: Any) -> Callable[[], Any]:
    """An argument of a lazy primitive."""

    def ask() -> Any:
        if value is UNDEFINED:
            raise Undefined
        return value

    return ask


class _ValueRow:
    """The inputs that lambdas see on one example: the known closed values, by number."""

    __slots__ = ("columns", "example", "full")

    def __init__(self, columns: list[Column | None], example: int, full: weakref.WeakMethod[Any]) -> None:
        self.columns, self.example, self.full = columns, example, full

    def __getitem__(self, value: int) -> Any:
        column = self.columns[value]
        assert column is not None
        if self.example >= len(column):
            full = self.full()
            assert full is not None, "values outlive none of their functions"
            column = full(value)
        if column[self.example] is UNDEFINED:
            raise Undefined
        return column[self.example]
