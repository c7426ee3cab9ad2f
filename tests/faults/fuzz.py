"""A fuzzer and a fault injector: ``python -m tests.faults.fuzz --cases 20000 --seed 0``.

Each case belongs to a class and is made from its number and the seed alone.  A case fails by a traceback (or a status that no
verb has), by being late, or by losing what should have been printed.  In the end a table says how many were tried and
failed of each class; the first failures of each are shown with what makes them again.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import logging
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import neurosynth as ns
from neurosynth import load_guide
from neurosynth.apart import synthesize_apart
from neurosynth.bench.rows import read_rows
from neurosynth.cli.app import run_command_line
from neurosynth.errors import NeurosynthError, PrimitiveBug
from neurosynth.synthesize import chosen_language
from neurosynth.tasks.grammar import task_grammar
from tests.faults import deeds, mutate, table_cases
from tests.faults.plugin import environment

__all__ = ["CLASSES", "Fuzzer", "Tally", "main"]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
GUIDES = ROOT / "dsl" / "neurosynth_dsls" / "guides"
MAIN = [sys.executable, "-c", "from neurosynth.cli import main; main()"]
SECONDS = "0.05"
"""The limit of a search in a case."""
LATE = 1.0
"""Seconds beyond its limit after which a case is late; on top of what a machine with much to do takes: see ``slack``."""
START = 0.03
"""Seconds in which Python starts and ends on a machine with nothing else to do."""


@dataclass
class Tally:
    """What came of the cases of one class."""

    tried: int = 0
    tracebacks: int = 0
    late: int = 0
    lost: int = 0
    seconds: float = 0.0
    shown: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Cases that failed in any way."""
        return self.tracebacks + self.late + self.lost


class Failed(Exception):
    """What is wrong with a case."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


class Fuzzer:
    """Makes and judges cases; ``folder`` is scratch space, ``slack`` the seconds a busy machine may take on top."""

    def __init__(self, folder: Path, seed: int, slack: float = 4.0) -> None:
        self.folder, self.seed, self.slack = folder, seed, slack
        self.environment = environment(folder / "plugins")
        self.busy = 1.0
        """How many times as long as on an idle machine a process takes now."""

    def run(self, name: str, count: int, tally: Tally) -> None:
        """So many cases of a class."""
        case = CLASSES[name][0]
        table_cases.saved_programs()  # they take a second to make, once
        for number in range(count):
            rng = random.Random(f"{self.seed}/{name}/{number}")
            if name in PROCESSES:
                self.busy = how_busy()
            begun = time.perf_counter()
            tally.tried += 1
            try:
                allowed = case(self, rng)
                spent = time.perf_counter() - begun
                patience = allowed + LATE + self.slack
                if spent > patience and spent > patience * how_busy():
                    raise Failed("late", f"{spent:.1f} s, {allowed:.1f} s allowed")
            except Failed as failed:
                setattr(tally, failed.kind, getattr(tally, failed.kind) + 1)
                if len(tally.shown) < 5:
                    tally.shown.append(f"{name} {number}: {failed}")
            except table_cases.Lost as lost:
                tally.lost += 1
                if len(tally.shown) < 5:
                    tally.shown.append(f"{name} {number}: lost: {lost}")
            except Exception as error:  # of the code under test, which nothing caught
                tally.tracebacks += 1
                if len(tally.shown) < 5:
                    tally.shown.append(f"{name} {number}: {type(error).__name__}: {str(error)[:300]}")
            tally.seconds += time.perf_counter() - begun

    # --- in this process ----------------------------------------------------------------------------------------------

    def command(self, *arguments: str, statuses: tuple[int, ...] = (0, 1, 2)) -> tuple[int, str]:
        """A command line, judged: its status, and what it printed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run_command_line(list(arguments))
        judge(status, out.getvalue(), err.getvalue(), statuses, "--json" in arguments)
        return status, out.getvalue()

    def task(self, rng: random.Random, file: str, options: list[str], **named: Any) -> float:
        """A task's file: one in five is solved on the command line, the others are read, and their grammar is made."""
        if rng.random() < 0.2:
            self.command("solve", file, *options, "--seconds", SECONDS)
            return float(SECONDS)
        _loads(lambda: _grammar(ns.load_task(file, **named)))
        return 0.0

    def file(self, name: str, data: bytes | str) -> str:
        """A file with such content."""
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        return str(path)


