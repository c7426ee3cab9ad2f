"""The learning rate, and the settings of training."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.training.config import TrainConfig
from neurosynth.training.schedule import DECAYS, Schedule


@pytest.mark.parametrize(
    ("decay", "step", "used", "rate"),
    [
        ("none", 0, 0.0, 0.2),  # the first of 4 warm-up steps already moves
        ("none", 3, 0.03, 0.8),
        ("none", 4, 0.04, 1.0),
        ("none", 1000, 1.0, 1.0),
        ("linear", 50, 0.5, 0.5),
        ("linear", 100, 1.0, 0.0),
        ("cosine", 50, 0.5, 0.5),
        ("cosine", 25, 0.25, 0.5 + math.sqrt(2) / 4),
        ("cosine", 100, 1.0, 0.0),
        ("cosine", 120, 1.2, 0.0),  # beyond the budget
    ],
)
def test_the_rate_warms_up_and_decays(decay: str, step: int, used: float, rate: float) -> None:
    schedule = Schedule(learning_rate=1.0, warmup_steps=4, decay=decay)
    assert schedule.at(step, used) == pytest.approx(rate)


@given(st.sampled_from(DECAYS), st.integers(0, 50), st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_after_the_warm_up_the_rate_never_rises(decay: str, warmup: int, used: list[float]) -> None:
    schedule = Schedule(learning_rate=0.3, warmup_steps=warmup, decay=decay)
    early, late = (schedule.at(warmup + 1, u) for u in sorted(used))
    assert 0.0 <= late <= early <= 0.3


def test_no_warm_up_starts_at_the_peak() -> None:
    assert Schedule(learning_rate=0.5).at(0, 0.0) == 0.5


def test_the_budget_that_ends_first_counts() -> None:
    both = TrainConfig(steps=100, minutes=1.0)
    assert both.used(50, 6.0) == 0.5
    assert both.used(10, 45.0) == 0.75
    assert TrainConfig(minutes=2.0).used(10**9, 60.0) == 0.5


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "no budget; give steps or minutes"),
        ({"steps": 0}, "steps is 0; allowed: a whole number, 1 or more"),
        ({"steps": 1.5}, "steps is 1.5; allowed: a whole number"),
        ({"steps": True}, "steps is True"),
        ({"minutes": 0}, "minutes is 0; allowed: a number above 0"),
        ({"steps": 1, "batch_size": -1}, "batch_size is -1; allowed: a whole number, 1 or more"),
        ({"steps": 1, "batch_size": "8"}, "batch_size is '8'"),
        ({"steps": 1, "learning_rate": math.nan}, "learning_rate is nan"),
        ({"steps": 1, "learning_rate": math.inf}, "learning_rate is inf"),
        ({"steps": 1, "momentum": 1.0}, "momentum is 1.0; allowed: 0 or more, below 1"),
        ({"steps": 1, "clip_norm": -0.1}, "clip_norm is -0.1; allowed: 0"),
        ({"steps": 1, "seed": -1}, "seed is -1"),
        ({"steps": 1, "optimizer": "adam"}, "unknown optimizer 'adam'; known: adamw, sgd; did you mean adamw"),
        ({"steps": 1, "decay": "cosin"}, "did you mean cosine"),
        ({"steps": 1, "precision": "16"}, "unknown precision '16'; known: 32, bf16-mixed"),
        ({"steps": 1, "accelerator": "gpu"}, "known: auto, cpu, cuda"),
        ({"steps": 1, "batch_unit": "bytes"}, "known: tasks, tokens"),
        (
            {"steps": 1, "learnig_rate": 0.1},
            "unknown training setting 'learnig_rate'; known: .*did you mean learning_rate",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(values: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        TrainConfig.of(values)


def test_settings_come_back_from_json() -> None:
    config = TrainConfig(steps=3, learning_rate=0.5, workers=0)
    assert TrainConfig.of(config.to_json()) == config
