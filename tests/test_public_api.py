"""The public door: what ``import neurosynth`` offers, and how fast it opens."""

from __future__ import annotations

import json
import subprocess
import sys
import types

import pytest

import neurosynth as ns
from neurosynth import A

BARE = """
import json, sys, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
heavy = sorted({{"numba", "numpy", "torch", "networkx", "lark", "rich"}} & set(sys.modules))
print(json.dumps([seconds, heavy]))
"""


def in_a_bare_interpreter(statement: str) -> tuple[float, list[str]]:
    """Seconds a statement takes, and the heavy modules it loads."""
    code = BARE.format(statement=statement)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, heavy = json.loads(run.stdout.splitlines()[-1])
    return float(seconds), list(heavy)


def test_every_public_name_exists() -> None:
    for name in ns.__all__:
        assert getattr(ns, name) is not None


def test_the_door_is_narrow() -> None:
    assert len(ns.__all__) <= 40
    assert len(set(ns.__all__)) == len(ns.__all__)


def test_dir_knows_the_names_before_they_are_used() -> None:
    assert set(ns.__all__) <= set(dir(ns))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sythesize'"):
        _ = ns.sythesize


def test_synthesize_stays_a_function_although_a_module_has_its_name() -> None:
    import neurosynth.synthesize  # noqa: F401  # the import system would put the module there

    assert isinstance(ns.synthesize, types.FunctionType)


def test_import_is_fast_and_loads_nothing_heavy() -> None:
    seconds, heavy = in_a_bare_interpreter("import neurosynth")
    assert seconds < 0.3
    assert heavy == []


@pytest.mark.parametrize("arguments", [["--help"], ["solve", "--help"], ["--version"]])
def test_help_loads_no_compiler_and_no_torch(arguments: list[str]) -> None:
    statement = f"""
from neurosynth.cli import main
try:
    main({arguments})
except SystemExit as exit_:
    assert exit_.code == 0
"""
    _, heavy = in_a_bare_interpreter(statement)
    assert not {"numba", "torch", "networkx"} & set(heavy)


def test_what_a_person_should_be_able_to_write() -> None:
    task = ns.Task([ns.example([1, 2, 3], output=6), ns.example([4], output=4)])
    result = ns.synthesize(task, "lists")
    assert str(result).startswith("(sum x0) · solved after ")
    assert result.best([5, 5]) == 10


def test_a_language_in_a_few_lines() -> None:
    lang = ns.Language("mine")

    @lang.primitive
    def take(n: int, xs: list[A]) -> list[A]:
        """First n elements."""
        return xs[:n]

    lang.constant(2, "int")
    task = ns.Task([ns.example([1, 2, 3], output=[1, 2]), ns.example([5, 6, 7, 8], output=[5, 6])])
    assert str(ns.synthesize(task, lang).best) == "(take 2 x0)"
