"""A scikit-learn transformer that learns a column from examples and computes it for new rows (extra ``sklearn``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from neurosynth.errors import InputError
from neurosynth.extras import how_to_install
from neurosynth.frames.cells import texts
from neurosynth.frames.column_function import ColumnFunction
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig
from neurosynth.frames.saved import SavedProgram, program_from_json
from neurosynth.frames.table import MemoryTable
from neurosynth.language.primitive import UNDEFINED

try:
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.utils.validation import check_is_fitted, validate_data
except ModuleNotFoundError as absent:
    raise InputError(
        f"ProgramTransformer needs scikit-learn, not installed here; {how_to_install('sklearn')}"
    ) from absent

__all__ = ["ProgramTransformer"]


class ProgramTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Learns one column of text from the others: ``ProgramTransformer().fit(X, y).transform(X)``.

    ``y`` contains the known outputs; ``None`` and NaN mark rows whose output is to be computed, and these rows are evidence, too.
    ``transform`` returns a column of objects, with ``None`` where the program has no value. If the known outputs are numbers, it returns
    numbers: whole ones if all are whole and none is missing, else floats, with NaN for missing ones. A fitted transformer can be
    pickled, cloned and put in a ``Pipeline``; what is pickled is the text of the program.

    Parameters: seconds: limit of the search in wall-clock seconds; None for 10 s, in which waiting for a busy processor does not
    count, and at most 60 s in all. output: name of the column in ``get_feature_names_out``.

    Attributes: program_: text of the program; None if none was found. confidence_: confidence of the program, 0 to 1. numbers_: whether
    the outputs are numbers. whole_: whether these are whole. feature_names_in_: names of the columns, if ``X`` has names.
    """

    def __init__(self, *, seconds: float | None = None, output: str = "output") -> None:
        self.seconds = seconds
        self.output = output

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from the rows of ``X`` whose ``y`` is given.

        Raises:
            ValueError: for no rows, no known output, or ``y`` of another length.
        """
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        cells = self._cells(X, reset=True)
        outputs = texts(list(np.asarray(y, dtype=object).ravel()))
        if len(outputs) != len(cells):
            raise ValueError(f"X has {len(cells)} rows, y has {len(outputs)}; both need the same number")
        known = {row: text for row, text in enumerate(outputs) if text is not None}
        names = self._names()
        columns = {name: [row[at] for row in cells] for at, name in enumerate(names)}
        table = MemoryTable("X", columns)
        self.saved_ = None
        self.confidence_ = 0.0
        given = [v for v, text in zip(np.asarray(y, dtype=object).ravel(), outputs, strict=True) if text is not None]
        self.numbers_ = all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in given)
        self.whole_ = self.numbers_ and all(isinstance(v, (int, np.integer)) for v in given)
        if len(known) == len(cells):  # nothing to compute here: learn for future rows
            table = table.longer()
        target = _free(self.output, names)
        config = FillConfig() if self.seconds is None else FillConfig(seconds=self.seconds)
        (column,) = fill_table(table, [target], given={target: known}, config=config).columns
        if column.saved is not None:
            self.saved_ = column.saved.to_json()
            self.confidence_ = column.result.confidence
        return self

    @property
    def program_(self) -> str | None:
        """Text of the program."""
        check_is_fitted(self, "confidence_")
        return None if self.saved_ is None else str(self.saved_["program"])

    def transform(self, X: Any) -> Any:
        """The column for the rows of ``X``, shape (rows, 1)."""
        check_is_fitted(self, "confidence_")
        cells = self._cells(X, reset=False)
        values: list[Any] = [None] * len(cells)
        if self.saved_ is not None:
            saved: SavedProgram = program_from_json(self.saved_)
            function = ColumnFunction(saved.program, saved.task)
            names = self._names()
            read = [names.index(column) for column in saved.columns]
            found = (function(tuple(row[at] for at in read)) for row in cells)
            values = [None if v is UNDEFINED else v for v in found]
        if self.numbers_:
            numbers = np.array([[_number(v)] for v in values], dtype=np.float64)
            return numbers.astype(np.int64) if self.whole_ and np.array_equal(numbers, np.floor(numbers)) else numbers
        column = np.empty((len(cells), 1), dtype=object)
        column[:, 0] = values
        return column

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The name of the only output column."""
        check_is_fitted(self, "confidence_")
        return np.asarray([self.output], dtype=object)

    def _cells(self, X: Any, *, reset: bool) -> list[list[str | None]]:
        """The rows of ``X`` as texts."""
        array = validate_data(self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan" if _finite(X) else False)
        columns = [texts(list(array[:, at])) for at in range(array.shape[1])]
        return [list(row) for row in zip(*columns, strict=True)]

    def _names(self) -> list[str]:
        names: Sequence[Any] = getattr(self, "feature_names_in_", [f"x{i}" for i in range(self.n_features_in_)])
        return [str(n) for n in names]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        return tags


def _number(text: str | None) -> float:
    """The number in a text; NaN if it has none."""
    try:
        return math.nan if text is None else float(text)
    except ValueError:
        return math.nan


def _finite(X: Any) -> bool:
    """Whether scikit-learn can check it for infinite numbers, which it cannot for objects."""
    return getattr(getattr(X, "dtype", None), "kind", "O") in "fiu"


def _free(name: str, names: Sequence[str]) -> str:
    """A name that no column has."""
    while name in names:
        name += "_"
    return name
