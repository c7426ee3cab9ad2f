"""Reports: which rows may be compared, what a reader is told, and that no text of a row breaks a page or a table."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.bench.cells import TextColumn, TextTable, markdown, markdown_cell
from neurosynth.bench.page import PAGE_BYTES, TaskTables
from neurosynth.bench.report import SECTIONS, Report
from neurosynth.bench.rows import Row
from neurosynth.cli.bench_report import report as command
from neurosynth.errors import InputError, UnknownNameError
from tests.bench.sample_rows import NASTY, row, rows_of, write_rows

pytest.importorskip("matplotlib", reason="figures need the extra 'plot'")

CVC5: dict[str, Any] = {"solver": "cvc5", "guide": None, "search": None}
Make = Callable[..., Report]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """``made(rows, …)``: a report on a file with these rows; a list of lists is a file each."""

    def make(*files: list[dict[str, Any]], **options: Any) -> Report:
        names = [write_rows(tmp_path / f"{'abc'[i]}.jsonl", rows) for i, rows in enumerate(files)]
        return Report.from_files(names, **options)

    return make


class Refused(NamedTuple):
    """Files of rows, options, and what the refusal must say."""

    files: list[list[dict[str, Any]]]
    options: dict[str, Any]
    message: str


TEN: dict[str, Any] = {"limits": {"seconds": 10.0}}
SIXTY: dict[str, Any] = {"limits": {"seconds": 60.0}}
REFUSED = {
    "no files": Refused([], {}, r"no rows files; name at least one that 'neurosynth bench run' wrote"),
    "files without rows": Refused([[], []], {}, r"a\.jsonl, .*b\.jsonl: no rows; 'neurosynth bench run SUITE --out FILE' writes them"),
    "different seconds in one suite": Refused(
        [[row(**TEN)], [row(task="other", **SIXTY)]],
        {},
        r"suite 'strings': rows of different limits in one comparison: a\.jsonl row 1 has limits\.seconds=10 and b\.jsonl row 1 has "
        r"limits\.seconds=60; report them separately: --where limits\.seconds=10, then --where limits\.seconds=60",
    ),
    "different memory in one suite": Refused([[row(), row(limits={"max_memory": 8.0})]], {}, r"limits\.max_memory=4 and .*=8"),
    "a limit on candidates in one of two": Refused(
        [[row(), row(limits={"max_programs": 9})]], {}, r"max_programs=none and .*max_programs=9; .*--where limits\.max_programs=none"
    ),
    "different numbers of examples shown": Refused([[row(), row(show=5)]], {}, r"numbers of examples shown.*show=none.*show=5"),
    "the same task twice": Refused(
        [[row(), row(task="b"), row()]],
        {},
        r"task 'first' of suite 'strings' was run twice the same way: a\.jsonl row 1 and a\.jsonl row 3; "
        r"keep the last of each \(--last\), or distinguish them \(--by commit, --by file\)",
    ),
    "many tasks twice": Refused([[row(), row(), row()]], {}, r"row 1 and a\.jsonl row 2, and 1 more;"),
    "a file named twice counts once, but a copy of it does not": Refused([[row()], [row()]], {}, r"a\.jsonl row 1 and b\.jsonl row 1"),
    "a condition without a value": Refused([[row()]], {"where": ["suite"]}, r"'suite': expected FIELD=VALUE, such as suite=circuits"),
    "a condition on an unknown field": Refused([[row()]], {"where": ["siute=a"]}, r"unknown field of rows 'siute'.*did you mean suite"),
    "a condition no row meets": Refused([[row()]], {"where": ["suite=a", "suite=b"]}, r"no row has suite=a or b; suite is: strings"),
    "a part of a field without parts": Refused([[row()]], {"where": ["suite.x=1"]}, r"suite has no parts"),
    "an unknown field to tell apart by": Refused([[row()]], {"by": ["comit"]}, r"unknown field of rows 'comit'.*did you mean commit"),
    "an unknown baseline": Refused([[row()]], {"baseline": "auto"}, r"unknown configuration 'auto'; known: auto · uniform"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_refused(case: Refused, made: Make) -> None:
    with pytest.raises(InputError) as error:
        made(*case.files, **case.options)
    assert re.search(case.message, str(error.value)), error.value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"name": "t", "examples": []}', r"a\.jsonl, line 2: schema null; allowed: 1"),
        ("not JSON", r"a\.jsonl, line 2: invalid JSON"),
        ('"text"', r"a\.jsonl, line 2: not an object"),
    ],
)
def test_a_line_that_is_no_row_is_named(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row()) + "\n" + content + "\n")
    with pytest.raises(InputError, match=message):
        Report.from_files([file])


def test_no_rows_from_a_program(made: Make) -> None:
    with pytest.raises(InputError, match="no rows to report on; run a suite first"):
        Report.of([])


def test_suites_may_have_limits_of_their_own(made: Make) -> None:
    report = made([row(**TEN), row(suite="circuits", **SIXTY)])
    assert dict(report.setting)["Limits"] == "10 s, 4 GB a task (strings); 60 s, 4 GB a task (circuits)"
    many = made([*(row(suite=f"s{i}") for i in range(5)), row(suite="circuits", limits={"seconds": 60.0})])
    assert dict(many.setting)["Limits"] == "60 s, 4 GB a task (circuits); 10 s, 4 GB a task (the 5 others)"


def test_conditions_choose_rows(made: Make) -> None:
    given = [row(**TEN), row(suite="circuits", **SIXTY), row(suite="lists", seed=3)]
    assert made(given, where=["limits.seconds=60"]).suites == ["circuits"]
    assert made(given, where=["suite=lists", "suite=strings"]).suites == ["strings", "lists"]
    assert made(given, where=["suite=lists", "seed=3"]).suites == ["lists"]
    assert made(given, where=["versions.numba=0.68.0", "machine.cores=2"]).suites == ["strings", "circuits", "lists"]


def test_the_last_of_rows_that_are_the_same_counts(made: Make) -> None:
    report = made([row(stop="time"), row(task="b")], [row()], last=True)
    assert [(line.tasks, line.solved.median) for line in report.lines] == [(2, 2)]


def test_commits_and_files_can_be_told_apart(made: Make) -> None:
    before, after = [row(commit="aaa", stop="time")], [row(commit="bbb")]
    for by, labels in (("commit", ["commit aaa", "commit bbb"]), ("file", ["a.jsonl", "b.jsonl"])):
        report = made(before, after, by=[by])
        assert [c.label for c in report.groups] == [f"auto · uniform · {label}" for label in labels]
        assert [len(pair.only_second) for pair in report.pairs] == [1]
        assert not report.notes or by == "file"


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    files = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        files.append(write_rows(tmp_path / folder / "rows.jsonl", [row()]))
    assert len(Report.from_files(files, by=["file"]).groups) == 2


# What a reader is told

NOTES = {
    "nothing where all is well": ([row(), row(task="b")], None),
    "commits": ([row(commit="aaa"), row(task="b", commit=None)], r"2 commits: aaa \(1 rows\), unknown \(1 rows\)"),
    "changes that were not committed": ([row(commit="aaa+")], r"changes that were not committed: aaa\+\."),
    "machines": ([row(), row(task="b", machine={"cpu": "Other", "cores": 8})], r"2 machines: .*Other, 8 cores.*Seconds are not"),
    "versions": ([row(), row(task="b", versions={"numba": "1.0"})], r"Versions differ between rows: numba 0\.68\.0 and 1\.0"),
    "a suite that changed": ([row(), row(examples=7, **CVC5)], r"strings first: .*different numbers of examples \(4 and 7\)"),
    "tasks that one did not run": (
        [row(), row(task="b"), row(**CVC5)],
        r"cvc5 has no row of 1 task \(strings b\) that others ran\. Figures over all suites are of the 1 of 2 tasks",
    ),
    "suites that one did not run": (
        [row(), row(suite="lists"), row(suite="lists", task="b"), row(**CVC5)],
        r"cvc5 has no row of 2 tasks \(all of lists\)",
    ),
    "nothing in common": ([row(), row(task="b", **CVC5)], r"Figures over all suites are of none"),
    "a run that is not finished": (
        [row(), row(task="b"), row(seed=1)],
        r"auto · uniform, seed 1, has no row of 1 task \(strings b\) that its other runs have: unfinished\?",
    ),
    "failures": (
        [row(stop="crashed", reason="signal 11"), row(task="b", stop="wrong"), row(task="c", stop="wrong"), row(task="d")],
        r"Rows that failed, and count as not solved: auto · uniform 2 wrong, 1 crashed \(of 4\)\.",
    ),
    "solvers that count no candidates": ([row(**CVC5, stats={"programs_tried": 0})], r"cvc5 counts no candidates"),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "note"), NOTES.values(), ids=NOTES.keys())
def test_notes(rows: list[dict[str, Any]], note: str | None, made: Make) -> None:
    notes = " ".join(made(rows).notes)
    assert re.search(note, notes) if note is not None else not notes, notes


def test_a_torn_line_is_said(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.jsonl", [row()])
    with file.open("a") as f:
        f.write('{"schema": 1, "sui')
    (note,) = Report.from_files([file]).notes
    assert "the last line is torn" in note


def test_the_setting_is_complete(made: Make) -> None:
    report = made([row(), row(seed=1, repeat=1, started="2026-11-01T13:00:00+00:00")])
    assert report.setting == [
        ("Limits", "10 s, 4 GB a task"),
        ("Examples shown", "all"),
        ("Seeds", "0, 1; 2 runs of each"),
        ("Machine", "Example CPU 2.5 GHz, 2 cores, Linux"),
        ("Versions", "python 3.11.7, neurosynth-pbe 0.1.0, numba 0.68.0, numpy 2.4.0"),
        ("Commit", "0123456789ab"),
        ("Run", "2026-11-01T12:00:00+00:00 to 2026-11-01T13:00:00+00:00"),
    ]


# What is written


def test_a_report_is_a_page_a_markdown_file_and_figures(made: Make, tmp_path: Path) -> None:
    report = made(list(rows_of(("strings", "lists"), tasks=5, seeds=1)))
    page = report.write(tmp_path / "out")
    assert page == tmp_path / "out" / "index.html"
    names = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.*"))
    assert names[-2:] == ["index.html", "report.md"]
    assert {
        "figures/solved-seconds.svg", "figures/solved-candidates.svg", "figures/solved-seconds-strings.svg",
        "figures/pair-neurosynth-uniform-cvc5.svg", "figures/held-out-by-size.svg",
    } <= set(names)  # fmt: skip
    assert (tmp_path / "out" / "report.md").read_text(encoding="utf-8") == report.markdown()


def test_the_same_rows_give_the_same_report(made: Make, tmp_path: Path) -> None:
    given = list(rows_of(("strings",), tasks=4, seeds=2))
    first, second = made(given).write(tmp_path / "1"), made(given).write(tmp_path / "2")
    assert first.read_bytes() == second.read_bytes()


def test_nothing_solved_is_a_report_too(made: Make, tmp_path: Path) -> None:
    page = made([row(stop="time"), row(stop="memory", **CVC5)]).write(tmp_path / "out")
    assert "0 of 1 (0 %)" in page.read_text(encoding="utf-8")


def test_nothing_in_common_is_a_report_too(made: Make, tmp_path: Path) -> None:
    assert made([row(), row(suite="lists", **CVC5)]).write(tmp_path / "out").exists()


def test_a_page_asks_for_nothing_from_outside(made: Make, tmp_path: Path) -> None:
    page = Texts()
    text = made(list(rows_of(("strings",), tasks=3))).write(tmp_path).read_text(encoding="utf-8")
    page.feed(text)
    wanted = [
        attrs[name] or "" for _, attrs in page.elements for name in ("src", "href", "xlink:href") if name in attrs
    ]
    assert wanted
    assert all(target.startswith("#") for target in wanted)
    assert not re.search(r"@import|url\((?!#)", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)


class Texts(HTMLParser):
    """The texts of a page's cells and list items, and all its elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data


