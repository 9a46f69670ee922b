"""Flip the unit of every quantity of every module and see which check catches it.

``python tools/unit_mutations.py`` prints the report that lies in docs/reference/unit-check.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import libsbml

from lowdose.model import hypothesis, hypothesis_names
from lowdose.model.assemble import antimony_text, libsbml_problems, to_sbml
from lowdose.model.units import check_units

_BESIDE = ("agonist", "antagonist", "ultra_low_dose")
MODELS = {name: hypothesis(name) for name in (*hypothesis_names(), "effect-site+combined")} | {
    f"with {binding}": hypothesis("effect-site", (*_BESIDE, binding))
    for binding in ("agonist_fast_binding", "agonist_slow_binding")
}
"""Hypotheses that hold every module between them, by what the report calls them."""
FLIPS = {"dimension": (libsbml.UNIT_KIND_CANDELA, 0), "scale": (libsbml.UNIT_KIND_DIMENSIONLESS, -3)}
"""What a unit is multiplied with: another kind, or a thousandth of itself."""


@dataclass(frozen=True)
class Mutation:
    """One flipped quantity and which checks caught it."""

    hypothesis: str
    quantity: str
    flip: str
    libsbml: bool
    strict: bool

    @property
    def caught_by(self) -> str:
        """Both, libSBML, strict or nobody."""
        return {
            (True, True): "both",
            (True, False): "libSBML",
            (False, True): "strict",
            (False, False): "nobody",
        }[self.libsbml, self.strict]


@cache
def sound(name: str) -> str:
    """The SBML of a model as it should be."""
    return to_sbml(antimony_text(MODELS[name]))


def quantities(name: str) -> list[str]:
    """Every quantity of a model."""
    document = libsbml.readSBMLFromString(sound(name))
    return [one.getId() for one in document.getModel().getListOfParameters()]


def mutations() -> Iterator[Mutation]:
    """Each quantity once, in the first model that has it."""
    seen: set[tuple[str, str]] = set()
    for name in MODELS:
        for quantity in quantities(name):
            for flip in FLIPS:
                if (quantity, flip) not in seen:
                    seen.add((quantity, flip))
                    yield mutate(name, quantity, flip)


def mutate(name: str, quantity: str, flip: str) -> Mutation:
    """Give ``quantity`` another unit and ask both checks."""
    document = libsbml.readSBMLFromString(sound(name))
    model = document.getModel()
    element = model.getParameter(quantity)
    own, (kind, scale) = model.getUnitDefinition(element.getUnits()), FLIPS[flip]
    flipped = model.createUnitDefinition()
    flipped.setId("flipped")
    if own is None:
        _add(flipped, libsbml.UnitKind_forName(element.getUnits()))
    for number in range(own.getNumUnits() if own is not None else 0):
        unit = own.getUnit(number)
        _add(flipped, unit.getKind(), unit.getScale(), unit.getExponent(), unit.getMultiplier())
    _add(flipped, kind, scale)
    element.setUnits("flipped")
    sbml = libsbml.writeSBMLToString(document)
    return Mutation(name, quantity, flip, bool(libsbml_problems(sbml)), bool(check_units(sbml)))


def _add(definition: libsbml.UnitDefinition, kind: int, scale: int = 0, exponent: int = 1, by: float = 1.0) -> None:
    unit = definition.createUnit()
    unit.setKind(kind)
    unit.setExponent(exponent)
    unit.setScale(scale)
    unit.setMultiplier(by)


def report() -> str:
    """A page of Markdown: the counts, then one row a quantity."""
    found = list(mutations())
    lines = [
        "# Which check catches a wrong unit",
        "",
        "The unit of every quantity of every module is flipped, in kind and in scale. Written by",
        "`python tools/unit_mutations.py`; a test fails when a flip escapes or this page is out of date.",
        "",
        "| flip | flips | both checks | libSBML alone | strict alone | nobody |",
        "|---|---|---|---|---|---|",
    ]
    for flip in FLIPS:
        caught = [m.caught_by for m in found if m.flip == flip]
        counts = [caught.count(who) for who in ("both", "libSBML", "strict", "nobody")]
        lines.append(f"| {flip} | {len(caught)} | " + " | ".join(map(str, counts)) + " |")
    lines += [
        "",
        f"Modules: {', '.join(sorted({module for model in MODELS.values() for module in model.modules}))}.",
        "",
    ]
    lines += ["| quantity | hypothesis | kind flipped | scale flipped |", "|---|---|---|---|"]
    by_quantity: dict[str, dict[str, Mutation]] = {}
    for mutation in found:
        by_quantity.setdefault(mutation.quantity, {})[mutation.flip] = mutation
    for quantity, flips in by_quantity.items():
        who = [flips[flip].caught_by for flip in FLIPS]
        lines.append(f"| `{quantity}` | {flips['scale'].hypothesis} | {who[0]} | {who[1]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(report(), end="")
