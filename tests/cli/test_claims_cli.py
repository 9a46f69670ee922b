"""``lowdose claims``: what a person sees, what a program reads, and with which code it leaves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from lowdose.claims import noted as room
from lowdose.claims.criteria import criteria
from lowdose.claims.noted import document, noted, parse
from lowdose.claims.register import register
from lowdose.claims.schema import Computed
from lowdose.cli import main

CONTRACTED = ["id", "hypothesis", "metric", "value", "unit", "criterion", "computed", "basis"]


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["claims", *arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


def in_one_line(text):
    return " ".join(text.split())


def test_the_command_is_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "claims" in capsys.readouterr().out


def test_list_shows_verdict_and_result_of_every_claim(run):
    code, out, err = run("list")
    assert (code, err) == (0, "")
    for claim in register():
        assert f" {claim} " in out
    for word in ("literature", "computed", "mis-stated", "cannot be computed", "175 claims"):
        assert word in out


def test_list_marks_what_is_recalled_and_says_what_the_mark_means(run):
    _, out, _ = run("list", "--subject", "history")
    assert "year in which the trial began: 1985 ‡" in in_one_line(out)
    assert "year it was first made: 1963" in in_one_line(out)
    assert "1963 ‡" not in out
    assert "‡ recalled" in out
    assert "‡" not in run("list", "--subject", "pk")[1]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (("--verdict", "mis-stated"), 19),
        (("--verdict", "contradicted"), 20),
        (("--article", "B"), 28),
        (("--subject", "legal"), 2),
        (("--article", "B", "--verdict", "supported"), 4),
    ],
)
def test_list_narrows(run, filters, count):
    code, out, _ = run("list", *filters)
    assert code == 0
    assert f"{count} claims" in out
    assert len(json.loads(run("list", *filters, "--json")[1])["claims"]) == count


def test_json_is_complete_and_has_the_contracted_names(run):
    code, out, _ = run("list", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.claims/1"
    assert [claim["id"] for claim in found["claims"]] == list(register())
    for claim in found["claims"]:
        assert list(claim)[:8] == CONTRACTED
        assert claim["verdict"] == register()[claim["id"]].verdict
        assert claim["basis"] in (None, "independent", "calibrated-to", "built-in")
        if claim["computed"] in ("holds", "fails", "depends on hypothesis"):
            assert claim["basis"] == "independent"


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("list", "--verdict", "misstated"), "mis-stated"),
        (("list", "--subject", "conditions"), "condition"),
        (("list", "--article", "Z"), "A, B"),
        (("show", "C999"), "C099"),
        (("test", "C0023"), "C023"),
    ],
)
def test_what_is_not_there_leaves_with_4_and_names_what_is_near(run, arguments, near):
    code, out, err = run(*arguments)
    assert (code, out) == (4, "")
    assert near in err


def test_show_tells_all_that_is_known_of_a_claim(run):
    code, out, _ = run("show", "c161")
    words = in_one_line(out)
    assert code == 0
    for part in (
        register()["C161"].claim,
        "article B",
        "it cites:",
        "The literature: supported",
        "Bolton 2019, bolton2019_safety",
        "Computed: fails",
        "32.4 %",
        "why this criterion:",
        "24 of 74 (found, S49)",
        "Why the two differ:",
        "What would change our mind:",
    ):
        assert part in words, part


def test_show_says_why_there_is_no_result(run):
    assert "nothing that follows from it" in in_one_line(run("show", "C025")[1])
    assert "no study in the register bears on it" in in_one_line(run("show", "C016")[1])


def test_show_tells_basis_rivals_and_what_turns_a_scenario(run):
    words = in_one_line(run("show", "C016")[1])
    for part in ("under effect-site; basis: independent", "equilibrium-both", "turned by", "left out:", "why this"):
        assert part in words, part
    words = in_one_line(run("show", "C010")[1])
    assert "no test: the model says otherwise by construction" in words
    found = json.loads(run("show", "C005", "--json")[1])
    assert found["basis"] == "independent"
    assert {one["hypothesis"] for one in found["rivals"]} >= {"effect-site", "equilibrium-both"}
    assert found["rule"]["flips"]


def test_show_marks_a_recalled_study_and_says_what_the_mark_means(run):
    _, out, _ = run("show", "C072")
    assert out.count("tm_case2016") == 1
    assert "‡ recalled: from memory" in in_one_line(out)
    assert "‡" not in run("show", "C073")[1]


def test_show_as_json_holds_rule_and_studies(run):
    found = json.loads(run("show", "C073", "--json")[1])
    assert list(found)[1:9] == CONTRACTED
    assert found["rule"]["hash"] == criteria()["C073"].hash
    assert found["bearing"][0]["id"] == "kariv2006_ibs"


def test_every_claim_can_be_shown_without_the_source_folder(run):
    for claim, found in register().items():
        code, out, _ = run("show", claim)
        assert code == 0, claim
        assert "this folder" not in out
        note = out.split("The literature:")[1].split("\n", 1)[1].split("\n\n")[0]
        assert not found.note or not re.search(r"\bS\d\d", note.split(" study ")[0]), claim


def test_show_gives_title_and_whole_address_of_the_sources(run):
    out = run("show", "C129")[1] + run("show", "C004")[1]
    assert "“LiverTox naltrexone” and “Younger 2014 review text: history, doses” give 1984" in in_one_line(out)
    assert "  S109  LiverTox naltrexone\n       https://livertox.nlm.nih.gov/Naltrexone.htm\n" in out
    found = json.loads(run("show", "C004", "--json")[1])
    assert {"S109", "S135"} <= {source["id"] for source in found["sources"]}
    assert "LiverTox" in found["note"]


def test_test_is_content_with_what_is_noted(run):
    code, out, _ = run("test")
    assert code == 0
    assert "all as noted" in out
    assert "of those that a model could address:" in out
    assert json.loads(run("test", "C075", "c076", "--json")[1])["problems"] == {}


@pytest.fixture
def other(monkeypatch, tmp_path):
    """A package in which C075 was once noted as holding; notes go to a file of the test."""
    claim = {"C075": Computed(id="C075", computed="holds")}
    hashes = {name: one.hash for name, one in criteria().items()}
    file = tmp_path / "computed.json"
    file.write_text(document(noted(), claim, hashes, "as it was", date(2026, 1, 1)), encoding="utf-8")

    def write(text):
        file.write_text(text, encoding="utf-8")
        return file

    monkeypatch.setattr(room, "noted", lambda: parse(file.read_text(encoding="utf-8")))
    monkeypatch.setattr(room, "write", write)
    return file


def test_a_changed_result_fails_until_it_is_noted(run, other):
    code, out, _ = run("test")
    assert code == 1
    assert "C075: the computed result was holds, now fails, and nobody noted it" in in_one_line(out)
    code, _, err = run("test", "C075", "--note", "the classes were read again")
    assert code == 0
    assert str(other) in err
    last = parse(other.read_text(encoding="utf-8")).notes[-1]
    assert (last.why, last.changed) == ("the classes were read again", ("C075",))
    assert run("test")[0] == 0


def test_a_note_without_words_is_refused(run, other):
    before = other.read_text(encoding="utf-8")
    code, _, err = run("test", "--note", " ")
    assert code == 3
    assert "needs words" in err
    assert other.read_text(encoding="utf-8") == before


def test_a_criterion_changed_in_silence_cannot_be_noted_away(run, other):
    content = other.read_text(encoding="utf-8").replace(criteria()["C075"].hash, "0" * 64)
    other.write_text(content, encoding="utf-8")
    code, out, _ = run("test", "C075", "--note", "nothing to see")
    assert code == 1
    assert "history has no entry" in in_one_line(out)
    assert other.read_text(encoding="utf-8") == content


ARTICLE = """Low-dose naltrexone

