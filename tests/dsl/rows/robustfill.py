"""What each operator of ``robustfill`` gives, as programs over one text, and what its names stand for."""

from __future__ import annotations

import string

from neurosynth_dsls.robustfill import DELIMITERS, robustfill

from neurosynth.language.program import Apply, Program
from neurosynth.language.syntax import parse_program
from neurosynth.testing.calls import Row

TEXT = "Ada K. Lovelace, 12 [1815]"

PROGRAMS = [
    ("(Const 'A')", "", "A"),
    ("(Const (Sign Comma))", "", ","),
    ("(Concat x0 (Const '7'))", "ab", "ab7"),
    ("(SubStr x0 @1 @3)", "hello", "hel"),
    ("(SubStr x0 @-3 @-1)", "hello", "llo"),
    ("(SubStr x0 @-3 @0)", "hello", "llo"),
    ("(SubStr x0 @2 @-2)", "hello", "ell"),
    ("(SubStr x0 @4 @20)", "hello", "lo"),
    ("(SubStr x0 @2 @2)", "hello", ""),
    ("(SubStr x0 @3 @2)", "hello", ""),
    ("(SubStr x0 @-6 @-1)", "hello", ""),
    ("(GetToken x0 Word 1)", TEXT, "Ada"),
    ("(GetToken x0 Word -1)", TEXT, "Lovelace"),
    ("(GetToken x0 Number 2)", TEXT, "1815"),
    ("(GetToken x0 Digit 2)", TEXT, "2"),
    ("(GetToken x0 AllCaps 2)", TEXT, "K"),
    ("(GetToken x0 PropCase 2)", TEXT, "Lovelace"),
    ("(GetToken x0 Lower 1)", TEXT, "da"),
    ("(GetToken x0 Char -1)", TEXT, "]"),
    ("(GetToken x0 Char 3)", "a-é,b", "b"),
    ("(GetToken x0 Alphanum -1)", "R2-D2", "D2"),
    ("(GetToken x0 Word 5)", TEXT, ""),
    ("(GetToken x0 Word -5)", TEXT, ""),
    ("(GetUpto x0 (Mark Comma))", TEXT, "Ada K. Lovelace,"),
    ("(GetUpto x0 (Token Number))", TEXT, "Ada K. Lovelace, 12"),
    ("(GetUpto x0 (Mark Hash))", TEXT, ""),
    ("(GetFrom x0 (Mark Comma))", TEXT, " 12 [1815]"),
    ("(GetFrom x0 (Token Word))", TEXT, " K. Lovelace, 12 [1815]"),
    ("(GetFrom x0 (Mark Hash))", TEXT, ""),
    ("(GetSpan x0 (Token Word) 3 Start (Mark LeftBracket) 1 Start)", TEXT, "Lovelace, 12 "),
    ("(GetSpan x0 (Token Word) -1 End (Token Number) -1 End)", TEXT, ", 12 [1815"),
    ("(GetSpan x0 (Token Number) 1 Start (Token Word) 1 End)", TEXT, ""),
    ("(GetSpan x0 (Token Word) 1 Start (Mark Hash) 1 End)", TEXT, ""),
    ("(GetSpan x0 (Token Word) 9 Start (Token Word) 3 Start)", TEXT, "a K. "),
    ("(GetSpan x0 (Token Word) -9 End (Token Word) 1 End)", TEXT, "Ada"),
    ("(GetFirst x0 Word 2)", TEXT, "AdaK"),
    ("(GetFirst x0 Word 9)", TEXT, "AdaKLovelace"),
    ("(GetFirst x0 Word -1)", TEXT, "AdaK"),
    ("(GetFirst x0 Word -4)", TEXT, ""),
    ("(GetAll x0 AllCaps)", TEXT, "AKL"),
    ("(GetAll x0 Digit)", TEXT, "121815"),
    ("(ToCase x0 UpperCase)", TEXT, "ADA K. LOVELACE, 12 [1815]"),
    ("(ToCase x0 LowerCase)", "Straße ÀB", "straße àb"),
    ("(ToCase x0 ProperCase)", "ada LOVELACE", "Ada lovelace"),
    ("(ToCase x0 ProperCase)", " ADA", " ada"),
    ("(Replace x0 Space Comma)", "a b c", "a,b,c"),
    ("(Replace x0 Hash Comma)", "a b", "a b"),
    ("(Trim x0)", " \t a b\n", "a b"),
    ("(Substitute x0 Word 2 'z')", "ada king", "ada z"),
    ("(Substitute x0 Number -1 'z')", "2120:4 2", "z120:4 2"),
    ("(Substitute x0 Number 3 'z')", "1 2", "1 2"),
    ("(SubstituteAll x0 Number 'z')", "12:4 2", "z:z z"),
    ("(SubstituteAll x0 PropCase 'q')", "ABc Aq", "q Aq"),
    ("(SubstituteAll x0 PropCase 'Q')", "ABc Aq", "AQ Q"),
    ("(Remove x0 Word 2)", "ada king", "ada "),
    ("(Remove x0 Char -1)", "aba", "ba"),
    ("(Remove x0 Number 1)", "ada", "ada"),
    ("(RemoveAll x0 Lower)", "Ada King", "A K"),
    ("(RemoveAll x0 Char)", "Ada-King", "-"),
]

ENUMERATIONS = {
    "case": ["UpperCase", "LowerCase", "ProperCase"],
    "token": ["Char", "Digit", "Number", "Word", "Alphanum", "AllCaps", "PropCase", "Lower"],
    "place": [f"@{place}" for place in range(-20, 21)],
    "delimiter": list(DELIMITERS),
    "character": [f"'{c}'" for c in string.ascii_letters + string.digits],
    "bool": ["Start", "End"],
}

NAMES: list[Row] = [
    *((name, (), value) for value, name in enumerate(ENUMERATIONS["case"])),
    *zip(ENUMERATIONS["token"], [()] * 8, (7, 6, 0, 1, 2, 3, 4, 5), strict=True),
    *((f"@{place}", (), place % 64) for place in range(-20, 21)),
    *((name, (), ord(sign)) for name, sign in DELIMITERS.items()),
    *((f"'{c}'", (), ord(c)) for c in string.ascii_letters + string.digits),
    ("Start", (), False),
    ("End", (), True),
    ("Token", (4,), 260),
    ("Mark", (44,), 44),
    ("Sign", (44,), 44),
]


def program(text: str) -> Program:
    """A program from one text to another."""
    return parse_program(text, robustfill, request="string -> string")


def row(text: str, given: str, value: str) -> Row:
    """The outermost call of a program."""
    call = program(text)
    assert isinstance(call, Apply)
    return call.primitive.name, tuple(argument(given) for argument in call.arguments), value


ROWS: list[Row] = [*NAMES, *(row(*case) for case in PROGRAMS)]