@pytest.mark.parametrize("nasty", NASTY)
def test_texts_of_rows_stay_texts(nasty: str, made: Make, tmp_path: Path) -> None:
    program = {"text": nasty, "size": 3, "logprob": None}
    given = [
        row(nasty, nasty, programs=[program], held_out={"examples": 2, "right": 1}, commit=nasty),
        row(nasty, nasty, stop="error", reason=nasty, guide=nasty, machine={"cpu": nasty}),
        row(nasty, "b", solver=nasty, search=None, guide=None),
        row("other", nasty),
    ]
    report = made(given, title=nasty)
    page = Texts()
    page.feed(report.write(tmp_path / "out").read_text(encoding="utf-8"))
    shown = nasty.replace("\u2028", r"\u2028")
    assert page.text.count(shown) >= 10
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object", "link")]
    assert not [attrs for _, attrs in page.elements if any(name.startswith("on") for name in attrs)]
    for name in SECTIONS:
        tables = [line for line in report.section(name).splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in tables}) <= 1, name
        assert "<script" not in report.section(name)
        assert "<img" not in report.section(name)


def test_half_a_surrogate_pair_can_be_written(made: Make, tmp_path: Path) -> None:
    program = {"text": "\ud800", "size": 1, "logprob": None}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row(programs=[program])) + "\n")
    page = Report.from_files([file]).write(tmp_path / "out")
    assert r"\ud800" in page.read_text(encoding="utf-8")


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_markdown_table_has_its_rows_and_columns_whatever_they_say(cells: list[list[str]]) -> None:
    content = TextTable(tuple(TextColumn(str(i)) for i in range(3)), tuple(map(tuple, cells)))
    lines = markdown(content).split("\n")
    assert len(lines) == len(cells) + 3  # a head, its rule, and what follows the last line break
    for line in lines[:-1]:
        # An even number of backslashes before it: the bar is a border.
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4


