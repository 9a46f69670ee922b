"""Lots, balances and limits as people write them: every slip has a message that says what to write."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy.worksheets.written import (
    read_balance,
    read_batch_file,
    read_drop_count,
    read_limit,
    read_lot,
    read_named_supply,
    read_number,
    read_packing,
    read_supply,
    read_tablets,
)

LOT = "number=N-1, assay=99.1, basis=anhydrous-solvent-free, water=4.2, solvent=0, expiry=2027-03-01"


def read_supply_of_water(written: str) -> object:
    return read_supply(written, "water")


def test_the_lot_of_the_issue_corrects_by_its_certificate() -> None:
    assert round(read_lot(LOT).factor, 5) == Decimal("0.94938")
    as_yaml = {"number": "N-1", "assay": 99.1, "basis": "anhydrous-solvent-free", "water": 4.2, "solvent": 0,
               "expiry": "2027-03-01"}  # fmt: skip
    assert read_lot(as_yaml) == read_lot(LOT)
    assert read_lot(LOT.replace("99.1", "99.1 %")) == read_lot(LOT)


@pytest.mark.parametrize(
    ("read", "written", "message"),
    [
        (read_lot, LOT.replace("water=4.2, ", ""), "water is not given"),
        (read_lot, LOT.replace(", solvent=0", ""), "residual solvent is not given"),
        (read_lot, LOT.replace("99.1", "about 99"), "no number"),
        (read_lot, LOT.replace("99.1", "9.91"), "outside 90 to 110"),
        (read_lot, LOT.replace("2027-03-01", "2027-03"), "no date"),
        (read_lot, LOT.replace("number=N-1, ", ""), "lacks number"),
        (read_lot, f"{LOT}, number=N-2", "twice"),
        (read_lot, LOT.replace("assay=", "potency="), "no 'potency'"),
        (read_lot, LOT.replace("anhydrous-solvent-free", "dry"), "no basis"),
        (read_lot, "N-1", "has no ="),
        (read_lot, ["N-1"], "not names with values"),
        (read_tablets, "number=T-1, expiry=2027-03-01, mean_mass=155", "at least 10 tablets"),
        (read_balance, "sensitivity=1", "lacks readability"),
        (read_balance, "sensitivity=0, readability=0.1", "above zero"),
        (read_packing, "filler=90", "lacks drug"),
        (read_drop_count, "bottle=D2, drops=5, volume=0.2", "too few"),
        (read_drop_count, "bottle=D2, drops=40.7, volume=2", "must be a whole number"),
        (read_tablets, "number=T-1, expiry=2027-03-01, mean_mass=155, weighed=20.5", "must be a whole number"),
        (read_limit, "days=20", "lacks edition and reason"),
        (read_limit, "days=30.5, edition=house rules 2026, reason=own study", "must be a whole number"),
        (read_limit, "days=30, edition=n/a, reason=own study", "edition of the limit is 'n/a'"),
        (read_limit, "days=30, edition=house rules 2026, reason=none", "reason of the limit is 'none'"),
        (read_supply_of_water, "number=unknown, expiry=2027-03-01", "lot number is 'unknown'"),
        (read_lot, LOT.replace("N-1", "?"), "lot number is '\\?'"),
        (read_named_supply, "number=G-7, expiry=2027-03-01", "names no ingredient"),
        (read_named_supply, "glycerol: number=G-7", "lacks expiry"),
    ],
)
def test_slips(read: Callable[[object], object], written: object, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read(written)


def test_numbers_with_or_without_unit() -> None:
    assert (
        read_number("0.1", "the graduation", "mL") == read_number(" 0.1 mL", "the graduation", "mL") == Decimal("0.1")
    )
    with pytest.raises(InvalidInput, match="write it such as"):
        read_number("a bit", "the graduation", "mL")


def test_a_lot_number_is_never_read_as_a_number() -> None:
    with pytest.raises(InvalidInput, match="read as 83"):
        read_supply({"number": 83, "expiry": "2027-03-01"}, "cellulose")


def test_a_supply_says_what_it_is_of() -> None:
    with pytest.raises(InvalidInput, match="cellulose lacks expiry"):
        read_supply("number=C-8", "cellulose")


@pytest.mark.parametrize(
    ("content", "message"),
    [("a: [", "cannot be read"), ("[]", "no batch file"), ("schema: lowdose.filled/1", "no batch file"),
     ("schema: lowdose.batch/1\nlots: {}", "has an entry 'lots'"),
     ("schema: lowdose.batch/1\nbatch_lot: 0123", "read as 83")],
)  # fmt: skip
def test_batch_files(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message):
        read_batch_file(path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_batch_file(tmp_path / "nowhere.yaml")
