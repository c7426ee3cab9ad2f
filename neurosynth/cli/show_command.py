"""``neurosynth show``: pictures of training, of guides and of learned languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from neurosynth.guides.base import RuleGuide
    from neurosynth.guides.kinds import GuideKind
    from neurosynth.guides.views import ShownTask
    from neurosynth.language.language import Language
    from neurosynth.language.program import Program
    from neurosynth.tasks.task import Task

__all__ = ["show_command"]

_PAIRS = 64
"""Maximum number of tasks with programs for one view."""


def show_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Guides or metrics that 'train' wrote, languages that 'learn' wrote, or tasks whose outputs are pictures.",
            show_default=False,
        ),
    ],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the pictures.", show_default=False)],
    tasks: Annotated[
        str | None,
        typer.Option("--task", metavar="FILE", help="A task file. Show what the guides predict for its task."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the task, if --task is a .jsonl file.")
    ] = None,
    program: Annotated[
        str | None,
        typer.Option(
            "--program", metavar="TEXT", help="Program to show. Default: the task's own program, or a decoded one."
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="Picture format: png or svg.")] = "png",
) -> None:
    """Draw pictures of FILEs into a folder, and print their paths.

    Metrics and guides: loss curves, all in one picture.  Guides with --task: production probabilities, attention over the
    examples, the gradient norm by time step, and other pictures of their kind.  Learned languages: their primitives, and how
    the library grew.  Tasks: their outputs, if those are pictures.
    """
    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.extras import require
    from neurosynth.training.plots import FORMATS

    if format_ not in FORMATS:
        raise UnknownNameError("format", format_, FORMATS)
    require("plot", "a picture")
    if tasks is None and (name is not None or program is not None):
        raise InputError(
            "--name and --program choose a task and a program; give the file of the task, too (--task FILE)"
        )
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; --out needs a folder")
    paths = [Path(f) for f in files]
    libraries = [p for p in paths if _is_library(p)]
    pictured = [p for p in paths if _holds_tasks(p)]
    metrics = [p for p in paths if p.suffix == ".jsonl" and p not in pictured]
    guides = [p for p in paths if p.suffix != ".jsonl" and p not in libraries and p not in pictured]
    drawn = _libraries(libraries, folder, format_) if libraries else []
    drawn += [
        _drawings(file, folder / f"{key}.{format_}") for key, file in zip(_names(pictured), pictured, strict=True)
    ]
    if drawn and not guides and not metrics:
        pass
    elif tasks is None:
        drawn.append(_losses([*metrics, *map(_metrics_of, guides)], folder / f"loss.{format_}"))
    else:
        if metrics:
            drawn.append(_losses(metrics, folder / f"loss.{format_}"))
        if not guides:
            raise InputError("--task FILE is for guides: name at least one guide's file, too")
        drawn += _on_task(guides, tasks, name, program, folder, format_)
    for path in drawn:
        print(path)


def _is_library(path: Path) -> bool:
    """Whether a file contains a learned language, from its first words."""
    if path.suffix != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        return re.match(rb'\s*\{\s*"library"', file.read(40)) is not None


def _holds_tasks(path: Path) -> bool:
    """Whether a file contains tasks: its first object has examples."""
    if path.suffix not in (".json", ".jsonl") or not path.is_file():
        return False
    with path.open("rb") as file:
        return b'"examples"' in file.readline()


def _drawings(file: Path, path: Path) -> Path:
    """The outputs of a file's tasks in one picture."""
    from neurosynth.tasks.load import load_tasks
    from neurosynth.training.drawings import draw_drawings, drawings_of

    return draw_drawings(drawings_of(load_tasks(file)), path, title=file.name)


def _libraries(files: list[Path], folder: Path, format_: str) -> list[Path]:
    """Two or three pictures of each learned language."""
    from neurosynth.language.learned import read_library
    from neurosynth.language.load import load_language
    from neurosynth.library.built import built
    from neurosynth.library.pictures import draw_growth, draw_library
    from neurosynth.training.drawings import draw_drawings

    drawn = []
    for key, file in zip(_names(files), files, strict=True):
        library = read_library(file)
        language = load_language(str(file))
        drawn.append(draw_library(library, language, folder / f"library-{key}.{format_}"))
        if pictures := built(library, language):
            title = f"{library.name}: what its primitives build"
            drawn.append(draw_drawings(pictures, folder / f"built-{key}.{format_}", title=title))
        if library.compression:
            drawn.append(draw_growth(library, folder / f"growth-{key}.{format_}"))
    return drawn


def _metrics_of(guide: Path) -> Path:
    from neurosynth.errors import InputError
    from neurosynth.training.metrics import metrics_path

    path = metrics_path(guide)
    if guide.exists() and not path.exists():
        raise InputError(
            f"{guide}: no metrics file next to it ({path.name}); for pictures of the guide, give a task (--task FILE)"
        )
    return path


