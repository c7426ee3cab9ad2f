"""Compression: from solutions to a larger language, and the solutions rewritten in it.

Stitch proposes abstractions; this module types, names and tests them: the programs of at least two tasks must use an abstraction, and
every program that it rewrites must parse back and be right on its task; otherwise the abstraction is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.language.generalise import parse_body
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction
from neurosynth.language.macros import macro, rewritten, uses, written_out
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program, Variable
from neurosynth.language.syntax import parse_program
from neurosynth.library.described import Solved, described
from neurosynth.library.functional import calling_functions
from neurosynth.library.naming import TakenNames, name_of
from neurosynth.library.skeletons import forms_with, learned_of, skeletons_of
from neurosynth.library.stitch import CompressionFailed, Symbols, Tree, cost_of, node_cost, run_stitch
from neurosynth.library.typed import KnownAbstraction, NotTyped, body_text, inlined, usable_function
from neurosynth.tasks.checking import share_right
from neurosynth.values.types import Arrow, unify

__all__ = ["Compression", "CompressionConfig", "compress", "useful"]


_SPARE = 2
"""Stitch is asked for so many times as many abstractions as are wanted: up to half of them only rename a primitive, or have no type."""


@dataclass(frozen=True, kw_only=True)
class CompressionConfig:
    """The limits of Stitch, and what is requested from it."""

    abstractions: int = 10
    """Maximum number of abstractions that one compression proposes."""
    functions: int = 3
    """Most further ones that call functions they are given, as ``map`` does."""
    skeletons: int = 3
    """Most further ones that the bodies of learned primitives have in common (:mod:`neurosynth.library.skeletons`)."""
    arity: int = 3
    """Maximum number of holes of an abstraction."""
    seconds: float = 30.0
    """Seconds after which Stitch is ended."""
    memory: float = 2.0
    """Maximum gigabytes of Stitch's process."""
    least_tasks: int = 2
    """Minimum number of tasks whose programs must use an abstraction."""

    def __post_init__(self) -> None:
        for name in ("abstractions", "arity", "seconds", "memory", "least_tasks"):
            if not getattr(self, name) > 0:
                raise InputError(f"CompressionConfig: {name} is {getattr(self, name)}; allowed: a positive number")
        for name in ("functions", "skeletons"):
            if getattr(self, name) < 0:
                raise InputError(f"CompressionConfig: {name} is {getattr(self, name)}; allowed: 0 or more")


@dataclass(frozen=True, kw_only=True)
class Compression:
    """The result of a compression."""

    abstractions: tuple[LearnedAbstraction, ...] = ()
    language: Language
    """The language with the abstractions as primitives."""
    programs: tuple[Solved, ...]
    """The solutions in that language."""
    ratio: float = 1.0
    """Stitch's cost of the solutions before, divided by the cost after."""
    stitch_ratio: float = 1.0
    """The same ratio as reported by Stitch, before typing."""
    bits: float = 0.0
    """Bits saved in the solutions, including bodies: tokens times the binary logarithm of their number."""
    skeletons: frozenset[str] = frozenset()
    """Names of those abstractions that are skeletons: solutions apply them only in the place of those that contain them."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Number of proposed abstractions that were dropped, by reason."""
    failure: str = ""
    """Why Stitch gave no answer; empty if it did."""

    def to_json(self) -> dict[str, Any]:
        """The summary for a library's file."""
        found = {"abstractions": len(self.abstractions), "ratio": round(self.ratio, 4), "bits": round(self.bits, 1)}
        found["stitch_ratio"] = round(self.stitch_ratio, 4)
        more = {"dropped": dict(self.dropped), "failure": self.failure}
        return {**found, **{k: v for k, v in more.items() if v}}


