"""``neurosynth train`` and ``neurosynth show``: files, pictures, exit statuses and messages."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosynth.cli import main
from neurosynth.cli.train_run import line
from neurosynth.extras import installed
from neurosynth.guides.files import read_guide_file
from neurosynth.guides.kinds import load_guide
from neurosynth.training.config import TrainConfig
from neurosynth.training.metrics import metrics_path, read_metrics
from neurosynth.training.outcome import TrainProgress
from tests.commands import Printed

neural = pytest.mark.skipif(not installed("neural"), reason="the extra 'neural' is not installed")
plot = pytest.mark.skipif(not installed("plot"), reason="the extra 'plot' is not installed")

SMALL = ("--width", "16", "--layers", "2", "--batch-size", "8", "--set", "max_examples=2", "--device", "cpu")
OUTPUTS: dict[str, Callable[[list[int]], int]] = {
    "(sum x0)": sum,
    "(head x0)": lambda v: v[0],
    "(last x0)": lambda v: v[-1],
    "(length x0)": len,
    "(maximum x0)": max,
    "(sum (reverse x0))": sum,
    "(+ (sum x0) 1)": lambda v: sum(v) + 1,
}
PROGRAMS = list(OUTPUTS)


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tasks with programs."""
    path = tmp_path_factory.mktemp("tasks") / "tasks.jsonl"
    rows = []
    for i in range(60):
        program = PROGRAMS[i % len(PROGRAMS)]
        values = [[i, 2, 3], [1, i], [5, 6, i, 7]]
        outputs = [OUTPUTS[program](v) for v in values]
        examples = [{"inputs": [v], "output": o} for v, o in zip(values, outputs, strict=True)]
        rows.append({"name": f"t{i}", "language": "lists", "examples": examples, "program": program})
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return path


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory, tasks: Path) -> Path:
    """A folder with one small guide of several kinds."""
    folder = tmp_path_factory.mktemp("guides")
    for kind in ("feedforward", "rnn", "lstm"):
        command = ["train", kind, "--language", "lists", "--tasks", str(tasks), "--out", str(folder / kind), *SMALL]
        with pytest.raises(SystemExit) as exit_:
            main([*command, "--steps", "12", "--set", "eval_every=4", "--set", "log_every=2"])
        assert exit_.value.code == 0
    return folder


# -- guides that count


