"""A row a primitive: what it gives for some arguments."""

from neurosynth.language.primitive import UNDEFINED

ROWS = [
    ("at", (25, 5), 65),
    ("later", (1430, 20), 10),
    ("read", ("9:05",), 545),
    ("read", ("noon",), UNDEFINED),
    ("show", (545,), "9:05"),
]
