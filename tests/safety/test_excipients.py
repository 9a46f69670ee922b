"""Fillers by any name: none that is not recognised passes as harmless, and nothing hides one that a rule stops."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.safety import Facts, Screen, questions, screen
from lowdose.safety.excipients import _table, holds, parts

ON = date(2026, 12, 1)
CHALK, GEL = "calcium carbonate", "hypromellose, slow-release grade"
OTHERWISE = {
    "allergy.excipient_match": False, "formula.aqueous": False, "formula.bud_excess_days": 0,
    "formula.maker": "pharmacy", "formula.max_deviation_pct": "not applicable", "formula.min_weigh_ratio": 5,
    "formula.preservative_ratio": "not applicable", "formula.tablet_fraction": 0,
    "formula.use_days_minus_bud": "not applicable",
}  # fmt: skip


def looked_at(*fillers: str, release: str = "immediate") -> Screen:
    facts = Facts.of({**OTHERWISE, "formula.fillers": list(fillers), "formula.release": release}, on=ON)
    return screen(facts, phase="formula", on=ON)


def fired(found: Screen) -> set[str]:
    return {one.id for one in found.fired}


@pytest.mark.parametrize(
    "name",
    ["CaCO3", "CaCO₃", "chalk", "Precipitated Chalk BP", "Calcium Carbonate, heavy", "E170", "MCC + CaCO3",
     "Capsule mix (microcrystalline cellulose + calcium carbonate)", "oyster shell", "Calcii carbonas"],
)  # fmt: skip
def test_calcium_carbonate_is_stopped_by_any_name(name: str) -> None:
    found = looked_at("microcrystalline cellulose", name)
    assert "CMP-001" in fired(found)
    assert not found.passes


@pytest.mark.parametrize("name", ["Capsule mix 7", "calcum carbonat", "", "—", "MCC + Mixture 7", "Mixture 7 (secret)"])
def test_what_is_not_recognised_is_asked_about_and_never_harmless(name: str) -> None:
    found = looked_at("microcrystalline cellulose", name)
    assert "CMP-001" not in fired(found)
    assert found.outcome == "incomplete"
    asked = next(one for one in found.not_checked if one.id == "CMP-001")
    assert asked.missing == ("formula.fillers",)
    assert "is not recognised: what is in it?" in asked.settled_by
    assert "microcrystalline" not in asked.settled_by
    facts = Facts.of({**OTHERWISE, "formula.fillers": [name]}, on=ON)
    assert [one.ask for one in questions(facts, phase="formula") if "CMP-001" in one.settles] == [asked.settled_by]


@pytest.mark.parametrize(
    "name",
    ["Avicel PH-101 (microcrystalline cellulose)", "Galen IQ (isomalt)",
     "Mixture 7 (lactose, silica and magnesium stearate)",
     "Lactose Monohydrate NF", "Microcrystalline Cellulose, Ph. Eur.", "corn starch USP", "dicalcium phosphate"],
)  # fmt: skip
def test_brackets_say_what_it_is_and_a_pharmacopoeia_is_no_other_substance(name: str) -> None:
    found = looked_at(name)
    assert not {"CMP-001", "CMP-002"} & (fired(found) | {one.id for one in found.not_checked})


def test_brackets_hide_nothing() -> None:
    assert holds(["Galen IQ (chalk)"], CHALK)
    assert holds(["chalk (isomalt)"], CHALK)
    assert holds(["Galen IQ (isomalt"], CHALK) is None


def test_a_slow_filler_is_not_of_immediate_release() -> None:
    with pytest.raises(InvalidInput, match="holds the drug back: lactose, methocel k100m"):
        looked_at("lactose", "Methocel K100M")
    assert "CMP-002" in fired(looked_at("lactose", "Methocel K100M", release="slow"))


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from([("calcium carbonate", CHALK), ("hpmc", GEL)]))
def test_nothing_written_around_a_substance_hides_it(before: str, after: str, one: tuple[str, str]) -> None:
    written, name = one
    assert name in [each.name for each in parts(f"{before} {written} {after}")]


@given(st.lists(st.text(max_size=12), max_size=4))
def test_no_words_crash_it_and_only_named_ones_are_harmless(written: list[str]) -> None:
    found = holds(written, CHALK)
    assert (found is False) == all(part.is_recognised and part.name != CHALK for one in written for part in parts(one))
    assert all(parts(one) for one in written)


def test_no_name_stands_for_two_and_every_grade_is_of_something() -> None:
    excipients = _table().excipients
    names = [also.casefold() for name, one in excipients.items() for also in (name, *one.also)]
    assert len(names) == len(set(names))
    assert all(one.grade_of in excipients for one in excipients.values() if one.grade_of)
    for name in excipients:
        assert [part.grade for part in parts(name)] == [name]
