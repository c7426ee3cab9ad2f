"""The undefined value: an expression without a value, and the exception that carries it through an evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["UNDEFINED", "Undefined", "UndefinedType", "within_size"]


class Undefined(Exception):
    """Raised inside an evaluation when a value is undefined (head of an empty list, a budget overrun)."""


class UndefinedType:
    """The value of an undefined expression; a singleton, ``UNDEFINED``."""

    _instance: UndefinedType | None = None

    def __new__(cls) -> UndefinedType:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __reduce__(self) -> str:
        return "UNDEFINED"


UNDEFINED = UndefinedType()


def within_size(size: int) -> Callable[[Any], Any]:
    """The check of values that have a length: ``Undefined`` is raised for those longer than ``size``."""

    def check(value: Any) -> Any:
        if len(value) > size:
            raise Undefined("size budget")
        return value

    return check
