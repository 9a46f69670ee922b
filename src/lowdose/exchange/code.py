"""What every export of model code shares: names another program accepts, comments with units and sources."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from lowdose.exchange.structure import Number, Structure, in_words
from lowdose.exchange.writing import CannotBeWritten
from lowdose.model import outputs

FUNCTIONS: Mapping[str, str] = {name: name for name in ("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")}
"""Functions that every language here calls by the same name; logarithms differ."""

_ASCII = str.maketrans(
    {"β": "beta", "α": "alpha", "µ": "mu", "μ": "mu", "κ": "kappa", "δ": "delta", "–": "-", "—": "-", "−": "-"}
    | {"±": "+/-", "≥": ">=", "≤": "<=", "×": "x", "·": "*", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."}
)
_WIDEST = 100


def ascii_text(text: str) -> str:
    """A text that any program reads, Greek letters spelt out.

    Examples
    --------
    >>> ascii_text("6β-naltrexol, 21 ± 3 %")
    '6beta-naltrexol, 21 +/- 3 %'
    """
    return text.translate(_ASCII).encode("ascii", "replace").decode()


def comment(text: str, mark: str, indent: str = "") -> list[str]:
    """A text as comment lines.

    Examples
    --------
    >>> comment("systemic clearance", ";", "  ")
    ['  ; systemic clearance']
    """
    start = f"{indent}{mark} "
    return textwrap.wrap(
        ascii_text(text), _WIDEST, initial_indent=start, subsequent_indent=start, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


class Names(dict[str, str]):
    """What each symbol of the model is called in a program that has words of its own and a longest name.

    Parameters
    ----------
    symbols : iterable of str
        Of the model, in order; the first that asks for a name gets it.
    reserved : collection of str
        Words with a meaning there.
    longest : int
        Letters a name may have.
    upper : bool
        Whether capitals and small letters are the same to it; names are then written in capitals.

    Examples
    --------
    >>> Names(["clock", "CL", "Cl"], ["CLOCK"], longest=8, upper=True)
    {'clock': 'CLOCK_V', 'CL': 'CL', 'Cl': 'CL_2'}
    """

    def __init__(
        self, symbols: Iterable[str], reserved: Collection[str], *, longest: int = 63, upper: bool = False
    ) -> None:
        super().__init__()
        taken = set(reserved)
        for symbol in symbols:
            name = (symbol.upper() if upper else symbol)[:longest]
            if name in reserved:
                name = _ended(name, "_V" if upper else "_v", longest)
            base, count = name, 2
            while name in taken:
                name, count = _ended(base, f"_{count}", longest), count + 1
            taken.add(name)
            self[symbol] = name

    @property
    def changed(self) -> dict[str, str]:
        """Symbols that are called otherwise than in the model, but for capitals."""
        return {symbol: name for symbol, name in self.items() if name.lower() != symbol.lower()}


@dataclass(frozen=True)
class Plan:
    """What a program needs: which quantities belong to the equations, and which are only looked at.

    Attributes
    ----------
    before : tuple of str
        Assigned quantities that rates use, in order.
    shown : tuple of str
        Reported quantities that are no states.
    for_shown : tuple of str
        Assigned quantities that have to be computed for them, themselves included, in order.
    """

    before: tuple[str, ...]
    shown: tuple[str, ...]
    for_shown: tuple[str, ...]


def plan(model: Structure) -> Plan:
    """Sort the assigned quantities of a model by who needs them.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> "naltrexone_plasma" in plan(structure()).before, "naltrexone_plasma" in plan(structure()).shown
    (False, True)
    """
    shown = tuple(name for name in outputs(model.hypothesis) if name in model.formulas)
    needed = {**model.needed_for(shown), **{name: model.formulas[name] for name in shown}}
    return Plan(tuple(model.needed_for(model.states)), shown, tuple(n for n in model.formulas if n in needed))


def refuse_switching(model: Structure, reader: str, how: str) -> None:
    """Refuse a hypothesis whose doses change a parameter, which the equations alone do not say.

    Raises
    ------
    CannotBeWritten
        For such a hypothesis; ``how`` says what the reader would need.
    """
    switch = model.hypothesis.kinetics.on_dose
    if switch is None:
        return
    raise CannotBeWritten(
        f"{model.hypothesis.name} cannot be written as {reader} code: each dose switches {switch.parameter} on and,"
        f" {switch.hours} later, off; that is no equation, and {how}",
        where="--format",
        remedy="export it as sbml and switch the parameter by events, or choose another kinetics",
    )


def head(model: Structure, reader: str, names: Names) -> Iterator[str]:
    """What every file says first, line by line, without the comment mark."""
    yield f"lowdose {version('lowdose')}, hypothesis {model.hypothesis.name}, as {reader} code"
    yield model.hypothesis.sentence
    yield f"Made from the SBML document with SHA-256 {sha256(model.sbml.encode()).hexdigest()[:16]}."
    yield "Time is in hours; time 0 is clock_start o'clock. A dose is mg of naltrexone hydrochloride as labelled."
    yield "Typical values only: no spread between people, no uncertainty. For research; no dose for a patient follows."
    for source in model.hypothesis.sources:
        yield f"hypothesis from: {source.text} {source.url}".strip()
    for symbol, name in names.changed.items():
        yield f"renamed: {symbol} is {name} here"


def doses(model: Structure) -> Iterator[str]:
    """Which compartment a dose by each route enters, line by line."""
    from lowdose.model import routes

    states = model.states
    for label, route in routes().items():
        if route.state in states:
            share = f", bioavailability {route.bioavailability}" if route.bioavailability else ""
            number = states.index(route.state) + 1
            yield f"dose by {label.replace('_', ' ')}: compartment {number}, {route.state}{share}"


def by_module(model: Structure) -> Iterator[tuple[str, list[Number]]]:
    """The parameters, each once, under the title of the first module that uses it.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> [title for title, _ in by_module(structure("imposed"))][0]
    'Drug and metabolite in blood'
    """
    from lowdose.engine.expression import symbols

    left = dict(model.numbers)
    for module in model.modules:
        used = {symbol for quantity in module.quantities for symbol in symbols(model.formula(quantity))}
        used |= {s for q in module.quantities if q in model.states for s in symbols(model.initial(q))}
        mine = [left.pop(symbol) for symbol in list(left) if symbol in used]
        if mine:
            yield module.title, mine
    if left:
        yield "Not used by an equation", list(left.values())


def told(model: Structure, quantity: str) -> str:
    """Unit and name of a quantity, for the comment beside it."""
    return f"{model.unit(quantity)}; {in_words(quantity)}"


def _ended(name: str, end: str, longest: int) -> str:
    return name[: longest - len(end)] + end
