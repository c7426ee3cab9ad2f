"""One table a language: what each primitive gives for some arguments, ``(primitive, arguments, value)``."""

from tests.dsl.rows import bitvectors, lists, strings

__all__ = ["bitvectors", "lists", "strings"]
