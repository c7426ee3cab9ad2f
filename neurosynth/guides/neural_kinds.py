"""The neural kinds of the project; naming and using them needs no torch."""

from __future__ import annotations

from neurosynth.guides.kinds import NeuralKind
from neurosynth.guides.model_config import FeedForward, Recurrent, Transformer, Value
from neurosynth.guides.neural_views import attention, gradients
from neurosynth.guides.token_records import ByToken

__all__ = ["FEEDFORWARD", "GRU", "LSTM", "RNN", "TRANSFORMER", "VALUE"]

_BY_TOKEN: dict[str, ByToken] = {"vectors.table.weight": "vector", "bias": "score"}
_BY_PROPERTY = ("signatures.table",)
_SILENT = (
    "fusion.read.weight", "fusion.read.bias", "fusion.out.weight", "fusion.out.bias", "signatures.inputs.weight",
    "crossing.out.weight", "crossing.out.bias",
)  # fmt: skip
_NUMPY = "neurosynth.guides.numpy_guides:load_numpy"
"""Measured on one core with torch 2.13: a beam of 128 takes 0.9 (transformer) and 0.6 (lstm) of torch's time."""


def _recurrent(cell: str) -> NeuralKind:
    return NeuralKind(
        name=cell,
        settings=Recurrent,
        fixed={"cell": cell},
        build="neurosynth.guides.neural:build_recurrent",
        by_token=_BY_TOKEN,
        by_property=_BY_PROPERTY,
        silent=_SILENT,
        before={"signatures": False, "crossing": False, "pool": "max"},
        run=_NUMPY,
        views={"attention": attention, "gradients": gradients},
    )


RNN, LSTM, GRU = map(_recurrent, ("rnn", "lstm", "gru"))
TRANSFORMER = NeuralKind(
    name="transformer",
    settings=Transformer,
    build="neurosynth.guides.neural:build_transformer",
    by_token=_BY_TOKEN,
    by_property=_BY_PROPERTY,
    silent=_SILENT,
    before={"signatures": False, "pool": "max"},
    run=_NUMPY,
    views={"attention": attention},
)
FEEDFORWARD = NeuralKind(
    name="feedforward",
    settings=FeedForward,
    build="neurosynth.guides.neural:build_feedforward",
    by_token=_BY_TOKEN,
    by_property=_BY_PROPERTY,
    silent=_SILENT,
    before={"signatures": False, "crossing": False, "pool": "mean"},
    run=_NUMPY,
)
VALUE = NeuralKind(
    name="value",
    settings=Value,
    build="neurosynth.guides.value_model:build_value",
    by_property=_BY_PROPERTY,
    run="neurosynth.guides.numpy_value:load_numpy_value",
)
