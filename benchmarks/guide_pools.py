"""Pools of sampled tasks that guides are trained on: encoded once, in files, as flat arrays that batches are cut from.

Most time on a CPU goes to padding unless batches hold tasks alike in number of examples and in lengths, so tasks are
sampled beforehand and batched by both; a batch has about as many examples whatever the number a task.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.encoding import encode_sample
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.signatures import Signatures
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.tokens import PAD, Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["Bucketed", "Pool", "Reader", "encoded"]


class Pool:
    """Encoded tasks of all parts, flat: task ``i`` is a slice of each array."""

    def __init__(self, files: Sequence[Path], language: Language) -> None:
        """Read its files.

        Raises:
            InputError: for a file that numbers other tokens or properties than the language has now.
        """
        parts = [dict(np.load(file)) for file in files]
        meant = _numbered(language)
        for file, part in zip(files, parts, strict=True):
            if "numbered" not in part or bytes(part["numbered"]) != meant:
                raise InputError(
                    f"{file}: its tokens and properties are not those that language {language.name!r} has now; delete the "
                    "pool's folder to sample it anew"
                )
        self.symbols = np.concatenate([p["symbols"] for p in parts])
        self.lengths = np.concatenate([p["lengths"] for p in parts]).astype(np.int64)
        """Of each example."""
        self.examples = np.concatenate([p["examples"] for p in parts])
        """Of each task."""
        self.programs = np.concatenate([p["programs"] for p in parts])
        self.tokens = np.concatenate([p["tokens"] for p in parts]).astype(np.int64)
        """Of each program, START and END included."""
        known: dict[tuple[int, ...], int] = {(): 0}
        slots = []
        for p in parts:
            places = [known.setdefault(tuple(c), len(known)) for c in json.loads(bytes(p["contents"]))]
            slots.append(np.array(places, dtype=np.int32)[p["slots"]])
        self.roles = np.concatenate([p["roles"] for p in parts]).astype(np.int64)
        """Of each task: its output and inputs."""
        self.answered = np.concatenate([p["answered"] for p in parts]).astype(np.int64)
        """Answers about each role."""
        self.answers = np.concatenate([p["answers"] for p in parts])
        self.role = np.cumsum(self.roles) - self.roles
        self.answer = np.cumsum(self.answered) - self.answered
        self.slots = np.concatenate(slots)
        """(tasks, S): into ``contents``."""
        widths = np.array([len(c) for c in known], dtype=np.int64)
        flat = np.array([x for c in known for x in c], dtype=np.int16)
        self.contents = _rows(flat, np.cumsum(widths) - widths, widths)
        """(contents, M): row 0 is nothing."""
        self.first = np.concatenate([[0], np.cumsum(self.examples)])
        self.begin = np.concatenate([[0], np.cumsum(self.lengths)])
        self.start = np.concatenate([[0], np.cumsum(self.tokens)])
        self.longest = np.maximum.reduceat(self.lengths, self.first[:-1])

    def __len__(self) -> int:
        return len(self.examples)

    def batch(self, tasks: Sequence[int]) -> Any:
        """Tasks with their programs as a model's batch: what ``batch_of`` makes of them, without a loop over tasks."""
        import torch

        from neurosynth.guides.task_batch import TaskBatch

        chosen = np.asarray(tasks)
        there = np.arange(self.examples[chosen].max()) < self.examples[chosen][:, None]  # (B, E)
        rows = np.where(there, self.first[chosen][:, None] + np.arange(there.shape[1]), 0)
        lengths = np.where(there, self.lengths[rows], 0).ravel()
        symbols = _rows(self.symbols, self.begin[rows].ravel(), lengths)  # (B·E, L)
        programs = _rows(self.programs, self.start[chosen], self.tokens[chosen])
        known = np.arange(self.roles[chosen].max()) < self.roles[chosen][:, None]  # (B, R)
        roles = np.where(known, self.role[chosen][:, None] + np.arange(known.shape[1]), 0)
        answers = _rows(self.answers, self.answer[roles].ravel(), np.where(known, self.answered[roles], 0).ravel())
        used = np.unique(np.append(self.slots[chosen], 0))
        contents = self.contents[used]
        contents = contents[:, : max(1, int((contents != 0).sum(axis=1).max()))]
        return TaskBatch(
            symbols=torch.from_numpy(symbols.reshape(*there.shape, -1)),
            lengths=torch.from_numpy(np.maximum(lengths, 1)),
            contents=torch.from_numpy(contents),
            slots=torch.from_numpy(np.searchsorted(used, self.slots[chosen])),
            programs=torch.from_numpy(programs),
            tokens=int((programs[:, 1:] != PAD).sum()),
            answers=torch.from_numpy(answers.reshape(*known.shape, -1)),
        )


