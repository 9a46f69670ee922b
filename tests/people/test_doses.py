"""How doses are taken: missed, clustered, late, and different from day to day; and how that enters a run."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose import Regimen, population, simulate
from lowdose.engine import Change, Dose
from lowdose.errors import InvalidInput
from lowdose.people import make, pattern, pattern_names, rows
from lowdose.people.adherence import intake, parse_patterns
from lowdose.people.doses import occasions, personal_records

NIGHTLY = np.arange(0, 84 * 24, 24.0)
seeds = st.integers(0, 2**63 - 1)


def one(missed=0.1, cluster=0.3, late=0.1, jitter=0.5, median=3.0):
    source = "provenance: assumed, grade: low, source: test"
    text = f"""
schema: lowdose.adherence/1
patterns:
  mine:
    title: test
    missed: {{value: {missed}, {source}}}
    cluster: {{value: {cluster}, {source}}}
    late: {{value: {late}, {source}}}
    delay_median: {{value: {median}, unit: h, {source}}}
    delay_spread: {{value: 0.6, {source}}}
    jitter: {{value: {jitter}, unit: h, {source}}}
"""
    return parse_patterns(text).patterns["mine"]


def four_se(per_person):
    return 4 * per_person.std() / np.sqrt(len(per_person))


@given(seeds, st.floats(0.01, 0.5), st.floats(0, 0.9))
@settings(max_examples=20, deadline=None)
def test_as_many_doses_are_missed_as_declared_however_they_cluster(seed, missed, cluster):
    how = one(missed, cluster, late=0, jitter=0)
    taken = intake(NIGHTLY, how, seed, range(400))
    share = taken.missed.mean(axis=1)
    assert abs(share.mean() - missed) <= max(four_se(share), 0.01)
    after_missed = taken.missed[:, 1:][taken.missed[:, :-1]]
    if len(after_missed) > 500:
        assert abs(after_missed.mean() - cluster) < 5 * np.sqrt(max(cluster * (1 - cluster), 0.02) / len(after_missed))


def test_monitored_people_miss_doses_as_published():
    how = pattern("monitored")
    taken = intake(np.arange(0, 365 * 24, 24.0), how, 1, range(1000))
    skipped = taken.missed & ~taken.too_late
    assert abs(skipped.mean() - 0.10) < four_se(skipped.mean(axis=1)), "about 10 % (Vrijens 2008)"
    lengths = [len(list(run)) for row in skipped[:, :-1] for missing, run in groupby(row.tolist()) if missing]
    single = sum(length for length in lengths if length == 1) / sum(lengths)
    assert single == pytest.approx(0.42, abs=0.02), "42 % of missed doses were single (Vrijens 2008)"
    assert taken.too_late.mean() < 0.001


@given(seeds, st.sampled_from(pattern_names()), st.integers(0, 500), st.sampled_from([8.0, 12.0, 24.0, 72.0]))
@settings(max_examples=40, deadline=None)
def test_doses_keep_their_order_and_a_person_is_the_same_alone(seed, name, number, gap):
    due = np.arange(0, 30) * gap
    among = intake(due, pattern(name), seed, range(number + 1))
    alone = intake(due, pattern(name), seed, range(number, number + 1))
    np.testing.assert_array_equal(alone.hours[0], among.hours[number])
    for row in among.hours:
        assert (np.diff(row[~np.isnan(row)]) > 0).all()
    assert np.nanmin(among.hours, initial=0.0) >= 0
    np.testing.assert_array_equal(np.isnan(among.hours), among.missed)
    assert not (among.too_late & ~among.missed).any()


def test_a_dose_that_would_meet_the_next_is_missed_and_counted():
    taken = intake(np.arange(0, 240, 24.0), one(0, 0, late=1, median=30.0), 1, range(100))
    assert taken.too_late.mean() > 0.5
    np.testing.assert_array_equal(taken.too_late, taken.missed)


def test_a_schedule_that_goes_on_does_not_change_what_came_before():
    short, long = (intake(NIGHTLY[:n], pattern("careless"), 3, range(50)) for n in (10, 84))
    np.testing.assert_array_equal(short.hours[:, :9], long.hours[:, :9])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"missed": 1.0}, "no process misses 1 of all doses"),
        ({"missed": 0.9, "cluster": 0.0}, "no process misses 0.9 of all doses and 0 of those after a missed one"),
        ({"missed": -0.1}, "greater than or equal to 0"),
        ({"late": 1.5}, "less than or equal to 1"),
        ({"jitter": -1}, "greater than or equal to 0"),
    ],
)
def test_patterns_that_cannot_be_are_refused(wrong, words):
    with pytest.raises(InvalidInput, match=words):
        one(**wrong)


def test_doses_too_near_to_each_other_are_refused():
    with pytest.raises(InvalidInput, match=r"doses 2 h apart cannot each be taken within ±1\.5 h"):
        intake(np.arange(0, 20, 2.0), pattern("careless"), 1, range(3))


def test_occasions_have_the_stated_size_and_add_to_what_was_measured_after_one_dose():
    people = make(20_000, seed=2, relations="convention", occasions=True)
    own, day = people.parameters["F"], occasions("F", 2, people.persons, 2)
    assert np.std(np.log(day[:, 0])) == pytest.approx(np.sqrt(np.log1p(0.2**2)), rel=0.02)
    assert abs(np.corrcoef(day[:, 0], day[:, 1])[0, 1]) < 4 / np.sqrt(20_000)
    assert abs(np.corrcoef(own, day[:, 0])[0, 1]) < 4 / np.sqrt(20_000)
    once = np.log(own * day[:, 0])
    assert once.std() == pytest.approx(np.sqrt(np.log1p(0.37**2)), rel=0.02), (
        "F varies by 37 % after one dose, as before"
    )


REGIMEN = Regimen.parse("4.5 mg nightly at 22:00 for 10 days")


def test_perfect_people_take_the_doses_of_the_regimen():
    people = make(3)
    assert not people.is_personal
    for records in personal_records(REGIMEN, people, range(3), people.parameters):
        assert [(r.time, r.amount) for r in records] == [(d.hours, d.amount_mg) for d in REGIMEN.doses]


def test_each_taken_dose_brings_its_own_bioavailability_and_rate():
    people = make(40, adherence="careless", occasions=True)
    drawn = rows(people, range(40), people.seed, "people")
    taken = intake(np.array([d.hours for d in REGIMEN.doses]), pattern("careless"), people.seed, range(40))
    day = occasions("F", people.seed, range(40), 10)
    for i, records in enumerate(personal_records(REGIMEN, people, range(40), drawn)):
        doses = [r for r in records if isinstance(r, Dose)]
        shares = [r for r in records if isinstance(r, Change) and r.parameter == "F"]
        rates = [r for r in records if isinstance(r, Change) and r.parameter == "ka_capsule"]
        assert len(doses) == len(shares) == len(rates) == (~taken.missed[i]).sum()
        assert [r.time for r in doses] == [r.time for r in shares] == taken.hours[i][~taken.missed[i]].tolist()
        np.testing.assert_allclose([r.value for r in shares], drawn["F"][i] * day[i][~taken.missed[i]])
        assert max((r.value for r in shares), default=0) <= 1


def test_injected_doses_differ_by_nothing_that_is_known():
    people = make(2, occasions=True)
    regimen = Regimen.parse("2 mg once as intramuscular")
    (first, _) = personal_records(regimen, people, range(2), rows(people, range(2), 1, "people"))
    assert [type(record) for record in first] == [Dose]


def run(n, **how):
    return simulate(REGIMEN, make(n, **how), spread="people", aftermath_hours=36)


@pytest.mark.parametrize("how", [{}, {"adherence": "careless", "occasions": True}])
def test_a_run_gives_a_person_the_same_course_in_any_batch(how):
    few, many = run(3, **how), run(8, **how)
    assert few.people == 3
    for output, values in few.bands["people"].values.items():
        np.testing.assert_array_equal(values, many.bands["people"].values[output][:3], output)


def test_missed_doses_lower_what_is_blocked_and_perfect_people_are_those_of_the_regimen():
    perfect, careless = (run(30, adherence=name) for name in ("perfect", "careless"))
    metric = ("mu_occupancy_central", "mean_last_day")
    pairs = [r.per_person(*metric, r.bands["people"]) for r in (perfect, careless)]
    assert np.median(pairs[1] - pairs[0]) < -0.02
    assert any("careless" in sentence for sentence in careless.domain)
    assert any("lowdose people make" in sentence for sentence in perfect.domain)


def test_bands_of_knowledge_are_about_the_typical_one_of_these_people():
    people = make(4, population="fibromyalgia", adherence="careless")
    result = simulate("3 mg nightly for 3 days", people, spread="knowledge", aftermath_hours=36)
    assert result.person == people.typical
    assert np.ptp(result.bands["knowledge"].parameters["V1"]) == 0


def test_what_a_run_cannot_do_with_people_is_refused():
    with pytest.raises(InvalidInput, match="made with seed 7, the run asks for 5"):
        simulate("3 mg once", make(2, seed=7), seed=5)
    with pytest.raises(InvalidInput, match="not among these people"):
        simulate("3 mg once", make(2), people=3)
    with pytest.raises(InvalidInput, match="imposes its block at scheduled doses"):
        simulate("3 mg once", make(2, occasions=True), hypothesis_name="imposed")


def test_a_streamed_population_is_the_one_of_a_run_and_no_other(tmp_path):
    people = make(5, population="crohn", adherence="monitored", occasions=True)
    common = {"spread": "people", "aftermath_hours": 36}
    found = population(REGIMEN, people, people=5, folder=tmp_path / "p", chunk=2, **common)
    whole = simulate(REGIMEN, people, **common)
    column = found.table.to_table(columns=["mu_occupancy_central.mean_last_day"])[0].to_numpy()
    np.testing.assert_array_equal(
        column, whole.per_person("mu_occupancy_central", "mean_last_day", whole.bands["people"])
    )
    with pytest.raises(InvalidInput, match="the folder holds another run: virtual"):
        population(REGIMEN, make(5, population="crohn"), people=5, folder=tmp_path / "p", chunk=2, **common)
