"""Powers, roots, logarithms, angles, fractions, and the encodings of computers: tables, laws, other implementations."""

from __future__ import annotations

import base64
import calendar
import codecs
import html
import ipaddress
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns import columns

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import parse_type
from tests.dsl.columns.test_exported import check

D = Decimal
TABLE: list[tuple[str, str, Any, Any]] = [
    ("(decimal.sqrt x0)", "decimal", D("2.25"), D("1.5")),
    ("(decimal.sqrt x0)", "decimal", D(-1), UNDEFINED),
    ('(decimal.power x0 (decimal "3"))', "decimal", D("1.2"), D("1.728")),
    ('(decimal.power (decimal "2") x0)', "decimal", D(10), D(1024)),
    ('(decimal.power (decimal "0") x0)', "decimal", D(0), UNDEFINED),
    ('(decimal.power (decimal "2") x0)', "decimal", D(101), UNDEFINED),
    ('(decimal.power (decimal "0") x0)', "decimal", D(-1), UNDEFINED),
    ('(decimal.log (decimal "10") x0)', "decimal", D(1000), D(3)),
    ('(decimal.log (decimal "2") x0)', "decimal", D(8), D(3)),
    ('(decimal.log (decimal "2") x0)', "decimal", D(0), UNDEFINED),
    ("(decimal.ln x0)", "decimal", D(1), D(0)),
    ("(decimal.ln x0)", "decimal", D(-2), UNDEFINED),
    ("(decimal.exp x0)", "decimal", D(0), D(1)),
    ("(decimal.exp x0)", "decimal", D(101), UNDEFINED),
    ("(decimal.sin x0)", "decimal", D(30), D("0.5")),
    ("(decimal.cos x0)", "decimal", D(60), D("0.5")),
    ("(decimal.cos x0)", "decimal", D(90), D(0)),
    ("(decimal.tan x0)", "decimal", D(-45), D(-1)),
    ("(decimal.tan x0)", "decimal", D(-90), UNDEFINED),
    ("(is_leap_year x0)", "decimal", D(1900), False),
    ("(is_leap_year x0)", "decimal", D(2000), True),
    ("(is_leap_year x0)", "decimal", D(2024), True),
    ("(fraction.write x0)", "decimal", D("0.75"), "3/4"),
    ("(fraction.write x0)", "decimal", D("-1.5"), "-3/2"),
    ("(fraction.write x0)", "decimal", D("2.0"), "2"),
    ("(fraction.mixed x0)", "decimal", D("1.5"), "1 1/2"),
    ("(fraction.mixed x0)", "decimal", D("-0.25"), "-1/4"),
    ("(fraction.mixed x0)", "decimal", D(0), "0"),
    ("(fraction.reduce x0)", "string", "15:25", "3:5"),
    ("(fraction.reduce x0)", "string", " 6 / 8", "3 / 4"),
    ("(fraction.reduce x0)", "string", "0/0", UNDEFINED),
    ("(fraction.reduce x0)", "string", "a/b", UNDEFINED),
    ("(angle.read x0)", "string", "33°52'12\"S", D("-33.87")),
    ("(angle.read x0)", "string", "W 79° 30′", D("-79.5")),
    ("(angle.read x0)", "string", "40 30 36", D("40.51")),
    ("(angle.read x0)", "string", "48.5°", D("48.5")),
    ("(angle.read x0)", "string", "0°0'0\"S", D(0)),
    ("(angle.read x0)", "string", "12°61'", UNDEFINED),
    ("(angle.read x0)", "string", "S 12° S", UNDEFINED),
    ('(angle.write "D°MM\'SS\\"" x0)', "decimal", D("48.8567"), "48°51'24\""),
    ('(angle.write "D°MM\'SS\\"" x0)', "decimal", D("5.99999"), "6°00'00\""),
    ('(angle.write "D°MM.MMM\'[NS]" x0)', "decimal", D("-48.5"), "48°30.000'S"),
    ('(angle.write "[EW]DDD° M\' S.S\\"" x0)', "decimal", D("2.5"), "E002° 30' 0.0\""),
    ('(angle.write "D°M\'" x0)', "decimal", D("-0.001"), "0°0'"),
    ('(angle.write "D" x0)', "decimal", D(1), UNDEFINED),
    ("(expression.read x0)", "string", "3 + 4 * (2 - 0.5)", D("9.0")),
    ("(expression.read x0)", "string", "2 × 500 =", D(1000)),
    ("(expression.read x0)", "string", "-3+5", D(2)),
    ("(expression.read x0)", "string", "1/0", UNDEFINED),
    ("(expression.read x0)", "string", "2**9", UNDEFINED),
    ("(expression.read x0)", "string", "(1", UNDEFINED),
    ("(expression.read x0)", "string", "1 2", UNDEFINED),
    ("(expression.read x0)", "string", "__import__('os')", UNDEFINED),
    ("(text.escape x0)", "string", 'R&D <"x">', "R&amp;D &lt;&quot;x&quot;&gt;"),
    ("(text.url_encode x0)", "string", "50% off/é", "50%25%20off/%C3%A9"),
    ("(text.base64 x0)", "string", "Ann Lee", "QW5uIExlZQ=="),
    ("(text.from_base64 x0)", "string", "QW5uIExlZQ==", "Ann Lee"),
    ("(text.from_base64 x0)", "string", "QW5", UNDEFINED),
    ("(text.from_base64 x0)", "string", "/w==", UNDEFINED),
    ("(text.hex x0)", "string", "Hi", "4869"),
    ("(text.from_hex x0)", "string", "48 69", "Hi"),
    ("(text.from_hex x0)", "string", "4", UNDEFINED),
    ("(text.rotate 3 x0)", "string", "xyz, ABC", "abc, DEF"),
    ("(text.rotate -1 x0)", "string", "a", "z"),
    ("(ip.read x0)", "string", "10.0.0.1", 167772161),
    ("(ip.read x0)", "string", "::1", 1),
    ("(ip.read x0)", "string", "1.2.3.256", UNDEFINED),
    ("(ip.write x0)", "int", 134744072, "8.8.8.8"),
    ("(ip.write x0)", "int", -1, UNDEFINED),
]


