"""The pieces, conditions and joining primitives of ``columns`` for the search by cover."""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.language.language import Language
from neurosynth.language.pieces import PieceKit
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.ages import Ages
from neurosynth_dsls.columns.pieces.agreements import Agreements
from neurosynth_dsls.columns.pieces.amount_readings import Currencies
from neurosynth_dsls.columns.pieces.balances import Balances
from neurosynth_dsls.columns.pieces.bands import Bands
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.check_digits import CheckConditions, CheckDigits
from neurosynth_dsls.columns.pieces.choices import TextChoices
from neurosynth_dsls.columns.pieces.comparisons import Comparisons
from neurosynth_dsls.columns.pieces.conditions import TextConditions, blank_conditions
from neurosynth_dsls.columns.pieces.counted_nouns import CountedNouns
from neurosynth_dsls.columns.pieces.counted_ordinals import CountedOrdinals
from neurosynth_dsls.columns.pieces.counted_texts import CountedTexts
from neurosynth_dsls.columns.pieces.dates import Dates
from neurosynth_dsls.columns.pieces.day_marks import DayMarks
from neurosynth_dsls.columns.pieces.defaults import EmptyParts, WithDefaults
from neurosynth_dsls.columns.pieces.digit_forms import DigitForms
from neurosynth_dsls.columns.pieces.durations import Durations
from neurosynth_dsls.columns.pieces.either import EitherThreshold
from neurosynth_dsls.columns.pieces.endings import Endings
from neurosynth_dsls.columns.pieces.filled import Filled
from neurosynth_dsls.columns.pieces.flags import Flags
from neurosynth_dsls.columns.pieces.functions import Functions
from neurosynth_dsls.columns.pieces.given_ends import GivenEnds
from neurosynth_dsls.columns.pieces.graded_units import GradedUnits
from neurosynth_dsls.columns.pieces.groups import Groups
from neurosynth_dsls.columns.pieces.impossible import impossible, impossible_rows
from neurosynth_dsls.columns.pieces.items import items_of
from neurosynth_dsls.columns.pieces.keyed_values import KeyedValues
from neurosynth_dsls.columns.pieces.kinds import Kinds
from neurosynth_dsls.columns.pieces.leading_units import LeadingUnits
from neurosynth_dsls.columns.pieces.list_patterns import PatternItems
from neurosynth_dsls.columns.pieces.list_sentences import ListSentences
from neurosynth_dsls.columns.pieces.list_teasers import ListTeasers
from neurosynth_dsls.columns.pieces.lists import Lists
from neurosynth_dsls.columns.pieces.lookups import Lookups
from neurosynth_dsls.columns.pieces.markers import Markers
from neurosynth_dsls.columns.pieces.mixed_units import MixedUnits
from neurosynth_dsls.columns.pieces.named_lists import NamedLists
from neurosynth_dsls.columns.pieces.number_items import NumberItems
from neurosynth_dsls.columns.pieces.numbered_moments import NumberedMoments
from neurosynth_dsls.columns.pieces.numbers import Numbers
from neurosynth_dsls.columns.pieces.optional import Optionals
from neurosynth_dsls.columns.pieces.outcomes import Outcomes
from neurosynth_dsls.columns.pieces.parted_letters import PartedLetters
from neurosynth_dsls.columns.pieces.plurals import WithPlurals
from neurosynth_dsls.columns.pieces.range_conditions import RangeConditions
from neurosynth_dsls.columns.pieces.ranked import Ranked
from neurosynth_dsls.columns.pieces.ratios import Ratios
from neurosynth_dsls.columns.pieces.repeats import Repeats
from neurosynth_dsls.columns.pieces.series import Series
from neurosynth_dsls.columns.pieces.sparse_units import SparseUnits
from neurosynth_dsls.columns.pieces.substrings import Substrings
from neurosynth_dsls.columns.pieces.told_units import WithUnits
from neurosynth_dsls.columns.pieces.typed import FORMS, tidy
from neurosynth_dsls.columns.pieces.verdicts import Verdicts
from neurosynth_dsls.columns.pieces.version_conditions import VersionConditions
from neurosynth_dsls.columns.pieces.written_limits import WrittenLimits

__all__ = ["kit_of"]


def kit_of(language: Language) -> PieceKit:
    """The kit of ``columns``, whose primitives must be complete."""
    conditions = (
        *(TextConditions(), Comparisons(), EitherThreshold(), RangeConditions(), VersionConditions()),
        CheckConditions(),
    )
    return PieceKit(
        sources=(
            WithPlurals(Substrings()),
            WithPlurals(Functions()),
            Markers(),
            Endings(),
            Groups(),
            WithPlurals(Dates()),
            WithUnits(WithPlurals(Numbers())),
            WithPlurals(Ages()),
            Durations(),
            MixedUnits(),
            Lookups(lookup),
            Kinds(),
            Optionals(),
            Filled(),
            WithDefaults(WithPlurals(Lists())),
            Bands(),
            Balances(),
            TextChoices(conditions),
            Repeats(),
            PartedLetters(),
            Series(),
            Flags(),
            CountedNouns(),
            CountedOrdinals(),
            NumberedMoments(),
            DigitForms(),
            KeyedValues(),
            Verdicts(),
            Outcomes(),
            CountedTexts(),
            Currencies(),
            CheckDigits(),
            Ranked(),
            Ratios(),
            LeadingUnits(),
            NamedLists(),
            EmptyParts(),
            SparseUnits(),
            GivenEnds(),
            DayMarks(),
            WrittenLimits(),
            NumberItems(),
            ListTeasers(),
            Agreements(),
            GradedUnits(),
            ListSentences(),
            WithDefaults(PatternItems()),
        ),
        conditions=conditions,
        concat=language["str.++"],
        choose=language["ite"],
        combine={name: language[name] for name in ("and", "or", "not")},
        missing=Apply(language["missing"], (), STRING),
        items=items_of,
        lookup=lookup,
        recode=recode,
        blanks=blank_conditions,
        is_empty=lambda p: call("=", p, ""),
        forms=FORMS,
        faulty=impossible_rows,
        malformed=impossible,
        tidy=tidy,
    )


def recode(source: Program, pairs: Sequence[tuple[str, str]]) -> Program:
    texts = list_of(STRING)
    keys, values = (Constant(tuple(p[n] for p in pairs), texts) for n in (0, 1))
    return call("lookup_or", keys, values, source, source)


def lookup(source: Program, pairs: Sequence[tuple[str, str | None]]) -> Program:
    texts = list_of(STRING)
    keys = Constant(tuple(k for k, v in pairs if v is not None), texts)
    return call("lookup", keys, Constant(tuple(v for _, v in pairs if v is not None), texts), source)
