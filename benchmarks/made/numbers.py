"""Drawn columns of numbers: rounded, in ranges, in other notations, computed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule, kind

__all__ = ["number", "numbers_of", "plain", "round_to"]

MODES = {"half up": ROUND_HALF_UP, "floor": ROUND_FLOOR, "ceiling": ROUND_CEILING, "down": ROUND_DOWN, "up": ROUND_UP}


def number(rng: Random, digits: int, places: int, negative: float = 0.0) -> Decimal:
    whole = rng.randrange(10 ** rng.randint(max(1, digits - 2), digits))
    places = max(0, places - rng.choice([0, 0, 0, 1, 2]))
    value = Decimal(whole) + Decimal(rng.randrange(10**places)).scaleb(-places)
    return -value if rng.random() < negative else value


def numbers_of(rng: Random, count: int = 18, negative: float | None = None) -> list[Decimal]:
    digits, places = rng.choice([(2, 2), (3, 2), (4, 3), (5, 2), (7, 2), (1, 4), (3, 0), (5, 0), (3, 6), (1, 2)])
    sign = rng.choice([0, 0, 0, 0.3]) if negative is None else negative
    return [number(rng, digits, places, sign) for _ in range(count)]


def round_to(x: Decimal, step: Decimal, mode: str) -> Decimal:
    """The multiple of a step."""
    return (x / step).quantize(Decimal(1), rounding=MODES[mode]) * step


def significant(x: Decimal, digits: int) -> Decimal:
    """A number of significant digits."""
    if not x:
        return x
    return x.quantize(Decimal(1).scaleb(x.adjusted() - digits + 1), rounding=ROUND_HALF_UP)


def plain(x: Decimal, decimals: int | None = None, group: bool = False) -> str:
    """Without zeros at the end, or with a number of decimals."""
    sign = "," if group else ""
    text = f"{x.normalize():{sign}f}" if decimals is None else f"{x:{sign}.{decimals}f}"
    return text[1:] if text.startswith("-") and not any(c in "123456789" for c in text) else text


@kind("rounded numbers")
def rounded(rng: Random) -> Drawn:
    """A multiple of a step, by a mode, with decimals or without zeros at the end."""
    xs = numbers_of(rng)
    largest = max(map(abs, xs))
    places = max(-int(x.as_tuple().exponent) for x in xs)
    exponents = [e for e in range(-places + 1, largest.adjusted()) if places or e > 0] or [1]
    step = Decimal(rng.choice(["1", "1", "1", "5", "2", "2.5"])).scaleb(rng.choice(exponents))
    mode = rng.choice(["half up"] * 4 + ["floor", "ceiling", "down", "up"])
    shown = max(0, -int(step.normalize().as_tuple().exponent))
    decimals = rng.choice([None, shown, shown, 2 if 0 < shown < 2 else shown])
    group = largest >= 1000 and rng.random() < 0.2

    def by(step: Decimal, mode: str) -> Rule:
        return lambda row: plain(round_to(Decimal(str(row[0])), step, mode), decimals, group)

    steps = [Decimal(d).scaleb(e) for d in (1, 2, 5) for e in range(-places, largest.adjusted() + 1)]
    others = [by(s, m) for s in {step, *steps} for m in MODES if (s, m) != (step, mode)]
    others.append(
        lambda row: plain(round_to(Decimal(str(row[0])), step, mode), shown if decimals is None else None, group)
    )
    return Drawn([(f"{x:f}",) for x in xs], by(step, mode), f"{mode} {step}, {decimals} decimals, {group}", others)


@kind("significant digits")
def digits(rng: Random) -> Drawn:
    """Some significant digits."""
    count = rng.choice([1, 2, 2, 3, 3, 4])
    xs = [Decimal(rng.randrange(10**7, 10**8)).scaleb(-rng.randint(3, 9)) for _ in range(16)]
    xs = [x.quantize(Decimal(1).scaleb(-min(8, -int(x.as_tuple().exponent)))) for x in xs]

    def by(count: int) -> Rule:
        return lambda row: plain(significant(Decimal(str(row[0])), count))

    others = [by(n) for n in (1, 2, 3, 4, 5)]
    return Drawn([(f"{x:f}",) for x in xs], by(count), f"{count} digits", others)


@kind("ranges of numbers")
def ranges(rng: Random) -> Drawn:
    """The range of some length in which a number is: 0-10, 0-9, 1-10."""
    decimal = rng.random() < 0.3
    size = rng.choice([5, 10, 10, 20, 20, 25, 50, 100, 100, 250, 500, 1000, 2, 15, 30])
    step = Decimal(size).scaleb(rng.choice([-1, -2]) if decimal else 0)
    unit = Decimal(1).scaleb(min(0, int(step.normalize().as_tuple().exponent)))
    places = rng.choice([2, 3]) if decimal else rng.choice([0, 0, 1, 2])
    xs = [step * rng.randrange(1, 120) / rng.choice([1, 3, 7]) for _ in range(20)]
    xs = [x.quantize(Decimal(1).scaleb(-places)) for x in xs]
    first = rng.choice([Decimal(0), Decimal(0), unit]) if not places else Decimal(0)
    less = unit if first or rng.random() < 0.5 else Decimal(0)
    decimals = rng.choice([None, 2, -int(unit.as_tuple().exponent)]) if decimal else None
    group = size >= 250 and rng.random() < 0.5
    sign, end = rng.choice(["", "", "", "$", "€"]), rng.choice(["", "", "", " kg", "%", "K"])
    frame = rng.choice(["{}-{}", "{} - {}", "{} to {}", "{}..{}", "from {} to {}", "{}–{}", "[{}, {})"])

    def by(step: Decimal, first: Decimal) -> Rule:
        def rule(row: Row) -> Cell:
            x = Decimal(str(row[0])[len(sign) :].replace(",", ""))
            low = round_to(x - first, step, "floor") + first
            return frame.format(*(f"{sign}{plain(v, decimals, group)}{end}" for v in (low, low + step - less)))

        return rule

    rows: list[Row] = [(f"{sign}{plain(x, places, group)}",) for x in xs]
    told = f"{frame} {step} from {first}, less {less}, {decimals} {group}"
    copied: Rule = lambda row: None if str(by(step, first)(row)).count(str(row[0])) else by(step, first)(row)  # noqa: E731  # used once
    return Drawn(rows, by(step, first), told, [by(step, Decimal(0)), by(step, unit), copied])


@kind("bands of numbers")
def bands(rng: Random) -> Drawn:
    """Bands of a number, the first and the last one open."""
    low, high = rng.choice([(18, 65), (13, 20), (10, 100), (50, 100), (1000, 5000)])
    below, between, above = rng.choice(
        [("under {}", "{}-{}", "{} and over"), ("<{}", "{}-{}", "{}+"), ("< {}", "{} to {}", ">= {}")]
    )
    names = (below.format(low), between.format(low, high - 1), above.format(high))

    def rule(row: Row) -> Cell:
        x = int(str(row[0]))
        return names[(x >= low) + (x >= high)]

    def without(name: str) -> Rule:
        return lambda row: None if rule(row) == name else rule(row)

    xs = [rng.randrange(high * 2) for _ in range(10)] + [rng.randrange(low) for _ in range(5)]
    return Drawn([(str(x),) for x in xs], rule, f"{names}", [without(n) for n in names])


NOTATIONS: dict[str, Callable[[Decimal], str]] = {
    "plain": lambda x: plain(x),
    "two decimals": lambda x: plain(x, 2),
    "three decimals": lambda x: plain(x, 3),
    "thousands": lambda x: plain(x, None, True),
    "thousands and cents": lambda x: plain(x, 2, True),
    "comma": lambda x: plain(x, 2).replace(".", ","),
    "points and comma": lambda x: plain(x, 2, True).translate(str.maketrans(",.", ".,")),
    "blanks and comma": lambda x: plain(x, 2, True).translate(str.maketrans(",.", " ,")),
    "dollars": lambda x: ("-" if x < 0 else "") + "$" + plain(abs(x), 2, True),
    "euros": lambda x: plain(x, 2).replace(".", ",") + " €",
    "pounds": lambda x: "£" + plain(x, 2),
    "brackets": lambda x: f"({plain(-x, 2, True)})" if x < 0 else plain(x, 2, True),
    "minus behind": lambda x: plain(abs(x), 2) + "-" * (x < 0),
    "plus": lambda x: ("+" if x > 0 else "") + plain(x, 2),
    "USD": lambda x: "USD " + plain(x, 2),
    "kg": lambda x: plain(x) + " kg",
    "scientific": lambda x: f"{x:.2e}".replace("e+0", "e+").replace("e-0", "e-"),
    "padded": lambda x: f"{x:09.2f}",
    "at least two": lambda x: plain(x, max(2, -int(x.normalize().as_tuple().exponent))),
    "whole": lambda x: plain(x.quantize(Decimal(1), ROUND_HALF_UP)),
    "cents": lambda x: plain(x * 100),
}


@kind("notations of numbers")
def notations(rng: Random) -> Drawn:
    """A number in another notation."""
    first = rng.choice([n for n in NOTATIONS if n not in ("scientific", "whole", "cents")])
    second = rng.choice([n for n in NOTATIONS if n != first])
    negative = 0.4 if {first, second} & {"brackets", "minus behind", "plus"} else rng.choice([0, 0, 0.3])
    places = 2 if first not in ("plain", "kg", "thousands", "three decimals") else rng.choice([2, 3, 1])
    xs = [number(rng, rng.choice([3, 4, 6]), places, negative) for _ in range(16)]
    xs = [x for x in xs if x]
    made = {NOTATIONS[first](x): x for x in xs}

    def by(notation: str) -> Rule:
        return lambda row: NOTATIONS[notation](made[str(row[0])])

    others = [by(n) for n in NOTATIONS if n != second]
    others += [
        lambda row: str(row[0]),
        lambda row: str(by(second)(row)).replace(",", ""),
        lambda row: NOTATIONS[second](abs(made[str(row[0])])),
    ]
    others += [lambda row: plain(made[str(row[0])].quantize(Decimal(1), ROUND_DOWN))]
    return Drawn([(t,) for t in made], by(second), f"{first} → {second}", others)


@kind("short numbers")
def short(rng: Random) -> Drawn:
    """Thousands, millions, percents, bytes, with a letter behind."""
    divisor, letter = rng.choice(
        [(1000, "K"), (10**6, "M"), (10**9, "B"), (1000, " k"), (10**6, " million"), (1024, " KB")]
    )
    places = rng.choice([0, 1, 1, 2])
    fixed = rng.random() < 0.6
    sign = rng.choice(["", "$", ""])
    xs = [rng.randrange(divisor // 20, divisor * 900) for _ in range(16)]

    def by(fixed: bool, mode: str) -> Rule:
        def rule(row: Row) -> Cell:
            x = round_to(Decimal(str(row[0])) / divisor, Decimal(1).scaleb(-places), mode)
            return sign + plain(x, places if fixed else None) + letter

        return rule

    told = f"{sign} /{divisor}{letter} {places} {fixed}"
    others = [by(not fixed, "half up"), by(fixed, "floor"), by(fixed, "ceiling")]
    return Drawn([(str(x),) for x in xs], by(fixed, "half up"), told, others)


@kind("percentages")
def percent(rng: Random) -> Drawn:
    """A share as a percentage, or the reverse."""
    places = rng.choice([0, 1, 1, 2])
    xs = [
        Decimal(rng.randrange(1, 10**5)).scaleb(-5).quantize(Decimal(1).scaleb(-rng.choice([2, 3, 4])))
        for _ in range(16)
    ]
    end = rng.choice(["%", " %", " percent", ""])

    def rule(row: Row) -> Cell:
        return plain(round_to(Decimal(str(row[0])) * 100, Decimal(1).scaleb(-places), "half up"), places) + end

    def reverse(row: Row, decimals: int | None = None) -> Cell:
        return plain(Decimal(str(row[0]).rstrip("% ")) / 100, decimals)

    if rng.random() < 0.3:
        return Drawn([(plain(x * 100, 1) + "%",) for x in xs], reverse, "from percent", [lambda row: reverse(row, 3)])
    others: list[Rule] = [lambda row: plain(Decimal(str(row[0])) * 100) + end]
    others.append(lambda row: plain(Decimal(str(row[0])) * 100, places + 1) + end)
    others.append(lambda row: f"{(Decimal(str(row[0])) * 100).quantize(Decimal(1).scaleb(-places), ROUND_DOWN)}{end}")
    return Drawn([(f"{x}",) for x in xs], rule, f"percent {places}{end!r}", others)


@kind("numbers in texts")
def inside(rng: Random) -> Drawn:
    """A number of a text, rounded or as it stands."""
    frame = rng.choice(
        ["{n} {u}", "{w}: {n}{u}", "{w} {n} {u}", "{n}{u} {w}", "={n}", "{w};{n};{w}", "{n} ({w})", "approx. {n}{u}"]
    )
    unit, words = (
        rng.choice(["kg", "lb", "km", "ml", "USD", "°C"]),
        ["salt", "oats", "brick", "cable", "gravel", "paper"],
    )
    xs = [number(rng, rng.choice([2, 3, 4]), 2) for _ in range(16)]
    step, decimals = rng.choice(
        [(None, None), (Decimal(1), 0), (Decimal("0.1"), 1), (Decimal("0.5"), None), (Decimal(10), 0)]
    )
    made = {frame.format(n=plain(x), u=unit, w=rng.choice(words)): x for x in xs}
    tail = rng.choice(["", "", " " + unit])

    def rule(row: Row, step: Decimal | None = step, mode: str = "half up") -> Cell:
        x = made[str(row[0])]
        return (plain(x) if step is None else plain(round_to(x, step, mode), decimals)) + tail

    others: list[Rule] = [lambda row: rule(row, step, "floor"), lambda row: rule(row, step, "ceiling")] if step else []
    if step is not None:
        others += [
            lambda row: rule(row, Decimal(1)),
            lambda row: rule(row, Decimal("0.1")),
            lambda row: rule(row, None),
        ]
    return Drawn([(t,) for t in made], rule, f"{frame} → {step} {decimals}{tail}", others)


@kind("one of two numbers")
def pairs(rng: Random) -> Drawn:
    """Of two numbers in a cell, one, or its range, or what is computed from both."""
    sign = rng.choice([";", ",", " ", "/", " - ", "x"])
    first, second = ([rng.randrange(10, 400) for _ in range(16)] for _ in range(2))
    size = rng.choice([5, 10, 10, 20, 50, 100])
    which = rng.choice([0, 1])
    compute: dict[str, Callable[[list[int]], str]] = {
        "range": lambda v: f"{v[which] // size * size}-{v[which] // size * size + size}",
        "sum": lambda v: str(v[0] + v[1]),
        "product": lambda v: str(v[0] * v[1]),
        "mean": lambda v: plain(Decimal(v[0] + v[1]) / 2, 1),
        "larger": lambda v: str(max(v)),
        "swapped": lambda v: f"{v[1]}{sign}{v[0]}",
        "rounded": lambda v: plain(round_to(Decimal(v[which]), Decimal(10), "half up")),
        "difference": lambda v: str(abs(v[0] - v[1])),
        "share": lambda v: f"{Decimal(v[0]) / Decimal(v[1]):.2f}",
    }
    name = rng.choice(list(compute))
    rows: list[Row] = [(f"{a}{sign}{b}",) for a, b in zip(first, second, strict=True)]
    other = {
        "larger": [lambda row: str(row[0]).split(sign)[0], lambda row: str(row[0]).split(sign)[1]],
        "difference": [lambda row: _less(str(row[0]), sign, 1), lambda row: _less(str(row[0]), sign, -1)],
    }
    return Drawn(
        rows,
        lambda row: compute[name]([int(v) for v in str(row[0]).split(sign)]),
        f"{sign!r} {name} {size}",
        other.get(name, ()),
    )


def _less(text: str, sign: str, way: int) -> str:
    """The first number less the second, or the reverse."""
    first, second = map(int, text.split(sign))
    return str(way * (first - second))


@kind("computed numbers")
def computed(rng: Random) -> Drawn:
    """A number of several columns: sums, products with cents, shares, prices with taxes."""
    two = [(number(rng, 3, 2) + 1, Decimal(rng.randrange(2, 60))) for _ in range(16)]
    factor = rng.choice(
        [
            Decimal("1.2"),
            Decimal("0.9"),
            Decimal("2.54"),
            Decimal("1.609344"),
            Decimal("0.453592"),
            Decimal(12),
            Decimal("0.85"),
        ]
    )
    places = rng.choice([0, 1, 2])
    compute: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "product": lambda a, b: a * b,
        "sum": lambda a, b: a + b,
        "difference": lambda a, b: a - b,
        "quotient": lambda a, b: a / b,
        "factor": lambda a, b: a * factor,
        "with tax": lambda a, b: a + a * b / 100,
    }
    name = rng.choice(list(compute))
    shown = 2 if name in ("product", "sum", "difference") else places

    def rule(row: Row) -> Cell:
        value = compute[name](*(Decimal(str(v)) for v in row))
        return plain(round_to(value, Decimal(1).scaleb(-shown), "half up"), shown)

    return Drawn([(plain(a, 2), str(b)) for a, b in two], rule, f"{name} {factor} {shown}")
