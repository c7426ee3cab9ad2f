"""Kinds of guides: a kind makes the guides of ``train KIND`` and reads their files; kinds are plugins of the group
``neurosynth.guides``.

There are two classes of kinds. A :class:`CountedKind` counts programs. A :class:`NeuralKind` trains a torch model on tasks with their
programs. Both have a name and settings, make a guide, load it from a file, and list its views for ``show``.
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
"""Possible contents of a guide's file."""

PREFIX = "model."
"""Prefix of a module's tensors in a file, which may also contain an optimizer's."""


@dataclass(frozen=True, kw_only=True)
class CountedKind:
    """A kind of guide that is fitted to programs in one step, without tasks."""

    name: str
    """The name of its entry point."""
    settings: type[Any]
    """A frozen dataclass with a default for each field: the settings for ``--set``, which the file records."""
    fit: Callable[[Any, Iterable[Program], Language], FittedGuide]
    """From settings, programs and their language to the guide, which is a rule guide or a sequence guide, too."""
    load: Callable[[GuideFile, Language], RuleGuide | SequenceGuide]
    """The guide of a file; ``file.match(…)`` finds the places of the current tokens in the file."""
    views: Mapping[str, View] = field(default_factory=dict)
    """The views for ``show``, by the prefix of a picture's file name."""

    @property
    def absent(self) -> str:
        """The package that is needed and not installed: none."""
        return ""


@dataclass(frozen=True, kw_only=True)
class NeuralKind:
    """A kind of guide that is a model of torch, trained on tasks with their programs."""

    name: str
    """The name of its entry point."""
    settings: type[Any]
    """A frozen dataclass with a default for each field: the settings for ``--set``, which the file records."""
    build: Callable[[Any, Language, int], Trainable] | str
    """Settings, language, seed: an untrained guide, which is a rule, sequence or value guide, too. A text ``package.module:function``
    is imported on first use, so that naming the kind needs no torch."""
    by_token: Mapping[str, ByToken] = field(default_factory=dict)
    """Tensors of the module whose first dimension is the vocabulary, and the values of a new token there: the mean of the ``vector``s
    of its type's tokens, or the reduced mean of their ``score``s. At least one must be a score; otherwise new tokens are as likely as
    old ones."""
    run: Callable[[NeuralKind, GuideFile, Language], AnyGuide] | str | None = None
    """From this kind, a file and the language to the guide, run without torch; None if only torch can run it."""
    by_property: tuple[str, ...] = ()
    """Tensors of the module with as many rows for each property that the guide's signatures know: they are matched by name, and new
    properties have no effect."""
    silent: tuple[str, ...] = ()
    """Tensors that are zero when training continues from a file that lacks them, so that the guide behaves like the file's at first."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Settings that only this kind has."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """Settings that a file was made with if it does not name them, because it is older than they are."""
    views: Mapping[str, View] = field(default_factory=dict)
    """The views for ``show``, by the prefix of a picture's file name; they receive the result of ``build``."""

    @property
    def absent(self) -> str:
        """The package that is needed to use such a guide and not installed; empty if none is."""
        return "" if self.run is not None else ", ".join(missing("neural"))

    def new(self, settings: Mapping[str, Any], language: Language, seed: int) -> Trainable:
        """An untrained guide; the same seed gives the same weights.

        Raises:
            UnknownNameError: for an unknown setting, with the known ones.
            InputError: for a setting that is not allowed, or if torch is not installed.
        """
        require("neural", f"a guide of kind {self.name}")
        for key, value in self.fixed.items():
            if settings.get(key, value) != value:
                raise InputError(
                    f"a guide of kind {self.name} cannot have {key} {settings[key]!r}; leave {key} out, or set it to {value}"
                )
        made = make_settings(self, {**settings, **self.fixed})
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            guide: Trainable = _imported(self.build)(made, language, seed)
        return guide

    def load(self, file: GuideFile, language: Language) -> AnyGuide:
        """The guide of a file, run in the fastest way for this kind.

        Raises:
            InputError: for another language, a primitive that changed, tensors of another model, or missing torch.
        """
        found = self.trainable(file, language) if self.run is None else _imported(self.run)(self, file, language)
        assert isinstance(found, (RuleGuide, SequenceGuide, ValueGuide)), f"kind {self.name}: {found!r} is not a guide"
        return found

    def trainable(self, file: GuideFile, language: Language) -> Trainable:
        """The guide of a file for training.

        Raises:
            InputError: for another language, a primitive that changed, tensors of another model, or missing torch.
        """
        guide = self.new({**self.before, **file.settings}, language, 0)
        self.fill(guide, file)
        guide.module.eval()
        return guide

    def tensors(self, file: GuideFile, vocabulary: Vocabulary) -> dict[str, np.ndarray]:
        """The arrays of a file's module for the current tokens, without their prefix.

        Raises:
            InputError: for another language, a primitive that changed, or a missing tensor.
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
        """Put the weights of a file into a guide; ``partly``: parts that the file's model lacks stay as they are.

        Raises:
            InputError: if names or shapes differ, or if :meth:`tensors` does.
        """
        arrays = self.tensors(file, guide.vocabulary)
        if partly:
            own = {name: t.numpy() for name, t in guide.module.state_dict().items()}
            quiet = {name: np.zeros_like(own[name]) for name in self.silent if name in own}
            arrays = {**own, **quiet, **arrays}
        fill_module(guide.module, arrays, file.path)

    def begin(self, file: GuideFile, settings: Mapping[str, Any], language: Language, seed: int) -> Trainable:
        """A guide from which training continues: the weights and settings of a file, where ``settings`` replace the file's.

        Parts of the model that only the new settings have are untrained.

        Raises:
            InputError: for a file of another kind, or if :meth:`new` or :meth:`fill` do.
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
    """The settings of a kind, with defaults for those not given.

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
        InputError: for settings that the kind does not allow; the message names the file.
    """
    before = kind.before if isinstance(kind, NeuralKind) else {}
    try:
        return make_settings(kind, {**before, **file.settings})
    except InputError as error:
        raise file.damaged(error) from None


