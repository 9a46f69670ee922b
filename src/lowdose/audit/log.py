"""The log itself: lines that only grow, and a head that says how many there are.

The head is written first and holds the last line whole. So a line that a crash tore can be told from one that was
never there, and completed; and lines that were cut off at the end, or put there, do not pass for the log.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lowdose.audit.canonical import canonical
from lowdose.audit.entry import START, Entry, read
from lowdose.errors import InvalidInput
from lowdose.files import write_whole

HEAD_SCHEMA = "lowdose.audit.head/1"
_SEE = "nothing was recorded; 'lowdose audit verify' says what is wrong"


@dataclass(frozen=True)
class Head:
    """How long the log is in bytes, and its last line whole; nothing where nothing was recorded yet."""

    size: int = 0
    last: Entry | None = None

    @property
    def line(self) -> bytes:
        """The last line."""
        return self.last.line if self.last else b""

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.last.number if self.last else 0

    @property
    def hash(self) -> str:
        """What the next line follows."""
        return self.last.hash if self.last else START


def log_path(folder: Path) -> Path:
    """The log in its folder.

    Examples
    --------
    >>> log_path(Path("audit")).name
    'log.jsonl'
    """
    return folder / "log.jsonl"


def head_path(folder: Path) -> Path:
    """The head beside the log.

    Examples
    --------
    >>> head_path(Path("audit")).name
    'head.json'
    """
    return folder / "head.json"


def content(folder: Path) -> bytes:
    """Everything in the log; nothing where there is none.

    Raises
    ------
    InvalidInput
        If it cannot be read.
    """
    try:
        return log_path(folder).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise InvalidInput(f"the log cannot be read: {error.strerror}", where=str(log_path(folder))) from error


def read_head(folder: Path) -> Head | None:
    """The head; None where there is none.

    Raises
    ------
    InvalidInput
        If it cannot be read or is none of ours.
    """
    path = head_path(folder)
    try:
        found = json.loads(path.read_bytes())
        last, wrong = read(found["line"].encode().rstrip(b"\n"))
        if wrong or found["schema"] != HEAD_SCHEMA or not isinstance(found["size"], int):
            raise ValueError(wrong)
        return Head(found["size"], last)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("the head of the log cannot be read", where=str(path), remedy=_SEE) from error


def append(folder: Path, entry: Entry) -> None:
    """Write one line after the last; the caller holds the lock and took number and hash from `tip`.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    before = read_head(folder) or Head()
    size = before.size + len(entry.line)
    head = {"schema": HEAD_SCHEMA, "size": size, "line": entry.line.decode()}
    keep(head_path(folder), canonical(head).encode())
    try:
        write_at_end(log_path(folder), entry.line)
    except InvalidInput as error:
        raise InvalidInput(
            f"the log cannot be written: {error.what}",
            where=str(log_path(folder)),
            remedy="make room or get leave to write there, then run 'lowdose audit mend', which completes this line",
        ) from error


def tip(folder: Path) -> Head:
    """The end of the log, checked against its head: what the next line follows.

    Raises
    ------
    InvalidInput
        If log and head do not agree: nothing is written after a line that may not be the last.
    """
    head, path = read_head(folder), log_path(folder)
    size = path.stat().st_size if path.exists() else 0
    if head is None:
        if size:
            raise InvalidInput("the head of the log is missing", where=str(head_path(folder)), remedy=_SEE)
        return Head()
    if size != head.size or _end(path, len(head.line)) != head.line:
        remedy = "run 'lowdose audit mend', which completes it" if completion(folder) else _SEE
        raise InvalidInput("the log does not end as its head says", where=str(path), remedy=remedy)
    return head


def completion(folder: Path) -> bytes | None:
    """What is missing of the last line, where the head holds it and nothing else is amiss; None otherwise.

    A crash or a full disk between head and log leaves exactly this.
    """
    head = read_head(folder)
    if head is None:
        return None
    start, found = head.size - len(head.line), content(folder)
    torn = found[start:]
    if not start <= len(found) < head.size or not head.line.startswith(torn):
        return None
    return head.line[len(torn) :]


def complete(folder: Path) -> bool:
    """Write what `completion` finds missing; whether there was something.

    The caller holds the lock.
    """
    missing = completion(folder)
    if missing is None:
        return False
    write_at_end(log_path(folder), missing)
    return True


def keep(path: Path, text: bytes) -> None:
    """Write a file whole, and see it on the disk before anything else is written.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    write_whole(path, text)
    with path.open("r+b") as written:
        os.fsync(written.fileno())


def write_at_end(path: Path, line: bytes, *, whole_lines: bool = False) -> None:
    """Write behind what is there, and see it on the disk; of `whole_lines`, a torn one at the end is taken away first.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    try:
        with path.open("r+b" if whole_lines else "ab") as file:
            end = file.seek(0, os.SEEK_END)
            if whole_lines and end and _last_byte(file) != b"\n":
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
                file.seek(0, os.SEEK_END)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be written: {error.strerror}",
            where=str(path),
            remedy="make room, or get leave to write there; nothing was recorded",
        ) from error


def _last_byte(file: IO[bytes]) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _end(path: Path, length: int) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - length))
        return log.read()
