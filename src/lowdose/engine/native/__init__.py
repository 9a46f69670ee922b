"""Models compiled to machine code: many people at once, one in each lane of a vector."""
