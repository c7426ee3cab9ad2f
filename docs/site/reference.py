"""Reference pages made from the program itself: the command line, the languages, the plugins, the Python interface.

``pages()`` gives path → Markdown.  The documentation site writes them (``docs/site/build.py``), and the tests ask that nothing
in them is without a word of help.
"""

from __future__ import annotations

import inspect
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import neurosynth_dsls
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

import neurosynth as ns
from neurosynth.cli.app import app
from neurosynth.errors import NeurosynthError
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.values.registry import domain_of, is_known
from neurosynth.values.types import BOOL, INT, STRING, Arrow, Type, TypeVariable, list_of, substitute, type_variables

__all__ = ["GROUPS", "command_pages", "commands", "example_of", "language_pages", "pages", "shipped_languages"]

ROOT = Path(__file__).resolve().parents[2]

GROUPS = {
    "Tasks and search": [
        "Task", "Example", "example", "load_task", "load_tasks", "to_sygus", "synthesize", "settle", "Limits", "Result", "Solution",
        "StopReason", "Progress", "BottomUp", "SearchRequest", "Outcome",
    ],
    "Tables": ["fill"],
    "Languages and programs": [
        "Language", "load_language", "Primitive", "Grammar", "compile_grammar", "Program", "Constant", "parse_program", "parse_type", "evaluate",
        "UNDEFINED", "A", "B", "C",
    ],
    "Guides and sampling": ["load_guide", "load_programs", "NGram", "PCFG", "BigramPCFG", "Uniform", "sample_tasks"],
    "Errors": ["NeurosynthError", "InputError"],
}  # fmt: skip
"""The names of ``neurosynth``, by what they are for."""

SETTINGS = {
    "Searches": [
        "neurosynth.search.config.BottomUpConfig",
        "neurosynth.search.config.StrategiesConfig",
        "neurosynth.search.config.PortfolioConfig",
        "neurosynth.search.portfolio.Auto",
        "neurosynth.search.best_first.search.BestFirst",
        "neurosynth.search.decoding.prefix_run.Decoding",
        "neurosynth.search.decoding.beam.Beam",
        "neurosynth.search.decoding.prefix_first.PrefixFirst",
        "neurosynth.search.decoding.sampling.Sampling",
        "neurosynth.search.strategies.cover.search.Cover",
        "neurosynth.search.strategies.cover.config.CoverConfig",
    ],
    "Ranking": [
        "neurosynth.ranking.bits.BitsConfig",
        "neurosynth.ranking.agreement.ScoreConfig",
        "neurosynth.ranking.questions.QuestionConfig",
        "neurosynth.noise.NoiseConfig",
    ],
    "Tables": ["neurosynth.frames.filled.FillConfig"],
    "Training": [
        "neurosynth.training.chunks.SamplingConfig",
        "neurosynth.training.config.TrainConfig",
        "neurosynth.guides.model_config.FeedForward",
        "neurosynth.guides.model_config.Recurrent",
        "neurosynth.guides.model_config.Transformer",
        "neurosynth.guides.model_config.Value",
        "neurosynth.guides.model_config.ModelConfig",
    ],
    "Library learning": ["neurosynth.library.config.LearnConfig", "neurosynth.library.compress.CompressionConfig"],
}
"""Classes of settings by what they are for, each field with its meaning and unit."""

VARIABLES = {
    "NEUROSYNTH_CACHE": "Folder for compiled code. Default: the cache folder of the user, or a temporary folder if it is not writable.",
    "NEUROSYNTH_LIBRARIES": "Learned languages that are known by name: files and folders, separated like those of `PATH`.",
    "NEUROSYNTH_NO_PLUGINS": "1 turns off the plugins of all other distributions.",
    "NEUROSYNTH_TRACEBACK": "1 prints the whole traceback of an unexpected error.",
}
"""Environment variables that neurosynth reads."""

STATUSES = {
    0: "The command did what it was asked for: the task is solved, every cell is filled, the run has no regression.",
    1: "Not solved, cells that stay empty, an undefined value, a regression, or a confidence below `--min-confidence`.",
    2: "Bad input or a bad option. One line on stderr says what is wrong, where, what is allowed and what to do.",
    70: "A bug in a plugin or in neurosynth, with a short report.",
    74: "The output cannot be written: a full disk, a closed standard output.",
    130: "Interrupted by Ctrl-C. What was found so far is printed.",
    141: "The reader of the output, such as `head`, closed it.",
    143: "Ended by SIGTERM. What was found so far is printed.",
}
"""Exit statuses of the commands."""


def pages() -> dict[str, str]:
    """Path within the site → Markdown."""
    return {
        "reference/python.md": python_page(),
        "reference/settings.md": settings_page(),
        "reference/plugins.md": plugin_page(),
        "reference/files.md": file_page(),
        **command_pages(),
        **language_pages(),
    }


# --- command line -----------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its full name."""
    top = get_command(app)
    assert isinstance(top, TyperGroup)
    for name, command in top.commands.items():
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {n}", c) for n, c in command.commands.items())
        else:
            yield name, command


