"""Pharmaceutical forms: the names people write, one name each, and the route the model room gives the dose to."""

from __future__ import annotations

from enum import Enum

from lowdose.errors import InvalidInput


class Form(Enum):
    """In what form naltrexone is taken; the value is the name written for people.

    Examples
    --------
    >>> Form.ORAL_SOLUTION.value, Form.ORAL_SOLUTION.route
    ('oral solution', 'oral_solution')
    >>> Form.read("Tablet")
    <Form.CAPSULE: 'capsule'>
    """

    CAPSULE = "capsule"
    ORAL_SOLUTION = "oral solution"
    SUBLINGUAL = "sublingual"
    SLOW_RELEASE_CAPSULE = "slow-release capsule"
    CREAM = "cream"
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    INTRANASAL = "intranasal"

    @property
    def route(self) -> str:
        """Name of the route in the model room, in snake case.

        Examples
        --------
        >>> Form.SLOW_RELEASE_CAPSULE.route
        'slow_release_capsule'
        """
        return self.name.lower()

    @classmethod
    def read(cls, name: str) -> Form:
        """Read the form people mean by ``name``, in any case; route names are understood too.

        Raises
        ------
        InvalidInput
            No form has this name.

        Examples
        --------
        >>> Form.read("under the tongue").value
        'sublingual'
        >>> Form.read("patch")
        Traceback (most recent call last):
        lowdose.errors.InvalidInput: unknown form 'patch'
          remedy: write capsule, oral solution, sublingual, slow-release capsule, cream, intravenous, ...
        """
        words = " ".join(name.lower().replace("_", " ").split())
        form = SPELLINGS.get(words) or SPELLINGS.get(words.replace("slow release", "slow-release"))
        if form is None:
            raise InvalidInput(f"unknown form {name!r}", remedy=remedy(words))
        return form


#: Every spelling of a form, in lower case.
SPELLINGS: dict[str, Form] = {form.value: form for form in Form} | {
    "capsules": Form.CAPSULE,
    "tablet": Form.CAPSULE,
    "tablets": Form.CAPSULE,
    "oral capsule": Form.CAPSULE,
    "oral tablet": Form.CAPSULE,
    "oral": Form.CAPSULE,
    "by mouth": Form.CAPSULE,
    "solution": Form.ORAL_SOLUTION,
    "liquid": Form.ORAL_SOLUTION,
    "oral liquid": Form.ORAL_SOLUTION,
    "sublingual drops": Form.SUBLINGUAL,
    "under the tongue": Form.SUBLINGUAL,
    "slow-release": Form.SLOW_RELEASE_CAPSULE,
    "slow-release capsules": Form.SLOW_RELEASE_CAPSULE,
    "slow release": Form.SLOW_RELEASE_CAPSULE,
    "slow release capsule": Form.SLOW_RELEASE_CAPSULE,
    "slow release capsules": Form.SLOW_RELEASE_CAPSULE,
    "topical": Form.CREAM,
    "topical cream": Form.CREAM,
    "transdermal cream": Form.CREAM,
    "iv": Form.INTRAVENOUS,
    "im": Form.INTRAMUSCULAR,
    "nasal spray": Form.INTRANASAL,
}


def remedy(name: str) -> str:
    """Say what may be written instead of ``name``.

    Examples
    --------
    >>> remedy("drops")
    'drops are swallowed or held under the tongue: write oral solution or sublingual drops'
    """
    if name == "drops":
        return "drops are swallowed or held under the tongue: write oral solution or sublingual drops"
    return f"write {', '.join(form.value for form in list(Form)[:-1])} or {list(Form)[-1].value}"
