"""The model as rxode2 code: an R file that makes one model object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lowdose.engine.expression import Expression
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
from lowdose.exchange.structure import Structure, in_words
from lowdose.exchange.writing import Style, number, write

# Its own words and R's, and functions that rxode2 reads before it looks for a variable.
_RESERVED = frozenset(
    "t time tlast tad tafd tfirst dose podo podo0 dosenum amt rate dur evid cmt ss ii addl id rxid newind NEWIND "
    "rxFlag sim.id CMT EVID ID AMT RATE ETA THETA E M_PI pi linCmt f F alag lag lead diff first last ini model "
    "if else while for function repeat break next TRUE FALSE NULL NA NaN Inf in return".split()
)


def rxode2(model: Structure) -> str:
    """Write a model as rxode2 code.

    Raises
    ------
    CannotBeWritten
        If doses change a parameter, or a formula has no counterpart.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> "d/dt(capsule) = -ka_capsule * capsule" in rxode2(structure())
    True
    """
    refuse_switching(model, "rxode2", "a value changes only by a column of the user's own event table")
    return "\n".join(_lines(model)) + "\n"


def _lines(model: Structure) -> Iterator[str]:
    names = Names((*model.states, *model.numbers, *model.formulas), _RESERVED)
    style = Style("rxode2", names.__getitem__, "t", {**FUNCTIONS, "ln": "log", "log10": "log10", "abs": "abs"})

    def formula(expression: Expression) -> str:
        return write(expression, style)

    for line in (*head(model, "rxode2", names), *doses(model)):
        yield from comment(line, "#")
    yield f"lowdose_{re.sub(r'[^a-z0-9]', '_', model.hypothesis.name)} <- rxode2::rxode2({{"
    for title, numbers in by_module(model):
        yield from comment(f"---- {title}", "#", "  ")
        for one in numbers:
            yield f"  {names[one.symbol]} = {number(one.value)} # {ascii_text(one.words)}"
            yield from comment(". ".join(filter(None, (one.trust, one.source))), "#  ", "  ")
    yield from comment("---- equations", "#", "  ")
    needed = plan(model)
    for name in needed.before:
        yield f"  {names[name]} = {formula(model.formulas[name])} # {ascii_text(told(model, name))}"
    for state, rate in model.description.rates.items():
        yield f"  d/dt({names[state]}) = {formula(rate)} # {model.unit(state)} per h; {ascii_text(in_words(state))}"
    for state in model.states:
        if (share := model.bioavailability(state)) is not None:
            yield f"  f({names[state]}) = {names[share]}"
        if (initial := model.initial(state)) != 0.0:
            yield f"  {names[state]}(0) = {formula(initial)} # {model.unit(state)}"
    yield from comment("---- reported", "#", "  ")
    for name in needed.for_shown:
        if name not in needed.before:
            yield f"  {names[name]} = {formula(model.formulas[name])} # {ascii_text(told(model, name))}"
    yield "})"
