"""How much goes into a capsule shell: sizes, and packing by pack statistics or by density."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.pharmacy.amounts.exact import HUNDRED, exact, exactly, plain, shown, trimmed
from lowdose.pharmacy.amounts.line import Line
from lowdose.pharmacy.materials.ingredients import Provenance, known


class _Size(Block):
    volume_mL: Decimal
    other: Decimal | None = None


class _Fill(Block):
    low: Decimal
    high: Decimal
    source: str
    provenance: Provenance


class _Default(Block):
    size: str
    source: str
    provenance: Provenance


class _Shells(Block):
    schema_: Literal["lowdose.capsules/1"] = Field(alias="schema")
    sizes: dict[str, _Size]
    source: str
    url: str
    provenance: Provenance
    fill: _Fill
    default: _Default


@cache
def shells() -> _Shells:
    """The capsule sizes and fill limits of ``capsules.yaml``.

    Examples
    --------
    >>> shells().fill.low, shells().default.size
    (Decimal('0.8'), '3')
    """
    return _Shells.model_validate(data(files(__package__).joinpath("capsules.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Size:
    """A capsule size and what it holds; give the volume of your maker where it differs from the table.

    Examples
    --------
    >>> Size.named("3").volume_mL, Size("1", Decimal("0.48")).volume_mL
    (Decimal('0.3'), Decimal('0.48'))
    """

    name: str
    volume_mL: Decimal

    def __post_init__(self) -> None:
        volume = exact(self.volume_mL, f"the volume of a size {self.name} capsule, mL,")
        object.__setattr__(self, "volume_mL", volume)

    @classmethod
    def named(cls, name: str) -> Size:
        """Return a size of the table.

        Raises
        ------
        NotFound
            If there is none of that name.
        """
        if name not in shells().sizes:
            raise NotFound.among("capsule size", name, shells().sizes)
        return cls(name, shells().sizes[name].volume_mL)

    @property
    def shells(self) -> str:
        """What its shells are called on a worksheet."""
        return f"size {self.name} capsule shells"


def sizes() -> tuple[Size, ...]:
    """Every size of the table, smallest first.

    Examples
    --------
    >>> " ".join(size.name for size in sizes())
    '5 4 3 2 1 0 00 000'
    """
    return tuple(sorted((Size.named(name) for name in shells().sizes), key=lambda size: size.volume_mL))


def smallest_size(volume_mL: Decimal) -> Size | None:
    """Return the smallest size that holds a volume; None where none does.

    Examples
    --------
    >>> smallest_size(Decimal("0.667")).name, smallest_size(Decimal("0.467")).name, smallest_size(Decimal(2))
    ('0', '1', None)
    """
    return next((size for size in sizes() if size.volume_mL >= volume_mL), None)


@exactly
def blend_volume(mass_mg: Decimal, density_g_per_mL: Decimal) -> Decimal:
    """Volume of a powder, mL.

    Examples
    --------
    >>> blend_volume(Decimal(350), Decimal("0.7"))
    Decimal('0.5')
    """
    mass, density = exact(mass_mg, "the mass, mg,"), exact(density_g_per_mL, "the density, g/mL,")
    return trimmed(mass / (density * 1000))


@exactly
def filler_by_volume(volume_mL: Decimal, drug_mg: Decimal, drug_density: Decimal, filler_density: Decimal) -> Decimal:
    """Filler that fills what a drug leaves of a volume, mg; below zero where the drug alone is too much.

    Examples
    --------
    >>> filler_by_volume(Decimal("0.5"), Decimal(35), Decimal("0.7"), Decimal("0.4"))
    Decimal('180')
    """
    # The one division comes last, so that thirds inside do not make a whole result inexact.
    return trimmed((volume_mL * drug_density * 1000 - drug_mg) * filler_density / drug_density)


class Packing(Protocol):
    """How powders fill one capsule."""

    def drug_share(self, size: Size, drug_mg: Decimal) -> Decimal:
        """Share of one capsule that so much drug powder takes up."""

    def filler_share(self, size: Size, filler_mg: Decimal) -> Decimal:
        """Share of one capsule that so much filler takes up."""

    def filler(self, size: Size, drug_mg: Decimal) -> tuple[Decimal, Line]:
        """Filler that fills the rest of one capsule, mg, with the arithmetic."""


@dataclass(frozen=True)
class PackStatistics:
    """What one full capsule of a size weighs with each powder alone: measured, and better than any density.

    Parameters
    ----------
    filler_mg : Decimal
        Filler in one full capsule, mg.
    drug_mg : Decimal
        The drug powder as it is weighed (powder, crushed tablets, triturate) in one full capsule, mg.

    Examples
    --------
    >>> filler, line = PackStatistics(Decimal(90), Decimal(150)).filler(Size.named("3"), Decimal("4.5"))
    >>> print(line)
    Filler in one capsule: 90 mg × (1 − 4.5 mg ÷ 150 mg) = 87.3 mg
    """

    filler_mg: Decimal
    drug_mg: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "filler_mg", exact(self.filler_mg, "the filler's pack statistic, mg,"))
        object.__setattr__(self, "drug_mg", exact(self.drug_mg, "the drug's pack statistic, mg,"))

    @exactly
    def drug_share(self, size: Size, drug_mg: Decimal) -> Decimal:
        """Share of one capsule that so much drug powder takes up."""
        return drug_mg / self.drug_mg

    @exactly
    def filler_share(self, size: Size, filler_mg: Decimal) -> Decimal:
        """Share of one capsule that so much filler takes up."""
        return filler_mg / self.filler_mg

    @exactly
    def filler(self, size: Size, drug_mg: Decimal) -> tuple[Decimal, Line]:
        """Filler that fills the rest of one capsule, mg."""
        filler = self.filler_mg - self.filler_mg * drug_mg / self.drug_mg
        formula = f"{plain(self.filler_mg)} mg × (1 − {shown(drug_mg)[0]} mg ÷ {plain(self.drug_mg)} mg)"
        return filler, Line("Filler in one capsule", formula, filler, "mg")


@dataclass(frozen=True)
class Densities:
    """Loose densities of both powders, g/mL: the fall-back where nothing was measured.

    Examples
    --------
    >>> packing = Densities(Decimal("0.3"), Decimal("0.5"))
    >>> print(packing.filler(Size.named("3"), Decimal("4.5"))[1])
    Filler in one capsule: (0.3 mL − 4.5 mg ÷ 500 mg/mL) × 300 mg/mL = 87.3 mg
    """

    filler_g_per_mL: Decimal
    drug_g_per_mL: Decimal
    told: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "filler_g_per_mL", exact(self.filler_g_per_mL, "the filler's density, g/mL,"))
        object.__setattr__(self, "drug_g_per_mL", exact(self.drug_g_per_mL, "the drug's density, g/mL,"))

    @classmethod
    def of(cls, filler: str, drug: str) -> Densities:
        """Take both densities from ``ingredients.yaml``, and tell how far they are to be trusted.

        Raises
        ------
        InvalidInput
            If one of them has no density there.

        Examples
        --------
        >>> Densities.of("Avicel PH-102", "naltrexone hydrochloride").told[0]
        'Density of microcrystalline cellulose: 0.3 g/mL (found: Avicel PH-102, loose (IFF Answer Center))'
        """
        numbers, told = [], []
        for name in (filler, drug):
            entry = known(name)
            if entry is None or entry.density is None:
                raise InvalidInput(
                    f"no density of {name} is known",
                    remedy="weigh full capsules of it and give pack statistics, or give its density",
                )
            numbers.append(entry.density.value)
            source = f"{entry.density.provenance}: {entry.density.source}"
            told.append(f"Density of {entry.name}: {plain(entry.density.value)} g/mL ({source})")
        return cls(numbers[0], numbers[1], tuple(dict.fromkeys(told)))

    @exactly
    def drug_share(self, size: Size, drug_mg: Decimal) -> Decimal:
        """Share of one capsule that so much drug powder takes up."""
        return drug_mg / (self.drug_g_per_mL * 1000 * size.volume_mL)

    @exactly
    def filler_share(self, size: Size, filler_mg: Decimal) -> Decimal:
        """Share of one capsule that so much filler takes up."""
        return filler_mg / (self.filler_g_per_mL * 1000 * size.volume_mL)

    @exactly
    def filler(self, size: Size, drug_mg: Decimal) -> tuple[Decimal, Line]:
        """Filler that fills the rest of one capsule, mg."""
        filler = filler_by_volume(size.volume_mL, drug_mg, self.drug_g_per_mL, self.filler_g_per_mL)
        drug, fill = plain(self.drug_g_per_mL * 1000), plain(self.filler_g_per_mL * 1000)
        formula = f"({plain(size.volume_mL)} mL − {shown(drug_mg)[0]} mg ÷ {drug} mg/mL) × {fill} mg/mL"
        return filler, Line("Filler in one capsule", formula, filler, "mg")


def fill_percent(share: Decimal) -> str:
    """How full a capsule is, as a worksheet prints it.

    Examples
    --------
    >>> fill_percent(Decimal("0.9804"))
    '98 %'
    """
    return f"{plain(round(share * HUNDRED, 1))} %"
