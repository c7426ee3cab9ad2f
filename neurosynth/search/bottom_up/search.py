"""Bottom-up enumeration by integer cost with observational equivalence.

Programs are built in order of cost from the distinct values already known (Udupa et al., PLDI 2013, TRANSIT;
Albarghouthi et al., CAV 2013). Tasks with many examples are searched on a few and verified on all; a program that is
wrong on another example adds it (CEGIS). Small tasks are enumerated on Python objects; if that is not enough, the
search restarts in compiled loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from neurosynth.search.base import Outcome, SearchRequest
from neurosynth.search.bottom_up.enumeration import Enumeration
from neurosynth.search.config import BottomUpConfig
from neurosynth.search.runner import Runner

__all__ = ["BottomUp"]


@dataclass(frozen=True, kw_only=True)
class BottomUp(BottomUpConfig):
    """Bottom-up enumeration alone; every program of a cost before any of a higher cost."""

    name: str = field(default="bottom-up", init=False)

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion."""
        return self._run(request, compiled=False)

    def _run(self, request: SearchRequest, *, compiled: bool) -> Outcome:
        run = Runner(request, policy=self.policy, alternatives=self.alternatives)
        beside = replace(self, learn=False)
        return run.run(
            Enumeration(self, request, run, lambda r: beside._run(r, compiled=self.compiled), compiled=compiled)
        )
