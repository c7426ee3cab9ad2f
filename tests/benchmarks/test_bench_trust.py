"""The report of trust: calibration error and area on cases worked out by hand, fitting on made-up data, the tasks themselves."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bench_trust import plot, report
from benchmarks.calibration import Stated, lost_pairs
from benchmarks.collect_trust import Settings, collect, read
from benchmarks.fit_trust import STRETCHED, Data, across, answers, fit, fitted, fold_of, keep
from benchmarks.nonsense import NONSENSE, nonsense
from benchmarks.trust_tasks import HELD, mistyped, trust_tasks
from neurosynth.ranking.confidence import Logistic, shipped

TASKS = Path(__file__).resolve().parents[3] / "shared" / "tasks"


def test_calibration_error_and_area() -> None:
    said = Stated(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 0.0, 0.0, 0.0]))
    assert said.error == pytest.approx((0.8 + 0.2) / 4)
    assert said.area == pytest.approx((1 + 1 + 0.5) / 3)
    assert Stated(np.array([0.5, 0.5]), np.array([1.0, 1.0])).area == 0.5


def test_the_floor_is_small_where_answers_are_many() -> None:
    rng = np.random.default_rng(1)
    c = rng.random(2000)
    said = Stated(c, (rng.random(2000) < c).astype(float))
    assert said.error < 2 * said.floor < 0.08


def _made_up(count: int = 400) -> Data:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 3))
    odds = 1.5 * x[:, 0] - 1.0 * x[:, 1] + 0.3
    y = (rng.random(count) < 1 / (1 + np.exp(-odds))).astype(float)
    return Data(("a", "b", "c"), x, y, np.ones(count), [f"f{i // 2}" for i in range(count)])


def test_fitting_finds_the_weights_that_made_the_data() -> None:
    model = fit(_made_up(5000))
    weights = {t.name: t.weight / t.scale for t in model.terms}
    assert weights["a"] == pytest.approx(1.5, abs=0.4)
    assert weights["b"] == pytest.approx(-1.0, abs=0.4)
    assert weights["c"] == pytest.approx(0.0, abs=0.3)


def test_a_stretched_feature_may_speak_in_one_stretch_alone() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 4, size=(5000, 1))
    y = (rng.random(5000) < 1 / (1 + np.exp(4 * np.minimum(x[:, 0], 2.0) - 4))).astype(float)
    name = "search_ratio"
    assert name in STRETCHED
    low, high = fit(Data((name,), x, y, np.ones(5000), ["f"] * 5000)).terms
    assert low.high == high.low == pytest.approx(2.0, abs=0.2)
    assert low.weight / low.scale == pytest.approx(-4.0, abs=0.8)
    assert abs(high.weight / high.scale) < 0.3


@pytest.mark.parametrize(("trusted", "least", "most"), [(1.0, 0.8, 1.0), (0.5, 0.35, 0.7), (0.0, 0.0, 0.2)])
def test_the_factor_of_single_examples_is_found(trusted: float, least: float, most: float) -> None:
    rng = np.random.default_rng(2)
    x = np.stack([rng.normal(size=4000), np.repeat([0.0, 1.0], (400, 3600))], axis=1)
    odds = 2.0 * x[:, 0] * np.where(x[:, 1] == 0, trusted, 1.0)
    y = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(float)
    data = Data(("a", "log_examples"), x, y, np.ones(4000), [f"f{i}" for i in range(4000)])
    assert least <= fit(data).single <= most


def test_what_the_area_lacks_is_shared_by_the_wrong_answers() -> None:
    good, bad = np.array([0.9, 0.8, 0.5]), np.array([0.95, 0.8, 0.1])
    assert lost_pairs(good, bad) == pytest.approx([1.0, 0.5, 0.0])
    said = Stated(np.concatenate([good, bad]), np.array([1.0, 1, 1, 0, 0, 0]))
    assert said.area == pytest.approx(1 - 1.5 / 3)


def test_a_feature_that_never_varies_has_no_term() -> None:
    data = _made_up()
    still = Data(data.names, np.where(np.arange(3) == 2, 1.0, data.x), data.y, data.weight, data.families)
    assert [t.name for t in fit(still).terms] == ["a", "b"]


def test_a_family_is_predicted_by_a_model_that_has_not_seen_it() -> None:
    data = _made_up(60)
    wrong = Data(data.names, data.x, 1 - data.y, data.weight, data.families)
    own = np.array([fold_of(f) == fold_of("f0") for f in data.families])
    y = np.where(own, wrong.y, data.y)
    mixed = Data(data.names, data.x, y, data.weight, data.families)
    assert np.allclose(across(mixed)[own], across(data)[own])


def test_nonsense_is_the_same_every_time_and_no_output_stands_in_its_input() -> None:
    first, again = list(nonsense(8)), list(nonsense(8))
    assert first == again or [t.examples for t in first] == [t.examples for t in again]
    assert all(len(t.examples) == 3 and t.unlabelled and t.test_examples for t in first)


def test_own_columns_show_the_rows_asked_for_and_hide_the_others() -> None:
    tasks = list(trust_tasks(TASKS, "own k=1"))
    assert all(len(t.task.examples) == 1 and t.task.unlabelled for t in tasks)
    assert not any(t.task.unlabelled for t in trust_tasks(TASKS, "own k=2 bare"))
    assert len({t.key for t in tasks}) == len(tasks)


def test_a_family_of_sygus_strings_counts_once_and_its_other_rows_are_judged() -> None:
    if not TASKS.exists():
        pytest.skip("the public suites are not beside this checkout")
    tasks = {t.task.name: t.task for t in trust_tasks(TASKS, "sygus-strings k=2 bare")}
    assert all(len(t.examples) == 2 and t.test_examples and not t.unlabelled for t in tasks.values())
    assert "phone-1" in tasks
    assert not any(name.endswith(("_short", "-long", "-long-repeat")) for name in tasks)


def test_the_last_rows_are_shown_where_a_suite_says_so() -> None:
    if not TASKS.exists():
        pytest.skip("the public suites are not beside this checkout")
    first = {t.task.name: t.task for t in trust_tasks(TASKS, "prose-text k=3")}
    last = {t.task.name: t.task for t in trust_tasks(TASKS, "prose-text last=3")}
    assert len(first) == len(last)
    for name, task in last.items():
        every = (*first[name].examples, *first[name].test_examples)
        assert (*task.test_examples, *task.examples) == every
        assert len(task.examples) == 3


def test_columns_kept_from_fitting_are_a_suite_of_their_own() -> None:
    own = {t.task.name for t in trust_tasks(TASKS, "own")}
    held = {t.task.name for t in trust_tasks(TASKS, HELD)}
    assert held
    assert not own & held
    assert all("everyday" in name for name in held)


def test_a_typo_changes_one_output_shown_and_nothing_else() -> None:
    plain = {t.task.name: t.task for t in trust_tasks(TASKS, "own k=4")}
    wrong = list(trust_tasks(TASKS, "own k=4 typo"))
    assert len(wrong) > 50
    for t in wrong:
        clean = plain[t.task.name]
        pairs = list(zip(t.task.examples, clean.examples, strict=True))
        assert [a.inputs for a, _ in pairs] == [b.inputs for _, b in pairs]
        assert sum(a.output != b.output for a, b in pairs) == 1
        assert t.task.test_examples == clean.test_examples
    again = list(trust_tasks(TASKS, "own k=4 typo"))
    assert [t.task.examples for t in again] == [t.task.examples for t in wrong]


@given(st.text(min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_a_mistyped_text_is_one_edit_away(text: str, rng: random.Random) -> None:
    found = mistyped(text, rng)
    assert abs(len(found) - len(text)) <= 1
    same = sum(a == b for a, b in zip(text, found, strict=False))
    behind = sum(a == b for a, b in zip(text[::-1], found[::-1], strict=False))
    assert same + behind >= len(text) - 2


def test_nonsense_reads_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [t.examples for t in nonsense()]
    monkeypatch.setattr(Path, "open", None)
    monkeypatch.setattr(Path, "read_text", None)
    assert [t.examples for t in nonsense()] == first
    assert len(first) == 100


@pytest.mark.slow
def test_collecting_goes_on_fitting_and_reporting_read_it(tmp_path: Path) -> None:
    out = tmp_path / "trust.jsonl"
    settings = Settings(tasks=TASKS, out=out, suites=("own", NONSENSE), every=25, seconds=1.0)
    added = collect(settings)
    assert added == len(read(out)) > 5
    assert collect(settings) == 0
    assert not [row for row in read(out) if "error" in row]
    found = list(answers(read(out), TASKS))
    assert {a.suite for a in found} <= {"own", NONSENSE}
    fewer = [{**r, "programs": [{**p, "right_rows": p["right_rows"][:-1]} for p in r["programs"]]} for r in read(out)]
    assert not list(answers(fewer, TASKS))  # of tasks that have changed since
    assert [a.right for a in found if a.suite == NONSENSE].count(True) == 0
    model = fitted(found)
    assert isinstance(model.answer, Logistic)
    lines = report(found, shipped())
    assert any("calibration error, pooled" in line for line in lines)
    plot(tmp_path / "trust.svg", found, shipped())
    assert "<svg" in (tmp_path / "trust.svg").read_text()
    assert json.dumps(model.to_json())
    kept = tmp_path / "kept.jsonl.gz"
    keep(kept, found)
    again = list(answers(read(kept), TASKS))
    assert report(again, shipped()) == lines
    assert not any("text" in row for row in read(kept))
