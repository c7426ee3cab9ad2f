"""Settings of the neural guides, checked when they are made. Needs no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from neurosynth.errors import InputError

__all__ = ["FeedForward", "ModelConfig", "Recurrent", "Transformer", "Value"]


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The settings of every neural guide; each model adds its own.

    Raises:
        InputError: for a value that is not allowed, with the allowed ones.
    """

    width: int = 128
    """D: numbers in a vector."""
    layers: int = 2
    """Number of layers."""
    dropout: float = 0.1
    """Share of each layer's output hidden in training."""
    max_length: int = 160
    """Window: number of symbols of one example."""
    max_examples: int = 8
    """Window: number of examples of a task; the first ones are read."""
    overflow: str = "truncate"
    """``truncate`` reads what fits (the beginnings of long values; the longest are cut most); ``error`` refuses."""
    max_tokens: int = 64
    """Number of tokens of the longest training program."""
    inputs: int = 8
    """Number of slots of the vocabulary for inputs."""
    constants: int = 32
    """Number of slots of the vocabulary for constants, the language's and the task's together."""
    variables: int = 4
    """Number of slots of the vocabulary for parameters of lambdas."""
    signatures: bool = True
    """Whether it reads property signatures in addition to the values (:mod:`neurosynth.guides.signatures`)."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            wanted = type(field.default)
            if type(value) is not wanted and not (wanted is float and type(value) is int):
                raise self._refused(field.name, wanted.__name__)
        for name in ("width", "layers", "max_examples", "max_tokens"):
            if getattr(self, name) < 1:
                raise self._refused(name, "1 or more")
        for name in ("inputs", "constants", "variables"):
            if getattr(self, name) < 0:
                raise self._refused(name, "0 or more")
        if self.width % 2:
            raise self._refused("width", "an even number")
        if self.max_length < 16:
            raise self._refused("max_length", "16 or more")
        if not 0 <= self.dropout < 1:
            raise self._refused("dropout", "from 0 up to but not including 1")
        self.one_of("overflow", ("truncate", "error"))

    def one_of(self, name: str, allowed: Sequence[str]) -> None:
        """Check a setting with a fixed set of values."""
        if getattr(self, name) not in allowed:
            raise self._refused(name, ", ".join(allowed))

    def _refused(self, name: str, allowed: str) -> InputError:
        return InputError(f"{type(self).__name__}: {name} is {getattr(self, name)!r}; allowed: {allowed}")

    def vocabulary_slots(self) -> dict[str, int]:
        """The arguments of :class:`Vocabulary`."""
        return {"inputs": self.inputs, "constants": self.constants, "variables": self.variables}


@dataclass(frozen=True, kw_only=True)
class FeedForward(ModelConfig):
    """Settings of a feed-forward guide."""

    layers: int = 3
    """Number of perceptron layers for an example, and of further ones for the mean of the examples."""
    activation: str = "relu"
    """``sigmoid``, ``tanh`` or ``relu``."""
    crossing: bool = True
    """Whether symbols of an example's inputs attend to those of its output, and vice versa."""
    pool: str = "mean"
    """How examples are pooled: ``mean`` or ``attention``."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.one_of("pool", ("mean", "attention"))
        self.one_of("activation", ("sigmoid", "tanh", "relu"))


@dataclass(frozen=True, kw_only=True)
class Value(ModelConfig):
    """Settings of a value guide. With ``signatures`` it reads only those, without them the values themselves."""

    width: int = 64
    """D: numbers in a vector."""
    layers: int = 2
    """Number of perceptron layers."""
    activation: str = "relu"
    """``sigmoid``, ``tanh`` or ``relu``."""
    loss: str = "mse"
    """``mse``: it learns the missing bits; ``bce``: whether the value is a part of the solution."""
    wrong: int = 4
    """Number of training values that are not part of the solution, for each one that is."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.one_of("activation", ("sigmoid", "tanh", "relu"))
        self.one_of("loss", ("mse", "bce"))
        if self.wrong < 1:
            raise self._refused("wrong", "1 or more")


@dataclass(frozen=True, kw_only=True)
class Recurrent(ModelConfig):
    """Settings of a recurrent guide."""

    cell: str = "lstm"
    """``rnn``, ``lstm`` or ``gru``."""
    activation: str = "relu"
    """Of cell ``rnn``: ``relu`` or ``tanh``."""
    crossing: bool = True
    """Whether symbols of an example's inputs attend to those of its output, and vice versa."""
    pool: str = "max"
    """How examples are pooled for the next token: ``max`` or ``attention``."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.one_of("pool", ("max", "attention"))
        self.one_of("cell", ("rnn", "lstm", "gru"))
        self.one_of("activation", ("relu", "tanh"))
        if self.layers < 2:
            raise self._refused(
                "layers", "2 or more, because the first layer computes the attention and the others read it"
            )


@dataclass(frozen=True, kw_only=True)
class Transformer(ModelConfig):
    """Settings of a transformer guide."""

    layers: int = 3
    """Number of layers of the encoder, and of the decoder."""
    heads: int = 4
    """H: number of attention heads, each ``width / heads`` wide."""
    positions: str = "sinusoidal"
    """``sinusoidal`` (fixed) or ``learned``."""
    pool: str = "max"
    """How examples are pooled for the next token: ``max`` or ``attention``. Inputs and output of an example attend to each other in
    every layer of the encoder."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.one_of("pool", ("max", "attention"))
        self.one_of("positions", ("sinusoidal", "learned"))
        if self.heads < 1 or self.width % self.heads:
            raise self._refused("heads", f"a divisor of width, {self.width}")
