"""Benchmarking: run suites under fixed limits, with one row for each task, and report on the rows."""
