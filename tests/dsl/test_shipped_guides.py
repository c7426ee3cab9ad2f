"""The guides in the package: small, for the languages as they are, found by name and by ``auto``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from neurosynth_dsls import guides

from neurosynth.guide_resolution import resolve_guide
from neurosynth.guides.base import KnowsUsual, SequenceGuide
from neurosynth.guides.bodies import WithBodies
from neurosynth.guides.decoding import beam
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.trained import TrainedGuide, as_rules, find_guide, trained_guides
from neurosynth.language.load import load_language
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import available
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.pipelines import pipeline_request
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.testing import check_guide
from neurosynth.values.types import INT

SHIPPED = {g.name: g for g in vars(guides).values() if isinstance(g, TrainedGuide)}
MEGABYTES = 8
AUTOMATIC = {"columns": "columns-lstm", "lists": "lists-transformer", "strings": "strings-lstm"}
TASKS = {
    "lists": Task([example([1, 2, 3], output=[3, 2, 1]), example([4, 9], output=[9, 4])]),
    "strings": Task([example("ada lovelace", output="LOVELACE"), example("alan turing", output="TURING")]),
}
TASKS["columns"] = TASKS["strings"]


def test_each_is_an_entry_point_and_small() -> None:
    names = {name for name in available("guides") if name.split("-")[0] in TASKS}
    assert names == set(SHIPPED)
    sizes = {
        f.name: f.stat().st_size for guide in SHIPPED.values() for f in (guide.file, guide.bodies, guide.usual) if f
    }
    assert all(size <= MEGABYTES << 20 for size in sizes.values()), sizes


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_for_the_language_as_it_is_and_keeps_its_promises(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    assert name.startswith(f"{language.name}-")
    check_guide(find_guide(name, language), language=language)


@pytest.mark.parametrize("language", TASKS)
def test_there_are_priors_and_one_neural_guide_that_auto_takes(language: str) -> None:
    found = list(trained_guides(load_language(language)))
    assert [g.name for g in found if g.automatic] == [AUTOMATIC[language]] == [found[0].name]
    assert {f"{language}-bigram-pcfg", f"{language}-ngram"} < {g.name for g in found}


NUMBERS = json.loads((Path(__file__).parent / "shipped_numbers.json").read_text(encoding="utf-8"))
"""What each guide decoded first from three tasks a language by a beam of 16, with log-probabilities (nats), when it was made."""
NUMBERED = {
    "lists": (
        Task([example([3, 1, 2], output=[2, 4, 6]), example([5, 4], output=[8, 10]), example([-7, 300], output=[-14, 600])],
             "doubled, sorted"),
        Task([example([1, 2, 3], 2, output=3), example([4, -1, 9, 0], 1, output=4), example([], 3, output=0)],
             "sum of the first"),
        Task([example([1, 5, 2], [3, 3, 3], output=[3, 5, 3]), example([0, 9], [4, 1], output=[4, 9])], "larger"),
    ),
    "strings": (
        Task([example("Ada Lovelace", output="AL"), example("Alan Turing", output="AT")], "initials"),
        Task([example("10-20", output="20"), example("7-345", output="345"), example("é-ß", output="ß")],
             "after the dash"),
        Task([example("abc", 2, output="ab"), example("xyz", 1, output="x")], "a prefix"),
    ),
}  # fmt: skip
NUMBERED["columns"] = NUMBERED["strings"]


@pytest.mark.parametrize("name", SHIPPED)
def test_its_numbers_are_those_it_was_made_with(name: str) -> None:
    language = load_language(SHIPPED[name].language)
    guide = find_guide(name, language)
    rows = {row["task"]: row["programs"] for row in NUMBERS if row["guide"] == name}
    for task in NUMBERED[language.name]:
        grammar, wanted = task_grammar(task, language), rows[task.name]
        if isinstance(guide, SequenceGuide):
            found = [(str(d), d.logprob) for d in beam(guide, task, grammar, width=16)[: len(wanted)]]
        else:
            weighted = guide.predict(task, grammar)
            texts = (p for p, _ in wanted)
            programs = [
                parse_program(p, language, request=task.type, inputs=task.inputs, constants=task.constants)
                for p in texts
            ]
            found = [(str(p), derivation_logprob(weighted, p) or 0.0) for p in programs]
        assert [p for p, _ in found] == [p for p, _ in wanted]
        assert [n for _, n in found] == pytest.approx([n for _, n in wanted], abs=1e-4)


@pytest.mark.parametrize("name", [name for name, guide in SHIPPED.items() if guide.bodies is not None])
def test_the_guide_of_bodies_is_small_and_keeps_its_promises(name: str) -> None:
    bodies, language = SHIPPED[name].bodies, load_language(SHIPPED[name].language)
    assert bodies is not None
    assert bodies.stat().st_size <= MEGABYTES << 20
    check_guide(load_guide(bodies, language), language=language)
    assert isinstance(find_guide(name, language), WithBodies)


@pytest.mark.parametrize(
    ("body", "inputs"),
    [
        ("(+ x0 1)", 1),
        ("(* x0 x0)", 1),
        ("(mod x0 x1)", 2),
        ("(- x1 x0)", 2),
        ("(> x0 x1)", 2),
        ("(+ x0 (+ x1 x2))", 3),
    ],
)
def test_the_guide_of_bodies_writes_functions_of_numbers(body: str, inputs: int) -> None:
    language, rng = load_language("lists"), Random(body)
    rows = [tuple(rng.randint(1, 30) for _ in range(inputs)) for _ in range(8)]
    program = parse_program(body, language, inputs=[Input(i, INT) for i in range(inputs)])
    task = Task([example(*row, output=program(*row)) for row in rows])
    guide = guides.lists_transformer.load(language)
    assert isinstance(guide, WithBodies)
    found = beam(guide, task, task_grammar(task, language), width=64)
    assert any(all(d.program(*row) == program(*row) for row in rows) for d in found)


@pytest.mark.parametrize("language", TASKS)
def test_auto_takes_the_neural_one_late_and_says_so(language: str) -> None:
    loaded, task = load_language(language), TASKS[language]
    resolution = resolve_guide(None, task, loaded, task_grammar(task, loaded), Auto())
    assert resolution.deferred is not None
    assert resolution.said(asked=True) == resolution.deferred.name == AUTOMATIC[language]
    result = synthesize(task, loaded, limits=Limits(seconds=20))
    assert result.solved
    assert AUTOMATIC[language] in result.guide


def test_auto_takes_no_guide_that_was_not_measured_to_help(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, task = load_language("lists"), TASKS["lists"]
    unproven = [replace(g, automatic=False) for g in trained_guides(loaded)]
    monkeypatch.setattr("neurosynth.guide_resolution.trained_guides", lambda language: iter(unproven))
    assert resolve_guide(None, task, loaded, task_grammar(task, loaded), Auto()).deferred is None


@pytest.mark.parametrize("language", TASKS)
def test_it_weighs_a_task_over_the_bridge_with_its_prior(language: str) -> None:
    loaded, task = load_language(language), TASKS[language]
    guide = find_guide(f"{language}-lstm", loaded)
    assert isinstance(guide, SequenceGuide)
    weighted = as_rules(guide, loaded).predict(task, task_grammar(task, loaded))
    assert weighted.tried == 128
    assert len(set(weighted.logprobs.tolist())) > 20


def test_the_guide_of_usual_parts_is_read_alone_and_says_what_a_task_needs() -> None:
    language = load_language("lists")
    deferred = resolve_guide("auto", TASKS["lists"], language, task_grammar(TASKS["lists"], language), Auto()).deferred
    assert isinstance(deferred, KnowsUsual)
    guide = deferred.usual()
    assert guide is not None
    assert deferred.usual() is guide  # kept
    scaled = Task([example([4, 1, 3], output=[12, 3, 9]), example([2, 0, -5], output=[6, 0, -15])])
    ordered = Task([example([4, 1, 3], output=[1, 3, 4]), example([2, 0, -5, 7], output=[-5, 0, 2, 7])])
    weights = {}
    for task in (scaled, ordered):
        request = pipeline_request(
            SearchRequest(task=task, grammar=task_grammar(task, language), limits=Limits(), language=language), guide
        )
        assert request is not None
        costs = {getattr(p.head, "name", ""): p.cost for p in request.grammar.productions if not p.target.scope}
        weights[id(task)] = costs
    assert weights[id(scaled)]["map"] < weights[id(ordered)]["map"]
    assert weights[id(ordered)]["sort"] < weights[id(scaled)]["sort"]
