"""Skeletons: what two learned primitives have in common, when it is worth a primitive, and how a guide counts it."""

from __future__ import annotations

import pytest
from neurosynth_dsls.turtle import turtle

from neurosynth.extras import installed
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language
from neurosynth.language.macros import rewritten, uses, written_out
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.library.compress import CompressionConfig, compress
from neurosynth.library.described import Solved
from neurosynth.library.dream import fit_rules
from neurosynth.library.skeletons import forms_with, learned_of, skeletons_of, with_forms
from neurosynth.library.stitch import node_cost
from neurosynth.tasks.task import Task, example

POLYGON = LearnedAbstraction(
    name="polygon", type="int -> int -> path", body="(repeat x0 (forward x1 (left x0 done)) done)"
)
STAR = LearnedAbstraction(
    name="star", type="int -> int -> path", body="(repeat x0 (left x0 (embed (forward x1 done) done)) done)"
)
FLOWER = LearnedAbstraction(name="flower", type="int -> int -> path", body="(repeat x0 (left x0 (polygon x1 3)) done)")
TURNED = "(repeat x0 (left x0 x1) done)"

STARS = {f"star {n}": f"(draw (star {n} {length}))" for n, length in ((3, 7), (4, 5), (6, 7))}
FLOWERS = {
    f"flower {n} of {corners}": f"(draw (flower {n} {corners}))" for n, corners in ((4, 4), (6, 4), (3, 6), (6, 6))
}
POLYGONS = {f"polygon {n}": f"(draw (polygon {n} 4))" for n in (3, 4, 8)}


def grown(*abstractions: LearnedAbstraction) -> Language:
    return library_language(Library(name="grown", base="turtle", abstractions=abstractions), turtle)


EVERY = grown(POLYGON, STAR, FLOWER)
LIMITS = {"count": 1, "arity": 3, "least_tasks": 2}


def programs(texts: dict[str, str], language: Language = EVERY) -> list[tuple[str, Program]]:
    return [(key, parse_program(text, language, request="picture")) for key, text in texts.items()]


def bodies(texts: dict[str, str], language: Language = EVERY, **changes: int) -> list[str]:
    found = skeletons_of(programs(texts, language), language, **{**LIMITS, **changes})
    return [str(p.macro) for p in found]


def test_what_two_primitives_have_in_common_is_one() -> None:
    assert bodies({**STARS, **FLOWERS}) == [TURNED]
    assert bodies({**STARS, **FLOWERS}, count=3) == [TURNED, "(repeat x0 x1 done)"]  # flowers have polygons, too


@pytest.mark.parametrize(
    ("texts", "changes"),
    [
        ({**STARS, **FLOWERS}, {"count": 0}),
        ({**STARS, **FLOWERS}, {"arity": 1}),
        ({**STARS, **FLOWERS}, {"least_tasks": 8}),
        (POLYGONS, {}),  # no solution contains it
        (dict([*STARS.items()][:1]), {"least_tasks": 1}),  # its body is longer than what it saves
    ],
)
def test_what_does_not_pay_or_exceeds_a_limit_is_none(texts: dict[str, str], changes: dict[str, int]) -> None:
    assert bodies(texts, EVERY, **changes) == []


def test_one_that_the_language_has_is_not_made_again() -> None:
    known = LearnedAbstraction(name="turned", type="int -> path -> path", body=TURNED)
    language = grown(POLYGON, STAR, FLOWER, known)
    assert TURNED not in bodies({**STARS, **FLOWERS}, language, count=3)


def test_forms_mean_what_the_programs_mean() -> None:
    (skeleton,) = skeletons_of(programs({**STARS, **FLOWERS}), EVERY, **LIMITS)
    given = [p for _, p in programs({**STARS, **FLOWERS, **POLYGONS})]
    forms = list(forms_with(given, skeleton, learned_of(EVERY)))
    assert [form is None for form in forms] == [False] * 7 + [True] * 3
    for program, pair in zip(given, forms, strict=True):
        if pair is not None:
            assert [uses(p, skeleton.name) for p in pair] == [0, 1]
            assert [written_out(p) for p in pair] == [written_out(program)] * 2
            assert all(p() == program() for p in pair)


def test_a_guide_counts_what_only_other_primitives_apply() -> None:
    (skeleton,) = skeletons_of(programs({**STARS, **FLOWERS}), EVERY, **LIMITS)
    language = EVERY.with_primitives([skeleton])
    given = [rewritten(p, learned_of(language), node_cost) for _, p in programs({**STARS, **FLOWERS}, language)]
    assert not any(uses(p, skeleton.name) for p in given)
    more = with_forms(given, language)[len(given) :]
    assert sum(uses(p, skeleton.name) for p in more) == 7
    assert sum(uses(p, "polygon") for p in more) == 4 + 4  # those of the skeleton, and those of the polygon itself
    places = [keys for places in fit_rules(given, language).counts.values() for keys in places.values()]
    counted = [count for keys in places for key, count in keys.items() if skeleton.name in key]
    assert sum(counted) == 7


@pytest.mark.skipif(not installed("library"), reason="stitch_core is not installed")
def test_compression_adds_them_beside_what_contains_them() -> None:
    language = grown(POLYGON, STAR)
    texts = {
        **STARS,
        **{
            f"flower {n} of {c}": f"(draw (repeat {n} (left {n} (polygon {c} 3)) done))"
            for n, c in ((4, 4), (6, 4), (3, 6), (6, 6))
        },
    }
    solutions = []
    for key, program in programs(texts, language):
        solutions.append(Solved(key, Task([example(output=program())], key, type=program.type), program))
    found = compress(solutions, language, CompressionConfig(abstractions=2))
    entry = next(a for a in found.abstractions if a.body == TURNED)
    assert entry.name in found.skeletons
    assert entry.name in found.language
    assert (entry.type, entry.uses, entry.bits > 0) == ("int -> path -> path", 7, True)
    assert not any(uses(s.program, entry.name) for s in found.programs)
    assert compress(solutions, language, CompressionConfig(abstractions=2, skeletons=0)).skeletons == frozenset()
