"""Is the record as it was written: every line, its place, its end, and the inputs beside it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lowdose.audit import inputs as kept_inputs
from lowdose.audit import log
from lowdose.audit.entry import START, Entry, read
from lowdose.audit.folder import audit_folder, locked
from lowdose.audit.recording import ERASED
from lowdose.errors import InvalidInput

CANNOT_SAY = (
    "Someone who may write in this folder could make log and head anew from any line on, or empty it. Note count and "
    "hash elsewhere from time to time, on paper or in a message: 'lowdose audit verify --head COUNT:HASH' finds it.",
    "A decision that was never recorded leaves no trace here.",
    "Names and accounts are as they were given; nothing here proves who sat at the keyboard.",
    "Of inputs that were erased nobody can say any more what they were; copies and backups are not reached.",
)
"""What a chain of hashes cannot find."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was written: where, what, and what to do."""

    where: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes
    ----------
    folder : Path
    entries : tuple of Entry
        Every line that could be read, in the order of the log.
    head : str
        Hash of the last line.
    problems : tuple of Problem
    kept, erased : int
        Decisions whose inputs are there and give their digest, and whose inputs were erased.
    notes : tuple of str
        What is odd, and no sign of a change.
    """

    folder: Path
    entries: tuple[Entry, ...]
    head: str
    problems: tuple[Problem, ...]
    kept: int
    erased: int
    notes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all is as it was written."""
        return not self.problems


def verify(folder: Path | None = None, *, head: str = "") -> Verification:
    """Check the whole record.

    Parameters
    ----------
    folder : Path, optional
        By default ``LOWDOSE_AUDIT``, or a folder of the user's own data.
    head : str, optional
        "COUNT:HASH" noted earlier: the line of that number must still have that hash.

    Raises
    ------
    InvalidInput
        If the log cannot be read, or `head` is not in that form.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.audit import record
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = record("screen", outcome="block", inputs={"age": 50}, folder=Path(place))
    ...     before = verify(Path(place)).whole
    ...     log = Path(place) / "log.jsonl"
    ...     _ = log.write_bytes(log.read_bytes().replace(b"block", b"clear"))
    ...     before, [problem.what for problem in verify(Path(place)).problems][0]
    (True, 'line 1 is not as it was written: it was changed: its content does not give its hash')
    """
    folder = folder or audit_folder()
    noted = _noted(head)
    alone = locked(folder) if folder.is_dir() and os.access(folder, os.W_OK) else nullcontext()
    with alone:
        text = log.content(folder)
        lines = text.split(b"\n")
        entries, problems = _chain(lines[:-1])
        problems += _ending(folder, text, lines[-1])
        problems += _noted_problems(noted, entries)
        kept, erased, found, notes = _inputs(folder, entries)
    notes += [
        f"line {after.number} is dated before line {before.number}: the clock was set back, or two machines differ"
        for before, after in pairwise(entries)
        if after.at < before.at
    ]
    last = entries[-1].hash if entries else START
    return Verification(folder, tuple(entries), last, tuple(problems + found), kept, erased, tuple(notes))


def readable(folder: Path) -> tuple[Entry, ...]:
    """Every line that can be read, in the order of the log; `verify` says whether they are as they were written.

    Examples
    --------
    >>> readable(Path("nowhere"))
    ()
    """
    return tuple(_chain(log.content(folder).split(b"\n")[:-1])[0])


def _chain(lines: list[bytes]) -> tuple[list[Entry], list[Problem]]:
    entries, problems, previous = [], [], START
    remedy = "compare with a copy; what this line says cannot be relied on"
    for number, line in enumerate(lines, 1):
        entry, wrong = read(line)
        if wrong:
            problems.append(Problem(f"line {number}", f"line {number} is not as it was written: {wrong}", remedy))
        if entry is None:
            previous = ""
            continue
        if entry.number != number or entry.previous != previous:
            what = f"line {number} does not follow the line before it: a line was removed, moved, put in or changed"
            problems.append(Problem(f"line {number}", what, remedy))
        entries.append(entry)
        previous = entry.hash
    return entries, problems


