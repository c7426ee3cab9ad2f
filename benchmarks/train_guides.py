"""The recipe of the guides that are shipped: from nothing to all files of a language by one command.

    python benchmarks/train_guides.py lists --minutes 40 --out guides
    python benchmarks/train_guides.py strings --minutes 30 --out guides
    python benchmarks/train_guides.py lists --only-bodies 1 --minutes 25 --out guides
    python benchmarks/train_guides.py lists --only-usual 1 --kind feedforward --minutes 20 --out guides

Three parts, each left out when its files are there (delete them to make them anew): a pool of sampled tasks, encoded, in
``OUT/LANGUAGE-pool``; the priors that count, from programs drawn likewise; one neural guide, trained on the pool for
``--minutes``, which goes on where it was stopped when the same command is given again.  With ``--only-bodies 1``, the tasks are
bodies of functions and the calls that they answer, and the guide is ``LANGUAGE-bodies-KIND``; with ``--only-usual 1``, they are
programs of the parts that the language declares as usual, and it is ``LANGUAGE-usual-KIND``.  Everything is sampled by the project
itself; nothing is read from tasks of others.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.guide_flavours import BODIES, FLAVOURS, LONG, Flavours, as_calls
from benchmarks.guide_parts import usual_tasks
from benchmarks.guide_pools import Bucketed, Pool, Reader, encoded
from neurosynth.guides.files import read_guide_file, write_guide_file
from neurosynth.guides.kinds import neural_kind
from neurosynth.guides.ngram import NGram
from neurosynth.guides.pcfg import BigramPCFG
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task
from neurosynth.training.chunks import SamplingConfig, draw_chunk
from neurosynth.training.processes import in_order

SEED = 20_000
"""Of what is learnt from; benchmarks draw with others."""
HELD_OUT = 600
"""Tasks the training run looks at between steps."""
_CHUNKS = 16
"""Chunks of a part of the pool."""
_USUAL = 4_000
"""Tasks of a part of a pool of programs of usual parts."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    language: str = "lists"
    only_bodies: int = 0
    """1: tasks of :data:`BODIES`, for a guide of the bodies of functions, ``LANGUAGE-bodies-KIND``."""
    only_usual: int = 0
    """1: tasks of :func:`usual_tasks`, for a guide of usual parts, ``LANGUAGE-usual-KIND``."""
    calls: int = 3
    """Tasks made of each program of a body, each on other inputs."""
    kind: str = "lstm"
    minutes: float = 40.0
    """Of the neural guide's training."""
    tasks: int = 400_000
    """In the pool."""
    counted: int = 60_000
    """Programs the priors are fitted to."""
    largest: int = 8
    """Primitive applications of a program."""
    examples: int = 6
    """The most of a task; the fewest are 2."""
    width: int = 128
    layers: int = 2
    dropout: float = 0.0
    learning_rate: float = 2e-3
    set: str = ""
    """Further settings of the model, ``NAME=VALUE`` with spaces between."""
    longest: int = 0
    """Tokens of the programs learned from, START and END included; 0: all of the pool."""
    shown: int = 0
    """Examples of the tasks learned from, at most; 0: all of the pool.  A model that reads each example apart costs as
    many times less."""
    begin: str = ""
    """A file of the same kind and sizes to take the first weights from: a run after another, on other tasks say."""
    rows: int = 240
    """Examples of all tasks of a batch."""
    batch_workers: int = 0
    """Processes that make batches ahead: several beside a GPU."""
    device: str = "cpu"
    """``cpu`` or ``cuda``."""
    precision: str = "32"
    """``32`` or ``bf16-mixed``: on a GPU the latter."""
    warmup_steps: int = 100
    eval_every: int = 400
    workers: int = 2
    """Processes that sample."""
    threads: int = 1
    """Of torch."""
    half: int = 0
    """1: write the weights in 16 bits when the time is over."""

    @property
    def stem(self) -> str:
        """What names of files begin with."""
        only = "-bodies" if self.only_bodies else "-usual" if self.only_usual else ""
        return f"{self.language}{only}"


# What is sampled


def sampling(settings: Settings, part: int = 0) -> SamplingConfig:
    """What a part of the pool is drawn from, and (part 0) the programs of the priors."""
    bodies = bool(settings.only_bodies)
    long = part % 3 == 2 and settings.language in LONG and not bodies
    prior, examples = Flavours(settings.language, long, bodies), (2, settings.examples)
    kind = (BODIES if bodies else LONG)[settings.language] if bodies or long else None
    types, sizes = (kind.types, kind.sizes) if kind is not None else ((), (1, settings.largest))
    return SamplingConfig(seed=SEED, types=types, sizes=sizes, examples=examples, prior=prior)


# The pool


def _part(language: Language, settings: Settings, index: int) -> dict[str, np.ndarray]:
    """Part ``index`` of the pool: its chunks, encoded."""
    if settings.only_usual:
        tasks = usual_tasks(language, Random(f"parts {index}"), most=settings.examples)
        return encoded(language, islice(tasks, _USUAL))
    sampled = sampling(settings, index)
    chunks = range(index * _CHUNKS, (index + 1) * _CHUNKS)
    drawn: Iterator[tuple[Task, Program]] = (
        (s.task, s.program) for chunk in chunks for s in draw_chunk(language, sampled, chunk)
    )
    if settings.only_bodies:
        drawn = as_calls(drawn, Random(f"{SEED} {index}"), settings.calls, settings.examples)
    return encoded(language, drawn)


