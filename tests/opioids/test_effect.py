"""Effect left, block left, withdrawal, naloxone: what must hold whatever the numbers are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import hypothesis_names
from lowdose.opioids import (
    NotEnoughData,
    Setting,
    block_left,
    challenge_section,
    challenges,
    compare_challenges,
    document,
    effect_left,
    naloxone,
    opioid_dose,
    opioids,
    withdrawal,
)
from lowdose.opioids.effect import back_at, peak_in_the_brain, share_left
from lowdose.opioids.withdrawal import share_taken

from .doses import DOSES

NIGHTLY = "4.5 mg nightly at 22:00"
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)


def test_every_opioid_is_tried_here():
    assert set(DOSES) == set(opioids())


# ------------------------------------------------ arithmetic


@given(SHARES, SHARES)
def test_a_share_lies_between_nothing_and_all(blocked, unblocked):
    n = min(len(blocked), len(unblocked))
    found = share_left(blocked[:n], unblocked[:n])
    assert np.all((found >= 0) & (found <= 1))


@given(SHARES)
def test_effect_stays_back_from_the_hour_on_that_is_named(share):
    hours = np.arange(len(share), dtype=float)
    back = back_at(hours, share)
    assert np.all(share[hours >= back] >= 0.8 - 1e-9)
    assert (back == 0.0) == bool(np.all(share >= 0.8))


@given(st.integers(1, 40))
def test_a_longer_block_comes_back_later(steps):
    hours = np.linspace(0, 100, 201)
    assert back_at(hours, np.minimum(1, hours / steps)) <= back_at(hours, np.minimum(1, hours / (steps + 1)))


# ------------------------------------------------ the model


@pytest.mark.parametrize("dose", DOSES.values(), ids=list(DOSES))
def test_without_naltrexone_all_is_left(dose):
    found = effect_left(dose, None, 0)
    for rival in found.rivals:
        assert rival.left.typical == pytest.approx(1.0, abs=1e-6), rival.kinetics
        assert rival.left_of_area.typical == pytest.approx(1.0, abs=1e-6)
        assert rival.back_hours.typical == 0.0


@settings(max_examples=6)
@given(st.sampled_from(list(DOSES.values())), st.floats(0.1, 20), st.floats(1.01, 4), st.floats(0, 72))
def test_more_naltrexone_never_leaves_more(dose, small, times, hours):
    """Within a thousandth: the body's own peptides, which compete too, follow the block with a lag of their own."""
    less, more = (effect_left(dose, f"{mg:.3f} mg once", hours) for mg in (small, small * times))
    for one, other in zip(less.rivals, more.rivals, strict=True):
        assert 0.0 <= other.left.typical <= one.left.typical + 1e-3
        assert one.left.typical <= 1.0
        assert other.left_of_area.typical <= one.left_of_area.typical + 1e-3
        assert np.all(other.course <= one.course + 1e-3)


@pytest.mark.parametrize("dose", DOSES.values(), ids=list(DOSES))
def test_effect_only_comes_back_once_the_block_has_peaked(dose):
    for rival in effect_left(dose, NIGHTLY, 12).rivals:
        late = rival.course[rival.hours >= 24]
        assert np.all(np.diff(late) >= -1e-6), rival.kinetics
        assert late[-1] > 0.97


def test_every_kinetics_answers_and_the_longest_is_the_longest():
    found = effect_left("oxycodone 10 mg", NIGHTLY, 12, setting=Setting(people=10))
    assert [rival.kinetics for rival in found.rivals] == hypothesis_names()
    assert found.longest.back_hours.longest == max(rival.back_hours.longest for rival in found.rivals)
    for rival in found.rivals:
        assert rival.left.low <= rival.left.high
        assert rival.back_hours.low <= rival.back_hours.high


def test_the_shift_is_gaddum_s_where_the_block_is_shared_out_anew():
    """Slope 1: effect left is (1 + a) / (1 + a + I / (1 + own)); efficacy has no part in it."""
    found = effect_left("oxycodone 10 mg", NIGHTLY, 12)
    drive = float(peak_in_the_brain(found.dose, found.setting)[0]) / 190.0
    main = found.main
    i = int(np.argmin(np.abs(main.hours - 48)))
    binding = block_left(NIGHTLY, 48).main.brain.typical
    ratio = binding / (1 - binding) / 1.1
    expected = (1 + drive) / (1 + drive + ratio)
    assert main.course[i] == pytest.approx(expected, rel=0.02)  # own peptides rise a little under the block


