"""The studies and reviews that bear on a claim, one line each, with what is recalled marked."""

from __future__ import annotations

from dataclasses import dataclass

from lowdose.claims.criteria import criteria
from lowdose.claims.schema import Claim
from lowdose.evidence.records.labels import RECALLED, dose_words, label, short_name
from lowdose.evidence.records.registry import provenance, registry
from lowdose.evidence.records.schema import Outcome, Study


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
        return RECALLED in self.who + self.what + self.showed


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
    'Kariv 2006'
    """
    criterion = criteria().get(claim.id)
    # The outcome that the criterion looks at says more than the study's primary one.
    asked = (
        frozenset(part.arguments.get("outcome", "") for part in criterion.parts) - {""} if criterion else frozenset()
    )
    reviews = registry().reviews
    return tuple(_review(name) if name in reviews else _study(registry().study(name), asked) for name in claim.studies)


def who(name: str) -> str:
    """How a study or review is called: its first author and year, marked where these are recalled; else its id.

    Examples
    --------
    >>> who("bruun2024_FINAL"), who("bolton2019_safety"), who("ajem2017_obtundation")
    ('Due Bruun 2024 (FINAL)', 'Bolton 2019', 'ajem2017_obtundation')
    """
    reviews = registry().reviews
    if name in reviews:
        return short_name(name, reviews[name].citation)
    study = registry().study(name)
    called = label(study)
    return called if RECALLED in called else _marked(study, "citation", called)


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
    given = RECALLED if study.intervention.dose_mg_per_day.recalled else ""
    what.append(f"{dose_words(study)} {given}".rstrip())
    main = next((one for one in study.outcomes if one.name in asked or (one.primary and not asked)), study.outcomes[0])
    return Bearing(study.id, who(study.id), ", ".join(what), _showed(main), main.prov.src)


def _showed(outcome: Outcome) -> str:
    """Name, direction and numbers of an outcome, with the mark where any of it is from memory."""
    words = [outcome.direction.replace("_", " ").replace("ldn", "LDN")]
    shares = [
        f"{_arm(name)} {arm.events} of {arm.total}" for name, arm in outcome.arms.items() if arm.events is not None
    ]
    words += [", ".join(shares)] if shares and all(arm.total for arm in outcome.arms.values()) else []
    effect = outcome.effect
    if effect and effect.est is not None:
        interval = f" ({effect.ci[0]:g} to {effect.ci[1]:g})" if effect.ci else ""
        words.append(f"{effect.measure} {effect.est:g}{interval} {effect.unit}".strip())
    told = outcome.prov.tag == "recalled" or any(one.recalled for one in outcome.derivations)
    return f"{outcome.name}: {'; '.join(words)}" + (f" {RECALLED}" if told else "")


def _review(name: str) -> Bearing:
    review = registry().reviews[name]
    mark = f" {RECALLED}" if review.prov.tag == "recalled" else ""
    what = "review" + (f" of {review.k} studies" if review.k else "") + mark
    showed = review.remarks
    for result in review.results:
        if result.est is not None:
            interval = f" ({result.ci[0]:g} to {result.ci[1]:g})" if result.ci else ""
            told = f" {RECALLED}" if result.prov.tag == "recalled" else ""
            showed = f"{result.outcome}: {result.measure} {result.est:g}{interval}{told}"
            break
    return Bearing(name, who(name), what, showed, review.prov.src)


def _arm(name: str) -> str:
    return "LDN" if name == "ldn" else name


def _marked(study: Study, field: str, words: str) -> str:
    return f"{words} {RECALLED}" if provenance(study, field).tag == "recalled" else words
