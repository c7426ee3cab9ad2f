"""The public programs of ExeDec's RobustFill data, translated: each gives its own examples' outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.robustfill import DELIMITERS, robustfill

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import INT, STRING

SUITE = Path(__file__).resolve().parents[2].parent / "shared" / "tasks" / "robustfill-exedec.jsonl"
needs_suite = pytest.mark.skipif(not SUITE.is_file(), reason="the public suites are not beside the repository")

KINDS = {
    "NUMBER": "Number", "WORD": "Word", "ALPHANUM": "Alphanum", "ALL_CAPS": "AllCaps", "PROP_CASE": "PropCase",
    "LOWER": "Lower", "DIGIT": "Digit", "CHAR": "Char",
}  # fmt: skip
CASES = {"ALL_CAPS": "UpperCase", "LOWER": "LowerCase", "PROPER": "ProperCase"}
SIGNS = {sign: name for name, sign in DELIMITERS.items()}
WORD = re.compile(r"""\s*('[^']'|"'"|\+\+|-?\d+|\w+|[(),])""")


def apply(name: str, *arguments: Program) -> Program:
    """A primitive of the language by name."""
    return Apply(robustfill[name], arguments)


def kind(word: str) -> Program:
    return apply(KINDS[word])


def delimiter(word: str) -> Program:
    return apply(SIGNS[word[1:-1]])


def character(word: str) -> Program:
    return apply("Sign", delimiter(word)) if word[1:-1] in SIGNS else apply(f"'{word[1:-1]}'")


def regex(word: str) -> Program:
    return apply("Token", kind(word)) if word in KINDS else apply("Mark", delimiter(word))


def index(word: str) -> Program:
    return Constant(int(word), INT)


def position(word: str) -> Program:
    return apply(f"@{word}")


def boundary(word: str) -> Program:
    return apply(word.title())


def case(word: str) -> Program:
    return apply(CASES[word])


ARGUMENTS: dict[str, tuple[Callable[[str], Program], ...]] = {
    "SubStr": (position, position),
    "GetSpan": (regex, index, boundary, regex, index, boundary),
    "GetToken": (kind, index),
    "GetUpto": (regex,),
    "GetFrom": (regex,),
    "GetFirst": (kind, index),
    "GetAll": (kind,),
    "ToCase": (case,),
    "Replace": (delimiter, delimiter),
    "Trim": (),
    "Substitute": (kind, index, character),
    "SubstituteAll": (kind, character),
    "Remove": (kind, index),
    "RemoveAll": (kind,),
}
"""What follows the text in each of ExeDec's operators."""


def piece(words: Iterator[str]) -> Program:
    """One expression of ExeDec's notation: ``x``, ``Const('a')`` or ``Operator(expression, argument, …)``."""
    name = next(words)
    if name == "x":
        return Input(0, STRING)
    assert next(words) == "("
    if name == "Const":
        found = apply("Const", character(next(words)))
        assert next(words) == ")"
        return found
    arguments = [piece(words)]
    for read in ARGUMENTS[name]:
        assert next(words) == ","
        arguments.append(read(next(words)))
    assert next(words) == ")"
    return apply(name, *arguments)


def translated(text: str) -> Program:
    """A program in ExeDec's notation, pieces joined by ``++``, as one of the language."""
    assert not WORD.sub("", text).strip(), text
    words = iter(WORD.findall(text))
    pieces = [piece(words)]
    while (word := next(words, None)) is not None:
        assert word == "++", text
        pieces.append(piece(words))
    whole = pieces.pop()
    while pieces:
        whole = apply("Concat", pieces.pop(), whole)
    return whole


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SUITE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("GetUpto(x, '@') ++ Const('F')", "(Concat (GetUpto x0 (Mark At)) (Const 'F'))"),
        ("Remove(SubStr(x, -8, 0), ALL_CAPS, 1)", "(Remove (SubStr x0 @-8 @0) AllCaps 1)"),
        ("""ToCase(Replace(x, "'", ' '), ALL_CAPS)""", "(ToCase (Replace x0 Apostrophe Space) UpperCase)"),
        ("GetSpan(x, CHAR, 2, START, ',', -1, END)", "(GetSpan x0 (Token Char) 2 Start (Mark Comma) -1 End)"),
        ("Substitute(Trim(x), DIGIT, 2, ')')", "(Substitute (Trim x0) Digit 2 (Sign RightParen))"),
    ],
)
def test_translation(text: str, ours: str) -> None:
    assert str(translated(text)) == ours
    assert parse_program(ours, robustfill, request="string -> string") == translated(text)


@needs_suite
def test_every_program_gives_its_outputs() -> None:
    evaluator = Evaluator()
    wrong = []
    for row in rows():
        run = evaluator.function(translated(row["program"]))
        if any(run(tuple(e["inputs"])) != e["output"] for e in row["examples"]):
            wrong.append(row["name"])
    assert not wrong


@needs_suite
def test_the_suite_uses_every_operator_and_every_name() -> None:
    used = {node.head for row in rows() for node in translated(row["program"]).subprograms()}
    assert {name for name in robustfill.primitives if not name.startswith("@")} <= used
