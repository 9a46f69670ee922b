"""How much of what a course of treatment needs: strengths, counts, bottles."""
