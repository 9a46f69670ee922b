"""The page of a condition in three layers: plain words, summary of findings, pictures and study cards."""
