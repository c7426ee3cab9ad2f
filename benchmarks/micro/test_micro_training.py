"""Training: sampling tasks, counting, making a batch, one step of an optimizer."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.micro.given import Benchmark, lists, tasks
from benchmarks.micro.test_micro_guides import corpus
from neurosynth.guides.ngram import NGram
from neurosynth.training.sampling import sample_tasks

KINDS = ("feedforward", "lstm", "transformer")


def built(kind: str) -> Any:
    """An untrained guide."""
    pytest.importorskip("torch", reason="needs the extra 'neural'")
    from neurosynth.guides.kinds import build_guide

    return build_guide(kind, lists(), {"width": 32, "layers": 2}, seed=0)


def test_sample_tasks(benchmark: Benchmark) -> None:
    assert len(benchmark(sample_tasks, lists(), count=20, seed=1, workers=1)) == 20


def test_count_ngrams(benchmark: Benchmark) -> None:
    programs = corpus()
    assert benchmark(NGram(n=3).fit, programs, lists()).name == "3-gram kneser-ney"


@pytest.mark.parametrize("kind", KINDS)
def test_batch(kind: str, benchmark: Benchmark) -> None:
    guide, pairs = built(kind), list(zip(tasks(), corpus(), strict=True))
    assert benchmark(guide.collate, pairs) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_step(kind: str, benchmark: Benchmark) -> None:
    guide = built(kind)
    import torch

    batch = guide.collate(list(zip(tasks(), corpus(), strict=True))[:8])
    module = guide.module.train()
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3)

    def step() -> float:
        optimizer.zero_grad()
        loss = module(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())

    assert benchmark(step) > 0
