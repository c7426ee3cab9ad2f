"""Neural guides without torch: the same numbers as with it, along programs, in batches, decoded; and no torch is loaded."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="what numpy gives is compared with torch: the extra 'neural' is not installed"
)

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from neurosynth.errors import InputError  # noqa: E402
from neurosynth.guides.base import RuleGuide, SequenceGuide  # noqa: E402
from neurosynth.guides.decoding import beam  # noqa: E402
from neurosynth.guides.files import read_guide_file, write_guide_file  # noqa: E402
from neurosynth.guides.kinds import build_guide, load_guide, load_trainable, save_guide  # noqa: E402
from neurosynth.guides.neural import NeuralGuide, NeuralRuleGuide, NeuralState  # noqa: E402
from neurosynth.guides.numpy_guides import NumpyGuide, NumpyRuleGuide, NumpyState  # noqa: E402
from neurosynth.guides.numpy_parts import gelu, log_softmax, sigmoid  # noqa: E402
from neurosynth.language.load import load_language  # noqa: E402
from neurosynth.tasks.grammar import task_grammar  # noqa: E402
from neurosynth.testing import check_guide  # noqa: E402
from tests.guides.neural_cases import LANGUAGE, PAIRS, SMALL  # noqa: E402

CLOSE = 1e-4
SEQUENCES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rnn", {}),
    ("rnn", {"activation": "tanh"}),
    ("lstm", {}),
    ("lstm", {"layers": 3}),
    ("gru", {}),
    ("transformer", {}),
    ("transformer", {"positions": "learned", "heads": 2, "layers": 2}),
    ("lstm", {"signatures": False, "crossing": False}),
    ("gru", {"pool": "attention", "crossing": False}),
    ("transformer", {"signatures": False}),
    ("transformer", {"pool": "attention"}),
)
RULES: tuple[dict[str, Any], ...] = (
    {},
    {"activation": "tanh"},
    {"activation": "sigmoid", "layers": 1},
    {"pool": "attention"},
    {"signatures": False, "crossing": False},
    {"signatures": False, "pool": "attention"},
)


def both(kind: str, folder: Path, **more: Any) -> tuple[Any, Any]:
    """An untrained guide by torch, and the same from its file without."""
    guide = build_guide(kind, LANGUAGE, {**SMALL, **more}, 3)
    with torch.no_grad():
        for tensor in guide.module.parameters():
            tensor.mul_(1.5)  # away from where everything is alike
    save_guide(folder / "g", guide)
    return guide, load_guide(folder / "g", LANGUAGE)


@pytest.mark.parametrize(("kind", "more"), SEQUENCES)
def test_next_tokens_have_the_same_log_probabilities(kind: str, more: dict[str, Any], tmp_path: Path) -> None:
    theirs, ours = both(kind, tmp_path, **more)
    assert isinstance(theirs, NeuralGuide)
    assert isinstance(ours, NumpyGuide)
    assert ours.name == kind
    for task, program in PAIRS:
        ids = theirs.vocabulary.encode(program, theirs.vocabulary.constants(task.constants))
        one: NeuralState | NumpyState = theirs.start(task)
        other: NeuralState | NumpyState = ours.start(task)
        for token in ids:
            assert np.abs(one.log_probs() - other.log_probs()).max() < CLOSE
            rows, tokens = np.array([0]), np.array([token])
            one, other = one.advance(rows, tokens), other.advance(rows, tokens)
        assert np.abs(one.log_probs() - other.log_probs()).max() < CLOSE
        assert other.log_probs().dtype == np.float32


@pytest.mark.parametrize(("kind", "more"), SEQUENCES[2:6])
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_in_batches_and_gathered(kind: str, more: dict[str, Any], data: st.DataObject, tmp_path_factory: Any) -> None:
    theirs, ours = both(kind, tmp_path_factory.mktemp("g"), **more)
    task, _ = data.draw(st.sampled_from(PAIRS))
    size = len(theirs.vocabulary)
    states: list[list[Any]] = [[theirs.start(task)], [ours.start(task)]]
    parts = data.draw(st.lists(st.lists(st.integers(3, size - 1), min_size=1, max_size=4), min_size=1, max_size=3))
    for own in states:
        own += [own[0].advance(np.zeros(len(part), np.int64), np.array(part)) for part in parts]
    picked = [(i, r) for i, part in enumerate(parts) for r in range(len(part))]
    chosen = data.draw(st.lists(st.sampled_from(picked), min_size=1, max_size=6))
    batch, row = np.array([b for b, _ in chosen]), np.array([r for _, r in chosen])
    tokens = np.array(data.draw(st.lists(st.integers(3, size - 1), min_size=len(chosen), max_size=len(chosen))))
    found = []
    for own in states:
        together = own[1].gather(own[1:], batch, row)
        assert np.abs(together.log_probs() - np.stack([own[1 + b].log_probs()[r] for b, r in chosen])).max() < 1e-6
        found.append(together.advance(np.arange(len(chosen)), tokens).log_probs())
    assert np.abs(found[0] - found[1]).max() < CLOSE


@pytest.mark.parametrize("more", RULES)
def test_productions_have_the_same_log_probabilities(more: dict[str, Any], tmp_path: Path) -> None:
    theirs, ours = both("feedforward", tmp_path, **more)
    assert isinstance(theirs, NeuralRuleGuide)
    assert isinstance(ours, NumpyRuleGuide)
    for task, _ in PAIRS:
        grammar = task_grammar(task, LANGUAGE)
        assert np.abs(theirs.predict(task, grammar).logprobs - ours.predict(task, grammar).logprobs).max() < CLOSE


@pytest.mark.parametrize("kind", ["feedforward", "rnn", "lstm", "gru", "transformer"])
def test_they_are_guides(kind: str, tmp_path: Path) -> None:
    lists = load_language("lists")
    save_guide(tmp_path / "g", build_guide(kind, lists, {"width": 16, "layers": 2}, 0))
    ours = load_guide(tmp_path / "g")
    assert isinstance(ours, RuleGuide if kind == "feedforward" else SequenceGuide)
    check_guide(ours, language=lists)


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_the_same_programs_are_decoded(kind: str, tmp_path: Path) -> None:
    theirs, ours = both(kind, tmp_path)
    for task, _ in PAIRS[:4]:
        grammar = task_grammar(task, LANGUAGE)
        one, other = (list(beam(g, task, grammar, width=20, max_tokens=12)) for g in (theirs, ours))
        assert [str(d) for d in one] == [str(d) for d in other]
        assert [d.logprob for d in one] == pytest.approx([d.logprob for d in other], abs=CLOSE)


def test_the_shipped_ones_give_the_same_with_torch() -> None:
    from neurosynth_dsls import guides

    from neurosynth.tasks.task import Task, example

    task = Task(
        [example("Ada Lovelace", output="AL"), example("Alan Turing", output="AT"), example("é 🙂", output="é")]
    )
    strings = load_language("strings")
    theirs, ours = load_trainable(guides.strings_lstm.file, strings), load_guide(guides.strings_lstm.file, strings)
    grammar = task_grammar(task, strings)
    assert isinstance(theirs, NeuralGuide)
    assert isinstance(ours, NumpyGuide)
    one, other = (list(beam(g, task, grammar, width=64)) for g in (theirs, ours))
    assert [str(d) for d in one] == [str(d) for d in other]
    assert [d.logprob for d in one] == pytest.approx([d.logprob for d in other], abs=CLOSE)


def test_a_program_past_the_last_position_is_refused(tmp_path: Path) -> None:
    _, ours = both("transformer", tmp_path, max_tokens=8, max_length=16)
    state = ours.start(PAIRS[0][0])
    for _ in range(15):  # START is read already
        state = state.advance(np.array([0]), np.array([4]))
    with pytest.raises(InputError, match="the transformer has 16 positions and the program is longer"):
        state.advance(np.array([0]), np.array([4]))


@pytest.mark.parametrize("kind", ["feedforward", "lstm", "transformer"])
def test_tensors_of_another_model_are_refused_when_loaded(kind: str, tmp_path: Path) -> None:
    both(kind, tmp_path)
    file = read_guide_file(tmp_path / "g")
    lost = {name: t for name, t in file.tensors.items() if not name.endswith("vectors.read.weight")}
    cut = {n: t[..., :-1] if n.endswith("vectors.read.weight") else t for n, t in file.tensors.items()}
    for tensors in (lost, cut):
        write_guide_file(tmp_path / "h", replace(file, tensors=tensors))
        with pytest.raises(InputError, match=r"h: its tensors are not those of this model: .*; train the guide again"):
            load_guide(tmp_path / "h", LANGUAGE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.finfo(np.float32).max])
@pytest.mark.parametrize("kind", ["feedforward", "lstm", "transformer"])
def test_weights_that_are_no_numbers_are_refused(kind: str, value: float, tmp_path: Path) -> None:
    both(kind, tmp_path)
    file = read_guide_file(tmp_path / "g")
    tensors = {name: np.full_like(t, value) for name, t in file.tensors.items()}
    write_guide_file(tmp_path / "h", replace(file, tensors=tensors))

    def used() -> object:
        guide, task = load_guide(tmp_path / "h", LANGUAGE), PAIRS[0][0]
        return guide.predict(task, task_grammar(task, LANGUAGE)) if isinstance(guide, RuleGuide) else guide.start(task)

    with pytest.raises(InputError, match="not finite numbers"):  # and no warning, which would be an error here
        used()


def test_functions() -> None:
    x = np.linspace(-12, 12, 4001, dtype=np.float32)
    assert np.abs(gelu(x) - torch.nn.functional.gelu(torch.from_numpy(x)).numpy()).max() < 2e-6
    assert np.abs(sigmoid(x) - torch.from_numpy(x).sigmoid().numpy()).max() < 1e-6
    assert sigmoid(np.array([-1e4], np.float32))[0] == 0
    rows = x[:4000].reshape(40, 100)
    assert np.abs(log_softmax(rows) - torch.from_numpy(rows).log_softmax(-1).numpy()).max() < 1e-5


WITHOUT_TORCH = """
import sys
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "safetensors", "lightning_fabric"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Refuses())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in ("torch", "safetensors", "lightning_fabric") else find(name, *more)
import neurosynth as ns
from neurosynth.guides.trained import find_guide, as_rules, trained_guides
from neurosynth.testing import check_guide
for language in ("lists", "strings"):
    loaded = ns.load_language(language)
    assert all(not t.unusable(loaded) for t in trained_guides(loaded)), [t.unusable(loaded) for t in trained_guides(loaded)]
task = ns.Task([ns.example("ada lovelace", output="LOVELACE"), ns.example("alan turing", output="TURING")])
result = ns.synthesize(task, "strings", guide="strings-lstm")
assert result.solved and result.guide == "lstm", result
try:
    from neurosynth.guides.kinds import build_guide
    build_guide("lstm", ns.load_language("lists"), {}, 0)
except ns.InputError as error:
    print(error)
print(any(m.split(".")[0] == "torch" for m in sys.modules))
"""


def test_without_torch_the_shipped_guides_are_used_and_none_is_trained() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    assert "a guide of kind lstm needs torch, safetensors, lightning_fabric, not installed here" in lines[0]
    assert lines[1] == "False"
