"""Where the record is kept, and one at a time."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lowdose.errors import InvalidInput

_PATIENCE_SECONDS = 20.0


def audit_folder() -> Path:
    """The folder of the record: ``LOWDOSE_AUDIT``, or a folder of the user's own data.

    Examples
    --------
    >>> audit_folder().is_absolute()
    True
    """
    if chosen := os.environ.get("LOWDOSE_AUDIT"):
        return Path(chosen).absolute()
    from platformdirs import user_data_path

    return user_data_path("lowdose") / "audit"


def make_folder(folder: Path) -> None:
    """Make the folder, for its owner's eyes only.

    Raises
    ------
    InvalidInput
        If it cannot be made.
    """
    try:
        (folder / "inputs").mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise InvalidInput(
            f"the audit folder cannot be made: {error.strerror or error}",
            where=str(folder),
            remedy="set LOWDOSE_AUDIT to a folder you may write in; nothing was recorded",
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone, across processes and threads.

    Raises
    ------
    InvalidInput
        If another one holds it for longer than 20 seconds, or the folder cannot be written in.
    """
    try:
        file = (folder / "lock").open("ab")
    except OSError as error:
        raise InvalidInput(
            f"the audit folder cannot be written in: {error.strerror or error}",
            where=str(folder),
            remedy="get leave to write there, or set LOWDOSE_AUDIT to another folder; nothing was recorded",
        ) from error
    with file:
        _wait_for(file, folder)
        yield  # closing the file lets go of the lock


def _wait_for(file: IO[bytes], folder: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not _taken(file):
        if time.monotonic() > end:
            raise InvalidInput(
                "another lowdose holds the audit log",
                where=str(folder / "lock"),
                remedy="end it, and try again; nothing was recorded",
            )
        time.sleep(0.005)


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
