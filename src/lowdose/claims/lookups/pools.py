"""Pooled numbers: ours, computed when the package was built, and those that reviews published."""

from __future__ import annotations

from typing import Any

from lowdose.claims.lookups.found import Found, UnknownValue, how_known
from lowdose.errors import NotFound
from lowdose.evidence.records.registry import registry


def pool_number(question: str, field: str) -> Found:
    """A number of our pool: ``estimate``, ``low`` or ``high`` on the shown scale (ratios as ratios), or ``k``.

    Raises
    ------
    NotFound
        No such question was pooled.

    Examples
    --------
    >>> pool_number("crohn.response-70", "low").value > 1
    True
    """
    from lowdose.evidence.pools.computed import computed

    known = computed()["questions"]
    if question not in known:
        raise NotFound.among("pooled question", question, known)
    content = known[question]
    pool = content["pool"]
    if pool is None:
        raise UnknownValue(f"{question} has no trial with usable numbers")
    number = pool["k"] if field == "k" else pool["shown"][field]
    return Found(float(number), (_of_pool(question, pool), *map(_entry, content["entries"])))


def review_number(review: str, outcome: str, path: str) -> Found:
    """A number that a review published: ``est``, ``ci.0`` or ``ci.1``.

    Examples
    --------
    >>> review_number("bolton2019_safety", "serious adverse events", "ci.1").value
    1.06
    """
    reviews = registry().reviews
    if review not in reviews:
        raise NotFound.among("review", review, reviews)
    results = {one.outcome: one for one in reviews[review].results}
    if outcome not in results:
        raise NotFound.among(f"result of {review}", outcome, results)
    number: Any = results[outcome]
    for step in path.split("."):
        number = number[int(step)] if step.isdecimal() else getattr(number, step)
        if number is None:
            raise UnknownValue(f"{review} gives no {path} of {outcome}")
    return Found(number, (f"{review}, {outcome}, {path} ({how_known(results[outcome].prov)})",))


def _of_pool(question: str, pool: dict[str, Any]) -> str:
    k = pool["k"]
    shown = pool["shown"]
    words = f"{question}: {k} {'trial' if k == 1 else 'trials'}"
    return f"{words}, {pool['measure']} {shown['estimate']:.2f} ({shown['low']:.2f} to {shown['high']:.2f})"


def _entry(entry: dict[str, Any]) -> str:
    recalled = ", ".join(entry["recalled"])
    words = entry["tag"] if entry["tag"] != "recalled" else ""
    return f"{entry['study']} ({'; '.join(filter(None, (words, f'recalled: {recalled}' if recalled else '')))})"
