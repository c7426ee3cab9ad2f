"""What columns of data need beyond :mod:`neurosynth_dsls.strings`: runs of digits and letters, initials, ends, padding.

``text`` is no language to search in by itself: it has no constants and joins nothing.  ``strings`` takes these
primitives over.  Every function is total and stands by itself, so that its source can be taken away with an exported
program.  Digits are 0 to 9, as for ``str.is_digit`` and ``str.to.int``; letters, capitals and small letters are those of
Unicode.  Runs and words count from 0, and from -1 backwards.

Costs: 1 for what takes a part at a place that an argument says; 2 for what works on a whole text, since it applies to
every text that search knows, where each cheap one multiplies all later levels; 3 for what data needs less often.
"""

from __future__ import annotations

from neurosynth.language.language import Language

__all__ = ["text"]

text = Language("text", doc="Runs of digits and letters, initials, ends and padding, for columns of data.")

_KERNELS = "neurosynth_dsls.strings_text_kernels:"


# Inverse semantics: (output, other arguments) -> the values the missing argument may have.


def inverse_take(output: str, s: str) -> list[int]:
    """How many characters were taken, if the text starts with the output."""
    return [len(output)] if s.startswith(output) else []


def inverse_drop(output: str, s: str) -> list[int]:
    """How many characters were left out, if the text ends with the output."""
    return [len(s) - len(output)] if s.endswith(output) else []


def _pad_left_size(s: str, n: int, c: str) -> int:
    return max(len(s), n) if c else len(s)


# Parts of a text.


@text.primitive(name="str.number", kernel=_KERNELS + "number", slices=True)
def number(s: str, n: int) -> str:
    """Run n of digits, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if "0" <= c <= "9" else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@text.primitive(name="str.letters", kernel=_KERNELS + "letters", slices=True)
def letters(s: str, n: int) -> str:
    """Run n of letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.isalpha() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@text.primitive(name="str.before", kernel=_KERNELS + "before", slices=True)
def before(s: str, separator: str) -> str:
    """What comes before the first separator; all of the text where there is none."""
    return s.partition(separator)[0] if separator else ""


@text.primitive(name="str.after", kernel=_KERNELS + "after", slices=True)
def after(s: str, separator: str) -> str:
    """What comes after the first separator; "" where there is none."""
    return s.partition(separator)[2] if separator else s


@text.primitive(
    name="str.take",
    python="{0}[:{1}]",
    kernel=_KERNELS + "take",
    slices=True,
    inverse=(None, inverse_take),
    inverse_kernels=(None, _KERNELS + "inverse_take"),
)
def take(s: str, n: int) -> str:
    """First n characters; for a negative n all but the last -n."""
    return s[:n]


@text.primitive(
    name="str.drop",
    python="{0}[{1}:]",
    kernel=_KERNELS + "drop",
    slices=True,
    inverse=(None, inverse_drop),
    inverse_kernels=(None, _KERNELS + "inverse_drop"),
)
def drop(s: str, n: int) -> str:
    """All but the first n characters; for a negative n the last -n."""
    return s[n:]


@text.primitive(name="str.initials", cost=2, python='"".join(w[0] for w in {0}.split())', kernel=_KERNELS + "initials")
def initials(s: str) -> str:
    """First characters of all words, that is, of the parts between white space."""
    return "".join(w[0] for w in s.split())


@text.primitive(name="str.capitals", cost=3, kernel=_KERNELS + "capitals", slices=True)
def capitals(s: str, n: int) -> str:
    """Run n of capital letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.isupper() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@text.primitive(name="str.lowers", cost=3, kernel=_KERNELS + "lowers", slices=True)
def lowers(s: str, n: int) -> str:
    """Run n of small letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.islower() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


# A text without some of its characters.


@text.primitive(
    name="str.only_digits", cost=2, python='"".join(c for c in {0} if "0" <= c <= "9")', kernel=_KERNELS + "only_digits"
)
def only_digits(s: str) -> str:
    """Digits alone, put together."""
    return "".join(c for c in s if "0" <= c <= "9")


@text.primitive(
    name="str.only_letters", cost=2, python='"".join(c for c in {0} if c.isalpha())', kernel=_KERNELS + "only_letters"
)
def only_letters(s: str) -> str:
    """Letters alone, put together."""
    return "".join(c for c in s if c.isalpha())


@text.primitive(
    name="str.only_capitals",
    cost=3,
    python='"".join(c for c in {0} if c.isupper())',
    kernel=_KERNELS + "only_capitals",
)
def only_capitals(s: str) -> str:
    """Capital letters alone, put together."""
    return "".join(c for c in s if c.isupper())


@text.primitive(
    name="str.drop_digits",
    cost=3,
    python='"".join(c for c in {0} if not "0" <= c <= "9")',
    kernel=_KERNELS + "drop_digits",
)
def drop_digits(s: str) -> str:
    """Everything but digits, put together."""
    return "".join(c for c in s if not "0" <= c <= "9")


@text.primitive(name="str.squeeze", cost=3, kernel=_KERNELS + "squeeze")
def squeeze(s: str) -> str:
    """Each run of one repeated character as that character once."""
    return "".join(c for i, c in enumerate(s) if i == 0 or c != s[i - 1])


@text.primitive(name="str.collapse", cost=3, python='" ".join({0}.split())', kernel=_KERNELS + "collapse")
def collapse(s: str) -> str:
    """Each run of white space as one blank, none at the ends."""
    return " ".join(s.split())


# A text written otherwise.


@text.primitive(name="str.capitalize", cost=3, python="{0}.capitalize()", kernel=_KERNELS + "capitalize")
def capitalize(s: str) -> str:
    """First character capital, all other letters small."""
    return s.capitalize()


@text.primitive(name="str.swapcase", cost=3, python="{0}.swapcase()", kernel=_KERNELS + "swapcase")
def swapcase(s: str) -> str:
    """Capital letters small, small ones capital."""
    return s.swapcase()


@text.primitive(name="str.pad_left", cost=2, size=_pad_left_size, kernel=_KERNELS + "pad_left")
def pad_left(s: str, n: int, c: str) -> str:
    """Made n characters long by putting the first character of c in front; longer texts and an empty c change nothing."""
    return c[:1] * max(0, n - len(s)) + s
