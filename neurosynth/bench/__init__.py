"""Benchmarking: run suites under fixed limits, a row a task, and report on the rows."""