def test_markdown_shows_names_as_they_are() -> None:
    assert markdown_cell("a_b  c\n<d> *e* |") == r"a_b c &lt;d&gt; \*e\* \|"


# How large, how fast


def _large(tmp_path: Path, suites: int, tasks: int, longer: int) -> tuple[Path, Path, float]:
    """A page on rows with programs ``longer`` times as long; its rows and the processor's seconds it took."""
    names = [f"suite-{i:02}" for i in range(suites)]
    given = [
        {**r, "programs": [{**p, "text": p["text"] * longer} for p in r["programs"]]}
        for r in rows_of(names, tasks=tasks)
    ]
    rows = write_rows(tmp_path / "rows.jsonl", given)
    started = time.process_time()  # others' work on the machine is not the report's
    page = Report.from_files([rows]).write(tmp_path / "out")
    return rows, page, time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("longer", [1, 12], ids=["programs of 60 letters", "programs of 700"])
def test_ten_thousand_rows_within_ten_seconds_and_five_megabytes(longer: int, tmp_path: Path) -> None:
    rows, page, seconds = _large(tmp_path, 12, 72, longer)
    assert len(rows.read_text(encoding="utf-8").splitlines()) >= 10_000
    assert seconds < 10
    assert page.stat().st_size < 5e6


