"""A named professional approves a plan as it is, and what needs that approval."""
