"""Cover: an output text is covered from left to right, in all example rows at once, by pieces that a language offers. A piece is a
program of type text whose value is known on every example row. The cheapest sequence of pieces whose values, joined, are the outputs is
found by Dijkstra's algorithm over tuples of positions, one position a row. Where one cover fails, conditions on the inputs split the
rows, and a table of the outputs is the last resort. Candidates are then judged on all rows of the column, also on those without
outputs. The search knows no language by name.

**Who offers pieces.** A language sets ``language.pieces`` to a :class:`~neurosynth.language.pieces.PieceKit`: its piece sources,
condition sources, and the primitives that join texts and choose; this search skips a language without one. ``source.bind(column)``
reads the column once (its formats, values, delimiters) and returns a :class:`~neurosynth.language.pieces.BoundSource`;
``starting(positions, rests)`` then yields the pieces that every rest of the outputs starts with. Constants are the search's own;
everything else, substrings included, is a source of the language.

**The column** (:class:`~neurosynth.language.pieces.Column`) holds the example rows with their outputs, and all rows of the table, in
their order, those without outputs included: date order, separators and decimal marks are read from all rows.

**Piece**: ``texts`` (one an example row), ``cost`` in bits (an integer: a constant letter costs 6, a digit 9, punctuation 1 to 2),
``build()`` (makes the program, once the piece is wanted), ``value`` (the value it writes, and how that was derived: adjacent pieces
that write one value are cheap) and ``family`` (how the value was derived: the ends of a range share one rounding, parts of one date
come from one date; combining different derivations of the same reading is expensive). ``frame`` says that the piece is a field of a
format (``%d`` of a date): neighbours of one value, and the constants between them, become one call of the writer.

**Values.** A source reads an input by a descriptor (a date format, a number format: ordinary string constants of the program), derives
values (rounding, shifting, linear rules), and writes them by a descriptor read from the outputs. The values come from the primitives'
own Python functions, so that the reference semantics cannot differ; every candidate is checked by it anyway.

**Missing.**  Inputs may be ``None``; a text input that is missing is covered by a branch on ``is_missing``.

**Candidates** are :class:`~neurosynth.search.candidates.Candidate` ``(program, cost, source)``, yielded cheapest
first by :func:`~neurosynth.search.strategies.cover.strategy.candidates`, a generator that ends at its deadline.

What the pieces of ``columns`` need of its primitives (names may differ, :mod:`neurosynth_dsls.columns` has them):

====================================  ===========================================================================================
``datetime.parse fmt text``           ``strptime`` over alternatives ``a|b`` (the first that fits the whole text); a time alone is
                                      on 1 January 1900, as in Python; undefined where none fits
``datetime.format fmt d``             ``strftime`` with ``%-d`` and additions (ordinal suffix, quarter, ISO week …)
``datetime.floor step offset d``      down to a multiple of ``step`` (text: ``30min``, ``1h``, ``1month`` …); ``ceil``, ``nearest``
``datetime.add amount unit d``        shifts; months and years clamp to the end of the month
``decimal.parse fmt text``            exact; ``fmt`` names the decimal mark and grouping
``decimal.format pattern x``          CLDR pattern
``decimal.round step mode x``         to a multiple of a step, the mode named; ``+ - * /`` on decimals
``lookup table default text``         table constant of pairs
====================================  ===========================================================================================
"""
