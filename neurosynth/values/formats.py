"""Texts as in columns of data, for inputs of sampled tasks: names, dates, codes, paths …

A *format* makes texts that belong together: its style (separators, order, case) is fixed once, its contents vary from
one text to the next.  All words are the project's own; nothing is taken from a data set.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from random import Random

__all__ = ["FORMATS", "SEPARATORS", "Format", "text_constants", "text_format"]

Format = Callable[[Random], str]
"""Generates one text."""


def _spaced(words: str) -> tuple[str, ...]:
    return tuple(words.split())


FIRST = _spaced(
    "Ada Alma Anton Bela Boris Carla Cleo Dana David Edith Elias Emma Fay Felix Flora Greta Gus Hanna Hugo "
    "Ida Igor Iris Jana Jonas Karl Kim Lena Leo Lou Mara Max Mia Milo Nina Nora Olaf Olga Otto Paul Pia Ray "
    "Rosa Rudi Sam Sofia Theo Tilda Uma Vera Viktor Wanda Will Xenia Yara Yves Zoe"
)
LAST = _spaced(
    "Adler Albers Baker Bloom Bush Castro Cole Cruz Dahl Dietz Eden Engel Falk Fisher Ford Gomez Grant Hahn "
    "Hale Hill Ito Jansen Kahn Keller King Kraft Lang Lee Lopez Mason Meyer Moore Nash Novak Olsen Ortiz Park "
    "Petrov Quinn Reed Rossi Sato Schmidt Silva Stone Tanaka Torres Urban Vogel Wagner Weiss White Wong York "
    "Young Zhang Ziegler"
)
WORDS = _spaced(
    "amber anchor apple arrow autumn basin beacon birch blue bottle branch bridge bronze cabin candle canyon "
    "carbon castle cedar cellar chalk cloud cobalt copper coral cotton crane crystal delta desert dune eagle "
    "early ember engine falcon feather fern field flint forest fossil frost garden ginger glass granite green "
    "harbor hazel heavy hollow indigo iron island ivory jade jasper kettle lake lantern large lemon light "
    "linen lunar magnet maple marble meadow mild mirror mountain narrow nickel north ocean olive onyx orange "
    "orchid paper pebble pepper pine planet plum quartz quick quiet rapid raven red ribbon river rocket round "
    "saffron salt sand shell silver slow small spice spring steel stone summer sun table thunder tiger timber "
    "valley velvet violet walnut water wheat willow window winter wolf yellow zinc"
)
MONTHS = _spaced("January February March April May June July August September October November December")
UNITS = ("kg", "g", "cm", "m", "km", "mm", "lb", "oz", "s", "min", "h", "GB", "MB", "V", "W", "ml", "l", "%", "C", "Hz")
DOMAINS = ("com", "org", "net", "io", "info", "edu", "de", "fr", "co.uk")
ENDINGS = ("txt", "csv", "pdf", "png", "jpg", "zip", "log", "py", "md", "xml", "json", "docx", "tar.gz")
SEPARATORS = ("/", "@", ":", ";", "_", "|", "#", "+", "=", "(", ")", "&", "'", "*", ", ", ": ", " - ", "://", "\\", "$")
"""Constants that programs over text need in addition to those of the language."""
PIECES = (
    "Mr. ",
    "Dr. ",
    "No. ",
    "ID",
    "www.",
    ".com",
    "kg",
    "the ",
    "Re: ",
    "x",
    "0",
    "00",
    "N/A",
    "Inc",
    "!",
    "?",
    "A",
)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(string.ascii_uppercase, k=count))


def _names(rng: Random) -> Format:
    pattern = rng.choice(
        ("{f} {l}", "{f} {l}", "{l}, {f}", "{f} {m}. {l}", "{t} {f} {l}", "{l} {f}", "{f}.{l}", "{f} {g} {l}", "{l}")
    )

    def make(r: Random) -> str:
        titles = ("Dr.", "Mr.", "Ms.", "Prof.")
        return pattern.format(
            f=r.choice(FIRST),
            g=r.choice(FIRST),
            l=r.choice(LAST),
            m=r.choice(string.ascii_uppercase),
            t=r.choice(titles),
        )

    return make


def _dates(rng: Random) -> Format:
    pattern = rng.choice(
        (
            "{y}-{m:02}-{d:02}", "{d:02}/{m:02}/{y}", "{m}/{d}/{y}", "{d}.{m}.{y}", "{n} {d}, {y}", "{d} {n} {y}",
            "{d}-{s}-{y}", "{s} {d}", "{y}{m:02}{d:02}", "{y}-{m:02}-{d:02} {h:02}:{i:02}", "{w}, {d} {n} {y}",
        )
    )  # fmt: skip

    def make(r: Random) -> str:
        month = r.randrange(12)
        week = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        return pattern.format(
            y=r.randint(1950, 2035), m=month + 1, d=r.randint(1, 28), n=MONTHS[month], s=MONTHS[month][:3],
            h=r.randrange(24), i=r.randrange(60), w=r.choice(week),
        )  # fmt: skip

    return make


def _times(rng: Random) -> Format:
    pattern = rng.choice(("{h:02}:{m:02}", "{h}:{m:02} {p}", "{h:02}:{m:02}:{s:02}", "{h}h{m:02}", "{h}:{m:02}{p}"))

    def make(r: Random) -> str:
        return pattern.format(h=r.randint(1, 12), m=r.randrange(60), s=r.randrange(60), p=r.choice(("am", "pm")))

    return make


def _phones(rng: Random) -> Format:
    pattern = rng.choice(
        ("({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "+{k} {a} {b} {c}", "{a} {b}{c}", "{k}-{a}-{b}-{c}", "{b}-{c}")
    )

    def make(r: Random) -> str:
        return pattern.format(a=_digits(r, 3), b=_digits(r, 3), c=_digits(r, 4), k=r.randint(1, 99))

    return make


def _codes(rng: Random) -> Format:
    separator = rng.choice(("-", "-", "_", "/", ".", " ", ":", "#", ""))
    parts = [(rng.choice("ad"), rng.randint(1, 4)) for _ in range(rng.randint(2, 4))]
    varies = rng.random() < 0.3

    def make(r: Random) -> str:
        made = [(_letters if kind == "a" else _digits)(r, r.randint(1, n + 1) if varies else n) for kind, n in parts]
        return separator.join(made)

    return make


def _words(rng: Random) -> Format:
    separator = rng.choice((" ", " ", " ", ",", ", ", ";", "-", "_", "|", "/"))
    low = rng.randint(1, 3)
    high = low + rng.choice((0, 0, 1, 2, 3))
    case = rng.choice((str.lower, str.lower, str.title, str.capitalize, str.upper))

    def make(r: Random) -> str:
        return separator.join(case(w) for w in r.choices(WORDS, k=r.randint(low, high)))

    return make


def _sentences(rng: Random) -> Format:
    end = rng.choice((".", ".", "!", "?", ""))

    def make(r: Random) -> str:
        words = r.choices(WORDS, k=r.randint(3, 6))
        if r.random() < 0.4:
            words[r.randrange(len(words) - 1)] += ","
        if r.random() < 0.3:
            words.insert(1, str(r.randint(1, 500)))
        return " ".join(words).capitalize() + end

    return make


def _paths(rng: Random) -> Format:
    start, separator = rng.choice((("/", "/"), ("", "/"), ("C:\\", "\\"), ("./", "/"), ("~/", "/")))
    depth = rng.randint(0, 3)

    def make(r: Random) -> str:
        folders = r.choices(WORDS, k=max(0, depth + r.randint(-1, 1)))
        number = str(r.randint(1, 99)) if r.random() < 0.3 else ""
        return start + separator.join([*folders, f"{r.choice(WORDS)}{number}.{r.choice(ENDINGS)}"])

    return make


def _urls(rng: Random) -> Format:
    scheme = rng.choice(("https://", "http://", "https://www.", "www.", "ftp://"))
    tail = rng.choice(("", "/{w}", "/{w}/{v}", "/{w}?id={n}", "/{w}/{v}.html", "#{w}"))

    def make(r: Random) -> str:
        host = f"{r.choice(WORDS)}{r.choice(('', '', '-' + r.choice(WORDS)))}.{r.choice(DOMAINS)}"
        return scheme + host + tail.format(w=r.choice(WORDS), v=r.choice(WORDS), n=r.randint(1, 999))

    return make


def _mails(rng: Random) -> Format:
    pattern = rng.choice(
        ("{f}.{l}@{w}.{d}", "{f}@{w}.{d}", "{f}_{l}{n}@{w}.{d}", "{f} {l} <{f}@{w}.{d}>", "{i}{l}@{w}.{d}")
    )

    def make(r: Random) -> str:
        first = r.choice(FIRST).lower()
        values = {"f": first, "i": first[0], "l": r.choice(LAST).lower(), "n": r.randint(1, 99)}
        return pattern.format(w=r.choice(WORDS), d=r.choice(DOMAINS), **values)

    return make


def _quantities(rng: Random) -> Format:
    pattern = rng.choice(
        ("{n} {u}", "{n}{u}", "{n}.{c} {u}", "${n}.{c}", "{t},{h} {u}", "{n}", "{w}: {n} {u}", "{n}.{c}")
    )
    unit = rng.choice(UNITS) if rng.random() < 0.5 else None
    digits = rng.randint(1, 4)

    def make(r: Random) -> str:
        values = {"n": r.randrange(10**digits), "c": _digits(r, 2), "t": r.randint(1, 99), "h": _digits(r, 3)}
        return pattern.format(u=unit or r.choice(UNITS), w=r.choice(WORDS), **values)

    return make


def _records(rng: Random) -> Format:
    """Fields of several formats, one after the other."""
    separator = rng.choice((",", ", ", ";", "|", " - ", " ", "\t", ": "))
    fields = [rng.choice((_names, _dates, _codes, _words, _quantities, _times))(rng) for _ in range(rng.randint(2, 3))]

    def make(r: Random) -> str:
        return separator.join(field(r) for field in fields)

    return make


def _settings(rng: Random) -> Format:
    sign, separator = rng.choice(("=", ":", ": ", " = ")), rng.choice(("&", ";", ", ", " "))
    count = rng.randint(1, 3)

    def make(r: Random) -> str:
        values = [f"{r.choice(WORDS)}{sign}{r.choice((str(r.randint(0, 500)), r.choice(WORDS)))}" for _ in range(count)]
        return separator.join(values)

    return make


def _versions(rng: Random) -> Format:
    prefix, parts = rng.choice(("", "v", "release-")), rng.randint(2, 4)
    return lambda r: prefix + ".".join(str(r.randint(0, 30)) for _ in range(parts))


def _brackets(rng: Random) -> Format:
    left, right = rng.choice(("()", "[]", "<>", "{}", '""', "''"))

    def make(r: Random) -> str:
        before, inside, after = r.choices(WORDS, k=3)
        inside = inside if r.random() < 0.6 else str(r.randint(1, 2000))
        return f"{before} {left}{inside}{right}" + (f" {after}" if r.random() < 0.4 else "")

    return make


def _noise(rng: Random) -> Format:
    """Letters, digits and signs in no particular form."""
    signs = rng.sample("!?#$%&'()*+,-./:;@[]_{} ", k=rng.randint(1, 4))
    alphabet = string.ascii_letters * 2 + string.digits * 3 + "".join(signs) * 6
    longest = rng.randint(6, 20)
    return lambda r: "".join(r.choices(alphabet, k=r.randint(2, longest)))


FORMATS: tuple[Callable[[Random], Format], ...] = (
    _names, _dates, _times, _phones, _codes, _words, _sentences, _paths, _urls, _mails, _quantities, _records,
    _settings, _versions, _brackets, _noise,
)  # fmt: skip
"""Each draws a style and returns the generator of its texts."""


def _untidy(r: Random, text: str) -> str:
    """The text as a careless person would type it."""
    match r.randrange(6):
        case 0:
            return f" {text}"
        case 1:
            return f"{text} "
        case 2:
            return text.replace(" ", "  ", 1)
        case 3:
            return text.upper()
        case 4:
            return text.lower()
    at = r.randrange(len(text) + 1)
    return text[:at] + r.choice(string.ascii_lowercase) + text[at + 1 :]


def text_format(rng: Random) -> Format:
    """A format at random; one in three is untidy: some of its texts have odd spaces, case or characters."""
    make = rng.choice(FORMATS)(rng)
    untidy = rng.choice((0.0, 0.0, 0.3))
    if not untidy:
        return make

    def made(r: Random) -> str:
        text = make(r)
        return _untidy(r, text) if r.random() < untidy else text

    return made


def text_constants(rng: Random, texts: Sequence[str]) -> list[str]:
    """Up to four constants that a program over such texts may need: mostly signs and words found in them."""
    signs = sorted({ch for text in texts for ch in text if not ch.isalnum()})
    words = sorted({word for text in texts[:2] for word in text.split() if len(word) <= 10})
    found: list[str] = []
    for _ in range(rng.randint(0, 4)):
        kind = rng.random()
        if kind < 0.5 and signs:
            found.append(rng.choice(signs))
        elif kind < 0.6 and words:
            found.append(rng.choice(words))
        else:
            found.append(rng.choice(SEPARATORS if kind < 0.85 else PIECES))
    return list(dict.fromkeys(found))