@pytest.mark.parametrize("kind", ["ngram", "pcfg", "bigram-pcfg"])
def test_a_guide_that_counts_learns_from_a_corpus(cli: Any, kind: str, tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("\n".join(PROGRAMS))
    done = cli("train", kind, "--language", "lists", "--corpus", tmp_path / "c.txt", "--out", tmp_path / "g.json")
    assert (done.status, done.err) == (0, "")
    assert re.search(r"from 7 programs of language 'lists'$", done.out.strip())
    load_guide(tmp_path / "g.json")


def test_an_ngram_learns_from_sampled_tasks_and_says_its_perplexity(cli: Any, tmp_path: Path) -> None:
    out = tmp_path / "g.json"
    options = ("--count", 120, "--set", "n=2", "--set", "smoothing=witten-bell", "--max-size", 2)
    done = cli("train", "ngram", "--language", "lists", "--out", out, *options)
    assert re.search(r"2-gram witten-bell from 114 programs .* perplexity \d+\.\d\d on 6 programs held out", done.out)
    row = json.loads(cli("train", "ngram", "--language", "lists", "--out", out, *options, "--json").out)
    assert (row["programs"], row["guide"]) == (120, "ngram")
    assert row["heldout_perplexity"] > 1


def test_an_ngram_learns_from_the_programs_of_tasks(cli: Any, tasks: Path, tmp_path: Path) -> None:
    done = cli("train", "ngram", "--language", "lists", "--tasks", tasks, "--out", tmp_path / "g.json")
    assert "from 60 programs" in done.out


def test_bad_lines_are_named_or_left_out(cli: Any, tmp_path: Path) -> None:
    corpus, out = tmp_path / "c.txt", tmp_path / "g.json"
    corpus.write_text("(sum x0)\n(summ x0)\n(head x0)\n")
    command = ("train", "ngram", "--language", "lists", "--corpus", corpus, "--out", out)
    refused = cli(*command)
    assert (refused.status, refused.out) == (2, "")
    assert re.search(r"c\.txt, line 2, column 2: .*summ", refused.err)
    used = cli(*command, "--skip-bad")
    assert used.status == 0
    assert re.search(r"1 line was left out: .*line 2", used.err)
    assert "from 2 programs" in used.out


# -- neural guides


@neural
def test_training_writes_a_guide_its_state_and_its_metrics(guides: Path) -> None:
    assert sorted(p.name for p in guides.iterdir() if p.name.startswith("lstm")) == [
        "lstm",
        "lstm.metrics.jsonl",
        "lstm.resume",
    ]
    info = read_guide_file(guides / "lstm")
    assert (info.kind, info.language, info.settings["width"]) == ("lstm", "lists", 16)
    assert info.heldout_loss is not None
    assert [r["step"] for r in read_metrics(metrics_path(guides / "lstm"))] == [2, 4, 6, 8, 10, 12]


@neural
def test_training_again_with_resume_goes_on(cli: Any, tasks: Path, tmp_path: Path) -> None:
    command = ("train", "gru", "--language", "lists", "--tasks", tasks, "--out", tmp_path / "g", *SMALL)
    first = cli(*command, "--steps", 3)
    assert first.status == 0
    assert re.search(r"held-out loss \d\.\d+ nats per token .* at step 3 · 3 steps", first.out)
    row = json.loads(cli(*command, "--steps", 5, "--resume", "--json").out)
    assert (row["guide"], row["stop"], row["step"]) == ("gru", "steps", 5)


@neural
@pytest.mark.parametrize("more", [("--count", 60, "--max-size", 2), ("--max-size", 3)], ids=["sample", "stream"])
def test_training_on_tasks_of_its_own_making(cli: Any, more: tuple[object, ...], tmp_path: Path) -> None:
    done = cli("train", "feedforward", "--language", "lists", "--out", tmp_path / "g", *SMALL, "--steps", 2, *more)
    assert done.status == 0, done.err
    assert "2 steps" in done.out


@neural
def test_an_interrupt_writes_a_checkpoint_and_says_how_to_go_on(tasks: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    command = [
        "train",
        "rnn",
        "--language",
        "lists",
        "--tasks",
        str(tasks),
        "--out",
        str(out),
        *SMALL,
        "--minutes",
        "5",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", "from neurosynth.cli import main; main()", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):  # until it has begun to learn
        if metrics_path(out).exists() and len(read_metrics(metrics_path(out))) > 1:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert re.search(
        rf"interrupted at step \d+; continue with: neurosynth train rnn .* {re.escape(str(out))} .*--resume", err
    )
    assert read_guide_file(out.with_name("g.resume")).step > 0


@neural
def test_a_diverged_run_is_status_1(cli: Any, tasks: Path, tmp_path: Path) -> None:
    done = cli(
        "train", "rnn", "--language", "lists", "--tasks", tasks, "--out", tmp_path / "g", *SMALL, "--steps", 50,
        "--lr", 1e30, "--set", "clip_norm=0", "--set", "warmup_steps=0",
    )  # fmt: skip
    assert (done.status, done.out) == (1, "")
    assert re.search(r"at step \d+ is not a finite number; no checkpoint was written yet; use a lower --lr", done.err)


BAD = [
    (("mamba",), r"unknown kind of guide 'mamba'; known: .*transformer"),
    (("lstm", "--tasks", "{no}"), r"no\.jsonl: cannot be read: No such file"),
    (("lstm", "--tasks", "{tasks}", "--count", 5), r"--tasks and --count: .*leave one of them out"),
    (("lstm", "--corpus", "{tasks}"), r"--corpus has programs without examples"),
    (("lstm", "--set", "widht=3"), r"unknown setting of lstm 'widht'; known: .*did you mean width"),
    (("ngram", "--set", "m=3"), r"unknown setting of ngram 'm'; known: discount, floor, k, n, smoothing"),
    (("ngram", "--set", "n=many"), r"ngram: a setting is of the wrong type"),
    (("ngram", "--resume"), r"fitted by counting; leave --resume out"),
    (("ngram", "--corpus", "{tasks}", "--count", 3), r"programs come from one of them"),
    (("lstm", "--set", "width"), r"--set width: not a setting; allowed: KEY=VALUE"),
    (("lstm", "--steps", 0), r"steps is 0; allowed: a whole number, 1 or more"),
    (("lstm", "--precision", "8"), r"unknown precision '8'; known: 32, bf16-mixed"),
    (("lstm", "--device", "tpu"), r"unknown accelerator 'tpu'; known: auto, cpu, cuda"),
    (("lstm", "--resume", "--tasks", "{tasks}"), r"\.resume: no such file"),
    (("lstm", "--out", "{folder}"), r"a folder; give a file"),
    (("lstm", "--out", "{folder}/no/g"), r"its folder does not exist"),
    (("lstm", "--set", "batch_unit=tokens"), r"batch_unit 'tokens' needs the tasks beforehand"),
    (("lstm", "--count", 0), r"count is 0; allowed: 1 or more"),
]  # fmt: skip


@neural
@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(map(str, a)) for a, _ in BAD])
def test_bad_input_is_one_line_and_status_2(
    cli: Any, arguments: tuple[object, ...], message: str, tasks: Path, tmp_path: Path
) -> None:
    places = {"tasks": tasks, "no": tmp_path / "no.jsonl", "folder": tmp_path}
    given = [str(a).format(**places) for a in arguments]
    done = cli("train", *given, "--language", "lists", *([] if "--out" in given else ["--out", tmp_path / "g"]))
    assert (done.status, done.out) == (2, "")
    assert re.search(message, done.err), done.err
    assert done.err.count("\n") == 1


def test_the_progress_line_says_what_matters() -> None:
    now = TrainProgress(
        step=300, used=0.15, seconds=12.0, loss=1.2345, heldout_loss=1.3, tokens_per_second=12_345.0, seconds_left=65.4
    )
    assert line(now, TrainConfig(steps=2000)) == (
        "step 300 of 2,000 · loss 1.234 · held out 1.300 · 12.3 k tokens/s · 1:05 left"
    )


# -- show


def drawn(done: Printed) -> list[str]:
    """Names of the pictures; checks that each is one."""
    assert (done.status, done.err) == (0, ""), done.err
    paths = [Path(p) for p in done.out.split()]
    for path in paths:
        start = path.read_bytes()[:200]
        assert start.startswith(b"\x89PNG") if path.suffix == ".png" else b"<?xml" in start
        assert path.stat().st_size > 5000
    return [p.name for p in paths]


@neural
@plot
@pytest.mark.parametrize("format_", ["png", "svg"])
def test_loss_curves_of_several_runs_are_one_picture(cli: Any, guides: Path, format_: str, tmp_path: Path) -> None:
    done = cli("show", guides / "lstm.metrics.jsonl", guides / "rnn", "--out", tmp_path / "p", "--format", format_)
    assert drawn(done) == [f"loss.{format_}"]


@neural
@plot
def test_guides_on_a_task_give_a_picture_of_each_kind(cli: Any, guides: Path, tasks: Path, tmp_path: Path) -> None:
    files = [guides / k for k in ("lstm", "rnn", "feedforward")]
    done = cli("show", *files, "--task", tasks, "--name", "t5", "--out", tmp_path)
    assert drawn(done) == ["productions-t5.png", "attention-lstm-t5.png", "attention-rnn-t5.png", "gradients.png"]


@neural
@plot
def test_a_program_is_decoded_where_the_task_has_none(cli: Any, guides: Path, tmp_path: Path) -> None:
    task = {
        "name": "a task/with signs",
        "examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[4]], "output": 4}],
    }
    (tmp_path / "t.json").write_text(json.dumps(task))
    found = drawn(cli("show", guides / "lstm", "--task", tmp_path / "t.json", "--out", tmp_path))
    assert found == ["attention-lstm-a_task_with_signs.png"]
    given = ("--program", "(sum x0)")
    assert drawn(cli("show", guides / "lstm", "--task", tmp_path / "t.json", "--out", tmp_path, *given)) == found


@plot
def test_signs_that_mean_something_to_the_drawer_or_that_its_font_lacks_are_drawn(tmp_path: Path) -> None:
    import numpy as np

    from neurosynth.guides.views import HeatMap, HeatMaps
    from neurosynth.training.plots import heat_maps, loss_curves

    own = HeatMap(np.full((2, 3), 1 / 3), ["$", " ", "東"], ["$0", "$1 $2"])
    title = "a $ and a $ and \\ and 東 " * 12
    picture = HeatMaps(panels=[own] * 8, title=title, columns="東 $", rows="$", share="$ of $")
    assert heat_maps(picture, tmp_path / "a.png", "$a$").stat().st_size > 5000
    rows = [{"step": 1, "seconds": 1.0, "loss": 1.0, "heldout_loss": None}]
    assert loss_curves({"$a$": rows, "_b": rows}, tmp_path / "l.svg").stat().st_size > 5000


@plot
@neural
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{g}/lstm", "--format", "bmp"), r"unknown format 'bmp'; known: png, svg"),
        (("{g}/lstn",), r"lstn\.metrics\.jsonl: no such file; did you mean lstm\.metrics\.jsonl"),
        (("{g}/lstm", "--name", "t1"), r"give the file of the task, too .--task FILE"),
        (("{g}/lstm", "--task", "{t}"), r"60 tasks; name one .--name NAME.: t0, t1"),
        (("{g}/lstm", "--task", "{t}", "--name", "t61"), r"no task 't61' among 60"),
        (("{g}/lstm.metrics.jsonl", "--task", "{t}", "--name", "t1"), r"name at least one guide's file, too"),
        (("{t}",), r"no output is a picture; types: int; allowed: types whose values have shapes"),
        (("{g}/lstm", "--task", "{t}", "--name", "t1", "--program", "(sum"), r"line 1, column"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    cli: Any, guides: Path, tasks: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = cli("show", *(a.format(g=guides, t=tasks) for a in arguments), "--out", tmp_path / "p")
    assert (done.status, done.out) == (2, "")
    assert re.search(message, done.err), done.err


def test_help_names_the_guides(cli: Any) -> None:
    assert "transformer" in cli("train", "--help").out
    assert "gradient norm" in " ".join(cli("show", "--help").out.split())
