"""What the trainer costs: its tokens a second against a bare torch loop over the same module and the same batches.

    python benchmarks/bench_training.py [--kind transformer] [--width 128] [--steps 40] [--rounds 3] [--device cpu] [--out rows.jsonl]

Both in one run, in turns, on one process: the bare loop has its batches ready on the device, the trainer makes them as it
goes on (order, encoding, padding, transfer), clips, logs and watches for losses that are not finite.  ``--stream`` also has
it sample its tasks meanwhile.  One row a round; the ratio that counts is the median.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts
from neurosynth.guides.kinds import build_guide
from neurosynth.language.load import load_language
from neurosynth.training.batches import BatchSource, Pair, Shuffled
from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.config import TrainConfig
from neurosynth.training.sources import from_sample, from_stream, sampling_workers
from neurosynth.training.trainer import train


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    kind: str = "transformer"
    language: str = "lists"
    width: int = 128
    layers: int = 2
    batch_size: int = 64
    """Tasks."""
    steps: int = 40
    """Optimizer steps of each loop and round."""
    rounds: int = 3
    tasks: int = 3000
    """Sampled beforehand."""
    device: str = "cpu"
    precision: str = "32"
    threads: int = 0
    """Of torch; 0 leaves them as they are."""
    stream: bool = False
    seed: int = 0


def bare(guide: Any, batches: list[Any], settings: Settings) -> float:
    """Tokens a second of the loop one would write by hand."""
    device = torch.device(settings.device)
    module = guide.module.to(device).train()
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, fused=True)
    ready = [batch.to(device) for batch in batches]
    mixed = torch.autocast(device.type, torch.bfloat16) if settings.precision == "bf16-mixed" else nullcontext()
    wait(device)
    started = time.perf_counter()
    for batch in ready:
        with mixed:
            loss = module(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    wait(device)
    tokens: int = sum(b.tokens for b in ready)
    return tokens / (time.perf_counter() - started)


def trained(guide: Any, source: BatchSource, config: TrainConfig) -> float:
    """Tokens a second of the trainer, from its first batch to its last step."""
    return train(guide, source, [], config).tokens_per_second


def wait(device: torch.device) -> None:
    """Until the device has done all it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main() -> None:
    """Measure and print; rows are appended as they come."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    for name, value in asdict(Settings()).items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            parser.add_argument(flag, action="store_true")
        else:
            parser.add_argument(flag, type=type(value), default=value)
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    record_path = given.pop("out")
    settings = Settings(**given)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    language = load_language(settings.language)
    config = TrainConfig(
        steps=settings.steps, batch_size=settings.batch_size, eval_every=10**6, accelerator=settings.device,
        precision=settings.precision, seed=settings.seed,
    )  # fmt: skip
    sampling = SamplingConfig(seed=settings.seed)
    sampled = from_sample(language, config, sampling, settings.tasks, sampling_workers())
    source: BatchSource = sampled.batches
    assert isinstance(source, Shuffled)
    record = Record(record_path, facts(settings.seed, asdict(settings)))
    ratios = []
    for number in range(settings.rounds + 1):
        shape = {"width": settings.width, "layers": settings.layers}
        guides = [build_guide(settings.kind, language, shape, settings.seed) for _ in range(2)]
        pairs: list[list[Pair]] = [source(step) for step in range(settings.steps)]
        by_hand = bare(guides[0], [guides[0].collate(p) for p in pairs], settings)
        by_trainer = trained(guides[1], source, config)
        if number == 0:
            continue  # torch allocates and tunes in its first steps
        ratios.append(by_trainer / by_hand)
        print(
            f"round {number}: bare {by_hand:,.0f} tokens/s, trainer {by_trainer:,.0f}, ratio {ratios[-1]:.3f}",
            flush=True,
        )
        record("training", bare=round(by_hand, 1), trainer=round(by_trainer, 1), ratio=round(ratios[-1], 4))
    print(
        f"{settings.kind} on {settings.device}: the trainer has {statistics.median(ratios):.1%} of the bare loop's tokens/s"
    )
    if settings.stream:
        streamed = from_stream(language, config, sampling, sampling_workers())
        with streamed.closing:
            rate = trained(
                build_guide(settings.kind, language, shape, settings.seed), streamed.batches, streamed.config
            )
        print(f"sampling meanwhile ({sampling_workers()} processes): {rate:,.0f} tokens/s")
        record("training-stream", trainer=round(rate, 1))


if __name__ == "__main__":
    main()
