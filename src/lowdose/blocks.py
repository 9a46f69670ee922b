"""Data files: what a block of one is, and how its text is read. Every room's YAML goes through here."""

from __future__ import annotations

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
        If it cannot be read, or is another document.

    Examples
    --------
    >>> read_file("nowhere.yaml", "lowdose.batch/1", "batch file")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.yaml cannot be read as YAML
      where: nowhere.yaml
    """
    place = Path(path)
    try:
        content = data(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"{place.name} cannot be read as YAML", where=str(path)) from error
    if not isinstance(content, dict) or content.get("schema") != schema:
        raise InvalidInput(f"{place.name} is no {what}", remedy=f"its first line is schema: {schema}")
    return content
