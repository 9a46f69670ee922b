"""Rival hypotheses: each a name, the modules it uses, the parameters it overrides, one sentence, its sources."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import NotFound
from lowdose.model.files import read


class Source(Block):
    """A reference: text for people, and an address when there is one."""

    text: str
    url: str = ""


class OnDose(Block):
    """A named parameter that each dose switches to ``size`` for ``hours``; both are names of parameters."""

    parameter: str
    size: str
    hours: str


class Kinetics(Block):
    """How receptors are filled and emptied."""

    name: str = ""
    sentence: str
    short: str
    modules: tuple[str, ...]
    overrides: dict[str, float] = Field(default_factory=dict)
    on_dose: OnDose | None = None
    sources: tuple[Source, ...]


class _Hypotheses(Block):
    schema_: Literal["lowdose.hypotheses/1"] = Field(alias="schema")
    default: str
    always: tuple[str, ...]
    kinetics: dict[str, Kinetics]


class Route(Block):
    """Where a dose enters the model, its first pass, and what turns the labelled dose into the state's amount."""

    state: str
    first_pass: Literal["whole", "part", "none"]
    bioavailability: str | None = None


class _Routes(Block):
    schema_: Literal["lowdose.routes/1"] = Field(alias="schema")
    routes: dict[str, Route]


class Output(Block):
    """One reported quantity: label for people, unit, kind, and the window of its terminal half-life."""

    label: str
    unit: str
    kind: Literal["concentration", "occupancy", "hormone"]
    half_life_window_h: tuple[float, float] | None = None


class _Outputs(Block):
    schema_: Literal["lowdose.outputs/1"] = Field(alias="schema")
    outputs: dict[str, Output]


@cache
def _hypotheses() -> _Hypotheses:
    return _Hypotheses.model_validate(data(read("hypotheses.yaml")))


def hypothesis_names() -> list[str]:
    """Names of the kinetics, the default first.

    Examples
    --------
    >>> hypothesis_names()
    ['effect-site', 'slow-binding', 'equilibrium-parent', 'equilibrium-both', 'imposed']
    """
    return list(_hypotheses().kinetics)


def hypothesis(name: str | None = None) -> Kinetics:
    """The kinetics called ``name``; the default when None.

    Raises
    ------
    NotFound
        With near misses, if there is none of that name.

    Examples
    --------
    >>> hypothesis("equilibrium-parent").overrides
    {'naltrexol_binds': 0.0}
    """
    book = _hypotheses()
    name = book.default if name is None else name
    if name not in book.kinetics:
        raise NotFound.among("hypothesis", name, book.kinetics)
    return book.kinetics[name].model_copy(update={"name": name})


def modules_of(kinetics: Kinetics) -> tuple[str, ...]:
    """Names of all modules of a hypothesis, shared ones first.

    Examples
    --------
    >>> modules_of(hypothesis("imposed"))
    ('pharmacokinetics', 'occupancy_imposed', 'receptors', 'opioid_axis')
    """
    first, *rest = _hypotheses().always
    return (first, *kinetics.modules, *rest)


@cache
def routes() -> dict[str, Route]:
    """Routes of administration by name.

    Examples
    --------
    >>> routes()["intravenous"].bioavailability
    'salt_factor'
    """
    return _Routes.model_validate(data(read("routes.yaml"))).routes


@cache
def outputs() -> dict[str, Output]:
    """Reported quantities by name.

    Examples
    --------
    >>> outputs()["beta_endorphin"].unit
    'pg/mL'
    """
    return _Outputs.model_validate(data(read("outputs.yaml"))).outputs
