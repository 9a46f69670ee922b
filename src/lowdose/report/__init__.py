"""The report: one HTML file made from a ``Result``; it opens offline and prints on A4."""

from lowdose.report.page import html, write

__all__ = ["html", "write"]
