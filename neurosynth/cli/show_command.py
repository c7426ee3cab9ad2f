"""``neurosynth show``: pictures of training and of what guides do."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from neurosynth.guides.base import RuleGuide, SequenceGuide
    from neurosynth.guides.neural import NeuralGuide
    from neurosynth.language.language import Language
    from neurosynth.language.program import Program
    from neurosynth.tasks.task import Task

__all__ = ["show_command"]

_BEAM = 10
"""Width of the beam that decodes the program to look at."""
_PAIRS = 64
"""Tasks a gradient norm is averaged over."""


def show_command(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Guides and metrics (.jsonl) that 'train' wrote.", show_default=False),
    ],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the pictures.", show_default=False)],
    tasks: Annotated[
        str | None, typer.Option("--task", metavar="FILE", help="A task file: what the guides do on it.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Which task of a .jsonl file.")] = None,
    program: Annotated[
        str | None,
        typer.Option(
            "--program", metavar="TEXT", help="The program to look at; by default the task's own, else decoded."
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="png or svg.")] = "png",
) -> None:
    """Draw what FILEs hold into DIR, and print the paths of the pictures.

    Metrics: loss curves, all in one picture.  Guides with a task: the attention over its examples, the probabilities of
    productions, and for recurrent guides the gradient norm by time step.  Guides without a task: their loss curves.
    """
    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.extras import require
    from neurosynth.training.plots import FORMATS

    if format_ not in FORMATS:
        raise UnknownNameError("format", format_, FORMATS)
    require("plot", "a picture")
    if tasks is None and (name is not None or program is not None):
        raise InputError("--name and --program say what to look at of a task; give its file, too (--task FILE)")
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: a file; --out wants a folder")
    paths = [Path(f) for f in files]
    metrics = [p for p in paths if p.suffix == ".jsonl"]
    guides = [p for p in paths if p.suffix != ".jsonl"]
    drawn = []
    if tasks is None:
        drawn.append(_losses([*metrics, *map(_metrics_of, guides)], folder / f"loss.{format_}"))
    else:
        if metrics:
            drawn.append(_losses(metrics, folder / f"loss.{format_}"))
        if not guides:
            raise InputError("--task FILE is for guides: name at least one guide's file, too")
        drawn += _on_task(guides, tasks, name, program, folder, format_)
    for path in drawn:
        print(path)


def _metrics_of(guide: Path) -> Path:
    from neurosynth.errors import InputError
    from neurosynth.training.metrics import metrics_path

    path = metrics_path(guide)
    if guide.exists() and not path.exists():
        raise InputError(
            f"{guide}: no metrics beside it ({path.name}); to see what the guide does give a task (--task FILE)"
        )
    return path


def _losses(files: list[Path], path: Path) -> Path:
    from neurosynth.training.metrics import read_metrics
    from neurosynth.training.plots import loss_curves

    runs = dict(zip(_names(files), (read_metrics(f) for f in files), strict=True))
    return loss_curves(runs, path)


def _names(files: list[Path]) -> list[str]:
    """File names without what they have in common, with as much of the path as tells them apart."""
    short = [re.sub(r"(\.safetensors|\.st|\.json)?(\.metrics\.jsonl|\.jsonl)?$", "", f.name) or f.name for f in files]
    if len(set(short)) == len(files):
        return short
    return [str(f) for f in files]


def _on_task(
    files: list[Path], tasks: str, name: str | None, program: str | None, folder: Path, format_: str
) -> list[Path]:
    """Pictures of what guides do on one task, and of recurrent guides on up to 64 tasks of the file."""
    from neurosynth.errors import InputError
    from neurosynth.guides.base import RuleGuide
    from neurosynth.guides.checkpoint import language_of, load_guide
    from neurosynth.tasks.load import load_tasks

    language = language_of(files[0])
    guides = dict(zip(_names(files), (load_guide(f, language) for f in files), strict=True))
    found = load_tasks(tasks)
    task = _one(found, name, tasks)
    if task.language not in (None, language.name):
        raise InputError(
            f"{tasks}: task {task.name!r} is for language {task.language!r}, the guide for {language.name!r}"
        )
    label = re.sub(r"[^\w.-]+", "_", task.name)
    rules = {key: guide for key, guide in guides.items() if isinstance(guide, RuleGuide)}
    drawn = []
    if rules:
        drawn.append(_productions(rules, language, task, folder / f"productions-{label}.{format_}"))
    neural = _neural(guides)
    if neural:
        shown = _program(task, language, program)
        for key, guide in neural.items():
            path = folder / f"attention-{key}-{label}.{format_}"
            drawn.append(_attention(key, guide, language, task, shown, path))
        recurrent = {key: guide for key, guide in neural.items() if guide.name in ("rnn", "lstm", "gru")}
        known = [t for t in found if "program" in t.extra][:_PAIRS]
        if recurrent and known:
            drawn.append(_gradients(recurrent, language, known, folder / f"gradients.{format_}"))
    if not drawn:
        names = ", ".join(g.name for g in guides.values())
        raise InputError(f"{names}: nothing to draw on a task; allowed: neural guides, pcfg and bigram-pcfg")
    return drawn


def _one(tasks: list[Task], name: str | None, file: str) -> Task:
    from neurosynth.errors import InputError, nearest
    from neurosynth.tasks.files import few

    names = [t.name for t in tasks]
    if name is None and len(tasks) > 1:
        raise InputError(f"{file}: {len(tasks)} tasks; name one (--name NAME): {few(names)}")
    if name is not None and name not in names:
        raise InputError(f"{file}: no task {name!r} among {len(names)}: {few(names)}{nearest(name, names)}")
    return tasks[0 if name is None else names.index(name)]


def _neural(guides: dict[str, RuleGuide | SequenceGuide]) -> dict[str, NeuralGuide]:
    """Those that have attention; torch stays out where none of them can be one."""
    if "neurosynth.guides.neural" not in sys.modules:
        return {}
    from neurosynth.guides.neural import NeuralGuide

    return {key: guide for key, guide in guides.items() if isinstance(guide, NeuralGuide)}


def _program(task: Task, language: Language, text: str | None) -> Program | None:
    """The program to look at: the given one, the task's own, or None, to be decoded."""
    from neurosynth.language.syntax import parse_program
    from neurosynth.training.datasets import program_of

    if text is not None:
        return parse_program(text, language, request=task.type, inputs=task.inputs, constants=task.constants)
    return program_of(task, language) if "program" in task.extra else None


