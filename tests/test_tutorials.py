"""The tutorials that make a package: their files, commands and Python, followed step by step in a folder of their own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
SHORTER = {"5000": "60", "1000": "2", "60": "12", "20000": "500"}
"""Numbers of tasks, steps and candidates that a test need not wait for."""


def _installed(folder: Path, toml: str) -> None:
    """What ``pip install -e .`` leaves: the metadata with the entry points, beside the modules."""
    project = tomllib.loads(toml)["project"]
    info = folder / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = (f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in names.items()) for group, names in groups)
    (info / "entry_points.txt").write_text("\n".join(lines))


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr or done.stdout}"
    return done.stdout


def follow(page: Path, folder: Path) -> str:
    """Do what a page says, in its order; what its commands printed."""
    text = page.read_text(encoding="utf-8")
    printed, program = "", ""
    task = re.search(r"`(\w+\.json)`", text)
    assert task is not None
    for kind, block in re.findall(r"^```(python|toml|json|sh)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if kind == "python" and (name := re.match(r"# (\w+\.py)\n", block)):
            (folder / name[1]).write_text(block, encoding="utf-8")
        elif kind == "python":
            program += block  # later blocks use the names of earlier ones
            printed += _run(folder, "-c", program)
        elif kind == "toml":
            (folder / "pyproject.toml").write_text(block, encoding="utf-8")
            _installed(folder, block)
        elif kind == "json":
            (folder / task[1]).write_text(block, encoding="utf-8")
        else:
            for line in block.splitlines():
                first, *arguments = shlex.split(line)
                if first == "neurosynth":
                    printed += _run(folder, "-m", "neurosynth", *(SHORTER.get(a, a) for a in arguments))
                else:
                    assert line == "pip install -e ."
    return printed


@pytest.mark.slow
def test_a_language_of_ones_own_is_sampled_learned_and_measured(tmp_path: Path) -> None:
    for module in ("torch", "matplotlib", "jinja2"):
        pytest.importorskip(module, reason="an extra that the page names is not installed")
    printed = follow(DOCS / "own-language.md", tmp_path)
    assert "(shift (negative (first x0)) x0)" in printed
    assert "running_total" in printed
    assert (tmp_path / "report" / "index.html").exists()


@pytest.mark.slow
def test_a_search_and_a_guide_of_ones_own_are_used_by_name(tmp_path: Path) -> None:
    printed = follow(DOCS / "own-search.md", tmp_path)
    assert re.search(r"^all-inputs\b.*clever", printed, re.MULTILINE)
    assert re.search(r"^random-programs\b.*clever", printed, re.MULTILINE)
    assert re.search(r"^ *few-constants\b.*clever", printed, re.MULTILINE)
    assert "(sum x0)" in printed
