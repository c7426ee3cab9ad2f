"""The language ``strings`` and one primitive more, in one place: its kernel, its inverse and the inverse's kernel beside it."""

from neurosynth import load_language
from neurosynth.engine.kernels import Data

strings = load_language("strings")
more_strings = strings.with_primitives(())


@more_strings.primitive(name="str.twice", python="{0} * 2", size=lambda s: 2 * len(s))
def twice(s: str) -> str:
    """The text two times."""
    return s * 2


@twice.kernel
def twice_kernel(out: Data, a: Data, i: int, n: int) -> int:
    """The length, and -1 where there is no room."""
    if 2 * n > out.size:
        return -1
    for k in range(n):
        out[k] = a[i + k]
        out[n + k] = a[i + k]
    return 2 * n


@twice.inverse(0)
def half(output: str) -> list[str]:
    """The first half, if the second is the same."""
    middle = len(output) // 2
    return [output[:middle]] if output == output[:middle] * 2 else []


@twice.inverse_kernel(0)
def half_kernel(out: Data, goal: Data, i: int, n: int) -> int:
    """The same on characters."""
    if n % 2 == 1 or n // 2 > out.size:
        return -1
    for k in range(n // 2):
        if goal[i + k] != goal[i + n // 2 + k]:
            return -1
        out[k] = goal[i + k]
    return n // 2


ROWS = [("str.twice", ("ab",), "abab")]
