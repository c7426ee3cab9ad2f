"""From program text to a tree of words and brackets with positions, and from positions to messages.
:mod:`neurosynth.language.inference` adds types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from neurosynth.errors import ParseError
from neurosynth.language.program import Constant
from neurosynth.values.types import STRING

__all__ = ["MAX_NESTING", "Atom", "Bracket", "Group", "Known", "Node", "Source", "is_lambda", "read"]

MAX_NESTING = 150
"""Maximum depth of brackets inside brackets; beyond it, recursion over a program would exceed Python's stack."""

_WIDTH = 100  # number of characters of a long line in a message
_CLOSING = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Atom:
    """A word; ``quoted`` if it was between bars, so that it can only be a name."""

    start: int
    end: int
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A literal whose type is obvious: a string, or a constant that was given as a value."""

    start: int
    end: int
    constant: Constant


@dataclass(frozen=True, slots=True)
class Group:
    """``( … )``."""

    start: int
    end: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """``[ … ]``."""

    start: int
    end: int
    items: tuple[Node, ...]


Node = Atom | Known | Group | Bracket


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the language it is in; makes the messages that point into it."""

    text: str
    language: str

    def at(self, node: Node) -> str:
        """The node's own text, blanks and line breaks as one blank."""
        return re.sub(r"\s*\n\s*", " ", self.text[node.start : node.end])

    def brief(self, node: Node) -> str:
        """The node's own text, without the middle if it is long."""
        text = self.at(node)
        return text if len(text) <= 60 else f"{text[:40]} … {text[-15:]}"

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def error(self, kind: str, start: int, end: int, *facts: str) -> ParseError:
        """A message with the line, carets from ``start`` to ``end`` (within the line), and the facts below."""
        line, column = self.place(start)
        first = start - column + 1
        last = self.text.find("\n", start)
        shown = self.text[first : last if last >= 0 else len(self.text)].rstrip()
        before, carets = column - 1, max(1, min(end, first + len(shown)) - start)
        if len(shown) > _WIDTH:
            cut = max(0, min(before - _WIDTH // 4, len(shown) - _WIDTH))
            tail = "…" if len(shown) > cut + _WIDTH else ""
            carets = max(1, min(carets, cut + _WIDTH - before))
            shown, before = ("…" if cut else "") + shown[cut : cut + _WIDTH] + tail, before - cut + bool(cut)
        pad = "".join("\t" if ch == "\t" else " " for ch in shown[:before])
        pad += " " * (before - len(pad))
        head = f"{kind} in language {self.language!r}, line {line}, column {column}"
        rest = "".join(f"\n  {fact}" for fact in facts if fact)
        return ParseError(
            f"{head}\n    {shown}\n    {pad}{'^' * carets}{rest}", line=line, column=column, detail=facts[0]
        )


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = Path(__file__).with_name("sexpr.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", propagate_positions=True)


def read(source: Source) -> Node:
    """The tree of a text.

    Raises:
        ParseError: for empty, truncated or overlong text, brackets that do not match, strings without an end.
    """
    try:
        tree = _parser().parse(source.text)
    except UnexpectedCharacters as error:
        raise _no_end(source, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        raise _unexpected(source, error.token) from None
    nodes: dict[int, Node] = {}
    depths: dict[int, int] = {}
    for sub in tree.iter_subtrees():  # children come before their parents, whatever the depth
        node = _node(source, sub, nodes)
        inner = max((depths[id(c)] for c in sub.children if isinstance(c, Tree)), default=0)
        depths[id(sub)] = inner + (sub.data in ("group", "bracket"))
        if depths[id(sub)] > MAX_NESTING:
            raise source.error(
                "syntax error",
                node.start,
                node.start + 1,
                f"nested deeper than {MAX_NESTING} brackets; allowed: {MAX_NESTING}",
            )
        nodes[id(sub)] = node
    return nodes[id(tree)]


def _node(source: Source, tree: Tree[Token], nodes: dict[int, Node]) -> Node:
    inner = tuple(nodes[id(c)] for c in tree.children if isinstance(c, Tree))
    if tree.data == "start":
        return inner[0]
    start, end = tree.meta.start_pos, tree.meta.end_pos
    if tree.data == "group":
        return Group(start, end, inner)
    if tree.data == "bracket":
        return Bracket(start, end, inner)
    token = str(tree.children[0])
    if tree.data == "string":
        return Known(start, end, Constant(_unescape(source, token, start), STRING))
    if token.startswith("|"):
        return Atom(start, end, re.sub(r"\\(.)", r"\1", token[1:-1]), quoted=True)
    return Atom(start, end, token)


_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]{1,6})\}|.)", re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


def _unescape(source: Source, token: str, start: int) -> str:
    def one(match: re.Match[str]) -> str:
        if match.group(2) is not None and int(match.group(2), 16) <= 0x10FFFF:
            return chr(int(match.group(2), 16))
        if match.group(1) in _ESCAPED:
            return _ESCAPED[match.group(1)]
        at = start + 1 + match.start()
        allowed = r"allowed: \" \\ \n \t \r \u{hex digits up to 10ffff}"
        raise source.error(
            "syntax error", at, at + len(match.group()), f"unknown escape in a string: {match.group()}", allowed
        )

    return _ESCAPE.sub(one, token[1:-1])


def _no_end(source: Source, at: int) -> ParseError:
    quote = source.text[at]
    what = "string" if quote == '"' else "name between bars"
    return source.error(
        "syntax error", at, len(source.text), f"a {what} opens here and has no end", f"add {quote} where it ends"
    )


def _unexpected(source: Source, token: Token) -> ParseError:
    end = token.type == "$END"
    at = len(source.text) if end else token.start_pos or 0
    opened: list[Token] = []  # brackets that are open at the position of the error
    seen = False
    for other in _parser().lex(source.text[:at]):
        seen = True
        if other in _CLOSING:
            opened.append(other)
        elif other in _CLOSING.values():
            opened.pop()
    if end and not seen:
        return source.error(
            "syntax error", 0, 1, "the text is empty", "expected a program: x0, 1 or (primitive argument …)"
        )
    if end:
        closing = "".join(_CLOSING[o] for o in reversed(opened))
        line, column = source.place(opened[-1].start_pos or 0)
        count = "1 bracket" if len(opened) == 1 else f"{len(opened)} brackets"
        return source.error(
            "syntax error",
            len(source.text.rstrip()),
            at,
            f"the text ends with {count} open; the innermost opened at line {line}, column {column}",
            f"if nothing else is missing, add {closing}" if len(closing) <= 20 else "",
        )
    if opened:
        line, column = source.place(opened[-1].start_pos or 0)
        wanted = _CLOSING[opened[-1]]
        return source.error(
            "syntax error",
            at,
            at + 1,
            f"{token} does not close the {opened[-1]} of line {line}, column {column}",
            f"expected {wanted}",
        )
    if not seen:
        return source.error(
            "syntax error", at, at + 1, f"{token} closes nothing", "expected a program: x0, 1 or (primitive argument …)"
        )
    return source.error(
        "syntax error",
        at,
        len(source.text.rstrip()),
        "the program is complete before this",
        "remove the rest, or put all of it into one pair of parentheses",
    )


def is_lambda(node: Node) -> bool:
    """Whether a node is written as a lambda."""
    match node:
        case Group(items=(Atom(text="lambda", quoted=False), *_)):
            return True
    return False
