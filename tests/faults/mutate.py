"""Seeded damage to files: bytes, JSON trees, cells of tables, s-expressions."""

from __future__ import annotations

import json
import random
import re
import string
from typing import Any

__all__ = [
    "mutated_bytes",
    "mutated_json",
    "mutated_jsonl",
    "mutated_sexp",
    "mutated_table",
    "mutated_tensors",
    "nested",
]

NASTY: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, -(2**63), 2**64, 10**40, 0.5, -0.0, 1e308, "", " ", "a", "0", "é", "\x1b[31mred", "\0",
    "\u2028", "\ufeff", "a\nb", "\r", "ſ", "½", "#x0f", "#b2", "#x", "[", "(", "|", '"', "\\", "x" * 5000, [], [[]], [None], {},
    {"value": 1}, {"value": 1, "type": "int"}, {"": {}}, "list int -> int", "int", "string -> bool", "bitvec 8", "bitvec 0",
    "bitvec 99999999", "list", "-> int", "(int", "list list list int", "a -> a", "strings", "lists", "no such", "../../x",
    [1, "a"], [1, [2]], [[1], [2, 3]], [True, 1],
]  # fmt: skip
"""Values that are wrong in most places."""

RAW = [
    "9" * 5000, "-" + "9" * 4301, "1e999", "NaN", "Infinity", "-Infinity", '"\\ud800"', '"\\udc00\\ud800"', "01", "1.", "'a'",
    "[" * 300 + "]" * 300,
    "[" * 100_000, "[" * 3000 + "1" + "]" * 3000, '{"a":' * 300 + "1" + "}" * 300, '{"a":1,"a":2}', "nul", "\ufeff", "/*", "[1,]",
]  # fmt: skip
"""Text that stands where a JSON value should."""

_HOLE = "\ue000hole\ue000"


def nested(depth: int) -> Any:
    """Lists inside lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def mutated_bytes(data: bytes, rng: random.Random) -> bytes:
    """One to four small damages anywhere."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(8):
            case 0 if changed:
                changed[at % len(changed)] ^= 1 << rng.randrange(8)
            case 1:
                del changed[at : at + rng.choice([1, 1, 2, 10, 100])]
            case 2:
                changed[at:at] = rng.randbytes(rng.choice([1, 1, 4, 40]))
            case 3:
                piece = changed[at : at + rng.randint(1, 60)]
                changed[at:at] = piece * rng.choice([1, 2, 50])
            case 4:
                del changed[at:]
            case 5:
                changed[at:at] = rng.choice(RAW).encode("utf-8", "surrogatepass")[:2000]
            case 6:
                changed[at:at] = rng.choice(
                    [b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b]0;x\x07", b"\r\n", b'"', b"\\u", b"\x80", b"\xc3"]
                )
            case _:
                other = rng.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + rng.randint(1, 30)]
    return bytes(changed)


def _places(value: Any) -> list[tuple[Any, Any]]:
    found = []
    todo = [value]
    while todo:
        node = todo.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            found.append((node, key))
            todo.append(node[key])
    return found


def mutated_json(text: str, rng: random.Random) -> str:
    """A JSON document with one to three nodes changed, removed, renamed, doubled or swapped."""
    value = json.loads(text)
    raw: list[str] = []
    for _ in range(rng.randint(1, 3)):
        places = _places(value)
        if not places:
            return json.dumps(rng.choice(NASTY))
        node, key = rng.choice(places)
        match rng.randrange(9):
            case 0 | 1:
                node[key] = rng.choice(NASTY)
            case 2:
                del node[key]
            case 3 if isinstance(node, dict):
                name = rng.choice([key + "s", key[:-1], key.upper(), "", "\x1b" + key, key + "\u200b"])
                node[name] = node.pop(key)
            case 4 if isinstance(node, list):
                node.insert(key, node[key])
            case 5:
                other, second = rng.choice(places)
                copied = json.loads(json.dumps(node[key]))
                other[second] = copied
            case 6:
                raw.append(rng.choice(RAW))
                node[key] = f"{_HOLE}{len(raw) - 1}"
            case 7:
                node[key] = nested(rng.choice([1, 5, 160, 300]))
            case _:
                text_ = "".join(rng.choice(string.printable) for _ in range(rng.randint(0, 12)))
                node[key] = rng.choice([text_, rng.randint(-(10**6), 10**6), [text_], [rng.random()]])
    written = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    for number, replacement in enumerate(raw):
        for spelled in (json.dumps(f"{_HOLE}{number}"), json.dumps(f"{_HOLE}{number}", ensure_ascii=False)):
            written = written.replace(spelled, replacement)
    return written


