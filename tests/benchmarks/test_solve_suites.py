"""What is shown of a suite's tasks, and what is held out."""

from __future__ import annotations

from benchmarks.solve_suites import samples
from neurosynth.tasks.task import Task, example

LONG = Task([example(n, output=2 * n) for n in (1, 2, 3, 4, 5, 6, 7, 7)], "long")


def test_samples_show_some_examples_and_hold_out_the_others() -> None:
    drawn = list(samples([LONG], 4, 3))
    assert [t.name for t in drawn] == ["long 0", "long 1", "long 2"]
    for task in drawn:
        assert len(task.examples) == 4
        assert len(task.test_examples) == 3
        assert {e.inputs for e in (*task.examples, *task.test_examples)} == {e.inputs for e in LONG.examples}
    assert len({tuple(sorted(e.inputs for e in t.examples)) for t in drawn}) > 1
    again = list(samples([LONG], 4, 3))
    assert [t.examples for t in again] == [t.examples for t in drawn]


def test_short_tasks_and_the_same_examples_again_are_left_out() -> None:
    again = Task([*LONG.examples, LONG.examples[0]], "again")
    assert list(samples([LONG], 5, 1)) == []
    assert [t.name for t in samples([again, LONG], 4, 1)] == ["again 0"]
