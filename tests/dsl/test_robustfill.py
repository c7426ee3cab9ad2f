"""The language ``robustfill``: its names, exported code, and searches."""

from __future__ import annotations

import re
from typing import Any

import pytest
from neurosynth_dsls.robustfill import DELIMITERS, robustfill
from neurosynth_dsls.robustfill.matching import ALPHANUM, CHAR, TOKENS, belongs

import neurosynth as ns
from neurosynth.errors import ParseError
from neurosynth.export.python import PythonExporter
from neurosynth.testing import check_language
from tests.dsl.rows.robustfill import ENUMERATIONS, PROGRAMS, TEXT, program


@pytest.mark.parametrize("type_", ENUMERATIONS)
def test_names_of_a_type_are_different_values(type_: str) -> None:
    names = [p.name for p in robustfill.primitives.values() if str(p.type) == type_]
    assert names == ENUMERATIONS[type_]
    assert len({robustfill[name].function() for name in names}) == len(names)


def test_indices_are_those_of_exedec() -> None:
    assert sorted(c.value for c, _ in robustfill.constants) == [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]


def test_delimiters_have_one_name_each() -> None:
    assert "".join(sorted(DELIMITERS.values())) == " !\"#$%&'(),./:;?@[]{}"
    for c in range(128):
        assert belongs(c, CHAR) == bool(re.fullmatch(TOKENS[CHAR], chr(c))), c
        assert belongs(c, ALPHANUM) == bool(re.fullmatch(TOKENS[ALPHANUM], chr(c))), c


def test_a_kind_is_no_regex_without_token() -> None:
    with pytest.raises(ParseError, match=re.escape("argument 2 of GetUpto is regex; Word is token")):
        program("(GetUpto x0 Word)")


@pytest.mark.slow
def test_the_language_passes_its_check() -> None:
    check_language(robustfill, values={"string": [TEXT, "R2-D2 c3p0", "#NO!, (ABc Aq)"]})


# --- export and search -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "given", "expected"), PROGRAMS[::3])
def test_exported_python_stands_alone(text: str, given: str, expected: str) -> None:
    space: dict[str, Any] = {}
    code = PythonExporter().export(program(f"(Concat {text} (Trim x0))"))
    exec(compile(code, "<exported>", "exec"), space)
    assert space["program"](given) == expected + given.strip()
    assert "neurosynth" not in code


def test_exported_python_reads_like_the_program() -> None:
    code = PythonExporter().export(program("(Concat (GetToken x0 Word -1) (Const 'A'))"))
    assert 'return get_token(x0, word(), -1) + chr(ord("A"))' in code


NAMES = (
    "ada lovelace, 1815",
    "grace brewster hopper, 1906",
    "mary somerville, 1780",
    "emmy noether, 1882",
    "maria g. agnesi, 1718",
    "sophie germain, 1776",
)


@pytest.mark.parametrize(
    "text",
    [
        "(GetToken x0 Number 1)",
        "(ToCase (GetToken x0 Word 1) UpperCase)",
        "(Replace x0 Space Slash)",
        "(Concat (GetFrom x0 (Mark Comma)) (Concat (ToCase x0 ProperCase) (GetAll x0 Digit)))",
        "(Concat (SubstituteAll x0 Word 'z') (GetSpan x0 (Token Word) 1 End (Mark Comma) 1 Start))",
    ],
)
def test_searches_find_programs_that_are_right_on_other_texts(text: str) -> None:
    wanted = program(text)
    task = ns.Task([ns.example(name, output=wanted(name)) for name in NAMES])
    result = ns.synthesize(task, robustfill, limits=ns.Limits(seconds=40))
    assert result.best is not None, result
    assert result.best("sonja k. kowalewski, 1850") == wanted("sonja k. kowalewski, 1850"), result
