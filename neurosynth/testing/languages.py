"""``check_language``: the properties of a language, on random values and on programs of its grammars."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from neurosynth.engine.kernels.kinds import importable
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.errors import NeurosynthError, PrimitiveBug
from neurosynth.export.base import ExportError
from neurosynth.export.python import PythonExporter
from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.testing.kernels import filled_space
from neurosynth.testing.values import (
    WIDTHS,
    Known,
    answering,
    draw,
    ground_types,
    instances,
    known_values,
    request,
    show,
    sized,
)
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.reading import has_type
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, is_ground, parse_type

__all__ = ["check_language"]

CALLS = 60
"""Number of random calls of each instance of a primitive."""
PROGRAMS = 60
"""Number of programs of each grammar that are printed, parsed and exported."""
BUDGET = Budget(steps=20_000, size=100_000, bits=62)


def check_language(
    language: Language,
    *,
    values: Mapping[str, Sequence[Any]] | None = None,
    calls: Mapping[str, Sequence[tuple[Any, ...]]] | None = None,
    seed: int = 0,
) -> None:
    """Check a language: declarations, functions, inverses, kernels, constants, text and exported code.

    * Every primitive has a docstring, and a type whose printed form parses back.
    * Functions return values of their type, the same ones for the same arguments, and raise only declared exceptions;
      ``commutative`` and ``size`` are correct.
    * The values of ``inverse`` for an argument give the output again.
    * Kernels compute the same as the functions, in compiled loops as the engine runs them; so do inverse kernels.
    * ``python`` templates compute the same as the functions.
    * Constants have their types; programs parse back from their text.

    Kernels are compiled, so the first check of a language may take a minute.

    Args:
        language: the language itself.
        values: further values to try, in addition to the language's constants and random ones, by type: ``{"string": ["9:05"]}``.
        calls: further arguments to try, by primitive, if few belong together (a format and a text in it): ``{"datetime.parse":
            [("%H:%M", "9:05")]}``.
        seed: for drawing random values.

    Raises:
        AssertionError: with the fault, and the primitive, arguments or program.
    """
    rng = random.Random(seed)
    name = f"language {getattr(language, 'name', language)!r}"
    assert isinstance(language, Language), (
        f"{language!r} is not a neurosynth.Language: the entry point must name the object"
    )
    assert language.name, "the language has an empty name"
    assert language.primitives, f"{name} has no primitives"
    _constants(language, name)
    known = known_values(language, values)
    types = ground_types(language, WIDTHS[0])
    for primitive in language.primitives.values():
        where = f"{name}, primitive {primitive.name}"
        _declaration(primitive, where)
        for instance in instances(primitive, types, rng):
            _calls(instance, where, rng, known, (calls or {}).get(primitive.name, ()))
    compiled = name if any(p.kernel is not None for p in language.primitives.values()) else None
    for grammar, inputs in _grammars(language, rng, known):
        _programs(language, filled_space(grammar, inputs, rng, name=compiled), name, rng)


def _constants(language: Language, name: str) -> None:
    for constant, cost in language.constants:
        what = f"{name}, constant {constant.value!r}"
        assert is_ground(constant.type), f"{what}: its type {constant.type} has variables; give a ground type"
        assert has_type(constant.value, constant.type), f"{what} is not a valid {constant.type}"
        positive = isinstance(cost, int) and cost > 0
        assert positive, f"{what}: cost {cost!r} is not a positive integer"
        back = parse_program(str(constant), language, expected=constant.type)
        assert back == constant, f"{what}: its text {constant} reads back as {back}"


def _declaration(primitive: Primitive, where: str) -> None:
    assert primitive.doc.strip(), f"{where} has no docstring; one line that says what it gives is its help"
    text = str(primitive.type)
    assert parse_type(text) == primitive.type, f"{where}: its type {text} reads back as {parse_type(text)}"
    assert isinstance(primitive.cost, int), f"{where}: cost {primitive.cost!r} is not an integer"
    assert primitive.cost >= 0, f"{where}: cost {primitive.cost} is negative"
    for option in ("inverse", "inverse_kernels"):
        given = getattr(primitive, option)
        assert given is None or len(given) == primitive.arity, (
            f"{where}: {option} has {len(given)} entries for {primitive.arity} arguments; use None for one that has none"
        )
    for option, kernel in primitive.kernels():
        assert isinstance(kernel, str) or importable(kernel), (
            f"{where}: {option} is {getattr(kernel, '__qualname__', kernel)} of module {getattr(kernel, '__module__', None)}, "
            "which no other module can import, so that it would never be compiled; move it to the top level of a module"
        )
    if primitive.commutative:
        two = primitive.arity == 2 and primitive.parameters[0] == primitive.parameters[1]
        assert two, f"{where}: commutative needs two arguments of one type, not {primitive.type}"
    if primitive.lazy:
        assert primitive.kernel in (None, "select"), f"{where}: the kernel of a lazy primitive must be 'select'"


# --- calls on random values --------------------------------------------------------------------------------------


def _calls(
    primitive: Primitive, where: str, rng: random.Random, known: Known, given: Sequence[tuple[Any, ...]]
) -> None:
    """Calls of a ground instance with given and random arguments, and of its inverses on the results."""
    where = f"{where} : {primitive.type}"
    inverted = [0] * primitive.arity
    defined = 0
    drawn = (tuple(draw(t, rng, known) for t in primitive.parameters) for _ in range(CALLS if primitive.arity else 1))
    for values in (*(tuple(map(freeze, arguments)) for arguments in given), *drawn):
        result = _call(primitive, values, where)
        if result is UNDEFINED:
            continue
        defined += 1
        _result(primitive, values, result, where)
        for position, inverse in enumerate(primitive.inverse or ()):
            if inverse is not None:
                inverted[position] += _inverse(primitive, position, values, result, where, rng, known)
    assert defined, (
        f"{where}: undefined on all of {CALLS} random calls; raise only where there is no value, and when that is nearly "
        "everywhere, pass the check values= or calls= to try"
    )
    for position, inverse in enumerate(primitive.inverse or ()):
        assert inverse is None or inverted[position], (
            f"{where}: the inverse of argument {position + 1} gave no value in {defined} calls; it must give what the "
            "argument may have been"
        )


def _call(primitive: Primitive, values: tuple[Any, ...], where: str) -> Any:
    evaluator = Evaluator(BUDGET)
    evaluator.reset()
    call = evaluator.caller(primitive)
    passed = [(lambda v=v: v) for v in values] if primitive.lazy else values
    try:
        return freeze(call(*passed))
    except Undefined:
        return UNDEFINED
    except PrimitiveBug as bug:
        raise AssertionError(f"{where}: {bug}") from bug


def _result(primitive: Primitive, values: tuple[Any, ...], result: Any, where: str) -> None:
    shown = f"{where}: ({show(values)}) gives {result!r}"
    missing = result is None and primitive.missing
    assert missing or has_type(result, primitive.result), f"{shown}, which is not a valid {primitive.result}"
    again = _call(primitive, values, where)
    assert typed_key(again) == typed_key(result), f"{shown}, then {again!r}: it must depend on its arguments alone"
    if primitive.commutative:
        swapped = _call(primitive, values[::-1], where)
        assert typed_key(swapped) == typed_key(result), f"{shown}, swapped {swapped!r}, but is declared commutative"
    if primitive.size is not None:
        said = primitive.size(*values)
        assert len(result) <= max(said, 0), f"{shown}, of length {len(result)}, but size= said {said}"


def _inverse(
    primitive: Primitive,
    position: int,
    values: tuple[Any, ...],
    result: Any,
    where: str,
    rng: random.Random,
    known: Known,
) -> int:
    """Whether the inverse gave a value; its values must give the result again."""
    assert primitive.inverse is not None
    inverse = primitive.inverse[position]
    assert inverse is not None
    others = values[:position] + values[position + 1 :]
    try:
        candidates = [freeze(v) for v in inverse(result, *others)]
    except Exception as error:
        raise AssertionError(
            f"{where}: the inverse of argument {position + 1} raised {type(error).__name__}: {error} for output {result!r} "
            f"and ({show(others)}); it must return an empty list if there is no value"
        ) from error
    for value in candidates:
        t = primitive.parameters[position]
        argument = answering(value, draw(t.result, rng, known)) if isinstance(t, Arrow) else value
        completed = (*values[:position], argument, *values[position + 1 :])
        found = _call(primitive, completed, where)
        assert typed_key(found) == typed_key(result), (
            f"{where}: the inverse of argument {position + 1} gives {value!r} for output {result!r}, "
            f"but ({show(completed)}) gives {found!r}"
        )
    return len(candidates)


# --- grammars and their programs ---------------------------------------------------------------------------------


def _grammars(language: Language, rng: random.Random, known: Known) -> list[tuple[Grammar, list[tuple[Any, ...]]]]:
    """Grammars over the language with random inputs, until every primitive of any grammar is in one."""
    widths = WIDTHS if any(sized(p.type) for p in language.primitives.values()) else WIDTHS[:1]
    found = []
    for width in widths:
        types = ground_types(language, width)
        parameters = [t for t in types if not isinstance(t, Arrow)][:4]
        inputs = [tuple(draw(t, rng, known) for t in parameters) for _ in range(4)]
        covered: set[str] = set()
        for output in types:
            try:
                grammar = compile_grammar(language, request(parameters, output))
            except NeurosynthError:
                continue  # no program makes such values
            used = {str(p.head) for p in grammar.productions if isinstance(p.head, Primitive)}
            if used - covered:
                covered |= used
                found.append((grammar, inputs))
    assert found, f"language {language.name!r}: no grammar over its types derives a program; add constants"
    return found


def _programs(language: Language, store: ValueStore, name: str, rng: random.Random) -> None:
    """Programs of all closed types: their text parses back, and their Python code computes the same."""
    closed = [n for n in store.banks if not n.scope and store.banks[n].size]
    parameters = [i.type for i in store.grammar.inputs]
    for _ in range(PROGRAMS):
        target = rng.choice(closed)
        program = store.program(target, rng.randrange(store.banks[target].size))
        whole = request(parameters, target.type)
        _reads_back(program, language, whole, name)
        if all(p.primitive.python is not None for p in program.subprograms() if isinstance(p, Apply)):
            _exports(program, store.inputs, name)


def _reads_back(program: Program, language: Language, whole: Type, name: str) -> None:
    try:
        back = parse_program(str(program), language, request=whole)
    except NeurosynthError as error:
        raise AssertionError(f"{name}: the text of {program} does not parse back: {error}") from error
    assert back == program, f"{name}: the text of {program} reads back as {back}"


def _exports(program: Program, inputs: Sequence[tuple[Any, ...]], name: str) -> None:
    exporter = PythonExporter()
    try:
        code = exporter.export(program)
    except ExportError as error:
        raise AssertionError(f"{name}: {program} has no Python code: {error}") from error
    used = sorted({(p.index, p.type) for p in program.subprograms() if isinstance(p, Input)}, key=lambda i: i[0])
    output = domain_of(program.type)
    store: dict[str, Any] = {}
    exec(compile(code, "<exported program>", "exec"), store)
    reference = Evaluator(BUDGET).function(program)
    for row in inputs:
        wanted = reference(row)
        if wanted is UNDEFINED:
            continue
        try:
            found: Any = output.freeze(store[exporter.function](*(domain_of(t).thaw(row[i]) for i, t in used)))
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        assert typed_key(found) == typed_key(wanted), (
            f"{name}: the python= templates of {program} give {found!r} for ({show(row)}), the program gives {wanted!r}\n{code}"
        )
