"""Columns drawn at random by rules of plain Python, for bench_made.py."""
