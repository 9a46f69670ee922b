"""Flip the unit of every quantity of every module and see which check catches it.

``python tools/unit_mutations.py`` prints the report that lies in docs/reference/unit-check.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libsbml

from lowdose.model import hypothesis, hypothesis_names
from lowdose.model.assemble import antimony_text, libsbml_problems, to_sbml
from lowdose.model.units import agreed_units, check_units

MODELS = (*hypothesis_names(), "effect-site+combined")
"""Hypotheses that hold every module between them."""
FLIPS = {"dimension": "{} * candela", "scale": "1e-3 * {}"}


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


def quantities(name: str) -> dict[str, str]:
    """Every quantity of a hypothesis and the definition of its unit."""
    model = libsbml.readSBMLFromString(to_sbml(antimony_text(hypothesis(name)))).getModel()
    definitions = {unit.id: unit.definition for unit in agreed_units().values()}
    return {p.getId(): definitions.get(p.getUnits(), p.getUnits()) for p in model.getListOfParameters()}


def mutations() -> Iterator[Mutation]:
    """Each quantity once, in the first hypothesis that has it."""
    seen: set[tuple[str, str]] = set()
    for name in MODELS:
        for quantity, definition in quantities(name).items():
            for flip, form in FLIPS.items():
                if (quantity, flip) not in seen:
                    seen.add((quantity, flip))
                    yield mutate(name, quantity, flip, form.format(definition))


def mutate(name: str, quantity: str, flip: str, definition: str) -> Mutation:
    """Give ``quantity`` another unit and ask both checks."""
    extra = f"unit flipped = {definition}; {quantity} has flipped;"
    sbml = to_sbml(antimony_text(hypothesis(name), extra))
    return Mutation(name, quantity, flip, bool(libsbml_problems(sbml)), bool(check_units(sbml)))


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
        f"Modules: {', '.join(sorted({module for name in MODELS for module in hypothesis(name).modules}))}.",
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
