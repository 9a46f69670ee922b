"""A patient file: one person's answers under a pseudonym."""
