"""The messages for program text: a table that is also the catalogue."""

from __future__ import annotations

from textwrap import dedent

import pytest

from neurosynth.errors import ParseError
from neurosynth.language.syntax import parse_program
from tests.strategies import tiny

TINY = tiny()

MESSAGES = [
    (
        "(take x0 2)",
        "list int -> list int",
        """
        type error in language 'tiny', line 1, column 7
            (take x0 2)
                  ^^
          argument 1 of take is int; x0 is list int
          take : int -> list a -> list a    "First n elements."
          did you mean (take 2 x0)?
        """,
    ),
    (
        "(fold 0 (lambda (a b) (+ a b)) x0)",
        "list int -> int",
        """
        type error in language 'tiny', line 1, column 7
            (fold 0 (lambda (a b) (+ a b)) x0)
                  ^
          argument 1 of fold is a -> b -> a; 0 is int
          fold : (b -> a -> b) -> b -> list a -> b    "From the left."
          did you mean (fold (lambda (a b) (+ a b)) 0 x0)?
        """,
    ),
    (
        '(+ 1\n   (take "a"\n     x0))',
        "list int -> int",
        """
        type error in language 'tiny', line 2, column 10
               (take "a"
                     ^^^
          argument 1 of take is int; "a" is string
          take : int -> list a -> list a    "First n elements."
        """,
    ),
    (
        "(+ 1\n   (take 1\n     x0))",
        "list int -> int",
        """
        type error in language 'tiny', line 2, column 4
               (take 1
               ^^^^^^^
          argument 2 of + is int; (take 1 x0) is list int
          + : int -> int -> int    "Sum."
        """,
    ),
    (
        "(take 2 x0)",
        "list int -> int",
        """
        type error in language 'tiny', line 1, column 1
            (take 2 x0)
            ^^^^^^^^^^^
          the program is list int; type list int -> int asks for int
        """,
    ),
    (
        "(map (lambda (a) (+ a 1) x0",
        None,
        """
        syntax error in language 'tiny', line 1, column 28
            (map (lambda (a) (+ a 1) x0
                                       ^
          the text ends with 2 brackets open; the innermost opened at line 1, column 6
          if nothing else is missing, add ))
        """,
    ),
    (
        "(take 2\n  [1 2",
        None,
        """
        syntax error in language 'tiny', line 2, column 7
              [1 2
                  ^
          the text ends with 2 brackets open; the innermost opened at line 2, column 3
          if nothing else is missing, add ])
        """,
    ),
    (
        "(+ 1 2) 3 4",
        None,
        """
        syntax error in language 'tiny', line 1, column 9
            (+ 1 2) 3 4
                    ^^^
          the program is complete before this
          remove the rest, or put all of it into one pair of parentheses
        """,
    ),
    (
        "(+ 1 2))",
        None,
        """
        syntax error in language 'tiny', line 1, column 8
            (+ 1 2))
                   ^
          the program is complete before this
          remove the rest, or put all of it into one pair of parentheses
        """,
    ),
    (
        ")",
        None,
        """
        syntax error in language 'tiny', line 1, column 1
            )
            ^
          ) closes nothing
          expected a program: x0, 1 or (primitive argument …)
        """,
    ),
    (
        "(take 1 [1 2)",
        None,
        """
        syntax error in language 'tiny', line 1, column 13
            (take 1 [1 2)
                        ^
          ) does not close the [ of line 1, column 9
          expected ]
        """,
    ),
    (
        "(take 2)",
        None,
        """
        type error in language 'tiny', line 1, column 1
            (take 2)
            ^^^^^^^^
          take takes 2 arguments, 1 given
          take : int -> list a -> list a    "First n elements."
        """,
    ),
    (
        "(zero 1)",
        None,
        """
        type error in language 'tiny', line 1, column 1
            (zero 1)
            ^^^^^^^^
          zero takes no arguments, 1 given
          zero : int    "Nought."
        """,
    ),
    (
        "(+ 1 (tak 2 x0))",
        None,
        """
        unknown name in language 'tiny', line 1, column 7
            (+ 1 (tak 2 x0))
                  ^^^
          no primitive is called tak
          take : int -> list a -> list a    "First n elements."
          did you mean take?
        """,
    ),
    (
        "(frobnicate x0)",
        None,
        """
        unknown name in language 'tiny', line 1, column 2
            (frobnicate x0)
             ^^^^^^^^^^
          no primitive is called frobnicate
          primitives: +, =, bvconcat, bvnot, div, filter, fold, head, if, map, not, pair, repeat, take, zero
        """,
    ),
    (
        "(map (lambda (item) (+ x2 itm)) x0)",
        None,
        """
        unknown name in language 'tiny', line 1, column 27
            (map (lambda (item) (+ x2 itm)) x0)
                                      ^^^
          nothing is called itm here
          inputs are called x0, x1 …; parameters: item
          did you mean item?
        """,
    ),
    (
        "(+ x0 x1)",
        "int -> int",
        """
        unknown name in language 'tiny', line 1, column 7
            (+ x0 x1)
                  ^^
          nothing is called x1 here
          inputs: x0
        """,
    ),
    (
        "(map not x0)",
        None,
        """
        type error in language 'tiny', line 1, column 6
            (map not x0)
                 ^^^
          not is a function, and a value is needed here
          not : bool -> bool    "The other one."
          apply it to its arguments, or write (lambda (a) (not a)) where a function is wanted
        """,
    ),
    (
        "(+ (x0 1) 2)",
        None,
        """
        type error in language 'tiny', line 1, column 5
            (+ (x0 1) 2)
                ^^
          x0 is a value; only primitives can be applied
          write it without the parentheses
        """,
    ),
    (
        "((+ 1 2) 3)",
        None,
        """
        type error in language 'tiny', line 1, column 2
            ((+ 1 2) 3)
             ^^^^^^^
          (+ 1 2) is a value; only primitives can be applied
        """,
    ),
    (
        "()",
        None,
        """
        type error in language 'tiny', line 1, column 1
            ()
            ^^
          () is not a program
          expected (primitive argument …) or (lambda (a) body)
        """,
    ),
    (
        "(map (lambda (a b) a) x0)",
        None,
        """
        type error in language 'tiny', line 1, column 6
            (map (lambda (a b) a) x0)
                 ^^^^^^^^^^^^^^^^
          argument 1 of map is a -> b; this lambda has 2 parameters, not 1
        """,
    ),
    (
        "(filter (lambda (a) (+ a 1)) x0)",
        None,
        """
        type error in language 'tiny', line 1, column 21
            (filter (lambda (a) (+ a 1)) x0)
                                ^^^^^^^
          argument 1 of filter is int -> bool; the lambda's body (+ a 1) is int
        """,
    ),
    (
        "(+ (lambda (a) a) 1)",
        None,
        """
        type error in language 'tiny', line 1, column 4
            (+ (lambda (a) a) 1)
               ^^^^^^^^^^^^^^
          argument 1 of + is int; (lambda (a) a) is a -> a
          + : int -> int -> int    "Sum."
        """,
    ),
    (
        "(map (lambda a a) x0)",
        None,
        """
        syntax error in language 'tiny', line 1, column 6
            (map (lambda a a) x0)
                 ^^^^^^^^^^^^
          a lambda has a list of parameters and one body
          write (lambda (a b) body)
        """,
    ),
    (
        "(fold (lambda (a a) a) 1 x0)",
        None,
        """
        syntax error in language 'tiny', line 1, column 18
            (fold (lambda (a a) a) 1 x0)
                             ^
          the lambda has two parameters called a
          give one another name
        """,
    ),
    (
        '[1 "a"]',
        None,
        """
        type error in language 'tiny', line 1, column 4
            [1 "a"]
               ^^^
          element 2 of the list is string; those before it are int
          all need the same type
        """,
    ),
    (
        "[1 x0]",
        None,
        """
        syntax error in language 'tiny', line 1, column 4
            [1 x0]
               ^^
          x0 is not a literal
          lists in brackets hold literals only, [1 2 3]
        """,
    ),
    (
        "(= x0 #xfg)",
        None,
        """
        syntax error in language 'tiny', line 1, column 7
            (= x0 #xfg)
                  ^^^^
          #xfg is not a literal
          allowed: #x and hexadecimal digits, #b and binary digits
        """,
    ),
    (
        "(+ 1 2.5)",
        None,
        """
        type error in language 'tiny', line 1, column 6
            (+ 1 2.5)
                 ^^^
          argument 2 of + is int; 2.5 is decimal
          + : int -> int -> int    "Sum."
        """,
    ),
    (
        "(+ 1 .5)",
        None,
        """
        syntax error in language 'tiny', line 1, column 6
            (+ 1 .5)
                 ^^
          .5 is not a literal
          literals are integers, true, false, 2.5, 2024-01-31, 17:30, "text", #x0f, #b01 and lists of these, [1 2 3]
        """,
    ),
    (
        "(+ 1 2023-02-29)",
        None,
        """
        syntax error in language 'tiny', line 1, column 6
            (+ 1 2023-02-29)
                 ^^^^^^^^^^
          2023-02-29 is not a literal: day is out of range for month
        """,
    ),
    (
        '(repeat 2 "abc)',
        None,
        """
        syntax error in language 'tiny', line 1, column 11
            (repeat 2 "abc)
                      ^^^^^
          a string opens here and has no end
          add " where it ends
        """,
    ),
    (
        r'(repeat 2 "a\qb")',
        None,
        r"""
        syntax error in language 'tiny', line 1, column 13
            (repeat 2 "a\qb")
                        ^^
          unknown escape in a string: \q
          allowed: \" \\ \n \t \r \u{hex digits up to 10ffff}
        """,
    ),
    (
        "(map (lambda (a) $1) x0)",
        None,
        """
        unknown name in language 'tiny', line 1, column 18
            (map (lambda (a) $1) x0)
                             ^^
          no lambda binds $1; lambda parameters that can be used here: 1
        """,
    ),
    (
        "(= (bvnot x0) (bvconcat x0 x1))",
        None,
        """
        type error in language 'tiny', line 1, column 15
            (= (bvnot x0) (bvconcat x0 x1))
                          ^^^^^^^^^^^^^^^^
          argument 2 of = is bitvec a; (bvconcat x0 x1) is bitvec a+b
          = : a -> a -> bool    "Whether both are the same."
        """,
    ),
    (
        "(= (bvconcat x0 x0) #b101)",
        None,
        """
        type error in language 'tiny', line 1, column 21
            (= (bvconcat x0 x0) #b101)
                                ^^^^^
          argument 2 of = is bitvec a+a; #b101 is bitvec 3
          = : a -> a -> bool    "Whether both are the same."
        """,
    ),
]


