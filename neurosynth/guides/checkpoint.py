"""Checkpoints of neural guides: safetensors, never pickle, with everything needed to use them in the header.

The header's metadata has one entry, ``neurosynth``: JSON with the kind of guide, its settings, its language and that
language's fingerprint, the tokens, and how it was trained.  Reading it needs no torch, so that a guide can be chosen
before anything big is imported.  A file is written whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from neurosynth.errors import InputError, nearest
from neurosynth.extras import require
from neurosynth.guides.files import check_language, read_guide
from neurosynth.language.language import Language
from neurosynth.language.load import load_language

if TYPE_CHECKING:
    import torch

    from neurosynth.guides.base import RuleGuide, SequenceGuide
    from neurosynth.language.program import Program
    from neurosynth.language.tokens import Vocabulary
    from neurosynth.tasks.task import Task

__all__ = [
    "GuideInfo",
    "Trainable",
    "TrainingBatch",
    "fill",
    "language_of",
    "load_guide",
    "read_info",
    "read_tensors",
    "save_guide",
    "weights",
    "write_checkpoint",
    "write_whole",
]

_KEY = "neurosynth"
_FORMAT = 1
_HEADER_BYTES = 100_000_000
"""The most a safetensors header may have, by that format's own rule."""


class TrainingBatch(Protocol):
    """What a guide's ``collate`` makes of tasks and programs."""

    @property
    def tokens(self) -> int:
        """Program tokens to be predicted, padding not counted."""
        ...

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        ...


class Trainable(Protocol):
    """A neural guide as training and checkpoints see it."""

    @property
    def name(self) -> str:
        """The kind ``build_guide`` makes it by."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens it speaks, of one language."""
        ...

    @property
    def module(self) -> torch.nn.Module:
        """The model: of a batch the loss, mean nats a token."""
        ...

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> Any:
        """The :class:`TrainingBatch` of tasks with their programs, on the CPU."""
        ...

    def config_dict(self) -> dict[str, Any]:
        """Settings that ``build_guide`` makes the same model from, in JSON's types."""
        ...


@dataclass(frozen=True, kw_only=True)
class GuideInfo:
    """What a checkpoint says of itself."""

    kind: str
    """``feedforward``, ``rnn``, ``lstm``, ``gru`` or ``transformer``."""
    config: Mapping[str, Any]
    """Settings of the model, as its ``config_dict`` gives them."""
    language: str
    fingerprint: str
    """Of the language, when it was trained."""
    tokens: tuple[str, ...]
    """The vocabulary, by id."""
    step: int = 0
    """Optimizer steps behind these weights."""
    heldout_loss: float | None = None
    """Nats a token on held-out tasks at that step."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the training run, and in a ``.resume`` file where it stands."""

    @classmethod
    def of(cls, guide: Trainable, **more: Any) -> GuideInfo:
        """What is to be written with a guide; ``more`` are further fields."""
        language = guide.vocabulary.language
        return cls(
            kind=guide.name,
            config=guide.config_dict(),
            language=language.name,
            fingerprint=language.fingerprint,
            tokens=guide.vocabulary.tokens,
            **more,
        )


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file or leave what was there: a temporary file beside it, flushed to the disk, then a rename.

    Raises:
        InputError: when it cannot be written (no such folder, disk full), with the cause; an old file stays as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    kept = "; the file that was there is unchanged" if path.exists() else ""
    try:
        try:
            with temporary.open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # or the rename may be lost with the power
        finally:
            os.close(folder)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror or error}{kept}; free space or give another --out"
        ) from None


def write_checkpoint(path: Path, tensors: Mapping[str, torch.Tensor], info: GuideInfo) -> None:
    """Write tensors and what they are.

    Raises:
        InputError: when the file cannot be written; an old one stays as it was.
    """
    require("neural", "writing a checkpoint")
    from safetensors.torch import save

    text = json.dumps({"format": _FORMAT, **info.__dict__}, ensure_ascii=True, allow_nan=False)
    # Tensors may share memory (tied weights), which the format has no way to say: each gets its own.
    own = {name: t.detach().to("cpu", copy=True).contiguous() for name, t in tensors.items()}
    write_whole(path, save(own, {_KEY: text}))


