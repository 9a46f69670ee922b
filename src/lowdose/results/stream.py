"""A folder into which a long run goes, one part after another, so that nothing is lost or doubled when it stops.

``run.json`` says which run the folder belongs to. Each part is one Parquet file, written under a temporary name,
brought to the disk and then renamed; its name carries its number and the beginning of its SHA-256, so a part that
is there is whole, or is found not to be.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from lowdose.errors import InvalidInput, LowdoseError, NotFound

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.dataset

MANIFEST = "run.json"
_LOCK = ".lock"
_PART = re.compile(r"part-(\d{6,})\.([0-9a-f]{16})\.parquet")
_UNFINISHED = re.compile(r"\.writing-.*")
_DIGITS = 16
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG)
AGAIN = "give the same command again: finished parts are kept"


@dataclass(frozen=True)
class Part:
    """Consecutive persons that are written together."""

    number: int
    persons: range


@dataclass(frozen=True)
class Manifest:
    """What a folder says of its run: what makes it this run, and what is good to know besides.

    ``run`` must be equal for a run to go on in the folder; ``besides`` may differ.
    """

    schema: str
    people: int
    chunk: int
    run: Mapping[str, Any]
    besides: Mapping[str, Any]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of the run, finished or not.

        Examples
        --------
        >>> [part.persons for part in Manifest("", 5, 2, {}, {}).parts]
        [range(0, 2), range(2, 4), range(4, 5)]
        """
        starts = range(0, self.people, self.chunk)
        return tuple(Part(i, range(start, min(start + self.chunk, self.people))) for i, start in enumerate(starts))

    def text(self) -> str:
        """As it is written to ``run.json``.

        Examples
        --------
        >>> print(Manifest("x/1", 5, 2, {"seed": 1}, {}).text().splitlines()[1])
          "schema": "x/1",
        """
        content = {"schema": self.schema, "people": self.people, "chunk": self.chunk, "run": self.run, **self.besides}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def differences(self, other: Manifest) -> list[str]:
        """What makes two runs different, in words; empty for the same run.

        Examples
        --------
        >>> Manifest("x/1", 5, 2, {"seed": 1}, {}).differences(Manifest("x/1", 5, 2, {"seed": 3}, {}))
        ['seed 1 there, 3 here']
        """
        there, here = (
            {"schema": one.schema, "people": one.people, "chunk": one.chunk, **json.loads(json.dumps(one.run))}
            for one in (self, other)
        )
        return [
            f"{name} {_short(there.get(name))} there, {_short(here.get(name))} here"
            for name in {**there, **here}
            if there.get(name) != here.get(name)
        ]


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, or None where there is none.

    Raises
    ------
    InvalidInput
        If there is one that cannot be understood.

    Examples
    --------
    >>> read_manifest(Path("nowhere-at-all")) is None
    True
    """
    path = folder / MANIFEST
    with _said(folder):
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
    try:
        found = json.loads(content)
        besides = {name: found[name] for name in found.keys() - {"schema", "people", "chunk", "run"}}
        return Manifest(str(found["schema"]), int(found["people"]), int(found["chunk"]), dict(found["run"]), besides)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"{MANIFEST} cannot be understood: {error}", where=str(path), remedy="choose another folder"
        ) from error


class Stream:
    """The folder of one run, open for writing; use it in a ``with`` statement.

    Raises
    ------
    InvalidInput
        If the folder belongs to another run, holds other files, or cannot be written.
    LowdoseError
        If another process is writing to it, or there is no room left.

    Examples
    --------
    >>> import tempfile, pyarrow
    >>> manifest = Manifest("x/1", 4, 2, {}, {})
    >>> with tempfile.TemporaryDirectory() as folder, Stream(Path(folder), manifest) as stream:
    ...     stream.write(stream.manifest.parts[0], pyarrow.table({"person": [0, 1]}))
    ...     [part.number for part in stream.missing()]
    [1]
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Self:
        known = read_manifest(self.folder)
        if known is not None and (differences := known.differences(self.manifest)):
            raise InvalidInput(
                f"the folder holds another run: {'; '.join(differences)}",
                where=str(self.folder),
                remedy="choose another folder, or give the same command that began this one",
            )
        with _said(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if known is None:
                self._refuse_other_files()
            self._lock = _locked(self.folder)
            for path in self.folder.iterdir():
                if _UNFINISHED.fullmatch(path.name):
                    path.unlink()
            if known is None:
                _write(self.folder / MANIFEST, self.manifest.text().encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()

    def missing(self) -> list[Part]:
        """The parts that are still to be made; those that are there are read through, and damaged ones removed."""
        parts = {part.number: part for part in self.manifest.parts}
        with _said(self.folder):
            for number, path in _named(self.folder):
                if number in parts and _whole(path):
                    del parts[number]
                else:
                    path.unlink()
        return list(parts.values())

    def write(self, part: Part, table: pyarrow.Table) -> None:
        """Make a part lasting: after this it is there whatever happens, before it is not there at all."""
        import pyarrow
        import pyarrow.parquet

        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(table, sink, compression="zstd")
        content = sink.getvalue().to_pybytes()
        name = f"part-{part.number:06d}.{sha256(content).hexdigest()[:_DIGITS]}.parquet"
        with _said(self.folder):
            _write(self.folder / name, content)

    def _refuse_other_files(self) -> None:
        others = [p.name for p in self.folder.iterdir() if p.name != _LOCK and not _UNFINISHED.fullmatch(p.name)]
        if others:
            raise InvalidInput(
                f"the folder holds other files, such as {min(others)}",
                where=str(self.folder),
                remedy="choose a new or an empty folder",
            )


def finished(folder: Path) -> list[Part]:
    """The parts that are there, by their names alone.

    Examples
    --------
    >>> finished(Path("nowhere-at-all"))
    []
    """
    manifest = read_manifest(folder)
    there = {number for number, _ in _named(folder)} if manifest is not None else set()
    return [part for part in manifest.parts if part.number in there] if manifest is not None else []


def read(folder: Path) -> pyarrow.dataset.Dataset:
    """All parts of a finished run as one table; they are checked now, and read when asked for.

    Raises
    ------
    NotFound
        If the folder holds no run.
    LowdoseError
        If parts are missing or damaged.

    Examples
    --------
    >>> read(Path("nowhere-at-all"))
    Traceback (most recent call last):
    lowdose.errors.NotFound: the folder holds no run
      where: nowhere-at-all
      remedy: make one with lowdose simulate ... --stream
    """
    import pyarrow.dataset

    manifest = read_manifest(folder)
    if manifest is None:
        remedy = "make one with lowdose simulate ... --stream"
        raise NotFound("the folder holds no run", where=str(folder), remedy=remedy)
    paths = dict(_named(folder))
    missing = [part.number for part in manifest.parts if part.number not in paths]
    if missing:
        raise LowdoseError(
            f"{len(missing)} of {len(manifest.parts)} parts are still to be made", where=str(folder), remedy=AGAIN
        )
    parts = [paths[part.number] for part in manifest.parts]
    damaged = [path.name for path in parts if not _whole(path)]
    if damaged:
        raise LowdoseError(
            f"{len(damaged)} of {len(parts)} parts found damaged, such as {damaged[0]}",
            where=str(folder),
            remedy=f"{AGAIN}, damaged ones made again",
        )
    return pyarrow.dataset.dataset(list(map(str, parts)), format="parquet")


def _named(folder: Path) -> Iterator[tuple[int, Path]]:
    """Number and place of everything in the folder that has the name of a part, in order."""
    for path in sorted(folder.iterdir()):
        name = _PART.fullmatch(path.name)
        if name:
            yield int(name[1]), path


def _whole(path: Path) -> bool:
    """Whether a part holds what its name says."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:_DIGITS] == path.name.split(".")[1]


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f".writing-{os.getpid()}-{path.name}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _locked(folder: Path) -> IO[bytes] | None:
    """A lock that the system takes back when this process ends, in whatever way; None where there is no such thing."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return None
    file = (folder / _LOCK).open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise LowdoseError(
            "another process is writing to the folder", where=str(folder), remedy="wait for it, or stop it"
        ) from None
    except OSError:  # a file system without locks
        pass
    return file


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in _NO_ROOM:
            remedy = f"make room, then {AGAIN}"
            raise LowdoseError(
                f"there is no room for the next part: {why}", where=str(folder), remedy=remedy
            ) from error
        if error.errno in _NOT_OURS:
            remedy = "choose another folder, or get leave to write there"
            raise InvalidInput(f"the folder cannot be written: {why}", where=str(folder), remedy=remedy) from error
        raise LowdoseError(f"the folder cannot be used: {why}", where=str(folder), remedy=AGAIN) from error


def _short(value: Any) -> str:
    """A value of a manifest as an error shows it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
