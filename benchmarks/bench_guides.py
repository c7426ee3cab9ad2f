"""What guides know: perplexity of programs they did not see, and programs they write that are right.

    python benchmarks/bench_guides.py --guides lists-ngram.json lists-lstm.safetensors [--language lists] [--limit 500] [--out rows.jsonl]
    python benchmarks/bench_guides.py --laptop --minutes 15 [--out rows.jsonl]

Tasks are sampled with a seed that nothing is trained with, programs of one to five operations (suites: ``--suites``, files of
tasks, of which ``--limit`` are drawn evenly).  Every guide is asked about the same ones, under the mask of completable tokens:

- nats a program and perplexity a token (the mean is over tokens; rule guides have the first alone);
- by beam 1, 10 and 100: tasks for which some program is right on every example, and of those also on the test examples;
- ``--executing``: the same for the search ``beam`` in its first round, with as many prefixes and as many programs. It runs prefixes as it
  goes: of several with equal outputs, one stays, and none that is undefined on an example.

A guide is a file or a name; ``NAME+NAME`` mixes guides.

``--laptop`` trains the list guide of the documentation from nothing, in processes of its own, and then compares it with an n-gram
prior made likewise.  What training costs against a bare loop is ``bench_training.py``'s.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, bar, facts
from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.decoding import beam
from neurosynth.guides.trained import find_guide
from neurosynth.guides.uniform import Uniform
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.ranking.by_guide import logprob
from neurosynth.search.base import Limits
from neurosynth.search.decoding.beam import Beam
from neurosynth.synthesize import synthesize
from neurosynth.tasks import load_tasks
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task
from neurosynth.training.datasets import program_of
from neurosynth.training.sampling import sample_tasks
from neurosynth.values.frozen import typed_key

SEED = 77_000
"""Of held-out tasks; training has others."""
BEAMS = (1, 10, 100)
BAR_BEST = 0.6
"""Share of sampled list tasks the best guide solves by beam 100."""
BAR_HALF = 0.5
"""Perplexity of the LSTM and the transformer against the n-gram's."""

Guide = RuleGuide | SequenceGuide


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    language: str = "lists"
    limit: int = 500
    """Tasks, sampled or of a suite."""
    largest: int = 5
    """Primitive applications of a sampled program."""
    max_tokens: int = 32
    seed: int = SEED
    minutes: float = 15.0
    """Of the laptop run's training."""
    beams: tuple[int, ...] = BEAMS
    executing: bool = False
    """Whether to measure beams that run prefixes as well."""


Pair = tuple[Task, Program | None]


# Tasks


def sampled(language: Language, settings: Settings) -> list[Pair]:
    """Tasks of all sizes alike with their programs, five test examples each."""
    tasks = sample_tasks(
        language,
        count=settings.limit,
        seed=settings.seed,
        sizes=(1, settings.largest),
        examples=(3, 6),
        test_examples=5,
    )
    return [(task, program_of(task, language)) for task in tasks]


def suite(path: Path, language: Language, settings: Settings) -> list[Pair]:
    """Tasks of a file, drawn evenly; with programs of DeepCoder's language written in ours where they are right."""
    tasks = [t for t in load_tasks(path, on_error=lambda _: None) if t.language in (None, language.name)]
    step = max(1.0, len(tasks) / settings.limit)
    chosen = [tasks[int(i * step)] for i in range(min(settings.limit, len(tasks)))]
    return [(task, translated(task, language)) for task in chosen]


_FUNCTIONS = {
    "%2==0": "even a", "%2==1": "odd a", ">0": "> a 0", "<0": "< a 0", "**2": "* a a", "*(-1": "neg a",
}  # fmt: skip
_TWO = {"+": "+", "-": "-", "*": "*", "max": "max2", "min": "min2"}
_PLAIN = {
    "Head": "head", "Last": "last", "Take": "take", "Drop": "drop", "Access": "access", "Minimum": "minimum",
    "Maximum": "maximum", "Reverse": "reverse", "Sort": "sort", "Sum": "sum",
}  # fmt: skip


def _expression(text: str, known: dict[str, str]) -> str:
    """One step of DeepCoder's language, ``Map (*2) x0``, as a program of ``lists``."""
    found = re.fullmatch(r"(\w+)(?: \(([^ ]+?)\)+)?((?: x\d+)+)", text)
    if found is None:
        raise ValueError(text)
    name, function, rest = found.groups()
    arguments = " ".join(known[x] for x in rest.split())
    if name in _PLAIN:
        return f"({_PLAIN[name]} {arguments})"
    operator = {"Map": "map", "Filter": "filter", "Count": "count", "ZipWith": "zipwith", "Scanl1": "scan"}[name]
    if operator in ("zipwith", "scan"):
        return f"({operator} (lambda (a b) ({_TWO[function]} a b)) {arguments})"
    number = re.fullmatch(r"([+*/-])(\d+)", function)
    body = _FUNCTIONS.get(function) or (f"{'div' if number[1] == '/' else number[1]} a {number[2]}" if number else "")
    return f"({operator} (lambda (a) ({body})) {arguments})"


