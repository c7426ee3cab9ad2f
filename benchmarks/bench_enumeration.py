"""Best-first enumeration without evaluation: programs a second, million by million, memory, and two rivals in plain Python.

    python benchmarks/bench_enumeration.py --out rows.jsonl [--programs 10000000] [--resolution 0.001] [--only rate,rivals,split]

All on one core, each measurement in a process of its own, processor time.  Every million is a JSON line appended to ``--out``.

rate    :class:`Enumerator` over each grammar.  *numbers*: batches as they are, a program being its outermost production and
        the numbers of its arguments.  *whole*: every program written out as its productions in prefix order.  *objects*:
        ``Program`` trees, a fiftieth as many.
rivals  On the same grammars, up to ``--rival-programs``: heap search (AAAI 2022), which keeps every program in a heap, and
        enumeration by cost tuples, on which bee search (JAIR 2023) and EcoSearch (AAAI 2025) rest, which keeps every program in levels;
        both with exact probabilities, programs as nested tuples with shared parts.  All three are compared program by program.
split   Programs of equal cost in parts of the space, for several workers.

The bar: 400,000 programs a second on the deepcoder-like grammar, the last million no slower than 0.8 of the first.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from neurosynth.engine.limits import memory_mb
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.contexts import refine
from neurosynth.guides.uniform import uniform
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.types import parse_type
from neurosynth.plugins import load
from neurosynth.search.best_first.enumerator import RESOLUTION, Batch, Enumerator
from neurosynth.search.best_first.split import split

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks import measuring  # noqa: E402  # found by the line above
from benchmarks.enumeration_rivals import RIVALS, RivalRules  # noqa: E402

SECTIONS = ("rate", "rivals", "split")
BAR = 0.4
"""Million programs a second: DeepSynth2's best enumerator gives 0.394 on such a machine."""
FLAT = 0.8


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    only: tuple[str, ...] = SECTIONS
    programs: int = 10_000_000
    rival_programs: int = 1_000_000
    resolution: float = RESOLUTION
    """Nats a unit of cost."""
    seed: int = 0
    """Of random probabilities."""
    out: Path | None = None


# --- grammars -----------------------------------------------------------------------------------------------------

ELEMENTWISE = ("+1", "-1", "*2", "/2", "*-1", "**2", "*3", "/3", "*4", "/4")
TESTS = (">0", "<0", "even", "odd")
COMBINE = ("+", "-", "*", "min", "max")


def deepcoder_like() -> Language:
    """The functions of DeepCoder (Balog et al., ICLR 2017), each with its lambda as one first-order function; they do nothing."""
    language = Language("deepcoder-like")
    lists = ["reverse", "sort", *(f"map[{f}]" for f in ELEMENTWISE), *(f"filter[{f}]" for f in TESTS)]
    lists += [f"scan[{f}]" for f in COMBINE]
    numbers = ["head", "last", "minimum", "maximum", "sum", *(f"count[{f}]" for f in TESTS)]
    signatures = dict.fromkeys(lists, "list int -> list int") | dict.fromkeys(numbers, "list int -> int")
    signatures |= {
        "take": "int -> list int -> list int",
        "drop": "int -> list int -> list int",
        "access": "int -> list int -> int",
    }
    signatures |= {f"zipwith[{f}]": "list int -> list int -> list int" for f in COMBINE}
    for name, signature in signatures.items():

        def nothing(*arguments: Any) -> Any:
            """Its first argument: only the shape of the grammar matters here."""
            return arguments[0]

        language.primitive(name=name, type=signature)(nothing)
    return language


def drawn(grammar: Grammar, seed: int) -> WeightedGrammar:
    """A grammar with probabilities drawn at random, as different as a trained guide's."""
    weights = np.random.default_rng(seed).gamma(1.0, size=len(grammar.productions)) + 1e-3
    index = {n: i for i, n in enumerate(grammar.nonterminals)}
    targets = np.array([index[p.target] for p in grammar.productions])
    return WeightedGrammar(grammar, np.log(weights / np.bincount(targets, weights)[targets]))


