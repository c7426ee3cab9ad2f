"""Metrics of a training run: one JSON object per line, and TensorBoard if it is installed. A row has ``step``, ``loss`` (nats per
token, mean since the last row), ``heldout_loss`` (null if it was not measured), ``tokens_per_second`` (program tokens, without
evaluation), ``lr``, ``grad_norm`` (before clipping, mean since the last row) and ``seconds`` (wall clock, including resumed runs).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from neurosynth.errors import InputError, nearest
from neurosynth.writing import write_whole

__all__ = ["COLUMNS", "MetricsLog", "metrics_path", "read_metrics"]

COLUMNS = ("step", "loss", "heldout_loss", "tokens_per_second", "lr", "grad_norm", "seconds")


def metrics_path(out: Path) -> Path:
    """The metrics file of the guide trained into ``out``."""
    return out.with_name(out.name + ".metrics.jsonl")


class MetricsLog:
    """Writes rows to a file and to TensorBoard; a context manager."""

    def __init__(self, path: Path | None, log_dir: Path | None = None, *, resumed_at: int = 0) -> None:
        """Rows up to step ``resumed_at`` are kept, and later ones (of a run that was cut off) are dropped. Raises: InputError: if the
        file cannot be written, or TensorBoard is requested and not installed.
        """
        self._path, self._board = path, _board(log_dir, resumed_at)
        if path is None:
            return
        kept = [r for r in read_metrics(path) if r["step"] <= resumed_at] if resumed_at and path.exists() else []
        write_whole(path, "".join(_line(row) for row in kept).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._board is not None:
            self._board.close()

    def add(self, row: Mapping[str, Any]) -> None:
        """Append a row; it is in the file when this returns. Raises: InputError: if it cannot be written."""
        if self._path is not None:
            self._append(_line(row))
        if self._board is not None:
            for name, value in row.items():
                if name not in ("step", "seconds") and value is not None:
                    self._board.add_scalar(name, value, row["step"])

    def _append(self, text: str) -> None:
        assert self._path is not None
        try:
            with self._path.open("a", encoding="utf-8") as handle:
                handle.write(text)
        except OSError as error:
            raise InputError(f"{self._path}: cannot be written: {error.strerror or error}; free space") from None


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, allow_nan=False) + "\n"


def _board(log_dir: Path | None, resumed_at: int) -> Any:
    """A TensorBoard writer, or None if none is wanted."""
    if log_dir is None:
        return None
    if find_spec("tensorboard") is None:
        raise InputError(
            f"{log_dir}: TensorBoard logs need tensorboard, not installed here; run: pip install tensorboard, "
            "or leave the log folder out (metrics are written as JSON lines in any case)"
        )
    from torch.utils.tensorboard import SummaryWriter

    try:
        return SummaryWriter(str(log_dir), purge_step=resumed_at + 1 if resumed_at else None)
    except OSError as error:
        raise InputError(f"{log_dir}: cannot be written: {error.strerror or error}") from None


def read_metrics(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a metrics file; a truncated last line is left out. Raises: InputError: for a missing or empty file, or one with
    another content, with the line.
    """
    file = Path(path)
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        names = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
        raise InputError(f"{file}: no such file{nearest(file.name, names)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines[:-1], 1):  # after the last line break: nothing, or half a row
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("step"), int):
            raise InputError(
                f"{file}, line {number}: not a row of metrics; a JSON object with a whole number as 'step' is needed"
            )
        rows.append(row)
    return rows
