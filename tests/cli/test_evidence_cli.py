"""``lowdose evidence``, as a person meets it: output, marks, JSON, files, exit codes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys

import pytest

from lowdose.cli import main
from lowdose.evidence.records.registry import registry

LEGEND = "‡ recalled: from memory, not read in the source"


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["evidence", *arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


JUDGE = ["judge", "fibromyalgia.pain", "risk-of-bias", "-1", "--reason", "one of the trials is small",
         "--by", "A. Reader", "--judgements", "mine.yaml"]  # fmt: skip


def flat(text):
    return " ".join(text.split())


def test_the_group_is_listed_and_lists_its_commands(run, capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "evidence" in capsys.readouterr().out
    code, out, _ = run("--help")
    assert code == 0
    for name in (
        "list",
        "show",
        "search",
        "condition",
        "harms",
        "combination",
        "pool",
        "grade",
        "judge",
        "check",
        "export",
    ):
        assert re.search(rf"^  {name} ", out, re.MULTILINE)


def test_list_has_every_study_and_the_legend(run):
    code, out, err = run("list")
    assert code == 0
    assert err == ""
    assert all(name in out for name in registry().studies)
    assert "89 studies, 17 reviews, 5 trials" in out
    assert LEGEND in out
    assert "bested2023_fm‡" in out
    assert "bruun2024_FINAL‡" not in out


def test_list_as_json_is_complete(run):
    found = json.loads(run("list", "--json")[1])
    assert found["schema"] == "lowdose.evidence/1"
    assert len(found["studies"]) == 89


def test_list_and_search_as_csv(run):
    rows = list(csv.DictReader(io.StringIO(run("list", "--csv")[1])))
    assert {row["id"] for row in rows} == set(registry().studies)
    (row,) = csv.DictReader(io.StringIO(run("search", "INNOVA", "--csv")[1]))
    assert (row["id"], row["people"], row["dose_low"]) == ("rodriguez_freire2026_INNOVA", "98", "4.5")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["show", "FINAL"], {"bruun2024_FINAL"}),
        (["combination", "varenicline"], {"ray2014_smoking", "ray2021_smoking", "roberts2018_smoking"}),
        (["combination", "cisplatin"], set()),
        (["condition", "vulvodynia"], {"vulvodynia_series2024"}),
    ],
)
def test_studies_of_a_page_as_csv_and_json(run, arguments, ids):
    assert {row["id"] for row in csv.DictReader(io.StringIO(run(*arguments, "--csv")[1]))} == ids
    assert {study["id"] for study in json.loads(run(*arguments, "--json")[1])["studies"]} == ids


@pytest.mark.parametrize("dose", ["4.5", "4,5", "4.5mg", "4.5 mg"])
def test_search_with_filters(run, dose):
    found = json.loads(run("search", "fibro", "--design", "rct", "--dose", dose, "--json")[1])
    assert {study["id"] for study in found["studies"]} == {
        "rodriguez_freire2026_INNOVA",
        "younger2013_fm",
        "bested2023_fm",
        "paula2023_tdcs",
    }
    assert found["asked"]["dose"] == 4.5


def test_search_says_what_it_does_not_know_and_what_was_not_found(run):
    code, out, err = run("search", "fibromyalgia", "qqqqq")
    assert code == 0
    assert "'qqqqq' is in no study" in err
    assert "bruun2024_FINAL" in out
    code, out, _ = run("search", "qqqqq")
    assert code == 0
    assert "no study found, searched on 2026-11-21" in out


def test_show_has_outcomes_harms_bias_and_sources(run):
    code, out, _ = run("show", "FINAL")
    assert code == 0
    text = flat(out)
    for words in (
        "NCT04270877",
        "−0.34 (−0.95 to 0.27)",
        "no difference",
        "41 of 49",
        "Risk of bias (RoB 2): low",
        "S01",
    ):
        assert words in text
    assert ("‡" in out.replace(LEGEND, "")) == (LEGEND in out)


def test_every_study_can_be_shown_and_no_recalled_part_goes_unmarked(run):
    for study in registry().studies.values():
        code, out, _ = run("show", study.id)
        assert code == 0
        for one in (*study.outcomes, *study.adverse_events):
            if one.prov.tag == "recalled":
                assert "‡" in out, study.id
                assert LEGEND in out, study.id


def test_a_remembered_study_is_marked_throughout(run):
    out = run("show", "bested2023_fm")[1]
    for words in ("Bested 2023‡", "crossover RCT‡", "58‡", "oral capsule‡", "FIQR (primary)‡"):
        assert words in out
    assert "all of it is recalled" in out


def test_condition_answers_first_then_findings_trials_reviews_studies(run):
    code, out, _ = run("condition", "FM")
    assert code == 0
    order = [
        "Not shown to help.",
        "Does it help?",
        "Summary of findings",
        "Trials behind it",
        "What published reviews found",
        "Studies (12)",
    ]
    places = [out.index(words) for words in order]
    assert places == sorted(places)
    text = flat(out)
    assert "without it −0.36" in text
    assert "Bested 2023‡ has no number here" in text
    for review in ("Vatvani 2024", "annmedsurg2025_ma", "Ologunowa 2025", "women_fm_ma2024", "Hegde 2025"):
        assert review in text
    assert LEGEND in out


def test_every_condition_has_a_page(run):
    for name in registry().conditions:
        code, out, err = run("condition", name)
        assert (code, err) == (0, ""), name
        assert "Provisional" in out


def test_each_finding_is_named_once_beside_its_trials(run):
    text = run("condition", "crohn")[1]
    table = text[text.index("Trials behind it") : text.index("What published reviews found")]
    lines = [line for line in table.splitlines() if "Smith 2011" in line and "no number" in line]
    assert lines
    assert lines[0].strip().startswith("Endoscopic remission")


def test_condition_as_json(run):
    found = json.loads(run("condition", "crohn", "--json")[1])
    assert found["findings"][0]["question"].startswith("crohn.")
    assert found["pools"]
    assert {"smith2011_crohn", "lie2018_ibd"} <= {study["id"] for study in found["studies"]}


def test_grade_shows_every_step(run):
    code, out, _ = run("grade", "fibro")
    assert code == 0
    for words in ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias", "very low"):
        assert words in out
    assert json.loads(run("grade", "fibro", "--json")[1])["findings"][0]["grade"]["steps"]
    assert "no trial has compared two arms" in run("grade", "psoriasis")[1]


def test_a_reader_decides_and_what_was_said_before_stays_visible(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*JUDGE)
    today = dt.date.today().isoformat()
    assert (code, out) == (0, f"fibromyalgia.pain, risk of bias: −1 (A. Reader, {today})\n")
    assert "Next: lowdose evidence grade fibromyalgia --judgements mine.yaml" in err
    assert run(*JUDGE[:3], "0", "--reason", "the protocol was seen", "--by", "B. Reader", *JUDGE[8:])[0] == 0
    out = run("grade", "fm", "--judgements", "mine.yaml")[1]
    latest, earlier, rule = out.splitlines()[out.splitlines().index("starts high") + 1 :][:3]
    assert latest == f" 0 risk of bias: the protocol was seen (B. Reader, {today})"
    assert earlier.strip() == f"before: −1 one of the trials is small (A. Reader, {today})"
    assert rule.strip() == "before: −1 67 % of the weight has some concerns or more (rule)"
    step = json.loads(run("grade", "fm", "--judgements", "mine.yaml", "--json")[1])["findings"][0]["grade"]["steps"][0]
    assert [one["by"] for one in step["before"]] == ["rule", "A. Reader"]


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_pictures_of_a_condition_as_files(run, tmp_path, kind, start):
    folder = tmp_path / "new"
    code, _, err = run("condition", "hiv", "--pictures", str(folder), *(["--kind", kind] if kind != "svg" else []))
    assert code == 0
    files = sorted(folder.iterdir())
    assert files
    assert all(file.suffix == f".{kind}" and file.read_bytes().startswith(start) for file in files)
    assert all(f"written: {file}" in err for file in files)


def test_harms_have_counts_intervals_reviews_cases_and_the_stop_rule(run):
    text = flat(run("harms")[1])
    for words in (
        "41/49 84 % (71–91)",
        "43/50 86 % (74–93)",
        "Younger 2013‡",
        "RR 0.84 (0.66 to 1.06)",
        "severe precipitated withdrawal",
        "given oxycodone, LDN low dose",
        "Stop: naltrexone is not combined",
    ):
        assert words in text
    assert "oxycodone 5 mg" not in text


def test_harms_of_one_event_as_json_and_csv(run):
    found = json.loads(run("harms", "--event", "dreams", "--json")[1])
    assert {row["study"] for row in found["harms"]} == {"younger2013_fm", "younger2009_fm", "cree2010_ms"}
    assert [one["review"] for one in found["published"]] == ["annmedsurg2025_ma"]
    rows = list(csv.DictReader(io.StringIO(run("harms", "--event", "any", "--csv")[1])))
    assert rows[0]["events"] == "41"
    without = json.loads(run("harms", "--event", "dreams", "--only", "found", "--json")[1])
    assert "younger2013_fm" not in {row["study"] for row in without["harms"]}


def test_combination_pages(run):
    text = flat(run("combination", "LDN+ALA")[1])
    assert "Alpha-lipoic acid" in text
    assert "schwartz2014_cancer" in text
    assert "C088" in text
    text = flat(run("combination", "cisplatin")[1])
    assert "no study found, searched on 2026-11-21" in text
    assert "animal‡" in text
    assert LEGEND in text
    text = flat(run("combination", "oxycodone")[1])
    assert text.index("Stop:") < text.index("What holds")
    code, out, _ = run("combination")
    assert code == 0
    assert "acupuncture" in out
    assert len(json.loads(run("combination", "--json")[1])["combinations"]) >= 10
    assert json.loads(run("combination", "CBD", "--json")[1])["combination"]["id"] == "cannabinoids"


def test_no_combination_page_shows_a_dose_of_an_opioid(run):
    for name in ("morphine", "buprenorphine", "clonidine"):
        out = run("combination", name)[1]
        assert not re.search(r"\d\s*(mg|µg|mcg)\b", out.replace("mg a day", ""))


def test_pool_with_every_choice(run):
    code, out, _ = run(
        *"pool --condition fibromyalgia --outcome pain --measure SMD --tau2 REML --ci hksj".split(),
        *"--leave-one-out --cumulative --subgroup risk_of_bias".split(),
    )
    assert code == 0
    text = flat(out)
    for words in (
        "SMD −0.18",
        "REML, Hartung-Knapp, 95 % interval",
        "t(k−2)",
        "Without each trial in turn",
        "As the trials came in",
        "By group",
        "Younger 2009 is left out",
        "Bested 2023‡ has no number here",
    ):
        assert words in text
    assert LEGEND in out


def test_pool_without_recalled_values_says_what_changed(run):
    text = flat(run(*"pool --condition fm --outcome pain --only found".split())[1])
    assert "with recalled values: SMD −0.18 (−1.02 to 0.67)‡, 3 trials" in text
    assert "without them: SMD −0.02" in text
    assert "2 trials: the pool is fragile" in text or "two trials: the pool is fragile" in text
    text = flat(run(*"pool --condition any --outcome headache --only found".split())[1])
    assert "without them: nothing is left" in text
    text = flat(run(*"pool --condition ms --outcome mental-quality-of-life --only found".split())[1])
    assert "nothing of it is recalled" in text


def test_pool_as_json(run):
    found = json.loads(run(*"pool --condition fm --outcome pain --json --leave-one-out".split())[1])
    assert found["schema"] == "lowdose.evidence/1"
    assert found["pool"]["k"] == 3
    assert len(found["leave_one_out"]) == 3


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_pool_as_a_picture(run, tmp_path, kind, start):
    file = tmp_path / f"forest.{kind}"
    code, _, err = run("pool", "--condition", "fm", "--outcome", "pain", f"--{kind}", str(file))
    assert code == 0
    assert "written" in err
    assert file.read_bytes().startswith(start)


def test_pool_of_a_table(run, tmp_path):
    file = tmp_path / "arms.csv"
    file.write_text("study,e1,n1,e2,n2\nSmith 2011,15,18,6,16\nOther,9,28,3,28\n")
    picture = tmp_path / "f.svg"
    code, out, _ = run("pool", "--table", str(file), "--measure", "RR", "--svg", str(picture))
    assert code == 0
    assert "RR 2.22 (1.14 to 4.32)" in flat(out)
    assert "LDN" not in picture.read_text(encoding="utf-8")


def test_pool_of_a_table_in_hard_cases(run, tmp_path):
    """Another level, nobody with the event, and an interval that no number can hold."""
    file = tmp_path / "arms.csv"
    file.write_text("study,e1,n1,e2,n2,group\nA,0,20,0,20,x\nB,0,20,3,20,y\nC,5,20,0,20,y\n")
    code, out, _ = run("pool", "--table", str(file), "--level", "0.999", "--subgroup", "group", "--leave-one-out")
    assert code == 0
    assert "effect (99.9 %)" in out
    assert "pool (99.9 %)" in out
    assert "95 %" not in out
    assert "to ∞)" in out
    assert "A cannot be used: nobody in either arm had the event" in flat(out)
    assert "one group only: nothing to compare" in out
    assert "Provisional" not in out
    page = json.loads(run("pool", "--table", str(file), "--level", "0.999", "--json")[1], parse_constant=pytest.fail)
    assert page["pool"]["shown"]["high"] is None


def test_check_of_the_package_and_of_a_folder(run, tmp_path):
    code, out, _ = run("check")
    assert code == 0
    assert "89 studies checked, 0 errors" in out
    studies = tmp_path / "studies"
    studies.mkdir()
    (studies / "mine.yaml").write_text("schema: lowdose.studies/1\nstudies: []\n")
    assert run("check", str(tmp_path))[0] == 0
    study = registry().studies["bruun2024_FINAL"].model_dump(mode="json", exclude_defaults=True)
    study["outcomes"][0]["prov"] = {"tag": "found", "src": ["S999"]}
    (studies / "mine.yaml").write_text(json.dumps({"schema": "lowdose.studies/1", "studies": [study]}))
    code, out, _ = run("check", str(tmp_path))
    assert code == 3
    assert "S999" in out
    assert "where: studies/mine.yaml, bruun2024_FINAL, outcomes.0.prov" in out
    code, out, _ = run("check", str(tmp_path), "--json")
    assert code == 3
    assert json.loads(out)["issues"][0]["file"] == "studies/mine.yaml"
    assert json.loads(out)["errors"] >= 1


def test_export_writes_what_was_asked_for(run, tmp_path):
    code, out, _ = run("export", str(tmp_path / "a b"), "--format", "csv", "--format", "bibtex")
    assert code == 0
    assert (tmp_path / "a b" / "studies.csv").is_file()
    assert not (tmp_path / "a b" / "studies.parquet").exists()
    assert "references.bib" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "youngr2013_fm"], 4, "did you mean younger2013_fm"),
        (["show", "younger"], 4, "younger2009_fm"),
        (["condition", "fibromialgia"], 4, "did you mean fibromyalgia"),
        (["search", "pain", "--condition", "crohm"], 4, "did you mean crohn"),
        (["search", "pain", "--design", "rtc"], 4, "rct"),
        (["search", "pain", "--dose", "lots"], 4, "no dose class"),
        (["search", "pain", "--group", "pian"], 4, "did you mean pain"),
        (["harms", "--event", "nausia"], 4, "did you mean nausea"),
        (["combination", "varenicine"], 4, "did you mean varenicline"),
        (["combination", "--csv"], 2, "NAME"),
        (["grade", "qqqqq"], 4, "no condition"),
        (["grade", "fm", "--judgements", "missing.yaml"], 3, "cannot be read"),
        (["pool"], 2, "--condition"),
        (["pool", "--condition", "fm"], 4, "say which: pain, response"),
        (["pool", "--condition", "fm", "--outcome", "pian"], 4, "did you mean pain"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--measure", "RR"], 3, "MD or SMD"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--level", "2"], 3, "confidence"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--correlation", "1.5"], 3, "correlation"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--method", "MH"], 3, "MH"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--subgroup", "shoe"], 4, "no field to group by"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--tau2", "XX"], 2, "XX"),
        (["pool", "--condition", "fm", "--outcome", "pain", "--svg", "nowhere/f.svg"], 3, "there is no folder"),
        (["pool", "--table", "missing.csv"], 3, "cannot be read"),
        (["pool", "--table", "a.csv", "--condition", "fm"], 2, "table of your own"),
        (["check", "nowhere-at-all"], 4, "there is no folder"),
        (["check", "."], 3, "holds no data"),
        (["condition", "fm", "--kind", "svg"], 2, "--pictures FOLDER"),
        (["pool", "--table", "a.csv", "--correlation", "0.3"], 2, "--correlation"),
        ([*JUDGE[:1], "fibromyalgia.pian", *JUDGE[2:]], 4, "did you mean fibromyalgia.pain"),
        ([*JUDGE[:2], "impresision", *JUDGE[3:]], 4, "did you mean imprecision"),
        ([*JUDGE[:3], "9", *JUDGE[4:]], 3, "steps"),
        ([*JUDGE[:3], "many", *JUDGE[4:]], 2, "many"),
        (["export", "x", "--format", "exel"], 4, "no format"),
    ],
)
def test_bad_input_says_what_where_and_what_to_do(run, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert words in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_export_to_a_file_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("export", str(tmp_path / "file"))
    assert code == 3
    assert "remedy" in err


@pytest.mark.parametrize("command", [["condition", "fibromyalgia"], ["list"], ["search", "fibro"], ["show", "FINAL"]])
def test_what_is_looked_up_loads_no_heavy_library(command):
    heavy = "('pandas', 'scipy', 'meta_analyze', 'numpy', 'pyarrow', 'vl_convert', 'xarray')"
    code = (
        "import sys\nfrom lowdose.cli import main\n"
        f"try:\n    main(['evidence', *{command!r}])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "loaded: []" in done.stderr
