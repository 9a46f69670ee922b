"""A folder for things that can be made again: assembled models, compiled models.

Never beside the package, never required: where no folder can be written, nothing is kept and all still works.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile


@cache
def folder() -> Path | None:
    """Where made-again things are kept: ``LOWDOSE_CACHE`` or the user's cache folder; None if unwritable.

    Examples
    --------
    >>> place = folder()
    >>> place is None or place.is_dir()
    True
    """
    chosen = os.environ.get("LOWDOSE_CACHE")
    if chosen:
        place = Path(chosen)
    else:
        from platformdirs import user_cache_path

        place = user_cache_path("lowdose")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return place if os.access(place, os.W_OK) else None


def read(name: str) -> str | None:
    """Text kept under ``name``, or None.

    Examples
    --------
    >>> read("never-written") is None
    True
    """
    place = folder()
    if place is None:
        return None
    try:
        return (place / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def write(name: str, text: str) -> None:
    """Keep ``text`` under ``name``; atomic, so that parallel processes may share the folder.

    Examples
    --------
    >>> write("example.txt", "kept")
    >>> read("example.txt") in ("kept", None)
    True
    """
    place = folder()
    if place is None:
        return
    try:
        with NamedTemporaryFile("w", dir=place, delete=False, encoding="utf-8") as file:
            file.write(text)
        Path(file.name).replace(place / name)
    except OSError:
        return
