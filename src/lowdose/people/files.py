"""The data of this room, as they lie in the package."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel

from lowdose.blocks import data
from lowdose.errors import InvalidInput

Read = TypeVar("Read", bound=BaseModel)


def parse(kind: type[Read], text: str, where: str) -> Read:
    r"""Validate the text of a data file.

    Raises
    ------
    InvalidInput
        If it breaks the schema; the message names the field.

    Examples
    --------
    >>> from lowdose.people.adherence import Patterns
    >>> parse(Patterns, "schema: lowdose.adherence/1\npatterns: {}", "here").patterns
    {}
    """
    try:
        return kind.model_validate(data(text))
    except (ValueError, yaml.YAMLError) as error:
        raise InvalidInput(
            f"the file does not follow its schema: {error}", where=where, remedy="correct the field it names"
        ) from error


def read(kind: type[Read], name: str) -> Read:
    """Read and validate a data file of this room.

    Examples
    --------
    >>> from lowdose.people.adherence import Patterns
    >>> "perfect" in read(Patterns, "adherence.yaml").patterns
    True
    """
    return parse(kind, files("lowdose.people").joinpath(name).read_text(encoding="utf-8"), name)
