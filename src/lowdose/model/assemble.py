"""Modules + parameters + hypothesis -> one SBML Level 3 Version 2 document that carries its sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from threading import Lock
from typing import Any

from lowdose import cache
from lowdose.errors import LowdoseError
from lowdose.model.files import names, read
from lowdose.model.hypotheses import Hypothesis, all_outputs, hypothesis
from lowdose.model.parameters import Parameter, parameters
from lowdose.model.units import agreed_units, check_units

_FORMAT = "2"
"""Part of the cache key: raise it when the way of assembling changes."""

_MADE_FROM = ("units.yaml", "hypotheses.yaml", "outputs.yaml")
_ONE_AT_A_TIME = Lock()
"""Antimony keeps what it has read in one place for the whole process, and dies when two threads read."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"//.*")
_DEFINED = re.compile(r"^\s*(\w+)\s*'?\s*:?=", re.MULTILINE)


class ModelNotSound(LowdoseError):
    """A model text that does not parse, or whose units do not agree."""

    exit_code = 3


def assemble(name: str | Hypothesis | None = None) -> str:
    """SBML L3V2 of a hypothesis, or of that called ``name`` (the default when None).

    Cached under the hash of every text it is made from; checked by libSBML and by the strict unit check when made.

    Raises
    ------
    NotFound
        If no hypothesis has that name.
    ModelNotSound
        If a module does not parse or its units do not agree.

    Examples
    --------
    >>> "effect_site_naltrexone" in assemble("effect-site")
    True
    """
    chosen = name if isinstance(name, Hypothesis) else hypothesis(name)
    modules = chosen.modules
    made_from = (*_MADE_FROM, *names("parameters", ".yaml"), *(f"modules/{module}.ant" for module in modules))
    digest = sha256("\0".join([_FORMAT, chosen.name, *map(read, made_from)]).encode()).hexdigest()
    key = f"model-{digest[:32]}.xml"
    kept = cache.read(key)
    if kept is not None and kept.endswith("</sbml>\n"):
        return kept
    sbml = annotate(to_sbml(antimony_text(chosen)), chosen)
    problems = [*libsbml_problems(sbml), *map(str, check_units(sbml))]
    if problems:
        raise ModelNotSound(
            f"the model of {chosen.name} is not sound: {problems[0]}",
            where=f"modules {', '.join(modules)}",
            remedy="mend the module or the unit of the parameter it names" + _others(problems),
        )
    cache.write(key, sbml)
    return sbml


def antimony_text(chosen: Hypothesis, extra: str = "") -> str:
    """The whole model as one flat Antimony text: units, the parameters it uses, modules, then ``extra``.

    What a module reads and no module of this model makes stands at its value in an untreated person.
    What ``extra`` says of a quantity replaces what was said before; the tests of the unit checks use it.

    Examples
    --------
    >>> antimony_text(hypothesis("imposed")).splitlines()[0]
    'model lowdose_imposed'
    """
    modules = [read(f"modules/{module}.ant") for module in chosen.modules]
    text = _COMMENT.sub("", "\n".join(modules))
    used, made = set(_WORD.findall(text)), set(_DEFINED.findall(text))
    values = {symbol: (p.value, p.unit) for symbol, p in parameters().items()} | {
        name: (output.rest, output.unit)
        for name, output in all_outputs().items()
        if output.rest is not None and name not in made
    }
    overrides, units = chosen.overrides, agreed_units()
    lines = [f"model lowdose_{re.sub('[^a-z0-9]', '_', chosen.name)}", "unit time_unit = 3600 second;"]
    lines += [f"unit {unit.id} = {unit.definition};" for unit in units.values()]
    lines += [
        f"const {symbol} = {overrides.get(symbol, value)!r}; {symbol} has {units[unit].id};"
        for symbol, (value, unit) in values.items()
        if symbol in used
    ]
    return "\n".join([*lines, *modules, extra, "end", ""])


def to_sbml(antimony_source: str) -> str:
    """Translate Antimony to SBML L3V2.

    Raises
    ------
    ModelNotSound
        With Antimony's own message and line.

    Examples
    --------
    >>> "<model" in to_sbml("model m; const k = 1; end")
    True
    """
    import antimony
    import libsbml

    with _ONE_AT_A_TIME:
        antimony.clearPreviousLoads()
        if antimony.loadAntimonyString(antimony_source) < 0:
            raise ModelNotSound(f"the model text does not parse: {antimony.getLastError().strip()}")
        document = libsbml.readSBMLFromString(antimony.getSBMLString(antimony.getMainModuleName()))
    if not document.setLevelAndVersion(3, 2, False):
        raise ModelNotSound(f"the model cannot be written as SBML L3V2: {document.getErrorLog().toString()}")
    return str(libsbml.writeSBMLToString(document))


def libsbml_problems(sbml: str) -> list[str]:
    """Every error and warning of libSBML's full consistency and unit check; empty when there is none.

    Examples
    --------
    >>> libsbml_problems(assemble("imposed"))
    []
    """
    import libsbml

    document = libsbml.readSBMLFromString(sbml)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.checkConsistency()
    log = document.getErrorLog()
    return [
        f"libSBML {log.getError(i).getErrorId()}: {log.getError(i).getMessage().strip()}"
        for i in range(log.getNumErrors())
    ]


def annotate(sbml: str, chosen: Hypothesis) -> str:
    """Write the sources of the hypothesis and of every parameter into the document.

    Examples
    --------
    >>> text = annotate(to_sbml(antimony_text(hypothesis("imposed"))), hypothesis("imposed"))
    >>> "isDescribedBy" in text
    True
    """
    import libsbml

    document = libsbml.readSBMLFromString(sbml)
    model = document.getModel()
    model.setName(f"lowdose, hypothesis {chosen.name}")
    model.setNotes(_notes([chosen.sentence, *(source.text for source in chosen.sources)]))
    _describe(model, (source.url for source in chosen.sources))
    for element in model.getListOfParameters():
        parameter = parameters().parameters.get(element.getId())
        if parameter is not None:
            element.setName(parameter.name)
            element.setNotes(_notes(_provenance(parameter)))
            _describe(element, [parameter.url])
    return str(libsbml.writeSBMLToString(document))


def _provenance(parameter: Parameter) -> list[str]:
    return [
        f"{parameter.value:g} {parameter.unit}; {parameter.provenance}, grade {parameter.grade}, {parameter.species}",
        f"source: {parameter.source}",
        *([f"note: {parameter.note}"] if parameter.note else []),
    ]


def _notes(lines: Iterable[str]) -> str:
    from html import escape

    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<body xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</body>'


def _describe(element: Any, addresses: Iterable[str]) -> None:
    import libsbml

    addresses = [address for address in addresses if address]
    if not addresses:
        return
    element.setMetaId(f"meta_{element.getId()}")
    term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(libsbml.BQB_IS_DESCRIBED_BY)
    for address in addresses:
        term.addResource(address)
    element.addCVTerm(term)


def _others(problems: list[str]) -> str:
    return f" ({len(problems) - 1} more problems)" if len(problems) > 1 else ""
