"""What may vary: every number of the model whose spread is quantified and which can move what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.model import EXPOSURE_PER_DOSE, Parameter, parameters, rests_on, routes
from lowdose.people.differences import variability
from lowdose.results import Result

Kind = Literal["knowledge", "people"]
Spread = Literal["knowledge", "people", "both"]

KINDS: Mapping[Spread, tuple[Kind, ...]] = {
    "knowledge": ("knowledge",),
    "people": ("people",),
    "both": ("knowledge", "people"),
}
KIND_WORDS: Mapping[Kind, str] = {"knowledge": "how well it is known", "people": "how people differ"}


@dataclass(frozen=True)
class Factor:
    """One number that varies, and in which of the two senses: how well it is known, or how people differ."""

    kind: Kind
    symbol: str

    @property
    def stream(self) -> str:
        """Its name, that of the random stream of a population.

        Examples
        --------
        >>> Factor("people", "CL").stream
        'people/CL'
        """
        return f"{self.kind}/{self.symbol}"

    @property
    def parameter(self) -> Parameter:
        """The number of the model."""
        return parameters()[self.symbol]

    @property
    def words(self) -> str:
        """What it is, in a few words.

        Examples
        --------
        >>> Factor("people", "CL").words
        'Clearance of naltrexone'
        """
        return plain_name(self.symbol)


@dataclass(frozen=True)
class Group:
    """Factors whose shares cannot be told apart, mostly one alone; several where their uncertainties move together."""

    factors: tuple[Factor, ...]

    @property
    def name(self) -> str:
        """Streams, joined by a plus.

        Examples
        --------
        >>> Group((Factor("knowledge", "ke0"), Factor("knowledge", "EC50_mu"))).name
        'knowledge/ke0+EC50_mu'
        """
        return f"{self.factors[0].kind}/{'+'.join(factor.symbol for factor in self.factors)}"

    @property
    def words(self) -> str:
        """What it is, in words."""
        first, *others = self.factors
        return f"{first.words} (with {', '.join(factor.symbol for factor in others)})" if others else first.words


class _PlainNames(Block):
    schema_: Literal["lowdose.plain-names/1"] = Field(alias="schema")
    names: dict[str, str]


@cache
def plain_names() -> dict[str, str]:
    """Short names by symbol, as a chart shows them.

    Examples
    --------
    >>> plain_names()["F"]
    'Share of a swallowed dose that reaches the blood'
    """
    text = files("lowdose.sensitivity").joinpath("plain_names.yaml").read_text(encoding="utf-8")
    return _PlainNames.model_validate(data(text)).names


def plain_name(symbol: str) -> str:
    """A few words for a parameter: its short name, or else its name without what stands in brackets.

    Examples
    --------
    >>> plain_name("kcortisol")
    'Elimination of cortisol'
    """
    known = plain_names().get(symbol)
    if known is not None:
        return known
    name = parameters()[symbol].name.partition(" (")[0]
    return name[:1].upper() + name[1:]


def acting(result: Result, wanted: Collection[str]) -> set[str]:
    """Symbols of all parameters that can move any of the outputs ``wanted`` of a run, its covariates' included.

    A potency that was fitted to scans through exposure follows every number that exposure depends on.

    Examples
    --------
    >>> from lowdose import simulate
    >>> found = acting(simulate("3 mg once"), ["mu_occupancy_central"])
    >>> "F" in found, "ka_cream" in found
    (True, False)
    """
    table = parameters()
    direct: set[str] = set().union(*(rests_on(output, result.hypothesis.name, result.routes) for output in wanted))
    entering = {routes()[route].bioavailability for route in result.routes} & set(table)
    if any(table[symbol].fitted_through_exposure for symbol in direct):
        direct |= set(EXPOSURE_PER_DOSE)
    covariates = {s for s in result.covariates if direct & set(table[s].acts_on) or not table[s].acts_on}
    if not result.low_dose:
        direct.discard("F_low_dose_ratio")
    return direct | covariates | {symbol for symbol in entering if symbol is not None}


def choose(acts: Collection[str], fixed: Collection[str], spread: Spread, named: Sequence[str] = ()) -> list[Factor]:
    """The factors of an analysis, in the order of the parameter table.

    Parameters
    ----------
    acts : collection of str
        Symbols that can move what is asked for.
    fixed : collection of str
        Symbols whose value the user has set: they carry no uncertainty, but people still differ.
    spread : {"knowledge", "people", "both"}
        In which sense numbers vary.
    named : sequence of str
        Only these symbols, if any.

    Raises
    ------
    NotFound
        If a name is no parameter.
    InvalidInput
        If a named parameter has no quantified spread of this kind, or nothing is left that varies.

    Examples
    --------
    >>> [factor.stream for factor in choose({"CL", "V1"}, set(), "both")]
    ['knowledge/CL', 'people/CL', 'people/V1']
    """
    table = parameters()
    found = [
        Factor(kind, symbol)
        for symbol, parameter in table.items()
        for kind in KINDS[spread]
        if symbol in acts and _varies(parameter, kind) and not (kind == "knowledge" and symbol in fixed)
    ]
    known = {factor.symbol for factor in found}
    for symbol in named:
        parameter = table[symbol]
        if symbol not in known:
            raise InvalidInput(
                f"{symbol} ({parameter.name}) cannot be varied here: {_why_not(symbol, acts, fixed, spread)}",
                where="parameters",
                remedy=f"choose among {', '.join(sorted(known)) or 'those of another --spread or metric'}",
            )
    found = [factor for factor in found if not named or factor.symbol in named]
    if not found:
        raise InvalidInput(
            "no parameter that this metric rests on has a quantified spread of this kind",
            where=f"spread {spread}",
            remedy="choose another --spread or metric",
        )
    return found


def _varies(parameter: Parameter, kind: Kind) -> bool:
    return (parameter.uncertainty if kind == "knowledge" else parameter.between_person) is not None


def _why_not(symbol: str, acts: Collection[str], fixed: Collection[str], spread: Spread) -> str:
    if symbol not in acts:
        return "nothing that was asked for rests on it under this regimen and hypothesis"
    if symbol in fixed and spread != "people":
        return "its value was set, by you or by the hypothesis"
    sense = {"knowledge": "how well it is known", "people": "how people differ in it", "both": "its spread"}[spread]
    return f"nobody has quantified {sense}"


def grouped(factors: Sequence[Factor]) -> list[Group]:
    """Factors as groups whose scores are independent of each other: correlated uncertainties share a group.

    Examples
    --------
    >>> pair = [Factor("knowledge", "ke0"), Factor("people", "ke0"), Factor("knowledge", "EC50_mu")]
    >>> [group.name for group in grouped(pair)]
    ['knowledge/ke0+EC50_mu', 'people/ke0']
    """
    groups: list[list[Factor]] = [[factor] for factor in factors]
    for pair in _correlated():
        if pair <= set(factors):
            touched = [group for group in groups if pair & set(group)]
            if len(touched) > 1:
                touched[0].extend(factor for group in touched[1:] for factor in group)
                groups = [group for group in groups if group not in touched[1:]]
    return [Group(tuple(group)) for group in groups]


def _correlated() -> list[set[Factor]]:
    """Pairs whose scores move together: of uncertainties, and between persons."""
    known = [one.pair for one in parameters().uncertainty_correlation if one.value]
    between = [one.pair for one in variability().correlations if one.value]
    return [{Factor("knowledge", symbol) for symbol in pair} for pair in known] + [
        {Factor("people", symbol) for symbol in pair} for pair in between
    ]


def not_quantified(acts: Iterable[str], spread: Spread) -> list[str]:
    """Symbols that act but whose spread of this kind nobody has quantified: their share is unknown, not zero.

    Examples
    --------
    >>> not_quantified({"V1", "CL"}, "knowledge")
    ['V1']
    """
    table, inside = parameters(), set(acts)
    return [
        symbol
        for symbol, parameter in table.items()
        if symbol in inside and not parameter.constant and not any(_varies(parameter, kind) for kind in KINDS[spread])
    ]


def followers(acts: Collection[str], factors: Sequence[Factor]) -> list[str]:
    """Potencies fitted to scans, which follow what is not known of exposure: that moves no blockade at a dose.

    Examples
    --------
    >>> followers({"EC50_mu", "CL"}, [Factor("knowledge", "CL")])
    ['EC50_mu']
    """
    if not any(factor.kind == "knowledge" and factor.symbol in EXPOSURE_PER_DOSE for factor in factors):
        return []
    return [symbol for symbol, one in parameters().items() if symbol in acts and one.fitted_through_exposure]


def check_known(named: Iterable[str]) -> None:
    """Refuse a name that is no parameter.

    Raises
    ------
    NotFound
        With near misses.

    Examples
    --------
    >>> check_known(["CL"])
    """
    for symbol in named:
        if symbol not in parameters().parameters:
            raise NotFound.among("parameter", symbol, parameters().parameters)
