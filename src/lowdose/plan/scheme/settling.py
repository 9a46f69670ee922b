"""Settling a scheme: each value from the source, the prescriber's choice inside it, or a rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import plain
from lowdose.pharmacy.bench.measuring import by_weight
from lowdose.plan.catalogue import Protocol, Quantity, TimeOfDay, library
from lowdose.plan.catalogue import Scheme as Published
from lowdose.plan.records.parts import Chosen
from lowdose.plan.scheme.choices import Choices, Limits, OutsideSource, Settled

MOST_STEPS = 60
"""A ladder longer than this is a slip of the pen."""


def settle(protocol: Protocol, choices: Choices, limits: Limits, *, age: float | None = None) -> Settled:
    """Settle every value of the scheme, or refuse.

    Raises
    ------
    InvalidInput
        If a choice lies outside the source's range, or the source leaves open what nobody chose.
    OutsideSource
        If a rule asks for something that the source does not have.

    Examples
    --------
    >>> from lowdose.plan.catalogue import protocol
    >>> settled = settle(protocol("standard"), Choices(), Limits())
    >>> [str(dose) for dose in settled.doses], settled.interval_days
    (['1.5', '3', '4.5'], 14)
    >>> settle(protocol("standard"), Choices(interval_days=5), Limits())
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: interval 5 days is not what the source of STD-1.5 has: 7 to 14 days
    ...
    """
    if limits.only is not None and protocol.id not in limits.only[0]:
        raise _outside(protocol, limits.only[1], f"only {', '.join(limits.only[0])} was studied in such a person")
    name, published = protocol.scheme(choices.scheme)
    _only_what_applies(protocol, published, choices)
    chosen: list[Chosen] = []
    if published.per_kg_mg is not None:
        ladder: tuple[Decimal, ...] = (_per_kilogram(protocol, published, choices, limits, chosen),)
        interval = None
    else:
        ladder, interval = _ladder(protocol, published, choices, limits, chosen)
    return Settled(
        name=name,
        doses=tuple(Decimal(plain(dose)) for dose in ladder),
        interval_days=interval,
        time_of_day=_time(protocol, choices, limits, chosen),
        form=_form(protocol, choices, age, chosen),
        chosen=tuple(chosen),
    )


def _ladder(
    protocol: Protocol, published: Published, choices: Choices, limits: Limits, chosen: list[Chosen]
) -> tuple[tuple[Decimal, ...], int | None]:
    start = _number(protocol, "start", "mg", published.start_mg, choices.start_mg, chosen, most=limits.start_max)
    if not published.is_stepped:
        _fixed_ceiling(protocol, start, limits, chosen)
        return (start,), None
    step = _number(protocol, "step", "mg", published.step_mg, choices.step_mg, chosen)
    interval = _number(
        protocol, "interval", "days", published.interval_days, _decimal(choices.interval_days), chosen,
        least=limits.interval_min, cautious_is_high=True,
    )  # fmt: skip
    rungs = _rungs(start, step, published.ceiling_mg, choices.ceiling_mg)
    ceiling = _ceiling(protocol, published.ceiling_mg, rungs, choices, limits, chosen)
    return tuple(rung for rung in rungs if rung <= ceiling), int(interval)


def _number(
    protocol: Protocol,
    what: str,
    unit: str,
    source: Quantity,
    asked: Decimal | None,
    chosen: list[Chosen],
    *,
    most: tuple[Decimal, str] | None = None,
    least: tuple[int, str] | None = None,
    cautious_is_high: bool = False,
) -> Decimal:
    """A value inside the source's range and what the rules ask, or the error that says which of them it breaks."""
    low, high = source.low, source.high
    if low is None or high is None:
        raise _not_known(protocol, what, source, unit)
    value = asked if asked is not None else (high if cautious_is_high else low)
    if not low <= value <= high:
        raise InvalidInput(
            f"{what} {plain(value)} {unit} is not what the source of {protocol.id} has: {source.words(unit)}",
            where=f"--{'start-dose' if what == 'start' else what}",
            remedy="choose inside it, or a protocol that has it",
        )
    if most is not None and value > most[0]:
        raise _outside(protocol, most[1], f"a {what} of {plain(most[0])} {unit} or less; here {plain(value)} {unit}")
    if least is not None and value < least[0]:
        raise _outside(protocol, least[1], f"an {what} of {least[0]} {unit} or more; here {plain(value)} {unit}")
    chosen.append(_chosen(protocol, what, value, unit, source, asked is not None))
    return value