def test_a_block_that_does_not_let_go_leaves_less_than_its_occupancy_shared_out():
    found = {rival.kinetics: rival for rival in effect_left("fentanyl 100 mcg iv", NIGHTLY, 12).rivals}
    slow = found["slow-binding"]
    assert slow.left.typical < 1 - slow.occupancy.typical + 0.15


def test_ultrarapid_metabolisers_differ_only_for_prodrugs():
    for dose, differs in (("codeine 60 mg", True), ("oxycodone 10 mg", False)):
        normal, fast = (effect_left(dose, NIGHTLY, 12, setting=Setting(cyp2d6=c)) for c in ("normal", "ultrarapid"))
        assert (normal.main.left.typical != fast.main.left.typical) == differs
    with pytest.raises(InvalidInput):
        effect_left("codeine 60 mg", NIGHTLY, 12, setting=Setting(cyp2d6="fast"))


def test_the_same_person_answers_in_any_batch():
    five, nine = (effect_left("oxycodone 10 mg", NIGHTLY, 12, setting=Setting(people=n)) for n in (5, 9))
    assert five.main.left.typical == pytest.approx(nine.main.left.typical, rel=1e-5)


@pytest.mark.parametrize("hours", [-1, 721])
def test_hours_out_of_range_are_refused(hours):
    with pytest.raises(InvalidInput):
        effect_left("oxycodone 10 mg", NIGHTLY, hours)
    with pytest.raises(InvalidInput):
        block_left(NIGHTLY, hours)
    with pytest.raises(InvalidInput):
        withdrawal("methadone 40 mg daily", "1.5 mg once", hours)


def test_the_question_is_about_one_dose():
    with pytest.raises(InvalidInput, match="one dose"):
        effect_left("oxycodone 10 mg every 6 hours", NIGHTLY, 12)


def test_block_left_follows_the_known_decay():
    """Dossier 6.7: 67, 55, 41 % at 24, 48, 72 h after nightly 4.5 mg."""
    for hours, expected in ((24, 0.67), (48, 0.55), (72, 0.41)):
        assert block_left(NIGHTLY, hours).main.brain.typical == pytest.approx(expected, abs=0.015)


# ------------------------------------------------ withdrawal


def test_more_naltrexone_displaces_more():
    lost = [withdrawal("methadone 40 mg daily", f"{mg} mg once").worst.effect_lost.typical for mg in (0.1, 1.5, 50)]
    small, low, full = (
        {r.kinetics: r for r in withdrawal("methadone 40 mg daily", f"{mg} mg once").rivals} for mg in (0.1, 1.5, 50)
    )
    assert lost == sorted(lost)
    for name in hypothesis_names():
        if name != "imposed":
            assert small[name].effect_lost.typical < low[name].effect_lost.typical < full[name].effect_lost.typical


def test_less_is_on_board_the_longer_ago_it_was():
    near, far = (withdrawal("buprenorphine 8 mg daily", "1.5 mg once", hours) for hours in (24, 240))
    assert near.rivals[0].held_before.typical > far.rivals[0].held_before.typical


@pytest.mark.parametrize("on_board", ["methadone 40 mg daily", "fentanyl 25 mcg/h patch", "buprenorphine 8 mg daily"])
def test_what_is_lost_does_not_grow_with_the_gap(on_board):
    """Receptors lost, of all; as a share of the little that is left they may be more, for want of reserve."""
    for before, after in pairwise(withdrawal(on_board, "1.5 mg once", hours) for hours in (24, 48, 96, 240, 720)):
        for one, other in zip(before.rivals, after.rivals, strict=True):
            lost = one.displaced.typical * one.held_before.typical if one.displaced.typical else 0.0
            later = other.displaced.typical * other.held_before.typical if other.displaced.typical else 0.0
            assert later <= lost + 1e-6, (one.kinetics, before.hours, after.hours)


def test_an_opioid_that_leaves_by_itself_is_not_said_to_be_displaced():
    """The share of what was held when naltrexone was taken stays far from all where the block is far from all."""
    for hours in (24, 96, 240):
        found = withdrawal("buprenorphine 8 mg daily", "1.5 mg once", hours)
        assert found.rivals[0].effect_lost.typical < 0.3
    last = withdrawal("methadone 40 mg daily", "1.5 mg once", 720)
    assert last.almost_none
    assert all(rival.effect_lost.typical is None and rival.displaced.typical is None for rival in last.rivals)
    said = " ".join(document(last)["sentences"])
    assert "100 %" not in said
    assert "almost no opioid left on board; dependence is not in the model" in said
    assert said.startswith("STOP")


def test_shares_of_an_opioid_that_stays_are_of_the_start():
    found = share_taken(np.array([[0.5, 0.2, 0.0]]), np.array([[0.5, 0.1, 0.0]]))
    assert found.tolist() == [[0.0, 0.2, 0.0]]


