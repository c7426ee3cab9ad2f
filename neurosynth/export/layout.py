"""From an expression full of parentheses to the form that a person would write. Unnecessary parentheses are removed, texts joined by
``+`` become an f-string if that reads better, ``not a == b`` becomes ``a != b``, texts get double quotes, and patterns become raw
texts.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

__all__ = ["quoted", "simplified"]

_SHORT = 40
"""Maximum number of characters of an expression inside an f-string."""


class _Hex(int):
    """A number that is written in hexadecimal digits."""

    def __repr__(self) -> str:
        return hex(self)


def simplified(expression: str) -> str:
    """The same expression in its final layout; numbers in hexadecimal digits keep them."""
    tree = ast.parse(expression, mode="eval")
    source = expression.encode()
    lines = [0, *(i + 1 for i, byte in enumerate(source) if byte == ord("\n"))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            start = lines[node.lineno - 1] + node.col_offset
            if source[start : start + 2] == b"0x":
                node.value = _Hex(node.value)
    changed = ast.fix_missing_locations(_Plainer().visit(tree))
    return quoted(_unbracketed(ast.unparse(changed)))


_TAKES_ANY = frozenset({"join", "sum", "sorted", "any", "all", "min", "max"})


def _unbracketed(source: str) -> str:
    """``join([f(x) for x in y])`` without its square brackets: a function that accepts any iterable needs no list."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    opened: list[tuple[int, bool]] = []
    dropped: set[int] = set()
    for i, token in enumerate(tokens):
        if token.string in ("(", "[", "{"):
            alone = token.string == "[" and i > 1 and tokens[i - 1].string == "(" and tokens[i - 2].string in _TAKES_ANY
            opened.append((i, alone))
        elif token.string in (")", "]", "}"):
            start, alone = opened.pop()
            words = {t.string for t in tokens[start:i]}
            if alone and "for" in words and tokens[i + 1].string == ")":
                dropped |= {start, i}
    text, end = "", 0
    for i in sorted(dropped):
        place = _offset(source, tokens[i].start)
        text += source[end:place]
        end = place + 1
    return text + source[end:]


def _offset(source: str, place: tuple[int, int]) -> int:
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: place[0] - 1])) + place[1]


_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


class _Plainer(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            other = _NEGATED.get(type(inner.ops[0]))
            if other is not None:
                return ast.copy_location(ast.Compare(inner.left, [other()], inner.comparators), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.GeneratorExp):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (
                name in _TAKES_ANY
            ):  # in square brackets, which are removed later: unparsing puts a generator in two pairs of parentheses
                node.args = [ast.copy_location(ast.ListComp(node.args[0].elt, node.args[0].generators), node.args[0])]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.Add):
            return self.generic_visit(node)
        operands = _summed([self.visit(operand) for operand in _addends(node)])
        if _reads_better_joined(operands):
            return ast.copy_location(ast.JoinedStr(list(_joined(operands))), node)
        total = operands[0]
        for operand in operands[1:]:
            total = ast.copy_location(ast.BinOp(total, ast.Add(), operand), node)
        return total


def _addends(node: ast.expr) -> Iterator[ast.expr]:
    """The summands, from left to right; parentheses on the right are dropped only for texts, where they have no effect."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
        yield node
        return
    yield from _addends(node.left)
    right = list(_addends(node.right))
    if len(right) > 1 and not any(_is_text(r) for r in [*right, *_addends(node.left)]):
        yield node.right
    else:
        yield from right


def _summed(operands: list[ast.expr]) -> list[ast.expr]:
    """``x + 1 + 24`` as ``x + 25``."""
    while len(operands) > 2 and all(isinstance(o, ast.Constant) and type(o.value) is int for o in operands[-2:]):
        total = sum(o.value for o in operands[-2:])  # type: ignore[attr-defined]  # two integers, asked for above
        operands = [*operands[:-2], ast.copy_location(ast.Constant(total), operands[-1])]
    return operands


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _reads_better_joined(operands: list[ast.expr]) -> bool:
    if not any(_is_text(o) for o in operands):
        return False
    if len(operands) < 3 and not any(isinstance(o, ast.JoinedStr) for o in operands):
        return False
    return all(_is_text(o) or _fits_inside(o) for o in operands)


def _fits_inside(node: ast.expr) -> bool:
    """Python 3.11 allows neither backslashes nor a further kind of quotes inside the braces of an f-string."""
    if isinstance(node, (ast.IfExp, ast.Lambda, ast.BoolOp, ast.NamedExpr, ast.GeneratorExp)):
        return False
    text = ast.unparse(node)
    return len(text) <= _SHORT and not any(ch in text for ch in "'\"\\\n{}")


def _joined(operands: list[ast.expr]) -> Iterator[ast.expr]:
    text = ""
    for operand in operands:
        parts = operand.values if isinstance(operand, ast.JoinedStr) else [operand]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                text += part.value
                continue
            if text:
                yield ast.Constant(text)
                text = ""
            yield part if isinstance(part, ast.FormattedValue) else ast.FormattedValue(part, -1, None)
    if text:
        yield ast.Constant(text)


def quoted(source: str) -> str:
    """The same source with texts in double quotes if they contain none, and patterns in raw texts."""
    result, end = "", 0
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for (row, column), (last_row, last_column) in _texts(source):
        first, last = starts[row - 1] + column, starts[last_row - 1] + last_column
        result += source[end:first] + _requoted(source[first:last])
        end = last
    return result + source[end:]


Place = tuple[int, int]


def _texts(source: str) -> Iterator[tuple[Place, Place]]:
    """The start and end of texts; from Python 3.12 on, an f-string is several tokens."""
    depth, start = 0, (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "FSTRING_START":
            start = start if depth else token.start
            depth += 1
        elif kind == "FSTRING_END":
            depth -= 1
            if not depth:
                yield start, token.end
        elif kind == "STRING" and not depth:
            yield token.start, token.end


def _requoted(token: str) -> str:
    prefix = token[: token.index("'")] if "'" in token and not token.startswith('"') else None
    if prefix is None or token.endswith('"') or '"' in token or token.startswith(f"{prefix}'''"):
        return token
    body = token[len(prefix) + 1 : -1]
    if prefix == "" and "\\\\" in body and body.replace("\\\\", "").find("\\") < 0 and not body.endswith("\\\\"):
        return 'r"' + body.replace("\\\\", "\\") + '"'
    if "\\'" in body and not prefix:
        body = body.replace("\\'", "'")
    return f'{prefix}"{body}"'
