"""Files of guides: JSON for few numbers, safetensors for tensors, never pickle, with one header for both. Except for the numbers, the
header contains everything that is needed to use a guide: its kind, its settings, its language, and the meaning of each token when it
was trained. A file is written atomically, and read without torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from neurosynth.errors import InputError, nearest, shortened
from neurosynth.extras import require
from neurosynth.guides.token_records import GuideMismatch, TokenMatch, TokenRecord, language_records, vocabulary_records
from neurosynth.language.language import Language
from neurosynth.language.tokens import Vocabulary
from neurosynth.writing import write_whole

__all__ = ["GuideFile", "plain", "read_guide_file", "rows_by_property", "write_guide_file"]

_REMEDY = "free some space, or give another --out"

_KEY = "neurosynth"
_FORMAT = 2
_HEADER_BYTES = 100_000_000
"""Maximum size of a safetensors header, by the rules of that format."""
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|b1",
}
"""Names of numpy types by the names of that format."""


@dataclass(frozen=True, kw_only=True)
class GuideFile:
    """The content of a guide's file."""

    kind: str
    """The name of a plugin of the group ``neurosynth.guides``."""
    settings: Mapping[str, Any]
    """Settings of the guide's kind, by name, in types of JSON."""
    language: str
    tokens: tuple[TokenRecord, ...]
    """What the guide knows: its tokens by id, or for guides without a vocabulary primitives and constants."""
    model: Mapping[str, Any] = field(default_factory=dict)
    """The numbers of a guide without tensors, in types of JSON."""
    tensors: Mapping[str, np.ndarray] = field(default_factory=dict)
    step: int = 0
    """Number of optimizer steps behind these weights."""
    heldout_loss: float | None = None
    """Nats per token on held-out tasks at that step."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the training run; in a ``.resume`` file, also its state."""
    properties: tuple[str, ...] = ()
    """The properties of values that the guide's signatures know, by number."""
    path: Path | None = field(default=None, compare=False)
    """The path from which it was read, for messages."""

    @classmethod
    def of(cls, kind: str, settings: object, speaks: Vocabulary | Language, **more: Any) -> GuideFile:
        """The content of a guide's file. Args: kind: the name of its kind. settings: a dataclass. speaks: its vocabulary, or its
        language if it has none. more: further fields.
        """
        language = speaks.language if isinstance(speaks, Vocabulary) else speaks
        tokens = vocabulary_records(speaks) if isinstance(speaks, Vocabulary) else language_records(language)
        own = asdict(settings)  # type: ignore[call-overload]  # a dataclass
        return cls(kind=kind, settings=own, language=language.name, tokens=tokens, **more)

    def match(self, speaks: Vocabulary | Language) -> TokenMatch:
        """The file's tokens matched with those of a vocabulary, or of a language for a guide without one.

        Raises:
            GuideMismatch: for another language, or a primitive whose type or meaning has changed; the message names the file.
        """
        language = speaks.language if isinstance(speaks, Vocabulary) else speaks
        try:
            if self.language not in (language.name, *language.extends):
                raise GuideMismatch(f"a guide for language {self.language!r}, not {language.name!r}")
            new = vocabulary_records(speaks) if isinstance(speaks, Vocabulary) else language_records(language)
            return TokenMatch.of(self.tokens, new)
        except GuideMismatch as mismatch:
            raise GuideMismatch(f"{self.path}: {mismatch}; train a guide for {language.name!r} as it is") from None

    def mismatch(self, language: Language) -> str:
        """Why a guide of this file cannot be used with a language; empty if it can."""
        if self.language not in (language.name, *language.extends):
            return f"it is for language {self.language!r}"
        known = [r for r in self.tokens if r.kind in ("primitive", "constant") and r.meaning]
        try:
            TokenMatch.of(known, language_records(language))
        except GuideMismatch as fact:
            return str(fact)
        return ""

    def damaged(self, fact: object) -> InputError:
        """The error for a file whose parts do not match."""
        return InputError(f"{self.path}: a damaged guide of kind {self.kind!r}: {fact}; train it again and save it")

    def header(self) -> dict[str, Any]:
        """Everything except the numbers, in types of JSON."""
        return {
            "format": _FORMAT,
            "kind": self.kind,
            "settings": dict(self.settings),
            "language": self.language,
            "tokens": [t.to_json() for t in self.tokens],
            "step": self.step,
            "heldout_loss": self.heldout_loss,
            "training": dict(self.training),
            **({"properties": list(self.properties)} if self.properties else {}),
        }


def write_guide_file(path: str | Path, guide: GuideFile) -> None:
    """Write a guide: safetensors if it has tensors, otherwise JSON. Raises: InputError: if the file cannot be written; an old one stays
    unchanged.
    """
    target = Path(path)
    if not guide.tensors:
        row = {_KEY: guide.header(), "model": guide.model}
        text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        write_whole(target, text.encode() + b"\n", _REMEDY)
        return
    require("neural", "writing a guide's tensors")
    from safetensors.numpy import save

    text = json.dumps(guide.header(), ensure_ascii=True, allow_nan=False)
    arrays = {name: np.ascontiguousarray(t) for name, t in guide.tensors.items()}
    write_whole(target, save(arrays, {_KEY: text}), _REMEDY)


