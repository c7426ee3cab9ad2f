"""Drawn columns of texts: addresses, files, telephones, identifiers, parts between signs, letter case."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.made.drawing import Cell, Drawn, Row, Rule, kind
from benchmarks.made.records import FIRST, LAST, PLACES, STATES, STREETS, WORDS, Record, of_records


@kind("web addresses")
def web(rng: Random) -> Drawn:
    """Parts of addresses of the web."""
    records = []
    for _ in range(18):
        path = "/".join(rng.sample(WORDS, rng.randint(1, 3)))
        host = rng.choice(["{}.example.com", "www.{}.example", "{}.example", "{}.example.org"]).format(
            rng.choice(WORDS)
        )
        records.append(
            {
                "s": rng.choice(["http", "https"]),
                "h": host,
                "p": path,
                "n": str(rng.randrange(5000)),
                "w": rng.choice(WORDS),
            }
        )
    frame = rng.choice(
        ["{s}://{h}/{p}", "{s}://{h}/{p}?id={n}", "{s}://{h}/{p}/{n}.html", "{s}://{h}/{p}?q={w}&page={n}", "{h}/{p}"]
    )
    ways: dict[str, Callable[[Record], Cell]] = {"host": lambda r: r["h"], "path": lambda r: "/" + r["p"]}
    ways["last"] = lambda r: r["p"].rsplit("/", 1)[-1]
    ways["first"] = lambda r: r["p"].split("/")[0]
    ways["without"] = lambda r: r["h"].removeprefix("www.")
    if "{n}" in frame:
        ways["number"] = lambda r: r["n"]
    if "{w}" in frame:
        ways["query"] = lambda r: r["w"]
    if "{s}" in frame:
        ways["scheme"] = lambda r: r["s"]
    way = rng.choice(list(ways))
    rivals = {"last": ["first"], "first": ["last"], "without": ["host"], "path": ["last"]}.get(way, [])
    return of_records(rng, records, [frame], ways[way], way, *(ways[w] for w in rivals))


@kind("files")
def files(rng: Random) -> Drawn:
    """Parts of paths of files."""
    sign = rng.choice(["/", "\\"])
    records = []
    for _ in range(18):
        folders = sign.join(rng.sample(WORDS, rng.randint(1, 3)))
        stem = rng.choice(["{}", "{}_{}", "{}-{}", "{}.{}"]).format(rng.choice(WORDS), rng.randrange(2000))
        records.append({"p": folders, "n": stem, "e": rng.choice(["pdf", "txt", "jpeg", "tar", "docx"])})
    frame = rng.choice(["{p}" + sign + "{n}.{e}", "C:" + sign + "{p}" + sign + "{n}.{e}", "{n}.{e}"])
    output = rng.choice(
        ["{n}", "{e}", "{n}.{e}", "{n}.bak", ".{e}", *(["{p}", "{p}" + sign] if "{p}" in frame else [])]
    )
    return of_records(
        rng,
        records,
        [frame],
        lambda r: output.format(**r),
        output,
        lambda r: r["n"].split(".")[0],
        lambda r: r["p"].split(sign)[0],
    )


@kind("telephones")
def telephones(rng: Random) -> Drawn:
    """Numbers of telephones in another form, with a code where none is."""
    records = []
    for _ in range(18):
        a, b, c = rng.randrange(200, 999), rng.randrange(200, 999), rng.randrange(10**4)
        records.append({"a": str(a), "b": str(b), "c": f"{c:04}", "x": str(rng.randrange(10, 9999))})
    full = [
        "({a}) {b}-{c}",
        "{a}-{b}-{c}",
        "{a}.{b}.{c}",
        "{a} {b} {c}",
        "+1 {a} {b} {c}",
        "{a}{b}{c}",
        "1-{a}-{b}-{c}",
    ]
    way = rng.choice(["form", "forms", "area", "extension", "default"])
    output = rng.choice(["{a}-{b}-{c}", "({a}) {b}-{c}", "{a} {b} {c}", "+1{a}{b}{c}", "{a}.{b}.{c}"])
    if way == "form":
        return of_records(rng, records, [rng.choice(full)], lambda r: output.format(**r), output)
    if way == "forms":
        frames = rng.sample(full[:4], 3)
        return of_records(rng, records, frames, lambda r: output.format(**r), output)
    if way == "area":
        output = rng.choice(["{a}", "{c}", "{b}"])
        return of_records(rng, records, [rng.choice(full)], lambda r: output.format(**r), output)
    made: dict[Row, Cell] = {}
    has: dict[Row, bool] = {}
    long, less = ("{a}-{b}-{c} x{x}", "{a}-{b}-{c}") if way == "extension" else ("{a}-{b}-{c}", "{b}-{c}")
    told, instead = ("{x}", rng.choice(["", "none"])) if way == "extension" else (output, output.replace("{a}", "425"))
    for record in records:
        more = rng.random() < 0.6
        row = ((long if more else less).format(**record),)
        made[row], has[row] = (told if more else instead).format(**record), more
    others: list[Rule] = [lambda row: made[row] if has[row] else None, lambda row: None if has[row] else made[row]]
    return Drawn(list(made), lambda row: made[row], f"{long} or {less} → {told} or {instead}", others)


@kind("addresses")
def addresses(rng: Random) -> Drawn:
    """Parts of postal addresses."""
    records = []
    for _ in range(18):
        record = {
            "n": str(rng.randrange(1, 9000)),
            "s": rng.choice(STREETS),
            "c": rng.choice(PLACES),
            "t": rng.choice(STATES),
        }
        records.append(record | {"z": f"{rng.randrange(10**5):05}", "p": f"{rng.choice(FIRST)} {rng.choice(LAST)}"})
    frame = rng.choice(
        [
            "{n} {s}, {c}, {t} {z}",
            "{p}\n{n} {s}\n{c}\n{t}\n{z}",
            "{p}   {n} {s},{c},{t},{z}",
            "{n} {s}, {c} {t} {z}",
            "{c}, {t} {z}",
        ]
    )
    parts = ["{c}", "{t}", "{z}", "{c}, {t}", "{t} {z}", "{z} {c}"]
    output = rng.choice(parts + ["{n}", "{s}", "{n} {s}"] * ("{n}" in frame))
    first = [lambda r: r["c"].split()[0], lambda r: r["c"].split()[-1]] if output == "{c}" else []
    return of_records(rng, records, [frame], lambda r: output.format(**r), output, *first)


@kind("parts between signs")
def delimited(rng: Random) -> Drawn:
    """A part of a line, by its number or by the signs around it."""
    sign = rng.choice([",", ";", "|", " - ", "/", ":", "\t", "--", " ", "."])
    records = []
    for _ in range(18):
        n, m = rng.randrange(1, 4000), rng.randrange(1, 90)
        two = f"{rng.choice(WORDS)} {rng.choice(WORDS)}" if " " not in sign else rng.choice(WORDS)
        records.append(
            {"a": rng.choice(WORDS), "b": two, "n": str(n), "m": str(m), "g": rng.choice(WORDS).capitalize(), "x": sign}
        )
    frame = rng.choice(
        [
            "{a}{x}{b}{x}{n}",
            "{n}{x}{a}{x}{b}{x}{m}",
            "{a} ({b}) {n}",
            "[{g}] {a}: {b}",
            '{a} "{b}" {n}',
            "{g}={n};{a}={m}",
            "{n}{x}{b}{x}{g}",
        ]
    )
    frame = rng.choice([frame, frame, "{g} {a} size = {n}: {b}", "<{a}>{b}</{a}>", "{a}#{n}#{b}"])
    output = rng.choice(
        [f"{{{c}}}" for c in "abnmg" if f"{{{c}}}" in frame] + ["{n}->{a}"] * ("{n}" in frame and "{a}" in frame)
    )
    return of_records(
        rng,
        records,
        [frame],
        lambda r: output.format(**r),
        output,
        lambda r: output.format(**r | {"b": r["b"].split()[0]}),
    )


@kind("codes")
def codes(rng: Random) -> Drawn:
    """Parts of identifiers by position or sign, put together anew."""
    records = []
    for _ in range(18):
        letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXYZ") for _ in range(6))
        records.append(
            {
                "a": letters[:3],
                "b": letters[3:],
                "n": f"{rng.randrange(10**4):04}",
                "m": f"{rng.randrange(10**3):03}",
                "k": str(rng.randrange(10)),
            }
        )
    frame = rng.choice(
        ["{a}-{n}-{m}", "{a}{n}{k}", "1Z {a} {m} {n} {k}", "{a}/{b}/{n}", "{n}{m}", "{a}{m}-{b}", "{b}_{n}.{k}"]
    )
    letters_in = [c for c in "abnmk" if f"{{{c}}}" in frame]
    first = rng.choice(letters_in)
    second = rng.choice(letters_in)
    output = rng.choice(
        [f"{{{first}}}", f"{{{first}}}", f"{{{first}}} {{{second}}}", f"{{{second}}}-{{{first}}}", f"#{{{first}}}"]
    )
    return of_records(rng, records, [frame], lambda r: output.format(**r), output)


@kind("letter case")
def casing(rng: Random) -> Drawn:
    """Words in another case, joined anew."""
    sign = rng.choice([" ", "_", "-", ".", ""])
    out = rng.choice(["title", "upper", "sentence", "camel", "snake", "slug", "initials", "hash", "lower"])
    if out == {"_": "snake", "-": "slug"}.get(sign):
        out = "title"
    made: dict[Row, Cell] = {}
    for _ in range(18):
        words = rng.sample(WORDS, rng.randint(2, 4))
        text = sign.join(words) if sign else words[0] + "".join(map(str.capitalize, words[1:]))
        if sign == " " and rng.random() < 0.2:
            text = text.upper()
        made[text,] = {
            "title": " ".join(map(str.capitalize, words)),
            "upper": " ".join(words).upper(),
            "sentence": " ".join(words).capitalize(),
            "camel": words[0] + "".join(map(str.capitalize, words[1:])),
            "snake": "_".join(words),
            "slug": "-".join(words),
            "initials": "".join(w[0] for w in words).upper(),
            "hash": "#" + "".join(map(str.capitalize, words)),
            "lower": " ".join(words),
        }[out]
    capitals: list[Rule] = [lambda row: None if str(row[0]).isupper() else made[row]]
    return Drawn(
        list(made),
        lambda row: made[row],
        f"{sign!r} → {out}",
        capitals if any(str(r[0]).isupper() for r in made) else (),
    )
