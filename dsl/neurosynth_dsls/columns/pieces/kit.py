"""The pieces, conditions and joining primitives that ``columns`` gives to the search by cover."""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth.language.pieces import PieceKit
from neurosynth_dsls.columns.pieces.conditions import TextConditions
from neurosynth_dsls.columns.pieces.dates import Dates
from neurosynth_dsls.columns.pieces.functions import Functions
from neurosynth_dsls.columns.pieces.numbers import Numbers
from neurosynth_dsls.columns.pieces.substrings import Substrings

__all__ = ["kit_of"]


def kit_of(language: Language) -> PieceKit:
    """The kit of ``columns``, whose primitives are complete."""
    return PieceKit(
        sources=(Substrings(), Functions(), Dates(), Numbers()),
        conditions=(TextConditions(),),
        concat=language["str.++"],
        choose=language["ite"],
    )
