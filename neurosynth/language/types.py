"""Types as the language layer names them; their home is :mod:`neurosynth.values.types`."""

from __future__ import annotations

from neurosynth.values.types import (
    BOOL,
    INT,
    STRING,
    Arrow,
    Size,
    Type,
    TypeConstructor,
    TypeVariable,
    bitvec,
    is_ground,
    list_of,
    parse_type,
    substitute,
    type_variables,
    unify,
)

__all__ = [
    "BOOL",
    "INT",
    "STRING",
    "Arrow",
    "Size",
    "Type",
    "TypeConstructor",
    "TypeVariable",
    "bitvec",
    "is_ground",
    "list_of",
    "parse_type",
    "substitute",
    "type_variables",
    "unify",
]