def compress(
    solutions: Sequence[Solved],
    language: Language,
    config: CompressionConfig | None = None,
    *,
    round: int = 1,
) -> Compression:
    """Abstractions of a language's programs.

    Args:
        solutions: programs of the language, right on their tasks.
        language: its earlier learned primitives are treated like others.
        config: limits and numbers.
        round: the round recorded in the abstractions.

    Raises:
        InputError: if ``stitch_core`` is not installed, or a program is of another language (named).
    """
    chosen = config or CompressionConfig()
    _check(solutions, language)
    symbols = Symbols()
    nothing = Compression(language=language, programs=tuple(solutions))
    if not solutions:
        return nothing
    texts = [symbols.text(_inner(s.program, language), len(s.task.inputs)) for s in solutions]
    try:
        found = run_stitch(
            texts,
            [s.key for s in solutions],
            prefix="fn_",
            count=_SPARE * chosen.abstractions,
            max_arity=chosen.arity,
            seconds=chosen.seconds,
            memory=chosen.memory,
        )
    except CompressionFailed as failure:
        return replace(nothing, failure=str(failure))
    dropped: Counter[str] = Counter()
    typed = _typed(found.bodies, language, symbols, dropped)[: chosen.abstractions]
    kept, programs = useful(typed, solutions, language, chosen, dropped)
    calling = calling_functions(
        [(s.key, s.program) for s in programs],
        language.with_primitives(kept),
        count=chosen.functions,
        arity=chosen.arity,
        least_tasks=chosen.least_tasks,
    )
    if calling:
        kept, programs = useful([*kept, *calling], solutions, language, chosen, dropped)
    larger = language.with_primitives(kept)
    abstractions = described(kept, programs, larger, round)
    skeletons = _skeletons(programs, larger, chosen, dropped, round)
    larger = larger.with_primitives([p for p, _ in skeletons])
    before, after = (sum(cost_of(s.program) for s in group) for group in (solutions, programs))
    return Compression(
        abstractions=(*abstractions, *(entry for _, entry in skeletons)),
        language=larger,
        programs=tuple(programs),
        ratio=before / max(after, 1),
        stitch_ratio=found.ratio,
        bits=sum(a.bits for a in abstractions),
        skeletons=frozenset(entry.name for _, entry in skeletons),
        dropped=dict(dropped),
    )


def _skeletons(
    programs: Sequence[Solved], language: Language, config: CompressionConfig, dropped: Counter[str], number: int
) -> list[tuple[Primitive, LearnedAbstraction]]:
    """The skeletons of a language, each described by the forms of solutions that apply it; one with a wrong form is dropped."""
    given = [(s.key, s.program) for s in programs]
    found = list[tuple[Primitive, LearnedAbstraction]]()
    limits = {"count": config.skeletons, "arity": config.arity, "least_tasks": config.least_tasks}
    for skeleton in skeletons_of(given, language, **limits):
        larger = language.with_primitives([skeleton])
        both = forms_with([s.program for s in programs], skeleton, learned_of(language))
        forms = [replace(s, program=pair[1]) for s, pair in zip(programs, both, strict=True) if pair is not None]
        if all(_holds(s, larger) for s in forms):
            found += zip([skeleton], described([skeleton], forms, larger, number), strict=True)
        else:
            dropped["wrong on a task"] += 1
    return found


def _inner(program: Program, language: Language) -> Program:
    """The program without a primitive at its root whose values no primitive takes.

    An abstraction with it is a whole program, of which nothing can be made: for towers it would be ``(build (repeat …))``.
    """
    while isinstance(program, Apply) and len(program.arguments) == 1:
        taken = any(
            unify(t, program.type, {})
            for p in language.primitives.values()
            for t in p.parameters
            if not isinstance(t, Arrow)
        )
        if taken:
            break
        program = program.arguments[0]
    return program


def _check(solutions: Sequence[Solved], language: Language) -> None:
    for solved in solutions:
        for node in solved.program.subprograms():
            if isinstance(node, Apply) and language.get(node.primitive.name) is None:
                raise InputError(
                    f"solution of {solved.key}, {solved.program}: primitive {node.primitive.name!r} does not belong to language "
                    f"{language.name!r}; compress programs together with their own language"
                )


