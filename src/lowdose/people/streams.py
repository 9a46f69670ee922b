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


def standard_normal(seed: int, stream: str, persons: range) -> NDArray[np.float64]:
    """One standard-normal number for each of ``persons`` (consecutive numbers from 0), shape (len(persons),).

    Examples
    --------
    >>> few = standard_normal(1, "people/CL", range(3))
    >>> many = standard_normal(1, "people/CL", range(1, 200))
    >>> bool(few[1] == many[0])
    True
    """
    name = int.from_bytes(sha256(stream.encode()).digest()[:8], "little")
    key = np.array([seed % 2**64, name], dtype=np.uint64)
    blocks, within = divmod(persons.start, _WORDS_A_BLOCK)
    generator = np.random.Philox(key=key).advance(blocks)
    raw = generator.random_raw(persons.stop - blocks * _WORDS_A_BLOCK)[within:]
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.fromiter(map(_SCORE, uniform.tolist()), np.float64, len(uniform))
