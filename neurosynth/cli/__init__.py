"""The command line, one file a verb."""

from neurosynth.cli.app import main

__all__ = ["main"]
