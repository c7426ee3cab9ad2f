"""Strategies: ways to propose programs for a task, each in a separate package or module."""