GRAMMARS = (
    "deepcoder-like, uniform",
    "deepcoder-like, drawn",
    "lists, uniform",
    "lists, drawn",
    "lists by context, drawn",
)
"""The two of the bar first, then those with lambdas."""


def grammars(names: Sequence[str], seed: int) -> dict[str, WeightedGrammar]:
    """Those of these names."""
    plain = compile_grammar(deepcoder_like(), parse_type("list int -> list int -> list int"))
    lists = compile_grammar(load("languages", "lists"), parse_type("list int -> list int"))
    made: dict[str, Callable[[], WeightedGrammar]] = {
        "deepcoder-like, uniform": lambda: uniform(plain),
        "deepcoder-like, drawn": lambda: drawn(plain, seed),
        "lists, uniform": lambda: uniform(lists),
        "lists, drawn": lambda: drawn(lists, seed),
        "lists by context, drawn": lambda: drawn(refine(lists).grammar, seed),
    }
    return {name: made[name]() for name in names}


# --- measuring ----------------------------------------------------------------------------------------------------


def paced(steps: Iterator[int], programs: int, block: int) -> list[dict[str, float]]:
    """Processor seconds and resident megabytes of each block of programs; ``steps`` yields how many were made."""
    rows = []
    total, begun, used = 0, 0, time.process_time()
    for made in steps:
        total += made
        if total - begun >= block or total >= programs:
            now = time.process_time()
            rows.append(
                {"programs": total, "rate": (total - begun) / (now - used) / 1e6, "memory_mb": round(memory_mb(), 1)}
            )
            begun, used = total, now
            if total >= programs:
                break
    return rows