def weights(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The tensors of a module under the names they have in a checkpoint."""
    return {f"model.{name}": t for name, t in module.state_dict().items()}


def save_guide(path: str | Path, guide: Trainable, **more: Any) -> None:
    """Write a neural guide for use: weights alone; ``more`` are further fields of :class:`GuideInfo`.

    Raises:
        InputError: when the file cannot be written; an old one stays as it was.
    """
    write_checkpoint(Path(path), weights(guide.module), GuideInfo.of(guide, **more))


def read_info(path: str | Path) -> GuideInfo:
    """What a checkpoint says of itself; needs no torch.

    Raises:
        InputError: for a missing, truncated or foreign file, or one written by a later version.
    """
    file = Path(path)
    header = _header(file)
    text = header.get("__metadata__", {}).get(_KEY)
    if text is None:
        raise InputError(f"{file}: tensors, but no guide of neurosynth's; allowed: files 'neurosynth train' wrote")
    values = json.loads(text)
    if values.pop("format") != _FORMAT:
        raise InputError(f"{file}: written by another version of neurosynth; update it, or train the guide again")
    return GuideInfo(**{**values, "tokens": tuple(values["tokens"])})


def _header(file: Path) -> dict[str, Any]:
    """The JSON at the start of a safetensors file, after a check that the file has all the tensors it lists."""
    try:
        with file.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            length = int.from_bytes(handle.read(8), "little")
            text = handle.read(length) if 2 <= length <= _HEADER_BYTES else b""
    except FileNotFoundError:
        names = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
        raise InputError(f"{file}: no such file{nearest(file.name, names)}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from None
    foreign = f"{file}: no guide; allowed: files that 'neurosynth train' wrote (safetensors, or JSON of an n-gram)"
    if not text.startswith(b"{"):
        raise InputError(foreign)
    truncated = InputError(f"{file}: truncated: {size} bytes are there; copy it again, or train the guide again")
    if len(text) < length:
        raise truncated
    try:
        header = json.loads(text)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    except (ValueError, KeyError, TypeError, IndexError):
        raise InputError(foreign) from None
    if size < 8 + length + max(ends, default=0):
        raise truncated
    return dict(header)


def read_tensors(path: str | Path) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint, on the CPU.

    Raises:
        InputError: for a missing, truncated or foreign file.
    """
    require("neural", "a neural guide")
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    _header(Path(path))
    try:
        return load_file(path)
    except SafetensorError as error:
        raise InputError(f"{path}: no readable safetensors file: {error}; train the guide again") from None


def load_guide(path: str | Path, language: Language | None = None) -> RuleGuide | SequenceGuide:
    """The guide of a file that ``neurosynth train`` wrote: a neural one, or one that counts (JSON).

    Args:
        path: the file.
        language: what it is to be used with; by default the plugin of the name the file says.

    Raises:
        InputError: for a missing, truncated or foreign file, a guide of another language or of another version of
            this one, or where the extra it needs is not installed.
    """
    file = Path(path)
    if _is_json(file):
        from neurosynth.guides.ngram import NGram
        from neurosynth.guides.pcfg import PCFG

        kind, *_ = read_guide(file, language)
        return NGram.load(file, language) if kind == "ngram" else PCFG.load(file, language)
    info = read_info(file)
    if language is None:
        language = load_language(info.language)
    check_language(file, info.language, info.fingerprint, language)
    require("neural", f"{file}: a guide of kind {info.kind!r}")
    from neurosynth.guides.neural import build_guide

    guide = build_guide(info.kind, language, dict(info.config), 0)
    if guide.vocabulary.tokens != info.tokens:
        raise InputError(f"{file}: its tokens are in another order than this version's; train the guide again")
    fill(guide.module, read_tensors(file), file)
    guide.module.eval()
    return guide


def language_of(path: str | Path) -> Language:
    """The language a guide's file was made for, as installed here.

    Raises:
        InputError: for a missing, truncated or foreign file, or a language that is not installed.
    """
    file = Path(path)
    return read_guide(file)[1] if _is_json(file) else load_language(read_info(file).language)


def fill(module: torch.nn.Module, tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    """Put the weights of a checkpoint into a module.

    Raises:
        InputError: when names or shapes differ.
    """
    own = {name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")}
    try:
        module.load_state_dict(own)
    except RuntimeError as error:
        detail = " ".join(str(error).split())
        raise InputError(
            f"{path}: its tensors are not those of this model: {detail[:300]}; train the guide again"
        ) from None


def _is_json(file: Path) -> bool:
    """Whether a file holds a JSON object rather than tensors; False where it cannot be read."""
    try:
        with file.open("rb") as handle:
            start = handle.read(16)
    except OSError:
        return False
    return start.lstrip().startswith(b"{") and start[8:9] != b"{"
