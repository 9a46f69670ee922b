"""How each claim may be said: what data/phrases.yaml holds, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml

from lowdose.blocks import data
from lowdose.claims.annotate.agreement import Registered, registered
from lowdose.claims.annotate.lexicon import Lexicon, concepts, split
from lowdose.claims.annotate.words import words
from lowdose.claims.files import read
from lowdose.errors import InvalidInput

_FILE = "phrases.yaml"
_STOPS = frozenset(
    """the a an of to in is are was were be been it its this that these those and or for with on at by as from they
    their he his she her you your we our i do does did have has had will would can could may might must
    shall should also so than then there which who whom what when some any such very more most about into
    over after before up out if""".split()
)

_FIELDS = frozenset(
    "in near says denies never with list need numbers every spans general references family say".split()
)

Group = tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """Wordings of one claim: groups of concepts it needs, rules it out by, turns on; numbers; paraphrases."""

    claim: str
    within: tuple[Group, ...]
    near: tuple[Group, ...]
    says: Group
    denies: Group
    never: tuple[str, ...]
    likely: tuple[Group, ...]
    listed: tuple[Group, ...]
    need: tuple[str, ...]
    numbers: tuple[Registered, ...]
    spans: bool
    general: bool
    #: Whether the claim is about a bibliography, and is looked for there.
    references: bool
    family: str
    say: tuple[str, ...]
    #: What the sentence may hold for each group of ``within``: its own or, where the claim turns, its opposites.
    accepted: tuple[frozenset[str], ...] = ()
    #: Concepts that deny the claim: its own and the opposites of those that it says.
    against: frozenset[str] = frozenset()


def content(text: str) -> str:
    """Lemmas of the words that carry meaning, in order: what paraphrases are compared by.

    Examples
    --------
    >>> content("The drugs were tested in 40 patients.")
    'drug test 40 patient'
    """
    return " ".join(word.lemma for word in words(text) if word.text not in _STOPS and word.text[:1] not in "%;,:()")


@dataclass(frozen=True)
class Phrases:
    """All claims' wordings, and the lexicon in which their concepts stand."""

    by_claim: Mapping[str, Phrase]
    lexicon: Lexicon

    @property
    def of_text(self) -> tuple[Phrase, ...]:
        """What a sentence of the text may state: every claim."""
        return tuple(self.by_claim.values())

    @property
    def of_references(self) -> tuple[Phrase, ...]:
        """What an entry of a bibliography may bear on: claims about the bibliography itself."""
        return tuple(phrase for phrase in self.by_claim.values() if phrase.references)


@cache
def phrases() -> Phrases:
    """Wordings of every claim of the register.

    Examples
    --------
    >>> phrases().by_claim["C016"].family
    'block_short'
    """
    return parse(read(_FILE), _FILE)


def parse(text: str, where: str) -> Phrases:
    r"""Read phrases.yaml.

    Raises
    ------
    InvalidInput
        It is not YAML, or names a concept that is not in the lexicon.

    Examples
    --------
    >>> parse("claims: {C001: {in: [endorphin], say: [Endorphins]}}", "x").by_claim["C001"].within
    (('endorphin',),)
    """
    try:
        blocks = data(text)["claims"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InvalidInput(f"not a file of phrases: {error}", where=where, remedy="see phrases.yaml") from None
    lexicon = concepts()
    found = {claim: _phrase(claim, block or {}, where) for claim, block in blocks.items()}
    for phrase in found.values():
        _check(phrase, lexicon, where)
    return Phrases({claim: _with_opposites(phrase, lexicon) for claim, phrase in found.items()}, lexicon)


def _with_opposites(phrase: Phrase, lexicon: Lexicon) -> Phrase:
    """What denies a claim; a concept that the claim itself needs or likes (pain down, mood up) does not."""
    says = {name.removeprefix("-") for name in phrase.says}
    wanted = {name for group in (*phrase.within, *phrase.likely) for name in group}
    opposites = {other for name in phrase.says for other in lexicon.opposites.get(name, ())} - wanted
    accepted = tuple(
        frozenset(group)
        | {other for name in group if name in says for other in lexicon.opposites.get(name, ())}
        | frozenset(phrase.denies if all(_turns(name, says) for name in group) else ())
        for group in phrase.within
    )
    return replace(phrase, accepted=accepted, against=frozenset((opposites | set(phrase.denies)) - set(phrase.says)))


def _turns(name: str, says: set[str]) -> bool:
    """Whether a claim turns on a concept of its own; of ``~these/words`` one in common is enough."""
    own = set(name[1:].split("/"))
    return name in says or (name[0] == "~" and any(one[0] == "~" and own & set(one[1:].split("/")) for one in says))


def _phrase(claim: str, block: Mapping[str, Any], where: str) -> Phrase:
    unknown = set(block) - _FIELDS
    if unknown:
        raise InvalidInput(
            f"claim {claim} has a field nobody knows: {sorted(unknown)[0]}", where=where, remedy="see its head"
        )
    groups = {key: tuple(split(one) for one in block.get(key) or ()) for key in ("in", "near", "with", "list")}
    return Phrase(
        claim=claim,
        within=groups["in"],
        near=groups["near"],
        says=split(block.get("says", "")),
        denies=tuple(one for group in block.get("denies") or () for one in split(group)),
        never=tuple(block.get("never") or ()),
        likely=groups["with"],
        listed=groups["list"],
        need=tuple(one for group in block.get("need") or () for one in split(group)),
        numbers=registered(block.get("numbers") or {}, bool(block.get("every"))),
        spans=bool(block.get("spans")),
        general=bool(block.get("general")),
        references=bool(block.get("references")),
        family=block.get("family", claim),
        say=tuple(block.get("say") or ()),
    )


def _check(phrase: Phrase, lexicon: Lexicon, where: str) -> None:
    """Names that are no concepts are refused; ``~these/words`` become concepts of their own."""
    groups = (*phrase.within, *phrase.near, phrase.says, phrase.denies, *phrase.likely, *phrase.listed)
    named = [one for group in groups for one in group] + [one for both in phrase.never for one in both.split("&")]
    for name in (*named, *phrase.need):
        name = name.removeprefix("-")
        if name.startswith("~"):
            if name not in lexicon.names:
                lexicon.add(name, name[1:].split("/"))
        elif name not in lexicon.names and not name.startswith("#") and name not in phrase.need:
            raise InvalidInput(
                f"claim {phrase.claim} names a concept that is not in the lexicon: {name!r}",
                where=where,
                remedy="add it to concepts.yaml, or write ~word/word",
            )
