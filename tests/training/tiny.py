"""A guide as small as one can be, for tests of what trains and stores guides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import END, PAD, START, Vocabulary
from neurosynth.tasks.task import Task, example

__all__ = ["TinyGuide", "some_pairs"]

PROGRAMS = (
    "(sum x0)",
    "(head x0)",
    "(last x0)",
    "(length x0)",
    "(maximum x0)",
    "(head (reverse x0))",
    "(sum (reverse x0))",
    "(+ (head x0) (last x0))",
    "(+ (sum x0) 1)",
    "(sum (take 2 x0))",
    "(sum (map (lambda (a) (* a a)) x0))",
    "(length (filter (lambda (a) (> a 0)) x0))",
)


def some_pairs(copies: int = 4) -> list[tuple[Task, Program]]:
    """Tasks over one list, with programs of the language ``lists``."""
    lists = load_language("lists")
    pairs = []
    for i in range(copies):
        for j, text in enumerate(PROGRAMS):
            program = parse_program(text, lists, request="list int -> int")
            values = [[i + 1, 2, j], [j, i, 3, 1], [7, i + j, 5]]
            task = Task([example(v, output=program(v)) for v in values], name=f"{i}-{j}")
            pairs.append((task, program))
    return pairs


@dataclass(frozen=True)
class TinyBatch:
    """Token ids (B, T + 2): start, program, end, padding."""

    ids: Tensor
    tokens: int

    def to(self, device: torch.device) -> TinyBatch:
        """The same on a device."""
        return TinyBatch(self.ids.to(device), self.tokens)


class TinyModel(nn.Module):
    """The next token from the last one, with dropout so that training draws at random."""

    def __init__(self, tokens: int, width: int, seed: int) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embed = nn.Embedding(tokens, width)
            self.out = nn.Linear(width, tokens)
        self.drop = nn.Dropout(0.1)

    def forward(self, batch: TinyBatch) -> Tensor:
        """Mean nats a token."""
        logits = self.out(self.drop(torch.tanh(self.embed(batch.ids[:, :-1]))))
        return nn.functional.cross_entropy(logits.flatten(0, 1), batch.ids[:, 1:].flatten(), ignore_index=PAD)


@dataclass(frozen=True, kw_only=True)
class TinyConfig:
    """Its settings."""

    width: int = 8


class TinyGuide:
    """A bigram model by gradient descent."""

    name = "tiny"

    def __init__(self, language: Language | None = None, *, width: int = 8, seed: int = 0) -> None:
        self.vocabulary = Vocabulary(language or load_language("lists"))
        self.config = TinyConfig(width=width)
        self.module = TinyModel(len(self.vocabulary), width, seed)

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> TinyBatch:
        """Programs padded to the longest."""
        rows = [[START, *self.vocabulary.encode(p, self.vocabulary.constants([*t.constants])), END] for t, p in pairs]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])
        return TinyBatch(ids, sum(len(row) - 1 for row in rows))
