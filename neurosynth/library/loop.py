"""The loop: wake, abstraction, gate, dream, and again; resumable after a kill, as each phase leaves a file.

A folder beside the library holds what a run did: ``settings.json``, and for each round the rows of the wake phase, what the
compression found, the gate's rows, the library and the guide.  A phase whose file is whole is not done again.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from neurosynth.bench.jobs import Executor, Job
from neurosynth.bench.rows import Row
from neurosynth.bench.runner import RunProgress
from neurosynth.bench.suites import Suite
from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, library_text, read_library
from neurosynth.language.macros import rewritten, written_out
from neurosynth.library.compress import Compression, CompressionConfig, compress, useful
from neurosynth.library.config import LearnConfig
from neurosynth.library.described import Solved, described
from neurosynth.library.dream import dream
from neurosynth.library.gate import Gate, GateVerdict
from neurosynth.library.skeletons import learned_of
from neurosynth.library.stitch import node_cost
from neurosynth.library.together import solve_together
from neurosynth.library.wake import Speaker, key_of, solutions_of, solve_all, tally
from neurosynth.library.whole import earned, on_trial
from neurosynth.search.base import Limits
from neurosynth.tasks.files import write_text
from neurosynth.tasks.json_io import task_to_json
from neurosynth.writing import write_whole

__all__ = ["Learner", "Round", "run_folder"]


@dataclass(frozen=True, kw_only=True)
class Round:
    """What a round came to: a row of the table, and of ``rounds.jsonl``."""

    round: int
    tasks: int
    solved: int
    """In this round's wake phase."""
    solved_ever: int
    median_candidates: float | None
    library: int
    """Learned primitives after the round."""
    added: tuple[str, ...]
    refused: tuple[str, ...]
    bits: float
    """Saved by this round's abstractions that stayed, bodies counted; skeletons save nothing, because others contain them."""
    ratio: float
    """Of this round's compression, before the gate."""
    dreams: int
    seconds: float
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The line of the file."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


def run_folder(out: Path) -> Path:
    """Where a run that writes ``out`` leaves its phases."""
    return out.with_name(f"{out.name}.run")


