"""What one more decision of a person costs, and what a crash in the midst of it leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lowdose.audit import entries, erase, inputs, log, record, verify
from lowdose.errors import InvalidInput, NotFound


def decide(folder: Path, patient: str | None = "P-1", **given: object) -> str:
    return record("screen", outcome="block", patient=patient, inputs=given, folder=folder).subject


def file_of(folder: Path, subject: str) -> Path:
    return inputs.path_of(folder, subject)


def test_a_further_decision_is_written_behind_the_others_and_opens_no_other_file(tmp_path, monkeypatch):
    subject = decide(tmp_path, age=50)
    decide(tmp_path, "P-2", age=60)
    path = file_of(tmp_path, subject)
    before, node = path.read_bytes(), path.stat().st_ino

    def unread(*_: object) -> None:
        raise AssertionError("what is kept is read again")

    monkeypatch.setattr(inputs, "read_kept", unread)
    monkeypatch.setattr(inputs, "everyone", unread)
    assert decide(tmp_path, age=51) == subject
    assert path.stat().st_ino == node
    assert path.read_bytes().startswith(before)
    monkeypatch.undo()
    assert verify(tmp_path).kept == 3


def test_a_list_of_decisions_reads_no_inputs(tmp_path, monkeypatch):
    decide(tmp_path, age=50)
    decide(tmp_path, None, age=60)
    monkeypatch.setattr(inputs, "read_kept", lambda path: 1 / 0)
    assert [patient for _, patient in entries(tmp_path)] == ["P-1", None]


@pytest.mark.parametrize("left", [1, 30, -1])
def test_a_torn_line_is_of_no_decision_and_goes_with_the_next(tmp_path, left):
    subject = decide(tmp_path, age=50)
    path = file_of(tmp_path, subject)
    whole = path.read_bytes()
    row = whole.splitlines(keepends=True)[1]
    path.write_bytes(whole + row[:left])
    found = verify(tmp_path)
    assert found.whole
    assert found.notes == ("1 kept inputs are torn: of decisions that a crash kept from being recorded",)
    decide(tmp_path, age=51)
    found = verify(tmp_path)
    assert (found.whole, found.kept, found.notes) == (True, 2, ())
    assert path.read_bytes().startswith(whole)


def test_a_full_disk_leaves_what_was_there_and_records_nothing(tmp_path, monkeypatch):
    subject = decide(tmp_path, age=50)
    synced = os.fsync

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log.os, "fsync", full)
    with pytest.raises(InvalidInput, match="No space left"):
        decide(tmp_path, age=51)
    monkeypatch.setattr(log.os, "fsync", synced)
    assert len(entries(tmp_path)) == 1
    assert verify(tmp_path).whole
    assert decide(tmp_path, age=52) == subject


def test_a_crash_between_the_name_and_its_file_makes_no_second_file(tmp_path, monkeypatch):
    kept = inputs.keep
    monkeypatch.setattr(inputs, "keep", lambda path, text: kept(path, text) if path.parent.name == "names" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decide(tmp_path, age=50)
    monkeypatch.undo()
    assert decide(tmp_path, age=50) == decide(tmp_path, age=51)
    assert verify(tmp_path).whole


def test_erasing_takes_the_name_too_and_a_crash_before_the_file_is_seen_and_finished(tmp_path, monkeypatch):
    subject = decide(tmp_path, age=50)
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **_: unlink(path) if path.parent.name == "names" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase("P-1", folder=tmp_path)
    monkeypatch.undo()
    assert not list((tmp_path / "inputs" / "names").iterdir())
    assert "still there" in verify(tmp_path).problems[0].what
    again = decide(tmp_path, age=51)
    assert again != subject
    erase("P-1", folder=tmp_path)  # both files of the person
    found = verify(tmp_path)
    assert (found.whole, found.kept, found.erased) == (True, 0, 2)
    with pytest.raises(NotFound):
        erase("P-1", folder=tmp_path)


@pytest.mark.parametrize("written", [b"", b"s-", b"../../log", "µ".encode(), b"s-0011223344556677 "])
def test_a_damaged_name_leads_nowhere(tmp_path, written):
    decide(tmp_path, age=50)
    name = next((tmp_path / "inputs" / "names").iterdir())
    name.write_bytes(written)
    with pytest.raises(InvalidInput, match="cannot be read") as error:
        decide(tmp_path, age=51)
    assert error.value.where == str(name)
    assert len(entries(tmp_path)) == 1


def test_nothing_is_put_into_the_file_of_another(tmp_path):
    decide(tmp_path, age=50)
    name = next((tmp_path / "inputs" / "names").iterdir())
    other = decide(tmp_path, "P-2", age=60)
    name.write_text(other)
    with pytest.raises(InvalidInput, match="cannot be read"):
        decide(tmp_path, age=51)
    assert verify(tmp_path).kept == 2


def test_answers_without_an_id_share_nothing(tmp_path):
    assert decide(tmp_path, None, age=50) != decide(tmp_path, None, age=50)
    assert not (tmp_path / "inputs" / "names").exists()


def test_names_are_for_their_owner_alone(tmp_path):
    decide(tmp_path, age=50)
    assert (tmp_path / "inputs" / "names").stat().st_mode & 0o077 == 0
