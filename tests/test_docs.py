"""The documentation is whole: nothing without a word of help, no broken link, plain sentences, spelled right."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import statistics
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.frames.saved import load_program
from neurosynth.tasks.json_io import FIELDS, task_from_json, task_to_json

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "dsl").rglob("*.md"),
        *(ROOT / "benchmarks").rglob("*.md"),
    ]
)


def _site(name: str) -> ModuleType:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed") if name == "build" else None
    sys.path.insert(0, str(ROOT / "docs" / "site"))
    try:
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        assert Path(found.origin).parent == ROOT / "docs" / "site"
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


reference = _site("reference")


@pytest.mark.parametrize(("name", "command"), list(reference.commands()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_command_argument_and_option_has_help(name: str, command: Any) -> None:
    assert command.help, name
    for parameter in command.params:
        assert reference.help_of(parameter), f"neurosynth {name}: {parameter.opts}"


@pytest.mark.parametrize("language", reference.shipped_languages(), ids=lambda v: v.name)
def test_every_primitive_has_help_and_nearly_every_one_an_example(language: ns.Language) -> None:
    primitives = list(language.primitives.values())
    assert [p.name for p in primitives if not p.doc.strip()] == []
    plain = [p for p in primitives if "->" not in "".join(map(str, p.parameters))]
    shown = [p for p in plain if reference.example_of(p)]
    assert len(shown) >= len(plain) / 2


def test_examples_of_primitives_are_what_they_give() -> None:
    language = ns.load_language("lists")
    assert reference.example_of(language["take"]) == "(take 2 [3 1 2]) → [3, 1]"
    assert reference.example_of(language["map"]) == ""


def test_every_public_name_is_in_the_reference() -> None:
    assert sorted(name for names in reference.GROUPS.values() for name in names) == sorted(ns.__all__)


def test_every_setting_has_a_meaning() -> None:
    """A string below the field says it, as in the rest of the house."""
    for name in reference.SETTINGS:
        module, _, cls = name.rpartition(".")
        tree = ast.parse(Path(importlib.import_module(module).__file__ or "").read_text(encoding="utf-8"))
        (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls]
        for at, node in enumerate(body):
            if not isinstance(node, ast.AnnAssign) or "init=False" in ast.unparse(node):
                continue
            following = body[at + 1] if at + 1 < len(body) else None
            said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            assert said, f"{name}.{ast.unparse(node.target)} has no meaning"


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [p.name for p in (ROOT / "docs").glob("*.md") if p.name not in navigation] == []


def test_every_plugin_hook_is_documented() -> None:
    groups = {g for g in entry_points().groups if g.startswith("neurosynth.")}
    assert groups == set(reference.HOOKS)
    plugins = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert [g for g in sorted(groups) if g not in plugins] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_hold(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for match in reference.LINK.finditer(text):
        path, _, anchor = match[1].partition("#")
        if path.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {match[1]}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name}: {match[1]}; there are {sorted(anchors(target))}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in heads}


def sentences(text: str) -> list[str]:
    """The sentences of a page's paragraphs: no code, tables or headings."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(("#", "|", "!", "<", "- ", ":"))]
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines))
    found = [s for p in paragraphs for s in re.split(r"(?<=[.!?])\s+(?=[A-Z`(])", " ".join(p.split()))]
    return [s for s in found if len(s.split()) > 2]


@pytest.mark.parametrize(
    "page",
    [p for p in PAGES if p.parent.name == "docs" or p.name in ("README.md", "CONTRIBUTING.md")],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_sentences_are_short(page: Path) -> None:
    lengths = [len(s.split()) for s in sentences(page.read_text(encoding="utf-8"))]
    if lengths:
        assert statistics.median(lengths) <= 20, f"median {statistics.median(lengths)} words"


PRIVATE = {
    r"\bnobody's time\b": "not charged to any strategy",
    r"\bis doubted\b|\bare doubted\b": "is ranked lower, is suspect",
    r"\bby luck\b|\bby chance alone\b": "by coincidence",
    r"\bmade anew\b|\bbegun anew\b|\bfitted anew\b|\btyped anew\b": "made again",
    r"\bnothing goes by\b": "unknown name",
    r"\bis no [a-z]+ of\b": "is not a … of",
    r"\bwhat it is worth\b": "its value",
    r"\bgoes on with the same\b": "continues",
    r"\bof one's own\b": "your own",
    r"\bthe least and the most\b": "the minimum and the maximum",
    r"\bhave their turn\b|\bhas its turn\b": "runs",
    r"\bmeans of the portfolio\b|\bother means\b": "strategies of the portfolio",
    r"\bsaid apart\b|\btold apart\b": "listed separately, distinguished",
    r"\bsettles? most\b": "resolves most doubt",
    r"\ba line a \w+\b|\bone a line\b|\ba row a \w+\b": "one per line",
    r"\bstands? for itself\b": "is literal",
    r"\bgive back the table\b": "return the table",
    r"\bbarely anything\b": "little",
}
"""Private or translated phrases that once stood in the documentation, and what to write instead."""
WRITTEN = [
    p
    for p in PAGES
    if p.parent.name in ("docs", "dsl", "decisions") or p.name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_private_phrases(page: Path) -> None:
    text = " ".join(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL).split())
    found = [(m[0], better) for phrase, better in PRIVATE.items() for m in re.finditer(phrase, text)]
    assert not found, f"{page.name}: {found}"


def test_no_private_phrases_in_help() -> None:
    helps = [h for _, c in reference.commands() for h in (c.help, *map(reference.help_of, c.params)) if h]
    assert [(h, p) for h in helps for p in PRIVATE if re.search(p, " ".join(h.split()))] == []


def test_spelling() -> None:
    pytest.importorskip("codespell_lib", reason="codespell is not installed")
    names = [str(p.relative_to(ROOT)) for p in PAGES]
    found = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *names], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.stdout == ""


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def test_tasks_fit_their_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    rules = schema("task")
    assert sorted(rules["properties"]) == sorted(FIELDS)
    for path in sorted((ROOT / "examples").rglob("*.json*")):
        for line in (
            path.read_text(encoding="utf-8").splitlines()
            if path.suffix == ".jsonl"
            else [path.read_text(encoding="utf-8")]
        ):
            row = json.loads(line)
            if "examples" in row:
                jsonschema.validate(row, rules)
                jsonschema.validate(task_to_json(task_from_json(row)), rules)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "x", "examples": []}, rules)


def test_saved_programs_fit_their_schema(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    from neurosynth.cli import main

    table, saved = tmp_path / "t.csv", tmp_path / "p.json"
    table.write_text("name,initial\nAda,A\nBob,B\nCid,\n")
    with pytest.raises(SystemExit):
        main(["fill", str(table), "--output", "initial", "--write", str(tmp_path / "out.csv"), "--save", str(saved)])
    jsonschema.validate(json.loads(saved.read_text()), schema("program"))
    assert str(load_program(saved).program)


def test_rows_fit_their_schema() -> None:
    import gzip

    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    from dataclasses import fields

    from neurosynth.bench.rows import Row

    rules = schema("row")
    assert {f.name for f in fields(Row)} - {"extra"} <= set(rules["properties"])
    with gzip.open(ROOT / "benchmarks" / "rows" / "suites.jsonl.gz", "rt", encoding="utf-8") as file:
        for _, line in zip(range(50), file, strict=False):
            jsonschema.validate(json.loads(line), rules)


@pytest.mark.slow
def test_the_site_builds(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "site" / "reference" / "languages" / "columns.html").exists()
