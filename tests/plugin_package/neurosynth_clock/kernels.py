"""Compiled semantics of the language ``clock``: plain functions on machine integers."""


def at(hour: int, minute: int) -> int:
    """See the primitive of that name."""
    return (60 * hour + minute) % 1440


def later(time: int, minutes: int) -> int:
    """See the primitive of that name."""
    return (time + minutes) % 1440
