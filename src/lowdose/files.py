"""Files that people keep: there whole, or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from lowdose.errors import InvalidInput


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all.

    Raises
    ------
    InvalidInput
        If it cannot be written.

    Examples
    --------
    >>> write_whole(Path("nowhere-at-all") / "a.csv", b"")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: a.csv cannot be written: No such file or directory
      where: nowhere-at-all...
      remedy: choose another folder, or get leave to write there
    """
    unfinished = path.with_name(f".writing-{os.getpid()}-{path.name}")
    try:
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be written: {error.strerror or error}",
            where=str(path.parent),
            remedy="choose another folder, or get leave to write there",
        ) from error
    return path