def test_five_hundred_rows_within_a_part_of_that(tmp_path: Path) -> None:
    _, page, seconds = _large(tmp_path, 2, 24, 1)
    assert seconds < 5
    assert page.stat().st_size < 1e6


def test_long_programs_are_cut_where_there_is_no_room(tmp_path: Path) -> None:
    program = {"text": '"' + "x" * 100_000, "size": 1, "logprob": None}
    given = [row(task=f"t{i}", programs=[program]) for i in range(100)] + [row(task="short")]
    page = Report.from_files([write_rows(tmp_path / "a.jsonl", given)]).write(tmp_path / "out")
    assert PAGE_BYTES * 0.9 < page.stat().st_size < 5e6
    text = page.read_text(encoding="utf-8")
    assert text.count("… (100,001 letters, all in the rows file)") == 100
    assert "<code>(str.len x0)</code>" in text


def test_tasks_are_left_out_where_there_is_no_room_and_those_that_say_most_last(made: Make) -> None:
    given = [{**r, "task": f"{r['task']}-{i}"} for i in range(40) for r in (row(), row(**CVC5))]
    given += [row(task="only ours"), row(task="only ours", stop="time", **CVC5), row(task="broken", stop="crashed")]
    report = made(given)
    whole, tight = TaskTables(report.groups, 10**6), TaskTables(report.groups, 10_000)
    assert whole.kept == whole.found.keys()
    ((suite, there, of, lines),) = tight.suites()
    assert (suite, of, len(whole.found)) == ("strings", 42, 42)
    assert 10 < there < 35
    assert {("strings", "only ours"), ("strings", "broken")} <= tight.kept
    assert ("strings", "first-39") not in tight.kept
    assert sum(line.size(tight.cut) for line in lines) <= 10_000
    given += [row(task=f"long-{i}", programs=[{"text": "x" * 9_000, "size": 1}]) for i in range(520)]
    page = made(given, last=True).page([])
    assert "There is room for" not in page
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("neurosynth.bench.report.PAGE_BYTES", 150_000)
        page = made(given, last=True).page([])
    assert len(page.encode()) < 150_000
    assert re.search(r"There is room for \d+ of 562 tasks here: first those that failed", page)
    assert re.search(r"<b>strings</b>, \d+ of 562 tasks ", page)