@pytest.mark.parametrize(("text", "kind", "value", "wanted"), TABLE, ids=[f"{c[0]}-{c[2]}" for c in TABLE])
def test_programs_have_their_values_and_so_does_exported_code(text: str, kind: str, value: Any, wanted: Any) -> None:
    program = parse_program(text, columns, inputs=[Input(0, parse_type(kind))])
    found = Evaluator().run(program, (value,))
    assert found == wanted
    assert type(found) is type(wanted)
    if wanted is not UNDEFINED:
        assert check(program, [(value,), (None,)]) == 2


def of(name: str, *arguments: Any) -> Any:
    return columns[name].function(*arguments)


NUMBERS = st.decimals(min_value="0.0001", max_value=10**9, places=4)


@given(NUMBERS)
def test_roots_and_logarithms_are_those_of_binary_fractions(x: Decimal) -> None:
    assert math.isclose(of("decimal.sqrt", x), math.sqrt(x), rel_tol=1e-12)
    assert math.isclose(of("decimal.ln", x), math.log(x), rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(of("decimal.log", D(10), x), math.log10(x), rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(of("decimal.power", x, D(2)), float(x) ** 2, rel_tol=1e-12)


@given(st.decimals(min_value=-720, max_value=720, places=2))
def test_sines_and_cosines_belong_together(x: Decimal) -> None:
    assert abs(of("decimal.sin", x) ** 2 + of("decimal.cos", x) ** 2 - 1) < D("1e-12")
    assert math.isclose(of("decimal.sin", x), math.sin(math.radians(x)), abs_tol=1e-12)


@given(st.integers(1, 9999))
def test_leap_years_are_those_of_the_calendar(year: int) -> None:
    assert of("is_leap_year", D(year)) == calendar.isleap(year)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_written_fractions_are_read_back(a: int, b: int) -> None:
    x = D(a) / D(2 ** (b % 10))
    assert Fraction(of("fraction.write", x)) == Fraction(x)
    if x > 0:
        assert of("fraction.read", of("fraction.mixed", x)) == x
    above, below = map(int, of("fraction.reduce", f"{abs(a)}/{b}").split("/"))
    assert Fraction(above, below) == Fraction(abs(a), b)
    assert math.gcd(above, below) == 1


@given(st.integers(-180 * 3600, 180 * 3600))
def test_written_angles_are_read_back(seconds: int) -> None:
    x = D(seconds) / 3600
    for format in ("D°MM'SS\"", "D° M' S.S\"", "[NS]DD°MM'SS\"", "D°MM'SS\"[EW]", "D° MM' SS\" [NS]"):
        assert abs(of("angle.read", of("angle.write", format, x)) - x) < D("1e-20"), format


@given(st.text())
def test_encodings_are_those_of_the_standard_library(text: str) -> None:
    s = text.encode(errors="ignore").decode()
    assert html.unescape(of("text.escape", s)) == html.unescape(html.escape(s))
    assert unquote(of("text.url_encode", s)) == s
    assert base64.b64decode(of("text.base64", s)).decode() == s == of("text.from_base64", of("text.base64", s))
    assert of("text.from_hex", of("text.hex", s)) == s
    assert of("text.rotate", 13, s) == codecs.encode(s, "rot13")


@given(st.integers(-100, 100), st.text())
def test_letters_moved_on_come_back(n: int, s: str) -> None:
    assert of("text.rotate", -n, of("text.rotate", n, s)) == s


@given(st.ip_addresses(v=4))
def test_addresses_are_read_back(address: ipaddress.IPv4Address) -> None:
    assert of("ip.write", of("ip.read", str(address))) == str(address)


@given(
    st.recursive(
        st.integers(0, 99).map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map("({0[0]} {0[1]} {0[2]})".format),
        max_leaves=8,
    )
)
def test_arithmetic_is_that_of_python(text: str) -> None:
    if len(text) <= 60:
        assert of("expression.read", text) == eval(text)
