"""Whole solutions as primitives of the next round, on trial: those that solutions of other tasks then apply stay.

Compression finds what two solutions have in common, so that nothing comes of a function that one task asks for and others could use:
``length`` is worth nothing to "the length of a list", and "the lengths of all lists" is not solved without it.  Playgol (Cropper, IJCAI
2019) adds every solution to what later programs may call; here it must earn its place within a round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from neurosynth.errors import NeurosynthError
from neurosynth.language.generalise import parse_body
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction
from neurosynth.language.macros import macro, rewritten
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input, Lambda, Program
from neurosynth.library.compress import CompressionConfig, useful
from neurosynth.library.described import Solved, described
from neurosynth.library.naming import TakenNames, name_of
from neurosynth.library.stitch import cost_of, node_cost

__all__ = ["earned", "on_trial"]

_SIZE = 12
"""Nodes of a solution at most: larger ones solve their own task alone, or are tables of its examples."""
_LEAST = 4
"""Nodes at least: below that a program can as well have the parts."""


def on_trial(solutions: Sequence[Solved], language: Language, number: int) -> tuple[LearnedAbstraction, ...]:
    """The shortest solution of each task with inputs as a primitive of the language, each meaning once.

    Args:
        solutions: in the language's words.
        language: gets none of them.
        number: of the round.
    """
    shortest: dict[str, Solved] = {}
    for solved in solutions:
        known = shortest.get(solved.key)
        if known is None or (cost_of(solved.program), solved.program) < (cost_of(known.program), known.program):
            shortest[solved.key] = solved
    grown, made = language, list[tuple[Primitive, Solved]]()
    for solved in shortest.values():
        primitive = _primitive(solved.program, grown)
        if primitive is not None and all(primitive.macro != other.macro for other, _ in made):
            made.append((primitive, solved))
            grown = grown.with_primitives([primitive])
    programs = [replace(s, program=rewritten(s.program, [p], node_cost)) for p, s in made]
    return tuple(described([p for p, _ in made], programs, grown, number))


def _primitive(program: Program, language: Language) -> Primitive | None:
    """A solution as a macro of the most general type; None where it is too small, too large, or reads no input."""
    order = {p.index: None for p in program.subprograms() if isinstance(p, Input)}
    if not _LEAST <= program.size <= _SIZE or not order:
        return None
    try:
        body, t = parse_body(str(_renumbered(program, {old: new for new, old in enumerate(order)})), language)
    except NeurosynthError:  # a literal that only its task can spell
        return None
    if not isinstance(body, Apply):
        return None
    return macro(name_of(body, TakenNames(language)), t, body)


def _renumbered(program: Program, places: dict[int, int]) -> Program:
    match program:
        case Input(index, t):
            return Input(places[index], t)
        case Lambda(parameters, body):
            return Lambda(parameters, _renumbered(body, places))
        case Apply(primitive, arguments):
            return Apply(primitive, tuple(_renumbered(a, places) for a in arguments), program.type)
    return program


def earned(
    tried: Sequence[LearnedAbstraction],
    solutions: Sequence[Solved],
    language: Language,
    trial: Language,
    config: CompressionConfig,
    number: int,
) -> tuple[LearnedAbstraction, ...]:
    """Those of the primitives on trial that solutions of enough tasks apply, their own among them.

    Args:
        tried: the primitives.
        solutions: in the language's words.
        language: without them.
        trial: with them.
        config: how many tasks are enough.
        number: of the round.
    """
    macros = [trial[a.name] for a in tried]
    kept, programs = useful(macros, solutions, language, config, Counter())
    return tuple(described(kept, programs, language.with_primitives(kept), number))
