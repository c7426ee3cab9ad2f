"""Property signatures for a guide that is trained already: its own weights stay, only what reads signatures is trained.

    python benchmarks/train_guides.py lists --tasks 120000 --only pool --out pool
    python benchmarks/train_head.py --begin lists-transformer.safetensors --pool pool/lists-pool --out out.safetensors

What the frozen guide knows after each token of each program is computed once (a third of a training step) and kept; the
signatures and what joins the two are then trained on it for many epochs, at a hundredth of the time of training the whole
guide.  Weights are written in 16 bits, which log-probabilities differ by less than 0.01 from.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.guide_pools import Pool
from benchmarks.train_guides import keep_memory
from neurosynth.guides.files import read_guide_file, write_guide_file
from neurosynth.guides.kinds import guide_file, neural_kind
from neurosynth.language.load import load_language

TRAINED = (
    "signatures.table", "signatures.roles", "signatures.whole.", "signatures.straight.",
    "fusion.state.", "fusion.told.", "fusion.out.", "bias",
)  # fmt: skip
"""Parts of a guide that are trained; the others stay as they are, and what decoders read is as before."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: int = 60_000
    heldout: int = 600
    longest: int = 40
    """Tokens of the programs learned from."""
    steps: int = 3000
    batch_size: int = 150
    """Tasks."""
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    every: int = 300
    """Steps between looks at the held-out tasks."""
    seed: int = 0


def known(model: Any, pool: Pool, tasks: np.ndarray) -> tuple[list[Any], float]:
    """Of each task what the guide knows after each token (T, D), in 16 bits; and the seconds of processor that took."""
    import torch

    begun, found = time.process_time(), [None] * len(tasks)
    order = np.argsort(pool.tokens[tasks] * 1000 + pool.longest[tasks], kind="stable")
    with torch.no_grad():
        for i in range(0, len(order), 50):
            chosen = order[i : i + 50]
            batch = pool.batch(tasks[chosen].tolist())
            memory = model.encode(batch)
            agreed = model.agreed(memory, model.embed(memory, batch.read))
            for place, row in zip(chosen.tolist(), agreed, strict=True):
                found[place] = row[: pool.tokens[tasks[place]] - 1].half()
            if i % 5000 == 0:
                print(f"{i:,} of {len(order):,} tasks read, {time.process_time() - begun:.0f} s", flush=True)
    return found, time.process_time() - begun


def loss_of(model: Any, pool: Pool, tasks: np.ndarray, kept: list[Any], places: np.ndarray) -> tuple[Any, int]:
    """Mean nats a token of some of the tasks, and how many tokens they have."""
    import torch
    from torch.nn import functional as F

    batch = pool.batch(tasks[places].tolist())
    agreed = torch.nn.utils.rnn.pad_sequence([kept[i] for i in places.tolist()], batch_first=True).float()
    told = model.signatures(batch.answers)
    with torch.no_grad():
        vectors = model.vectors(batch, model.symbols)
    state = model.fusion(agreed, told.task.unsqueeze(1))
    logits = state @ vectors.transpose(1, 2) + model.bias
    return F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=0), batch.tokens


def learn(model: Any, pool: Pool, settings: Settings) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Train; a row of metrics for each look, and the best weights."""
    import torch

    rng = np.random.default_rng(settings.seed)
    fits = np.flatnonzero(pool.tokens <= settings.longest)
    heldout, rest = np.arange(settings.heldout), fits[fits >= settings.heldout]
    tasks = np.concatenate([heldout, rng.permutation(rest)[: settings.tasks]])
    kept, seconds = known(model, pool, tasks)
    parameters = []
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(TRAINED))
        parameters += [parameter] if parameter.requires_grad else []
    optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=settings.weight_decay)
    learned = np.arange(settings.heldout, len(tasks))
    rows: list[dict[str, float]] = []
    best: tuple[float, dict[str, Any]] = (math.inf, {})
    begun, total = time.process_time(), 0.0
    for step in range(settings.steps + 1):
        if step % settings.every == 0:
            with torch.no_grad():
                parts = [loss_of(model, pool, tasks, kept, p) for p in np.split(heldout, 6)]
            heldout_loss = sum(float(loss) * n for loss, n in parts) / sum(n for _, n in parts)
            rows.append({"step": step, "loss": total / settings.every, "heldout_loss": heldout_loss,
                         "seconds": round(seconds + time.process_time() - begun, 1)})  # fmt: skip
            print(json.dumps(rows[-1]), flush=True)
            if heldout_loss < best[0]:
                best = heldout_loss, {name: t.detach().clone() for name, t in model.state_dict().items()}
            total = 0.0
        warm = min(1.0, (step + 1) / 100)
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * step / settings.steps))
        loss, _ = loss_of(model, pool, tasks, kept, rng.choice(learned, settings.batch_size, replace=False))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        total += loss.item()
    return rows, best[1]


def main() -> None:
    """Train and write the guide and its curve."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    for name in ("begin", "pool", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = vars(parser.parse_args())
    begin, folder, out = (given.pop(name) for name in ("begin", "pool", "out"))
    settings = Settings(**given)
    keep_memory()
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    file = read_guide_file(begin)
    language = load_language(file.language)
    guide: Any = neural_kind(file.kind).begin(file, {"signatures": True}, language, settings.seed)
    guide.module.eval()
    pool = Pool(sorted(folder.glob("part-*.npz")), language)
    rows, best = learn(guide.module, pool, settings)
    guide.module.load_state_dict(best)
    row = min(rows, key=lambda r: r["heldout_loss"])
    made = guide_file(
        guide, step=int(row["step"]), heldout_loss=row["heldout_loss"], training={"head": asdict(settings)}
    )
    half = {name: t.astype(np.float16) for name, t in made.tensors.items()}
    write_guide_file(out, replace(made, tensors=half))
    out.with_name(out.name + ".metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    print(f"{out}: {out.stat().st_size:,} bytes, held-out perplexity {math.exp(row['heldout_loss']):.3f} "
          f"(before: {math.exp(rows[0]['heldout_loss']):.3f})")  # fmt: skip


if __name__ == "__main__":
    main()
