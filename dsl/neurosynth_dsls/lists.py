"""The language ``lists``: integers, booleans and lists, with typed lambdas.

Its operators are those of DeepCoder and DreamCoder.  Lists travel as tuples and may come back as lists.  Every function
here uses builtins only, and every ``python`` template delimits itself (a call, brackets or parentheses), so that
exported code needs neither imports nor knowledge of precedence.  Templates are given only where they agree with the
function everywhere, also in raising, and mention each argument once, so that nested ones stay short.

Predicates are asked about every element before any answer is used (``all``, ``any``, ``takewhile``, ``dropwhile``): one
undefined answer makes the result undefined, whatever the order of evaluation, and kernels agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from neurosynth.language.language import A, B, C, Language
from neurosynth_dsls import lists_inverses as inverses

__all__ = ["lists"]

lists = Language("lists", doc="Integers, booleans and lists of them: arithmetic, slicing, sorting, map, filter, fold.")

# Kernels are named, not imported: numba must not load before an engine compiles.
_K = "neurosynth_dsls.lists_kernels:"
_H = "neurosynth_dsls.lists_higher_order_kernels:"
_I = "neurosynth_dsls.lists_inverse_kernels:"

_EMPTY = (IndexError,)

for _value in range(6):
    lists.constant(_value, "int")
lists.constant(-1, "int")
for _value in range(6, 11):
    lists.constant(_value, "int", cost=2)
lists.constant((), "list int")


# Integers


@lists.primitive(
    name="+",
    commutative=True,
    python="({0} + {1})",
    kernel=_K + "add",
    inverse=(inverses.addend, inverses.addend),
    inverse_kernels=(_I + "add_missing", _I + "add_missing"),
)
def add(a: int, b: int) -> int:
    """Sum of two numbers."""
    return a + b


@lists.primitive(
    name="-",
    python="({0} - {1})",
    kernel=_K + "subtract",
    inverse=(inverses.minuend, inverses.subtrahend),
    inverse_kernels=(_I + "subtract_minuend", _I + "subtract_subtrahend"),
)
def subtract(a: int, b: int) -> int:
    """The first number less the second."""
    return a - b


@lists.primitive(name="*", commutative=True, python="({0} * {1})", kernel=_K + "multiply")
def multiply(a: int, b: int) -> int:
    """Product of two numbers."""
    return a * b


@lists.primitive(python="({0} // {1})", raises=(ZeroDivisionError,), kernel=_K + "div")
def div(a: int, b: int) -> int:
    """Quotient, rounded down; undefined for divisor 0."""
    return a // b


@lists.primitive(python="({0} % {1})", raises=(ZeroDivisionError,), kernel=_K + "mod")
def mod(a: int, b: int) -> int:
    """Remainder of the division rounded down, with the divisor's sign; undefined for divisor 0."""
    return a % b


@lists.primitive(python="(-{0})", kernel=_K + "neg", inverse=(inverses.negated,), inverse_kernels=(_I + "neg_missing",))
def neg(a: int) -> int:
    """The number with the other sign."""
    return -a


@lists.primitive(python="abs({0})", kernel=_K + "absolute")
def abs_(a: int) -> int:
    """Magnitude of the number."""
    return abs(a)


@lists.primitive(commutative=True, python="min({0}, {1})", kernel=_K + "min2")
def min2(a: int, b: int) -> int:
    """The smaller of two numbers."""
    return min(a, b)


@lists.primitive(commutative=True, python="max({0}, {1})", kernel=_K + "max2")
def max2(a: int, b: int) -> int:
    """The larger of two numbers."""
    return max(a, b)


# Booleans


@lists.primitive(python="({0} % 2 == 0)", kernel=_K + "even")
def even(a: int) -> bool:
    """Whether the number is divisible by two."""
    return a % 2 == 0


