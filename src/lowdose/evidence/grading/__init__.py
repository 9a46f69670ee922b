"""How certain a pooled answer is (GRADE), and the rows of a summary of findings."""
