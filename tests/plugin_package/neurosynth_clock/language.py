"""The language ``clock``: times of day in minutes since midnight, and their text."""

from neurosynth import Language
from neurosynth.engine.kernels import UNDEFINED_WORD

clock = Language("clock", doc="Times of day.")


@clock.primitive
def at(hour: int, minute: int) -> int:
    """The minutes since midnight, of any hour and minute."""
    return (60 * hour + minute) % 1440


@at.kernel
def at_kernel(hour: int, minute: int) -> int:
    """On machine words the same."""
    return (60 * hour + minute) % 1440


@clock.primitive(commutative=True)
def later(time: int, minutes: int) -> int:
    """So many minutes later, past midnight from 0 again."""
    return (time + minutes) % 1440


@later.kernel
def later_kernel(time: int, minutes: int) -> int:
    """On machine words the same."""
    return (time + minutes) % 1440


@later.inverse(0, 1)
def earlier(output: int, other: int) -> list[int]:
    """The time of day or the minutes that were put together."""
    return [(output - other) % 1440] if 0 <= output < 1440 else []


@later.inverse_kernel(0, 1)
def earlier_kernel(output: int, other: int) -> int:
    """On machine words the same; undefined where there is none."""
    return (output - other) % 1440 if 0 <= output < 1440 else UNDEFINED_WORD


@clock.primitive(raises=(ValueError,))
def read(text: str) -> int:
    """The time that "9:05" says; undefined for other text."""
    hour, minute = text.split(":")
    return (60 * int(hour) + int(minute)) % 1440


@clock.primitive
def show(time: int) -> str:
    """Hours and minutes: "9:05"."""
    return f"{time // 60 % 24}:{time % 60:02d}"


for minutes in (1, 12, 60):
    clock.constant(minutes, "int")
clock.constant("0:30", "string")
