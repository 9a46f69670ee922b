"""Counter-based random numbers: the same (seed, stream, person) gives the same number, whatever the batch.

A stream is named by what it is for ("people/CL"); its key is made of the seed and the name, and the person's
number is the place in the stream. Generator: Philox 4x64 (Salmon et al. 2011, SC11).
"""

from __future__ import annotations

from hashlib import sha256
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_SCORE = NormalDist().inv_cdf
_WORDS_A_BLOCK = 4
"""Numbers that Philox 4x64 makes for each step of its counter, which can go straight to any block."""

_NEAR, _NEAR_SQUARE = 0.425, 0.180625
_ABOVE = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
)  # fmt: skip
_BELOW = (
    5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
    5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0,
)  # fmt: skip


def standard_normal(seed: int, stream: str, persons: range) -> NDArray[np.float64]:
    """One standard-normal number for each of ``persons`` (consecutive numbers from 0), shape (len(persons),).

    Examples
    --------
    >>> few = standard_normal(1, "people/CL", range(3))
    >>> many = standard_normal(1, "people/CL", range(1, 200))
    >>> bool(few[1] == many[0])
    True
    """
    return _scores(uniform(seed, stream, persons))


def uniform(seed: int, stream: str, persons: range) -> NDArray[np.float64]:
    """One number evenly between 0 and 1 for each of ``persons``, shape (len(persons),); neither end is reached.

    Examples
    --------
    >>> bool(uniform(1, "adherence/missed", range(9))[8] == uniform(1, "adherence/missed", range(8, 9))[0])
    True
    """
    name = int.from_bytes(sha256(stream.encode()).digest()[:8], "little")
    key = np.array([seed % 2**64, name], dtype=np.uint64)
    blocks, within = divmod(persons.start, _WORDS_A_BLOCK)
    generator = np.random.Philox(key=key).advance(blocks)
    raw = generator.random_raw(persons.stop - blocks * _WORDS_A_BLOCK)[within:]
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _scores(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard-normal score below which each share lies, as ``NormalDist().inv_cdf`` gives it one at a time.

    Near the middle, where most lie, it is a quotient of two polynomials (Wichura 1988, AS 241), taken at once.
    """
    off = shares - 0.5
    scores = np.empty(len(shares))
    near = np.abs(off) <= _NEAR
    off = off[near]
    inner = _NEAR_SQUARE - off * off
    above, below = np.full(len(off), _ABOVE[0]), np.full(len(off), _BELOW[0])
    for a, b in zip(_ABOVE[1:], _BELOW[1:], strict=True):
        above, below = above * inner + a, below * inner + b
    scores[near] = above * off / below
    scores[~near] = [_SCORE(share) for share in shares[~near].tolist()]
    return scores
