"""What somebody wrote in a medicine list, settled as ingredients: recognised, to be confirmed, or not recognised.

Only an exact name is taken. A close one, a short street name and a spelling with several meanings are asked about, and
whatever cannot be explained to the last word stays unrecognised: an unknown medicine could be an opioid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lowdose.errors import InvalidInput
from lowdose.safety.medicines.near import GRAVE, gravest, near_names, opioid_one_letter_away, shown
from lowdose.safety.medicines.reading import Piece, cautious, pieces
from lowdose.safety.medicines.table import FORMS, Ingredient, Name, in_set, ingredients

State = Literal["recognised", "confirm", "unrecognised"]

DEPOT_UNLESS_SAID = ("buprenorphine", "naltrexone")
"""Given as an injection, or by the week or month, these are taken for a depot until somebody says otherwise."""

DEPOT_WORDS = frozenset({"injection", "injections", "injectable", "weekly", "monthly", "week", "month"})
ORAL_WORDS = frozenset({"tablet", "tablets", "capsule", "capsules", "oral", "film", "cap", "caps", "tab", "tabs"})


@dataclass(frozen=True)
class Recognition:
    """What an entry of a medicine list turned out to be.

    Parameters
    ----------
    written : str
        The entry as it stands in the list.
    state : str
        ``recognised``; ``confirm`` when somebody has to say which ingredient it is; ``unrecognised``.
    ingredients : tuple of Ingredient
        What is in it for certain. When the entry is not recognised these are the parts of it that are; a close match is
        never among them.
    form : str
        ``ir``, ``er``, ``patch``, ``depot``, ``implant`` or ``unknown``: the most cautious of what the name, the words
        beside it and the caller say.
    near : tuple of str
        Names that may be meant, best first. Each can be given back as ``confirmed``.
    how : str
        Why, in a few words that can be shown.
    is_street : bool
        Whether a name in it is a street name and nothing else.
    """

    written: str
    state: State
    ingredients: tuple[Ingredient, ...]
    form: str
    near: tuple[str, ...]
    how: str
    is_street: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to ask about it."""
        return self.state == "recognised"


def recognise(written: str, *, confirmed: str | None = None, form: str | None = None) -> Recognition:
    """Settle one entry of a medicine list as ingredients.

    Parameters
    ----------
    written : str
        Ingredient, brand, combination, salt or street name, ATC code (today's or a former one) or RxNorm code, with or
        without strength, form and trade marks.
    confirmed : str, optional
        The ingredient that somebody who knows has named for an entry that had to be asked about. It never overrules an
        entry that is recognised by itself.
    form : str, optional
        Release form where it is known.

    Raises
    ------
    InvalidInput
        If ``form`` is none of the forms.

    Examples
    --------
    >>> found = recognise("Percocet® 5/325 tablets")
    >>> found.state, [each.name for each in found.ingredients], found.form
    ('recognised', ['oxycodone', 'paracetamol'], 'ir')
    >>> recognise("percoset").state, recognise("percoset").near[0]
    ('confirm', 'Percocet (oxycodone and paracetamol)')
    >>> [each.name for each in recognise("percoset", confirmed="oxycodone").ingredients]
    ['oxycodone']
    >>> recognise("foobarine").state
    'unrecognised'
    """
    if form is not None and form not in FORMS:
        raise InvalidInput(
            f"{form!r} is no release form", where=f"medicine {written!r}", remedy=f"write one of {', '.join(FORMS)}"
        )
    found = _read(written, "" if form in (None, "unknown") else str(form))
    if confirmed is None or not confirmed.strip():
        return found
    return _confirm(found, confirmed, _read(confirmed, ""))


def _read(written: str, form: str) -> Recognition:
    cut = pieces(written)
    named = [piece for piece in cut if piece.meanings]
    certain = {each: None for piece in named for each in _certain(piece)}
    open_names = [piece for piece in named if not _certain(piece) and not _settled_beside(piece, certain)]
    is_whole = bool(named) and not open_names and all(piece.known for piece in cut)
    least = gravest(certain) + 1
    if is_whole and least <= len(GRAVE) and (opioids := opioid_one_letter_away(written, cut, least)):
        meant = tuple(shown(each) for piece in named for each in piece.meanings)
        how = f'"{written}" has to be asked about: one letter more or less makes it an opioid'
        return Recognition(written, "confirm", (), _form(cut, certain, form), meant + opioids, how)
    near = () if is_whole else near_names(written, cut, open_names)
    state: State = "recognised" if is_whole else "confirm" if near else "unrecognised"
    how = _how(state, cut, open_names)
    street = any(all(each.kind == "street name" for each in piece.meanings) for piece in named)
    return Recognition(written, state, _expanded(certain), _form(cut, certain, form), near, how, street)


