"""The screen: every rule of a phase against what is known."""