# The command


def test_the_command_writes_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [row(), row(task="b", stop="crashed"), row(**CVC5)])
    command([str(rows)], str(tmp_path / "out"))
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1] == str(tmp_path / "out" / "index.html")
    assert "neurosynth: note: Rows that failed" in printed.err


def test_the_command_prints_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [row(), row(task="b", stop="time")])
    command([str(rows)], str(tmp_path / "out"), title="Mine", as_json=True)
    written = json.loads(capsys.readouterr().out)
    assert written["configurations"] == [{"name": "auto · uniform", "tasks": 2, "solved": 1}]
    assert Path(written["page"]).exists()
    assert len(written["figures"]) == 2
    assert "<h1>Mine</h1>" in Path(written["page"]).read_text(encoding="utf-8")


# From a program


def test_a_report_on_rows_at_hand() -> None:
    report = Report.of([Row.from_json(row()), Row.from_json(row(task="b", **CVC5))], baseline="cvc5", title="Two")
    assert report.baseline is not None
    assert report.markdown().startswith("# Two\n")


def test_a_section_by_another_name(made: Make) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown section 'suits'; known: .*; did you mean suites\?"):
        made([row()]).section("suits")


def test_what_cannot_be_written_is_said(made: Make, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match=r"taken.*: cannot be written: "):
        made([row()]).write(tmp_path / "taken")


# History, and scores


def test_history_has_a_line_a_commit_in_order_over_the_tasks_that_all_ran(made: Make) -> None:
    def at(commit: str, day: int, task: str, stop: str = "solved") -> dict[str, Any]:
        held = {"examples": 2, "right": 2 if task == "a" else 1} if stop == "solved" else None
        return row(task=task, stop=stop, commit=commit, started=f"2026-11-0{day}T10:00:00+00:00", held_out=held)

    report = made(
        [at("new", 2, "a"), at("new", 2, "b"), at("new", 2, "only"), at("old", 1, "a"), at("old", 1, "b", "time")],
        by=["commit"],
    )
    assert [c.title for c in report.history.columns][:6] == [
        "commit",
        "first row",
        "solved",
        "tasks",
        "%",
        "right on held-out",
    ]
    assert [r[:7] for r in report.history.rows] == [
        ("old", "2026-11-01 10:00", "1", "2", "50 %", "1", "1"),
        ("new", "2026-11-02 10:00", "2", "2", "100 %", "1", "0"),
    ]
    assert "## History" in report.markdown()
    assert 'id="history"' in report.page([])
    assert not made([row()]).history.rows


SCORES = {
    "right on what was not shown counts one": ([row(held_out={"examples": 2, "right": 2})], 1),
    "not right on it takes one off": ([row(held_out={"examples": 2, "right": 1})], -1),
    "a wrong answer takes one off": ([row(stop="wrong")], -1),
    "not solved counts nothing": ([row(stop="time"), row(task="b", stop="wrong")], -1),
    "crashed counts nothing": ([row(stop="crashed"), row(task="b", held_out={"examples": 1, "right": 1})], 1),
    "solved without examples to score on counts one": ([row(), row(task="b", held_out={"examples": 1, "right": 1})], 2),
}


@pytest.mark.parametrize(("rows", "score"), SCORES.values(), ids=SCORES.keys())
def test_scores(rows: list[dict[str, Any]], score: int, made: Make) -> None:
    (line,) = made(rows).lines
    assert line.score is not None
    assert line.score.median == score
