"""The studies and reviews that bear on a claim, one line each, with what is recalled marked."""

from __future__ import annotations

from dataclasses import dataclass

from lowdose.claims.criteria import criteria
from lowdose.claims.schema import Claim
from lowdose.evidence.records.registry import provenance, registry
from lowdose.evidence.records.schema import Citation, Outcome, Study

MARK = "‡"
LEGEND = "‡ recalled: from memory, not read in the source"


@dataclass(frozen=True)
class Bearing:
    """A study or review behind a claim: who and when, what it was, what it showed, and where that was read."""

    id: str
    who: str
    what: str
    showed: str
    sources: tuple[str, ...]

    @property
    def recalled(self) -> bool:
        """Whether any word of it is from memory.

        Examples
        --------
        >>> Bearing("a", "A 2000", "case report", "pain: favours_ldn ‡", ()).recalled
        True
        """
        return MARK in self.who + self.what + self.showed


def bearing(claim: Claim) -> tuple[Bearing, ...]:
    """What bears on a claim, in the order of the register.

    Raises
    ------
    NotFound
        The claim names a study that the evidence does not have.

    Examples
    --------
    >>> from lowdose.claims.register import register
    >>> bearing(register()["C073"])[0].who
    'Kariv R 2006'
    """
    criterion = criteria().get(claim.id)
    # The outcome that the criterion looks at says more than the study's primary one.
    asked = (
        frozenset(part.arguments.get("outcome", "") for part in criterion.parts) - {""} if criterion else frozenset()
    )
    reviews = registry().reviews
    return tuple(_review(name) if name in reviews else _study(registry().study(name), asked) for name in claim.studies)


def _study(study: Study, asked: frozenset[str]) -> Bearing:
    people = next(
        (
            (number, field)
            for field in ("randomised", "enrolled", "analysed", "mailed")
            if (number := getattr(study.n, field)) is not None
        ),
        None,
    )
    what = [_marked(study, "design", study.design)]
    if people:
        what.append(_marked(study, f"n.{people[1]}", f"n {people[0]}"))
    given = study.intervention.dose_mg_per_day
    dose = ", ".join(str(one) if isinstance(one, str) else f"{one:g}" for one in given.text)
    what.append(f"{dose} mg{f' {MARK}' if given.recalled else ''}" if _ends_in_number(dose) else dose)
    main = next((one for one in study.outcomes if one.name in asked or (one.primary and not asked)), study.outcomes[0])
    who = _marked(study, "citation", _author(study.citation))
    return Bearing(study.id, who.replace("(recalled)", MARK), ", ".join(what), _showed(main), main.prov.src)


def _showed(outcome: Outcome) -> str:
    """Name, direction and numbers of an outcome, with the mark where any of it is from memory."""
    words = [outcome.direction.replace("_", " ").replace("ldn", "LDN")]
    shares = [f"{name} {arm.events} of {arm.total}" for name, arm in outcome.arms.items() if arm.events is not None]
    words += [", ".join(shares)] if shares and all(arm.total for arm in outcome.arms.values()) else []
    effect = outcome.effect
    if effect and effect.est is not None:
        interval = f" ({effect.ci[0]:g} to {effect.ci[1]:g})" if effect.ci else ""
        words.append(f"{effect.measure} {effect.est:g}{interval} {effect.unit}".strip())
    told = outcome.prov.tag == "recalled" or any(one.recalled for one in outcome.derivations)
    return f"{outcome.name}: {'; '.join(words)}" + (f" {MARK}" if told else "")


def _review(name: str) -> Bearing:
    review = registry().reviews[name]
    who = _author(review.citation)
    mark = f" {MARK}" if review.prov.tag == "recalled" else ""
    what = "review" + (f" of {review.k} studies" if review.k else "") + mark
    showed = review.remarks
    for result in review.results:
        if result.est is not None:
            interval = f" ({result.ci[0]:g} to {result.ci[1]:g})" if result.ci else ""
            told = f" {MARK}" if result.prov.tag == "recalled" else ""
            showed = f"{result.outcome}: {result.measure} {result.est:g}{interval}{told}"
            break
    return Bearing(name, who, what, showed, review.prov.src)


def _author(citation: Citation) -> str:
    who = "author not known," if citation.first_author == "unknown" else citation.first_author
    return f"{who} {citation.year}"


def _marked(study: Study, field: str, words: str) -> str:
    return f"{words} {MARK}" if provenance(study, field).tag == "recalled" else words


def _ends_in_number(words: str) -> bool:
    return words[-1:].isdecimal()
