"""Who answers for a clinical decision: a name, a role and a registration."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from lowdose.errors import InvalidInput

_LONGEST = 200
_REMEDY = 'write --by "NAME, ROLE, REGISTRATION", such as --by "A. Brown, pharmacist, GPhC 0000000"'


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
        If a part is empty, too long, or holds a comma or a character that cannot be seen.

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
    return plain
