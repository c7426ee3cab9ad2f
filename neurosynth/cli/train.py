"""``neurosynth train``: a guide from programs or tasks, written to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosynth.cli.options import AsJson, LearnedLanguage, takes
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.cli.train_run import DataOptions

__all__ = ["train"]

_STEPS = 10_000


@dataclass(frozen=True, kw_only=True)
class TrainOptions:
    """What to train, on which data, and how."""

    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="ngram, pcfg, bigram-pcfg, feedforward, rnn, lstm, gru, transformer, value, or a kind from a plugin.",
            show_default=False,
        ),
    ]
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="File to write the guide to.", show_default=False)]
    language: Annotated[str | None, typer.Option("--language", help="Name of a language.", show_default=False)] = None
    library: LearnedLanguage = None
    tasks: Annotated[
        str | None,
        typer.Option("--tasks", metavar="FILE", help="Tasks with programs, from 'neurosynth sample'."),
    ] = None
    corpus: Annotated[
        str | None,
        typer.Option(
            "--corpus", metavar="FILE", help="Text file with one program per line, for n-gram and PCFG guides."
        ),
    ] = None
    count: Annotated[
        int | None,
        typer.Option(
            "--count",
            metavar="N",
            help="Sample N tasks first. Without --count and --tasks, tasks are sampled throughout training.",
        ),
    ] = None
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Request type of sampled tasks; repeatable."),
    ] = None
    max_size: Annotated[
        int | None,
        typer.Option("--max-size", help="Maximum number of primitive applications in a sampled program.  [default: 5]"),
    ] = None
    from_rows: Annotated[
        str | None,
        typer.Option(
            "--from-rows", metavar="FILE", help="Also learn from the solved tasks in these rows of 'bench run'."
        ),
    ] = None
    suites: Annotated[
        list[str] | None,
        typer.Option("--suite", metavar="SUITE", help="Suite that holds the tasks of --from-rows; repeatable."),
    ] = None
    rows_share: Annotated[
        float, typer.Option("--rows-share", help="Share of each batch that comes from --from-rows.")
    ] = 0.25
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Skip invalid lines, and report them.")] = False
    steps: Annotated[int | None, typer.Option("--steps", help=f"Number of optimizer steps.  [default: {_STEPS}]")] = (
        None
    )
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="Time budget in minutes, instead of --steps or in addition to it.")
    ] = None
    batch_size: Annotated[
        int | None, typer.Option("--batch-size", help="Number of tasks per step on each device.  [default: 64]")
    ] = None
    lr: Annotated[float | None, typer.Option("--lr", help="Peak learning rate.  [default: 0.001]")] = None
    patience: Annotated[
        int | None,
        typer.Option(
            "--patience", help="Stop after this many evaluations without progress; 0 never stops early.  [default: 0]"
        ),
    ] = None
    width: Annotated[int | None, typer.Option("--width", help="Width of the model's vectors.")] = None
    layers: Annotated[int | None, typer.Option("--layers", help="Number of layers of the model.")] = None
    heads: Annotated[int | None, typer.Option("--heads", help="Number of attention heads of a transformer.")] = None
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Set any other setting of the model or of training; repeatable."
        ),
    ] = None
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help=r"TOML file with tables \[model], \[training], \[sampling]. Options override it.",
        ),
    ] = None
    begin: Annotated[
        str | None,
        typer.Option(
            "--begin", metavar="FILE", help="Start from the weights of this guide, which must be of the same kind."
        ),
    ] = None
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Random seed of tasks, their order, initial weights and dropout.  [default: 0]"),
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run that FILE.resume holds.")] = False
    device: Annotated[str | None, typer.Option("--device", help="Device: cpu, cuda or auto.  [default: auto]")] = None
    devices: Annotated[int | None, typer.Option("--devices", metavar="N", help="Number of devices.  [default: 1]")] = (
        None
    )
    precision: Annotated[
        str | None, typer.Option("--precision", help="Numeric precision: 32 or bf16-mixed.  [default: 32]")
    ] = None
    log_dir: Annotated[
        str | None, typer.Option("--log-dir", metavar="DIR", help="Write TensorBoard logs to this folder.")
    ] = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        if self.tasks is not None and self.count is not None:
            raise InputError("--tasks and --count: tasks come from a file or are sampled; leave one of them out")
        if (self.from_rows is None) != (self.suites is None):
            raise InputError("--from-rows and --suite go together: rows name tasks, and suites have their examples")

    @property
    def target(self) -> Path:
        """The file of the guide.

        Raises:
            InputError: for a folder, or a file in a folder that does not exist.
        """
        target = Path(self.out)
        if target.is_dir() or not target.parent.is_dir():
            raise InputError(f"{target}: {'a folder' if target.is_dir() else 'its folder does not exist'}; give a file")
        return target

    def model(self) -> dict[str, Any]:
        """Settings of the model that have an option."""
        return _given(width=self.width, layers=self.layers, heads=self.heads)

    def training(self) -> dict[str, Any]:
        """Settings of training that have an option."""
        return _given(
            steps=self.steps, minutes=self.minutes, batch_size=self.batch_size, learning_rate=self.lr,
            patience=self.patience, seed=self.seed, accelerator=self.device, devices=self.devices,
            precision=self.precision,
        )  # fmt: skip


@takes(TrainOptions)
def train(options: TrainOptions) -> None:
    """Train a guide of a KIND, and write it to FILE.

    A neural guide also gets FILE.resume, for --resume, and FILE.metrics.jsonl, which 'neurosynth show' draws.
    Exit status: 0 on success, 1 if the loss became infinite, 2 for bad input, 130 if interrupted (--resume continues).
    """
    from neurosynth.cli.config_file import read_config
    from neurosynth.cli.library import language_option
    from neurosynth.cli.train_run import fit_programs, settings_of, train_neural
    from neurosynth.guides.kinds import CountedKind, find_kind
    from neurosynth.language.load import load_language

    kind = find_kind(options.kind)
    language = language_option(options.language, options.library)
    if language is None:
        raise InputError("no language; give --language NAME, or --library FILE")
    loaded = load_language(language)  # which may declare the named types
    read = read_config(options.config)
    data = _data(options, read.sampling)
    target = options.target
    settings = settings_of(options.settings or [])
    if isinstance(kind, CountedKind):
        for option, value in (("--resume", options.resume), ("--begin", options.begin)):
            if value:
                raise InputError(f"a guide of kind {options.kind} is fitted by counting; leave {option} out")
        fit_programs(kind, loaded, target, data, {**read.model, **settings}, options.as_json)
        return
    if options.corpus is not None:
        raise InputError(
            f"--corpus has programs without examples, for kinds that count; a guide of kind {options.kind} learns from --tasks"
        )
    training = {**read.training, **options.training()}
    if not {"steps", "minutes"} & {*training, *settings}:
        training["steps"] = _STEPS
    train_neural(
        kind, loaded, target, data, {**read.model, **options.model()}, training, settings,
        begin=options.begin, resume=options.resume, log_dir=options.log_dir, as_json=options.as_json,
    )  # fmt: skip


def _data(options: TrainOptions, read: Mapping[str, Any]) -> DataOptions:
    """The options about training tasks, which override a file of settings."""
    from neurosynth.cli.config_file import sampling_config
    from neurosynth.cli.train_run import DataOptions, Skipped

    sampling = {"sizes": (1, 5), **read, **_given(seed=options.seed, types=options.types)}
    if options.max_size is not None:
        sampling["sizes"] = (min(sampling["sizes"][0], options.max_size), options.max_size)
    return DataOptions(
        tasks=options.tasks,
        corpus=options.corpus,
        count=options.count,
        sampling=sampling_config(sampling),
        skipped=Skipped() if options.skip_bad else None,
        rows=options.from_rows,
        suites=tuple(options.suites or ()),
        share=options.rows_share,
    )


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}
