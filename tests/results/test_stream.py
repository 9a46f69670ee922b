"""A folder of parts: nothing is lost or doubled, whatever stops the writing, and damage is found."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, LowdoseError, NotFound
from lowdose.results.stream import MANIFEST, Manifest, Stream, finished, read, read_manifest

RUN = Manifest("test/1", 10, 3, {"seed": 1, "model": "a"}, {"command": "again"})


def table(part):
    persons = list(part.persons)
    return pyarrow.table({"person": persons, "metric": [person / 3 for person in persons]})


def fill(folder, run=RUN, most=None):
    """Write the parts that are missing, ``most`` of them at most; their numbers."""
    with Stream(folder, run) as stream:
        parts = stream.missing()[:most]
        for part in parts:
            stream.write(part, table(part))
    return [part.number for part in parts]


def parts_in(folder):
    return sorted(folder.glob("part-*"))


def content(folder):
    return {path.name: path.read_bytes() for path in parts_in(folder)}


@pytest.fixture
def folder(tmp_path):
    """A finished run of four parts."""
    assert fill(tmp_path / "ein Ordner é") == [0, 1, 2, 3]
    return tmp_path / "ein Ordner é"


@given(st.integers(1, 500), st.integers(1, 600))
def test_parts_hold_everyone_once(people, chunk):
    parts = Manifest("x", people, chunk, {}, {}).parts
    assert [person for part in parts for person in part.persons] == list(range(people))
    assert [part.number for part in parts] == list(range(len(parts)))


def test_everyone_is_read_back_once_and_in_order(folder):
    found = read(folder)
    assert found.count_rows() == 10
    assert found.to_table(columns=["person"])["person"].to_pylist() == list(range(10))
    assert fill(folder) == []


def test_a_run_that_stopped_goes_on_where_it_was(folder, tmp_path):
    other = tmp_path / "other"
    assert fill(other, most=2) == [0, 1]
    assert [part.number for part in finished(other)] == [0, 1]
    with pytest.raises(LowdoseError, match="2 of 4 parts are still to be made"):
        read(other)
    assert fill(other, most=1) == [2]
    assert fill(other) == [3]
    assert content(other) == content(folder)


@pytest.mark.parametrize("harm", ["truncated", "emptied", "changed", "removed"])
def test_a_damaged_part_is_found_and_made_again(folder, harm):
    before = content(folder)
    path = parts_in(folder)[1]
    whole = path.read_bytes()
    if harm == "removed":
        path.unlink()
    else:
        middle = len(whole) // 2
        changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        path.write_bytes({"truncated": whole[:middle], "emptied": b"", "changed": changed}[harm])
    assert fill(folder) == [1]
    assert content(folder) == before


def test_damage_is_found_before_anything_is_read(folder):
    path = parts_in(folder)[0]
    whole = path.read_bytes()
    for place in range(0, len(whole), 17):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(LowdoseError, match="1 of 4 parts found damaged, such as part-000000") as said:
            read(folder)
        assert said.value.remedy


def test_a_part_that_is_there_twice_is_kept_once(folder):
    path = parts_in(folder)[2]
    path.with_name(path.name.replace("part-000002", "part-0000002")).write_bytes(path.read_bytes())
    assert fill(folder) == []
    assert len(parts_in(folder)) == 4


def test_what_was_being_written_is_swept_away(folder):
    (folder / ".writing-1-part-000001.0123456789abcdef.parquet").write_bytes(b"half")
    assert fill(folder) == []
    assert not list(folder.glob(".writing*"))


def test_a_folder_that_was_only_begun_is_taken(tmp_path):
    """Killed before ``run.json`` was there."""
    for name in (".lock", ".writing-7-run.json"):
        (tmp_path / name).write_bytes(b"{")
    assert fill(tmp_path) == [0, 1, 2, 3]
    assert not list(tmp_path.glob(".writing*"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": 11}, "people 10 there, 11 here"),
        ({"chunk": 4}, "chunk 3 there, 4 here"),
        ({"run": {"seed": 2, "model": "a"}}, "seed 1 there, 2 here"),
        ({"run": {"seed": 1, "model": "a" * 90}}, "model a there, aaaa"),
        ({"schema": "test/2"}, "schema test/1 there, test/2 here"),
    ],
)
def test_the_folder_of_another_run_is_refused_with_what_differs(folder, change, words):
    other = Manifest(**{**{name: getattr(RUN, name) for name in RUN.__dataclass_fields__}, **change})
    before = content(folder)
    with pytest.raises(InvalidInput, match="another run") as refused:
        fill(folder, other)
    assert words in str(refused.value)
    assert refused.value.remedy
    assert content(folder) == before


def test_what_is_only_good_to_know_may_differ(folder):
    assert fill(folder, Manifest(RUN.schema, RUN.people, RUN.chunk, RUN.run, {"command": "another"})) == []


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"precious")
    with pytest.raises(InvalidInput, match=r"other files, such as thesis\.docx"):
        fill(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "test/1"}', "\0\1"])
def test_a_manifest_that_cannot_be_understood_is_refused(folder, text):
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="cannot be understood"):
        fill(folder)


@pytest.mark.parametrize("below", [(), ("deeper",)])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path, below):
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(InvalidInput, match="cannot be written") as refused:
        fill(file.joinpath(*below))
    assert refused.value.remedy


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidInput, match="cannot be written"):
        fill(tmp_path / "run")
    tmp_path.chmod(0o700)


def test_a_folder_without_a_run_cannot_be_read(tmp_path):
    assert read_manifest(tmp_path) is None
    assert finished(tmp_path) == []
    with pytest.raises(NotFound, match="no run"):
        read(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_finished_parts_stay(tmp_path, monkeypatch, code):
    fill(tmp_path, most=2)
    before, really = content(tmp_path), os.fsync

    def full(handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LowdoseError, match="no room") as said:
        fill(tmp_path)
    assert said.value.exit_code == 1
    assert "finished parts are kept" in said.value.remedy
    assert content(tmp_path) == before
    assert not list(tmp_path.glob(".writing*"))
    monkeypatch.setattr(os, "fsync", really)
    assert fill(tmp_path) == [2, 3]


SCRIPT = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_stream import RUN, fill, table
from lowdose.results.stream import Manifest, Stream
folder = Path(sys.argv[1])
"""


