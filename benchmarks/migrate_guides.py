"""Rewrite guides of an older format, or of an older version of a language, as this version writes them.

    python benchmarks/migrate_guides.py dsl/neurosynth_dsls/guides/*.json dsl/neurosynth_dsls/guides/*.safetensors

A guide of format 1 named the fingerprint of its whole language; format 2 says of each token what it was.  The fingerprint
has to be that of the language as it is installed, or nothing is known of the tokens.  With ``--accept`` a guide of format 2
is given the types and meanings of now: for a primitive that was corrected, where what was learned about it still holds.
The numbers stay as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from neurosynth.errors import InputError
from neurosynth.guides.files import GuideFile, read_guide_file, write_guide_file
from neurosynth.guides.token_records import TokenRecord, language_records, vocabulary_records
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.tokens import Vocabulary


def checked(path: Path, name: str, fingerprint: str) -> Language:
    """The language, which must be the version the guide was made for."""
    language = load_language(name)
    if language.fingerprint != fingerprint:
        raise InputError(
            f"{path}: made for another version of {name} ({fingerprint}, now {language.fingerprint}); train it again"
        )
    return language


def from_json(path: Path, row: dict[str, Any]) -> GuideFile:
    """A guide that counts, of format 1."""
    about, model = row["neurosynth"], dict(row["model"])
    language = checked(path, about["language"]["name"], about["language"]["fingerprint"])
    if about["kind"] == "ngram":
        tokens = vocabulary_records(Vocabulary(language, **model.pop("slots")))
        settings = model.pop("config")
        return GuideFile(kind="ngram", settings=settings, language=language.name, tokens=tokens, model=model)
    settings = {k: v for k in ("k", "strength") if (v := model.pop(k)) is not None}
    kind = "bigram-pcfg" if "strength" in settings else "pcfg"
    return GuideFile(
        kind=kind, settings=settings, language=language.name, tokens=language_records(language), model=model
    )


def from_tensors(path: Path) -> GuideFile:
    """A neural guide of format 1."""
    from safetensors import safe_open
    from safetensors.numpy import load_file

    with safe_open(path, "numpy") as file:
        about = json.loads(file.metadata()["neurosynth"])
    language = checked(path, about["language"], about["fingerprint"])
    config = about["config"]
    slots = {name: config[name] for name in ("inputs", "constants", "variables")}
    vocabulary = Vocabulary(language, **slots)
    if tuple(about["tokens"]) != vocabulary.tokens:
        raise InputError(f"{path}: its tokens are in another order than this version's; train the guide again")
    return GuideFile(
        kind=about["kind"],
        settings=config,
        language=language.name,
        tokens=vocabulary_records(vocabulary),
        tensors=load_file(path),
        step=about["step"],
        heldout_loss=about["heldout_loss"],
        training=about["training"],
    )


def accepted(guide: GuideFile) -> GuideFile:
    """The guide with the types and meanings that its primitives have now."""
    now = {r.name: r for r in language_records(load_language(guide.language)) if r.kind == "primitive"}

    def renewed(record: TokenRecord) -> TokenRecord:
        return now.get(record.name, record) if record.kind == "primitive" else record

    return replace(guide, tokens=tuple(map(renewed, guide.tokens)))


def old_format(path: Path) -> bool:
    """Whether a file is of format 1."""
    try:
        read_guide_file(path, tensors=False)
    except InputError as error:
        if "in format 1" in str(error):
            return True
        raise
    return False


def main() -> None:
    """Rewrite the files in place."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--accept", action="store_true", help="Give guides the types and meanings of now.")
    given = parser.parse_args()
    for path in given.files:
        if old_format(path):
            text = path.read_bytes()
            found = from_json(path, json.loads(text)) if path.suffix == ".json" else from_tensors(path)
        elif given.accept:
            found = accepted(read_guide_file(path))
        else:
            print(f"{path}: as this version writes it")
            continue
        write_guide_file(path, found)
        print(f"{path}: rewritten, {len(found.tokens)} tokens")


if __name__ == "__main__":
    main()