def _attention(
    key: str, guide: NeuralGuide, language: Language, task: Task, program: Program | None, path: Path
) -> Path:
    from neurosynth.guides.decoding import beam
    from neurosynth.language.program import Constant
    from neurosynth.tasks.grammar import task_grammar
    from neurosynth.training.plots import AttentionPanel, attention_map

    how = "given"
    if program is None:
        report = beam(guide, task, task_grammar(task, language), width=_BEAM)
        best = report.best or report[0]
        program, how = best.program, f"decoded, right on {best.share:.0%} of the examples"
    constants = guide.vocabulary.constants(task.constants)
    nodes = list(program.subprograms())
    labels = [str(n) if isinstance(n, Constant) else guide.vocabulary.tokens[guide.vocabulary.token(n, constants)]
              for n in nodes]  # fmt: skip
    weights = guide.attention(task, program)
    examples = [
        AttentionPanel(weights[i, :, : len(symbols)], symbols, [*labels, "end"])
        for i, symbols in enumerate(guide.symbols(task))
    ]
    return attention_map(examples, path, f"Attention of {key} ({guide.name}) · task {task.name}\n{program} ({how})")


def _productions(guides: dict[str, RuleGuide], language: Language, task: Task, path: Path) -> Path:
    from neurosynth.guides.uniform import Uniform
    from neurosynth.tasks.grammar import task_grammar
    from neurosynth.training.plots import production_plot

    grammar = task_grammar(task, language)
    shown = {"uniform": Uniform().predict(task, grammar)}
    shown |= {f"{key} ({guide.name})": guide.predict(task, grammar) for key, guide in guides.items()}
    return production_plot(shown, path, f"Probabilities of productions · task {task.name} : {task.type}")


def _gradients(guides: dict[str, NeuralGuide], language: Language, tasks: list[Task], path: Path) -> Path:
    from neurosynth.guides.neural import gradient_norms
    from neurosynth.training.datasets import program_of
    from neurosynth.training.plots import gradient_norms_plot

    pairs = [(t, program_of(t, language)) for t in tasks]
    norms = {f"{key} ({guide.name})": gradient_norms(guide, pairs).tolist() for key, guide in guides.items()}
    return gradient_norms_plot(norms, path, f"How far back learning reaches · mean over {len(pairs)} programs")
