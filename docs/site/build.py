"""What ``mkdocs build`` does besides: generated pages, pages that stand elsewhere in the project, and links to them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from reference import LINK, ROOT, pages

ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
    "dsl/README.md": "language-in-one-file.md",
    "dsl/neurosynth_dsls/guides/README.md": "shipped-guides.md",
    "benchmarks/RESULTS.md": "results.md",
    "benchmarks/LOG.md": "results-log.md",
    "benchmarks/ablation.md": "ablation.md",
    "benchmarks/history/version-0.1.md": "results-0.1.md",
    "benchmarks/history/columns-0.2.md": "results-columns.md",
    "benchmarks/history/version-0.2.md": "results-0.2.md",
}
"""Pages of the project that stand outside of ``docs/``, and their names in the site."""


def _link(target: str, place: Path) -> str | None:
    """A link from a page at ``place`` (within the project) as it is in the site; None for a file that the site does not have."""
    path, _, anchor = target.partition("#")
    if not path:
        return target
    found = (ROOT / place.parent / path).resolve()
    if not found.is_relative_to(ROOT):
        return None
    inside = str(found.relative_to(ROOT))
    site = ELSEWHERE.get(inside)
    if site is None:
        if inside.startswith("docs/") and found.exists():
            site = inside.removeprefix("docs/")
        elif inside.startswith("benchmarks/") and found.suffix == ".svg" and found.exists():
            site = found.name
        else:
            return None
    here = Path(ELSEWHERE.get(str(place), str(place).removeprefix("docs/"))).parent
    up = "../" * len(here.parts)
    return f"{up}{site}" + (f"#{anchor}" if anchor else "")


def linked(text: str, place: Path) -> str:
    """A page with its links as they are in the site; a link to a file that is not part of it becomes its name."""

    def one(match: re.Match[str]) -> str:
        target = _link(match[2], place)
        return f"[{match[1]}]({target})" if target is not None else match[1]

    return re.sub(r"\[([^\]]*)\]\((?!https?:|#|mailto:)([^)\s]+)\)", one, text)


def on_config(config: Any) -> Any:
    """The pages of languages in the navigation, which are as many as are shipped."""
    names = [name for name in pages() if name.startswith("reference/languages/")]
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for section in config["nav"]:
        for entry in section.get("Contributing", ()):
            if isinstance(entry, dict) and "Decisions" in entry:
                entry["Decisions"] = [f"decisions/{path.name}" for path in decisions]
        for entry in section.get("Reference", ()):
            if "Languages" in entry:
                entry["Languages"] = [{Path(name).stem: name} for name in names]
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages, and those that stand elsewhere."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    for source, name in ELSEWHERE.items():
        if (ROOT / source).exists():
            text = (ROOT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, name, content=linked(text, Path(source))))
    for picture in sorted((ROOT / "benchmarks").glob("*.svg")):
        files.append(File.generated(config, picture.name, abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links of pages under ``docs/`` to what stands elsewhere."""
    if page.file.generated_by or page.file.abs_src_path is None:
        return markdown
    return linked(markdown, Path("docs") / page.file.src_uri)


__all__ = ["ELSEWHERE", "LINK", "linked", "on_config", "on_files", "on_page_markdown"]
