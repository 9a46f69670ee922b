"""The record for people and other places: whose line it is, as long as that is kept, and all of it as one object."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lowdose.audit import inputs as kept_inputs
from lowdose.audit.entry import Entry
from lowdose.audit.folder import audit_folder
from lowdose.audit.verification import CANNOT_SAY, readable, verify
from lowdose.errors import InvalidInput, NotFound


def entries(folder: Path | None = None, *, name: str | None = None) -> tuple[tuple[Entry, str | None], ...]:
    """Every line that can be read, with the patient's own id where it is still kept.

    Parameters
    ----------
    folder : Path, optional
        By default ``LOWDOSE_AUDIT``, or a folder of the user's own data.
    name : str, optional
        Only of this person: own id, or the pseudonym in the log.

    Raises
    ------
    NotFound
        If no line is of that person.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.audit import record
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = record("screen", outcome="warning", patient="P-17", inputs={"age": 50}, folder=Path(place))
    ...     [(entry.outcome, patient) for entry, patient in entries(Path(place))]
    [('warning', 'P-17')]
    """
    folder = folder or audit_folder()
    whose = {kept.subject: kept.patient for kept in _readable(folder, kept_inputs.read_head)}
    found = tuple((entry, whose.get(entry.subject)) for entry in readable(folder))
    if name is None:
        return found
    chosen = tuple((entry, patient) for entry, patient in found if name in (patient, entry.subject))
    if not chosen:
        raise NotFound(
            f"no decision is kept under {name!r}",
            where=str(folder),
            remedy="'lowdose audit list' shows every id; what was erased is under its pseudonym alone",
        )
    return chosen


def exported(folder: Path | None = None, *, name: str | None = None, with_inputs: bool = False) -> dict[str, Any]:
    """The record as one object, schema ``lowdose.audit.export/1``, with whether it is whole.

    Parameters
    ----------
    folder, name
        As for `entries`.
    with_inputs : bool
        Whether to add what the decisions were made from; the keys of the digests are never handed on.

    Raises
    ------
    NotFound
        If no line is of that person.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     exported(Path(place))["whole"]
    True
    """
    folder = folder or audit_folder()
    chosen, state = entries(folder, name=name), verify(folder)
    by_digest = (
        {row["digest"]: row["inputs"] for kept in _readable(folder, kept_inputs.read_kept) for row in kept.rows}
        if with_inputs
        else {}
    )
    return {
        "schema": "lowdose.audit.export/1",
        "versions": {"lowdose": version("lowdose")},
        "whole": state.whole,
        "head": f"{len(state.entries)}:{state.head}",
        "problems": [problem.what for problem in state.problems],
        "cannot_say": list(CANNOT_SAY),
        "entries": [
            {**entry.document(), "patient": patient}
            | ({"inputs": by_digest.get(entry.digest)} if with_inputs and entry.digest else {})
            for entry, patient in chosen
        ],
    }


def _readable(folder: Path, read: Callable[[Path], kept_inputs.Kept]) -> list[kept_inputs.Kept]:
    """What is kept and can be read; `verify` names what cannot."""
    found = []
    for path in kept_inputs.everyone(folder):
        try:
            found.append(read(path))
        except InvalidInput:
            continue
    return found
