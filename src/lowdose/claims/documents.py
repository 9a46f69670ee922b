"""Claims and their results as plain values, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowdose.claims.schema import Claim, Computed

SCHEMA = "lowdose.claims/1"


def document(claims: Iterable[Claim], results: Mapping[str, Computed]) -> dict[str, Any]:
    """Every claim with what the literature says and, apart from it, what was computed.

    Examples
    --------
    >>> from lowdose.claims.register import register
    >>> found = document([register()["C075"]], {"C075": Computed(id="C075", computed="fails", value="VLDN")})
    >>> found["claims"][0]["computed"], found["claims"][0]["verdict"]
    ('fails', 'mis-stated')
    """
    return {"schema": SCHEMA, "claims": [block(claim, results[claim.id]) for claim in claims]}


def block(claim: Claim, result: Computed) -> dict[str, Any]:
    """One claim as plain values: its result first, then what the register says.

    Examples
    --------
    >>> from lowdose.claims.register import register
    >>> list(block(register()["C075"], Computed(id="C075", computed="fails")))[:8]
    ['id', 'hypothesis', 'metric', 'value', 'unit', 'criterion', 'computed', 'basis']
    """
    return {
        **result.model_dump(mode="json"),
        **claim.model_dump(mode="json", exclude={"id", "value"}),
        "said": claim.value,
    }
