"""Scores become the same parameters here as in a population."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.model import EXPOSURE_PER_DOSE, parameters
from lowdose.people import Person, rows, rows_at, standard_normal
from lowdose.sensitivity.factors import KINDS, Factor, choose, grouped, plain_names

PEOPLE = range(200)
SCORE = st.floats(-4, 4)


def streams(spread: str) -> list[Factor]:
    return choose(set(parameters()), set(), spread)  # type: ignore[arg-type]


@pytest.mark.parametrize("spread", KINDS)
@pytest.mark.parametrize("low_dose", [True, False])
@pytest.mark.parametrize("person", [Person(), Person(weight=92, crcl=40, child_pugh="B")])
def test_random_scores_give_the_rows_of_a_population_to_the_last_bit(
    spread: str, low_dose: bool, person: Person
) -> None:
    scores = {factor.stream: standard_normal(3, factor.stream, PEOPLE) for factor in streams(spread)}
    ours = rows_at(person, scores, low_dose=low_dose)
    theirs = rows(person, PEOPLE, 3, spread, low_dose=low_dose)  # type: ignore[arg-type]
    assert set(ours) == set(theirs)
    assert [symbol for symbol in ours if not np.array_equal(ours[symbol], theirs[symbol])] == []


def test_without_scores_there_is_the_typical_person() -> None:
    assert {s: v.tolist() for s, v in rows_at(Person(), {}, low_dose=True).items()} == {
        s: v.tolist() for s, v in rows(Person()).items()
    }


@given(st.lists(SCORE, min_size=2, max_size=5, unique=True), st.sampled_from([f.stream for f in streams("both")]))
def test_a_parameter_rises_with_its_score_and_stays_in_its_limits(found: list[float], stream: str) -> None:
    symbol = stream.partition("/")[2]
    values = rows_at(Person(), {stream: np.array(sorted(found))}, low_dose=True)[symbol]
    assert np.all(np.diff(values) >= 0)
    low, high = parameters()[symbol].limits or (0.0, np.inf)
    assert np.all((values >= low) & (values <= high))


@given(st.sampled_from(sorted(EXPOSURE_PER_DOSE)), SCORE)
def test_a_potency_fitted_to_scans_follows_what_is_not_known_of_exposure(symbol: str, score: float) -> None:
    made = rows_at(Person(), {f"knowledge/{symbol}": np.array([score])}, low_dose=True)
    table = parameters()
    spread = table[symbol].uncertainty
    assert spread is not None
    ratio = float(spread.quantile(np.array([score]), table[symbol].value)[0]) / table[symbol].value
    expected = table["EC50_mu"].value * ratio ** EXPOSURE_PER_DOSE[symbol]
    assert made["EC50_mu"][0] == pytest.approx(expected)


def test_how_people_differ_in_exposure_moves_no_potency() -> None:
    made = rows_at(Person(), {"people/CL": np.array([2.0])}, low_dose=True)
    assert made["EC50_mu"][0] == parameters()["EC50_mu"].value


def test_groups_are_what_moves_together() -> None:
    names = {group.name for group in grouped(streams("both"))}
    assert "knowledge/ke0+EC50_mu" in names
    assert "people/ke0" in names
    factors = [factor for group in grouped(streams("both")) for factor in group.factors]
    assert sorted(factors, key=str) == sorted(streams("both"), key=str)


def test_every_short_name_is_of_a_parameter() -> None:
    assert set(plain_names()) <= set(parameters())
