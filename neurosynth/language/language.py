"""A language: primitives, constants and surface syntax."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.language.beside import attach
from neurosynth.language.drawn import DrawColumn, InputGenerator
from neurosynth.language.hints import Hints, Keep, Points, Usual
from neurosynth.language.pieces import PieceKit
from neurosynth.language.primitive import Primitive, type_of_function
from neurosynth.language.program import Constant
from neurosynth.language.value_properties import TypedProperty, TypedRelation, declared_property
from neurosynth.values.domain import Domain, NotInDomain
from neurosynth.values.registry import add_type, domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, parse_type

if TYPE_CHECKING:
    from neurosynth.language.beside import Declared

__all__ = ["A", "B", "C", "Language"]

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = {"kernel": "select", "hash_kernel": "concat"}
"""The value that selects the engine's own kernel, by the option of a primitive."""


class Language:
    """A set of primitives and constants under a name.

    >>> lang = Language("tiny")
    >>> @lang.primitive
    ... def double(n: int) -> int:
    ...     "Twice n."
    ...     return 2 * n
    >>> str(lang["double"])
    'double : int -> int'
    """

    def __init__(
        self,
        name: str,
        *,
        doc: str = "",
        family: Callable[[str], Primitive | None] | None = None,
        requests: Iterable[str] = (),
    ) -> None:
        """``family`` makes primitives with indices in their names on demand (``extract 7 0``), or returns None.

        ``requests`` are the types of tasks that suit the language, from which sampling draws by default.
        """
        self.name = name
        self.doc = doc
        self.primitives: dict[str, Primitive] = {}
        self.constants: list[tuple[Constant, int]] = []
        self.requests = tuple(requests)
        self.pieces: PieceKit | None = None
        """What it offers to the search by cover; see :mod:`neurosynth.language.pieces`."""
        self.extends: tuple[str, ...] = ()
        """Languages all of whose primitives it has: guides trained for those can be used for it."""
        self.on_demand: frozenset[str] = frozenset()
        """Primitives that are enumerated only for tasks with an input or output of one of the types that they declare."""
        self.base: Language | None = None
        """For a learned language, the one from which it grew."""
        self.draws: DrawColumn | None = None
        """Samples programs with rows that fit them; without it, samples come from a grammar."""
        self.value_properties: list[TypedProperty | TypedRelation] = []
        """Properties of values that neural guides read, in addition to those of the domains."""
        self.input_generators: dict[Type, InputGenerator] = {}
        """Generators of values of a type for the inputs of sampled tasks, if values from the domain are not realistic."""
        self.hints = Hints()
        """Its hints about values for searches; see :meth:`keeps` and :meth:`points`."""
        self.guide_files: tuple[Path, ...] = ()
        """Files of its trained guides, the best first."""
        self.notes: tuple[str, ...] = ()
        """What was left out when it was loaded, one sentence each."""
        self._family = family

    def __repr__(self) -> str:
        return f"Language({self.name!r}, {len(self.primitives)} primitives, {len(self.constants)} constants)"

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __getitem__(self, name: str) -> Primitive:
        """The primitive of that name.

        Raises:
            UnknownNameError: with the known names and the most similar ones.
        """
        found = self.get(name)
        if found is None:
            raise UnknownNameError(f"primitive of language {self.name!r}:", name, self.primitives)
        return found

    def get(self, name: str) -> Primitive | None:
        """The primitive of that name, or None."""
        found = self.primitives.get(name)
        if found is None and self._family is not None:
            found = self._family(name)
        return found

    @overload
    def primitive(self, function: Callable[P, R], /) -> Declared[P, R]: ...
    @overload
    def primitive(self, function: None = None, /, **options: Any) -> Callable[[Callable[P, R]], Declared[P, R]]: ...
    def primitive(self, function: Any = None, /, **options: Any) -> Any:
        """Declare a function as a primitive; a decorator, with or without options.

        The function is returned unchanged, with decorators for its kernel and inverses: ``kernel``, ``hash_kernel``, ``hash_notes``,
        ``inverse``, ``inverse_kernel``; see :class:`neurosynth.language.beside.Beside`.

        Options are the fields of :class:`Primitive`: ``name`` (the function's own by default, trailing underscore dropped), ``type``
        (text or Type; by default from the annotations), ``cost``, ``raises``, ``lazy``, ``commutative``, ``size``, ``inverse``,
        ``kernel``, ``python``, ``smtlib``.

        Raises:
            InputError: for a missing annotation, an unknown option, or a name already taken (both places are named).
        """
        if function is None:
            return lambda f: self.primitive(f, **options)
        code = getattr(function, "__code__", None)
        origin = f"{code.co_filename}:{code.co_firstlineno}" if code else ""
        known = {f for f in Primitive.__dataclass_fields__ if f not in ("function", "origin", "macro", "sizes")}
        for option in options:
            if option not in known:
                raise UnknownNameError("option of @primitive", option, known)
        declared = options.pop("type", None)
        t: Type = (
            type_of_function(function)
            if declared is None
            else parse_type(declared)
            if isinstance(declared, str)
            else declared
        )
        name = options.pop("name", function.__name__.rstrip("_"))
        doc = options.pop("doc", inspect.getdoc(function) or "")
        self.add(Primitive(name=name, type=t, function=function, doc=doc, origin=origin, **options))
        attach(function, self.primitives, name)
        return function

    def add(self, primitive: Primitive) -> Primitive:
        """Add a ready-made primitive.

        Raises:
            InputError: if the name is taken (both places are named), or a kernel is not a function.
        """
        for option, kernel in primitive.kernels():
            if not callable(kernel) and kernel != _WORDS.get(option):
                allowed = f"a function{f' or {_WORDS[option]!r}' if option in _WORDS else ''}"
                raise InputError(
                    f"primitive {primitive.name} of language {self.name!r}: {option} is {kernel!r}; allowed: {allowed}; declare "
                    f"the function beside the primitive, under @{primitive.name}.{option.rstrip('s')}"
                )
        other = self.primitives.get(primitive.name)
        if other is not None:
            raise InputError(
                f"language {self.name!r} already has a primitive {primitive.name!r}: declared at {other.origin or 'unknown'}, "
                f"again at {primitive.origin or 'unknown'}; give one of them another name"
            )
        self.primitives[primitive.name] = primitive
        return primitive

    def include(self, *languages: Language) -> None:
        """Include the primitives and constants of other languages, in their order.

        Raises:
            InputError: if a name is taken; both places are named.
        """
        for language in languages:
            for primitive in language.primitives.values():
                self.add(primitive)
            self.constants.extend(language.constants)
            self.hints += language.hints
            self.input_generators.update(language.input_generators)
            self.value_properties += [p for p in language.value_properties if p not in self.value_properties]

    def inputs(self, type: str | Type) -> Callable[[InputGenerator], InputGenerator]:
        """Declare a generator of inputs of a type in tasks of this language; a decorator. Sampling uses it instead of the domain.

            @lang.inputs("list list int")
            def rectangles(rng, column):
                width = column.randint(1, 4)  # the same in all examples of a task
                return [[rng.randint(-9, 9) for _ in range(width)] for _ in range(rng.randint(1, 4))]

        Raises:
            InputError: for a type with variables or arrows, or one that has a generator already.
        """
        t = parse_type(type) if isinstance(type, str) else type
        domain_of(t)  # raises for a type without values

        def declare(generator: InputGenerator) -> InputGenerator:
            if t in self.input_generators:
                raise InputError(
                    f"language {self.name!r} already has inputs of type {t}: {self.input_generators[t]!r}; generate all kinds in one function"
                )
            self.input_generators[t] = generator
            return generator

        return declare

    def value_property(self, function: Callable[P, bool]) -> Callable[P, bool]:
        """Declare a property of values that neural guides read in addition to the values; a decorator.

        A function of one value is evaluated on inputs and on the output, and one of two values on an input and the output, if the types
        fit: ``def peaked(xs: list[int]) -> bool``. It is called with frozen values (lists as tuples), never with missing ones. Guides
        that were trained before it was declared ignore it.

        Raises:
            InputError: for another number of parameters, an annotation that is missing or no ground type, another result
                than ``bool``, or a name already taken for these types.
        """
        found = declared_property(function, self.name)
        if any(p.types == found.types and p.name == found.name for p in self.value_properties):
            raise InputError(
                f"language {self.name!r} already has a property {found.name!r} of {' and '.join(map(str, found.types))}; "
                "give one of the two functions another name"
            )
        self.value_properties.append(found)
        return function

    def type(self, name: str, meaning: Domain | Type | str, *, annotation: Any = None) -> TypeConstructor:
        """Declare a type: ``lang.type("colour", Colour())``, or ``lang.type("tower", "list int")`` with known values.

        Args:
            name: how types are written; two or more letters, digits and underscores.
            meaning: a :class:`~neurosynth.values.domain.Domain`, or a type whose literals, samples and representation
                the values have; the two types are still different.
            annotation: the object that means the type in the annotations of primitives (a class, an ``Annotated``); by default the
                class of values that a domain has.

        Raises:
            InputError: for a name that cannot be one, or that means something else already (both places are named).
        """
        caller = sys._getframe(1)
        origin = f"{caller.f_code.co_filename}:{caller.f_lineno}"
        return add_type(name, meaning, annotation=annotation, owner=f"language {self.name!r}", origin=origin)

    def forms_in(self, module: str) -> None:
        """Declare the module with the forms of primitives in SQL, pandas and so on; it is imported on export."""
        for name, primitive in self.primitives.items():
            if not primitive.forms:
                self.primitives[name] = replace(primitive, forms=module)

    def constant(self, value: Any, type: str | Type, *, cost: int = 1) -> None:
        """Add a constant that every task of the language may use, at ``cost``; ``value`` may be in its JSON form.

        Raises:
            InputError: if it is not a value of the type.
        """
        t = parse_type(type) if isinstance(type, str) else type
        known = domain_of(t).freeze(value)
        try:
            known = known if domain_of(t).has(known) else domain_of(t).from_json(value)
        except NotInDomain as error:
            raise InputError(f"language {self.name!r}: constant {error}") from None
        self.constants.append((Constant(known, t), cost))

    def functions_over(self, *types: str | Type) -> None:
        """Let lambdas take and return values of these types, in addition to numbers, truth values and elements of lists.

        Every such lambda has separate banks, and runs on Python objects.
        """
        found = tuple(parse_type(t) if isinstance(t, str) else t for t in types)
        self.hints += Hints(functions=found)

    def keeps(
        self,
        type: str | Type,
        test: Callable[[Any, Any], bool],
        *,
        output: str | Type,
        outline: Callable[[Any], Sequence[int]],
        kernel: Callable[..., bool] | None = None,
        ending: str = "",
    ) -> None:
        """Declare which values can be part of an output. In a search, all others are undefined, and so is everything made of them.

        Args:
            type: of the values.
            test: ``(outline, value) ->`` whether the value can be part of the output; true if it is not sure.
            output: the type of the outputs of the tasks for which this holds.
            outline: what the test reads of an output, as whole numbers; computed once for each example.
            kernel: the same test on machine values; without it the values of this type are computed on Python objects.
            ending: if primitives take their continuation as the last argument, the primitive without arguments that means "nothing
                follows". If a result cannot be part of an output with this ending, no other continuation may make it one; and two results
                that are equal with this ending must be equal with any other.

        Raises:
            InputError: if there is a test for this type and these outputs already, or ``ending`` is not such a primitive.
        """
        t, wanted = (parse_type(x) if isinstance(x, str) else x for x in (type, output))
        if self.hints.for_output(wanted).keep(t) is not None:
            raise InputError(
                f"language {self.name!r} already has a test for values of type {t} in outputs of type {wanted}; declare one only"
            )
        if ending and ((last := self.get(ending)) is None or last.parameters or last.result != t):
            raise InputError(
                f"language {self.name!r}: ending is {ending!r}; allowed: a primitive without arguments that gives {t}"
            )
        self.hints += Hints((Keep(type=t, output=wanted, outline=outline, test=test, kernel=kernel, ending=ending),))

    def points(
        self, type: str | Type, values: Iterable[Any], *, always: Iterable[Any] = (), varying: bool = False
    ) -> None:
        """Declare the arguments with which functions are called: the search evaluates parameters of this type only at these values.

        Args:
            type: of the parameters.
            values: the arguments, possibly in their JSON form.
            always: those of the values with which every function is called: a body without a value there is dropped.
            varying: whether the search leaves out functions that ignore their arguments. This loses nothing if a program without a
                function does the same: a loop whose body ignores the index is a repetition.

        Raises:
            InputError: for a value that is not of the type, and if the type has points already.
        """
        t = parse_type(type) if isinstance(type, str) else type
        if self.hints.points_of(t) is not None:
            raise InputError(f"language {self.name!r} already has points of type {t}; declare them in one call")
        domain = domain_of(t)
        found = tuple(dict.fromkeys(domain.accept(v) for v in values))
        every = tuple(domain.accept(v) for v in always)
        missing = [v for v in every if v not in found]
        if missing or not found:
            raise InputError(
                f"language {self.name!r}: the points always={missing} are not among the values {list(found)}; add them to the values"
                if found
                else f"language {self.name!r}: no points of type {t}; give at least one value"
            )
        self.hints += Hints((), (Points(type=t, values=found, always=every, varying=varying),))

    def usual(self, primitives: Iterable[str], functions: Mapping[str, Iterable[str]] | None = None) -> None:
        """Declare of what long programs are usually made: a separate search then tries longer programs of these than of everything.

            lang.usual(("map", "sort", "take"), {"int -> int": ("(lambda (a) (* a a))",)})

        Args:
            primitives: those that are applied one after the other, by name.
            functions: those that are usual as their arguments, as texts of this language, by type.

        Raises:
            InputError: for a type that is no arrow.
            UnknownNameError: for a primitive that the language does not have.
        """
        names = tuple(dict.fromkeys(self[name].name for name in primitives))
        found: list[tuple[Arrow, str]] = []
        for text, bodies in (functions or {}).items():
            t = parse_type(text)
            if not isinstance(t, Arrow):
                raise InputError(
                    f"language {self.name!r}: usual functions of type {t}; allowed: an arrow, as in int -> int"
                )
            found += [(t, body) for body in bodies]
        self.hints += Hints(usual=(Usual(primitives=names, functions=tuple(found)),))

    def with_primitives(self, primitives: Iterable[Primitive], *, name: str | None = None) -> Language:
        """A copy with more primitives (macros of a file, learned abstractions)."""
        copy = Language(name or self.name, doc=self.doc, family=self._family, requests=self.requests)
        copy.primitives = dict(self.primitives)
        copy.constants = list(self.constants)
        copy.pieces, copy.draws, copy.extends, copy.base = self.pieces, self.draws, self.extends, self.base
        copy.value_properties = list(self.value_properties)
        copy.input_generators = dict(self.input_generators)
        copy.hints = self.hints
        for primitive in primitives:
            copy.add(primitive)
        return copy

    @property
    def fingerprint(self) -> str:
        """16 hex digits over names, types, bodies of macros and constants, which identify the language of a corpus."""
        known = sorted(self.primitives.values(), key=lambda p: p.name)
        lines = [str(p) if p.macro is None else f"{p} := {p.macro}" for p in known]
        lines += [f"{c} : {c.type} @ {cost}" for c, cost in self.constants]
        return hashlib.sha256("\n".join([self.name, *lines]).encode()).hexdigest()[:16]