def _ending(folder: Path, text: bytes, torn: bytes) -> list[Problem]:
    """What is wrong with the end of the log, which the chain cannot see."""
    where = str(log.log_path(folder))
    try:
        head, missing = log.read_head(folder), log.completion(folder)
    except InvalidInput as error:
        return [Problem(error.where, error.what, "whether lines are missing at the end cannot be said")]
    if missing is not None:
        what = "the last line is torn" if torn else "the last line is missing"
        what += ": a crash, a full disk, or someone cut it off; the head of the log holds it whole"
        return [Problem(where, what, "run 'lowdose audit mend', which completes it; nothing before it is harmed")]
    if head is None:
        if not text:
            return []
        remedy = "put head.json back from a copy; without it nobody can say whether lines are missing at the end"
        return [Problem(str(log.head_path(folder)), "the head of the log is missing", remedy)]
    if len(text) != head.size or not text.endswith(head.line):
        more = text.count(b"\n") - head.count
        what = f"the log should end with line {head.count}, and does not: "
        what += f"{more} more follow" if more > 0 else f"{-more} are missing" if more else "its end was changed"
        return [Problem(where, what, "compare with a copy; keep this folder, and begin another with LOWDOSE_AUDIT")]
    return []


def _inputs(folder: Path, entries: list[Entry]) -> tuple[int, int, list[Problem], list[str]]:
    """Do the inputs give the digests of the log, and is everything gone that was erased?"""
    problems: list[Problem] = []
    digests: set[tuple[str, str]] = set()
    there = set()
    torn = 0
    for path in kept_inputs.everyone(folder):
        there.add(path.stem)
        try:
            kept_of = kept_inputs.read_kept(path)
            digests |= {(path.stem, digest) for digest in kept_of.digests()}
            torn += kept_of.is_torn
        except InvalidInput as error:
            problems.append(Problem(error.where, error.what, error.remedy))
    gone = {entry.subject for entry in entries if entry.outcome == ERASED and entry.what == "erase"}
    kept = erased = 0
    for entry in (one for one in entries if one.digest):
        if (entry.subject, entry.digest) in digests:
            kept += 1
        elif entry.subject in gone and entry.subject not in there:
            erased += 1
        else:
            what = f"the inputs of line {entry.number} are missing or were changed, and were not erased"
            where = str(kept_inputs.path_of(folder, entry.subject))
            problems.append(Problem(where, what, "put the file back from a copy; the line itself is not harmed"))
    for subject in sorted(gone & there):
        what = f"the inputs under {subject} were to be erased and are still there"
        problems.append(Problem(str(kept_inputs.path_of(folder, subject)), what, f"'lowdose audit erase {subject}'"))
    stray = len(digests - {(entry.subject, entry.digest) for entry in entries})
    notes = [f"{stray} kept inputs have no line: a crash between the two, or a line is missing"] if stray else []
    if torn:
        notes.append(f"{torn} kept inputs are torn: of decisions that a crash kept from being recorded")
    return kept, erased, problems, notes


def _noted(head: str) -> tuple[int, str] | None:
    if not head:
        return None
    count, _, noted = head.partition(":")
    if not count.isdecimal() or not noted or set(noted) - set("0123456789abcdef"):
        raise InvalidInput(f"{head!r} is no head", where="--head", remedy="write COUNT:HASH as verify prints it")
    return int(count), noted


def _noted_problems(noted: tuple[int, str] | None, entries: list[Entry]) -> list[Problem]:
    if noted is None:
        return []
    number, hash_ = noted
    if any(entry.number == number and entry.hash.startswith(hash_) for entry in entries) and len(hash_) >= 8:
        return []
    what = f"line {number} is not the one whose hash was noted: the log was made anew, or cut off"
    return [Problem(f"line {number}", what, "compare with a copy; keep this folder as it is")]
