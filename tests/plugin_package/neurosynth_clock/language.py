"""The language ``clock``: times of day in minutes since midnight, and their text."""

from neurosynth import Language

clock = Language("clock", doc="Times of day.")

KERNELS = "neurosynth_clock.kernels:"


def inverse_later(output: int, other: int) -> list[int]:
    """The time of day or the minutes that were put together."""
    return [(output - other) % 1440] if 0 <= output < 1440 else []


@clock.primitive(kernel=KERNELS + "at")
def at(hour: int, minute: int) -> int:
    """The minutes since midnight, of any hour and minute."""
    return (60 * hour + minute) % 1440


@clock.primitive(kernel=KERNELS + "later", commutative=True, inverse=(inverse_later, inverse_later))
def later(time: int, minutes: int) -> int:
    """So many minutes later, past midnight from 0 again."""
    return (time + minutes) % 1440


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
