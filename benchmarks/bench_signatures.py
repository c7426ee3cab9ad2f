"""What property signatures, crossing and attention over examples bring: perplexity at equal compute.

    python benchmarks/train_guides.py lists --tasks 120000 --only pool --out pool
    python benchmarks/bench_signatures.py --pool pool/lists-pool --kinds lstm feedforward --seconds 150 [--out rows.jsonl]

Each kind of model is trained from nothing with each set of parts, as many steps as take ``--seconds`` of processor time (the
time of a step is measured first), on the same tasks in the same order; the loss on the same held-out tasks is compared.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.guide_pools import Bucketed, Pool, Reader
from benchmarks.measuring import Record, facts
from benchmarks.train_guides import keep_memory
from neurosynth.language.load import load_language

PARTS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "recurrent": {
        "values alone": {"signatures": False, "crossing": False},
        "signatures": {"signatures": True, "crossing": False},
        "signatures, crossing": {"signatures": True, "crossing": True},
        "signatures, attention": {"signatures": True, "crossing": False, "pool": "attention"},
    },
    "transformer": {
        "values alone": {"signatures": False},
        "signatures": {"signatures": True},
        "signatures, attention": {"signatures": True, "pool": "attention"},
    },
    "feedforward": {
        "values alone": {"signatures": False, "crossing": False},
        "signatures": {"signatures": True, "crossing": False},
        "signatures, crossing": {"signatures": True, "crossing": True},
        "signatures, crossing, attention": {"signatures": True, "crossing": True, "pool": "attention"},
    },
}
"""What is compared, of each family of kinds."""
_TRIAL = 12
"""Steps that the time of one is measured on."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    language: str = "lists"
    seconds: float = 150.0
    """Processor time of each training."""
    width: int = 64
    layers: int = 2
    rows: int = 160
    """Examples of all tasks of a batch."""
    learning_rate: float = 3e-3
    heldout: int = 600
    seed: int = 0


def trained(kind: str, parts: Mapping[str, object], pool: Pool, settings: Settings) -> dict[str, Any]:
    """Train one model; its held-out loss, the steps made and the processor time they took."""
    from neurosynth.guides.kinds import build_guide
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.trainer import train

    shape = {"width": settings.width, "layers": settings.layers, "dropout": 0.0, **parts}
    members = np.arange(len(pool))
    batches: Any = Bucketed(pool, members[settings.heldout :], settings.rows, settings.seed)
    heldout: Any = members[: settings.heldout].tolist()

    def run(steps: int, checked: Any) -> tuple[Any, float]:
        guide = build_guide(kind, load_language(settings.language), shape, settings.seed)
        reader: Any = Reader(guide, pool)
        config = TrainConfig(
            steps=steps, batch_size=100, learning_rate=settings.learning_rate, eval_every=steps, log_every=steps,
            warmup_steps=min(100, steps // 4), seed=settings.seed, accelerator="cpu", workers=0,
        )  # fmt: skip
        begun = time.process_time()
        return train(reader, batches, checked, config), time.process_time() - begun

    run(2, [])  # whatever is loaded once
    _, trial = run(_TRIAL, [])
    steps = max(_TRIAL, round(settings.seconds * _TRIAL / trial))
    result, taken = run(steps, heldout)
    return {"heldout_loss": result.heldout_loss, "steps": steps, "tokens": result.tokens, "seconds": round(taken, 1)}


def main() -> None:
    """Train and print; rows are appended as they come."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--kinds", nargs="+", default=["lstm", "feedforward"])
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    folder, kinds, out = given.pop("pool"), given.pop("kinds"), given.pop("out")
    settings = Settings(**given)
    import torch

    keep_memory()
    torch.set_num_threads(1)
    record = Record(out, facts(settings.seed, json.loads(json.dumps(asdict(settings)))))
    pool = Pool(sorted(folder.glob("part-*.npz")), load_language(settings.language))
    print(f"{len(pool):,} tasks of language {settings.language!r}, {settings.seconds:.0f} s of processor time a model")
    print(f"{'kind':12} {'parts':34} {'held-out loss':>13} {'perplexity':>10} {'steps':>6} {'seconds':>8}")
    for kind in kinds:
        family = "recurrent" if kind in ("rnn", "lstm", "gru") else kind
        for name, parts in PARTS[family].items():
            row = trained(kind, parts, pool, settings)
            record("signatures", kind=kind, parts=name, **row)
            loss = row["heldout_loss"]
            # a feed-forward model has a loss a token of the vocabulary, which is no perplexity
            perplexity = f"{math.exp(loss):10.3f}" if kind != "feedforward" else f"{'':10}"
            print(f"{kind:12} {name:34} {loss:13.4f} {perplexity} {row['steps']:6} {row['seconds']:8.1f}", flush=True)


if __name__ == "__main__":
    main()
