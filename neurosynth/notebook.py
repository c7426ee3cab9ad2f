"""Notebooks: results as HTML, and a bar while a search runs.

The HTML needs no script and no network, and follows the light or dark theme around it. The user's data is escaped.
"""

from __future__ import annotations

import importlib
import itertools
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

from neurosynth.search.base import Progress

__all__ = ["block", "code_tabs", "in_notebook", "notebook_bar", "table", "text"]

STYLE = """
.ns table{border-collapse:collapse;font:13px/1.4 system-ui,sans-serif}
.ns td,.ns th{padding:3px 10px;text-align:left;border-bottom:1px solid rgba(128,128,128,.3);white-space:pre}
.ns .in{background:rgba(60,160,90,.16)} .ns .doubt{background:rgba(230,160,20,.32)} .ns .bad{background:rgba(220,60,50,.24)}
.ns pre{background:rgba(128,128,128,.12);padding:8px;white-space:pre-wrap;overflow-wrap:anywhere;margin:.2em 0} .ns p{margin:.6em 0 .2em}
.ns details{display:inline-block;vertical-align:top;margin-right:1em} .ns details[open]{display:block}
.ns summary{cursor:pointer}
"""
_WAIT = 0.5
"""Seconds before a bar appears: quick searches need none."""
_groups = itertools.count()


def text(value: Any) -> str:
    """A value as HTML text; a missing one is empty."""
    return "" if value is None else escape(str(value))


def block(*parts: str) -> str:
    """Parts of HTML with their common style."""
    return f'<div class="ns"><style>{STYLE}</style>{"".join(parts)}</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already: ``<td>…</td>`` or plain escaped text."""
    titles = "".join(f"<th>{escape(h)}</th>" for h in head)
    body = "".join(f"<tr>{''.join(c if c.startswith('<t') else f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def code_tabs(codes: Mapping[str, str]) -> str:
    """Code in several forms, of which one is open at a time; all are closed at first."""
    group = f"ns{time.time_ns():x}{next(_groups)}"
    return "".join(
        f'<details name="{group}"><summary>{escape(name)}</summary><pre>{escape(code.rstrip())}</pre></details>'
        for name, code in codes.items()
    )


def in_notebook() -> bool:
    """Whether the code runs in the kernel of a notebook."""
    module = sys.modules.get("IPython")
    if module is None:
        return False
    shell = module.get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


@contextmanager
def notebook_bar(seconds: float, title: str = "") -> Iterator[Callable[[Progress], None] | None]:
    """A bar under the cell while a search runs, which disappears when it ends; None outside of notebooks.

    Args:
        seconds: the limit of the search, the right end of the bar.
        title: the goal of the search.
    """
    if not in_notebook():
        yield None
        return
    bar = _Bar(seconds, title)
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """One display that is updated."""

    def __init__(self, seconds: float, title: str) -> None:
        self.seconds = seconds
        self.title = title
        self.display: Any = None
        self.shown = 0.0

    def show(self, now: Progress) -> None:
        """Draw the bar, a few times a second."""
        if now.seconds < _WAIT or (self.display is not None and time.monotonic() - self.shown < 0.2):
            return
        ipython: Any = importlib.import_module("IPython.display")
        self.shown = time.monotonic()
        share = f"{now.best_share:.0%} of the examples right" if now.best_share else ""
        said = " · ".join(
            part
            for part in (self.title, now.phase, share, f"{now.programs_tried:,} programs", f"{now.seconds:.0f} s")
            if part
        )
        html = ipython.HTML(f'<progress max="{self.seconds:g}" value="{now.seconds:.2f}"></progress> {escape(said)}')
        if self.display is None:
            self.display = ipython.display(html, display_id=True)
        else:
            self.display.update(html)

    def close(self) -> None:
        """Remove the bar."""
        if self.display is not None:
            ipython: Any = importlib.import_module("IPython.display")
            self.display.update(ipython.HTML(""))
