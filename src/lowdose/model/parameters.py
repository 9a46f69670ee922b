"""Model numbers: each with its unit, spread between people, uncertainty, source, provenance and grade."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.model.files import names, read

Provenance = Literal["found", "derived", "recalled", "assumed"]
Grade = Literal["high", "medium", "low"]

_SHARE_BELOW = NormalDist().cdf


class Lognormal(Block):
    """Positive, with the typical value as median and ``cv`` as coefficient of variation."""

    distribution: Literal["lognormal"]
    cv: Annotated[float, Field(gt=0)]
    source: str
    provenance: Provenance

    def quantile(self, z: NDArray[np.float64], value: float) -> NDArray[np.float64]:
        """Value at standard-normal score ``z``, around the typical ``value``."""
        return value * np.exp(math.sqrt(math.log1p(self.cv**2)) * z)


class Between(Block):
    """Anything from ``low`` to ``high``, even on the scale (uniform) or its logarithm (loguniform)."""

    distribution: Literal["uniform", "loguniform"]
    low: float
    high: float
    source: str
    provenance: Provenance

    @model_validator(mode="after")
    def _ordered(self) -> Between:
        if not self.low < self.high or (self.distribution == "loguniform" and self.low <= 0):
            raise ValueError("low must lie below high (and above 0 for loguniform)")
        return self

    def quantile(self, z: NDArray[np.float64], value: float) -> NDArray[np.float64]:
        """Value at standard-normal score ``z``; the typical ``value`` plays no part."""
        share = np.fromiter(map(_SHARE_BELOW, np.ravel(z).tolist()), np.float64, np.size(z)).reshape(np.shape(z))
        if self.distribution == "uniform":
            return self.low + (self.high - self.low) * share
        return self.low * (self.high / self.low) ** share


EXPOSURE_PER_DOSE: Mapping[str, float] = {"F": 1.0, "F_low_dose_ratio": 1.0, "fu": 1.0, "CL": -1.0}
"""Free exposure after a swallowed dose goes with these parameters, each to this power."""

Spread = Annotated[Lognormal | Between, Field(discriminator="distribution")]


class Parameter(Block):
    """One model number.

    ``between_person`` says how people differ, ``uncertainty`` how well the typical value is known; None means
    not quantified. ``covariate`` numbers act on the person, not in the equations. ``constant`` numbers never vary.
    ``minor`` marks a value that, within its range, moves no reported output by more than a tenth: on all routes, or
    when the dose is swallowed.
    A covariate number ``acts_on`` parameters of the equations.
    ``fitted_through_exposure`` is the power with which a refit would follow exposure per dose: what scans tell
    is blockade at a dose, so if blood levels are in truth lower than modelled, a potency fitted to scans is too.
    """

    name: str
    value: float
    unit: str
    between_person: Spread | None = None
    uncertainty: Spread | None = None
    species: str = "human"
    source: str
    url: str = ""
    provenance: Provenance
    grade: Grade
    limits: tuple[float, float] | None = None
    route: str | None = None
    note: str = ""
    acts_on: tuple[str, ...] = ()
    constant: bool = False
    minor: Literal["all", "swallowed"] | None = None
    fitted_through_exposure: float = 0.0

    @property
    def is_weak(self) -> bool:
        """Whether a curve that rests on it is drawn dashed: assumed, or measured in animals only."""
        return not self.constant and (self.provenance == "assumed" or "human" not in self.species)


class Correlation(Block):
    """Two typical values whose uncertainties move together (correlation of their standard-normal scores)."""

    pair: tuple[str, str]
    value: Annotated[float, Field(gt=-1, lt=1)]
    source: str
    provenance: Provenance


class ParameterTable(Block, Mapping[str, Parameter]):
    """All model numbers by symbol; a mapping.

    Examples
    --------
    >>> from lowdose.model import parameters
    >>> parameters()["CL"].value, parameters()["CL"].unit
    (140.0, 'L/h')
    """

    schema_: Literal["lowdose.parameters/1"] = Field(alias="schema")
    parameters: dict[str, Parameter]
    uncertainty_correlation: tuple[Correlation, ...] = ()

    @model_validator(mode="after")
    def _pairs_are_known(self) -> ParameterTable:
        for correlation in self.uncertainty_correlation:
            for symbol in correlation.pair:
                if symbol not in self.parameters or self.parameters[symbol].uncertainty is None:
                    raise ValueError(f"{symbol} of a correlation has no uncertainty")
        return self

    def only(self, symbols: Collection[str]) -> ParameterTable:
        """The numbers of these symbols, and of the covariates that act on one of them.

        Examples
        --------
        >>> sorted(parameters().only(["F"]))[:3]
        ['F', 'F_low_dose_ratio', 'hepatic_ratio_A']
        """
        kept = {s: p for s, p in self.parameters.items() if s in symbols or not set(p.acts_on).isdisjoint(symbols)}
        pairs = tuple(one for one in self.uncertainty_correlation if set(one.pair) <= set(kept))
        return self.model_copy(update={"parameters": kept, "uncertainty_correlation": pairs})

    def __getitem__(self, symbol: str) -> Parameter:
        try:
            return self.parameters[symbol]
        except KeyError:
            raise NotFound.among("parameter", symbol, self.parameters) from None

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)


def parse(text: str, where: str = "parameters") -> ParameterTable:
    r"""Read and validate one file of parameters.

    Raises
    ------
    InvalidInput
        If a block breaks the schema; the message names the field.

    Examples
    --------
    >>> parse("schema: lowdose.parameters/1\nparameters: {}").parameters
    {}
    """
    try:
        return ParameterTable.model_validate(data(text))
    except (ValueError, yaml.YAMLError) as error:
        raise InvalidInput(f"the parameter table is not valid: {error}", where=where) from error


def merged(tables: Mapping[str, ParameterTable]) -> ParameterTable:
    r"""Several files as one table; the keys say where each was read.

    Raises
    ------
    InvalidInput
        If two files hold the same symbol.

    Examples
    --------
    >>> one = parse("schema: lowdose.parameters/1\nparameters: {}")
    >>> len(merged({"a": one, "b": one}))
    0
    """
    homes: dict[str, str] = {}
    for where, table in tables.items():
        for symbol in table:
            if symbol in homes:
                remedy = "keep it in one of them"
                raise InvalidInput(f"{symbol} stands in {homes[symbol]} and in {where}", where=where, remedy=remedy)
            homes[symbol] = where
    return ParameterTable(
        schema="lowdose.parameters/1",
        parameters={symbol: parameter for table in tables.values() for symbol, parameter in table.items()},
        uncertainty_correlation=tuple(pair for table in tables.values() for pair in table.uncertainty_correlation),
    )


@cache
def parameters() -> ParameterTable:
    """The shipped parameter table.

    Examples
    --------
    >>> parameters()["EC50_mu"].provenance
    'derived'
    """
    return merged({name: parse(read(name), name) for name in names("parameters", ".yaml")})
