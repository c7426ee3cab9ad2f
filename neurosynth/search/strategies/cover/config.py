"""The settings of the search by cover, in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CoverConfig"]


@dataclass(frozen=True, kw_only=True)
class CoverConfig:
    """Settings of the search by cover. Costs are in bits."""

    covers: int = 24
    """Maximum number of covers of one set of rows that are judged on the whole column."""
    leaf_covers: int = 8
    """The same for the rows of a branch."""
    margin: int = 30
    """Covers that cost this much more than the cheapest are ignored."""
    expansions: int = 20_000
    """Maximum number of states taken from the queue for one set of rows."""
    switch: int = 10
    """Starting to write another typed value."""
    switch_derived: int = 4
    """The same if the value is derived from its reading (rounded, shifted), because derivations have their own charge."""
    sibling: int = 11
    """Another value of the family just written: the other end of a range."""
    sibling_spread: int = 5
    """Maximum extra cost of the more expensive one of several such values."""
    style: int = 4
    """Such a value in another format: the other end with other decimals."""
    clash: int = 20
    """Another derivation of the reading just written."""
    stale: int = 15
    """Unchanged digits beside a changed value, such as the month of a date whose day was moved; or constant digits beside fields:
    ``%H:30``."""
    mixed: int = 60
    """A date made of a value and of something else from the same input: the day moved by hours, the month a constant."""
    out_of_place: int = 25
    """A field that only makes sense after another one and does not follow it: computed seconds without minutes before them."""
    torn: int = 40
    """A beginning and an end of a text that leave out something else on all rows without outputs than in the examples."""
    touching: int = 8
    """A number without its leading zero next to another number."""
    repeated: int = 6
    """A piece that the cover already has. The next piece of its kind is likelier if the examples do not distinguish them."""
    constant: int = 9
    """A constant, in addition to its characters."""
    inside_format: int = 6
    """Discount for a constant after a field of a format, because it is part of the format."""
    digit: int = 9
    """A digit of a constant."""
    letter: int = 6
    """A letter of a constant."""
    other: int = 1
    """Any other character of a constant."""
    lone: int = 30
    """A constant as the whole output, if one row is shown and others are to be filled."""
    lone_of_two: int = 14
    """The same if two rows are shown."""
    named: int = 3
    """What a letter of a constant saves if several rows of a branch have the constant as their output."""
    varies: int = 16
    """A program that is no constant, for such rows."""
    given: int = 5
    """A constant that the user gave, whatever its length."""
    settled: float = 0.75
    """Share of the bits of the outputs below which a program settles the task, so that no other search is needed."""
    copied: int = 8
    """A constant with a number or word that every example row has in its inputs."""
    copied_of_two: int = 12
    """The same if two rows are shown; parts of numbers count, too."""
    copied_of_one: int = 20
    """The same if one row is shown."""
    copied_of_leaf: int = 6
    """Additional bits of a number or word in a constant, if the only row of a branch has it in its inputs."""
    echo: int = 14
    """A word of an input that a condition looks for and its branch writes, if few rows of the table have it: usually it is copied."""
    initial: int = 10
    """A constant of one or two letters with which words of the inputs begin, if one or two rows are shown."""
    near_number: int = 20
    """A constant with a number close to one of the inputs, if one or two rows are shown."""
    cuts_number: int = 14
    """A constant that begins or ends inside a number of the outputs."""
    undefined: int = 40
    """A program that is undefined on all rows without outputs; proportional if on some."""
    undefined_branch: int = 5
    """The same for a branch on any of its rows: another condition would keep them out."""
    odd: int = 30
    """A program whose texts have new shapes on all rows without outputs; proportional if on some."""
    odd_new: int = 25
    """The same if the inputs of the row also have new shapes, so that a new output was to be expected."""
    nothing: int = 10
    """The same where the text is empty: there was nothing to be found."""
    stayed: int = 12
    """A program that leaves words and numbers as they are, as on an example, on all rows without outputs, in shapes that no output has."""
    unfit: int = 10
    """A program whose text looks odd on any row without an output that looks like an example, or that loses words there although no
    example loses any."""
    longer: int = 8
    """The same for texts that differ from the shapes of outputs only by the number of consecutive words: a town of two words."""
    odd_rows: int = 6
    """Minimum number of rows without outputs that odd shapes are a share of."""
    odd_every: int = 2
    """What is added to the number of rows without outputs if there are several, and all have odd shapes though they look like examples."""
    left: int = 12
    """A program that keeps signs and accents on all rows without outputs, although the examples lose them."""
    joined: int = 30
    """A program that puts digits from several places together on all rows of a branch without outputs, although all its examples have
    them side by side; proportional if on some."""
    cased: int = 14
    """A program that writes both letter cases on all rows without outputs, although the examples have one."""
    splits: int = 12
    """A program that cuts words at an apostrophe, a hyphen or a point on all rows without outputs, although no example does;
    proportional if on some."""
    splits_some: int = 4
    """The same if it does so on any row."""
    short: int = 16
    """A program that loses words on all rows without outputs, although no example loses any; proportional if on some."""
    unread: tuple[int, ...] = (20, 10)
    """An unread input, if there are two, three …; none if there are more."""
    branch: int = 15
    """A condition, in addition to its own cost."""
    telling: int = 3
    """A condition that looks for a text which the program of its branch looks for, too."""
    shared: int = 6
    """The program of the other branch, in addition to the constants around it."""
    shared_by_chance: int = 10
    """The same if it gives only one character on every row."""
    gap: int = 3
    """The distance of what the condition compares, in addition to the constants around it."""
    gap_by_chance: int = 3
    """The same if it gives only one character on every row."""
    branch_from: int = 45
    """Rows whose cover is cheaper than this are not split."""
    items_share: int = 6
    """Lists inside cells are only looked for if other programs take more than this share of the bits of the outputs."""
    branch_share: int = 4
    """Nor are rows whose cover takes less than this share of the bits of their outputs."""
    depth: int = 2
    """Maximum number of conditions on a path."""
    judged_rows: int = 80
    """Number of rows of the column on which candidates are judged, evenly spread."""
    table: int = 12
    """A lookup table, in addition to its entries."""
    table_entry: int = 4
    """An entry of a lookup table, in addition to its output; its input is visible in the table."""
    stays: int = 8
    """Leaving the values that a table does not have as they are."""
    missing: int = 8
    """A missing output."""
    categorical: float = 0.7
    """Share of distinct rows below which a table's inputs are categories, whose other values a lookup need not contain."""

    def output_cost(self, output: object) -> int:
        """Bits of an output as literal text."""
        return self.constant_cost(output) if isinstance(output, str) else self.missing

    def constant_cost(self, text: str) -> int:
        """Bits of a constant text."""
        if not text:
            return 3
        nothing = _NOTHING.search(text)
        return (
            self.constant
            + sum(self.digit if c.isdigit() else self.letter if c.isalnum() else self.other for c in text)
            - (self.digit * (len(nothing.group()) - 2) if nothing else 0)
        )


_NOTHING = re.compile(r"(?<![\d.,])0[.,]0+(?![\d.,])")
"""A zero with decimals, which are no information."""
