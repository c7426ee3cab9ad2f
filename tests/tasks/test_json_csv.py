"""Tasks in JSON and CSV: what is read, and that writing and reading is the identity."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.program import Constant
from neurosynth.tasks import Example, Task, example, load_task, load_tasks, task_from_json, task_to_json, write_jsonl
from neurosynth.values.types import BOOL, INT, STRING, Type, bitvec, list_of, parse_type

COLUMNS = {"inputs": ["first", "last"], "output": "short"}


def _write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def _parts(task: Task) -> tuple[Any, ...]:
    return (
        task.name,
        task.language,
        task.type,
        task.input_names,
        task.constants,
        task.examples,
        task.test_examples,
        dict(task.extra),
    )


# ---- JSON


def test_every_field_has_its_place() -> None:
    task = task_from_json(
        {
            "name": "sum",
            "language": "lists",
            "type": "list int -> int",
            "input_names": ["xs"],
            "constants": [2, [1], True, "a"],
            "examples": [{"inputs": [[1, 2]], "output": 3}],
            "test_examples": [{"inputs": [[]], "output": 0}],
            "source": "me",
            "tags": ["easy"],
        }
    )
    assert task.examples == (Example(((1, 2),), 3),)
    assert task.test_examples == (Example(((),), 0),)
    assert (task.name, task.language, str(task.type), task.input_names) == ("sum", "lists", "list int -> int", ("xs",))
    assert [str(c.type) for c in task.constants] == ["int", "list int", "bool", "string"]
    assert task.extra == {"source": "me", "tags": ["easy"]}


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("list-of-int -> list-of-bool", "list int -> list bool"),
        ("list-of-list-of-bool -> int", "list (list bool) -> int"),
        ("int -> list-of-int -> int", "int -> list int -> int"),
        ("list (list int) -> int", "list (list int) -> int"),
        ("string -> bitvec 8", "string -> bitvec 8"),
    ],
)
def test_types_are_read_in_both_spellings(spelled: str, meant: str) -> None:
    t = parse_type(meant)
    values: dict[str, Any] = {"int": 1, "string": "a", "bitvec 8": "#x0f"}
    inputs = [values.get(part, []) for part in meant.split(" -> ")[:-1]]
    output = values.get(meant.split(" -> ")[-1], [])
    task = task_from_json({"type": spelled, "examples": [{"inputs": inputs, "output": output}]})
    assert task.type == t


def test_bit_vectors_are_literals_in_both_bases_or_numbers() -> None:
    fields = {
        "type": "bitvec 8 -> list (bitvec 4) -> bool",
        "constants": ["#b101", "#xff", 3, {"value": "a", "type": "string"}],
    }
    examples = [{"inputs": ["#x0f", ["#b0101", "#xA"]], "output": True}, {"inputs": [255, []], "output": False}]
    task = task_from_json({**fields, "examples": examples})
    assert [e.inputs for e in task.examples] == [(15, (5, 10)), (255, ())]
    assert task.constants == (
        Constant(5, bitvec(3)),
        Constant(255, bitvec(8)),
        Constant(3, INT),
        Constant("a", STRING),
    )
    assert task_to_json(task)["examples"][0]["inputs"] == ["#x0f", ["#x5", "#xa"]]


def test_a_file_of_one_task_is_named_after_it_and_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    file = _write(tmp_path, "plus.json", '\ufeff{"examples": [{"inputs": [1], "output": 2}]}')
    assert load_task(file).name == "plus"


def test_lines_are_tasks_and_blank_lines_are_not(tmp_path: Path) -> None:
    row = '{"name": "%s", "examples": [{"inputs": ["\u2028"], "output": %d}]}'
    text = "\n".join([row % ("a", 1), "", row % ("b", 2), "  ", '{"examples": [{"inputs": [], "output": 1}]}', ""])
    file = _write(tmp_path, "many.jsonl", text.replace("\n", "\r\n"))
    assert [t.name for t in load_tasks(file)] == ["a", "b", "many:5"]
    assert [t.name for t in load_tasks(file, task="b")] == ["b"]
    assert load_task(file, task="many:5").arity == 0


def test_a_task_that_was_not_asked_for_is_not_checked(tmp_path: Path) -> None:
    good = '{"name": "good", "examples": [{"inputs": [], "output": 1}]}'
    file = _write(tmp_path, "t.jsonl", f'{{"name": "bad"}}\n{good}\n')
    assert load_task(file, task="good").name == "good"
    errors: list[InputError] = []
    assert [t.name for t in load_tasks(file, on_error=errors.append)] == ["good"]
    assert ["line 1, task 'bad': no field 'examples'" in str(e) for e in errors] == [True]


_LEAVES: list[tuple[Type, st.SearchStrategy[Any]]] = [
    (INT, st.integers()),
    (BOOL, st.booleans()),
    (STRING, st.text(max_size=8)),
    (bitvec(7), st.integers(0, 127)),
    (bitvec(64), st.integers(0, 2**64 - 1)),
]
_TYPES = [*_LEAVES, *((list_of(t), st.lists(v, max_size=3).map(tuple)) for t, v in _LEAVES)]
_TYPES += [(list_of(_TYPES[5][0]), st.lists(_TYPES[5][1], max_size=2).map(tuple))]
_NAMES = st.text(min_size=1, max_size=5)


@st.composite
def _tasks(draw: st.DrawFn) -> Task:
    columns = draw(st.lists(st.sampled_from(_TYPES), max_size=3))
    output, outputs = draw(st.sampled_from(_TYPES))
    rows = draw(st.lists(st.tuples(*(v for _, v in columns)), min_size=1, max_size=4, unique=True))
    examples = [Example(row, draw(outputs)) for row in rows]
    shown = draw(st.integers(1, len(examples)))
    constants = draw(st.lists(st.sampled_from(_TYPES), max_size=3))
    text = " -> ".join(str(t) for t in [*(t for t, _ in columns), output])
    names = draw(st.lists(_NAMES, min_size=len(columns), max_size=len(columns), unique=True))
    return Task(
        examples[:shown],
        draw(_NAMES),
        language=draw(st.none() | _NAMES),
        type=parse_type(text),
        constants=[Constant(draw(v), t) for t, v in constants],
        input_names=draw(st.sampled_from([(), tuple(names)])),
        test_examples=examples[shown:],
        extra=draw(st.dictionaries(st.sampled_from(["source", "é", "a b"]), st.integers() | st.none() | st.text())),
    )


@settings(deadline=None)
@given(_tasks())
def test_writing_and_reading_a_task_is_the_identity(task: Task) -> None:
    assert _parts(task_from_json(json.loads(json.dumps(task_to_json(task))))) == _parts(task)


@settings(deadline=None)
@given(st.lists(_tasks(), min_size=1, max_size=3, unique_by=lambda t: t.name))
def test_writing_and_reading_a_file_is_the_identity(tasks: list[Task]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tasks.jsonl"
        file.write_text("what was there before")
        write_jsonl(file, tasks)
        assert [p.name for p in Path(folder).iterdir()] == ["tasks.jsonl"]
        assert [_parts(t) for t in load_tasks(file)] == [_parts(t) for t in tasks]


def test_no_digits_of_a_number_are_lost(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    line = (
        '{"name": "n", "type": "decimal -> decimal", "note": [1.50000000000000000001], '
        '"examples": [{"inputs": [0.12345678901234567890], "output": 1e30}]}'
    )
    path.write_text(line + "\n", encoding="utf-8")
    (task,) = load_tasks(path)
    assert task.examples[0].inputs == (Decimal("0.12345678901234567890"),)
    write_jsonl(path, [task])
    assert '"note": [1.50000000000000000001]' in path.read_text(encoding="utf-8")
    assert [_parts(t) for t in load_tasks(path)] == [_parts(task)]


def test_a_field_kept_never_hides_one_that_means_something() -> None:
    task = Task([example(1, output=2)], "mine", extra={"name": "theirs", "type": "string"})
    assert task_to_json(task)["name"] == "mine"
    assert task_to_json(task)["type"] == "int -> int"


# ---- CSV


def test_columns_become_inputs_and_rows_without_output_are_kept_apart(tmp_path: Path) -> None:
    text = 'id,first,last,short\n1,Ada,"Love, lace",A. L.\n\n2,Bob,"B\nC",\n003,,007,""\n3,"Eve ""E""",Ö,E. Ö.\n'
    task = load_task(_write(tmp_path, "people.csv", text), **COLUMNS)  # type: ignore[arg-type]  # keywords of one call
    assert (task.name, task.language, str(task.type)) == ("people", "columns", "string -> string -> string")
    assert task.input_names == ("first", "last")
    assert [e.inputs for e in task.examples] == [("Ada", "Love, lace"), ('Eve "E"', "Ö")]
    assert task.unlabelled == (("Bob", "B\nC"), ("", "007"))
    assert task.extra == {"unlabelled_lines": [4, 6]}


def test_numbers_stay_text(tmp_path: Path) -> None:
    task = load_task(_write(tmp_path, "t.csv", "a,b\n1,2\n"), inputs=["a"], output="b")
    assert task.examples == (Example(("1",), "2"),)
    assert task.extra == {}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter: str, tmp_path: Path) -> None:
    text = "\ufeff" + "first|last|short\r\nAda|Love|A\r\n".replace("|", delimiter)
    task = load_task(_write(tmp_path, "t.csv", text), **COLUMNS)  # type: ignore[arg-type]  # keywords of one call
    assert task.examples == (Example(("Ada", "Love"), "A"),)


def test_the_same_row_twice_is_no_contradiction(tmp_path: Path) -> None:
    assert len(load_task(_write(tmp_path, "t.csv", "a,b\n1,2\n1,2\n"), inputs=["a"], output="b").examples) == 2