def command_pages() -> dict[str, str]:
    """One page with every command, its arguments and options."""
    lines = ["# Command line", "", "Made from the program itself; `neurosynth COMMAND --help` says the same.", ""]
    for name, command in commands():
        lines += [f"## neurosynth {name}", "", _prose(command.help or ""), ""]
        arguments = [p for p in command.params if isinstance(p, TyperArgument)]
        options = [p for p in command.params if isinstance(p, TyperOption)]
        if arguments:
            lines += ["| argument | meaning |", "| --- | --- |"]
            lines += [f"| `{_cell(metavar(p))}` | {_cell(help_of(p))} |" for p in arguments]
            lines.append("")
        lines += ["| option | meaning | default |", "| --- | --- | --- |"]
        for p in options:
            spelled = ", ".join([*p.opts, *p.secondary_opts])
            value = "" if p.is_flag else f" {metavar(p)}"
            lines.append(f"| `{_cell(spelled + value)}` | {_cell(help_of(p))} | {_cell(_default(p))} |")
        lines.append("")
    lines += ["## Exit statuses", "", "| status | meaning |", "| ---: | --- |"]
    lines += [f"| {status} | {_cell(meaning)} |" for status, meaning in STATUSES.items()]
    lines += ["", "## Environment variables", "", "| variable | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in VARIABLES.items()]
    return {"reference/command-line.md": "\n".join([*lines, ""])}


def metavar(parameter: Any) -> str:
    """What stands for the value of an argument or option."""
    return str(parameter.metavar or parameter.name.upper())


def help_of(parameter: Any) -> str:
    """The help of an argument or option; empty where it has none."""
    return str(getattr(parameter, "help", None) or "").replace("\\[", "[")


def _default(option: TyperOption) -> str:
    value = option.default
    if value is None or callable(value) or value is False or value in ("", (), []):
        return ""
    return f"`{' '.join(map(str, value)) if isinstance(value, list | tuple) else value}`"


def _prose(text: str) -> str:
    return inspect.cleandoc(text).replace("\b", "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# --- languages --------------------------------------------------------------------------------------------------------


def shipped_languages() -> list[Language]:
    """The languages that come with neurosynth, by name."""
    found = entry_points(group="neurosynth.languages")
    return [load_language(e.name) for e in sorted(found) if e.value.startswith(neurosynth_dsls.__name__)]


def language_pages() -> dict[str, str]:
    """A page a language: each primitive with its type, cost, an example and its help."""
    found = {}
    for language in shipped_languages():
        lines = [
            f"# {language.name}",
            "",
            _prose(language.doc or ""),
            "",
            f"{len(language.primitives)} primitives.",
            "",
        ]
        lines += ["| primitive | cost | what it gives |", "| --- | ---: | --- |"]
        for primitive in language.primitives.values():
            shown = example_of(primitive)
            example = f"<br>`{_cell(shown)}`" if shown else ""
            named = f"`{_cell(primitive.name)}`<br><small>`{_cell(str(primitive.type))}`</small>"
            lines.append(f"| {named} | {primitive.cost} | {_cell(_prose(primitive.doc))}{example} |")
        if language.constants:
            lines += ["", "Constants: " + ", ".join(f"`{_cell(str(c))}`" for c in language.constants)]
        found[f"reference/languages/{language.name}.md"] = "\n".join([*lines, ""])
    return found


_TEXTS = (
    "Ada Lovelace", "2024-03-01", "1,234.5", "%Y-%m-%d", "#,##0.00", " ", "day", "half_up", "a", "[A-Z]", "17:30", "%H:%M", "0", "_", "1h 30min",
    "someName", "xiv", "1st", "1.5 MB", "h", "1.5", "%-Hh %Mm", "1h 30m", "month",
)  # fmt: skip
_TRIES = 4_000
_BUDGET = Budget(steps=10_000, size=1_000, bits=62)


@cache
def _pool(t: Type) -> tuple[Any, ...]:
    """Values of a type that make good examples."""
    if t == STRING:
        return _TEXTS
    if t == INT:
        return (2, 1, 3, 7, 16, 0)
    if t == BOOL:
        return (True, False)
    if t == list_of(INT):
        return ((3, 1, 2), (1, 2, 3, 4))
    if t == list_of(STRING):
        return (("b", "a", "c"), ("2", "10"))
    return domain_of(t).probes if is_known(t) else ()


def example_of(primitive: Primitive) -> str:
    """A call and its value, such as ``(take 2 [3 1 2]) → [3 1]``; empty where no plain values are known that it takes.

    The first of some thousand combinations of ordinary values whose result is defined and is none of the arguments.
    """
    bindings = {
        v: 8 if v.islower() and len(v) == 1 and "bitvec" in str(primitive.type) else INT
        for v in type_variables(primitive.type)
    }
    try:
        chosen = primitive.at(bindings) if bindings else primitive
    except (NeurosynthError, TypeError, ValueError):
        chosen = primitive
    parameters = [substitute(t, dict.fromkeys(type_variables(t), INT)) for t in chosen.parameters]
    if any(isinstance(t, Arrow | TypeVariable) or not _pool(t) for t in parameters):
        return ""
    evaluator, fallback = Evaluator(_BUDGET), ""
    for values in itertools.islice(itertools.product(*map(_pool, parameters)), _TRIES):
        program: Program = Apply(chosen, tuple(Constant(v, t) for v, t in zip(values, parameters, strict=True)))
        try:
            value = evaluator.run(program, ())
        except NeurosynthError:
            return ""
        if value is UNDEFINED or value is None:
            continue
        result = program.type
        shown = f"{program} → {domain_of(result).show(domain_of(result).freeze(value)) if is_known(result) else value}"
        apart = len(set(map(repr, values))) == len(values)
        if apart and value not in values and value not in ("", -1, False, 0):
            return shown
        fallback = fallback or shown
    return fallback


# --- Python -----------------------------------------------------------------------------------------------------------


def python_page() -> str:
    """What ``import neurosynth as ns`` has, from the docstrings."""
    lines = ["# Python", "", "What `import neurosynth as ns` has. Everything else may change between versions.", ""]
    for title, names in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in names:
            home = _home(name)
            if home is None:
                lines += [f"### {name}", "", _constant_help(name), ""]
            else:
                lines += [f"::: {home}", ""]
    return "\n".join(lines)


def _home(name: str) -> str | None:
    value = getattr(ns, name)
    if not hasattr(value, "__module__") or not hasattr(value, "__qualname__"):
        return None
    return f"{value.__module__}.{value.__qualname__}"


def _constant_help(name: str) -> str:
    return {
        "UNDEFINED": "What a program gives where it is not defined. Only `is UNDEFINED` tells it.",
        "A": "A type variable for annotations of primitives.",
        "B": "A type variable for annotations of primitives.",
        "C": "A type variable for annotations of primitives.",
    }[name]


def settings_page() -> str:
    """The classes of settings."""
    lines = [
        "# Settings",
        "",
        "Frozen classes with keyword arguments. Each field says its meaning, its unit and its default.",
        "",
    ]
    for title, names in SETTINGS.items():
        lines += [f"## {title}", "", *(f"::: {name}\n" for name in names)]
    return "\n".join(lines)


# --- plugins and files ------------------------------------------------------------------------------------------------

HOOKS = {
    "neurosynth.languages": "A `Language` object: `solve --language NAME`.",
    "neurosynth.guides": "A kind of guide, or a trained guide: `train KIND`, `--guide NAME`.",
    "neurosynth.searches": "A search: `solve --search NAME`.",
    "neurosynth.exporters": "A way to write programs: `export --to NAME`.",
    "neurosynth.suites": "Tasks, or a function that returns them: `bench run NAME`, `learn NAME`.",
}
"""Entry-point groups, and what an entry of each is."""


def plugin_page() -> str:
    """The entry-point groups, with what is installed."""
    lead = "A package lists its objects under these groups of entry points. [Writing a plugin](../plugins.md) has one of each."
    lines = ["# Plugin hooks", "", lead, ""]
    for group, meaning in HOOKS.items():
        names = sorted(e.name for e in entry_points(group=group))
        lines += [f"## {group}", "", meaning, "", "Shipped: " + ", ".join(f"`{n}`" for n in names) + ".", ""]
    return "\n".join(lines)


FILES: Sequence[tuple[str, str, str]] = (
    ("task", "A task", "One object in a `.json` file, or one a line in a `.jsonl` file."),
    ("program", "A saved program", "What `fill --save` writes; `apply` and `export` read it."),
    ("row", "A row of a benchmark", "One line a task in the file that `bench run --out` writes."),
    ("library", "A learned language", "What `learn --out` writes; `--library` and `--language` read it."),
    ("solve", "The result of a task", "What `solve --json` prints."),
    ("fill", "The result of filling a table", "What `fill --json` prints."),
)
"""Schema, title and description of each kind of JSON file."""


def file_page() -> str:
    """Each kind of JSON file with its schema."""
    lines = [
        "# File formats",
        "",
        "Each kind of JSON file has a [JSON Schema](https://json-schema.org). Fields that it does not name are kept or ignored.",
        "",
    ]
    for name, title, meaning in FILES:
        schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        lines += [f"## {title}", "", meaning, "", "| field | type | meaning |", "| --- | --- | --- |"]
        for field, rule in schema["properties"].items():
            kind = rule.get("type", "any")
            needed = " (required)" if field in schema.get("required", ()) else ""
            kind = " or ".join(kind) if isinstance(kind, list) else kind
            lines.append(f"| `{field}` | {kind}{needed} | {_cell(rule['description'])} |")
        lines += ["", f"Schema: [{name}.schema.json](../schemas/{name}.schema.json)", ""]
    return "\n".join(lines)


LINK = re.compile(r"\]\((?!https?:|#)([^)\s]+)\)")
"""A link of a Markdown page to another file."""
