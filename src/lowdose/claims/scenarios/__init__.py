"""Claims put to the model: which run, which number of it, against which bound, and what would turn the answer."""