def _losses(files: list[Path], path: Path) -> Path:
    from neurosynth.training.metrics import read_metrics
    from neurosynth.training.plots import loss_curves

    runs = dict(zip(_names(files), (read_metrics(f) for f in files), strict=True))
    return loss_curves(runs, path)


def _names(files: list[Path]) -> list[str]:
    """File names without their common part, with as much of the path as distinguishes them."""
    short = [re.sub(r"(\.safetensors|\.st|\.json)?(\.metrics\.jsonl|\.jsonl)?$", "", f.name) or f.name for f in files]
    if len(set(short)) == len(files):
        return short
    return [str(f) for f in files]


def _on_task(
    files: list[Path], tasks: str, name: str | None, program: str | None, folder: Path, format_: str
) -> list[Path]:
    """Pictures of guides on one task: productions of rule guides, and the views that each kind declares."""
    from neurosynth.errors import InputError
    from neurosynth.guides.base import RuleGuide
    from neurosynth.guides.files import read_guide_file
    from neurosynth.guides.kinds import NeuralKind, find_kind
    from neurosynth.guides.views import ShownTask
    from neurosynth.language.load import load_language
    from neurosynth.tasks.load import load_tasks
    from neurosynth.training.datasets import program_of

    saved = dict(zip(_names(files), (read_guide_file(f) for f in files), strict=True))
    language = load_language(next(iter(saved.values())).language)
    kinds = {key: find_kind(file.kind) for key, file in saved.items()}
    guides: dict[str, Any] = {}
    for key, kind in kinds.items():
        drawn_by_torch = isinstance(kind, NeuralKind) and kind.views
        guides[key] = (kind.trainable if drawn_by_torch else kind.load)(saved[key], language)  # type: ignore[union-attr]
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
    known = [t for t in found if "program" in t.extra][:_PAIRS]
    shown = ShownTask(
        task=task,
        language=language,
        program=_program(task, language, program),
        pairs=[(t, program_of(t, language)) for t in known],
    )
    drawn += _views(kinds, guides, shown, folder, label, format_)
    if not drawn:
        names = ", ".join(kind.name for kind in kinds.values())
        raise InputError(
            f"{names}: no pictures for a task; allowed: guides that weight productions, and kinds that declare views"
        )
    return drawn


def _views(
    kinds: dict[str, GuideKind], guides: dict[str, Any], shown: ShownTask, folder: Path, label: str, format_: str
) -> list[Path]:
    """The declared views: a picture of panels for each guide, and one picture of all curves of a name."""
    from neurosynth.guides.views import Curve
    from neurosynth.training.plots import curves, heat_maps

    drawn: list[Path] = []
    lines: dict[str, dict[str, Curve]] = {}
    for key, kind in kinds.items():
        for name, view in kind.views.items():
            picture = view(guides[key], shown)
            if isinstance(picture, Curve):
                lines.setdefault(name, {})[f"{key} ({kind.name})"] = picture
            elif picture is not None:
                drawn.append(heat_maps(picture, folder / f"{name}-{key}-{label}.{format_}", key))
    return drawn + [curves(own, folder / f"{name}.{format_}") for name, own in lines.items()]


def _one(tasks: list[Task], name: str | None, file: str) -> Task:
    from neurosynth.errors import InputError, nearest
    from neurosynth.tasks.files import few

    names = [t.name for t in tasks]
    if name is None and len(tasks) > 1:
        raise InputError(f"{file}: {len(tasks)} tasks; name one (--name NAME): {few(names)}")
    if name is not None and name not in names:
        raise InputError(f"{file}: no task {name!r} among {len(names)}: {few(names)}{nearest(name, names)}")
    return tasks[0 if name is None else names.index(name)]


def _program(task: Task, language: Language, text: str | None) -> Program | None:
    """The program to show: the given one, the task's own, or None, in which case one is decoded."""
    from neurosynth.language.syntax import parse_program
    from neurosynth.training.datasets import program_of

    if text is not None:
        return parse_program(text, language, request=task.type, inputs=task.inputs, constants=task.constants)
    return program_of(task, language) if "program" in task.extra else None


def _productions(guides: dict[str, RuleGuide], language: Language, task: Task, path: Path) -> Path:
    from neurosynth.guides.uniform import Uniform
    from neurosynth.tasks.grammar import task_grammar
    from neurosynth.training.plots import production_plot

    grammar = task_grammar(task, language)
    shown = {"uniform": Uniform().predict(task, grammar)}
    shown |= {f"{key} ({guide.name})": guide.predict(task, grammar) for key, guide in guides.items()}
    return production_plot(shown, path, f"Probabilities of productions · task {task.name} : {task.type}")
