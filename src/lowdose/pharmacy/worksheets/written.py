"""What stands on a jar, a certificate or a balance, as people write it: "number=N-1, expiry=2027-06-30", or YAML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from lowdose.blocks import read_file
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import whole
from lowdose.pharmacy.bench.balance import Balance
from lowdose.pharmacy.forms.drops import DropCount
from lowdose.pharmacy.forms.packing import PackStatistics
from lowdose.pharmacy.materials.lots import Basis, Lot, Supply
from lowdose.pharmacy.materials.sources import Tablets
from lowdose.pharmacy.quality.beyond_use import Custom

BATCH_SCHEMA = "lowdose.batch/1"
_BATCH_FIELDS = (
    "schema", "batch_lot", "lot", "tablets", "ingredients", "balance", "measure", "packing", "pharmacy", "prescription",
)  # fmt: skip


class Fields:
    """Names and values of one text, each to be taken once.

    Examples
    --------
    >>> given = Fields.of("number=C-8, expiry=2027-03-31", "the supply", needed=("number", "expiry"))
    >>> given.text("number"), given.date("expiry")
    ('C-8', datetime.date(2027, 3, 31))
    >>> Fields.of("number=C-8, expires=2027-03-31", "the supply", needed=("number", "expiry"))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the supply has no 'expires'
      remedy: did you mean expiry? It takes number=, expiry=
    """

    def __init__(self, values: Mapping[str, str], what: str) -> None:
        self._values, self.what = values, what

    @classmethod
    def of(
        cls, written: str | Mapping[str, object], what: str, *, needed: tuple[str, ...], other: tuple[str, ...] = ()
    ) -> Fields:
        """Read a text of name=value with commas between them, or a mapping of a YAML file.

        Raises
        ------
        InvalidInput
            If a name is not known, given twice, or lacking.
        """
        values = _pairs(written, what) if isinstance(written, str) else _mapped(written, what)
        takes = f"it takes {', '.join(f'{name}=' for name in (*needed, *other))}"
        for name in values:
            if name not in (*needed, *other):
                near = get_close_matches(name, (*needed, *other), n=1)
                remedy = f"did you mean {near[0]}? It{takes[2:]}" if near else takes
                raise InvalidInput(f"{what} has no {name!r}", remedy=remedy)
        lacking = [name for name in needed if not values.get(name)]
        if lacking:
            raise InvalidInput(f"{what} lacks {' and '.join(lacking)}", remedy=takes)
        return cls(values, what)

    def text(self, name: str) -> str:
        """The value as it was written; "" where it was not."""
        return self._values.get(name, "")

    def number(self, name: str) -> Decimal | None:
        """The value as a decimal number; None where it was not given.

        Raises
        ------
        InvalidInput
            If it is no number.
        """
        written = self.text(name).removesuffix("%").strip()
        if not written:
            return None
        try:
            return Decimal(written)
        except InvalidOperation as error:
            raise InvalidInput(
                f"{name}={written} of {self.what} is no number", remedy=f"write it such as {name}=99.1, without a unit"
            ) from error

    def whole(self, name: str) -> int | None:
        """The value as a whole number above zero; None where it was not given.

        Raises
        ------
        InvalidInput
            If it is none: nothing is rounded to one.
        """
        number = self.number(name)
        return None if number is None else whole(number, f"{name} of {self.what}")

    def needed(self, name: str) -> Decimal:
        """The value as a decimal number; it was given."""
        return cast("Decimal", self.number(name))

    def agreed(self, name: str) -> bool:
        """Whether it was answered with yes.

        Raises
        ------
        InvalidInput
            If it was answered with anything but yes and no.
        """
        answer = self.text(name).casefold()
        if answer not in ("", "yes", "no", "true", "false"):  # YAML reads a bare yes as true
            raise InvalidInput(f"{name}={self.text(name)} of {self.what} is no answer", remedy=f"write {name}=yes")
        return answer in ("yes", "true")

    def date(self, name: str) -> date:
        """The value as a date.

        Raises
        ------
        InvalidInput
            If it is none.
        """
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise InvalidInput(
                f"{name}={self.text(name)} of {self.what} is no date", remedy=f"write {name}=2027-06-30, with its day"
            ) from error


def read_lot(written: str | Mapping[str, object]) -> Lot:
    """Read the lot of the drug and the assay of its certificate.

    Raises
    ------
    InvalidInput
        If something is lacking, not known, or cannot be believed.

    Examples
    --------
    >>> read_lot("number=N-1, expiry=2027-03-01, assay=99.1, basis=anhydrous-solvent-free, water=4.2, solvent=0").factor
    Decimal('0.949378')
    """
    given = Fields.of(
        written, "the lot", needed=("number", "expiry", "assay", "basis"), other=("water", "solvent", "confirm")
    )
    return Lot(given.text("number"), given.date("expiry"), given.needed("assay"), cast("Basis", given.text("basis")),
               given.number("water"), given.number("solvent"), given.agreed("confirm"))  # fmt: skip


def read_tablets(written: str | Mapping[str, object]) -> Tablets:
    """Read the lot of tablets, with their strength and mean mass where they were weighed.

    Examples
    --------
    >>> read_tablets("number=T-5, expiry=2027-06-30, mean_mass=155, weighed=20").mean_mass_mg
    Decimal('155')
    """
    given = Fields.of(written, "the tablets", needed=("number", "expiry"), other=("strength", "mean_mass", "weighed"))
    return Tablets(
        Supply(given.text("number"), given.date("expiry")),
        given.number("strength") or Decimal(50),
        given.number("mean_mass"),
        given.whole("weighed"),
    )


def read_supply(written: str | Mapping[str, object], what: str) -> Supply:
    """Read lot number and expiry of an ingredient.

    Examples
    --------
    >>> read_supply("number=C-8, expiry=2027-03-31", "cellulose").number
    'C-8'
    """
    given = Fields.of(written, what, needed=("number", "expiry"))
    return Supply(given.text("number"), given.date("expiry"))


def read_named_supply(written: str) -> tuple[str, Supply]:
    """Read "INGREDIENT: number=..., expiry=...".

    Raises
    ------
    InvalidInput
        If it does not name the ingredient.

    Examples
    --------
    >>> read_named_supply("glycerol: number=G-7, expiry=2027-03-31")[0]
    'glycerol'
    """
    name, colon, rest = written.partition(":")
    if not colon or "=" in name:
        raise InvalidInput(f"{written!r} names no ingredient", remedy='write "glycerol: number=G-7, expiry=2027-03-31"')
    return name.strip(), read_supply(rest, name.strip())


def read_balance(written: str | Mapping[str, object]) -> Balance:
    """Read what a balance can do, in mg and per cent.

    Examples
    --------
    >>> read_balance("sensitivity=6, readability=1").minimum_mg
    Decimal('120')
    """
    given = Fields.of(written, "the balance", needed=("sensitivity", "readability"), other=("error",))
    return Balance(given.needed("sensitivity"), given.needed("readability"), given.number("error") or Decimal(5))


def read_packing(written: str | Mapping[str, object]) -> PackStatistics:
    """Read what a full capsule holds of filler and of drug powder, mg.

    Examples
    --------
    >>> read_packing("filler=90, drug=150").filler_mg
    Decimal('90')
    """
    given = Fields.of(written, "the pack statistics", needed=("filler", "drug"))
    return PackStatistics(given.needed("filler"), given.needed("drug"))


def read_drop_count(written: str | Mapping[str, object]) -> DropCount:
    """Read how many drops of which bottle were counted into how many mL.

    Examples
    --------
    >>> read_drop_count("bottle=D2, drops=40, volume=2").per_mL
    Decimal('20')
    """
    given = Fields.of(written, "the drop count", needed=("bottle", "drops", "volume"))
    return DropCount(given.text("bottle"), cast("int", given.whole("drops")), given.needed("volume"))


def read_limit(written: str | Mapping[str, object]) -> Custom:
    """Read a limit the pharmacist answers for.

    Examples
    --------
    >>> read_limit("days=28, edition=hospital formulary 2026, reason=own study").days
    28
    """
    given = Fields.of(written, "the limit", needed=("days", "edition", "reason"))
    return Custom(cast("int", given.whole("days")), given.text("edition"), given.text("reason"))


def read_number(written: object, what: str, unit: str) -> Decimal:
    """Read a number with or without its unit.

    Raises
    ------
    InvalidInput
        If it is no number.

    Examples
    --------
    >>> read_number("0.1 mL", "the graduation", "mL")
    Decimal('0.1')
    """
    try:
        return Decimal(str(written).strip().removesuffix(unit).strip())
    except InvalidOperation as error:
        raise InvalidInput(f"{what} is {written!r}, no number", remedy=f"write it such as 0.1 {unit}") from error


def read_batch_file(path: str | Path) -> Mapping[str, Any]:
    """Read a batch YAML file: the same entries as the options, by name.

    Raises
    ------
    InvalidInput
        If it cannot be read, is no batch file, or has an entry that is not known.

    Examples
    --------
    >>> read_batch_file("nowhere.yaml")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.yaml cannot be read as YAML
      where: nowhere.yaml
    """
    content = read_file(path, BATCH_SCHEMA, "batch file")
    if not isinstance(content.get("batch_lot", ""), str):
        raise InvalidInput(f"batch_lot was read as {content['batch_lot']!r}", remedy="put it in quotes")
    for name in content:
        if name not in _BATCH_FIELDS:
            raise InvalidInput(f"{Path(path).name} has an entry {name!r}", remedy=f"known: {', '.join(_BATCH_FIELDS)}")
    return content


def _pairs(written: str, what: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in written.split(","))):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not equals:
            raise InvalidInput(f"{part!r} of {what} has no =", remedy='write name=value, such as "number=N-1"')
        if name in values:
            raise InvalidInput(f"{what} has {name} twice", remedy="give it once")
        values[name] = value
    return values


def _mapped(written: object, what: str) -> dict[str, str]:
    if not isinstance(written, Mapping):
        raise InvalidInput(f"{what} is {written!r}, not names with values", remedy="write {number: N-1, ...}")
    number = written.get("number", "")
    if not isinstance(number, str):  # YAML reads 0123 as 83
        raise InvalidInput(f"the number of {what} was read as {number!r}", remedy='put it in quotes: number: "0123"')
    return {str(name): str(value) for name, value in written.items()}
