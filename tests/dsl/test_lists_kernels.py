"""The kernels of ``lists`` compute what the reference functions do, in Python and compiled, and stay within ``out``."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from neurosynth_dsls import lists_kernels
from neurosynth_dsls.lists import lists

from neurosynth.engine.constants import UNDEFINED_WORD, WORD_LIMIT
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Input
from neurosynth.language.types import BOOL, INT, Arrow, Type, list_of, type_variables

Words = npt.NDArray[np.int64]

CANARY = -77
MARGIN = 5
LONGEST = 48


def function_of(reference: str) -> Callable[..., Any]:
    """The kernel that ``module:name`` stands for."""
    module, name = reference.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


# Machine values


@dataclass(frozen=True)
class Function:
    """A Python callable over values, and what ``apply`` needs to call it on words."""

    call: Callable[..., Any]
    parameters: tuple[Type, ...]


def word(value: Any) -> int:
    return UNDEFINED_WORD if value is UNDEFINED else int(value)


def value_of(machine: int, t: Type) -> Any:
    return bool(machine) if t == BOOL else int(machine)


def apply_function(f: Function, a: Words, i: int, b: Words, j: int, n: int, out: Words) -> None:
    """What the engine's compiled ``apply`` does, in Python."""
    assert n <= out.size
    for k in range(n):
        operands = (a[i + k], b[j + k])[: len(f.parameters)]
        try:
            result = f.call(*(value_of(v, t) for v, t in zip(operands, f.parameters, strict=True)))
        except Undefined:
            result = UNDEFINED
        out[k] = word(result)


def sequence(values: tuple[Any, ...], offset: int = 3) -> tuple[Words, int, int]:
    """``data, start, length`` with other data around the elements."""
    data = np.full(offset + len(values) + 2, 10**6, np.int64)
    data[offset : offset + len(values)] = [int(v) for v in values]
    return data, offset, len(values)


def machine_arguments(arguments: tuple[Any, ...], types: tuple[Type, ...]) -> Iterator[Any]:
    for argument, t in zip(arguments, types, strict=True):
        if isinstance(t, Arrow):
            yield from (apply_function, argument)
        elif t in (INT, BOOL):
            yield int(argument)
        else:
            yield from sequence(argument)


def run_kernel(kernel: Callable[..., Any], parameters: list[Any], result: Type, size: int, functional: bool) -> Any:
    """The kernel's result as a value or UNDEFINED; it must write only to ``out`` and keep its arguments."""
    before = [p.copy() for p in parameters if isinstance(p, np.ndarray)]
    memory = np.full(size + 2 * MARGIN, CANARY, np.int64)
    out = memory[MARGIN : MARGIN + size]
    scratch = [np.zeros(4 * LONGEST, np.int64)] if functional else []
    if result in (INT, BOOL):
        got = kernel(*scratch, *parameters)
        value = UNDEFINED if got == UNDEFINED_WORD else value_of(got, result)
    else:
        length = kernel(*scratch, out, *parameters)
        assert -1 <= length <= size
        element = result.arguments[0]  # type: ignore[union-attr]  # kernels return words or lists
        value = UNDEFINED if length < 0 else tuple(value_of(v, element) for v in out[:length])  # type: ignore[arg-type]
    assert (memory[:MARGIN] == CANARY).all()
    assert (memory[MARGIN + size :] == CANARY).all()
    for old, new in zip(before, [p for p in parameters if isinstance(p, np.ndarray)], strict=True):
        assert (old == new).all()
    return value


def run_reference(primitive: Primitive, arguments: tuple[Any, ...], size: int) -> Any:
    """The primitive under a budget of 62 bits and ``size`` elements; Function arguments are called as they are."""
    slots = tuple(Input(i, t) for i, t in enumerate(primitive.parameters))
    plain = [a.call if isinstance(a, Function) else a for a in arguments]
    return Evaluator(Budget(bits=62, size=size)).run(Apply(primitive, slots, primitive.result), plain)


