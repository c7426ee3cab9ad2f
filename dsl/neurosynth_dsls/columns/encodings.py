"""Texts and numbers in the encodings of computers: addresses of the web and of networks, Base64, characters by their codes.

``encodings`` is not a separate language: ``columns`` includes its primitives.
"""

from __future__ import annotations

import base64
import binascii
import html
import ipaddress
from urllib.parse import quote

from neurosynth.language.language import Language

__all__ = ["encodings"]

encodings = Language("encodings", doc="Texts and numbers in the encodings of computers.")


@encodings.primitive(name="text.escape")
def escape(s: str) -> str:
    """Text as the source of a web page: & becomes &amp;, and quotes and angle brackets are named as well."""
    return html.escape(s)


@encodings.primitive(name="text.url_encode", raises=(UnicodeError,))
def url_encode(s: str) -> str:
    """Text as a part of an address: all but letters, digits and _.-~/ as % and two hexadecimal digits of UTF-8."""
    return quote(s)


@encodings.primitive(name="text.base64", raises=(UnicodeError,))
def to_base64(s: str) -> str:
    """UTF-8 bytes of a text in Base64 (RFC 4648)."""
    return base64.b64encode(s.encode()).decode()


@encodings.primitive(name="text.from_base64", raises=(ValueError, binascii.Error))
def from_base64(s: str) -> str:
    """Text whose UTF-8 bytes are given in Base64 (RFC 4648)."""
    return base64.b64decode(s, validate=True).decode()


@encodings.primitive(name="text.hex", raises=(UnicodeError,))
def to_hex(s: str) -> str:
    """UTF-8 bytes of a text, each as two hexadecimal digits."""
    return s.encode().hex()


@encodings.primitive(name="text.from_hex", raises=(ValueError,))
def from_hex(s: str) -> str:
    """Text whose UTF-8 bytes are given as hexadecimal digits; blanks between bytes are allowed."""
    return bytes.fromhex(s).decode()


@encodings.primitive(name="text.rotate")
def rotate(n: int, s: str) -> str:
    """Letters from A to Z moved on by so many places in the alphabet, from Z to A; 13 is ROT13. Other characters stay."""
    moved = []
    for c in s:
        first = ord("A") if "A" <= c <= "Z" else ord("a") if "a" <= c <= "z" else None
        moved.append(c if first is None else chr((ord(c) - first + n) % 26 + first))
    return "".join(moved)


@encodings.primitive(name="ip.read", raises=(ValueError,))
def address_number(s: str) -> int:
    """Number of an address of the internet protocol, version 4 (1.2.3.4) or 6 (2001:db8::1)."""
    return int(ipaddress.ip_address(s))


@encodings.primitive(name="ip.write", raises=(ValueError,))
def address(n: int) -> str:
    """Address of a number in version 4 of the internet protocol, such as 1.2.3.4."""
    return str(ipaddress.IPv4Address(n))
