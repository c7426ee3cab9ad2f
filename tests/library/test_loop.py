"""The loop: what it writes, that it goes on after a kill, what the gate keeps, and bad input."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench import facts
from neurosynth.bench.fork_server import perform
from neurosynth.bench.jobs import Job
from neurosynth.bench.local import made_row
from neurosynth.bench.messages import Usage
from neurosynth.bench.rows import Row, read_rows
from neurosynth.bench.solvers import Neurosynth
from neurosynth.bench.suites import Suite
from neurosynth.errors import InputError
from neurosynth.extras import installed
from neurosynth.guides.kinds import load_guide
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, read_library
from neurosynth.language.load import load_language
from neurosynth.library.compress import CompressionConfig
from neurosynth.library.config import LearnConfig
from neurosynth.library.gate import Gate, GateVerdict
from neurosynth.library.loop import Learner, Round, run_folder
from neurosynth.library.wake import Tally
from neurosynth.tasks.task import Task, example

needs_stitch = pytest.mark.skipif(not installed("library"), reason="stitch_core is not installed")
COMMON = {"versions": facts.versions(), "commit": None, "machine": facts.machine()}


@dataclass
class Here:
    """Solves jobs in this process; breaks off after so many."""

    most: int = 1000
    done: list[str] = field(default_factory=list)

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        for job in jobs:
            if len(self.done) >= self.most:
                raise KeyboardInterrupt
            self.done.append(job.task.name)
            yield made_row(job, perform(job), Usage(0.0), COMMON)


tiny = Language("tiny", doc="Lists, in a few words and without kernels.")


@tiny.primitive
def take(n: int, xs: list[int]) -> list[int]:
    """First n elements."""
    return xs[:n]


@tiny.primitive
def sort(xs: list[int]) -> list[int]:
    """Smallest first."""
    return sorted(xs)


@tiny.primitive
def reverse(xs: list[int]) -> list[int]:
    """Last first."""
    return xs[::-1]


for _value in (1, 2, 3):
    tiny.constant(_value, "int")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The language by its name, as a plugin's."""
    monkeypatch.setattr("neurosynth.language.load.available", lambda kind: {"tiny": None})
    monkeypatch.setattr("neurosynth.language.load.load", lambda kind, name: tiny)


ROWS = [[3, 1, 2, 5], [5, 4], [7, 7, 1], [2, 9, 4, 4], []]


def task(name: str, function: Any) -> Task:
    return Task([example(row, output=function(row)) for row in ROWS], name, language="tiny")


TASKS = [
    *(task(f"{n} smallest", lambda xs, n=n: sorted(xs)[:n]) for n in (1, 2, 3)),
    *(task(f"{n} largest", lambda xs, n=n: sorted(xs)[::-1][:n]) for n in (1, 2, 3)),
    *(task(f"{n} smallest, last first", lambda xs, n=n: sorted(xs)[:n][::-1]) for n in (2, 3)),
]

CONFIG = LearnConfig(
    rounds=2,
    seconds=20,
    max_programs=3_000,
    together=0,
    programs=1,
    guide="uniform",
    search="bottom-up",
    compression=CompressionConfig(abstractions=3),
    gate_programs=5_000,
    dreams=20,
)


def learner(folder: Path, executor: Here, **more: Any) -> Learner:
    given = {
        "suites": [Suite("small", tuple(TASKS))],
        "language": tiny,
        "out": folder / "learned.json",
        "config": CONFIG,
    }
    return Learner(**{**given, "executor": executor, **more})


def lasting(done: Round) -> Round:
    """Without what differs from run to run."""
    return replace(done, seconds=0.0)


