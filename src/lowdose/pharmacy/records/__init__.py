"""The Master Formulation Record, the Compounding Record, and the decision to release."""