def _rows(flat: np.ndarray, begin: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """(rows, longest) int64: of each row as many numbers of ``flat`` as it is long, from its beginning on, then 0."""
    place = np.arange(max(int(lengths.max(initial=0)), 1))
    index = np.minimum(begin[:, None] + place, max(len(flat) - 1, 0))
    return np.where(place < lengths[:, None], flat[index], 0).astype(np.int64)


def _numbered(language: Language) -> bytes:
    """What the numbers in a pool stand for: the tokens and the properties, as one digest."""
    vocabulary = Vocabulary(language, **ModelConfig().vocabulary_slots())
    names = json.dumps([vocabulary.tokens, Signatures(language).names])
    return hashlib.blake2b(names.encode(), digest_size=16).digest()


def encoded(language: Language, pairs: Iterable[tuple[Task, Program]]) -> dict[str, np.ndarray]:
    """Tasks with their programs as the arrays of a part; what a model has no room for is left out."""
    config = ModelConfig()
    vocabulary, signatures = Vocabulary(language, **config.vocabulary_slots()), Signatures(language)
    samples = []
    for task, program in pairs:
        try:
            samples.append(encode_sample(task, program, vocabulary, config, signatures))
        except InputError:
            continue  # more lambdas inside each other, or more tokens, than a model has room for
    known: dict[tuple[int, ...], int] = {}
    slots = [[known.setdefault(c, len(known)) for c in s.slots] for s in samples]
    examples = [row for s in samples for row in s.symbols]
    answers = [row for s in samples for row in s.answers]
    return {
        "symbols": np.array([x for row in examples for x in row], dtype=np.int16),
        "lengths": np.array([len(row) for row in examples], dtype=np.int16),
        "examples": np.array([len(s.symbols) for s in samples], dtype=np.int64),
        "programs": np.array([x for s in samples for x in s.program], dtype=np.int16),
        "tokens": np.array([len(s.program) for s in samples], dtype=np.int16),
        "slots": np.array(slots, dtype=np.int32),
        "contents": np.frombuffer(json.dumps(list(known)).encode(), dtype=np.uint8),
        "answers": np.array([x for row in answers for x in row], dtype=np.int16),
        "answered": np.array([len(row) for row in answers], dtype=np.int16),
        "roles": np.array([len(s.answers) for s in samples], dtype=np.int64),
        "numbered": np.frombuffer(_numbered(language), dtype=np.uint8),
    }


class Bucketed:
    """Batches of tasks alike in number of examples and lengths: positions in the pool, a pure function of the step."""

    def __init__(self, pool: Pool, members: np.ndarray, rows: int, seed: int) -> None:
        self.pool, self.members, self.rows, self.seed = pool, members, rows, seed
        self.count = len(self._plan(0))
        self._epoch = lru_cache(maxsize=2)(self._plan)

    def __call__(self, step: int) -> list[int]:
        """The tasks of a step."""
        epoch, index = divmod(step, self.count)
        found: list[int] = self._epoch(epoch)[index].tolist()
        return found

    def _plan(self, epoch: int) -> list[np.ndarray]:
        # As many batches in every epoch: sizes of groups do not change, only who is with whom.
        rng = np.random.default_rng((self.seed, epoch))
        order = rng.permutation(self.members)
        batches = []
        for examples in np.unique(self.pool.examples[order]):
            group = order[self.pool.examples[order] == examples]
            # About alike in length of programs, then of examples, where padding costs most; a little noise puts others
            # together every epoch.
            keys = self.pool.tokens[group] // 3 * 1000 + self.pool.longest[group]
            group = group[np.argsort(keys + rng.integers(0, 3, len(group)), kind="stable")]
            size = max(1, self.rows // int(examples))
            batches += [group[i : i + size] for i in range(0, len(group), size)]
        return [batches[i] for i in rng.permutation(len(batches))]


class Reader:
    """A guide that takes positions in the pool for tasks."""

    def __init__(self, guide: Any, pool: Pool) -> None:
        self.guide, self.pool = guide, pool
        self.name, self.vocabulary, self.module, self.config = guide.name, guide.vocabulary, guide.module, guide.config
        self.properties: tuple[str, ...] = guide.properties

    def collate(self, positions: Sequence[int]) -> Any:
        """Their batch."""
        return self.pool.batch(positions)
