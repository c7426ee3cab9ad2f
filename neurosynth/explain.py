"""Explains a result: who found what, the use of each strategy, what was ruled out, what was close, and what could be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth import notebook
from neurosynth.advice import Findings, many, short, shown, suggestions
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant, Lambda, Program, Variable
from neurosynth.ranking.agreement import read_inputs
from neurosynth.ranking.evidence import MEANINGS
from neurosynth.ranking.exchanged import EXCHANGED
from neurosynth.search.base import StrategyUse
from neurosynth.tasks.checking import failing
from neurosynth.tasks.json_io import value_to_json
from neurosynth.tasks.task import Example
from neurosynth.values.types import Arrow, Type

__all__ = ["Explanation", "explain", "node_values"]

REASON = 0.1
"""Minimum contribution to the log odds for which a reason for a confidence is named."""
REASONS = 4
"""Maximum number of reasons for an answer, and of reasons against it."""
_MEANINGS = {
    **MEANINGS,
    EXCHANGED: "programs as likely that read the same parts in another order, such as day and month",
}
ENUMERATION = "enumeration"
SHOWN = 8
"""Maximum number of examples in a table, of nodes of a program, and of listed programs; the smallest nodes are left out."""


def explain(findings: Findings) -> Explanation:
    """The explanation of a search."""
    return Explanation(findings)


@dataclass(frozen=True)
class Explanation:
    """Prints itself; :meth:`to_json` gives the same in machine-readable form."""

    findings: Findings

    # --- parts ----------------------------------------------------------------------------------------------------

    @property
    def uses(self) -> dict[str, StrategyUse]:
        """The use of each strategy; the rest belongs to enumeration, or to the search itself."""
        f = self.findings
        others = f.strategies.values()
        seconds = f.stats.seconds - f.stats.guide_seconds - sum(u.seconds for u in others)
        tried = f.stats.programs_tried - f.guide.tried - sum(u.tried for u in others)
        own = (ENUMERATION, "join", self.own)
        proposed = sum(source.split(" (")[0] in own for source in f.sources.values())
        return {self.own: StrategyUse(max(0.0, seconds), max(0, tried), proposed, 1), **f.strategies}

    @property
    def own(self) -> str:
        """The name for everything that no strategy did: enumeration, or the search itself."""
        f = self.findings
        return ENUMERATION if f.explored is not None or f.strategies or f.search in ("auto", "bottom-up") else f.search

    @property
    def unread(self) -> tuple[int, ...]:
        """The inputs that neither any found program nor the closest one reads."""
        f = self.findings
        looked_at = f.others or f.programs or ((f.closest,) if f.closest is not None and self.near else ())
        if not looked_at:
            return ()
        read = set().union(*(read_inputs(p) for p in looked_at))
        return tuple(i for i in range(f.task.arity) if i not in read)

    @property
    def near(self) -> bool:
        """Whether the closest program is right on at least one example."""
        f = self.findings
        return f.closest is not None and len(failing(f.closest, f.task.examples)) < len(f.task.examples)

    @property
    def shown(self) -> Program | None:
        """The program to examine: the best one, or else the closest if it is right on some example."""
        f = self.findings
        return f.programs[0] if f.programs else f.closest if self.near else None

    def wrong(self, examples: Sequence[Example]) -> list[tuple[Example, Any]]:
        """The examples on which the examined program is wrong, with its values."""
        program = self.shown
        if program is None or not examples:
            return []
        function = Evaluator().function(program)
        return [(examples[i], function(examples[i].inputs)) for i in failing(program, examples)]

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Suggestions for changes, most likely to help first."""
        task = self.findings.task
        return tuple(
            suggestions(
                self.findings,
                wrong=[e for e, _ in self.wrong(task.examples)],
                held_out=[e for e, _ in self.wrong(task.test_examples)],
                unread=self.unread,
            )
        )

    # --- as text --------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        f = self.findings
        parts = [
            self._ending(),
            self._found(),
            self._confidence(),
            _table(("strategy", "seconds", "candidates", "proposed"), self._use_rows()),
            self._space(),
            self._guide(),
            self._failures("It is wrong on these examples:", f.task.examples),
            self._failures("It is wrong on these held-out examples:", f.task.test_examples),
            self._nodes(),
            self._inputs(),
            "What you could change:\n" + "\n".join(f"- {s}" for s in self.suggestions) if self.suggestions else "",
        ]
        return "\n\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        """For notebooks: the same text, with aligned tables."""
        lead, _, rest = str(self).partition("\n\n")
        return notebook.block(f"<p>{notebook.text(lead)}</p>", f"<pre>{notebook.text(rest)}</pre>" if rest else "")

    def _ending(self) -> str:
        f, stats = self.findings, self.findings.stats
        head = "Solved" if f.programs else "Not solved"
        tried = f"{stats.programs_tried:,} candidate{'' if stats.programs_tried == 1 else 's'}"
        lead = f"{head} after {tried} (search {f.search}). {f.stop.advice}"
        if f.programs and self.wrong(f.task.test_examples):
            lead += " But the first program is wrong on examples that were held out."
        return lead

    def _found(self) -> str:
        f = self.findings
        lines = []
        for p in f.programs[:SHOWN]:
            doubt = "; may be coincidental" if p in f.suspects else ""
            lines.append(f"  {p}\n    found by {f.sources.get(p) or 'an unnamed strategy'}{doubt}")
        if lines:
            more = len(f.others) - len(f.programs)
            tail = f"\n  and {more} more that are right on every example" if more > 0 else ""
            return "Programs:\n" + "\n".join(lines) + tail
        if f.closest is None or not self.near:
            return "No program is right on any example."
        right = len(f.task.examples) - len(self.wrong(f.task.examples))
        return f"Closest, right on {right} of {len(f.task.examples)} examples:\n  {f.closest}"

    def _confidence(self) -> str:
        """The confidence in the first program, and the strongest reasons for and against it, relative to an answer with average
        evidence."""
        f = self.findings
        if not f.programs or not f.reasons:
            return ""
        line = f"Confidence {f.confidence:.0%}."
        for title, sign in (("For it", 1), ("Against it", -1)):
            said = [_MEANINGS[name] for name, odds in f.reasons if sign * odds >= REASON][:REASONS]
            line += f" {title}: {'; '.join(said)}." if said else ""
        return line

    def _use_rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [
            (n, f"{u.seconds:.2f}", f"{u.tried:,}", str(u.proposed)) for n, u in self.uses.items()
        ]
        guide = self.findings.guide
        if guide.asked and guide.seconds:
            rows.append((f"guide {guide.name}", f"{guide.seconds:.2f}", f"{guide.tried:,}", str(len(guide.wrote))))
        return rows

    def _space(self) -> str:
        explored = self.findings.explored
        if explored is None or not explored.cost:
            return ""
        none = "" if self.findings.programs else ", and none is right on every example"
        return (
            f"Enumeration tried all {many(explored.programs)} programs up to cost {explored.cost}{none}. Programs with equal values "
            f"on the examples were tried as one. Cost {explored.cost + 1} has {many(explored.next_level)} more."
        )

    def _guide(self) -> str:
        guide = self.findings.guide
        if not guide.asked:
            return " ".join([f"Guide: {guide.name} was not used; the search ended before its turn.", *guide.notes])
        lines = [f"Guide: {guide.name}."]
        if guide.share is not None and guide.tried:
            lines.append(
                f"It generated {guide.tried} programs; the best is right on {guide.share:.0%} of the examples."
            )
        lines += [f"It generated {p}, which is right on every example." for p in guide.wrote[:SHOWN]]
        return " ".join([*lines, *guide.notes])

    def _failures(self, title: str, examples: Sequence[Example]) -> str:
        wrong = self.wrong(examples)
        if not wrong:
            return ""
        task = self.findings.task
        out = task.output_type
        rows = [
            (
                *(shown(v, t) for v, t in zip(e.inputs, task.parameters, strict=True)),
                shown(v, out),
                shown(e.output, out),
            )
            for e, v in wrong[:SHOWN]
        ]
        more = f"\n… and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        return f"{title}\n{_table((*self._names(), 'result', 'expected'), rows)}{more}"

    def _nodes(self) -> str:
        program = self.shown
        if program is None:
            return ""
        examples = self.findings.task.examples[: SHOWN // 2]
        heads = ("part", *(f"example {i + 1}" for i in range(len(examples))))
        rows = [
            ("  " * depth + short(name), *(shown(v, t) for v in values))
            for depth, name, t, values in node_values(program, [e.inputs for e in examples])
        ]
        return "Values of its parts:\n" + _table(heads, rows) if rows else ""

    def _inputs(self) -> str:
        names = [self._names()[i] for i in self.unread]
        return f"Inputs that no program reads: {', '.join(names)}." if names else ""

    def _names(self) -> list[str]:
        return [i.name or i.head for i in self.findings.task.inputs]

    # --- as JSON --------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """The content in machine-readable form; values as in a task's JSON, with null for an undefined one."""
        f, task = self.findings, self.findings.task
        program = self.shown
        inputs = [e.inputs for e in task.examples]
        return {
            "task": task.name,
            "solved": bool(f.programs),
            "stop": f.stop.value,
            "advice": f.stop.advice,
            "programs": [
                {"text": str(p), "source": f.sources.get(p, ""), "by_chance": p in f.suspects} for p in f.programs
            ],
            "confidence": round(f.confidence, 4),
            "reasons": {name: round(odds, 3) for name, odds in f.reasons},
            "strategies": {name: use.as_dict() for name, use in self.uses.items()},
            "explored": None
            if f.explored is None
            else {"cost": f.explored.cost, "programs": f.explored.programs, "next_level": f.explored.next_level},
            "guide": {
                "name": f.guide.name,
                "asked": f.guide.asked,
                "tried": f.guide.tried,
                "share": f.guide.share,
                "wrote": [str(p) for p in f.guide.wrote],
                "notes": list(f.guide.notes),
            },
            "closest": str(f.closest) if self.near and not f.programs else None,
            "wrong": [self._case_json(e, v) for e, v in self.wrong(task.examples)],
            "wrong_held_out": [self._case_json(e, v) for e, v in self.wrong(task.test_examples)],
            "nodes": []
            if program is None
            else [
                {"depth": depth, "node": name, "values": [_json(v, t) for v in values]}
                for depth, name, t, values in node_values(program, inputs)
            ],
            "unread": [self._names()[i] for i in self.unread],
            "suggestions": list(self.suggestions),
        }

    def _case_json(self, example: Example, given: Any) -> dict[str, Any]:
        task = self.findings.task
        return {
            "inputs": [_json(v, t) for v, t in zip(example.inputs, task.parameters, strict=True)],
            "given": _json(given, task.output_type),
            "wanted": _json(example.output, task.output_type),
        }


def node_values(program: Program, inputs: Sequence[Sequence[Any]]) -> list[tuple[int, str, Type, list[Any]]]:
    """The value of every node of a program on each row of inputs, from the root down: depth, text, type, values.

    The parts of a lambda have values only for given parameters, so a lambda is one node without values.
    """
    evaluator = Evaluator()
    found: list[tuple[int, str, Type, list[Any]]] = []
    stack = [(0, program)]
    while stack:
        depth, p = stack.pop()
        open_ = isinstance(p.type, Arrow) or isinstance(p, (Lambda, Variable))
        values = [] if open_ else list(map(evaluator.function(p), map(tuple, inputs)))
        if not isinstance(p, Constant):
            found.append((depth, str(p), p.type, values))
        if not open_:
            stack += [(depth + 1, c) for c in reversed(p.children)]
    return found


def _json(value: Any, t: Type) -> Any:
    return None if value is UNDEFINED else value_to_json(value, t)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; missing cells at the end are empty."""
    whole = [list(heads), *([*row, *[""] * (len(heads) - len(row))] for row in rows)]
    widths = [max(len(row[i]) for row in whole) for i in range(len(heads))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in whole)
