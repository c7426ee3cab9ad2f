"""The language ``turtle``: paths of a turtle that draws lines, and the pictures they give."""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.turtle import steps
from neurosynth_dsls.turtle.pictures import covers, covers_kernel, outline

__all__ = ["turtle"]

turtle = Language(
    "turtle",
    doc="Line drawings: forward, turns, loops, embedding, compared as pictures of 64 by 64.",
    requests=("picture",),
)
turtle.include(steps.part)

for _value in range(1, 10):
    turtle.constant(_value, "int")

turtle.keeps("path", covers, output="picture", outline=outline, kernel=covers_kernel, ending="done")
turtle.points("int", range(1, 10), always=[1, 2], varying=True)
# the counts of loops; one repetition would be no loop, and one that ignores its index is ``repeat``
