"""Types that a language brings: what they are made of, how they clash, what they look like in text and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any, ClassVar, NamedTuple

import pytest

import neurosynth as ns
from neurosynth.errors import InputError, ParseError
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.testing import check_language
from neurosynth.values import registry, types
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of
from neurosynth.values.style import Style
from neurosynth.values.types import TypeConstructor, parse_type


class Grade(NamedTuple):
    """A school grade."""

    letter: str


@dataclass(frozen=True, kw_only=True)
class Grades(Domain):
    """The four answers that are enough."""

    letters: str = "ABCDE"

    python: ClassVar[Any] = Grade

    def contains(self, value: Any) -> bool:
        return isinstance(value, Grade) and value.letter in tuple(self.letters)

    def write(self, value: Any) -> str:
        return str(value.letter)

    def read(self, text: str) -> Any:
        if text not in tuple(self.letters):
            raise ValueError(f"expected one of {', '.join(self.letters)}")
        return Grade(text)

    def sample(self, rng: Random, style: Style) -> Any:
        return Grade(rng.choice(self.letters))


Score = Annotated[int, "score"]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The process forgets the types of a test."""
    added, annotations, names = dict(registry._added), list(registry._annotations), dict(types._PARAMETERS)
    yield
    for name in registry._added.keys() - added.keys():
        del registry._added[name]
        del types._PARAMETERS[name]
    assert names == types._PARAMETERS
    registry._annotations[:] = annotations
    registry.domain_of.cache_clear()
    types.parse_type.cache_clear()


@pytest.fixture
def language() -> ns.Language:
    """A language with two types."""
    found = ns.Language("school")
    found.type("grade", Grades())
    found.type("score", "int", annotation=Score)

    @found.primitive
    def graded(score: Score) -> Grade:
        """A grade for a score of 0 to 99."""
        return Grade("EDCBA"[min(max(score, 0), 99) // 20])

    @found.primitive(raises=(IndexError,))
    def best(grades: list[Grade]) -> Grade:
        """The first by the alphabet."""
        return sorted(grades)[0]

    @found.primitive(commutative=True, python="{0} + {1}")
    def plus(one: Score, other: Score) -> Score:
        """Both scores."""
        return one + other

    found.constant("B", "grade")
    found.constant(10, "score")
    return found


def test_annotations_say_the_type(language: ns.Language) -> None:
    types = [str(p.type) for p in language.primitives.values()]
    assert types == ["score -> grade", "list grade -> grade", "score -> score -> score"]


def test_it_passes_the_check(language: ns.Language) -> None:
    check_language(language)


def test_literals_name_their_type(language: ns.Language) -> None:
    program = ns.parse_program('(best [(grade "C") (grade "A")])', language)
    assert program() == Grade("A")
    assert str(program) == '(best [(grade "C") (grade "A")])'
    assert str(ns.parse_program("(plus (score 3) x0)", language, request="score -> score")) == "(plus (score 3) x0)"
    assert [str(c) for c, _ in language.constants] == ['(grade "B")', "(score 10)"]


MESSAGES = [
    ('(best [(grade "F")])', "'F' is not a valid grade: expected one of A, B, C, D, E"),
    ("(best [(grade 3)])", "a literal of type grade is written as string; this is int"),
    ("(plus 3 (score 1))", "argument 1 of plus is score; 3 is int"),
    ("(graded (score null))", "values of type score are never missing"),
    ("(grade x0)", "x0 is not a literal"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_what_is_no_literal_is_explained(language: ns.Language, text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        ns.parse_program(text, language)


def test_tasks_are_written_and_read(language: ns.Language) -> None:
    task = ns.Task(
        [ns.example(Grade("C"), [Grade("A")], output=Grade("A")), ns.example(Grade("B"), [], output=Grade("B"))]
    )
    assert str(task.type) == "grade -> list grade -> grade"
    row = json.loads(json.dumps(task_to_json(task)))
    assert row["examples"][0] == {"inputs": ["C", ["A"]], "output": "A"}
    assert task_from_json(row).examples == task.examples


def test_search_samples_and_python(language: ns.Language) -> None:
    task = ns.Task(
        [ns.example(5, output=Grade("E")), ns.example(75, output=Grade("B"))], type=parse_type("score -> grade")
    )
    result = ns.synthesize(task, language, limits=ns.Limits(seconds=30, max_programs=1000))
    assert str(result.best) == "(graded (plus x0 (score 10)))" or str(result.best) == "(graded x0)"
    code = result.export(result.solutions[0], "python")
    assert code is not None
    assert "def program(x0: int) -> Grade:" in code
    sampled = list(ns.sample_tasks(language, count=5, seed=0))
    assert all("grade" in str(t.type) or "score" in str(t.type) for t in sampled)


def test_two_meanings_of_a_name_clash(language: ns.Language) -> None:
    other = ns.Language("college")
    other.type("grade", Grades())  # the same again is no clash
    with pytest.raises(
        InputError, match=r"type 'grade' means two things: Grades\(letters='ABCDE'\) of language 'school'"
    ):
        other.type("grade", Grades(letters="ABC"))
    with pytest.raises(InputError, match="languages of one process need different names"):
        other.type("grade", "string")
    with pytest.raises(InputError, match=r"language 'college'.*'date', which every language has"):
        other.type("date", "string")
    with pytest.raises(InputError, match=r"already means type 'grade'.*give 'mark' another class"):
        other.type("mark", Grades())
    with pytest.raises(InputError, match="'a' cannot name a type; allowed: two or more letters"):
        other.type("a", "int")


def test_a_cell_run_again_gives_the_type_anew() -> None:
    """As in a notebook: the class is another object each time."""
    scratch = ns.Language("scratch")

    def cell(letters: str) -> Domain:
        found: Domain = type("Grades", (Grades,), {"__qualname__": "Grades", "python": None})(letters=letters)
        return found

    scratch.type("rerun", cell("AB"))
    scratch.type("rerun", cell("ABC"))
    assert domain_of(TypeConstructor("rerun")).has(Grade("C"))


def test_known_types_are_listed_where_one_is_unknown(language: ns.Language) -> None:
    with pytest.raises(InputError, match=r"grade, int, list, .*score, string, time.*did you mean grade\?"):
        parse_type("grades -> int")
    with pytest.raises(InputError, match=r"type shape is unknown; known: .*load the language that declares it"):
        domain_of(TypeConstructor("shape"))
