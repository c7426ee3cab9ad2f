"""Drawn columns of parts of numbers, of identifiers and of numbers among which cells are missing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule, kind
from benchmarks.made.numbers import number, numbers_of, plain, round_to


@kind("parts of numbers")
def parts(rng: Random) -> Drawn:
    """The whole part, the decimals, the sign, the last digits of a number, padded or not."""
    xs = [number(rng, rng.choice([2, 3, 4]), 2, 0.3) for _ in range(16)]
    ways: list[tuple[str, Callable[[str], str]]] = [
        ("whole", lambda t: t.split(".")[0]),
        ("decimals", lambda t: t.split(".")[1]),
        ("absolute", lambda t: t.lstrip("-")),
        ("padded", lambda t: t.lstrip("-").split(".")[0].zfill(6)),
        ("sign", lambda t: "negative" if t.startswith("-") else "positive"),
        ("opposite", lambda t: t[1:] if t.startswith("-") else "-" + t),
    ]
    name, rule = rng.choice(ways)
    others: list[Rule] = [
        lambda row: str(row[0]).lstrip("-").split(".")[0],
        lambda row: "-" + str(row[0]),
        lambda row: str(row[0]),
    ]
    return Drawn([(plain(x, 2),) for x in xs], lambda row: rule(str(row[0])), name, others if name != "padded" else ())


@kind("identifiers of numbers")
def identifiers(rng: Random) -> Drawn:
    """A number padded, grouped, or in another base."""
    width = rng.choice([5, 6, 8])
    prefix = rng.choice(["", "INV-", "#", "A", "ID_"])
    size = rng.choice([3, 2, 4])
    roman = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]

    def as_roman(n: int) -> str:
        text = ""
        for value, letters in roman:
            text += letters * (n // value)
            n %= value
        return text

    ways: list[tuple[str, Callable[[int], str], int]] = [
        ("padded", lambda n: prefix + str(n).zfill(width), 10**width // 10),
        ("grouped", lambda n: "-".join(str(n).zfill(9)[i : i + size] for i in range(0, 9, size)), 10**9),
        ("roman", as_roman, 39),
        ("hexadecimal", lambda n: f"{n:x}", 10**4),
        (
            "ordinal",
            lambda n: f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
            99,
        ),
        ("next", lambda n: prefix + str(n + 1).zfill(width), 10**width // 10),
    ]
    name, rule, top = rng.choice(ways)
    xs = sorted({rng.randrange(1, top // rng.choice([1, 1, 1, 9]) + 1) for _ in range(16)})
    return Drawn([(str(x),) for x in xs], lambda row: rule(int(str(row[0]))), f"{name} {prefix} {width} {size}")


@kind("numbers with missing cells")
def missing(rng: Random) -> Drawn:
    """A missing or a wordy cell among the numbers."""
    xs = numbers_of(rng, negative=0)
    step = Decimal(1).scaleb(rng.choice([0, -1]))
    decimals = max(0, -int(step.as_tuple().exponent))
    odd, instead = rng.choice(
        [
            (None, None),
            ("", ""),
            ("n/a", "0" if step == 1 else "-"),
            ("-", ""),
            ("unknown", "N/A"),
            (None, "0" if step == 1 else ""),
        ]
    )

    def rule(row: Row, mode: str = "half up") -> Cell:
        if row[0] == odd:
            return instead
        return plain(round_to(Decimal(str(row[0])), step, mode), decimals)

    rows: list[Row] = [(f"{x:f}",) for x in xs]
    rows.append((odd,))
    floor: list[Rule] = [lambda row: rule(row, "floor"), lambda row: rule(row, "up")]
    if instead != odd:
        floor.append(lambda row: rule(row) if row[0] != odd else "?")
    return Drawn(rows, rule, f"{odd!r} → {instead!r}, {step}", floor)
