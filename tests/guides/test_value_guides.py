"""Value guides: what they learn from, torch and numpy alike, the edit distance, and files of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide, ValueGuide
from neurosynth.guides.edit_distance import EditDistance, edits
from neurosynth.guides.value_samples import judged_values, program_bits
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task, example
from neurosynth.training.datasets import program_of
from neurosynth.training.sampling import sample_tasks
from neurosynth.values.types import BOOL, INT, list_of
from tests.strategies import tiny

LISTS = load_language("lists")
INTS = list_of(INT)


def _pair(text: str, *rows: tuple[list[int], Any]) -> tuple[Task, Any]:
    task = Task([example(xs, output=y) for xs, y in rows])
    return task, parse_program(text, LISTS, request=task.type)


PAIRS = [
    _pair("(reverse (sort x0))", ([3, 1, 2], [3, 2, 1]), ([5, 9], [9, 5])),
    _pair("(take 2 (tail x0))", ([3, 1, 2, 7], [1, 2]), ([5, 9, 8, 8], [9, 8])),
]


def test_parts_are_told_from_others_and_bits_are_what_is_left() -> None:
    sorting, _ = judged_values(PAIRS, LISTS, wrong=4)
    right = [v for v in sorting if v.part]
    wrong = [v for v in sorting if not v.part]
    assert [v.values for v in right] == [((1, 2, 3), (5, 9))]
    assert [v.values for v in wrong] == [((1, 2), (9,))]  # (tail x0); the goal's own value is none
    total = program_bits(PAIRS[0][1], LISTS)
    assert wrong[0].bits == pytest.approx(total)
    assert right[0].bits == pytest.approx(total - program_bits(PAIRS[0][1].arguments[0], LISTS))
    assert 0 < right[0].bits < total


def test_what_behaves_as_a_part_is_one_and_undefined_values_are_left_out() -> None:
    pairs = [
        _pair("(head (sort x0))", ([3, 1], 1), ([2], 2)),
        _pair("(head (reverse (reverse (sort x0))))", ([3, 1], 1), ([2], 2)),
        _pair("(+ 1 (access 1 x0))", ([3, 1], 2), ([2, 5], 6)),  # undefined on [2]
    ]
    first = judged_values(pairs, LISTS, wrong=9)[0]
    assert ((1, 3), (2,)) in [v.values for v in first if v.part]
    assert ((1, 3), (2,)) not in [v.values for v in first if not v.part]
    assert all(v.type == INTS for v in first)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("kitten", "sitting", 3),
        ((1, 2, 3), (1, 3), 1),
        ((), (4, 4), 2),
        (True, True, 0),
        (True, False, 1),
        (None, "a", 1),
        (7, 7, 0),
        (0, 15, 1),
    ],
)
def test_edits(one: Any, other: Any, expected: float) -> None:
    assert edits(one, other) == edits(other, one) == expected


@given(*(st.text("ab", max_size=6) for _ in range(3)))
def test_edits_are_a_metric(a: str, b: str, c: str) -> None:
    assert (edits(a, b) == 0) == (a == b)
    assert edits(a, c) <= edits(a, b) + edits(b, c)
    assert edits("x" * 70 + a, "x" * 70 + b) <= edits(a, b) + abs(len(a) - len(b))


VALUES = [
    (INTS, ([1, 2, 3], [5, 9])),
    (INTS, ([3], [])),
    (INT, (3, 2)),
    (BOOL, (True, False)),
]
FROZEN = [(t, tuple(tuple(v) if isinstance(v, list) else v for v in column)) for t, column in VALUES]


def test_the_edit_distance_is_a_value_guide() -> None:
    guide = EditDistance()
    assert isinstance(guide, ValueGuide)
    goal = (INTS, ((3, 2, 1), (9, 5)))
    bits = guide.bits(PAIRS[0][0], [goal, *FROZEN])
    assert bits[0] == 0
    assert bits.argmin() == 0
    assert bits[1] < bits[3]  # a list is nearer to a list than a number is


@pytest.mark.parametrize("signatures", [True, False])
@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_numpy_gives_what_torch_gives(signatures: bool, loss: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.kinds import build_guide, load_value_guide, save_guide
    from neurosynth.testing import check_guide

    theirs: Any = build_guide("value", LISTS, {"width": 16, "signatures": signatures, "loss": loss}, 0)
    with torch.no_grad():
        for tensor in theirs.module.parameters():
            tensor.mul_(1.5)
    save_guide(tmp_path / "v", theirs)
    ours = load_value_guide(tmp_path / "v", LISTS)
    task = PAIRS[0][0]
    found = ours.bits(task, FROZEN)
    assert found.shape == (4,)
    assert np.abs(found - theirs.bits(task, FROZEN)).max() < 1e-3
    one_by_one = np.concatenate([ours.bits(task, [v]) for v in FROZEN])
    assert np.abs(found - one_by_one).max() < 1e-4
    assert len(ours.bits(task, [])) == len(theirs.bits(task, [])) == 0
    if loss == "bce":
        assert (found > 0).all()
    check_guide(ours, language=LISTS)


def test_the_losses_are_torchs_own() -> None:
    torch = pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.kinds import build_guide
    from neurosynth.guides.value_model import SCALE

    for loss, criterion in (("mse", torch.nn.MSELoss()), ("bce", torch.nn.BCEWithLogitsLoss())):
        guide: Any = build_guide("value", LISTS, {"width": 16, "loss": loss, "dropout": 0.0}, 0)
        batch = guide.collate(PAIRS)
        assert batch.tokens == len(batch.part) == 4
        wanted = batch.bits / SCALE if loss == "mse" else batch.part
        assert guide.module(batch).item() == pytest.approx(criterion(guide.module.scores(batch), wanted).item())


def test_it_learns_to_tell_parts_from_others(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.kinds import build_guide
    from neurosynth.training.batches import Shuffled
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.trainer import train

    tasks = sample_tasks(LISTS, count=60, types=["list int -> list int"], sizes=(2, 4), seed=4, workers=1)
    pairs = [(task, program_of(task, LISTS)) for task in tasks]
    guide: Any = build_guide("value", LISTS, {"width": 16, "loss": "bce"}, 0)
    config = TrainConfig(steps=40, batch_size=20, learning_rate=0.01, warmup_steps=5, eval_every=20, accelerator="cpu")
    before = guide.module.eval()(guide.collate(pairs[:20])).item()
    result = train(guide, Shuffled(pairs[:40], 20), pairs[40:], config, out=tmp_path / "v.safetensors")
    assert result.tokens > 1000
    assert guide.module.eval()(guide.collate(pairs[:20])).item() < 0.8 * before


def test_a_value_guide_steers_no_search_and_others_judge_no_values(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.kinds import build_guide, load_guide, load_value_guide, save_guide

    save_guide(tmp_path / "v", build_guide("value", tiny(), {"width": 8}, 0))
    save_guide(tmp_path / "l", build_guide("lstm", tiny(), {"width": 8}, 0))
    with pytest.raises(InputError, match="this guide scores values and writes no programs"):
        load_guide(tmp_path / "v", tiny())
    with pytest.raises(InputError, match="guide lstm does not score values; train one of kind value"):
        load_value_guide(tmp_path / "l", tiny())
    assert not isinstance(load_value_guide(tmp_path / "v", tiny()), (RuleGuide, SequenceGuide))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": "l1"}, "Value: loss is 'l1'; allowed: mse, bce"),
        ({"wrong": 0}, "Value: wrong is 0; allowed: 1 or more"),
        ({"activation": "gelu"}, "Value: activation is 'gelu'; allowed: sigmoid, tanh, relu"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    from neurosynth.guides.model_config import Value

    with pytest.raises(InputError) as caught:
        Value(**settings)
    assert str(caught.value) == message
