"""The laboratory's report of a batch: without it, numbers that were written down as assayed settle nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pydantic import ConfigDict

from lowdose.audit import Professional
from lowdose.audit.professional import says_nothing
from lowdose.errors import InvalidInput


@dataclass(frozen=True)
class Assay:
    """The laboratory's report that assayed contents and potency were copied from.

    Parameters
    ----------
    laboratory, report, method : str
        Who assayed it, the number of the report, and how, such as HPLC.
    on : date
        Of the report.
    compared_by : Professional, optional
        Who held what was copied against the report; needed where it looks like weights.

    Raises
    ------
    InvalidInput
        If one of them says nothing, or the method is weighing: a weight shows how much powder there is, not how much
        drug.

    Examples
    --------
    >>> Assay("Quality Ltd", "Q-2026-81", "HPLC", date(2026, 12, 3)).report
    'Q-2026-81'
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    laboratory: str
    report: str
    method: str
    on: date
    compared_by: Professional | None = None

    @property
    def words(self) -> str:
        """As the worksheet says it."""
        compared = f", held against the report by {self.compared_by}" if self.compared_by else ""
        return f"{self.method}, report {self.report} of {self.laboratory}, {self.on}{compared}"

    def __post_init__(self) -> None:
        for name in ("laboratory", "report", "method"):
            if says_nothing(getattr(self, name)):
                raise InvalidInput(f"the {name} of the assay is not given", remedy="copy it from the report")
        if any(word in self.method.casefold() for word in ("weigh", "balance", "gravimet")):
            raise InvalidInput(
                f"{self.method!r} is no assay: a weight shows how much powder there is, not how much drug",
                remedy="have the contents assayed; give weights as weights:",
            )
