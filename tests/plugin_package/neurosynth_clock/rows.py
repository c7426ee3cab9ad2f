"""A row a primitive: what it gives for some arguments."""

from neurosynth.language.primitive import UNDEFINED

from .colour import RGB

ROWS = [
    ("at", (25, 5), 65),
    ("later", (1430, 20), 10),
    ("read", ("9:05",), 545),
    ("read", ("noon",), UNDEFINED),
    ("show", (545,), "9:05"),
]

BRICK_ROWS = [
    ("invert", (RGB(255, 0, 1),), RGB(0, 255, 254)),
    ("brightness", (RGB(1, 2, 3),), 6),
    ("brighter", (RGB(1, 2, 3), RGB(0, 0, 7)), False),
    ("capped", ([3, 1],), (3,)),
    ("capped", ([],), ()),
    ("on_top", ([3], 1), (3, 1)),
    ("height", ([3, 1],), 4),
]