PROCESSES = ("primitives", "signals", "outputs", "full disks")
"""Classes whose cases start processes, so that what else the machine does counts most."""


def how_busy() -> float:
    """How many times as long as on an idle machine Python takes to start, at least 1: the lesser of two tries."""
    tries = []
    for _ in range(2):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-S", "-c", ""], check=True)
        tries.append(time.perf_counter() - begun)
    return max(1.0, min(tries) / START)


def judge(status: int, out: str, err: str, statuses: tuple[int, ...], as_json: bool, heard: bool = True) -> None:
    """Whether a command ended as it may; ``heard``: its messages could be read.

    Raises:
        Failed: when it did not.
    """
    if "Traceback" in err or status not in statuses:
        raise Failed("tracebacks", f"status {status}: {err[-400:]!r}")
    if status == 2 and heard:
        # what a run says of its progress comes before
        first = next((line for line in err.split("\n") if not re.match(r"\d+ of \d+ tasks · ", line)), "")
        if not first.startswith("neurosynth: ") or len(first) > 2000 or len(err) > 6000:
            raise Failed("tracebacks", f"no message of one line: {len(err)} characters, {err[:200]!r}")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f\x9b]", err):
            raise Failed("tracebacks", f"characters that a terminal acts on: {err[:300]!r}")
    if as_json and status in (0, 1):
        try:
            json.loads(out)
        except ValueError as error:
            raise Failed("lost", f"no JSON: {error}: {out[:200]!r}") from None


# --- files ----------------------------------------------------------------------------------------------------------------


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def _tasks() -> list[str]:
    """Tasks of several kinds, as JSON."""
    made = [_text(EXAMPLES / "sum.json"), *_text(EXAMPLES / "lists.jsonl").splitlines()]
    made.append(
        json.dumps(
            {
                "name": "names",
                "language": "strings",
                "type": "string -> string",
                "examples": [{"inputs": ["Ada King"], "output": "Ada"}, {"inputs": ["Al X"], "output": "Al"}],
                "test_examples": [{"inputs": ["B C"], "output": "B"}],
                "constants": [" ", {"value": 3, "type": "int"}],
                "input_names": ["full name"],
                "note": {"kept": [1, None]},
            }
        )
    )
    made.append(
        json.dumps(
            {
                "name": "bits",
                "type": "bitvec 8 -> bitvec 8",
                "examples": [{"inputs": ["#x0f"], "output": "#xf0"}, {"inputs": ["#x01"], "output": "#xfe"}],
                "constants": ["#x01"],
            }
        )
    )
    return made


def _grammar(task: ns.Task) -> None:
    task_grammar(task, chosen_language(task, None))


