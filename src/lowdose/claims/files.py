"""The data files of this room."""

from __future__ import annotations

from importlib.resources import files


def read(name: str) -> str:
    """Text of a data file of the package.

    Examples
    --------
    >>> read("facts.yaml").splitlines()[2]
    'schema: lowdose.facts/1'
    """
    return (files("lowdose.claims") / "data" / name).read_text(encoding="utf-8")
