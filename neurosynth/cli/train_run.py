"""The work of ``neurosynth train`` once its options are read: fit, or build and train, and report the results."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.guides.kinds import CountedKind, NeuralKind, Trainable
    from neurosynth.language.language import Language
    from neurosynth.language.program import Program
    from neurosynth.tasks.task import Task
    from neurosynth.training.chunks import SamplingConfig
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.outcome import TrainProgress
    from neurosynth.training.sources import TrainingData

__all__ = ["DataOptions", "Skipped", "fit_programs", "settings_of", "train_neural"]

_COUNT = 20_000
"""Default number of sampled programs for a guide that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """The options about tasks."""

    tasks: str | None
    corpus: str | None
    count: int | None
    sampling: SamplingConfig
    skipped: Skipped | None
    """Counts lines that are left out; with None, the first one is an error."""
    rows: str | None
    """A file of rows; their solved tasks are training data, too."""
    suites: tuple[str, ...]
    """The suite of their tasks."""
    share: float
    """Their share of the training data."""


class Skipped:
    """Counts unusable lines, and names the first one."""

    def __init__(self) -> None:
        self.count, self.first = 0, ""

    def __call__(self, error: object) -> None:
        self.first = self.first or str(error).split("\n", 1)[0]
        self.count += 1

    def tell(self) -> None:
        """One line on stderr, if there were any."""
        if self.count:
            lines = "1 line was left out" if self.count == 1 else f"{self.count:,} lines were left out, the first"
            _note(f"{lines}: {self.first}")


