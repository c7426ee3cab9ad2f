"""The common parts of neural guides: construction, batches of tasks and programs, decoding states, and figures for inspection.

Letters: ``B`` tasks (or prefixes of one task while decoding), ``E`` examples, ``L`` symbols of an example, ``T`` tokens,
``V`` vocabulary, ``D`` width.  Probabilities are natural logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from neurosynth.errors import InputError

try:
    import torch
except ModuleNotFoundError as missing:
    raise InputError(
        "neural guides need torch, which is not installed; pip install 'neurosynth-pbe[neural]', or use a guide without it"
    ) from missing
from torch import Tensor, nn
from torch.nn import functional as F

from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.encoding import SYMBOLS, Sample, encode_sample, encode_task
from neurosynth.guides.feedforward import FeedForwardModel
from neurosynth.guides.model_config import FeedForward, ModelConfig, Recurrent, Transformer
from neurosynth.guides.occurrence import production_logprobs
from neurosynth.guides.recurrent import RecurrentModel
from neurosynth.guides.signatures import Signatures
from neurosynth.guides.task_batch import TaskBatch, batch_of
from neurosynth.guides.transformer import TransformerModel
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.tokens import START, Vocabulary
from neurosynth.tasks.task import Task

__all__ = [
    "NeuralGuide",
    "NeuralRuleGuide",
    "SequenceModel",
    "build_feedforward",
    "build_recurrent",
    "build_transformer",
    "collate",
    "gradient_norms",
]


class SequenceModel(Protocol):
    """The interface of a model for a decoder; each model has its own memory."""

    def encode(self, batch: TaskBatch) -> Any:
        """Encode the examples."""
        ...

    def embed(self, memory: Any, tokens: Tensor) -> Tensor:
        """(B, T) → (B, T, D)."""
        ...

    def decode(self, memory: Any, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, V), the logits of the next tokens."""
        ...

    def first(self, memory: Any) -> tuple[Tensor, ...]:
        """The state of one empty prefix; the first dimension of each tensor is that of prefixes."""
        ...

    def step(self, memory: Any, cache: tuple[Tensor, ...], tokens: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One more token (B,): logits (B, V) of the next token, and the new state."""
        ...


@runtime_checkable
class AttentiveModel(Protocol):
    """A model that attends to the symbols of the examples."""

    def attention(self, batch: TaskBatch) -> Tensor:
        """(B, E, T, L): the attention to each symbol for each next token."""
        ...


def collate(
    pairs: Sequence[tuple[Task, Program]],
    vocabulary: Vocabulary,
    config: ModelConfig,
    signatures: Signatures | None = None,
) -> TaskBatch:
    """Tasks and their programs as one padded batch on the CPU; similar lengths within a batch waste least. Raises: InputError: for no
    pairs, a program that the vocabulary cannot express or longer than ``max_tokens``, or a task that does not fit into the window if
    the config refuses those.
    """
    if not pairs:
        raise InputError("a batch of no tasks; give at least one task with its program")
    return batch_of([encode_sample(task, program, vocabulary, config, signatures) for task, program in pairs])


class _Neural:
    """A model with its tokens and its settings."""

    def __init__(
        self,
        name: str,
        module: nn.Module,
        vocabulary: Vocabulary,
        config: ModelConfig,
        signatures: Signatures | None = None,
    ) -> None:
        """``name`` is that of its kind; ``signatures`` are the properties that the model knows, None for a model without."""
        self._name, self._module, self._vocabulary, self._config = name, module, vocabulary, config
        self._signatures = signatures

    def __repr__(self) -> str:
        size = sum(p.numel() for p in self.module.parameters())
        return f"{type(self).__name__}({self.name!r}, language {self.vocabulary.language.name!r}, {size:,} parameters)"

    @property
    def name(self) -> str:
        """The name of its kind."""
        return self._name

    @property
    def module(self) -> nn.Module:
        """The model itself; ``module(batch)`` is its loss, mean nats per token. Guiding puts it into evaluation mode; call
        ``module.train()`` before training further.
        """
        return self._module

    @property
    def vocabulary(self) -> Vocabulary:
        """Its tokens, which belong to one language."""
        return self._vocabulary

    @property
    def config(self) -> ModelConfig:
        """Its settings."""
        return self._config

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties that its signatures know."""
        return () if self._signatures is None else self._signatures.names

    def encode(self, task: Task, program: Program) -> Sample:
        """A task and its program as numbers: the part of :meth:`collate` that is worth doing once, or in other processes."""
        return encode_sample(task, program, self._vocabulary, self._config, self._signatures)

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> TaskBatch:
        """A batch for ``module``; see :func:`collate`."""
        return collate(pairs, self._vocabulary, self._config, self._signatures)

    def symbols(self, task: Task) -> tuple[tuple[str, ...], ...]:
        """The symbols of each example, as labels of an attention map."""
        return tuple(tuple(SYMBOLS[s] for s in row) for row in encode_task(task, self._config))

    def _task_batch(self, task: Task) -> TaskBatch:
        self._module.eval()
        batch = batch_of([encode_sample(task, None, self._vocabulary, self._config, self._signatures)])
        return batch.to(next(self._module.parameters()).device)


class NeuralGuide(_Neural):
    """A sequence guide: a model that gives probabilities of next tokens."""

    def __init__(
        self,
        name: str,
        module: SequenceModel,
        vocabulary: Vocabulary,
        config: ModelConfig,
        signatures: Signatures | None = None,
    ) -> None:
        """``module`` is a ``torch.nn.Module``, too: called on a :class:`TaskBatch`, it returns the loss, mean nats per token."""
        assert isinstance(module, nn.Module)
        super().__init__(name, module, vocabulary, config, signatures)
        self.model: SequenceModel = module

    @torch.inference_mode()
    def start(self, task: Task) -> NeuralState:
        """The state of one empty prefix; the examples are encoded here, once.

        Raises:
            InputError: for a task that does not fit into the window, if the config refuses those.
        """
        memory = self.model.encode(self._task_batch(task))
        return NeuralState.read(self.model, memory, self.model.first(memory), np.array([START]))

    @torch.inference_mode()
    def attention(self, task: Task, program: Program) -> np.ndarray:
        """(E, T, L) float32: the attention to each example's symbols for each token of the program and its end.

        Rows sum to one.  ``symbols(task)`` has the labels of L, which is that of the longest example.

        Raises:
            InputError: for a model without attention.
        """
        if not isinstance(self.model, AttentiveModel):
            raise InputError(f"a guide of kind {self.name} has no attention; leave its view of that out")
        self._module.eval()
        batch = self.collate([(task, program)]).to(next(self._module.parameters()).device)
        looks: np.ndarray = self.model.attention(batch)[0].float().cpu().numpy()
        return looks


@dataclass(frozen=True, slots=True)
class NeuralState:
    """The state of a decoder: B prefixes of programs for one task."""

    model: SequenceModel
    memory: Any
    cache: tuple[Tensor, ...]
    """The model's state of each prefix, B first."""
    scores: np.ndarray
    """(B, V) float32."""

    @staticmethod
    def read(model: SequenceModel, memory: Any, cache: tuple[Tensor, ...], tokens: np.ndarray) -> NeuralState:
        """The state after one more token of each prefix."""
        ids = torch.from_numpy(tokens.astype(np.int64)).to(cache[0].device)
        logits, grown = model.step(memory, cache, ids)
        return NeuralState(model, memory, grown, logits.float().log_softmax(-1).cpu().numpy())

    def log_probs(self) -> np.ndarray:
        """(B, V) float32, natural log: the next token of each prefix, before any mask of the grammar."""
        return self.scores

    @torch.inference_mode()
    def advance(self, parents: np.ndarray, tokens: np.ndarray) -> NeuralState:
        """The state of B' longer prefixes: prefix ``parents[i]`` followed by token id ``tokens[i]``.

        Raises:
            InputError: for a program with more tokens than the model has positions.
        """
        rows = torch.from_numpy(parents.astype(np.int64)).to(self.cache[0].device)
        chosen = tuple(c.index_select(0, rows) for c in self.cache)
        return NeuralState.read(self.model, self.memory, chosen, tokens)

    @torch.inference_mode()
    def gather(self, states: Sequence[NeuralState], batch: np.ndarray, row: np.ndarray) -> NeuralState:
        """The state of B prefixes of the same length: prefix ``row[i]`` of ``states[batch[i]]``."""
        order = np.argsort(batch, kind="stable")  # each state is read once
        place = np.argsort(order, kind="stable")
        parts = np.split(row[order], np.cumsum(np.bincount(batch, minlength=len(states)))[:-1])
        rows = [torch.from_numpy(p.astype(np.int64)).to(self.cache[0].device) for p in parts]
        back = torch.from_numpy(place.astype(np.int64)).to(self.cache[0].device)
        cache = tuple(
            torch.cat([c.index_select(0, r) for c, r in zip(column, rows, strict=True)]).index_select(0, back)
            for column in zip(*(s.cache for s in states), strict=True)
        )
        scores = np.concatenate([s.scores[p] for s, p in zip(states, parts, strict=True)])[place]
        return NeuralState(self.model, self.memory, cache, scores)


class NeuralRuleGuide(_Neural):
    """A rule guide: a feed-forward model that gives probabilities of productions."""

    def __init__(
        self,
        name: str,
        module: FeedForwardModel,
        vocabulary: Vocabulary,
        config: FeedForward,
        signatures: Signatures | None = None,
    ) -> None:
        super().__init__(name, module, vocabulary, config, signatures)
        self.model = module

    @torch.inference_mode()
    def occurrence(self, task: Task) -> np.ndarray:
        """(V,) float64: the probability that each token occurs in the task's program; those of special tokens have no meaning."""
        chances: np.ndarray = 1 / (1 + np.exp(-self._log_odds(task)))
        return chances

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions for this task; :func:`production_logprobs` has the formula."""
        return WeightedGrammar(grammar, production_logprobs(self._log_odds(task), self._vocabulary, grammar))

    @torch.inference_mode()
    def _log_odds(self, task: Task) -> np.ndarray:
        return self.model.logits(self._task_batch(task))[0].double().cpu().numpy()


def _spoken(config: ModelConfig, language: Language) -> tuple[Vocabulary, Signatures | None]:
    """The tokens and the properties that a model of a language knows."""
    vocabulary = Vocabulary(language, **config.vocabulary_slots())
    return vocabulary, Signatures(language) if config.signatures else None


def build_feedforward(config: FeedForward, language: Language, seed: int) -> NeuralRuleGuide:
    """An untrained guide; the caller has seeded torch."""
    vocabulary, signatures = _spoken(config, language)
    model = FeedForwardModel(len(vocabulary), config, len(signatures or ()))
    return NeuralRuleGuide("feedforward", model, vocabulary, config, signatures)


def build_recurrent(config: Recurrent, language: Language, seed: int) -> NeuralGuide:
    """An untrained guide; the caller has seeded torch."""
    vocabulary, signatures = _spoken(config, language)
    model = RecurrentModel(len(vocabulary), config, len(signatures or ()))
    return NeuralGuide(config.cell, model, vocabulary, config, signatures)


def build_transformer(config: Transformer, language: Language, seed: int) -> NeuralGuide:
    """An untrained guide; the caller has seeded torch."""
    vocabulary, signatures = _spoken(config, language)
    model = TransformerModel(len(vocabulary), config, len(signatures or ()))
    return NeuralGuide("transformer", model, vocabulary, config, signatures)


def gradient_norms(guide: NeuralGuide, pairs: Sequence[tuple[Task, Program]]) -> np.ndarray:
    """(T,) float64: the distance in a program over which a decoder learns: entry ``k`` is ``k`` tokens before the last.

    The norm of the gradient of the loss of each program's end token with respect to the vector read ``k`` steps earlier, averaged over
    the programs that are long enough. It approaches zero if a cell forgets (Bengio et al., 1994). Raises: InputError: if
    :func:`collate` does.
    """
    guide.module.eval()
    batch = guide.collate(pairs).to(next(guide.module.parameters()).device)
    last = (batch.targets != 0).sum(1) - 1  # (B,): where the end token is predicted
    with torch.no_grad():
        memory = guide.model.encode(batch)
        vectors = guide.model.embed(memory, batch.read)  # (B, T, D)
    vectors.requires_grad_()
    with torch.backends.cudnn.flags(enabled=False):  # cuDNN differentiates recurrent layers in training mode only
        logits = guide.model.decode(memory, vectors)  # (B, T, V)
    rows = torch.arange(len(last), device=last.device)
    loss = F.cross_entropy(logits[rows, last].float(), batch.targets[rows, last], reduction="sum")
    (gradient,) = torch.autograd.grad(loss, vectors)
    norms = gradient.norm(dim=-1).double().cpu().numpy()  # (B, T)
    ends = last.cpu().numpy()
    return np.array([norms[ends >= k, (ends - k)[ends >= k]].mean() for k in range(int(ends.max()) + 1)])
