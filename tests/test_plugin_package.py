"""A stranger's package: installed by pip, found by its entry points, checked, listed, used; its broken part is named."""

from __future__ import annotations

import importlib.util
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
        "check_search(load('searches', 'top-down')())\n"
        "print('passed')"
    )
    assert done.stdout == "passed\n", done.stderr


def test_a_primitive_in_one_place_with_one_row_keeps_the_shipped_guides(python: Python) -> None:
    done = python(
        "import neurosynth as ns\n"
        "from neurosynth.guides.trained import trained_guides\n"
        "from neurosynth.testing import check_rows\n"
        "from neurosynth_clock.twice import ROWS, more_strings, strings\n"
        "check_rows(more_strings, ROWS, beyond=strings)\n"
        "print(*sorted(guide.name for guide in trained_guides(more_strings) if guide.load(more_strings)))\n"
        "task = ns.Task([ns.example(t, output=t + t) for t in ('tick', 'ada', 'noon')])\n"
        "print(ns.synthesize(task, more_strings).best)"
    )
    guides, found = done.stdout.splitlines()
    assert guides.split() == ["strings-bigram-pcfg", "strings-lstm", "strings-ngram"], done.stderr
    assert found == "(str.twice x0)"


def test_its_kernels_run_compiled(python: Python) -> None:
    done = python(
        "import neurosynth as ns\n"
        "lang = ns.load_language('clock')\n"
        "task = ns.Task([ns.example(h, m, output=(60 * h + m + 732) % 1440) for h, m in ((1, 2), (13, 30), (23, 59))])\n"
        "result = ns.synthesize(task, lang, search=ns.BottomUp(object_cells=1))\n"
        "print(result.trace[-1]['compiled'], result.best(0, 5))"
    )
    assert done.stdout == "True 737\n", done.stderr


def test_its_types_are_ones_like_ours(python: Python) -> None:
    """A class of colours in a word, and a list of ints in another guise: parsed, printed, sampled, compiled, exported."""
    done = python(
        "import neurosynth as ns\n"
        "from neurosynth.engine.kernels.choice import kind_of\n"
        "from neurosynth.testing import check_language, check_rows\n"
        "from neurosynth_clock.rows import BRICK_ROWS\n"
        "lang = ns.load_language('bricks')\n"
        "check_language(lang)\n"
        "check_rows(lang, BRICK_ROWS)\n"
        "text = '(brighter (invert x0) (colour \"#ff8800\"))'\n"
        "program = ns.parse_program(text, lang)\n"
        "assert str(program) == text and program((1, 2, 3)) is True\n"
        "print([kind_of(ns.parse_type(t)) for t in ('colour', 'pile', 'list colour')])\n"
        "tasks = [*ns.sample_tasks(lang, count=20, seed=0)]\n"
        "print({'colour', 'pile'} <= {w for t in tasks for w in str(t.type).split()})\n"
        "rows = [('#010203', [1, 2], [1, 2, 759]), ('#000000', [5], [5, 765])]\n"
        "examples = [ns.example(*row[:2], output=row[2]) for row in rows]\n"
        "task = ns.Task(examples, type=ns.parse_type('colour -> pile -> pile'))\n"
        "result = ns.synthesize(task, lang, search=ns.BottomUp(object_cells=1))\n"
        "print(result.best, result.trace[-1]['compiled'])\n"
        "space = {}\n"
        "exec(result.export(result.solutions[0], 'python'), space)\n"
        "print(space['program'](space['RGB'](1, 2, 3), [4]))"
    )
    assert done.stdout.splitlines() == [
        "['w', 'i', 'i']",
        "True",
        "(on_top x1 (brightness (invert x0))) True",
        "[4, 759]",
    ], done.stderr


