"""The model as mrgsolve code: a ``.cpp`` file with $PARAM, $CMT, $MAIN, $ODE, $TABLE and $CAPTURE."""

from __future__ import annotations

from collections.abc import Iterator

from lowdose.exchange.code import (
    FUNCTIONS,
    Names,
    ascii_text,
    by_module,
    comment,
    doses,
    head,
    plan,
    refuse_switching,
    told,
)
from lowdose.exchange.structure import Structure
from lowdose.exchange.writing import Style, number, write

# Its own words, C++'s, and what C++'s headers bring: a model's variables stand beside them without a namespace.
_RESERVED = frozenset(
    "ID AMT CMT II SS EVID ADDL RATE TIME MDV DV DOSE amt cmt ii ss evid addl rate time SOLVERTIME self ETA EPS SIGMA "
    "OMEGA THETA NEWIND DONE CFONSTOP table report simeta simeps mrg databox capture typename "
    "auto bool break case catch char class const continue default delete do double else enum explicit extern false "
    "float for friend goto if inline int long namespace new operator private protected public register return short "
    "signed sizeof static struct switch template this throw true try typedef union unsigned using virtual void while "
    "clock time signal log exp pow sqrt sin cos tan abs floor ceil gamma y0 y1 yn j0 j1 jn index div remove rename "
    "F D R T".split()
)
_PER_COMPARTMENT = ("F_{}", "ALAG_{}", "D_{}", "R_{}", "{}_0", "dxdt_{}")


def mrgsolve(model: Structure) -> str:
    """Write a model as mrgsolve code.

    Raises
    ------
    CannotBeWritten
        If doses change a parameter, or a formula has no counterpart.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> "dxdt_capsule = -ka_capsule * capsule;" in mrgsolve(structure())
    True
    """
    refuse_switching(model, "mrgsolve", "a $PARAM changes only by a column of the user's own data set")
    return "\n".join(_Writer(model).lines()) + "\n"


class _Writer:
    def __init__(self, model: Structure) -> None:
        self.model, self.plan = model, plan(model)
        own = {form.format(state) for state in model.states for form in _PER_COMPARTMENT}
        self.names = Names((*model.states, *model.numbers, *model.formulas), _RESERVED | own)

    def lines(self) -> Iterator[str]:
        for line in head(self.model, "mrgsolve", self.names):
            yield from comment(line, "//")
        yield from ("", f"$PROB lowdose {self.model.hypothesis.name}", "", "$PARAM", *self.parameters())
        yield from ("", "$CMT")
        yield from (f"{self.names[state]} // {self.told(state)}" for state in self.model.states)
        yield from ("", "$MAIN", *self.main(), "", "$ODE", *self.equations(), "", "$TABLE", *self.table())
        yield from ("", "$CAPTURE", *(self.names[name] for name in self.plan.shown))

    def parameters(self) -> Iterator[str]:
        for title, numbers in by_module(self.model):
            yield from comment(f"---- {title}", "//")
            for one in numbers:
                yield f"{self.names[one.symbol]} = {number(one.value)} // {ascii_text(one.words)}"
                yield from comment(". ".join(filter(None, (one.trust, one.source))), "//  ")

    def main(self) -> Iterator[str]:
        for line in doses(self.model):
            yield from comment(line, "//")
        for state in self.model.states:
            share = self.model.bioavailability(state)
            if share:
                yield f"F_{self.names[state]} = {self.names[share]};"
        for state in self.model.states:
            initial = self.model.initial(state)
            if initial != 0.0:
                yield f"{self.names[state]}_0 = {self.written(initial)}; // {self.model.unit(state)}"

    def equations(self) -> Iterator[str]:
        for name in self.plan.before:
            yield f"double {self.names[name]} = {self.written(self.model.formulas[name])}; // {self.told(name)}"
        for state, rate in self.model.description.rates.items():
            unit = f"{self.model.unit(state)} per h"
            yield f"dxdt_{self.names[state]} = {self.written(rate)}; // {unit}"

    def table(self) -> Iterator[str]:
        yield "// computed again at the time of the record: in $ODE they stand at the solver's last step"
        for name in self.plan.for_shown:
            kind = "" if name in self.plan.before else "double "
            formula = self.written(self.model.formulas[name], "TIME")
            yield f"{kind}{self.names[name]} = {formula}; // {self.told(name)}"

    def told(self, name: str) -> str:
        return ascii_text(told(self.model, name))

    def written(self, formula: object, time: str = "SOLVERTIME") -> str:
        style = Style(
            "mrgsolve",
            self.names.__getitem__,
            time,
            {**FUNCTIONS, "ln": "log", "log10": "log10", "abs": "fabs", "floor": "floor", "ceiling": "ceil"},
            power=lambda base, exponent: f"pow({base}, {exponent})",
            number=repr,
        )
        return write(formula, style)  # type: ignore[arg-type]
