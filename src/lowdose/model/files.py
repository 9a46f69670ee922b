"""The texts a model is made of, as they lie in the package."""

from __future__ import annotations

from importlib.resources import files


def read(name: str) -> str:
    """Text of a file of this room, e.g. ``modules/receptors.ant``.

    Examples
    --------
    >>> read("modules/receptors.ant").splitlines()[0][:30]
    '// Receptor number, relative t'
    """
    return files("lowdose.model").joinpath(name).read_text(encoding="utf-8")


def names(folder: str, ending: str) -> tuple[str, ...]:
    """Names of the files of a folder of this room that end so, in alphabetical order.

    Examples
    --------
    >>> "parameters/constants.yaml" in names("parameters", ".yaml")
    True
    """
    inside = files("lowdose.model").joinpath(folder).iterdir()
    return tuple(sorted(f"{folder}/{one.name}" for one in inside if one.name.endswith(ending)))