def _rungs(start: Decimal, step: Decimal, ceiling: Quantity, asked: Decimal | None) -> tuple[Decimal, ...]:
    """Every dose of the ladder; the source's own ceiling is one, even where the last step to it is a smaller one."""
    top = ceiling.high if ceiling.high is not None else asked
    if top is None:
        return (start,)
    rungs = [start]
    while rungs[-1] + step <= top and len(rungs) < MOST_STEPS:
        rungs.append(rungs[-1] + step)
    if ceiling.is_ is not None and rungs[-1] < ceiling.is_:
        rungs.append(ceiling.is_)
    return tuple(rungs)


def _ceiling(
    protocol: Protocol,
    source: Quantity,
    rungs: tuple[Decimal, ...],
    choices: Choices,
    limits: Limits,
    chosen: list[Chosen],
) -> Decimal:
    asked, cap = choices.ceiling_mg, limits.ceiling_max
    if source.high is None and asked is None:
        raise InvalidInput(
            f"{protocol.id} names no highest dose ({source.unknown})",
            where="--ceiling",
            remedy="whoever prescribes states one, with --ceiling",
        )
    allowed = [r for r in rungs if source.from_ is None or r >= source.from_]
    if asked is not None and asked not in allowed:
        listed = ", ".join(plain(rung) for rung in allowed) or "none"
        raise InvalidInput(
            f"a ceiling of {plain(asked)} mg is no step of {protocol.id} as its source has it",
            where="--ceiling",
            remedy=f"its steps are {listed} mg",
        )
    usual = allowed[0] if source.is_range else rungs[-1]
    ceiling = asked if asked is not None else usual
    if cap is not None and ceiling > cap[0]:
        under = [rung for rung in allowed if rung <= cap[0]]
        if not under:
            raise _outside(protocol, cap[1], f"at most {plain(cap[0])} mg; its lowest end is {plain(allowed[0])} mg")
        ceiling = under[-1]
        chosen.append(Chosen("ceiling", f"{plain(ceiling)} mg", "adaptation", f"rule {cap[1]}: at most "
                             f"{plain(cap[0])} mg; the highest step under it", source.words("mg")))  # fmt: skip
        return ceiling
    chosen.append(_chosen(protocol, "ceiling", ceiling, "mg", source, asked is not None))
    return ceiling


def _fixed_ceiling(protocol: Protocol, dose: Decimal, limits: Limits, chosen: list[Chosen]) -> None:
    if limits.ceiling_max is not None and dose > limits.ceiling_max[0]:
        raise _outside(protocol, limits.ceiling_max[1], f"at most {plain(limits.ceiling_max[0])} mg; here one dose, "
                       f"{plain(dose)} mg")  # fmt: skip
    chosen.append(Chosen("ceiling", f"{plain(dose)} mg", "protocol", protocol.id, "one dose from the first day"))


def _per_kilogram(
    protocol: Protocol, published: Published, choices: Choices, limits: Limits, chosen: list[Chosen]
) -> Decimal:
    per_kg = published.per_kg_mg.is_ if published.per_kg_mg else None
    cap, weight = published.ceiling_mg.is_, choices.weight_kg
    if per_kg is None or cap is None:
        raise InvalidInput(f"the dose per kilogram of {protocol.id} is not known", where=protocol.id)
    if weight is None:
        raise InvalidInput(
            f"{protocol.id} doses by weight, and no weight was given", where="--weight",
            remedy="weigh, and give kilograms such as --weight 22",
        )  # fmt: skip
    if not 0 < weight <= 300:
        raise InvalidInput(f"{plain(weight)} kg is no weight of a person", where="--weight", remedy="give kilograms")
    dose = by_weight(weight, per_kg, cap).value
    for limit, what in ((limits.ceiling_max, "at most"), (limits.start_max, "a start of at most")):
        if limit is not None and dose > limit[0]:
            raise _outside(protocol, limit[1], f"{what} {plain(limit[0])} mg; by weight it is {plain(dose)} mg")
    chosen += [
        Chosen("weight", f"{plain(weight)} kg", "prescriber", "as weighed", "the dose follows from the weight"),
        Chosen("start", f"{plain(dose)} mg", "protocol", f"{protocol.id}: {plain(per_kg)} mg/kg, at most "
               f"{plain(cap)} mg", f"{plain(per_kg)} mg/kg"),
        Chosen("ceiling", f"{plain(cap)} mg", "protocol", protocol.id, published.ceiling_mg.words("mg")),
    ]  # fmt: skip
    return dose


