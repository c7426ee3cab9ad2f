"""Optimizers, their state as named tensors, and the seed of a step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from neurosynth.training.config import TrainConfig

__all__ = ["fill_optimizer", "make_optimizer", "optimizer_tensors", "seed_of"]


def seed_of(*numbers: int) -> int:
    """A seed from several numbers, without correlation between neighbouring ones."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)


def make_optimizer(module: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """The optimizer of a configuration; weight decay on matrices only."""
    parameters = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    groups = [g for g in groups if g["params"]]
    if config.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=config.learning_rate, momentum=config.momentum)
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98), fused=True)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, np.ndarray]:
    """Its state, by the index of the parameter and the name of the moment."""
    state = optimizer.state_dict()["state"]
    found = {f"optimizer.{i}.{k}": t for i, own in state.items() for k, t in own.items() if isinstance(t, Tensor)}
    return {name: t.detach().cpu().numpy() for name, t in found.items()}


def fill_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, np.ndarray]) -> None:
    """Restore the result of :func:`optimizer_tensors`."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, t in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = torch.from_numpy(np.array(t))
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
