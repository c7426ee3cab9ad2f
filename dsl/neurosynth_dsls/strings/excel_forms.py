"""The forms of the primitives of ``strings`` in spreadsheet formulas.

``SUBSTITUTE(s, separator, REPT(filler, LEN(s) + 1))`` puts piece n of a text into the window of LEN(s) + 1 characters that starts at n
times that length: formulas have no lists, and this is the usual way to write "word n". White space is blank, tab and line ends here;
upper and lower case are the spreadsheet's. Runs of letters and digits have no form.
"""

from __future__ import annotations

from collections.abc import Mapping

from neurosynth.export.base import ExportError
from neurosynth.export.excel import excel_literal
from neurosynth.export.expressions import Form, FormCall
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.values.types import STRING

__all__ = ["EXCEL", "blanks_as_blank", "last_place", "number_at", "piece", "word"]

_NEVER_NEGATIVE = frozenset(
    {"str.len", "text.index", "text.rindex", "text.index_from", "text.match_start", "text.match_end"}
)


CELL = 32767
"""Maximum number of characters in a cell."""


def never_negative(program: Program) -> bool:
    """Whether a whole number is known to be at least 0."""
    if isinstance(program, Constant):
        return bool(program.value >= 0)
    if not isinstance(program, Apply):
        return False
    name = program.primitive.name
    return name in _NEVER_NEGATIVE or (name == "+" and all(map(never_negative, program.arguments)))


def place_at(call: FormCall, position: int) -> str:
    """The expression of an argument that is a position.

    An unknown number is limited to the maximum length of a cell, because formulas refuse larger positions and lengths.
    """
    program, written = call.programs[position], call[position]
    return written if isinstance(program, Constant) or never_negative(program) else f"MIN({written},{CELL})"


def number_at(call: FormCall, position: int) -> int | None:
    """A constant argument; None for a computed one."""
    return int(call.constant(position)) if call.is_constant(position) else None


def _constant_text(call: FormCall, position: int) -> str:
    """A separator: formulas need its length, and whether it is empty."""
    return str(call.constant(position))


def blanks_as_blank(s: str) -> str:
    """Tabs and line ends replaced by blanks."""
    for code in (9, 10, 13):
        s = f'SUBSTITUTE({s},CHAR({code})," ")'
    return s


def last_place(s: str, c: str) -> str:
    """Position of the last occurrence of the single character ``c``, from 1; an error if there is none."""
    return f'FIND(CHAR(1),SUBSTITUTE({s},{c},CHAR(1),LEN({s})-LEN(SUBSTITUTE({s},{c},""))))'


def word(s: str, n: int) -> str:
    """Word n, from 0 or from -1 backwards."""
    words, width = f"TRIM({blanks_as_blank(s)})", f"(LEN({s})+1)"
    spread = f'SUBSTITUTE({words}," ",REPT(" ",{width}))'
    if n >= 0:
        start = "1" if n == 0 else f"{n}*{width}+1"
        return f"TRIM(MID({spread},{start},{width}))"
    if n == -1:
        return f"TRIM(RIGHT({spread},{width}))"
    enough = f'LEN({words})-LEN(SUBSTITUTE({words}," ",""))>={-n - 1}'
    return f'IF({enough},TRIM(LEFT(RIGHT({spread},{-n}*{width}),{width})),"")'


def piece(s: str, separator: str, n: int) -> str:
    """Piece n between separators, from 0 or from -1 backwards."""
    if not separator:
        return s if n in (0, -1) else '""'
    quoted, width = excel_literal(separator), f"(LEN({s})+1)"
    if n == 0:
        return f"IFERROR(LEFT({s},FIND({quoted},{s})-1),{s})"
    if n == -1 and len(separator) == 1:
        return f"IFERROR(MID({s},{last_place(s, quoted)}+1,LEN({s})),{s})"
    spread = f"SUBSTITUTE({s},{quoted},REPT(CHAR(1),{width}))"
    if n > 0:
        return f'SUBSTITUTE(MID({spread},{n}*{width}+1,{width}),CHAR(1),"")'
    count = f'(LEN({s})-LEN(SUBSTITUTE({s},{quoted},"")))/{len(separator)}'
    place = f"({count}-{-n - 1})"
    return f'IF({place}<0,"",SUBSTITUTE(MID({spread},{place}*{width}+1,{width}),CHAR(1),""))'


