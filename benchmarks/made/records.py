"""What columns of texts are drawn from: names, words, places; and rows that write records by frames."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule

__all__ = ["FIRST", "LAST", "PLACES", "STATES", "STREETS", "WORDS", "Record", "of_records", "people_of"]

FIRST = (
    *("Ada", "Alan", "Grace", "Kurt", "Emmy", "Noor", "Yusuf", "Ines", "Piotr", "Mei", "Olga", "Tariq", "Lena", "Hugo"),
    *("Farah", "Jonas", "Priya", "Mateo", "Sofie", "Kwame", "Aiko", "Bruno", "Elif", "Ivan", "Zoe", "Otto", "Rosa"),
    *("Nils", "Leila", "Marek"),
)
LAST = (
    *(
        "Lovelace",
        "Turing",
        "Hopper",
        "Goedel",
        "Noether",
        "Khan",
        "Haddad",
        "Silva",
        "Nowak",
        "Chen",
        "Petrov",
        "Aziz",
    ),
    *("Braun", "Laurent", "Okafor", "Lindqvist", "Sharma", "Rossi", "Jensen", "Mensah", "Tanaka", "Costa", "Demir"),
    *("O'Brien", "Smith-Jones", "Keller", "Weber", "Moreau", "Ito", "Varga"),
)
MIDDLE = ["Q", "J", "M", "Marie", "Lee", "K", "Jane", "Amir"]
SUFFIX, TITLE = ["Jr.", "Sr.", "II", "III", "PhD"], ["Dr.", "Mr.", "Mrs.", "Ms.", "Prof."]
WORDS = (
    *("amber", "birch", "copper", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "juniper", "kelp", "lotus"),
    *("maple", "nectar", "onyx", "pearl", "quartz", "river", "sage", "tulip", "umber", "violet", "willow", "yarrow"),
    "zephyr",
)
PLACES = (
    *("Austin", "Boston", "Calgary", "Denver", "Eugene", "Fresno", "Salem", "Santa Fe", "El Paso", "Rio de Janeiro"),
    *("New Haven", "Topeka", "Oslo", "Reno", "Tulsa"),
)
STATES = ["TX", "MA", "CO", "OR", "CA", "NM", "CT", "KS", "NV", "OK", "WA"]
STREETS = [
    "Main St",
    "Oak Ave.",
    "Maple Road NE",
    "3rd Street",
    "Fifth Ave",
    "Pecan Ln. SW",
    "Cherry Blvd",
    "Elm Ct",
    "48th Pkwy",
]

Record = dict[str, str]


def of_records(
    rng: Random,
    records: list[Record],
    frames: list[str],
    rule: Callable[[Record], Cell],
    told: str,
    *others: Callable[[Record], Cell],
) -> Drawn:
    """Rows that write records by frames, and a rule about the records; a row that two records share goes to the first."""
    made: dict[Row, Record] = {}
    for record in records:
        made.setdefault((" ".join(rng.choice(frames).format(**record).split(" ")),), record)

    def of(about: Callable[[Record], Cell]) -> Rule:
        return lambda row: about(made[row])

    return Drawn(list(made), of(rule), f"{frames} → {told}", [of(o) for o in others])


def people_of(rng: Random, count: int = 18) -> list[Record]:
    found = []
    for first, last in zip(rng.sample(FIRST, count), rng.sample(LAST, count), strict=True):
        middle = rng.choice(MIDDLE)
        found.append(
            {"f": first, "l": last, "m": middle, "s": rng.choice(SUFFIX), "t": rng.choice(TITLE)}
            | {
                "i": first[0],
                "j": last[0],
                "k": middle[0],
                "F": first.upper(),
                "L": last.upper(),
                "a": first.lower(),
                "b": last.lower(),
            }
        )
    return found
