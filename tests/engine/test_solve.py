import math
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lowdose.engine import Change, Dose, EngineError, Reset, Status, UnknownName, compile, solve

KA, CL, V = 1.5, 1.1, 20.0
K = CL / V


def central(t, dose=100.0):
    """Amount in the central compartment after a bolus into the depot at time 0, exactly."""
    t = np.maximum(t, 0.0)
    return dose * KA / (KA - K) * (np.exp(-K * t) - np.exp(-KA * t))


def infused(t, rate, length):
    """Amount in the central compartment under an infusion into it from 0 to ``length``, exactly."""
    during, after = np.clip(t, 0.0, length), np.maximum(t - length, 0.0)
    return rate / K * (1.0 - np.exp(-K * during)) * np.exp(-K * after)


def one(model, events, outputs, times, parameters=None, **options):
    """One output of one person. CVODE's global error is some ten times rtol, so 1e-10 is asked for 1e-8."""
    options = {"rtol": 1e-10, **options}
    solution = solve(model, parameters or {}, [events], outputs, times, **options)
    assert not solution.failed, solution.details
    return solution.values[outputs[0]][0]


# Against exact solutions


def test_bolus_is_exact(depot):
    times = np.linspace(0.0, 48.0, 97)
    exact = central(times) / V
    assert one(depot, [Dose(0.0, 100.0, "Depot")], ["C"], times) == pytest.approx(exact, rel=1e-8, abs=1e-10)
    usual = one(depot, [Dose(0.0, 100.0, "Depot")], ["C"], times, rtol=1e-8)
    assert usual == pytest.approx(exact, rel=1e-6, abs=1e-9)


def test_infusion_with_lag_is_exact(depot):
    times = np.linspace(0.0, 30.0, 61)
    values = one(depot, [Dose(1.0, 50.0, "Central", rate="RATE", lag="LAG")], ["Central"], times)
    assert values == pytest.approx(infused(times - 3.0, 10.0, 5.0), rel=1e-8, abs=1e-9)


def test_modelled_duration_is_exact(depot):
    times = np.linspace(0.0, 30.0, 61)
    values = one(depot, [Dose(0.0, 50.0, "Central", duration="DURATION", bioavailability="F")], ["Central"], times)
    assert values == pytest.approx(infused(times, 6.25, 4.0), rel=1e-8, abs=1e-9)


