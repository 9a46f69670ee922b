"""What a decision was made from: kept beside the log, one file a person, and erasable.

Each input has a random key of its own. The log holds the keyed digest alone; with file and key gone, the digest cannot
be made again, and nobody can find out by trying what the inputs were.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from lowdose.audit.canonical import canonical
from lowdose.audit.log import keep, write_at_end
from lowdose.errors import InvalidInput, NotFound

SCHEMA = "lowdose.audit.inputs/1"
_SUBJECT = re.compile("s-[0-9a-f]{16}")


@dataclass(frozen=True)
class Kept:
    """The file of one person.

    Attributes
    ----------
    subject : str
        The pseudonym in the log.
    patient : str or None
        The person's own id, which stands nowhere else; None for answers given without one.
    rows : tuple of mapping
        digest, key, inputs of every decision.
    is_torn : bool
        Whether a crash left part of a line at the end, of a decision that was never recorded.
    """

    subject: str
    patient: str | None
    rows: tuple[Mapping[str, Any], ...] = ()
    is_torn: bool = False

    def digest(self, key: bytes, inputs: object) -> str:
        """HMAC-SHA256 of the inputs and of whose they are, in their one text.

        Examples
        --------
        >>> one = Kept("s-0011223344556677", "P-17")
        >>> one.digest(b"a", {"x": 1}) == one.digest(b"b", {"x": 1})
        False
        """
        text = canonical({"subject": self.subject, "patient": self.patient, "inputs": inputs})
        return hmac.new(key, text.encode(), "sha256").hexdigest()

    def digests(self) -> set[str]:
        """The digests that inputs and keys give now; an input that was changed gives another."""
        return {self.digest(bytes.fromhex(row["key"]), row["inputs"]) for row in self.rows}


def add(folder: Path, patient: str | None, inputs: Mapping[str, Any]) -> tuple[str, str]:
    """Keep the inputs of a decision; the pseudonym they are under, and their digest.

    The caller holds the lock. Inputs of the same patient go into the same file, behind those that are there: what is
    kept of a person is never read or written again for one more decision.

    Raises
    ------
    InvalidInput
        If they cannot be written, or are no plain values, or the file of the patient is damaged.
    """
    subject = _subject(folder, patient)
    kept, key, path = Kept(subject, patient), secrets.token_bytes(32), path_of(folder, subject)
    digest = kept.digest(key, inputs)
    row = canonical({"digest": digest, "key": key.hex(), "inputs": inputs})
    if path.exists():
        if read_head(path).patient != patient:
            raise _damaged(path)
        write_at_end(path, f"{row}\n".encode(), whole_lines=True)
    else:
        head = canonical({"schema": SCHEMA, "subject": subject, "patient": patient})
        keep(path, f"{head}\n{row}\n".encode())
    return subject, digest


def _subject(folder: Path, patient: str | None) -> str:
    """The pseudonym of a patient: the one that is kept, or a new one; always a new one for answers without an id.

    It is kept before the file that it names: a crash between the two leaves a name, and no second file of a person.
    """
    drawn = f"s-{secrets.token_hex(8)}"
    if patient is None:
        return drawn
    path = _name_path(folder, patient)
    if path.exists():
        with suppress(OSError, ValueError):
            if _SUBJECT.fullmatch(known := path.read_text(encoding="ascii")):
                return known
        raise _damaged(path)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    keep(path, drawn.encode())
    return drawn


def path_of(folder: Path, subject: str) -> Path:
    """The file under a pseudonym.

    Examples
    --------
    >>> path_of(Path("audit"), "s-0011223344556677").name
    's-0011223344556677.jsonl'
    """
    return folder / "inputs" / f"{subject}.jsonl"


def _name_path(folder: Path, patient: str) -> Path:
    """Where the pseudonym of a patient is kept, found without opening the file of anybody else."""
    return folder / "inputs" / "names" / sha256(canonical(patient).encode()).hexdigest()


def read_kept(path: Path) -> Kept:
    """Read the file of one person; a last line that a crash tore is of no decision, and is left out.

    Raises
    ------
    InvalidInput
        If it cannot be read or is none of ours.
    """
    try:
        *lines, torn = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines[1:]]
        for row in rows:
            bytes.fromhex(row["key"]), row["inputs"], row["digest"]
        return replace(_head(path, f"{lines[0]}\n"), rows=tuple(rows), is_torn=bool(torn))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _damaged(path) from error


def read_head(path: Path) -> Kept:
    """Whose file it is, without what is in it.

    Raises
    ------
    InvalidInput
        If it cannot be read or is none of ours.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return _head(path, file.readline())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


def _head(path: Path, line: str) -> Kept:
    head = json.loads(line)
    if not line.endswith("\n") or head["schema"] != SCHEMA or head["subject"] != path.stem:
        raise ValueError(head)
    return Kept(head["subject"], head["patient"])


def _damaged(path: Path) -> InvalidInput:
    return InvalidInput(
        "kept inputs cannot be read",
        where=str(path),
        remedy="the file was changed or is damaged; put it back from a copy, or erase it by the name it has",
    )


def everyone(folder: Path) -> Iterator[Path]:
    """The files of all persons, in order."""
    yield from sorted((folder / "inputs").glob("s-*.jsonl"))


def named(folder: Path, name: str) -> tuple[Path, ...]:
    """The files under a patient's own id, or under a pseudonym: one, and more after a crash while erasing.

    Raises
    ------
    NotFound
        If nothing is kept under it.
    """
    found = tuple(path for path in everyone(folder) if name == path.stem or _is_of(path, name))
    if not found:
        raise NotFound(
            f"nothing is kept under {name!r}",
            where=str(folder / "inputs"),
            remedy="'lowdose audit list' shows every id; what was erased is not found any more",
        )
    return found


def remove(folder: Path, path: Path) -> None:
    """Remove the file of one person, and first the name that leads to it, so that nothing more is put behind it.

    Raises
    ------
    InvalidInput
        If it cannot be removed.
    """
    try:
        with suppress(InvalidInput):
            if (patient := read_head(path).patient) is not None:
                _name_path(folder, patient).unlink(missing_ok=True)
        path.unlink()
    except OSError as error:
        raise InvalidInput(
            f"the inputs cannot be erased: {error.strerror}",
            where=str(path),
            remedy="get leave to write there, and erase them again",
        ) from error


def _is_of(path: Path, patient: str) -> bool:
    with suppress(InvalidInput):
        return read_head(path).patient == patient
    return False
