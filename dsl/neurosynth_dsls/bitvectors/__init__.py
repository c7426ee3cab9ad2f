"""The language ``bitvectors``: SMT-LIB's operators on bit-vectors of any width from 1 to 64.

A value is a plain non-negative ``int`` below ``2**n``; functions get the width ``n`` by keyword. All functions are total: division by
zero and shifts by the width or more follow SMT-LIB. Operators with indices (``extract 7 0``) are made on demand by their full name.
Widths above 64 have no machine word: indices that always give such widths are refused, and a ``concat`` or extension that gives one has
only reference semantics. Each topic is a file, in which each primitive is in one place: function, kernel, inverses and their kernels.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors import arithmetic, bitwise, comparison, derived, shifts
from neurosynth_dsls.bitvectors.indexed import MAX_WIDTH, indexed
from neurosynth_dsls.logic import logic

__all__ = ["MAX_WIDTH", "bitvectors"]

bitvectors = Language("bitvectors", doc="SMT-LIB bit-vectors of any width from 1 to 64.", family=indexed)
bitvectors.include(logic, bitwise.part, arithmetic.part, shifts.part, comparison.part, derived.part)
