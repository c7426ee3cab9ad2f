"""Measure the engine: rate against plain Python, start-up, memory, and what public suites give.

    python benchmarks/bench_engine.py --out rows.jsonl [--only rate,start,memory,suites] [--tasks ../shared/tasks]

All on one core.  Every measurement is a JSON line appended to ``--out``; what is printed are ratios and bars, taken from
this one run.

rate     Candidates a second of ``BottomUp`` without its probing and joining, against :class:`Plain`: the same enumeration
         with the same de-duplication over the same grammar and examples, as one writes it in Python.  No task here has a
         solution within reach, so both run for the whole time.  Kernels are compiled by runs that are not counted; seconds
         are the processor's, since others may be using it.
         ``shipped`` is the search with probing and joining, which count candidates that nothing is stored of.
start    ``import neurosynth`` in a bare interpreter; a solve on a fresh install (empty caches) and the same again, warm.
memory   Hard tasks at the default memory cap, each in a process of its own: why it stopped, the peak the kernel saw.
suites   Tasks solved within ``--seconds`` each, each in a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from neurosynth.language.compile import compile_grammar
from neurosynth.plugins import load
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks.task import Example, Task, example
from neurosynth.values.types import TypeConstructor, parse_type

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks import measuring, run_suites  # noqa: E402  # found by the line above
from benchmarks.plain_search import Plain  # noqa: E402  # so is this

SECTIONS = ("rate", "start", "memory", "suites")
MAIN = "from neurosynth.cli import main; main()"
RATE_BARS = {"strings": 5.0, "lists": 10.0, "bitvectors": 20.0}
WARM = 2_000_000
"""Candidates of a run that compiles kernels: every production is used by then."""
PUBLIC = {"strings": "sygus-strings", "lists": "dreamcoder-lists", "bitvectors": "sygus-bitvectors"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    only: tuple[str, ...] = SECTIONS
    tasks: Path = ROOT.parent / "shared" / "tasks"
    """The folder of public suites; without it only the project's own tasks are measured."""
    rate_seconds: float = 5.0
    """Of each search of the section rate."""
    public: int = 2
    """Public grammars a language in rate."""
    memory_seconds: float = 60.0
    max_memory: float = 4.0
    """Gigabytes."""
    seconds: float = 10.0
    """A task in suites."""
    limit: int | None = None
    """Tasks a suite, evenly spread; all by default."""
    suites: tuple[str, ...] = tuple(run_suites.SUITES)
    seed: int = 0
    """What the outputs of tasks nobody can solve are drawn with."""
    out: Path | None = None


Row = dict[str, Any]
_Found = TypeVar("_Found")


# --- rate --------------------------------------------------------------------------------------------------------


def own_tasks(seed: int) -> dict[str, Task]:
    """A task a language whose outputs are random: enumeration finds nothing."""
    draw = random.Random(seed)

    def word() -> str:
        return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randint(4, 9))).title()

    def numbers() -> list[int]:
        return [draw.randint(-20, 60) for _ in range(draw.randint(4, 9))]

    texts = [example(f"{word()} {word()}, {word()}", output=word()) for _ in range(6)]
    lists = [example(numbers(), draw.randint(1, 4), output=numbers()) for _ in range(5)]
    bits = [example(draw.getrandbits(64), output=draw.getrandbits(64)) for _ in range(10)]
    return {
        "strings": Task(texts, "own strings"),
        "lists": Task(lists, "own lists"),
        "bitvectors": Task(bits, "own bitvectors", type=parse_type("bitvec 64 -> bitvec 64")),
    }


