"""Who acts on whom in the model, and how well each link is known: read off the equations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lowdose.engine.expression import Expression, symbols
from lowdose.exchange.structure import Module, Structure, in_words, weakest
from lowdose.model import Parameter, outputs


@dataclass(frozen=True)
class Link:
    """One quantity acts on another.

    Attributes
    ----------
    source, target : str
        Symbols.
    parameters : tuple of str
        Numbers in the terms that carry the action, constants of nature and definitions aside.
    grade : str or None
        The weakest of their grades; None where no number is involved: the link is a definition.
    weak : bool
        Whether one of them was assumed, measured in animals only, or is graded low.
    """

    source: str
    target: str
    parameters: tuple[str, ...]
    grade: str | None
    weak: bool


@dataclass(frozen=True)
class Node:
    """Quantities that act, and are acted on, alike: one box of a picture."""

    symbols: tuple[str, ...]
    labels: tuple[str, ...]
    module: str
    is_state: bool

    @property
    def name(self) -> str:
        """The first of its symbols."""
        return self.symbols[0]


@dataclass(frozen=True)
class Network:
    """Modules, the quantities shown of them, and the links between those."""

    modules: tuple[Module, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def network(model: Structure) -> Network:
    """The network of a model.

    Shown are all states, and of the assigned quantities those that are reported or read by another module, unless they
    only restate a state of their own module. Quantities with the same links stand together.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> found = network(structure("effect-site"))
    >>> [link.weak for link in found.links if (link.source, link.target) == ("capsule", "naltrexone_central")]
    [False]
    """
    view = _View(model)
    links = tuple(view.links())
    nodes = _together(view, links)
    heads = {symbol: node.name for node in nodes for symbol in node.symbols}
    joined: dict[tuple[str, str], Link] = {}
    for link in links:
        ends = heads[link.source], heads[link.target]
        joined.setdefault(ends, _link(model, *ends, (*joined[ends].parameters, *link.parameters) if ends in joined
                                      else link.parameters))  # fmt: skip
    used = {node.module for node in nodes}
    return Network(tuple(m for m in model.modules if m.name in used), nodes, tuple(joined.values()))


@dataclass
class _View:
    """Which quantities are shown, and what carries each to each."""

    model: Structure
    homes: dict[str, str] = field(default_factory=dict)
    shown: dict[str, None] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        model = self.model
        self.homes = {quantity: module.name for module in model.modules for quantity in module.quantities}
        reported = outputs(model.hypothesis)
        read_elsewhere = {
            symbol
            for quantity, home in self.homes.items()
            for symbol in symbols(model.formula(quantity))
            if self.homes.get(symbol, home) != home
        }
        self.shown = dict.fromkeys(model.states)
        for name, formula in model.formulas.items():
            if name not in reported and name not in read_elsewhere:
                continue
            upstream = set(self.carried(formula))
            if len(upstream) == 1 and self.homes[only := next(iter(upstream))] == self.homes[name]:
                if name in reported:
                    self.labels.setdefault(only, reported[name].label)
            elif upstream or name in reported:
                self.shown[name] = None

    def links(self) -> Iterator[Link]:
        for target in self.shown:
            for source, found in self.carried(self.model.formula(target)).items():
                if source != target:
                    yield _link(self.model, source, target, tuple(sorted(found)))

    def carried(self, expression: Expression) -> dict[str, frozenset[str]]:
        """Shown quantity by shown quantity in an expression: the parameters in the terms that carry it."""
        if isinstance(expression, str):
            if expression in self.shown:
                return {expression: frozenset()}
            formula = self.model.formulas.get(expression)
            return {} if formula is None else self.carried(formula)
        if not isinstance(expression, tuple):
            return {}
        operator, *parts = expression
        carried = [self.carried(part) for part in parts]
        found: dict[str, frozenset[str]] = {}
        for place, sources in enumerate(carried):
            if operator == "times" and any(self.is_switched_off(part) for part in parts):
                continue
            beside: frozenset[str] = frozenset()
            if operator not in ("plus", "minus"):
                others = [part for other, part in enumerate(parts) if other != place]
                beside = frozenset(symbol for part in others for symbol in self.parameters_in(part))
            for source, own in sources.items():
                found[source] = found.get(source, frozenset()) | own | beside
        return found

    def is_switched_off(self, factor: Expression) -> bool:
        """Whether a factor is a parameter that the hypothesis sets to 0: what it multiplies does not act."""
        number = self.model.numbers.get(factor) if isinstance(factor, str) else None
        return number is not None and number.is_overridden and number.value == 0.0

    def parameters_in(self, expression: Expression) -> set[str]:
        """Parameters of a factor, and of the quantities in it that nothing shown acts on."""
        found: set[str] = set()
        for symbol in symbols(expression):
            if symbol in self.model.numbers:
                found.add(symbol)
            elif symbol not in self.shown and not self.carried(symbol):
                found |= self.parameters_in(self.model.formulas[symbol]) if symbol in self.model.formulas else set()
        return found


def _link(model: Structure, source: str, target: str, symbols: tuple[str, ...]) -> Link:
    named: Mapping[str, Parameter] = {
        symbol: found
        for symbol in dict.fromkeys(symbols)
        if (found := model.numbers[symbol].found) is not None and not found.constant
    }
    grade = weakest(named.values())
    weak = grade == "low" or any(parameter.is_weak for parameter in named.values())
    return Link(source, target, tuple(named), grade, weak)


def _together(view: _View, links: tuple[Link, ...]) -> tuple[Node, ...]:
    """Quantities of one module with the same links to and from the same others, as one node."""
    groups: dict[object, list[str]] = {}
    for symbol in view.shown:
        into = frozenset((link.source, link.weak) for link in links if link.target == symbol)
        out = frozenset((link.target, link.weak) for link in links if link.source == symbol)
        own = symbol in view.model.states
        groups.setdefault((view.homes[symbol], own, into, out) if into or out else symbol, []).append(symbol)
    return tuple(
        Node(
            tuple(members),
            tuple(_capital(view.labels.get(symbol, in_words(symbol))) for symbol in members),
            view.homes[members[0]],
            members[0] in view.model.states,
        )
        for members in groups.values()
    )


def _capital(label: str) -> str:
    """With a capital first letter, but for a Greek one."""
    return label[0].upper() + label[1:] if label[0].isascii() else label