def _time(protocol: Protocol, choices: Choices, limits: Limits, chosen: list[Chosen]) -> TimeOfDay:
    usual, timing = library().timing, protocol.timing
    said = timing.words or f"not said: {timing.unknown}"
    if choices.time_of_day is not None:
        found = Chosen("time", choices.time_of_day, "prescriber", "chosen", said)
        time = choices.time_of_day
    elif limits.time is not None:
        time = limits.time[0]
        found = Chosen("time", time, "adaptation", f"rule {limits.time[1]}", said)
    elif timing.time is not None:
        time = timing.time
        found = Chosen("time", time, "protocol", protocol.id, said)
    else:
        time = usual.usual
        found = Chosen("time", time, "usual", f"{usual.words} ({library().sources[usual.source].title})", said)
    chosen.append(found)
    return time


def _form(
    protocol: Protocol, choices: Choices, age: float | None, chosen: list[Chosen]
) -> Literal["capsule", "solution"] | None:
    said = protocol.formulation
    words, form = said.words or f"not said: {said.unknown}", said.form
    if said.capsule_from_years is not None and said.capsule_from_kg is not None:
        if age is None or choices.weight_kg is None:
            return None
        big = age >= said.capsule_from_years and choices.weight_kg >= said.capsule_from_kg
        form = "capsule" if big else "solution"
    if choices.form is not None:
        if form not in (None, choices.form):
            raise InvalidInput(f"the source of {protocol.id} has {words}", where="--form", remedy="leave the form out")
        chosen.append(Chosen("form", choices.form, "prescriber", "chosen", words))
        return choices.form
    if form is not None:
        chosen.append(Chosen("form", form, "protocol", protocol.id, words))
    return form


def _only_what_applies(protocol: Protocol, published: Published, choices: Choices) -> None:
    if published.is_stepped:
        return
    for option, value in (("--step", choices.step_mg), ("--interval", choices.interval_days),
                          ("--ceiling", choices.ceiling_mg)):  # fmt: skip
        if value is not None:
            raise InvalidInput(
                f"{protocol.id} has no steps: {published.step_mg.none}", where=option, remedy="leave the option out"
            )


def _chosen(protocol: Protocol, what: str, value: Decimal, unit: str, source: Quantity, by_prescriber: bool) -> Chosen:
    shown = f"{plain(value)} {unit}"
    if by_prescriber:
        inside = "chosen inside what the source has"
        because = "the source names none; whoever prescribes chose it" if source.unknown else inside
        return Chosen(what, shown, "prescriber", because, source.words(unit))
    if source.is_range:
        because = f"the cautious end of the source's range, {source.words(unit)}"
        return Chosen(what, shown, "cautious end", because, source.words(unit))
    return Chosen(what, shown, "protocol", protocol.id, source.words(unit))


def _outside(protocol: Protocol, rule: str, asks: str) -> OutsideSource:
    return OutsideSource(
        f"{protocol.id} does not fit this person: rule {rule} asks for {asks}",
        where=f"protocol {protocol.id}",
        remedy="nothing outside the protocol's source is made up: choose a protocol that fits",
    )


def _not_known(protocol: Protocol, what: str, source: Quantity, unit: str) -> InvalidInput:
    return InvalidInput(f"the {what} of {protocol.id} is {source.words(unit)}", where=protocol.id)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
