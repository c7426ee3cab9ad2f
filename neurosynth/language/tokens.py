"""Programs as ids of tokens, for sequence models, and the exact mask of tokens that can still be completed.

Programs are in prefix order: a token determines the number of programs that follow it, so brackets are not needed. Constants are slots
that point into a tuple of constants (the language's, then the task's), so that a model trained on some constants works for others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurosynth.errors import InputError, ParseError
from neurosynth.language.inference import Checker
from neurosynth.language.language import Language
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.surface import MAX_NESTING, Atom, Group, Known, Node, Source
from neurosynth.language.syntax import request_inputs
from neurosynth.values.types import Arrow, Type

__all__ = ["END", "PAD", "START", "Vocabulary"]

PAD, START, END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Slots:
    """A run of ids: ``base`` to ``base + count - 1``."""

    what: str
    base: int
    count: int

    def id(self, index: int) -> int:
        if not 0 <= index < self.count:
            raise InputError(
                f"{self.what} {index} has no token: the vocabulary has {self.count} (0 to {self.count - 1}); "
                "make it with more"
            )
        return self.base + index

    def index(self, token: int) -> int | None:
        return token - self.base if self.base <= token < self.base + self.count else None


class Vocabulary:
    """Tokens of a language by id: specials, lambdas, primitives by name, slots of inputs, constants and variables.

    ``tokens[id]`` is a token's text.  Primitives that a family makes on demand have no token.
    """

    def __init__(self, language: Language, *, inputs: int = 8, constants: int = 16, variables: int = 4) -> None:
        for name, count in (("inputs", inputs), ("constants", constants), ("variables", variables)):
            if count < 0:
                raise InputError(f"Vocabulary: {name} is {count}; allowed: 0 or more")
        self.language = language
        primitives = sorted(language.primitives)
        functions = (p for primitive in language.primitives.values() for p in primitive.parameters)
        most = max([2, *(len(t.parameters) for t in functions if isinstance(t, Arrow))])
        self._lambdas = _Slots("a lambda of parameters beyond the first", 3, most)
        self._primitives = {name: 3 + most + i for i, name in enumerate(primitives)}
        self._names = {i: name for name, i in self._primitives.items()}
        self._inputs = _Slots("input", 3 + most + len(primitives), inputs)
        self._constants = _Slots("constant", self._inputs.base + inputs, constants)
        self._variables = _Slots("variable", self._constants.base + constants, variables)
        self.tokens: tuple[str, ...] = (
            *("<pad>", "<start>", "<end>", "lambda"),
            *(f"lambda{n}" for n in range(2, most + 1)),
            *primitives,
            *(f"x{i}" for i in range(inputs)),
            *(f"c{i}" for i in range(constants)),
            *(f"${i}" for i in range(variables)),
        )

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def input_slots(self) -> int:
        """Number of inputs that have a token."""
        return self._inputs.count

    def __repr__(self) -> str:
        return f"Vocabulary({self.language.name!r}, {len(self)} tokens)"

    def constants(self, task: Iterable[Constant] = ()) -> tuple[Constant, ...]:
        """The contents of the constant slots for a task: the language's constants, then the task's own, each once."""
        return tuple(dict.fromkeys([*(c for c, _ in self.language.constants), *task]))

    def token(self, head: Program, constants: Sequence[Constant]) -> int:
        """The id of a node's own token.

        Raises:
            InputError: for a constant that is not among ``constants``, a primitive of another language or made by a
                family, an index beyond the slots.
        """
        match head:
            case Input(index):
                return self._inputs.id(index)
            case Variable(index):
                return self._variables.id(index)
            case Lambda(parameters):
                return self._lambdas.id(len(parameters) - 1)
            case Apply(primitive):
                return self.primitive_token(primitive.name)
            case Constant():
                if head not in constants:
                    known = ", ".join(map(str, constants)) or "none"
                    raise InputError(
                        f"constant {head} : {head.type} has no slot; constants: {known}; add it to the task's constants"
                    )
                return self._constants.id(constants.index(head))
        raise AssertionError(head)

    def primitive_token(self, name: str) -> int:
        """The id of a primitive.

        Raises:
            InputError: if the language does not list it.
        """
        found = self._primitives.get(name)
        if found is None:
            raise InputError(
                f"primitive {name!r} has no token in the vocabulary of language {self.language.name!r}: "
                "only the primitives it lists have one, not those of another language or of a family"
            )
        return found

    def lambda_token(self, parameters: int) -> int:
        """The id of the lambda with this many parameters.

        Raises:
            InputError: if no primitive of the language takes such a function.
        """
        return self._lambdas.id(parameters - 1)

    def encode(self, program: Program, constants: Sequence[Constant] = ()) -> list[int]:
        """The ids of a program in prefix order, without start and end.

        Raises: InputError: if :meth:`token` does.


        """
        return [self.token(node, constants) for node in program.subprograms()]

    def decode(
        self,
        ids: Sequence[int],
        *,
        request: Type | str | None = None,
        inputs: Sequence[Input] | None = None,
        constants: Sequence[Constant] = (),
    ) -> Program:
        """The program of ids from :meth:`encode`; types are inferred as in ``parse_program``.

        Raises:
            ParseError: for ids that are not a program, or none of the request type; the message shows them as text.
            InputError: if ``request`` has another number of inputs than ``inputs``.
        """
        given, wanted, whole = request_inputs(request, inputs)
        names = {i.index: i.name or i.head for i in given or ()}
        reader = _TokenReader(self, ids, constants, names)
        root = reader.read()
        source = Source(" ".join(reader.pieces), self.language.name)
        return Checker(source, self.language, given, constants).program(root, wanted, whole)

    def classify(self, token: int) -> tuple[str, int] | None:
        """``lambda``, ``primitive``, ``input``, ``constant`` or ``variable``, and its index; None for specials."""
        if token in self._names:
            return "primitive", token
        for kind, slots in (
            ("lambda", self._lambdas),
            ("input", self._inputs),
            ("constant", self._constants),
            ("variable", self._variables),
        ):
            index = slots.index(token)
            if index is not None:
                return kind, index
        return None

    def primitive_name(self, token: int) -> str:
        """The name of the primitive behind an id."""
        return self._names[token]


class _TokenReader:
    """Ids to the tree that :class:`Checker` reads; ``pieces`` is the tree's text, to which positions in nodes refer."""

    def __init__(
        self, vocabulary: Vocabulary, ids: Sequence[int], constants: Sequence[Constant], names: dict[int, str]
    ) -> None:
        self.vocabulary, self.ids, self.constants, self.names = vocabulary, ids, constants, names
        self.pieces: list[str] = []
        self.at = 0
        self.length = 0

    def read(self) -> Node:
        root = self.node(0, 0)
        if self.at < len(self.ids):
            raise self.fail("the program is complete before this token")
        return root

    def word(self, text: str) -> tuple[int, int]:
        """Append to the text; returns the position."""
        start = self.length + (1 if self.pieces else 0)
        self.pieces.append(text)
        self.length = start + len(text)
        return start, self.length

    def node(self, depth: int, nesting: int) -> Node:
        """The next subtree, under ``depth`` parameters of lambdas and ``nesting`` other nodes."""
        if nesting > MAX_NESTING:
            raise self.fail(f"nested deeper than {MAX_NESTING}")
        if self.at >= len(self.ids):
            raise self.fail(f"{len(self.ids)} tokens are not a whole program")
        token = self.ids[self.at]
        found = self.vocabulary.classify(token)
        if found is None or (found[0] == "constant" and found[1] >= len(self.constants)):
            raise self.fail("a token of a program was expected, and a slot only where the task has such a constant")
        self.at += 1
        kind, index = found
        match kind:
            case "input":
                name = self.names.get(index, f"x{index}")
                return Atom(*self.word(name), name, quoted=index in self.names)
            case "variable":
                return Atom(*self.word(f"${index}"), f"${index}")
            case "constant":
                constant = self.constants[index]
                return Known(*self.word(str(constant)), constant)
            case "lambda":
                return self.abstraction(index + 1, depth, nesting)
        primitive = self.vocabulary.language[self.vocabulary.primitive_name(token)]
        start, end = self.word(primitive.name)
        head = Atom(start, end, primitive.name)
        arguments = tuple(self.node(depth, nesting + 1) for _ in primitive.parameters)
        return Group(start, self.length, (head, *arguments))

    def abstraction(self, parameters: int, depth: int, nesting: int) -> Node:
        start, end = self.word("lambda" if parameters == 1 else f"lambda{parameters}")
        names = tuple(Atom(start, end, f"?{depth + i}") for i in range(parameters))
        body = self.node(depth + parameters, nesting + 1)
        return Group(start, self.length, (Atom(start, end, "lambda"), Group(start, end, names), body))

    def fail(self, fact: str) -> ParseError:
        known = self.vocabulary.tokens
        texts = [known[i] if 0 <= i < len(known) else f"<{i}>" for i in self.ids]
        start = sum(len(t) + 1 for t in texts[: self.at])
        end = start + (len(texts[self.at]) if self.at < len(texts) else 1)
        return Source(" ".join(texts), self.vocabulary.language.name).error("syntax error", start, end, fact)
