"""What has been measured in people: blood levels and receptor scans, each with its study and role."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Literal

from pydantic import Field, model_validator

from lowdose.blocks import Block, data

Role = Literal["fitted", "predicted", "context"]


class Study(Block):
    """Where a number was read."""

    name: str
    url: str


class Measure(Block):
    """What of a run corresponds to an observation; exactly one way of reading it."""

    output: str = ""
    metric: str = ""
    at_h: float | None = None
    half_life_h: tuple[float, float] | None = None
    ratio: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Measure:
        ways = [bool(self.metric), self.at_h is not None, self.half_life_h is not None]
        if sum(ways) != 1 or bool(self.output) == (self.ratio is not None):
            raise ValueError("a measure names one output or ratio, and one of metric, at_h, half_life_h")
        return self


class ReportedSpread(Block):
    """Standard deviation and number of people, as reported."""

    sd: float | None = None
    n: int


class Observation(Block):
    """One published number and what the model is held against."""

    study: str
    note: str = ""
    regimen: str = ""
    child_pugh: Literal["A", "B", "C"] | None = None
    measure: Measure | None = None
    quantity: str = ""
    value: float
    unit: str
    spread: ReportedSpread | None = None
    role: Role
    provenance: Literal["found", "derived", "recalled"]
    why: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Observation:
        if (self.role == "context") != bool(self.why and self.quantity and self.measure is None):
            raise ValueError("context rows, and only they, name a quantity and say why nothing corresponds")
        return self


class _Observations(Block):
    schema_: Literal["lowdose.observations/1"] = Field(alias="schema")
    studies: dict[str, Study]
    rows: tuple[Observation, ...]

    @model_validator(mode="after")
    def _studies_are_known(self) -> _Observations:
        unknown = {row.study for row in self.rows} - set(self.studies)
        if unknown:
            raise ValueError(f"unknown studies: {sorted(unknown)}")
        return self


class Scan(Block):
    """One receptor occupancy seen by positron emission tomography."""

    study: str
    dose_mg: float
    regimen: str
    hours: float | None
    time_basis: str
    receptor: Literal["mu", "kappa", "delta"]
    occupancy: float
    dispersion: str
    n: int | None
    reading: str

    @property
    def hour_is_assumed(self) -> bool:
        """Whether the source does not give the hour of the scan."""
        return self.time_basis != "reported"


def _text(name: str) -> str:
    return files("lowdose.calibrate").joinpath(name).read_text(encoding="utf-8")


@cache
def _book() -> _Observations:
    return _Observations.model_validate(data(_text("observations.yaml")))


def observations() -> tuple[Observation, ...]:
    """Every published blood level and what it is used for.

    Examples
    --------
    >>> sorted({row.role for row in observations()})
    ['context', 'fitted', 'predicted']
    """
    return _book().rows


def study(name: str) -> Study:
    """The study an observation names.

    Examples
    --------
    >>> study("verebey").name
    'Verebey 1976'
    """
    return _book().studies[name]


@cache
def scans() -> tuple[Scan, ...]:
    """Every human scan, with a regimen the language understands.

    Where the abstract gives no hour (kappa, 100 mg daily) ``hours`` is None: the mean of the last day is compared.

    Examples
    --------
    >>> scans()[0].regimen, scans()[0].occupancy
    ('2 mg once at 08:00', 0.27)
    """
    return tuple(_scan(row) for row in csv.DictReader(StringIO(_text("pet.csv"))))


_REGIMENS = {
    "single": "{dose} mg once at 08:00",
    "daily from day 15; scan on day 18": "{dose} mg daily at 08:00 for 4 days",
    "daily for 1 week": "{dose} mg daily at 08:00 for 7 days",
}


def _scan(row: dict[str, str]) -> Scan:
    return Scan(
        study=row["study"],
        dose_mg=float(row["dose_mg"]),
        regimen=_REGIMENS[row["regimen"]].format(dose=row["dose_mg"]),
        hours=float(row["time_after_last_dose_h"]) if row["time_after_last_dose_h"] else None,
        time_basis=row["time_basis"],
        receptor=row["receptor"],  # type: ignore[arg-type]
        occupancy=float(row["occupancy"]),
        dispersion=f"{row['dispersion_kind']} {row['sd_or_sem']}".strip(),
        n=int(row["n"]) if row["n"] else None,
        reading=row["reading"],
    )
