"""The network of a model, told to the chart that draws it, and as a document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lowdose.charts.diagram import Arrow, Box, Frame, diagram
from lowdose.charts.look import Spec
from lowdose.exchange.network import Link, Network, network
from lowdose.exchange.structure import Structure


def picture(model: Structure) -> Spec:
    """The model as a Vega-Lite specification.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> picture(structure("imposed"))["title"]["text"]
    'What acts on what: hypothesis imposed'
    """
    found = network(model)
    frames = [
        Frame(
            module.name,
            module.title,
            module.sentence,
            [Box(node.name, node.labels, node.is_state) for node in found.nodes if node.module == module.name],
        )
        for module in found.modules
    ]
    arrows = [Arrow(link.source, link.target, _kind(link)) for link in found.links]
    return diagram(f"What acts on what: hypothesis {model.hypothesis.name}", model.hypothesis.sentence, frames, arrows)


def document(model: Structure) -> dict[str, Any]:
    """The network as JSON: modules, nodes, links with the parameters that carry them and their weakest grade.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> sorted(document(structure()))
    ['links', 'modules', 'nodes']
    """
    found: Network = network(model)
    return {
        "modules": [{"name": m.name, "title": m.title, "sentence": m.sentence} for m in found.modules],
        "nodes": [asdict(node) for node in found.nodes],
        "links": [{**asdict(link), "drawn": _kind(link)} for link in found.links],
    }


def _kind(link: Link) -> str:
    if link.weak:
        return "weak"
    return "defined" if link.grade is None else "known"