# Arguments by type

EDGES = [s * v for v in (0, 1, 2**30, 2**31 - 1, 2**31, 3037000499, 2**61, WORD_LIMIT) for s in (1, -1)]
INTEGERS = st.one_of(st.integers(-6, 12), st.sampled_from(EDGES), st.integers(-WORD_LIMIT, WORD_LIMIT))


def values(t: Type) -> st.SearchStrategy[Any]:
    if t == INT:
        return INTEGERS
    if t == BOOL:
        return st.booleans()
    if isinstance(t, Arrow):
        return functions(t)
    element = t.arguments[0]  # type: ignore[union-attr]  # no variables are left
    near = st.integers(-3, 3) if element == INT else st.booleans()
    return st.one_of(
        st.lists(near, max_size=40).map(tuple),
        st.lists(values(element), max_size=6).map(tuple),  # type: ignore[arg-type]  # elements of lists are types
    )


def functions(t: Arrow) -> st.SearchStrategy[Function]:
    """Any pure function; one answer in a few is undefined in half of them."""
    answers = values(t.result)

    def wrap(f: Callable[..., Any]) -> Function:
        def call(*arguments: Any) -> Any:
            answer = f(*arguments)
            if answer is UNDEFINED:
                raise Undefined("chosen")
            return answer

        return Function(call, t.parameters)

    def unary(x: Any) -> Any: ...

    def binary(x: Any, y: Any) -> Any: ...

    like = unary if len(t.parameters) == 1 else binary
    partial = st.one_of(answers, answers, answers, st.just(UNDEFINED))
    made = [st.functions(like=like, returns=r, pure=True) for r in (answers, partial)]
    return st.one_of(made).map(wrap)


def instances() -> Iterator[Any]:
    """Each primitive that has a kernel, at each type of words (and sequences) its kernels serve."""
    for p in lists.primitives.values():
        kernels: Any = p.kernel
        if kernels is None or kernels == "select":
            continue
        if isinstance(kernels, dict):
            for kind, reference in kernels.items():
                for ground in (INT, BOOL):
                    a = ground if kind == "ww" else list_of(ground)
                    yield pytest.param(p.at({"a": a}), reference, id=f"{p.name} {a}")
            continue
        used = sorted(type_variables(p.type))
        for ground, other in ((INT, INT), (BOOL, INT), (INT, BOOL)) if len(used) > 1 else ((INT, INT), (BOOL, BOOL)):
            bindings = dict(zip(used, (ground, other, ground), strict=False))
            yield pytest.param(p.at(bindings), kernels, id=" ".join([p.name, *map(str, bindings.values())]))
            if not used:
                break


INSTANCES = list(instances())


def is_functional(p: Primitive) -> bool:
    return any(isinstance(t, Arrow) for t in p.parameters)


def agree(p: Primitive, kernel: Callable[..., Any], arguments: tuple[Any, ...], size: int) -> None:
    machine = list(machine_arguments(arguments, p.parameters))
    got = run_kernel(kernel, machine, p.result, size, is_functional(p))
    expected = run_reference(p, arguments, size if p.result not in (INT, BOOL) else 1000)
    assert got == expected
    assert type(got) is type(expected)


# In Python


