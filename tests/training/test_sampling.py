"""Sampled tasks: what is promised of them, and that any number of processes gives the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Evaluator, evaluate
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input, Lambda, Variable
from neurosynth.tasks import Task, load_tasks
from neurosynth.tasks.json_io import task_to_json
from neurosynth.tasks.task import example
from neurosynth.training.chunks import SamplingConfig, draw_chunk
from neurosynth.training.datasets import program_of
from neurosynth.training.inputs import default_types, probe_rows
from neurosynth.training.pools import BUDGET, Pools
from neurosynth.training.sampling import meta_path, sample_tasks, write_sample
from neurosynth.training.shapes import Shapes, default_weights
from neurosynth.values.frozen import freeze
from neurosynth.values.types import parse_type

LANGUAGES = ("lists", "strings", "bitvectors")


@lru_cache
def sampled(language: str) -> tuple[Task, ...]:
    """A few hundred tasks, made once."""
    return tuple(sample_tasks(language, count=360, seed=3, workers=1, test_examples=2))


def as_json(tasks: Sequence[Task]) -> list[Any]:
    return [task_to_json(t) for t in tasks]


@pytest.fixture(params=LANGUAGES)
def tasks(request: pytest.FixtureRequest) -> tuple[Task, ...]:
    return sampled(str(request.param))


# What each task promises


def test_each_task_is_solved_by_its_own_program(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        assert task.language is not None
        program = program_of(task, load_language(task.language))
        for e in (*task.examples, *task.test_examples):
            assert freeze(evaluate(program, e.inputs)) == e.output, task.name


def test_no_task_is_trivial(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        outputs = [e.output for e in task.examples]
        assert len(set(outputs)) > 1, f"{task.name} is constant"
        for i in range(task.arity):
            assert any(e.inputs[i] != e.output for e in task.examples), f"{task.name} gives an input back"


def test_programs_read_an_input_and_every_lambda_its_parameters(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        assert task.language is not None
        parts = list(program_of(task, load_language(task.language)).subprograms())
        assert any(isinstance(p, Input) for p in parts)
        for p in parts:
            if isinstance(p, Lambda):
                used = {v.index for v in p.body.subprograms() if isinstance(v, Variable)}
                assert used == set(range(len(p.parameters)))


def test_no_program_behaves_as_one_of_its_parts(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        assert task.language is not None
        program = program_of(task, load_language(task.language))
        rows, outputs = [e.inputs for e in task.examples], [e.output for e in task.examples]
        for part in list(program.subprograms())[1:]:
            under_lambda = any(isinstance(p, (Variable, Lambda)) for p in part.subprograms())
            if not under_lambda and part.type == program.type:
                assert [freeze(evaluate(part, r)) for r in rows] != outputs, f"{task.name}: {program}"


def test_operations_count_the_applied_primitives(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        assert task.language is not None
        program = program_of(task, load_language(task.language))
        assert task.extra["operations"] == sum(isinstance(p, Apply) for p in program.subprograms())


def test_examples_are_as_many_as_asked_and_different(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        assert 4 <= len(task.examples) <= 8
        assert len(task.test_examples) == 2
        assert len({e.inputs for e in (*task.examples, *task.test_examples)}) == len(task.examples) + 2


def test_texts_and_lists_are_short_enough_to_show(tasks: tuple[Task, ...]) -> None:
    for task in tasks:
        for e in task.examples:
            assert len(str(e)) < 1000


def test_names_are_unique(tasks: tuple[Task, ...]) -> None:
    assert len({t.name for t in tasks}) == len(tasks)


# What the sample promises


def test_no_two_tasks_behave_alike(tasks: tuple[Task, ...]) -> None:
    assert len({t.extra["behaviour"] for t in tasks}) == len(tasks)
    seen: dict[Any, str] = {}
    for task in tasks:
        assert task.language is not None
        program = program_of(task, load_language(task.language))
        run = Evaluator(BUDGET).function(program)
        key = repr((str(task.type), [run(row) for row in probe_rows(task.parameters, 32)]))
        assert key not in seen, (seen[key], str(program))
        seen[key] = str(program)


def test_sizes_are_equally_frequent_while_there_are_programs(tasks: tuple[Task, ...]) -> None:
    sizes = Counter(t.extra["operations"] for t in tasks)
    large = [sizes[k] for k in (2, 3, 4, 5)]
    expected = sum(large) / 4
    assert sum((n - expected) ** 2 / expected for n in large) < 25
    assert 0 < sizes[1] <= 1.5 * expected


def test_default_types_occur(tasks: tuple[Task, ...]) -> None:
    language = str(tasks[0].language)
    found = {str(t.type) for t in tasks}
    assert found <= set(default_types(load_language(language)))
    least = {"lists": 6, "strings": 3, "bitvectors": 2}  # of many types a chunk has some
    assert len(found) >= least[language]


def test_the_language_is_used_broadly() -> None:
    heads = {p for t in sampled("lists") for p in program_of(t, load_language("lists")).tokens()}
    assert len(heads & set(load_language("lists").primitives)) > 35


def test_texts_bring_constants_their_programs_use() -> None:
    tasks = sampled("strings")
    used = [t for t in tasks if any(str(c) in str(t.extra["program"]) for c in t.constants)]
    spare = [t for t in tasks if any(str(c) not in str(t.extra["program"]) for c in t.constants)]
    assert len(used) > 20
    assert len(spare) > 20


def test_the_same_seed_gives_the_same_tasks_and_another_others() -> None:
    first = sample_tasks("bitvectors", count=40, seed=7, workers=1)
    assert as_json(sample_tasks("bitvectors", count=40, seed=7, workers=1)) == as_json(first)
    assert as_json(sample_tasks("bitvectors", count=40, seed=8, workers=1)) != as_json(first)


def test_a_longer_sample_begins_with_the_shorter() -> None:
    assert as_json(sampled("strings")[:50]) == as_json(
        sample_tasks("strings", count=50, seed=3, workers=1, test_examples=2)
    )


def test_any_number_of_processes_gives_the_same(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.jsonl" for n in (1, 2, 3)]
    for workers, file in enumerate(files, 1):
        assert write_sample(file, "bitvectors", SamplingConfig(seed=2), count=1500, workers=workers) == 1500
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()


# Options


def test_types_and_sizes_are_kept_to() -> None:
    tasks = sample_tasks("lists", count=60, types=["list int -> int"], sizes=(2, 3), examples=(3, 3), workers=1)
    assert {str(t.type) for t in tasks} == {"list int -> int"}
    assert {t.extra["operations"] for t in tasks} == {2, 3}
    assert {len(t.examples) for t in tasks} == {3}


def test_inputs_are_taken_from_given_tasks() -> None:
    given = sample_tasks("strings", count=30, seed=5, types=["string -> string"], examples=(10, 10), workers=1)
    rows = {e.inputs for t in given for e in t.examples}
    tasks = sample_tasks("strings", count=40, seed=6, inputs_from=given, workers=1)
    assert {e.inputs for t in tasks for e in t.examples} <= rows
    assert {str(t.type) for t in tasks} == {"string -> string"}


class _Favours:
    """A prior that gives one primitive nearly all the weight it can have."""

    name = "favours"

    def __init__(self, primitive: str) -> None:
        self.primitive = primitive

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        favoured = [isinstance(p.head, Primitive) and p.head.name == self.primitive for p in grammar.productions]
        return WeightedGrammar(grammar, np.log(np.where(favoured, 100.0, 1.0)))


def test_a_prior_says_what_is_likely() -> None:
    plain = sample_tasks("lists", count=50, types=["list int -> list int"], sizes=(2, 4), workers=1)
    sorting = sample_tasks(
        "lists", count=50, types=["list int -> list int"], sizes=(2, 4), prior=_Favours("sort"), workers=1
    )
    assert sum("sort" in t.extra["program"] for t in sorting) > 2 * sum("sort" in t.extra["program"] for t in plain)


def test_a_language_of_ones_own() -> None:
    mine = Language("mine")
    mine.constant(1, "int")

    @mine.primitive
    def add(a: int, b: int) -> int:
        return a + b

    @mine.primitive(raises=(ZeroDivisionError,))
    def half_of(a: int, b: int) -> int:
        return a // b

    tasks = sample_tasks(mine, count=40, seed=1, workers=1)
    assert {str(t.type) for t in tasks} == {"int -> int", "int -> int -> int"}
    before = sample_tasks(mine, count=40, seed=1, workers=1)
    assert as_json(tasks) == as_json(before)

    @mine.primitive
    def negative(a: int) -> int:
        return -a

    assert any("negative" in str(t.extra["program"]) for t in sample_tasks(mine, count=40, seed=1, workers=1))


# Programs by size


def test_pools_draw_every_size_and_nothing_twice() -> None:
    grammar = compile_grammar(load_language("lists"), parse_type("list int -> int"))
    rng = Random(0)
    rows = probe_rows(grammar.request.parameters, 24)  # type: ignore[union-attr]
    shapes = Shapes(grammar, default_weights(grammar), 4)
    pools = Pools(shapes, rows, checked=16, rng=rng)
    found: dict[Any, str] = {}
    for size in sorted(shapes.sizes()):
        for _ in range(60):
            drawn = pools.draw(size)
            if drawn is not None and size:
                assert drawn.operations == size
                assert sum(isinstance(p, Apply) for p in drawn.program.subprograms()) == size
                assert drawn.column[:16] not in found, found
                found[drawn.column[:16]] = str(drawn.program)
    assert len(found) > 80


def test_drawn_outputs_are_those_of_the_reference_semantics() -> None:
    grammar = compile_grammar(load_language("lists"), parse_type("list int -> list int"))
    rows = probe_rows(grammar.request.parameters, 12)  # type: ignore[union-attr]
    pools = Pools(Shapes(grammar, default_weights(grammar), 5), rows, checked=12, rng=Random(4))
    checked = 0
    for size in (1, 2, 3, 4, 5):
        for _ in range(40):
            drawn = pools.draw(size)
            if drawn is not None:
                outputs = [freeze(evaluate(drawn.program, row)) for row in rows]
                pairs = [(a, b) for a, b in zip(drawn.column, outputs, strict=True) if str(a) != "UNDEFINED"]
                assert all(a == b for a, b in pairs)
                checked += len(pairs)
    assert checked > 500


def test_the_inside_weights_of_a_size_add_up_to_its_programs() -> None:
    language = Language("unary")
    language.constant(0, "int")

    @language.primitive
    def step(a: int) -> int:
        return a + 1

    @language.primitive
    def pair(a: int, b: int) -> int:
        return a * 7 + b

    grammar = compile_grammar(language, parse_type("int -> int"))
    shapes = Shapes(grammar, [1.0] * len(grammar.productions), 3)
    # four productions, each a quarter; leaves two of them: 1/2 at size 0, then step(n) + pair(m, n)
    inside = [0.5, 0.25 * 0.5 + 0.25 * 0.25, 0.0, 0.0]
    for n in (2, 3):
        inside[n] = 0.25 * inside[n - 1] + 0.25 * sum(inside[i] * inside[n - 1 - i] for i in range(n))
    for n, expected in enumerate(inside):
        choices = shapes.choices[shapes.cell(grammar.start, n)]
        assert choices is not None
        assert choices.cumulative[-1] == pytest.approx(expected)


# Files


def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.jsonl"
    options = SamplingConfig(seed=4, types=("string -> string",))
    write_sample(whole, "strings", options, count=900, workers=1)
    data = whole.read_bytes()
    meta = meta_path(whole).read_bytes()
    for cut in (0, 10, len(data) // 2, len(data) - 1):
        broken.write_bytes(data[:cut])
        meta_path(broken).write_bytes(meta)
        lines = data[:cut].count(b"\n")
        assert write_sample(broken, "strings", options, count=900, workers=1) == 900 - lines
        assert broken.read_bytes() == data
    assert write_sample(broken, "strings", options, count=900, workers=2) == 0


def test_a_larger_count_extends_the_file(tmp_path: Path) -> None:
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    write_sample(small, "bitvectors", count=30, workers=1)
    assert write_sample(small, "bitvectors", count=700, workers=1) == 670
    write_sample(large, "bitvectors", count=700, workers=1)
    assert small.read_bytes() == large.read_bytes()


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    grown: list[int] = []
    write_sample(file, "strings", SamplingConfig(seed=3, test_examples=2), count=50, workers=1, progress=grown.append)
    assert as_json(load_tasks(file)) == as_json(sampled("strings")[:50])
    assert grown[-1] == 50


def test_chunks_do_not_depend_on_what_was_drawn_before() -> None:
    language, options = load_language("bitvectors"), SamplingConfig()
    later = draw_chunk(language, options, 2)
    draw_chunk(language, options, 0)
    again = draw_chunk(language, options, 2)
    assert as_json([s.task for s in later]) == as_json([s.task for s in again])
    assert [s.program for s in later] == [s.program for s in again]


# Messages

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no tasks", {"count": 0}, r"count is 0; allowed: a positive number"),
    ("no processes", {"count": 1, "workers": 0}, r"workers is 0; allowed: a positive number"),
    ("no type", {"count": 1, "types": ["list in"]}, r"not a type: 'list in', column 6.*did you mean int"),
    ("no inputs", {"count": 1, "types": ["int"]}, r"type 'int' is not a request type.*like list int -> int"),
    ("a variable", {"count": 1, "types": ["list a -> int"]}, r"'list a -> int' is not a request type"),
    ("a function", {"count": 1, "types": ["(int -> int) -> int"]}, r"is not a request type"),
    (
        "what the language cannot make",
        {"count": 1, "types": ["int -> string"]},
        r"derives no program of type string",
    ),
    ("sizes the wrong way round", {"count": 1, "sizes": (4, 2)}, r"sizes 4 to 2; allowed: from 1 on"),
    ("sizes too large", {"count": 1, "sizes": (1, 99)}, r"sizes up to 99; allowed: at most 30"),
    ("no examples", {"count": 1, "examples": (0, 2)}, r"examples 0 to 2; allowed: from 1 on"),
    ("fewer than none", {"count": 1, "test_examples": -1}, r"test_examples is -1; allowed: 0 or more"),
]


@pytest.mark.parametrize(("options", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_option_is_named_with_what_is_allowed(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        sample_tasks("lists", **options)


def test_given_tasks_without_such_inputs_are_refused() -> None:
    given = sampled("strings")
    with pytest.raises(
        InputError, match=r"'list int -> int': no given task has such inputs; types of the tasks: string"
    ):
        sample_tasks("lists", count=1, types=["list int -> int"], inputs_from=given)


def test_too_few_given_inputs_are_counted() -> None:
    given = [Task([example(text, output=text)]) for text in ("a", "b", "b")]
    with pytest.raises(InputError, match=r"the given tasks have 2 different inputs, a task needs 4; give more tasks"):
        sample_tasks("strings", count=1, inputs_from=given)


def test_sizes_there_are_no_programs_of() -> None:
    small = Language("small")

    @small.primitive
    def even(a: int) -> bool:
        return a % 2 == 0

    with pytest.raises(
        InputError, match=r"'small' has no program of it that applies 2 to 3 primitives; allow other sizes"
    ):
        sample_tasks(small, count=1, types=["int -> bool"], sizes=(2, 3))


def test_a_space_too_small_says_how_many_there_are() -> None:
    small = Language("small")

    @small.primitive
    def twice(a: int) -> int:
        return 2 * a

    with pytest.raises(InputError, match=r"only 2 tasks of different behaviour found, 100 wanted: ask for fewer"):
        sample_tasks(small, count=100, types=["int -> int"], sizes=(1, 2), workers=1)


def test_a_file_of_other_options_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    write_sample(file, "bitvectors", count=5, workers=1)
    before = file.read_bytes()
    with pytest.raises(InputError, match=r"sampled with other options: seed 0 \(now 1\); use those, name another file"):
        write_sample(file, "bitvectors", SamplingConfig(seed=1), count=5, workers=1)
    with pytest.raises(InputError, match=r"language bitvectors \(now strings\)"):
        write_sample(file, "strings", count=5, workers=1)
    assert file.read_bytes() == before


def test_a_file_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("precious\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"exists, but the description of its sampling is missing"):
        write_sample(file, "lists", count=5)
    assert file.read_text(encoding="utf-8") == "precious\n"


def test_a_line_that_is_no_task_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tasks.jsonl"
    write_sample(file, "bitvectors", count=5, workers=1)
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[2] = json.dumps({"name": "x"})
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"tasks\.jsonl, line 3: not a sampled task"):
        write_sample(file, "bitvectors", count=9, workers=1)


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"suffix '\.json'; samples are written to \.jsonl files"):
        write_sample(tmp_path / "tasks.json", "lists", count=5)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written: No such file"):
        write_sample(tmp_path / "none" / "tasks.jsonl", "lists", count=5)


def test_lambdas_are_sampled_that_have_lambdas_in_them_which_use_their_variables() -> None:
    tasks = sample_tasks("lists", count=60, seed=3, sizes=(3, 6), types=["list (list int) -> list (list int)"])
    lists = load_language("lists")
    lambdas = [x for t in tasks for x in program_of(t, lists).subprograms() if isinstance(x, Lambda)]
    inner = [(x, y) for x in lambdas for y in x.body.subprograms() if isinstance(y, Lambda)]
    assert len(inner) >= 5
    reaches = [
        y for _, y in inner if any(isinstance(v, Variable) and v.index >= len(y.parameters) for v in y.subprograms())
    ]
    assert reaches
