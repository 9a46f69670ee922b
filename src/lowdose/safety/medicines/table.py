"""What the medicine tables hold: ingredients with codes and classes, names that people use, the sets of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from lowdose.errors import NotFound
from lowdose.safety.tables import table

WashoutClass = Literal["short", "long", "none", ""]
Form = Literal["ir", "er", "patch", "depot", "implant", "unknown"]
FORMS: tuple[Form, ...] = get_args(Form)
FORM_WORDS = "immediate release (ir), slow release (er), patch, depot or implant"


@dataclass(frozen=True)
class Ingredient:
    """One medicine as the rules know it.

    Parameters
    ----------
    name : str
        Our name for it, the international one where there is one.
    classes : tuple of str
        What it is to the rules; empty for a medicine that no rule is about.
    atc, atc_former : tuple of str
        Its ATC codes of today and those it had before.
    rxnorm : str or None
        RxNorm code of the ingredient, only where it is certain or likely.
    washout_class : str
        ``short`` or ``long`` for an opioid that must have left the body before a start, ``none`` for one that
        needs no wait at the labelled dose, empty for all others.
    parts : tuple of str
        What it is made of, for a combination with an entry of its own.
    """

    name: str
    classes: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    atc_former: tuple[str, ...] = ()
    rxnorm: str | None = None
    washout_class: WashoutClass = ""
    parts: tuple[str, ...] = ()


class Name(NamedTuple):
    """One name that a medicine goes by, and what it settles.

    Parameters
    ----------
    written : str
        As it is spelled in the table.
    ingredients : tuple of str
        What is inside.
    kind : str
        ``ingredient``, ``brand name``, ``street name``, ``combination``, ``ATC code`` or ``RxNorm code``.
    form : str
        Release form where the name settles it, else empty.
    ask : bool
        The name has several meanings or is short: it is never taken without a question.
    provenance, url : str
        ``found`` with the page it was seen on, else ``recalled``.
    """

    written: str
    ingredients: tuple[str, ...]
    kind: str
    form: str = ""
    ask: bool = False
    provenance: str = "recalled"
    url: str = ""


@dataclass(frozen=True)
class MedicineSet:
    """A set that the rules name: by ATC prefix and code with exclusions, by class, by name."""

    atc_prefixes: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    not_atc: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    not_classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    within: str = ""
    by_street_name: bool = False

    def holds(self, ingredient: Ingredient) -> bool:
        """Whether the ingredient belongs to the set, whatever its form."""
        if set(self.not_classes) & set(ingredient.classes):
            return False
        if ingredient.name in self.names or set(self.classes) & set(ingredient.classes):
            return True
        codes = set(ingredient.atc + ingredient.atc_former) - set(self.not_atc)
        return any(code in self.atc or code.startswith(self.atc_prefixes) for code in codes)


@cache
def _read(name: str) -> Any:
    return table(f"medicines/{name}")


def _entry(row: Mapping[str, Any]) -> Ingredient:
    rxnorm = row.get("rxnorm", {})
    return Ingredient(
        name=row["name"],
        classes=tuple(row.get("classes", ())),
        atc=tuple(row.get("atc", ())),
        atc_former=tuple(row.get("atc_former", ())),
        rxnorm=rxnorm.get("code"),
        washout_class=row.get("washout", ""),
        parts=tuple(row.get("parts", ())),
    )


@cache
def ingredients() -> Mapping[str, Ingredient]:
    """Every ingredient by its name: those the rules are about first, then the merely known ones."""
    rows = [*_read("ingredients.yaml")["ingredients"], *_common_rows()]
    return {row["name"]: _entry(row) for row in rows}


def _common_rows() -> list[dict[str, Any]]:
    """Medicines known by name only: a group has its classes, a row its further names."""
    return [
        {"name": name, "also": also, "classes": group.get("classes", ())}
        for group in _read("common.yaml")["groups"]
        for name, also in group["names"].items()
    ]


def ingredient(name: str) -> Ingredient:
    """One ingredient by its exact name.

    Raises
    ------
    NotFound
        If the tables do not hold it; near misses are suggested.

    Examples
    --------
    >>> ingredient("tianeptine").atc
    ('N06AX14',)
    """
    known = ingredients()
    if name not in known:
        raise NotFound.among("ingredient", name, known)
    return known[name]


@cache
def sets() -> Mapping[str, MedicineSet]:
    """The sets that the rules name."""
    rows = _read("sets.yaml")["sets"]
    return {
        name: MedicineSet(**{key: _frozen(value) for key, value in row.items() if key != "note"})
        for name, row in rows.items()
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _set(name: str) -> MedicineSet:
    if name not in sets():
        raise NotFound.among("set of medicines", name, sets())
    return sets()[name]


def in_set(ingredient: Ingredient, name: str) -> bool:
    """Whether an ingredient belongs to a set of the rules; the set's forms, if any, are `forms_of` it.

    Raises
    ------
    NotFound
        If no set has that name.

    Examples
    --------
    >>> in_set(ingredients()["levorphanol"], "opioid_systemic"), in_set(ingredients()["lofexidine"], "opioid_systemic")
    (True, False)
    """
    one = _set(name)
    return in_set(ingredient, one.within) if one.within else one.holds(ingredient)


def is_by_street_name(name: str) -> bool:
    """Whether only an entry that is written by a street name belongs to a set.

    Examples
    --------
    >>> is_by_street_name("street_opioid"), is_by_street_name("opioid_systemic")
    (True, False)
    """
    return _set(name).by_street_name


def forms_of(name: str) -> tuple[str, ...]:
    """The forms to which a set is limited; empty when every form counts.

    Examples
    --------
    >>> forms_of("naltrexone_xr")
    ('depot', 'implant')
    """
    return _set(name).form


@cache
def names() -> tuple[Name, ...]:
    """Every name of every table, in no order of worth."""
    return (*_ingredient_names(), *_code_names(), *_brand_names("brands.yaml"), *_brand_names("other_brands.yaml"))


def _ingredient_names() -> list[Name]:
    found = []
    for row in [*_read("ingredients.yaml")["ingredients"], *_common_rows()]:
        held = (row["name"],)
        found += [Name(written, held, "ingredient") for written in (row["name"], *row.get("also", ()))]
        found += [Name(written, held, "ingredient", ask=True) for written in row.get("ask", ())]
    return found


def _code_names() -> list[Name]:
    content, found = _read("ingredients.yaml"), []
    for row in content["ingredients"]:
        for code in (*row.get("atc", ()), *row.get("atc_former", ())):
            inside = tuple(content["combination_codes"].get(code, (row["name"],)))
            found.append(Name(code, inside, "ATC code", provenance="found"))
        if rxnorm := row.get("rxnorm"):
            provenance = "found" if rxnorm["certainty"] == "certain" else "recalled"
            code = rxnorm["code"]
            for written, ask in ((f"RxNorm {code}", False), (f"RxCUI {code}", False), (code, True)):
                found.append(Name(written, (row["name"],), "RxNorm code", ask=ask, provenance=provenance))
    return found


def _brand_names(name: str) -> list[Name]:
    content = _read(name)
    return [each for group in content["groups"] for each in _group_names(group, content.get("pages", {}))]


def _group_names(group: Mapping[str, Any], pages: Mapping[str, str]) -> Iterator[Name]:
    seen_on = {str(written): pages[page] for page, held in group.get("found", {}).items() for written in held}
    asked = {str(written) for written in group.get("ask", ())}
    brands = [written for region in group.get("brands", {}).values() for written in region]
    settled = group.get("form", "")
    for kind, form, held in (
        ("brand name", settled, brands),
        ("ingredient", settled, group.get("also", ())),
        ("combination", settled, group.get("combinations", ())),
        ("street name", "", group.get("street", ())),
    ):
        for written in map(str, held):
            yield Name(
                written,
                tuple(group["ingredients"]),
                kind,
                form=form,
                ask=written in asked,
                provenance="found" if written in seen_on else "recalled",
                url=seen_on.get(written, ""),
            )
