"""The questions of ``solve --ask``: one input, the numbered outputs of the candidates, and an answer from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.primitive import UNDEFINED
from neurosynth.questions import QUESTIONS, answered
from neurosynth.ranking.questions import Question
from neurosynth.result import Asked
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["Dialogue", "parse_answer", "shown"]

CANDIDATES = 9
"""Maximum number of listed candidates, so that each has a number of one digit."""
AS_IT_IS = "="
"""Prefix for an answer that would otherwise be the number of a candidate, or empty."""


def shown(value: Any, t: Type) -> str:
    """A value as its type shows it on a terminal, or ``undefined``."""
    return "undefined" if value is UNDEFINED else domain_of(t).show(domain_of(t).freeze(value))


def parse_answer(line: str, question: Question, t: Type) -> Any:
    """The output that a typed line means: that of a listed candidate by its number, otherwise the value itself. A string is the literal
    line, and any other value is JSON. Raises: InputError: for a candidate without a value, or a line that is not a value of type ``t``,
    with what is allowed.
    """
    listed = question.answers[:CANDIDATES]
    numbered = line.strip()
    candidates = {str(number): value for number, (value, _, _) in enumerate(listed, 1)}
    if numbered in candidates:
        value = candidates[numbered]
        if value is UNDEFINED:
            raise InputError(f"candidate {numbered} has no output there, and an example needs one; type the output")
        return value
    domain = domain_of(t)
    try:
        return domain.from_line((line if domain.machine == "text" else numbered).removeprefix(AS_IT_IS))
    except InputError as error:
        raise InputError(f"the answer: {error}; or type 1 to {len(listed)} for a candidate") from None


@dataclass
class Dialogue:
    """Asks on standard error, and reads one answer per line from standard input."""

    task: Task
    asked: int = 0
    interrupted: bool = False
    """Whether a question was answered by an interrupt (Ctrl-C)."""

    def __call__(self, question: Question) -> Any:
        """An answer that fits the task, or None if there is none: an empty line, the end of the input, Ctrl-C."""
        self.asked += 1
        for line in self._lines(question):
            _say(line)
        while True:
            _say("> ", end="")
            line = self._read()
            if not line.strip():
                return None
            try:
                value = parse_answer(line, question, self.task.output_type)
                self.task = answered(self.task, question, value)
            except InputError as error:
                _say(str(error))
            else:
                _say(f"answer: {shown(value, self.task.output_type)}")
                return value

    def tell(self, asked: Asked) -> None:
        """Report what the last answer changed."""
        _say(str(asked))

    def _read(self) -> str:
        """A line without its end; empty at the end of the input."""
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except KeyboardInterrupt:
            self.interrupted = True
        except UnicodeDecodeError as error:
            _say(f"standard input cannot be read as {error.encoding}: {error.reason}; no more questions")
        return ""

    def _lines(self, question: Question) -> Iterator[str]:
        t = self.task.output_type
        yield f"Question {self.asked} of at most {QUESTIONS}: {_why(question)} What is the output?"
        for i, value, parameter in zip(self.task.inputs, question.inputs, self.task.parameters, strict=True):
            yield f"    {i.name or i.head} = {shown(value, parameter)}"
        listed = question.answers[:CANDIDATES]
        outputs = [shown(value, t) for value, _, _ in listed]
        width = max(map(len, outputs))
        for number, (output, (_, share, program)) in enumerate(zip(outputs, listed, strict=True), 1):
            yield f"  {number}. {output:{width}}  {share:4.0%}  {program}"
        if len(question.answers) > len(listed):
            yield f"  … and {len(question.answers) - len(listed)} less likely ones"
        own = "the output" if domain_of(t).machine == "text" else f"the output, {domain_of(t).json_form}"
        yield f"Type the number of a candidate, or {own} (after {AS_IT_IS} it is taken literally); an empty line ends the questions."


def _why(question: Question) -> str:
    """The reason for the question, in a sentence."""
    if question.agreed:
        return "this row looks unlike the examples."
    return "the programs found disagree here." if question.row is None else "the programs found disagree on this row."


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
