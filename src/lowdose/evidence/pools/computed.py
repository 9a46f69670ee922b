"""The pools as computed when the package was built, read without the pooling library, which takes two seconds to load.

``python -m lowdose.evidence.pools.compute`` computes them anew and writes ``data/computed.json``.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from json import loads
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data"


@cache
def computed() -> dict[str, Any]:
    """Every question with its entries and pools, schema ``lowdose.pools/1``.

    Returns
    -------
    dict
        ``questions`` by id, in the order they were fixed; ``inputs`` is the hash of the data they come from.

    Examples
    --------
    >>> found = computed()["questions"]["fibromyalgia.pain"]
    >>> found["pool"]["k"], round(found["pool"]["estimate"], 2)
    (3, -0.18)
    """
    text = files("lowdose.evidence").joinpath("data/computed.json").read_text(encoding="utf-8")
    found: dict[str, Any] = loads(text)
    return found


def inputs(folder: Path = FOLDER) -> str:
    """Hash of the files the pools come from: the studies and the questions, by name and content.

    Examples
    --------
    >>> len(inputs())
    64
    """
    digest = sha256()
    for path in [*sorted((folder / "studies").glob("*.yaml")), folder / "questions.yaml"]:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
