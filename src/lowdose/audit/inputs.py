"""What a decision was made from: kept beside the log, one file a person, and erasable.

Each input has a random key of its own. The log holds the keyed digest alone; with file and key gone, the digest cannot
be made again, and nobody can find out by trying what the inputs were.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowdose.audit.canonical import canonical
from lowdose.audit.log import keep
from lowdose.errors import InvalidInput, NotFound

SCHEMA = "lowdose.audit.inputs/1"


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
    """

    subject: str
    patient: str | None
    rows: tuple[Mapping[str, Any], ...] = ()

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

    The caller holds the lock. Inputs of the same patient go into the same file.

    Raises
    ------
    InvalidInput
        If they cannot be written, or are no plain values.
    """
    known = None if patient is None else of_patient(folder, patient)
    kept = known or Kept(f"s-{secrets.token_hex(8)}", patient)
    key = secrets.token_bytes(32)
    digest = kept.digest(key, inputs)
    row = {"digest": digest, "key": key.hex(), "inputs": inputs}
    head = {"schema": SCHEMA, "subject": kept.subject, "patient": kept.patient}
    lines = [canonical(one) for one in (head, *kept.rows, row)]
    keep(path_of(folder, kept.subject), ("\n".join(lines) + "\n").encode())
    return kept.subject, digest


def path_of(folder: Path, subject: str) -> Path:
    """The file under a pseudonym.

    Examples
    --------
    >>> path_of(Path("audit"), "s-0011223344556677").name
    's-0011223344556677.jsonl'
    """
    return folder / "inputs" / f"{subject}.jsonl"


def read_kept(path: Path) -> Kept:
    """Read the file of one person.

    Raises
    ------
    InvalidInput
        If it cannot be read or is none of ours.
    """
    try:
        head, *rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if head["schema"] != SCHEMA or head["subject"] != path.stem:
            raise ValueError(head)
        for row in rows:
            bytes.fromhex(row["key"]), row["inputs"], row["digest"]
        return Kept(head["subject"], head["patient"], tuple(rows))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            "kept inputs cannot be read",
            where=str(path),
            remedy="the file was changed or is damaged; put it back from a copy, or erase it by the name it has",
        ) from error


def everyone(folder: Path) -> Iterator[Path]:
    """The files of all persons, in order."""
    yield from sorted((folder / "inputs").glob("s-*.jsonl"))


def of_patient(folder: Path, patient: str) -> Kept | None:
    """What is kept of a patient; None where there is nothing."""
    for path in everyone(folder):
        with path.open(encoding="utf-8") as file:
            if canonical(patient) not in file.readline():
                continue  # most files: no need to read them whole
        if (kept := read_kept(path)).patient == patient:
            return kept
    return None


def named(folder: Path, name: str) -> Path:
    """The file under a patient's own id, or under a pseudonym.

    Raises
    ------
    NotFound
        If nothing is kept under it.
    """
    for path in everyone(folder):
        if path.stem == name:
            return path
    if (kept := of_patient(folder, name)) is not None:
        return path_of(folder, kept.subject)
    raise NotFound(
        f"nothing is kept under {name!r}",
        where=str(folder / "inputs"),
        remedy="'lowdose audit list' shows every id; what was erased is not found any more",
    )
