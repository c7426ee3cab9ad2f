"""The trained guides that come with the languages; README.md says how each was made."""

from __future__ import annotations

from pathlib import Path

from neurosynth.guides.trained import TrainedGuide

_HERE = Path(__file__).parent
_LISTS_BODIES = _HERE / "lists-bodies-lstm.safetensors"
_LISTS_USUAL = _HERE / "lists-usual-feedforward.safetensors"

columns_bigram_pcfg = TrainedGuide("columns-bigram-pcfg", "columns", _HERE / "columns-bigram-pcfg.json")
columns_lstm = TrainedGuide("columns-lstm", "columns", _HERE / "strings-lstm.safetensors", automatic=True)
columns_ngram = TrainedGuide("columns-ngram", "columns", _HERE / "columns-ngram.json")
lists_bigram_pcfg = TrainedGuide("lists-bigram-pcfg", "lists", _HERE / "lists-bigram-pcfg.json")
lists_ngram = TrainedGuide("lists-ngram", "lists", _HERE / "lists-ngram.json")
lists_lstm = TrainedGuide(
    "lists-lstm", "lists", _HERE / "lists-lstm.safetensors", bodies=_LISTS_BODIES, usual=_LISTS_USUAL
)
lists_transformer = TrainedGuide(
    "lists-transformer",
    "lists",
    _HERE / "lists-transformer.safetensors",
    automatic=True,
    bodies=_LISTS_BODIES,
    usual=_LISTS_USUAL,
)
strings_bigram_pcfg = TrainedGuide("strings-bigram-pcfg", "strings", _HERE / "strings-bigram-pcfg.json")
strings_lstm = TrainedGuide("strings-lstm", "strings", _HERE / "strings-lstm.safetensors", automatic=True)
strings_ngram = TrainedGuide("strings-ngram", "strings", _HERE / "strings-ngram.json")
