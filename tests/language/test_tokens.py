"""Tokens: programs to ids and back, and the mask of completable tokens, checked by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neurosynth.errors import InputError, ParseError
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Abstraction, Grammar, Head, Lift, Nonterminal, Production, Unit
from neurosynth.language.language import Language
from neurosynth.language.masks import TokenGrammar, TokenState
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import END, PAD, START, Vocabulary
from neurosynth.plugins import load
from neurosynth.values.types import BOOL, INT, STRING, Arrow, Type, list_of, parse_type
from tests.strategies import programs, requests, tiny

TINY = tiny()
VOCABULARY = Vocabulary(TINY, variables=8)
LIST = list_of(INT)


def ids(*tokens: str) -> list[int]:
    return [VOCABULARY.tokens.index(t) for t in tokens]


# Programs to ids and back


def test_the_vocabulary_lists_specials_lambdas_primitives_and_slots() -> None:
    small = Vocabulary(TINY, inputs=2, constants=1, variables=1)
    names = ["+", "=", "bvconcat", "bvnot", "div", "filter", "fold", "head", "if", "map", "not", "pair", "repeat"]
    names += ["take", "zero"]
    assert small.tokens == ("<pad>", "<start>", "<end>", "lambda", "lambda2", *names, "x0", "x1", "c0", "$0")
    assert len(small) == len(small.tokens)
    assert [small.tokens[i] for i in (PAD, START, END)] == ["<pad>", "<start>", "<end>"]
    assert "24 tokens" in repr(small)


def test_encodes_in_prefix_order_with_constants_as_slots() -> None:
    program = parse_program("(map (lambda (a) (+ a 7)) (pair x0 1))", TINY)
    constants = VOCABULARY.constants([Constant(7, INT)])
    assert [str(c) for c in constants] == ["0", "1", '"a b"', "7"]
    assert VOCABULARY.encode(program, constants) == ids("map", "lambda", "+", "$0", "c3", "pair", "x0", "c1")


def test_constants_come_once_the_languages_first() -> None:
    given_ = [Constant(1, INT), Constant("x", STRING), Constant("x", STRING)]
    assert [str(c) for c in VOCABULARY.constants(given_)] == ["0", "1", '"a b"', '"x"']


@given(st.data(), requests())
def test_decode_of_encode_is_the_program(data: st.DataObject, request: Type) -> None:
    program = data.draw(programs(TINY, request))
    constants = tuple(dict.fromkeys(p for p in program.subprograms() if isinstance(p, Constant)))
    assume(len(constants) <= 16)
    assume(all(p.index < 8 for p in program.subprograms() if isinstance(p, Variable)))
    encoded = VOCABULARY.encode(program, constants)
    decoded = VOCABULARY.decode(encoded, request=request, constants=constants)
    assert decoded == program
    assert VOCABULARY.encode(decoded, constants) == encoded


def test_decode_gives_inputs_their_names() -> None:
    inputs = (Input(0, LIST, "First list"), Input(1, INT, "x0"))
    program = VOCABULARY.decode(ids("take", "x1", "x0"), inputs=inputs)
    assert str(program) == "(take x0 |First list|)"
    assert program == parse_program("(take x1 x0)", TINY, request="list int -> int -> list int")


@pytest.mark.parametrize(
    ("program", "part"),
    [
        (Constant(5, INT), "constant 5 : int has no slot; constants: 0, 1"),
        (Constant(True, BOOL), "constant true : bool has no slot"),
        (Input(8, INT), "input 8 has no token: the vocabulary has 8 (0 to 7)"),
        (Variable(8, INT), "variable 8 has no token"),
        (Lambda((INT, INT, INT), Variable(0, INT)), "a lambda of parameters beyond the first 2 has no token"),
        (Apply(Primitive(name="f 1", type=INT, function=int), ()), "primitive 'f 1' has no token"),
    ],
)
def test_what_has_no_token_is_named(program: Program, part: str) -> None:
    with pytest.raises(InputError) as caught:
        VOCABULARY.encode(program, VOCABULARY.constants())
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("tokens", "part"),
    [
        ((), "0 tokens are not a whole program"),
        (("+", "x0"), "2 tokens are not a whole program"),
        (("x0", "x0"), "the program is complete before this token"),
        (("+", "<end>", "x0"), "a token of a program was expected"),
        (("+", "c9", "x0"), "a slot only where the task has such a constant"),
        (("+", "$0", "x0"), "no lambda binds $0"),
        (("not", "x0"), "argument 1 of not is bool; x0 is int"),
        (("+", "x0", "x1"), "nothing is called x1 here"),
        (("not", "=", "x0", "x0"), "the program is bool; type int -> int asks for int"),
        (("map", "lambda2", "$0", "pair", "x0", "x0"), "this lambda has 2 parameters, not 1"),
    ],
)
def test_ids_that_are_no_program_are_shown_as_text(tokens: tuple[str, ...], part: str) -> None:
    with pytest.raises(ParseError) as caught:
        VOCABULARY.decode(ids(*tokens), request="int -> int", constants=VOCABULARY.constants())
    assert part in str(caught.value)


def test_ids_without_a_token_and_endless_nesting_are_errors() -> None:
    with pytest.raises(ParseError, match="a token of a program was expected"):
        VOCABULARY.decode([999], request="int")
    with pytest.raises(ParseError, match="nested deeper than 150"):
        VOCABULARY.decode(ids("not") * 5000, request="bool")


def test_slots_are_not_negative() -> None:
    with pytest.raises(InputError, match="Vocabulary: variables is -1; allowed: 0 or more"):
        Vocabulary(TINY, variables=-1)


# Masks

N, M, S, C, L = (Nonterminal(n, t) for n, t in (("N", INT), ("M", INT), ("S", STRING), ("C", BOOL), ("L", LIST)))
F, BODY, LIFTED = Nonterminal("F", Arrow((INT,), INT)), Nonterminal("B", INT, (INT,)), Nonterminal("K", INT, (INT,))
X, TEXT, ITEMS = Input(0, INT), Input(1, STRING), Input(2, LIST)
ONE, SEVEN = Constant(1, INT), Constant(7, INT)
CONSTANTS = (ONE, SEVEN)
BIG = Primitive(name="extract 3", type=Arrow((INT,), INT), function=abs)

GRAMMARS = {
    "sums": Grammar(N, (Production(N, X), Production(N, ONE), Production(N, TINY["+"], (N, N)))),
    "no leaf of one token": Grammar(
        N, (Production(N, TINY["+"], (M, M)), Production(M, TINY["div"], (M, N)), Production(M, X))
    ),
    "one name at two types": Grammar(
        C,
        (
            Production(C, TINY["="].at({"a": INT}), (N, N)),
            Production(C, TINY["="].at({"a": STRING}), (S, S)),
            Production(C, TINY["not"], (C,)),
            Production(N, X),
            Production(S, TEXT),
            Production(N, TINY["head"].at({"a": INT}), (L,)),
            Production(L, TINY["pair"].at({"a": INT}), (N, N)),
            Production(L, ITEMS),
        ),
    ),
    "units in a cycle": Grammar(
        N,
        (
            Production(N, Unit(), (M,)),
            Production(M, Unit(), (N,)),
            Production(M, X),
            Production(N, TINY["+"], (M, M)),
            Production(M, TINY["+"], (N, N)),
        ),
    ),
    "lambdas": Grammar(
        L,
        (
            Production(L, ITEMS),
            Production(L, TINY["map"].at({"a": INT, "b": INT}), (F, L)),
            Production(F, Abstraction((INT,)), (BODY,)),
            Production(BODY, Variable(0, INT)),
            Production(BODY, Unit(), (LIFTED,)),
            Production(LIFTED, Lift(), (N,)),
            Production(BODY, TINY["+"], (BODY, BODY)),
            Production(N, X),
            Production(N, SEVEN),
            Production(N, TINY["+"], (N, N)),
        ),
    ),
    "heads without a token": Grammar(
        N,
        (
            Production(N, X),
            Production(N, BIG, (N,)),
            Production(N, Constant(99, INT)),
            Production(N, TINY["+"], (N, M)),
            Production(M, Constant(98, INT)),
            Production(M, TINY["div"], (N, M)),
        ),
    ),
}


def sentences(
    grammar: Grammar, vocabulary: Vocabulary, constants: tuple[Constant, ...], most: int
) -> set[tuple[int, ...]]:
    """Every sequence of up to ``most`` tokens that is a program: grown from all non-terminals until nothing is new."""
    found: dict[Nonterminal, set[tuple[int, ...]]] = {n: set() for n in grammar.nonterminals}
    while True:
        before = sum(map(len, found.values()))
        for p in grammar.productions:
            head: tuple[int, ...] | None = ()
            if isinstance(p.head, Abstraction):
                head = (vocabulary.lambda_token(len(p.head.parameters)),)
            elif isinstance(p.head, Primitive):
                head = (vocabulary.primitive_token(p.head.name),) if p.head.name in TINY.primitives else None
            elif isinstance(p.head, Constant):
                head = (vocabulary.token(p.head, constants),) if p.head in constants else None
            elif not isinstance(p.head, (Unit, Lift)):
                head = (vocabulary.token(p.head, constants),)
            if head is not None:
                for parts in itertools.product(*(sorted(found[a]) for a in p.arguments)):
                    sentence = head + tuple(itertools.chain(*parts))
                    if len(sentence) <= most:
                        found[p.target].add(sentence)
        if sum(map(len, found.values())) == before:
            return found[grammar.start]


def check_masks(grammar: Grammar, most: int, constants: tuple[Constant, ...] = CONSTANTS) -> None:
    """Every mask on every path against all programs; every path ends in one of them."""
    whole = sentences(grammar, VOCABULARY, constants, most)
    tokens = TokenGrammar(VOCABULARY, grammar, constants)
    if not whole:
        with pytest.raises(InputError, match="the shortest program of this grammar has"):
            tokens.start(most)
        return
    prefixes = {s[:k] for s in whole for k in range(len(s) + 1)}
    paths: list[tuple[tuple[int, ...], TokenState]] = [((), tokens.start(most))]
    reached = set()
    for path, state in paths:  # grows while it is walked
        expected = {p[-1] for p in prefixes if len(p) == len(path) + 1 and p[:-1] == path}
        allowed = set(np.flatnonzero(state.mask()).tolist())
        assert state.done == (path in whole)
        assert allowed == expected | ({END} if state.done else set())
        if state.done:
            reached.add(path)
            assert VOCABULARY.encode(state.program(), constants) == list(path)
            ended = state.advance(END)
            assert np.flatnonzero(ended.mask()).tolist() == [PAD]
            assert ended.advance(PAD).program() == state.program()
        paths += [((*path, t), state.advance(t)) for t in sorted(allowed - {END})]
    assert reached == whole


@pytest.mark.parametrize("most", [1, 2, 3, 5, 6, 7])
@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS.keys())
def test_masks_are_exact(grammar: Grammar, most: int) -> None:
    check_masks(grammar, most)


@st.composite
def grammars(draw: st.DrawFn) -> Grammar:
    """Small random grammars over ints: units, cycles, ambiguity, unproductive parts."""
    some = [Nonterminal(name, INT) for name in "NMPQ"[: draw(st.integers(1, 4))]]
    some_heads: list[Head] = [X, ONE, SEVEN, Unit(), Unit(), TINY["+"], TINY["div"], TINY["zero"]]
    heads = st.sampled_from(some_heads)
    productions = [Production(some[0], X)] if draw(st.booleans()) else [Production(some[-1], ONE)]
    for _ in range(draw(st.integers(1, 7))):
        head = draw(heads)
        count = 1 if isinstance(head, Unit) else head.arity if isinstance(head, Primitive) else 0
        arguments = tuple(draw(st.sampled_from(some)) for _ in range(count))
        productions.append(Production(draw(st.sampled_from(some)), head, arguments))
    try:
        return Grammar(some[0], tuple(productions))
    except InputError:
        return Grammar(some[0], (*productions, Production(some[0], X)))


@given(grammars(), st.integers(1, 5))
def test_masks_are_exact_on_random_grammars(grammar: Grammar, most: int) -> None:
    check_masks(grammar, most)


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("tiny", "int -> int"),
        ("tiny", "list int -> int"),
        ("tiny", "bitvec 4 -> bitvec 8"),
        ("strings", "string -> int -> string"),
        ("lists", "list int -> int -> list int"),
        ("bitvectors", "bitvec 8 -> bitvec 8"),
    ],
)
def test_paths_through_compiled_grammars_are_well_typed_programs(name: str, request_: str) -> None:
    language: Language = TINY if name == "tiny" else load("languages", name)
    request = parse_type(request_)
    grammar = compile_grammar(language, request)
    used = tuple(dict.fromkeys(p.head for p in grammar.productions if isinstance(p.head, Constant)))
    vocabulary = Vocabulary(language, constants=len(used))
    constants = vocabulary.constants(used)[: len(used)]
    tokens = TokenGrammar(vocabulary, grammar, constants)
    wanted = request.result if isinstance(request, Arrow) else request
    random = np.random.default_rng(0)
    for _ in range(50):
        state, path = tokens.start(12), []
        while not state.done:
            path.append(int(random.choice(np.flatnonzero(state.mask()))))
            state = state.advance(path[-1])
        program = state.program()
        assert program.type == wanted
        assert len(path) <= 12
        assert vocabulary.encode(program, constants) == path
        assert vocabulary.decode(path, request=request, constants=constants) == program
        assert parse_program(str(program), language, request=request) == program


@pytest.mark.parametrize("most", [1, 2, 3])
def test_masks_are_exact_on_compiled_grammars(most: int) -> None:
    check_masks(compile_grammar(TINY, parse_type("list int -> int -> list int")), most, VOCABULARY.constants())


def test_productions_without_a_token_are_listed() -> None:
    tokens = TokenGrammar(VOCABULARY, GRAMMARS["heads without a token"], CONSTANTS)
    assert [str(p.head) for p in tokens.left_out] == ["extract 3 : int -> int", "99", "98"]


def test_a_grammar_without_any_expressible_program_is_an_error() -> None:
    with pytest.raises(InputError, match=r"no program of 'N' can be written in tokens.*N → 99.*more slots"):
        TokenGrammar(VOCABULARY, Grammar(N, (Production(N, Constant(99, INT)),)), CONSTANTS)


def test_a_token_that_cannot_be_completed_is_refused_with_those_that_can() -> None:
    state = TokenState.start(VOCABULARY, GRAMMARS["sums"], CONSTANTS, 2)
    with pytest.raises(
        InputError, match=r"token \+ \(id \d+\) is not completable here within 2 tokens; allowed: x0, c0"
    ):
        state.advance(ids("+")[0])
    with pytest.raises(InputError, match="not a whole program; continue until"):
        state.program()
    with pytest.raises(InputError, match="max_tokens is 0; the shortest program of this grammar has 1"):
        TokenState.start(VOCABULARY, GRAMMARS["sums"], CONSTANTS, 0)


def test_states_are_immutable() -> None:
    state = TokenState.start(VOCABULARY, GRAMMARS["sums"], CONSTANTS, 3)
    before = state.mask().copy()
    state.advance(ids("+")[0]).advance(ids("x0")[0])
    assert (state.mask() == before).all()
