"""Gate: which passages of a text are about naltrexone. Outside them nothing is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lowdose.claims.annotate.passages import Passage
from lowdose.claims.annotate.words import is_known, words

_NAMES = frozenset(("naltrexone", "ldn", "lodonal", "naltrexon", "naltrexona"))
_NEAR = 88
#: "Unlike naltrexone": named, but what is told is about something else.
_ASIDE = re.compile(
    r"\b(?:unlike|than|versus|vs|not|from|like|mixed up with|confused with|as with|besides|compared with|compared to)"
    r"\s+(?:low[ -]dose\s+)?(?:naltrexone|ldn)\b"
)
#: Share of a section's passages that name the drug for the others to be about it as well.
SHARE = 0.2
#: Drugs that no claim speaks of: a sentence about one of them is not about naltrexone.
_OTHERS = r"""
metformin, aspirin, ibuprofen, paracetamol, acetaminophen, insulin, warfarin, predniso(?:ne|lone), gabapentin,
pregabalin, duloxetine, amitriptyline, nortriptyline, lithium, methotrexate, adalimumab, infliximab,
hydroxychloroquine, sulfasalazine, mesalamine, mesalazine, bupropion, acamprosate, nalmefene,
disulfiram, sugammadex, ketamine, lidocaine, diazepam, fingolimod, ocrelizumab, natalizumab,
baclofen, modafinil, amantadine, riluzole, edaravone, risperidone, aripiprazole, quetiapine, olanzapine,
haloperidol, clozapine, caffeine, semaglutide, liraglutide, nicotine patch, cetirizine, loratadine, digoxin,
furosemide, spironolactone, allopurinol, colchicine, dexamethasone, hydrocortisone, cortisone, vitamin d,
turmeric, curcumin, ivermectin, minocycline, topiramate, lamotrigine, valproate, carbamazepine, tofacitinib,
interferon, glatiramer, milnacipran, cyclobenzaprine, celecoxib, naproxen, diclofenac, zolpidem, trazodone,
mirtazapine, venlafaxine, nalbuphine, ondansetron, domperidone, probiotic\w*, statins?, antibiotics?,
antidepressants?, steroids?, corticosteroids?, beta blockers?, antihistamines?, ssris?, nsaids?
"""
#: Ends of generic names: statins, sartans, antibodies ...
_ENDS = """
statin sartan azole tinib cillin mycin prazole gliptin gliflozin oxetine azepam zolam triptan parin profen
oxacin cycline limus dronate olol dipine setron kinra umab ximab zumab lukast
"""
_OTHER = re.compile(
    rf"\b(?:{'|'.join(one.strip() for one in _OTHERS.split(','))}|\w{{3,}}(?:{'|'.join(_ENDS.split())}))\b"
)


def names_drug(text: str) -> bool:
    """Whether a text names naltrexone or LDN, a slip of one letter allowed.

    Examples
    --------
    >>> names_drug("Low-dose naltrexnoe at night"), names_drug("Naloxone is quicker.")
    (True, False)
    """
    found = [word.text for word in words(text)]
    if _NAMES & set(found):
        return True
    return any(word.startswith("nal") and _is_slip(word) for word in found if len(word) >= 8)


def _is_slip(word: str) -> bool:
    from rapidfuzz.fuzz import ratio

    return ratio(word, "naltrexone") >= _NEAR and not is_known(word)


def names_other(text: str) -> bool:
    """Whether a text names a drug of which no claim speaks.

    Examples
    --------
    >>> names_other("Metformin is older."), names_other("Naloxone is quicker.")
    (True, False)
    """
    return bool(_OTHER.search(text.lower()))


def is_about_drug(text: str) -> bool:
    """Whether a passage names naltrexone, and not only as what another drug is unlike.

    Examples
    --------
    >>> is_about_drug("LDN is cheap."), is_about_drug("Unlike naltrexone, acamprosate blocks nothing.")
    (True, False)
    """
    if not names_drug(text):
        return False
    aside = _ASIDE.search(text.lower())
    return not (aside and names_other(text) and not names_drug(text[: aside.start()] + text[aside.end() :]))


def gated(text: str, found: Sequence[Passage]) -> tuple[bool, ...]:
    r"""For every passage, whether it is about naltrexone: by its own words, its heading, or what it follows on from.

    A passage that does not name the drug takes part when a heading above it does, or when it stands in a section (or,
    failing that, a text) in which at least a fifth of the passages are about the drug; never when it names another
    drug only.

    Examples
    --------
    >>> from lowdose.claims.annotate.passages import passages
    >>> text = "LDN\n\nIt blocks receptors.\n\nMetformin does not."
    >>> gated(text, passages(text))
    (True, True, False)
    """
    own = [is_about_drug(text[one.start : one.end]) for one in found]
    other = [not mine and names_other(text[one.start : one.end]) for one, mine in zip(found, own, strict=True)]
    whole = _share(own) >= SHARE
    by_section: dict[int, list[bool]] = {}
    for one, mine in zip(found, own, strict=True):
        if one.kind != "heading":
            by_section.setdefault(one.section, []).append(mine)
    return tuple(
        mine
        or (
            not away
            and (any(map(is_about_drug, one.headings)) or whole or _share(by_section.get(one.section, [])) >= SHARE)
        )
        for one, mine, away in zip(found, own, other, strict=True)
    )


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
