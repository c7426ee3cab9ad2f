"""The language ``lists-little``: lists from the primitives of the first Lisp, and primitive recursion instead of general recursion.

``cons``, ``car``, ``cdr``, ``empty``, ``empty?``, ``if``, ``+``, ``-``, ``=``, ``>``, 0 and 1 (McCarthy, CACM 1960, as in DreamCoder;
Ellis et al., PLDI 2021), ``rec_list`` over a list and ``rec_nat`` over a natural number. Nothing else: mapping, filtering, counting and
summing must be learned. Recursion terminates by construction; a budget of 200 repetitions, and the steps of an evaluation, bound its
length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from neurosynth.language.language import A, B, Language
from neurosynth_dsls.lists import lists

__all__ = ["little"]

little = Language(
    "lists-little",
    doc="Lists from little: cons, car, cdr, a conditional, sums, and primitive recursion over lists and numbers.",
    requests=("list int -> list int", "list int -> list int", "list int -> int", "int -> list int"),
)
little.functions_over("list int")

_KNOWN = {"cons": "cons", "car": "head", "cdr": "tail", "empty?": "is_empty"} | {
    name: name for name in ("if", "+", "-", "=", ">")
}
"""The names of primitives here and in the language ``lists``, whose primitives have kernels and inverses."""
for _name, _of in _KNOWN.items():
    little.add(replace(lists[_of], name=_name, cost=1))


@little.primitive
def empty() -> list[A]:
    """The list without elements."""
    return []


@little.primitive(raises=(ValueError,))
def rec_list(xs: list[A], base: B, step: Callable[[A, list[A], B], B]) -> B:
    """Primitive recursion over a list: the base for an empty one, else the step of head, tail and the answer for the tail."""
    if len(xs) > 200:
        raise ValueError("more than 200 turns")
    answer = base
    for k in range(len(xs) - 1, -1, -1):
        answer = step(xs[k], xs[k + 1 :], answer)
    return answer


@little.primitive(raises=(ValueError,))
def rec_nat(n: int, base: B, step: Callable[[int, B], B]) -> B:
    """Primitive recursion over a number: the base for 0, else the step of the number before and the answer for that."""
    if not 0 <= n <= 200:
        raise ValueError("0 to 200 turns")
    answer = base
    for k in range(n):
        answer = step(k, answer)
    return answer


little.constant(0, "int")
little.constant(1, "int")
