"""Who answers for a clinical decision: a name, a role and a registration."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lowdose.audit.roles import is_pharmacist, is_prescriber
from lowdose.errors import InvalidInput, SafetyStop

_LONGEST = 200
_REMEDY = 'write --by "NAME, ROLE, REGISTRATION", such as --by "A. Brown, pharmacist, GPhC 0000000"'
_THEMSELVES = frozenset("patient self me myself i he she him her they".split())
_THEIRS = frozenset(
    "family relative carer caregiver parent mother father mum mom dad wife husband spouse partner son daughter child "
    "sister brother friend neighbour neighbor user client customer".split()
)
_NO_ANSWER = frozenset("none nil null no nobody unknown anonymous unregistered pending tbc tbd na nan".split())
_NO_ANSWERS = ("n a", "not applicable", "not known", "not registered", "not given", "to follow")
_BESIDE = frozenset("the a an my own s of and or".split())
"""Words that make nobody a professional: "the patient's mother" is still that. A Dr A. Friend keeps her name."""


@dataclass(frozen=True)
class Professional:
    """A named professional; each part is one line of plain text without a comma.

    Parameters
    ----------
    name, role, registration : str
        The person's name, what they are (physician, pharmacist), and the number they are registered under.

    Raises
    ------
    InvalidInput
        If a part is empty, too long, holds a comma or a character that cannot be seen, or says that there is none: a
        role such as patient, carer or friend, a registration such as none or n/a.

    Examples
    --------
    >>> str(Professional("A. Brown", "pharmacist", "GPhC 0000000"))
    'A. Brown, pharmacist, GPhC 0000000'
    """

    name: str
    role: str
    registration: str

    def __post_init__(self) -> None:
        for part in ("name", "role", "registration"):
            object.__setattr__(self, part, _checked(part, getattr(self, part)))

    @property
    def is_pharmacist(self) -> bool:
        """Whether the role says pharmacist, and not a student, technician or former one.

        Examples
        --------
        >>> Professional("A. Brown", "hospital pharmacist", "GPhC 0000000").is_pharmacist
        True
        >>> Professional("D. White", "pharmacist assistant", "X 1").is_pharmacist
        False
        """
        return is_pharmacist(self.role)

    @property
    def is_prescriber(self) -> bool:
        """Whether the role is one that may decide on a medicine, as far as its words tell.

        A doctor of any specialty, a pharmacist, a dentist, a nurse or physician associate who prescribes; no student,
        assistant or former one. Nobody looks the registration up: whoever reads the document can.

        Examples
        --------
        >>> Professional("A. Brown", "consultant rheumatologist", "GMC 0000000").is_prescriber
        True
        >>> Professional("J. Doe", "plumber", "1").is_prescriber
        False
        """
        return is_prescriber(self.role)

    def decides(self, what: str) -> None:
        """Let only a prescriber decide.

        Parameters
        ----------
        what : str
            What is decided, as the start of a sentence: "the plan".

        Raises
        ------
        SafetyStop
            If the role is not one that may decide on a medicine.

        Examples
        --------
        >>> Professional("J. Doe", "plumber", "1").decides("the plan")
        Traceback (most recent call last):
        lowdose.errors.SafetyStop: the plan is decided by a doctor, a pharmacist or another prescriber, not by a plumber
          where: J. Doe, plumber, 1
          remedy: write the role in its usual words: physician, rheumatologist, pharmacist, nurse prescriber
        """
        if not self.is_prescriber:
            raise SafetyStop(
                f"{what} is decided by a doctor, a pharmacist or another prescriber, not by a {self.role}",
                where=str(self),
                remedy="write the role in its usual words: physician, rheumatologist, pharmacist, nurse prescriber",
            )

    @classmethod
    def parse(cls, written: str) -> Professional:
        """Read "NAME, ROLE, REGISTRATION".

        Raises
        ------
        InvalidInput
            If there are not exactly three parts, or one of them is not valid.

        Examples
        --------
        >>> Professional.parse("A. Brown, pharmacist, GPhC 0000000").role
        'pharmacist'
        """
        parts = written.split(",")
        if len(parts) != 3:
            raise InvalidInput(
                f"a professional is three parts with commas between them, not {len(parts)}",
                where=repr(written[:_LONGEST]),
                remedy=_REMEDY,
            )
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.name}, {self.role}, {self.registration}"


def _checked(part: str, written: str) -> str:
    """One part in its plain form: what is printed must be what was meant, so nothing unseen may hide in it."""
    for character in written:
        if not character.isprintable():
            shown = unicodedata.name(character, f"character {ord(character)}").lower()
            raise InvalidInput(f"the {part} of the professional holds {shown}", where=repr(written), remedy=_REMEDY)
    plain = " ".join(unicodedata.normalize("NFC", written).split())
    if not any(character.isalnum() for character in plain):
        raise InvalidInput(f"the {part} of the professional is empty", where=repr(written), remedy=_REMEDY)
    if "," in plain:
        raise InvalidInput(f"the {part} of the professional holds a comma", where=repr(written), remedy=_REMEDY)
    if len(plain) > _LONGEST:
        raise InvalidInput(f"the {part} of the professional is over {_LONGEST} characters", remedy=_REMEDY)
    nobody = {"name": _THEMSELVES, "role": _THEMSELVES | _THEIRS | _BESIDE, "registration": _THEMSELVES}[part]
    if says_nothing(plain) or set(_words(plain)) <= nobody:
        raise InvalidInput(
            f"the {part} of the professional is {plain!r}: nobody who is registered to answer for it",
            where=repr(written),
            remedy=f"ask a physician or a pharmacist, and {_REMEDY}",
        )
    return plain


def says_nothing(written: str) -> bool:
    """Whether somebody was asked for a name or number and wrote that there is none.

    Examples
    --------
    >>> says_nothing("N/A"), says_nothing("GPhC 0000000")
    (True, False)
    """
    words = _words(written)
    return not words or " ".join(words) in _NO_ANSWERS or not set(words) - _NO_ANSWER


def _words(written: str) -> list[str]:
    """Letters and digits in small letters: nothing hides in capitals, marks or wide letters."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", written).casefold())
