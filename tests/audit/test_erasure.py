"""Inputs lie beside the log and can be erased: then nobody can find out what they were, and the log stays whole."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.audit import Professional, entries, erase, exported, record, verify
from lowdose.errors import InvalidInput, NotFound

BY = Professional("A. Brown", "pharmacist", "GPhC 0000000")


@pytest.fixture
def folder(tmp_path):
    for patient in ("P-1", "P-2", "P-1"):
        record("screen", outcome="block", patient=patient, inputs={"patient": patient, "age": 50}, folder=tmp_path)
    return tmp_path


def kept_files(folder):
    return sorted((folder / "inputs").glob("*.jsonl"))


def test_the_same_person_has_one_file_and_the_log_no_id(folder):
    assert len(kept_files(folder)) == 2
    found = entries(folder, name="P-1")
    assert [patient for _, patient in found] == ["P-1", "P-1"]
    assert len({entry.subject for entry, _ in found}) == 1
    assert len({entry.digest for entry, _ in found}) == 2  # equal inputs, different keys: nothing can be compared
    assert "P-1" not in (folder / "log.jsonl").read_text() + (folder / "head.json").read_text()


def test_erasing_leaves_the_log_whole_and_nothing_of_the_inputs(folder):
    before = (folder / "log.jsonl").read_bytes()
    entry = erase("P-1", by=BY, folder=folder)
    assert (folder / "log.jsonl").read_bytes().startswith(before)
    found = verify(folder)
    assert found.whole
    assert (found.kept, found.erased) == (1, 2)
    assert (entry.what, entry.outcome, entry.who, entry.digest) == ("erase", "erased", str(BY), "")
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"P-1" not in everything
    digests = [one.digest for one, _ in entries(folder) if one.subject == entry.subject and one.digest]
    assert len(digests) == 2
    assert all(everything.count(digest.encode()) == 1 for digest in digests)  # in the log alone: no key is left


def test_keys_are_random_and_as_long_as_the_digest(folder):
    keys = {json.loads(line)["key"] for path in kept_files(folder) for line in path.read_text().splitlines()[1:]}
    assert len(keys) == 3
    assert all(len(bytes.fromhex(key)) == 32 for key in keys)


def test_after_erasing_the_same_id_begins_anew_and_is_linked_to_nothing(folder):
    gone = erase("P-1", folder=folder).subject
    again = record("screen", outcome="block", patient="P-1", inputs={}, folder=folder)
    assert again.subject != gone
    assert [entry.number for entry, _ in entries(folder, name="P-1")] == [again.number]
    assert verify(folder).whole


def test_erasing_by_pseudonym_and_without_a_patient(tmp_path):
    entry = record("screen", outcome="block", inputs={"taking": "tramadol"}, folder=tmp_path)
    erase(entry.subject, folder=tmp_path)
    assert verify(tmp_path).whole
    assert not kept_files(tmp_path)


@pytest.mark.parametrize("name", ["P-3", "", "../log", "*", "s-", "inputs/x"])
def test_what_is_not_kept_cannot_be_erased(folder, name):
    before = sorted((path.name, path.read_bytes()) for path in folder.rglob("*.json*"))
    with pytest.raises(NotFound, match="nothing is kept"):
        erase(name, folder=folder)
    assert sorted((path.name, path.read_bytes()) for path in folder.rglob("*.json*")) == before


def test_inputs_that_vanished_without_being_erased_are_a_problem(folder):
    kept_files(folder)[0].unlink()
    assert "were not erased" in verify(folder).problems[0].what


@pytest.mark.parametrize(
    ("old", "new"), [('"age":50', '"age":51'), ('"patient":"P-', '"patient":"Q-'), ('"key":"', '"key":"00')]
)
def test_inputs_that_were_changed_or_given_to_another_person_are_a_problem(folder, old, new):
    path = kept_files(folder)[0]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert not verify(folder).whole


def test_inputs_moved_to_another_persons_file_are_a_problem(folder):
    one, other = kept_files(folder)
    first, second = one.read_text().splitlines(), other.read_text().splitlines()
    one.write_text("\n".join([first[0], *second[1:]]) + "\n")
    other.write_text("\n".join([second[0], *first[1:]]) + "\n")
    assert not verify(folder).whole


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    | st.dates() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=40)
@given(st.dictionaries(st.text(max_size=9), JSON_LIKE, max_size=3))
def test_whatever_was_asked_with_gives_its_digest_again(inputs):
    with TemporaryDirectory() as place:
        record("screen", outcome="block", patient="P", inputs=inputs, folder=Path(place))
        assert verify(Path(place)).kept == 1


def test_damaged_inputs_are_named_and_the_rest_is_still_checked(folder):
    path = kept_files(folder)[0]
    path.write_text("{")
    found = verify(folder)
    assert any("cannot be read" in problem.what and str(path) == problem.where for problem in found.problems)
    assert len(found.entries) == 3
    assert len(entries(folder)) == 3


def test_what_was_to_be_erased_and_is_still_there_is_a_problem(folder):
    path = next(path for path in kept_files(folder) if "P-2" in path.read_text())
    content = path.read_bytes()
    subject = erase("P-2", folder=folder).subject
    path.write_bytes(content)
    found = verify(folder)
    assert "still there" in found.problems[0].what
    assert found.problems[0].remedy == f"'lowdose audit erase {subject}'"
    erase(subject, folder=folder)
    assert verify(folder).whole


def test_inputs_without_a_line_are_a_note(folder, monkeypatch):
    from lowdose.audit import log

    def crash(*_):
        raise InvalidInput("crash")

    monkeypatch.setattr(log, "append", crash)
    with pytest.raises(InvalidInput, match="crash"):
        record("screen", outcome="block", patient="P-9", inputs={"x": 1}, folder=folder)
    found = verify(folder)
    assert found.whole
    assert "1 kept inputs have no line" in found.notes[0]


def test_export_of_one_person_holds_inputs_only_when_asked_and_never_a_key(folder):
    plain, full = (exported(folder, name="P-1", with_inputs=asked) for asked in (False, True))
    assert len(plain["entries"]) == len(full["entries"]) == 2
    assert "inputs" not in plain["entries"][0]
    assert full["entries"][0]["inputs"] == {"patient": "P-1", "age": 50}
    assert '"key"' not in json.dumps(full)
    with pytest.raises(NotFound, match="P-3"):
        exported(folder, name="P-3")
