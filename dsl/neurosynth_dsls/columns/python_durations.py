"""Exported code that reads, writes and rounds durations."""

from __future__ import annotations

import datetime as library
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.duration_format import UNITS, DurationFormat, duration_format
from neurosynth_dsls.columns.units import SECONDS, duration_of, step_of

__all__ = ["DURATIONS"]


def _parse_duration(call: PythonCall) -> str:
    alternatives = duration_format(call.constant(0))
    lines = ["def {name}(text):", '    """The duration that a text states."""']
    for form in alternatives:
        names = {"D": "days", "H": "hours", "M": "minutes", "S": "seconds", "L": "milliseconds", "f": "microseconds"}
        order = [p[0] for p in form.parts if isinstance(p, tuple)]
        pattern = re.sub(r"\(\?P<\w+>", "(", form.regex.pattern)
        listed = ", ".join(f"{names[u]}=int(found[{order.index(u) + 2}])" for u in form.units)
        limits = [
            f"int(found[{order.index(u) + 2}]) < {UNITS[above] // UNITS[u]}"
            for above, u in zip(form.units, form.units[1:], strict=False)
        ]
        lines += [
            f"    found = {call.use(re)}.fullmatch({_shown(pattern)}, text, {call.use(re)}.IGNORECASE)",
            f"    if found{''.join(f' and {limit}' for limit in limits)}:",
            f"        span = {call.use(library.timedelta)}({listed})",
            "        return -span if found[1] else span",
        ]
    lines.append('    raise ValueError(f"{text!r} is not a duration as expected")')
    return f"{call.define('read_duration', chr(10).join(lines))}({call.arguments[1]})"


def _shown(pattern: str) -> str:
    return f'r"{pattern}"' if '"' not in pattern else repr(pattern)


def _format_duration(call: PythonCall) -> str:
    form = duration_format(call.constant(0))[0]
    units = form.units
    text = "".join(
        p.replace("{", "{{").replace("}", "}}") if isinstance(p, str) else _place(form, *p) for p in form.parts
    )
    sizes = [UNITS[u] for u in units]
    return f"{call.use(helpers.write_duration)}({call.arguments[1]}, {text!r}, {sizes!r})"


def _place(form: DurationFormat, letter: str, padded: bool) -> str:
    width = {"D": 1, "H": 2, "M": 2, "S": 2, "L": 3, "f": 6}[letter]
    return f"{{{form.units.index(letter)}" + (f":0{width}}}" if padded and width > 1 else "}")


def _in_unit(call: PythonCall) -> str:
    step = step_of(call.constant(0))
    micro = f"{call.use(library.timedelta)}(microseconds=1)"
    return f"{call.use(Decimal)}({call.arguments[1]} // {micro}) / {step.count * SECONDS[step.unit] * 1_000_000}"


def _of_unit(call: PythonCall) -> str:
    step = step_of(call.constant(0))
    size = step.count * SECONDS[step.unit] * 1_000_000
    return f"{call.use(library.timedelta)}(microseconds=int(round({call.arguments[1]} * {size})))"


def _floor_duration(call: PythonCall) -> str:
    step = _step(call)
    return f"{call.arguments[1]} // {step} * {step}"


def _step(call: PythonCall) -> str:
    size = duration_of(call.constant(0))
    whole = size // library.timedelta(seconds=1)
    unit = f"hours={whole // 3600}" if whole % 3600 == 0 else f"seconds={whole}"
    if size % library.timedelta(seconds=1):
        unit = f"microseconds={size // library.timedelta(microseconds=1)}"
    return f"{call.use(library.timedelta)}({unit})"


DURATIONS: Mapping[str, Callable[[PythonCall], str]] = {
    "duration.parse": _parse_duration,
    "duration.format": _format_duration,
    "duration.in": _in_unit,
    "duration.of": _of_unit,
    "duration.floor": _floor_duration,
    "duration.mod": lambda call: f"{call.arguments[1]} % {_step(call)}",
}
"""Hooks by the name of the primitive."""
