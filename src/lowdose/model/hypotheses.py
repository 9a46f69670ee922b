"""Rival hypotheses: kinetics (how receptors are filled) and, when asked, a mechanism (what that does to people).

Each half is a name, the modules it uses, the parameters it overrides, one sentence, its sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
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


class Mechanism(Block):
    """What a block of receptors does to symptoms; ``refuses`` are kinetics it makes no sense with, and why."""

    name: str = ""
    sentence: str
    short: str
    modules: tuple[str, ...]
    overrides: dict[str, float] = Field(default_factory=dict)
    refuses: dict[str, str] = Field(default_factory=dict)
    predicts: str
    sources: tuple[Source, ...]


class _Hypotheses(Block):
    schema_: Literal["lowdose.hypotheses/2"] = Field(alias="schema")
    default: str
    always: tuple[str, ...]
    kinetics: dict[str, Kinetics]
    mechanisms: dict[str, Mechanism]


@dataclass(frozen=True)
class Hypothesis:
    """One kinetics, with the mechanism that was asked for or none, and modules added to both.

    Without a mechanism a run ends at the body's own opioids: it says nothing of symptoms.
    """

    kinetics: Kinetics
    mechanism: Mechanism | None = None
    extra: tuple[str, ...] = ()

    @property
    def halves(self) -> tuple[Kinetics | Mechanism, ...]:
        """What it is made of."""
        return (self.kinetics, self.mechanism) if self.mechanism else (self.kinetics,)

    @property
    def name(self) -> str:
        """As written on a command line.

        Examples
        --------
        >>> hypothesis("rebound").name
        'effect-site+rebound'
        """
        return "+".join(half.name for half in self.halves)

    @property
    def short(self) -> str:
        """A few words."""
        return ", ".join(half.short for half in self.halves)

    @property
    def sentence(self) -> str:
        """What it says."""
        return " ".join(half.sentence for half in self.halves)

    @property
    def overrides(self) -> dict[str, float]:
        """Parameters that it sets to other values than the table's."""
        return {symbol: value for half in self.halves for symbol, value in half.overrides.items()}

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its references."""
        return tuple(source for half in self.halves for source in half.sources)

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of all its modules, each after those it reads.

        Examples
        --------
        >>> hypothesis("imposed").modules
        ('pharmacokinetics', 'occupancy_imposed', 'receptors', 'opioid_axis')
        """
        first, *rest = _hypotheses().always
        behind = self.mechanism.modules if self.mechanism else ()
        return tuple(dict.fromkeys((first, *self.kinetics.modules, *rest, *behind, *self.extra)))


class Route(Block):
    """Where a dose enters the model, its first pass, and what turns the labelled dose into the state's amount."""

    state: str
    first_pass: Literal["whole", "part", "none"]
    bioavailability: str | None = None


class _Routes(Block):
    schema_: Literal["lowdose.routes/1"] = Field(alias="schema")
    routes: dict[str, Route]


class Output(Block):
    """One reported quantity: label for people, unit, kind, and the window of its terminal half-life.

    ``module`` names the switchable module that makes it; where that is left out of a model, what reads the quantity
    finds it at ``rest``, its value in an untreated person.
    """

    label: str
    unit: str
    kind: Literal["concentration", "occupancy", "share", "hormone", "response"]
    half_life_window_h: tuple[float, float] | None = None
    module: str | None = None
    rest: float | None = None


class _Outputs(Block):
    schema_: Literal["lowdose.outputs/2"] = Field(alias="schema")
    outputs: dict[str, Output]


class Module(Block):
    """One part of the model, as a person would name it."""

    title: str
    sentence: str


class _Modules(Block):
    schema_: Literal["lowdose.modules/1"] = Field(alias="schema")
    modules: dict[str, Module]


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


def mechanism_names() -> list[str]:
    """Names of the mechanisms, the one that says the drug does nothing first.

    Examples
    --------
    >>> mechanism_names()[0]
    'placebo-only'
    """
    return list(_hypotheses().mechanisms)


def hypothesis(name: str | None = None, extra: tuple[str, ...] = ()) -> Hypothesis:
    """The hypothesis called ``KINETICS``, ``MECHANISM`` or ``KINETICS+MECHANISM``; the default kinetics when None.

    A mechanism alone takes the default kinetics. ``extra`` names further modules.

    Raises
    ------
    NotFound
        With near misses, if there is none of that name.
    InvalidInput
        If the two halves make no sense together.

    Examples
    --------
    >>> hypothesis("equilibrium-parent").overrides
    {'naltrexol_binds': 0.0}
    >>> hypothesis("imposed+tlr4")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: imposed and tlr4 do not go together: an imposed block has no drug ...
    """
    book = _hypotheses()
    halves = [book.default] if name is None else [half.strip() for half in name.split("+")]
    known = {**book.kinetics, **book.mechanisms}
    for half in halves:
        if half not in known:
            raise NotFound.among("hypothesis", half, known)
    kinetics = [half for half in halves if half in book.kinetics]
    mechanisms = [half for half in halves if half in book.mechanisms]
    if len(kinetics) > 1 or len(mechanisms) > 1:
        raise InvalidInput(
            f"{name!r} names two of a kind",
            where="hypothesis",
            remedy="write KINETICS, MECHANISM or KINETICS+MECHANISM",
        )
    first = kinetics[0] if kinetics else book.default
    for module in extra:
        if module not in modules():
            raise NotFound.among("module", module, modules())
    chosen = book.kinetics[first].model_copy(update={"name": first})
    if not mechanisms:
        return Hypothesis(chosen, None, extra)
    second = mechanisms[0]
    mechanism = book.mechanisms[second].model_copy(update={"name": second})
    if first in mechanism.refuses:
        raise InvalidInput(
            f"{first} and {second} do not go together: {mechanism.refuses[first]}",
            where="hypothesis",
            remedy="choose another kinetics for this mechanism",
        )
    return Hypothesis(chosen, mechanism, extra)


def hypotheses() -> tuple[Hypothesis, ...]:
    """Every kinetics alone, and every pair of kinetics and mechanism that goes together.

    Examples
    --------
    >>> len([one for one in hypotheses() if one.mechanism is None])
    5
    """
    book = _hypotheses()
    pairs = (
        f"{kinetics}+{name}"
        for kinetics in book.kinetics
        for name, mechanism in book.mechanisms.items()
        if kinetics not in mechanism.refuses
    )
    return tuple(map(hypothesis, (*book.kinetics, *pairs)))


@cache
def modules() -> dict[str, Module]:
    """Every module of the model text by the name of its file.

    Examples
    --------
    >>> modules()["opioid_axis"].title
    'Own opioids and stress hormones'
    """
    return _Modules.model_validate(data(read("modules.yaml"))).modules


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
def all_outputs() -> dict[str, Output]:
    """Reported quantities of every module by name.

    Examples
    --------
    >>> all_outputs()["TNF"].module
    'neuroimmune'
    """
    return _Outputs.model_validate(data(read("outputs.yaml"))).outputs


def outputs(of: Hypothesis | None = None) -> dict[str, Output]:
    """Reported quantities of a hypothesis by name; those that every run has when none is given.

    Examples
    --------
    >>> outputs()["beta_endorphin"].unit
    'pg/mL'
    >>> "TNF" in outputs(), "TNF" in outputs(hypothesis("rebound"))
    (False, True)
    """
    inside = of.modules if of else ()
    return {name: output for name, output in all_outputs().items() if output.module is None or output.module in inside}
