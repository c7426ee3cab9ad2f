"""Tables in Markdown."""

from __future__ import annotations

import re

from neurosynth.bench.cells import Table

__all__ = ["cell", "table"]


def table(content: Table) -> str:
    """A table as GitHub's Markdown has it, ending in a line break; numbers to the right."""
    lines = [
        [cell(column.title) for column in content.columns],
        ["---:" if column.number else "---" for column in content.columns],
        *([cell(text) for text in row] for row in content.rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Text that shows as itself inside a table: one line, no markup, no HTML."""
    flat = " ".join(text.split())
    escaped = re.sub(r"([\\`*\[\]|~$]|(?<!\w)_|_(?!\w))", r"\\\1", flat)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
