"""Sentences that say where a prediction stops being supported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.model.files import read
from lowdose.model.hypotheses import routes

LOWEST_STUDIED_ORAL_DOSE_MG = 16.0
"""Lowest oral dose with published blood levels (2 x 8 mg extended release, US label of Contrave)."""


class _Limit(Block):
    when: str
    says: str


class _Domain(Block):
    schema_: Literal["lowdose.domain/1"] = Field(alias="schema")
    limits: tuple[_Limit, ...]


@cache
def _domain() -> _Domain:
    return _Domain.model_validate(data(read("domain.yaml")))


def limits_of_validity(conditions: Collection[str]) -> tuple[str, ...]:
    """The sentences that apply under ``conditions`` (and always).

    Examples
    --------
    >>> limits_of_validity(["route_cream"])[-1][:40]
    'Naltrexone did not pass intact skin in t'
    """
    return tuple(limit.says for limit in _domain().limits if limit.when in {"always", *conditions})


def is_below_oral_studies(doses: Iterable[tuple[str, float]]) -> bool:
    """Whether something is swallowed, and all of it in doses below the lowest with published blood levels.

    ``doses`` are pairs of route and mg.

    Examples
    --------
    >>> is_below_oral_studies([("capsule", 4.5)]), is_below_oral_studies([("capsule", 4.5), ("capsule", 50.0)])
    (True, False)
    >>> is_below_oral_studies([("intravenous", 1.0)])
    False
    """
    swallowed = [dose for route, dose in doses if routes()[route].first_pass != "none"]
    return bool(swallowed) and max(swallowed) < LOWEST_STUDIED_ORAL_DOSE_MG
