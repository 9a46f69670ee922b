"""How fast the engine is, beside other solvers at equal achieved error."""