def kind_names() -> list[str]:
    """Names of the installed kinds; plugins that do not load are left out, because naming one of those reports the reason."""
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
        UnknownNameError: for a name that is not a kind, with the known ones.
        InputError: if the plugin does not load.
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
        InputError: for a kind that is fitted, a setting that is not allowed, or if torch is not installed.
    """
    given = dict(settings) if isinstance(settings, Mapping) else asdict(settings)
    return neural_kind(name).new(given, language, seed)


def neural_kind(name: str) -> NeuralKind:
    """The kind of that name, which must be trained on tasks.

    Raises:
        UnknownNameError: for a name that is not a kind, with the known ones.
        InputError: for a kind that is fitted to programs.
    """
    kind = find_kind(name)
    if not isinstance(kind, NeuralKind):
        raise InputError(f"a guide of kind {name} is fitted by counting; name a kind that is trained on tasks")
    return kind


def module_arrays(file: GuideFile) -> dict[str, np.ndarray]:
    """The tensors of a module in a file, by the module's own names."""
    return {name.removeprefix(PREFIX): t for name, t in file.tensors.items() if name.startswith(PREFIX)}


def fill_module(module: torch.nn.Module, arrays: Mapping[str, np.ndarray], path: Path | None) -> None:
    """Put the weights of a file into a module.

    Raises:
        InputError: if names or shapes differ; the message names the file.
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
    """The content of a neural guide's file: its weights; ``more`` are further fields of :class:`GuideFile`."""
    state = guide.module.state_dict()
    arrays = {f"{PREFIX}{name}": t.detach().cpu().numpy() for name, t in state.items()}
    tensors = {**arrays, **more.pop("tensors", {})}
    if isinstance(guide, TellsProperties):
        more["properties"] = guide.properties
    return GuideFile.of(guide.name, guide.config, guide.vocabulary, tensors=tensors, **more)


def save_guide(path: str | Path, guide: Trainable, **more: Any) -> None:
    """Write a neural guide for use: weights alone; ``more`` are further fields of :class:`GuideFile`.

    Raises:
        InputError: if the file cannot be written; an old one stays unchanged.
    """
    write_guide_file(path, guide_file(guide, **more))


def load_any_guide(path: str | Path, language: Language | None = None) -> AnyGuide:
    """The guide of a file that ``neurosynth train`` or a guide's ``save`` wrote, of any kind.

    Args:
        path: the file.
        language: the language to use it with; by default the plugin that the file names.

    Raises:
        InputError: for a missing, truncated or foreign file, a kind that is not installed, another language, a primitive whose type or
            meaning has changed, or a missing extra.
    """
    file = read_guide_file(path)
    return find_kind(file.kind).load(file, language or load_language(file.language))


def load_guide(path: str | Path, language: Language | None = None) -> RuleGuide | SequenceGuide:
    """Load a guide that generates programs or gives probabilities to productions, from the file that ``save`` or ``train`` wrote.

    Args:
        path: the file, ``.json`` or ``.safetensors``.
        language: the language to use the guide with; by default the one named in the file. It may have more primitives than the
            guide was trained with.

    Raises:
        InputError: for a file that cannot be read, is damaged or is not a guide, a guide of another language, and a guide that scores
            values (:func:`load_value_guide` loads those).
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
