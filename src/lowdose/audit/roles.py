"""Which roles may decide on a medicine, as far as their words tell; nobody looks a registration up.

A role is taken by what it says: a profession that prescribes, or a rank of hospital doctors with a field of medicine.
A word that takes it back (student, former, suspended), makes it somebody else's (the doctor's wife) or another trade
(tree surgeon) is never passed over.
"""

from __future__ import annotations

import re
import unicodedata

_PHARMACISTS = frozenset(
    "pharmacist pharmd rph apotheker apothekerin fachapotheker fachapothekerin pharmacien pharmacienne farmaceutico "
    "farmaceutica farmacista".split()
)
_PROFESSIONS = frozenset(
    "physician doctor dr gp gpwsi md mbbs mbchb mbbch clinician prescriber np aprn fnp crnp surgeon dentist "
    "anaesthetist anesthetist anasthesist anasthesistin anesthesiste internist hospitalist intensivist geriatrician "
    "allergist obstetrician paediatrician pediatrician physiatrist psychiatrist "
    "medecin medico medica huisarts dokter fastlege lakare lege lekarz".split()
)
_PHRASES = (
    "nurse practitioner", "nurse prescriber", "advanced practice nurse", "general practitioner", "family practitioner",
    "medical practitioner", "medical officer", "medical director", "house officer", "staff grade",
    "associate specialist", "specialty registrar", "primary care provider", "family medicine", "ob gyn",
    "physician associate", "physician assistant", "pa c",
)  # fmt: skip
_RANKS = frozenset("consultant specialist registrar spr resident attending fellow".split())
_FIELDS = frozenset(
    "medicine medical surgery anaesthesia anesthesia psychiatry paediatrics pediatrics oncology neurology rheumatology "
    "dermatology gastroenterology haematology hematology geriatrics palliative pain addiction emergency".split()
)
_LOGISTS = re.compile(
    r"(rheumato|neuro|gastroentero|endocrino|endokrino|dermato|onco|onko|immuno|nephro|hepato|cardio|kardio|haemato|hemato|"
    r"hamato|pneumo|pulmono|uro|gynaeco|gyneco|gynako|ophthalmo|radio|patho|pharmaco|pharmako|anaesthesio|anesthesio|"
    r"anasthesio)log(ist|e|in|ue|o|a)"
)
_ARZT = re.compile(r"(?!tier|zahntier)\w*(arzt|arztin)")
_TAKEN_BACK = frozenset(
    "student trainee assistant assisting technician intern former retired ex not no suspended unregistered unlicensed "
    "deregistered struck pretend impersonator fake preregistration receptionist secretary manager clerk administrator "
    "ai bot software veterinary veterinarian vet animal tree witch spin phil philosophy theology chiropractic "
    "chiropractor naturopathic naturopath homeopath homeopathic it hair management lactation".split()
)
_SOMEBODY_ELSES = re.compile(
    r"(doctor|physician|pharmacist|gp|surgeon|consultant|dentist|practitioner)(['’]s|s['’]) \w|"
    r"\b(to|for) (the|a|an|our|my) |\bpre registration\b|\bstruck off\b"
)
_OF_ANOTHER_FIELD = re.compile(r"\bdoctor of (?!medicine|osteopath|pharmacy|dental)")
_KIN = frozenset(
    "relative carer parent mother father mum dad wife husband spouse son daughter sister brother friend".split()
)


def is_pharmacist(role: str) -> bool:
    """Whether a role is a pharmacist's.

    Examples
    --------
    >>> [is_pharmacist(role) for role in ("hospital pharmacist", "RPh", "Apotheker", "pharmacist's husband")]
    [True, True, True, False]
    """
    return bool(_PHARMACISTS & set(_words(role))) and not _is_taken_back(role)


def is_prescriber(role: str) -> bool:
    """Whether a role is one that may decide on a medicine.

    Examples
    --------
    >>> [is_prescriber(role) for role in ("GP partner", "Consultant in Pain Medicine", "M.D.", "family doctor")]
    [True, True, True, True]
    >>> [is_prescriber(role) for role in ("plumber", "IT consultant", "suspended doctor", "doctor's wife")]
    [False, False, False, False]
    """
    words = _words(role)
    held, said = set(words), " ".join(words)
    named = held & (_PROFESSIONS | _PHARMACISTS) or any(
        _LOGISTS.fullmatch(word) or _ARZT.fullmatch(word) for word in words
    )
    ranked = held & _RANKS and held & _FIELDS
    osteopath = "DO" in role.replace(".", "").split()
    return bool(named or ranked or osteopath or _phrase(said)) and not _is_taken_back(role)


def _is_taken_back(role: str) -> bool:
    words = _words(role)
    said = " ".join(words)
    taken_back = _TAKEN_BACK - {"assistant"} if "physician assistant" in said else _TAKEN_BACK
    aside = said.replace("non medical prescriber", "").replace("non consultant", "")
    return bool(
        set(words) & taken_back
        or "non" in aside.split()
        or words[-1] in _KIN
        or _SOMEBODY_ELSES.search(f"{role.casefold()} {said}")
        or _OF_ANOTHER_FIELD.search(said)
    )


def _phrase(said: str) -> bool:
    return any(f" {phrase} " in f" {said} " for phrase in _PHRASES)


def _words(role: str) -> list[str]:
    """Letters in small letters, without accents and points: nothing hides in capitals, marks or wide letters."""
    plain = unicodedata.normalize("NFKD", role.replace(".", "")).casefold()
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", kept) or [""]
