"""lowdose."""
