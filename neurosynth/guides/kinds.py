"""Kinds of guides: what ``train KIND`` makes and what can read its file again; plugins of the group ``neurosynth.guides``.

There are two classes of kinds.  A :class:`CountedKind` counts programs.  A :class:`NeuralKind` trains a torch model on tasks with
their programs.  Both have a name and settings, make a guide, load it from a file, and list its pictures for ``show``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.extras import missing, require
from neurosynth.guides.base import RuleGuide, SequenceGuide, ValueGuide
from neurosynth.guides.files import GuideFile, read_guide_file, rows_by_property, write_guide_file
from neurosynth.guides.signatures import property_names
from neurosynth.guides.token_records import ByToken
from neurosynth.guides.trainable import FittedGuide, TellsProperties, Trainable, TrainingBatch
from neurosynth.guides.views import View
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.plugins import available, load

if TYPE_CHECKING:
    import torch

    from neurosynth.language.tokens import Vocabulary

__all__ = [
    "CountedKind",
    "FittedGuide",
    "GuideKind",
    "NeuralKind",
    "Trainable",
    "TrainingBatch",
    "build_guide",
    "file_settings",
    "fill_module",
    "find_kind",
    "guide_file",
    "kind_names",
    "load_any_guide",
    "load_guide",
    "load_trainable",
    "load_value_guide",
    "make_settings",
    "module_arrays",
    "neural_kind",
    "save_guide",
]

AnyGuide = RuleGuide | SequenceGuide | ValueGuide
"""What a file of a guide may hold."""

PREFIX = "model."
"""Before the names of a module's tensors in a file, where an optimizer's may be, too."""


@dataclass(frozen=True, kw_only=True)
class CountedKind:
    """A kind of guide that is fitted to programs, without tasks and in one go."""

    name: str
    """As the entry point is called."""
    settings: type[Any]
    """A frozen dataclass with a default for each field: what ``--set`` may say, and what a file remembers."""
    fit: Callable[[Any, Iterable[Program], Language], FittedGuide]
    """Settings, programs, their language: the guide, which is a rule guide or a sequence guide, too."""
    load: Callable[[GuideFile, Language], RuleGuide | SequenceGuide]
    """The guide of a file; ``file.match(…)`` finds for the tokens of now their places in the file."""
    views: Mapping[str, View] = field(default_factory=dict)
    """What ``show`` draws, by the name that a picture's file begins with."""

    @property
    def absent(self) -> str:
        """What is not installed and needed to use such a guide: nothing."""
        return ""