def json_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A task in JSON."""
    text = rng.choice(_tasks())
    changed: bytes | str = (
        mutate.mutated_json(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    return fuzzer.task(rng, fuzzer.file("t.json", changed), [*rng.choice([(), ("--json",)])])


def jsonl_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """Tasks in JSON, a line each."""
    text = "\n".join(json.dumps(json.loads(t)) for t in rng.sample(_tasks(), 3))
    changed: bytes | str = (
        mutate.mutated_jsonl(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    name = rng.choice(["names", "bits", "sum", "second-largest", "", "\x1b", "\0", "no such task " * 30])
    return fuzzer.task(rng, fuzzer.file("t.jsonl", changed), ["--task", name], task=name)


def csv_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A table."""
    text = _text(EXAMPLES / "names.csv")
    changed: bytes | str = (
        mutate.mutated_table(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    columns = [*text.splitlines()[0].split(","), "full nmae", "", "½", "\x1b[0m"]
    chosen = [rng.choice(columns[:1] * 6 + columns), rng.choice(columns[1:2] * 6 + columns)]
    file = fuzzer.file("t.csv", changed)
    options = ["--input", chosen[0], "--output", chosen[1], "--json"]
    return fuzzer.task(rng, file, options, inputs=chosen[:1], output=chosen[1])


def sl_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A SyGuS file."""
    text = _text(EXAMPLES / rng.choice(["lowest_bit.sl", "extension.sl"]))
    changed: bytes | str = (
        mutate.mutated_sexp(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    return fuzzer.task(rng, fuzzer.file("t.sl", changed), ["--json"])


PROGRAMS = [
    ("lists", "(map (lambda (a) (+ a 1)) (take 2 x0))", ["[1, 2, 3]"]),
    ("lists", "(ite (> (sum x0) 3) x0 (reverse x0))", ["[1, 2, 3]"]),
    ("strings", '(str.++ (str.substr x0 0 2) "-\\u{e9}")', ['"abc"']),
    ("bitvectors", "(bvadd (bvnot x0) #x0f)", ['"#x01"']),
    ("bitvectors", "((_ extract 3 0) x0)", ['"#x01"']),
]


def program_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A program's text and its inputs."""
    language, text, inputs = rng.choice(PROGRAMS)
    if rng.random() < 0.7:
        text = mutate.mutated_sexp(text, rng)
    if rng.random() < 0.2:
        text = mutate.mutated_bytes(text.encode(), rng).decode("utf-8", "surrogateescape")
    if rng.random() < 0.5:
        inputs = [mutate.mutated_json(f"[{i}]", rng) if rng.random() < 0.7 else rng.choice(mutate.RAW) for i in inputs]
    verb = rng.choice(["run", "run", "parse"])
    more = [part for i in inputs for part in ("--input", i)] if verb == "run" else rng.choice([[], ["--tokens"]])
    fuzzer.command(verb, "--language", language, *more, *rng.choice([(), ("--json",)]), "--", text)
    return 0.0


def guide_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A guide that counts."""
    name = rng.choice(["lists-ngram", "lists-bigram-pcfg", "strings-ngram"])
    text = _text(GUIDES / f"{name}.json")
    changed: bytes | str = (
        mutate.mutated_json(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    if rng.random() < 0.1:
        file = fuzzer.file("g.json", changed)
        task = str(EXAMPLES / "sum.json")
        fuzzer.command("solve", task, "--guide", file, "--seconds", SECONDS)
        return float(SECONDS)
    _loads(lambda: load_guide(fuzzer.file("g.json", changed)))
    return 0.0


def tensors_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A neural guide."""
    data = _bytes(GUIDES / "strings-lstm.safetensors")
    _loads(lambda: load_guide(fuzzer.file("g.safetensors", mutate.mutated_tensors(data, rng))))
    return 1.0


@functools.cache
def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _loads(load: Callable[[], object]) -> None:
    """That it loads, or says in one line what is wrong."""
    try:
        load()
    except NeurosynthError as error:
        if not str(error) or len(str(error).split("\n")[0]) > 2000:
            raise Failed("tracebacks", f"no message of one line: {str(error)[:200]!r}") from None


def rows_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """Rows of a benchmark run."""
    text = "".join(json.dumps(row) + "\n" for row in _rows())
    changed: bytes | str = (
        mutate.mutated_jsonl(text, rng) if rng.random() < 0.7 else mutate.mutated_bytes(text.encode(), rng)
    )
    file = fuzzer.file("rows.jsonl", changed)
    _loads(lambda: read_rows(file, on_torn=lambda message: None))
    return 0.0


@functools.cache
def _rows() -> list[dict[str, Any]]:
    from tests.bench.sample_rows import row

    return [row(task=f"t{i}") for i in range(4)]


# --- caches ---------------------------------------------------------------------------------------------------------------


def cache_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """Compiled code on disk."""
    from tests.faults.test_code_cache import DAMAGES, fresh

    folder = fuzzer.folder / "code"
    folder.mkdir(exist_ok=True)
    assert fresh(folder)(21) == 42
    for file in (folder / "__pycache__").iterdir():
        if file.suffix in (".nbi", ".nbc") and rng.random() < 0.7:
            data = file.read_bytes() or b"\0"
            how = rng.choice(list(DAMAGES.values()))
            file.write_bytes(how(data) if rng.random() < 0.5 else mutate.mutated_bytes(data, rng))
    if fresh(folder)(21) != 42:
        raise Failed("lost", "another result")
    return 1.0


# --- primitives -----------------------------------------------------------------------------------------------------------


def primitive_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A primitive that misbehaves, from Python."""
    every: list[Any] = [*deeds.BUGS, *deeds.STUCK, *deeds.ENDINGS]
    deed = rng.choice(every)
    lists = deed in (deeds.changes, deeds.appends, deeds.sets_an_item)
    search = rng.choice(["auto", "auto", "bottom-up", "best-first"])
    seconds = rng.choice([0.3, 0.5]) * fuzzer.busy
    # where nothing was found because the machine was busy for a moment, it is found in more time
    for patience in (seconds, 4 * seconds):
        limits = ns.Limits(seconds=patience, max_memory=2.0)
        try:
            result = synthesize_apart(deeds.task(of_lists=lists), deeds.language_of(deed), limits=limits, search=search)
        except PrimitiveBug as bug:
            result = bug.result
            if len(bug.report.split("\n")) != 4:
                raise Failed("tracebacks", f"no report of four lines: {bug.report!r}") from None
        if search == "best-first" or result.closest is not None or result.solutions:
            return 5 * seconds
    raise Failed("lost", f"no best so far: {deed.__name__}, {search}, {result.stop}, {result.trace}")


# --- processes ------------------------------------------------------------------------------------------------------------


def _process(fuzzer: Fuzzer, arguments: list[str], **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*MAIN, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=fuzzer.environment,
        **options,
    )


def signal_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A signal at a random moment."""
    noise = {"name": "noise", "examples": [{"inputs": [[i, 3, 7]], "output": [i * 7919 % 101, 977]} for i in range(6)]}
    file = fuzzer.file("noise.json", json.dumps(noise))
    sample = str(fuzzer.folder / f"sample{rng.randrange(10**9)}.jsonl")
    arguments, after = rng.choice(
        [
            (["solve", file, "--seconds", "30", "--json"], 3.0),
            (["solve", file, "--seconds", "30", "--search", "best-first", "--json"], 3.0),
            (["solve", file, "--seconds", "30", "--guide", "lists-lstm", "--json"], 6.0),
            (["sample", "--language", "lists", "--count", "100000", "--out", sample], 3.0),
            (["list", "primitives", "--language", "strings"], 0.6),
        ]
    )
    number = rng.choice([signal.SIGINT, signal.SIGTERM])
    process = _process(fuzzer, arguments, start_new_session=True)
    time.sleep(0.12 + rng.random() * after)
    begun = time.perf_counter()
    process.send_signal(number)
    try:
        out, err = process.communicate(timeout=40)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Failed("late", f"{arguments[0]} goes on after signal {number}") from None
    waited = time.perf_counter() - begun
    # before Python has run a line of ours and after it has run the last, a signal ends the process as it ends any other
    early = -int(number) if not err else 0
    judge(process.returncode, "{}", err, (0, 1, 130, 143, early), False)
    if waited > (LATE + fuzzer.slack) * fuzzer.busy:
        raise Failed("late", f"{arguments}: {waited:.1f} s after signal {number}")
    said = "interrupted" in err or "terminated" in err or process.returncode == early
    if arguments[0] == "solve" and not out and not said:
        raise Failed("lost", f"nothing is said: status {process.returncode}, {err!r}")
    return 40.0


def output_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """An output that is closed, full or not read to its end."""
    program, table = (
        fuzzer.file(n, t) for n, t in zip(("p.json", "t.csv"), table_cases.saved_programs()[0], strict=True)
    )
    arguments = rng.choice(
        [
            ["solve", str(EXAMPLES / "sum.json"), *rng.choice([[], ["--json"]])],
            ["list", "primitives", "--language", rng.choice(["lists", "strings"])],
            ["parse", "(sum x0)", "--language", "lists"],
            ["run", "(sum x0)", "--language", "lists", "--input", "[1]"],
            ["--help"],
            ["solve", str(EXAMPLES / "no.json")],
            ["fill", str(EXAMPLES / "names.csv"), "--output", "initials"],
            ["apply", program, table],
            ["export", program, "--to", rng.choice(["python", "sql", "pandas", "json"])],
            ["show", program],
        ]
    )
    end = rng.choice(
        [
            ">&-",
            "> /dev/full",
            "| true",
            "| head -c 1",
            "2>&-",
            "2> /dev/full",
            "<&-",
            ">&- 2>&- <&-",
            "> /dev/full 2>&1",
        ]
    )
    text = " ".join(f"'{a}'" for a in MAIN + arguments)
    script = f"{text} {end}; echo ${{PIPESTATUS[0]}} >&9"
    reader, writer = os.pipe()
    try:
        done = subprocess.run(
            ["bash", "-c", f"exec 9>&{writer}; {script}"],
            capture_output=True, text=True, env=fuzzer.environment, pass_fds=[writer], timeout=60,
        )  # fmt: skip
        status = int(os.read(reader, 100).split()[0])
    finally:
        os.close(reader)
        os.close(writer)
    judge(status, "{}", done.stderr, (0, 1, 2, 74, 141), False, heard="2>" not in end)
    if (">&-" in end or "> /dev/full" in end) and "2>" not in end and status == 0:
        raise Failed("lost", f"status 0, and nobody was told: {arguments} {end}")
    return 4.0


def disk_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A disk that is full: files may not grow beyond some bytes."""
    limit = rng.choice([0, 1, 100, 1000, 5000])
    program, table = (
        fuzzer.file(n, t) for n, t in zip(("p.json", "t.csv"), table_cases.saved_programs()[0], strict=True)
    )
    out = fuzzer.folder / f"out{rng.randrange(10**9)}"
    arguments = rng.choice(
        [
            ["solve", str(EXAMPLES / "sum.json"), "--json"],
            ["sample", "--language", "lists", "--count", "30", "--out", f"{out}.jsonl"],
            ["train", "ngram", "--language", "lists", "--tasks", str(EXAMPLES / "lists.jsonl"), "--out", f"{out}.json"],
            ["bench", "run", str(EXAMPLES / "lists.jsonl"), "--seconds", "1", "--out", f"{out}.jsonl"],
            ["fill", str(EXAMPLES / "names.csv"), "--output", "initials", "--write", f"{out}.csv"],
            ["fill", table, "--output", "initials", "--write", f"{out}.csv", "--save", f"{out}.json"],
            ["apply", program, table, "--write", f"{out}.csv"],
        ]
    )

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = _process(fuzzer, arguments, preexec_fn=full)
    try:
        out_text, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Failed("late", f"{arguments} with {limit} bytes") from None
    judge(process.returncode, out_text or "{}", err, (0, 1, 2, 74), arguments[0] == "solve")
    return 20.0


Case = Callable[[Fuzzer, random.Random], float]

CLASSES: dict[str, tuple[Case, float]] = {
    # a class, and its share of the cases
    "task (json)": (json_case, 0.14),
    "tasks (jsonl)": (jsonl_case, 0.12),
    "table (csv)": (csv_case, 0.12),
    "SyGuS (sl)": (sl_case, 0.12),
    "program and inputs": (program_case, 0.12),
    "fill": (table_cases.fill_case, 0.03),
    "apply": (table_cases.apply_case, 0.04),
    "export": (table_cases.export_case, 0.03),
    "saved programs": (table_cases.saved_case, 0.03),
    "guide (json)": (guide_case, 0.05),
    "guide (safetensors)": (tensors_case, 0.08),
    "rows": (rows_case, 0.09),
    "compiled code": (cache_case, 0.02),
    "primitives": (primitive_case, 0.015),
    "signals": (signal_case, 0.005),
    "outputs": (output_case, 0.005),
    "full disks": (disk_case, 0.005),
}


def table(tallies: dict[str, Tally]) -> Iterator[str]:
    """Lines of a table in Markdown: tried and failed, by class."""
    yield "| class | tried | tracebacks | late | lost | seconds |"
    yield "|---|---:|---:|---:|---:|---:|"
    total = Tally()
    for name, tally in tallies.items():
        yield f"| {name} | {tally.tried:,} | {tally.tracebacks} | {tally.late} | {tally.lost} | {tally.seconds:.0f} |"
        for attribute in ("tried", "tracebacks", "late", "lost", "seconds"):
            setattr(total, attribute, getattr(total, attribute) + getattr(tally, attribute))
    yield f"| all | {total.tried:,} | {total.tracebacks} | {total.late} | {total.lost} | {total.seconds:.0f} |"


def main() -> int:
    """Run the cases that the command line says; 1 where some failed."""
    parser = argparse.ArgumentParser(description="Fuzzes files and injects faults; prints tried and failed by class.")
    parser.add_argument("--cases", type=int, default=20_000, help="of all classes together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", action="append", choices=list(CLASSES), help="a class; with its share of the cases alone"
    )
    parser.add_argument(
        "--slack", type=float, default=4.0, help="seconds a busy machine may take on top of what is allowed"
    )
    given = parser.parse_args()
    logging.getLogger("neurosynth").setLevel(logging.ERROR)
    # in the background of a script it is ignored, also by the processes started here
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(Path(folder), given.seed, given.slack)
        for name in given.only or CLASSES:
            tally = tallies[name] = Tally()
            fuzzer.run(name, max(1, round(CLASSES[name][1] * given.cases)), tally)
            print(f"{name}: {tally.tried} tried, {tally.failed} failed", file=sys.stderr, flush=True)
            for line in tally.shown:
                print(f"    {line}", file=sys.stderr, flush=True)
    print("\n".join(table(tallies)))
    return 1 if any(t.failed for t in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
