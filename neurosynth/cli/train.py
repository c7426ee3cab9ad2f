"""``neurosynth train``: a guide from programs or tasks, into a file."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from neurosynth.language.language import Language
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.outcome import TrainProgress
    from neurosynth.training.sources import TrainingData

__all__ = ["train"]

COUNTED = ("ngram", "pcfg", "bigram-pcfg")
NEURAL = ("feedforward", "rnn", "lstm", "gru", "transformer")
_STEPS = 10_000
_COUNT = 20_000
"""Programs sampled for a guide that counts, where nothing else is said."""


def train(
    guide: Annotated[
        str, typer.Argument(metavar="GUIDE", help=f"{', '.join((*COUNTED, *NEURAL))}.", show_default=False)
    ],
    language: Annotated[str, typer.Option("--language", help="Name of a language.", show_default=False)],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="The guide's file.", show_default=False)],
    tasks: Annotated[
        str | None,
        typer.Option("--tasks", metavar="FILE", help="Tasks with programs, as 'neurosynth sample' writes them."),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option("--corpus", metavar="FILE", help="Programs, one a line: for guides that count.")
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            "--count", metavar="N", help="Sample N tasks beforehand. Without it and --tasks: an endless stream."
        ),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Request type of sampled tasks; may be given several times."),
    ] = None,
    max_size: Annotated[int, typer.Option("--max-size", help="Most primitives a sampled program applies.")] = 5,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out lines that cannot be used, and say so.")
    ] = False,
    steps: Annotated[int | None, typer.Option("--steps", help=f"Optimizer steps.  [default: {_STEPS}]")] = None,
    minutes: Annotated[float | None, typer.Option("--minutes", help="Time instead of steps, or beside them.")] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", help="Tasks of a step, on each device.")] = 64,
    lr: Annotated[float, typer.Option("--lr", help="Learning rate at its peak.")] = 1e-3,
    patience: Annotated[
        int, typer.Option("--patience", help="Evaluations without progress before it stops; 0: never.")
    ] = 0,
    width: Annotated[int | None, typer.Option("--width", help="Numbers in a vector of the model.")] = None,
    layers: Annotated[int | None, typer.Option("--layers", help="Layers of the model.")] = None,
    heads: Annotated[int | None, typer.Option("--heads", help="Attention heads of a transformer.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Any other setting, of the model or of training."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="For tasks, first weights, their order and dropout.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run that FILE.resume is of.")] = False,
    device: Annotated[str, typer.Option("--device", help="cpu, cuda or auto.")] = "auto",
    devices: Annotated[int, typer.Option("--devices", metavar="N", help="How many of them.")] = 1,
    precision: Annotated[str, typer.Option("--precision", help="32 or bf16-mixed.")] = "32",
    log_dir: Annotated[
        str | None, typer.Option("--log-dir", metavar="DIR", help="Write TensorBoard logs there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Train GUIDE and write it to FILE.

    Beside a neural guide's FILE: FILE.resume, to go on from, and FILE.metrics.jsonl, which 'neurosynth show' draws.
    Exit status: 0, 1 the loss became infinite, 2 bad input, 130 interrupted (--resume goes on).
    """
    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.language.load import load_language

    if guide not in COUNTED + NEURAL:
        raise UnknownNameError("guide to train", guide, COUNTED + NEURAL)
    if tasks is not None and count is not None:
        raise InputError("--tasks and --count: tasks come from a file or are sampled; leave one of them out")
    data = _Data(tasks, corpus, count, tuple(types or ()), max_size, seed, _Skipped() if skip_bad else None)
    loaded = load_language(language)
    target = Path(out)
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(f"{target}: {'a folder' if target.is_dir() else 'its folder does not exist'}; give a file")
    given = _settings(settings or [])
    if guide in COUNTED:
        if resume:
            raise InputError(f"a guide of kind {guide} is fitted in one go; leave --resume out")
        _count_programs(guide, loaded, target, data, given, as_json)
        return
    if corpus is not None:
        raise InputError(
            f"--corpus has programs without examples, for {', '.join(COUNTED)}; a guide of kind {guide} learns from --tasks"
        )
    model = {"width": width, "layers": layers, "heads": heads}
    training = {
        "steps": steps if steps is not None or minutes is not None else _STEPS,
        "minutes": minutes,
        "batch_size": batch_size,
        "learning_rate": lr,
        "patience": patience,
        "seed": seed,
        "accelerator": device,
        "devices": devices,
        "precision": precision,
    }
    _train_neural(guide, loaded, target, data, {k: v for k, v in model.items() if v is not None}, training, given,
                  resume=resume, log_dir=log_dir, as_json=as_json)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Data:
    """What is said of the tasks."""

    tasks: str | None
    corpus: str | None
    count: int | None
    types: tuple[str, ...]
    max_size: int
    seed: int
    skipped: _Skipped | None
    """Counts lines left out; None: the first one is an error."""


class _Skipped:
    """Counts unusable lines and names the first."""

    def __init__(self) -> None:
        self.count, self.first = 0, ""

    def __call__(self, error: object) -> None:
        self.first = self.first or str(error).split("\n", 1)[0]
        self.count += 1

    def tell(self) -> None:
        """One line on stderr, where there were any."""
        if self.count:
            lines = "1 line was left out" if self.count == 1 else f"{self.count:,} lines were left out, the first"
            _note(f"{lines}: {self.first}")


def _settings(pairs: list[str]) -> dict[str, Any]:
    """``KEY=VALUE`` texts, values as JSON where they are that, else as text."""
    from neurosynth.errors import InputError

    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise InputError(f"--set {pair}: no setting; allowed: KEY=VALUE, like --set dropout=0.2")
        try:
            found[key] = json.loads(value)
        except ValueError:
            found[key] = value
    return found


