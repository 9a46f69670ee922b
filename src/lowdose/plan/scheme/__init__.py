"""One scheme for one person: the source's values, the prescriber's choices inside them, and what the rules ask."""
