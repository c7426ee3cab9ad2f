"""The settings of the search by cover, in one place."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CoverConfig"]


@dataclass(frozen=True, kw_only=True)
class CoverConfig:
    """Costs are in bits."""

    covers: int = 24
    """Covers of one set of rows that are judged on the whole column."""
    leaf_covers: int = 8
    """The same for the rows of a branch."""
    margin: int = 30
    """Covers that cost this much more than the cheapest are not looked at."""
    expansions: int = 20_000
    """States taken from the queue for one set of rows at most."""
    switch: int = 10
    """Starting to write another typed value."""
    switch_derived: int = 4
    """The same, where it is one derived from its reading (rounded, shifted): derivations are charged already."""
    sibling: int = 11
    """Another value of the family just written: the other end of a range."""
    sibling_spread: int = 5
    """What a dearer one of several such values costs more at most."""
    style: int = 4
    """Such a value written in another way: the other end with other decimals."""
    clash: int = 20
    """A value of the reading just written, derived in another way."""
    stale: int = 15
    """Digits that stay as they were beside a changed value, the month of a date whose day was moved, or constant beside fields: ``%H:30``."""
    mixed: int = 60
    """A date made of a value and of something else of the same input: the day moved by hours, the month a constant."""
    out_of_place: int = 25
    """A field that makes sense behind another alone, and stands elsewhere: seconds that no input tells, without minutes before them."""
    torn: int = 40
    """A beginning and an end of a text that leave out something else on all rows without outputs than in the examples."""
    touching: int = 8
    """A number without its leading zero that touches another number."""
    repeated: int = 6
    """A piece that a cover has already: the next one of its kind is likelier meant, where the examples do not tell them apart."""
    constant: int = 9
    """A constant, before its characters."""
    inside_format: int = 6
    """What a constant after a field of a format saves: it is part of the format."""
    digit: int = 9
    """A digit of a constant."""
    letter: int = 6
    """A letter of a constant."""
    other: int = 1
    """Any other character of a constant."""
    lone: int = 30
    """A constant as the whole output, where one row is shown and others are to be filled."""
    lone_of_two: int = 14
    """The same where two rows are shown."""
    given: int = 5
    """A constant that a person gave, whatever its length."""
    settled: float = 0.75
    """Share of the bits of the outputs below which a program settles the task: no other search is needed."""
    copied: int = 8
    """A constant with a number or word that every example row has in its inputs."""
    copied_of_two: int = 12
    """The same where two rows are shown, and parts of numbers count, too."""
    copied_of_one: int = 20
    """The same where one row is shown."""
    copied_of_leaf: int = 6
    """What a number that one row of a branch has in its inputs costs more than ``copied`` as a constant."""
    initial: int = 10
    """A constant of one or two letters with which words of the inputs begin, in one or two rows."""
    near_number: int = 20
    """A constant with a number that is near one of the inputs, in one or two rows."""
    cuts_number: int = 14
    """A constant that begins or ends inside a number of the outputs."""
    undefined: int = 40
    """A program that is undefined on all rows without outputs; in proportion on some."""
    odd: int = 30
    """A program whose texts on all rows without outputs have shapes that no output has; in proportion on some."""
    odd_new: int = 25
    """The same where the row's inputs have shapes, too, that the inputs of no example have: then something new was to be expected."""
    unfit: int = 10
    """A program that is odd on any row without an output that looks like an example, or loses words there that no example loses."""
    longer: int = 8
    """The same for texts that differ from the shapes of outputs by how many words follow each other: the town of two words."""
    odd_rows: int = 6
    """Rows without outputs that odd shapes are a share of, at least."""
    left: int = 12
    """A program that keeps signs and accents on all rows without outputs, where the examples lose them."""
    cased: int = 14
    """A program that writes letters of both cases on all rows without outputs, where the examples have those of one."""
    short: int = 16
    """A program that loses words on all rows without outputs, where no example loses any; in proportion on some."""
    unread: tuple[int, ...] = (20, 10)
    """An input that a program does not read, where there are two, three …; none where there are more."""
    branch: int = 15
    """A condition, before its own cost."""
    telling: int = 3
    """A condition that looks for a text which the program of its branch looks for, too."""
    shared: int = 6
    """The program of the other branch, before the constants around it."""
    shared_by_chance: int = 10
    """The same where it gives one character alone on every row."""
    branch_from: int = 45
    """Rows whose cover is cheaper than this are not split."""
    branch_share: int = 4
    """Nor are they where their cover takes less than this part of the bits of their outputs."""
    depth: int = 2
    """Conditions on a path."""
    judged_rows: int = 80
    """Rows of the column that candidates are judged on, spread evenly."""
    table: int = 12
    """A lookup table, before its entries."""
    table_entry: int = 4
    """An entry of a lookup table, before its output; its input is there to be seen."""
    missing: int = 8
    """An output that is missing."""
    categorical: float = 0.7
    """Share of different rows below which a table's inputs are categories, whose other values a lookup need not know."""

    def output_cost(self, output: object) -> int:
        """Bits of an output as it is."""
        return self.constant_cost(output) if isinstance(output, str) else self.missing

    def constant_cost(self, text: str) -> int:
        """Bits of a constant text."""
        if not text:
            return 3
        return self.constant + sum(
            self.digit if c.isdigit() else self.letter if c.isalnum() else self.other for c in text
        )
