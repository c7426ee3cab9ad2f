"""The shipped languages: each is an ordinary plugin, found by its entry point like anyone's."""