def test_two_infusions_into_one_state_add_up(depot):
    times = np.linspace(0.0, 20.0, 41)
    both = one(depot, [Dose(0.0, 50.0, "Central", rate=5.0), Dose(3.0, 20.0, "Central", rate=4.0)], ["Central"], times)
    assert both == pytest.approx(infused(times, 5.0, 10.0) + infused(times - 3.0, 4.0, 5.0), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("lag", [0.0, 3.0, 30.0])
@pytest.mark.parametrize("length", [0.0, 4.0, 24.0, 60.0])
def test_steady_state_is_exact(depot, lag, length):
    """Superposition of 60 days of earlier doses."""
    dose = Dose(0.0, 100.0, "Central", duration=length, lag=lag, interval=24.0, steady_state=1)
    times = np.array([0.0, 1.0, 2.9, 3.1, 8.0, 20.0, 29.0, 31.0, 50.0])
    values = one(depot, [dose], ["Central"], times)

    def given_at(start):
        since = times - start - lag
        if length:
            return infused(since, 100.0 / length, length)
        return np.where(since >= 0.0, 100.0 * np.exp(-K * np.maximum(since, 0.0)), 0.0)

    assert values == pytest.approx(sum(given_at(-24.0 * k) for k in range(60)), rel=1e-8)


def test_endless_infusion_is_exact_and_off(depot):
    times = np.array([0.0, 10.0])
    values = one(depot, [Dose(0.0, 0.0, "Central", rate=10.0, steady_state=1)], ["Central"], times)
    assert values == pytest.approx(10.0 / K * np.exp(-K * times), rel=1e-8)


def test_steady_state_two_adds(depot):
    times = np.array([12.0, 13.0, 30.0])
    first = [Dose(0.0, 100.0, "Depot")]
    second = [Dose(12.0, 50.0, "Depot", interval=24.0, steady_state=1)]
    added = [Dose(12.0, 50.0, "Depot", interval=24.0, steady_state=2)]
    expected = one(depot, first, ["C"], times) + one(depot, second, ["C"], times)
    assert one(depot, [*first, *added], ["C"], times) == pytest.approx(expected, rel=1e-8)


def test_change_of_a_parameter_is_exact(depot):
    times = np.array([0.0, 5.0, 10.0, 15.0, 20.0])
    values = one(depot, [Dose(0.0, 100.0, "Central"), Change(10.0, "CL", 2.2)], ["Central"], times)
    exact = 100.0 * np.exp(-K * np.minimum(times, 10.0) - 2.0 * K * np.maximum(times - 10.0, 0.0))
    assert values == pytest.approx(exact, rel=1e-8)


# Ties and timing


def test_output_at_the_time_of_events_is_the_value_after_them(depot):
    history = [Dose(0.0, 50.0, "Central"), Reset(5.0), Dose(5.0, 100.0, "Central"), Change(5.0, "V", 10.0)]
    values = one(depot, history, ["C"], [4.0, 5.0])
    assert values == pytest.approx([50.0 / V * math.exp(-4.0 * K), 100.0 / 10.0], rel=1e-8)


def test_dose_before_reset_of_one_time_is_wiped(depot):
    assert one(depot, [Dose(5.0, 100.0, "Central"), Reset(5.0)], ["Central"], [4.0, 5.0, 6.0]).tolist() == [0.0] * 3


def test_reset_stops_infusions_lagged_and_additional_doses(depot):
    history = [
        Dose(0.0, 100.0, "Central", rate=1.0),
        Dose(0.0, 100.0, "Central", lag=20.0),
        Dose(0.0, 100.0, "Depot", interval=4.0, additional=20),
        Reset(10.0),
    ]
    values = one(depot, history, ["Central"], [9.0, 10.0, 30.0, 90.0])
    assert values[0] > 0.0
    assert values[1:].tolist() == [0.0, 0.0, 0.0]


def test_lagged_dose_is_in_the_observation_it_lands_on(depot):
    values = one(depot, [Dose(0.1, 100.0, "Central", lag=0.2)], ["Central"], [0.2, 0.3])  # 0.1 + 0.2 > 0.3 in floats
    assert values.tolist() == [0.0, 100.0]


def test_integration_starts_at_the_first_event_or_output(depot):
    history = [Dose(-10.0, 100.0, "Central")]
    assert one(depot, history, ["Central"], [0.0, 1.0])[0] == pytest.approx(100.0 * math.exp(-10.0 * K), rel=1e-8)
    assert one(depot, [Dose(5.0, 100.0, "Central")], ["Central"], [1.0, 5.0]).tolist() == [0.0, 100.0]
    assert one(depot, [Dose(9.0, 100.0, "Central")], ["Central"], [1.0, 5.0]).tolist() == [0.0, 0.0]
    assert one(depot, [], ["Central"], [3.0]).tolist() == [0.0]


def test_time_dependent_model_keeps_clock_time(rhythm):
    """A start at 30 h is 6 h into the rhythm, not 0."""
    early = one(rhythm, [], ["drive"], [0.0, 6.0])
    late = one(rhythm, [], ["drive"], [30.0, 48.0])
    assert late == pytest.approx(early[::-1], rel=1e-12)


def test_steady_state_of_a_rhythmic_model_equals_a_long_run_in(rhythm):
    """Also where the interval is not the period of the rhythm."""
    for interval in (24.0, 8.0, 10.0):
        cycles = 60
        run_in = [Dose(100.0 - k * interval, 10.0, "Drug") for k in range(cycles, -1, -1)]
        settled = [Dose(100.0, 10.0, "Drug", interval=interval, steady_state=1)]
        times = np.linspace(100.0, 110.0, 21)
        expected = one(rhythm, run_in, ["Response"], times)
        assert one(rhythm, settled, ["Response"], times) == pytest.approx(expected, rel=1e-8)


# Properties


@settings(max_examples=20)
@given(
    st.floats(2.0, 30.0),
    st.integers(0, 6),
    st.sampled_from([0.0, 5.0]),
    st.sampled_from([0.0, 3.3]),
    st.sampled_from(["Depot", "Central"]),
)
def test_additional_doses_equal_written_out_rows(depot, interval, additional, rate, lag, target):
    times = np.linspace(0.0, 100.0, 33)
    short = [Dose(1.0, 30.0, target, rate=rate, lag=lag, interval=interval, additional=additional)]
    long = [Dose(1.0 + k * interval, 30.0, target, rate=rate, lag=lag) for k in range(additional + 1)]
    assert np.array_equal(one(depot, short, ["C"], times), one(depot, long, ["C"], times))


@settings(max_examples=8)
@example(4.0, 4.0, 0.0, 1.0)
@example(5.0, 10.0, 5.0, 1.0)
@given(st.floats(4.0, 30.0), st.floats(0.0, 40.0), st.sampled_from([0.0, 2.0, 11.0]), st.floats(0.5, 5.0))
def test_steady_state_equals_a_long_run_in(depot, interval, lag, length, clearance):
    history = [
        Dose(-interval * k, 10.0, "Depot", duration=length, lag=lag)
        for k in range(math.ceil(1000.0 / interval), -1, -1)
    ]
    settled = [Dose(0.0, 10.0, "Depot", duration=length, lag=lag, interval=interval, steady_state=1)]
    times = np.linspace(0.0, 2.0 * interval, 9)
    values = one(depot, settled, ["C"], times, {"CL": clearance})
    assert values == pytest.approx(one(depot, history, ["C"], times, {"CL": clearance}), rel=1e-8)


@settings(max_examples=20)
@given(st.floats(0.01, 1e4), st.sampled_from([0.0, 3.0]), st.sampled_from([0, 1]))
def test_a_linear_model_is_linear_in_dose(depot, factor, length, steady):
    times = np.linspace(0.0, 60.0, 31)

    def response(amount):
        dose = Dose(0.0, amount, "Depot", duration=length, interval=12.0, additional=3, steady_state=steady)
        return one(depot, [dose], ["C"], times, atol=1e-13)

    assert response(10.0 * factor) == pytest.approx(factor * response(10.0), rel=1e-8, abs=1e-9 * factor)


@pytest.fixture(scope="module")
def crowd():
    """Parameters, events and times for nine different people of the rhythmic model."""
    generator = np.random.default_rng(7)
    parameters = {"k": generator.uniform(0.1, 1.0, 9), "kout": generator.uniform(0.2, 0.8, 9)}
    events = [
        [Dose(float(i), 4.5, "Drug", interval=24.0, additional=2), Change(20.0 + i, "kin", 3.0)] for i in range(9)
    ]
    return parameters, events, np.linspace(0.0, 72.0, 41)


def test_a_person_is_the_same_in_any_batch(rhythm, crowd):
    parameters, events, times = crowd
    together = solve(rhythm, parameters, events, ["Response", "Echo", "drive"], times)
    for chosen in ([4], [8, 0, 3], list(range(8, -1, -1))):
        some = {name: values[chosen] for name, values in parameters.items()}
        apart = solve(rhythm, some, [events[i] for i in chosen], ["drive", "Response", "Echo"], times)
        for name in together.values:
            assert np.array_equal(apart.values[name], together.values[name][chosen])


def test_a_person_is_the_same_for_any_number_of_workers(rhythm, crowd):
    parameters, events, times = crowd
    alone = solve(rhythm, parameters, events, ["Response", "turnover"], times)
    calls = []
    shared = solve(
        rhythm, parameters, events, ["Response", "turnover"], times, workers=2, progress=lambda *c: calls.append(c)
    )
    for name in alone.values:
        assert np.array_equal(alone.values[name], shared.values[name])
    assert calls == [(done, 9) for done in range(1, 10)]


# What goes wrong for one person only


def test_a_failing_person_is_reported_and_others_survive(depot):
    parameters = {"KA": [1.5, np.nan, 1.5, 1.5], "RATE": [10.0, 10.0, 0.0, 10.0], "CL": [1.1, 1.1, 1.1, 0.0]}
    events = [[Dose(0.0, 100.0, "Central", rate="RATE", interval=24.0, steady_state=1)]] * 4
    solution = solve(depot, parameters, events, ["C", "Central"], [0.0, 1.0])
    assert solution.status.tolist() == [
        Status.OK,
        Status.NON_FINITE,
        Status.EVENT_ERROR,
        Status.NO_STEADY_STATE,
    ]
    assert np.isfinite(solution.values["C"][0]).all()
    assert np.isnan(solution.values["C"][1:]).all()
    assert np.isnan(solution.values["Central"][1:]).all()
    assert list(solution.details) == [1, 2, 3]
    assert "RATE" in solution.details[2]
    assert solution.failed[3] is Status.NO_STEADY_STATE
    survivor = solve(depot, {}, events[:1], ["C"], [0.0, 1.0])
    assert np.array_equal(survivor.values["C"][0], solution.values["C"][0])


def test_explosion_and_bad_output_are_statuses(make_sbml, capfd):
    model = compile(make_sbml("model m; a = 1; x = 1; x' = a*x^2; y := ln(x - 2); z := 1/(x - 1); end", "m"))
    assert solve(model, {}, [[]], ["x"], [0.0, 0.5]).failed == {}
    exploding = solve(model, {}, [[]], ["x"], [0.0, 2.0])
    assert exploding.status[0] & (Status.STEP_TOO_SMALL | Status.NON_FINITE | Status.MAX_STEPS)
    assert solve(model, {}, [[]], ["y"], [0.0, 0.5]).failed == {0: Status.NON_FINITE}
    infinite = solve(model, {"a": 0.0}, [[]], ["z"], [0.0, 0.5])
    assert infinite.failed == {0: Status.NON_FINITE}
    assert "z is not finite at time 0" in infinite.details[0]
    assert capfd.readouterr().out == ""


def test_infinities_on_the_way_are_ieee(make_sbml):
    """1/(1 + (k/x)^n) at x = 0 is 0, not an error."""
    text = "model m; k = 1; x = 0; y = 0; x' = -0.1*x; y' = 1/(1 + (k/x)^2); end"
    model = compile(make_sbml(text, "m"))
    values = one(model, [Dose(5.0, 1.0, "x")], ["y"], [0.0, 5.0, 6.0])
    assert values[:2].tolist() == [0.0, 0.0]
    assert 0.4 < values[2] < 0.5


# What is refused before anything is solved


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"parameters": {"CLx": 1.0}}, UnknownName, "no parameter is named 'CLx'"),
        ({"outputs": ["Cx"]}, UnknownName, "no output is named 'Cx'"),
        ({"events": [[Dose(0.0, 1.0, "Depott")]]}, UnknownName, "did you mean Depot"),
        ({"events": [[Change(0.0, "Depot", 1.0)]]}, UnknownName, "no parameter is named 'Depot'"),
        ({"parameters": {"CL": [1.0, 2.0]}}, EngineError, "shape"),
        ({"times": [1.0, 1.0]}, EngineError, "strictly increasing"),
        ({"times": []}, EngineError, "strictly increasing"),
        ({"times": [0.0, math.nan]}, EngineError, "strictly increasing"),
        ({"rtol": 0.0}, EngineError, "rtol"),
        ({"atol": 0.0}, EngineError, "atol"),
    ],
)
def test_refused(depot, arguments, error, message):
    call = {"parameters": {}, "events": [[]], "outputs": ["C"], "times": [0.0, 1.0], **arguments}
    with pytest.raises(error, match=message):
        solve(depot, **call)


