"""Training of neural guides on Lightning Fabric: one loop for every kind, device, precision and number of GPUs.

A run writes two files: ``FILE``, the weights that were best on held-out tasks, ready for use; and ``FILE.resume``, everything that a
run needs to continue (weights, optimizer, state). No random generator has a state: the data and the dropout of a step are functions of
the seed and the step, so a run that was cut off ends with the same numbers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from neurosynth.errors import InputError
from neurosynth.guides.kinds import Trainable, TrainingBatch
from neurosynth.training.batches import BatchSource, Feed, Pair, chunks, sensible_workers
from neurosynth.training.config import TrainConfig
from neurosynth.training.metrics import MetricsLog, metrics_path
from neurosynth.training.optimizers import make_optimizer, seed_of
from neurosynth.training.outcome import TrainingDiverged, TrainProgress, TrainResult, TrainStop
from neurosynth.training.run_files import RunFiles, RunState, resume_path
from neurosynth.training.threads import ThreadChoice

__all__ = ["resume_path", "train"]


def train(
    guide: Trainable,
    batches: BatchSource,
    heldout: Sequence[Pair],
    config: TrainConfig,
    *,
    out: str | Path | None = None,
    resume: bool = False,
    origin: Mapping[str, Any] | None = None,
    log_dir: str | Path | None = None,
    progress: Callable[[TrainProgress], None] | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> TrainResult:
    """Train a guide; afterwards it has the weights that were best on the held-out tasks.

    Args:
        guide: trained in place.
        batches: the tasks and programs of each step; must be a pure function of the step.
        heldout: tasks with programs that occur in no batch; if empty, the last weights are kept.
        config: the settings.
        out: the file of the best weights, next to which ``.resume`` and ``.metrics.jsonl`` are written. None: nothing is written.
        resume: continue from ``out``'s ``.resume`` instead of starting again.
        origin: the origin of the data in types of JSON, which is recorded, and compared on resuming.
        log_dir: folder for TensorBoard.
        progress: called every ``log_every`` steps.
        interrupted: called before each step; if it returns true, the state is written and the run ends.

    Raises:
        TrainingDiverged: if the loss is no longer finite; the files of the last evaluation are kept.
        InputError: for a file that cannot be read or written, or a ``.resume`` file of another run.
    """
    with torch.random.fork_rng(), ExitStack() as stack:
        run = _TrainingRun(guide, batches, heldout, config, None if out is None else Path(out), dict(origin or {}))
        if resume:
            run.restore()
        path = out if run.leads else None
        board = Path(log_dir) if log_dir is not None and run.leads else None
        run.log = stack.enter_context(
            MetricsLog(None if path is None else metrics_path(Path(path)), board, resumed_at=run.state.step)
        )
        run.progress, run.interrupted = progress if run.leads else None, interrupted
        stack.callback(torch.set_num_threads, torch.get_num_threads())
        return run.go()


class _Loss(nn.Module):
    """The module as Fabric calls it.

    Fabric and DDP copy dataclasses field by field to look for tensors; they leave a batch in an opaque box alone.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, box: _Box) -> Tensor:
        loss: Tensor = self.module(box.batch)
        return loss


class _Box:
    """An object that Fabric does not look into."""

    def __init__(self, batch: TrainingBatch) -> None:
        self.batch = batch


@dataclass
class _Interval:
    """Statistics since the last row of metrics; losses stay on the device until then, which avoids waiting for the device in every
    step."""

    losses: list[Tensor] = field(default_factory=list)
    norms: list[Tensor] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)


