import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.engine import BadEvent, Change, Dose, Reset, UnknownName
from lowdose.engine.actions import Assign, Bolus, InfusionEnd, InfusionStart, Restart, Settle
from lowdose.engine.events import check, plan


def kinds(actions):
    return [(type(action).__name__, action.time) for action in actions]


# What a dose comes down to


def test_bolus():
    assert plan([Dose(1.0, 10.0, "A", bioavailability=0.4)], {}) == [Bolus(1.0, "A", 4.0)]


def test_bioavailability_changes_the_duration_of_a_given_rate():
    actions = plan([Dose(0.0, 100.0, "A", rate=10.0, bioavailability=0.5)], {})
    assert actions == [InfusionStart(0.0, "A", 10.0, 0), InfusionEnd(5.0, 0)]


def test_bioavailability_changes_the_rate_of_a_given_duration():
    actions = plan([Dose(0.0, 100.0, "A", duration=10.0, bioavailability=0.5)], {})
    assert actions == [InfusionStart(0.0, "A", 5.0, 0), InfusionEnd(10.0, 0)]


def test_modelled_rate_duration_lag_and_bioavailability_are_looked_up():
    parameters = {"R": 20.0, "D": 4.0, "L": 3.0, "F": 0.5}
    by_rate = plan([Dose(0.0, 100.0, "A", rate="R", lag="L", bioavailability="F")], parameters)
    assert by_rate == [InfusionStart(3.0, "A", 20.0, 0), InfusionEnd(5.5, 0)]
    by_duration = plan([Dose(0.0, 100.0, "A", duration="D", lag="L", bioavailability="F")], parameters)
    assert by_duration == [InfusionStart(3.0, "A", 12.5, 0), InfusionEnd(7.0, 0)]


def test_each_additional_dose_looks_its_names_up_anew():
    history = [Dose(0.0, 10.0, "A", bioavailability="F", interval=12.0, additional=2), Change(12.0, "F", 0.25)]
    amounts = [action.amount for action in plan(history, {"F": 1.0}) if isinstance(action, Bolus)]
    assert amounts == [10.0, 2.5, 2.5]


def test_nothing_after_the_end_is_planned():
    assert len(plan([Dose(0.0, 1.0, "A", interval=1.0, additional=10**9)], {}, until=3.0)) == 4


def test_a_dose_of_nothing_does_nothing():
    assert plan([Dose(0.0, 0.0, "A")], {}) == []
    assert plan([Dose(0.0, 0.0, "A", rate=2.0)], {}) == []


doses = st.builds(
    Dose,
    st.integers(0, 40).map(float),
    st.integers(1, 50).map(float),
    st.sampled_from(["A", "B"]),
    rate=st.sampled_from([0.0, 5.0]),
    lag=st.sampled_from([0.0, 2.5, 30.0]),
    bioavailability=st.sampled_from([0.5, 1.0]),
    interval=st.integers(1, 24).map(float),
    additional=st.integers(0, 5),
)


def written_out(dose):
    return [
        Dose(dose.time + k * dose.interval, dose.amount, dose.target, dose.rate, 0.0, dose.lag, dose.bioavailability)
        for k in range(dose.additional + 1)
    ]


@given(doses)
def test_additional_doses_equal_written_out_rows(dose):
    assert plan([dose], {}) == plan(written_out(dose), {})


@given(st.lists(st.one_of(doses, st.builds(Reset, st.integers(0, 60).map(float))), max_size=6))
def test_times_never_decrease_and_infusions_are_paired(history):
    actions = plan(history, {})
    assert all(a.time <= b.time for a, b in pairwise(actions))
    running = set()
    for action in actions:
        if isinstance(action, InfusionStart):
            running.add(action.key)
        elif isinstance(action, InfusionEnd):
            running.remove(action.key)
        elif isinstance(action, Restart):
            running.clear()
    assert not running


# Resets


def test_reset_cancels_additional_doses():
    history = [Dose(0.0, 10.0, "A", interval=12.0, additional=5), Reset(13.0)]
    assert kinds(plan(history, {})) == [("Bolus", 0.0), ("Bolus", 12.0), ("Restart", 13.0)]