def _word(call: FormCall) -> str:
    return word(call[0], int(call.constant(1)))


def _field(call: FormCall) -> str:
    return piece(call[0], _constant_text(call, 1), int(call.constant(2)))


def _at(call: FormCall) -> str:
    n = number_at(call, 1)
    if n is not None:
        return f"MID({call[0]},{n + 1},1)" if n >= 0 else '""'
    found = f"MID({call[0]},{place_at(call, 1)}+1,1)"
    return found if never_negative(call.programs[1]) else f'IF({call[1]}>=0,{found},"")'


def _substring(call: FormCall) -> str:
    i, n = number_at(call, 1), number_at(call, 2)
    if (i is not None and i < 0) or (n is not None and n <= 0):
        return '""'
    start = str(i + 1) if i is not None else f"{place_at(call, 1)}+1"
    found = f"MID({call[0]},{start},{place_at(call, 2)})"
    tests = [f"{call[1]}>=0"] * (not never_negative(call.programs[1])) + [f"{call[2]}>0"] * (n is None)
    if not tests:
        return found
    return f'IF({tests[0] if len(tests) == 1 else f"AND({tests[0]},{tests[1]})"},{found},"")'


def _replace_first(call: FormCall) -> str:
    s, pattern, by = call.arguments
    if call.is_constant(1):
        return f"SUBSTITUTE({s},{pattern},{by},1)" if call.constant(1) else f"{by}&{s}"
    return f'IF({pattern}="",{by}&{s},SUBSTITUTE({s},{pattern},{by},1))'


def _replace_all(call: FormCall) -> str:
    s, pattern, by = call.arguments
    if call.is_constant(1):
        return f"SUBSTITUTE({s},{pattern},{by})" if call.constant(1) else s
    return f'IF({pattern}="",{s},SUBSTITUTE({s},{pattern},{by}))'


def _index_of(call: FormCall) -> str:
    s, pattern, start = call.arguments
    first = number_at(call, 2)
    if first is not None and first < 0:
        return "(-1)"
    if first is not None and call.is_constant(1) and call.constant(1):
        return f"IFERROR(FIND({pattern},{s}{f',{first + 1}' if first else ''})-1,-1)"
    found = f"IFERROR(FIND({pattern},{s},{start}+1)-1,-1)"
    return f'IF(OR({start}<0,{start}>LEN({s})),-1,IF({pattern}="",{start},{found}))'


def _last_index_of(call: FormCall) -> str:
    pattern = _constant_text(call, 1)
    if not pattern:
        return f"LEN({call[0]})"
    if len(pattern) > 1:
        raise ExportError(
            f"{call.primitive.name}: a formula finds the last of one character, not of {pattern!r}; export this program to python"
        )
    return f"IFERROR({last_place(call[0], call[1])}-1,-1)"


def _contains(call: FormCall) -> str:
    s, pattern = call.arguments
    if call.is_constant(1):
        return f"ISNUMBER(FIND({pattern},{s}))" if call.constant(1) else "TRUE"
    return f'OR({pattern}="",ISNUMBER(FIND({pattern},{s})))'


def _before(call: FormCall) -> str:
    separator = _constant_text(call, 1)
    return f"IFERROR(LEFT({call[0]},FIND({call[1]},{call[0]})-1),{call[0]})" if separator else '""'


def _after(call: FormCall) -> str:
    separator = _constant_text(call, 1)
    if not separator:
        return call[0]
    return f'IFERROR(MID({call[0]},FIND({call[1]},{call[0]})+{len(separator)},LEN({call[0]})),"")'


def _take(call: FormCall) -> str:
    s, n = call[0], number_at(call, 1)
    if n is None:
        forward = f"LEFT({s},{call[1]})"
        return (
            forward
            if never_negative(call.programs[1])
            else f"IF({call[1]}>=0,LEFT({s},MIN(MAX({call[1]},0),{CELL})),LEFT({s},MAX(LEN({s})+{call[1]},0)))"
        )
    return f"LEFT({s},{n})" if n >= 0 else f"LEFT({s},MAX(LEN({s})-{-n},0))"


