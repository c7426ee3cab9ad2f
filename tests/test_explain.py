"""Why: an explanation says who found what, what was ruled out, what was close and what could be changed; its page is true."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.cli import main
from neurosynth.explain import node_values
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.evidence import MEANINGS
from neurosynth.search.explored import Explored, count_programs
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.json_io import task_to_json
from neurosynth.testing.tiny import finite_task, grammar_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explain.md"
LISTS = load_language("lists")
SUM = ns.Task([ns.example([1, 2, 3], output=6), ns.example([4], output=4)], "sum")
NOISE = ns.Task([ns.example([i, 3, 7], output=i * 7919 % 101) for i in range(1, 5)], "noise")


def solved(task: ns.Task, search: str = "bottom-up", programs: int = 3000, **options: Any) -> ns.Result:
    limits = ns.Limits(seconds=60, max_programs=programs)
    return ns.synthesize(
        task, options.pop("language", "lists"), guide="uniform", search=search, limits=limits, **options
    )


def test_the_page_shows_what_is_printed() -> None:
    space: dict[str, object] = {}
    found = re.findall(r"^```(python|text)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    printed, compared = "", 0
    for kind, block in found:
        if kind == "text":
            assert printed == block
            compared += 1
            continue
        buffer = io.StringIO()
        with contextlib.redirect_stdout(buffer):
            exec(compile(block, PAGE.name, "exec", dont_inherit=True), space)
        printed = re.sub(r"(?<=  )\d+\.\d\d(?=  )", "0.00", buffer.getvalue())  # seconds
        printed = re.sub(
            r"^Confidence \d+%\..*\n\n", "", printed, flags=re.MULTILINE
        )  # another whenever it is fitted anew
        printed = re.sub(r" \(confidence \d+%\)", "", printed)
    assert compared == 10


def test_it_says_what_speaks_for_and_against_the_answer() -> None:
    result = solved(SUM)
    text, row = str(result.explain()), result.explain().to_json()
    assert re.search(r"^Confidence \d\d?%\.( For it: .*\.)?( Against it: .*\.)?$", text, re.MULTILINE)
    assert row["confidence"] == round(result.confidence, 4)
    assert set(row["reasons"]) <= set(MEANINGS)
    assert [abs(v) for v in row["reasons"].values()] == sorted(map(abs, row["reasons"].values()), reverse=True)


# --- parts ----------------------------------------------------------------------------------------------------------


def test_every_program_is_counted_as_it_is_enumerated() -> None:
    language, task = finite_task()
    for grammar in (grammar_of(language, task), task_grammar(SUM, LISTS)):
        assert count_programs(grammar, 3) == [len(list(grammar.enumerate(c))) for c in (1, 2, 3)]
        explored = Explored(grammar, 2)
        assert (explored.programs, explored.next_level) == (
            sum(count_programs(grammar, 2)), count_programs(grammar, 3)[-1],
        )  # fmt: skip


def test_nodes_have_the_values_of_the_reference_semantics() -> None:
    program = parse_program("(sum (map (lambda (a) (* a a)) (tail x0)))", LISTS, request=SUM.type)
    rows = node_values(program, [([1, 2, 3],), ([],)])
    assert [(depth, text) for depth, text, _, _ in rows] == [
        (0, str(program)),
        (1, "(map (lambda (a) (* a a)) (tail x0))"),
        (2, "(lambda (a) (* a a))"),
        (2, "(tail x0)"),
        (3, "x0"),
    ]
    values = {text: values for _, text, _, values in rows}
    assert values["(tail x0)"][0] == (2, 3)
    assert values["(tail x0)"][1] in (UNDEFINED, ())
    assert values["(lambda (a) (* a a))"] == []
    assert values[str(program)][0] == 13


def test_strategies_share_what_was_tried_and_every_program_has_a_source() -> None:
    rows = [("Ada", "Lovelace", "A.Lovelace"), ("Alan", "Turing", "A.Turing"), ("Grace", "Hopper", "G.Hopper")]
    task = ns.Task([ns.example(a, b, output=out) for a, b, out in rows], "initials")
    result = ns.synthesize(task, "strings", guide="uniform", limits=ns.Limits(seconds=30))
    uses = result.explain().uses
    assert sum(u.tried for u in uses.values()) == result.stats.programs_tried
    assert sum(u.seconds for u in uses.values()) == pytest.approx(result.stats.seconds, abs=0.01)
    assert all(result.source(s) for s in result.solutions)
    assert str(result.source(result.best)) in str(result.explain())


def test_what_a_guide_wrote_is_named() -> None:
    guide = ns.NGram(n=2).fit([parse_program("(sum x0)", LISTS, request=SUM.type)], LISTS)
    result = ns.synthesize(SUM, "lists", guide=guide, search="bottom-up")
    explanation = result.explain()
    assert "(sum x0), which is right on every example" in str(explanation)
    assert explanation.to_json()["guide"]["wrote"][0] == "(sum x0)"
    assert explanation.to_json()["programs"][0]["source"] == f"guide {guide.name}"


def test_a_guide_that_was_not_needed_is_said_to_be() -> None:
    result = ns.synthesize(SUM, "lists")
    told = result.explain().to_json()["guide"]
    assert (told["asked"], told["wrote"]) == (False, [])


@pytest.mark.parametrize("search", ["auto", "bottom-up", "best-first", "beam"])
def test_every_search_explains_itself(search: str) -> None:
    explanation = solved(NOISE, search, programs=300).explain()
    assert "Not solved after" in str(explanation)
    assert explanation.uses[explanation.own].tried <= 300
    assert explanation.own == (search if search in ("best-first", "beam") else "enumeration")
    told = explanation.to_json()
    assert told["suggestions"][0].startswith("Raise max_programs")
    json.dumps(told)


# --- suggestions ----------------------------------------------------------------------------------------------------


def suggestions(task: ns.Task, **options: Any) -> str:
    return "\n".join(solved(task, **options).explain().suggestions)


CASES: list[tuple[str, ns.Task, dict[str, Any], str]] = [
    ("one wrong example", ns.Task([ns.example(x, output=x + (x == 9) * 99) for x in (1, 4, 7, 9)]), {}, "Check the example 9 → 108"),
    ("a sign", ns.Task([ns.example("ab", output="b;a"), ns.example("cd", output="d|c")]), {"language": "strings"}, "Give ';' as a constant"),
    ("one example", ns.Task([ns.example([3, 1], output=3)]), {}, "Give a second example"),
    ("an input", ns.Task([ns.example(1, 7, output=1), ns.example(5, 7, output=5)]), {}, "Leave out input x1"),
    ("a constant", ns.Task([ns.example(i, output=4) for i in (1, 2, 3)]), {}, "Give examples with different outputs"),
]  # fmt: skip


@pytest.mark.parametrize("task", [CASES[2][1], CASES[4][1]], ids=["one example", "a constant"])
def test_the_only_input_is_never_to_be_left_out(task: ns.Task) -> None:
    assert "Leave out" not in suggestions(task)


@pytest.mark.parametrize(("name", "task", "options", "expected"), CASES, ids=[c[0] for c in CASES])
def test_what_could_be_changed(name: str, task: ns.Task, options: dict[str, Any], expected: str) -> None:
    assert expected in suggestions(task, **options)


def test_a_limit_on_time_says_how_far_the_next_cost_is() -> None:
    limits = ns.Limits(seconds=0.3)
    result = ns.synthesize(NOISE, "lists", guide="uniform", search=ns.BottomUp(compiled=False), limits=limits)
    assert result.stop is ns.StopReason.TIME
    assert re.search(
        r"Raise the time limit, which is 0\.3 s: the next cost level takes about",
        "\n".join(result.explain().suggestions),
    )


# --- on the command line --------------------------------------------------------------------------------------------


@pytest.fixture
def sum_file(tmp_path: Path) -> Path:
    file = tmp_path / "sum.json"
    file.write_text(json.dumps(task_to_json(SUM)), encoding="utf-8")
    return file


def test_solve_explains(sum_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["solve", str(sum_file), "--explain"])
    printed = capsys.readouterr().out
    assert end.value.code == 0
    assert printed.startswith("Solved after ")
    assert "found by enumeration" in printed


def test_json_has_trace_sources_and_with_explain_the_explanation(
    sum_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--explain"]):
        with pytest.raises(SystemExit):
            main(["solve", str(sum_file), "--json", *more])
        row = json.loads(capsys.readouterr().out)
        assert row["trace"][0]["cost"] == 1
        assert row["sources"]["enumeration"]["tried"] > 0
        assert row["programs"][0]["source"] == "enumeration"
        assert ("explanation" in row) is bool(more)


def test_closest_is_in_json_where_nothing_is_right() -> None:
    row = solved(NOISE, programs=500).to_json()
    assert row["programs"] == []
    assert set(row["closest"]) == {"text", "share"}


def test_verbose_logs_decisions_and_twice_levels_too(sum_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("neurosynth")
    before, level = list(logger.handlers), logger.level
    try:
        with pytest.raises(SystemExit):
            main(["solve", str(sum_file), "-vv"])
        logged = capfd.readouterr().err
        assert "accepted: (sum x0) by enumeration" in logged
        assert "level {'cost': 1" in logged
    finally:
        logger.handlers[:] = before
        logger.setLevel(level)
