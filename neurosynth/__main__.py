"""``python -m neurosynth`` is the command line."""

from neurosynth.cli import main

if __name__ == "__main__":
    main()
