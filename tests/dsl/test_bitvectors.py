"""The language ``bitvectors``: operators with indices in their name."""

from __future__ import annotations

import pytest
from neurosynth_dsls.bitvectors import bitvectors

from neurosynth.errors import InputError, UnknownNameError
from tests.dsl.rows.bitvectors import at_width


def test_what_can_be_undone_has_an_inverse() -> None:
    operators = [*bitvectors.primitives, "rotate_left 1", "rotate_right 1", "extract 3 0", "repeat 2"]
    assert {name for name in operators if bitvectors[name].inverse} == {
        *("bvnot", "bvneg", "bvadd", "bvsub", "bvxor", "bvxnor", "bvmul", "bvshl", "bvlshr", "bvashr"),
        *("ext_rotate_left", "ext_rotate_right", "ubv_to_int", "bv2nat", "sbv_to_int"),
        *("not", "xor", "rotate_left 1", "rotate_right 1"),
    }


def test_types_of_indexed_operators() -> None:
    assert str(bitvectors["extract 15 8"].type) == "bitvec n -> bitvec 8"
    assert str(at_width("zero_extend 24", 8).type) == "bitvec 8 -> bitvec 32"
    assert str(at_width("repeat 3", 8).type) == "bitvec 8 -> bitvec 24"
    assert str(bitvectors["concat"].at({"n": 8, "m": 4}).type) == "bitvec 8 -> bitvec 4 -> bitvec 12"
    assert bitvectors["extract 7 0"].smtlib == "(_ extract 7 0)"
    assert bitvectors["extract 7 0"] == bitvectors["extract 7 0"] != bitvectors["extract 7 1"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("extract 3 5", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("extract 64 0", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("extract 3", "allowed: extract i j with 63 >= i >= j >= 0"),
        ("zero_extend 64", "allowed: zero_extend k with k from 0 to 63"),
        ("sign_extend 99", "allowed: sign_extend k with k from 0 to 63"),
        ("repeat 0", "allowed: repeat k with k from 1 to 64"),
        ("repeat 65", "allowed: repeat k with k from 1 to 64"),
        ("rotate_left 9223372036854775808", "allowed: rotate_left k with k from 0 to"),
    ],
)
def test_wrong_indices_are_named(name: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        bitvectors[name]
    assert str(caught.value).startswith(f"no bit-vector operator '{name}'; {says}")


@pytest.mark.parametrize("name", ["extract", "extract 7 x", "shuffle 3", "bvad"])
def test_other_names_are_unknown(name: str) -> None:
    assert name not in bitvectors
    with pytest.raises(UnknownNameError, match="unknown primitive of language 'bitvectors'"):
        bitvectors[name]