def _certain(piece: Piece) -> tuple[str, ...]:
    """Ingredients of a name that has one meaning only and is never asked about, else none."""
    meanings = {frozenset(each.ingredients) for each in piece.meanings}
    if len(meanings) == 1 and not any(each.ask for each in piece.meanings):
        return piece.meanings[0].ingredients
    return ()


def _settled_beside(piece: Piece, certain: Iterable[str]) -> bool:
    """Whether the words beside a name say which of its meanings is meant, as in "Tylenol (paracetamol)"."""
    beside = set(certain)
    return any(set(each.ingredients) <= beside for each in piece.meanings)


def _expanded(named: Iterable[str]) -> tuple[Ingredient, ...]:
    """The ingredients, after the combinations with an entry of their own that they make up; parts are added."""
    known, held = ingredients(), dict.fromkeys(named)
    for name in tuple(held):
        held.update(dict.fromkeys(known[name].parts))
    whole = [each.name for each in known.values() if each.parts and set(each.parts) <= set(held)]
    return tuple(known[name] for name in dict.fromkeys([*whole, *held]))


def _form(cut: tuple[Piece, ...], certain: Iterable[str], said: str) -> str:
    brands = [cautious(*(each.form for each in piece.meanings)) for piece in cut if _settles_form(piece.meanings)]
    told = [*(piece.form for piece in cut), *brands, said]
    if not any(told) and set(certain) & set(DEPOT_UNLESS_SAID):
        words = {word for piece in cut for word in piece.words}
        return "depot" if words & DEPOT_WORDS else "ir" if words & ORAL_WORDS else "unknown"
    return cautious(*told)


def _settles_form(meanings: tuple[Name, ...]) -> bool:
    return bool(meanings) and all(each.form for each in meanings)


def _how(state: State, cut: tuple[Piece, ...], open_names: list[Piece]) -> str:
    if state == "recognised":
        rows = [piece.meanings[0] for piece in cut if piece.meanings]
        kinds = " and ".join(dict.fromkeys(row.kind for row in rows))
        weak = [row for row in rows if row.provenance == "recalled" and row.kind in ("brand name", "street name")]
        return f"{kinds} (recalled, not yet confirmed)" if weak else kinds
    if open_names:
        return f"{_said((open_names[0].meanings[0].written,))} has to be asked about: its meaning is not certain enough"
    unknown = [word for piece in cut if not piece.known for word in piece.words]
    left = f"{_said(tuple(unknown))} is in no table" if unknown else "no medicine is named"
    return f"{left}; a close match is never taken without a question" if state == "confirm" else left


def _said(words: tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"'


def _confirm(found: Recognition, confirmed: str, answer: Recognition) -> Recognition:
    """Take what somebody named for an entry that had to be asked about."""
    if not answer.is_settled:
        return replace(found, how=f'{found.how}; the answer "{confirmed}" is itself not recognised')
    if found.is_settled:
        if set(answer.ingredients) <= set(found.ingredients):
            return found
        return replace(found, how=f'{found.how}; the answer "{confirmed}" is another medicine and was not taken')
    if _confirms_an_opioid_away(found, answer):
        return replace(
            found, how=f'{found.how}; it resembles an opioid and not "{confirmed}", which was not taken: '
            "correct the name to what stands on the pack"
        )  # fmt: skip
    held = _expanded(each.name for each in (*found.ingredients, *answer.ingredients))
    form = (
        answer.form
        if found.form == "unknown"
        else cautious(found.form, "" if answer.form == "unknown" else answer.form)
    )
    how, street = f'confirmed as "{confirmed}"; {found.how}', found.is_street or answer.is_street
    return Recognition(found.written, "recognised", held, form, (), how, street)


def _confirms_an_opioid_away(found: Recognition, answer: Recognition) -> bool:
    """Whether an entry resembles an opioid, and the answer is none and nothing else that it resembles."""
    held = (each.partition(" (")[2].removesuffix(")") or each for each in found.near)  # "Percocet (oxycodone and …)"
    resembled = [_read(each, "").ingredients for each in held]
    meant = any(set(each) == set(answer.ingredients) for each in resembled)
    return any(map(_hold_an_opioid, resembled)) and not _hold_an_opioid(answer.ingredients) and not meant


def _hold_an_opioid(ingredients: Sequence[Ingredient]) -> bool:
    return any(in_set(each, name) for each in ingredients for name in ("opioid_washout", "opioid_systemic"))
