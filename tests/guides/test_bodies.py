"""A guide with a second one for bodies of functions: which of them reads a task, and which guides go together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from neurosynth_dsls import guides

from neurosynth.errors import InputError
from neurosynth.guides.bodies import WithBodies, bodies_of
from neurosynth.guides.trained import TrainedGuide
from neurosynth.language.load import load_language
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task, example
from neurosynth.testing import check_guide
from tests.guides.counting import Noise, numbers

LISTS = load_language("lists")
WORDS = Vocabulary(LISTS, constants=32)
PROGRAMS, BODIES = Noise(WORDS, 1), Noise(WORDS, 2)
BOTH = WithBodies(PROGRAMS, BODIES)


def test_it_passes_the_checks_of_a_guide() -> None:
    words = Vocabulary(numbers(), constants=32)
    check_guide(WithBodies(Noise(words, 3), Noise(words, 4)))


@pytest.mark.parametrize(
    ("task", "read_by"),
    [
        (Task([example(1, output=2), example(3, output=4)]), BODIES),
        (Task([example(1, 5, output=True), example(3, 2, output=False)]), BODIES),
        (Task([example([1], output=2), example([3], output=4)]), PROGRAMS),
        (Task([example(1, output=[2]), example(3, output=[4])]), PROGRAMS),
        (Task([example([[1]], 3, output=2), example([[3]], 0, output=4)]), PROGRAMS),
    ],
)
def test_tasks_without_lists_are_read_by_the_second_guide(task: Task, read_by: Noise) -> None:
    assert np.array_equal(BOTH.start(task).log_probs(), read_by.start(task).log_probs())


def test_bodies_are_asked_of_the_second_guide_if_there_is_one() -> None:
    assert bodies_of(BOTH) is BODIES
    assert bodies_of(PROGRAMS) is PROGRAMS


def test_it_has_the_name_and_the_tokens_of_the_first() -> None:
    assert BOTH.name == PROGRAMS.name
    assert BOTH.vocabulary is WORDS


def test_both_need_the_same_tokens() -> None:
    with pytest.raises(InputError, match="cannot generate bodies for 'noise': their tokens differ"):
        WithBodies(PROGRAMS, Noise(Vocabulary(LISTS, inputs=2)))


def test_a_guide_of_counts_writes_no_bodies() -> None:
    counts = guides.lists_bigram_pcfg.file
    with pytest.raises(InputError, match="'lists-bigram-pcfg' weights productions and cannot be combined"):
        TrainedGuide("x", "lists", guides.lists_ngram.file, bodies=counts).load(LISTS)


def test_a_trained_guide_may_name_a_second_file(tmp_path: Path) -> None:
    loaded = TrainedGuide("x", "lists", guides.lists_ngram.file, bodies=guides.lists_ngram.file).load(LISTS)
    assert isinstance(loaded, WithBodies)
    with pytest.raises(InputError, match=r"missing\.json"):
        TrainedGuide("x", "lists", guides.lists_ngram.file, bodies=tmp_path / "missing.json").load(LISTS)
