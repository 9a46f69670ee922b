"""Who acts on whom, and how well it is known, as read off the equations."""

from __future__ import annotations

import pytest

from lowdose.exchange import structure
from lowdose.exchange.network import network
from lowdose.exchange.picture import document, picture
from lowdose.model import hypothesis_names, mechanism_names, parameters


def links(name):
    found = network(structure(name))
    heads = {symbol: node.name for node in found.nodes for symbol in node.symbols}
    return {(link.source, link.target): link for link in found.links}, heads


def test_a_link_carries_the_parameters_of_its_own_terms_and_their_weakest_grade():
    found, _ = links("effect-site")
    link = found["naltrexone_central", "effect_site_naltrexone"]
    assert set(link.parameters) == {"ke0", "fu", "V1"}
    assert (link.grade, link.weak) == ("medium", False)
    # The gains of the feedback are assumed: whatever tone does through them is dashed.
    assert found["opioid_tone_central", "POMC"].weak


def test_a_link_is_weak_exactly_when_a_number_in_it_is():
    found, _ = links("effect-site")
    for link in found.values():
        carried = [parameters()[symbol] for symbol in link.parameters]
        assert link.weak == any(one.is_weak or one.grade == "low" for one in carried)


def test_what_a_hypothesis_switches_off_is_not_drawn():
    found, _ = links("equilibrium-parent")
    assert ("naltrexone_central", "mu_occupancy_central") in found
    assert not [pair for pair in found if pair[0] == "naltrexol_central" and "occupancy" in pair[1]]
    assert ("naltrexol_central", "mu_occupancy_central") in links("equilibrium-both")[0]


@pytest.mark.parametrize("name", [*hypothesis_names(), *mechanism_names()])
def test_every_state_is_shown_once_in_its_module_and_every_picture_is_made(name):
    model = structure(name)
    found = network(model)
    shown = [symbol for node in found.nodes for symbol in node.symbols]
    assert len(shown) == len(set(shown))
    assert set(model.states) <= set(shown)
    homes = {quantity: module.name for module in model.modules for quantity in module.quantities}
    assert all(homes[symbol] == node.module for node in found.nodes for symbol in node.symbols)
    spec = picture(model)
    assert model.hypothesis.name in spec["title"]["text"]
    drawn = document(model)
    assert {link["drawn"] for link in drawn["links"]} <= {"known", "weak", "defined"}
    assert [module["title"] for module in drawn["modules"]] == [module.title for module in found.modules]