def make_pool(folder: Path, settings: Settings) -> list[Path]:
    """The files of the pool; those that are there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    language = load_language(settings.language)
    files = sorted(folder.glob("part-*.npz"))
    found = sum(len(np.load(file)["examples"]) for file in files)
    started, before = time.perf_counter(), found
    with closing(in_order(partial(_part, language, settings), len(files), settings.workers)) as parts:
        while found < settings.tasks:
            arrays = next(parts)
            file = folder / f"part-{len(files):05}.npz"
            np.savez(file.with_suffix(".tmp.npz"), **arrays)  # type: ignore[arg-type]  # no array is called allow_pickle
            file.with_suffix(".tmp.npz").rename(file)
            files.append(file)
            found += len(arrays["examples"])
            rate = (found - before) / (time.perf_counter() - started)
            print(f"pool: {found:,} tasks, {rate:,.0f} a second", flush=True)
    return files


# The guides


def programs(settings: Settings) -> Iterator[Program]:
    """Programs drawn as the pool's tasks are, after them."""
    language = load_language(settings.language)
    chunk = 1_000_000
    found = 0
    while True:
        for s in draw_chunk(language, sampling(settings), chunk):
            if found == settings.counted:
                return
            found += 1
            yield s.program
        chunk += 1


def count(out: Path, settings: Settings) -> None:
    """Fit and write the priors that count."""
    files = [out / f"{settings.language}-{kind}.json" for kind in ("ngram", "bigram-pcfg")]
    if all(f.exists() for f in files):
        return
    language = load_language(settings.language)
    corpus = list(programs(settings))
    heldout = corpus[::20]
    kept = [p for i, p in enumerate(corpus) if i % 20]
    ngram = NGram(n=3, discount=0.7).fit(kept, language)
    ngram.save(files[0])
    BigramPCFG().fit(kept, language).save(files[1])
    print(
        f"{files[0].name}: perplexity {ngram.perplexity(heldout):.2f} on {len(heldout):,} programs held out", flush=True
    )


def keep_memory() -> None:
    """Have the C library keep freed memory: giving a batch's back to the system each step costs a third of the time."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)  # M_MMAP_MAX: nothing is mapped apart
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


_FREE = ("half", "minutes", "threads", "workers", "batch_workers", "device", "precision", "eval_every")
"""Settings a run may be gone on with under other values."""


def learn(out: Path, files: Sequence[Path], settings: Settings) -> None:
    """Train the neural guide, or go on with it."""
    import torch

    from neurosynth.guides.kinds import build_guide
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.trainer import resume_path, train

    keep_memory()
    torch.set_num_threads(settings.threads)
    torch.set_float32_matmul_precision("high")  # a GPU's fast way with numbers of 32 bits; a CPU has no other
    language = load_language(settings.language)
    pool = Pool(files, language)
    file = out / f"{settings.stem}-{settings.kind}.safetensors"
    shape: dict[str, Any] = {"width": settings.width, "layers": settings.layers, "dropout": settings.dropout}
    shape |= {name: json.loads(value) if value in ("true", "false") else value
              for name, _, value in (pair.partition("=") for pair in settings.set.split())}  # fmt: skip
    guide = build_guide(settings.kind, language, shape, SEED)
    if settings.begin:
        guide = neural_kind(settings.kind).begin(read_guide_file(settings.begin), shape, language, SEED)
    fits = np.ones(len(pool), dtype=bool)
    if settings.longest:
        fits &= pool.tokens <= settings.longest
    if settings.shown:
        fits &= pool.examples <= settings.shown
    members = np.flatnonzero(fits)
    batches = Bucketed(pool, members[HELD_OUT:], settings.rows, SEED)
    config = TrainConfig(
        minutes=settings.minutes, batch_size=100, learning_rate=settings.learning_rate, eval_every=settings.eval_every,
        log_every=50, warmup_steps=settings.warmup_steps, seed=SEED, accelerator=settings.device,
        precision=settings.precision, workers=settings.batch_workers,
    )  # fmt: skip
    reader: Any = Reader(guide, pool)
    source: Any = batches
    heldout: Any = members[:HELD_OUT].tolist()
    origin = {"recipe": {k: v for k, v in asdict(settings).items() if k not in _FREE}}
    print(f"{file.name}: {sum(p.numel() for p in guide.module.parameters()):,} parameters, {len(pool):,} tasks, "
          f"{batches.count:,} batches an epoch", flush=True)  # fmt: skip
    result = train(
        reader, source, heldout, config, out=file, resume=resume_path(file).exists(), origin=origin,
        progress=lambda now: print(f"step {now.step}: loss {now.loss:.4f}, held out {now.heldout_loss}, "
                                   f"{now.tokens_per_second:,.0f} tokens/s", flush=True),
    )  # fmt: skip
    if settings.half:
        made = read_guide_file(file)
        half = {name: t.astype(np.float16) for name, t in made.tensors.items()}
        write_guide_file(file, replace(made, tensors=half))
    print(f"{file}: {result}", flush=True)


def main() -> None:
    """Make what is not there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("language", choices=sorted(FLAVOURS))
    for name, value in asdict(Settings()).items():
        if name != "language":
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=("pool", "count", "learn"), help="This part alone.")
    given = vars(parser.parse_args())
    out, only = given.pop("out"), given.pop("only")
    settings = Settings(**given)
    out.mkdir(parents=True, exist_ok=True)
    if only == "count" or (only is None and settings.stem == settings.language):
        count(out, settings)
    if only != "count":
        files = make_pool(out / f"{settings.stem}-pool", settings)
        if only != "pool":
            learn(out, files, settings)


if __name__ == "__main__":
    main()
