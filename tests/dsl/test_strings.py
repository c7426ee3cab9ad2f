"""The language ``strings``: its constants and names, and the classes of characters its kernels go by."""

from __future__ import annotations

from neurosynth_dsls.strings import machine, strings


def test_constants_are_texts_and_numbers() -> None:
    found = {c.value: cost for c, cost in strings.constants}
    assert found == {"": 1, " ": 1, ",": 1, ".": 2, "-": 2, 0: 1, 1: 1, 2: 2, 3: 2, -1: 1}


def test_names_of_smtlib_2_6() -> None:
    found = {name: p.smtlib for name, p in strings.primitives.items() if p.smtlib}
    assert found == {"str.to.int": "str.to_int", "int.to.str": "str.from_int", "neg": "-"}


def test_white_space_is_what_strip_and_split_go_by() -> None:
    for c in range(0x110000):
        assert machine.is_space(c) == chr(c).isspace(), hex(c)


def test_ascii_classes_are_those_of_the_functions() -> None:
    tests = {"DIGIT": "str.only_digits", "LETTER": "str.only_letters", "CAPITAL": "str.only_capitals"}
    for c in range(128):
        for kind, name in tests.items():
            belongs = machine.belongs(c, getattr(machine, kind))
            assert belongs == bool(strings[name].function(chr(c))), (kind, c)
        assert machine.belongs(c, machine.SMALL) == chr(c).islower(), c
