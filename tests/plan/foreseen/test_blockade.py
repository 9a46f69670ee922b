"""The block beside each step: what was found beforehand is what the model says now, and it is labelled."""

from __future__ import annotations

from decimal import Decimal

from lowdose.people import Person
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.compute import rates
from lowdose.plan.foreseen.after import PEOPLE, SHOWN_HOURS
from lowdose.plan.foreseen.blockade import AVERAGE, DOSES, LABEL, of_dose, solved
from lowdose.plan.foreseen.computed import computed

D = Decimal


def test_the_table_is_what_the_model_says_now():
    assert solved(D("4.5"), None, PEOPLE) == computed().doses["4.5"]
    assert computed().doses["4.5"].after.model_hash == computed().model_hash, "run python -m lowdose.plan.compute"


def test_the_rates_are_what_the_evidence_room_says_now():
    for concept, held in computed().rates.items():
        assert rates(concept) == held, "run python -m lowdose.plan.compute"


def test_the_block_grows_with_the_dose_and_its_ends_are_in_order():
    found = [computed().doses[plain(dose)] for dose in DOSES]
    for rows in ([one.taken for one in found], *([one.after.hour(hours) for one in found] for hours in SHOWN_HOURS)):
        assert [row.median for row in rows] == sorted(row.median for row in rows)
        for row in rows:
            assert 0 <= row.lowest <= row.low < row.median < row.high <= row.highest <= 1


def test_the_block_wears_off():
    for one in computed().doses.values():
        shares = [one.taken.median, *(at.median for at in one.after.at)]
        assert shares[1:] == sorted(shares[1:], reverse=True)
        assert shares[0] > shares[1]
        assert one.after.over_hours[1] <= one.after.over_hours[0] <= one.after.over_hours[2]


def test_a_dose_that_is_not_in_the_table_is_computed_and_lies_between_its_neighbours():
    below, between, above = (of_dose(dose).taken for dose in (D(2), D("2.2"), D("2.25")))
    assert below.median < between.median < above.median
    assert between.label == f"{LABEL}; for {AVERAGE}"


def test_a_liver_that_clears_slowly_raises_the_block_and_the_label_says_whose_it_is():
    healthy, slow = of_dose(D("0.5")), of_dose(D("0.5"), Person(child_pugh="B"))
    assert slow.taken.median > healthy.taken.median
    assert slow.after.hour(72).median > healthy.after.hour(72).median
    assert slow.taken.label == f"{LABEL}; for an adult of 70 kg, Child–Pugh B"
    assert slow.after.model_hash == computed().model_hash


def test_another_hour_of_the_stop_changes_nothing_of_the_others():
    usual, odd = of_dose(D("4.5")), of_dose(D("4.5"), None, 60)
    assert odd.taken == usual.taken
    assert [one for one in odd.after.at if one.hours != 60] == list(usual.after.at)
    assert usual.after.hour(48).median > odd.after.hour(60).median > usual.after.hour(72).median