@lists.primitive(python="({0} % 2 == 1)", kernel=_K + "odd")
def odd(a: int) -> bool:
    """Whether the number is not divisible by two."""
    return a % 2 == 1


@lists.primitive(name=">", python="({0} > {1})", kernel=_K + "greater")
def greater(a: int, b: int) -> bool:
    """Whether the first number is larger."""
    return a > b


@lists.primitive(name="<", python="({0} < {1})", kernel=_K + "less")
def less(a: int, b: int) -> bool:
    """Whether the first number is smaller."""
    return a < b


@lists.primitive(name=">=", python="({0} >= {1})", kernel=_K + "at_least")
def at_least(a: int, b: int) -> bool:
    """Whether the first number is not smaller."""
    return a >= b


@lists.primitive(name="<=", python="({0} <= {1})", kernel=_K + "at_most")
def at_most(a: int, b: int) -> bool:
    """Whether the first number is not larger."""
    return a <= b


@lists.primitive(
    name="=",
    commutative=True,
    python="({0} == {1})",
    kernel={"ww": _K + "equal_words", "ss": _K + "equal_sequences"},
)
def equal(a: A, b: A) -> bool:
    """Whether two values are the same."""
    return a == b


@lists.primitive(python="(not {0})", kernel=_K + "logical_not", inverse=(inverses.complement,))
def not_(a: bool) -> bool:
    """True for false, false for true."""
    return not a


@lists.primitive(commutative=True, python="({0} and {1})", kernel=_K + "logical_and")
def and_(a: bool, b: bool) -> bool:
    """Whether both hold."""
    return a and b


@lists.primitive(commutative=True, python="({0} or {1})", kernel=_K + "logical_or")
def or_(a: bool, b: bool) -> bool:
    """Whether at least one holds."""
    return a or b


