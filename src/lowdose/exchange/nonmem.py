"""The model as a NONMEM control stream: ADVAN13, typical values as constants, no random effects."""

from __future__ import annotations

import textwrap
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
from lowdose.exchange.structure import Structure
from lowdose.exchange.writing import Style, write

_LONGEST_NAME, _LONGEST_LINE = 20, 78
# Words of NM-TRAN and PREDPP that a model's symbols might be called; numbered ones are added for each compartment.
_RESERVED = frozenset(
    "A DADT T TIME ID AMT RATE EVID CMT DV MDV II SS ADDL CALL CONT PCMT L1 L2 NEWIND ICALL DOSTIM DOSREC CALLFL F Y "
    "IPRED PRED RES WRES W ERR EPS ETA THETA OMEGA SIGMA TSTATE TSCALE A_0 A_0FLG COM COMACT COMSAV MTIME MTDIFF MPAST "
    "EXIT IF THEN ELSE ELSEIF ENDIF DO WHILE ENDDO CALL RETURN WRITE PRINT OPEN CLOSE REWIND "
    "LOG LOG10 EXP SQRT SIN COS TAN ABS MOD INT MIN MAX PHI GAMLN NEWL2 MIXNUM MIXEST MIXP NIREC NDREC IREP OBS "
    "INITIALOFF NOOFF NODOSE DEFOBS DEFDOSE COMP NCOMP NCOMPARTMENTS PROBLEM XTYPE S0 F0 "
    "SC FO F00 NOAPPEND PI BY D E".split()
)
_NUMBERED = ("F", "S", "R", "D", "ALAG", "P", "A", "DADT")


def nonmem(model: Structure) -> str:
    """Write a model as a NONMEM control stream.

    Raises
    ------
    CannotBeWritten
        If doses change a parameter, or a formula has no counterpart.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> "DADT(1) = -KA_CAPSULE * A(1)" in nonmem(structure())
    True
    """
    refuse_switching(model, "NONMEM", "a value changes only by a data item, which NONMEM looks up at the next record")
    return "\n".join(_Writer(model).lines()) + "\n"


class _Writer:
    def __init__(self, model: Structure) -> None:
        self.model, self.plan = model, plan(model)
        numbered = {f"{word}{i}" for word in _NUMBERED for i in range(len(model.states) + 2)}
        # NM-TRAN does not let $ERROR assign again what $DES has: what is reported is computed under a second name.
        again = tuple(f"{name} reported" for name in self.plan.for_shown)
        self.names = Names(
            (*model.states, *model.numbers, *model.formulas, *again),
            _RESERVED | numbered,
            longest=_LONGEST_NAME,
            upper=True,
        )
        for name in again:
            self.names[name] = self._reported(name.removesuffix(" reported"))

    def _reported(self, name: str) -> str:
        """A name in $ERROR: the model's own where $DES does not hold it, else one that begins with O_."""
        if name not in self.plan.before:
            return self.names[name]
        taken, wanted, count = set(self.names.values()), f"O_{self.names[name]}"[:_LONGEST_NAME], 2
        while wanted in taken:
            wanted, count = f"{wanted[: _LONGEST_NAME - 2]}_{count}", count + 1
        return wanted

    def lines(self) -> Iterator[str]:
        model, names = self.model, self.names
        parts = len(model.states)
        yield f"$SIZES PC={parts + 2} PG={len(model.numbers) + parts + 50}"
        yield f"$PROBLEM lowdose {model.hypothesis.name}"
        renamed = Names((), ())
        renamed.update({k: v for k, v in names.items() if " " not in k})
        for line in (*head(model, "NONMEM", renamed), *doses(model)):
            yield from comment(line, ";")
        yield from comment("In $ERROR, O_ begins the name of what $DES computes too.", ";")
        yield from ("$INPUT ID TIME AMT RATE EVID CMT DV MDV", "$DATA events.csv IGNORE=@")
        yield from ("$SUBROUTINES ADVAN13 TOL=9", "$MODEL")
        for number, state in enumerate(model.states, 1):
            yield f"  COMP=({names[state]}) ; {number}: {ascii_text(told(model, state))}"
        yield from ("$PK", *self.parameters(), *self.start(), "$DES", *self.equations(), "$ERROR", *self.reported())
        yield from ("$OMEGA 0 FIX", "$SIGMA 0 FIX", "$SIMULATION (1) ONLYSIMULATION", *self.table())

    def parameters(self) -> Iterator[str]:
        for title, numbers in by_module(self.model):
            yield from comment(f"---- {title}", ";", "  ")
            for one in numbers:
                yield f"  {self.names[one.symbol]} = {_number(one.value)} ; {ascii_text(one.words)}"
                yield from comment(". ".join(filter(None, (one.trust, one.source))), ";  ", "  ")

    def start(self) -> Iterator[str]:
        for number, state in enumerate(self.model.states, 1):
            if (share := self.model.bioavailability(state)) is not None:
                yield f"  F{number} = {self.names[share]}"
            if (initial := self.model.initial(state)) != 0.0:
                yield from self.statement(f"A_0({number})", initial, "TIME", self.model.unit(state))

    def equations(self) -> Iterator[str]:
        for name in self.plan.before:
            yield from self.statement(self.names[name], self.model.formulas[name], "T", told(self.model, name))
        for number, (state, rate) in enumerate(self.model.description.rates.items(), 1):
            yield from self.statement(f"DADT({number})", rate, "T", f"{self.model.unit(state)} per h; {state}")

    def reported(self) -> Iterator[str]:
        again = {name: self.names[f"{name} reported"] for name in self.plan.for_shown}
        for name in self.plan.for_shown:
            said = told(self.model, name)
            yield from self.statement(again[name], self.model.formulas[name], "TIME", said, again)
        first = again[self.plan.shown[0]]
        yield "  ; no variability: OMEGA and SIGMA are 0"
        yield f"  IPRED = {first}"
        yield "  Y = IPRED*EXP(ETA(1)) + EPS(1)"

    def table(self) -> Iterator[str]:
        shown = [self.names[f"{name} reported"] for name in self.plan.shown]
        yield "$TABLE ID TIME"
        yield from textwrap.wrap(" ".join(shown), _LONGEST_LINE, initial_indent="  ", subsequent_indent="  ")
        yield "  NOPRINT NOAPPEND ONEHEADER FILE=lowdose.tab"

    def statement(
        self, left: str, formula: Expression, time: str, said: str, again: dict[str, str] | None = None
    ) -> Iterator[str]:
        """One assignment, continued where it is long, with its unit above it."""
        numbers = {state: f"A({number})" for number, state in enumerate(self.model.states, 1)}
        called = {**self.names, **numbers, **(again or {})}
        style = Style(
            "NONMEM",
            called.__getitem__,
            time,
            {**{name: word.upper() for name, word in FUNCTIONS.items()}, "ln": "LOG", "log10": "LOG10", "abs": "ABS"},
            power="**",
            number=_number,
        )
        yield from comment(said, ";", "  ")
        text = f"{left} = {write(formula, style)}"
        wrapped = textwrap.wrap(
            text, _LONGEST_LINE, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
        yield from (f"{line} &" for line in wrapped[:-1])
        yield wrapped[-1]


def _number(value: float) -> str:
    """With a decimal point, so that no Fortran takes it for an integer."""
    return repr(float(value)).upper()
