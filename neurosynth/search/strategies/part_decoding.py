"""The programs that a guide of tokens generates for a part of a task, which is a small task of its own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.program import Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.runner import Runner
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import Type

__all__ = ["BLOCK", "PartDecoding"]

BLOCK = 32
"""Number of programs that a part gets at a time."""


class PartDecoding:
    """Decoding for one part, which continues from turn to turn."""

    def __init__(
        self,
        request: SearchRequest,
        guide: SequenceGuide,
        runner: Runner,
        examples: Sequence[Example],
        wanted: Type,
        grammar: Grammar,
    ) -> None:
        """
        Args:
            request: of the whole task.
            guide: reads the examples of the part.
            runner: of the search that takes the steps.
            examples: of the part.
            wanted: the type of the part.
            grammar: of the part.
        """
        self.task = Task(examples, "a part", type=wanted, constants=request.task.constants)
        asked = replace(request, task=self.task, grammar=grammar, sequence=guide)
        self.run = Beam(programs=BLOCK // Beam.width, unlikely=BLOCK // Beam.width, joins=0).beside(
            asked, runner, set()
        )
        self._steps = iter(self.run)
        self._evaluator = Evaluator(checking_budget(self.task))

    @property
    def tried(self) -> int:
        """Number of programs so far."""
        return self.run.tried

    @property
    def answered(self) -> float:
        """The share of the examples, or of the first few of them, on which the best program is right."""
        return min(1.0, max(0, self.run.most_right) / min(self.run.config.examples, len(self.task.examples)))

    def run_until(
        self, programs: int, refused: Callable[[Program], bool] = lambda program: False
    ) -> Generator[Step, None, Program | None]:
        """Run the likeliest programs, up to so many in all; the result is one that is right on all examples and not refused."""
        while self.run.tried < programs:
            step = next(self._steps, None)
            if step is None:
                break
            if not isinstance(step, Candidate):
                yield step
                continue
            yield Tried(step.tried)
            if self.right(step.program) == len(self.task.examples) and not refused(step.program):
                return step.program
        yield Tried(self.run.take_untold())
        return None

    def right(self, program: Program) -> int:
        """Number of the first examples on which a program is right, until one on which it is not."""
        for number, e in enumerate(self.task.examples):
            if self._evaluator.run(program, e.inputs) != e.output:
                return number
        return len(self.task.examples)

    def mask(self, program: Program) -> int:
        """The examples on which a program is right, as bits."""
        found = 0
        for number, e in enumerate(self.task.examples):
            found |= (self._evaluator.run(program, e.inputs) == e.output) << number
        return found

    def close(self) -> None:
        """End the decoding."""
        self._steps.close()