def test_guides_are_trained_for_its_types(python: Python, tmp_path: Path) -> None:
    path = tmp_path / "task.json"
    examples = [{"inputs": ["#010203"], "output": "#fefdfc"}, {"inputs": ["#000000"], "output": "#ffffff"}]
    task = {"examples": examples, "type": "colour -> colour", "language": "bricks"}
    path.write_text(json.dumps(task), encoding="utf-8")
    options = ("--language", "bricks", "--count", "60", "--max-size", "3", "--out")
    counted = tmp_path / "ngram.json"
    trained = python(MAIN, "train", "ngram", *options, str(counted))
    assert "of language 'bricks'" in trained.stdout, trained.stderr
    files = [counted]
    if importlib.util.find_spec("torch") is not None:
        files.append(tmp_path / "lstm.safetensors")
        small = ("--steps", "2", "--batch-size", "8", "--width", "16")
        trained = python(MAIN, "train", "feedforward", *options, str(files[1]), *small)
        assert "2 steps" in trained.stdout, trained.stderr
    for file in files:
        done = python(MAIN, "solve", str(path), "--guide", str(file), "--json")
        assert json.loads(done.stdout)["programs"][0]["text"] == "(invert x0)", done.stderr


def test_the_command_line_lists_and_uses_it(python: Python, tmp_path: Path) -> None:
    listed = python(MAIN, "list", "languages").stdout
    rows = dict(line.split() for line in listed.splitlines())
    assert rows["clock"] == "neurosynth-clock"
    assert rows["strings"] == "neurosynth-pbe"
    assert "top-down" in python(MAIN, "list", "searches").stdout
    path = tmp_path / "task.json"
    examples = [{"inputs": ["9:05"], "output": "10:05"}, {"inputs": ["23:30"], "output": "0:30"}]
    path.write_text(json.dumps({"name": "an hour later", "examples": examples}), encoding="utf-8")
    done = python(MAIN, "solve", str(path), "--language", "clock", "--search", "top-down", "--json")
    answer = json.loads(done.stdout)
    assert (answer["stop"], answer["language"]) == ("solved", "clock"), done.stderr
    ran = python(MAIN, "run", answer["programs"][0]["text"], "--language", "clock", "--input", '"7:15"').stdout
    assert ran.strip().strip('"') == "8:15"


