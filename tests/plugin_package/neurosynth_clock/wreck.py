"""A plugin that does not load: its author forgot a dependency."""

raise ImportError("no module named 'sundial'")