LDN blocks opioid receptors for about 9 hours. In 40 patients with drug-resistant ulcerative colitis, 30% responded
to LDN. LDN was bought by 77 people in our town.
"""


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_annotate_tells_claim_relation_verdict_and_result(run, article):
    code, out, err = run("annotate", str(article))
    words = in_one_line(out)
    assert (code, err) == (0, "")
    assert "number differs: 9 hours, not 3 h" in words
    assert "C081" in words
    assert "score 0." in words
    unregistered = words.split("not in the register")[1]
    assert "77 people" in unregistered
    assert "9 hours" not in unregistered


def test_annotate_as_json_carries_verdict_and_result_with_each_mark(run, article):
    found = json.loads(run("annotate", str(article), "--json")[1])
    marks = {mark["claim"]: mark for sentence in found["sentences"] for mark in sentence["marks"]}
    assert marks["C081"]["verdict"] == "mis-stated"
    assert marks["C081"]["computed"] == "fails"
    assert marks["C016"]["relation"] == "number differs"
    assert 0 < found["threshold"] < 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("50 µg".encode("latin-1"), "UTF-8"), (b"a" * 6_000_000, "too large"), (b"", "empty"), (b"%PDF-1.7", "PDF")],
)
def test_a_text_that_cannot_be_read_is_told(run, tmp_path, content, words):
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    code, out, err = run("annotate", str(path))
    assert (code, out) == (3, "")
    assert words in err
    assert "remedy" in err


def test_a_report_needs_a_folder(run, article, tmp_path):
    code, _, err = run("annotate", str(article), "--report", str(tmp_path / "none" / "article.html"))
    assert code == 3
    assert "no folder" in err


def test_list_is_light():
    """What makes a start slow is not imported; time itself is measured in benchmarks."""
    code = (
        "import sys\nfrom lowdose.cli import main\n"
        "try: main(['claims', 'list', '--verdict', 'partly'])\nexcept SystemExit: pass\n"
        "print('heavy:', sorted({'numpy', 'scipy', 'pandas', 'meta_analyze', 'spacy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "heavy: []" in found.stdout
