"""Columns that no program explains: everyday cells, and outputs that have nothing to do with them.

Everything is drawn from a seed by the generators below and from nothing else, so that a figure over these columns stays comparable
when example files, suites or languages change.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator

from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import STRING, Arrow

__all__ = ["NONSENSE", "nonsense"]

NONSENSE = "nonsense"
"""The suite."""
COLUMNS = 100
ROWS = 10
"""Of a column."""
SHOWN = 3
SEED = 7

Cell = Callable[[random.Random], str]
"""Draws one cell."""

_FIRST = "Ada Alan Grace Emmy Noor Luis Chen Ingrid Omar Sofia Jean Pavel Mina Tariq Olga Hugo"
_LAST = "Lovelace Turing Hopper Noether Haddad Garcia Wei Larsen Diallo Rossi Moreau Novak Park Aziz Petrova"
_STREETS = "Elm Main Station High Church Mill Park Lake"
_CITIES = "Lyon Bergen Porto Leeds Graz Turin Ghent Malmö Naples Delhi"
_THINGS = "lamp chair cable mug kettle drill shelf rope hinge filter"
_SIZES = "small medium large red blue steel"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_ENDS = "pdf csv png txt"


def _one(rng: random.Random, words: str) -> str:
    return rng.choice(words.split())


def _name(rng: random.Random) -> str:
    return f"{_one(rng, _FIRST)} {_one(rng, _LAST)}"


def _surname_first(rng: random.Random) -> str:
    return f"{_one(rng, _LAST)}, {_one(rng, _FIRST)} {rng.choice(string.ascii_uppercase)}."


def _mail(rng: random.Random) -> str:
    return f"{_one(rng, _FIRST)}.{_one(rng, _LAST)}@{_one(rng, _THINGS)}.example".lower()


def _iso_date(rng: random.Random) -> str:
    return f"{rng.randint(1950, 2025)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {_one(rng, _MONTHS)} {rng.randint(1950, 2025)}"


def _time(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"


def _phone(rng: random.Random) -> str:
    return f"({rng.randint(200, 999)}) {rng.randint(200, 999)}-{rng.randint(0, 9999):04d}"


def _price(rng: random.Random) -> str:
    return f"${rng.randint(0, 9999):,}.{rng.randint(0, 99):02d}"


def _number(rng: random.Random) -> str:
    return str(rng.randint(0, 10 ** rng.randint(1, 6)))


def _code(rng: random.Random) -> str:
    return f"{''.join(rng.choices(string.ascii_uppercase, k=3))}-{rng.randint(0, 9999):04d}"


def _address(rng: random.Random) -> str:
    return f"{rng.randint(1, 300)} {_one(rng, _STREETS)} St, {_one(rng, _CITIES)} {rng.randint(10000, 99999)}"


def _path(rng: random.Random) -> str:
    return f"/data/{_one(rng, _THINGS)}/{_one(rng, _SIZES)}_{rng.randint(1, 99)}.{_one(rng, _ENDS)}"


def _product(rng: random.Random) -> str:
    return f"{_one(rng, _SIZES)} {_one(rng, _THINGS)} ({rng.randint(1, 48)} pcs)"


def _city(rng: random.Random) -> str:
    return _one(rng, _CITIES)


CELLS: tuple[Cell, ...] = (
    _name,
    _surname_first,
    _mail,
    _iso_date,
    _date,
    _time,
    _phone,
    _price,
    _number,
    _code,
    _address,
    _path,
    _product,
    _city,
)


def _letters(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9)))


def _digits(rng: random.Random) -> str:
    return str(rng.randint(0, 10 ** rng.randint(2, 5)))


def _words(rng: random.Random) -> str:
    return " ".join(_letters(rng).title() for _ in range(rng.randint(1, 3)))


def nonsense(count: int = COLUMNS, seed: int = SEED) -> Iterator[Task]:
    """Columns of :data:`ROWS` rows, the first :data:`SHOWN` with outputs: of every four one of random letters, digits, words each, and one of
    another table's cells."""
    rng = random.Random(seed)
    for i in range(count):
        inside = rng.choice(CELLS)
        outside = (_letters, _digits, rng.choice([c for c in CELLS if c is not inside]), _words)[i % 4]
        inputs: dict[str, None] = {}
        while len(inputs) < ROWS:
            inputs[inside(rng)] = None
        rows = [Example((cell,), outside(rng)) for cell in inputs]
        yield Task(
            rows[:SHOWN],
            f"nonsense {i}",
            language="columns",
            type=Arrow((STRING,), STRING),
            unlabelled=[e.inputs for e in rows[SHOWN:]],
            test_examples=rows[SHOWN:],
        )
