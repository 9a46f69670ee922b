"""Amounts: exact, as people write them, refused where they cannot be; the lines of a worksheet."""
