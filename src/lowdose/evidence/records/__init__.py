"""What is written down: a study's schema, the data as they lie in the package, numbers that are derived."""