@dataclass
class Learner:
    """One run of the loop.

    Raises:
        InputError: for a folder of a run with other settings, or, without ``resume``, one that is there already.
    """

    suites: Sequence[Suite]
    language: Language
    out: Path
    config: LearnConfig
    executor: Executor
    resume: bool = False
    note: Callable[[str], None] = lambda message: None
    show: Callable[[str, RunProgress, Row | None], None] = lambda phase, progress, row: None
    name: str = ""
    """Of the learned language; by default ``LANGUAGE-learned``."""
    folder: Path = field(init=False)
    library: Library = field(init=False)
    base: Language = field(init=False)
    """Without what was learned."""
    guide: str = field(init=False)

    def __post_init__(self) -> None:
        self.tasks = {key_of(s.name, t): (s.name, t) for s in self.suites for t in s.tasks}
        if not self.tasks:
            raise InputError("learn: no tasks; give at least one suite with tasks")
        self.folder = run_folder(self.out)
        self.base = self.language
        self.library = Library(
            name=self.name or f"{self.language.name}-learned",
            base=self.language.name,
            fingerprint=self.language.fingerprint,
            lineage=(self.language.fingerprint,),
        )
        self.guide = self.config.guide
        self._claim()
        self.solutions: dict[str, list[Solved]] = {}

    def _claim(self) -> None:
        """Make the folder ours, or see that it is."""
        contents = sorted(
            f"{key} {json.dumps(task_to_json(task), default=str)}" for key, (_, task) in self.tasks.items()
        )
        described = {
            "language": self.language.name,
            "fingerprint": self.language.fingerprint,
            "tasks": hashlib.sha256("\n".join(contents).encode()).hexdigest()[:16],
            **{k: v for k, v in json.loads(json.dumps(asdict(self.config))).items() if k != "rounds"},
        }
        file = self.folder / "settings.json"
        if file.exists():
            try:
                known = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise InputError(f"{file}: {error}; remove {self.folder}, or give another --out") from None
            if not self.resume:
                raise InputError(
                    f"{self.folder}: already contains a run; continue it (--resume), or give another --out"
                )
            changed = [k for k, v in described.items() if known.get(k) != v]
            if changed:
                was = ", ".join(f"{k} {known.get(k)} (now {described[k]})" for k in changed[:3])
                raise InputError(f"{self.folder}: a run with other settings: {was}; give those, or another --out")
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{self.folder}: cannot be made: {error.strerror or error}; give another --out") from None
        write_text(file, json.dumps(described, indent=1) + "\n")

    def rounds(self) -> Iterator[Round]:
        """Do the rounds; each is yielded once its files are written, those of an earlier run at once."""
        for number in range(1, self.config.rounds + 1):
            folder = self.folder / f"round-{number}"
            folder.mkdir(exist_ok=True)
            done = folder / "round.json"
            begun = time.monotonic()
            rows = self._wake(number, folder)
            if done.exists():
                row = json.loads(done.read_text(encoding="utf-8"))
                self.library = read_library(folder / "library.json")
                self.guide = str(self._guide_file(folder) or self.guide)
                fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
                yield Round(**fields)
                continue
            found = self._round(number, folder, rows, begun)
            write_text(done, json.dumps(found.to_json()) + "\n")
            self._publish(folder)
            yield found

    @property
    def _grown(self) -> Language:
        """The language as learned so far."""
        return library_language(self.library, self.base)

    def _wake(self, number: int, folder: Path) -> list[Row]:
        """Solve all tasks, and keep the solutions in the base's words."""
        before = self.folder / f"round-{number - 1}"
        file = next((f for f in (before / "trial.json", before / "library.json") if f.exists()), None)
        spoken = self.library if file is None else read_library(file)
        language = library_language(spoken, self.base)
        library = file if spoken.abstractions else None
        speaker = Speaker(
            language=self.library.name if library else self.base.name,
            library=library,
            guide=self.guide,
            search=self.config.search,
            top=self.config.programs,
            alone=number > 1,  # the base had all the time in the first round
        )
        limits = Limits(
            seconds=self.config.seconds, max_programs=self.config.max_programs, max_memory=self.config.max_memory
        )
        jobs = speaker.jobs(list(self.tasks.values()), limits, self.config.seed + number, counted=True)
        if self.config.together:
            self._solve_together(number, jobs, language, folder / "wake.jsonl")
        rows = self._solved(jobs, folder / "wake.jsonl", f"round {number}: wake")
        tasks = {key: task for key, (_, task) in self.tasks.items()}
        for solved in solutions_of(rows, tasks, language, self.config.programs, self.note):
            program = written_out(solved.program)
            known = self.solutions.setdefault(solved.key, [])
            if all(program != s.program for s in known):
                known.append(replace(solved, program=program))
                known.sort(key=lambda s: s.program)
                del known[self.config.programs :]
        return rows

    def _solve_together(self, number: int, jobs: Sequence[Job], language: Language, path: Path) -> None:
        """The rows of tasks that one search can be for."""
        limits = Limits(
            seconds=self.config.together,
            max_programs=self.config.max_programs and self.config.max_programs * len(jobs),
            max_memory=self.config.max_memory,
        )
        phase = f"round {number}: wake, together"

        def shown(progress: RunProgress) -> None:
            self.show(phase, progress, None)

        solve_together(jobs, language, self.guide, limits, path, self.note, shown)

    def _solved(self, jobs: Sequence[Any], path: Path, phase: str) -> list[Row]:
        running = solve_all(jobs, self.executor, path, self.note)
        while True:
            try:
                progress, row = next(running)
            except StopIteration as stopped:
                return list(stopped.value)
            self.show(phase, progress, row)

    def _round(self, number: int, folder: Path, rows: Sequence[Row], begun: float) -> Round:
        notes: list[str] = []
        if not self.solutions:
            notes.append(
                f"no task was solved in language {self.base.name!r}, so that nothing is learned; are the tasks of this language? "
                "Else allow more --seconds"
            )
        stayed = self._earned(number)
        self.library = replace(self.library, abstractions=(*self.library.abstractions, *stayed))
        judges = self._judges(number)
        learnt = [s for key in self.tasks if key not in judges for s in self.solutions.get(key, ())]
        language = self._grown
        before = learned_of(language)
        rewritten_ones = [replace(s, program=rewritten(s.program, before, node_cost)) for s in learnt]
        found = Compression(language=language, programs=tuple(rewritten_ones))
        if self.config.compression is not None:
            found = compress(rewritten_ones, language, self.config.compression, round=number)
        if found.failure:
            notes.append(f"no compression this round: {found.failure}")
        judged = GateVerdict(kept=found.abstractions)
        if self.config.gate and found.abstractions:
            judged = self._gate(folder, judges, learnt).judge(found.abstractions)
        now = tally(rows)
        counted = {"round": number, "tasks": now.tasks, "solved": now.solved, "median_candidates": now.median}
        kept = self._kept(judged, found, rewritten_ones, number)
        self.library = replace(
            self.library,
            abstractions=(*self.library.abstractions, *kept),
            compression=(*self.library.compression, {**counted, **found.to_json(), **_gated(judged)}),
        )
        grown = self._grown
        self.library = replace(self.library, lineage=(*self.library.lineage, grown.fingerprint))
        write_text(folder / "library.json", library_text(self.library))
        replays = self._spoken(grown)
        if self.config.whole:
            tried = on_trial(replays, grown, number)
            trial = replace(self.library, abstractions=(*self.library.abstractions, *tried))
            write_text(folder / "trial.json", library_text(trial))
        seed = self.config.seed * 1000 + number
        dreamt = dream(replays, grown, self.config, folder, "guide", seed=seed, before=self._guide_before(number))
        if replays:
            self.guide = str(dreamt.guide)
        notes += [f"the gate refused {name}: {why}" for name, why in judged.refused.items()]
        notes += dreamt.notes
        return Round(
            round=number,
            tasks=now.tasks,
            solved=now.solved,
            solved_ever=len(self.solutions),
            median_candidates=now.median,
            library=len(self.library.abstractions),
            added=tuple(a.name for a in (*stayed, *kept)),
            refused=tuple(judged.refused),
            bits=round(sum(a.bits for a in (*stayed, *kept) if a.name not in found.skeletons), 1),
            ratio=round(found.ratio, 4),
            dreams=dreamt.dreams,
            seconds=round(time.monotonic() - begun, 1),
            notes=tuple(notes),
        )

    def _spoken(self, language: Language) -> list[Solved]:
        """All solutions in the words of a language."""
        macros = learned_of(language)
        every = [s for key in self.tasks for s in self.solutions.get(key, ())]
        return [replace(s, program=rewritten(s.program, macros, node_cost)) for s in every]

    def _earned(self, number: int) -> tuple[LearnedAbstraction, ...]:
        """Whole solutions of the round before that solutions of other tasks apply."""
        file = self.folder / f"round-{number - 1}" / "trial.json"
        if not file.exists():
            return ()
        library = read_library(file)
        tried = library.abstractions[len(self.library.abstractions) :]
        config = self.config.compression or CompressionConfig()
        grown = self._grown
        return earned(tried, self._spoken(grown), grown, library_language(library, self.base), config, number)

    def _kept(
        self, judged: GateVerdict, found: Compression, solutions: Sequence[Solved], number: int
    ) -> tuple[LearnedAbstraction, ...]:
        """What the gate let through and solutions still use without what it did not, described anew."""
        if len(judged.kept) == len(found.abstractions):
            return judged.kept
        language = library_language(
            replace(self.library, abstractions=(*self.library.abstractions, *judged.kept)), self.base
        )
        macros = [language[a.name] for a in judged.kept]
        skeletons = [a for a in judged.kept if a.name in found.skeletons]
        assert self.config.compression is not None  # or there were none
        used, programs = useful(
            macros, solutions, self._grown, self.config.compression, Counter(), skeletons={a.name for a in skeletons}
        )
        rest = [p for p in used if p.name not in found.skeletons]
        return (*described(rest, programs, language, number), *skeletons)

    def _shuffled(self) -> list[str]:
        """The keys of the tasks, in an order that depends on the seed alone."""
        keys = sorted(self.tasks)
        random.Random(self.config.seed).shuffle(keys)
        return keys

    def _judges(self, number: int) -> set[str]:
        """The tasks that this round makes no abstractions from, to judge them: another share each round."""
        if not self.config.gate:
            return set()
        folds = max(2, round(1 / self.config.held_out))
        return {key for i, key in enumerate(self._shuffled()) if i % folds == number % folds}

    def _gate(self, folder: Path, judges: set[str], learnt: Sequence[Solved]) -> Gate:
        """The judge of this round's abstractions, on the tasks set aside, and as many of those not solved yet, which they are for."""
        place = folder / "gate"
        place.mkdir(exist_ok=True)
        aside = {key for key in judges if key in self.solutions}
        asked = aside | set([key for key in self._shuffled() if key not in self.solutions][: len(judges)])
        return Gate(
            library=self.library,
            base=self.base,
            solutions=learnt,
            tasks=[self.tasks[key] for key in self.tasks if key in asked],
            config=self.config,
            executor=self.executor,
            folder=place,
            note=self.note,
            show=lambda what, progress: self.show(f"gate: {what}", progress, None),
        )

    def _guide_before(self, number: int) -> Path | None:
        return self._guide_file(self.folder / f"round-{number - 1}")

    @staticmethod
    def _guide_file(folder: Path) -> Path | None:
        return next((f for f in (folder / "guide.safetensors", folder / "guide.json") if f.exists()), None)

    def _publish(self, folder: Path) -> None:
        """The library where it was asked for, with its guide beside it: usable after every round."""
        guide = self._guide_file(folder)
        named = ""
        if guide is not None:
            target = self.out.with_name(f"{self.out.stem}-guide{guide.suffix}")
            write_whole(target, guide.read_bytes())
            named = target.name
        write_text(self.out, library_text(replace(self.library, guide=named)))


def _gated(judged: GateVerdict) -> dict[str, Any]:
    """What the file says of the gate."""
    found: dict[str, Any] = {"refused": dict(judged.refused)} if judged.refused else {}
    for name, counted in (("without", judged.without), ("with", judged.with_)):
        if counted is not None:
            found[name] = {
                "solved": counted.solved,
                "tasks": counted.tasks,
                "log2_candidates": round(counted.effort, 3),
            }
    return found