def translated(task: Task, language: Language) -> Program | None:
    """The task's program in ``lists``, where it has one in DeepCoder's language and it does what the examples say."""
    text = task.extra.get("program")
    if not isinstance(text, str) or " = INPUT" not in text or language.name != "lists":
        return None
    known: dict[str, str] = {}
    try:
        for line in text.split(" | "):
            name, _, step = line.partition(" = ")
            known[name] = f"x{len(known)}" if step == "INPUT" else _expression(step, known)
        program = parse_program(known[name], language, request=task.type)
    except (InputError, KeyError, ValueError, TypeError):
        return None
    return program if right(program, task.examples) else None


def right(program: Program, examples: Sequence[object]) -> bool:
    """Whether a program gives what every example says."""
    function = Evaluator().function(program)
    return all(typed_key(function(e.inputs)) == typed_key(e.output) for e in examples)  # type: ignore[attr-defined]


# Measures


def perplexity(guide: Guide, pairs: Sequence[Pair], settings: Settings) -> dict[str, float | int | None]:
    """Nats a program and perplexity a token of the programs a guide can write."""
    total, tokens, count, left_out = 0.0, 0, 0, 0
    for task, program in pairs:
        if program is None:
            continue
        grammar = task_grammar(task, settings_language(settings))
        found = logprob(program, task, guide, grammar, max_tokens=settings.max_tokens)
        if found is None or math.isinf(found):
            left_out += 1
            continue
        total, tokens, count = total - found, tokens + program.size, count + 1
    return {
        "programs": count,
        "left_out": left_out,
        "nats_a_program": round(total / count, 3) if count else None,
        "perplexity": round(math.exp(total / tokens), 3) if tokens and isinstance(guide, SequenceGuide) else None,
    }


def settings_language(settings: Settings) -> Language:
    """The language by its name."""
    return load_language(settings.language)


def generation(guide: SequenceGuide, pairs: Sequence[Pair], width: int, settings: Settings) -> dict[str, float | int]:
    """Tasks solved by a beam, and what it took."""
    solved = held = 0
    seconds, rates = [], []
    language = settings_language(settings)
    for task, _ in pairs:
        found = beam(guide, task, task_grammar(task, language), width=width, max_tokens=settings.max_tokens)
        best = found.best
        solved += best is not None
        held += best is not None and right(best.program, task.test_examples)
        seconds.append(found.seconds)
        rates.append(found.candidates_per_second)
    return {
        "tasks": len(pairs),
        "solved": solved,
        "right_on_test_examples": held,
        "median_seconds": round(statistics.median(seconds), 4),
        "candidates_per_second": round(statistics.median(rates), 1),
    }


def executing(guide: SequenceGuide, pairs: Sequence[Pair], width: int, settings: Settings) -> dict[str, float | int]:
    """Tasks solved by as many programs of a beam that runs prefixes as it goes, and what it took."""
    solved = held = 0
    seconds = []
    search = Beam(width=width, programs=1, max_tokens=settings.max_tokens)
    limits = Limits(seconds=60, max_programs=width)
    for task, _ in pairs:
        begun = time.process_time()
        found = synthesize(task, settings.language, guide=guide, search=search, limits=limits)
        seconds.append(time.process_time() - begun)
        solved += found.solved
        held += found.solved and right(found.best.program, task.test_examples)
    return {
        "tasks": len(pairs),
        "solved": solved,
        "right_on_test_examples": held,
        "median_seconds": round(statistics.median(seconds), 4),
    }


# The table


def guides_of(files: Sequence[str], language: Language) -> Iterator[tuple[str, Guide]]:
    """The guides that know nothing, then those of the files."""
    yield "uniform", UniformTokens(Vocabulary(language, constants=32))
    yield "uniform rules", Uniform()
    for file in files:
        yield "+".join(Path(part).name.partition(".")[0] for part in file.split("+")), find_guide(file, language)