def test_only_asked_outputs_are_given_and_parameters_alone_are_a_variable(rhythm):
    solution = solve(rhythm, {"kin": [2.0, 4.0]}, [[], []], ["turnover"], [0.0, 1.0])
    assert list(solution.values) == ["turnover"]
    assert solution.values["turnover"].tolist() == [[5.0, 5.0], [10.0, 10.0]]


def test_nobody(depot):
    solution = solve(depot, {}, [], ["C"], [0.0, 1.0])
    assert solution.values["C"].shape == (0, 2)
    assert solution.status.shape == (0,)


# Processes and interrupts


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_interrupt_stops_cleanly(tmp_path, make_sbml, workers):
    script = tmp_path / "interrupted.py"
    (tmp_path / "m.xml").write_text(make_sbml("model m; x = 1; x' = sin(100*time); end", "m"))
    script.write_text(
        textwrap.dedent(f"""
        import pathlib
        from lowdose.engine import compile, solve
        if __name__ == "__main__":
            model = compile(pathlib.Path({str(tmp_path / "m.xml")!r}).read_text())
            say = lambda done, total: print(done, flush=True)
            try:
                solve(model, {{}}, [[]] * 10000, ["x"], [0.0, 1.0], workers={workers}, progress=say)
            except KeyboardInterrupt:
                print("stopped", flush=True)
        """)
    )
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "1"
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert out.endswith("stopped\n")
    assert err == ""
    assert process.returncode == 0