def read_guide_file(path: str | Path, *, tensors: bool = True) -> GuideFile:
    """Read a guide's file.

    Args:
        path: the file.
        tensors: whether to read the tensors, too.

    Raises:
        InputError: for a missing, truncated or foreign file, or one of another version.
    """
    file = Path(path)
    data = _bytes(file, whole=tensors)
    start = data[:16].lstrip()
    if start.startswith(b"{") and data[8:9] != b"{":
        return _read_json(file, file.read_bytes() if not tensors else data)
    header, begin = _tensor_header(file, data)
    noted = header.get("__metadata__", {})
    text = noted.get(_KEY) if isinstance(noted, dict) else None
    if text is None:
        raise InputError(f"{file}: tensors, but not a neurosynth guide; allowed: files written by 'neurosynth train'")
    try:
        inner = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            f"{file}: the header of the guide is not valid JSON ({error}); train the guide again"
        ) from None
    found = _guide(file, inner)
    return replace(found, tensors=_tensors(file, header, data, begin)) if tensors else found


def _bytes(file: Path, *, whole: bool) -> bytes:
    """The file, or its beginning with the header of tensors."""
    try:
        with file.open("rb") as handle:
            first = handle.read(8)
            length = int.from_bytes(first, "little")
            return first + (handle.read() if whole else handle.read(length) if length <= _HEADER_BYTES else b"")
    except FileNotFoundError:
        names = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
        raise InputError(f"{file}: no such file{nearest(file.name, names)}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from None


def _read_json(file: Path, data: bytes) -> GuideFile:
    try:
        row = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file}: not a complete JSON object ({error}); the file may be truncated: fit the guide again and save it"
        ) from None
    match row:
        case {"neurosynth": dict() as header, "model": dict() as model}:
            return replace(_guide(file, header), model=model)
    raise InputError(f"{file}: JSON, but not a guide; allowed: a file written by a guide's save method")


def _guide(file: Path, header: Mapping[str, Any]) -> GuideFile:
    """The header of either form of file, checked."""
    number = header.get("format")
    if number != _FORMAT:
        raise InputError(
            f"{file}: a guide in format {number}; this version reads format {_FORMAT}; train it again, or rewrite it with "
            "benchmarks/migrate_guides.py"
        )
    values = {k: v for k, v in header.items() if k != "format"}
    try:
        tokens = tuple(TokenRecord.of_json(t) for t in values.pop("tokens"))
        properties = tuple(str(name) for name in values.pop("properties", ()))
        found = GuideFile(tokens=tokens, properties=properties, path=file, **values)
        if not (isinstance(found.kind, str) and isinstance(found.language, str) and isinstance(found.settings, dict)):
            raise ValueError("kind, language or settings of another type")
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{file}: a damaged header ({shortened(str(error), 200)}); train the guide again and save it"
        ) from None
    return found


def _tensor_header(file: Path, data: bytes) -> tuple[dict[str, Any], int]:
    """The JSON at the start of a safetensors file, and the offset of the tensors, after checking that all listed tensors are there."""
    size, length = file.stat().st_size, int.from_bytes(data[:8], "little")
    text = data[8 : 8 + length] if 2 <= length <= _HEADER_BYTES else b""
    foreign = (
        f"{file}: no guide; allowed: files that 'neurosynth train' wrote (safetensors, or JSON of one that counts)"
    )
    if not text.startswith(b"{"):
        raise InputError(foreign)
    truncated = InputError(f"{file}: truncated: {size} bytes are there; copy it again, or train the guide again")
    if len(text) < length:
        raise truncated
    try:
        header = json.loads(text)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise InputError(foreign) from None
    if not all(type(end) is int and end >= 0 for end in ends):
        raise InputError(foreign)
    if size < 8 + length + max(ends, default=0):
        raise truncated
    return header, 8 + length


def _tensors(file: Path, header: Mapping[str, Any], data: bytes, begin: int) -> dict[str, np.ndarray]:
    """Views of a file's bytes, read-only."""
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            first, last = entry["data_offsets"]
            flat = np.frombuffer(memoryview(data)[begin + first : begin + last], dtype=_TYPES[entry["dtype"]])
            found[name] = flat.reshape(entry["shape"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{file}: tensor {name} cannot be read ({error}); train the guide again") from None
    return found


def plain(value: Any) -> Any:
    """The form after JSON: lists for tuples are converted back."""
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def rows_by_property(table: np.ndarray, old: Sequence[str], new: Sequence[str], file: GuideFile) -> np.ndarray:
    """The rows of a table for the current properties; those that the file does not know are zero."""
    each, rest = divmod(len(table), max(len(old), 1))
    if not old or rest:
        raise file.damaged(f"{len(table)} rows for {len(old)} properties")
    rows = np.zeros((len(new), each, *table.shape[1:]), dtype=table.dtype)
    place = {name: i for i, name in enumerate(old)}
    known = [i for i, name in enumerate(new) if name in place]
    rows[known] = table.reshape(len(old), each, *table.shape[1:])[[place[new[i]] for i in known]]
    return rows.reshape(len(new) * each, *table.shape[1:])
