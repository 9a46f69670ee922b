"""Amounts as people write them: what is read, what is put right with a note, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Quantity, quantity, unsafe_formats
from lowdose.pharmacy.amounts.exact import plain, trimmed

NUMBERS = st.decimals(min_value="0.001", max_value=9999, places=3)


@pytest.mark.parametrize(
    ("written", "unit", "number"),
    [
        ("1.5 mg", "mg", "1.5"),
        ("120 mL", "mL", "120"),
        ("0.5 mg/mL", "mg/mL", "0.5"),
        ("0.5 mg per mL", "mg/mL", "0.5"),
        ("250 micrograms", "mg", "0.25"),
        ("1 microgram", "mg", "0.001"),
        ("500 nanograms", "micrograms", "0.5"),
        ("250 micrograms/mL", "mg/mL", "0.25"),
        ("10 g", "mg", "10000"),
        ("10 mg/g", "mg/g", "10"),
        ("  10  mg ", "mg", "10"),
        ("5 ml", "mL", "5"),
        ("1 milligram", "mg", "1"),
    ],
)
def test_read(written: str, unit: str, number: str) -> None:
    assert quantity(written, unit) == Decimal(number)
    assert Quantity.parse(written).notes == ()


@pytest.mark.parametrize(
    ("written", "shown", "note"),
    [
        ("250 mcg", "250 micrograms", "'mcg' was read as micrograms, and is written so"),
        ("1.5mg", "1.5 mg", "'1.5mg' has no space before its unit; it is written with one"),
    ],
)
def test_put_right_with_a_note(written: str, shown: str, note: str) -> None:
    read = Quantity.parse(written)
    assert str(read) == shown
    assert note in read.notes


@pytest.mark.parametrize(
    ("written", "what", "remedy"),
    [
        ("1.0 mg", "'1.0 mg' has a zero after the point: a missed point makes it ten-fold", "write 1 mg"),
        ("1.50 mg", "'1.50 mg' has a zero after the point: a missed point makes it ten-fold", "write 1.5 mg"),
        (".5 mg", "'.5 mg' has no zero before the point: a missed point makes it larger", "write 0.5 mg"),
        ("5. mg", "'5. mg' has nothing after its point", "write 5 mg"),
        ("05 mg", "'05 mg' has a zero before the number: a point may be missing", "write 5 mg"),
        ("250 µg", "'250 µg': 'µg' has been misread", "write 250 micrograms"),
        ("250 μg", "'250 μg': 'μg' has been misread", "write 250 micrograms"),
        ("250 ug", "'250 ug': 'ug' has been misread", "write 250 micrograms"),
        ("5 cc", "'5 cc': 'cc' has been misread", "write 5 mL"),
        ("1 mg/cc", "'1 mg/cc': 'cc' has been misread", "write 1 mg/mL"),
        ("500 ng", "'500 ng': 'ng' has been misread", "write 500 nanograms"),
        ("5 MG", "'5 MG': 'MG' is not read as a unit", "write mg, in these letters"),
        ("5 ML", "'5 ML': 'ML' is not read as a unit", "write mL, in these letters"),
    ],
)
def test_refused_with_the_safe_way(written: str, what: str, remedy: str) -> None:
    with pytest.raises(InvalidInput) as error:
        Quantity.parse(written)
    assert (error.value.what, error.value.remedy) == (what, remedy)


@pytest.mark.parametrize(
    "written",
    ["", "mg", "5", "1,5 mg", "1,000 mg", "-1 mg", "+1 mg", "0 mg", "1e3 mg", "١ mg", "1 mg 2 mg", "1 mg/5 mL",
     "nan mg", "1 tablet", "inf mg", "1\u00a0000 mg", "1/2 mg", "9999999999999 mg", "1.5.5 mg", "five mg"],
)  # fmt: skip
def test_not_an_amount(written: str) -> None:
    with pytest.raises(InvalidInput):
        Quantity.parse(written)


@pytest.mark.parametrize("given_", [1.5, 2, Decimal("1.5"), None])
def test_only_text_is_parsed(given_: object) -> None:
    with pytest.raises(InvalidInput, match="not an amount with its unit"):
        Quantity.parse(given_)  # type: ignore[arg-type]


def test_a_mass_is_no_volume() -> None:
    with pytest.raises(InvalidInput, match="5 mg is a mass, not a mass per volume"):
        quantity("5 mg", "mg/mL")


@given(NUMBERS, st.sampled_from(["mg", "g", "mL", "mg/mL", "mg/g", "micrograms"]))
def test_what_is_printed_is_read_again(number: Decimal, unit: str) -> None:
    printed = str(Quantity(number, unit))
    assert Quantity.parse(printed) == Quantity(number, unit)
    assert not unsafe_formats(printed)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = Quantity.parse(text)
    except InvalidInput:
        return
    assert read.value > 0


@given(NUMBERS)
def test_there_and_back(number: Decimal) -> None:
    mg = Quantity(number, "g").to("mg")
    assert Quantity(mg, "mg").to("g") == number


@given(NUMBERS, st.integers(1, 3), st.sampled_from([" mg", "mg", " mL", " micrograms", " g"]))
def test_a_trailing_zero_is_found_wherever_it_stands(number: Decimal, zeros: int, unit: str) -> None:
    bare = plain(trimmed(number))
    with_zero = (bare if "." in bare else f"{bare}.") + "0" * zeros
    assert unsafe_formats(f"Take {with_zero}{unit} at night").trailing_zeros == (f"{with_zero}{unit}",)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Take .5 mg", {"label.trailing_zero": False, "label.naked_decimal": True, "label.unit_abbrev": "none"}),
        ("Take 5 cc", {"label.trailing_zero": False, "label.naked_decimal": False, "label.unit_abbrev": "cc"}),
        ("500 μg", {"label.trailing_zero": False, "label.naked_decimal": False, "label.unit_abbrev": "µg"}),
        ("250 mcg", {"label.trailing_zero": False, "label.naked_decimal": False, "label.unit_abbrev": "none"}),
        ("4.5 mg, made 2026-12-10; 100 mL", {"label.trailing_zero": False, "label.naked_decimal": False,
                                             "label.unit_abbrev": "none"}),
    ],
)  # fmt: skip
def test_facts_of_a_label(text: str, fact: dict[str, object]) -> None:
    assert unsafe_formats(text).facts == fact
