"""The twelve rules: what may enter a pool, and what must be said beside it. Each is one named check."""
