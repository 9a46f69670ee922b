"""The data files of the rooms here, parsed once for a user and then kept under the SHA-256 of their text.

A file that changes has another SHA-256, so nothing of an older one is ever read; the first line of what is kept is the
SHA-256 of the rest, so a damaged copy is not read either. The YAML stays the only truth: without a cache it is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from json import dumps, loads
from typing import Any

from lowdose import cache
from lowdose.blocks import data


def table(name: str) -> Any:
    """Content of a data file below ``lowdose/safety``; a fresh copy each time.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> table("rules/data/rule_set.yaml")["schema"]
    'lowdose.safety-rule-set/1'
    """
    return parsed((files("lowdose.safety") / name).read_text(encoding="utf-8"))


def parsed(text: str) -> Any:
    """Content of a YAML text, from the cache when this very text was parsed before."""
    name = f"table-{_digest(text)}.json"
    seal, _, kept = (cache.read(name) or "").partition("\n")
    if kept and seal == _digest(kept):
        return loads(kept)
    content = data(text)
    try:
        kept = dumps(content, ensure_ascii=False)
    except TypeError:  # a date, say: not every YAML is JSON
        return content
    if loads(kept) == content:
        cache.write(name, f"{_digest(kept)}\n{kept}")
    return content


def texts() -> list[str]:
    """Place and text of every data file of the rooms here, in a fixed order: all that a screen rests on.

    Examples
    --------
    >>> [text.partition(chr(10))[0] for text in texts()][:2]
    ['asking/questions.yaml', 'excipients.yaml']
    """
    return [f"{place}\n{path.read_text(encoding='utf-8')}" for place, path in sorted(_below(files("lowdose.safety")))]


def _below(room: Traversable, place: str = "") -> Iterator[tuple[str, Traversable]]:
    for path in room.iterdir():
        if path.is_dir():
            yield from _below(path, f"{place}{path.name}/")
        elif path.name.endswith(".yaml"):
            yield f"{place}{path.name}", path


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