@dataclass(frozen=True, kw_only=True)
class NeuralKind:
    """A kind of guide that is a model of torch, trained on tasks with their programs."""

    name: str
    """As the entry point is called."""
    settings: type[Any]
    """A frozen dataclass with a default for each field: what ``--set`` may say, and what a file remembers."""
    build: Callable[[Any, Language, int], Trainable] | str
    """Settings, language, seed: an untrained guide, which is a rule, sequence or value guide, too.  A text
    ``package.module:function`` is imported when it is needed, so that naming the kind needs no torch."""
    by_token: Mapping[str, ByToken] = field(default_factory=dict)
    """Tensors of the module whose first dimension is the vocabulary, and what a new token gets there: the mean of the
    ``vector``s of its type's tokens, or of their ``score``s and less.  One score at least, or new tokens are as likely as old ones."""
    run: Callable[[NeuralKind, GuideFile, Language], AnyGuide] | str | None = None
    """This kind, a file, the language: the guide, run without torch; None where only torch runs it."""
    by_property: tuple[str, ...] = ()
    """Tensors of the module with as many rows for each property that the guide's signatures know: they are matched by
    name, new properties mean nothing."""
    silent: tuple[str, ...] = ()
    """Tensors that are zero when training goes on from a file that lacks them, so that the guide begins as the file's."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Settings that are this kind's alone."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """Settings that a file was made with where it does not name them, as it is older than they are."""
    views: Mapping[str, View] = field(default_factory=dict)
    """What ``show`` draws, by the name that a picture's file begins with; they are given what ``build`` makes."""

    @property
    def absent(self) -> str:
        """What is not installed and needed to use such a guide; empty where nothing is."""
        return "" if self.run is not None else ", ".join(missing("neural"))

    def new(self, settings: Mapping[str, Any], language: Language, seed: int) -> Trainable:
        """An untrained guide; the same seed gives the same weights.

        Raises:
            UnknownNameError: for an unknown setting, with the known ones.
            InputError: for a setting that is not allowed, or where torch is not installed.
        """
        require("neural", f"a guide of kind {self.name}")
        for key, value in self.fixed.items():
            if settings.get(key, value) != value:
                raise InputError(
                    f"a guide of kind {self.name} with {key} {settings[key]!r}; leave {key} out or set it to {value}"
                )
        made = make_settings(self, {**settings, **self.fixed})
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            guide: Trainable = _imported(self.build)(made, language, seed)
        return guide

    def load(self, file: GuideFile, language: Language) -> AnyGuide:
        """The guide of a file, run in whichever way this kind is run best.

        Raises:
            InputError: for another language, a primitive that changed, tensors of another model, torch not installed.
        """
        found = self.trainable(file, language) if self.run is None else _imported(self.run)(self, file, language)
        assert isinstance(found, (RuleGuide, SequenceGuide, ValueGuide)), f"kind {self.name}: {found!r} is not a guide"
        return found

    def trainable(self, file: GuideFile, language: Language) -> Trainable:
        """The guide of a file as it is trained.

        Raises:
            InputError: for another language, a primitive that changed, tensors of another model, torch not installed.
        """
        guide = self.new({**self.before, **file.settings}, language, 0)
        self.fill(guide, file)
        guide.module.eval()
        return guide

    def tensors(self, file: GuideFile, vocabulary: Vocabulary) -> dict[str, np.ndarray]:
        """The arrays of a file's module for the tokens of now, without their prefix.

        Raises:
            InputError: for another language, a primitive that changed, or a tensor that is missing.
        """
        own = module_arrays(file)
        match = file.match(vocabulary)
        try:
            adapted = match.adapted(own, self.by_token)
        except InputError as error:
            raise InputError(f"{file.path}: {error}") from None
        names = property_names(vocabulary.language)
        for name in self.by_property:
            if name in adapted and names != file.properties:
                adapted[name] = rows_by_property(adapted[name], file.properties, names, file)
        return adapted

    def fill(self, guide: Trainable, file: GuideFile, *, partly: bool = False) -> None:
        """Put the weights of a file into a guide; ``partly``: parts that the file's model has not stay as they are.

        Raises:
            InputError: when names or shapes differ, or where :meth:`tensors` does.
        """
        arrays = self.tensors(file, guide.vocabulary)
        if partly:
            own = {name: t.numpy() for name, t in guide.module.state_dict().items()}
            quiet = {name: np.zeros_like(own[name]) for name in self.silent if name in own}
            arrays = {**own, **quiet, **arrays}
        fill_module(guide.module, arrays, file.path)

    def begin(self, file: GuideFile, settings: Mapping[str, Any], language: Language, seed: int) -> Trainable:
        """A guide that training goes on from: the weights and settings of a file, ``settings`` in place of the file's.

        Parts of the model that only the new settings have begin untrained.

        Raises:
            InputError: for a file of another kind, or where :meth:`new` and :meth:`fill` do.
        """
        if file.kind != self.name:
            raise InputError(f"{file.path}: a guide of kind {file.kind}, not {self.name}; train that kind")
        guide = self.new({**self.before, **file.settings, **settings}, language, seed)
        self.fill(guide, file, partly=True)
        return guide


GuideKind = CountedKind | NeuralKind


def _imported(what: Callable[..., Any] | str) -> Callable[..., Any]:
    if not isinstance(what, str):
        return what
    module, _, name = what.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def make_settings(kind: GuideKind, given: Mapping[str, Any]) -> Any:
    """The settings of a kind, those not given by default.

    Raises:
        UnknownNameError: for an unknown setting, with the known ones.
        InputError: for a value that is not allowed.
    """
    known = [f.name for f in fields(kind.settings)]
    for key in given:
        if key not in known:
            raise UnknownNameError(f"setting of {kind.name}", key, known)
    try:
        return kind.settings(**given)
    except TypeError as error:
        raise InputError(f"{kind.name}: a setting is of the wrong type: {dict(given)} ({error})") from None


def file_settings(kind: GuideKind, file: GuideFile) -> Any:
    """The settings of a file's guide.

    Raises:
        InputError: for settings the kind does not allow; names the file.
    """
    before = kind.before if isinstance(kind, NeuralKind) else {}
    try:
        return make_settings(kind, {**before, **file.settings})
    except InputError as error:
        raise file.damaged(error) from None


def kind_names() -> list[str]:
    """Names of the kinds there are; plugins that do not load are left out, as naming one of those says why."""
    found = []
    for name, plugin in available("guides").items():
        try:
            loaded = plugin.load()
        except InputError:
            continue
        if isinstance(loaded, (CountedKind, NeuralKind)):
            found.append(name)
    return found


