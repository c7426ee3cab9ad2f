"""neurosynth: programs from input-output examples."""
