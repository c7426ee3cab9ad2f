"""The README and the tutorial are true: their Python runs, and their commands print what they say."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from neurosynth.cli import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "plugins.md",
    ROOT / "docs" / "columns.md",
    ROOT / "docs" / "guides.md",
    ROOT / "docs" / "sampling.md",
    ROOT / "docs" / "training.md",
    ROOT / "docs" / "solving.md",
    ROOT / "docs" / "filling.md",
    ROOT / "docs" / "trust.md",
    ROOT / "docs" / "reports.md",
    ROOT / "docs" / "explain.md",
    ROOT / "docs" / "kernels.md",
    ROOT / "docs" / "library.md",
    ROOT / "docs" / "towers.md",
    ROOT / "docs" / "turtle.md",
    ROOT / "docs" / "lists-little.md",
    ROOT / "dsl" / "README.md",
]


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each ``$`` line of the console blocks, with the lines shown below it."""
    found = []
    for page in PAGES:
        for block in blocks(page, "console"):
            for part in block.split("$ ")[1:]:
                command, _, shown = part.partition("\n")
                found.append((command, shown))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_python_blocks_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A block that begins with a comment that names a file is that file, which later ones import."""
    monkeypatch.syspath_prepend(tmp_path)
    space: dict[str, object] = {}
    found = blocks(page, "python")
    assert found
    for i, block in enumerate(found):
        if name := re.match(r"# (\w+\.py)\n", block):
            (tmp_path / name[1]).write_text(block, encoding="utf-8")
        else:
            exec(compile(block, f"{page.name}, python block {i + 1}", "exec", dont_inherit=True), space)
    capsys.readouterr()


@pytest.mark.parametrize(("command", "shown"), commands(), ids=[c for c, _ in commands()])
def test_commands_work_and_print_what_is_shown(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")  # what commands write lands elsewhere
    program, *arguments = shlex.split(command)
    assert program == "neurosynth"
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    printed = capsys.readouterr()
    assert exit_.value.code == 0, printed.err
    assert printed.out.startswith(shown)


def test_the_tutorial_shows_the_code_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    page = ROOT / "docs" / "tutorial.md"
    (shown,) = blocks(page, "text")
    space: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec", dont_inherit=True), space)
    assert shown in capsys.readouterr().out


def test_json_blocks_are_tasks() -> None:
    from neurosynth.tasks.json_io import task_from_json

    for block in blocks(ROOT / "README.md", "json"):
        task_from_json(json.loads(block))


def test_the_two_set_up_commands_are_one_line_each() -> None:
    install, test = blocks(ROOT / "README.md", "sh")
    assert (install.count("\n"), test.count("\n")) == (1, 1)
    assert "neurosynth fill examples/" in install
    assert test.rstrip().endswith("-m pytest")


def test_no_machine_is_named() -> None:
    for page in PAGES:
        assert not re.search(r"/(work|tmp|home|root)/", page.read_text(encoding="utf-8"))
