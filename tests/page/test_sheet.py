"""What the page knows of its table, without a browser."""

from __future__ import annotations

import time

import pytest

from neurosynth.errors import InputError
from neurosynth.frames.filled import FillConfig
from neurosynth.page.sheet import Sheet

TEXT = "full name,city\nAda Lovelace,London\nAlan Turing,Leeds\nGrace Brewster Hopper,York\nEmmy Noether,Erlangen\n"


@pytest.fixture
def sheet() -> Sheet:
    found = Sheet.from_text(TEXT)
    found.add_column("surname")
    found.type("surname", 0, "Lovelace")
    found.type("surname", 1, "Turing")
    return found


def test_typed_cells_fill_the_rest(sheet: Sheet) -> None:
    sheet.fill()
    assert sheet.cells("surname")[3] == "Noether"
    assert sheet.cell("surname", 0) == "Lovelace"
    states = sheet.states("surname")
    assert states[0] == "typed"
    assert states[3] in ("filled", "doubtful")


def test_a_doubtful_row_becomes_a_question_and_its_answer_settles_it(sheet: Sheet) -> None:
    sheet.fill()
    question = sheet.question()
    assert question is not None
    assert (question.column, question.row, question.line) == ("surname", 2, 4)
    assert {"Brewster", "Hopper"} <= set(question.choices)
    sheet.type("surname", question.row, "Hopper")
    sheet.fill()
    assert sheet.cells("surname")[2:] == ["Hopper", "Noether"]
    assert sheet.question() is None or sheet.question() != question


def test_what_was_typed_and_filled_is_downloaded(sheet: Sheet) -> None:
    sheet.fill()
    lines = sheet.download().decode().splitlines()
    assert lines[0] == "full name,city,surname"
    assert lines[4] == "Emmy Noether,Erlangen,Noether"


def test_formulas_name_the_columns_of_the_sheet() -> None:
    sheet = Sheet.from_text("city,full name\nLondon,Ada Lovelace\nLeeds,Alan Turing\nYork,Grace Hopper\n")
    sheet.add_column("first")
    for row, text in enumerate(("Ada", "Alan")):
        sheet.type("first", row, text)
    sheet.fill()
    formula = sheet.code("first", "excel")
    assert formula is not None
    assert "B2" in formula
    assert "A2" not in formula
    assert formula.endswith("B: full name\n")


def test_code_takes_only_the_columns_that_it_reads(sheet: Sheet) -> None:
    sheet.fill()
    code = sheet.code("surname", "python")
    assert code is not None
    assert "def program(full_name: str | None) -> str | None:" in code


def test_a_column_without_a_program_can_be_tried_again() -> None:
    sheet = Sheet.from_text("name,code\nAda,qxz\nAlan,7b\nGrace,\n")
    assert sheet.fillable == ["code"]
    sheet.wanted.add("code")
    assert sheet.fillable == []
    sheet.problems["code"] = "no program was found in 5 s."
    assert sheet.fillable == ["code"]


def test_typed_cells_are_downloaded_where_nothing_was_learned() -> None:
    sheet = Sheet.from_text("a\n1\n2\n")
    sheet.add_column("b")
    sheet.type("b", 0, "x")
    assert sheet.download().decode() == "a,b\n1,x\n2,\n"


def test_a_cell_that_is_emptied_is_forgotten(sheet: Sheet) -> None:
    sheet.fill()
    sheet.type("surname", 0, "")
    sheet.type("surname", 1, "")
    assert sheet.outputs == []
    assert sheet.cells("surname") == [""] * 4


def test_what_cannot_be_learned_is_told_and_spares_the_others(sheet: Sheet) -> None:
    sheet = Sheet.from_text(TEXT + "Emmy Noether,Erlangen\n")
    for name, cells in {"surname": ("Lovelace", "Turing"), "twice": ("1", "2", "3", "4", "5")}.items():
        sheet.add_column(name)
        for row, text in enumerate(cells):
            sheet.type(name, row, text)
    sheet.typed["twice"].pop(2)
    sheet.fill()
    assert "lines 5 and 6 contradict" in sheet.problems["twice"]
    assert sheet.filled["surname"].solved


def test_a_corrected_cell_of_a_complete_column_is_an_input(sheet: Sheet) -> None:
    sheet.type("full name", 3, "Amalie Noether")
    assert sheet.outputs == ["surname"]
    sheet.add_column("first")
    sheet.type("first", 0, "Ada")
    sheet.type("first", 1, "Alan")
    sheet.fill()
    assert sheet.cells("first")[3] == "Amalie"
    assert not sheet.problems


