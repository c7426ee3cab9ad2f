"""Drawn columns in which the form of a text, or a word of it, decides."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule, kind
from benchmarks.made.records import FIRST, WORDS


def _each(rows: dict[Row, Cell], groups: dict[Row, object]) -> list[Rule]:
    """Rules that know all groups of rows but one: every group must be shown."""
    return [lambda row, g=g: None if groups[row] == g else rows[row] for g in set(groups.values())]  # type: ignore[misc]  # a bound default has no type


@kind("words for values")
def labels(rng: Random) -> Drawn:
    """A few values, each with its word."""
    words = rng.sample(WORDS, 6)
    size = rng.choice([2, 2, 3])
    codes = rng.choice(
        [
            ["M", "F", "X"],
            ["yes", "no", "maybe"],
            ["0", "1", "2"],
            ["open", "closed", "held"],
            ["Man", "Woman", "Other"],
        ]
    )
    table = dict(zip(codes[:size], words, strict=False))
    lines: list[Row] = [(c, f"{w} {rng.randrange(900)}") for c in table for w in rng.sample(WORDS, 5)]
    made: dict[Row, Cell] = {row: table[str(row[0])] for row in lines}
    return Drawn(lines, lambda row: made[row], f"{table}", _each(made, {row: row[0] for row in lines}))


@kind("words contained")
def contained(rng: Random) -> Drawn:
    """A word of a text decides: what is there, or a default."""
    key = rng.choice(WORDS)
    label, default = rng.choice([(key, "other"), ("A", "B"), ("1", "0"), (key.upper(), ""), ("found", "-")])
    rows: dict[Row, Cell] = {}
    for _ in range(16):
        words = rng.sample([w for w in WORDS if w != key], 3)
        if rng.random() < 0.5:
            words.insert(rng.randrange(4), key)
        rows[" ".join(words),] = label if key in words else default

    def by(word: str) -> Rule:
        return lambda row: label if word in str(row[0]).split() else default

    def unless(word: str) -> Rule:
        return lambda row: default if word in str(row[0]).split() else label

    others = [rule(w) for w in WORDS if w != key for rule in (by, unless)]
    others += [lambda row: label if str(row[0]).split()[0] == key else default]
    return Drawn(list(rows), lambda row: rows[row], f"{key} → {label} or {default}", others)


Form = Callable[[str, str], tuple[str, str]]
"""From a number and a word to a cell and its output."""


@kind("one form of two")
def forms(rng: Random) -> Drawn:
    """Only cells of one form are changed, or give something."""
    n = [str(rng.randrange(100, 9999)) for _ in range(18)]
    words = [rng.choice(WORDS) for _ in n]
    ways: list[tuple[str, Form, Form]] = [
        ("digits or words", lambda n, w: (n, n), lambda n, w: (w, "")),
        ("quantity", lambda n, w: (f"{w} {n} kg", f"{n} kg"), lambda n, w: (f"{w} small", "N/A")),
        ("quantity alone", lambda n, w: (f"{w} {n}g", f"{n}g"), lambda n, w: (f"{w}", "")),
        ("brackets", lambda n, w: (f"{w} ({n})", n), lambda n, w: (f"{w}", "0")),
        ("prefix", lambda n, w: (f"No. {n}", f"No. {n}"), lambda n, w: (n, f"No. {n}")),
        ("domain", lambda n, w: (f"{w}@example.org", f"{w}@example.org"), lambda n, w: (w, f"{w}@example.com")),
        ("title", lambda n, w: (f"Dr. {w}", w), lambda n, w: (w, w)),
        ("unit", lambda n, w: (f"{n} m", f"{n} m"), lambda n, w: (n, f"{n} m")),
        ("after colon", lambda n, w: (f"{w}: {n}", n), lambda n, w: (n, n)),
        ("extension", lambda n, w: (f"{w} ext. {n}", n), lambda n, w: (w, "none")),
    ]
    name, first, second = rng.choice(ways)
    rows: dict[Row, Cell] = {}
    groups: dict[Row, object] = {}
    for number, word in zip(n, words, strict=True):
        which = rng.random() < 0.5
        text, output = (first if which else second)(number, word)
        rows[text,], groups[text,] = output, which
    return Drawn(list(rows), lambda row: rows[row], name, _each(rows, groups))


@kind("lengths decide")
def lengths(rng: Random) -> Drawn:
    """Codes that are padded or cut by their length; short ones get a prefix."""
    rows: dict[Row, Cell] = {}
    groups: dict[Row, object] = {}
    way = rng.choice(["zip", "nine", "cut"])
    for _ in range(16):
        n = rng.randrange(10**5)
        long = rng.random() < 0.5
        if way == "zip":
            text = f"{n:05}" if long else str(rng.randrange(1000, 9999))
            output = text.zfill(5)
        elif way == "nine":
            rest = f"{rng.randrange(10**4):04}"
            text = f"{n:05}-{rest}" if long else f"{n:05}"
            output = f"{n:05}"
        else:
            text = f"{n:05}X{n % 97:02}" if long else f"{n:05}"
            output = text[:5]
        rows[text,], groups[text,] = output, long
    return Drawn(list(rows), lambda row: rows[row], way, _each(rows, groups))


@kind("two columns, one of which is missing")
def present(rng: Random) -> Drawn:
    """The first cell that is not missing, or both joined."""
    way = rng.choice(["first", "joined", "second"])
    empty = rng.choice(["", None])
    sign = rng.choice([" ", ", ", " / ", "-"])
    rows: dict[Row, Cell] = {}
    groups: dict[Row, object] = {}
    for _ in range(18):
        a, b = rng.choice(FIRST), f"{rng.choice(WORDS)}{rng.randrange(99)}"
        one, two = rng.choice([(a, b), (a, empty), (empty, b)])
        full = [t for t in ((one, two) if way != "second" else (two, one)) if t]
        rows[one, two] = sign.join(full) if way == "joined" else full[0]
        groups[one, two] = (bool(one), bool(two))
    return Drawn(list(rows), lambda row: rows[row], f"{way} {empty!r} {sign!r}", _each(rows, groups))


@kind("columns joined")
def joined(rng: Random) -> Drawn:
    """Several columns in one, with constants between."""
    frame = rng.choice(
        [
            "{a}{b}{c}",
            "{a} {b} ({c})",
            "{c}: {a}-{b}",
            "{a}@{b}.example",
            "{b}, {a}",
            "{A} {c}",
            "{i}{b}",
            "{a}/{c}/{b}",
            "({c}) {B}",
        ]
    )
    rows: dict[Row, Cell] = {}
    for _ in range(12):
        a, b, c = rng.choice(FIRST), rng.choice(WORDS), str(rng.randrange(9000))
        rows[a, b, c] = frame.format(a=a, b=b, c=c, A=a.upper(), B=b.capitalize(), i=a[0])
    return Drawn(list(rows), lambda row: rows[row], frame)


@kind("texts cleaned")
def cleaned(rng: Random) -> Drawn:
    """Blanks, signs and brackets that do not belong there are removed."""
    rows: dict[Row, Cell] = {}
    way = rng.choice(["blanks", "ends", "stars", "brackets", "quotes", "number", "signs"])
    for _ in range(16):
        words = [rng.choice(WORDS) for _ in range(rng.randint(1, 3))]
        clean = " ".join(words)
        rows[
            {
                "blanks": (" " * rng.randint(1, 3)).join(words),
                "ends": " " * rng.randrange(3) + clean + " " * rng.randrange(3),
                "stars": clean + "*" * rng.randrange(3),
                "brackets": clean + rng.choice([" (old)", " (new)", "", " (2nd)"]),
                "quotes": rng.choice(['"{}"', "{}"]).format(clean),
                "number": rng.choice(["{}. ", "{}) ", ""]).format(rng.randrange(1, 40)) + clean,
                "signs": rng.choice(["-", "•", "*"]) + " " + clean,
            }[way],
        ] = clean
    changed: dict[Row, object] = {row: (row[0] != rows[row]) + (" " in str(rows[row])) * 2 for row in rows}
    return Drawn(
        list(rows), lambda row: rows[row], way, _each(rows, changed) if way in ("blanks", "brackets", "quotes") else ()
    )