class _TrainingRun:
    """One call of :func:`train`."""

    log: MetricsLog
    progress: Callable[[TrainProgress], None] | None
    interrupted: Callable[[], bool]

    def __init__(
        self,
        guide: Trainable,
        batches: BatchSource,
        heldout: Sequence[Pair],
        config: TrainConfig,
        out: Path | None,
        origin: dict[str, Any],
    ) -> None:
        self.guide, self.batches, self.config = guide, batches, config
        self.files = None if out is None else RunFiles(guide, config, out, origin)
        self.fabric = _fabric(config)
        self.leads = self.fabric.global_rank == 0
        self.state = RunState()
        self.optimizer = make_optimizer(guide.module, config)
        self.model, self.stepper = self.fabric.setup(_Loss(guide.module), self.optimizer)
        rank, world = self.fabric.global_rank, self.fabric.world_size
        own = chunks(heldout, config.batch_size if config.batch_unit == "tasks" else 64)[rank::world]
        self.heldout = [guide.collate(pairs).to(self.fabric.device) for pairs in own]
        self.has_heldout = len(heldout) > 0
        self.best: dict[str, Tensor] | None = None
        self.interval = _Interval()
        self.seconds_before = 0.0
        self.trained_seconds = 0.0
        self.trained_tokens = 0

    # -- the loop

    def go(self) -> TrainResult:
        """Train until something ends the run."""
        config, device = self.config, self.fabric.device
        workers = sensible_workers(device) if config.workers is None else config.workers
        self.seconds_before = self.state.seconds
        self.started = time.perf_counter()
        self.guide.module.train()
        threads = None
        if device.type == "cpu":  # OMP_NUM_THREADS, which torch obeys, is also the most that is measured
            threads = ThreadChoice(config.used_threads, most=torch.get_num_threads(), set_threads=torch.set_num_threads)
        stop = self._why_stop() or self._out_of_patience()
        if stop is None:
            with Feed(self._make, self.state.step, device, workers=workers) as feed:
                self.interval = _Interval()
                while stop is None:
                    batch, begun = next(feed), time.perf_counter()
                    self._update(batch)
                    if threads is not None:
                        threads.note(batch.tokens, time.perf_counter() - begun)
                    self.state.seconds = self.seconds_before + time.perf_counter() - self.started
                    stop = self._why_stop()
                    self._look(stop)
                    stop = stop or self._out_of_patience()
        if self.best is not None:
            self.guide.module.load_state_dict(self.best)
        self.guide.module.eval()
        return self._result(stop)

    def _make(self, step: int) -> TrainingBatch:
        # Each device has its own batches: with n devices a step is n batches.
        place = step * self.fabric.world_size + self.fabric.global_rank
        batch: TrainingBatch = self.guide.collate(self.batches(place))
        return batch

    def _update(self, batch: TrainingBatch) -> None:
        """One optimizer step."""
        config, state = self.config, self.state
        rate = config.schedule.at(state.step, config.used(state.step, state.seconds))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        torch.manual_seed(seed_of(config.seed, state.step, self.fabric.global_rank))
        loss = self.model(_Box(batch))
        self.fabric.backward(loss)
        limit = config.clip_norm or math.inf
        norm = self.fabric.clip_gradients(self.model, self.stepper, max_norm=limit, error_if_nonfinite=False)
        assert norm is not None
        self.stepper.step()
        self.stepper.zero_grad()
        state.step += 1
        state.tokens += batch.tokens * self.fabric.world_size
        self.interval.losses.append(loss.detach())
        self.interval.norms.append(norm.detach())
        self.interval.tokens.append(batch.tokens)

    def _why_stop(self) -> TrainStop | None:
        """Steps, time or an interrupt; the same on every device."""
        config, state = self.config, self.state
        if config.steps is not None and state.step >= config.steps:
            return TrainStop.STEPS
        reasons = [TrainStop.TIME, TrainStop.INTERRUPTED]
        late = config.minutes is not None and state.seconds >= 60 * config.minutes
        code = 2 if self.interrupted() else 1 if late else 0
        if self.fabric.world_size > 1:
            told = self.fabric.all_reduce(torch.tensor(code, device=self.fabric.device), reduce_op="max")
            assert isinstance(told, Tensor)
            code = int(told.item())
        return reasons[code - 1] if code else None

    def _out_of_patience(self) -> TrainStop | None:
        patient = not self.config.patience or self.state.evaluations_since_best < self.config.patience
        return None if patient else TrainStop.PATIENCE

    # -- evaluation and files, between steps

    def _look(self, stop: TrainStop | None) -> None:
        """Write metrics, evaluate and write checkpoints when they are due."""
        config, state = self.config, self.state
        # An interrupted run is not evaluated: the run that continues it would have one evaluation more than others.
        evaluate = state.step % config.eval_every == 0 or stop in (TrainStop.STEPS, TrainStop.TIME)
        if not (evaluate or stop or state.step % config.log_every == 0):
            return
        row = self._row()
        if evaluate:
            row["heldout_loss"] = self._evaluate()
        if self.leads:
            self._write(lambda: self.log.add(row))
        if self.progress is not None:
            self.progress(self._moment(row))
        if evaluate or stop:
            self._save(row["heldout_loss"] if evaluate else None, evaluated=evaluate)
        self.interval = _Interval()

    def _row(self) -> dict[str, Any]:
        """Metrics since the last row, after a check that all are finite numbers."""
        state, now = self.state, self.interval
        count = len(now.losses)
        measured = torch.stack([*now.losses, *now.norms]).double().tolist()  # this waits for the device
        losses, norms = measured[:count], measured[count:]
        seconds = time.perf_counter() - now.began
        for i, (loss, norm) in enumerate(zip(losses, norms, strict=True)):
            if not (math.isfinite(loss) and math.isfinite(norm)):
                self._diverged(state.step - count + i + 1, "gradient" if math.isfinite(loss) else "loss")
        tokens = sum(now.tokens)
        self.trained_seconds += seconds
        self.trained_tokens += tokens * self.fabric.world_size
        return {
            "step": state.step,
            "loss": sum(x * n for x, n in zip(losses, now.tokens, strict=True)) / max(tokens, 1),
            "heldout_loss": None,
            "tokens_per_second": round(tokens * self.fabric.world_size / max(seconds, 1e-9), 1),
            "lr": self.optimizer.param_groups[0]["lr"],
            "grad_norm": sum(norms) / max(count, 1),
            "seconds": round(state.seconds, 3),
        }

    @torch.no_grad()
    def _evaluate(self) -> float | None:
        """Mean loss per token on the held-out tasks, over all devices; None if there are none."""
        if not self.has_heldout:
            return None
        module = self.guide.module.eval()
        total = torch.zeros(2, dtype=torch.float64, device=self.fabric.device)
        with self.fabric.autocast():
            for batch in self.heldout:
                total += torch.stack([module(batch).double() * batch.tokens, total.new_tensor(batch.tokens)])
        module.train()
        if self.fabric.world_size > 1:
            told = self.fabric.all_reduce(total, reduce_op="sum")
            assert isinstance(told, Tensor)
            total = told
        loss, tokens = total.tolist()
        if not math.isfinite(loss):
            self._diverged(self.state.step, "held-out loss")
        return float(loss / tokens)

    def _save(self, heldout_loss: float | None, *, evaluated: bool) -> None:
        """Write the weights if they are the best so far, then the state."""
        state = self.state
        better = heldout_loss is None or state.best_loss is None or heldout_loss < state.best_loss
        if evaluated and better:
            state.best_loss, state.best_step, state.evaluations_since_best = heldout_loss, state.step, 0
            self.best = {name: t.detach().clone() for name, t in self.guide.module.state_dict().items()}
        elif evaluated:
            state.evaluations_since_best += 1
        files = self.files
        if files is None or not self.leads:
            return
        if (evaluated and better) or not files.out.exists():
            self._write(lambda: files.write_weights(state, heldout_loss))
        self._write(lambda: files.write_resume(state, heldout_loss, self.optimizer))

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except InputError as error:
            raise InputError(f"training stopped at step {self.state.step}: {error}; {self.kept}") from None

    @property
    def kept(self) -> str:
        """The available files to continue from, as part of a message."""
        return "no checkpoint was written yet" if self.files is None else self.files.kept

    def restore(self) -> None:
        """Restore the state of ``out``'s ``.resume`` file.

        Raises:
            InputError: if there is none, or it is of a run with another model, language, data or settings.
        """
        if self.files is None:
            raise InputError("training: nothing to resume from; say where the run was written (out)")
        self.state, self.best = self.files.restore(self.optimizer)

    def _diverged(self, step: int, what: str) -> None:
        if self.best is not None:
            self.guide.module.load_state_dict(self.best)
        raise TrainingDiverged(step, what, self.kept)

    def _moment(self, row: Mapping[str, Any]) -> TrainProgress:
        state = self.state
        used = min(1.0, self.config.used(state.step, state.seconds))
        heldout = row["heldout_loss"] if row["heldout_loss"] is not None else state.best_loss
        return TrainProgress(
            step=state.step,
            used=used,
            seconds=state.seconds,
            loss=row["loss"],
            heldout_loss=heldout,
            tokens_per_second=row["tokens_per_second"],
            seconds_left=state.seconds * (1 - used) / max(used, 1e-9),
        )

    def _result(self, stop: TrainStop) -> TrainResult:
        state = self.state
        return TrainResult(
            stop=stop,
            step=state.step,
            tokens=state.tokens,
            seconds=state.seconds,
            heldout_loss=state.best_loss,
            best_step=state.best_step,
            tokens_per_second=self.trained_tokens / self.trained_seconds if self.trained_seconds else 0.0,
        )


def _fabric(config: TrainConfig) -> Fabric:
    """Raises: InputError: if the wanted device is not available."""
    if config.accelerator == "cuda" and not torch.cuda.is_available():
        raise InputError("training: no CUDA device was found; use --device cpu or auto")
    if config.accelerator != "cpu" and torch.cuda.is_available() and config.devices > torch.cuda.device_count():
        raise InputError(f"training: {config.devices} devices wanted; {torch.cuda.device_count()} are here")
    accelerator = config.accelerator
    if accelerator == "auto":
        accelerator = "cuda" if torch.cuda.is_available() else "cpu"
    precision: Any = {"32": "32-true"}.get(config.precision, config.precision)
    fabric = Fabric(accelerator=accelerator, devices=config.devices, precision=precision)
    fabric.launch()
    return fabric
