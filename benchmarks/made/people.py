"""Drawn columns of names and addresses of mail."""

from __future__ import annotations

from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule, kind
from benchmarks.made.records import Record, of_records, people_of

OUTPUTS = (
    *(
        "{f}",
        "{l}",
        "{l}, {f}",
        "{i}. {l}",
        "{l}, {i}.",
        "{f} {j}.",
        "{i}{j}",
        "{i}.{j}.",
        "{L}, {f}",
        "{F}",
        "{a}.{b}",
        "{i}. {L}",
    ),
    *("{b}", "{a}@", "{b}_{a}", "Dear {f},", "{l} ({f})", "{f}.{j}@", "{L}", "{l} {f}", "{b}, {a}", "{j}{i}"),
)
NAMES = ("{f} {l}", "{l}, {f}", "{f}  {l}", "{L}, {f}", "{a} {b}", "{F} {L}", "{f}.{l}", "{l} {f}", "{f}_{l}")


@kind("names")
def names(rng: Random) -> Drawn:
    """First and last names in another order or form."""
    frame, output = rng.choice(NAMES), rng.choice(OUTPUTS)
    people = people_of(rng)
    if set(frame) & set("abFL"):  # where the letter case of the inside of a name is lost
        people = [p for p in people if p["l"].isalpha()]
    return of_records(rng, people, [frame], lambda p: output.format(**p), output)


@kind("names with middle names")
def middles(rng: Random) -> Drawn:
    """Names some of which have a middle name, a title or a suffix."""
    frames = rng.choice(
        [
            ["{f} {l}", "{f} {m} {l}"],
            ["{f} {l}", "{f} {k}. {l}"],
            ["{f} {l}", "{t} {f} {l}"],
            ["{l}, {f}", "{l}, {f} {m}"],
            ["{f} {l}", "{f} {l}, {s}"],
            ["{t} {f} {l}", "{t} {f} {m} {l}"],
            ["{f} {k} {l}"],
            ["{f} {m} {l}"],
        ]
    )
    output = rng.choice(["{f}", "{l}", "{l}, {f}", "{i}. {l}", "{l}, {i}.", "{i}{j}", "{F} {L}", "{f} {l}", "{a}.{b}"])
    made: dict[Row, Record] = {}
    kinds: dict[Row, str] = {}
    for person in people_of(rng):
        frame = rng.choice(frames)
        row = (frame.format(**person),)
        made[row], kinds[row] = person, frame
    others: list[Rule] = [lambda row, f=f: None if kinds[row] == f else output.format(**made[row]) for f in frames]  # type: ignore[misc]  # a bound default has no type
    return Drawn(list(made), lambda row: output.format(**made[row]), f"{frames} → {output}", others)


@kind("names with optional parts")
def optional(rng: Random) -> Drawn:
    """The middle initial or the suffix where there is one, and otherwise nothing or a word."""
    made: dict[Row, Cell] = {}
    shown = rng.choice(["{k}.", "{f} {k}. {l}", "{l}, {f} {k}.", "{m}"])
    without = {
        "{k}.": rng.choice(["", "-"]),
        "{m}": rng.choice(["", "none"]),
        "{f} {k}. {l}": "{f} {l}",
        "{l}, {f} {k}.": "{l}, {f}",
    }[shown]
    has: dict[Row, bool] = {}
    for person in people_of(rng):
        middle = rng.random() < 0.5
        row = (("{f} {m} {l}" if middle else "{f} {l}").format(**person),)
        made[row], has[row] = (shown if middle else without).format(**person), middle
    longer: dict[Row, Cell] = {}
    for key, output in made.items():
        name = str(key[0]).split()[1]
        longer[key] = str(output).replace(name[0] + ".", name + ".") if has[key] else output
    others: list[Rule] = [lambda row: made[row] if has[row] else None, lambda row: None if has[row] else made[row]]
    others.append(lambda row: longer[row])
    return Drawn(list(made), lambda row: made[row], f"middle names → {shown} or {without!r}", others)


@kind("mail")
def mail(rng: Random) -> Drawn:
    """Addresses of mail, made of names or taken apart."""
    domain = rng.choice(["example.com", "mail.example.org", "fern.example"])
    hosts = ["north.example", "south.example.com", "east.example.org", "mail.west.example"]
    frame = rng.choice(["{a}.{b}@{h}", "{b}{i}@{h}", "{a}@{h}", "{a}_{b}@{h}"])
    people = [
        p | {"h": rng.choice(hosts), "d": domain, "b": p["b"].replace("'", ""), "n": str(rng.randrange(99))}
        for p in people_of(rng)
    ]
    people = [p | {"l": p["b"].capitalize()} for p in people if p["b"].isalpha()]
    way = rng.choice(["make", "user", "host", "name", "ends", "angle", "first"])
    if way == "make":
        output = rng.choice(["{a}.{b}@{d}", "{f}{l}@{d}", "{a}@{d}", "{f}.{j}@{d}"])
        return of_records(rng, people, ["{f} {l}"], lambda p: output.format(**p), output)
    if way == "angle":
        return of_records(rng, people, ["{f} {l} <{a}.{b}@{h}>"], lambda p: "{a}.{b}@{h}".format(**p), way)
    if way == "name":
        return of_records(rng, people, ["{a}.{b}@{h}"], lambda p: "{f} {l}".format(**p), way)
    if way == "first":
        return of_records(rng, people, ["{a}.{b}@{h}"], lambda p: "{f}".format(**p), way)
    if way == "ends":
        return of_records(rng, people, [frame], lambda p: p["h"].rsplit(".", 1)[-1], way)
    user = frame.partition("@")[0]
    return of_records(rng, people, [frame], lambda p: (user if way == "user" else "{h}").format(**p), way)
