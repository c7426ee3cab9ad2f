"""Plugins for neurosynth: the language ``clock``, the search ``shortest``, the kinds of guide ``bag`` and ``often``."""
