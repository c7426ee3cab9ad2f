"""Cases of the fuzzer around tables and saved programs: ``fill``, ``apply``, ``export``, and what ``fill --save`` wrote."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import json
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from neurosynth.cli.app import run_command_line
from neurosynth.errors import NeurosynthError
from neurosynth.frames.saved import load_program
from tests.faults import mutate

if TYPE_CHECKING:
    from tests.faults.fuzz import Fuzzer

__all__ = ["Lost", "apply_case", "export_case", "fill_case", "saved_case"]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FORMS = ["python", "pandas", "polars", "sql", "json", "text", "smtlib", "excel", "no such form"]


class Lost(Exception):
    """What should be there and is not."""


@functools.cache
def saved_programs() -> tuple[tuple[str, str], ...]:
    """Programs as ``fill --save`` writes them, each with the table it fills."""
    found = []
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        for table, outputs in (("names.csv", ["initials"]), ("orders.csv", ["day", "amount"])):
            text = (EXAMPLES / table).read_text(encoding="utf-8")
            for output in outputs:
                file = Path(folder) / f"{output}.json"
                options = ["--output", output, "--save", str(file), "--write", f"{file}.csv", "--seconds", "10"]
                if run_command_line(["fill", str(EXAMPLES / table), *options]) == 0:
                    found.append((file.read_text(encoding="utf-8"), text))
    assert found
    return tuple(found)


def _damaged(text: str, rng: random.Random) -> bytes:
    """A table after one of several accidents."""
    changed: str | bytes = (
        mutate.mutated_table(text, rng) if rng.random() < 0.6 else mutate.mutated_bytes(text.encode(), rng)
    )
    data = changed.encode("utf-8", "surrogatepass") if isinstance(changed, str) else changed
    match rng.randrange(12):
        case 0:
            return data.replace(b",", b"\t")
        case 1:
            return data.replace(b"\n", b"\r\n")
        case 2:
            return b"\xef\xbb\xbf" + data
        case 3:
            return data.decode("utf-8", "replace").encode("utf-16")
        case 4:
            return data.decode("utf-8", "replace").encode("cp1252", "replace")
    return data


def fill_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A damaged table to fill."""
    _, text = rng.choice(saved_programs())
    header = text.split("\n")[0].split(",")
    file = fuzzer.file(
        rng.choice(["t.csv", "t.csv", "t.tsv", "t.txt", "t.jsonl", "t.xlsx", "t.parquet"]), _damaged(text, rng)
    )
    out, kept = Path(fuzzer.folder / "filled.csv"), Path(fuzzer.folder / "saved.json")
    out.unlink(missing_ok=True)
    output = rng.choice([header[-1]] * 6 + [header[0], "", "no such column", "\x1b[31m", "½", "x" * 3000])
    options = [
        "--write",
        str(out),
        "--seconds",
        "0.05",
        *rng.choice([[], ["--json"], ["--mark"], ["--save", str(kept)]]),
    ]
    options += rng.choice(
        [
            [],
            [],
            ["--encoding", rng.choice(["cp1252", "utf-16", "no such"])],
            ["--delimiter", rng.choice([";", "", "\t"])],
        ]
    )
    options += rng.choice(
        [[], [], ["--given", rng.choice([f"{output}:2=a", f"{output}:999=a", ":", "a:b=c", f"{output}:-1="])]]
    )
    status, _ = fuzzer.command("fill", file, "--output", output, *options, statuses=(0, 1, 2))
    if status == 0 and not out.exists():
        raise Lost(f"status 0 and no table: {output!r}, {options}")
    return 0.05


def apply_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A saved program on a table, one of them damaged."""
    program, text = rng.choice(saved_programs())
    if rng.random() < 0.5:
        damaged = (
            mutate.mutated_json(program, rng) if rng.random() < 0.7 else mutate.mutated_bytes(program.encode(), rng)
        )
        table, whole = text.encode(), False
    else:
        damaged, table, whole = program, _damaged(text, rng), True
    out = Path(fuzzer.folder / "applied.csv")
    out.unlink(missing_ok=True)
    files = fuzzer.file("p.json", damaged), fuzzer.file("t.csv", table)
    options = rng.choice([[], ["--overwrite"], ["--encoding", "cp1252"], ["--delimiter", ";"]])
    status, _ = fuzzer.command("apply", *files, "--write", str(out), *options, statuses=(0, 1, 2))
    if status == 0 and not out.exists():
        raise Lost(f"status 0 and no table: damaged {'table' if whole else 'program'}, {options}")
    return 0.0


def export_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A saved program, damaged or whole, as code."""
    program, _ = rng.choice(saved_programs())
    if rng.random() < 0.7:
        row = json.loads(program)
        for column in row["inputs"]:
            column["name"] = rng.choice([column["name"], *(n for n in mutate.NASTY if isinstance(n, str))])
        program = json.dumps(row)
    form = rng.choice(FORMS)
    changed: str | bytes = program if rng.random() < 0.4 else mutate.mutated_json(program, rng)
    status, out = fuzzer.command("export", fuzzer.file("p.json", changed), "--to", form, statuses=(0, 2))
    if status == 0 and form in ("python", "pandas", "polars"):
        ast.parse(out)
    if status == 0 and form == "json":
        json.loads(out)
    if status == 0 and not out.strip():
        raise Lost(f"status 0 and nothing printed: {form}")
    return 0.0


def saved_case(fuzzer: Fuzzer, rng: random.Random) -> float:
    """A damaged saved program; where it loads, it runs on any row."""
    program, _ = rng.choice(saved_programs())
    changed: str | bytes = (
        mutate.mutated_json(program, rng) if rng.random() < 0.7 else mutate.mutated_bytes(program.encode(), rng)
    )
    try:
        load_program(Path(fuzzer.file("p.json", changed)))
    except NeurosynthError as error:
        if not str(error) or len(str(error).split("\n")[0]) > 2000:
            raise Lost(f"no message of one line: {str(error)[:200]!r}") from None
    return 0.0
