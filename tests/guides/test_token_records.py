"""Guides of a language that has changed since: what is new gets little, what is gone is left out, what changed is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from neurosynth_dsls import guides

from neurosynth.cli.show import show
from neurosynth.errors import InputError
from neurosynth.guide_resolution import resolve_guide
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.ngram import NGram
from neurosynth.guides.pcfg import PCFG, BigramPCFG
from neurosynth.guides.token_records import (
    FLOOR,
    GuideMismatch,
    TokenMatch,
    TokenRecord,
    language_records,
    vocabulary_records,
)
from neurosynth.guides.trained import TrainedGuide
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.portfolio import Auto
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.testing import check_guide
from neurosynth.values.types import parse_type

SHIPPED = {g.name: g for g in vars(guides).values() if isinstance(g, TrainedGuide)}
NEW = {
    "lists": Primitive(name="middle", type=parse_type("list int -> list int"), function=lambda xs: xs[1:-1]),
    "strings": Primitive(name="swapped", type=parse_type("string -> string"), function=str.swapcase),
}
NEW["columns"] = NEW["strings"]
USED = {"columns": "str.len", "lists": "reverse", "strings": "str.len"}
"""A primitive of each language that the programs below do not use."""
CASES: dict[str, tuple[Task, tuple[str, ...]]] = {
    "lists": (
        Task([example([3, 1, 2], 2, output=[2, 4]), example([5, 4], 1, output=[8])], "first doubled"),
        ("(take x1 (map (lambda (a) (* a 2)) (sort x0)))", "(filter (lambda (a) (> a 0)) x0)", "x0"),
    ),
    "strings": (
        Task([example("ada b", output="A"), example("bob c", output="B")], "first letter"),
        ("(str.upper (str.at x0 0))", '(str.++ x0 " ")', "x0"),
    ),
}


CASES["columns"] = CASES["strings"]


def shrunk(language: Language, name: str) -> Language:
    """A copy without a primitive."""
    copy = language.with_primitives([])
    del copy.primitives[name]
    return copy


def changed(language: Language, name: str, **changes: Any) -> Language:
    """A copy in which a primitive is another."""
    copy = language.with_primitives([])
    copy.primitives[name] = replace(copy.primitives[name], **changes)
    return copy


def programs(language: Language) -> tuple[Task, list[Program]]:
    task, texts = CASES[language.name]
    known = replace(task, constants=task_constants(language))
    return known, [parse_program(t, language, request=task.type, constants=known.constants) for t in texts]


def task_constants(language: Language) -> tuple[Any, ...]:
    return (parse_program("7", language, request="int"),) if language.name == "lists" else ()


def token_logprobs(guide: SequenceGuide, task: Task, program: Program) -> list[float]:
    """Of each token of a program, before any mask (nats)."""
    state, found = guide.start(task), []
    for token in guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants)):
        found.append(float(state.log_probs()[0, token]))
        state = state.advance(np.array([0]), np.array([token]))
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_a_language_that_gained_a_primitive_keeps_the_shipped_guides(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    grown = language.with_primitives([NEW[language.name]])
    old, new = SHIPPED[name].load(language), SHIPPED[name].load(grown)
    check_guide(new, language=grown)
    task, texts = programs(language)
    for program in texts:
        if isinstance(old, SequenceGuide) and isinstance(new, SequenceGuide):
            pairs = zip(token_logprobs(old, task, program), token_logprobs(new, task, program), strict=True)
            assert all(-1e-6 <= before - after <= math.log1p(FLOOR) + 1e-5 for before, after in pairs), program
        else:
            assert isinstance(old, RuleGuide)
            assert isinstance(new, RuleGuide)
            before = derivation_logprob(old.predict(task, task_grammar(task, language)), program)
            after = derivation_logprob(new.predict(task, task_grammar(task, grown)), program)
            assert before is not None
            assert after is not None
            assert 0 <= before - after <= program.size * math.log1p(FLOOR)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_new_primitive_is_possible_and_unlikely(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    grown = language.with_primitives([NEW[language.name]])
    guide, (task, _) = SHIPPED[name].load(grown), programs(language)
    if isinstance(guide, SequenceGuide):
        token = guide.vocabulary.primitive_token(NEW[language.name].name)
        assert -25 < guide.start(task).log_probs()[0, token] < math.log(FLOOR)
    else:
        weighted = guide.predict(task, task_grammar(task, grown))
        of = {p.head.name: n for p, n in zip(weighted.grammar.productions, weighted.logprobs, strict=True)
              if isinstance(p.head, Primitive)}  # fmt: skip
        assert -25 < of[NEW[language.name].name] <= math.log(FLOOR)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_primitive_that_was_removed_is_left_out(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    rest = shrunk(language, USED[language.name])
    old, new = SHIPPED[name].load(language), SHIPPED[name].load(rest)
    check_guide(new, language=rest)
    task, texts = programs(language)
    if isinstance(old, SequenceGuide) and isinstance(new, SequenceGuide):
        assert len(new.vocabulary) == len(old.vocabulary) - 1
        if name.endswith(("lstm", "transformer")):  # scores stay, and are shared by one token less
            for program in texts:
                pairs = zip(token_logprobs(old, task, program), token_logprobs(new, task, program), strict=True)
                assert all(after >= before - 1e-6 for before, after in pairs)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"type": parse_type("bool -> bool")},
            r"primitive '{}' has changed its type: .*, now bool -> bool; train a guide",
        ),
        (
            {"function": lambda *_: 1234567},
            r"primitive '{}' has changed its meaning: it gives other values for the same arguments",
        ),
    ],
)
def test_a_primitive_that_changed_is_refused_by_name(name: str, change: dict[str, Any], message: str) -> None:
    language = load_language(SHIPPED[name].language)
    now = changed(language, USED[language.name], **change)
    with pytest.raises(GuideMismatch, match=message.format(USED[language.name])) as caught:
        SHIPPED[name].load(now)
    assert SHIPPED[name].file.name in str(caught.value)
    assert USED[language.name] in SHIPPED[name].unusable(now)


@pytest.mark.parametrize("name", SHIPPED)
def test_constants_are_known_by_value(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    more = language.with_primitives([])
    constants = more.constants
    more.constants = []
    more.constant(99 if language.name == "lists" else "~", "int" if language.name == "lists" else "string")
    more.constants += constants[::-1]
    old, new = SHIPPED[name].load(language), SHIPPED[name].load(more)
    task, texts = programs(language)
    for program in texts:
        if isinstance(old, SequenceGuide) and isinstance(new, SequenceGuide):
            pairs = zip(token_logprobs(old, task, program), token_logprobs(new, task, program), strict=True)
            assert all(abs(before - after) <= 0.03 for before, after in pairs), program


# --- where a guide is not used, the result says so ----------------------------------------------------------------

TASK = CASES["strings"][0]


def test_auto_says_why_a_guide_is_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    language = changed(load_language("strings"), "str.len", type=parse_type("string -> bool"), function=lambda s: True)
    resolution = resolve_guide(None, TASK, language, task_grammar(TASK, language), Auto())
    why = "guide strings-lstm not used: primitive 'str.len' has changed its type: string -> int, now string -> bool"
    assert resolution.deferred is None
    assert resolution.noted() == (why,)
    result = synthesize(TASK, language)
    assert result.guide_notes == (why,)
    assert why in str(result).split("\n")
    assert result.to_json()["guide_notes"] == [why]
    show(result)
    assert why in capsys.readouterr().out
    assert why in str(result.explain())
    assert "not needed" not in str(result)


def test_a_file_that_is_damaged_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "g.safetensors").write_bytes(b"no guide at all, this")
    broken = TrainedGuide("strings-broken", "strings", tmp_path / "g.safetensors", automatic=True)
    monkeypatch.setattr("neurosynth.guide_resolution.trained_guides", lambda language: iter([broken]))
    result = synthesize(TASK, "strings")
    (note,) = result.guide_notes
    assert note.startswith("guide strings-broken not used: ")
    assert "no guide; allowed: files that 'neurosynth train' wrote" in note


def test_a_guide_whose_tensors_are_damaged_is_said_once_it_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neurosynth.guides.files import read_guide_file, write_guide_file

    file = read_guide_file(SHIPPED["strings-lstm"].file)
    some = {name: t for name, t in file.tensors.items() if "bridge" not in name}
    write_guide_file(tmp_path / "g.safetensors", replace(file, tensors=some))
    broken = TrainedGuide("strings-broken", "strings", tmp_path / "g.safetensors", automatic=True)
    monkeypatch.setattr("neurosynth.guide_resolution.trained_guides", lambda language: iter([broken]))
    rows = [
        example(f"{a} {b}", output=f"{b[::-1]}-{len(a)}{a[:2]}!")
        for a, b in (("ada", "lov"), ("grace", "hop"), ("al", "tur"))
    ]
    early = BottomUp(policy=PortfolioConfig(guide_phase_after=0.001))
    result = synthesize(Task(rows, "hard"), "strings", search=early, limits=Limits(seconds=3))
    assert result.guide == "uniform"
    (note,) = result.guide_notes
    assert note.startswith("guide strings-broken not used: ")
    assert "its tensors are not those of this model" in note


def test_a_grown_language_is_no_reason() -> None:
    language = load_language("strings").with_primitives([NEW["strings"]])
    result = synthesize(TASK, language)
    assert result.guide_notes == ()
    assert "strings-lstm" in result.guide


def test_searches_over_tokens_say_so_too() -> None:
    language = changed(load_language("strings"), "str.len", function=lambda s: 5)
    result = synthesize(TASK, language, search=Beam())
    assert result.guide == "uniform tokens"
    assert [n.split(":")[0] for n in result.guide_notes] == ["guide strings-lstm not used"]


def test_a_named_guide_that_changed_is_an_error() -> None:
    language = changed(load_language("strings"), "str.len", function=lambda s: 5)
    with pytest.raises(InputError, match=r"primitive 'str\.len' has changed its meaning"):
        synthesize(TASK, language, guide="strings-lstm")


def test_counts_that_a_bridge_leans_on_are_missed_aloud(tmp_path: Path) -> None:
    language = changed(load_language("strings"), "str.len", function=lambda s: 5)
    guide = NGram(n=2).fit([parse_program("(str.upper x0)", language, request=TASK.type)], language)
    notes = resolve_guide(guide, TASK, language, task_grammar(TASK, language), Auto()).noted()
    assert [n.split(":")[0] for n in notes] == ["guide strings-bigram-pcfg not used", "guide strings-ngram not used"]


# --- matching ------------------------------------------------------------------------------------------------------


def small(*primitives: tuple[str, str], constants: tuple[int, ...] = ()) -> Language:
    language = Language("small")
    for name, type_ in primitives:
        language.add(Primitive(name=name, type=parse_type(type_), function=lambda *a: a[0]))
    for value in constants:
        language.constant(value, "int")
    return language


ABC = (("a", "int -> int"), ("b", "int -> int"), ("c", "int -> int -> int"))


def test_records_are_the_tokens_of_a_vocabulary() -> None:
    language = small(*ABC, constants=(4,))
    vocabulary = Vocabulary(language, inputs=1, constants=2, variables=1)
    records = vocabulary_records(vocabulary)
    assert tuple(r.name for r in records) == vocabulary.tokens
    assert [r.kind for r in records] == [
        *["special"] * 3, "lambda", "lambda", *["primitive"] * 3, "input", "constant", "constant", "variable",
    ]  # fmt: skip
    assert records[-3] == TokenRecord("constant", "c0", "int", "4")
    assert all(TokenRecord.of_json(r.to_json()) == r for r in records)
    assert language_records(language) == (*records[5:8], records[-3])


def test_match_finds_tokens_by_name_and_constants_by_value() -> None:
    old = vocabulary_records(Vocabulary(small(*ABC, constants=(4, 5)), inputs=1, constants=3, variables=0))
    now = small(("aa", "int -> int"), *ABC[1:], constants=(5, 6))
    new = vocabulary_records(Vocabulary(now, inputs=1, constants=4, variables=0))
    match = TokenMatch.of(old, new)
    names = {r.name: (old[s].name if s >= 0 else None) for r, s in zip(new, match.source.tolist(), strict=True)}
    assert names["aa"] is None
    assert names["b"] == "b"
    assert [names[f"c{i}"] for i in range(4)] == ["c1", None, "c2", None]  # 5; 6; the task's first; a slot more
    assert [r.name for r in match.dropped] == ["a", "c0"]
    assert match.target()[match.source[match.source >= 0]].tolist() == np.flatnonzero(match.source >= 0).tolist()
    assert not match.same
    assert TokenMatch.of(old, old).same


@pytest.mark.parametrize(
    ("type_", "relatives"),
    [("int -> int", ["a", "b"]), ("bool -> int", ["a", "b", "c"]), ("bool -> bool", ["a", "b", "c"])],
)
def test_relatives_are_of_the_type_else_of_the_result(type_: str, relatives: list[str]) -> None:
    old = language_records(small(*ABC, constants=(4,)))
    match = TokenMatch.of(old, language_records(small(("z", type_), *ABC)))
    assert [match.old[i].name for i in match.relatives(3)] == relatives


def test_tensors_are_adapted_row_by_row() -> None:
    old = language_records(small(*ABC))
    match = TokenMatch.of(old, language_records(small(ABC[1], ABC[2], ("z", "int -> int"))))
    tensors = {"v": np.array([[1.0, 2.0], [3.0, 6.0], [9.0, 9.0]]), "s": np.array([0.0, 1.0, 5.0]), "w": np.ones(7)}
    found = match.adapted(tensors, {"v": "vector", "s": "score"})
    assert found["v"].tolist() == [[3.0, 6.0], [9.0, 9.0], [2.0, 4.0]]  # b, c, the mean of a and b
    assert found["s"].tolist() == pytest.approx([1.0, 5.0, 0.5 + math.log(FLOOR)])
    assert found["w"] is tensors["w"]
    with pytest.raises(InputError, match="tensor s is missing, with 3 tokens"):
        match.adapted({}, {"s": "score"})


@pytest.mark.parametrize("make", [NGram(n=2, floor=0.0), NGram(n=2), PCFG(k=2.0), BigramPCFG(), PCFG(k=0)])
def test_a_guide_that_counts_leaves_a_new_primitive_possible_where_it_smooths(
    make: NGram | PCFG | BigramPCFG, tmp_path: Path
) -> None:
    language = small(*ABC)
    guide = make.fit([parse_program(t, language, request="int -> int") for t in ("(a x0)", "(c x0 (b x0))")], language)
    guide.save(tmp_path / "g.json")
    grown = small(*ABC, ("z", "int -> int"))
    loaded = load_guide(tmp_path / "g.json", grown)
    task = Task([example(1, output=1)])
    if isinstance(loaded, SequenceGuide):
        assert loaded.start(task).log_probs()[0, loaded.vocabulary.primitive_token("z")] > -15
    else:
        weighted = loaded.predict(task, task_grammar(task, grown))
        (found,) = {n for p, n in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True)
                    if getattr(p.head, "name", "") == "z" and "@" not in p.target.name}  # fmt: skip
        assert found <= math.log(FLOOR)
        assert (found > -10) is (make != PCFG(k=0))
