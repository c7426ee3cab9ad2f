"""Stitch in a separate process: from programs in its form to abstractions, under limits on time and memory.

``stitch_core`` has no limits, takes its options as one line of text, and on unsuitable input ends or crashes the process that calls it.
It therefore runs in a fork that may be killed.

Its form: curried lambda calculus with de Bruijn variables. Inputs are outer lambdas; a lambda that only passes its parameters to a
primitive is replaced by that primitive, so that no abstraction is spent on it. Primitives and constants are ``p0``, ``c1`` …, because
their own names may contain separators of its reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.errors import NeurosynthError
from neurosynth.extras import require
from neurosynth.killable import Lost, run_killable
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable

__all__ = ["CompressionFailed", "StitchAnswer", "Symbols", "Tree", "cost_of", "node_cost", "run_stitch"]


class CompressionFailed(NeurosynthError):
    """Stitch gave no answer; the message says why."""


Tree = str | tuple["Tree", ...]
"""An s-expression of Stitch's: an atom, or a head and its arguments; ``("lam", body)`` binds one variable."""

_LEAF, _LINK = 100, 1
"""Stitch's costs: of a primitive, constant or variable, and of an application or lambda."""


def node_cost(node: Program) -> float:
    """Stitch's cost of a node: a leaf, an application for each argument, a lambda for each parameter."""
    match node:
        case Lambda(parameters):
            return _LINK * len(parameters)
        case Apply(_, arguments):
            return _LEAF + _LINK * len(arguments)
    return _LEAF


def cost_of(program: Program) -> float:
    """Stitch's cost of a program in its form, without its outer lambdas."""
    if isinstance(program, Lambda) and passes_on(program) is not None:
        return _LEAF
    return node_cost(program) + sum(map(cost_of, program.children))


def passes_on(program: Lambda) -> tuple[int, ...] | None:
    """For a lambda that only passes its parameters to a primitive: the parameter of each argument; None for others."""
    n = len(program.parameters)
    if not isinstance(program.body, Apply) or not all(isinstance(a, Variable) for a in program.body.arguments):
        return None
    order = tuple(n - 1 - a.index for a in program.body.arguments if isinstance(a, Variable))
    if sorted(order) != list(range(n)):
        return None
    return tuple(range(n)) if program.body.primitive.commutative else order


@dataclass(slots=True)
class Symbols:
    """Atoms of Stitch's form for primitives and constants."""

    atoms: dict[tuple[str, ...], str] = field(default_factory=dict)
    heads: dict[str, tuple[Primitive, tuple[int, ...]]] = field(default_factory=dict)
    """The head of an atom, and for each argument its place among the given ones."""
    constants: dict[str, Constant] = field(default_factory=dict)

    def primitive(self, head: Primitive, order: tuple[int, ...] | None = None) -> str:
        """The atom of a primitive, whose arguments may be given in another order."""
        places = tuple(range(head.arity)) if order is None else order
        atom = self.atoms.setdefault(
            ("p", head.name, str(sorted(head.sizes.items())), str(places)), f"p{len(self.atoms)}"
        )
        self.heads.setdefault(atom, (head, places))
        return atom

    def constant(self, head: Constant) -> str:
        """The atom of a constant."""
        atom = self.atoms.setdefault(("c", str(head), str(head.type)), f"c{len(self.atoms)}")
        self.constants.setdefault(atom, head)
        return atom

    def text(self, program: Program, inputs: int) -> str:
        """A program with this many inputs in Stitch's form."""
        return "(lam " * inputs + self._text(program, 0, inputs) + ")" * inputs

    def _text(self, p: Program, depth: int, inputs: int) -> str:
        match p:
            case Input(index):
                return f"${depth + inputs - 1 - index}"
            case Variable(index):
                return f"${index}"
            case Constant():
                return self.constant(p)
            case Lambda(_, Apply(primitive)) if (order := passes_on(p)) is not None:
                return self.primitive(primitive, order)
            case Lambda(parameters, body):
                n = len(parameters)
                return "(lam " * n + self._text(body, depth + n, inputs) + ")" * n
            case Apply(primitive, arguments) if arguments:
                return f"({' '.join([self.primitive(primitive), *(self._text(a, depth, inputs) for a in arguments)])})"
            case Apply(primitive):
                return self.primitive(primitive)
        raise AssertionError(p)


@dataclass(frozen=True, slots=True, kw_only=True)
class StitchAnswer:
    """The results of Stitch."""

    bodies: tuple[tuple[str, int, Tree], ...]
    """Name, number of holes and body of each abstraction, in the order in which later ones may use earlier ones."""
    ratio: float
    """Cost of the programs before, divided by the cost after, as counted by Stitch."""


_ARGUMENTS = {"no_curried_metavars": True, "no_curried_bodies": True, "no_mismatch_check": True}
"""No holes in function position, and no bodies that are partial applications; this requires turning off the check of Stitch's
estimates."""


def run_stitch(
    programs: Sequence[str],
    tasks: Sequence[str],
    *,
    prefix: str,
    count: int,
    max_arity: int,
    seconds: float,
    memory: float,
    options: dict[str, Any] | None = None,
) -> StitchAnswer:
    """The abstractions of a corpus.

    Args:
        programs: in Stitch's form.
        tasks: the task of each program: an abstraction pays off if several tasks use it.
        prefix: prefix of the names of abstractions; no atom may begin with it.
        count: maximum number of abstractions.
        max_arity: maximum number of holes.
        seconds: after which it is ended.
        memory: maximum gigabytes.
        options: options of Stitch, instead of those that keep abstractions first-order.

    Raises:
        InputError: if ``stitch_core`` is not installed, with the extra.
        CompressionFailed: if it crashed, or ran out of time or memory.
    """
    require("library", "compression")
    chosen = _ARGUMENTS if options is None else options

    def work(send: Any, interrupts: Any) -> str:
        from stitch_core import compress

        found = compress(
            list(programs),
            tasks=list(tasks),
            iterations=count,
            max_arity=max_arity,
            abstraction_prefix=prefix,
            **chosen,
        )
        kept = {k: found.json[k] for k in ("original_cost", "final_cost")}
        return json.dumps({**kept, "abstractions": [[a.name, a.arity, a.body] for a in found.abstractions]})

    try:
        answer = json.loads(run_killable(work, seconds=seconds, memory=memory * 1e9))
    except Lost as lost:
        why = {"time": f"not done after {seconds:g} s", "memory": f"more than {memory:g} GB"}.get(lost.why, str(lost))
        raise CompressionFailed(f"compression of {len(programs)} programs: stitch_core: {why}") from None
    except Exception as error:  # any exception, including a panic of Stitch
        raise CompressionFailed(
            f"compression of {len(programs)} programs: stitch_core: {type(error).__name__}: {error}"
        ) from None
    bodies = tuple((str(name), int(arity), read_tree(body)) for name, arity, body in answer["abstractions"])
    return StitchAnswer(bodies=bodies, ratio=answer["original_cost"] / max(answer["final_cost"], 1))


def read_tree(text: str) -> Tree:
    """The s-expression of a text; nested applications become one with all the arguments."""
    stack: list[list[Tree]] = [[]]
    for token in text.replace("(", " ( ").replace(")", " ) ").split():
        if token == "(":
            stack.append([])
        elif token == ")":
            items = stack.pop()
            stack[-1].append(_flat(items))
        else:
            stack[-1].append(token)
    (found,) = stack[0]
    return found


def _flat(items: Iterable[Tree]) -> Tree:
    head, *rest = items
    if isinstance(head, tuple) and head[0] != "lam":
        return (*head, *rest)
    return (head, *rest)
