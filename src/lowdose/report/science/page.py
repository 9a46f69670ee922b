"""Every module in words, with its figure, where its numbers come from and what cannot be known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lowdose.model import Parameter, limits_of_validity, modules, parameters
from lowdose.model.files import read

_PROVENANCE = ("found", "derived", "recalled", "assumed")
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"//.*")
_FAMILIES = {
    "pharmacokinetics": ("pharmacokinetics",),
    "occupancy": (
        "occupancy_central_effect_site",
        "occupancy_central_slow_binding",
        "occupancy_central_equilibrium",
        "occupancy_imposed",
        "occupancy_peripheral_equilibrium",
    ),
    "agonist": ("agonist", "agonist_fast_binding", "agonist_slow_binding"),
}
"""Modules that share a section and a figure, by the name of that figure; every other module has its own."""


def write_science(folder: Path) -> Path:
    """Write ``science/trust.md`` and its figures into the folder of the documentation; returns the page.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    from lowdose.charts import to_svg
    from lowdose.report.science.figures import FIGURES

    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        (images / f"module-{name}.svg").write_text(to_svg(draw()), encoding="utf-8")
    page = folder / "science" / "trust.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(science_page(), encoding="utf-8")
    return page


def science_page() -> str:
    """The page as Markdown; every count comes from the model.

    Examples
    --------
    >>> science_page().splitlines()[0]
    '# The science, and how far to trust it'
    """
    lines = [
        "# The science, and how far to trust it",
        "",
        "Written by `python -m lowdose.report.science`; do not edit. One section a module: what it says, a figure from "
        "a run, where its numbers come from. **found**: read in the source. **derived**: computed from found or "
        "recalled values. **recalled**: general knowledge, not read. **assumed**: a choice without data.",
        "",
        "A curve is dashed when anything it rests on was assumed or measured in animals or cells only.",
        "",
        *_overview(),
    ]
    for name in sections():
        lines += _section(name)
    return "\n".join(lines) + "\n"


def sections() -> tuple[str, ...]:
    """Names of the sections in the order of the modules, a family at the place of its first.

    Examples
    --------
    >>> sections()[:3]
    ('pharmacokinetics', 'occupancy', 'receptors')
    """
    home = {module: name for name, members in _FAMILIES.items() for module in members}
    return tuple(dict.fromkeys(home.get(module, module) for module in modules()))


def numbers(module: str) -> dict[str, Parameter]:
    """The numbers that stand in the text of a module, by symbol; no constants.

    Examples
    --------
    >>> sorted(numbers("receptors"))
    ['G_R', 'h_R', 'kR']
    """
    used = set(_WORD.findall(_COMMENT.sub("", read(f"modules/{module}.ant"))))
    return {symbol: p for symbol, p in parameters().items() if symbol in used and not p.constant}


def _members(section: str) -> tuple[str, ...]:
    return _FAMILIES.get(section, (section,))


def _overview() -> Iterator[str]:
    yield "| module | numbers | found | derived | recalled | assumed | not from people |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, module in modules().items():
        own = numbers(name).values()
        counts = Counter[str](p.provenance for p in own)
        cells = [str(counts[kind]) for kind in _PROVENANCE]
        elsewhere = sum("human" not in p.species for p in own)
        yield f"| {module.title} (`{name}`) | {len(own)} | {' | '.join(cells)} | {elsewhere} |"
    yield ""


def _section(name: str) -> Iterator[str]:
    members = _members(name)
    yield f"## {modules()[members[0]].title if name != 'occupancy' else 'Receptors blocked'}"
    yield ""
    for module in members:
        yield f"- `{module}`: {modules()[module].sentence}"
    yield ""
    if _has_figure(name):
        yield f"![{modules()[members[0]].title}: a figure from a run](../images/module-{name}.svg)"
        yield ""
    weak = [p.name for module in members for p in numbers(module).values() if p.grade == "low"]
    unique = list(dict.fromkeys(weak))
    if unique:
        more = f"; and {len(unique) - 4} more" if len(unique) > 4 else ""
        yield f"Least known: {'; '.join(unique[:4])}{more}."
        yield ""
    for sentence in _limits(members):
        yield f"*What cannot be known:* {sentence}"
        yield ""


def _limits(members: tuple[str, ...]) -> Iterator[str]:
    always = limits_of_validity(())
    for module in members:
        yield from (said for said in limits_of_validity([f"module_{module}"]) if said not in always)


def _has_figure(name: str) -> bool:
    from lowdose.report.science.figures import FIGURES

    return name in FIGURES