def _drop(call: FormCall) -> str:
    s, n = call[0], number_at(call, 1)
    if n is None:
        forward = f"MID({s},{call[1]}+1,LEN({s})+1)"
        return (
            forward
            if never_negative(call.programs[1])
            else f"IF({call[1]}>=0,MID({s},MIN(MAX({call[1]},0),{CELL})+1,LEN({s})+1),RIGHT({s},MIN(MAX(-{call[1]},0),{CELL})))"
        )
    return s if n == 0 else f"MID({s},{n + 1},LEN({s})+1)" if n > 0 else f"RIGHT({s},{-n})"


def _trim(call: FormCall) -> str:
    s = call[0]
    clean = blanks_as_blank(s)
    first = f"FIND(LEFT(TRIM({clean}),1),{s})"
    last = last_place(s, f"RIGHT(TRIM({clean}),1)")
    return f'IF(TRIM({clean})="","",MID({s},{first},{last}-{first}+1))'


def without_digits(s: str) -> str:
    """A text without 0 to 9."""
    for digit in range(10):
        s = f'SUBSTITUTE({s},"{digit}","")'
    return s


def _same(call: FormCall) -> str:
    a, b = call.arguments
    return f"EXACT({a},{b})" if call.programs[0].type == STRING else f"{a}={b}"


def padded(call: FormCall, left: bool) -> str:
    """A text padded with a character, on the left or the right."""
    s, n, c = call.arguments
    fill = f"REPT(LEFT({c},1),MAX({n}-LEN({s}),0))"
    if call.is_constant(2):
        character = str(call.constant(2))[:1]
        fill = f"REPT({excel_literal(character)},MAX({n}-LEN({s}),0))"
    return f"{fill}&{s}" if left else f"{s}&{fill}"


EXCEL: Mapping[str, Form] = {
    "ite": "IF({0},{1},{2})",
    "=": _same,
    "and": "AND({0},{1})",
    "or": "OR({0},{1})",
    "not": "NOT({0})",
    "=>": "OR(NOT({0}),{1})",
    "str.++": "{0}&{1}",
    "str.at": _at,
    "str.substr": _substring,
    "str.replace": _replace_first,
    "str.replace_all": _replace_all,
    "str.len": "LEN({0})",
    "str.indexof": _index_of,
    "str.rindexof": _last_index_of,
    "str.prefixof": "EXACT(LEFT({1},LEN({0})),{0})",
    "str.suffixof": "EXACT(RIGHT({1},LEN({0})),{0})",
    "str.contains": _contains,
    "str.is_digit": 'AND(LEN({0})=1,ISNUMBER(FIND({0},"0123456789")))',
    "str.to.int": lambda call: f'IF(AND({call[0]}<>"",{without_digits(call[0])}=""),IFERROR(VALUE({call[0]}),-1),-1)',
    "int.to.str": 'IF({0}>=0,TEXT({0},"0"),"")',
    "str.to_code": "IF(LEN({0})=1,UNICODE({0}),-1)",
    "+": "{0}+{1}",
    "-": "{0}-{1}",
    "neg": "-{0}",
    "<": "{0}<{1}",
    "<=": "{0}<={1}",
    ">": "{0}>{1}",
    ">=": "{0}>={1}",
    "str.lower": "LOWER({0})",
    "str.upper": 'UPPER(SUBSTITUTE({0},"ß","SS"))',
    "str.title": "PROPER({0})",
    "str.trim": _trim,
    "str.word": _word,
    "str.field": _field,
    "str.before": _before,
    "str.after": _after,
    "str.take": _take,
    "str.drop": _drop,
    "str.drop_digits": lambda call: without_digits(call[0]),
    "str.collapse": lambda call: f"TRIM({blanks_as_blank(call[0])})",
    "str.capitalize": "UPPER(LEFT({0},1))&LOWER(MID({0},2,LEN({0})+1))",
    "str.pad_left": lambda call: padded(call, left=True),
    "is_missing": '{0}=""',
    "first_present": 'IF({0}="",{1},{0})',
}
