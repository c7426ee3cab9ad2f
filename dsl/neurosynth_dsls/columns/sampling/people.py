"""Contents of people's columns: made-up names, places, dates, amounts, codes, files, log lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

__all__ = [
    "Cell",
    "amount",
    "choice",
    "city",
    "code",
    "company",
    "count",
    "email",
    "first_name",
    "full_name",
    "item_list",
    "moment",
    "path",
    "phone",
    "sentence",
    "url",
]

Cell = Callable[[Random], str | None]
"""Makes another cell of a column; None is missing."""

FIRST = (
    "Ada", "Amir", "Anna", "Bea", "Boris", "Carla", "Chen", "Dana", "Diego", "Elif", "Emil", "Eva", "Farah", "Felix", "Gita", "Hana",
    "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kaito", "Kim", "Lars", "Leila", "Luca", "Maja", "Marco", "Mei", "Nadia", "Nils", "Olga",
    "Omar", "Pia", "Rahul", "Rosa", "Sami", "Sara", "Tariq", "Tess", "Uma", "Viktor", "Wanda", "Yara", "Zoe", "José", "Renée", "Jürgen",
)  # fmt: skip
LAST = (
    "Abbott", "Almeida", "Bauer", "Bianchi", "Carver", "Costa", "Dahl", "Doyle", "Eriksen", "Farrell", "Fischer", "Garcia", "Hansen",
    "Hoffmann", "Ito", "Jensen", "Kaur", "Keller", "Kovacs", "Larsen", "Lopez", "Marsh", "Mbeki", "Moreau", "Nowak", "Okafor", "Ortiz",
    "Park", "Petrov", "Quinn", "Rossi", "Santos", "Schulz", "Singh", "Stone", "Tanaka", "Varga", "Walsh", "Weber", "Young", "Zhang",
)  # fmt: skip
CITIES = (
    "Austin", "Bergen", "Bonn", "Boston", "Cork", "Denver", "Essen", "Graz", "Hull", "Kyoto", "Leeds", "Lima", "Lyon", "Malmo", "Nice",
    "Oslo", "Porto", "Reno", "Salem", "Tampa", "Turin", "Utrecht", "Vigo", "York",
)  # fmt: skip
WORDS = (
    "amber", "anchor", "apple", "basket", "blue", "bridge", "candle", "cloud", "copper", "delta", "eagle", "ember", "field", "forest",
    "garden", "harbor", "island", "jade", "kettle", "lantern", "maple", "meadow", "north", "ocean", "olive", "paper", "pearl", "quiet",
    "river", "silver", "stone", "summer", "tiger", "timber", "valley", "velvet", "violet", "water", "winter", "yellow",
)  # fmt: skip
KINDS = ("pdf", "txt", "csv", "jpg", "png", "xlsx", "docx", "json", "log")
HOSTS = ("example.com", "example.org", "mail.example.net", "corp.example", "uni.example")


def choice(options: tuple[str, ...]) -> Cell:
    """One of a few values."""
    return lambda rng: rng.choice(options)


def first_name(rng: Random) -> str:
    """A first name."""
    return rng.choice(FIRST)


def full_name(rng: Random) -> str:
    """First and last name, one in five with an initial between."""
    middle = f" {rng.choice('ABCDEFGHJKLMPRST')}." if rng.random() < 0.2 else ""
    return f"{rng.choice(FIRST)}{middle} {rng.choice(LAST)}"


def email(rng: Random) -> str:
    """An e-mail address."""
    user = rng.choice(("{0}.{1}", "{0}{1}", "{0}_{1}", "{0}{2}")).format(
        rng.choice(FIRST).lower(), rng.choice(LAST).lower(), rng.randint(1, 99)
    )
    return f"{user}@{rng.choice(HOSTS)}"


def city(rng: Random) -> str:
    """A town."""
    return rng.choice(CITIES)


def company(rng: Random) -> str:
    """A company."""
    ending = rng.choice(("Ltd", "GmbH", "Inc.", "AG", "LLC"))
    return f"{rng.choice(WORDS).title()} {rng.choice(WORDS).title()} {ending}"


def phone(rng: Random) -> str:
    """A telephone number in one of four styles."""
    area, first, second = rng.randint(201, 989), rng.randint(200, 999), rng.randint(0, 9999)
    style = rng.choice(("({0}) {1}-{2:04}", "{0}-{1}-{2:04}", "{0}.{1}.{2:04}", "{0} {1} {2:04}"))
    return style.format(area, first, second)


def code(rng: Random) -> str:
    """An article number: letters, digits, a letter."""
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTVXZ") for _ in range(2))
    return f"{letters}-{rng.randint(1, 9999)}-{rng.choice('ABCXYZ')}"


def path(rng: Random) -> str:
    """A file path."""
    folders = "/".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
    return f"/{folders}/{rng.choice(WORDS)}{rng.choice(('', '_1', '-v2', '.old'))}.{rng.choice(KINDS)}"


def url(rng: Random) -> str:
    """A web address."""
    scheme, host = rng.choice(("http", "https")), rng.choice(HOSTS)
    return f"{scheme}://{rng.choice(('www.', '', 'shop.'))}{host}/{rng.choice(WORDS)}/{rng.randint(1, 9999)}"


def sentence(rng: Random) -> str:
    """A few words."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(2, 5)))


def item_list(rng: Random) -> str:
    """Words with commas between them."""
    return ", ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 5)))


def count(rng: Random) -> int:
    """A whole number; small ones are as frequent as large ones."""
    return rng.randint(0, 10 ** rng.randint(1, 6))


def amount(rng: Random) -> Decimal:
    """An amount with up to three decimals."""
    return Decimal(rng.randint(1, 10 ** rng.randint(3, 8))).scaleb(-rng.choice((0, 1, 2, 2, 3)))


def moment(rng: Random) -> datetime:
    """A moment between 1990 and 2035, to the second or to the minute."""
    seconds = rng.randint(0, 59) if rng.random() < 0.5 else 0
    start = datetime(1990, 1, 1) + timedelta(days=rng.randint(0, 16_000))
    return start + timedelta(minutes=rng.randint(0, 1439), seconds=seconds)
