"""Checks that a plugin must pass, one for each kind.

A check returns nothing, or raises an ``AssertionError`` that says what is wrong, where, and what was expected. Call them in the tests
of your own package::

    from neurosynth.testing import check_language

    def test_my_language():
        check_language(my_language)
"""

from __future__ import annotations

from neurosynth.testing.calls import check_rows
from neurosynth.testing.guides import check_guide
from neurosynth.testing.languages import check_language
from neurosynth.testing.searches import check_search

__all__ = ["check_guide", "check_language", "check_rows", "check_search"]
