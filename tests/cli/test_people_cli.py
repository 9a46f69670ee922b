"""``lowdose people``: populations shown with their sources, people made and written, refusals in words."""

from __future__ import annotations

import json

import pyarrow.parquet
import pytest
from click.testing import CliRunner

from lowdose.cli.people import command
from lowdose.people import make, population_names


def run(*words, code=0):
    found = CliRunner().invoke(command, list(words))
    if code == 0:
        assert found.exit_code == 0, found.output
    return found


def refused(*words):
    return CliRunner().invoke(command, list(words)).exception


def test_populations_patterns_and_relations_are_listed():
    text, content = run("list").stdout, json.loads(run("list", "--json").stdout)
    assert content["schema"] == "lowdose.populations-list/1"
    assert set(content["populations"]) == set(population_names())
    for group in ("populations", "adherence", "relations"):
        for name in content[group]:
            assert name in text


@pytest.mark.parametrize("name", population_names())
def test_a_population_is_shown_with_the_source_of_every_number(name):
    text, content = run("show", name).stdout, json.loads(run("show", name, "--json").stdout)
    assert content["name"] == name
    assert content["population"]["age"]["source"]
    assert content["variability"]["correlations"]
    assert content["relations"]["sets"]["depot"]["relations"][0]["url"]
    for word in ("women", "age", "bmi", "serum_creatinine", "crcl within", "cirrhosis", "sex: no effect"):
        assert word in text


def test_people_are_made_and_written_with_units_sources_status_and_rejections(tmp_path):
    path = tmp_path / "people.parquet"
    found = run("make", "-n", "3000", "--seed", "3", "--population", "general-adults", "-o", str(path), "--json")
    content, table = json.loads(found.stdout), pyarrow.parquet.read_table(path)
    assert content["schema"] == "lowdose.people/1"
    assert content["inputs"]["seed"] == 3
    assert content["people"] == table.num_rows == 3000
    assert f"written: {path}" in found.stderr
    people = make(3000, seed=3, population="general-adults")
    assert table["weight"].to_numpy().tolist() == people.columns["weight"].tolist()
    assert table["CL"].to_numpy().tolist() == people.parameters["CL"].tolist()
    assert table["person"].to_numpy().tolist() == list(range(3000))
    redraws = table["redraws"].to_numpy()
    assert redraws.sum() > 0
    assert table["status"].to_numpy().tolist() == (redraws > 0).astype(int).tolist()
    assert content["drawn_again"] == (redraws > 0).sum()
    turned = {one["quantity"]: one["rejected"] for one in content["rejections"]}
    assert sum(turned.values()) >= redraws.sum()
    assert {"weight", "crcl", "F", "accounted_for"} <= set(turned)
    units = {name: (table.schema.field(name).metadata or {}).get(b"unit") for name in table.column_names}
    assert units["weight"] == b"kg"
    assert units["crcl"] == b"mL/min"
    assert units["CL"] == b"L/h"
    for name in table.column_names[3:]:
        about = table.schema.field(name).metadata
        assert about[b"source"], name
        assert about[b"provenance"] in {b"found", b"derived", b"recalled", b"assumed"}, name
    made = json.loads(table.schema.metadata[b"people"])
    assert made["rejections"] == content["rejections"]
    assert made["command"] == content["command"]


def test_the_command_in_the_document_makes_the_same_people():
    words = "--seed 8 --population crohn --relations convention --adherence careless --occasions".split()
    content = json.loads(run("make", "-n", "40", *words, "--json").stdout)
    again = content["command"].split()[2:]
    assert json.loads(run(*again, "--json").stdout) == content


def test_a_table_says_what_was_made_turned_away_and_is_not_known():
    text = run("make", "-n", "2000", "--population", "fibromyalgia", "--adherence", "monitored", "--occasions").stdout
    for words in (
        "2000 virtual people",
        "100% women",
        "mL/min",
        "drawn again",
        "r(age–crcl) -0.",
        "assumed",
        "monitored",
    ):
        assert words in text


def test_one_person_is_enough():
    content = json.loads(run("make", "-n", "1", "--json").stdout)
    assert content["columns"]["age"]["sd"] is None
    assert set(content["correlations"].values()) == {None}
    assert run("make", "-n", "1").stdout.startswith("1 virtual people")


@pytest.mark.parametrize(("ending", "begins"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_people_are_drawn(ending, begins, tmp_path):
    path = tmp_path / f"people{ending}"
    run("make", "-n", "50", "--picture", str(path))
    assert path.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("make", "-n", "3", "--population", "chron"), 4, "did you mean crohn"),
        (("make", "-n", "3", "--adherence", "perfekt"), 4, "did you mean perfect"),
        (("make", "-n", "3", "--relations", "allometry"), 4, "known: convention, depot"),
        (("show", "nobody"), 4, "no population is named 'nobody'"),
        (("make", "-n", "3", "-o", "people.csv"), 3, "end the name in .parquet"),
        (("make", "-n", "3", "--picture", "people.gif"), 3, "end the name in .svg, .png, .pdf"),
        (("make", "-n", "3", "-o", "nowhere-at-all/people.parquet"), 3, "there is no folder"),
    ],
)
def test_bad_values_are_refused_with_a_remedy(words, code, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    error = refused(*words)
    assert error.exit_code == code
    assert said in str(error)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words", [("make",), ("make", "-n", "0"), ("make", "-n", "2000000"), ("make", "-n", "3", "--seed", "-1")]
)
def test_wrong_usage_is_exit_code_2(words):
    assert run(*words, code=2).exit_code == 2