def _count_programs(
    guide: str, language: Language, out: Path, data: _Data, given: dict[str, Any], as_json: bool
) -> None:
    """Fit a guide that counts, and say how well it does on programs it did not see."""
    from dataclasses import fields

    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.guides.ngram import NGram, NGramGuide
    from neurosynth.guides.pcfg import PCFG, BigramPCFG

    if data.corpus is not None and (data.tasks is not None or data.count is not None):
        raise InputError("--corpus, --tasks and --count: programs come from one of them; leave the others out")
    made: Any = {"ngram": NGram, "pcfg": PCFG, "bigram-pcfg": BigramPCFG}[guide]
    known = [f.name for f in fields(made)]
    for key in given:
        if key not in known:
            raise UnknownNameError(f"setting of {guide}", key, known)
    try:
        settings = made(**given)
    except TypeError:
        raise InputError(f"{guide}: a setting is of the wrong type: {given}") from None
    programs = _programs(language, data)
    heldout = programs[::20] if len(programs) >= 100 else []
    fitted = settings.fit([p for i, p in enumerate(programs) if i % 20 or not heldout], language)
    fitted.save(out)
    perplexity = fitted.perplexity(heldout) if heldout and isinstance(fitted, NGramGuide) else None
    if as_json:
        row = {"guide": guide, "language": language.name, "file": str(out), "programs": len(programs)}
        print(json.dumps({**row, "heldout_perplexity": perplexity}))
        return
    tail = f"; perplexity {perplexity:.2f} on {len(heldout):,} programs held out" if perplexity is not None else ""
    print(f"{out}: {fitted.name} from {len(programs) - len(heldout):,} programs of language {language.name!r}{tail}")


def _programs(language: Language, data: _Data) -> list[Any]:
    from neurosynth.guides.corpus import load_programs
    from neurosynth.training.chunks import SamplingConfig
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
    SamplingConfig(types=data.types, sizes=(1, data.max_size))  # said here where it is wrong, before any work
    tasks = sample_tasks(
        language,
        count=data.count if data.count is not None else _COUNT,
        seed=data.seed,
        types=data.types,
        sizes=(1, data.max_size),
        workers=sampling_workers(),
    )
    return [program_of(task, language) for task in tasks]


def _train_neural(
    kind: str,
    language: Language,
    out: Path,
    data: _Data,
    model: dict[str, Any],
    training: dict[str, Any],
    given: dict[str, Any],
    *,
    resume: bool,
    log_dir: str | None,
    as_json: bool,
) -> None:
    """Build a model, train it, say what came of it, and exit."""
    from neurosynth.extras import require

    require("neural", f"a guide of kind {kind}")
    from dataclasses import fields

    from neurosynth.cli.interrupt import held_interrupts
    from neurosynth.errors import UnknownNameError
    from neurosynth.guides.neural import FeedForward, Recurrent, Transformer, build_guide
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.outcome import TrainingDiverged, TrainStop
    from neurosynth.training.trainer import train as run

    own = {f.name for f in fields(TrainConfig)}
    shape: Any = {"feedforward": FeedForward, "transformer": Transformer}.get(kind, Recurrent)
    known = own | {f.name for f in fields(shape)}
    for key in given:
        if key not in known:
            raise UnknownNameError(f"setting of {kind}", key, known)
    config = TrainConfig.of({**training, **{k: v for k, v in given.items() if k in own}})
    guide = build_guide(kind, language, {**model, **{k: v for k, v in given.items() if k not in own}}, config.seed)
    with held_interrupts() as interrupted:
        source = _source(language, config, data)
        with source.closing, _bar(source.config) as progress:
            try:
                result = run(
                    guide, source.batches, source.heldout, source.config, out=out, resume=resume, origin=source.origin,
                    log_dir=log_dir, progress=progress, interrupted=interrupted,
                )  # fmt: skip
            except TrainingDiverged as error:
                _note(str(error))
                raise typer.Exit(1) from None
    if as_json and _leads():
        row = {"guide": kind, "language": language.name, "file": str(out), **result.to_json()}
        print(json.dumps(row))
    elif _leads():
        print(f"{out}: {result}")
    if result.stop is TrainStop.INTERRUPTED:
        again = [a for a in sys.argv[1:] if a != "--resume"]
        _note(f"interrupted at step {result.step}; go on with: neurosynth {shlex.join([*again, '--resume'])}")
        raise typer.Exit(130)


def _source(language: Language, config: TrainConfig, data: _Data) -> TrainingData:
    from neurosynth.training.chunks import SamplingConfig
    from neurosynth.training.sources import from_file, from_sample, from_stream, sampling_workers

    if data.tasks is not None:
        found = from_file(Path(data.tasks), language, config, on_error=data.skipped)
        if data.skipped is not None:
            data.skipped.tell()
        return found
    sampling = SamplingConfig(seed=data.seed, types=data.types, sizes=(1, data.max_size))
    if data.count is not None:
        return from_sample(language, config, sampling, data.count, sampling_workers())
    return from_stream(language, config, sampling, sampling_workers())


def _leads() -> bool:
    """Whether this is the one of several training processes that speaks."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def _note(text: str) -> None:
    if _leads():
        print(f"neurosynth: {text}", file=sys.stderr)


@contextmanager
def _bar(config: TrainConfig) -> Iterator[Callable[[TrainProgress], None] | None]:
    """A function that shows how far training is, or None where nobody would see it."""
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
