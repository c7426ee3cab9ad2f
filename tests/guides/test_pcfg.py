"""Guides over productions: sums to one, counts by hand, refinement keeps the space, costs are small integers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, WeightedGrammar
from neurosynth.guides.contexts import refine
from neurosynth.guides.costs import production_costs
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.pcfg import PCFG, BigramPCFG, CountedRules
from neurosynth.guides.uniform import Uniform
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Unit
from neurosynth.language.program import Program
from neurosynth.synthesize import load_language
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import parse_type
from tests.guides.counting import TASK, grammar_of, numbers, parsed
from tests.strategies import programs, tiny

LANGUAGE = numbers()
SL = """(set-logic SLIA)
(synth-fun f ((x String)) String ((Start String (ntString))
    (ntString String (x "" "a" (str.++ ntString ntString) (str.substr ntString ntInt ntInt)))
    (ntInt Int (0 1 (+ ntInt ntInt) (str.len ntString)))))
(declare-var x String)
(constraint (= (f "b") "bb"))
(check-synth)
"""


def by_hand(weighted: WeightedGrammar) -> dict[str, float]:
    """Probability of each production by its text."""
    return {
        str(p): math.exp(logprob)
        for p, logprob in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True)
    }


def sums_to_one(weighted: WeightedGrammar) -> bool:
    """Whether the probabilities of each non-terminal's productions do."""
    sums: dict[Any, float] = {}
    for p, logprob in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True):
        sums[p.target] = sums.get(p.target, 0.0) + math.exp(logprob)
    return all(abs(total - 1) < 1e-9 for total in sums.values())


def test_uniform() -> None:
    grammar = grammar_of(LANGUAGE)
    weighted = Uniform().predict(TASK, grammar)
    assert weighted.grammar is grammar
    assert list(by_hand(weighted).values()) == pytest.approx([1 / 5] * 5)  # x0 0 1 + neg
    assert isinstance(Uniform(), RuleGuide)


def test_counts_by_hand() -> None:
    corpus = parsed(LANGUAGE, "(neg x0)", "(+ x0 (+ 1 7))")
    guide = PCFG(k=1).fit(corpus, LANGUAGE)
    assert isinstance(guide, RuleGuide)
    # x0 twice, neg once, + twice, 1 once; 7 is a constant of a task, and this grammar has none; each counted once more
    wanted = {"x0": 3, "0": 1, "1": 2, "neg": 2, "+": 3}
    weighted = guide.predict(TASK, grammar_of(LANGUAGE))
    shown = {text.split(" → ")[1].strip("()").split()[0]: p for text, p in by_hand(weighted).items()}
    assert shown == {name: pytest.approx(count / 11) for name, count in wanted.items()}


def test_several_inputs_share_what_was_counted_for_inputs() -> None:
    guide = PCFG(k=0).fit(parsed(LANGUAGE, "(+ x0 (+ x0 0))"), LANGUAGE)
    task = Task([example(1, 2, output=3)])
    chances = by_hand(guide.predict(task, grammar_of(LANGUAGE, task)))
    assert chances["int → x0"] == chances["int → x1"] == pytest.approx(1 / 5)


def test_contexts_by_hand() -> None:
    corpus = parsed(LANGUAGE, "(+ x0 1)", "(+ x0 (neg 1))")
    weighted = BigramPCFG(k=1, strength=5).fit(corpus, LANGUAGE).predict(TASK, grammar_of(LANGUAGE))
    chances = by_hand(weighted)
    # all places together: x0 twice, 1 twice, + twice, neg once, each one more; 12 in all
    plain = {"x0": 3 / 12, "1": 3 / 12}
    assert chances["int@+.0 → x0"] == pytest.approx((2 + 5 * plain["x0"]) / 7)
    assert chances["int@+.1 → x0"] == pytest.approx(5 * plain["x0"] / 7)
    assert chances["int@+.1 → 1"] == pytest.approx((1 + 5 * plain["1"]) / 7)
    assert chances["int@neg.0 → 1"] == pytest.approx((1 + 5 * plain["1"]) / 6)
    assert chances["int → (+ int@+.0 int@+.1)"] == pytest.approx((2 + 5 * 3 / 12) / 7)


