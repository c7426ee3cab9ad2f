"""Names that come from a user's table and constants that look like code: exported Python runs all the same."""

from __future__ import annotations

import json
import keyword
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosynth as ns
from neurosynth.cli import main
from neurosynth.export.python import PythonExporter, identifier
from neurosynth.language.program import Apply, Constant, Input
from neurosynth.language.syntax import parse_program
from neurosynth.synthesize import load_language
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import STRING

NAMES = [
    # a column, the Python name it becomes
    ("area m²", "area_m2"),
    ("½", "x1_2"),
    ("ｉｆ", "if_"),
    ("ª", "a"),
    ("__hex_ff__", "hex_ff"),
    ("Ⅷ", "VIII"),
    ("ﬁrst name", "first_name"),
    ("ſ", "s"),
    ("K", "K"),
    ("²", "x2"),
    ("1st", "x1st"),
    ("class", "class_"),
    ("match", "match_"),
    ("None", "None_"),
    ("__debug__", "debug"),
    ("_", "x"),
    ("", "x"),
    ("😀", "x"),
    ("名前", "名前"),
    ("a\u0301", "á"),
    ("a\u200db", "a_b"),
    ("price (€)", "price"),
    ("x\ny", "x_y"),
    ("a\x00b", "a_b"),
    ("̈", "ẍ"),
    ("٣", "x٣"),
    ("ﷺ", "صلى_الله_عليه_وسلم"),
]


@pytest.mark.parametrize(("name", "wanted"), NAMES, ids=[repr(n) for n, _ in NAMES])
def test_the_python_name_of_a_column(name: str, wanted: str) -> None:
    assert identifier(name) == wanted


@given(st.text(max_size=6))
def test_every_text_has_a_python_name(text: str) -> None:
    name = identifier(text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert unicodedata.normalize("NFKC", name) == name


@pytest.mark.slow
def test_every_character_has_a_python_name() -> None:
    for code in range(sys.maxunicode + 1):
        for text in (chr(code), f"a{chr(code)}", f"{chr(code)}1"):
            test_every_text_has_a_python_name.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [n for n, _ in NAMES if n and n == n.strip() and "\x00" not in n], ids=repr)
def test_a_solved_table_has_its_python(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    rows = "\n".join(f"{first} {second},{first}" for first, second in (("Ada", "King"), ("Kurt", "Gödel"), ("Al", "X")))
    quoted = '"' + name.replace('"', '""') + '"'
    file.write_text(f"{quoted},short\n{rows}\n", encoding="utf-8", newline="")
    with pytest.raises(SystemExit) as ended:
        main(["solve", str(file), "--input", name, "--output", "short", "--json", "--seconds", "20"])
    out = capsys.readouterr().out
    assert ended.value.code == 0, out
    (program,) = json.loads(out)["programs"]
    space: dict[str, Any] = {}
    exec(program["python"], space)
    assert space["program"]("Emmy Noether") == "Emmy"


def test_columns_that_become_the_same_name_stay_apart() -> None:
    strings = load_language("strings")
    names = ("a b", "a_b", "ａ b", "a-b")
    task = Task([example("1", "2", "3", "4", output="4321")], "t", input_names=names)
    text = "(str.++ |a-b| (str.++ |ａ b| (str.++ |a_b| |a b|)))"
    program = parse_program(text, strings, inputs=task.inputs)
    space: dict[str, Any] = {}
    exec(PythonExporter().export(program, task), space)
    assert space["program"]("1", "2", "3", "4") == "4321"


CONSTANTS = [
    "__hex_ff__",
    "a __hex_0__ b",
    "0xff",
    "# no comment",
    "\\",
    "'",
    '"',
    "'''",
    '"""',
    "\n",
    "\r",
    "\0",
    "\x1b[31m",
    "\u2028",
    "\x85",
    "{0}",
    "{",
    "%s",
    "\\N{DIGIT ONE}",
    "½²ª",
    "\U0001f600",
    "\x0c\x0b\x1c",
    "\ufeff",
]


@pytest.mark.parametrize("text", CONSTANTS, ids=repr)
def test_a_constant_is_itself_in_python(text: str) -> None:
    strings = load_language("strings")
    task = Task([example("a", output=f"a{text}")], "t", constants=[Constant(text, STRING)])
    for name in ("x", text):
        program = Apply(strings.primitives["str.++"], (Input(0, STRING, name), Constant(text, STRING)))
        space: dict[str, Any] = {}
        exec(PythonExporter().export(program, task), space)
        assert space["program"]("a") == f"a{text}"


def test_bitvectors_stay_hexadecimal_beside_such_texts() -> None:
    bits = load_language("bitvectors")
    code = PythonExporter().export(parse_program("(bvand x0 #xf0)", bits, request="bitvec 8 -> bitvec 8"))
    assert "0xf0" in code


class Broken:
    """An exporter with a bug."""

    name = "broken"

    def export(self, program: object, task: object = None) -> str:
        """Never comes back."""
        raise ZeroDivisionError("no")


def test_an_exporter_that_fails_costs_its_own_form(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from neurosynth.plugins import load as plugins

    result = ns.synthesize(Task([example([1, 2], output=3), example([4], output=4)], "t"), "lists")
    # the module's own names: another test may have imported the module anew
    monkeypatch.setitem(
        type(result).export.__globals__, "load", lambda kind, name: Broken if name == "python" else plugins(kind, name)
    )
    assert result.export(result.best, "python") is None
    row = result.to_json()
    assert row["programs"][0]["text"] == "(sum x0)"
    assert "python" not in row["programs"][0]
    assert "exporter 'python' failed" in caplog.text
    assert result.export(result.best, "text")
