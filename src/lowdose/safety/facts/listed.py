"""One line of a medicine list, and whether it is surely, surely not, or perhaps a medicine that a rule asks about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.safety.medicines import (
    FORM_WORDS,
    FORMS,
    Ingredient,
    Recognition,
    forms_of,
    in_set,
    is_by_street_name,
    recognise,
)
from lowdose.safety.rules.logic import Taken, Truth, all_of, any_of

_KEYS = ("name", "form", "active", "last_taken", "days_ago", "confirmed")
_YEAR = 365
OPIOIDS = "opioid_washout"
_BY_FORM = (OPIOIDS, "naltrexone_xr")
_AMONG_OPIOIDS = ("opioid_systemic", "opioid_mixed", "opioid_antitussive", "tianeptine")


@dataclass(frozen=True)
class Listed:
    """A medicine as listed: what was recognised, whether it is taken now, and the day it was last taken."""

    recognition: Recognition
    active: bool | None
    last_taken: date | None
    stated: date
    is_unnamed_opioid: bool = False

    @property
    def name(self) -> str:
        """As it was written."""
        return self.recognition.written

    @property
    def form(self) -> str:
        """Release form, ``unknown`` where nobody said."""
        return self.recognition.form

    @property
    def is_recognised(self) -> bool:
        """Whether its ingredients are settled."""
        return self.recognition.state == "recognised"

    @property
    def is_written_but_open(self) -> bool:
        """Whether somebody wrote it down and nobody knows what it is."""
        return not self.is_recognised and not self.is_unnamed_opioid

    def is_in(self, name: str) -> Truth:
        """Whether it belongs to a set; not known while a part of it is not recognised."""
        if self.is_unnamed_opioid:
            return True if name == OPIOIDS else (None if name in _AMONG_OPIOIDS else False)
        if any(in_set(one, name) for one in self.recognition.ingredients):
            return True
        return False if self.is_recognised else None

    def document(self) -> dict[str, Any]:
        """The entry and what was made of it."""
        return {
            "name": self.name,
            "state": self.recognition.state,
            "ingredients": [one.name for one in self.recognition.ingredients],
            "how": self.recognition.how,
            "form": self.form,
            "active": self.active,
            "last_taken": self.last_taken and str(self.last_taken),
        }

    def open_questions(self) -> tuple[str, ...]:
        """What has to be asked about it before every rule can be settled."""
        if self.is_unnamed_opioid:
            return (f"Which opioid was last used on {self.last_taken}, and in which form?",) if self.last_taken else ()
        if not self.is_recognised:
            near = f" Perhaps {' or '.join(self.recognition.near)}?" if self.recognition.near else ""
            return (f"“{self.name}” is not recognised: which ingredient is in it?{near}",)
        asked = []
        if self.active is None:
            asked.append(f"Is {self.name} still taken?")
        if self.active is not True and self.last_taken is None:
            asked.append(f"When was {self.name} last taken?")
        if self.form == "unknown" and any(map(asked_by_form, self.recognition.ingredients)):
            asked.append(f"In which form is {self.name} taken: {FORM_WORDS}?")
        return tuple(asked)


def listed(written: object, stated: date, on: date) -> tuple[Listed, ...]:
    """The entries of a medicine list, each recognised.

    Raises
    ------
    InvalidInput
        If an entry is not written as one.

    Examples
    --------
    >>> day = date(2026, 12, 1)
    >>> listed([{"name": "codeine", "active": False, "days_ago": 8}], day, day)[0].last_taken
    datetime.date(2026, 11, 23)
    """
    if not isinstance(written, Sequence) or isinstance(written, str):
        raise InvalidInput("meds.list is a list of medicines", remedy="write [] when nothing at all is taken")
    return tuple(_entry(one, f"meds.list, medicine {number}", stated, on) for number, one in enumerate(written, 1))


def asked_by_form(ingredient: Ingredient) -> bool:
    """Whether any rule asks in which form it is taken.

    Examples
    --------
    >>> from lowdose.safety.medicines import ingredient
    >>> asked_by_form(ingredient("tramadol")), asked_by_form(ingredient("paracetamol"))
    (True, False)
    """
    return any(in_set(ingredient, name) for name in _BY_FORM)


def truth_for(test: Taken, one: Listed, on: date, is_current: bool) -> Truth:
    """Whether an entry is such a medicine; on a list that is not current, nobody knows what is taken now."""
    now = None if one.active and not is_current else one.active
    in_time = now if test.days is None else any_of([now, _recent(test.days, one, on)])
    return all_of([one.is_in(test.set), in_time, _in_form(test, one), _of_class(test, one), _by_name(test, one)])


def unnamed_opioid(held: Sequence[Listed], last_used: date | None) -> tuple[Listed, ...]:
    """The opioid of which only the last date is known (or not even that), unless the list surely names it."""
    for one in held:
        since = one.active or (one.last_taken is not None and last_used is not None and one.last_taken >= last_used)
        if last_used is not None and one.is_in(OPIOIDS) and since:
            return ()
    nothing = Recognition(
        "an opioid that is not named", "confirm", (), "unknown", (), "at most its last date is stated"
    )
    return (Listed(nothing, False, last_used, last_used or date.min, is_unnamed_opioid=True),)


def _recent(days: int, one: Listed, on: date) -> Truth:
    last = one.last_taken if one.last_taken is not None else (one.stated if one.active else None)
    return None if last is None else (on - last).days < days


def _in_form(test: Taken, one: Listed) -> Truth:
    forms = test.forms or forms_of(test.set)
    if not forms:
        return True
    if one.form == "unknown":
        return True if "unknown" in forms and not one.is_unnamed_opioid else None
    return one.form in forms


def _by_name(test: Taken, one: Listed) -> Truth:
    """Whether it goes by a street name, where the set asks for one; of an opioid nobody named, another answer tells."""
    if not is_by_street_name(test.set) or one.recognition.is_street:
        return True
    return None if one.is_written_but_open else False


def _of_class(test: Taken, one: Listed) -> Truth:
    if test.washout_class is None:
        return True
    classes = {each.washout_class for each in one.recognition.ingredients if in_set(each, test.set)}
    if test.washout_class in classes:
        return True
    return False if one.is_recognised and "" not in classes else None


def _entry(written: object, where: str, stated: date, on: date) -> Listed:
    if not isinstance(written, Mapping) or not isinstance(written.get("name"), str) or not written["name"].strip():
        shown = written if isinstance(written, str) else "codeine"
        remedy = f"write {{name: {shown}, active: yes}}, or with active: no and days_ago: 8"
        raise InvalidInput("a medicine is a name and what is known of it", where=where, remedy=remedy)
    strange = [key for key in written if key not in _KEYS]
    if strange:
        raise InvalidInput(f"a medicine has no {strange[0]!r}", where=where, remedy=f"known: {', '.join(_KEYS)}")
    active, confirmed, form = written.get("active"), written.get("confirmed"), written.get("form")
    if not (active is None or isinstance(active, bool)):
        raise InvalidInput(f"active cannot be {active!r}", where=where, remedy="write yes or no, or leave it out")
    if not (confirmed is None or isinstance(confirmed, str)):
        raise InvalidInput(f"confirmed cannot be {confirmed!r}", where=where, remedy="name the ingredient")
    if not (form is None or form in FORMS):
        raise InvalidInput(f"form cannot be {form!r}", where=where, remedy=f"write one of {', '.join(FORMS)}")
    return Listed(
        recognise(written["name"], confirmed=confirmed, form=form), active, _last(written, where, stated, on), stated
    )


def _last(written: Mapping[str, Any], where: str, stated: date, on: date) -> date | None:
    last, ago = written.get("last_taken"), written.get("days_ago")
    if last is not None and ago is not None:
        raise InvalidInput("last_taken and days_ago say the same thing twice", where=where, remedy="write one of them")
    if ago is not None:
        if isinstance(ago, bool) or not isinstance(ago, int) or not 0 <= ago <= 100 * _YEAR:
            raise InvalidInput(f"days_ago cannot be {ago!r}", where=where, remedy="write a whole number of days")
        return stated - timedelta(days=ago)
    if isinstance(last, str):
        try:
            last = date.fromisoformat(last)
        except ValueError:
            last = None
    if "last_taken" in written and written["last_taken"] is not None and type(last) is not date:
        raise InvalidInput(f"last_taken cannot be {written['last_taken']!r}", where=where, remedy="such as 2026-11-20")
    if last is not None and last > on:
        raise InvalidInput(f"last_taken {last} is after {on}", where=where, remedy="check the year and month")
    return last
