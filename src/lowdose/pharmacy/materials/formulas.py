"""Published formulas: what is in them, how they are made, and what a stability study says of that very formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.safety.excipients import called

Form = Literal["solution", "capsules", "drops", "cream"]
Kind = Literal["aqueous-preserved", "aqueous-unpreserved", "non-aqueous-liquid", "dry"]
Storage = Literal["room", "refrigerator"]
Role = Literal["active", "antioxidant", "preservative", "cosolvent", "vehicle", "filler", "base"]
Provenance = Literal["found", "derived", "recalled", "assumed"]

SAME_WITHIN = Decimal(10)
"""Per cent an ingredient may differ before the stability claim is lost (rule CMP-004)."""
WORKING_PRESERVATIVE = Decimal("0.8")
"""Share of a preservative's working concentration below which the liquid counts as unpreserved (rule CMP-005)."""


class Alternative(Block):
    """What a formula allows in the place of one of its ingredients, with its own source."""

    name: str
    amount: Decimal
    unit: Literal["mg", "g", "mL"]
    working: Decimal | None = None
    working_unit: Literal["g in 100 mL"] | None = None
    note: str = ""
    source: str
    url: str | None
    provenance: Provenance


class Part(Block):
    """One ingredient of a formula; ``to_volume`` means as much as the batch still needs.

    ``in_place_of`` is what the published formula names first, where one of its alternatives was chosen.
    """

    name: str
    role: Role
    amount: Decimal | None = None
    unit: Literal["mg", "g", "mL"]
    to_volume: bool = False
    tablets: int | None = None
    tablet_mg: Decimal | None = None
    instead: tuple[Alternative, ...] = ()
    in_place_of: str = ""
    note: str = ""
    working: Decimal | None = None
    working_unit: Literal["g in 100 mL"] | None = None


class Claim(Block):
    """What one stability study says of one formula, in one container, at one temperature."""

    container: str
    storage: Storage
    temperature_c: Decimal
    days: int
    antimicrobial_tested: bool
    finding: str
    source: str
    url: str | None
    provenance: Provenance


