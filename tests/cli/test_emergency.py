"""``lowdose emergency``: what matters stands first, and it never waits for the log."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lowdose.audit import verify
from lowdose.cli.emergency import command

from .test_surgery import folder  # noqa: F401  a fixture

NOW = ["--now", "2027-01-12 10:00"]


@pytest.fixture
def run(folder):  # noqa: F811
    def run(*arguments, plan="plan"):
        done = CliRunner().invoke(command, [str(folder / f"{plan}.json"), *arguments])
        error = done.exception
        code = getattr(error, "exit_code", done.exit_code) if error else done.exit_code
        return code, " ".join(done.output.split()), str(error or "")

    return run


def test_the_order_of_the_page(run):
    code, out, _ = run("--last-dose", "2027-01-11 22:00", *NOW)
    assert code == 0
    assert out.startswith("NALTREXONE ON BOARD Last dose: Monday 11 January 2027, 22:00, 12 hours before")
    order = ("1 Ask for", "2 First: pain relief without opioids", "3 Only if an opioid", "4 Watch breathing", "! ")
    places = [out.index(words) for words in (*order, "Naloxone")]
    assert places == sorted(places)
    assert "recalled, not yet confirmed" in out
    assert "Rule set not yet clinically reviewed" in out


def test_what_is_read_in_ten_seconds_stands_first(run):
    """At six words a second: the last dose, and that opioids do not come first."""
    out = run("--last-dose", "2027-01-11 22:00", *NOW)[1]
    assert len(out[: out.index("3 Only if")].split()) <= 60
    assert len(out[: out.index("Naloxone •")].split()) <= 165


def test_an_unknown_last_dose(run):
    code, out, _ = run(*NOW)
    assert code == 0
    assert "Last dose: not known. By the plan it was 4.5 mg" in out


def test_json_and_the_record(run, folder):  # noqa: F811
    code, out, _ = run(*NOW, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.emergency/1"
    assert found["last_dose"] is None
    assert found["inputs"]["now"] == "2027-01-12T10:00:00"
    assert found["is_approved"] is True
    assert verify(folder / "audit").entries[0].what == "emergency"


def test_a_log_that_cannot_be_written_holds_nobody_up(run, folder, monkeypatch):  # noqa: F811
    monkeypatch.setenv("LOWDOSE_AUDIT", str(folder / "plan.json"))
    code, out, _ = run(*NOW)
    assert code == 0
    assert "1 Ask for" in out
    assert "this was not recorded" in out


def test_the_page_as_a_document_also_from_a_draft(run, folder):  # noqa: F811
    for plan in ("plan", "draft"):
        path = folder / f"{plan}-emergency.pdf"
        assert run(*NOW, "-o", str(path), plan=plan)[0] == 0
        assert path.read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("more", "code"), [(["--last-dose", "2027-01-12 11:00"], 3), (["--last-dose", "yesterday"], 2)]
)
def test_what_is_not_understood(run, more, code):
    assert run(*NOW, *more)[0] == code