def test_only_what_changed_is_learned_again(sheet: Sheet) -> None:
    sheet.fill()
    first = sheet.filled["surname"]
    sheet.add_column("town")
    sheet.type("town", 0, "LONDON")
    watched: list[str] = []
    assert sheet.fill(lambda column, _: watched.append(column))
    assert sheet.filled["surname"] is first
    assert set(watched) <= {"town"}
    assert sheet.changed == {}


def test_a_search_ends_when_something_else_is_typed(sheet: Sheet) -> None:
    assert not sheet.fill(superseded=lambda: True)
    typed = iter([False, True])
    assert not sheet.fill(superseded=lambda: next(typed, True))
    assert sheet.filled == {}
    assert sheet.fill()
    assert sheet.cells("surname")[3] == "Noether"


def test_a_column_that_was_added_can_be_removed(sheet: Sheet) -> None:
    sheet.fill()
    sheet.remove_column("surname")
    sheet.remove_column("city")
    assert sheet.columns == ["full name", "city"]
    assert (sheet.filled, sheet.outputs) == ({}, [])


def test_a_question_can_be_skipped(sheet: Sheet) -> None:
    sheet.fill()
    question = sheet.question()
    assert question is not None
    sheet.skip(question)
    assert sheet.question() is None


def test_pasted_rows_keep_their_delimiter_in_their_name() -> None:
    assert Sheet.from_text("a\tb\n1\t2\n").name == "pasted.tsv"
    assert Sheet.from_text("a,b\n1,2\n").name == "pasted.csv"


@pytest.mark.parametrize(("name", "message"), [("city", "a column 'city' already"), (" ", "needs a name")])
def test_columns_need_names_of_their_own(sheet: Sheet, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        sheet.add_column(name)


def test_a_header_alone_is_no_table() -> None:
    with pytest.raises(InputError, match="a header and no rows"):
        Sheet.from_text("a,b\n")


def test_a_cell_that_alone_speaks_against_a_simpler_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", time.process_time)  # a busy machine finds the same
    people = ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether", "Kurt Godel", "Carl Gauss"]
    sheet = Sheet.from_text("\n".join(["name", *people]))
    sheet.add_column("surname")
    for row, name in enumerate(people[:5]):
        sheet.type("surname", row, "Hoppr" if row == 2 else name.split()[1])
    sheet.fill()
    mistake = "A simpler program explains all cells but one: line 4 has 'Hoppr', the program gives 'Hopper'."
    assert sheet.mistake("surname") == mistake
    sheet.type("surname", 2, "Hopper")
    sheet.fill()
    assert sheet.mistake("surname") is None


def test_the_program_stays_when_every_cell_was_typed(sheet: Sheet) -> None:
    for row, name in enumerate(["Lovelace", "Turing", "Hopper"]):
        sheet.type("surname", row, name)
    sheet.fill()
    learned = sheet.filled["surname"]
    sheet.type("surname", 3, "E. Noether")
    sheet.fill()
    assert sheet.filled["surname"] is learned
    assert not sheet.problems
    assert sheet.cells("surname")[3] == "E. Noether"


def test_a_column_of_the_table_is_filled_when_asked_for() -> None:
    sheet = Sheet.from_text("full name,surname,note\nAda Lovelace,Lovelace,\nAlan Turing,Turing,\nKurt Gödel,,\n")
    assert sheet.fillable == ["surname"]
    assert sheet.outputs == []
    sheet.wanted.add("surname")
    assert (sheet.fillable, sheet.outputs) == ([], ["surname"])
    sheet.fill()
    assert sheet.cells("surname") == ["Lovelace", "Turing", "Gödel"]
    assert sheet.download().decode().splitlines()[3] == "Kurt Gödel,Gödel,"


def test_what_to_do_on_the_page_when_the_time_is_over() -> None:
    sheet = Sheet.from_text("a\nxq7\nzz1\np0o\nk8k\n")
    sheet.config = FillConfig(seconds=0.001, min_confidence=0.0)
    sheet.add_column("z")
    for row, text in enumerate(("8.1.9", "unlike", "=-=")):
        sheet.type("z", row, text)
    sheet.fill()
    problem = sheet.problems.get("z", "")
    assert "--seconds 0.004" in problem
    assert "raise" not in problem
