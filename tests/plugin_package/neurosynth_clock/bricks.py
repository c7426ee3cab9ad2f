"""The language ``bricks``: coloured piles of bricks, with two types of its own."""

from neurosynth import Language
from neurosynth.engine.kernels import Data

from .colour import RGB, Colour
from .pile import MEANING, Pile

bricks = Language("bricks", doc="Coloured piles of bricks.")
bricks.type("colour", Colour())
bricks.type("pile", MEANING, annotation=Pile)


@bricks.primitive
def invert(colour: RGB) -> RGB:
    """The colour of the negative."""
    return RGB(255 - colour.red, 255 - colour.green, 255 - colour.blue)


@invert.kernel
def invert_kernel(colour: int) -> int:
    """On machine words the same."""
    return 0xFFFFFF - colour


@bricks.primitive
def brightness(colour: RGB) -> int:
    """The sum of its three bytes."""
    return colour.red + colour.green + colour.blue


@brightness.kernel
def brightness_kernel(colour: int) -> int:
    """On machine words the same."""
    return (colour >> 16) + (colour >> 8 & 255) + (colour & 255)


@bricks.primitive
def brighter(one: RGB, other: RGB) -> bool:
    """Whether the first colour is brighter than the second."""
    return sum(one) > sum(other)


@bricks.primitive
def capped(pile: Pile) -> Pile:
    """Without its highest brick."""
    return pile[:-1]


@capped.kernel(slices=True)
def capped_kernel(data: Data, start: int, length: int) -> tuple[int, int]:
    """On machine words the same."""
    return start, max(length - 1, 0)


@bricks.primitive
def on_top(pile: Pile, brick: int) -> Pile:
    """With one more brick."""
    return [*pile, brick]


@bricks.primitive
def height(pile: Pile) -> int:
    """The height of all bricks."""
    return sum(pile)


@height.kernel
def height_kernel(data: Data, start: int, length: int) -> int:
    """On machine words the same."""
    total = 0
    for i in range(start, start + length):
        total += data[i]
    return total


bricks.constant("#ff8800", "colour")
bricks.constant([], "pile")
bricks.constant(1, "int")