def test_no_weight_on_the_back_off_leaves_it_where_nothing_was_counted() -> None:
    weighted = (
        BigramPCFG(k=1, strength=0).fit(parsed(LANGUAGE, "(+ x0 1)"), LANGUAGE).predict(TASK, grammar_of(LANGUAGE))
    )
    assert by_hand(weighted)["int@+.1 → x0"] == 0
    assert by_hand(weighted)["int@neg.0 → x0"] == pytest.approx(2 / 8)
    assert sums_to_one(weighted)


TINY = tiny()
GRAMMARS = {t: compile_grammar(TINY, t) for t in map(parse_type, ("int -> int", "list int -> list int"))}


@given(st.data())
@settings(max_examples=15)
def test_probabilities_sum_to_one_and_give_every_program_its_share(data: st.DataObject) -> None:
    request = data.draw(st.sampled_from(list(GRAMMARS)))
    corpus = data.draw(st.lists(programs(TINY, request, depth=4), min_size=1, max_size=4))
    grammar = GRAMMARS[request]
    guide = data.draw(st.sampled_from([PCFG().fit(corpus, TINY), BigramPCFG().fit(corpus, TINY)]))
    weighted = guide.predict(TASK, grammar)
    assert sums_to_one(weighted)
    assert weighted.logprobs.shape == (len(weighted.grammar.productions),)
    for program in corpus:
        plain = derivation_logprob(Uniform().predict(TASK, grammar), program)
        score = derivation_logprob(weighted, program)
        assert (score is None) == (plain is None)
        assert score is None or score <= 1e-9


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=map(str, GRAMMARS))
def test_a_refined_grammar_derives_the_same_programs_at_the_same_costs(grammar: Grammar) -> None:
    refined = refine(grammar)
    assert [grammar.productions[i].head for i in refined.origins] == [p.head for p in refined.grammar.productions]
    for cost in (1, 2):
        assert list(refined.grammar.enumerate(cost)) == list(grammar.enumerate(cost))


def test_a_grammar_with_units_sums_to_one_and_units_carry_what_they_lead_to() -> None:
    task = read_sygus(SL, Path("f.sl"))
    strings = load_language("strings")
    assert task.grammar is not None
    corpus = parsed(strings, '(str.++ x0 "")', "(str.substr x0 0 1)")
    for guide in (PCFG(), BigramPCFG()):
        weighted = guide.fit(corpus, strings).predict(task, task.grammar)
        assert sums_to_one(weighted)
        chances = by_hand(weighted)
        assert chances["Start → ntString"] == 1
    assert chances["ntString → x"] < chances["ntString@str.++.0 → x"]


def test_a_lifted_part_counts_under_the_lambda_and_as_a_closed_program() -> None:
    lists = load_language("lists")
    task = Task([example([1, 2], output=[2, 3]), example([5], output=[6])])
    grammar = compile_grammar(lists, parse_type("list int -> list int"))
    guide = PCFG(k=0).fit(parsed(lists, "(map (lambda (a) (+ a (sum x0))) x0)"), lists)
    chances = by_hand(guide.predict(task, grammar))
    assert chances["int|int → (+ int|int int|int)"] == pytest.approx(1 / 3)
    assert chances["int|int → $0"] == pytest.approx(1 / 3)
    assert chances["int|int → int"] == pytest.approx(1 / 3)  # the lift: (sum x0) is closed
    assert chances["int → (sum list int)"] == 1


def enumerated(grammar: Grammar, most: int) -> list[Program]:
    """Programs by cost, the cheapest first."""
    return [p for cost in range(1, most + 1) for p in grammar.enumerate(cost)]


def test_costs_are_small_integers_that_follow_the_probabilities() -> None:
    corpus = parsed(LANGUAGE, *["(+ x0 1)"] * 20, "(neg 0)")
    weighted = PCFG().fit(corpus, LANGUAGE).predict(TASK, grammar_of(LANGUAGE))
    costs = [p.cost for p in production_costs(weighted).productions]
    assert all(1 <= c <= 6 for c in costs)
    order = np.argsort(weighted.logprobs, kind="stable")[::-1]
    assert [costs[i] for i in order] == sorted(costs)
    assert len(set(costs)) > 1
    halves = production_costs(weighted, resolution=0.5, highest=24)
    assert [p.cost for p in halves.productions] == [max(1, round(-x / 0.5)) for x in weighted.logprobs.tolist()]


