"""The waits after an opioid, by class and form, and what each source says about them: read from ``washout.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lowdose.safety.medicines import Ingredient, in_set
from lowdose.safety.rules.rule_set import NOT_CONFIRMED
from lowdose.safety.tables import table


@dataclass(frozen=True)
class Conflict:
    """What one source says, so that it can stand beside the others.

    ``days`` are the fewest and the most it names; ``None`` where it gives no number.
    """

    about: str
    says: str
    days: tuple[int | None, int | None]
    source: str
    url: str
    provenance: str
    label: str


@dataclass(frozen=True)
class Interval:
    """One line of the table: days to wait, and the floor to which negative tests can bring them."""

    id: str
    what: str
    days: int | None
    floor_days: int
    blocked_days: int
    rules: tuple[str, ...]
    label: str

    def said(self) -> str:
        """The interval in words, with its rule and how far it is confirmed."""
        because = ", ".join((*self.rules, self.label) if self.label else self.rules)
        return f"{self.days} days for {self.what}" + (f" ({because})" if because else "")


def _table() -> Any:
    return table("washout/washout.yaml")


@cache
def intervals() -> dict[str, Interval]:
    """The waits by their names.

    Examples
    --------
    >>> intervals()["short"].days, intervals()["short"].floor_days, intervals()["depot"].days
    (10, 7, None)
    """
    table = _table()
    return {
        name: Interval(
            id=name,
            what=row["what"],
            days=row["days"],
            floor_days=row.get("floor_days", row["days"] or 0),
            blocked_days=row.get("blocked_days", 0),
            rules=tuple(row["rules"]),
            label=_label(row["provenance"], row["sources"], table["sources"]),
        )
        for name, row in table["intervals"].items()
    }


def _label(provenance: str, cited: Sequence[str], sources: Any) -> str:
    """Said where nobody looked it up, or where only pages written by a machine speak for it beside an article."""
    solid = [each for each in cited if not sources[each].get("machine_written") and each != "article_a"]
    return "" if provenance == "found" and solid else NOT_CONFIRMED


@cache
def conflicts() -> tuple[Conflict, ...]:
    """What each source says about the wait, so that the disagreement is seen.

    Examples
    --------
    >>> [(each.days, each.source) for each in conflicts() if each.about == "trial practice"][0]
    ((15, 15), 'British Columbia trial in long COVID')
    """
    table = _table()
    return tuple(
        Conflict(
            about=row["about"],
            says=row["says"],
            days=(row["days"][0], row["days"][1]),
            source=table["sources"][row["source"]]["title"],
            url=table["sources"][row["source"]]["url"],
            provenance=row["provenance"],
            label=_label(row["provenance"], [row["source"]], table["sources"]),
        )
        for row in table["conflicts"]
    )


def interval_for(opioid: Ingredient, form: str) -> Interval | None:
    """The wait that an ingredient in a form asks for; ``None`` where the rules ask for none.

    Examples
    --------
    >>> from lowdose.safety.medicines import ingredient
    >>> interval_for(ingredient("tramadol"), "ir").days, interval_for(ingredient("tramadol"), "unknown").days
    (10, 14)
    >>> interval_for(ingredient("loperamide"), "ir") is None
    True
    """
    if not in_set(opioid, "opioid_washout"):
        return None
    if form in ("depot", "implant") and in_set(opioid, "opioid_systemic"):
        return intervals()["depot"]
    if in_set(opioid, "tianeptine"):
        return intervals()["kratom_tianeptine"]
    if opioid.washout_class == "long":
        return intervals()["long"]
    return intervals()["short" if form == "ir" and opioid.washout_class == "short" else "slow_or_unknown"]