@needs_stitch
def test_a_language_grows_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    rounds = [lasting(r) for r in learner(tmp_path / "whole", Here()).rounds()]
    assert [r.round for r in rounds] == [1, 2]
    assert rounds[0].solved == len(TASKS)
    library = read_library(tmp_path / "whole" / "learned.json")
    assert len(library.abstractions) == rounds[-1].library
    assert len(library.lineage) == 3
    assert library.lineage[0] == tiny.fingerprint
    language = load_language(str(tmp_path / "whole" / "learned.json"))
    assert all(a.name in language for a in library.abstractions)
    guide = load_guide(tmp_path / "whole" / library.guide, language)
    assert guide.name == "pcfg"

    with pytest.raises(KeyboardInterrupt):
        list(learner(tmp_path / "cut", Here(most=5)).rounds())
    with pytest.raises(InputError, match=r"already contains a run; continue it \(--resume\)"):
        learner(tmp_path / "cut", Here())
    rest = Here()
    again = [lasting(r) for r in learner(tmp_path / "cut", rest, resume=True).rounds()]
    assert [(r.solved, r.added, r.refused) for r in again] == [(r.solved, r.added, r.refused) for r in rounds]
    assert TASKS[0].name not in rest.done[: len(TASKS) - 5]  # what was solved is not solved again

    nothing = Here(most=0)
    assert [lasting(r) for r in learner(tmp_path / "whole", nothing, resume=True).rounds()] == rounds
    assert nothing.done == []