def enumerated(weighted: WeightedGrammar, way: str, settings: Settings) -> dict[str, Any]:
    """The rows of one way to enumerate; machine code is loaded before."""
    warm = Enumerator(weighted, resolution=settings.resolution)
    warm.sequences(warm.next_batch(10))
    before = memory_mb()
    enumerator = Enumerator(weighted, resolution=settings.resolution)

    def batches() -> Iterator[Batch]:
        while len(batch := enumerator.next_batch(1 << 15)):
            yield batch

    count = settings.programs
    if way == "numbers":
        steps = (len(batch) for batch in batches())
    elif way == "whole":
        steps = (len(enumerator.sequences(batch)[0]) - 1 for batch in batches())
    else:
        count //= 50
        steps = (1 for _ in enumerator)
    rows = paced(steps, count, count // 10)
    return {"rows": rows, "before_mb": round(before, 1), "held_mb": round(enumerator.nbytes / 1e6, 1)}


def rate(settings: Settings, record: measuring.Record, names: Sequence[str] = GRAMMARS) -> None:
    """Every grammar, every way."""
    for name, weighted in grammars(names, settings.seed).items():
        for way in ("numbers", "whole", "objects"):
            found = measuring.apart(enumerated, (weighted, way, settings), 3600)
            rows = found["rows"]
            for row in rows:
                record("rate", grammar=name, way=way, **row, before_mb=found["before_mb"], held_mb=found["held_mb"])
            print(f"rate {name:24} {way:8} {line(rows)}; {held(found)}", flush=True)
            if name.startswith("deepcoder") and way != "objects":
                slowest, steady = min(row["rate"] for row in rows), rows[-1]["rate"] / rows[0]["rate"]
                print(
                    f"     slowest tenth {slowest:.2f} M/s {measuring.bar(slowest, BAR)}; last tenth {steady:.2f} of the first "
                    f"{measuring.bar(steady, FLAT)}",
                    flush=True,
                )


def line(rows: list[dict[str, float]]) -> str:
    """Rates in words."""
    return (
        f"{rows[-1]['programs'] / 1e6:5.1f} M programs, M/s: all {overall(rows):7.3f}, first tenth {rows[0]['rate']:7.3f}, "
        f"last {rows[-1]['rate']:7.3f}"
    )


def held(found: dict[str, Any]) -> str:
    """Memory in words."""
    rows = found["rows"]
    arrays = f", arrays {found['held_mb']:.1f}" if "held_mb" in found else ""
    return f"memory {found['before_mb']:.0f} → {rows[0]['memory_mb']:.0f} (first tenth) → {rows[-1]['memory_mb']:.0f} MB{arrays}"


def overall(rows: list[dict[str, float]]) -> float:
    """Million programs a second over all blocks."""
    seconds, before = 0.0, 0.0
    for row in rows:
        seconds += (row["programs"] - before) / (row["rate"] * 1e6)
        before = row["programs"]
    return before / seconds / 1e6


def rival(weighted: WeightedGrammar, name: str, settings: Settings) -> dict[str, Any]:
    """A rival's rows, and how far its costs are from the enumerator's, program by program."""
    enumerator = Enumerator(weighted, resolution=settings.resolution)
    expected = enumerator.next_batch(settings.rival_programs // 10).costs * settings.resolution
    costs = RIVALS[name](RivalRules.read(weighted)).costs_in_order()
    first = np.fromiter(itertools.islice(costs, len(expected)), np.float64)
    apart = float(np.abs(first - expected).max())
    del costs, enumerator
    before = memory_mb()
    costs = RIVALS[name](RivalRules.read(weighted)).costs_in_order()
    rows = paced((1 for _ in costs), settings.rival_programs, settings.rival_programs // 10)
    return {"rows": rows, "before_mb": round(before, 1), "apart": apart}


def rivals(settings: Settings, record: measuring.Record, names: Sequence[str] = GRAMMARS[:4]) -> None:
    """Both rivals on all grammars but the largest."""
    for name, weighted in grammars(names, settings.seed).items():
        for way in RIVALS:
            found = measuring.apart(rival, (weighted, way, settings), 3600)
            rows = found["rows"]
            for row in rows:
                record("rivals", grammar=name, way=way, **row, before_mb=found["before_mb"], apart=found["apart"])
            print(
                f"rival {name:23} {way:11} {line(rows)}; {held(found)}; in the enumerator's order but for {found['apart']:.4f} nats",
                flush=True,
            )


def parts(settings: Settings, record: measuring.Record, names: Sequence[str] = GRAMMARS) -> None:
    """How evenly parts share the programs up to the cost of the whole's millionth."""
    for name, weighted in grammars(names, settings.seed).items():
        whole = Enumerator(weighted, resolution=0.01)
        cost = int(whole.next_batch(1_000_000).costs[-1]) - 1
        total = below(weighted, cost)
        for count in (2, 4, 16):
            found = [below(part, cost) for part in split(weighted, count)]
            record("split", grammar=name, parts=len(found), programs=found, total=total)
            print(
                f"split {name:24} {len(found):2} parts: {'as many' if sum(found) == total else 'NOT AS MANY'} together; the largest "
                f"{max(found) * len(found) / total:.2f} of an even share, the smallest {min(found) * len(found) / total:.2f}",
                flush=True,
            )  # fmt: skip


def below(weighted: WeightedGrammar, cost: int) -> int:
    """Programs up to a cost."""
    enumerator = Enumerator(weighted, resolution=0.01)
    count = 0
    while len(batch := enumerator.next_batch(1 << 15)):
        count += int(np.searchsorted(batch.costs, cost, side="right"))
        if batch.costs[-1] > cost:
            break
    return count


def run(settings: Settings) -> None:
    """All chosen sections."""
    if cores := sorted(measuring.one_core()):
        print(f"on core {cores[0]}", flush=True)
    record = measuring.Record(settings.out, measuring.facts(settings.seed, asdict(settings)))
    sections: dict[str, Callable[..., None]] = {"rate": rate, "rivals": rivals, "split": parts}
    for name in settings.only:
        sections[name](settings, record)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--programs", type=int, default=Settings.programs)
    parser.add_argument("--rival-programs", type=int, default=Settings.rival_programs)
    parser.add_argument("--resolution", type=float, default=Settings.resolution, help="nats a unit of cost")
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--out", type=Path)
    options = vars(parser.parse_args())
    options["only"] = tuple(options["only"].split(","))
    if unknown := sorted(set(options["only"]) - set(SECTIONS)):
        parser.error(f"--only: unknown {', '.join(unknown)}; known: {', '.join(SECTIONS)}")
    run(Settings(**options))


if __name__ == "__main__":
    main()
