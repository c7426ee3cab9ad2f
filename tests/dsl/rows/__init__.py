"""One table a language: what each primitive gives for some arguments, ``(primitive, arguments, value)``."""

from tests.dsl.rows import bitvectors, lists, robustfill, strings

__all__ = ["bitvectors", "lists", "robustfill", "strings"]
