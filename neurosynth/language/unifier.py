"""Two-way unification of types, with widths of bit-vectors as sums: the basis of type inference for program text.

:func:`neurosynth.values.types.unify` matches a signature against ground types; here both sides may have unknowns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from neurosynth.values.types import INT, Arrow, Size, Type, TypeConstructor, TypeVariable, type_variables

__all__ = ["DEFAULT_WIDTH", "Unifier", "size_variables"]

DEFAULT_WIDTH = 64
"""Width of a bit-vector if nothing in the program determines it."""


def size_variables(t: Type | Size) -> Iterator[str]:
    """Names of the variables in ``t`` that are widths, not types."""
    match t:
        case Size():
            yield from type_variables(t)
        case TypeConstructor(_, arguments):
            for argument in arguments:
                yield from size_variables(argument)
        case Arrow(parameters, result):
            for part in (*parameters, result):
                yield from size_variables(part)


Mark = tuple[int, int, tuple[tuple[Size, Size], ...]]


class Unifier:
    """A growing substitution. Unknowns are variables with ``?`` before a number, which no signature can contain."""

    def __init__(self) -> None:
        # both only grow, in insertion order: going back means removing the last entries
        self._types: dict[str, Type] = {}
        self._sizes: dict[str, Size] = {}
        self._pending: tuple[
            tuple[Size, Size], ...
        ] = ()  # sums with several unknowns, checked again when one becomes known
        self._count = 0
        self._letters = 0

    def fresh(self) -> TypeVariable:
        """A new unknown type."""
        self._count += 1
        return TypeVariable(f"?{self._count}")

    def instantiate(self, t: Type, names: dict[str, str]) -> Type:
        """``t`` with each variable replaced by a new unknown; ``names`` maps them, and carries the mapping between calls."""
        for name in type_variables(t):
            names.setdefault(name, self.fresh().name)
        return _renamed(t, names)

    def mark(self) -> Mark:
        """The current state, for :meth:`back_to`."""
        return len(self._types), len(self._sizes), self._pending

    def back_to(self, mark: Mark) -> None:
        """Forget what was learned since the mark."""
        types, sizes, self._pending = mark
        while len(self._types) > types:
            self._types.popitem()
        while len(self._sizes) > sizes:
            self._sizes.popitem()

    def resolve(self, t: Type) -> Type:
        """``t`` with all known variables replaced."""
        match t:
            case TypeVariable(name):
                known = self._types.get(name)
                return t if known is None else self.resolve(known)
            case TypeConstructor(name, arguments) if arguments:
                return TypeConstructor(
                    name, tuple(self.size(a) if isinstance(a, Size) else self.resolve(a) for a in arguments)
                )
            case Arrow(parameters, result):
                resolved = self.resolve(result)
                left = tuple(self.resolve(p) for p in parameters)
                if isinstance(resolved, Arrow):
                    return Arrow((*left, *resolved.parameters), resolved.result)
                return Arrow(left, resolved)
        return t

    def size(self, size: Size) -> Size:
        """A width with all known variables replaced: a number, or unknowns in order and a number."""
        unknown, number = self._sum(size)
        return _size(unknown, number)

    def unify(self, a: Type | Size, b: Type | Size) -> bool:
        """Make ``a`` and ``b`` equal; if that is impossible, learn nothing and return False."""
        mark = self.mark()
        if self._unify(a, b) and self._settle():
            return True
        self.back_to(mark)
        return False

    def default(self, t: Type) -> bool:
        """Give every unknown left in ``t`` a value:

        ``int`` for types, ``DEFAULT_WIDTH`` for widths. Returns False if widths that must agree would then differ.
        """
        resolved = self.resolve(t)
        sized = set(size_variables(resolved))
        for name in type_variables(resolved):
            if name not in sized:
                self._types[name] = INT
        return self.default_widths(resolved)

    def default_widths(self, t: Type) -> bool:
        """Give every unknown width left in ``t`` the default; False if widths that must agree would then differ."""
        settled = True
        for name in size_variables(self.resolve(t)):
            if name not in self._sizes:
                self._sizes[name] = Size(str(DEFAULT_WIDTH))
                settled = self._settle() and settled
        return settled

    def generalise(self, types: Sequence[Type]) -> None:
        """Give every unknown type left in ``types`` a letter, in order of appearance; widths get their default."""
        for t in types:
            resolved = self.resolve(t)
            sized = set(size_variables(resolved))
            for name in type_variables(resolved):
                if name not in sized and name.startswith("?"):
                    self._letters += 1
                    self._types[name] = TypeVariable("abcdefghijklmnopqrstuvwxyz"[self._letters - 1])
            self.default_widths(resolved)

    def show(self, *types: Type) -> list[str]:
        """Printed forms with all known variables replaced; remaining ones get letters, the same in all of them."""
        resolved = [self.resolve(t) for t in types]
        order = dict.fromkeys(name for t in resolved for name in type_variables(t))
        letters = {name: "abcdefghijklmnopqrstuvwxyz"[i % 26] for i, name in enumerate(order)}
        return [str(_renamed(t, letters)) for t in resolved]

    def _unify(self, a: Type | Size, b: Type | Size) -> bool:
        if isinstance(a, Size) or isinstance(b, Size):
            return isinstance(a, Size) and isinstance(b, Size) and self._unify_sizes(a, b)
        a, b = self.resolve(a), self.resolve(b)
        match a, b:
            case TypeVariable(name), _:
                return self._bind(name, b)
            case _, TypeVariable(name):
                return self._bind(name, a)
            case TypeConstructor(name, arguments), TypeConstructor(other, others):
                return (
                    name == other
                    and len(arguments) == len(others)
                    and all(self._unify(x, y) for x, y in zip(arguments, others, strict=True))
                )
            case Arrow(parameters, result), Arrow(others, other_result):
                return (
                    len(parameters) == len(others)
                    and all(self._unify(x, y) for x, y in zip(parameters, others, strict=True))
                    and self._unify(result, other_result)
                )
        return False

    def _bind(self, name: str, t: Type) -> bool:
        if t == TypeVariable(name):
            return True
        if name in type_variables(t):
            return False
        self._types[name] = t
        return True

    def _sum(self, size: Size) -> tuple[Counter[str], int]:
        unknown: Counter[str] = Counter()
        number = 0
        for part in size.text.split("+"):
            if part.isdigit():
                number += int(part)
            elif part in self._sizes:
                inner, constant = self._sum(self._sizes[part])
                unknown += inner
                number += constant
            else:
                unknown[part] += 1
        return unknown, number

    def _unify_sizes(self, a: Size, b: Size) -> bool:
        (left, low), (right, high) = self._sum(a), self._sum(b)
        left, right = left - right, right - left
        if not left and not right:
            return low == high
        for mine, others, rest in ((left, right, high - low), (right, left, low - high)):
            # the only unknown of its side, which equals a sum: it is known
            if mine.total() == 1 and (rest > 0 or (rest == 0 and others)):
                self._sizes[next(iter(mine))] = _size(others, rest)
                return True
            if len(mine) == 1 and not others and rest > 0 and rest % mine.total() == 0:
                self._sizes[next(iter(mine))] = Size(str(rest // mine.total()))
                return True
        if not left or not right:
            known, unknown = (high - low, left) if left else (low - high, right)
            if known < unknown.total() or len(unknown) == 1:
                return False  # a width is at least 1
        self._pending += ((a, b),)
        return True

    def _settle(self) -> bool:
        """Check the sums with several unknowns again, until nothing new is learned."""
        while self._pending:
            before = len(self._sizes)
            pending, self._pending = self._pending, ()
            if not all(self._unify_sizes(a, b) for a, b in pending):
                return False
            if len(self._sizes) == before:
                break
        return True


def _size(unknown: Counter[str], number: int) -> Size:
    parts = sorted(unknown.elements())
    return Size("+".join([*parts, str(number)] if number or not parts else parts))


def _renamed(t: Type, names: dict[str, str]) -> Type:
    """``t`` with its variables of types and widths renamed."""

    def size(s: Size) -> Size:
        return Size("+".join(names.get(part, part) for part in s.text.split("+")))

    match t:
        case TypeVariable(name):
            return TypeVariable(names.get(name, name))
        case TypeConstructor(name, arguments) if arguments:
            return TypeConstructor(
                name, tuple(size(a) if isinstance(a, Size) else _renamed(a, names) for a in arguments)
            )
        case Arrow(parameters, result):
            renamed = _renamed(result, names)
            assert not isinstance(renamed, Arrow)
            return Arrow(tuple(_renamed(p, names) for p in parameters), renamed)
    return t
