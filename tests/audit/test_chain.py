"""Whatever is done to the log, verify finds it; what it cannot find, it says."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lowdose.audit import CANNOT_SAY, Overridden, Professional, mend, record, verify
from lowdose.audit.canonical import canonical
from lowdose.audit.entry import START, read
from lowdose.errors import InvalidInput

BY = Professional("A. Brown", "pharmacist", "GPhC 0000000")
LINES = 6


def fill(folder, lines=LINES):
    for number in range(1, lines + 1):
        record(
            "screen",
            outcome="block",
            patient=f"P-{number % 2}",
            inputs={"number": number, "dose": Decimal("1.50"), "on": datetime(2026, 12, 1, tzinfo=UTC).date()},
            by=BY,
            fired=["DAT-001"],
            overrides=[Overridden("CMP-001", "no other filler", BY)],
            versions={"rules": "1"},
            folder=folder,
        )


@pytest.fixture
def folder(tmp_path):
    fill(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    fill(folder)
    return folder, (folder / "log.jsonl").read_bytes()


def test_an_untouched_record_is_whole_and_says_who_what_when(folder):
    found = verify(folder)
    assert found.whole
    assert (found.kept, found.erased, len(found.entries)) == (LINES, 0, LINES)
    first = found.entries[0]
    assert first.who == str(BY)
    assert first.at.endswith("Z")
    assert first.previous == START
    assert first.versions["rules"] == "1"
    assert first.versions["lowdose"]
    assert first.overrides[0] == {"rule": "CMP-001", "reason": "no other filler", "by": str(BY)}
    assert "P-1" not in (folder / "log.jsonl").read_text()


def test_an_empty_folder_is_whole_and_a_missing_one_too(tmp_path):
    assert verify(tmp_path).whole
    assert verify(tmp_path / "none").whole


def changed_byte(log, at, to):
    return log[:at] + bytes([to]) + log[at + 1 :]


@given(st.data())
def test_every_changed_byte_is_found(whole, data):
    folder, log = whole
    at = data.draw(st.integers(0, len(log) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda byte: byte != log[at]))
    assert not seen(folder, changed_byte(log, at, to), log).whole


@given(st.data())
def test_every_removed_reordered_or_inserted_line_is_found(whole, data):
    folder, log = whole
    lines = log.splitlines(keepends=True)
    what = data.draw(st.sampled_from(["remove", "swap", "double", "insert"]))
    at, to = data.draw(st.integers(0, LINES - 1)), data.draw(st.integers(0, LINES - 1))
    if what == "remove":
        del lines[at]
    elif what == "swap":
        assume(at != to)
        lines[at], lines[to] = lines[to], lines[at]
    elif what == "double":
        lines.insert(to, lines[at])
    else:
        forged = replace(read(lines[at].rstrip())[0], outcome="warning")  # with a hash that fits its content
        lines.insert(to, forged.line)
    found = seen(folder, b"".join(lines), log)
    assert not found.whole
    assert all(problem.remedy for problem in found.problems)


@given(st.data())
def test_every_cut_at_the_end_is_found(whole, data):
    folder, log = whole
    cut = data.draw(st.integers(0, len(log) - 1))
    assert not seen(folder, log[:cut], log).whole


@given(st.integers(0, LINES - 1), st.sampled_from(["outcome", "who", "at", "subject", "digest"]))
def test_a_line_that_was_forged_with_a_fitting_hash_is_found(whole, at, field):
    folder, log = whole
    lines = log.splitlines(keepends=True)
    lines[at] = replace(read(lines[at].rstrip())[0], **{field: "forged"}).line
    assert not seen(folder, b"".join(lines), log).whole


def seen(folder, forged, log):
    """What verify says of a forged log; the true one is put back."""
    try:
        (folder / "log.jsonl").write_bytes(forged)
        return verify(folder)
    finally:
        (folder / "log.jsonl").write_bytes(log)


def remade(log, at, **changes):
    """The chain made anew from line `at` on, as someone who may write could do."""
    found, previous = [], START
    for number, line in enumerate(log.splitlines(), 1):
        entry = replace(read(line)[0], previous=previous, **(changes if number == at else {}))
        previous = entry.hash
        found.append(entry)
    return found


def test_a_chain_made_anew_is_found_by_the_head_file_and_without_it_by_a_head_noted_elsewhere(folder):
    before = verify(folder)
    noted = f"{LINES}:{before.head}"
    forged = remade((folder / "log.jsonl").read_bytes(), 3, outcome="warning")
    (folder / "log.jsonl").write_bytes(b"".join(entry.line for entry in forged))
    assert not verify(folder).whole  # its own head file does not fit
    head = json.loads((folder / "head.json").read_bytes())
    size = (folder / "log.jsonl").stat().st_size
    head |= {"line": forged[-1].line.decode(), "size": size}
    (folder / "head.json").write_bytes(canonical(head).encode())
    assert verify(folder).whole  # what a chain of hashes cannot find ...
    assert any("made anew" in CANNOT or "anew" in CANNOT for CANNOT in CANNOT_SAY)  # ... and says so
    assert not verify(folder, head=noted).whole


def test_a_noted_head_still_holds_when_lines_were_added_after_it(folder):
    noted = f"{LINES}:{verify(folder).head[:16]}"
    fill(folder, 2)
    assert verify(folder, head=noted).whole
    assert not verify(folder, head=f"3:{'0' * 64}").whole
    assert not verify(folder, head=f"{LINES + 9}:{'0' * 64}").whole


@pytest.mark.parametrize("head", ["", "x", "3", "3:", "3:XYZ", "a:00"])
def test_a_head_in_another_form_is_refused(tmp_path, head):
    if not head:
        assert verify(tmp_path, head=head).whole
        return
    with pytest.raises(InvalidInput, match="no head"):
        verify(tmp_path, head=head)


def test_without_its_head_file_the_end_is_said_to_be_uncertain(folder):
    (folder / "head.json").unlink()
    found = verify(folder)
    assert "head of the log is missing" in found.problems[0].what
    with pytest.raises(InvalidInput, match="head of the log is missing"):
        fill(folder, 1)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema":"lowdose.audit.head/1","size":1,"line":"x"}'])
def test_a_damaged_head_is_a_problem_and_no_crash(folder, text):
    (folder / "head.json").write_text(text)
    assert not verify(folder).whole
    with pytest.raises(InvalidInput, match="head of the log cannot be read"):
        fill(folder, 1)


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_torn_last_line_is_reported_refuses_more_and_can_be_completed(folder, kept):
    log = folder / "log.jsonl"
    before = log.read_bytes()
    last = before.splitlines(keepends=True)[-1]
    log.write_bytes(before[: len(before) - len(last)] + last[:kept])
    found = verify(folder)
    assert len(found.problems) >= 1
    assert "lowdose audit mend" in " ".join(problem.remedy for problem in found.problems)
    with pytest.raises(InvalidInput, match="does not end as its head says") as refused:
        fill(folder, 1)
    assert "lowdose audit mend" in refused.value.remedy
    assert mend(folder)
    assert log.read_bytes() == before
    assert verify(folder).whole
    assert not mend(folder)


def test_a_crash_between_head_and_log_loses_nothing(folder, monkeypatch):
    from lowdose.audit import log as log_module

    def crash(descriptor):
        raise OSError("no space left")

    written = (folder / "log.jsonl").read_bytes()
    monkeypatch.setattr(log_module.os, "fsync", lambda descriptor: None)
    real = log_module.log_path
    monkeypatch.setattr(log_module, "log_path", lambda place: place / "no" / "such")
    with pytest.raises(InvalidInput, match="log cannot be written"):
        log_module.append(folder, replace(read(written.splitlines()[-1])[0], number=LINES + 1))
    monkeypatch.setattr(log_module, "log_path", real)
    assert mend(folder)
    assert len(verify(folder).entries) == LINES + 1


def test_mend_touches_nothing_else(folder):
    log = folder / "log.jsonl"
    forged = log.read_bytes().replace(b"block", b"clear", 1)
    log.write_bytes(forged)
    assert not mend(folder)
    assert log.read_bytes() == forged
    assert not mend(folder / "none")


def test_threads_and_processes_append_without_losing_a_line(tmp_path):
    program = (
        "import sys; from pathlib import Path; from lowdose.audit import record\n"
        "for number in range(8): record('screen', outcome='block', patient='P', inputs={'n': number}, "
        "folder=Path(sys.argv[1]))"
    )
    others = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: fill(tmp_path, 3), range(4)))
    assert [other.wait(60) for other in others] == [0, 0]
    found = verify(tmp_path)
    assert found.whole
    assert len(found.entries) == found.kept == 4 * 3 + 2 * 8
    assert len(list((tmp_path / "inputs").glob("*.jsonl"))) == 3  # P, P-0, P-1


def test_a_clock_that_was_set_back_is_a_note_and_no_problem(tmp_path):
    record("screen", outcome="block", folder=tmp_path, at=datetime(2026, 12, 2, tzinfo=UTC))
    record("screen", outcome="block", folder=tmp_path, at=datetime(2026, 12, 1, tzinfo=UTC))
    found = verify(tmp_path)
    assert found.whole
    assert "clock" in found.notes[0]


def test_times_are_kept_in_utc_and_never_without_a_zone(tmp_path):
    zone = timezone(timedelta(hours=2))
    assert record("x", outcome="y", folder=tmp_path, at=datetime(2026, 12, 1, 10, tzinfo=zone)).at.startswith(
        "2026-12-01T08:00"
    )
    with pytest.raises(InvalidInput, match="time zone"):
        record("x", outcome="y", folder=tmp_path, at=datetime(2026, 12, 1, 10))


@pytest.mark.parametrize("inputs", [{"x": float("nan")}, {"x": object()}, {"x": {1, 2}}])
def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path, inputs):
    with pytest.raises(InvalidInput, match="cannot be recorded"):
        record("screen", outcome="block", inputs=inputs, folder=tmp_path)
    assert not (tmp_path / "log.jsonl").exists()
    assert verify(tmp_path).whole


@pytest.mark.parametrize("reason", ["", "  \n ", "-", "n/a", "none", "Not applicable"])
def test_an_override_needs_its_reason(reason):
    with pytest.raises(InvalidInput, match="without a reason"):
        Overridden("CMP-001", reason, BY)


def test_a_line_break_in_a_text_makes_no_second_line(tmp_path):
    record("screen", outcome='block\n{"schema":"lowdose.audit/1"}', folder=tmp_path)
    assert (tmp_path / "log.jsonl").read_bytes().count(b"\n") == 1
    assert verify(tmp_path).whole


def test_the_folder_comes_from_the_environment_and_is_the_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "mine"))
    record("screen", outcome="block")
    assert verify().folder == tmp_path / "mine"
    assert len(verify().entries) == 1
    if sys.platform != "win32":
        assert (tmp_path / "mine").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="cannot be made") as refused:
        record("screen", outcome="block", folder=tmp_path / "file" / "audit")
    assert "LOWDOSE_AUDIT" in refused.value.remedy
