"""Pictures of the documentation: towers, and a drawing of each family of the turtle's suite.

python benchmarks/draw_values.py --out docs
"""

from __future__ import annotations

import argparse
from pathlib import Path

from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import load
from neurosynth.tasks.task import Task, example
from neurosynth.training.drawings import draw_drawings, drawings_of

ARCH = "(stand (right 4 (stand (left 2 (lay done)))))"
ROW = "(repeat 4 (lay (right 6 done)) done)"
TOWERS = {
    "arch": ARCH,
    "row": "(repeat 4 (lay (right 7 done)) done)",
    "wall": f"(repeat 3 (embed {ROW} (right 3 (embed {ROW} (left 3 done)))) done)",
    "stairs": "(loop 4 (lambda (i) (repeat i (lay done) (right 6 done))) done)",
    "arches on each other": f"(repeat 3 (embed {ARCH} done) done)",
    "stairs of arches": f"(loop 4 (lambda (i) (repeat i (embed {ARCH} done) (right 6 done))) done)",
    "temple": "(repeat 5 (stand (right 6 done)) (left 6 (left 3 (embed (repeat 4 (lay (left 6 done)) done) (left 6 (lay done))))))",
    "fence": f"(repeat 3 (embed {ARCH} done) (right 8 (repeat 3 (embed {ARCH} done) done)))",
}
"""Plans of the page about towers."""


def towers() -> list[Task]:
    """A task for each of :data:`TOWERS`."""
    language = load_language("towers")
    build = language["build"]
    found = []
    for name, text in TOWERS.items():
        value = parse_program(f"(build {text})", language)()
        found.append(Task([example(output=tuple(tuple(block) for block in value))], name, type=build.result))
    return found


def drawings() -> list[Task]:
    """The first drawing of each family."""
    suite = load("suites", "turtle-drawings")()
    return list({str(t.extra["family"]): t for t in reversed(suite)}.values())[::-1]


def main() -> None:
    """Both pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs"))
    out = parser.parse_args().out
    print(draw_drawings(drawings_of(towers()), out / "towers.png", columns=4))
    print(draw_drawings(drawings_of(drawings()), out / "turtle.png", columns=7))


if __name__ == "__main__":
    main()
