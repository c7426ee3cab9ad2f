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
suites   Tasks solved within ``--seconds`` each, by ``solve_suites.py``.
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
from itertools import combinations_with_replacement, islice, product
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from neurosynth.engine.points import columns_of
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Program, Variable
from neurosynth.language.types import INT, STRING, TypeConstructor, parse_type
from neurosynth.plugins import load
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.bottom_up import BottomUp
from neurosynth.search.levels import splits
from neurosynth.tasks.task import Example, Task, example

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks import measuring, solve_suites  # noqa: E402  # found by the line above

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
    suites: tuple[str, ...] = solve_suites.SUITES
    seed: int = 0
    """What the outputs of tasks nobody can solve are drawn with."""
    out: Path | None = None


Row = dict[str, Any]
_Found = TypeVar("_Found")
Columns = tuple[Any, ...]


# --- the search anyone would write in Python ---------------------------------------------------------------------


class Plain:
    """Bottom-up enumeration with sets of output tuples; bodies of lambdas are told apart on the engine's sample points.

    A candidate with an undefined value anywhere is dropped (the engine also keeps partly undefined ones where there is a
    conditional or a lambda, which costs it more).
    """

    def __init__(self, grammar: Grammar, task: Task) -> None:
        self.grammar = grammar
        self.inputs = [e.inputs for e in task.examples]
        goal = [e.output for e in task.examples]
        self.limit = 200
        scopes = {n.scope for n in grammar.nonterminals}
        self.columns = {s: columns_of(s, self.inputs, goal, partial=False) for s in scopes}
        self.bodies = {p.target: p.arguments[0] for p in grammar.productions if isinstance(p.head, Abstraction)}
        self.order = [n for n in grammar.levels() if n not in self.bodies]
        self.seen: dict[Nonterminal, set[Columns]] = {n: set() for n in self.order}
        self.values: dict[Nonterminal, dict[int, list[Columns]]] = {n: {} for n in self.order}
        self.texts: dict[Nonterminal, dict[int, list[str]]] = {n: {} for n in self.order}
        self.functions: dict[Nonterminal, dict[int, list[Columns]]] = {n: {} for n in self.order}
        self.names: dict[str, Any] = {}
        heads = [p.head for p in grammar.productions if isinstance(p.head, Primitive)]
        self.undefined: tuple[type[Exception], ...] = tuple(
            {Undefined, *(error for head in heads for error in head.raises)}
        )
        self.raw = {p: self._raw(p.head) for p in grammar.productions if isinstance(p.head, Primitive)}
        self.tried = 0

    def _raw(self, primitive: Primitive) -> Callable[..., Any]:
        """The primitive's own function; where it takes sizes, with them as defaults, which costs nothing."""
        if primitive.kernel == "select":
            return lambda condition, then, otherwise: then if condition else otherwise
        if primitive.macro is not None:
            names = ", ".join(f"x{i}" for i in range(primitive.arity))
            found: Callable[..., Any] = eval(f"lambda {names}: {self._text(primitive.macro)}", self.names)
            return found
        function = primitive.function
        if isinstance(function, partial):
            inner = function.func
            function = FunctionType(inner.__code__, inner.__globals__, inner.__name__, None, inner.__closure__)
            function.__kwdefaults__ = dict(primitive.sizes)
        size, limit = primitive.size, self.limit
        if size is None or INT not in primitive.parameters or primitive.result == STRING:
            return function

        def bounded(*values: Any) -> Any:  # a number sets the length: without a bound, memory ends the run
            if size(*values) > limit:
                raise Undefined
            return function(*values)

        return bounded

    def _name(self, value: Any) -> str:
        name = f"v{len(self.names)}"
        self.names[name] = value
        return name

    def _text(self, p: Program) -> str:
        """The Python expression of a macro's body."""
        if isinstance(p, Apply):
            parts = [self._text(a) for a in p.arguments]
            if p.primitive.kernel == "select":
                return f"({parts[1]} if {parts[0]} else {parts[2]})"
            return f"{self._name(self._raw(p.primitive))}({', '.join(parts)})"
        return f"x{p.index}" if isinstance(p, Input) else self._name(p.value) if isinstance(p, Constant) else str(p)

    def run(self, seconds: float) -> int:
        """Candidates tried."""
        self.deadline = time.perf_counter() + seconds
        for cost in range(1, 100):
            for target in self.order:
                self.values[target][cost], self.texts[target][cost], self.functions[target][cost] = [], [], []
                for production in self.grammar.by_target[target]:
                    if time.perf_counter() > self.deadline:
                        return self.tried
                    self._expand(production, cost)
        return self.tried

    def _expand(self, production: Production, cost: int) -> None:
        head, arguments = production.head, [self.bodies.get(a, a) for a in production.arguments]
        columns = self.columns[production.target.scope]
        if not arguments:
            if production.cost != cost:
                return
            match head:
                case Input(index):
                    values, text = tuple(self.inputs[e][index] for e in columns.examples), ""
                case Constant(value):
                    values, text = (value,) * columns.count, ""
                case Variable(index):
                    values, text = (
                        tuple(v[-1 - index] for v in columns.variables),
                        "ab"[: len(columns.variables[0])][-1 - index],
                    )
                case _:  # a primitive without arguments
                    values, text = (self.raw[production](),) * columns.count, ""
            self._keep(production.target, cost, iter([values]), iter([text]))
            return
        for split in splits(
            cost - production.cost, [sorted(c for c, b in self.values[a].items() if b) for a in arguments]
        ):
            if isinstance(head, Unit | Lift):
                rows = self.values[arguments[0]][split[0]]
                if isinstance(head, Lift):
                    rows = [tuple([row[e] for e in columns.examples]) for row in rows]
                texts = (f"{self._name(row)}[e]" for row in self.values[arguments[0]][split[0]])
                self._keep(production.target, cost, iter(rows), texts if production.target.scope else None)
            else:
                self._apply(production, arguments, cost, split)

    def _apply(self, production: Production, arguments: list[Nonterminal], cost: int, split: tuple[int, ...]) -> None:
        head = production.head
        assert isinstance(head, Primitive)
        f, listed = self.raw[production], isinstance(head.result, TypeConstructor) and head.result.name == "list"
        twin = head.commutative and arguments[0] == arguments[1]
        if twin and split[0] > split[1]:
            return
        stores = [self.functions if a in self.bodies else self.values for a in production.arguments]
        banks = [s[a][c] for s, a, c in zip(stores, arguments, split, strict=True)]
        half = twin and split[0] == split[1]

        def combined(parts: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
            return combinations_with_replacement(parts[0], 2) if half else product(*parts)

        combinations = combined(banks)
        if not production.target.scope:
            while batch := list(islice(combinations, 2048)):
                self._outer(production.target, cost, f, listed, batch)
                if time.perf_counter() > self.deadline:
                    return
            return
        texts = combined([self.texts[a][c] for a, c in zip(arguments, split, strict=True)])
        name = self._name(f)
        for combination, parts in zip(combinations, texts, strict=True):
            self.tried += 1
            try:
                row = tuple(map(f, *combination))
            except self.undefined:
                continue
            if row not in self.seen[production.target]:
                self._keep_body(production.target, cost, row, _call(name, head, parts))
            if self.tried & 255 == 0 and time.perf_counter() > self.deadline:
                return

    def _outer(self, target: Nonterminal, cost: int, f: Callable[..., Any], listed: bool, batch: list[Any]) -> None:
        """The loop that counts."""
        seen, kept, undefined = self.seen[target], self.values[target][cost], self.undefined
        self.tried += len(batch)
        for combination in batch:
            try:
                row = tuple(map(tuple, map(f, *combination))) if listed else tuple(map(f, *combination))
            except undefined:
                continue
            if row not in seen:
                seen.add(row)
                kept.append(row)

    def _keep(self, target: Nonterminal, cost: int, rows: Iterator[Columns], texts: Iterator[str] | None) -> None:
        for row in rows:
            self.tried += 1
            text = next(texts) if texts is not None else ""
            if row not in self.seen[target]:
                if target.scope:
                    self._keep_body(target, cost, row, text)
                else:
                    self.seen[target].add(row)
                    self.values[target][cost].append(row)

    def _keep_body(self, target: Nonterminal, cost: int, row: Columns, text: str) -> None:
        self.seen[target].add(row)
        self.values[target][cost].append(row)
        self.texts[target][cost].append(text)
        if target in self.bodies.values():
            make = eval(f"lambda e: lambda {', '.join('ab'[: len(target.scope)])}: {text}", self.names)
            self.functions[target][cost].append(tuple(make(e) for e in range(len(self.inputs))))


def _call(name: str, head: Primitive, parts: tuple[str, ...]) -> str:
    if head.kernel == "select":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    return f"{name}({', '.join(parts)})"


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
    found = list(solve_suites.load_suite(settings.tasks, PUBLIC[language]))
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
        BottomUp(probe=False).run(replace(request, limits=short))
    BottomUp(probe=False).run(request)
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
    for way, search in (("engine", BottomUp(join=False, probe=False)), ("shipped", BottomUp())):
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
        names = ["solve", str(ROOT / "examples" / "names.csv"), "--input", "full_name", "--output", "surname"]
        for what, arguments in (("examples/names.csv", names), ("needs compiled kernels", ["solve", str(hard)])):
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
        tasks = list(solve_suites.load_suite(settings.tasks, name))
        if settings.limit is not None and len(tasks) > settings.limit:
            tasks = [tasks[i * len(tasks) // settings.limit] for i in range(settings.limit)]
        options = solve_suites.Settings(tasks=settings.tasks, seconds=settings.seconds, max_memory=settings.max_memory)
        rows = [solve_suites.in_process(task, options) for task in tasks]
        for row in rows:
            stats = row["stats"]
            record("suites", suite=name, task=row["task"], stop=row["stop"], programs=row["programs"],
                   candidates=stats.get("programs_tried", 0), seconds=stats.get("seconds", 0.0))  # fmt: skip
        print(solve_suites.report(name, rows), measuring.suite_bar(name, rows), flush=True)


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
    for name, known in (("only", SECTIONS), ("suites", solve_suites.SUITES)):
        options[name] = tuple(options[name].split(","))
        if unknown := sorted(set(options[name]) - set(known)):
            parser.error(f"--{name}: unknown {', '.join(unknown)}; known: {', '.join(known)}")
    run(Settings(**options))


if __name__ == "__main__":
    main()
