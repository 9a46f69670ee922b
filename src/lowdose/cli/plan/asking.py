"""What the options of ``lowdose plan`` are turned into, and what is checked before any work."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.plan import Choices

DRAWN = (".pdf", ".svg", ".png")
WRITTEN = (".json", *DRAWN)
FILE = click.Path(path_type=Path, dir_okay=False)
PLAN = click.argument("plan_file", metavar="PLAN.json", type=FILE)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
_MOST, _DECIMALS = 1000, 4


def amount(unit: str) -> Callable[[str], Decimal]:
    """A reader of exact numbers with or without their unit; what it cannot read is a usage error."""

    def number(written: str) -> Decimal:
        try:
            found = Decimal(written.removesuffix(unit).strip())
        except InvalidOperation:
            raise click.BadParameter(f"{written!r} is no number of {unit}") from None
        if not found.is_finite() or not 0 < found <= _MOST or -int(found.as_tuple().exponent) > _DECIMALS:
            raise click.BadParameter(f"{written!r} is no number of {unit} that can be meant here")
        return found

    return number


def choices(asked: dict[str, Any]) -> Choices:
    """What the prescriber chose."""
    from lowdose.plan import Choices

    return Choices(
        scheme=asked["scheme"],
        start_mg=asked["start_dose"],
        step_mg=asked["step"],
        interval_days=asked["interval"],
        ceiling_mg=asked["ceiling"],
        time_of_day=asked["time"],
        form=asked["form"],
        weight_kg=asked["weight"],
    )


def check_files(paths: tuple[Path, ...], allowed: tuple[str, ...]) -> None:
    """Refuse names that cannot be written, before anything is made: work is not lost to a slip of the pen."""
    from lowdose.errors import InvalidInput

    for path in paths:
        if path.suffix.lower() not in allowed:
            endings = ", ".join(allowed)
            raise InvalidInput(f"{path.name} cannot be written", where=str(path), remedy=f"end it in {endings}")
        if not path.parent.is_dir():
            raise InvalidInput(f"there is no folder {path.parent}", where=str(path), remedy="make it first")
