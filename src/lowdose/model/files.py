"""The texts a model is made of, as they lie in the package, and what their blocks have in common."""

from __future__ import annotations

from importlib.resources import files
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


def read(name: str) -> str:
    """Text of a file of this room, e.g. ``modules/receptors.ant``.

    Examples
    --------
    >>> read("modules/receptors.ant").splitlines()[0][:30]
    '// Receptor number, relative t'
    """
    return files("lowdose.model").joinpath(name).read_text(encoding="utf-8")


def data(text: str) -> Any:
    """Content of a YAML text, plain values only.

    Examples
    --------
    >>> data("a: [1, b]")
    {'a': [1, 'b']}
    """
    return yaml.load(text, _LOADER)
