"""The language ``robustfill``: pieces of a text, written otherwise, side by side.

The operators and their meaning are those of RobustFill (Devlin et al., ICML 2017) as ExeDec has them (Shi et al., ICLR
2024), whose programs concatenate pieces: characters, substrings, and modifications of substrings or of modifications.

Six types of the language are enumerations of ExeDec's.  Their values are small numbers; the names below are the only ones
that programs are made of.

=============  =============================================================================
type           names, and the numbers they stand for
=============  =============================================================================
``case``       ``UpperCase``, ``LowerCase``, ``ProperCase``: 0, 1, 2
``token``      kinds of token, ``Number`` … ``Char``: 0 to 7
``place``      ``@1`` the first character, ``@-1`` the last, ``@0`` behind it: modulo 64
``delimiter``  ``Comma`` … ``Space``: its code
``character``  ``'A'``, ``'z'``, ``'7'``, ``(Sign Comma)``: its code
``regex``      ``(Token Word)``, ``(Mark Comma)``: 256 and a kind of token, or a code
=============  =============================================================================

Beside them a ``bool`` is a boundary (``Start``, ``End``) and an ``int`` an index: 1 for the first match, -1 for the last.

Every function is total: what is not there is ``""``, and what cannot be done changes nothing.  ``GetSpan`` has ExeDec's
own way with an index that no match has: beyond the matches, a positive one is the position ``matches - 1`` and a negative
one the position 0; programs of its data depend on that.

Costs follow how often ExeDec's generator draws what they stand for, in steps of two bits: an operator 4 bits, one of 21
delimiters or 62 letters and digits as much as they are; what has few distinct values on a text is cheaper.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.robustfill import names, pieces, rewriting
from neurosynth_dsls.robustfill.names import DELIMITERS

__all__ = ["DELIMITERS", "robustfill"]

robustfill = Language(
    "robustfill",
    doc="Pieces of a text, written otherwise, side by side: RobustFill's operators.",
    requests=("string -> string",),
)
robustfill.include(names.part, pieces.part, rewriting.part)

for _index, _cost in ((1, 1), (-1, 1), (2, 1), (-2, 1), (3, 2), (-3, 2), (4, 2), (-4, 2), (5, 2), (-5, 2)):
    robustfill.constant(_index, "int", cost=_cost)