def find_kind(name: str) -> GuideKind:
    """The kind of guide behind a plugin's name.

    Raises:
        UnknownNameError: for a name that is not a kind, with those there are.
        InputError: when the plugin does not load.
    """
    loaded = load("guides", name) if name in available("guides") else None
    if not isinstance(loaded, (CountedKind, NeuralKind)):
        raise UnknownNameError("kind of guide", name, kind_names())
    return loaded


def build_guide(name: str, language: Language, settings: Any, seed: int) -> Any:
    """An untrained guide of a neural kind; the same seed gives the same weights.

    ``settings`` are by name, or an object of the kind's settings.

    Raises:
        UnknownNameError: for an unknown kind or setting, with the known ones.
        InputError: for a kind that is fitted, a setting that is not allowed, or where torch is not installed.
    """
    given = dict(settings) if isinstance(settings, Mapping) else asdict(settings)
    return neural_kind(name).new(given, language, seed)


def neural_kind(name: str) -> NeuralKind:
    """The kind of that name, which must be one that is trained on tasks.

    Raises:
        UnknownNameError: for a name that is not a kind, with those there are.
        InputError: for a kind that is fitted to programs.
    """
    kind = find_kind(name)
    if not isinstance(kind, NeuralKind):
        raise InputError(f"a guide of kind {name} is fitted by counting; name a kind that is trained on tasks")
    return kind


def module_arrays(file: GuideFile) -> dict[str, np.ndarray]:
    """The tensors of a file that are a module's, by the module's own names."""
    return {name.removeprefix(PREFIX): t for name, t in file.tensors.items() if name.startswith(PREFIX)}


def fill_module(module: torch.nn.Module, arrays: Mapping[str, np.ndarray], path: Path | None) -> None:
    """Put the weights of a file into a module.

    Raises:
        InputError: when names or shapes differ; names the file.
    """
    import torch

    try:
        module.load_state_dict({name: torch.tensor(a) for name, a in arrays.items()})
    except RuntimeError as error:
        detail = " ".join(str(error).split())
        raise InputError(
            f"{path}: its tensors are not those of this model: {detail[:300]}; train the guide again"
        ) from None


def guide_file(guide: Trainable, **more: Any) -> GuideFile:
    """What to write of a neural guide: its weights; ``more`` are further fields of :class:`GuideFile`."""
    state = guide.module.state_dict()
    arrays = {f"{PREFIX}{name}": t.detach().cpu().numpy() for name, t in state.items()}
    tensors = {**arrays, **more.pop("tensors", {})}
    if isinstance(guide, TellsProperties):
        more["properties"] = guide.properties
    return GuideFile.of(guide.name, guide.config, guide.vocabulary, tensors=tensors, **more)


def save_guide(path: str | Path, guide: Trainable, **more: Any) -> None:
    """Write a neural guide for use: weights alone; ``more`` are further fields of :class:`GuideFile`.

    Raises:
        InputError: when the file cannot be written; an old one stays as it was.
    """
    write_guide_file(path, guide_file(guide, **more))


def load_any_guide(path: str | Path, language: Language | None = None) -> AnyGuide:
    """The guide of a file that ``neurosynth train`` or a guide's ``save`` wrote, of whichever sort.

    Args:
        path: the file.
        language: what it is to be used with; by default the plugin of the name the file says.

    Raises:
        InputError: for a missing, truncated or foreign file, a kind that is not installed, another language, a primitive
            that changed its type or meaning, or where the extra it needs is not installed.
    """
    file = read_guide_file(path)
    return find_kind(file.kind).load(file, language or load_language(file.language))


def load_guide(path: str | Path, language: Language | None = None) -> RuleGuide | SequenceGuide:
    """The same for a guide that writes programs or weighs productions; :func:`load_value_guide` reads those of values.

    Raises:
        InputError: where :func:`load_any_guide` does, and for a guide that judges values.
    """
    found = load_any_guide(path, language)
    if not isinstance(found, (RuleGuide, SequenceGuide)):
        raise InputError(f"{path}: this guide scores values and writes no programs; give one that does")
    return found


def load_value_guide(path: str | Path, language: Language | None = None) -> ValueGuide:
    """The guide of a file of kind ``value``.

    Raises:
        InputError: where :func:`load_any_guide` does, and for a guide of another kind.
    """
    found = load_any_guide(path, language)
    if not isinstance(found, ValueGuide):
        raise InputError(f"{path}: guide {found.name} does not score values; train one of kind value")
    return found


def load_trainable(path: str | Path, language: Language | None = None) -> Trainable:
    """The neural guide of a file, to be trained on or looked into.

    Raises:
        InputError: where :func:`load_guide` does, or for a guide that is fitted.
    """
    file = read_guide_file(path)
    return neural_kind(file.kind).trainable(file, language or load_language(file.language))
