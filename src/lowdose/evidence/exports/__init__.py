"""The evidence for other programs: JSON documents, tables, citations, linked data."""
