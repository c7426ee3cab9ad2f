"""Checkpoints: what they keep, what they refuse, and that a failed write loses nothing."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="the extra 'neural' is not installed")

from neurosynth.errors import InputError  # noqa: E402
from neurosynth.guides.base import RuleGuide, SequenceGuide  # noqa: E402
from neurosynth.guides.files import read_guide_file, write_guide_file  # noqa: E402
from neurosynth.guides.kinds import build_guide, load_guide, load_trainable, save_guide  # noqa: E402
from neurosynth.guides.neural import NeuralGuide, NeuralRuleGuide  # noqa: E402
from neurosynth.guides.ngram import NGram  # noqa: E402
from neurosynth.guides.pcfg import PCFG  # noqa: E402
from neurosynth.language.load import load_language  # noqa: E402
from tests.training.tiny import some_pairs  # noqa: E402

KINDS = ("feedforward", "rnn", "lstm", "gru", "transformer")
SMALL = {"width": 16, "layers": 2}


def small(kind: str = "lstm", seed: int = 0) -> NeuralGuide | NeuralRuleGuide:
    """An untrained guide for lists."""
    guide = build_guide(kind, load_language("lists"), SMALL, seed)
    assert isinstance(guide, (NeuralGuide, NeuralRuleGuide))
    return guide


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A checkpoint."""
    path = tmp_path / "guide.safetensors"
    save_guide(path, small(), step=7, heldout_loss=1.25)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_guide_comes_back_as_it_was(kind: str, tmp_path: Path) -> None:
    guide = small(kind, seed=3)
    save_guide(tmp_path / "g", guide)
    loaded = load_trainable(tmp_path / "g")
    assert isinstance(loaded, type(guide))
    assert loaded.name == kind
    assert loaded.config == guide.config
    task, _ = some_pairs(1)[0]
    if isinstance(loaded, NeuralGuide) and isinstance(guide, NeuralGuide):
        assert (loaded.start(task).log_probs() == guide.start(task).log_probs()).all()
    elif isinstance(loaded, NeuralRuleGuide) and isinstance(guide, NeuralRuleGuide):
        assert (loaded.occurrence(task) == guide.occurrence(task)).all()


def test_the_header_says_what_it_is_without_torch(saved: Path) -> None:
    info = read_guide_file(saved, tensors=False)
    assert (info.kind, info.language, info.tensors) == ("lstm", "lists", {})
    assert (info.step, info.heldout_loss, info.settings["width"]) == (7, 1.25, 16)
    assert [t.name for t in info.tokens[:4]] == ["<pad>", "<start>", "<end>", "lambda"]
    take = next(t for t in info.tokens if t.name == "take")
    assert (take.kind, take.type, len(take.meaning)) == ("primitive", "int -> list a -> list a", 8)


def test_the_same_guide_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        save_guide(tmp_path / name, small(), step=1)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_guides_that_count_load_by_the_same_door(tmp_path: Path) -> None:
    programs = [program for _, program in some_pairs(1)]
    NGram(n=2).fit(programs, "lists").save(tmp_path / "n.json")
    PCFG().fit(programs, "lists").save(tmp_path / "p.json")
    assert isinstance(load_guide(tmp_path / "n.json"), SequenceGuide)
    assert isinstance(load_guide(tmp_path / "p.json"), RuleGuide)


def test_another_language_is_refused(saved: Path) -> None:
    with pytest.raises(InputError, match="a guide for language 'lists', not 'strings'"):
        load_guide(saved, load_language("strings"))


def rewritten(path: Path, **changes: Any) -> Path:
    """The same file with another header."""
    from safetensors.numpy import load_file, save_file

    values = {**read_guide_file(path).header(), **changes}
    save_file(load_file(path), path, {"neurosynth": json.dumps(values)})
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 1}, "a guide in format 1; this version reads format 2; train it again, or rewrite it with"),
        ({"language": "klingon"}, "unknown language 'klingon'; known: "),
        ({"tokens": [["special", "<pad>"]]}, r"tensor vectors.table.weight is of shape \(105, 16\), with 1 tokens"),
        ({"tokens": [["special"]]}, "a damaged header"),
        ({"tokens": 3}, "a damaged header"),
        ({"who": "me"}, "a damaged header .*unexpected keyword argument 'who'"),
        ({"settings": {"width": 24, "layers": 2}}, "its tensors are not those of this model"),
        ({"settings": {"size": 24}}, "unknown setting of lstm 'size'; known: "),
        ({"kind": "mamba"}, "unknown kind of guide 'mamba'; known: .*lstm.*transformer"),
        ({"kind": "uniform"}, "unknown kind of guide 'uniform'; known: "),
    ],
)
def test_a_file_that_does_not_fit_is_refused(saved: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_trainable(rewritten(saved, **changes))


def test_it_is_read_as_the_safetensors_package_reads_it(saved: Path) -> None:
    from safetensors.numpy import load_file

    theirs, ours = load_file(saved), read_guide_file(saved).tensors
    assert theirs.keys() == ours.keys()
    assert all((theirs[name] == ours[name]).all() and theirs[name].dtype == ours[name].dtype for name in theirs)


def test_a_tensor_of_an_unknown_type_is_named(saved: Path) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data.replace(b'"dtype":"F32"', b'"dtype":"F99"', 1))
    with pytest.raises(InputError, match=r"guide\.safetensors: tensor \S+ cannot be read \('F99'\)"):
        read_guide_file(saved)


def test_a_guide_that_counts_is_written_by_the_same_door(tmp_path: Path) -> None:
    programs = [program for _, program in some_pairs(1)]
    guide = NGram(n=2).fit(programs, "lists")
    write_guide_file(tmp_path / "n", guide.to_file())
    guide.save(tmp_path / "m")
    assert (tmp_path / "n").read_bytes() == (tmp_path / "m").read_bytes()
    assert read_guide_file(tmp_path / "n", tensors=False).kind == "ngram"


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(saved: Path, share: float) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match=r"guide\.safetensors: (truncated: \d+ bytes|no guide; allowed)"):
        load_guide(saved)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello, world\n", b"PK\x03\x04" + bytes(100), bytes(64), b"\x02" + bytes(7) + b"[]", b"\xff" * 64],
    ids=["empty", "text", "zip", "zeros", "list", "ones"],
)
def test_a_foreign_file_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x: (no guide; allowed|truncated)"):
        load_guide(path)


def test_tensors_of_someone_else_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"w": torch.zeros(3)}, tmp_path / "x")
    with pytest.raises(InputError, match="tensors, but not a neurosynth guide"):
        load_guide(tmp_path / "x")


def test_a_missing_file_is_named_with_what_is_near(saved: Path) -> None:
    with pytest.raises(InputError, match=r"no such file; did you mean guide\.safetensors"):
        load_guide(saved.with_name("gide.safetensors"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load_guide(tmp_path)


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_keeps_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = saved.read_bytes()
    monkeypatch.setattr(os if failing == "fsync" else Path, failing, full)
    with pytest.raises(
        InputError, match="No space left on device; the old file is unchanged; free some space, or give another --out"
    ):
        save_guide(saved, small(seed=1))
    monkeypatch.undo()
    assert saved.read_bytes() == before
    assert [p.name for p in saved.parent.iterdir()] == [saved.name]  # no temporary file stays
    load_guide(saved)
