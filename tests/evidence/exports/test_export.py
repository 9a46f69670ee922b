"""The data set as files: what goes out can be read back, whole, by the programs it is for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_file, parse_string

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.exports.citations import bibtex, csl
from lowdose.evidence.exports.columns import Column, FlatTable
from lowdose.evidence.exports.export import FORMATS, arrow, csv_text, export, references
from lowdose.evidence.exports.flat import tables
from lowdose.evidence.records.registry import registry
from lowdose.evidence.records.schema import Citation

HELD = registry()
CITED = {*HELD.studies, *HELD.reviews}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export") / "новая папка"
    export(place)
    return place


def read_back(path: Path, table: FlatTable) -> list[dict[str, object]]:
    """Rows of a CSV, each cell by the kind of its column."""
    kinds = {column.name: column.kind for column in table.columns}
    makers = {"text": str, "number": float, "count": int, "flag": lambda text: {"true": True, "false": False}[text]}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: makers[kinds[name]](cell) if cell else None for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]


def wanted(table: FlatTable) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [{name: None if row.get(name) in ("", None) else row[name] for name in names} for row in table.rows]


@pytest.mark.parametrize("number", range(8))
def test_csv_read_back_is_the_table(folder, number):
    table = tables()[number]
    assert read_back(folder / f"{table.name}.csv", table) == wanted(table)


@pytest.mark.parametrize("number", range(8))
def test_parquet_read_back_is_the_table(folder, number):
    table = tables()[number]
    found = pyarrow.parquet.read_table(folder / f"{table.name}.parquet")
    assert found.to_pylist() == wanted(table)
    for column in table.columns:
        assert found.schema.field(column.name).metadata[b"unit"].decode() == column.unit
        assert found.schema.field(column.name).metadata[b"meaning"]


def test_tables_have_every_study_outcome_and_event():
    held = HELD.studies.values()
    by_name = {table.name: table for table in tables()}
    assert {row["id"] for row in by_name["studies"].rows} == set(HELD.studies)
    assert len(by_name["outcomes"].rows) == sum(len(study.outcomes) for study in held)
    assert len(by_name["arms"].rows) == sum(len(one.arms) for study in held for one in study.outcomes)
    assert len(by_name["adverse_events"].rows) == sum(len(e.arms) or 1 for study in held for e in study.adverse_events)
    assert {row["review"] for row in by_name["reviews"].rows} == set(HELD.reviews)
    assert {row["id"] for row in by_name["ongoing"].rows} == set(HELD.ongoing)
    assert {row["id"] for row in by_name["sources"].rows} == set(HELD.sources)


def test_no_column_is_empty_throughout():
    for table in tables():
        for name in {column.name for column in table.columns} - {"provenance_note"}:
            assert any(row.get(name) not in ("", None) for row in table.rows), f"{table.name}.{name}"


def test_every_result_says_where_it_comes_from():
    for table in tables():
        if table.name in ("outcomes", "arms", "adverse_events", "reviews", "ongoing"):
            for row in table.rows:
                assert row["tag"] in ("found", "recalled", "derived")
                assert row["src"] or row["tag"] != "found"


def test_recalled_values_keep_their_tag(folder):
    table = next(table for table in tables() if table.name == "adverse_events")
    rows = read_back(folder / "adverse_events.csv", table)
    dreams = [row for row in rows if row["study"] == "younger2013_fm" and row["concept"] == "vivid-dreams"]
    assert {row["tag"] for row in dreams} == {"recalled"}


def test_columns_are_explained(folder):
    with (folder / "columns.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["table"], row["column"]) for row in rows] == [(t.name, c.name) for t in tables() for c in t.columns]
    assert all(row["meaning"] for row in rows)
    assert all(row["unit"] for row in rows if row["kind"] in ("number", "count"))


def test_bibtex_is_read_by_pybtex_and_has_every_citation(folder):
    found = parse_file(str(folder / "references.bib"), bib_format="bibtex")
    assert set(found.entries) == CITED
    assert found.entries["younger2013_fm"].fields["journal"] == r"Arthritis \& Rheumatism"
    assert found.entries["bruun2024_FINAL"].persons["author"][0].last_names == ["Due", "Bruun"]
    assert "author" not in found.entries["ajem2017_obtundation"].persons
    assert "not known" in found.entries["ajem2017_obtundation"].fields["note"]
    assert "recalled" in found.entries["bested2023_fm"].fields["note"]


def test_csl_has_every_citation_in_its_parts(folder):
    items = {item["id"]: item for item in json.loads((folder / "references.json").read_text(encoding="utf-8"))}
    assert set(items) == CITED
    final = items["bruun2024_FINAL"]
    assert final["container-title"] == "Lancet Rheumatology"
    assert (final["volume"], final["issue"], final["page"]) == ("6", "1", "e31-e39")
    assert final["issued"] == {"date-parts": [[2024]]}
    assert final["DOI"] == "10.1016/s2665-9913(23)00278-3"
    for item in items.values():
        assert "recalled)" not in json.dumps(item)
    recalled = {name for name, _, is_recalled in references(HELD) if is_recalled}
    assert recalled <= {name for name, item in items.items() if "recalled" in item["note"]}


def test_json_ld_has_every_id_and_the_facts_of_a_data_set(folder):
    found = json.loads((folder / "evidence.jsonld").read_text(encoding="utf-8"))
    assert found["@context"] == "https://schema.org/"
    assert found["@type"] == "Dataset"
    assert {"name", "description", "version", "license", "dateModified", "citation"} <= set(found)
    assert {one["identifier"] for one in found["hasPart"]} == set(HELD.studies)
    assert {one["@type"] for one in found["hasPart"]} == {"MedicalTrial", "MedicalObservationalStudy"}
    assert {one["identifier"] for one in found["mentions"]} == {*HELD.reviews, *HELD.ongoing}
    assert {one["identifier"] for one in found["isBasedOn"]} == set(HELD.sources)
    names = [one["@id"] for one in (*found["hasPart"], *found["mentions"], *found["isBasedOn"])]
    assert len(set(names)) == len(names)
    bested = next(one for one in found["hasPart"] if one["identifier"] == "bested2023_fm")
    assert "recalled, not read in the source: citation, people, dose" in bested["description"]


def test_everything_is_in_the_json(folder):
    found = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    assert found["schema"] == "lowdose.evidence/1"
    assert {study["id"] for study in found["studies"]} == set(HELD.studies)
    assert found["studies"][0] == next(iter(HELD.studies.values())).model_dump(mode="json")


def test_only_what_was_asked_for_is_written(tmp_path):
    paths = export(tmp_path / "a", ["bib", "CSL-JSON"])
    assert [path.name for path in paths] == ["references.bib", "references.json"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["references.bib", "references.json"]


def test_the_same_data_give_the_same_bytes(tmp_path):
    first, second = (export(tmp_path / name, FORMATS) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_other_files_are_left_alone_and_ours_replaced(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "references.bib").write_text("old")
    export(tmp_path, ["bibtex"])
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "references.bib").read_text(encoding="utf-8").startswith("@article")
    assert not list(tmp_path.glob(".writing-*"))


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="cannot be made"):
        export(tmp_path / "file" / "below")
    with pytest.raises(InvalidInput):
        export(tmp_path / "file")
    with pytest.raises(NotFound, match="did you mean parquet"):
        export(tmp_path / "new", ["parqet"])
    assert not (tmp_path / "new").exists()


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    def stopped(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(InvalidInput, match="No space left"):
        export(tmp_path, ["bibtex"])
    assert list(tmp_path.iterdir()) == []


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)


@given(WORDS, WORDS, st.integers(1900, 2100))
def test_any_title_and_journal_is_written_so_that_bibtex_reads_it(title, journal, year):
    cited = Citation(first_author="Muster A", year=year, title=title, journal=journal)
    found = parse_string(bibtex([("key", cited, False)]), bib_format="bibtex")
    assert found.entries["key"].fields["year"] == str(year)


@given(st.lists(st.tuples(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), st.floats(allow_nan=False))))
def test_any_cell_survives_csv(cells):
    columns = (Column("a", "text", "", "a"), Column("b", "number", "mg", "b"))
    text = csv_text(FlatTable("t", columns, tuple({"a": a, "b": b} for a, b in cells)))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [(row[0], float(row[1])) for row in rows[1:]] == cells


@pytest.mark.parametrize(
    ("journal", "parts"),
    [
        ("Pain Medicine 10(4):663-672", ("Pain Medicine", "10", "4", "663-672")),
        ("BMC Medicine 17:10", ("BMC Medicine", "17", None, "10")),
        ("Brazilian Journal of Anesthesiology", ("Brazilian Journal of Anesthesiology", None, None, None)),
        ("Cochrane CD010410.pub3", ("Cochrane CD010410.pub3", None, None, None)),
        ("meeting abstract 13", ("meeting abstract 13", None, None, None)),
        ("J Clin Gastroenterol 48(8):742 (letter)", ("J Clin Gastroenterol (letter)", "48", "8", "742")),
        ("Journal of Pain (recalled)", ("Journal of Pain", None, None, None)),
    ],
)
def test_a_journal_comes_apart(journal, parts):
    (item,) = csl([("x", Citation(first_author="A B", year=2000, journal=journal), False)])
    assert tuple(item.get(name) for name in ("container-title", "volume", "issue", "page")) == parts


def test_arrow_keeps_what_is_not_known_apart_from_zero():
    table = arrow(FlatTable("t", (Column("a", "number", "mg", "a"),), ({"a": 0.0}, {"a": None}, {})))
    assert table["a"].to_pylist() == [0.0, None, None]
