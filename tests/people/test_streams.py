"""Random streams can be entered anywhere; the numbers are those of the plain form."""

from __future__ import annotations

from hashlib import sha256
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.model import parameters
from lowdose.people import standard_normal


def plain(seed, stream, persons):
    """From the first person on, one at a time."""
    name = int.from_bytes(sha256(stream.encode()).digest()[:8], "little")
    raw = np.random.Philox(key=np.array([seed % 2**64, name], dtype=np.uint64)).random_raw(persons.stop)
    uniform = ((raw[persons.start :] >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
    return np.array([NormalDist().inv_cdf(share) for share in uniform])


@given(st.integers(0, 2**63 - 1), st.integers(0, 50), st.integers(0, 20))
def test_a_stream_entered_anywhere_gives_the_same_to_the_last_bit(seed, first, size):
    persons = range(first, first + size)
    assert standard_normal(seed, "people/CL", persons).tobytes() == plain(seed, "people/CL", persons).tobytes()


def test_the_millionth_person_is_drawn_without_the_others():
    million = standard_normal(3, "people/CL", range(10**9, 10**9 + 2))
    assert million.tobytes() == standard_normal(3, "people/CL", range(10**9 - 3, 10**9 + 2))[3:].tobytes()


@pytest.mark.parametrize("symbol", ["Ki_mu", "F_low_dose_ratio"])
def test_a_share_of_an_even_spread_is_that_of_each_score(symbol):
    spread, score = parameters()[symbol].uncertainty, standard_normal(1, symbol, range(500))
    share = np.array([NormalDist().cdf(one) for one in score])
    if spread.distribution == "uniform":
        expected = spread.low + (spread.high - spread.low) * share
    else:
        expected = spread.low * (spread.high / spread.low) ** share
    np.testing.assert_array_equal(spread.quantile(score, 1.0), expected)
