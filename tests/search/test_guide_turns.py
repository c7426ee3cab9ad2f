"""A guide's turns beside enumeration: when, how much, what either brings the other, and that limits hold."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from neurosynth.engine.backends.base import backend_of
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.errors import InputError
from neurosynth.guides.base import GuideState, WeightedGrammar
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.ngram import NGram, NGramGuide
from neurosynth.guides.trained import NamedGuide
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Limits, SearchRequest, StopReason
from neurosynth.search.bottom_up.enumeration import Enumeration, simplified
from neurosynth.search.bottom_up.learning import fit
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_first import PrefixFirst
from neurosynth.search.decoding.sampling import Sampling
from neurosynth.search.portfolio import Auto
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.guide_turns import GuideTurns
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import parse_type

LISTS = load_language("lists")
X0 = Input(0, parse_type("list int"))
ROWS = ([3, -1, 4], [1, 5], [9, 2, 6, 5], [-7, 7])
DEEP = "(reverse (map (lambda (a) (+ (* a a) (length x0))) (tail (sort x0))))"


def written(text: str, rows: tuple[list[int], ...] = ROWS) -> Task:
    """The task that a program is right on."""
    program = parse_program(text, LISTS, inputs=[X0])
    return Task([example(row, output=program(row)) for row in rows], text)


def knowing(*texts: str) -> NGramGuide:
    """A guide of tokens that wrote these programs before."""
    programs = [parse_program(text, LISTS, inputs=[X0]) for text in texts]
    return NGram(n=4).fit(programs * 20, LISTS)


def request(task: Task, guide: NGramGuide, seconds: float = 10.0, **more: Any) -> SearchRequest:
    return SearchRequest(
        task=task,
        grammar=task_grammar(task, LISTS),
        # decoding ends where half of the memory is used, which a process with all tests before this one has used
        limits=Limits(seconds=seconds, max_memory=100),
        deferred=NamedGuide(Bridge(guide)),
        at_once=True,
        language=LISTS,
        **more,
    )


# --- decoding beside enumeration ------------------------------------------------------------------------------------


def test_what_the_guide_writes_is_found_first() -> None:
    result = synthesize(written(DEEP), LISTS, guide=knowing(DEEP), limits=Limits(seconds=60))
    assert (str(result.best), result.guide) == (DEEP, "4-gram kneser-ney")
    assert result.findings is not None
    assert result.findings.sources[result.best.program] == "decoding (beam) by 4-gram kneser-ney"
    assert result.stats.first_solved is not None
    assert result.stats.first_solved < 500  # programs that were written, and no levels
    assert "decoding (beam)" in result.findings.strategies


@pytest.mark.parametrize("kind", [Beam, PrefixFirst, Sampling])
def test_any_decoder_can_be_the_one_beside(kind: Any) -> None:
    search = Auto(decoders=(kind(),))
    found = search.run(request(written(DEEP), knowing(DEEP), seconds=20.0))
    assert DEEP in map(str, found.programs)
    assert found.strategies[f"decoding ({kind().name})"].proposed >= 1


def test_enumeration_goes_on_beside_a_guide_that_knows_nothing_of_the_task() -> None:
    result = synthesize(written("(last (sort x0))"), LISTS, guide=knowing("(take 1 (take 1 x0))", "(tail (tail x0))"))
    assert result.best([4, 8, 2]) == 8


def test_decoding_and_enumeration_share_the_time_to_its_end() -> None:
    impossible = Task([example(row, output=[*row, 77, 13, 5 * i]) for i, row in enumerate(ROWS)])
    found = Auto().run(request(impossible, knowing(DEEP, "(append x0 x0)"), seconds=3.0))
    decoding = sum(use.seconds for name, use in found.strategies.items() if name.startswith("decoding"))
    assert 0.2 < decoding < 2.4
    assert {row.get("cost", 0) for row in found.trace} >= {1, 2}


def test_without_decoders_only_costs_are_made_of_the_guide() -> None:
    task = written("(reverse (sort (tail x0)))")
    found = Auto(decoders=()).run(request(task, knowing("(reverse (sort (tail x0)))")))
    assert not [name for name in found.strategies if name.startswith("decoding")]
    assert found.programs


def test_a_limit_on_programs_holds_over_decoding_and_enumeration() -> None:
    impossible = Task([example(row, output=[*row, 77, 13, 5]) for row in ROWS])
    given = request(impossible, knowing(DEEP))
    given = replace(given, limits=Limits(seconds=20, max_programs=3_000))
    found = Auto(compiled=False).run(given)
    assert found.stop is StopReason.PROGRAMS
    assert 3_000 <= found.stats.programs_tried < 3_200


@dataclass
class Slow:
    """A guide of tokens whose every answer takes a while."""

    inner: NGramGuide
    pause: float
    name: str = "slow"
    asked: int = field(default=0, init=False)

    @property
    def vocabulary(self) -> Any:
        return self.inner.vocabulary

    def start(self, task: Task) -> GuideState:
        return _SlowState(self.inner.start(task), self)


@dataclass
class _SlowState:
    inner: GuideState
    guide: Slow

    def log_probs(self) -> Any:
        self.guide.asked += 1
        time.sleep(self.guide.pause)
        return self.inner.log_probs()

    def advance(self, parents: Any, tokens: Any) -> GuideState:
        return _SlowState(self.inner.advance(parents, tokens), self.guide)


def test_a_slow_guide_makes_no_search_late() -> None:
    impossible = Task([example(row, output=[*row, 77, 13, 5]) for row in ROWS])
    slow = Slow(knowing(DEEP), pause=0.1)
    given = replace(request(impossible, slow.inner, seconds=2.0), deferred=NamedGuide(Bridge(slow)))
    found = Auto(compiled=False).run(given)
    assert slow.asked > 1
    assert found.stats.seconds < 2.5


# --- how the time is shared -----------------------------------------------------------------------------------------


def turns(policy: PortfolioConfig, task: Task) -> tuple[GuideTurns, Runner]:
    given = request(task, knowing(DEEP))
    run = Runner(given, policy=policy)
    return GuideTurns(given, run, lambda r: BottomUp().run(r), policy, (Beam(),)), run


def test_what_decoding_brings_decides_its_share() -> None:
    policy = PortfolioConfig(named_least=0.1, decoding_most=0.7, named_first=0.001)
    side, _ = turns(policy, written("(sum x0)"))
    for _ in side.turn(0.0):
        break
    assert side._asked is not None
    (decoder,) = side._decoders
    elapsed = side._asked + 10.0
    used = decoder.use.seconds
    decoder.run.most_right = 0
    assert side._owed(elapsed, 0.0) + used == pytest.approx(1.0)
    decoder.run.most_right = 2
    assert side._owed(elapsed, 0.0) + used == pytest.approx(7.0)
    assert side._owed(elapsed, 0.5) + used == pytest.approx(4.0)
    assert side._owed(elapsed, 0.1) + used == pytest.approx(4.0)  # enumeration brought more before


@pytest.mark.parametrize(("elapsed", "share"), [(0.0, 0.5), (5.0, 0.35), (10.0, 0.2), (12.0, 0.2)])
def test_decoding_that_brings_nothing_has_less_and_less(elapsed: float, share: float) -> None:
    policy = PortfolioConfig(named_least=0.5, decoding_least=0.2, named_first=0.001)
    side, run = turns(policy, written("(sum x0)"))
    for _ in side.turn(0.0):
        break
    assert side._asked is not None
    (decoder,) = side._decoders
    decoder.run.most_right = 0
    assert run.clock.seconds == 10.0
    so_far = elapsed - side._asked
    assert side._owed(elapsed, 0.0) + side._decoded == pytest.approx(0.5 * so_far)  # neither brings anything
    assert side._owed(elapsed, 0.25) + side._decoded == pytest.approx(share * so_far)


def test_a_named_guide_has_most_of_the_time_where_enumeration_is_slow() -> None:
    lang = Language("plain")

    @lang.primitive(name="more")
    def more(n: int) -> int:
        """One more."""
        return n + 1

    task = Task([example(1, output=3), example(5, output=7)])
    grammar = task_grammar(task, lang)
    guide = NGram(n=2).fit([parse_program("(more (more x0))", lang, inputs=[Input(0, parse_type("int"))])], lang)
    given = replace(request(task, guide), grammar=grammar, language=lang)
    policy = PortfolioConfig(named_without_kernels=0.9, named_first=0.001)
    side = GuideTurns(given, Runner(given, policy=policy), lambda r: BottomUp().run(r), policy, (Beam(),))
    for _ in side.turn(0.0):
        break
    assert side._asked is not None
    for most_right, near in ((0, 0.5), (1, 0.0), (2, 0.5)):  # whatever either brings
        side._decoders[0].run.most_right = most_right
        assert side._owed(side._asked + 10.0, near) + side._decoded == pytest.approx(9.0)


def test_the_first_decoder_has_most_of_the_time_and_the_others_share_the_rest() -> None:
    policy = PortfolioConfig(decoder_first=3.0, named_first=0.001)
    given = request(written("(sum x0)"), knowing(DEEP))
    side = GuideTurns(
        given, Runner(given, policy=policy), lambda r: BottomUp().run(r), policy, (Beam(), Sampling(), Sampling())
    )
    for _ in side.turn(0.0):
        break
    side._make()
    side._make()
    first, second, third = side._decoders
    for decoder, seconds in zip(side._decoders, (3.0, 1.0, 1.0), strict=True):
        decoder.use.seconds, decoder.run.most_right = seconds, 0
    assert first.order == second.order == third.order
    second.run.most_right = 4  # all examples: successful ones get more time
    assert second.order < first.order


def test_other_decoders_wait_until_the_first_turn_of_a_named_guide_is_over() -> None:
    policy = PortfolioConfig(decoder_handicap=0.0, named_first=0.2)
    given = replace(request(written("(sum x0)"), knowing(DEEP)), at_once=True)
    side = GuideTurns(given, Runner(given, policy=policy), lambda r: BottomUp().run(r), policy, (Beam(), Sampling()))
    for _ in side.turn(0.0):
        assert side._made <= 1
    assert side._made == 1
    side._asked = -10.0  # it is owed time
    for _ in side.turn(0.0):
        pass
    assert side._made == 2


def test_strategies_have_their_shares_of_what_a_guide_leaves() -> None:
    given = request(written(DEEP), knowing(DEEP))
    run = Runner(given)
    search = Enumeration(Auto(), given, run, lambda r: Auto().run(r))
    before = run.clock.worked - search.worked
    assert search._guide is not None
    search._guide.seconds += 5.0
    assert run.clock.worked - search.worked == pytest.approx(before + 5.0, abs=0.1)


def test_the_weight_of_the_first_decoder_is_checked() -> None:
    with pytest.raises(InputError, match="PortfolioConfig: decoder_first is 0; allowed: a number above 0"):
        PortfolioConfig(decoder_first=0)


@pytest.mark.parametrize("name", ["decoding_least", "decoding_most", "named_least", "decoding_memory"])
def test_shares_are_checked(name: str) -> None:
    with pytest.raises(InputError, match=f"PortfolioConfig: {name} is 1.5; allowed: a share of 0 to 1"):
        PortfolioConfig(**{name: 1.5})  # type: ignore[arg-type]


# --- what either gives the other ------------------------------------------------------------------------------------


def levels_of(task: Task, *, compiled: bool) -> Levels:
    """The levels of a store of a task, the first three of them filled."""
    store = ValueStore(
        simplified(task_grammar(task, LISTS)),
        [e.inputs for e in task.examples],
        [e.output for e in task.examples],
        compiled=compiled,
        max_length=80,
    )
    levels = Levels(backend_of(store))
    for cost in (1, 2):
        for _ in levels.fill(cost):
            pass
    return levels


def parsed(text: str) -> Program:
    return parse_program(text, LISTS, inputs=[X0])


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    "text", ["(tail (sort x0))", DEEP, "(filter (lambda (a) (> a (sum (tail x0)))) (reverse (sort x0)))", "x0"]
)
def test_a_decoded_program_and_its_parts_enter_the_banks_at_the_open_level(text: str, compiled: bool) -> None:
    task = written(text)
    levels = levels_of(task, compiled=compiled)
    levels.open(3)
    for _ in levels.plant(parsed(text), levels.grammar.start):
        pass
    bank = levels.store.banks[levels.grammar.start]
    found = [i for i in range(bank.size) if bank.decode(i) == levels.store.goal]
    assert len(found) == 1
    program = levels.store.program(levels.grammar.start, found[0])
    assert [program(*e.inputs) for e in task.examples] == [list(e.output) for e in task.examples]
    before = levels.store.kept
    for _ in levels.plant(parsed(text), levels.grammar.start):
        pass
    assert levels.store.kept == before  # what is known is not kept twice


def test_a_planted_value_is_built_on_at_the_next_level() -> None:
    levels = levels_of(written(f"(reverse {DEEP})"), compiled=False)
    levels.open(3)
    for _ in levels.plant(parsed(DEEP), levels.grammar.start):
        pass
    matches = [m for cost in (3, 4) for batch in levels.fill(cost) for m in batch.matches]
    assert "reverse" in str(levels.store.build(*matches[0]))


def test_what_the_grammar_does_not_derive_is_not_planted() -> None:
    levels = levels_of(written("(sum x0)"), compiled=False)
    levels.open(3)
    other = parse_program("(reverse x1)", LISTS, inputs=[X0, Input(1, X0.type)])
    before = levels.store.kept
    assert list(levels.plant(other, levels.grammar.start)) == []
    assert levels.store.kept == before


def test_partial_solutions_on_python_objects_teach_costs_too() -> None:
    task = Task([example([1, 5], output=5), example([7, 2], output=7), example([4, 9, 3], output=0)])
    shares = fit(levels_of(task, compiled=False).backend)
    named = {p.head.name: share for p, share in shares.items() if hasattr(p.head, "name")}
    assert named["maximum"] == pytest.approx(2 / 3)


def test_costs_are_made_of_what_was_decoded_and_enumerated() -> None:
    seen: list[list[str]] = []

    class Listening(Bridge):
        def weighted(self, task: Task, grammar: Grammar, decoded: Any, **more: Any) -> WeightedGrammar:
            seen.append([str(d.program) for d in decoded if d.share > 0])
            return super().weighted(task, grammar, decoded, **more)

    task = Task(
        [
            example(row, output=[*sorted(row)[1:], 99]) if i else example(row, output=sorted(row))
            for i, row in enumerate(ROWS)
        ]
    )
    guide = Listening(knowing("(sort x0)", "(tail (sort x0))"))
    given = replace(request(task, knowing("x0"), seconds=4.0), deferred=NamedGuide(guide))
    outcome = Auto(compiled=False).run(given)
    assert seen
    assert "(sort x0)" in seen[0]
    assert outcome.weighted is not None
    assert any(row.get("guide") == "4-gram kneser-ney" and "cost" in row for row in outcome.trace)


def test_a_guide_is_asked_although_something_was_found_that_may_be_a_coincidence() -> None:
    meant = "(scan (lambda (a b) (max2 a (+ a b))) x0)"
    asked = replace(request(written(meant, rows=([2, -7], [0, 8])), knowing(meant), seconds=100.0), at_once=False)
    # enumeration finds another program after 5,000 candidates, before the guide is due; only then does it wait so long
    found = Auto(policy=PortfolioConfig(alternatives_wait=8.0), pipelines=False).run(asked)
    assert found.stats.first_solved is not None
    assert found.stats.first_solved < PortfolioConfig().guide_after
    assert meant in map(str, found.programs)
