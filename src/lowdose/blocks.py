"""Data files: what a block of one is, and how its text is read. Every room's YAML goes through here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from lowdose.errors import InvalidInput

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: ten times faster on the start of every command."""


class Block(BaseModel):
    """A block of a data file: immutable, and refused when it holds a field nobody knows.

    Validators are built when first used, which half of the commands never do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def data(text: str) -> Any:
    """Content of a YAML text, plain values only.

    Examples
    --------
    >>> data("a: [1, b]")
    {'a': [1, 'b']}
    """
    return yaml.load(text, _LOADER)


def read_file(path: str | Path, schema: str, what: str) -> dict[str, Any]:
    """Content of a YAML file that a person wrote, whose first line names its schema.

    Raises
    ------
    InvalidInput
        If it cannot be read, is another document, or says one thing twice: YAML would take the last without a word.

    Examples
    --------
    >>> read_file("nowhere.yaml", "lowdose.batch/1", "batch file")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.yaml cannot be read as YAML
      where: nowhere.yaml
    """
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8")
        content, twice = data(text), next(_twice(yaml.compose(text, _LOADER)), None)
    except (OSError, UnicodeError, yaml.YAMLError, RecursionError) as error:
        raise InvalidInput(f"{place.name} cannot be read as YAML", where=str(path)) from error
    if not isinstance(content, dict) or content.get("schema") != schema:
        raise InvalidInput(f"{place.name} is no {what}", remedy=f"its first line is schema: {schema}")
    if twice is not None:
        line = twice.start_mark.line + 1
        raise InvalidInput(
            f"{place.name} has {twice.value} twice", where=f"line {line}", remedy="keep the one that holds"
        )
    return content


def _twice(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Names that stand a second time in one mapping."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                if name.value in seen:
                    yield name
                seen.add(name.value)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _twice(one)