def public_tasks(settings: Settings, language: str) -> list[Task]:
    """Grammars and inputs of a suite, evenly spread, ten examples each, the outputs replaced by random ones."""
    if not settings.tasks.is_dir() or settings.public < 1:
        return []
    found = list(run_suites.load_suite(settings.tasks, PUBLIC[language]))
    chosen = [found[(2 * i + 1) * len(found) // (2 * settings.public)] for i in range(settings.public)]
    return [_unsolvable(task, random.Random(settings.seed)) for task in chosen]


def _unsolvable(task: Task, draw: random.Random) -> Task:
    def other(value: Any) -> Any:
        match value:
            case bool():
                return draw.random() < 0.5
            case int():
                wide = isinstance(task.output_type, TypeConstructor) and task.output_type.name == "bitvec"
                return draw.getrandbits(int(str(task.output_type).split()[1])) if wide else draw.randint(-999, 999)
            case str():
                return "".join(draw.choice("qxzjkvw") for _ in range(max(len(value), 5)))
        return tuple(other(v) for v in (*value, 0, 0, 0)[: max(len(value), 3)])

    once = {e.inputs: e for e in task.examples}
    examples = [Example(e.inputs, other(e.output)) for e in islice(once.values(), 10)]
    return replace(task, examples=examples, test_examples=())


def _warm(request: SearchRequest) -> None:
    """Run until a whole run meets no kernel for the first time: each is compiled, or read from disk, when first called."""
    short = replace(request.limits, max_programs=WARM, seconds=60 * request.limits.seconds)
    known = -1
    while known != (known := sum(name.startswith("neurosynth_kernels_") for name in sys.modules)):
        BottomUp().run(replace(request, limits=short))
    BottomUp().run(request)
    gc.collect()


def _timed(search: Callable[[], _Found]) -> tuple[_Found, float]:
    """What it returns, and the seconds of processor it took."""
    began = time.process_time()
    found = search()
    return found, time.process_time() - began


def three_ways(task: Task, language: str, limits: Limits) -> dict[str, Any]:
    """The task by plain enumeration, by the engine's, and by the search as it is shipped."""
    assert task.type is not None
    grammar = task.grammar or compile_grammar(load("languages", language), task.type)
    request = SearchRequest(task=task, grammar=grammar, limits=limits)
    _warm(request)
    rows: dict[str, Any] = {}
    for way, search in (("engine", BottomUp(join=False)), ("shipped", BottomUp())):
        gc.collect()  # what the last search kept counts against this one's memory cap
        found, seconds = _timed(partial(search.run, request))
        rows[way] = {"stop": found.stop.value, "candidates": found.stats.programs_tried, "seconds": seconds}
    gc.collect()
    tried, seconds = _timed(partial(Plain(grammar, task).run, limits.seconds))
    rows["plain"] = {"stop": "time", "candidates": tried, "seconds": seconds}
    return rows


def rate(settings: Settings, record: measuring.Record) -> None:
    """Both searches on each task; ratios and bars."""
    own = own_tasks(settings.seed)
    limits = Limits(seconds=settings.rate_seconds, max_memory=settings.max_memory)
    for language, bar in RATE_BARS.items():
        ratios = []
        for task in [own[language], *public_tasks(settings, language)]:
            # a process each: memory that one search leaves behind slows the next, and counts against its cap
            found = measuring.apart(three_ways, (task, language, limits), 240 * limits.seconds + 120)
            if "engine" not in found:
                raise RuntimeError(f"{task.name}: {found['stop']}")
            speed = {}
            for way in ("engine", "shipped", "plain"):
                record("rate", task=task.name, language=language, examples=len(task.examples), way=way, **found[way])
                speed[way] = found[way]["candidates"] / found[way]["seconds"] / 1e6
            ratios.append(speed["engine"] / speed["plain"])
            early = "" if found["engine"]["stop"] == "time" else f", the engine stopped by {found['engine']['stop']}"
            print(
                f"  {task.name[:36]:36} M/s: engine {speed['engine']:7.3f} shipped {speed['shipped']:7.3f} "
                f"plain {speed['plain']:6.3f}  ratio {ratios[-1]:5.1f}{early}",
                flush=True,
            )
        middle = statistics.geometric_mean(ratios)
        verdict = measuring.bar(middle, bar)
        print(f"rate {language:11} {middle:6.1f}x plain Python (worst {min(ratios):.1f}x) {verdict}", flush=True)


# --- the other sections ------------------------------------------------------------------------------------------


def start(settings: Settings, record: measuring.Record) -> None:
    """Wall-clock times of fresh processes."""
    lazy = "import neurosynth"
    used = "import neurosynth as ns; ns.synthesize; ns.Task; ns.load_task"
    for what, code, limit in (("import neurosynth", lazy, 0.3), ("import and first names", used, None)):
        text = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"
        times = [float(measuring.python(["-c", text]).out) for _ in range(5)]
        record("start", task=what, seconds=statistics.median(times), stop="", candidates=0)
        print(
            f"start {what:34} {statistics.median(times):6.3f} s {measuring.bar(statistics.median(times), limit, least=False)}"
        )
    with tempfile.TemporaryDirectory() as folder:
        hard = Path(folder) / "compiled.json"
        hard.write_text(json.dumps(measuring.COMPILED_TASK), encoding="utf-8")
        letter = Path(folder) / "letter.json"
        letter.write_text(json.dumps(measuring.LETTER_TASK), encoding="utf-8")
        names = ["solve", str(ROOT / "examples" / "names.csv"), "--input", "full_name", "--output", "surname"]
        for what, arguments in (
            ("examples/names.csv", names),
            ("needs compiled kernels", ["solve", str(hard)]),
            ("a letter of nine pieces", ["solve", str(letter)]),
        ):
            caches = {k: f"{folder}/{what[0]}/{k}" for k in ("NEUROSYNTH_CACHE", "NUMBA_CACHE_DIR")}
            for state, limit in (("fresh", 10.0), ("warm", 1.0)):
                run = measuring.python(["-c", MAIN, *arguments, "--json"], environment=caches)
                answer = json.loads(run.out)
                record("start", task=f"{what}, {state}", seconds=run.seconds, stop=answer["stop"],
                       candidates=answer["stats"]["programs_tried"])  # fmt: skip
                verdict = measuring.bar(run.seconds, limit, least=False)
                print(f"start {what + ', ' + state:34} {run.seconds:6.3f} s {verdict}, {answer['stop']}")


def hard_tasks(settings: Settings) -> Iterator[tuple[str, Task]]:
    """The project's own, then public ones with the largest grammars."""
    yield from own_tasks(settings.seed).items()
    for language in RATE_BARS:
        for task in public_tasks(settings, language)[:1]:
            yield language, task


def memory(settings: Settings, record: measuring.Record) -> None:
    """Each hard task in a process of its own, whose peak the operating system tells."""
    for language, task in hard_tasks(settings):
        limits = Limits(seconds=settings.memory_seconds, max_memory=settings.max_memory)
        found = measuring.apart(measuring.solve, (task, language, limits), 2 * limits.seconds + 60)
        found = {"peak_gb": 0.0, "seconds": 0.0, "best": "none", **found}
        record("memory", task=task.name, language=language, **found)
        print(
            f"memory {task.name[:36]:36} stop {found['stop']:7} peak {found['peak_gb']:5.2f} GB after "
            f"{found['seconds']:5.1f} s {measuring.bar(found['peak_gb'], settings.max_memory * 1.05, least=False)}  "
            f"best: {found['best'][:60]}"
        )


def suites(settings: Settings, record: measuring.Record) -> None:
    """Solved tasks a suite."""
    for name in settings.suites:
        tasks = list(run_suites.load_suite(settings.tasks, name))
        if settings.limit is not None and len(tasks) > settings.limit:
            tasks = [tasks[i * len(tasks) // settings.limit] for i in range(settings.limit)]
        limits = Limits(seconds=settings.seconds, max_memory=settings.max_memory)
        rows = []
        for task in tasks:
            found = measuring.apart(measuring.solve, (task, task.language, limits), 2 * limits.seconds + 30)
            rows.append({"suite": name, "task": task.name, **found})
            record("suites", **rows[-1])
        solved = sum(row["stop"] == "solved" for row in rows)
        print(f"{name:20} solved {solved:4} of {len(rows):4} {measuring.suite_bar(name, rows)}", flush=True)


def run(settings: Settings) -> None:
    """All chosen sections."""
    if cores := sorted(measuring.one_core()):
        print(f"on core {cores[0]}", flush=True)
    record = measuring.Record(settings.out, measuring.facts(settings.seed, asdict(settings)))
    sections: dict[str, Callable[[Settings, measuring.Record], None]] = {
        "rate": rate, "start": start, "memory": memory, "suites": suites,
    }  # fmt: skip
    for name in settings.only:
        if name == "suites" and not settings.tasks.is_dir():
            print(f"suites: left out, no folder {settings.tasks}", file=sys.stderr)
            continue
        sections[name](settings, record)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--tasks", type=Path, default=Settings.tasks)
    parser.add_argument("--rate-seconds", type=float, default=Settings.rate_seconds)
    parser.add_argument("--public", type=int, default=Settings.public, help="public grammars a language in rate")
    parser.add_argument("--memory-seconds", type=float, default=Settings.memory_seconds)
    parser.add_argument("--max-memory", type=float, default=Settings.max_memory, help="gigabytes")
    parser.add_argument("--seconds", type=float, default=Settings.seconds, help="a task in suites")
    parser.add_argument("--limit", type=int, help="tasks a suite")
    parser.add_argument("--suites", default=",".join(Settings.suites))
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--out", type=Path)
    options = vars(parser.parse_args())
    for name, known in (("only", SECTIONS), ("suites", run_suites.SUITES)):
        options[name] = tuple(options[name].split(","))
        if unknown := sorted(set(options[name]) - set(known)):
            parser.error(f"--{name}: unknown {', '.join(unknown)}; known: {', '.join(known)}")
    run(Settings(**options))


if __name__ == "__main__":
    main()
