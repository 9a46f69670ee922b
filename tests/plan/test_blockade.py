"""The block beside each step: what was found beforehand is what the model says now, and it is labelled."""

from __future__ import annotations

from decimal import Decimal

from lowdose.people import Person
from lowdose.plan.blockade import AVERAGE, DOSES, LABEL, blockade, predict
from lowdose.plan.compute import rates
from lowdose.plan.computed import computed

D = Decimal


def test_the_table_is_what_the_model_says_now():
    found = predict(D("4.5"))
    assert found.row == computed().block["4.5"]
    assert found.model_hash == computed().model_hash, "run python -m lowdose.plan.compute"


def test_the_rates_are_what_the_evidence_room_says_now():
    for concept, held in computed().rates.items():
        assert rates(concept) == held, "run python -m lowdose.plan.compute"


def test_the_block_grows_with_the_dose_and_its_ends_are_in_order():
    rows = [computed().block[str(dose.normalize() + 0)] for dose in DOSES]
    assert [row.median for row in rows] == sorted(row.median for row in rows)
    for row in rows:
        assert 0 <= row.lowest <= row.low < row.median < row.high <= row.highest <= 1


def test_a_dose_that_is_not_in_the_table_is_computed_and_lies_between_its_neighbours():
    (below, between, above), _ = blockade([D(2), D("2.2"), D("2.25")])
    assert below.median < between.median < above.median
    assert between.label == f"{LABEL}; for {AVERAGE}"


def test_a_liver_that_clears_slowly_raises_the_block_and_the_label_says_whose_it_is():
    (healthy,), _ = blockade([D("0.5")])
    (slow,), model_hash = blockade([D("0.5")], Person(child_pugh="B"))
    assert slow.median > healthy.median
    assert slow.label == f"{LABEL}; for an adult of 70 kg, Child–Pugh B"
    assert model_hash == computed().model_hash
