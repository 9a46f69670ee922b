"""Results as last noted: kept in the package, so that a result that changes is seen and must be noted."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from lowdose.blocks import Block
from lowdose.claims.files import read
from lowdose.claims.schema import Computed
from lowdose.errors import InvalidInput

SCHEMA = "lowdose.computed/1"


class Note(Block):
    """Why results were noted, and when; ``changed`` are the claims whose outcome was another before."""

    on: date
    why: str
    changed: tuple[str, ...] = ()


class Noted(Block):
    """Results as last noted, by claim, with the hash of the criterion each was computed by."""

    notes: tuple[Note, ...] = ()
    hashes: dict[str, str] = Field(default_factory=dict)
    results: dict[str, Computed] = Field(default_factory=dict)


@cache
def noted() -> Noted:
    """What was last noted in the package.

    Examples
    --------
    >>> noted().results["C075"].computed
    'fails'
    """
    return parse(read("computed.json"))


def parse(text: str, where: str = "computed.json") -> Noted:
    """Read noted results.

    Raises
    ------
    InvalidInput
        It is not a file of noted results.

    Examples
    --------
    >>> parse('{"schema": "lowdose.computed/1", "notes": [], "claims": []}').results
    {}
    """
    remedy = "run lowdose claims test --note WHY to write it anew"
    try:
        content = json.loads(text)
        claims = [dict(block) for block in content["claims"]]
        hashes = {block["id"]: found for block in claims if (found := block.pop("criterion_hash"))}
        return Noted(
            notes=tuple(Note.model_validate(one) for one in content["notes"]),
            hashes=hashes,
            results={block["id"]: Computed.model_validate(block) for block in claims},
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise InvalidInput(f"these are no noted results: {error}", where=where, remedy=remedy) from None


def changed(before: Mapping[str, Computed], now: Mapping[str, Computed]) -> dict[str, str]:
    """Claims whose computed outcome is another than noted, with both in words.

    Examples
    --------
    >>> was, is_ = Computed(id="C001", computed="holds"), Computed(id="C001", computed="fails")
    >>> changed({"C001": was}, {"C001": is_})
    {'C001': 'holds, now fails'}
    >>> changed({}, {"C001": is_})
    {'C001': 'never noted, now fails'}
    """
    found = {}
    for claim, result in now.items():
        earlier = before[claim].computed if claim in before else "never noted"
        if earlier != result.computed:
            found[claim] = f"{earlier}, now {result.computed}"
    return found


def document(before: Noted, now: Mapping[str, Computed], hashes: Mapping[str, str], why: str, on: date) -> str:
    """Text of the file of noted results after noting ``now``; results of other claims are kept.

    Parameters
    ----------
    before : Noted
        What the file holds.
    now : mapping
        Results to note, by claim.
    hashes : mapping
        Hash of the criterion of each claim that has one.
    why : str
        Why they are noted.
    on : date
        Today.

    Raises
    ------
    InvalidInput
        No reason is given.

    Examples
    --------
    >>> text = document(Noted(), {"C001": Computed(id="C001", computed="holds")}, {}, "first run", date(2026, 11, 22))
    >>> parse(text).notes[0].changed
    ('C001',)
    """
    if not why.strip():
        raise InvalidInput("a note needs words", where="--note", remedy="say why the results are what they are")
    note = Note(on=on, why=why.strip(), changed=tuple(sorted(changed(before.results, now))))
    results = {**before.results, **now}
    known = {claim: found for claim, found in before.hashes.items() if claim not in now}
    known |= {claim: hashes[claim] for claim in now if claim in hashes}
    blocks = [
        {**results[claim].model_dump(mode="json"), "criterion_hash": known.get(claim, "")} for claim in sorted(results)
    ]
    notes: list[dict[str, Any]] = [one.model_dump(mode="json") for one in (*before.notes, note)]
    content = {"schema": SCHEMA, "notes": notes, "claims": blocks}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(text: str) -> Path:
    """Put noted results in the package's own file, and say where it is.

    Raises
    ------
    InvalidInput
        The package lies where nothing can be written.

    Examples
    --------
    >>> write.__name__
    'write'
    """
    path = Path(str(files("lowdose.claims") / "data" / "computed.json"))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"cannot write: {error.strerror}", where=str(path), remedy="use a checkout") from None
    noted.cache_clear()
    return path


def problems(
    now: Mapping[str, Computed], before: Noted | None = None, explained: Collection[str] | None = None
) -> dict[str, str]:
    """What is wrong with fresh results: opposite without explanation, changed without note, criterion without history.

    Parameters
    ----------
    now : mapping
        Fresh results by claim.
    before : Noted, optional
        What was noted; the package's own when left out.
    explained : collection of str, optional
        Claims that carry an explanation; those of the register when left out.

    Examples
    --------
    >>> from lowdose.claims.compute import compute
    >>> problems({"C075": compute("C075")})
    {}
    """
    from lowdose.claims.compute import opposite
    from lowdose.claims.criteria import unaccounted
    from lowdose.claims.register import register

    before = noted() if before is None else before
    claims = register()
    if explained is None:
        explained = [claim.id for claim in claims.values() if claim.explanation]
    found = {}
    for claim, words in changed(before.results, now).items():
        found[claim] = f"the computed result was {words}, and nobody noted it"
    for claim, words in unaccounted({name: found for name, found in before.hashes.items() if name in now}).items():
        found[claim] = words
    for claim, result in now.items():
        if opposite(claims[claim], result) and claim not in explained:
            verdict = claims[claim].verdict
            found[claim] = f"{verdict} by the literature, computed {result.computed}: it has no explanation"
    return found
