"""Looking things up: studies, conditions, adverse events, combinations."""