@pytest.fixture(scope="module")
def guides(python: Python, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a guide of each of the package's kinds; that of the neural kind is where the package ships it, too."""
    pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    folder = tmp_path_factory.mktemp("guides")
    sampled = ("--language", "clock", "--type", "string -> string", "--type", "int -> int -> string")
    options = ("--count", "100", "--max-size", "5")
    fitted = python(
        MAIN, "train", "often", *sampled, *options, "--out", str(folder / "often.json"), "--set", "more=0.5"
    )
    assert "often.json: often from" in fitted.stdout, fitted.stderr
    neural = ("--steps", "80", "--lr", "0.02", "--width", "32", "--set", "warmup_steps=5", "--set", "squash=false")
    out = folder / "bag.safetensors"
    trained = python(MAIN, "train", "bag", *sampled, *options, *neural, "--out", str(out), "--json")
    assert json.loads(trained.stdout)["heldout_loss"] < 2.5, trained.stderr
    site = python("import neurosynth_clock; print(neurosynth_clock.__path__[0])").stdout.strip()
    shutil.copy(out, Path(site) / "clock-bag.safetensors")
    return folder


@pytest.fixture
def task_file(tmp_path: Path) -> Path:
    examples = [{"inputs": ["9:05"], "output": "10:05"}, {"inputs": ["23:30"], "output": "0:30"}]
    task = {"name": "later", "examples": examples, "language": "clock", "program": "(show (later 60 (read x0)))"}
    path = tmp_path / "later.json"
    path.write_text(json.dumps(task), encoding="utf-8")
    return path


def test_its_kinds_of_guides_are_trained_and_checked(python: Python, guides: Path) -> None:
    done = python(
        "import sys\n"
        "from neurosynth import load_guide, load_language\n"
        "from neurosynth.guides.kinds import load_trainable\n"
        "from neurosynth.testing import check_guide\n"
        "clock = load_language('clock')\n"
        "for file in sys.argv[1:]: check_guide(load_guide(file), language=clock)\n"
        "print(load_guide(sys.argv[1]).settings.more, load_trainable(sys.argv[2]).config.squash)",
        *(str(guides / name) for name in ("often.json", "bag.safetensors")),
    )
    assert done.stdout == "0.5 False\n", done.stderr


@pytest.mark.parametrize("name", ["often.json", "bag.safetensors"])
def test_its_guides_are_used_from_a_file(python: Python, guides: Path, task_file: Path, name: str) -> None:
    done = python(MAIN, "solve", str(task_file), "--guide", str(guides / name))
    assert done.returncode == 0, done.stderr
    assert "(read x0)" in done.stdout
    assert f"guide {name.split('.')[0]}" in done.stdout


def test_auto_takes_its_guide_and_says_where_it_cannot(python: Python, guides: Path, task_file: Path) -> None:
    # it is asked if the program found is about as long as the outputs and there is time until it is loaded
    solved = python(MAIN, "solve", str(task_file)).stdout
    assert "guide uniform (clock-bag not needed)" in solved or "guide clock-bag" in solved
    assert "guide bag · search beam" in python(MAIN, "solve", str(task_file), "--search", "beam").stdout
    change = (
        "from dataclasses import replace\n"
        "from neurosynth import Primitive, Task, example, load_language, parse_type, synthesize\n"
        "clock = load_language('clock')\n"
        "{}\n"
        "task = Task([example('9:05', output='10:05'), example('23:30', output='0:30')])\n"
        "print(synthesize(task, clock))"
    )
    added = "clock.add(Primitive(name='noon', type=parse_type('int'), function=lambda: 720))"
    found = python(change.format(added)).stdout
    assert "clock-bag not needed" in found or "guide clock-bag" in found
    assert "not used" not in found
    changed = "clock.primitives['at'] = replace(clock['at'], type=parse_type('int -> int -> bool'))"
    said = "guide clock-bag not used: primitive 'at' has changed its type: int -> int -> int, now int -> int -> bool"
    assert said in python(change.format(changed)).stdout


def test_show_draws_what_its_kinds_declare(python: Python, guides: Path, task_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")
    files = [str(guides / name) for name in ("often.json", "bag.safetensors")]
    done = python(MAIN, "show", *files, "--task", str(task_file), "--out", str(tmp_path / "p"))
    assert sorted(Path(line).name for line in done.stdout.split()) == ["productions-later.png", "surprise.png"], (
        done.stderr
    )
    losses = python(MAIN, "show", files[1], "--out", str(tmp_path / "p"))
    assert Path(losses.stdout.strip()).name == "loss.png", losses.stderr


def test_naming_a_kind_where_a_guide_is_wanted_says_what_to_do(python: Python, task_file: Path) -> None:
    done = python(MAIN, "solve", str(task_file), "--guide", "often")
    assert done.returncode == 2
    assert "guide 'often' has to be trained first: neurosynth train often --language clock --out FILE" in done.stderr
    unknown = python(MAIN, "train", "oftn", "--language", "clock", "--out", "x.json")
    assert "unknown kind of guide 'oftn'; known: bag, bigram-pcfg" in unknown.stderr
    assert "did you mean 'often'" in unknown.stderr or "did you mean often" in unknown.stderr


def test_a_plugin_that_does_not_load_is_named_and_spares_the_rest(python: Python) -> None:
    done = python(MAIN, "list", "primitives", "--language", "wreck")
    assert done.returncode == 2
    assert "'wreck' (languages) of distribution 'neurosynth-clock' cannot be loaded" in done.stderr
    assert "sundial" in done.stderr
    assert "Traceback" not in done.stderr
    assert python(MAIN, "list", "primitives", "--language", "clock").returncode == 0
    assert "wreck" in python(MAIN, "list", "languages").stdout  # listing imports nothing


def test_strangers_can_be_turned_off(python: Python) -> None:
    listed = python(MAIN, "list", "languages", NEUROSYNTH_NO_PLUGINS="1").stdout
    assert "strings" in listed
    assert "clock" not in listed
    assert "wreck" not in listed
    assert "top-down" not in python(MAIN, "list", "searches", NEUROSYNTH_NO_PLUGINS="1").stdout
    done = python(MAIN, "list", "primitives", "--language", "clock", NEUROSYNTH_NO_PLUGINS="1")
    assert done.returncode == 2
    assert "unknown language 'clock'" in done.stderr
