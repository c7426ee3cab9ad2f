"""Strategies: ways to propose programs for a task, each a package or a module of its own."""
