"""The type ``tower``: lists of ints in another guise, the heights of its bricks from the ground up."""

from typing import Annotated

Tower = Annotated[list[int], "tower"]
"""The annotation of a primitive's tower."""

MEANING = "list int"
"""The type whose literals, samples and machine representation towers have."""
