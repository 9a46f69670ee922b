"""What is known about one person on one day: dated answers, and medicines. What is left out is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from lowdose.errors import InvalidInput, NotFound
from lowdose.safety.excipients import is_slow
from lowdose.safety.facts.fields import CONDITION, Entailment, age_limit, checked, conditions, entailments, fields
from lowdose.safety.facts.listed import Listed, listed, truth_for, unnamed_opioid
from lowdose.safety.rules.logic import Taken, Truth

_LIST = "meds.list"
_LAST = "history.last_opioid_use"
_CERTAIN = "history.last_opioid_use_certain"
_NON_MEDICAL = "history.nonmedical_opioid_days"
_FILLERS, _RELEASE = "formula.fillers", "formula.release"
_SLACK = timedelta(days=1)
"""People count days from either end."""


@dataclass(frozen=True)
class Stated:
    """A value, and the day on which it was true; None when nobody knows how old it is."""

    value: Any
    on: date | None


@dataclass(frozen=True)
class Facts:
    """Everything known about one person on the day ``on``; what is not in it is not known.

    Parameters
    ----------
    on : date
        The day for which rules are evaluated.
    answers, stated : mapping of str to Stated
        Answers by dotted name, as given; and with those that follow from them by the meaning of the words.
    medicines : tuple of Listed, or None
        The medicine list; None when there is none.
    is_whole_list : bool
        Whether the list names everything that is taken.
    phase : str
        What the screen is for; empty outside one.
    """

    on: date
    answers: Mapping[str, Stated]
    stated: Mapping[str, Stated]
    medicines: tuple[Listed, ...] | None = None
    is_whole_list: bool = True
    phase: str = ""

    @classmethod
    def of(cls, values: Mapping[str, object], *, on: date, is_whole_list: bool = True) -> Facts:
        """Facts from dotted names.

        Parameters
        ----------
        values : mapping
            ``"lab.egfr": 95``, or with its day ``{"value": 95, "on": date}``; a bare value holds on the day ``on``.
            ``None``, or left out, is not known. ``"meds.list"`` is a list of mappings with ``name`` and, as far as
            known, ``form``, ``active``, ``last_taken`` (a date) or ``days_ago``, ``confirmed``. ``"conditions"`` maps
            names to yes or no; ``"conditions_complete": True`` says that those not named are absent.
        on : date
            The day for which the facts are used.
        is_whole_list : bool
            False when ``"meds.list"`` may lack medicines.

        Raises
        ------
        InvalidInput
            If a value is not allowed, lies in the future, or contradicts another.
        NotFound
            If there is no such field.

        Examples
        --------
        >>> facts = Facts.of({"lab.egfr": 45, "patient.pregnant": None}, on=date(2026, 12, 1))
        >>> facts.value("lab.egfr"), facts.value("patient.pregnant")
        (45, None)
        """
        flat = _flat(values)
        complete = _dated("conditions_complete", flat.pop("conditions_complete", None), on)
        dated = {name: _dated(name, value, on) for name, value in flat.items() if value is not None}
        medicines = dated.pop(_LIST, None)
        answers = {name: Stated(checked(name, one.value, on), one.on) for name, one in dated.items()}
        if complete.value is True:
            closed = {f"{CONDITION}{name}": Stated(False, complete.on) for name in conditions()}
            answers = {
                **closed,
                **{name: one for name, one in _with_entailed(answers).items() if name in closed},
                **answers,
            }
        elif complete.value not in (False, None):
            raise InvalidInput("conditions_complete cannot be that", remedy="write yes or no")
        entries = None
        if medicines is not None:
            answers[_LIST] = Stated(True, medicines.on)
            entries = listed(medicines.value, medicines.on or on, on)
        return cls(on, answers, _with_entailed(answers), entries, is_whole_list)

    def value(self, name: str) -> Any:
        """The value of a field on the day, or None when it is not known or too old to count."""
        if name == "phase":
            return self.phase or None
        return self.stated[name].value if self.is_stated(name) else None

    def is_stated(self, name: str) -> bool:
        """Whether there is an answer that is surely fresh enough to count."""
        return self.is_fresh(name) is True

    @property
    def _is_list_fresh(self) -> bool:
        """Whether what the list calls taken now still is; it may lack other medicines."""
        return replace(self, is_whole_list=True).is_stated(_LIST)

    def is_fresh(self, name: str, max_age_days: int | None = None) -> Truth:
        """Whether there is an answer no older than ``max_age_days`` (or than the field allows)."""
        one = self.stated.get(name)
        limit = max_age_days if max_age_days is not None else age_limit(name)
        if one is None or (name == _LIST and not self.is_whole_list):
            return False
        age = self.age_days(name)
        return True if limit is None else (None if age is None else age <= limit)

    def age_days(self, name: str) -> int | None:
        """Days since the answer; None without one, or when its day is not known."""
        one = self.stated.get(name)
        return None if one is None or one.on is None else (self.on - one.on).days

    def medicine_truths(self, test: Taken) -> tuple[tuple[str, Truth], ...]:
        """Whether each medicine is such a one, with the field that settles it; what the list may lack is not known."""
        held = self.medicines or ()
        found = [(_LIST, truth_for(test, one, self.on, self._is_list_fresh)) for one in held]
        asks = _LIST if self.last_opioid is not None else (_LAST if self.value(_LAST) is None else _CERTAIN)
        found += [(asks, truth_for(test, one, self.on, True)) for one in self.unnamed]
        return (*found, *(() if self.is_stated(_LIST) else ((_LIST, None),)))

    @property
    def unnamed(self) -> tuple[Listed, ...]:
        """The opioid of which only the last date is known, or not even whether there was one."""
        if self.value(_LAST) == "never":
            return ()
        return unnamed_opioid(self.medicines or () if self.last_opioid else (), self.last_opioid)

    @property
    def last_opioid(self) -> date | None:
        """The day of the last opioid, when it is certain."""
        last = self.value(_LAST)
        return last if isinstance(last, date) and self.value(_CERTAIN) is True else None

    def document(self) -> dict[str, Any]:
        """The answers as given, for a record: each with its day, medicines as they were recognised."""
        found: dict[str, Any] = {
            name: {"value": str(one.value) if isinstance(one.value, date) else one.value, "on": one.on and str(one.on)}
            for name, one in self.answers.items()
        }
        if self.medicines is not None:
            found[_LIST]["value"] = [one.document() for one in self.medicines]
            found[_LIST]["complete"] = self.is_whole_list
        return found

    def facts(self, on: date) -> Facts:
        """The same facts looked at on another day.

        Raises
        ------
        InvalidInput
            If something was stated after that day.
        """
        late = [name for name, one in self.answers.items() if one.on is not None and one.on > on]
        if late:
            raise InvalidInput(f"{late[0]} was stated after {on}", remedy="screen on that day or later")
        return replace(self, on=on)

    def in_phase(self, phase: str) -> Facts:
        """The same facts in a screen of that phase."""
        return replace(self, phase=phase, stated=_with_entailed(self.answers, phase))

    def also(self, values: Mapping[str, object]) -> Facts:
        """These facts, and more: a new answer replaces the earlier one, and any word on a plan says that there is one.

        A medicine list that may lack some is completed by the new one.

        Raises
        ------
        InvalidInput
            If the new answers contradict the others.
        """
        more = Facts.of(values, on=self.on)
        planned = any(name.startswith("plan.") for name in more.answers)
        kept = {name: one for name, one in self.answers.items() if not (planned and name == "plan.drawn_up")}
        answers = {**kept, **more.answers}
        listed_now = self.medicines
        if more.medicines is not None:
            listed_now = (*(() if self.is_whole_list else self.medicines or ()), *more.medicines)
        return replace(
            self,
            answers=answers,
            stated=_with_entailed(answers),
            medicines=listed_now,
            is_whole_list=self.is_whole_list or more.medicines is not None,
        )


def _flat(values: Mapping[str, object]) -> dict[str, Any]:
    """Conditions written as one mapping or list, brought to dotted names."""
    flat = dict(values)
    together = flat.pop("conditions", None)
    if isinstance(together, Mapping):
        flat.update({f"{CONDITION}{name}": value for name, value in together.items()})
    elif isinstance(together, Sequence) and not isinstance(together, str):
        flat.update({f"{CONDITION}{name}": True for name in together})
    elif together is not None:
        raise InvalidInput("conditions is a mapping of names to yes or no")
    for name in flat:
        if name not in fields() and name != "conditions_complete":
            raise NotFound.among("fact", name, fields())
    return flat


def _dated(name: str, value: Any, on: date) -> Stated:
    if not (isinstance(value, Mapping) and "value" in value):
        return Stated(value, on)
    day = value.get("on")
    if set(value) - {"value", "on"} or not (day is None or type(day) is date):
        raise InvalidInput(
            f"{name} is written value and on, the day it was true", remedy="{value: 1.2, on: 2026-11-20}"
        )
    if day is not None and day > on:
        raise InvalidInput(f"{name} was stated on {day}, after {on}", remedy="check the year and month")
    return Stated(value["value"], day)


def _with_entailed(stated: Mapping[str, Stated], phase: str = "") -> dict[str, Stated]:
    """Answers, and what follows from them by the meaning of the words, until nothing new follows."""
    known = dict(stated)
    while True:
        following = [(one.phases, _following(one, known)) for one in entailments()]  # contradictions: in any phase
        new = {name: one for phases, said in following if not phases or phase in phases for name, one in said.items()}
        if not new:
            _agreeing(known)
            return known
        known.update(new)


def _agreeing(known: Mapping[str, Stated]) -> None:
    """The last opioid of all cannot lie before the last one without a prescription: one of the two is a slip.

    Nor is a capsule filled with something slow of immediate release.
    """
    fillers, released = known.get(_FILLERS), known.get(_RELEASE)
    if fillers is not None and released is not None and released.value == "immediate" and is_slow(fillers.value):
        raise InvalidInput(
            f"{_RELEASE} is immediate, and a filler holds the drug back: {', '.join(fillers.value)}",
            where=_FILLERS, remedy="write slow, and give a reason for going on; or change the filler",
        )  # fmt: skip
    last, days, certain = known.get(_LAST), known.get(_NON_MEDICAL), known.get(_CERTAIN)
    if last is None or days is None or days.on is None or (certain is not None and certain.value is False):
        return
    if isinstance(last.value, date) and isinstance(days.value, int | float):
        without = days.on - timedelta(days=int(days.value))
        if last.value < without - _SLACK:
            raise InvalidInput(
                f"{_LAST} is {last.value}, and an opioid without a prescription was used on {without}, after it",
                where=_NON_MEDICAL, remedy="find out which of the two is right",
            )  # fmt: skip


def _following(entailment: Entailment, known: Mapping[str, Stated]) -> dict[str, Stated]:
    days = [
        known[name].on
        for name, value in entailment.when.items()
        if name in known and is_meant(known[name].value, value)
    ]
    if len(days) < len(entailment.when):
        return {}
    found: dict[str, Stated] = {}
    for pattern, value in entailment.then.items():
        for name in _matching(pattern, entailment.when):
            if name not in known:
                found[name] = Stated(value, None if None in days else min(filter(None, days)))
            elif known[name].value != value:
                cause = " and ".join(entailment.when)
                raise InvalidInput(
                    f"{name} contradicts {cause}: it would be {_words(value)}",
                    remedy="find out which of the two is right",
                )
    soft = {name: value for name, value in entailment.unless_stated.items() if name not in known}
    return found | {
        name: Stated(value, None if None in days else min(filter(None, days))) for name, value in soft.items()
    }


def is_meant(value: Any, meant: Any) -> bool:
    """Whether a value is the one, or one of those, that an entailment names."""
    return value in meant if isinstance(meant, list) else (value == meant and type(value) is type(meant))


def _matching(pattern: str, but: Mapping[str, Any]) -> list[str]:
    if not pattern.endswith("*"):
        return [pattern]
    return [name for name in fields() if name.startswith(pattern[:-1]) and name not in but]


def _words(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
