"""Neural guides that run without torch: the shipped ones, and all of the project's own kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.encoding import OUTPUT, SampleArrays, arrays_of, encode_sample
from neurosynth.guides.files import GuideFile
from neurosynth.guides.kinds import NeuralKind, file_settings
from neurosynth.guides.model_config import FeedForward, ModelConfig, Recurrent, Transformer
from neurosynth.guides.numpy_models import (
    Cache,
    NumpyFeedForward,
    NumpyRecurrent,
    NumpyTransformer,
)
from neurosynth.guides.numpy_parts import Floats, Weights, log_softmax
from neurosynth.guides.occurrence import production_logprobs
from neurosynth.guides.signatures import Signatures
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.tokens import START, Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["NumpyGuide", "NumpyRuleGuide", "NumpyState", "load_numpy"]

Ints = NDArray[np.int64]


class StepModel(Protocol):
    """The interface of a model for a decoder; each model has its own memory."""

    def encode(self, task: SampleArrays) -> Any:
        """Encode the examples."""
        ...

    def first(self, memory: Any) -> Cache:
        """The state of one empty prefix; the first dimension of each array is that of prefixes."""
        ...

    def step(self, memory: Any, cache: Cache, tokens: Ints) -> tuple[Floats, Cache]:
        """One more token (B,): logits (B, V) of the next token, and the new state."""
        ...


@dataclass(frozen=True, eq=False)
class NumpyGuide:
    """A sequence guide: a recurrent or transformer model that gives probabilities of next tokens."""

    name: str
    """The name of its kind."""
    vocabulary: Vocabulary
    config: ModelConfig
    model: StepModel = field(repr=False)
    signatures: Signatures | None = field(default=None, repr=False)
    """The properties that the model knows; None for a model without."""

    def start(self, task: Task) -> NumpyState:
        """The state of one empty prefix; the examples are encoded here, once.

        Raises:
            InputError: for a task that does not fit into the window, if the config refuses those.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # from damaged weights, which are detected below
            memory = self.model.encode(_arrays(task, self.vocabulary, self.config, self.signatures))
        return NumpyState.read(self.model, memory, self.model.first(memory), np.array([START]))


@dataclass(frozen=True, slots=True, eq=False)
class NumpyState:
    """The state of a decoder: B prefixes of programs for one task."""

    model: StepModel
    memory: Any
    cache: Cache
    """The model's state of each prefix, B first."""
    scores: Floats
    """(B, V)."""

    @staticmethod
    def read(model: StepModel, memory: Any, cache: Cache, tokens: Ints) -> NumpyState:
        """The state after one more token of each prefix.

        Raises:
            InputError: if the weights give no finite scores.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            logits, grown = model.step(memory, cache, tokens)
            return NumpyState(model, memory, grown, _finite(log_softmax(logits)))

    def log_probs(self) -> Floats:
        """(B, V) float32, natural log: the next token of each prefix, before any mask of the grammar."""
        return self.scores

    def advance(self, parents: Ints, tokens: Ints) -> NumpyState:
        """The state of B' longer prefixes: prefix ``parents[i]`` followed by token id ``tokens[i]``.

        Raises:
            InputError: for a program with more tokens than the model has positions.
        """
        return NumpyState.read(self.model, self.memory, tuple(c[parents] for c in self.cache), tokens)

    def gather(self, states: Sequence[NumpyState], batch: Ints, row: Ints) -> NumpyState:
        """The state of B prefixes of the same length: prefix ``row[i]`` of ``states[batch[i]]``."""
        begins = np.cumsum([0, *(len(s.scores) for s in states[:-1])])
        place = begins[batch] + row
        cache = tuple(np.concatenate(column)[place] for column in zip(*(s.cache for s in states), strict=True))
        return NumpyState(self.model, self.memory, cache, np.concatenate([s.scores for s in states])[place])


@dataclass(frozen=True, eq=False)
class NumpyRuleGuide:
    """A rule guide: a feed-forward model that gives probabilities of productions."""

    name: str
    """The name of its kind."""
    vocabulary: Vocabulary
    config: ModelConfig
    model: NumpyFeedForward = field(repr=False)
    signatures: Signatures | None = field(default=None, repr=False)
    """The properties that the model knows; None for a model without."""

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions for this task; :func:`production_logprobs` has the formula.

        Raises:
            InputError: for a task that does not fit into the window, if the config refuses those.
        """
        arrays = _arrays(task, self.vocabulary, self.config, self.signatures)
        with np.errstate(over="ignore", invalid="ignore"):
            logits = _finite(self.model.logits(arrays).astype(np.float64))
        return WeightedGrammar(grammar, production_logprobs(logits, self.vocabulary, grammar))


def _arrays(task: Task, vocabulary: Vocabulary, config: ModelConfig, signatures: Signatures | None) -> SampleArrays:
    return arrays_of([encode_sample(task, None, vocabulary, config, signatures)])


def _finite(scores: Any) -> Any:
    """The scores.

    Raises:
        InputError: if they are not finite numbers.
    """
    if not np.isfinite(scores).all():
        raise InputError("the guide gives scores that are not finite numbers; its weights are damaged: train it again")
    return scores


@np.errstate(over="ignore", invalid="ignore")
def load_numpy(kind: NeuralKind, file: GuideFile, language: Language) -> NumpyGuide | NumpyRuleGuide:
    """The guide of a file of one of the project's own neural kinds.

    Raises:
        InputError: for another language, a primitive that changed, tensors of another model, or numbers that are not finite.
    """
    config: ModelConfig = file_settings(kind, file)
    vocabulary = Vocabulary(language, **config.vocabulary_slots())
    signatures = Signatures(language) if config.signatures else None
    tensors = kind.tensors(file, vocabulary)
    if damaged := [name for name, tensor in tensors.items() if not np.isfinite(tensor).all()]:
        raise InputError(
            f"{file.path}: tensor {damaged[0]!r} has values that are not finite numbers; train the guide again"
        )
    weights = Weights({name: t.astype(np.float32, copy=False) for name, t in tensors.items()})
    try:
        match config:
            case FeedForward():
                rules = NumpyFeedForward(weights, config)
                rules.logits(_trial(config))
                return NumpyRuleGuide(kind.name, vocabulary, config, rules, signatures)
            case Recurrent():
                recurrent = NumpyRecurrent(weights, config)
                return _tried(NumpyGuide(kind.name, vocabulary, config, recurrent, signatures))
            case Transformer():
                transformer = NumpyTransformer.of(weights, config)
                return _tried(NumpyGuide(kind.name, vocabulary, config, transformer, signatures))
    except (KeyError, ValueError, IndexError) as error:
        raise InputError(
            f"{file.path}: its tensors are not those of this model: {error}; train the guide again"
        ) from None
    raise AssertionError(f"kind {kind.name}: settings of {type(config).__name__}")


def _tried(guide: NumpyGuide) -> NumpyGuide:
    """The guide, after one step, which reveals missing tensors and wrong shapes."""
    memory = guide.model.encode(_trial(guide.config))
    guide.model.step(memory, guide.model.first(memory), np.array([START]))
    return guide


def _trial(config: ModelConfig) -> SampleArrays:
    """A task with one example of two symbols."""
    slots = np.zeros((1, config.inputs + config.constants), np.int64)
    symbols = np.array([[[OUTPUT, OUTPUT]]])
    answers = np.ones((1, 1, 1), np.int64)
    return SampleArrays(symbols, np.array([2]), np.zeros((1, 1), np.int64), slots, np.array([[START]]), answers)
