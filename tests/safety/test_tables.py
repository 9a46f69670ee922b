"""The data files, kept after they were parsed: the same content, never an old or a damaged one."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest

from lowdose import cache
from lowdose.blocks import data
from lowdose.safety import rule_set, tables
from lowdose.safety.rules import rule_set as rules

ROOM = files("lowdose.safety")
NAMES = sorted(str(path.relative_to(str(ROOM))) for path in Path(str(ROOM)).rglob("*.yaml"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_what_the_file_says(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = data((ROOM / name).read_text(encoding="utf-8"))
    assert tables.table(name) == said
    monkeypatch.setattr(tables, "data", None)  # the second time nothing is parsed
    assert tables.table(name) == said
    assert len(list(place.iterdir())) == 1


def test_a_changed_text_is_never_answered_from_the_old_one(place: Path) -> None:
    assert tables.parsed("days: 7") == {"days": 7}
    assert tables.parsed("days: 10") == {"days": 10}
    assert tables.parsed("days: 7") == {"days": 7}


@pytest.mark.parametrize("damage", ["", "{}", 'x\n{"days": 1}', '{"days": 1}\n{"days": 1}'])
def test_a_damaged_copy_is_not_read(place: Path, damage: str) -> None:
    tables.parsed("days: 7")
    (kept,) = place.iterdir()
    kept.write_text(damage, encoding="utf-8")
    assert tables.parsed("days: 7") == {"days": 7}


def test_a_copy_cut_short_is_not_read(place: Path) -> None:
    tables.parsed("a: [1, 2, 3]")
    (kept,) = place.iterdir()
    kept.write_text(kept.read_text(encoding="utf-8")[:-2] + "4]", encoding="utf-8")
    assert tables.parsed("a: [1, 2, 3]") == {"a": [1, 2, 3]}


@pytest.mark.parametrize("text", ["on: 2026-12-01", "{1: a}"])
def test_what_json_cannot_hold_is_parsed_each_time(place: Path, text: str) -> None:
    assert tables.parsed(text) == tables.parsed(text) == data(text)
    assert not list(place.iterdir())


def test_without_a_cache_all_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    assert tables.parsed("days: 7") == {"days": 7}


def test_nobody_can_change_what_another_reads(place: Path) -> None:
    tables.parsed("days: [7]")["days"].append(8)
    assert tables.parsed("days: [7]") == {"days": [7]}


@pytest.fixture
def copied(place: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data files in a folder where they can be changed."""
    room = tmp_path_factory.mktemp("room") / "safety"
    copytree(str(ROOM), room)
    monkeypatch.setattr(tables, "files", lambda package: room)
    return room


def digest() -> str:
    return rules.build(tables.table(f"rules/data/{name}.yaml") for name in rules._head().files).digest


def test_the_digest_is_that_of_the_files(copied: Path) -> None:
    assert digest() == digest() == rule_set().digest
    assert len(digest()) == 64


@pytest.mark.parametrize("name", NAMES)
def test_any_changed_file_changes_the_digest(name: str, copied: Path) -> None:
    with (copied / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert digest() != rule_set().digest


def test_a_threshold_moved_by_one_day_changes_rule_and_digest(copied: Path) -> None:
    path = copied / "rules" / "data" / "opioids.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("min_days: {value: 7,", "min_days: {value: 8,"), encoding="utf-8")
    changed = rules.build(tables.table(f"rules/data/{name}.yaml") for name in rules._head().files)
    assert changed["OPI-002"].params["min_days"].value == rule_set()["OPI-002"].params["min_days"].value + 1
    assert changed.digest != rule_set().digest
