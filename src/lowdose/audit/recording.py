"""Record a decision; erase what it was made from."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lowdose.audit import inputs as kept_inputs
from lowdose.audit import log
from lowdose.audit.entry import Entry, Overridden
from lowdose.audit.folder import audit_folder, locked, make_folder
from lowdose.audit.professional import Professional
from lowdose.errors import InvalidInput

ERASED = "erased"


def record(
    what: str,
    *,
    outcome: str,
    inputs: Mapping[str, Any] | None = None,
    patient: str | None = None,
    by: Professional | None = None,
    fired: Iterable[str] = (),
    not_checked: Iterable[str] = (),
    overrides: Iterable[Overridden] = (),
    versions: Mapping[str, str] | None = None,
    folder: Path | None = None,
    at: datetime | None = None,
) -> Entry:
    """Record a decision: one line in the log, its inputs beside it.

    Parameters
    ----------
    what : str
        The command: "screen", "plan", "plan approve", "compound", ...
    outcome : str
        What came of it, such as "block".
    inputs : mapping, optional
        All that was asked with; plain values, dates and decimals. Erasable, unlike everything else here: nothing that
        tells who a person is may stand in the other arguments.
    patient : str, optional
        Pseudonymous id; kept with the inputs, not in the log.
    by : Professional, optional
        Who answers for it.
    fired, not_checked : iterable of str
        Ids of rules.
    overrides : iterable of Overridden
        With reasons.
    versions : mapping, optional
        Versions of rule set and model; that of lowdose is added.
    folder : Path, optional
        By default ``LOWDOSE_AUDIT``, or a folder of the user's own data.
    at : datetime, optional
        When, with a time zone; by default now.

    Raises
    ------
    InvalidInput
        If it cannot be written, or the log does not end as its head says: then nothing is recorded, and the caller
        must not go on as if it were.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     entry = record("screen", outcome="block", patient="P-17", inputs={"history.last_opioid_use": None},
    ...                    fired=["DAT-001"], versions={"rules": "1"}, folder=Path(place))
    >>> entry.number, entry.outcome, entry.fired, "P-17" in str(entry)
    (1, 'block', ('DAT-001',), False)
    """
    folder = folder or audit_folder()
    moment = at or datetime.now(UTC)
    if moment.tzinfo is None:
        raise InvalidInput("a time without a time zone cannot be recorded", where=str(moment), remedy="give UTC")
    make_folder(folder)
    with locked(folder):
        end = log.tip(folder)
        subject, digest = ("", "") if inputs is None else kept_inputs.add(folder, patient, inputs)
        entry = Entry(
            number=end.count + 1,
            previous=end.hash,
            at=moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            what=what,
            outcome=outcome,
            who=None if by is None else str(by),
            account=_account(),
            subject=subject,
            fired=tuple(map(str, fired)),
            not_checked=tuple(map(str, not_checked)),
            overrides=tuple({**asdict(one), "by": str(one.by)} for one in overrides),
            versions={"lowdose": version("lowdose"), **(versions or {})},
            digest=digest,
        )
        log.append(folder, entry)
    return entry


def erase(name: str, *, by: Professional | None = None, folder: Path | None = None) -> Entry:
    """Erase all inputs of a person, with the keys of their digests; the log itself stays and says that it was done.

    Parameters
    ----------
    name : str
        The patient's own id, or the pseudonym in the log.
    by : Professional, optional
        Who decided it.
    folder : Path, optional
        As for `record`.

    Raises
    ------
    NotFound
        If nothing is kept under that name.
    InvalidInput
        If the log cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = record("screen", outcome="block", patient="P-17", inputs={"age": 50}, folder=Path(place))
    ...     erase("P-17", folder=Path(place)).outcome
    'erased'
    """
    folder = folder or audit_folder()
    make_folder(folder)
    with locked(folder):
        for path in kept_inputs.named(folder, name):
            end = log.tip(folder)
            entry = Entry(
                number=end.count + 1,
                previous=end.hash,
                at=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                what="erase",
                outcome=ERASED,
                who=None if by is None else str(by),
                account=_account(),
                subject=path.stem,
                versions={"lowdose": version("lowdose")},
            )
            log.append(folder, entry)  # first: a crash between the two leaves a file to erase again, not a hole
            kept_inputs.remove(folder, path)
    return entry


def mend(folder: Path | None = None) -> bool:
    """Complete a last line that a crash or a full disk tore, from the head that holds it; whether there was one.

    Nothing else is ever mended: what was changed stays to be seen.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     mend(Path(place))
    False
    """
    folder = folder or audit_folder()
    if not folder.is_dir():
        return False
    with locked(folder):
        return log.complete(folder)


def _account() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
