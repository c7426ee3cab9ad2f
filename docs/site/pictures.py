"""Draw the pictures of the documentation: ``python docs/site/pictures.py [NAME …]``, one command for all of them.

They go to ``docs/pictures``.  ``fill``, ``search``, ``attention``, ``library`` and ``drawings`` come from the program itself; ``page`` is a
screenshot of the local page in headless Chromium; ``architecture`` is drawn from the boxes and arrows below.  Every picture has a
light background of its own, so that it reads the same on light and dark pages.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
INK, PALE, LINE, ACCENT = "#1c2b33", "#eef5f4", "#8fa5a8", "#00796b"
FILLED = ("surname", "day", "amount", "state")
"""The columns that the command of README.md fills; the picture above it shows the same command."""


def fill() -> None:
    """The report of ``neurosynth fill`` on examples/orders.csv, as a terminal shows it."""
    from rich.console import Console
    from rich.text import Text

    with tempfile.TemporaryDirectory() as folder:
        arguments = [
            "fill",
            "examples/orders.csv",
            "--output",
            *FILLED,
            "--write",
            f"{folder}/filled.csv",
            "--seconds",
            "60",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "neurosynth", *arguments],
            cwd=ROOT,
            env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout.replace(folder + "/", "")
    shown = (
        f"$ neurosynth fill examples/orders.csv --output {' '.join(FILLED)} --write filled.csv\n{printed.rstrip()}\n"
    )
    console = Console(record=True, width=100, file=io.StringIO())  # recorded, not printed
    console.print(Text.from_ansi(shown))
    svg = console.export_svg(title="neurosynth fill", unique_id="fill")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # no network: the system's own typeface
    for dark, bright in (
        ("#00823d", "#5cc98a"),
        ("#ff2627", "#ff8a80"),
    ):  # too dark to read on the ground of the picture
        svg = svg.replace(dark, bright)
    svg = svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")
    (PICTURES / "fill.svg").write_text(svg, encoding="utf-8")


def page() -> None:
    """The local page with one column filled in, in headless Chromium."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        table = Path(folder) / "orders.csv"
        lines = (ROOT / "examples" / "orders.csv").read_text(encoding="utf-8").splitlines()
        table.write_text("".join(",".join(line.split(",")[:4]) + "\n" for line in lines), encoding="utf-8")
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        served = subprocess.Popen(
            [sys.executable, "-m", "neurosynth", "ui", str(table), "--port", str(port), "--no-browser"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                view = chromium.new_page(viewport={"width": 1100, "height": 760}, color_scheme="light")
                view.goto(f"http://127.0.0.1:{port}")
                view.wait_for_selector(".ag-cell", timeout=60_000)
                view.get_by_label("Name of a new column").fill("surname")
                view.get_by_role("button", name="Add column").click()
                view.wait_for_selector('.ag-header-cell-text:text-is("surname")')
                for row, text in enumerate(("Lovelace", "Turing", "Hopper")):
                    view.locator(f'.ag-row[row-id="{row}"] [col-id="c4"]').dblclick()
                    view.keyboard.type(text)
                    view.keyboard.press("Enter")
                view.wait_for_function(
                    "document.querySelector(`.ag-row[row-id='7'] [col-id='c4']`)?.innerText === 'Lamarr'",
                    timeout=120_000,
                )
                view.wait_for_timeout(6_000)  # the question and the code come after the cells
                view.screenshot(path=str(PICTURES / "page.png"), full_page=True)
                chromium.close()
        finally:
            served.terminate()
            served.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the page did not start within a minute")


def search() -> None:
    """Bottom-up enumeration of one task: candidates and distinct values of each level, and the best program so far."""
    import matplotlib.pyplot as plt

    import neurosynth as ns

    task = ns.load_task(ROOT / "examples" / "lists.jsonl", task="second-largest")
    best: list[tuple[int, float, str]] = []
    trace, tried = [], 0
    for limit in (*range(1, 60), *(round(1.12**n) for n in range(37, 90))):
        result = ns.synthesize(
            task, guide="uniform", search=ns.BottomUp(compiled=False), limits=ns.Limits(seconds=60, max_programs=limit)
        )
        found = result.best if result.solved else result.closest
        share = 1.0 if result.solved else result.closest.share if result.closest is not None else 0.0
        if share > (best[-1][1] if best else 0.0):
            best.append((result.stats.programs_tried, share, str(found)))
        if result.solved:
            trace, tried = result.trace, result.stats.programs_tried
            break
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=(2, 3), layout="constrained")
    levels = [row["cost"] for row in trace]
    left.bar([c - 0.2 for c in levels], [r["programs_tried"] for r in trace], 0.4, label="candidates", color=LINE)
    left.bar(
        [c + 0.2 for c in levels], [r["values_kept"] for r in trace], 0.4, label="distinct values kept", color=ACCENT
    )
    left.set(yscale="log", xticks=levels, xlabel="up to cost", title="Enumeration, level by level")
    left.legend(frameon=False)
    counts = [b[0] for b in best]
    right.step([*counts, tried * 3], [*(b[1] for b in best), best[-1][1]], where="post", color=ACCENT)
    for count, share, text in best:
        right.plot(count, share, "o", color=ACCENT)
        far = count > tried / 30
        right.annotate(
            text, (count, share), xytext=(-8 if far else 6, 4 if far else -13), textcoords="offset points", fontsize=9,
            horizontalalignment="right" if far else "left",
        )  # fmt: skip
    right.set(
        xscale="log",
        ylim=(0, 1.1),
        xlabel="candidates tried",
        ylabel="share of examples right",
        title="Best program so far",
    )
    figure.suptitle(f"Task {task.name}: {task.examples[0]}", fontsize=10)
    figure.savefig(PICTURES / "search.svg", metadata={"Date": None})


def attention() -> None:
    """What the shipped transformer looks at, by ``neurosynth show``."""
    task = '{"name": "double and sort", "language": "lists", "examples": ['
    task += '{"inputs": [[3, 1, 2]], "output": [2, 4, 6]}, {"inputs": [[5, 4]], "output": [8, 10]}]}'
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "task.json").write_text(task, encoding="utf-8")
        guide = ROOT / "dsl" / "neurosynth_dsls" / "guides" / "lists-transformer.safetensors"
        program = "(map (lambda (a) (* a 2)) (sort x0))"
        arguments = ["show", str(guide), "--task", "task.json", "--program", program, "--out", "out", "--format", "svg"]
        subprocess.run(
            [sys.executable, "-m", "neurosynth", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (drawn,) = (Path(folder) / "out").glob("attention-*.svg")
        shutil.copyfile(drawn, PICTURES / "attention.svg")


BOXES = {  # name: (column, row, title, the lines below it)
    "task": (0, 0, "Task", ("examples, rows to fill,", "constants")),
    "grammar": (1, 0, "Grammar", ("typed productions of the", "language and the task")),
    "runner": (2, 0, "Runner", ("limits, verification,", "stop reason, trace")),
    "ranker": (3, 0, "Ranking", ("confidence, doubtful rows,", "the question to ask")),
    "data": (0, 1, "Training data", ("sampled tasks, corpora,", "solved rows")),
    "guide": (1, 1, "Guide", ("costs of productions,", "probabilities of tokens")),
    "strategies": (2, 1, "Strategies", ("cover, enumeration,", "deduction, trees, decoding")),
    "result": (3, 1, "Result", ("programs, explanation,", "code to export")),
    "library": (1, 2, "Language", ("primitives and constants;", "learned primitives")),
    "engine": (2, 2, "Engine", ("store of values,", "compiled kernels")),
}
ARROWS = (
    ("task", "grammar"), ("grammar", "runner"), ("runner", "ranker"), ("ranker", "result"), ("data", "guide"), ("guide", "strategies"),
    ("strategies", "runner"), ("engine", "strategies"), ("library", "engine"), ("guide", "grammar"), ("library", "guide"),
)  # fmt: skip
WIDTH, HEIGHT, GAP_X, GAP_Y = 210, 84, 46, 44


def library() -> None:
    """The libraries in examples/: which primitive applies which, what they draw or build, and how the one of drawings grew."""
    from neurosynth.language.learned import library_language, read_library
    from neurosynth.language.load import load_language
    from neurosynth.library.built import built
    from neurosynth.library.pictures import draw_growth, draw_library
    from neurosynth.training.drawings import draw_drawings

    for folder, name in (("turtle", "library"), ("towers", "towers")):
        learned = read_library(ROOT / "examples" / folder / "learned.json")
        language = library_language(learned, load_language(learned.base))
        draw_library(learned, language, PICTURES / f"{name}-uses.svg")
        draw_drawings(built(learned, language), PICTURES / f"{name}-built.svg")
        if learned.compression:
            draw_growth(learned, PICTURES / f"{name}-growth.svg")


def drawings() -> None:
    """The first drawing of each family in examples/turtle."""
    from neurosynth import load_tasks
    from neurosynth.training.drawings import draw_drawings, drawings_of

    first = {str(t.extra["family"]): t for t in reversed(load_tasks(ROOT / "examples" / "turtle" / "drawings.jsonl"))}
    draw_drawings(drawings_of(list(reversed(first.values()))), PICTURES / "drawings.svg")


def architecture() -> None:
    """Boxes and arrows, written as SVG."""
    place = {n: (24 + c * (WIDTH + GAP_X), 24 + r * (HEIGHT + GAP_Y)) for n, (c, r, _, _) in BOXES.items()}
    wide, high = 48 + 4 * WIDTH + 3 * GAP_X, 48 + 3 * HEIGHT + 2 * GAP_Y
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="system-ui, sans-serif" role="img">',
        "<title>From a task to a result</title>",
        f'<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{wide}" height="{high}" rx="12" fill="#ffffff"/>',
    ]
    for a, b in ARROWS:
        (x1, y1), (x2, y2) = place[a], place[b]
        if y1 == y2:
            ends = (x1 + WIDTH, y1 + HEIGHT / 2, x2, y2 + HEIGHT / 2)
        elif x1 == x2:
            ends = (x1 + WIDTH / 2, y1 + (HEIGHT if y2 > y1 else 0), x2 + WIDTH / 2, y2 + (0 if y2 > y1 else HEIGHT))
        else:
            raise ValueError(f"{a} and {b} are neither in one row nor in one column")
        x1, y1, x2, y2 = ends
        parts.append(
            f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{LINE}" stroke-width="2" fill="none" marker-end="url(#head)"/>'
        )
    for name, (_, _, title, lines) in BOXES.items():
        x, y = place[name]
        parts.append(
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{PALE}" stroke="{ACCENT}"/>'
        )
        parts.append(
            f'<text x="{x + 14}" y="{y + 27}" font-size="17" font-weight="600" fill="{INK}">{escape(title)}</text>'
        )
        for i, line in enumerate(lines):
            parts.append(f'<text x="{x + 14}" y="{y + 50 + 19 * i}" font-size="14" fill="{INK}">{escape(line)}</text>')
    (PICTURES / "architecture.svg").write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


DRAWN: dict[str, Callable[[], None]] = {
    "fill": fill,
    "page": page,
    "search": search,
    "attention": attention,
    "library": library,
    "drawings": drawings,
    "architecture": architecture,
}

if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for wanted in sys.argv[1:] or DRAWN:
        DRAWN[wanted]()
        print(PICTURES / wanted)