def _typed(
    bodies: Sequence[tuple[str, int, Tree]], language: Language, symbols: Symbols, dropped: Counter[str]
) -> list[Primitive]:
    """The bodies that are typed macros, in order; an abstraction that is not one is expanded in those that use it."""
    known: dict[str, KnownAbstraction] = {}
    lost: list[tuple[str, int, Tree]] = []
    made: list[Primitive] = []
    grown = language
    for name, holes, tree in bodies:
        try:
            for gone, count, one in reversed(lost):
                tree = inlined(tree, gone, one, count)
            written = body_text(tree, holes, symbols, known)
            body, t = parse_body(written.text, grown)
            _check_worth(body, t.parameters if isinstance(t, Arrow) else (), made, language)
        except (NotTyped, NeurosynthError) as error:
            dropped[str(error) if isinstance(error, NotTyped) else "no type"] += 1
            lost.append((name, holes, tree))
            continue
        primitive = macro(name_of(body, TakenNames(grown)), t, body)
        made.append(primitive)
        known[name] = KnownAbstraction(primitive, written.order, holes)
        grown = grown.with_primitives([primitive])
    return made


def _check_worth(body: Program, parameters: Sequence[Any], made: Sequence[Primitive], language: Language) -> None:
    """Raises NotTyped for a body that adds nothing new, and for holes that no program can fill."""
    functions = [t for t in parameters if isinstance(t, Arrow)]
    if not all(usable_function(t) or _is_taken(t, language) for t in functions):
        raise NotTyped("a functional hole that the language cannot fill")
    if isinstance(body, (Input, Constant, Variable)) or not any(isinstance(p, Apply) for p in body.children):
        inner = [c for c in body.children if not isinstance(c, Input)]
        if not inner and len(set(body.children)) == len(body.children):
            raise NotTyped("a primitive by another name")
    if any(p.macro == body for p in made):
        raise NotTyped("the same again")


def _is_taken(function: Arrow, language: Language) -> bool:
    """Whether a primitive of the language takes such a function, so that programs can contain one."""
    return any(
        isinstance(t, Arrow) and len(t.parameters) == len(function.parameters) and unify(t, function, {})
        for primitive in language.primitives.values()
        for t in primitive.parameters
    )


def useful(
    typed: Sequence[Primitive],
    solutions: Sequence[Solved],
    language: Language,
    config: CompressionConfig,
    dropped: Counter[str],
    skeletons: Collection[str] = (),
) -> tuple[list[Primitive], list[Solved]]:
    """The macros over a language that programs of enough tasks use after rewriting, and the programs; macros that break a program are
    dropped. Those named in ``skeletons`` need no program that uses them."""
    kept = list(typed)
    while True:
        larger = language.with_primitives(kept)
        programs = [replace(s, program=rewritten(s.program, kept, node_cost)) for s in solutions]
        wrong = next(
            (w for s, new in zip(solutions, programs, strict=True) if (w := _wrong(s, new, larger, kept))), None
        )
        needed = {n.primitive.name for p in kept for n in p.macro.subprograms() if isinstance(n, Apply)}
        rare = [
            p
            for p in kept
            if p.name not in needed
            and p.name not in skeletons
            and len({s.key for s in programs if uses(s.program, p.name)}) < config.least_tasks
        ]
        gone = [wrong] if wrong is not None else rare[-1:]
        if not gone:
            return kept, programs
        dropped["wrong on a task" if wrong is not None else "used too rarely"] += 1
        kept = _without(kept, gone[0])


def _without(kept: Sequence[Primitive], gone: Primitive) -> list[Primitive]:
    """The others, with the dropped one expanded in their bodies."""
    others = []
    for primitive in kept:
        if primitive is gone:
            continue
        body = written_out(primitive.macro, lambda p: p.name != gone.name)
        others.append(primitive if body == primitive.macro else macro(primitive.name, primitive.type, body))
    return others


def _wrong(old: Solved, new: Solved, language: Language, kept: Sequence[Primitive]) -> Primitive | None:
    """The abstraction with which a program is no longer right, or does not parse back."""
    if new.program == old.program or _holds(new, language):
        return None
    for count, primitive in enumerate(kept, 1):
        if not _holds(replace(old, program=rewritten(old.program, kept[:count], node_cost)), language):
            return primitive
    return kept[-1]


def _holds(solved: Solved, language: Language) -> bool:
    task, program = solved.task, solved.program
    constants = [n for n in program.subprograms() if isinstance(n, Constant)]
    try:
        again = parse_program(str(program), language, request=task.type, inputs=task.inputs, constants=constants)
    except InputError:
        return False
    return again == program and share_right(program, task.examples) == 1.0
