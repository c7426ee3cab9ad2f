"""Skeletons: what the bodies of learned primitives have in common, which solutions that apply these primitives no longer show.

Compression takes the largest part that solutions share.  Four flowers share a repeated turn around a polygon of one size, three stars a
repeated turn around a line; once both are primitives, nothing repeats the turn around something else.  A skeleton is the least general
pattern of two bodies (Plotkin, Machine Intelligence 5, 1970).  Its worth is measured on the solutions without the primitives that
contain it, and it joins them; like any other abstraction, it must then pass the gate.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from neurosynth.language.calls import is_call
from neurosynth.language.language import Language
from neurosynth.language.macros import rewritten, uses, written_out
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input, Program
from neurosynth.library.functional import common_pattern, typed_macro
from neurosynth.library.stitch import cost_of, node_cost

__all__ = ["forms_with", "learned_of", "skeletons_of", "with_forms"]


def skeletons_of(
    solutions: Sequence[tuple[str, Program]], language: Language, *, count: int, arity: int, least_tasks: int
) -> list[Primitive]:
    """The skeletons of a language's learned primitives that shorten the solutions most, the best first, each by itself.

    Args:
        solutions: with the tasks they solve; of the programs of a task the shortest counts.
        language: of the programs.
        count: skeletons at most.
        arity: arguments of one at most.
        least_tasks: whose programs must contain one.
    """
    learned = learned_of(language)
    programs = _shortest(solutions)
    worth: list[tuple[float, Program]] = []
    for body in _patterns(learned):
        skeleton = typed_macro(body, language, arity)
        if skeleton is None:
            continue
        found = list(filter(None, forms_with(programs, skeleton, learned)))
        saved = sum(cost_of(opened) - cost_of(form) for opened, form in found) - cost_of(body)
        if len(found) >= least_tasks and saved > 0:
            worth.append((saved, body))
    grown, made = language, list[Primitive]()
    for _, body in sorted(worth, key=lambda w: (-w[0], w[1]))[:count]:
        skeleton = typed_macro(body, grown, arity)  # its name must differ from those of the other skeletons
        if skeleton is not None:
            made.append(skeleton)
            grown = grown.with_primitives([skeleton])
    return made


def forms_with(
    programs: Sequence[Program], one: Primitive, macros: Sequence[Primitive]
) -> Iterator[tuple[Program, Program] | None]:
    """For each program the form that applies a macro instead of those whose bodies contain it.

    Given after the form in which those are only written out; None for a program that has no such form.
    """
    containing: set[str] = set()
    for other in macros:  # in order, so that a body applies only earlier ones
        body = written_out(other.macro, lambda p: p.name not in containing)
        if other.name != one.name and uses(rewritten(body, [one], node_cost), one.name):
            containing.add(other.name)
    beginning = one.macro.primitive.name
    for program in programs:
        names = _applied(program)
        if not names & (containing | {beginning, one.name}):  # most programs, and rewriting takes long
            yield None
            continue
        opened = written_out(program, lambda p: p.name not in containing) if names & containing else program
        form = rewritten(opened, [one], node_cost)
        yield (opened, form) if uses(form, one.name) else None


def with_forms(programs: Sequence[Program], language: Language) -> list[Program]:
    """The programs, and for each learned primitive that none of them applies the forms that do.

    Without these, a guide that counts productions would make a primitive unlikely that only other primitives apply.
    """
    macros = learned_of(language)
    found = list(programs)
    for one in macros:
        if not any(uses(program, one.name) for program in programs):
            found += [form for _, form in filter(None, forms_with(programs, one, macros))]
    return found


def _applied(program: Program) -> set[str]:
    """The names of the primitives that a program applies."""
    return {node.primitive.name for node in program.subprograms() if isinstance(node, Apply)}


def learned_of(language: Language) -> list[Primitive]:
    """The macros of a language, in the order in which they were added."""
    return [p for p in language.primitives.values() if p.macro is not None]


def _patterns(learned: Sequence[Primitive]) -> list[Program]:
    """The patterns of two bodies that are neither of the two, each once."""
    known = {p.macro for p in learned}
    found: dict[Program, None] = {}
    for one, other in itertools.combinations(learned, 2):
        body = common_pattern(one.macro, other.macro) if one.macro.head == other.macro.head else None
        if isinstance(body, Apply) and body not in known and _tells_more(body):
            found.setdefault(body)
    return list(found)


def _tells_more(body: Program) -> bool:
    """Whether a pattern is more than a primitive by another name, and calls no function."""
    inner = [p for p in body.subprograms() if isinstance(p, Apply)]
    plain = not any(is_call(p.primitive) for p in inner)
    return plain and len(inner) > 1 and any(isinstance(p, Input) for p in body.subprograms())


def _shortest(solutions: Sequence[tuple[str, Program]]) -> list[Program]:
    """The cheapest program of each task."""
    found: dict[str, Program] = {}
    for key, program in solutions:
        if key not in found or (cost_of(program), program) < (cost_of(found[key]), found[key]):
            found[key] = program
    return list(found.values())
