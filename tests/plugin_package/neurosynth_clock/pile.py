"""The type ``pile``: lists of ints in another guise, the heights of its bricks from the ground up."""

from typing import Annotated

Pile = Annotated[list[int], "pile"]
"""The annotation of a primitive's pile."""

MEANING = "list int"
"""The type whose literals, samples and machine representation piles have."""
