"""What a leaflet says about each rule of a plan, in a patient's words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data


class Words(Block):
    """What a patient notices, and does about it; the rules behind it, and the side effects it is said for."""

    rules: tuple[str, ...]
    notices: str
    does: str
    effects: tuple[str, ...] = ()


class PatientWords(Block):
    """The whole of ``patient_words.yaml``."""

    schema_: Literal["lowdose.patient-words/1"] = Field(alias="schema")
    noticed: tuple[Words, ...]
    urgent: tuple[Words, ...]
    missed: tuple[Words, ...]
    kept_for: dict[str, str]

    @property
    def every(self) -> tuple[Words, ...]:
        """All of them, wherever they stand."""
        return (*self.noticed, *self.urgent, *self.missed)


@cache
def patient_words() -> PatientWords:
    """The words, read once.

    Examples
    --------
    >>> [words.rules for words in patient_words().missed]
    [('MIS-002',), ('MIS-001',)]
    """
    return PatientWords.model_validate(
        data(files("lowdose.report.paper").joinpath("patient_words.yaml").read_text("utf-8"))
    )