def settings_of(pairs: list[str]) -> dict[str, Any]:
    """``KEY=VALUE`` texts; values are JSON if possible, otherwise text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise InputError(f"--set {pair}: no setting; allowed: KEY=VALUE, like --set dropout=0.2")
        try:
            found[key] = json.loads(value)
        except (ValueError, RecursionError):
            found[key] = value
    return found


def fit_programs(
    kind: CountedKind, language: Language, out: Path, data: DataOptions, given: dict[str, Any], as_json: bool
) -> None:
    """Fit a guide that counts, and report its perplexity on programs that it did not see."""
    from neurosynth.guides.files import write_guide_file
    from neurosynth.guides.kinds import make_settings
    from neurosynth.guides.ngram import NGramGuide

    if data.corpus is not None and (data.tasks is not None or data.count is not None):
        raise InputError("--corpus, --tasks and --count: programs come from one of them; leave the others out")
    settings = make_settings(kind, given)
    programs = _programs(language, data)
    heldout = programs[::20] if len(programs) >= 100 else []
    kept = [p for i, p in enumerate(programs) if i % 20 or not heldout]
    solved = [program for _, program in _solved(language, data)]
    if solved:
        kept = _repeated(kept, solved, data.share)
    fitted = kind.fit(settings, kept, language)
    write_guide_file(out, fitted.to_file())
    perplexity = fitted.perplexity(heldout) if heldout and isinstance(fitted, NGramGuide) else None
    if as_json:
        row = {"guide": kind.name, "language": language.name, "file": str(out), "programs": len(programs)}
        row |= {"solved": len(solved)} if solved else {}
        print(json.dumps({**row, "heldout_perplexity": perplexity}))
        return
    tail = f"; perplexity {perplexity:.2f} on {len(heldout):,} programs held out" if perplexity is not None else ""
    print(f"{out}: {fitted.name} from {len(kept):,} programs of language {language.name!r}{tail}")


def _programs(language: Language, data: DataOptions) -> list[Any]:
    from neurosynth.guides.corpus import load_programs
    from neurosynth.training.datasets import TaskDataset, program_of
    from neurosynth.training.sampling import sample_tasks
    from neurosynth.training.sources import sampling_workers

    if data.corpus is not None:
        found = load_programs(data.corpus, language, on_error="raise" if data.skipped is None else "skip")
        if data.skipped is not None:
            for message in found.skipped:
                data.skipped(message)
            data.skipped.tell()
        return list(found.programs)
    if data.tasks is not None:
        programs = list(TaskDataset(data.tasks, language, on_error=data.skipped).programs())
        if data.skipped is not None:
            data.skipped.tell()
        return programs
    sampling = data.sampling
    tasks = sample_tasks(
        language,
        count=data.count if data.count is not None else _COUNT,
        seed=sampling.seed,
        types=sampling.types,
        sizes=sampling.sizes,
        examples=sampling.examples,
        inputs_from=sampling.inputs_from,
        raised=sampling.raised,
        workers=sampling_workers(),
    )
    return [program_of(task, language) for task in tasks]


def _solved(language: Language, data: DataOptions) -> list[tuple[Task, Program]]:
    """The pairs from ``--from-rows``; none without it."""
    from neurosynth.bench.rows import read_rows
    from neurosynth.bench.solved import solved_pairs
    from neurosynth.bench.suites import find_suite

    if data.rows is None:
        return []
    left_out = Skipped()
    suites = [find_suite(suite, left_out) for suite in data.suites]
    pairs = solved_pairs(read_rows(data.rows, on_torn=_note), suites, language, left_out)
    left_out.tell()
    _note(f"{len(pairs):,} solved tasks of {data.rows} are learned from, a share of {data.share:.0%}")
    return pairs


def _repeated(programs: list[Program], solved: list[Program], share: float) -> list[Program]:
    """Programs together with those of solved tasks, which are repeated until they are the given share."""
    if not 0 < share <= 1:
        raise InputError(f"--rows-share {share}; allowed: above 0, at most 1")
    if share == 1:
        return solved
    times = max(1, round(share / (1 - share) * len(programs) / len(solved)))
    return [*programs, *solved * times]


def train_neural(
    kind: NeuralKind,
    language: Language,
    out: Path,
    data: DataOptions,
    model: dict[str, Any],
    training: dict[str, Any],
    given: dict[str, Any],
    *,
    begin: str | None,
    resume: bool,
    log_dir: str | None,
    as_json: bool,
) -> None:
    """Build a model, train it, report the results, and exit."""
    from neurosynth.extras import require

    require("neural", f"a guide of kind {kind.name}")
    from dataclasses import fields

    from neurosynth.cli.interrupt import held_interrupts
    from neurosynth.errors import UnknownNameError
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.outcome import TrainingDiverged, TrainStop
    from neurosynth.training.trainer import train as run

    own = {f.name for f in fields(TrainConfig)}
    known = own | {f.name for f in fields(kind.settings)}
    for key in given:
        if key not in known:
            raise UnknownNameError(f"setting of {kind.name}", key, known)
    config = TrainConfig.of({**training, **{k: v for k, v in given.items() if k in own}})
    guide, origin = _guide(
        kind, language, {**model, **{k: v for k, v in given.items() if k not in own}}, config.seed, begin
    )
    if config.warmup_note():
        _note(config.warmup_note())
    with held_interrupts() as interrupted:
        source = _source(language, config, data)
        with source.closing, _bar(source.config) as progress:
            try:
                result = run(
                    guide, source.batches, source.heldout, source.config, out=out, resume=resume, origin={**source.origin, **origin},
                    log_dir=log_dir, progress=progress, interrupted=lambda: interrupted() > 0,
                )  # fmt: skip
            except TrainingDiverged as error:
                _note(str(error))
                raise typer.Exit(1) from None
    if config.steps is None and result.stop is not TrainStop.INTERRUPTED and config.warmup_note(result.step):
        _note(config.warmup_note(result.step))
    if as_json and _leads():
        row = {"guide": kind.name, "language": language.name, "file": str(out), **result.to_json()}
        print(json.dumps(row))
    elif _leads():
        print(f"{out}: {result}")
    if result.stop is TrainStop.INTERRUPTED:
        again = [a for a in sys.argv[1:] if a != "--resume"]
        _note(f"interrupted at step {result.step}; continue with: neurosynth {shlex.join([*again, '--resume'])}")
        raise typer.Exit(130)


def _guide(
    kind: NeuralKind, language: Language, settings: dict[str, Any], seed: int, begin: str | None
) -> tuple[Trainable, dict[str, Any]]:
    """The guide to train, and what a run remembers about the origin of its weights."""
    from hashlib import sha256

    from neurosynth.guides.files import read_guide_file

    if begin is None:
        return kind.new(settings, language, seed), {}
    file = read_guide_file(begin)
    if file.kind != kind.name:
        raise InputError(
            f"--begin {begin}: a guide of kind {file.kind}, not {kind.name}; train that kind, or leave --begin out"
        )
    guide = kind.begin(file, settings, language, seed)
    return guide, {"begin": sha256(Path(begin).read_bytes()).hexdigest()[:16]}


def _source(language: Language, config: TrainConfig, data: DataOptions) -> TrainingData:
    from neurosynth.training.sources import from_file, from_sample, from_stream, mixed_with, sampling_workers

    if data.tasks is not None:
        found = from_file(Path(data.tasks), language, config, on_error=data.skipped)
        if data.skipped is not None:
            data.skipped.tell()
    elif data.count is not None:
        found = from_sample(language, config, data.sampling, data.count, sampling_workers())
    else:
        found = from_stream(language, config, data.sampling, sampling_workers())
    solved = _solved(language, data)
    return mixed_with(found, solved, data.share) if solved else found


def _leads() -> bool:
    """Whether this is the one of several training processes that prints."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def _note(text: str) -> None:
    if _leads():
        print(f"neurosynth: {text}", file=sys.stderr)


@contextmanager
def _bar(config: TrainConfig) -> Iterator[Callable[[TrainProgress], None] | None]:
    """A function that shows the progress of training, or None if nobody would see it."""
    if not sys.stderr.isatty() or not _leads():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=24), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda now: bar.update(task, completed=now.used, description=line(now, config))


def line(now: TrainProgress, config: TrainConfig) -> str:
    """``step 300 of 2,000 · loss 1.234 · held out 1.301 · 12.3 k tokens/s · 1:05 left``."""
    from neurosynth.cli.progress import amount

    steps = f" of {config.steps:,}" if config.steps is not None else ""
    minutes, seconds = divmod(round(now.seconds_left), 60)
    hours, minutes = divmod(minutes, 60)
    left = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    heldout = f" · held out {now.heldout_loss:.3f}" if now.heldout_loss is not None else ""
    return f"step {now.step:,}{steps} · loss {now.loss:.3f}{heldout} · {amount(now.tokens_per_second)} tokens/s · {left} left"
