"""Corpora of programs, for fitting the guides that count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from neurosynth.errors import InputError, ParseError
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Constant, Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.files import read_text

__all__ = ["Corpus", "corpus", "encode_programs", "load_programs"]

_COMMENT = re.compile(
    r"#(?!(x[0-9a-fA-F]+|b[01]+)$)"
)  # the prefix of a comment, unless the line is a single bit-vector literal


@dataclass(frozen=True, slots=True, eq=False)
class Corpus(Sequence[Program]):
    """Programs of one language."""

    programs: tuple[Program, ...]
    language: Language
    skipped: tuple[str, ...] = ()
    """For each line that was left out, its place and the problem."""

    def __len__(self) -> int:
        return len(self.programs)

    @overload
    def __getitem__(self, index: int) -> Program: ...
    @overload
    def __getitem__(self, index: slice) -> Corpus: ...
    def __getitem__(self, index: int | slice) -> Program | Corpus:
        if isinstance(index, slice):
            return Corpus(self.programs[index], self.language)
        return self.programs[index]

    def __str__(self) -> str:
        tail = f", {len(self.skipped)} lines skipped" if self.skipped else ""
        return f"{len(self)} programs of language {self.language.name!r}{tail}"


def load_programs(path: str | Path, language: Language | str, *, on_error: str = "raise") -> Corpus:
    """The programs of a file: one s-expression per line; empty lines and lines that start with # are ignored. A file named ``.jsonl``
    has one JSON object per line, with the fields ``program`` and, if known, ``type``, as ``neurosynth sample`` writes them.

    Args:
        path: the file, UTF-8.
        language: an object, or the name of a plugin.
        on_error: ``raise`` refuses the file at its first line that does not parse; ``skip`` uses the rest and records the problems in
            ``Corpus.skipped``.

    Raises:
        InputError: for a file that cannot be read, a line that does not parse (named), or no program at all.
    """
    if on_error not in ("raise", "skip"):
        raise InputError(f"on_error is {on_error!r}; allowed: 'raise', 'skip'")
    chosen = load_language(language) if isinstance(language, str) else language
    file = Path(path)
    programs, skipped = [], []
    for number, line in enumerate(read_text(file).split("\n"), 1):
        text = line.strip()
        if not text or _COMMENT.match(text):
            continue
        try:
            programs.append(_json_program(text, chosen) if file.suffix == ".jsonl" else parse_program(text, chosen))
        except InputError as error:
            column = f", column {error.column}" if isinstance(error, ParseError) and file.suffix != ".jsonl" else ""
            detail = error.detail if isinstance(error, ParseError) else error
            message = f"{file}, line {number}{column}: {detail}"
            if on_error == "raise":
                raise InputError(f"{message}; correct the line, or use the rest with on_error='skip'") from None
            skipped.append(message)
    if not programs:
        first = f"; first of {len(skipped)} lines that do not parse: {skipped[0]}" if skipped else ""
        raise InputError(f"{file}: no programs of language {chosen.name!r}{first}; give one s-expression a line")
    return Corpus(tuple(programs), chosen, tuple(skipped))


def _json_program(line: str, language: Language) -> Program:
    """The program of a line of JSON."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"invalid JSON: {error}") from None
    match row:
        case {"program": str() as text, "type": str() as request}:
            return parse_program(text, language, request=request)
        case {"program": str() as text}:
            return parse_program(text, language)
    raise InputError('no field "program"; each line is an object with one, and a "type" where known, both strings')


def corpus(programs: Iterable[Program], language: Language | str | None = None) -> Corpus:
    """Programs together with their language; the result of :func:`load_programs` has its own. Raises: InputError: for no programs, or
    if the language is unknown.
    """
    if isinstance(language, str):
        language = load_language(language)
    if language is None:
        if not isinstance(programs, Corpus):
            raise InputError("fit: which language are the programs of? give fit(programs, language)")
        language = programs.language
    found = programs.programs if isinstance(programs, Corpus) else tuple(programs)
    if not found:
        raise InputError(f"fit: an empty corpus; give at least one program of language {language.name!r}")
    return Corpus(found, language)


def encode_programs(programs: Iterable[Program], vocabulary: Vocabulary) -> Iterator[list[int]]:
    """Token ids of programs without their tasks: constant slots point to the language's, then to the program's own.

    Raises:
        InputError: for a program with a token that the vocabulary lacks, which the message names.
    """
    known = vocabulary.constants()
    for number, program in enumerate(programs, 1):
        try:
            yield vocabulary.encode(program, known)
        except InputError:
            own = [node for node in program.subprograms() if isinstance(node, Constant)]
            try:
                yield vocabulary.encode(program, vocabulary.constants(own))
            except InputError as error:
                raise InputError(f"program {number} of the corpus, {program}: {error}") from None