def test_equal_probabilities_cost_one_and_the_space_is_the_same() -> None:
    grammar = grammar_of(LANGUAGE)
    costed = production_costs(Uniform().predict(TASK, grammar))
    assert {p.cost for p in costed.productions} == {1}
    assert enumerated(costed, 4) == enumerated(grammar, 4)


def test_what_adds_no_node_costs_nothing_and_the_impossible_stays() -> None:
    lists = load_language("lists")
    grammar = compile_grammar(lists, parse_type("list int -> list int"))
    guide = BigramPCFG(k=0, strength=1).fit(parsed(lists, "(map (lambda (a) (+ a 1)) x0)"), lists)
    weighted = guide.predict(TASK, grammar)
    assert np.isneginf(weighted.logprobs).any()
    costed = production_costs(weighted, highest=20)
    assert max(p.cost for p in costed.productions) == 20
    for p in costed.productions:
        assert (p.cost == 0) == isinstance(p.head, (Unit, Lift, Abstraction))
    costed.levels()  # no cycle of productions that cost nothing
    (program,) = parsed(lists, "(map (lambda (a) (+ a 1)) x0)")
    assert program in enumerated(costed, 5)


@pytest.mark.parametrize("settings_", [{"resolution": 0}, {"resolution": math.inf}, {"highest": 0}])
def test_costs_need_positive_settings(settings_: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="allowed: "):
        production_costs(Uniform().predict(TASK, grammar_of(LANGUAGE)), **settings_)


@pytest.mark.parametrize("config", [PCFG(k=2), BigramPCFG(strength=1.5)])
def test_a_saved_guide_comes_back(tmp_path: Path, config: PCFG | BigramPCFG) -> None:
    guide = config.fit(parsed(LANGUAGE, "(+ x0 1)", "(neg 7)"), LANGUAGE)
    guide.save(tmp_path / "rules.json")
    same = load_guide(tmp_path / "rules.json", LANGUAGE)
    assert isinstance(same, CountedRules)
    assert (same.name, same.k, same.strength) == (guide.name, guide.k, guide.strength)
    both = [g.predict(TASK, grammar_of(LANGUAGE)) for g in (guide, same)]
    assert both[0].logprobs.tolist() == both[1].logprobs.tolist()


@pytest.mark.parametrize(
    ("settings", "model"),
    [({"k": 1}, {}), ({"k": 1}, {"counts": {"a": 1}}), ({"k": "1"}, {"counts": {}}), ({"l": 1}, {"counts": {}})],
)
def test_files_that_are_no_guide(tmp_path: Path, settings: dict[str, Any], model: dict[str, Any]) -> None:
    path = tmp_path / "rules.json"
    PCFG().fit(parsed(LANGUAGE, "x0"), LANGUAGE).save(path)
    whole = json.loads(path.read_text())
    row = json.loads(path.read_text())
    row["neurosynth"]["settings"] = settings
    path.write_text(json.dumps({**row, "model": model}))
    with pytest.raises(InputError, match=r"rules\.json: a damaged guide of kind 'pcfg'"):
        load_guide(path, LANGUAGE)
    path.write_text(json.dumps(whole))
    with pytest.raises(InputError, match="a guide for language 'numbers', not 'tiny'"):
        load_guide(path, tiny())


def test_settings_that_are_not_allowed() -> None:
    with pytest.raises(InputError, match="PCFG: k is -1; allowed: 0 or more"):
        PCFG(k=-1)
    with pytest.raises(InputError, match="BigramPCFG: strength is inf; allowed: 0 or more"):
        BigramPCFG(strength=math.inf)
    with pytest.raises(InputError, match="empty corpus"):
        PCFG().fit([], LANGUAGE)


def test_a_program_the_grammar_does_not_derive_has_no_probability() -> None:
    guide: CountedRules = PCFG().fit(parsed(LANGUAGE, "x0"), LANGUAGE)
    weighted = guide.predict(TASK, grammar_of(LANGUAGE))
    (program,) = parsed(LANGUAGE, "(+ x0 99)")
    assert derivation_logprob(weighted, program) is None