def test_reset_cancels_lagged_doses():
    assert kinds(plan([Dose(0.0, 10.0, "A", lag=5.0), Reset(3.0)], {})) == [("Restart", 3.0)]


def test_reset_cancels_running_infusions():
    assert kinds(plan([Dose(0.0, 10.0, "A", rate=1.0), Reset(3.0)], {})) == [("InfusionStart", 0.0), ("Restart", 3.0)]


def test_reset_leaves_later_records_and_changes():
    history = [Reset(3.0), Dose(4.0, 1.0, "A", lag=1.0), Change(6.0, "F", 2.0)]
    assert kinds(plan(history, {"F": 1.0})) == [("Restart", 3.0), ("Bolus", 5.0), ("Assign", 6.0)]


def test_reset_and_dose_in_one_record_resets_first():
    history = [Dose(0.0, 10.0, "A", interval=6.0, additional=9), Dose(6.0, 5.0, "A", reset=True)]
    assert kinds(plan(history, {})) == [("Bolus", 0.0), ("Bolus", 6.0), ("Restart", 6.0), ("Bolus", 6.0)]


# Ties


def test_order_at_one_time():
    history = [
        Dose(0.0, 20.0, "A", rate=2.0),  # ends at 10
        Dose(4.0, 1.0, "A", lag=6.0),  # arrives at 10
        Dose(10.0, 3.0, "A", bioavailability="F"),
        Dose(5.0, 2.0, "A", interval=5.0, additional=1),  # second one at 10
        Change(10.0, "F", 0.5),
    ]
    at_ten = [action for action in plan(history, {"F": 1.0}) if action.time == 10.0]
    assert at_ten == [
        InfusionEnd(10.0, 0),
        Assign(10.0, "F", 0.5),
        Bolus(10.0, "A", 1.0),
        Bolus(10.0, "A", 2.0),
        Bolus(10.0, "A", 1.5),
    ]


def test_dose_and_reset_at_one_time_act_in_the_order_given():
    assert kinds(plan([Dose(0.0, 1.0, "A"), Reset(0.0)], {})) == [("Bolus", 0.0), ("Restart", 0.0)]
    assert kinds(plan([Reset(0.0), Dose(0.0, 1.0, "A")], {})) == [("Restart", 0.0), ("Bolus", 0.0)]


def test_a_change_holds_for_every_dose_of_its_time():
    dose, change = Dose(0.0, 10.0, "A", bioavailability="F"), Change(0.0, "F", 0.5)
    assert plan([dose, change], {"F": 1.0}) == plan([change, dose], {"F": 1.0})


def test_the_last_of_two_changes_at_one_time_wins():
    assert [a.value for a in plan([Change(0.0, "F", 1.0), Change(0.0, "F", 2.0)], {"F": 0.0})] == [1.0, 2.0]


# Steady state


def test_steady_state_one_forgets_what_was_announced():
    history = [Dose(0.0, 9.0, "A", interval=5.0, additional=9), Dose(7.0, 1.0, "A", interval=24.0, steady_state=1)]
    assert kinds(plan(history, {})) == [("Bolus", 0.0), ("Bolus", 5.0), ("Settle", 7.0), ("Bolus", 7.0)]


def test_steady_state_two_keeps_what_was_announced():
    history = [Dose(0.0, 9.0, "A", interval=8.0, additional=1), Dose(7.0, 1.0, "A", interval=24.0, steady_state=2)]
    assert kinds(plan(history, {})) == [("Bolus", 0.0), ("Settle", 7.0), ("Bolus", 7.0), ("Bolus", 8.0)]


def test_lag_sets_the_phase_of_the_steady_state():
    settle, arrival = plan([Dose(0.0, 9.0, "A", lag=4.0, interval=24.0, steady_state=1)], {})
    assert isinstance(settle, Settle)
    assert (settle.phase, settle.add) == (4.0, False)
    assert arrival == Bolus(4.0, "A", 9.0)


def test_infusions_of_earlier_cycles_run_on():
    actions = plan([Dose(0.0, 100.0, "A", rate=10.0, interval=4.0, steady_state=1)], {})
    ends = [action.time for action in actions if isinstance(action, InfusionEnd)]
    assert ends == [2.0, 6.0, 10.0]  # of the cycles 8 and 4 before the record, and of its own


