"""Every statement the two articles make: its verdict in the literature, and what lowdose computes of it."""
