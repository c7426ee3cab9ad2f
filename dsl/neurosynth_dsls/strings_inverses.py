"""Inverse semantics of the language ``strings``: from the output and the other arguments to the missing argument.

Each function takes the output, then the known arguments in order, and gives values that the missing one may have.
"""

from __future__ import annotations


def inverse_concat_first(output: str, second: str) -> list[str]:
    """What ``second`` must be appended to, if ``output`` ends in it."""
    return [output[: len(output) - len(second)]] if output.endswith(second) else []


def inverse_concat_second(output: str, first: str) -> list[str]:
    """What must be appended to ``first``, if ``output`` starts with it."""
    return [output[len(first) :]] if output.startswith(first) else []


def inverse_char_at(output: str, s: str) -> list[int]:
    """Positions of that character; of no character the one behind the last."""
    return [i for i, c in enumerate(s) if c == output] if output else [len(s)]


def inverse_substring_start(output: str, s: str, n: int) -> list[int]:
    """Positions from which at most n characters are the output; of no characters the one behind the last."""
    return [i for i in range(len(s)) if s[i : i + max(n, 0)] == output] if output else [len(s)]


def inverse_substring_count(output: str, s: str, i: int) -> list[int]:
    """The output's length, if it stands there."""
    return [len(output)] if not output or (i >= 0 and s.startswith(output, i)) else []


def inverse_replace_pattern(output: str, s: str, by: str) -> list[str]:
    """Pieces of the text that are first where they are, and whose replacement is the output."""
    size = len(s) + len(by) - len(output)
    pieces = dict.fromkeys(s[i : i + size] for i in range(len(s) - size + 1)) if size > 0 else {}
    return [p for p in pieces if s.replace(p, by, 1) == output]


def inverse_replace_by(output: str, s: str, pattern: str) -> list[str]:
    """What stands in the output in the place of the pattern; where that does not occur anything would do."""
    if pattern not in s:
        return [""] if output == s else []
    before, after = s.split(pattern, 1) if pattern else ("", s)
    fits = len(output) >= len(before) + len(after) and output.startswith(before) and output.endswith(after)
    return [output[len(before) : len(output) - len(after)]] if fits else []


def inverse_replace_all_by(output: str, s: str, pattern: str) -> list[str]:
    """What stands in the output in the place of every occurrence of the pattern; where there is none anything would do."""
    count = s.count(pattern) if pattern else 0
    if not count:
        return [""] if output == s else []
    start, size = s.index(pattern), (len(output) - len(s)) // count + len(pattern)
    by = output[start : start + max(size, 0)]
    return [by] if s.replace(pattern, by) == output else []


def inverse_word(output: str, s: str) -> list[int]:
    """Which words it is, counted from 0; no word is one more than there are."""
    words = s.split()
    return [i for i, w in enumerate(words) if w == output] if output else [len(words)]


def inverse_field(output: str, s: str, separator: str) -> list[int]:
    """Which fields it is, counted from 0; nothing is also one more than there are."""
    fields = s.split(separator) if separator else [s]
    return [*(i for i, f in enumerate(fields) if f == output), *([] if output else [len(fields)])]


def inverse_from_int(output: str) -> list[int]:
    """The number that decimal digits spell, if without zeros in front."""
    plain = output.isascii() and output.isdigit() and (output == "0" or output[0] != "0") and len(output) <= 4300
    return [int(output)] if plain else []


def inverse_reverse(output: str) -> list[str]:
    """The text whose reversal is ``output``."""
    return [output[::-1]]


def inverse_add(output: int, other: int) -> list[int]:
    """The missing summand."""
    return [output - other]


def inverse_subtract_first(output: int, second: int) -> list[int]:
    """What ``second`` was taken from."""
    return [output + second]


def inverse_subtract_second(output: int, first: int) -> list[int]:
    """What was taken from ``first``."""
    return [first - output]


def inverse_negate(output: int) -> list[int]:
    """The number of the other sign."""
    return [-output]
