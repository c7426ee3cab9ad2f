"""The files of a training run: the best weights, and everything that it needs to continue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from neurosynth.errors import InputError
from neurosynth.guides.files import GuideFile, plain, read_guide_file, write_guide_file
from neurosynth.guides.kinds import Trainable, fill_module, guide_file, module_arrays
from neurosynth.training.config import BUDGET, FREE, TrainConfig
from neurosynth.training.optimizers import fill_optimizer, optimizer_tensors

__all__ = ["RunFiles", "RunState", "resume_path"]


def resume_path(out: Path) -> Path:
    """The file with the state of a run that writes ``out``."""
    return out.with_name(out.name + ".resume")


@dataclass(kw_only=True)
class RunState:
    """The state of a run; together with the tensors, everything that resuming needs."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best_loss: float | None = None
    best_step: int = 0
    evaluations_since_best: int = 0


class RunFiles:
    """``out`` and its ``.resume`` file."""

    def __init__(self, guide: Trainable, config: TrainConfig, out: Path, origin: Mapping[str, Any]) -> None:
        self.guide, self.config, self.out, self.origin = guide, config, out, origin
        self.saved_step: int | None = None

    @property
    def kept(self) -> str:
        """The available files to continue from, as part of a message."""
        if self.saved_step is None:
            return "no checkpoint was written yet"
        return f"the last good checkpoint, of step {self.saved_step}, is {resume_path(self.out)}; --resume continues from it"

    def write_weights(self, state: RunState, heldout_loss: float | None) -> None:
        """Write ``out``.

        Raises:
            InputError: if it cannot be written; an old one stays unchanged.
        """
        write_guide_file(self.out, self._file(state, heldout_loss))

    def write_resume(self, state: RunState, heldout_loss: float | None, optimizer: torch.optim.Optimizer) -> None:
        """Write the ``.resume`` file.

        Raises:
            InputError: if it cannot be written; an old one stays unchanged.
        """
        file = self._file(state, heldout_loss, tensors=optimizer_tensors(optimizer))
        training = {"config": self.config.to_json(), "data": self.origin, "state": asdict(state)}
        write_guide_file(resume_path(self.out), replace(file, training=training))
        self.saved_step = state.step

    def _file(self, state: RunState, heldout_loss: float | None, **more: Any) -> GuideFile:
        # Budget and place are left out: they do not affect the weights, and two ways to the same weights give one file.
        settings = {"config": {k: v for k, v in self.config.to_json().items() if k not in BUDGET}}
        training = {**settings, "data": self.origin}
        return guide_file(self.guide, step=state.step, heldout_loss=heldout_loss, training=training, **more)

    def restore(self, optimizer: torch.optim.Optimizer) -> tuple[RunState, dict[str, Tensor] | None]:
        """Restore weights and moments from the ``.resume`` file; returns the state of the run and its best weights.

        Raises:
            InputError: if there is none, or it is of a run with another model, language, data or settings.
        """
        path = resume_path(self.out)
        file = read_guide_file(path)
        mine = guide_file(self.guide)
        theirs = file.training["config"]
        for what, old, new in [
            ("kind of guide", file.kind, mine.kind),
            ("language", file.language, mine.language),
            ("primitives", [t.to_json() for t in file.tokens], [t.to_json() for t in mine.tokens]),
            ("model settings", dict(file.settings), plain(mine.settings)),
            ("data", file.training["data"], plain(self.origin)),
            *((k, theirs.get(k), v) for k, v in self.config.to_json().items() if k not in FREE),
        ]:
            if old != new:
                raise InputError(
                    f"{path}: a run with another {what}: {old}, now {new}; resume with the same "
                    f"(free to change: {', '.join(FREE)}), or start anew without --resume"
                )
        fill_module(self.guide.module, module_arrays(file), path)
        fill_optimizer(optimizer, file.tensors)
        state = RunState(**file.training["state"])
        self.saved_step = state.step
        if not state.best_step or not self.out.exists():
            return state, None
        best = module_arrays(read_guide_file(self.out))
        return state, {name: torch.tensor(a) for name, a in best.items()}
