"""Training: the same numbers after a resume, what is written when, and what happens when something goes wrong."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra 'neural' is not installed")

from neurosynth.errors import InputError, UnknownNameError  # noqa: E402
from neurosynth.guides.files import read_guide_file  # noqa: E402
from neurosynth.guides.kinds import Trainable, build_guide  # noqa: E402
from neurosynth.language.load import load_language  # noqa: E402
from neurosynth.training.batches import Feed, Shuffled  # noqa: E402
from neurosynth.training.config import TrainConfig  # noqa: E402
from neurosynth.training.metrics import COLUMNS, MetricsLog, metrics_path, read_metrics  # noqa: E402
from neurosynth.training.outcome import TrainingDiverged, TrainProgress, TrainResult, TrainStop  # noqa: E402
from neurosynth.training.trainer import resume_path, train  # noqa: E402
from tests.training.tiny import TinyGuide, TinyModel, some_pairs  # noqa: E402

PAIRS = some_pairs()
TRAINING, HELD_OUT = PAIRS[:36], PAIRS[36:]
CONFIG = TrainConfig(steps=20, batch_size=8, learning_rate=0.03, warmup_steps=5, eval_every=5, accelerator="cpu")


def run(guide: Trainable, config: TrainConfig = CONFIG, **options: Any) -> TrainResult:
    """Train on the small set."""
    batches = Shuffled(TRAINING, config.batch_size, seed=config.seed, unit=config.batch_unit)
    return train(guide, batches, HELD_OUT, config, **options)


def after(count: int) -> Callable[[], bool]:
    """Says stop before step ``count``."""
    asked = 0

    def ask() -> bool:
        nonlocal asked
        asked += 1
        return asked >= count

    return ask


class Killed(BaseException):
    """Stands for a process that ends in the middle of something."""


def killed_at(step: int) -> Callable[[TrainProgress], None]:
    """Dies at a step, with nothing written any more."""

    def look(now: TrainProgress) -> None:
        if now.step >= step:
            raise Killed

    return look


# -- the same numbers


def test_the_loss_goes_down_and_the_guide_ends_with_the_best_weights(tmp_path: Path) -> None:
    guide = TinyGuide()
    result = run(guide, replace(CONFIG, steps=100), out=tmp_path / "g")
    rows = read_metrics(metrics_path(tmp_path / "g"))
    losses = {r["step"]: r["heldout_loss"] for r in rows if r["heldout_loss"] is not None}
    assert result.heldout_loss == min(losses.values()) < 1.2 < losses[5]
    assert result.best_step == min(losses, key=lambda s: losses[s])
    kept = read_guide_file(tmp_path / "g").tensors
    assert all(torch.equal(torch.tensor(kept[f"model.{n}"]), t) for n, t in guide.module.state_dict().items())
    assert not guide.module.training


@pytest.mark.parametrize(
    "more",
    [{}, {"batch_unit": "tokens", "batch_size": 60}, {"optimizer": "sgd"}, {"decay": "linear", "clip_norm": 0.0}],
    ids=["plain", "tokens", "sgd", "no clipping"],
)
def test_a_run_cut_off_and_resumed_ends_with_the_same_numbers(more: dict[str, Any], tmp_path: Path) -> None:
    config = replace(CONFIG, **more)
    whole, part = tmp_path / "whole", tmp_path / "part"
    run(TinyGuide(), config, out=whole)
    assert run(TinyGuide(), config, out=part, interrupted=after(9)).step == 8
    resumed = run(TinyGuide(seed=9), config, out=part, resume=True)  # the first weights no longer matter
    assert resumed.step == 20
    assert part.read_bytes() == whole.read_bytes()
    ends = [read_guide_file(resume_path(p)).tensors for p in (whole, part)]
    assert ends[0].keys() == ends[1].keys()
    assert all((ends[0][k] == ends[1][k]).all() for k in ends[0])


@pytest.mark.parametrize("kind", ["lstm", pytest.param("transformer", marks=pytest.mark.slow)])
def test_two_hundred_steps_are_a_hundred_killed_and_a_hundred_more(kind: str, tmp_path: Path) -> None:
    config = replace(CONFIG, steps=200, eval_every=50, learning_rate=0.003, batch_size=4)

    def fresh() -> Trainable:
        guide: Trainable = build_guide(kind, load_language("lists"), {"width": 16, "layers": 2, "max_examples": 2}, 0)
        return guide

    whole, part = tmp_path / "whole", tmp_path / "part"
    run(fresh(), config, out=whole)
    with pytest.raises(Killed):
        run(fresh(), config, out=part, progress=killed_at(130))
    assert read_guide_file(resume_path(part)).step == 100
    run(fresh(), config, out=part, resume=True)
    assert part.read_bytes() == whole.read_bytes()
    rows = [
        [
            {k: v for k, v in r.items() if k not in ("seconds", "tokens_per_second")}
            for r in read_metrics(metrics_path(p))
        ]
        for p in (whole, part)
    ]
    assert rows[0] == rows[1]
    assert [r["step"] for r in rows[0]] == list(range(10, 201, 10))


def test_the_same_seed_gives_the_same_run_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        torch.manual_seed(hash(name) % 100)  # what happened before makes no difference
        run(TinyGuide(), replace(CONFIG, seed=seed), out=tmp_path / name)
    first, second, other = (read_guide_file(tmp_path / n).tensors for n in "abc")
    assert all((first[k] == second[k]).all() for k in first)
    assert not all((first[k] == other[k]).all() for k in first)


def test_training_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(3)
    wanted = torch.rand(2)
    torch.manual_seed(3)
    run(TinyGuide())
    assert torch.equal(torch.rand(2), wanted)


@pytest.mark.parametrize("unit", ["tasks", "tokens"])
def test_every_pair_comes_once_an_epoch_in_another_order(unit: str) -> None:
    source = Shuffled(TRAINING, 7 if unit == "tasks" else 40, seed=1, unit=unit)
    orders = []
    step = 0
    for _ in range(3):
        epoch: list[str] = []
        while len(epoch) < len(TRAINING):
            batch = source(step)
            if unit == "tokens":
                assert len(batch) * max(p.size + 1 for _, p in batch) <= 40
            epoch += [t.name for t, _ in batch]
            step += 1
        assert sorted(epoch) == sorted(t.name for t, _ in TRAINING)
        orders.append(epoch)
    assert orders[0] != orders[1] != orders[2]
    again = Shuffled(TRAINING, source.size, seed=1, unit=unit)
    assert again(step - 1) == source(step - 1)  # asked out of order


@pytest.mark.filterwarnings("ignore:This DataLoader will create:UserWarning")  # on a machine of one core
@pytest.mark.parametrize("workers", [0, 2])
def test_batches_come_in_order_whoever_makes_them(workers: int) -> None:
    guide, source = TinyGuide(), Shuffled(TRAINING, 5)
    with Feed(lambda step: guide.collate(source(step)), 3, torch.device("cpu"), workers=workers) as feed:
        found = [next(feed) for _ in range(6)]
    for step, batch in enumerate(found, 3):
        assert torch.equal(batch.ids, guide.collate(source(step)).ids)


def test_what_goes_wrong_in_making_a_batch_is_raised_by_training() -> None:
    def source(step: int) -> Any:
        if step == 4:
            raise InputError("line 17: no task")
        return TRAINING[:3]

    with pytest.raises(InputError, match="line 17: no task"):
        train(TinyGuide(), source, [], CONFIG)


# -- when it stops


def test_an_interrupt_writes_the_state_and_says_how_to_go_on(tmp_path: Path) -> None:
    result = run(TinyGuide(), out=tmp_path / "g", interrupted=after(4))
    assert (result.stop, result.step) == (TrainStop.INTERRUPTED, 3)
    assert "--resume" in str(result)
    assert read_guide_file(resume_path(tmp_path / "g")).step == 3
    assert (tmp_path / "g").exists()  # better than nothing, and replaced by the first evaluated weights


def test_patience_ends_a_run_that_gets_no_better(tmp_path: Path) -> None:
    config = replace(CONFIG, steps=500, learning_rate=1e-12, eval_every=2, patience=3, warmup_steps=0)
    result = run(TinyGuide(), config, out=tmp_path / "g")
    assert result.stop is TrainStop.PATIENCE
    assert result.step < 60
    again = run(TinyGuide(), config, out=tmp_path / "g", resume=True)
    assert (again.stop, again.step) == (TrainStop.PATIENCE, result.step)


def test_time_ends_a_run() -> None:
    result = run(TinyGuide(), TrainConfig(minutes=0.005, eval_every=10, accelerator="cpu"))
    assert result.stop is TrainStop.TIME
    assert 0.3 <= result.seconds < 5


def test_a_finished_run_resumed_does_nothing_and_with_more_steps_goes_on(tmp_path: Path) -> None:
    run(TinyGuide(), out=tmp_path / "g")
    before = (tmp_path / "g").read_bytes()
    assert run(TinyGuide(), out=tmp_path / "g", resume=True).tokens_per_second == 0
    assert (tmp_path / "g").read_bytes() == before
    assert run(TinyGuide(), replace(CONFIG, steps=25), out=tmp_path / "g", resume=True).step == 25


def test_without_held_out_tasks_the_last_weights_are_kept(tmp_path: Path) -> None:
    result = train(TinyGuide(), Shuffled(TRAINING, 8), [], CONFIG, out=tmp_path / "g")
    assert (result.heldout_loss, result.best_step) == (None, 20)
    assert "no held-out loss" in str(result)


# -- what is written


def test_metrics_have_their_columns_and_progress_is_told(tmp_path: Path) -> None:
    told: list[TrainProgress] = []
    run(TinyGuide(), replace(CONFIG, log_every=4), out=tmp_path / "g", progress=told.append)
    rows = read_metrics(metrics_path(tmp_path / "g"))
    assert [r["step"] for r in rows] == [4, 5, 8, 10, 12, 15, 16, 20]
    assert all(tuple(r) == COLUMNS for r in rows)
    assert [r["heldout_loss"] is not None for r in rows] == [r["step"] % 5 == 0 for r in rows]
    assert all(r["tokens_per_second"] > 0 and r["grad_norm"] > 0 for r in rows)
    assert [t.step for t in told] == [r["step"] for r in rows]
    assert told[-1].used == 1.0
    assert told[-1].seconds_left == 0.0


def test_tensorboard_gets_the_metrics(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    run(TinyGuide(), log_dir=tmp_path / "board")
    assert [p for p in (tmp_path / "board").iterdir() if p.name.startswith("events.out.tfevents")]


def test_a_row_cut_off_in_writing_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    with MetricsLog(path) as log:
        log.add({"step": 1})
        log.add({"step": 2})
    path.write_text(path.read_text() + '{"step": 3, "lo')
    assert [r["step"] for r in read_metrics(path)] == [1, 2]
    with MetricsLog(path, resumed_at=1) as log:
        log.add({"step": 2, "again": True})
    assert [r.get("again", False) for r in read_metrics(path)] == [False, True]


def test_a_file_that_is_no_metrics_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text('{"step": 1}\n{"name": "task"}\n')
    with pytest.raises(InputError, match=r"m\.jsonl, line 2: not a row of metrics"):
        read_metrics(tmp_path / "m.jsonl")
    with pytest.raises(InputError, match=r"no such file; did you mean m\.jsonl"):
        read_metrics(tmp_path / "n.jsonl")


# -- what goes wrong


class Exploding(TinyModel):
    """Its loss, or only its gradient, is infinite from a given call on."""

    def __init__(self, tokens: int, at: int, *, gradient: bool) -> None:
        super().__init__(tokens, 8, 0)
        self.calls, self.at, self.gradient = 0, at, gradient

    def forward(self, batch: Any) -> Any:
        loss = super().forward(batch)
        self.calls += self.training
        if self.calls < self.at or not self.training:
            return loss
        return loss + (loss - loss.detach()) * torch.inf if self.gradient else loss * torch.inf


@pytest.mark.parametrize("gradient", [False, True])
def test_a_loss_that_is_not_finite_stops_and_keeps_the_last_checkpoint(gradient: bool, tmp_path: Path) -> None:
    guide = TinyGuide()
    guide.module = Exploding(len(guide.vocabulary), 13, gradient=gradient)
    with pytest.raises(TrainingDiverged, match=r"at step 13 is not a finite number.*of step 10.*lower --lr") as told:
        run(guide, out=tmp_path / "g")
    assert told.value.step == 13
    assert read_guide_file(resume_path(tmp_path / "g")).step == 10
    assert all(np.isfinite(t).all() for t in read_guide_file(tmp_path / "g").tensors.values())
    assert all(t.isfinite().all() for t in guide.module.state_dict().values())
    assert all(r["step"] <= 10 for r in read_metrics(metrics_path(tmp_path / "g")))
    assert run(TinyGuide(), replace(CONFIG, learning_rate=0.001), out=tmp_path / "g", resume=True).step == 20


def test_a_full_disk_keeps_the_last_checkpoint_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = 0
    honest = os.fsync

    def full(handle: int) -> None:
        nonlocal writes
        writes += 1
        if writes > 6:  # metrics, FILE and FILE.resume of step 5, each file and its folder
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        honest(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"stopped at step 10: .*No space left.*last good checkpoint, of step 5"):
        run(TinyGuide(), out=tmp_path / "g")
    monkeypatch.undo()
    assert read_guide_file(tmp_path / "g").step == 5
    assert run(TinyGuide(), out=tmp_path / "g", resume=True).step == 20


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_size": 4}, "a run with another batch_size: 8, now 4; resume with the same .free to change: steps"),
        ({"seed": 1}, "another seed: 0, now 1"),
        ({"optimizer": "sgd"}, "another optimizer: adamw, now sgd"),
    ],
)
def test_another_run_is_not_resumed(changed: dict[str, Any], message: str, tmp_path: Path) -> None:
    run(TinyGuide(), out=tmp_path / "g")
    with pytest.raises(InputError, match=message):
        run(TinyGuide(), replace(CONFIG, **changed), out=tmp_path / "g", resume=True)


def test_other_data_or_another_model_is_not_resumed(tmp_path: Path) -> None:
    run(TinyGuide(), out=tmp_path / "g", origin={"tasks": "abc"})
    with pytest.raises(InputError, match=r"another data: .*abc.*now .*xyz"):
        run(TinyGuide(), out=tmp_path / "g", origin={"tasks": "xyz"}, resume=True)
    with pytest.raises(InputError, match=r"another model settings: .*8.*now .*4"):
        run(TinyGuide(width=4), out=tmp_path / "g", origin={"tasks": "abc"}, resume=True)


def test_nothing_to_resume_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"g\.resume: no such file"):
        run(TinyGuide(), out=tmp_path / "g", resume=True)
    with pytest.raises(InputError, match="nothing to resume from"):
        run(TinyGuide(), resume=True)


def test_no_tasks_and_no_gpu_are_said() -> None:
    with pytest.raises(InputError, match="no tasks to learn from"):
        Shuffled([], 8)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="no CUDA device was found; use --device cpu"):
            run(TinyGuide(), replace(CONFIG, accelerator="cuda"))


def test_the_result_prints_itself_and_is_json() -> None:
    result = run(TinyGuide())
    assert json.loads(json.dumps(result.to_json()))["stop"] == "steps"
    assert "perplexity" in str(result)
    with pytest.raises(UnknownNameError):
        TrainConfig.of({"steps": 1, "stepz": 2})


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["32", "bf16-mixed"])
def test_a_gpu_learns_too(precision: str, tmp_path: Path) -> None:
    config = replace(CONFIG, accelerator="cuda", precision=precision, steps=100)
    result = run(build_guide("transformer", load_language("lists"), {"width": 32}, 0), config, out=tmp_path / "g")
    assert result.heldout_loss is not None
    assert result.heldout_loss < 3
