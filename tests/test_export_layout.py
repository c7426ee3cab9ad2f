"""How exported expressions are laid out, and where exported code asks for missing values."""

from __future__ import annotations

import pytest

from neurosynth.export.layout import quoted, simplified
from neurosynth.export.nullness import may_be_missing, strict_inputs
from neurosynth.export.python import PythonExporter
from neurosynth.export.writer import folded
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program

LAYOUT = [
    ("((a) + (b))", "a + b"),
    ("('x' + a + 'y')", 'f"x{a}y"'),
    ("(a + ' ' + b[0])", 'f"{a} {b[0]}"'),
    ("(a + 'y')", 'a + "y"'),
    ("(a + (', ' + (b + (' ' + c))))", 'f"{a}, {b} {c}"'),
    ("(a + ' ' + b['k'])", 'a + " " + b["k"]'),
    ("(a + (b + 1))", "a + (b + 1)"),
    ("((x + 1) + 24)", "x + 25"),
    ("(not (a == b))", "a != b"),
    ("(not ('x' in a))", '"x" not in a'),
    ("('-'.join([f(x) for x in y]))", '"-".join(f(x) for x in y)'),
    ("('-'.join((f(x) for x in y)))", '"-".join(f(x) for x in y)'),
    ("(list((x for x in y)))", "list((x for x in y))"),
    ("(re.sub('\\\\d+', '#', s))", 're.sub(r"\\d+", "#", s)'),
    ("(s + '\"')", "s + '\"'"),
    ("(x & 0x0f)", "x & 0xf"),
    ("('{' + a + '}')", 'f"{{{a}}}"'),
]


@pytest.mark.parametrize(("written", "wanted"), LAYOUT)
def test_expressions_read_as_a_person_writes_them(written: str, wanted: str) -> None:
    assert simplified(written) == wanted


def test_comments_and_longer_texts_stay_as_they_are() -> None:
    source = "x = '''a'b'''  # it's\ny = f'{x:>3}'\n"
    assert quoted(source) == "x = '''a'b'''  # it's\ny = f\"{x:>3}\"\n"


COLUMNS = load_language("columns")
NULLNESS = [
    # program over texts x0 and x1, the inputs it is strict in, whether it may be missing where those are present
    ("(str.++ x0 x1)", {0, 1}, False),
    ("(first_present x0 x1)", set(), True),
    ('(first_present x0 "a")', set(), False),
    ('(ite (is_missing x0) "a" (str.upper x0))', set(), False),
    ('(ite (str.contains x0 "a") x0 x1)', {0}, True),
    ('(ite (str.contains x0 "a") x1 (str.upper x1))', {0, 1}, False),
    ('(lookup ["a"] ["b"] x0)', {0}, True),
    ('(lookup_or ["a"] ["b"] "c" x0)', {0}, False),
    ('(ite (= x0 "a") missing x0)', {0}, True),
]


@pytest.mark.parametrize(("text", "strict", "may"), NULLNESS, ids=[n[0] for n in NULLNESS])
def test_missing_values_are_asked_for_where_they_may_be(text: str, strict: set[int], may: bool) -> None:
    program = parse_program(text, COLUMNS, request="string -> string -> string")
    assert strict_inputs(program, frozenset({0, 1})) == strict
    assert may_be_missing(program, frozenset(strict)) is may
    space: dict[str, object] = {}
    exec(PythonExporter().export(program), space)


def test_constant_parts_become_literals() -> None:
    program = parse_program('(str.++ x0 (int.to.str (+ 1 (str.len "ab"))))', COLUMNS, request="string -> string")
    assert str(folded(program)) == '(str.++ x0 "3")'
    assert 'return x0 + "3"' in PythonExporter().export(program)
