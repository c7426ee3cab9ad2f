"""A stranger's package: installed by pip, found by its entry points, checked, listed, used; its broken part is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent / "plugin_package"

Python = Callable[..., "subprocess.CompletedProcess[str]"]
MAIN = "from neurosynth.cli import main; main()"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """``python(code, *arguments, **environment)``: a new interpreter that sees the installed package."""
    folder = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(PACKAGE, folder / "source")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(folder / "site"), str(source)], check=True
    )

    def run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "PYTHONPATH": str(folder / "site"), **environment}
        return subprocess.run([sys.executable, "-c", code, *arguments], env=variables, capture_output=True, text=True)

    return run


def test_it_passes_the_checks(python: Python) -> None:
    done = python(
        "from neurosynth.plugins import load\n"
        "from neurosynth.testing import check_language, check_rows, check_search\n"
        "from neurosynth_clock.rows import ROWS\n"
        "check_language(load('languages', 'clock'))\n"
        "check_rows(load('languages', 'clock'), ROWS)\n"
        "check_search(load('searches', 'shortest')())\n"
        "print('passed')"
    )
    assert done.stdout == "passed\n", done.stderr


def test_its_kernels_run_compiled(python: Python) -> None:
    done = python(
        "import neurosynth as ns\n"
        "lang = ns.load_language('clock')\n"
        "task = ns.Task([ns.example(h, m, output=(60 * h + m + 732) % 1440) for h, m in ((1, 2), (13, 30), (23, 59))])\n"
        "result = ns.synthesize(task, lang, search=ns.BottomUp(object_cells=1))\n"
        "print(result.trace[-1]['compiled'], result.best(0, 5))"
    )
    assert done.stdout == "True 737\n", done.stderr


def test_the_command_line_lists_and_uses_it(python: Python, tmp_path: Path) -> None:
    listed = python(MAIN, "list", "languages").stdout
    rows = dict(line.split() for line in listed.splitlines())
    assert rows["clock"] == "neurosynth-clock"
    assert rows["strings"] == "neurosynth-pbe"
    assert "shortest" in python(MAIN, "list", "searches").stdout
    path = tmp_path / "task.json"
    examples = [{"inputs": ["9:05"], "output": "10:05"}, {"inputs": ["23:30"], "output": "0:30"}]
    path.write_text(json.dumps({"name": "an hour later", "examples": examples}), encoding="utf-8")
    done = python(MAIN, "solve", str(path), "--language", "clock", "--search", "shortest", "--json")
    answer = json.loads(done.stdout)
    assert (answer["stop"], answer["language"]) == ("solved", "clock"), done.stderr
    ran = python(MAIN, "run", answer["programs"][0]["text"], "--language", "clock", "--input", '"7:15"').stdout
    assert ran.strip().strip('"') == "8:15"


def test_a_plugin_that_does_not_load_is_named_and_spares_the_rest(python: Python) -> None:
    done = python(MAIN, "list", "primitives", "--language", "wreck")
    assert done.returncode == 2
    assert "'wreck' (languages) of distribution 'neurosynth-clock' does not load" in done.stderr
    assert "sundial" in done.stderr
    assert "Traceback" not in done.stderr
    assert python(MAIN, "list", "primitives", "--language", "clock").returncode == 0
    assert "wreck" in python(MAIN, "list", "languages").stdout  # listing imports nothing


def test_strangers_can_be_turned_off(python: Python) -> None:
    listed = python(MAIN, "list", "languages", NEUROSYNTH_NO_PLUGINS="1").stdout
    assert "strings" in listed
    assert "clock" not in listed
    assert "wreck" not in listed
    assert "shortest" not in python(MAIN, "list", "searches", NEUROSYNTH_NO_PLUGINS="1").stdout
    done = python(MAIN, "list", "primitives", "--language", "clock", NEUROSYNTH_NO_PLUGINS="1")
    assert done.returncode == 2
    assert "unknown language 'clock'" in done.stderr
