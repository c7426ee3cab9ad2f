"""The documentation is whole: nothing without a word of help, no broken link, plain sentences, spelled right."""

from __future__ import annotations

import ast
import importlib.util
import itertools
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
from tests.browser import CHROMIUM

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "dsl").rglob("*.md"),
        *(ROOT / "benchmarks").rglob("*.md"),
    ]
)

SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "neurosynth").rglob("*.py"))}
"""The source files of the package."""


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
    for name in ("neurosynth.search.base.Limits", *itertools.chain(*reference.SETTINGS.values())):
        module, _, cls = name.rpartition(".")
        tree = ast.parse(Path(importlib.import_module(module).__file__ or "").read_text(encoding="utf-8"))
        (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls]
        for at, node in enumerate(body):
            if not isinstance(node, ast.AnnAssign) or "init=False" in ast.unparse(node):
                continue
            following = body[at + 1] if at + 1 < len(body) else None
            said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            assert said, f"{name}.{ast.unparse(node.target)} has no meaning"


def test_every_class_of_settings_is_documented() -> None:
    """Every configuration, the settings of every search that has a name, and those of every kind of guide."""
    documented = {name.rpartition(".")[2] for name in itertools.chain(*reference.SETTINGS.values())} | set(ns.__all__)
    configurations = {
        name for text in SOURCES.values() for name in re.findall(r"^class (\w+Config)\b", text, re.MULTILINE)
    }
    searches = {
        e.load().__name__ for e in entry_points(group="neurosynth.searches") if e.value.startswith("neurosynth.")
    }
    guides = [e.load() for e in entry_points(group="neurosynth.guides") if e.value.startswith("neurosynth.guides.")]
    kinds = {g.settings.__name__ for g in guides if hasattr(g, "settings")}
    assert len(configurations) > 10
    assert len(kinds) >= 5
    assert sorted((configurations | searches | kinds) - documented) == []


def test_every_environment_variable_is_documented() -> None:
    used = {name for text in SOURCES.values() for name in re.findall(r"\"(NEUROSYNTH_[A-Z_]+)\"", text)}
    internal = {"NEUROSYNTH_BENCH_RUN"}  # marks the processes of a benchmark
    assert used - internal == set(reference.VARIABLES)


def test_every_exit_status_is_documented() -> None:
    from neurosynth.cli import app, interrupt

    named = {value for name, value in vars(app).items() if name.startswith("EXIT_")} | set(interrupt.EXIT.values())
    commands = [text for path, text in SOURCES.items() if path.parent.name == "cli"]
    written = {int(n) for text in commands for n in re.findall(r"typer\.Exit\((\d+)", text)}
    written |= {int(n) for text in commands for n in re.findall(r"typer\.Exit\(\d+ if .* else (\d+)\)", text)}
    assert {0, 1, 2} | named | written == set(reference.STATUSES)


def test_every_schema_is_documented_field_by_field() -> None:
    names = {path.name.partition(".")[0] for path in (ROOT / "docs" / "schemas").glob("*.json")}
    assert names == {name for name, _, _ in reference.FILES}
    for name in names:
        assert [f for f, rule in schema(name)["properties"].items() if not rule.get("description")] == [], name


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
    kind = jsonschema.validators.validator_for(rules)
    kind.check_schema(rules)
    validator = kind(rules)
    for path in sorted((ROOT / "examples").rglob("*.json*")):
        for line in (
            path.read_text(encoding="utf-8").splitlines()
            if path.suffix == ".jsonl"
            else [path.read_text(encoding="utf-8")]
        ):
            row = json.loads(line)
            if "examples" in row:
                validator.validate(row)
                validator.validate(task_to_json(task_from_json(row)))
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


def test_learned_languages_fit_their_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    for path in (ROOT / "examples").glob("*/learned.json"):
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema("library"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", "examples/sum.json"),
        ("solve", "{hard}", "--seconds", "0.5"),
        ("solve", "{rows}", "--seconds", "20", "--top", "2"),
        ("solve", "{wrong}", "--seconds", "3", "--noise", "1"),
        ("fill", "{table}", "--seconds", "2", "--output", "initial", "code"),
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_printed_json_fits_its_schema(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No field is printed that the schema does not name."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    from tests.commands import status_of

    texts: dict[str, dict[str, Any]] = {
        "rows.json": {"examples": [{"inputs": ["ab"], "output": "a"}], "unlabelled": [["xyz"], ["7"]]},
        "wrong.json": {"examples": [{"inputs": [n], "output": n + 1 + (n == 4)} for n in range(1, 6)], "noise": 1},
    }
    texts["hard.json"] = {
        "language": "lists",
        "examples": [{"inputs": [n], "output": n**7 % 9973} for n in range(2, 9)],
    }
    for name, row in texts.items():
        (tmp_path / name).write_text(json.dumps({"name": "t", **row}), encoding="utf-8")
    (tmp_path / "table.csv").write_text("name,initial,code\nAda,A,q7\nBob,B,zz\nCid,,\n", encoding="utf-8")
    paths = {path.stem: str(path) for path in tmp_path.iterdir()}
    monkeypatch.chdir(ROOT)
    status_of(*[a.format(**paths) for a in arguments], "--json")
    printed = json.loads(capsys.readouterr().out)
    jsonschema.validate(printed, schema(arguments[0]))


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
    for page in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|link|img)[^>]* (?:src|href)="(https?://[^"]*)"', page.read_text(encoding="utf-8")
        )
        assert not loaded, f"{page.name} loads {loaded} from another host"
    if CHROMIUM is not None:
        address = f"file://{tmp_path}/site/index.html?q=fingerprint"
        found = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--virtual-time-budget=20000", "--dump-dom", address],
            capture_output=True,
            text=True,
            check=False,
        )
        assert re.search(r"\d+ matching documents", found.stdout), "the search finds nothing in pages without a server"