def start(script, folder):
    command = [sys.executable, "-c", SCRIPT + script, str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_file_that_may_not_grow_is_said_and_finished_parts_stay(folder):
    last = parts_in(folder)[-1]
    last.unlink()
    before = content(folder)
    script = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); fill(folder)"
    done = start(script, folder)
    _, said = done.communicate(timeout=60)
    assert done.returncode == 1
    assert "LowdoseError: there is no room for the next part" in said
    assert content(folder) == before
    assert fill(folder) == [3]


MANY = Manifest("test/1", 900, 3, {"seed": 1}, {})


def test_nothing_is_lost_or_doubled_by_being_killed_at_any_moment(tmp_path):
    script = """
run = Manifest("test/1", 900, 3, {"seed": 1}, {})
with Stream(folder, run) as stream:
    for part in stream.missing():
        stream.write(part, table(part))
        print(part.number, flush=True)
"""
    chance, folder, said = random.Random(1), tmp_path / "killed", set()
    for _ in range(6):
        worker = start(script, folder)
        for _ in range(chance.randint(1, 25)):
            line = worker.stdout.readline()
        time.sleep(chance.random() * 0.01)
        worker.send_signal(signal.SIGKILL)
        rest = worker.communicate(timeout=60)[0].split()
        assert line
        said |= {int(line), *map(int, rest[:-1])}
        # What was said to be there is there, and whole.
        assert said <= {part.number for part in finished(folder)}
    fill(folder, MANY)
    fill(tmp_path / "whole", MANY)
    assert content(folder) == content(tmp_path / "whole")
    assert read(folder).to_table()["person"].to_pylist() == list(range(900))


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there")
def test_two_processes_do_not_write_to_one_folder(tmp_path):
    worker = start("with Stream(folder, RUN): print('in', flush=True); sys.stdin.read()", tmp_path)
    try:
        assert worker.stdout.readline() == "in\n"
        with pytest.raises(LowdoseError, match="another process") as said:
            fill(tmp_path)
        assert said.value.remedy
    finally:
        worker.kill()
        worker.communicate(timeout=60)
    assert fill(tmp_path) == [0, 1, 2, 3]


def test_the_manifest_can_be_read_by_anyone(folder):
    found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert found == {
        "schema": "test/1", "people": 10, "chunk": 3, "run": {"seed": 1, "model": "a"}, "command": "again",
    }  # fmt: skip
