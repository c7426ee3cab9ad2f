"""``train``: settings in a file, weights to begin from, solved tasks to learn from, a warm-up that is too long."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.rows import Row, read_rows
from neurosynth.bench.solved import solved_pairs
from neurosynth.bench.suites import Suite
from neurosynth.cli.config_file import read_config, sampling_config
from neurosynth.errors import InputError
from neurosynth.extras import installed
from neurosynth.guides.files import read_guide_file
from neurosynth.guides.kinds import load_guide
from neurosynth.language.load import load_language
from neurosynth.language.program import Constant
from neurosynth.tasks.task import Task, example
from neurosynth.training.batches import Mixed
from neurosynth.training.config import TrainConfig
from neurosynth.values.types import INT

neural = pytest.mark.skipif(not installed("neural"), reason="the extra 'neural' is not installed")
LISTS = load_language("lists")
SMALL = ("--language", "lists", "--count", "40", "--max-size", "2", "--type", "list int -> int")
QUICK = ("--steps", "12", "--batch-size", "8", "--width", "16", "--set", "max_examples=2", "--set", "warmup_steps=2")


# --- settings in a file --------------------------------------------------------------------------------------------


@neural
def test_settings_come_from_a_file_and_options_go_first(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        "[model]\nwidth = 24\nlayers = 2\nmax_examples = 2\n"
        "[training]\nsteps = 6\nbatch_size = 4\nwarmup_steps = 1\nseed = 7\n"
        '[sampling]\ntypes = ["list int -> int"]\nsizes = [1, 2]\nexamples = [2, 3]\n'
    )
    given = ("--language", "lists", "--count", "30", "--config", tmp_path / "c.toml")
    done = cli("train", "gru", *given, "--out", tmp_path / "g", "--width", "16", "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out)["step"] == 6
    file = read_guide_file(tmp_path / "g")
    assert (file.settings["width"], file.settings["max_examples"]) == (16, 2)
    assert (file.training["config"]["batch_size"], file.training["config"]["seed"]) == (4, 7)
    assert file.training["data"]["examples"] == [2, 3]
    assert file.training["data"]["types"] == ["list int -> int"]


def test_sampling_takes_the_same_file(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[sampling]\ntypes = ["list int -> int"]\nsizes = [1, 1]\nexamples = [2, 2]\n')
    given = ("--language", "lists", "--count", "5", "--workers", "1", "--config", tmp_path / "c.toml")
    assert cli("sample", *given, "--out", tmp_path / "a.jsonl").status == 0
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert {len(row["examples"]) for row in rows} == {2}
    assert (
        cli("sample", *given, "--out", tmp_path / "b.jsonl", "--min-examples", "3", "--max-examples", "3").status == 0
    )
    rows = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert {len(row["examples"]) for row in rows} == {3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model\n", r"c\.toml: invalid TOML: .*line 1"),
        ("[modle]\nwidth = 3\n", r"unknown table of \S+ 'modle'; known: model, sampling, training, did you mean|"
         r"unknown table of \S+ 'modle'; known: model, sampling, training"),
        ("training = 3\n", r"c\.toml: training is 3; allowed: a table"),
        ("[sampling]\nsize = 3\n", r"unknown sampling setting 'size'; known: curriculum, examples, inputs_from, raised, seed, sizes"),
        ("[sampling]\nsizes = 3\n", r"sampling: sizes is 3; allowed: two whole numbers"),
        ('[sampling]\ntypes = "int -> int"\n', r"sampling: types is 'int -> int'; allowed: a list of request types"),
        ("[sampling]\nseed = 1.5\n", r"sampling: seed is 1.5; allowed: a whole number"),
        ("[training]\nstep = 3\n", r"unknown training setting 'step'; known: .*steps"),
        ("[model]\nheight = 3\n", r"unknown setting of gru 'height'; known: .*width"),
    ],
)  # fmt: skip
@neural
def test_a_file_that_is_wrong_is_one_line(cli: Any, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    done = cli("train", "gru", "--language", "lists", "--config", tmp_path / "c.toml", "--out", tmp_path / "g")
    assert (done.status, done.out) == (2, "")
    import re

    assert re.search(message, done.err), done.err
    assert "Traceback" not in done.err


def test_no_file_is_no_settings() -> None:
    assert read_config(None).training == {}
    assert sampling_config({}).sizes == (1, 5)


# --- weights to begin from -----------------------------------------------------------------------------------------


@neural
def test_a_run_begins_from_a_guide_and_its_settings(cli: Any, tmp_path: Path) -> None:
    assert cli("train", "gru", *SMALL, *QUICK, "--out", tmp_path / "a").status == 0
    more = ("--steps", "1", "--batch-size", "8", "--lr", "1e-9", "--set", "warmup_steps=0", "--seed", "3")
    done = cli("train", "gru", *SMALL, *more, "--begin", tmp_path / "a", "--out", tmp_path / "b")
    assert done.status == 0, done.err
    one, other = (read_guide_file(tmp_path / n) for n in "ab")
    assert one.settings == other.settings
    assert all(abs(one.tensors[n] - other.tensors[n]).max() < 1e-5 for n in one.tensors)
    assert len(other.training["data"]["begin"]) == 16
    done = cli("train", "lstm", *SMALL, *QUICK, "--begin", tmp_path / "a", "--out", tmp_path / "c")
    assert done.status == 2
    assert "a guide of kind gru, not lstm; train that kind, or leave --begin out" in done.err
    done = cli("train", "gru", *SMALL, *more, "--begin", tmp_path / "a", "--width", "18", "--out", tmp_path / "c")
    assert "its tensors are not those of this model" in done.err


def test_what_is_counted_begins_from_nothing(cli: Any, tmp_path: Path) -> None:
    done = cli("train", "ngram", *SMALL, "--begin", tmp_path / "a", "--out", tmp_path / "b.json")
    assert "fitted by counting; leave --begin out" in done.err


# --- solved tasks to learn from ------------------------------------------------------------------------------------

TASKS = (
    Task([example([1, 2, 3], output=6), example([4], output=4)], "sum"),
    Task([example([1, 2, 3], output=3), example([4, 1], output=4)], "largest"),
    Task([example([1, 2], output=[1, 2, 77]), example([3], output=[3, 77])], "with a constant"),
    Task([example([5], output=5), example([6, 1], output=6)], "hard"),
)


def row(task: str, text: str, **changes: Any) -> Row:
    programs = [{"text": text, "size": 2, "logprob": None}] if text else []
    value = {
        "schema": 1, "suite": "mine", "task": task, "language": "lists", "solver": "neurosynth", "guide": "uniform",
        "search": "auto", "settings": {"guide": "auto", "search": "auto"}, "seed": 0, "repeat": 0,
        "limits": {"seconds": 1.0, "max_memory": 4.0, "max_programs": None}, "examples": 2, "show": None,
        "stop": "solved" if text else "time", "reason": "", "solved": bool(text), "programs": programs, "held_out": None,
        "stats": {}, "wall": 0.1, "cpu": 0.1, "peak_memory_mb": 100.0, "closest_share": 1.0, "versions": {}, "commit": None,
        "machine": {}, "started": "2026-01-01T00:00:00+00:00", **changes,
    }  # fmt: skip
    return Row.from_json(value)


ROWS = (
    row("sum", "(sum x0)"),
    row("sum", "(sum x0)", seed=1),
    row("largest", "(maximum x0)", held_out={"examples": 2, "right": 2}),
    row("largest", "(last (sort x0))"),
    row("with a constant", "(snoc x0 77)"),
    row("hard", ""),
    row("hard", "(head x0)", held_out={"examples": 4, "right": 1}),
    row("sum", "(str.len x0)", language="strings"),
    row("sum", "(length x0)", suite="theirs"),
)


def test_solved_rows_are_pairs_to_learn_from() -> None:
    told: list[str] = []
    rows = [*ROWS, row("gone", "(sum x0)"), row("hard", "(sum x0)"), row("hard", "(no x0)")]
    pairs = solved_pairs(rows, [Suite("mine", TASKS)], LISTS, told.append)
    found = [(task.name, str(program)) for task, program in pairs]
    assert found[:3] == [("sum", "(sum x0)"), ("largest", "(maximum x0)"), ("largest", "(last (sort x0))")]
    assert found[3:] == [("with a constant", "(snoc x0 77)")]
    assert [t.split(":")[0] for t in told][-3:] == [
        "row of suite 'mine', task 'gone'", "row of suite 'mine', task 'hard'", "row of suite 'mine', task 'hard'",
    ]  # fmt: skip
    assert "no such task in the suite given" in told[-3]
    assert "is not right on every example" in told[-2]


def test_a_task_has_the_constants_of_its_program() -> None:
    pairs = solved_pairs([row("with a constant", "(snoc x0 77)")], [Suite("mine", TASKS)], LISTS, lambda _: None)
    assert Constant(77, INT) in pairs[0][0].constants


def test_rows_that_teach_nothing_are_an_error() -> None:
    with pytest.raises(
        InputError, match=r"no row to learn from; needed: a task of the suites other, .*; the rows are of mine, theirs"
    ):
        solved_pairs(ROWS, [Suite("other", TASKS)], LISTS, lambda _: None)


def written(folder: Path) -> tuple[Path, Path]:
    """A file of rows, and one of their tasks."""
    rows, tasks = folder / "rows.jsonl", folder / "mine.jsonl"
    rows.write_text("".join(json.dumps(r.to_json()) + "\n" for r in ROWS[:4]))
    assert len(read_rows(rows)) == 4
    lines = [
        {"name": t.name, "examples": [{"inputs": [list(e.inputs[0])], "output": e.output} for e in t.examples]}
        for t in TASKS[:2]
    ]
    tasks.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return rows, tasks


def test_counts_lean_to_what_was_solved(cli: Any, tmp_path: Path) -> None:
    rows, tasks = written(tmp_path)
    given = ("--from-rows", rows, "--suite", tasks)
    assert cli("train", "pcfg", *SMALL, "--out", tmp_path / "a.json").status == 0
    done = cli("train", "pcfg", *SMALL, *given, "--rows-share", "0.5", "--out", tmp_path / "b.json", "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out)["solved"] == 3
    assert "3 solved tasks of" in done.err
    from neurosynth.guides.base import RuleGuide
    from neurosynth.guides.derivations import derivation_logprob
    from neurosynth.language.syntax import parse_program
    from neurosynth.tasks.grammar import task_grammar

    program, grammar = parse_program("(sum x0)", LISTS, request="list int -> int"), task_grammar(TASKS[0], LISTS)
    before, after = (load_guide(tmp_path / f"{n}.json") for n in "ab")
    assert isinstance(before, RuleGuide)
    assert isinstance(after, RuleGuide)
    scores = [derivation_logprob(g.predict(TASKS[0], grammar), program) or 0.0 for g in (before, after)]
    assert scores[1] > scores[0] + 0.5


@neural
def test_a_model_learns_from_what_was_solved(cli: Any, tmp_path: Path) -> None:
    rows, tasks = written(tmp_path)
    given = ("--from-rows", rows, "--suite", tasks, "--rows-share", "0.5")
    done = cli("train", "gru", *SMALL, *QUICK, *given, "--out", tmp_path / "g", "--json")
    assert done.status == 0, done.err
    data = read_guide_file(tmp_path / "g").training["data"]
    assert (data["share"], len(data["rows"])) == (0.5, 16)


def test_rows_and_suites_go_together(cli: Any, tmp_path: Path) -> None:
    rows, _ = written(tmp_path)
    done = cli("train", "pcfg", *SMALL, "--from-rows", rows, "--out", tmp_path / "g.json")
    assert (done.status, "--from-rows and --suite need each other" in done.err) == (2, True)


@pytest.mark.parametrize("share", [0.0, 1.5, -1.0])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="the share of solved tasks is"):
        Mixed(lambda step: [], [(TASKS[0], LISTS and None)], share)  # type: ignore[list-item]


def test_batches_are_mixed_by_step_alone() -> None:
    own, others = [(TASKS[0], n) for n in range(8)], [(TASKS[1], n) for n in range(3)]
    mixed = Mixed(lambda step: own, others, 0.25, seed=1)  # type: ignore[arg-type,return-value]
    batches = [mixed(step) for step in range(50)]
    assert all(len(b) == 8 and sum(t.name == "largest" for t, _ in b) == 2 for b in batches)
    assert batches == [mixed(step) for step in range(50)]
    assert len({p for b in batches for t, p in b if t.name == "largest"}) == 3


# --- a warm-up that is too long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "step", "said"),
    [
        ({"steps": 60}, None, "the warm-up (100 steps) is not shorter than the run (60)"),
        ({"steps": 101}, None, ""),
        ({"minutes": 1.0}, None, ""),
        ({"minutes": 1.0}, 40, "the warm-up (100 steps) is not shorter than the run (40)"),
        ({"steps": 60, "warmup_steps": 6}, None, ""),
    ],
)
def test_a_warm_up_that_never_ends_is_said(config: dict[str, Any], step: int | None, said: str) -> None:
    note = TrainConfig(**config).warmup_note(step)
    assert note.startswith(said)
    assert bool(note) is bool(said)


@neural
def test_the_command_says_it(cli: Any, tmp_path: Path) -> None:
    done = cli("train", "gru", *SMALL, "--steps", "3", "--width", "16", "--out", tmp_path / "g")
    assert "neurosynth: the warm-up (100 steps) is not shorter than the run (3)" in done.err
    assert done.status == 0
