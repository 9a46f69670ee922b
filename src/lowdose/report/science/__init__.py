"""The page "The science, and how far to trust it": every module, its figure, and what stands behind its numbers."""

from lowdose.report.science.page import science_page, write_science

__all__ = ["science_page", "write_science"]