def test_lagged_doses_of_earlier_cycles_still_arrive():
    actions = plan([Dose(0.0, 1.0, "A", lag=10.0, interval=4.0, steady_state=1)], {})
    assert [a.time for a in actions if isinstance(a, Bolus)] == [2.0, 6.0, 10.0]
    assert actions[0].phase == 2.0


def test_a_lag_of_whole_intervals_brings_an_earlier_dose_to_the_record():
    """Whichever way lag / interval is rounded, it is there once: 3 * 0.3 is below 0.9 in floats."""
    for lag, interval in ((4.0, 4.0), (0.9, 0.3), (3 * 0.3, 0.3)):
        settle, *arrivals = plan([Dose(0.0, 1.0, "A", lag=lag, interval=interval, steady_state=1)], {})
        assert settle.phase == 0.0
        assert [a.time for a in arrivals] == pytest.approx([k * interval for k in range(round(lag / interval) + 1)])


def test_infusion_as_long_as_the_interval_leaves_nothing_over():
    actions = plan([Dose(0.0, 100.0, "A", rate=10.0, interval=10.0, steady_state=1)], {})
    assert kinds(actions) == [("Settle", 0.0), ("InfusionStart", 0.0), ("InfusionEnd", 10.0)]


def test_endless_infusion_is_off_at_the_record():
    assert kinds(plan([Dose(0.0, 0.0, "A", rate=5.0, steady_state=1)], {})) == [("Settle", 0.0)]


# What is refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"amount": -1.0}, "amount is -1"),
        ({"lag": -1.0}, "lag is -1"),
        ({"rate": -1.0}, "rate is -1"),
        ({"bioavailability": -0.1}, "bioavailability is -0.1"),
        ({"time": math.nan}, "time is nan"),
        ({"amount": math.inf}, "amount is inf"),
        ({"additional": 3}, "additional doses without an interval"),
        ({"additional": -1, "interval": 1.0}, "additional is -1"),
        ({"additional": 1.5, "interval": 1.0}, "additional is 1.5"),
        ({"steady_state": 1}, "steady state without an interval"),
        ({"steady_state": 3, "interval": 1.0}, "steady_state is 3"),
        ({"rate": 1.0, "duration": 1.0}, "both a rate and a duration"),
        ({"rate": "R", "duration": 1.0}, "both a rate and a duration"),
    ],
)
def test_bad_dose_is_refused_with_a_remedy(arguments, message):
    with pytest.raises(BadEvent, match=message) as caught:
        Dose(**{"time": 0.0, "amount": 1.0, "target": "A", **arguments})
    assert caught.value.remedy
    assert "dose of" in caught.value.where


def test_bad_reset_and_change_are_refused():
    with pytest.raises(BadEvent, match="time is nan"):
        Reset(math.nan)
    with pytest.raises(BadEvent, match="value is nan"):
        Change(0.0, "F", math.nan)
    with pytest.raises(BadEvent, match="value is 'x'"):
        Change(0.0, "F", "x")


@pytest.mark.parametrize(("field", "value"), [("rate", 0.0), ("duration", 0.0), ("lag", -1.0), ("lag", math.nan)])
def test_a_named_value_that_makes_no_sense_is_refused(field, value):
    with pytest.raises(BadEvent, match=f"{field} is X = "):
        plan([Dose(0.0, 1.0, "A", **{field: "X"})], {"X": value})


def test_unknown_names_are_refused_with_suggestions():
    with pytest.raises(UnknownName, match="did you mean Central"):
        check([Dose(0.0, 1.0, "Centrl")], ["Central"], [])
    with pytest.raises(UnknownName, match="no parameter is named 'Lag'"):
        check([Dose(0.0, 1.0, "A", lag="Lag")], ["A"], ["LAG"])
    with pytest.raises(UnknownName, match="no parameter is named 'CLx'"):
        check([Change(0.0, "CLx", 1.0)], ["A"], ["CL"])
    with pytest.raises(BadEvent, match="is not an event"):
        check([(0.0, 1.0)], ["A"], [])
