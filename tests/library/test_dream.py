"""Dreams: what a recognition model of the loop begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
from neurosynth_dsls.lists import lists

from neurosynth.extras import installed
from neurosynth.guides.files import read_guide_file
from neurosynth.guides.kinds import NeuralKind, find_kind
from neurosynth.guides.trained import trained_guides
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language
from neurosynth.language.syntax import parse_program
from neurosynth.library.config import LearnConfig
from neurosynth.library.described import Solved
from neurosynth.library.dream import dream
from neurosynth.tasks.task import Task, example

ROWS = [[3, 1, 2], [5, 4], [7], [2, 9, 4, 4]]
MIRROR = LearnedAbstraction(name="mirror", type="list a -> list a", body="(append x0 (reverse x0))")
GROWN = library_language(Library(name="lists-learned", base="lists", abstractions=(MIRROR,)), lists)
SEEN = ("(mirror x0)", "(mirror (sort x0))")
OTHERS = ("(reverse (sort x0))", "(map (lambda (a) (+ a 1)) x0)", "(take 2 x0)", "(filter (lambda (a) (> a 2)) x0)")


def solved(text: str, language: Language) -> Solved:
    program = parse_program(text, language, request="list int -> list int")
    return Solved(text, Task([example(row, output=program(row)) for row in ROWS], text), program)


def surprise(file: Path, language: Language) -> float:
    """Mean loss of a model on programs that it was not trained on here."""
    import torch

    kind = find_kind("lstm")
    assert isinstance(kind, NeuralKind)
    guide = kind.trainable(read_guide_file(file), language)
    pairs = [(s.task, s.program) for s in (solved(text, language) for text in OTHERS)]
    with torch.no_grad():
        return float(guide.module(guide.collate(pairs)))


@pytest.mark.skipif(not installed("neural"), reason="torch is not installed")
def test_a_recognition_model_begins_with_the_weights_that_come_with_the_base(tmp_path: Path) -> None:
    shipped = next(t.file for t in trained_guides(lists) if t.file.name.startswith("lists-lstm"))
    config = LearnConfig(neural="lstm", minutes=0.005, dreams=0)
    given = [solved(text, GROWN) for text in SEEN]
    first = dream(given, GROWN, config, tmp_path, "first", seed=0)
    assert first.notes == ("guide begins with the weights of lists-lstm.safetensors",)
    again = dream(given, GROWN, config, tmp_path, "again", seed=0, before=first.guide)
    assert again.notes == ("guide begins with the weights of first.safetensors",)
    nothing = dream(given, GROWN, config, tmp_path, "nothing", seed=0, before=tmp_path / "nothing.json")
    assert nothing.notes == ()
    known, begun, new = surprise(shipped, lists), surprise(first.guide, GROWN), surprise(nothing.guide, GROWN)
    assert begun < (known + new) / 2  # nearer to what it began with than to a model that knows nothing
    assert surprise(again.guide, GROWN) < new
