"""``neurosynth train``: a guide from programs or tasks, into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["train"]

_STEPS = 10_000


def train(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="ngram, pcfg, bigram-pcfg, feedforward, rnn, lstm, gru, transformer, value, or a kind from a plugin.",
            show_default=False,
        ),
    ],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="File to write the guide to.", show_default=False)],
    language: Annotated[str | None, typer.Option("--language", help="Name of a language.", show_default=False)] = None,
    library: Annotated[
        str | None, typer.Option("--library", metavar="FILE", help="Use this learned language instead of --language.")
    ] = None,
    tasks: Annotated[
        str | None,
        typer.Option("--tasks", metavar="FILE", help="Tasks with programs, from 'neurosynth sample'."),
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option(
            "--corpus", metavar="FILE", help="Text file with one program per line, for n-gram and PCFG guides."
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            "--count",
            metavar="N",
            help="Sample N tasks first. Without --count and --tasks, tasks are sampled throughout training.",
        ),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Request type of sampled tasks; repeatable."),
    ] = None,
    max_size: Annotated[
        int | None,
        typer.Option("--max-size", help="Maximum number of primitive applications in a sampled program.  [default: 5]"),
    ] = None,
    from_rows: Annotated[
        str | None,
        typer.Option(
            "--from-rows", metavar="FILE", help="Also learn from the solved tasks in these rows of 'bench run'."
        ),
    ] = None,
    suites: Annotated[
        list[str] | None,
        typer.Option("--suite", metavar="SUITE", help="Suite that holds the tasks of --from-rows; repeatable."),
    ] = None,
    rows_share: Annotated[
        float, typer.Option("--rows-share", help="Share of each batch that comes from --from-rows.")
    ] = 0.25,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Skip invalid lines, and report them.")] = False,
    steps: Annotated[
        int | None, typer.Option("--steps", help=f"Number of optimizer steps.  [default: {_STEPS}]")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="Time budget in minutes, instead of --steps or in addition to it.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option("--batch-size", help="Number of tasks per step on each device.  [default: 64]")
    ] = None,
    lr: Annotated[float | None, typer.Option("--lr", help="Peak learning rate.  [default: 0.001]")] = None,
    patience: Annotated[
        int | None,
        typer.Option(
            "--patience", help="Stop after this many evaluations without progress; 0 never stops early.  [default: 0]"
        ),
    ] = None,
    width: Annotated[int | None, typer.Option("--width", help="Width of the model's vectors.")] = None,
    layers: Annotated[int | None, typer.Option("--layers", help="Number of layers of the model.")] = None,
    heads: Annotated[int | None, typer.Option("--heads", help="Number of attention heads of a transformer.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Set any other setting of the model or of training; repeatable."
        ),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help=r"TOML file with tables \[model], \[training], \[sampling]. Options override it.",
        ),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(
            "--begin", metavar="FILE", help="Start from the weights of this guide, which must be of the same kind."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Random seed of tasks, their order, initial weights and dropout.  [default: 0]"),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run that FILE.resume holds.")] = False,
    device: Annotated[str | None, typer.Option("--device", help="Device: cpu, cuda or auto.  [default: auto]")] = None,
    devices: Annotated[
        int | None, typer.Option("--devices", metavar="N", help="Number of devices.  [default: 1]")
    ] = None,
    precision: Annotated[
        str | None, typer.Option("--precision", help="Numeric precision: 32 or bf16-mixed.  [default: 32]")
    ] = None,
    log_dir: Annotated[
        str | None, typer.Option("--log-dir", metavar="DIR", help="Write TensorBoard logs to this folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Train a guide of a KIND, and write it to FILE.

    A neural guide also gets FILE.resume, for --resume, and FILE.metrics.jsonl, which 'neurosynth show' draws.
    Exit status: 0 on success, 1 if the loss became infinite, 2 for bad input, 130 if interrupted (--resume continues).
    """
    from neurosynth.cli.config_file import read_config, sampling_config
    from neurosynth.cli.library import language_option
    from neurosynth.cli.train_run import DataOptions, Skipped, fit_programs, settings_of, train_neural
    from neurosynth.errors import InputError
    from neurosynth.guides.kinds import CountedKind, find_kind
    from neurosynth.language.load import load_language

    chosen = find_kind(kind)
    if tasks is not None and count is not None:
        raise InputError("--tasks and --count: tasks come from a file or are sampled; leave one of them out")
    if (from_rows is None) != (suites is None):
        raise InputError("--from-rows and --suite go together: rows name tasks, and suites have their examples")
    language = language_option(language, library)
    if language is None:
        raise InputError("no language; give --language NAME, or --library FILE")
    loaded = load_language(language)  # which may bring the types named
    read = read_config(config)
    sampling = {"sizes": (1, 5), **read.sampling, **_given(seed=seed, types=types)}
    if max_size is not None:
        sampling["sizes"] = (min(sampling["sizes"][0], max_size), max_size)
    data = DataOptions(
        tasks=tasks,
        corpus=corpus,
        count=count,
        sampling=sampling_config(sampling),
        skipped=Skipped() if skip_bad else None,
        rows=from_rows,
        suites=tuple(suites or ()),
        share=rows_share,
    )
    target = Path(out)
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(f"{target}: {'a folder' if target.is_dir() else 'its folder does not exist'}; give a file")
    given = settings_of(settings or [])
    if isinstance(chosen, CountedKind):
        for option, value in (("--resume", resume), ("--begin", begin)):
            if value:
                raise InputError(f"a guide of kind {kind} is fitted by counting; leave {option} out")
        fit_programs(chosen, loaded, target, data, {**read.model, **given}, as_json)
        return
    if corpus is not None:
        raise InputError(
            f"--corpus has programs without examples, for kinds that count; a guide of kind {kind} learns from --tasks"
        )
    model = {**read.model, **_given(width=width, layers=layers, heads=heads)}
    training = {**read.training, **_given(
        steps=steps, minutes=minutes, batch_size=batch_size, learning_rate=lr, patience=patience, seed=seed,
        accelerator=device, devices=devices, precision=precision,
    )}  # fmt: skip
    if not {"steps", "minutes"} & {*training, *given}:
        training["steps"] = _STEPS
    train_neural(
        chosen, loaded, target, data, model, training, given,
        begin=begin, resume=resume, log_dir=log_dir, as_json=as_json,
    )  # fmt: skip


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}
