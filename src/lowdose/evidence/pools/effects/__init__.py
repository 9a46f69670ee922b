"""Effect sizes: what a trial reported, as an estimate and its variance."""
