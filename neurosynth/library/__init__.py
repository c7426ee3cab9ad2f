"""Library learning: a language grows from solved tasks (DreamCoder, Ellis et al., PLDI 2021; Stitch, Bowers et al., POPL 2023)."""
