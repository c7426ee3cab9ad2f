"""Dream: tasks sampled from the new language and its prior, and the solutions so far, for training the next round's guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.extras import require
from neurosynth.guides.files import read_guide_file, write_guide_file
from neurosynth.guides.kinds import NeuralKind, find_kind
from neurosynth.guides.pcfg import PCFG, CountedRules
from neurosynth.guides.trained import trained_guides
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.library.config import LearnConfig
from neurosynth.library.described import Solved
from neurosynth.library.skeletons import with_forms
from neurosynth.tasks.task import Task
from neurosynth.training.sampling import sample_tasks
from neurosynth.values.types import Arrow

__all__ = ["Dreamt", "dream", "fit_rules"]

_REPLAY = 2.0
"""Total weight of all solutions, relative to all dreams."""


@dataclass(frozen=True, kw_only=True)
class Dreamt:
    """The result of a dream."""

    guide: Path
    dreams: int
    notes: tuple[str, ...] = ()


def fit_rules(programs: Sequence[Program], language: Language) -> CountedRules:
    """The counts that guide the next wake phase.

    They are counts of productions only: if they also depended on parent and argument, each context would be a separate bank, and the
    compiled search would compute the same values once for each (measured on list tasks: a median of 1,418 candidates against 2,987, and
    2,382 without a guide). A learned primitive that no program applies counts with the forms of programs that do.
    """
    return PCFG().fit(with_forms(programs, language), language)


def dream(
    solutions: Sequence[Solved],
    language: Language,
    config: LearnConfig,
    folder: Path,
    name: str,
    *,
    seed: int,
    before: Path | None = None,
) -> Dreamt:
    """Sample, train, and write the guide.

    Args:
        solutions: in the new language.
        language: the new one.
        config: the amounts.
        folder: receives the guide's file.
        name: name of the file, without its suffix.
        seed: for the sample and a neural guide.
        before: the guide of the previous round, from which a neural one of the same kind starts.

    Raises:
        InputError: if a neural guide is requested and its extra is not installed.
    """
    notes: list[str] = []
    replays = [s.program for s in solutions]
    dreams: list[tuple[Task, Program]] = []
    if config.dreams and replays:
        try:
            dreams = _sampled(solutions, language, config, seed)
        except NeurosynthError as error:  # no inputs to sample, or too few behaviours: only replays remain
            notes.append(f"no dreams: {error}")
    target = folder / f"{name}.json"
    if replays:
        times = max(1, round(_REPLAY * len(dreams) / len(replays)))
        rules = fit_rules([*replays * times, *(p for _, p in dreams)], language)
        write_guide_file(target, rules.to_file())
    if config.neural and replays:
        target = _neural(
            solutions, dreams, language, config, folder / f"{name}.safetensors", seed, before, notes.append
        )
    return Dreamt(guide=target, dreams=len(dreams), notes=tuple(notes))


def _sampled(
    solutions: Sequence[Solved], language: Language, config: LearnConfig, seed: int
) -> list[tuple[Task, Program]]:
    """Tasks with their programs, on inputs of the solved tasks."""
    given = tuple(dict.fromkeys(s.task for s in solutions if isinstance(s.task.type, Arrow)))
    if not given:
        raise InputError("no task has inputs to imitate; allowed: tasks with inputs")
    prior = fit_rules([s.program for s in solutions], language)
    tasks = sample_tasks(
        language, count=config.dreams, seed=seed, prior=prior, inputs_from=given, sizes=(1, 4), workers=1
    )
    return [(task, _program(task, language)) for task in tasks]


def _program(task: Task, language: Language) -> Program:
    return parse_program(
        str(task.extra["program"]), language, request=task.type, inputs=task.inputs, constants=task.constants
    )


def _neural(
    solutions: Sequence[Solved],
    dreams: Sequence[tuple[Task, Program]],
    language: Language,
    config: LearnConfig,
    path: Path,
    seed: int,
    before: Path | None,
    note: Callable[[str], None],
) -> Path:
    """A recognition model of a kind, trained on dreams and replays for a number of minutes."""
    require("neural", f"a guide of kind {config.neural}")
    from neurosynth.training.batches import Shuffled
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.trainer import train

    kind = find_kind(config.neural)
    if not isinstance(kind, NeuralKind):
        raise InputError(
            f"neural is {config.neural!r}, which is not a neural kind; allowed: rnn, lstm, gru, transformer, feedforward"
        )
    begin = before if before is not None else _shipped(kind.name, language)
    file = read_guide_file(begin) if begin is not None and begin.suffix == ".safetensors" else None
    if file is not None and file.kind == kind.name:
        guide = kind.begin(
            file, {}, language, seed
        )  # token by token: new tokens of the language start with small probabilities
        note(f"guide begins with the weights of {file.path.name if file.path else kind.name}")
    else:
        guide = kind.new({}, language, seed)
    heldout = list(dreams[::10]) if len(dreams) >= 100 else []
    kept = [pair for i, pair in enumerate(dreams) if i % 10 or not heldout]
    pairs = [*kept, *((s.task, s.program) for s in solutions)]
    training = TrainConfig(minutes=config.minutes, seed=seed, learning_rate=5e-4 if file is not None else 1e-3)
    train(guide, Shuffled(pairs, training.batch_size, seed=seed), heldout, training, out=path)
    return path


def _shipped(kind: str, language: Language) -> Path | None:
    """The file of a guide of a kind that is shipped with the language or its base."""
    for trained in trained_guides(language):
        if not trained.unusable(language) and read_guide_file(trained.file, tensors=False).kind == kind:
            return trained.file
    return None