class Formula(Block):
    """A published formula for one batch. ``kind`` decides its beyond-use limit."""

    id: str
    title: str
    form: Form
    kind: Kind | Literal["stated-by-pharmacist"]
    strength: Decimal | None
    strength_unit: Literal["mg/mL", "mg"]
    batch: Decimal
    batch_unit: Literal["mL", "capsule"]
    ingredients: tuple[Part, ...]
    method: tuple[str, ...]
    container: str
    storage: Storage
    claims: tuple[Claim, ...]
    source: str
    url: str | None
    provenance: Provenance
    notes: tuple[str, ...] = ()

    def scaled(self, to: Decimal) -> dict[str, Decimal]:
        """Amounts for a batch of this size, each in the unit of its ``Part``; what is made up to volume is left out.

        Examples
        --------
        >>> {name: str(amount) for name, amount in formula("formula-a").scaled(Decimal(250)).items()}
        {'naltrexone hydrochloride': '250', 'ascorbic acid': '1.25', 'sodium benzoate': '0.25', 'glycerol': '50'}
        """
        return {p.name: (p.amount * to / self.batch).normalize() + 0 for p in self.ingredients if p.amount is not None}

    def preserved_with(self, name: str) -> Formula:
        """The formula with one of the preservatives that its source names.

        Raises
        ------
        InvalidInput
            If the source does not name it; those that it names stand in the remedy.

        Examples
        --------
        >>> formula("formula-a").preserved_with("parabens").scaled(Decimal(250))["parabens"]
        Decimal('0.25')
        >>> formula("formula-b").preserved_with("parabens")
        Traceback (most recent call last):
        lowdose.errors.InvalidInput: formula-b has no version with parabens
          where: Formula B, Alberta Health Services recipe 156
          remedy: its source names sodium benzoate
        """
        wanted = called(name).casefold()
        own = [part for part in self.ingredients if part.role == "preservative"]
        named: list[tuple[Part, Part | Alternative]] = [(part, part) for part in own]
        named += [(part, one) for part in own for one in part.instead]
        for part, one in named:
            if one.name == wanted:
                swapped = tuple(_instead(each, one) if each is part else each for each in self.ingredients)
                return self.model_copy(update={"ingredients": swapped})
        raise InvalidInput(
            f"{self.id} has no version with {wanted}",
            where=self.source,
            remedy=f"its source names {' or '.join(one.name for _, one in named) or 'no preservative'}",
        )

    def compare(self, amounts: Mapping[str, Decimal], batch: Decimal) -> Difference:
        """Hold a batch against this formula.

        Parameters
        ----------
        amounts : mapping of str to Decimal
            What the batch holds, in the units of this formula; an ingredient left out counts as none.
        batch : Decimal
            Its size, in ``batch_unit``.

        Raises
        ------
        InvalidInput
            If the size is not above zero.

        Examples
        --------
        The recipe published in 2025: the excipients of 100 mL in 500 mL.

        >>> made = {"naltrexone hydrochloride": 500, "ascorbic acid": ".5", "sodium benzoate": ".1", "glycerol": 20}
        >>> found = formula("formula-a").compare({k: Decimal(v) for k, v in made.items()}, Decimal(500))
        >>> found.percent, found.ingredient, found.preservative_ratio, found.same
        (Decimal('80'), 'ascorbic acid', Decimal('0.2'), False)
        """
        if batch <= 0:
            raise InvalidInput(f"a batch of {batch} {self.batch_unit} is none", remedy="write a size above zero")
        wanted = self.scaled(batch)
        made_up = {p.name for p in self.ingredients if p.amount is None}
        off = {name: abs(amounts.get(name, Decimal(0)) - amount) / amount * 100 for name, amount in wanted.items()}
        off |= {name: Decimal(100) for name in amounts if name not in wanted and name not in made_up}
        worst = max(off, key=lambda name: off[name], default="")
        return Difference(
            percent=(off[worst].normalize() + 0) if worst else Decimal(0),
            ingredient=worst,
            preservative_ratio=self._preserved(amounts, batch),
        )

    def _preserved(self, given: Mapping[str, Decimal], batch: Decimal) -> Decimal | None:
        """Highest share of a working concentration that any preservative reaches; None where the formula has none."""
        shares = [
            given.get(p.name, Decimal(0)) / (batch / 100) / p.working for p in self.ingredients if p.working is not None
        ]
        return max(shares).normalize() + 0 if shares else None


def _instead(part: Part, one: Part | Alternative) -> Part:
    if isinstance(one, Part):
        return part
    own = one.model_dump(exclude={"source", "url", "provenance"})
    return Part(role=part.role, in_place_of=part.name, **own)


@dataclass(frozen=True)
class Difference:
    """How far a batch is from a published formula: the largest deviation, whose it is, and how preserved it is.

    ``departures`` say what amounts do not show, such as powder in the place of tablets.
    """

    percent: Decimal
    ingredient: str
    preservative_ratio: Decimal | None
    departures: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether a stability study of the formula speaks for the batch."""
        return self.percent <= SAME_WITHIN and not self.departures


@cache
def formulas() -> Mapping[str, Formula]:
    """Every published formula, by its id.

    Examples
    --------
    >>> ", ".join(formulas())
    'formula-a, formula-b, capsules-cellulose, cream-base'
    """
    content = data(files(__package__).joinpath("formulas.yaml").read_text(encoding="utf-8"))
    return {one["id"]: Formula.model_validate(one) for one in content["formulas"]}


def formula(name: str) -> Formula:
    """Return one formula by its id.

    Raises
    ------
    NotFound
        If there is none; near misses are suggested.

    Examples
    --------
    >>> formula("formula-b").strength
    Decimal('5')
    """
    if name not in formulas():
        raise NotFound.among("formula", name, formulas())
    return formulas()[name]
