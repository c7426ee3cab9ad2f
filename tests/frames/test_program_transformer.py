"""The scikit-learn transformer: what it learns, that it pickles and fits in pipelines, and scikit-learn's own checks."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.estimator_checks import check_estimator

from neurosynth.frames.transformer import ProgramTransformer

X = np.array([["Ada Lovelace"], ["Alan Turing"], ["Grace Hopper"], ["Emmy Noether"]], dtype=object)


def test_a_column_is_learned_and_computed() -> None:
    found = ProgramTransformer(output="surname").fit(X, ["Lovelace", "Turing", None, None])
    assert found.transform(X).tolist() == [["Lovelace"], ["Turing"], ["Hopper"], ["Noether"]]
    assert found.transform(np.array([["Kurt Gödel"]], dtype=object)).tolist() == [["Gödel"]]
    assert list(found.get_feature_names_out()) == ["surname"]


def test_it_pickles_clones_and_fits_in_a_pipeline() -> None:
    found = ProgramTransformer().fit(X, ["Lovelace", "Turing", "Hopper", "Noether"])
    again = pickle.loads(pickle.dumps(found))
    assert again.transform(X).tolist() == found.transform(X).tolist()
    assert not hasattr(clone(found), "saved_")
    pipeline = Pipeline([("surname", ProgramTransformer())]).fit(X, ["Lovelace", "Turing", None, None])
    assert pipeline.transform(X[2:]).tolist() == [["Hopper"], ["Noether"]]


def test_frames_give_their_names() -> None:
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")
    frame = pd.DataFrame({"name": X[:, 0], "age": [36, 41, 85, 53]})
    found = ProgramTransformer().fit(frame, ["Lovelace", "Turing", None, None])
    assert list(found.feature_names_in_) == ["name", "age"]
    assert found.transform(frame)[2, 0] == "Hopper"


def test_numbers_stay_numbers() -> None:
    codes = np.array([["A-0007"], ["B-0019"], ["C-0123"]], dtype=object)
    found = ProgramTransformer().fit(codes, [7, 19, None])
    values = found.transform(codes)
    assert values.tolist() == [[7], [19], [123]]
    assert values.dtype == np.int64
    halves = ProgramTransformer().fit(codes, [7.0, 19.0, None]).transform(codes)
    assert halves.dtype == np.float64


def test_what_it_cannot_learn_from() -> None:
    with pytest.raises(ValueError, match="X has 4 rows, y has 1"):
        ProgramTransformer().fit(X, ["Lovelace"])


@pytest.mark.slow
def test_scikit_learns_own_checks() -> None:
    failed: dict[str, Any] = {}

    def note(estimator: Any, check_name: str, exception: Exception | None, status: str, **_: Any) -> None:
        if status == "failed":
            failed[check_name] = exception

    check_estimator(ProgramTransformer(seconds=0.05), on_skip=None, on_fail=None, callback=note)
    assert failed == {}
