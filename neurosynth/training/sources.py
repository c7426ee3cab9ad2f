"""The sources of training tasks: a file, a sample made in advance, or a stream sampled during training."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.training.batches import BatchSource, Mixed, Pair, Shuffled
from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.config import TrainConfig
from neurosynth.training.datasets import SampledStream, TaskDataset, program_of
from neurosynth.training.sampling import sample_tasks

__all__ = ["TrainingData", "from_file", "from_sample", "from_stream", "mixed_with"]

_HELD_OUT = 500
"""Number of tasks for evaluation, if that many can be spared."""
_OTHER_SEED = 1_000_003
"""Added to the seed for the held-out tasks of a stream."""


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """Training batches, held-out tasks, and the origin of both."""

    batches: BatchSource
    heldout: Sequence[Pair]
    origin: dict[str, Any]
    """In types of JSON; a run can only be resumed with the same."""
    config: TrainConfig
    """The given configuration, with the number of processes that make batches decided."""
    closing: AbstractContextManager[object] = field(default_factory=nullcontext)
    """A context manager that is open while batches are drawn."""


def from_file(
    path: Path, language: Language, config: TrainConfig, *, on_error: Callable[[InputError], None] | None = None
) -> TrainingData:
    """Tasks with programs of a ``.jsonl`` file, one in twenty (in a small file one in five) held out.

    ``on_error`` receives the error of each unusable line, which is then left out.

    Raises:
        InputError: for a file that cannot be read or has too few tasks.
    """
    everything = TaskDataset(path, language)
    share = 0.05 if len(everything) >= 1000 else 0.2
    training = TaskDataset(path, language, split="train", held_out=share, on_error=on_error)
    heldout = TaskDataset(path, language, split="held-out", held_out=share, on_error=on_error)
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()[:16]
    batches = Shuffled(training, config.batch_size, seed=config.seed, unit=config.batch_unit)
    return TrainingData(batches=batches, heldout=heldout[:_HELD_OUT], origin={"tasks": digest}, config=config)


def from_sample(
    language: Language, config: TrainConfig, sampling: SamplingConfig, count: int, workers: int
) -> TrainingData:
    """``count`` tasks sampled in advance and read again every epoch, and some more held out.

    Raises:
        InputError: for fewer than one task, or if the language does not have as many.
    """
    if count < 1:
        raise InputError(f"count is {count}; allowed: 1 or more tasks")
    if sampling.curriculum:
        raise InputError(
            f"curriculum {sampling.curriculum}: tasks sampled beforehand (--count) come in any order; leave one of the two out"
        )
    spare = min(_HELD_OUT, max(20, count // 20))
    found = _sampled(language, sampling, count + spare, sampling.seed, workers)
    batches = Shuffled(found[:count], config.batch_size, seed=config.seed, unit=config.batch_unit)
    origin = {"count": count, **_described(sampling)}
    return TrainingData(batches=batches, heldout=found[count:], origin=origin, config=config)


def from_stream(language: Language, config: TrainConfig, sampling: SamplingConfig, workers: int) -> TrainingData:
    """Tasks sampled during training, never the same twice; none behaves like a held-out one.

    Raises:
        InputError: for batches sized in tokens, which need all lengths in advance.
    """
    if config.batch_unit != "tasks":
        raise InputError(
            f"training: batch_unit {config.batch_unit!r} needs the tasks beforehand; "
            "give a file (--tasks) or a number (--count), or size batches in tasks"
        )
    heldout = _sampled(language, sampling, _HELD_OUT, sampling.seed + _OTHER_SEED, workers)
    stream = SampledStream(
        language, sampling, batch_size=config.batch_size, workers=workers, excluding=[task for task, _ in heldout]
    )
    # The stream has its own processes: further processes that make batches would each sample everything.
    config = replace(config, workers=0)
    return TrainingData(
        batches=stream, heldout=heldout, origin={"stream": True, **_described(sampling)}, config=config, closing=stream
    )


def mixed_with(data: TrainingData, solved: Sequence[Pair], share: float) -> TrainingData:
    """The data with a share of each batch drawn from solved tasks; the held-out tasks stay the same, so that losses are comparable.

    Raises:
        InputError: for a share that is not above 0 and at most 1.
    """
    batches = Mixed(data.batches, solved, share, seed=data.config.seed)
    digest = hashlib.sha256("\n".join(f"{task.name} {program}" for task, program in solved).encode()).hexdigest()[:16]
    return replace(data, batches=batches, origin={**data.origin, "rows": digest, "share": share})


def sampling_workers() -> int:
    """Number of processes that sample: every core except the one that trains, but at least two."""
    return max(2, min(12, (os.cpu_count() or 1) - 1))


def _sampled(language: Language, sampling: SamplingConfig, count: int, seed: int, workers: int) -> list[Pair]:
    tasks = sample_tasks(
        language,
        count=count,
        seed=seed,
        types=sampling.types,
        sizes=sampling.sizes,
        examples=sampling.examples,
        prior=sampling.prior,
        inputs_from=sampling.inputs_from,
        raised=sampling.raised,
        workers=workers,
    )
    return [(task, program_of(task, language)) for task in tasks]


def _described(sampling: SamplingConfig) -> dict[str, Any]:
    names = "\n".join(task.name for task in sampling.inputs_from)
    return {
        **({"inputs_from": hashlib.sha256(names.encode()).hexdigest()[:16]} if names else {}),
        "seed": sampling.seed,
        "types": list(sampling.types),
        "sizes": list(sampling.sizes),
        "examples": list(sampling.examples),
        **({"raised": sampling.raised} if sampling.raised else {}),
        **({"curriculum": sampling.curriculum} if sampling.curriculum else {}),
    }
