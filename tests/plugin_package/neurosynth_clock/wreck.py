"""A plugin that cannot be loaded: its author forgot a dependency."""

raise ImportError("no module named 'sundial'")
