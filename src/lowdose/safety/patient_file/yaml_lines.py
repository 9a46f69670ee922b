"""YAML that people write by hand, read with the line of every value, and with nothing lost or guessed on the way.

Refused: keys that stand twice, anchors and aliases, tags, numbers in other notations than decimal, times of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from lowdose.errors import InvalidInput

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?|[-+]?\.[0-9]+")
_STANDARD = "tag:yaml.org,2002:"
_DEEPEST = 20
_LARGEST = 1_000_000

Path = tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """The line of every value, by the keys that lead to it (list entries by their number from 1)."""

    name: str
    by_path: Mapping[Path, int]

    def where(self, *path: str) -> str:
        """File and line, for an error."""
        known = next((path[:length] for length in range(len(path), -1, -1) if path[:length] in self.by_path), ())
        return f"{self.name}, line {self.by_path.get(known, 1)}"


def read_mapping(text: str, name: str) -> tuple[dict[str, Any], Lines]:
    r"""Content of a text that is one mapping, with the line of each value.

    Raises
    ------
    InvalidInput
        If it is no such YAML; with the line.

    Examples
    --------
    >>> content, lines = read_mapping("lab:\n  egfr: 95\n", "p.yaml")
    >>> content, lines.where("lab", "egfr")
    ({'lab': {'egfr': 95}}, 'p.yaml, line 2')
    """
    if len(text) > _LARGEST:
        raise InvalidInput(f"{name} is larger than {_LARGEST // 1_000_000} MB", remedy="this cannot be what was meant")
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise InvalidInput(f"not valid YAML: {error.problem or error.context}", where=f"{name}{line}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidInput(f"not valid YAML: {str(error).splitlines()[0]}", where=name) from None
    if not isinstance(node, yaml.MappingNode):
        raise InvalidInput("there is nothing like 'key: value' in it", where=name)
    reader = _Reader(name)
    content = reader.value(node, ())
    return content, Lines(name, reader.lines)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if id(node) in self.seen:
            raise self.refused(node, "an alias (*) is not allowed", "write the value out")
        self.seen.add(id(node))
        if len(path) > _DEEPEST:
            raise self.refused(node, "nested too deeply", "no fact lies that deep")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, str(number))) for number, one in enumerate(node.value, 1)]
        return self.scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.refused(key_node, "a key is one word", "write key: value")
            key = str(key_node.value)
            if key in found:
                raise self.refused(key_node, f"{'.'.join((*path, key))} stands twice", "keep the one that is right")
            found[key] = self.value(value_node, (*path, key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
        return found

    def scalar(self, node: yaml.Node) -> Any:
        text, kind = str(node.value), str(node.tag).removeprefix(_STANDARD)
        match kind:
            case "str":
                return text.strip()
            case "null":
                return None
            case "bool":
                return text.lower() in ("yes", "true", "on")
            case "int" | "float" if _DECIMAL.fullmatch(text):
                return float(text) if "." in text else int(text)
            case "timestamp":
                try:
                    return date.fromisoformat(text)
                except ValueError:
                    raise self.refused(node, f"{text!r} is no day", "write a date such as 2026-11-20") from None
        raise self.refused(node, f"{text!r} cannot be read safely", "write a plain decimal number, a date or words")

    def refused(self, node: yaml.Node, what: str, remedy: str) -> InvalidInput:
        return InvalidInput(what, where=f"{self.name}, line {node.start_mark.line + 1}", remedy=remedy)
