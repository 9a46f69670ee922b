"""How long it keeps, and whether the drug is evenly spread."""
