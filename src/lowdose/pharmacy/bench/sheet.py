"""A worksheet while it is written: every line, every weight and every caution goes through here, for every form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import NoReturn

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import below, exactly, plain, rounded, shown
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Amount, Caution, Line, percent_off
from lowdose.pharmacy.amounts.quantities import Quantity
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.bench.balance import Bench, dilute
from lowdose.pharmacy.materials.ingredients import cautions
from lowdose.pharmacy.materials.lots import Supply, usable
from lowdose.pharmacy.materials.sources import Source, Stock, Tablets
from lowdose.safety.excipients import Release, called, parts

_RATIO = Decimal("0.000001")
_MOST_OVERAGE = Decimal(50)


@dataclass(frozen=True)
class Excipient:
    """An ingredient that is not the drug.

    Parameters
    ----------
    name : str
        What it is.
    supply : Supply, optional
        What is on its jar; to be filled in while it is not known.
    stated_release : {"immediate", "slow"}, optional
        What the pharmacist says it does to release, where that is not known. It never takes away what is known of a
        part of the name.

    Examples
    --------
    >>> Excipient("Avicel PH-102").name
    'microcrystalline cellulose'
    >>> Excipient("potato starch").name
    'potato starch'
    >>> mixture = Excipient("potato starch + HPMC K100", stated_release="immediate")
    >>> mixture.rule_names, mixture.release
    (('potato starch', 'hypromellose, slow-release grade'), 'slow')
    """

    name: str
    supply: Supply | None = None
    stated_release: Release | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidInput("an ingredient has no name", remedy="write what it is")
        object.__setattr__(self, "name", called(self.name))

    @property
    def rule_names(self) -> tuple[str, ...]:
        """What the safety rules call it; a mixture is each of its parts."""
        return tuple(part.name for part in parts(self.name))

    @property
    def release(self) -> Release | None:
        """Whether it holds the drug back, or any part does; None while nobody has said of one of them."""
        found = {part.release for part in parts(self.name)}
        if "slow" in found or self.stated_release == "slow":
            return "slow"
        return self.stated_release if None in found else "immediate"


@dataclass
class Sheet:
    """Collects what a batch consists of while it is worked out.

    Parameters
    ----------
    bench : Bench
        Where it is made.
    asked : mapping of str to object
        The request, which every refusal hands back.
    """

    bench: Bench
    asked: Mapping[str, object]
    lines: list[Line] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    tablet_fraction: Decimal = Decimal(0)

    def line(self, what: str, formula: str, value: Decimal, unit: str) -> Decimal:
        """Write a line and return its value."""
        self.lines.append(Line(what, formula, value, unit))
        return value

    def read(self, written: str | Quantity, unit: str) -> Decimal:
        """Read an amount of the request, and say what was put right in it."""
        amount = written if isinstance(written, Quantity) else Quantity.parse(written)
        self.cautions += [Caution("", note) for note in amount.notes]
        return amount.to(unit)

    def strength(self, strength: Strength) -> None:
        """Say what was put right in the prescription."""
        self.cautions += [Caution("", note) for note in strength.notes]

    def refuse(self, what: str, *nearest: str, remedy: str = "") -> NoReturn:
        """Stop: this cannot be made as asked."""
        raise CannotBeMade(what, nearest=nearest, asked=self.asked, remedy=remedy)

    @exactly
    def made(self, asked: Decimal, overage_percent: Decimal, unit: str, step: Decimal) -> Decimal:
        """Add the overage and round up to a whole step."""
        if overage_percent > _MOST_OVERAGE:
            raise InvalidInput(
                f"an overage of {plain(overage_percent)} % is above {plain(_MOST_OVERAGE)} %",
                remedy="ask for more capsules or more volume; overage is for losses",
            )
        made = (asked * (1 + overage_percent / 100) / step).to_integral_value(rounding=ROUND_CEILING) * step
        up = f", up to a whole {plain(step)} {unit}" if step != 1 else ", rounded up"
        return self.line("To make", f"{plain(asked)} × (1 + {plain(overage_percent)} %){up}", made, unit)

    def weigh(self, name: str, exact_mg: Decimal, role: str, supply: Supply | None) -> Decimal:
        """Round a mass to the balance, with its error as a line of its own, and put it on the list."""
        weight, line = self.bench.balance.weigh(name, exact_mg)
        self.lines.append(line)
        return self.put(Amount(name, weight, "mg", "weigh", exact_mg, role), supply)

    def weighable(self, name: str, need_mg: Decimal, *nearest: str, remedy: str = "") -> None:
        """Refuse what the balance may not weigh, naming what is nearest (rule CMP-007)."""
        balance = self.bench.balance
        if balance.ratio(need_mg) < 1:
            least = plain(balance.minimum_mg)
            what = f"{shown(need_mg)[0]} mg of {name} is below the {least} mg that may be weighed"
            self.refuse(what, *nearest, remedy=remedy)

    def measurable(self, name: str, need_mL: Decimal, *nearest: str) -> None:
        """Refuse what the measure cannot give to the accepted error, naming what is nearest."""
        least = self.bench.least_measure_mL
        if need_mL < least:
            what = f"{shown(need_mL)[0]} mL of {name} is below the {plain(least)} mL that may be measured"
            self.refuse(what, *nearest, remedy="or use a measure with finer marks")

    @exactly
    def measure(self, name: str, exact_mL: Decimal, role: str, supply: Supply | None) -> Decimal:
        """Round a volume to the measure, with its error as a line of its own, and put it on the list."""
        step = self.bench.measure_step_mL
        volume = rounded(exact_mL, step)
        formula = f"{shown(exact_mL)[0]} mL to the nearest {plain(step)} mL ({percent_off(volume, exact_mL)})"
        self.line(f"Measure {name}", formula, volume, "mL")
        return self.put(Amount(name, volume, "mL", "measure", exact_mL, role), supply)

    def put(self, amount: Amount, supply: Supply | None) -> Decimal:
        """Put an amount on the list, with its lot; what is out of date stops the batch."""
        if supply is not None:
            usable(amount.ingredient, supply.number, supply.expiry, self.bench.on)
            if supply.expiry == self.bench.on:
                last = (
                    f"{amount.ingredient}, lot {supply.number}, expires on the day of making: nothing made of it keeps"
                )
                self.cautions.append(Caution("CMP-003", last))
            amount = Amount(**{**vars(amount), "lot": supply.number, "expiry": supply.expiry})
        self.amounts.append(amount)
        return amount.value

    def holding(self, source: Source, drug_mg: Decimal) -> Decimal:
        """How much of the source holds so much drug, unrounded; tablets say what fraction of one is needed."""
        if isinstance(source, Stock):
            source.usable(self.bench.on)
        amount, lines = source.holding(drug_mg)
        self.lines += lines
        if isinstance(source, Tablets):
            self._tablets(source, drug_mg, amount)
        return amount

    @exactly
    def _tablets(self, tablets: Tablets, drug_mg: Decimal, powder_mg: Decimal) -> None:
        """How many are crushed: for a triturate, as many as hold the least that may be weighed."""
        count, formula = tablets.count(drug_mg), f"{shown(tablets.count(drug_mg))[0]} tablets, rounded up"
        crush, least = count.to_integral_value(rounding=ROUND_CEILING), self.bench.balance.least_mg
        if tablets.mean_mass_mg and powder_mg < least > crush * tablets.mean_mass_mg:
            crush = (least / tablets.mean_mass_mg).to_integral_value(rounding=ROUND_CEILING)
            formula = f"{plain(least)} mg ÷ {plain(tablets.mean_mass_mg)} mg, rounded up"
        self.line("Tablets to crush", formula, crush, "tablet" if crush == 1 else "tablets")
        self.tablet_fraction = count % 1
        self.assumptions.append(
            "Tablets hold what their label says and the crushed powder is even; it has lactose, cellulose and colours."
        )
        if self.tablet_fraction:
            self.cautions.append(
                Caution("CMP-006", f"{shown(count)[0]} tablets are needed: crush {plain(crush)} and weigh the powder")
            )

    @exactly
    def rub_down(self, source: Source, need_mg: Decimal, diluent: Excipient) -> Decimal:
        """Weigh the source, or an aliquot of it rubbed down with diluent where the balance demands that.

        Returns what goes into the batch, mg.
        """
        self.lines.append(self.bench.balance.line)
        if self.bench.balance.ratio(need_mg) >= 1:
            return self.weigh(source.name, need_mg, "active", source.supply)
        least = plain(self.bench.balance.minimum_mg)
        dilution = dilute(need_mg, self.bench.balance)
        self.cautions.append(
            Caution("", f"{shown(need_mg)[0]} mg is below the {least} mg that may be weighed: it is diluted first")
        )
        for number, stage in enumerate(dilution.stages, start=1):
            name = source.name if number == 1 else f"triturate {number - 1}"
            weakening = f"{plain(stage.weigh_mg)} mg in {plain(stage.total_mg)} mg"
            into = f"triturate {number}"
            supply = source.supply if number == 1 else None
            role = "active" if number == 1 else "aliquot"
            self.put(Amount(name, stage.weigh_mg, "mg", "weigh", stage.weigh_mg, role, into=into), supply)
            wet = Amount(diluent.name, stage.diluent_mg, "mg", "weigh", stage.diluent_mg, "diluent", into=into)
            self.put(wet, diluent.supply)
            self.assumptions.append(
                f"Triturate {number}, {weakening}, is rubbed down evenly; what is left of it is thrown away."
            )
        self.lines += dilution.lines
        last = f"triturate {len(dilution.stages)}"
        return self.put(Amount(last, dilution.aliquot_mg, "mg", "weigh", dilution.aliquot_mg, "aliquot"), None)

    def fillers(self, source: Source, *excipients: Excipient) -> list[str]:
        """Every filler in the batch by the name of the rules, those that come in with a stock too."""
        inherited = source.batch.facts.get("formula.fillers", []) if isinstance(source, Stock) else []
        for one in excipients:
            for part, caution in cautions(one.name):
                rule = "CMP-002" if part.release == "slow" else "CMP-001"
                self.cautions.append(Caution(rule, f"{one.name}: {caution}"))
        named = (name for one in excipients for name in one.rule_names)
        return [*dict.fromkeys([*named, *inherited])]  # type: ignore[misc]

    def release(self, source: Source, *excipients: Excipient) -> object:
        """How the product releases: slow if any part is, not known (None) if any part is not."""
        parts: list[object] = [one.release for one in excipients]
        if isinstance(source, Stock):
            parts.append(source.batch.facts.get("formula.release"))
        return "slow" if "slow" in parts else None if None in parts else "immediate"

    @exactly
    def facts(self, **more: object) -> dict[str, object]:
        """What the screen must be told of this batch, by the names of the rules; what is not known is left out."""
        weights = [one.value for one in self.amounts if one.handling == "weigh"]
        told = {
            "maker": self.bench.maker,
            "tablet_fraction": self.tablet_fraction,
            "min_weigh_ratio": below(self.bench.balance.ratio(min(weights)), _RATIO) if weights else None,
            **more,
        }
        return {f"formula.{name}": value for name, value in told.items() if value is not None}
