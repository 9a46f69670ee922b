"""The sixteen protocols: all there, each with its sources, and nothing in them that a source does not say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from lowdose.errors import NotFound
from lowdose.plan import protocol, protocols
from lowdose.plan.catalogue import Quantity, library
from lowdose.safety import rule_set

D = Decimal
# As clinic.md 4.1 has them, written down again by hand: start, step, interval, ceiling; None where it does not say.
PUBLISHED = {
    "STD-1.5": ((D("1.5"), D("1.5")), (D("1.5"), D("1.5")), (7, 14), (D("4.5"), D("4.5"))),
    "DICK-1": ((D(1), D(1)), (D(1), D(1)), (7, 7), (D("4.5"), D("4.5"))),
    "SENS-0.5": ((D("0.5"), D("0.5")), (D("0.5"), D("0.5")), (14, 14), None),
    "US-0.5": ((D("0.5"), D("0.5")), (D("0.5"), D("0.5")), (7, 7), None),
    "HPI-0.5": ((D("0.5"), D("0.5")), (D("0.5"), D("0.5")), (7, 14), (D("4.5"), D("4.5"))),
    "LDN-2021": ((D("0.5"), D(1)), (D("0.5"), D(1)), (14, 14), (D(3), D("4.5"))),
    "UK-old": ((D("1.5"), D("1.5")), (D("0.5"), D("0.5")), (14, 14), (D("4.5"), D("4.5"))),
    "THY-0.5": ((D("0.5"), D("0.5")), (D("0.5"), D("0.5")), (14, 14), None),
    "THY-0.25": ((D("0.25"), D("0.25")), (D("0.25"), D("0.5")), (7, 7), (D("1.5"), D("4.5"))),
    "IBD": ((D("1.5"), D("1.5")), (D("1.5"), D("1.5")), (7, 14), (D("4.5"), D("4.5"))),
    "PED": (None, None, None, (D("4.5"), D("4.5"))),
    "FINAL": (None, None, None, (D(6), D(6))),
    "BC": ((D(1), D(1)), None, None, (D("4.5"), D("4.5"))),
    "GRID": ((D("0.75"), D("0.75")), (D("0.75"), D("0.75")), None, (D(6), D(6))),
    "IBS-ULD": ((D("0.5"), D("0.5")), None, None, (D("0.5"), D("0.5"))),
    "TAPER-VLD": ((D("0.125"), D("0.25")), None, None, (D("0.25"), D("0.25"))),
}  # fmt: skip


# Weeks that a source gives its scheme, or to judge the effect; the others that give a plan name none.
LENGTHS = {"IBD": (D(8), D(12)), "PED": (D(8), D(8)), "IBS-ULD": (D(4), D(4))}


def ends(quantity):
    return None if quantity.low is None else (quantity.low, quantity.high)


def test_all_sixteen_are_there():
    assert sorted(one.id for one in protocols()) == sorted(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_value_is_the_published_one_and_every_gap_a_gap(name):
    _, scheme = protocol(name).scheme()
    found = (scheme.start_mg, scheme.step_mg, scheme.interval_days, scheme.ceiling_mg)
    assert tuple(map(ends, found)) == PUBLISHED[name]


def test_a_length_is_that_of_the_source_and_every_other_is_a_gap():
    assert {one.id: ends(one.length_weeks) for one in protocols() if one.length_weeks.low} == LENGTHS
    for one in protocols():
        if one.is_plannable and one.id not in LENGTHS:
            assert "length: what was read of the source names none" in one.not_known


@pytest.mark.parametrize("one", protocols(), ids=lambda one: one.id)
def test_every_protocol_cites_and_says_what_it_does_not_know(one):
    assert one.cited
    assert all(source.title and (source.url or "article" in source.title) for source in one.cited)
    assert bool(one.refused) == (not one.is_plannable)
    for said in one.not_known:
        what, _, reason = said.partition(": ")
        assert what
        assert reason


def test_the_same_source_has_the_same_address_in_both_rooms():
    ours, theirs = library().sources, rule_set().sources
    shared = set(ours) & set(theirs)
    assert {"lavender", "hdrx", "ldnrt_titr", "ped", "article_a"} <= shared
    for name in shared:
        assert ours[name].url == (theirs[name].url or ""), name


def test_the_nickname_and_the_case_lead_to_the_id():
    assert protocol("standard").id == protocol("std-1.5").id == "STD-1.5"
    with pytest.raises(NotFound, match=r"SENS-0\.5"):
        protocol("SENS-05")


@pytest.mark.parametrize("written", [{}, {"is": 1, "unknown": "x"}, {"from": 1}, {"is": 1, "from": 1, "to": 2}])
def test_a_quantity_is_one_thing(written):
    with pytest.raises(ValidationError):
        Quantity.model_validate(written)