@needs_stitch
def test_one_seed_one_library_however_busy_the_machine_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits are in seconds alone; in the second run the clock of the machine jumps at each look at it."""
    config = replace(CONFIG, rounds=1, seconds=0.2, max_programs=None, gate_programs=5_000, gate_seconds=0.5, dreams=0)
    texts = []
    for name in ("quiet", "busy"):
        (tmp_path / name).mkdir()
        list(learner(tmp_path / name, Here(), config=config).rounds())
        texts.append((tmp_path / name / "learned.json").read_text())
        real, jumps = time.perf_counter, itertools.count()
        monkeypatch.setattr(time, "perf_counter", lambda real=real, jumps=jumps: real() + 0.1 * next(jumps))
    (compression,) = read_library(tmp_path / "quiet" / "learned.json").compression
    assert compression["abstractions"] > 0  # the gate was asked about them
    assert texts[0] == texts[1]


@needs_stitch
def test_what_the_gate_refuses_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Gate, abstractions: Sequence[LearnedAbstraction]) -> GateVerdict:
        return GateVerdict(kept=(), refused={a.name: "with it 1 of 4 held-out tasks" for a in abstractions})

    monkeypatch.setattr(Gate, "judge", refuse)
    (done,) = learner(tmp_path, Here(), config=replace(CONFIG, rounds=1, dreams=0)).rounds()
    assert done.refused
    assert done.notes == tuple(f"the gate refused {name}: with it 1 of 4 held-out tasks" for name in done.refused)


@needs_stitch
def test_the_gate_asks_the_tasks_set_aside_and_those_not_solved_yet(tmp_path: Path) -> None:
    hard = task("counted down", lambda xs: list(range(len(xs), 0, -1)))
    config = replace(CONFIG, rounds=1, dreams=0)
    done = learner(tmp_path, Here(), config=config, suites=[Suite("small", (*TASKS, hard))])
    (row,) = done.rounds()
    assert row.solved == len(TASKS)
    asked = [r.task for r in read_rows(run_folder(tmp_path / "learned.json") / "round-1" / "gate" / "without.jsonl")]
    assert hard.name in asked
    assert len(asked) in (3, 4)  # a fourth of the tasks, and the hard one, which may be among them
    verdict = read_library(tmp_path / "learned.json").compression[0]["without"]
    assert (verdict["solved"], verdict["tasks"]) == (len(asked) - 1, len(asked))


def test_without_compression_a_guide_is_learned_alone(tmp_path: Path) -> None:
    config = replace(CONFIG, rounds=1, compression=None, dreams=0)
    (done,) = learner(tmp_path, Here(), config=config).rounds()
    assert (done.library, done.added, done.dreams) == (0, (), 0)
    assert read_library(tmp_path / "learned.json").abstractions == ()
    assert (tmp_path / "learned-guide.json").exists()


@needs_stitch
def test_whole_solutions_are_tried_for_a_round(tmp_path: Path) -> None:
    """ "1 largest" is a part of no other task here, and none of the trials is in the library without being used."""
    config = replace(CONFIG, whole=True, compression=CompressionConfig(abstractions=1), gate=False, dreams=0)
    first, second = learner(tmp_path, Here(), config=config).rounds()
    folder = run_folder(tmp_path / "learned.json")
    trial, library = (read_library(folder / "round-1" / f"{name}.json") for name in ("trial", "library"))
    tried = {a.name for a in trial.abstractions} - {a.name for a in library.abstractions}
    assert tried
    assert set(first.added).isdisjoint(tried)
    assert (first.solved, second.solved) == (len(TASKS), len(TASKS))
    grown = read_library(tmp_path / "learned.json")
    assert all(a.uses >= 2 for a in grown.abstractions)
    assert {r.language for r in read_rows(folder / "round-2" / "wake.jsonl")} == {"tiny-learned"}


def test_a_failing_compression_costs_its_round_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from neurosynth.library.stitch import CompressionFailed

    def fail(*_: Any, **__: Any) -> None:
        raise CompressionFailed("stitch_core: ended by SIGSEGV")

    monkeypatch.setattr("neurosynth.library.compress.run_stitch", fail)
    (done,) = learner(tmp_path, Here(), config=replace(CONFIG, rounds=1, dreams=0)).rounds()
    assert done.notes == ("no compression this round: stitch_core: ended by SIGSEGV",)
    assert done.solved == len(TASKS)


@needs_stitch
def test_rows_that_were_edited_into_nonsense_are_named_and_not_learned_from(tmp_path: Path) -> None:
    """A killed run leaves rows, which people can edit; each program is read, typed and run again."""
    list(learner(tmp_path, Here(), config=replace(CONFIG, rounds=1, dreams=0)).rounds())
    folder = run_folder(tmp_path / "learned.json") / "round-1"
    for file in folder.glob("*.json"):
        file.unlink()
    lines = (folder / "wake.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    nonsense = ("(tak 1 (sort x0))", "(take (sort x0) 1)", "(take 1 (sort x0)", "(reverse x0)")
    for row, text in zip(rows, nonsense, strict=False):
        row["programs"][0]["text"] = text
    (folder / "wake.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    said: list[str] = []
    again = learner(tmp_path, Here(), config=replace(CONFIG, rounds=1, dreams=0), resume=True, note=said.append)
    (done,) = again.rounds()
    assert done.solved_ever == len(TASKS) - len(nonsense)
    left_out = [line for line in said if line.endswith("not learned from")]
    assert [line.split(":")[0] for line in left_out] == [f"row of small/{row['task']}" for row in rows[: len(nonsense)]]
    for line, fact in zip(
        left_out, ("no primitive is called tak", "argument", "bracket", "is not right on every example"), strict=True
    ):
        assert fact in line, line


@needs_stitch
def test_only_the_first_round_has_the_base_in_reserve(tmp_path: Path) -> None:
    asked: list[tuple[str, bool]] = []

    class Noting(Here):
        def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
            for job in jobs:
                assert isinstance(job.solver, Neurosynth)
                asked.append((job.language, job.solver.alone))
            yield from super().run(jobs)

    config = replace(CONFIG, gate=False, dreams=0)
    list(learner(tmp_path, Noting(), config=config).rounds())
    assert asked == [("tiny", False)] * len(TASKS) + [("tiny-learned", True)] * len(TASKS)


@needs_stitch
def test_the_gate_compares_languages_without_their_base(tmp_path: Path) -> None:
    alone: list[bool] = []

    class Noting(Here):
        def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
            alone.extend(job.solver.alone for job in jobs if isinstance(job.solver, Neurosynth) and job.solver.library)
            yield from super().run(jobs)

    list(learner(tmp_path, Noting(), config=replace(CONFIG, rounds=1, dreams=0)).rounds())
    assert alone
    assert all(alone)


def test_settings_that_changed_are_named(tmp_path: Path) -> None:
    learner(tmp_path, Here())
    with pytest.raises(InputError, match=r"a run with other settings: seconds 20 \(now 3\)"):
        learner(tmp_path, Here(), resume=True, config=replace(CONFIG, seconds=3))
    settings = run_folder(tmp_path / "learned.json") / "settings.json"
    assert json.loads(settings.read_text())["language"] == "tiny"
    learner(tmp_path, Here(), resume=True, config=replace(CONFIG, rounds=9))  # more rounds go on


def test_tasks_that_changed_are_named(tmp_path: Path) -> None:
    """Rows are kept by the names of tasks, so that a task with other examples would count as tried."""
    learner(tmp_path, Here())
    other = [*TASKS[:-1], task(TASKS[-1].name, lambda xs: xs[:1])]
    with pytest.raises(InputError, match=r"a run with other settings: tasks \w+ \(now \w+\); give those, or another"):
        learner(tmp_path, Here(), resume=True, suites=[Suite("small", tuple(other))])
    learner(tmp_path, Here(), resume=True, suites=[Suite("small", tuple(reversed(TASKS)))])  # their order is no matter


@pytest.mark.parametrize(
    ("field_", "value"),
    [("rounds", 0), ("seconds", 0), ("held_out", 1), ("dreams", -1), ("programs", 0), ("minutes", 0)],
)
def test_settings_are_checked(field_: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"LearnConfig: {field_} is {value}; allowed"):
        replace(CONFIG, **{field_: value})


def entry(name: str, body: str, bits: float) -> LearnedAbstraction:
    return LearnedAbstraction(name=name, type="list int -> list int", body=body, bits=bits)


GOOD = entry("good", "(sort (reverse x0))", 50.0)
BAD = entry("bad", "(reverse (reverse x0))", 10.0)
NEEDS = entry("needs", "(good (good x0))", 5.0)


@pytest.mark.parametrize(
    ("efforts", "kept", "refused"),
    [
        # together better, and each of use
        ({(): 9, ("good", "bad"): 7, ("good",): 8, ("bad",): 8}, ["good", "bad"], []),
        # better without the one
        ({(): 9, ("good", "bad"): 8, ("good",): 7, ("bad",): 9}, ["good"], ["bad"]),
        # together worse: each must earn its place
        ({(): 7, ("good", "bad"): 8, ("good",): 6, ("bad",): 9}, ["good"], ["bad"]),
        ({(): 7, ("good", "bad"): 8, ("good",): 7.5, ("bad",): 9}, [], ["good", "bad"]),
    ],
)
def test_the_gate_keeps_what_earns_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, efforts: dict[Any, float], kept: list[str], refused: list[str]
) -> None:
    def measured(self: Gate, abstractions: Sequence[LearnedAbstraction], name: str) -> Tally:
        return Tally(tasks=4, solved=4, median=None, effort=efforts[tuple(a.name for a in abstractions)])

    monkeypatch.setattr(Gate, "_measured", measured)
    found = gate(tmp_path).judge([GOOD, BAD])
    assert [a.name for a in found.kept] == kept
    assert sorted(found.refused) == sorted(refused)
    assert all("held-out tasks" in why for why in found.refused.values())


def test_what_another_needs_stays_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def measured(self: Gate, abstractions: Sequence[LearnedAbstraction], name: str) -> Tally:
        asked.append(tuple(a.name for a in abstractions))
        return Tally(tasks=4, solved=4, median=None, effort=9.0 - len(abstractions))

    monkeypatch.setattr(Gate, "_measured", measured)
    assert [a.name for a in gate(tmp_path).judge([GOOD, NEEDS]).kept] == ["good", "needs"]
    assert ("needs",) not in asked


def gate(folder: Path) -> Gate:
    return Gate(
        library=Library(name="tiny-learned", base="tiny"),
        base=tiny,
        solutions=(),
        tasks=[("small", TASKS[0])],
        config=CONFIG,
        executor=Here(),
        folder=folder,
        note=lambda text: None,
    )
