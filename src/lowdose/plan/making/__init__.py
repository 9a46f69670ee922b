"""A dated plan for one person, or the refusal to make it."""
