"""From pieces to one program: adjacent fields of one value become one format, and adjacent constants one constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosynth.language.pieces import Piece, PieceKit
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.search.strategies.cover.paths import CONSTANT
from neurosynth.values.types import STRING

__all__ = ["assemble"]


def assemble(pieces: Sequence[Piece], kit: PieceKit) -> Program:
    """The program whose text is the concatenation of the pieces."""
    parts = list(_parts(pieces))
    program = parts.pop() if parts else Constant("", STRING)
    while parts:
        program = Apply(kit.concat, (parts.pop(), program))
    return program


def _parts(pieces: Sequence[Piece]) -> Iterator[Program]:
    text = ""
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.name == CONSTANT:
            text += piece.texts[0]
            at += 1
            continue
        if text:
            yield Constant(text, STRING)
            text = ""
        if piece.frame is not None:
            code, at = _field_run(pieces, at)
            yield piece.frame.write(code)
        else:
            yield piece.build()
            at += 1
    if text:
        yield Constant(text, STRING)


def _field_run(pieces: Sequence[Piece], at: int) -> tuple[str, int]:
    """The format of the longest run of fields of one value that starts at ``at``, including constants between them, and its end."""
    first = pieces[at]
    assert first.frame is not None
    code, pending, end = first.frame.code, "", at + 1
    fields = {first.frame.code[-1]}
    for i in range(at + 1, len(pieces)):
        piece = pieces[i]
        if piece.name == CONSTANT:
            escaped = first.frame.escape(piece.texts[0])
            if escaped is None:
                break
            pending += escaped
        elif piece.frame is not None and piece.value == first.value:
            if piece.frame.once and piece.frame.code[-1] in fields:
                break
            fields.add(piece.frame.code[-1])
            code, pending, end = code + pending + piece.frame.code, "", i + 1
        else:
            break
    return code, end
