"""Exported Python does what the programs do, missing values included."""

from __future__ import annotations

from typing import Any

import pytest

from neurosynth.export.python import PythonExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.types import STRING
from tests.dsl.columns.random_programs import draw


def compiled(code: str) -> Any:
    """The function that exported code defines."""
    space: dict[str, Any] = {}
    exec(compile(code, "<exported>", "exec"), space)
    return space["program"]


def thawed(value: Any) -> Any:
    return [thawed(v) for v in value] if isinstance(value, tuple) else value


def check(program: Program, rows: list[tuple[Any, ...]]) -> int:
    """How many rows the program is defined on; the code must agree on all of them."""
    code = PythonExporter().export(program)
    run = compiled(code)
    reference = Evaluator().function(program)
    used = sorted({p.index for p in program.subprograms() if isinstance(p, Input)})
    defined = 0
    for row in rows:
        wanted = reference(row)
        if wanted is UNDEFINED:
            continue
        defined += 1
        try:
            found = freeze(run(*(thawed(row[i]) for i in used)))
        except Exception as error:
            raise AssertionError(f"{program}\non {row}: {error!r}, not {wanted!r}\n{code}") from error
        assert typed_key(found) == typed_key(wanted), f"{program}\non {row}: {found!r}, not {wanted!r}\n{code}"
    return defined


def test_exported_code_agrees_on_random_programs() -> None:
    defined = sum(check(*draw(seed)) for seed in range(600))
    assert defined > 1500


@pytest.mark.slow
def test_exported_code_agrees_on_ten_thousand_random_programs() -> None:
    defined = sum(check(*draw(seed)) for seed in range(1_000, 11_000))
    assert defined > 25_000


@pytest.mark.parametrize(
    ("format", "written"),
    [("%d/%m/%Y", "06/04/0987"), ("%Y", "0987"), ("%b %Y, %H:%M", "Apr 0987, 00:00"), ("%G-W%V", "0987-W14")],
)
def test_early_years_have_four_digits_wherever_the_code_runs(format: str, written: str) -> None:
    """Some platforms write the year 987 as 987, others as 0987; the code is usual unless an example tells."""
    source = f'(datetime.format "{format}" (datetime.parse "%Y-%m-%d" x))'
    program = parse_program(source, load_language("columns"), inputs=[Input(0, STRING, "x")])
    usual = Task([Example(("2021-03-05",), Evaluator().run(program, ("2021-03-05",)))])
    early = Task([Example(("0987-04-06",), written)])
    assert ".year:04" not in PythonExporter().export(program, usual)
    assert compiled(PythonExporter().export(program, early))("0987-04-06") == written
