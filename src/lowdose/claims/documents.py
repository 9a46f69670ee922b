"""Claims and their results as plain values, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lowdose.claims.schema import Claim, Computed
from lowdose.claims.sources import plainly, sources_in

if TYPE_CHECKING:
    from lowdose.claims.annotate import Annotated

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
    """One claim as plain values: its result first, then what the register says, and the sources that either names.

    Examples
    --------
    >>> from lowdose.claims.register import register
    >>> list(block(register()["C075"], Computed(id="C075", computed="fails")))[:8]
    ['id', 'hypothesis', 'metric', 'value', 'unit', 'criterion', 'computed', 'basis']
    """
    return {
        **result.model_dump(mode="json"),
        **claim.model_dump(mode="json", exclude={"id", "value"}),
        "note": plainly(claim.note),
        "said": claim.value,
        "sources": [source.model_dump(mode="json") for source in sources_in(claim.note, *result.records)],
    }


def annotated(article: Annotated, claims: Mapping[str, Claim], results: Mapping[str, Computed]) -> dict[str, Any]:
    """A marked article as plain values, and with each mark the verdict and what was computed.

    Examples
    --------
    >>> from lowdose.claims.annotate import annotate
    >>> from lowdose.claims.noted import noted
    >>> from lowdose.claims.register import register
    >>> found = annotated(annotate("LDN blocks opioid receptors for about 3 hours."), register(), noted().results)
    >>> found["sentences"][0]["marks"][0]["verdict"]
    'contradicted'
    """
    document = article.to_document()
    for sentence in document["sentences"]:
        for mark in sentence["marks"]:
            mark |= {"verdict": claims[mark["claim"]].verdict, "computed": results[mark["claim"]].computed}
    return document
