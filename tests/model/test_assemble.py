"""Assembly: one sound, annotated SBML document a hypothesis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import libsbml
import pytest

from lowdose import cache
from lowdose.errors import NotFound
from lowdose.model import ModelNotSound, assemble, hypothesis, hypothesis_names, parameters
from lowdose.model.assemble import antimony_text, libsbml_problems, to_sbml
from lowdose.model.units import check_units


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWDOSE_CACHE", str(tmp_path))
    cache.folder.cache_clear()
    yield tmp_path
    cache.folder.cache_clear()


@pytest.mark.parametrize("name", hypothesis_names())
def test_every_hypothesis_is_sound_level_3_version_2(name):
    document = libsbml.readSBMLFromString(assemble(name))
    assert (document.getLevel(), document.getVersion()) == (3, 2)
    assert not libsbml_problems(assemble(name))
    assert not check_units(assemble(name))


def test_sources_are_in_the_document():
    model = libsbml.readSBMLFromString(assemble()).getModel()
    for element in model.getListOfParameters():
        parameter = parameters().parameters.get(element.getId())
        if parameter is not None:
            assert parameter.provenance in element.getNotesString()
            resources = [term.getResourceURI(0) for term in element.getCVTerms() or []]
            assert resources == ([parameter.url] if parameter.url else [])


def test_every_quantity_has_a_unit_and_parameters_keep_their_values():
    model = libsbml.readSBMLFromString(assemble("equilibrium-parent")).getModel()
    for element in model.getListOfParameters():
        assert element.getUnits(), element.getId()
    assert model.getParameter("CL").getValue() == parameters()["CL"].value
    assert model.getParameter("naltrexol_binds").getValue() == 0


def test_a_second_assembly_comes_from_the_cache(empty_cache):
    first = assemble("imposed")
    (kept,) = empty_cache.glob("model-*.xml")
    marked = kept.read_text(encoding="utf-8").replace("lowdose, hypothesis", "from the cache, hypothesis")
    kept.write_text(marked, encoding="utf-8")
    assert "from the cache" in assemble("imposed")
    kept.write_text("<sbml cut off", encoding="utf-8")
    assert assemble("imposed") == first


def test_nothing_is_needed_from_the_cache(monkeypatch):
    monkeypatch.setenv("LOWDOSE_CACHE", "/dev/null/nowhere")
    cache.folder.cache_clear()
    try:
        assert assemble("imposed").startswith("<?xml")
    finally:
        cache.folder.cache_clear()


def test_a_text_that_does_not_parse_says_where():
    with pytest.raises(ModelNotSound, match="line 1"):
        to_sbml("model m; x := (; end")


def test_an_unknown_hypothesis_suggests():
    with pytest.raises(NotFound, match="effect-site"):
        hypothesis("effect-sight")


def test_the_text_is_one_flat_model_without_bare_numbers_in_its_rules():
    model = libsbml.readSBMLFromString(to_sbml(antimony_text(hypothesis("effect-site")))).getModel()
    assert model.getPlugin("comp") is None or not model.getPlugin("comp").getNumSubmodels()

    def numbers(node):
        own = [node.getValue()] if node.isNumber() else []
        return own + [n for i in range(node.getNumChildren()) for n in numbers(node.getChild(i))]

    for rule in model.getListOfRules():
        assert not numbers(rule.getMath()), rule.getVariable()


def test_two_threads_may_assemble_at_once():
    texts = [antimony_text(hypothesis(name)) for name in hypothesis_names()] * 4
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(to_sbml, texts))) == len(hypothesis_names())