@pytest.mark.parametrize(("text", "request_", "message"), MESSAGES, ids=[m[0] for m in MESSAGES])
def test_messages(text: str, request_: str | None, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_program(text, TINY, request=request_)
    assert str(caught.value) == dedent(message).strip("\n")
    assert f"line {caught.value.line}, column {caught.value.column}\n" in str(caught.value)
    assert caught.value.detail in str(caught.value)
    assert "\n" not in caught.value.detail


@pytest.mark.parametrize("text", ["", "  \n ", "; nothing\n"])
def test_empty_text_says_so(text: str) -> None:
    with pytest.raises(ParseError, match="the text is empty\n  expected a program: x0, 1 or") as caught:
        parse_program(text, TINY)
    assert (caught.value.line, caught.value.column) == (1, 1)


def test_tabs_are_kept_under_the_line_and_long_lines_are_cut() -> None:
    with pytest.raises(ParseError) as caught:
        parse_program("\t(+ 1\ty)", TINY)
    assert str(caught.value).split("\n")[1:3] == ["    \t(+ 1\ty)", "    \t    \t^"]
    with pytest.raises(ParseError) as caught:
        parse_program("(+ (+ 1 2) " * 30 + "yy" + ")" * 30, TINY)
    line, carets = str(caught.value).split("\n")[1:3]
    assert len(line) < 110
    assert line[carets.index("^") : carets.index("^") + carets.count("^")] == "yy"


def test_messages_of_trials_do_not_grow_with_nesting() -> None:
    text = "(take x0 2)"
    for _ in range(30):
        text = f"(fold (lambda (a b) {text}) 1 x0)"
    with pytest.raises(ParseError, match="argument 1 of take is int"):
        parse_program(text, TINY, request="list int -> int")
