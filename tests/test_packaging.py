"""The wheel: the two packages, what they need at run time, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINTER = Path(sys.executable).with_name("lint-imports")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files of a freshly built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("neurosynth_pbe-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_just_the_two_packages(names: list[str]) -> None:
    roots = {name.split("/")[0] for name in names}
    (info,) = (root for root in roots if root.endswith(".dist-info"))
    assert roots == {"neurosynth", "neurosynth_dsls", info}
    assert {f"{info}/entry_points.txt", f"{info}/licenses/LICENSE"} <= set(names)


def test_every_source_file_is_in_the_wheel(names: list[str]) -> None:
    for top, package in (("neurosynth", "neurosynth"), ("dsl/neurosynth_dsls", "neurosynth_dsls")):
        files = [p for suffix in ("py", "lark", "html", "css", "js") for p in (ROOT / top).rglob(f"*.{suffix}")]
        expected = {f"{package}/{p.relative_to(ROOT / top).as_posix()}" for p in files}
        assert expected <= set(names)


def test_types_and_grammars_ship(names: list[str]) -> None:
    assert {"neurosynth/py.typed", "neurosynth_dsls/py.typed", "neurosynth/language/sexpr.lark"} <= set(names)


def test_nothing_else_ships(names: list[str]) -> None:
    odd = [n for n in names if re.search(r"__pycache__|tests?/|\.pyc$|\.nb[ic]$|\.jsonl?$", n)]
    ours = ("neurosynth_dsls/guides/", "neurosynth/ranking/confidence.json")
    assert [n for n in odd if not n.startswith(ours)] == []


def test_the_trained_guides_ship(names: list[str]) -> None:
    shipped = {p.name for p in (ROOT / "dsl/neurosynth_dsls/guides").iterdir() if p.suffix in (".json", ".safetensors")}
    assert shipped
    assert {f"neurosynth_dsls/guides/{name}" for name in shipped} <= set(names)


def test_constraints_pin_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(r for group in project["optional-dependencies"].values() for r in group)]
    pinned = {
        line.split("==")[0]
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    own = {project["name"]}  # one extra takes in the others
    assert {re.split(r"[<>=~!\[ ;]", r)[0] for r in asked} - own <= pinned


def test_core_imports_no_shipped_language() -> None:
    for file in (ROOT / "neurosynth").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) neurosynth_dsls", text, re.MULTILINE), file


@pytest.mark.skipif(not LINTER.exists(), reason="import-linter is not installed")
def test_arrows_point_down() -> None:
    done = subprocess.run([LINTER, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