def table(
    settings: Settings, suites: Sequence[Path], files: Sequence[str], record: Record
) -> dict[str, dict[str, float]]:
    """Measure everything; the rows by guide on sampled tasks."""
    language = settings_language(settings)
    sets: list[tuple[str, Callable[[], list[Pair]]]] = [("sampled", lambda: sampled(language, settings))]
    sets += [(path.stem, lambda path=path: suite(path, language, settings)) for path in suites]  # type: ignore[misc]
    summary: dict[str, dict[str, float]] = {}
    for name, draw in sets:
        pairs = draw()
        print(f"\n{name}: {len(pairs)} tasks of language {language.name!r}")
        print(f"{'guide':24} {'nats/program':>12} {'perplexity':>10}  solved by beam (also right on test examples)")
        for title, guide in guides_of(files, language):
            row: dict[str, float] = {k: v for k, v in perplexity(guide, pairs, settings).items() if v is not None}
            cells = []
            if isinstance(guide, SequenceGuide) and not isinstance(guide, UniformTokens):  # it would only take time
                for width in settings.beams:
                    found = generation(guide, pairs, width, settings)
                    cells.append(f"{width}: {found['solved']} ({found['right_on_test_examples']}) "
                                 f"{found['median_seconds']:.3f} s")  # fmt: skip
                    row |= {f"beam_{width}_{k}": v for k, v in found.items()}
                for width in settings.beams if settings.executing else ():
                    found = executing(guide, pairs, width, settings)
                    cells.append(f"{width}, executing: {found['solved']} ({found['right_on_test_examples']}) "
                                 f"{found['median_seconds']:.3f} s")  # fmt: skip
                    row |= {f"executing_{width}_{k}": v for k, v in found.items()}
            record("guides", set=name, guide=title, language=language.name, **row)
            nats, each = row.get("nats_a_program", math.nan), row.get("perplexity", math.nan)
            print(f"{title:24} {nats:12.2f} {each:10.2f}  {' · '.join(cells)}", flush=True)
            if name == "sampled":
                summary[title] = row
    return summary


def judge(summary: dict[str, dict[str, float]], settings: Settings) -> None:
    """The bars, in words."""

    def of(word: str, key: str) -> dict[str, float]:
        return {title: row[key] for title, row in summary.items() if word in title and key in row}

    counted = min(of("ngram", "perplexity").values(), default=None)
    uniform = summary["uniform"].get("perplexity")
    if counted is not None and uniform is not None:
        print(f"\nn-gram against uniform: {counted:.2f}, {uniform:.2f} {bar(counted, uniform, least=False)}")
        for kind in ("rnn", "lstm", "gru", "transformer"):
            for title, value in of(kind, "perplexity").items():
                limit = BAR_HALF if kind in ("lstm", "transformer") and settings.language == "lists" else 1.0
                print(f"{title} against the n-gram: {value / counted:.2f} {bar(value / counted, limit, least=False)}")
    widest = f"beam_{max(settings.beams)}_solved"
    shares = [row[widest] / row[f"beam_{max(settings.beams)}_tasks"] for row in summary.values() if widest in row]
    if shares:
        print(f"best by beam {max(settings.beams)}: {max(shares):.1%} {bar(max(shares), BAR_BEST)}")
    lstm, rnn = max(of("lstm", widest).values(), default=None), max(of("rnn", widest).values(), default=None)
    if lstm is not None and rnn is not None:
        print(f"LSTM against RNN: {lstm:.0f}, {rnn:.0f} tasks {bar(lstm, rnn)}")


def laptop(settings: Settings, folder: Path) -> list[Path]:
    """The documented command, from nothing, and the n-gram prior it is compared with; their files."""
    neural, counted = folder / "laptop-lstm.safetensors", folder / "laptop-ngram.json"
    common = ["--language", settings.language]
    started = time.perf_counter()
    for arguments in (
        ["lstm", *common, "--out", str(neural), "--minutes", str(settings.minutes)],
        ["ngram", *common, "--out", str(counted)],
    ):
        command = [sys.executable, "-m", "neurosynth", "train", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{arguments} exited with {done.returncode}: {done.stderr[-2000:]}")
        print(f"neurosynth train {' '.join(arguments)}: {time.perf_counter() - started:.0f} s · {done.stdout.strip()}")
        started = time.perf_counter()
    return [counted, neural]


def main() -> None:
    """Measure and print; rows are appended as they come."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    for name, value in asdict(Settings()).items():
        if name not in ("beams", "executing"):
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--beams", type=int, nargs="+", default=list(BEAMS))
    parser.add_argument("--guides", nargs="*", default=[])
    parser.add_argument("--executing", action="store_true")
    parser.add_argument("--suites", type=Path, nargs="*", default=[])
    parser.add_argument("--laptop", action="store_true")
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    out, files, suites, on_laptop = (given.pop(k) for k in ("out", "guides", "suites", "laptop"))
    given["beams"] = tuple(given["beams"])
    settings = Settings(**given)
    record = Record(out, facts(settings.seed, json.loads(json.dumps(asdict(settings)))))
    with tempfile.TemporaryDirectory() as folder:
        if on_laptop:
            files = [*files, *map(str, laptop(settings, Path(folder)))]
        judge(table(settings, suites, files, record), settings)


if __name__ == "__main__":
    main()
