"""The register: every statement of the two articles, its verdict in the literature, and what would change our mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import yaml
from pydantic import ValidationError

from lowdose.blocks import data
from lowdose.claims.files import read
from lowdose.claims.schema import SUBJECTS, VERDICTS, Claim
from lowdose.errors import InvalidInput, NotFound


class Register(dict[str, Claim]):
    """Claims by id; one that is not there is not found, with near misses."""

    def __missing__(self, name: str) -> Claim:
        raise NotFound.among("claim", name, self)


def parse(text: str, where: str = "register.yaml") -> Register:
    r"""Read a register.

    Raises
    ------
    InvalidInput
        It is not YAML, a claim lacks a field or has one that nobody knows, or an id stands twice.

    Examples
    --------
    >>> parse("claims: []")
    {}
    """
    try:
        blocks = data(text)["claims"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InvalidInput(f"not a register of claims: {error}", where=where, remedy="see register.yaml") from None
    found = Register()
    for block in blocks:
        name = block.get("id", "?") if isinstance(block, dict) else "?"
        try:
            claim = Claim.model_validate(block)
        except ValidationError as error:
            first = error.errors()[0]
            place = f"{where}, {name}, {'.'.join(map(str, first['loc']))}"
            raise InvalidInput(f"not a claim: {first['msg']}", where=place, remedy="see register.yaml") from None
        if claim.id in found:
            raise InvalidInput(f"two claims have the id {claim.id}", where=where, remedy="give one of them a new id")
        found[claim.id] = claim
    return found


@cache
def register() -> Mapping[str, Claim]:
    """Every claim by its id, in the order of the articles.

    Examples
    --------
    >>> len(register()), register()["C023"].verdict
    (175, 'contradicted')
    """
    return parse(read("register.yaml"))


def select(*, verdict: str = "", article: str = "", subject: str = "") -> list[Claim]:
    """Claims of a verdict, an article and a subject; an empty filter lets all through.

    Raises
    ------
    NotFound
        No such verdict, article or subject; near misses are suggested.

    Examples
    --------
    >>> len(select(article="B", subject="dose"))
    2
    """
    for kind, asked, known in (
        ("verdict", verdict, VERDICTS),
        ("article", article, ("A", "B")),
        ("subject", subject, SUBJECTS),
    ):
        if asked and asked not in known:
            raise NotFound.among(kind, asked, known)
    return [
        claim
        for claim in register().values()
        if (not verdict or claim.verdict == verdict)
        and (not article or claim.article == article)
        and (not subject or claim.subject == subject)
    ]


def dangling(claims: Iterable[Claim] | None = None) -> dict[str, tuple[str, ...]]:
    """Studies that claims name and that the evidence does not have, by claim; empty when all are there.

    Examples
    --------
    >>> dangling()
    {}
    """
    from lowdose.evidence.records.registry import registry

    known = registry()
    missing = {
        claim.id: tuple(one for one in claim.studies if one not in known.studies and one not in known.reviews)
        for claim in (register().values() if claims is None else claims)
    }
    return {claim: names for claim, names in missing.items() if names}
