"""The catalogue of errors in task files: what is in the file, and the message it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from neurosynth.errors import InputError
from neurosynth.tasks import load_task, load_tasks, read_sygus, write_jsonl
from neurosynth.tasks.task import Task, example


class Case(NamedTuple):
    """A file, how it is loaded, and pieces of its one-line message, in order."""

    name: str
    file: str
    content: str | bytes
    message: tuple[str, ...]
    options: Mapping[str, object] = {}


def task(**fields: object) -> str:
    """A JSON task with one good example unless ``fields`` say otherwise."""
    return json.dumps({"name": "t", "examples": [{"inputs": [1], "output": 2}], **fields})


def examples(*some: object) -> str:
    """A JSON task with these examples."""
    return task(examples=list(some))


def one(*inputs: object, output: object) -> dict[str, object]:
    """One example."""
    return {"inputs": list(inputs), "output": output}


def sl(
    *constraints: str,
    grammar: str = '((Start String (x "" (str.++ Start Start))))',
    sorts: str = "((x String)) String",
    before: str = "",
) -> str:
    """A SyGuS file with one constraint a line from line 5 on."""
    body = "\n".join(f"(constraint {c})" for c in constraints)
    return f"(set-logic SLIA)\n{before}\n(synth-fun f {sorts}\n{grammar})\n{body}\n(check-synth)\n"


GOOD = '(= (f "a") "a")'
COLUMNS = {"inputs": ["name"], "output": "short"}

FILES = [
    Case("not UTF-8", "t.json", b'{"name":\n "\xff"}', ("t.json, line 2: byte 0xff at offset 11", "not UTF-8", "save")),
    Case("UTF-16", "t.jsonl", task().encode("utf-16"), ("t.jsonl, line 1, byte 0", "UTF-16", "save it as UTF-8")),
    Case("an unknown suffix", "t.txt", "", ("suffix '.txt'", "allowed: .sl, .json, .jsonl, .csv")),
    Case(
        "columns for a file without",
        "t.json",
        task(),
        ("columns are for .csv files", "leave them out"),
        {"output": "a"},
    ),
    Case("another task's name", "t.json", task(), ("one task, 't', not 'u'",), {"task": "u"}),
]

JSON = [
    Case("cut off", "t.json", '{"name": "t",\n "examples": [', ("t.json, line 2, column 15", "invalid JSON")),
    Case("one task a line", "t.json", task() + "\n" + task(), ("line 2, column 1", "Extra data", ".jsonl")),
    Case("a list of tasks", "t.json", f"[{task()}]", ("a list of 1 values; one task was expected", ".jsonl")),
    Case("no object", "t.jsonl", "3", ("t.jsonl, line 1: an integer", "an object with the fields name,")),
    Case("a task over several lines", "t.jsonl", '{"name":\n', ("line 1, column 9", "one whole task a line")),
    Case("no tasks", "t.jsonl", "\n \n", ("t.jsonl: no tasks",)),
    Case("nested too deeply", "t.json", "[" * 100_000, ("nested too deeply",)),
    Case("a number too long", "t.json", "9" * 5000, ("a number cannot be read", "4300")),
    Case("not a number", "t.json", '{"examples": NaN}', ("NaN is not a JSON value", "allowed: integers")),
    Case("a name that is none", "t.json", task(name=3), ("t.json: name is an integer", "allowed: a string")),
    Case("an empty name", "t.json", task(name=""), ("name is empty",)),
    Case(
        "no field examples", "t.json", '{"exampels": []}', ("no field 'examples'", "there: exampels", "mean exampels?")
    ),
    Case("examples no list", "t.json", task(examples={}), ("examples is an object", "allowed: a list of")),
    Case("not an examples", "t.json", task(examples=[]), ("task 't': no examples", "at least one")),
    Case("an example no object", "t.json", examples([1, 2]), ("example 1: a list", '"inputs"')),
    Case("no inputs", "t.json", examples({"input": [1], "output": 2}), ("example 1: no field 'inputs'", "mean input?")),
    Case("no output", "t.json", examples({"inputs": [1]}), ("example 1: no field 'output'; fields there: inputs",)),
    Case("inputs no list", "t.json", examples({"inputs": 1, "output": 2}), ("inputs is an integer; allowed: a list",)),
    Case(
        "a null",
        "t.json",
        examples(one(True, output=2), one(None, output=2)),
        ("example 2, input 1: null; allowed: int",),
    ),
    Case("a null in a list", "t.json", examples(one([1, None], output=2)), ("example 1, input 1: null",)),
    Case(
        "a fraction",
        "t.jsonl",
        examples(one(1, output=0.5), one(2, output="a")),
        ("line 1, task 't', example 1, output: a number with a fr",),
    ),
    Case("an object", "t.json", examples(one({"a": 1}, output=2)), ("example 1, input 1: an object",)),
    Case(
        "mixed types in a list",
        "t.json",
        examples(one([1, "a"], output=2)),
        ("task 't': input 1: the list [1, \"a\"] mix",),
    ),
    Case(
        "mixed types", "t.json", examples(one(1, output=2), one("a", output=2)), ("input 1: values of different types",)
    ),
    Case(
        "other arity",
        "t.json",
        examples(one(1, output=2), one(1, 2, output=2)),
        ("example 2: 2 inputs; example 1 has 1",),
    ),
    Case(
        "other arity when tested",
        "t.json",
        task(test_examples=[one(output=2)]),
        ("test example 1: 0 inputs; example 1 has 1",),
    ),
    Case(
        "contradiction",
        "t.json",
        examples(one(1, output=2), one(1, output=3)),
        ("examples 1 and 2 contradict", "2 and 3"),
    ),
    Case("half a surrogate pair", "t.json", examples(one("\ud800", output=2)), ("input 1", "surrogate")),
    Case("no type", "t.json", task(type="int -> intt"), ("type: not a type", "column 8", "did you mean int?")),
    Case("a type with variables", "t.json", task(type="int -> a"), ("type 'int -> a' has variables",)),
    Case("other type", "t.json", task(type="string -> int"), ("example 1, input 1: 1 is not a valid string",)),
    Case(
        "other type when tested",
        "t.json",
        task(type="int -> int", test_examples=[one(1, output="a")]),
        ('"a" is not a valid int',),
    ),
    Case(
        "a list for an int",
        "t.json",
        task(type="int -> int", examples=[one([1], output=1)]),
        ("[1] is not a valid int",),
    ),
    Case("type of other arity", "t.json", task(type="int -> int -> int"), ("example 1: 1 inputs; the type", "has 2")),
    Case(
        "no bits",
        "t.json",
        task(type="bitvec 8 -> int", examples=[one("0f", output=2)]),
        ("'0f' is not a valid bitvec 8", "#x and"),
    ),
    Case(
        "too few bits",
        "t.json",
        task(type="bitvec 8 -> int", examples=[one("#xf", output=2)]),
        ("'#xf' is not a valid bitvec 8", "has 4 bits"),
    ),
    Case(
        "too large",
        "t.json",
        task(type="bitvec 8 -> int", examples=[one(256, output=2)]),
        ("256 is not a valid bitvec 8",),
    ),
    Case("language no text", "t.json", task(language=["lists"]), ("language is a list; allowed: a string",)),
    Case("constants no list", "t.json", task(constants=3), ("constants is an integer; allowed: a list",)),
    Case("a null constant", "t.json", task(constants=[1, None]), ("constant 2: null",)),
    Case(
        "a constant's fields", "t.json", task(constants=[{"valu": 1}]), ("constant 1: an object with valu", '"value"')
    ),
    Case("a constant of no type", "t.json", task(constants=[{"value": 1, "type": "x y"}]), ("constant 1: type:",)),
    Case("input_names no text", "t.json", task(input_names=[1]), ("input_names has an integer",)),
    Case("two inputs of a name", "t.json", task(input_names=["a", "a"]), ("input_names has 'a' 2 times",)),
    Case("names of too many inputs", "t.json", task(input_names=["a", "b"]), ("names 2 inputs", "have 1")),
    Case(
        "several and none named", "t.jsonl", f"{task()}\n{task(name='u')}", ("2 tasks; name one (--task NAME): t, u",)
    ),
    Case(
        "a name not there",
        "t.jsonl",
        task(name="first"),
        ("no task 'frist' among 1: first; did you",),
        {"task": "frist"},
    ),
    Case("a name twice", "t.jsonl", f"{task()}\n\n{task()}", ("2 tasks are named 't', on lines 1, 3",), {"task": "t"}),
]

CSV = [
    Case("empty", "t.csv", "", ("t.csv: empty", "name the columns"), COLUMNS),
    Case("no columns named", "t.csv", "name,short\na,b\n", ("needs its input columns (--input", "columns: name,short")),
    Case("no output named", "t.csv", "name,short\n", ("output column (--output COL)",), {"inputs": ["name"]}),
    Case(
        "empty list of inputs",
        "t.csv",
        "a,short\n",
        ("no input columns", "'a', 'short'"),
        {"inputs": [], "output": "a"},
    ),
    Case(
        "no such column",
        "t.csv",
        "nam,short\n",
        ("no column 'name'; columns: 'nam', 'short'; did you mean nam?",),
        COLUMNS,
    ),
    Case("two of a name", "t.csv", "name,name,short\n", ("2 columns are named 'name'",), COLUMNS),
    Case(
        "both",
        "t.csv",
        "name,b\n1,2\n",
        ("'name' is both an input and the output",),
        {"inputs": ["name"], "output": "name"},
    ),
    Case("too few cells", "t.csv", 'name,short\n"a\nb",c\n\nd\n', ("line 5: 1 cells, the header has 2; put",), COLUMNS),
    Case("too many cells", "t.csv", "name,short\na,b,c\n", ("line 2: 3 cells, the header has 2", "quotes"), COLUMNS),
    Case("an open quote", "t.csv", 'name,short\na,"b\n', ("line 2: not a CSV row", "close every quote"), COLUMNS),
    Case("no output", "t.csv", "name,short\na,\nb,\n", ("'short' is empty in all 2 rows; fill it in",), COLUMNS),
    Case("contradiction", "t.csv", "name,short\na,b\n\na,c\n", ("lines 2 and 4 contradict", "'b' and 'c'"), COLUMNS),
    Case("not UTF-8", "t.csv", b"name,short\na,b\nJos\xe9,J\n", ("line 3: byte 0xe9 at offset 18",), COLUMNS),
]

SYGUS = [
    Case("not closed", "t.sl", "(set-logic SLIA)\n (synth-fun f (", ("line 2, column 2", "not closed: 2 ')' missing")),
    Case("closes nothing", "t.sl", "(set-logic SLIA))", ("line 1, column 17", "')' closes nothing")),
    Case("a string without end", "t.sl", '(set-logic\n "S)', ("line 2, column 2", "string does not close")),
    Case("a symbol without end", "t.sl", "(set-logic |S)", ("column 12", "symbol does not close")),
    Case("a stray character", "t.sl", "(set-logic {S})", ("column 12", "'{' starts nothing here; allowed")),
    Case("too deep", "t.sl", "(" * 1000, ("line 1, column 301", "more than 300 nested")),
    Case("no command", "t.sl", "check-synth", ("a list of commands",)),
    Case("an unknown command", "t.sl", "(set-logik S)", ("unknown command 'set-logik'", "known: ", "mean set-logic?")),
    Case("an unsupported command", "t.sl", "(synth-inv f ((x Int)))", ("synth-inv is not supported",)),
    Case("a command's form", "t.sl", "(constraint)", ("(constraint) is not the form of constraint",)),
    Case("no synth-fun", "t.sl", "(set-logic SLIA)\n(check-synth)", ("t.sl: no synth-fun", "needed")),
    Case("no constraint", "t.sl", sl(), ("t.sl: no constraint", "(constraint (= (f x) …)) with literals")),
    Case(
        "two synth-funs",
        "t.sl",
        sl(GOOD) + "(synth-fun g () Int)",
        ("line 7, column 1", "second synth-fun (the first on line 3)"),
    ),
    Case("a synth-fun's form", "t.sl", "(synth-fun f Int)", ("a synth-fun is (synth-fun name",)),
    Case("a parameter's form", "t.sl", sl(GOOD, sorts="(x) String"), ("a parameter is (name sort)",)),
    Case("parameters of a name", "t.sl", sl(GOOD, sorts="((x Int) (x Int)) Int"), ("two parameters are named 'x'",)),
    Case(
        "an unknown sort",
        "t.sl",
        sl(GOOD, sorts="((x Strin)) String"),
        ("line 3", "unknown sort 'Strin'", "mean String?"),
    ),
    Case(
        "a sort without width",
        "t.sl",
        sl(GOOD, sorts="((x (BitVec 0))) Int"),
        ("(BitVec 0) is not a sort", "at least 1"),
    ),
    Case(
        "an unknown operator",
        "t.sl",
        sl(GOOD, grammar="((Start String (x\n (str.sub Start))))"),
        ("line 5, column 3", "unknown operator 'str.sub' in language 'strings'; did you mean str.substr?", "known: "),
    ),
    Case(
        "operands",
        "t.sl",
        sl(GOOD, grammar="((Start String ((str.++ Start))))"),
        ("str.++ takes 2 arguments, 1 given", "string -> string -> string"),
    ),
    Case(
        "sort of an operand",
        "t.sl",
        sl(GOOD, grammar="((Start String (x (str.at Start 1) (str.at Start x))))"),
        ("line 4, column 50", "argument 2 of str.at is string, it takes int"),
    ),
    Case(
        "sort of a production",
        "t.sl",
        sl(GOOD, grammar="((Start String (x 1)))"),
        ("production is int, Start is string",),
    ),
    Case(
        "sort of a unit production",
        "t.sl",
        sl(GOOD, grammar="((Start String (A)) (A Int (1)))"),
        ("A is int, Start is string",),
    ),
    Case(
        "start",
        "t.sl",
        sl(GOOD, grammar="((Start Int (1)))"),
        ("start symbol Start is int, the function gives string",),
    ),
    Case(
        "unknown symbol", "t.sl", sl(GOOD, grammar="((Start String (y)))"), ("unknown symbol y; known here: Start, x",)
    ),
    Case(
        "an operator alone", "t.sl", sl(GOOD, grammar="((Start String (str.len)))"), ("str.len is an operator without",)
    ),
    Case("no term", "t.sl", sl(GOOD, grammar="((Start String (())))"), ("() is not a term",)),
    Case("no operator", "t.sl", sl(GOOD, grammar='((Start String (("a" x))))'), ('"a" is not an operator',)),
    Case("a group's form", "t.sl", sl(GOOD, grammar="((Start (x)))"), ("a group of a grammar is",)),
    Case("no groups", "t.sl", sl(GOOD, grammar="()"), ("the grammar has no non-terminals",)),
    Case("two groups", "t.sl", sl(GOOD, grammar="((A String (x)) (A String (x)))"), ("'A' has two groups",)),
    Case("no program", "t.sl", sl(GOOD, grammar="((A String ((str.++ A A))))"), ("line 4", "derives no program")),
    Case(
        "any constant", "t.sl", sl(GOOD, grammar="((A String ((Constant String))))"), ("infinitely many", "list those")
    ),
    Case("let", "t.sl", sl(GOOD, grammar="((A String ((let ((y x)) y))))"), ("let in a production is not supported",)),
    Case(
        "other non-terminals declared",
        "t.sl",
        sl(GOOD, grammar="((A String) (B Int)) ((A String (x)))"),
        ("the list of non-terminals and the groups of the grammar differ: B",),
    ),
    Case(
        "a wrong macro that is used",
        "t.sl",
        sl(GOOD, before="(define-fun g ((s String)) Int s)", grammar="((A String (x (str.at x (g x)))))"),
        ("line 2, column 32", "the body of g is string, its sort says int"),
    ),
    Case("a macro's form", "t.sl", sl(GOOD, before="(define-fun g Int)"), ("a define-fun is (define-fun name",)),
    Case(
        "a let's form",
        "t.sl",
        sl(GOOD, before="(define-fun g ((s String)) String (let (s) s))", grammar="((A String ((g x))))"),
        ("a binding of let is (name term)",),
    ),
    Case(
        "relational",
        "t.sl",
        sl(GOOD, "(= (f x)\n x)", before="(declare-var x String)"),
        ("line 6, column 13", "this constraint is not an example: (= (f x) x); allowed: (= (f literals) literal)"),
    ),
    Case("two calls", "t.sl", sl('(= (f "a") (f "b"))'), ("not an example",)),
    Case("an inequality", "t.sl", sl('(str.prefixof "a" (f "b"))'), ("not an example: (str.prefixof",)),
    Case("too many inputs", "t.sl", sl('(= (f "a" "b") "c")'), ("f takes 1 inputs, 2 given",)),
    Case("sort of an input", "t.sl", sl('(= (f 1) "c")'), ("column 19", "input 1 (x) of f is string, 1 is int")),
    Case("sort of the output", "t.sl", sl('(= (f "1") 1)'), ("the output of f is string, 1 is int",)),
    Case(
        "contradiction",
        "t.sl",
        sl(GOOD, '(= "b" (f "a"))'),
        ('line 6, column 13: (= "b" (f "a")) contradicts line 5: (= (f "a") "a")', "correct one"),
    ),
]


@pytest.mark.parametrize("case", [*FILES, *JSON, *CSV, *SYGUS], ids=lambda c: f"{c.file[2:]}: {c.name}")
def test_a_bad_file_gives_one_clear_line(case: Case, tmp_path: Path) -> None:
    file = tmp_path / case.file
    file.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    with pytest.raises(InputError) as caught:
        load_task(file, **case.options)  # type: ignore[arg-type]  # the options of one case
    message = str(caught.value)
    assert str(file) in message
    assert "\n" not in message
    at = 0
    for piece in case.message:
        assert piece in message[at:], f"{piece!r} not in {message[at:]!r}"
        at = message.index(piece, at) + len(piece)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "tasks.jsonl").write_text(task())
    with pytest.raises(InputError, match=r"task\.jsonl: no such file; did you mean tasks\.jsonl\?"):
        load_tasks(tmp_path / "task.jsonl")
    with pytest.raises(InputError, match=r"no/where\.json: no such file$"):
        load_tasks(tmp_path / "no" / "where.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError, match="a folder; give one of the task files in it"):
        load_tasks(tmp_path / "folder.json")


def test_a_sygus_error_shows_the_line_with_carets() -> None:
    with pytest.raises(InputError) as caught:
        read_sygus(sl(GOOD, grammar="((Start String (x\n\t(str.sub Start))))"), "t.sl")
    assert caught.value.__notes__ == ["     (str.sub Start)))))\n      ^^^^^^^"]


def test_a_long_line_is_cut_around_the_carets() -> None:
    many = " ".join(f'"{i}"' for i in range(100))
    with pytest.raises(InputError) as caught:
        read_sygus(sl(GOOD, grammar=f"((Start String (x {many} y {many})))"), "t.sl")
    line, carets = caught.value.__notes__[0].split("\n")
    assert len(line) <= 104
    assert line[carets.index("^")] == "y"


def test_an_index_no_width_has_is_an_error_at_its_place() -> None:
    text = sl(
        "(= (f #x01) #x01)",
        sorts="((x (_ BitVec 8))) (_ BitVec 8)",
        grammar="((A (_ BitVec 8) (x ((_ extract 1 3) A))))",
    )
    with pytest.raises(InputError, match=r"line 4, column 22: .*extract 1 3"):
        read_sygus(text.replace("SLIA", "BV"), "t.sl")


def test_a_language_that_is_not_given_is_named() -> None:
    with pytest.raises(InputError, match="unknown language 'strings'"):
        read_sygus(sl(GOOD), "t.sl", languages={})


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    odd = Task([example(1, output=1)], "odd", extra={"made": {1, 2}})
    with pytest.raises(InputError, match="task 'odd': a field of extra has no JSON form"):
        write_jsonl(tmp_path / "t.jsonl", [odd])
    with pytest.raises(InputError, match="surrogate pair"):
        write_jsonl(tmp_path / "t.jsonl", [Task([example("\ud800", output=1)])])
    with pytest.raises(InputError, match=r"no/t\.jsonl: cannot be written"):
        write_jsonl(tmp_path / "no" / "t.jsonl", [Task([example(1, output=1)])])
    assert list(tmp_path.iterdir()) == []
