"""Modules + parameters + hypothesis -> one SBML Level 3 Version 2 document that carries its sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from lowdose import cache
from lowdose.errors import LowdoseError
from lowdose.model.files import read
from lowdose.model.hypotheses import Kinetics, hypothesis, modules_of
from lowdose.model.parameters import Parameter, parameters
from lowdose.model.units import agreed_units, check_units

_FORMAT = "1"
"""Part of the cache key: raise it when the way of assembling changes."""

_MADE_FROM = ("units.yaml", "parameters.yaml", "hypotheses.yaml")
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"//.*")


class ModelNotSound(LowdoseError):
    """A model text that does not parse, or whose units do not agree."""

    exit_code = 3


def assemble(name: str | None = None) -> str:
    """SBML L3V2 of the hypothesis called ``name`` (the default when None).

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
    kinetics = hypothesis(name)
    modules = modules_of(kinetics)
    texts = [read(part) for part in (*_MADE_FROM, *(f"modules/{module}.ant" for module in modules))]
    digest = sha256("\0".join([_FORMAT, kinetics.name, *texts]).encode()).hexdigest()
    key = f"model-{digest[:32]}.xml"
    kept = cache.read(key)
    if kept is not None and kept.endswith("</sbml>\n"):
        return kept
    sbml = annotate(to_sbml(antimony_text(kinetics)), kinetics)
    problems = [*libsbml_problems(sbml), *map(str, check_units(sbml))]
    if problems:
        raise ModelNotSound(
            f"the model of {kinetics.name} is not sound: {problems[0]}",
            where=f"modules {', '.join(modules)}",
            remedy="mend the module or the unit of the parameter it names" + _others(problems),
        )
    cache.write(key, sbml)
    return sbml


def antimony_text(kinetics: Kinetics, extra: str = "") -> str:
    """The whole model as one flat Antimony text: units, the parameters it uses, modules, then ``extra``.

    What ``extra`` says of a quantity replaces what was said before; the tests of the unit checks use it.

    Examples
    --------
    >>> antimony_text(hypothesis("imposed")).splitlines()[0]
    'model lowdose_imposed'
    """
    modules = [read(f"modules/{module}.ant") for module in modules_of(kinetics)]
    used = set(_WORD.findall(_COMMENT.sub("", "\n".join(modules))))
    lines = [f"model lowdose_{kinetics.name.replace('-', '_')}", "unit time_unit = 3600 second;"]
    lines += [f"unit {unit.id} = {unit.definition};" for unit in agreed_units().values()]
    for symbol, parameter in parameters().items():
        if symbol in used:
            value = kinetics.overrides.get(symbol, parameter.value)
            lines.append(f"const {symbol} = {value!r}; {symbol} has {agreed_units()[parameter.unit].id};")
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


def annotate(sbml: str, kinetics: Kinetics) -> str:
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
    model.setName(f"lowdose, kinetics {kinetics.name}")
    model.setNotes(_notes([kinetics.sentence, *(source.text for source in kinetics.sources)]))
    _describe(model, (source.url for source in kinetics.sources))
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
