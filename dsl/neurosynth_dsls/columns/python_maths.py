"""Exported code of powers, roots, logarithms, angles, and texts in the encodings of computers."""

from __future__ import annotations

import base64
import calendar
import html
import ipaddress
from collections.abc import Callable, Mapping
from fractions import Fraction
from urllib.parse import quote

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns import python_helpers as helpers

__all__ = ["MATHS"]

Hook = Callable[[PythonCall], str]


def _power(call: PythonCall) -> str:
    exponent = call.arguments[1]
    if call.is_constant(1) and (value := call.constant(1)) == value.to_integral_value():
        exponent = str(int(value)) if value >= 0 else f"({int(value)})"
    return f"{call.arguments[0]} ** {exponent}"


def _log(call: PythonCall) -> str:
    if call.is_constant(0) and call.constant(0) == 10:
        return f"{call.arguments[1]}.log10()"
    return f"{call.use(helpers.logarithm)}({call.arguments[1]}, {call.arguments[0]})"


def _method(name: str) -> Hook:
    return lambda call: f"{call.arguments[0]}.{name}()"


def _leap(call: PythonCall) -> str:
    return f"{call.use(calendar)}.isleap({call.arguments[0]})"


MATHS: Mapping[str, Hook] = {
    "decimal.sqrt": _method("sqrt"),
    "decimal.power": _power,
    "decimal.log": _log,
    "decimal.ln": _method("ln"),
    "decimal.exp": _method("exp"),
    "is_leap_year": _leap,
    "fraction.write": lambda call: f"str({call.use(Fraction)}({call.arguments[0]}))",
    "expression.read": lambda call: f"{call.use(helpers.expression_value)}({call.arguments[0]})",
    "angle.read": lambda call: f"{call.use(helpers.degrees_of)}({call.arguments[0]})",
    "text.escape": lambda call: f"{call.use(html)}.escape({call.arguments[0]})",
    "text.url_encode": lambda call: f"{call.use(quote)}({call.arguments[0]})",
    "text.base64": lambda call: f"{call.use(base64)}.b64encode({call.arguments[0]}.encode()).decode()",
    "text.from_base64": lambda call: f"{call.use(base64)}.b64decode({call.arguments[0]}, validate=True).decode()",
    "text.hex": lambda call: f"{call.arguments[0]}.encode().hex()",
    "text.from_hex": lambda call: f"bytes.fromhex({call.arguments[0]}).decode()",
    "ip.read": lambda call: f"int({call.use(ipaddress)}.ip_address({call.arguments[0]}))",
    "ip.write": lambda call: f"str({call.use(ipaddress)}.IPv4Address({call.arguments[0]}))",
}
"""Hooks by the name of the primitive."""