def test_naltrexone_alone_has_nothing_to_displace():
    with pytest.raises(LowdoseError):
        withdrawal("methadone 40 mg daily", "no dose for 2 days")


# ------------------------------------------------ naloxone


@pytest.mark.parametrize(("text", "seen"), [("naloxone 2 mg intranasal", 0.67), ("naloxone 4 mg intranasal", 0.85)])
def test_naloxone_blocks_as_much_as_scans_showed(text, seen):
    """Johansson 2019: 67 and 85 %, which set the potency."""
    assert naloxone(text).largest.typical == pytest.approx(seen, abs=0.08)


@pytest.mark.parametrize(("text", "longer"), [("naloxone 2 mg intranasal", 1.08), ("naloxone 4 mg intranasal", 1.56)])
def test_naloxone_misses_the_course_that_scans_showed_and_says_so(text, longer):
    """A declared miss. Johansson 2019: half of it at about 10 min, half gone in about 100 min."""
    found = naloxone(text)
    assert found.onset_minutes.typical / 10 == pytest.approx(0.55, abs=0.1)  # faster
    assert found.half_life_minutes.typical / 100 == pytest.approx(longer, abs=0.05)  # lasts longer
    said = " ".join(document(found)["not_known"])
    assert "about 10 minutes to half" in said
    assert "about 100 minutes half-life" in said
    assert "faster and lasts longer: do not rely on the duration" in said


def test_naloxone_into_a_vein_comes_first_and_goes_first():
    vein, muscle = naloxone("naloxone 1 mg iv"), naloxone("naloxone 1 mg intramuscular")
    assert vein.onset_minutes.typical < 2.5 < muscle.onset_minutes.typical
    assert vein.half_life_minutes.typical < muscle.half_life_minutes.typical


def test_naloxone_is_gone_long_before_naltrexone():
    assert naloxone("naloxone 4 mg intranasal").above_half_hours.typical < 4
    assert block_left("50 mg once", 24).main.brain.typical > 0.8


@pytest.mark.parametrize("text", ["oxycodone 10 mg", "naloxone 4 mg", "naloxone 4 mg oral", "naloxone 4 mg iv daily"])
def test_what_is_not_naloxone_is_refused(text):
    with pytest.raises(InvalidInput):
        naloxone(text)


def test_no_scan_no_answer():
    with pytest.raises(NotEnoughData):
        naloxone("naloxone 40 mg iv")


# ------------------------------------------------ published challenges


def test_challenges_are_computed_miss_or_not():
    found = compare_challenges()
    assert [row.challenge for row in found] == list(challenges())
    default = [row.predicted["effect-site"] for row in found]
    assert default[:3] == sorted(default[:3], reverse=True)
    page = challenge_section(found)
    for row in challenges():
        assert f"| {row.regimen} | {row.hours:g} h |" in page
    assert "miss" in page  # the page does not hide them
    assert "nan" not in page


def test_no_challenge_set_a_number():
    text = " ".join(p.source for name in opioids() for r in opioid_dose(DOSES[name]).opioid.routes
                    for p in opioid_dose(DOSES[name]).opioid.table(r).values())  # fmt: skip
    assert "Verebey" not in text


# ------------------------------------------------ documents


def test_the_dose_ratio_is_in_the_research_field_of_a_block_alone():
    found = block_left(NIGHTLY, 12)
    assert "dose_ratio" not in str(document(found))
    said = document(found, research=True)["research"]
    held = document(found)["rivals"]["effect-site"]["mu_occupancy_central"]["value"]
    assert said["dose_ratio"]["effect-site"] == pytest.approx((1 + 0.1 + held / (1 - held)) / (1 + 0.1))
    assert said["dose_ratio"]["slow-binding"] is None
    assert "can be overcome" in said["cautions"][0]
    for answer in (effect_left("oxycodone 10 mg", NIGHTLY, 12), withdrawal("methadone 40 mg daily", "1.5 mg once")):
        assert "research" not in document(answer, research=True)


def test_the_dose_ratio_is_the_shift_of_the_model_s_own_curve():
    """The concentration that has half of the largest effect alone has, under the block, what the ratio says."""
    found, block = effect_left("oxycodone 10 mg", NIGHTLY, 12), block_left(NIGHTLY, 48)
    ratio = document(block, research=True)["research"]["dose_ratio"]["effect-site"]
    drive = float(peak_in_the_brain(found.dose, found.setting)[0]) / 190.0
    i = int(np.argmin(np.abs(found.main.hours - 48)))
    assert found.main.course[i] == pytest.approx((1 + drive) / (ratio + drive), rel=0.02)