@pytest.mark.parametrize(("primitive", "reference"), INSTANCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_kernel_is_the_reference(primitive: Primitive, reference: str, data: st.DataObject) -> None:
    arguments = tuple(data.draw(values(t)) for t in primitive.parameters)
    size = data.draw(st.one_of(st.just(LONGEST), st.integers(1, 12)))
    agree(primitive, function_of(reference), arguments, size)


@pytest.mark.parametrize(("primitive", "reference"), [i for i in INSTANCES if i.values[0].result not in (INT, BOOL)])
def test_kernel_writes_nothing_to_an_empty_out(primitive: Primitive, reference: str) -> None:
    simple: dict[Type, Any] = {INT: 1, BOOL: True, list_of(INT): (1, 2), list_of(BOOL): (True, False)}
    arguments = tuple(
        Function(lambda *xs, answer=simple[t.result]: answer, t.parameters) if isinstance(t, Arrow) else simple[t]
        for t in primitive.parameters
    )
    machine = list(machine_arguments(arguments, primitive.parameters))
    got = run_kernel(function_of(reference), machine, primitive.result, 0, is_functional(primitive))
    assert got == (() if run_reference(primitive, arguments, 1000) == () else UNDEFINED)


@given(INTEGERS, INTEGERS)
@example(2**31, 2**31 - 1)
@example(-(2**31), 2**31)
@example(WORD_LIMIT, -1)
@example(3, WORD_LIMIT // 3)
@example(3, WORD_LIMIT // 3 + 1)
def test_products_are_undefined_exactly_beyond_62_bits(a: int, b: int) -> None:
    assert lists_kernels.multiply(a, b) == (a * b if abs(a * b) <= WORD_LIMIT else UNDEFINED_WORD)


@given(st.lists(st.one_of(st.sampled_from([WORD_LIMIT, -WORD_LIMIT, 1, -1]), INTEGERS), max_size=9))
@example([WORD_LIMIT, 1])
@example([-WORD_LIMIT, -1])
@example([WORD_LIMIT] * 8 + [-WORD_LIMIT] * 7)
def test_sums_are_undefined_exactly_beyond_62_bits(elements: list[int]) -> None:
    expected = sum(elements) if abs(sum(elements)) <= WORD_LIMIT else UNDEFINED_WORD
    assert lists_kernels.total(*sequence(tuple(elements))) == expected


@given(st.lists(st.integers(-50, 50), min_size=30, max_size=200))
def test_long_lists_are_sorted_too(elements: list[int]) -> None:
    out = np.zeros(len(elements), np.int64)
    assert lists_kernels.sort(out, *sequence(tuple(elements))) == len(elements)
    assert out.tolist() == sorted(elements)


def test_every_primitive_over_words_and_flat_lists_has_a_kernel() -> None:
    assert {p.name for p in lists.primitives.values() if p.kernel is None} == {"flatten"}


# Inverse kernels

INVERSES = [
    pytest.param(p.at({"a": ground}), i, reference, id=f"{p.name} {i} {ground}")
    for p in lists.primitives.values()
    if p.inverse_kernels
    for i, reference in enumerate(p.inverse_kernels)
    if reference is not None
    for ground in ((INT, BOOL) if "a" in type_variables(p.type) else (INT,))
]


@pytest.mark.parametrize(("primitive", "position", "reference"), INVERSES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_inverse_kernel_is_the_inverse(
    primitive: Primitive, position: int, reference: Any, data: st.DataObject
) -> None:
    arguments = tuple(data.draw(values(t)) for t in primitive.parameters)
    output = run_reference(primitive, arguments, 1000)
    if output is UNDEFINED or data.draw(st.booleans()):
        output = data.draw(values(primitive.result))
    known = arguments[:position] + arguments[position + 1 :]
    types = primitive.parameters[:position] + primitive.parameters[position + 1 :]
    machine = list(machine_arguments((output, *known), (primitive.result, *types)))
    size = data.draw(st.one_of(st.just(2 * LONGEST), st.integers(1, 12)))
    got = run_kernel(function_of(reference), machine, primitive.parameters[position], size, functional=False)
    inverse = primitive.inverse
    assert inverse is not None
    invert = inverse[position]
    assert invert is not None
    found = [v for v in invert(output, *known) if fits(v, size)]
    assert ([] if got is UNDEFINED else [got]) == found[:1]


def fits(value: Any, size: int) -> bool:
    return len(value) <= size if isinstance(value, tuple) else abs(int(value)) <= WORD_LIMIT


# Compiled


@numba.njit
def apply_compiled(f, a, i, b, j, n, out):  # type: ignore[no-untyped-def]  # compiled
    for k in range(n):
        x, y = a[i + k], b[j + k]
        if f == 0:
            out[k] = 1 if x > 0 else 0
        elif f == 1:
            out[k] = UNDEFINED_WORD if x == 3 else x & 1
        elif f == 2:
            out[k] = x // 2 + 1
        else:
            out[k] = UNDEFINED_WORD if x == y + 3 else x // 2 - y // 2


def _odd_but_3(x: int) -> bool:
    if x == 3:
        raise Undefined("3")
    return x % 2 == 1


def _differ_but_by_3(x: int, y: int) -> int:
    if x == y + 3:
        raise Undefined("3 apart")
    return x // 2 - y // 2


COMPILED_FUNCTIONS: list[Callable[..., Any]] = [lambda x: x > 0, _odd_but_3, lambda x: x // 2 + 1, _differ_but_by_3]


def functions_for(t: Arrow) -> list[int]:
    """Numbers of the functions above that have this type."""
    if len(t.parameters) == 2:
        return [3]
    return [0, 1] if t.result == BOOL else [2]


def random_argument(t: Type, rng: random.Random) -> Any:
    if t == INT:
        return rng.choice([rng.randint(-4, 12), rng.choice(EDGES), rng.randint(-WORD_LIMIT, WORD_LIMIT)])
    if t == BOOL:
        return rng.random() < 0.5
    if isinstance(t, Arrow):
        return rng.choice(functions_for(t))
    # wide lists for sums and sorts, narrow ones for repeated elements
    return tuple(rng.randint(-4, 12) for _ in range(rng.choice([0, 1, 2, 5, 40])))


def compiled_agrees(primitive: Primitive, reference: str) -> None:
    kernel = numba.njit(function_of(reference))
    rng = random.Random(0)
    for _ in range(150):
        arguments = tuple(random_argument(t, rng) for t in primitive.parameters)
        size = rng.choice([1, 4, LONGEST])
        machine: list[Any] = []
        plain: list[Any] = []
        for argument, t in zip(arguments, primitive.parameters, strict=True):
            if isinstance(t, Arrow):
                machine += [apply_compiled, argument]
                plain.append(COMPILED_FUNCTIONS[argument])
            else:
                machine += machine_arguments((argument,), (t,))
                plain.append(argument)
        got = run_kernel(kernel, machine, primitive.result, size, is_functional(primitive))
        expected = run_reference(primitive, tuple(plain), size if primitive.result not in (INT, BOOL) else 1000)
        assert got == expected, (arguments, size)


COMPILED = [i for i in INSTANCES if "bool" not in str(i.id).split()[1:]]


@pytest.mark.parametrize(("primitive", "reference"), COMPILED)
def test_compiled_kernel_is_the_reference(primitive: Primitive, reference: str) -> None:
    compiled_agrees(primitive, reference)


@pytest.mark.parametrize(("primitive", "position", "reference"), [i for i in INVERSES if "bool" not in str(i.id)])
def test_compiled_inverse_kernel_is_the_python_one(primitive: Primitive, position: int, reference: str) -> None:
    plain = function_of(reference)
    compiled = numba.njit(plain)
    rng = random.Random(0)
    missing = primitive.parameters[position]
    types = primitive.parameters[:position] + primitive.parameters[position + 1 :]
    for _ in range(150):
        arguments = tuple(random_argument(t, rng) for t in primitive.parameters)
        output = run_reference(primitive, arguments, 1000)
        known = arguments[:position] + arguments[position + 1 :]
        if output is not UNDEFINED:
            machine = list(machine_arguments((output, *known), (primitive.result, *types)))
            size = rng.choice([1, 4, 2 * LONGEST])
            found = [run_kernel(k, machine, missing, size, functional=False) for k in (plain, compiled)]
            assert found[0] == found[1]