def mutated_jsonl(text: str, rng: random.Random) -> str:
    """Lines of JSON of which one is changed, doubled, cut or removed."""
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            lines.insert(at, lines[at])
        case 1:
            lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        case 2:
            lines.insert(at, rng.choice(["", "[]", "{}", "null", "{", "#", "\ufeff{}", "1", '"a"']))
        case _:
            lines[at] = mutated_json(lines[at], rng)
    return "\n".join(lines) + rng.choice(["\n", "", "\n\n", "\r\n", "\0"])


def mutated_table(text: str, rng: random.Random) -> str:
    """A table with cells, quotes, separators and line ends damaged."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        at = rng.randrange(len(row)) if row else 0
        cells = [
            "",
            '"',
            '""',
            '"a',
            'a"b',
            "a\nb",
            "\0",
            "\x1b[31m",
            "=1+1",
            "½",
            "9" * 5000,
            "x" * 3000,
            "#N/A",
            " ",
            "\ufeff",
            "é",
            "1e5",
            "TRUE",
        ]
        match rng.randrange(6):
            case 0 | 1 if row:
                row[at] = rng.choice(cells)
            case 2 if row:
                del row[at]
            case 3:
                row.insert(at, rng.choice(cells))
            case 4:
                rows.insert(rng.randrange(len(rows)), list(row))
            case _ if len(rows) > 1:
                rows.remove(row)
    return rng.choice(["\n", "\n", "\r\n", "\r"]).join(rng.choice([",", ",", ",", ";", "\t"]).join(r) for r in rows)


def mutated_sexp(text: str, rng: random.Random) -> str:
    """An s-expression with tokens removed, doubled, replaced, swapped or wrapped."""
    tokens = re.findall(r"\s+|\(|\)|\"(?:[^\"]|\"\")*\"|[^\s()]+", text)
    words = [
        "(", ")", "()", "Int", "Bool", "String", "(_ BitVec 8)", "(_ BitVec 0)", "(_ BitVec 99999999)", "(BitVec 8)", "0", "-1", "9" * 5000,
        "#x0f", "#b", "#xg", '""', '"\x1b"', '"', "|a", "|a b|", "true", "f", "x", "Start", "check-synth", "constraint", "define-fun",
        "set-logic", "declare-var", "let", "forall", "\0", "½", ";", "(" * 300, ")" * 300, "((_ extract 7 0) x)", "(- 1)", "bvadd", "str.++",
    ]  # fmt: skip
    for _ in range(rng.randint(1, 4)):
        if not tokens:
            break
        at = rng.randrange(len(tokens))
        match rng.randrange(6):
            case 0:
                del tokens[at : at + rng.choice([1, 1, 3])]
            case 1:
                tokens.insert(at, tokens[at])
            case 2 | 3:
                tokens[at] = rng.choice(words)
            case 4:
                tokens.insert(at, f" {rng.choice(words)} ")
            case _:
                other = rng.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


def mutated_tensors(data: bytes, rng: random.Random) -> bytes:
    """A safetensors file with its header changed as JSON, or any of its bytes."""
    length = int.from_bytes(data[:8], "little")
    if rng.random() < 0.25:
        return mutated_bytes(data[: 8 + length], rng) + data[8 + length :]
    header = json.loads(data[8 : 8 + length])
    inner = header.get("__metadata__", {})
    if inner and rng.random() < 0.5:  # the settings of the guide are JSON inside JSON
        name = rng.choice(list(inner))
        try:
            inner[name] = mutated_json(inner[name], rng)
        except ValueError:
            inner[name] = "".join(rng.sample(inner[name], len(inner[name])))
        text = json.dumps(header)
    else:
        text = mutated_json(json.dumps(header), rng)
    written = text.encode("utf-8", "surrogatepass")
    stated = (
        len(written) if rng.random() < 0.9 else rng.choice([0, 1, len(written) - 1, len(written) + 1, 2**40, 2**63])
    )
    return stated.to_bytes(8, "little") + written + data[8 + length :]
