"""The search ``shortest``: several programs from bottom-up search, the one with the fewest nodes first."""

from dataclasses import dataclass, field, replace
from typing import Literal

from neurosynth import BottomUp, Outcome, SearchRequest


@dataclass(frozen=True, kw_only=True)
class Shortest:
    """Asks bottom-up search for a few programs and puts the shortest first."""

    name: str = field(default="shortest", init=False)
    needs: Literal["rules"] = field(default="rules", init=False)
    programs: int = 3
    """How many to choose from."""
    seconds: float = 1.0
    """Longest wait for them."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search, then sort."""
        outcome = BottomUp().run(request)
        left = request.limits.seconds - outcome.stats.seconds
        if outcome.programs and left > 0:
            limits = replace(request.limits, seconds=min(left, self.seconds))
            more = BottomUp().run(replace(request, limits=limits, top=self.programs))
            known = dict.fromkeys([*outcome.programs, *more.programs])
            outcome.programs = sorted(known)[: max(request.top, 1)]
        return outcome
