"""The rules as data, their three-valued logic, and where their sources disagree."""
