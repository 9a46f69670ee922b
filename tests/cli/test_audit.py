"""``lowdose audit``, as a person meets it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lowdose.audit import Overridden, Professional, record
from lowdose.cli.audit import command

BY = Professional("A. Brown", "pharmacist", "GPhC 0000000")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path))
    record("screen", outcome="block", patient="P-1", inputs={"age": 50}, fired=["DAT-001"])
    override = Overridden("CMP-001", "no other [filler]", BY)
    record("compound", outcome="critical", patient="P-2", inputs={"count": 90}, by=BY, overrides=[override])

    def run(*arguments, answer=None):
        done = CliRunner().invoke(command, list(arguments), input=answer)
        code = getattr(done.exception, "exit_code", done.exit_code) if done.exception else done.exit_code
        return code, done.output, str(done.exception or "")

    return run


def test_verify_says_whole_what_to_note_and_what_it_cannot_say(run):
    code, out, _ = run("verify")
    assert code == 0
    assert "The record is whole. 2 lines" in out
    assert "Note this elsewhere: 2:" in out
    assert "could make log and head anew" in " ".join(out.split())


def test_a_changed_line_ends_with_code_5_and_a_remedy(run, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"block", b"clear"))
    code, out, _ = run("verify")
    assert code == 5
    assert "NOT whole" in out
    assert "remedy:" in out
    code, out, _ = run("verify", "--json")
    found = json.loads(out)
    assert code == 5
    assert found["schema"] == "lowdose.audit.verify/1"
    assert found["whole"] is False
    assert found["problems"][0]["where"] == "line 1"


def test_a_head_noted_earlier(run):
    head = json.loads(run("verify", "--json")[1])["head"]
    assert run("verify", "--head", f"2:{head}")[0] == 0
    assert run("verify", "--head", f"1:{head}")[0] == 5
    assert run("verify", "--head", "nonsense")[0] == 3


def test_list_shows_who_what_and_why(run):
    code, out, _ = run("list")
    assert code == 0
    for words in ("P-1", "P-2", "DAT-001", "CMP-001: no other [filler]", "A. Brown, pharmacist", "block"):
        assert words in out
    assert "P-1" not in run("list", "--last", "1")[1]
    assert [one["patient"] for one in json.loads(run("list", "--id", "P-2", "--json")[1])["entries"]] == ["P-2"]
    assert run("list", "--id", "P-9")[0] == 4


def test_erase_asks_first_and_then_the_person_is_gone(run, tmp_path):
    assert run("erase", "P-1", answer="n\n")[0] == 1
    assert "P-1" in run("list")[1]
    code, out, _ = run("erase", "P-1", "--by", str(BY), "--yes", "--json")
    assert code == 0
    assert json.loads(out)["entry"]["who"] == str(BY)
    code, out, _ = run("verify")
    assert code == 0
    assert "1 kept, 1 erased" in out
    assert "P-1" not in run("list")[1]
    assert run("erase", "P-1", "--yes")[0] == 4


def test_export_to_a_file_and_to_the_terminal(run, tmp_path):
    file = tmp_path / "out.json"
    assert run("export", "--inputs", "-o", str(file))[0] == 0
    found = json.loads(file.read_text())
    assert found["schema"] == "lowdose.audit.export/1"
    assert found["entries"][0]["inputs"] == {"age": 50}
    assert "inputs" not in json.loads(run("export")[1])["entries"][0]


def test_mend_completes_a_torn_line_alone(run, tmp_path):
    assert "no torn line" in run("mend")[1]
    log = tmp_path / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-9])
    assert "lowdose audit mend" in run("verify")[1]
    assert json.loads(run("mend", "--json")[1])["completed"] is True
    assert run("verify")[0] == 0
