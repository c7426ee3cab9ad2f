"""Values to try primitives on, by type, with the edges of machine representations among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from neurosynth_dsls.robustfill import robustfill

from neurosynth.engine.constants import WORD_LIMIT
from neurosynth.language.primitive import UNDEFINED, Undefined
from neurosynth.tasks.sygus_syntax import REGLAN
from neurosynth.values.bitvectors import Bitvec
from neurosynth.values.registry import domain_of
from neurosynth.values.types import BOOL, INT, STRING, Arrow, Type, TypeConstructor

__all__ = ["ASCII", "UNICODE", "arguments", "texts", "values"]

LONGEST = 40
NAMED: dict[Type, list[Any]] = {p.type: [] for p in robustfill.primitives.values() if not p.arity}
"""Values that have a name in a language, and come more often than others of their type."""
for _primitive in robustfill.primitives.values():
    if not _primitive.arity:
        NAMED[_primitive.type].append(_primitive.function())
ASCII = "aAbZ09 ,-\t"
UNICODE = ASCII + "éßŉǆΣ日😀\u2003\x85"
EDGES = [s * v for v in (0, 1, 2**30, 2**31 - 1, 2**31, 3037000499, 2**61, WORD_LIMIT) for s in (1, -1)]
INTEGERS = st.one_of(
    st.integers(-6, 12), st.integers(30, 0x30005), st.sampled_from(EDGES), st.integers(-WORD_LIMIT, WORD_LIMIT)
)


def texts(alphabet: str = UNICODE) -> st.SearchStrategy[str]:
    """Short texts, so that one occurs in the other now and then; some longer ones, some numbers."""
    return st.one_of(
        st.text(alphabet, max_size=2),
        st.text(alphabet, max_size=12),
        st.text("0189", max_size=21),
        st.text(alphabet, min_size=LONGEST // 2, max_size=LONGEST),
    )


def expressions(alphabet: str = UNICODE) -> st.SearchStrategy[Any]:
    """Regular expressions of a few operators."""
    text = st.text(alphabet, max_size=2)
    leaves = st.one_of(
        st.tuples(st.just("to"), text),
        st.tuples(st.just("range"), text, text),
        st.sampled_from([("range", "0", "9"), ("range", "a", "b"), ("any",), ("all",), ("none",)]),
    )
    small = st.integers(0, 3)
    return st.recursive(
        leaves,
        lambda r: st.one_of(
            st.tuples(st.sampled_from(["++", "|", "&", "-"]), r, r),
            st.tuples(st.sampled_from(["~", "*"]), r),
            st.tuples(st.just("^"), r, small, small),
        ),
        max_leaves=5,
    )


def words(width: int) -> st.SearchStrategy[int]:
    """Bit-vectors."""
    half, mask = 1 << (width - 1), (1 << width) - 1
    edges = st.sampled_from([0, 1, half - 1, half, mask, mask - 1, width, width - 1])
    return (edges | st.integers(0, mask) | st.integers(0, 70)).map(lambda v: v & mask)


def values(t: Type, alphabet: str = UNICODE) -> st.SearchStrategy[Any]:
    """Values of a ground type; lists as tuples, functions as callables that answer the same alike."""
    match t:
        case _ if t == INT:
            return INTEGERS
        case _ if t == BOOL:
            return st.booleans()
        case _ if t == STRING:
            return texts(alphabet)
        case _ if t == REGLAN:
            return expressions(alphabet)
        case Arrow():
            return functions(t)
        case TypeConstructor() if isinstance(domain := domain_of(t), Bitvec):
            named = NAMED.get(t)
            return st.sampled_from(named) | words(domain.width) if named else words(domain.width)
        case TypeConstructor("list", (element,)):
            assert not isinstance(element, int)
            near = st.integers(-3, 3) if element == INT else values(element)  # type: ignore[arg-type]  # elements are types
            some = values(element)  # type: ignore[arg-type]  # so here
            return st.one_of(st.lists(near, max_size=LONGEST).map(tuple), st.lists(some, max_size=6).map(tuple))
    raise AssertionError(t)


def functions(t: Arrow) -> st.SearchStrategy[Callable[..., Any]]:
    """Any pure function; one answer in a few is undefined in half of them."""
    answers = values(t.result)

    def wrap(f: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            answer = f(*arguments)
            if answer is UNDEFINED:
                raise Undefined("chosen")
            return answer

        return call

    def unary(x: Any) -> Any: ...

    def binary(x: Any, y: Any) -> Any: ...

    like = unary if len(t.parameters) == 1 else binary
    partial = st.one_of(answers, answers, answers, st.just(UNDEFINED))
    return st.one_of([st.functions(like=like, returns=r, pure=True) for r in (answers, partial)]).map(wrap)


@st.composite
def arguments(draw: st.DrawFn, types: tuple[Type, ...], alphabet: str = UNICODE) -> tuple[Any, ...]:
    """Values of several types; every other sequence is a piece of one before it, as patterns and separators are."""
    found: list[Any] = []
    for t in types:
        earlier = [
            v for v, of in zip(found, types, strict=False) if of == t != REGLAN and isinstance(v, (str, tuple)) and v
        ]
        if draw(st.booleans()) and earlier:
            whole = draw(st.sampled_from(earlier))
            start = draw(st.integers(0, len(whole) - 1))
            found.append(whole[start : start + draw(st.integers(1, 3))])
        else:
            found.append(draw(values(t, alphabet)))
    return tuple(found)
