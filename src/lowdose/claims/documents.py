"""Claims and their results as plain values, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lowdose.claims.schema import Claim, Computed

if TYPE_CHECKING:
    from lowdose.claims.annotate import Annotated

SCHEMA = "lowdose.claims/1"
ANNOTATED = "lowdose.annotated/1"


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


def annotated(article: Annotated, claims: Mapping[str, Claim], results: Mapping[str, Computed]) -> dict[str, Any]:
    """A marked article: every sentence, and with each mark the verdict and what was computed.

    Examples
    --------
    >>> from lowdose.claims.annotate import annotate
    >>> from lowdose.claims.noted import noted
    >>> from lowdose.claims.register import register
    >>> found = annotated(annotate("Naltrexone blocks opioids.", name="note"), register(), noted().results)
    >>> found["schema"], len(found["sentences"])
    ('lowdose.annotated/1', 1)
    """
    from lowdose.claims.annotate import THRESHOLD

    sentences = []
    for sentence in article.sentences:
        marks = [
            {
                "claim": mark.claim,
                "relation": mark.relation,
                "score": mark.score,
                "said": mark.said,
                "registered": mark.registered,
                "verdict": claims[mark.claim].verdict,
                "computed": results[mark.claim].computed,
            }
            for mark in sentence.marks
        ]
        place = {"start": sentence.start, "end": sentence.end, "paragraph": sentence.paragraph}
        sentences.append({"text": sentence.text, **place, "unregistered": sentence.unregistered, "marks": marks})
    return {"schema": ANNOTATED, "threshold": THRESHOLD, "sentences": sentences}
