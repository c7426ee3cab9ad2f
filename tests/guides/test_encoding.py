"""Examples as symbols and batches of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.encoding import (
    SYMBOLS,
    encode_sample,
    encode_task,
    window_note,
)
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.task_batch import TokenVectors, batch_of
from neurosynth.language.program import Constant
from neurosynth.language.tokens import END, START, Vocabulary
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import INT, STRING, Type, parse_type
from tests.guides.neural_cases import LANGUAGE, PAIRS
from tests.strategies import ground_types, values

CONFIG = ModelConfig()
WIDE = ModelConfig(max_length=100_000)


def spelt(task: Task, config: ModelConfig = CONFIG) -> list[str]:
    """The symbols of each example in a row."""
    return [" ".join(SYMBOLS[s] for s in row) for row in encode_task(task, config)]


@pytest.mark.parametrize(
    ("request_type", "inputs", "output", "expected"),
    [
        ("int -> int", [256], -256, "x0 int 256 → int -256"),
        ("int -> int", [257], -1203, "x0 int + 2 5 7 → int - 1 2 0 3"),
        ("int -> int", [10**20 - 1], 10**20, f"x0 int + {'9 ' * 20}→ int + ±bits 6 7"),
        ("list int -> bool", [(1, 300, -3)], True, "x0 list int 1 + 3 0 0 -3 → bool true"),
        ("list (list int) -> list bool", [((1,), ())], (False,), "x0 list list int [ 1 ] [ ] → list bool false"),
        ("string -> list string", ["aB\n"], ("", "z"), r"x0 string a B \n → list string , , z"),
        ("string -> string", ["éÉ٣\u2003€"], "", "x0 string lower1 upper1 digit3 space3 other0 → string"),
        ("bitvec 12 -> bitvec 5", [0xAF], 0x1F, "x0 bitvec 0 a f → bitvec 1 f"),
        ("int -> bool -> int", [1, False], 2, "x0 int 1 x1 bool false → int 2"),
    ],
)
def test_every_type_reads_as_a_sentence(request_type: str, inputs: list[Any], output: Any, expected: str) -> None:
    task = Task([Example(tuple(inputs), output)], type=parse_type(request_type))
    assert spelt(task) == [expected]


def test_inputs_beyond_the_markers_share_the_last() -> None:
    (row,) = spelt(Task([Example(tuple(range(10)), 0)]))
    assert row.endswith("x7 int 7 x… int 8 x… int 9 → int 0")


def test_the_symbols_are_distinct_ids_and_padding_is_none_of_them() -> None:
    assert SYMBOLS[0] == ""
    assert len(SYMBOLS) < 750  # the embedding stays small


@given(st.data())
def test_different_values_of_a_type_have_different_symbols(data: st.DataObject) -> None:
    t: Type = data.draw(ground_types())
    strings = "string" in str(t)
    one, other = data.draw(values(t)), data.draw(values(t))
    rows = [encode_task(Task([Example((v,), v)], type=parse_type(f"({t}) -> {t}")), WIDE)[0] for v in (one, other)]
    assert all(0 < s < len(SYMBOLS) for row in rows for s in row)
    if not strings and all(abs(i) < 10**20 for i in integers((one, other))):
        assert (rows[0] == rows[1]) == (one == other)


def integers(value: Any) -> list[int]:
    """Every integer in a value."""
    if isinstance(value, tuple):
        return [i for v in value for i in integers(v)]
    return [value] if isinstance(value, int) else []


# The window


@given(st.lists(st.text(alphabet="ab", max_size=60), min_size=1, max_size=4), st.text(max_size=60))
def test_what_is_read_fits_the_window_and_keeps_every_part(inputs: list[str], output: str) -> None:
    config = ModelConfig(max_length=24)
    (row,) = spelt(Task([Example(tuple(inputs), output)]), config)
    symbols = row.split(" ")
    assert len(encode_task(Task([Example(tuple(inputs), output)]), config)[0]) <= 24
    assert "→" in symbols
    assert all(f"x{i}" in symbols for i in range(len(inputs)))


def test_the_longest_value_is_cut_and_says_so() -> None:
    task = Task([Example(("a" * 50, "bc"), "def")])
    assert spelt(task, ModelConfig(max_length=24)) == [
        "x0 string a a a a a a a a a a a a … x1 string b c → string d e f"
    ]


def test_more_examples_than_the_window_are_left_out() -> None:
    task = Task([Example((i,), i) for i in range(5)])
    assert len(encode_task(task, ModelConfig(max_examples=3))) == 3


LONG = Task([Example(("a",), "b"), Example(("a" * 50,), "b")], name="long")


@pytest.mark.parametrize(
    ("task", "settings", "fact"),
    [
        (LONG, {"max_length": 20}, "task 'long': example 2 takes 55 symbols; the model reads 20"),
        (LONG, {"max_examples": 1}, "task 'long' has 2 examples; the model reads 1"),
    ],
)
def test_what_does_not_fit_is_said_or_refused(task: Task, settings: dict[str, Any], fact: str) -> None:
    assert window_note(task, ModelConfig(**settings)) == fact
    encode_task(task, ModelConfig(**settings))
    with pytest.raises(InputError) as caught:
        encode_task(task, ModelConfig(**settings, overflow="error"))
    assert str(caught.value).startswith(fact + "; shorten it, train with a larger")


def test_a_task_that_fits_needs_no_note() -> None:
    assert window_note(LONG, CONFIG) == ""
    assert encode_task(LONG, dataclasses.replace(CONFIG, overflow="error")) == encode_task(LONG, CONFIG)


# Settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width": 0}, "ModelConfig: width is 0; allowed: 1 or more"),
        ({"width": 7}, "ModelConfig: width is 7; allowed: an even number"),
        ({"width": "128"}, "ModelConfig: width is '128'; allowed: int"),
        ({"layers": True}, "ModelConfig: layers is True; allowed: int"),
        ({"dropout": 1.0}, "ModelConfig: dropout is 1.0; allowed: from 0 up to but not including 1"),
        ({"max_length": 3}, "ModelConfig: max_length is 3; allowed: 16 or more"),
        ({"inputs": -1}, "ModelConfig: inputs is -1; allowed: 0 or more"),
        ({"overflow": "wrap"}, "ModelConfig: overflow is 'wrap'; allowed: truncate, error"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        ModelConfig(**settings)
    assert str(caught.value) == message


# Programs and batches


def vocabulary(config: ModelConfig = CONFIG) -> Vocabulary:
    return Vocabulary(LANGUAGE, **config.vocabulary_slots())


def test_a_program_is_its_tokens_between_start_and_end() -> None:
    task, program = PAIRS[0]
    sample = encode_sample(task, program, vocabulary(), CONFIG)
    assert [vocabulary().tokens[i] for i in sample.program] == ["<start>", "+", "x0", "c1", "<end>"]
    assert encode_sample(task, None, vocabulary(), CONFIG).program == (START,)


def test_a_slot_holds_the_type_of_an_input_and_the_value_of_a_constant() -> None:
    task = Task([Example(("ab",), "ab, ")], constants=(Constant(", ", STRING),))
    slots = encode_sample(task, None, vocabulary(), CONFIG).slots
    said = [" ".join(SYMBOLS[s] for s in slot) for slot in slots]
    assert len(slots) == CONFIG.inputs + CONFIG.constants
    assert said[:2] == ["string", ""]
    assert said[CONFIG.inputs : CONFIG.inputs + 5] == ["int 0", "int 1", "string a   b", "string ,  ", ""]


def test_a_program_longer_than_the_model_takes_is_refused() -> None:
    task, program = PAIRS[2]
    with pytest.raises(
        InputError, match=r"the program has 6 tokens, the model reads 5; raise max_tokens, or leave the task out"
    ):
        encode_sample(task, program, vocabulary(), ModelConfig(max_tokens=5))


def test_a_batch_is_the_samples_and_padding() -> None:
    samples = [encode_sample(task, program, vocabulary(), CONFIG) for task, program in PAIRS]
    batch = batch_of(samples)
    for i, sample in enumerate(samples):
        for j, row in enumerate(sample.symbols):
            assert batch.symbols[i, j].tolist() == [*row, *[0] * (batch.symbols.shape[2] - len(row))]
            assert batch.lengths.view(len(samples), -1)[i, j] == len(row)
        assert batch.present[i].tolist() == [j < len(sample.symbols) for j in range(batch.symbols.shape[1])]
        assert [tuple(s for s in batch.contents[k].tolist() if s) for k in batch.slots[i]] == list(sample.slots)
        assert [t for t in batch.programs[i].tolist() if t] == list(sample.program)
        assert batch.targets[i, len(sample.program) - 2] == END
    assert batch.tokens == sum(len(s.program) - 1 for s in samples)
    assert batch.read.shape == batch.targets.shape
    assert batch.to("cpu").tokens == batch.tokens


def test_slots_of_the_same_value_mean_the_same_wherever_they_are() -> None:
    torch.manual_seed(0)
    two, three = Constant(2, INT), Constant(3, INT)
    tasks = [Task([Example(("a",), "aa")], constants=c) for c in ((two, three), (three, two))]
    batch = batch_of([encode_sample(t, None, vocabulary(), CONFIG) for t in tasks])
    module = TokenVectors(len(vocabulary()), CONFIG)
    vectors = module(batch, torch.nn.Embedding(len(SYMBOLS), CONFIG.width)) - module.table.weight
    first = vocabulary().tokens.index("c3")
    torch.testing.assert_close(vectors[0, first], vectors[1, first + 1])
    assert not torch.allclose(vectors[0, first], vectors[0, first + 1])
    assert not vectors[:, first + 2].any()  # a slot without a constant adds nothing
    assert not vectors[:, : first - 3 - CONFIG.inputs].any()
