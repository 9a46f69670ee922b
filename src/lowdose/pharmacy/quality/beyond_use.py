"""The beyond-use date: the shortest of what the law, the ingredients and a stability study of the same formula allow.

The day of making is day 0. Every limit is kept with its edition, source and provenance, also those that did not decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import get_args

from lowdose.audit.professional import says_nothing
from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.pharmacy.amounts.line import Line
from lowdose.pharmacy.materials.formulas import (
    WORKING_PRESERVATIVE,
    Claim,
    Difference,
    Formula,
    Kind,
    Provenance,
    Storage,
)

DAY_ZERO = "The day of making is day 0."
_WHERE = {"room": "room temperature", "refrigerator": "a refrigerator"}


@dataclass(frozen=True)
class Limit:
    """One thing that bounds the date; ``of_lots`` where it holds only for the lots of this batch."""

    what: str
    on: date
    days: int
    edition: str
    source: str
    url: str | None
    provenance: Provenance
    of_lots: bool = False
    note: str = ""


@dataclass(frozen=True)
class Custom:
    """A limit the pharmacist answers for, with the law it follows and the reason.

    Raises
    ------
    InvalidInput
        If edition or reason says nothing.

    Examples
    --------
    >>> Custom(28, "hospital formulary 2026", "own study").days
    28
    """

    days: int
    edition: str
    reason: str

    def __post_init__(self) -> None:
        for name in ("edition", "reason"):
            if says_nothing(getattr(self, name)):
                raise InvalidInput(
                    f"the {name} of the limit is {getattr(self, name)!r}",
                    remedy="a limit of your own needs days, the law or edition it follows, and a reason",
                )


@dataclass(frozen=True)
class BeyondUse:
    """The date, the limit that decided it, every limit looked at, and where sources disagree."""

    made: date
    on: date
    kind: Kind
    storage: Storage
    jurisdiction: str
    decided_by: Limit
    limits: tuple[Limit, ...]
    conflicts: tuple[str, ...]
    undated: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days after the day of making."""
        return (self.on - self.made).days

    @property
    def keeps_days(self) -> int:
        """Days that such a preparation keeps whatever its lots: by the law, and by its study."""
        return min(one.days for one in self.limits if not one.of_lots)

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line a limit, as the worksheet shows it, and the shortest of them last."""
        each = [Line(one.what, _shown(one), Decimal(one.days), "days") for one in self.limits]
        whole = Line("beyond-use date", f"the shortest of them, to {self.on}. {DAY_ZERO}", Decimal(self.days), "days")
        return (*each, whole)

    def facts(self, written: date | None = None) -> dict[str, object]:
        """What the safety rules ask about the date; ``written`` is a date somebody put on a label, if any.

        While an expiry is not known, whether the date exceeds a limit is not known either, and is left out.
        """
        facts: dict[str, object] = {"formula.aqueous": self.kind.startswith("aqueous")}
        if not self.undated:
            facts["formula.bud_excess_days"] = max(0, (written - self.on).days) if written else 0
        return facts


class _LegalLimit(Block):
    kind: Kind
    storage: Storage
    days: int


class Profile(Block):
    """What one jurisdiction allows, by kind of preparation and storage."""

    id: str
    title: str
    edition: str
    confirm: str
    source: str
    url: str | None
    provenance: Provenance
    study_may_lengthen: bool
    formulas: tuple[str, ...] = ()
    limits: tuple[_LegalLimit, ...]


@cache
def _content() -> Mapping[str, object]:
    content: dict[str, object] = data(files(__package__).joinpath("beyond_use.yaml").read_text(encoding="utf-8"))
    return content


@cache
def profiles() -> Mapping[str, Profile]:
    """Every jurisdiction profile by its id; ``custom`` is written by the pharmacist, see `Custom`.

    Examples
    --------
    >>> list(profiles())
    ['usp795_2023', 'nz_fawcett']
    """
    return {one["id"]: Profile.model_validate(one) for one in _content()["profiles"]}  # type: ignore[attr-defined]


def beyond_use(
    made: date,
    *,
    kind: Kind,
    storage: Storage,
    expiries: Mapping[str, date],
    undated: Sequence[str] = (),
    jurisdiction: str = "usp795_2023",
    formula: Formula | None = None,
    difference: Difference | None = None,
    container: str = "",
    preserved_by: str = "",
    custom: Custom | None = None,
) -> BeyondUse:
    """Return the shortest of the jurisdiction's limit, the earliest ingredient expiry and the formula's stability.

    Parameters
    ----------
    made : date
        Day 0.
    kind, storage
        What is made, and where it will be kept.
    expiries : mapping of str to date
        Of every ingredient, stocks made earlier included.
    undated : sequence of str
        Ingredients whose expiry is not known; the date is then said to be one that can only become earlier.
    jurisdiction : str
        ``usp795_2023``, ``nz_fawcett`` or ``custom`` (then `custom` says it).
    formula, difference
        The published formula it follows, and how far it is from it; without both there is no stability claim.
    container : str
        What it is kept in, in the words of the formula.
    preserved_by : str
        What preserves it where no formula says so; without either, a liquid with water is treated as unpreserved.
    custom : Custom, optional
        The pharmacist's own limit, for the jurisdiction ``custom``.

    Raises
    ------
    InvalidInput
        If an ingredient has expired, no limit is known for this kind and storage, or a custom limit gives no reason.
    NotFound
        If the jurisdiction is not known.

    Examples
    --------
    >>> from lowdose.pharmacy.materials.formulas import formula
    >>> a = formula("formula-a")
    >>> found = beyond_use(date(2026, 12, 1), kind="aqueous-preserved", storage="refrigerator", formula=a,
    ...     expiries={"naltrexone hydrochloride": date(2027, 3, 1)}, container="amber plastic bottle",
    ...     difference=a.compare(a.scaled(Decimal(120)), Decimal(120)))
    >>> found.on, found.days, found.decided_by.what
    (datetime.date(2027, 1, 5), 35, 'limit of usp795_2023')
    """
    _check(kind, storage, expiries, undated, made)
    kept, unpreserved = _as_kept(kind, difference, preserved_by)
    claim = _claim(formula, storage)
    lost = _lost(claim, difference, container)
    law = _legal(made, kept, storage, jurisdiction, formula, lost, custom)
    study = _study(made, claim, lost)
    if claim and study and not lost and _may_lengthen(jurisdiction, kept, claim) and claim.days > law.days:
        law, study = _lengthened(made, law, claim)
    limits = [law, *_earliest(made, expiries), *([study] if study else [])]
    # A study whose claim is lost never lengthens; its shorter answer is kept, so that knowing less is never later.
    decided = min(limits, key=lambda one: one.on)
    conflicts = (*unpreserved, *_conflicts(law, claim, lost, jurisdiction, kept, storage))
    return BeyondUse(made, decided.on, kept, storage, jurisdiction, decided, tuple(limits), conflicts, tuple(undated))


def _check(kind: str, storage: str, expiries: Mapping[str, date], undated: Sequence[str], made: date) -> None:
    for what, given, known in (("kind", kind, get_args(Kind)), ("storage", storage, get_args(Storage))):
        if given not in known:
            raise NotFound.among(what, given, known)
    if not expiries and not undated:
        raise InvalidInput("no ingredient has an expiry date", remedy="give the expiry of every lot")
    for name, expiry in expiries.items():
        if expiry < made:
            raise InvalidInput(f"{name} expired on {expiry}", where=f"made {made}", remedy="use another lot")


def _as_kept(kind: Kind, difference: Difference | None, preserved_by: str) -> tuple[Kind, tuple[str, ...]]:
    if kind != "aqueous-preserved":
        return kind, ()
    ratio = difference.preservative_ratio if difference else None
    if ratio is None and preserved_by:
        return kind, (f"Preserved by {preserved_by}, as the pharmacist states.",)
    if ratio is None:
        return "aqueous-unpreserved", ("What preserves it is not known: treated as unpreserved.",)
    if ratio < WORKING_PRESERVATIVE:
        share = f"{ratio * 100:.0f} % of its working concentration"
        return "aqueous-unpreserved", (f"The preservative is at {share}: treated as unpreserved (CMP-005).",)
    return kind, ()


def _claim(formula: Formula | None, storage: Storage) -> Claim | None:
    return next((one for one in formula.claims if one.storage == storage), None) if formula else None


def _lost(claim: Claim | None, difference: Difference | None, container: str) -> str:
    """Why a stability claim does not carry over; empty where it does."""
    if claim is None:
        return ""
    if difference is None:
        return "how far this batch is from that formula is not known"
    if not difference.same:
        amount = f"{difference.ingredient} differs by {difference.percent:.0f} %"
        return f"it is not the same formula (CMP-004): {'; '.join(difference.departures) or amount}"
    if container.casefold() != claim.container.casefold():
        return f"it was studied in {claim.container}, not in {container or 'a container that is not named'}"
    return ""


def _legal(
    made: date,
    kind: Kind,
    storage: Storage,
    jurisdiction: str,
    formula: Formula | None,
    lost: str,
    custom: Custom | None,
) -> Limit:
    if jurisdiction == "custom":
        return _custom(made, custom)
    if custom is not None:
        raise InvalidInput("a limit of your own needs the jurisdiction custom", where=jurisdiction)
    if jurisdiction not in profiles():
        raise NotFound.among("jurisdiction", jurisdiction, [*profiles(), "custom"])
    profile = profiles()[jurisdiction]
    remedy = "choose usp795_2023, or custom with your own limit and reason"
    if profile.formulas and (formula is None or formula.id not in profile.formulas or lost):
        why = lost or f"it speaks only for {' and '.join(profile.formulas)}"
        raise InvalidInput(f"{jurisdiction} has no limit for this preparation: {why}", remedy=remedy)
    days = {(one.kind, one.storage): one.days for one in profile.limits}.get((kind, storage))
    if days is None:
        where = [f"in {_WHERE[one.storage]}" for one in profile.limits if one.kind == kind]
        known = f"keep it {' or '.join(where)}" if where else remedy
        raise InvalidInput(f"{jurisdiction} has no limit for {kind} kept at {_WHERE[storage]}", remedy=known)
    return Limit(f"limit of {profile.id}", made + timedelta(days), days, profile.edition, profile.source, profile.url,
                 profile.provenance, note=profile.confirm)  # fmt: skip


def _custom(made: date, custom: Custom | None) -> Limit:
    most = _longest()
    if custom is None:
        raise InvalidInput("a custom limit needs days, the law or edition it follows, and a reason")
    if not 0 < custom.days <= most:
        raise InvalidInput(f"a custom limit of {custom.days} days is not between 1 and {most}")
    return Limit("limit the pharmacist set", made + timedelta(custom.days), custom.days, custom.edition,
                 "the pharmacist", None, "assumed", note=custom.reason)  # fmt: skip


def _longest() -> int:
    return int(_content()["longest_with_study"]["days"])  # type: ignore[index]


def _earliest(made: date, expiries: Mapping[str, date]) -> tuple[Limit, ...]:
    if not expiries:
        return ()
    name = min(expiries, key=lambda one: expiries[one])
    when = expiries[name]
    what = f"earliest ingredient expiry: {name}"
    return (Limit(what, when, (when - made).days, "", "the lot's label", None, "found", of_lots=True),)


def _study(made: date, claim: Claim | None, lost: str) -> Limit | None:
    if claim is None:
        return None
    what = f"stability of the formula at {claim.temperature_c} °C"
    note = f"claim lost: {lost}; it cannot lengthen the date" if lost else claim.finding
    return Limit(
        what, made + timedelta(claim.days), claim.days, "", claim.source, claim.url, claim.provenance, note=note
    )


def _may_lengthen(jurisdiction: str, kind: Kind, claim: Claim) -> bool:
    allowed = jurisdiction in profiles() and profiles()[jurisdiction].study_may_lengthen
    return allowed and (not kind.startswith("aqueous") or claim.antimicrobial_tested)


def _lengthened(made: date, law: Limit, claim: Claim) -> tuple[Limit, Limit]:
    """The legal limit gives way to the study, up to the longest that a study may reach."""
    days = max(law.days, min(claim.days, _longest()))
    raised = Limit(law.what, made + timedelta(days), days, law.edition, law.source, law.url, law.provenance,
                   note=f"{law.note}; lengthened from {law.days} days by {claim.source}")  # fmt: skip
    study = _study(made, claim, "")
    assert study is not None
    return raised if days > law.days else law, study


def _conflicts(
    law: Limit, claim: Claim | None, lost: str, jurisdiction: str, kind: Kind, storage: Storage
) -> tuple[str, ...]:
    said = []
    if claim and claim.days > law.days:
        why = f"the claim is lost: {lost}" if lost else "antimicrobial effectiveness was not tested"
        if not lost and not kind.startswith("aqueous"):
            why = f"a study may reach {_longest()} days at most"
        said.append(f"{claim.source} supports {claim.days} days at {claim.temperature_c} °C; {law.edition} gives "
                    f"{law.days}. The shorter is used: {why}.")  # fmt: skip
    default = {(one.kind, one.storage): one.days for one in profiles()["usp795_2023"].limits}.get((kind, storage))
    if jurisdiction != "usp795_2023" and default is not None and default != law.days:
        said.append(f"{profiles()['usp795_2023'].edition} gives {default} days here; {law.edition} gives {law.days}.")
    former = _content()["former"]
    said.append(f"Old pages still show the {former['edition']}: {former['says']}.")  # type: ignore[index]
    return tuple(said)


def _shown(limit: Limit) -> str:
    basis = "; ".join(one for one in (limit.edition, limit.source, limit.note) if one)
    doubt = "" if limit.provenance == "found" else ", not yet confirmed"
    return f"to {limit.on}; {basis} ({limit.provenance}{doubt})"
