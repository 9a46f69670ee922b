"""Data files: what a block of one is, and how its text is read. Every room's YAML goes through here."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

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
