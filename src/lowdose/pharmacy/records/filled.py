"""What was filled in while a batch was made: weights, yield, assays. Read from YAML into its Compounding Record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lowdose.audit import Professional
from lowdose.blocks import read_file
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exact
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.records.assay import Assay
from lowdose.pharmacy.records.compounding_record import CompoundingRecord

FILLED_SCHEMA = "lowdose.filled/1"
_FIELDS = ("schema", "weighings", "yield", "contents", "potency", "assay", "weights")
_ASSAY = ("laboratory", "report", "method", "on", "compared_by")
_WEIGHING = ("ingredient", "into", "actual", "weighed_by", "checked_by", "lot", "expiry")


def fill_in(record: CompoundingRecord, filled: Mapping[str, Any]) -> CompoundingRecord:
    """Write what was done into the record; a decision made before is taken away, but for a rejection.

    Parameters
    ----------
    record : CompoundingRecord
        The worksheet.
    filled : mapping
        ``weighings`` (each ``ingredient``, ``actual``, ``weighed_by``, ``checked_by``, ``into`` where an ingredient
        is taken twice, and ``lot`` and ``expiry`` where the worksheet leaves them open), ``yield``, ``contents``
        (assayed, per cent of label), ``potency`` (per cent of label),
        ``assay`` (the report they are from: ``laboratory``, ``report``, ``method``, ``on``, and ``compared_by``),
        ``weights`` (net, mg); whatever is known.

    Raises
    ------
    InvalidInput
        If an entry is not known, or a value cannot be one.
    SafetyStop
        If the batch was rejected.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> fill_in(papers(batch, lot="LDN-7").record, {"yield": 94}).yielded
    Decimal('94')
    """
    _known(filled, _FIELDS, "the filled-in worksheet")
    record = record.open_again()
    for one in filled.get("weighings", ()):
        _known(one, _WEIGHING, "a weighing")
        record = record.weighed(
            str(one.get("ingredient", "")),
            _number(one.get("actual"), "what was taken"),
            Professional.parse(str(one.get("weighed_by", ""))),
            Professional.parse(str(one.get("checked_by", ""))),
            into=str(one.get("into", "")),
            supply=_supply(one),
        )
    if filled.get("contents") and record.form != "capsules":
        raise InvalidInput(
            f"{record.product} has no contents of single units: they are of capsules",
            where=f"contents: {filled['contents']}",
            remedy="write its assay, in per cent of the label, as potency: 99, with its report as assay:",
        )
    changes: dict[str, Any] = {}
    for name, field in (("yield", "yielded"), ("potency", "potency_percent")):
        if name in filled:
            changes[field] = _number(filled[name], f"the {name}")
    for name, field in (("contents", "contents"), ("weights", "weights_mg")):
        if name in filled:
            changes[field] = tuple(_number(one, f"one of the {name}", least=Decimal(0)) for one in filled[name])
    if "assay" in filled:
        changes["assay"] = _assay(filled["assay"])
    return replace(record, **changes)


def read_filled(path: str | Path) -> Mapping[str, Any]:
    """Read a filled-in worksheet, schema ``lowdose.filled/1``.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is another document.

    Examples
    --------
    >>> read_filled("nowhere.yaml")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.yaml cannot be read as YAML
      where: nowhere.yaml
    """
    return read_file(path, FILLED_SCHEMA, "filled-in worksheet")


def _known(given: object, names: tuple[str, ...], what: str) -> None:
    if not isinstance(given, Mapping):
        raise InvalidInput(f"{what} is {given!r}, not names with values")
    for name in given:
        if name not in names:
            raise InvalidInput(f"{what} has no {name!r}", remedy=f"known: {', '.join(names)}")


def _supply(given: Mapping[str, Any]) -> Supply | None:
    """Lot and expiry as they were read off a container; both, or neither."""
    ingredient, number, expiry = given.get("ingredient"), given.get("lot"), given.get("expiry")
    if number is None and expiry is None:
        return None
    if not isinstance(number, str):  # YAML reads 0123 as 83
        raise InvalidInput(f"the lot of {ingredient} was read as {number!r}", remedy='put it in quotes: lot: "0123"')
    return Supply(number, _date(expiry, f"the expiry of {ingredient}", "expiry: 2028-01-31"))


def _date(written: object, what: str, such_as: str) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise InvalidInput(f"{what} is {written!r}", remedy=f"write it as {such_as}") from error


def _assay(given: object) -> Assay:
    """The report of the laboratory."""
    if isinstance(given, Mapping):  # YAML reads the bare word on as true
        given = {"on" if name is True else name: value for name, value in given.items()}
    _known(given, _ASSAY, "the assay")
    assert isinstance(given, Mapping)
    laboratory, report, method = (str(given.get(name) or "") for name in ("laboratory", "report", "method"))
    compared = given.get("compared_by")
    on = _date(given.get("on"), "the date of the assay", "on: 2026-12-03")
    return Assay(laboratory, report, method, on, Professional.parse(str(compared)) if compared else None)


def _number(value: object, what: str, *, least: Decimal | None = None) -> Decimal:
    try:
        return exact(Decimal(str(value)), what, least=least)
    except InvalidOperation as error:
        raise InvalidInput(
            f"{what} is {value!r}, not a number", remedy="write it such as 141.2, without a unit"
        ) from error
