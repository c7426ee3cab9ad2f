"""The language ``robustfill``: concatenations of pieces of a text, possibly in another form.

The operators and their meaning are those of RobustFill (Devlin et al., ICML 2017) as ExeDec has them (Shi et al., ICLR
2024), whose programs concatenate pieces: characters, substrings, and modifications of substrings or of modifications.

Six types of the language are enumerations of ExeDec's.  Their values are small numbers; programs use only the names below.

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

Every function is total: a missing piece is ``""``, and an impossible change has no effect. ``GetSpan`` treats an index without a match
as in ExeDec: beyond the matches, a positive one is the position ``matches - 1`` and a negative one the position 0; programs of its data
depend on that.

Costs follow the frequencies of ExeDec's generator, in steps of two bits: an operator has 4 bits, and one of 21 delimiters or 62 letters
and digits the corresponding number; primitives with few distinct values on a text are cheaper.
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
