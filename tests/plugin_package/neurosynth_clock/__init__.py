"""Plugins for neurosynth: the language ``clock``, the search ``top-down``, the kinds of guide ``bag`` and ``often``."""
