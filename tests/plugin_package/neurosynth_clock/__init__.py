"""Plugins for neurosynth: the language ``clock`` and the search ``shortest``."""