@lists.primitive(type="bool -> a -> a -> a", lazy=True, python="({1} if {0} else {2})", kernel="select")
def if_(condition: Callable[[], bool], then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """The second argument where the first holds, else the third; the other one may be undefined."""
    return then() if condition() else otherwise()


# From lists to elements


@lists.primitive(python="{0}[0]", raises=_EMPTY, kernel=_K + "head")
def head(xs: Sequence[A]) -> A:
    """First element; undefined on an empty list."""
    return xs[0]


@lists.primitive(python="{0}[-1]", raises=_EMPTY, kernel=_K + "last")
def last(xs: Sequence[A]) -> A:
    """Last element; undefined on an empty list."""
    return xs[-1]


@lists.primitive(raises=_EMPTY, kernel=_K + "access")
def access(n: int, xs: Sequence[A]) -> A:
    """Element n, counted from 0; undefined out of range."""
    if n < 0:
        raise IndexError("negative index")
    return xs[n]


@lists.primitive(python="min({0})", raises=(ValueError,), kernel=_K + "minimum")
def minimum(xs: Sequence[int]) -> int:
    """Smallest element; undefined on an empty list."""
    return min(xs)


@lists.primitive(python="max({0})", raises=(ValueError,), kernel=_K + "maximum")
def maximum(xs: Sequence[int]) -> int:
    """Largest element; undefined on an empty list."""
    return max(xs)


@lists.primitive(python="sum({0})", kernel=_K + "total")
def sum_(xs: Sequence[int]) -> int:
    """Sum of the elements; 0 for an empty list."""
    return sum(xs)


@lists.primitive(kernel=_K + "product")
def product(xs: Sequence[int]) -> int:
    """Product of the elements; 1 for an empty list."""
    result = 1
    for x in xs:
        result *= x
    return result


@lists.primitive(python="len({0})", kernel=_K + "length")
def length(xs: Sequence[A]) -> int:
    """Number of elements."""
    return len(xs)


@lists.primitive(python="(not {0})", kernel=_K + "is_empty")
def is_empty(xs: Sequence[A]) -> bool:
    """Whether the list has no elements."""
    return not xs


@lists.primitive(python="({0} in {1})", kernel=_K + "contains")
def contains(x: A, xs: Sequence[A]) -> bool:
    """Whether the value occurs in the list."""
    return x in xs


@lists.primitive(kernel=_K + "index")
def index(x: A, xs: Sequence[A]) -> int:
    """Position of the value's first occurrence, counted from 0; -1 where there is none."""
    return xs.index(x) if x in xs else -1


# From lists to lists


@lists.primitive(
    python="{1}[:max({0}, 0)]",
    kernel=_K + "take",
    inverse=(inverses.taken_count, None),
    inverse_kernels=(_I + "taken_count", None),
)
def take(n: int, xs: Sequence[A]) -> Sequence[A]:
    """First n elements; none for a negative n."""
    return xs[: max(n, 0)]


@lists.primitive(
    python="{1}[max({0}, 0):]",
    kernel=_K + "drop",
    inverse=(inverses.dropped_count, None),
    inverse_kernels=(_I + "dropped_count", None),
)
def drop(n: int, xs: Sequence[A]) -> Sequence[A]:
    """All but the first n elements; all for a negative n."""
    return xs[max(n, 0) :]


@lists.primitive(raises=_EMPTY, kernel=_K + "tail")
def tail(xs: Sequence[A]) -> Sequence[A]:
    """All but the first element; undefined on an empty list."""
    if not xs:
        raise IndexError("tail of an empty list")
    return xs[1:]


@lists.primitive(raises=_EMPTY, kernel=_K + "init")
def init(xs: Sequence[A]) -> Sequence[A]:
    """All but the last element; undefined on an empty list."""
    if not xs:
        raise IndexError("init of an empty list")
    return xs[:-1]


@lists.primitive(
    python="{0}[::-1]",
    kernel=_K + "reverse",
    inverse=(inverses.reversed_list,),
    inverse_kernels=(_I + "reverse_missing",),
)
def reverse(xs: Sequence[A]) -> Sequence[A]:
    """The elements in the opposite order."""
    return xs[::-1]


@lists.primitive(python="sorted({0})", kernel=_K + "sort")
def sort(xs: Sequence[int]) -> Sequence[int]:
    """The elements in ascending order."""
    return sorted(xs)


@lists.primitive(python="list(dict.fromkeys({0}))", kernel=_K + "unique")
def unique(xs: Sequence[A]) -> Sequence[A]:
    """Each value once, where it occurs first."""
    return list(dict.fromkeys(xs))


@lists.primitive(kernel=_K + "delete")
def delete(x: A, xs: Sequence[A]) -> Sequence[A]:
    """The list without any occurrence of the value."""
    return [y for y in xs if y != x]


# Making lists


@lists.primitive(python="list(range({0}))", size=lambda n: n, kernel=_K + "range_below")
def range_(n: int) -> Sequence[int]:
    """The numbers from 0 to n - 1; none for a negative n."""
    return list(range(n))


@lists.primitive(python="([{1}] * {0})", size=lambda n, x: n, kernel=_K + "replicate")
def replicate(n: int, x: A) -> Sequence[A]:
    """The value n times; never for a negative n."""
    return [x] * max(n, 0)


@lists.primitive(python="[{0}]", kernel=_K + "singleton")
def singleton(x: A) -> Sequence[A]:
    """The list with this one element."""
    return [x]


@lists.primitive(
    python="[{0}, *{1}]",
    kernel=_K + "cons",
    inverse=(inverses.cons_element, inverses.cons_rest),
    inverse_kernels=(_I + "cons_element", _I + "cons_rest"),
)
def cons(x: A, xs: Sequence[A]) -> Sequence[A]:
    """The list with one more element in front."""
    return [x, *xs]


@lists.primitive(
    python="[*{0}, {1}]",
    kernel=_K + "snoc",
    inverse=(inverses.snoc_rest, inverses.snoc_element),
    inverse_kernels=(_I + "snoc_rest", _I + "snoc_element"),
)
def snoc(xs: Sequence[A], x: A) -> Sequence[A]:
    """The list with one more element at the end."""
    return [*xs, x]


@lists.primitive(
    python="[*{0}, *{1}]",
    size=lambda xs, ys: len(xs) + len(ys),
    kernel=_K + "append",
    hash_kernel="concat",
    inverse=(inverses.append_left, inverses.append_right),
    inverse_kernels=(_I + "append_left", _I + "append_right"),
)
def append(xs: Sequence[A], ys: Sequence[A]) -> Sequence[A]:
    """The elements of the first list, then those of the second."""
    return [*xs, *ys]


@lists.primitive(size=lambda xss: sum(map(len, xss)))
def flatten(xss: Sequence[Sequence[A]]) -> Sequence[A]:
    """The elements of all inner lists in order."""
    return [x for xs in xss for x in xs]


# With functions


@lists.primitive(python="list(map({0}, {1}))", kernel=_H + "map_", inverse=(inverses.mapped, None))
def map_(f: Callable[[A], B], xs: Sequence[A]) -> Sequence[B]:
    """The function's value at each element."""
    return [f(x) for x in xs]


@lists.primitive(python="list(filter({0}, {1}))", kernel=_H + "filter_", inverse=(inverses.kept, None))
def filter_(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements the predicate holds for."""
    return [x for x in xs if f(x)]


@lists.primitive(python="sum(map({0}, {1}))", kernel=_H + "count")
def count(f: Callable[[A], bool], xs: Sequence[A]) -> int:
    """How many elements the predicate holds for."""
    return sum([f(x) for x in xs])


@lists.primitive(python="all(list(map({0}, {1})))", kernel=_H + "all_")
def all_(f: Callable[[A], bool], xs: Sequence[A]) -> bool:
    """Whether the predicate holds for every element."""
    return False not in [f(x) for x in xs]


@lists.primitive(python="any(list(map({0}, {1})))", kernel=_H + "any_")
def any_(f: Callable[[A], bool], xs: Sequence[A]) -> bool:
    """Whether the predicate holds for some element."""
    return True in [f(x) for x in xs]


@lists.primitive(kernel=_H + "takewhile", inverse=(inverses.taken, None))
def takewhile(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements before the first one the predicate fails for."""
    kept = [f(x) for x in xs]
    return xs[: kept.index(False)] if False in kept else xs


@lists.primitive(kernel=_H + "dropwhile", inverse=(inverses.dropped, None))
def dropwhile(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements from the first one the predicate fails for."""
    kept = [f(x) for x in xs]
    return xs[kept.index(False) :] if False in kept else xs[:0]


@lists.primitive(
    python="list(map({0}, {1}, {2}))",
    size=lambda f, xs, ys: min(len(xs), len(ys)),
    kernel=_H + "zipwith",
    inverse=(inverses.zipped, None, None),
)
def zipwith(f: Callable[[A, B], C], xs: Sequence[A], ys: Sequence[B]) -> Sequence[C]:
    """The function's value at each pair of elements; as long as the shorter list."""
    return [f(x, y) for x, y in zip(xs, ys, strict=False)]


@lists.primitive(kernel=_H + "scan", inverse=(inverses.scanned, None))
def scan(f: Callable[[A, A], A], xs: Sequence[A]) -> Sequence[A]:
    """Running results: the first element, then the function of the last result and the next element."""
    results = list(xs[:1])
    for x in xs[1:]:
        results.append(f(results[-1], x))
    return results


@lists.primitive(kernel=_H + "fold")
def fold(f: Callable[[B, A], B], initial: B, xs: Sequence[A]) -> B:
    """Last of the results that start with the initial value and go on as the function of result and element."""
    result = initial
    for x in xs:
        result = f(result, x)
    return result
