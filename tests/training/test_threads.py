"""The number of threads of training: measured on free cores only, and back to one where threads wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from neurosynth.training.config import TrainConfig
from neurosynth.training.threads import MEASURED, WAIT, ThreadChoice, free_cores


@dataclass
class Machine:
    """A machine on which a step of 100 tokens takes as long as ``speed`` says; keeps the numbers of threads that were used."""

    speed: Callable[[int], float]
    """Tokens a second with so many threads."""
    free: int = 8
    cores: int = 8
    used: list[int] = field(default_factory=list)

    def choice(self, wanted: int = MEASURED) -> ThreadChoice:
        return ThreadChoice(wanted, most=self.cores, set_threads=self.used.append, free=lambda: self.free)

    def steps(self, choice: ThreadChoice, count: int) -> None:
        for _ in range(count):
            choice.note(100, 100 / self.speed(choice.count))


@pytest.mark.parametrize(
    ("speed", "free", "expected"),
    [
        (lambda n: 100.0 * n, 8, 8),
        (lambda n: 100.0 * min(n, 4), 8, 4),
        (lambda n: 100.0 * n, 2, 2),
        (lambda n: 100.0 * n, 1, 1),
        (lambda n: 100.0, 8, 1),
        (lambda n: 100.0 / n, 8, 1),
    ],
    ids=["as fast as threads", "four are enough", "two free cores", "a busy machine", "no gain", "a loss"],
)
def test_the_number_is_the_one_that_is_fastest_on_free_cores(
    speed: Callable[[int], float], free: int, expected: int
) -> None:
    machine = Machine(speed, free=free)
    choice = machine.choice()
    machine.steps(choice, 3 * WAIT)
    assert choice.count == expected
    assert max(machine.used) <= free


def test_a_trial_that_stalls_takes_one_step() -> None:
    machine = Machine(lambda n: 100.0 if n == 1 else 2.0)
    choice = machine.choice()
    slow = []
    for _ in range(20 * WAIT):
        slow.append(choice.count > 1)
        machine.steps(choice, 1)
    first = slow.index(True)
    assert first == WAIT
    assert not any(slow[first + 1 : first + 2 * WAIT])  # the next trial comes later, and every further one later still
    assert sum(slow) <= 5


def test_training_returns_to_one_thread_when_the_machine_becomes_busy() -> None:
    machine = Machine(lambda n: 100.0 * n)
    choice = machine.choice()
    machine.steps(choice, 3 * WAIT)
    assert choice.count == 8
    machine.speed, machine.free = lambda n: 100.0 / n, 1
    machine.steps(choice, 3)
    assert choice.count == 1
    machine.steps(choice, 10 * WAIT)
    assert choice.count == 1
    machine.speed, machine.free = lambda n: 100.0 * n, 8
    machine.steps(choice, 4 * WAIT)
    assert choice.count == 8


def test_a_number_that_was_given_stays() -> None:
    machine = Machine(lambda n: 100.0 / n)
    choice = machine.choice(3)
    machine.steps(choice, 3 * WAIT)
    assert machine.used == [3]


@pytest.mark.parametrize(
    ("budget", "threads", "expected"),
    [
        ({"steps": 5}, None, 1),
        ({"minutes": 1.0}, None, MEASURED),
        ({"steps": 5, "minutes": 1.0}, None, MEASURED),
        ({"steps": 5}, 2, 2),
        ({"minutes": 1.0}, 2, 2),
        ({"steps": 5}, 0, MEASURED),
    ],
)
def test_the_default_depends_on_the_budget(budget: dict[str, float], threads: int | None, expected: int) -> None:
    assert TrainConfig.of({**budget, "threads": threads}).used_threads == expected


def test_there_is_always_a_free_core() -> None:
    assert free_cores() >= 1
