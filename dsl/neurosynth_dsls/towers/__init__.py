"""The language ``towers``: plans for a hand that drops blocks, and the towers they build."""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.towers import steps
from neurosynth_dsls.towers.goal import outline, stands, stands_kernel

__all__ = ["towers"]

towers = Language(
    "towers",
    doc="Blocks of 3 by 1 and 1 by 3 that a moving hand drops: loops, embedding, the towers they build.",
    requests=("tower",),
)
towers.include(steps.part)

for _value in range(1, 10):
    towers.constant(_value, "int")

towers.keeps("plan", stands, output="tower", outline=outline, kernel=stands_kernel, ending="done")
towers.points("int", range(1, 10), always=[1, 2], varying=True)
# the counts of loops; one repetition would be no loop, and one that ignores its index is ``repeat``
