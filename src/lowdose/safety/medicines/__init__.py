"""Medicines as people write them, settled as ingredients that the safety rules know.

The tables lie beside this file: `ingredients.yaml` (what the rules are about, with codes), `brands.yaml` (every name we
know of an opioid or opioid antagonist), `other_brands.yaml` (brands of the other medicines in the rules), `common.yaml`
(medicines known by name only), `sets.yaml` (the sets of the rules), `words.yaml` (salts, forms, words to pass over).
"""

from __future__ import annotations

from lowdose.safety.medicines.recognition import Recognition, recognise
from lowdose.safety.medicines.table import (
    FORM_WORDS,
    FORMS,
    Ingredient,
    forms_of,
    in_set,
    ingredient,
    ingredients,
    is_by_street_name,
    sets,
)

__all__ = [
    "FORMS",
    "FORM_WORDS",
    "Ingredient",
    "Recognition",
    "forms_of",
    "in_set",
    "ingredient",
    "ingredients",
    "is_by_street_name",
    "recognise",
    "sets",
]
