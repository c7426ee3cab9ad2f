"""The benchmark of guides and the recipe that makes them run, tiny."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

pytest.importorskip("torch", reason="neural guides need torch")

import torch

from benchmarks import bench_guides, guide_flavours, train_guides
from benchmarks.guide_parts import usual_tasks
from benchmarks.guide_pools import Bucketed, Pool
from benchmarks.measuring import Record
from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.encoding import encode_sample
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.signatures import Signatures
from neurosynth.guides.task_batch import batch_of
from neurosynth.language.load import load_language
from neurosynth.language.program import Apply, Input, Lambda
from neurosynth.language.tokens import Vocabulary
from neurosynth.language.usual import usual_functions, usual_primitives
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Task, example
from neurosynth.training.chunks import draw_chunk

TINY = train_guides.Settings(
    language="lists", minutes=0.02, tasks=300, counted=200, largest=3, width=8, rows=40, workers=1
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guides")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_guides, "_CHUNKS", 1)
        patch.setattr(train_guides, "HELD_OUT", 20)
        files = train_guides.make_pool(folder / "lists-pool", TINY)
        train_guides.count(folder, TINY)
        train_guides.learn(folder, files, TINY)
    return folder


def test_the_recipe_makes_guides_that_load(made: Path) -> None:
    language = load_language("lists")
    assert isinstance(load_guide(made / "lists-lstm.safetensors", language), SequenceGuide)
    assert load_guide(made / "lists-ngram.json", language).name == "3-gram kneser-ney"
    assert load_guide(made / "lists-bigram-pcfg.json", language).name == "bigram-pcfg"


def test_the_pool_is_kept_and_has_what_was_sampled(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_guides, "_CHUNKS", 1)
    files = sorted((made / "lists-pool").iterdir())
    assert train_guides.make_pool(made / "lists-pool", TINY) == files
    language = load_language("lists")
    pool = Pool(files, language)
    config = ModelConfig()
    vocabulary = Vocabulary(language, **config.vocabulary_slots())
    drawn = draw_chunk(language, train_guides.sampling(TINY), 0)[:30]
    expected = batch_of([encode_sample(s.task, s.program, vocabulary, config, Signatures(language)) for s in drawn])
    found = pool.batch(range(len(drawn)))
    for name in ("symbols", "lengths", "programs", "answers"):
        assert torch.equal(getattr(found, name), getattr(expected, name)), name
    assert found.tokens == expected.tokens
    # Which row of the contents a slot points to is the batch's own affair; what stands there is not.
    assert torch.equal(found.contents[found.slots], expected.contents[expected.slots])


def test_a_pool_of_other_tokens_is_refused(made: Path) -> None:
    files = sorted((made / "lists-pool").iterdir())
    with pytest.raises(InputError, match="not those that language 'strings' has now"):
        Pool(files, load_language("strings"))


def test_every_third_part_of_a_pool_of_lists_is_of_long_chains() -> None:
    language = load_language("lists")
    drawn = draw_chunk(language, train_guides.sampling(TINY, part=2), 0)
    lambdas = [x.body for s in drawn for x in s.program.subprograms() if isinstance(x, Lambda)]
    assert max(s.task.extra["operations"] for s in drawn) > 8
    assert sum(x.size <= 3 for x in lambdas) > len(lambdas) / 2
    assert {str(s.task.type) for s in drawn} <= set(guide_flavours.LONG["lists"].types)


def test_a_pool_of_bodies_has_the_calls_that_they_answer() -> None:
    language, drawn = load_language("lists"), guide_flavours.BODIES["lists"]
    settings = replace(TINY, only_bodies=1, examples=8)
    sampled = draw_chunk(language, train_guides.sampling(settings), 0)[:100]
    assert {str(s.task.type) for s in sampled} <= set(drawn.types)
    used = {p.primitive.name for s in sampled for p in s.program.subprograms() if isinstance(p, Apply)}
    assert used <= drawn.names
    pairs = list(guide_flavours.as_calls([(s.task, s.program) for s in sampled], Random(1), 3, 8))
    assert 100 < len(pairs) <= 300
    for task, program in pairs:
        assert 4 <= len(task.examples) <= 8
        assert len({e.output for e in task.examples}) > 1
        assert all(program(*e.inputs) == e.output for e in task.examples)


def test_programs_of_usual_parts_are_right_and_read_every_value() -> None:
    language = load_language("lists")
    drawn = list(islice(usual_tasks(language, Random(5), most=4), 60))
    names, functions = usual_primitives(language), set(usual_functions(language))
    for task, program in drawn:
        assert 2 <= len(task.examples) <= 4
        assert failing(program, task.examples) == ()
        assert {p.index for p in program.subprograms() if isinstance(p, Input)} == set(range(len(task.parameters)))
        inside = {p for f in program.subprograms() if isinstance(f, Lambda) for p in f.subprograms()}
        assert {f for f in program.subprograms() if isinstance(f, Lambda)} <= functions
        assert {p.primitive.name for p in set(program.subprograms()) - inside if isinstance(p, Apply)} <= names
    assert len({str(program) for _, program in drawn}) > 40


def test_the_recipe_makes_a_guide_of_usual_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_guides, "_USUAL", 100)
    monkeypatch.setattr(train_guides, "HELD_OUT", 20)
    settings = replace(TINY, only_usual=1, kind="feedforward", tasks=150)
    assert settings.stem == "lists-usual"
    files = train_guides.make_pool(tmp_path / "lists-usual-pool", settings)
    train_guides.learn(tmp_path, files, settings)
    assert isinstance(load_guide(tmp_path / "lists-usual-feedforward.safetensors", load_language("lists")), RuleGuide)


def test_batches_hold_every_task_once_an_epoch_and_one_number_of_examples(made: Path) -> None:
    pool = Pool(sorted((made / "lists-pool").iterdir()), load_language("lists"))
    batches = Bucketed(pool, np.arange(len(pool)), rows=24, seed=0)
    seen = [i for step in range(batches.count) for i in batches(step)]
    assert sorted(seen) == list(range(len(pool)))
    assert all(len({int(pool.examples[i]) for i in batches(step)}) == 1 for step in range(batches.count))
    assert batches(batches.count + 1) == Bucketed(pool, np.arange(len(pool)), 24, 0)(batches.count + 1)


def test_the_table_compares_guides_and_is_recorded(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = tmp_path / "suite.jsonl"
    examples = [{"inputs": [[3, 1, 2]], "output": [2, 6, 4]}, {"inputs": [[5, 0]], "output": [0, 10]}]
    text = "x0 = INPUT | x1 = Map (*2) x0 | x2 = Sort x1 | x3 = Reverse x2 | x4 = Reverse x1"
    suite.write_text(json.dumps({"name": "t", "examples": examples, "program": text}) + "\n", encoding="utf-8")
    settings = bench_guides.Settings(limit=6, largest=2, beams=(1, 3))
    record = Record(tmp_path / "rows.jsonl", {})
    files = [str(made / f) for f in ("lists-ngram.json", "lists-bigram-pcfg.json", "lists-lstm.safetensors")]
    summary = bench_guides.table(settings, [suite], files, record)
    bench_guides.judge(summary, settings)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["guide"] for r in rows if r["set"] == "sampled"] == [
        "uniform", "uniform rules", "lists-ngram", "lists-bigram-pcfg", "lists-lstm",
    ]  # fmt: skip
    assert all(r["programs"] == 6 for r in rows if r["set"] == "sampled")
    assert all(summary[name]["perplexity"] > 1 for name in ("uniform", "lists-ngram", "lists-lstm"))
    assert "beam_3_solved" in summary["lists-lstm"]
    assert "lists-lstm against the n-gram" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("steps", "inputs", "output", "expected"),
    [
        ("x0 = INPUT | x1 = Map (/2) x0", ((7, -3),), (3, -2), "(map (lambda (a) (div a 2)) x0)"),
        ("x0 = INPUT | x1 = Map (*(-1)) x0", ((7, -3),), (-7, 3), "(map (lambda (a) (neg a)) x0)"),
        ("x0 = INPUT | x1 = Count (%2==1) x0", ((7, 2),), 1, "(count (lambda (a) (odd a)) x0)"),
        ("x0 = INPUT | x1 = Scanl1 (max) x0 | x2 = Filter (>0) x1", ((-1, 2, 1),), (2, 2),
         "(filter (lambda (a) (> a 0)) (scan (lambda (a b) (max2 a b)) x0))"),
        ("x0 = INPUT | x1 = INPUT | x2 = Take x0 x1", (2, (5, 6, 7)), (5, 6), "(take x0 x1)"),
        ("x0 = INPUT | x1 = Take x0 x0", ((1, 2),), (1,), None),
        ("x0 = INPUT | x1 = Reverse x0", ((1, 2),), (1, 2), None),
    ],
)  # fmt: skip
def test_programs_of_deepcoder_in_our_language(
    steps: str, inputs: tuple[object, ...], output: object, expected: str | None
) -> None:
    task = Task([example(*inputs, output=output)], extra={"program": steps})
    found = bench_guides.translated(task, load_language("lists"))
    assert (None if found is None else str(found)) == expected
