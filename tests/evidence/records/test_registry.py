"""Loading: the package's data, a folder of one's own, and every way a file can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.checks.check import check
from lowdose.evidence.records import registry as room
from lowdose.evidence.records.registry import look_up, provenance, registry

STUDY = """\
schema: lowdose.studies/1
studies:
- id: mine2026
  citation: {first_author: Muster A, year: 2026}
  condition: fibromyalgia
  condition_words: fibromyalgia
  group: pain
  design: parallel RCT
  design_words: randomised
  n: {randomised: 20, arms: {ldn: 10, placebo: 10}}
  intervention:
    dose_mg_per_day: {text: [4.5], range_mg: [4.5, 4.5]}
    dose_class: LDN
    formulation: capsule
    schedule: nightly
  outcomes:
  - name: pain
    concept: pain
    instrument: NRS 0-10
    scale: nrs-10
    better: lower
    direction: no_difference
    arms: {ldn: {mean_change: -1, n: 10}, placebo: {mean_change: -1, n: 10}}
    prov: {tag: found, src: [S01]}
  rob:
    tool: RoB 2
    domains: {randomisation: low, deviations: low, missing data: low, measurement: low, reporting: low}
    overall: low
    basis: ours
  use: {meta_analysis: 'yes'}
  prov: {citation: {tag: found, src: [S01]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "mine.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def refused(folder: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        registry(folder)
    assert caught.value.where
    assert caught.value.remedy
    return caught.value


def test_package_is_read_once() -> None:
    assert registry() is registry()
    assert [len(kind) for kind in (registry().studies, registry().reviews, registry().ongoing, registry().sources)] == [
        89,
        17,
        5,
        149,
    ]


def test_conditions_know_their_studies() -> None:
    conditions = registry().conditions
    assert "bruun2024_FINAL" in conditions["fibromyalgia"].studies
    assert "driver2023_mayo" in conditions["fibromyalgia"].related
    assert sum(len(one.studies) for one in conditions.values()) == 89
    assert all(one.studies for one in conditions.values())


def test_nothing_can_be_written_into_it() -> None:
    with pytest.raises(TypeError):
        registry().studies["x"] = None  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        registry().studies["younger2013_fm"].design = "survey"  # type: ignore[misc]


def test_a_partial_folder_stands_on_the_package(folder: Path) -> None:
    mine = registry(folder)
    assert list(mine.studies) == ["mine2026"]
    assert not mine.reviews
    assert mine.conditions["fibromyalgia"].studies == ("mine2026",)
    assert mine.sources["S01"] == registry().sources["S01"]
    assert mine.meta == registry().meta
    assert registry().conditions["fibromyalgia"].studies[0] == "bruun2024_FINAL"


def test_a_source_of_ones_own_comes_on_top(folder: Path) -> None:
    (folder / "sources.yaml").write_text("sources: [{id: X1, title: mine, url: 'https://example.org'}]")
    mine = registry(folder)
    assert mine.sources["X1"].title == "mine"
    assert len(mine.sources) == 150


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "studies").mkdir()
    with pytest.raises(InvalidInput, match="holds no data"):
        registry(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no folder"):
        registry(tmp_path / "nothing")


def test_unknown_study_suggests() -> None:
    with pytest.raises(NotFound) as caught:
        registry().study("younger2013")
    assert "younger2013_fm" in caught.value.remedy


def test_an_id_that_stands_twice_names_both_places(folder: Path) -> None:
    (folder / "studies" / "other.yaml").write_text(STUDY, encoding="utf-8")
    error = refused(folder)
    assert error.what == "the id 'mine2026' stands twice"
    assert error.where == "studies/mine.yaml and studies/other.yaml"


def test_an_id_that_stands_twice_in_one_file(folder: Path) -> None:
    twice = "sources: [{id: X1, title: a, url: u}, {id: X1, title: b, url: u}]"
    (folder / "sources.yaml").write_text(twice)
    assert "'X1' stands twice" in refused(folder).what


@pytest.mark.parametrize(
    ("encoding", "words"), [("latin-1", "another encoding, such as Latin-1"), ("utf-16", "looks like UTF-16")]
)
def test_another_encoding(folder: Path, encoding: str, words: str) -> None:
    (folder / "studies" / "mine.yaml").write_bytes(STUDY.replace("Muster A", "Müster Å").encode(encoding))
    error = refused(folder)
    assert words in error.what
    assert error.where == "mine.yaml"
    assert error.remedy == "save it as UTF-8"


def test_utf8_with_a_byte_order_mark_is_read(folder: Path) -> None:
    (folder / "studies" / "mine.yaml").write_bytes(STUDY.encode("utf-8-sig"))
    assert "mine2026" in registry(folder).studies


def test_a_file_far_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST", 100)
    assert "the limit is" in refused(folder).what


def test_not_yaml(folder: Path) -> None:
    (folder / "studies" / "mine.yaml").write_text(STUDY + "  use: {oops: [")
    error = refused(folder)
    assert error.what.startswith("this is not YAML")
    assert "studies/mine.yaml, line" in error.where


@pytest.mark.parametrize("text", ["", "[1, 2]", "studies: []", "schema: lowdose.studies/1"])
def test_not_a_file_of_studies(folder: Path, text: str) -> None:
    (folder / "studies" / "mine.yaml").write_text(text)
    assert "studies" in refused(folder).what


@pytest.mark.parametrize(
    ("was", "is_now", "what", "where", "remedy"),
    [
        ("    better: lower\n", "", "the scale has no direction", "mine2026, outcomes.0.better", "write better: lower"),
        ("  group: pain\n", "", "'group' is missing", "mine2026, group", "write group:"),
        ("  group: pain", "  gruop: pain\n  group: pain", "nobody knows the field 'gruop'", "gruop", "mean group?"),
        ("parallel RCT", "paralel RCT", "'paralel RCT' is not a word for 'design'", "design", "mean parallel RCT?"),
        ("year: 2026", "year: soon", "'year' is not right", "mine2026, citation.year", "'soon'"),
        ("concept: pain", "concept: 7", "is not a word for 'concept'", "outcomes.0.concept", "write one of"),
    ],
)
def test_a_broken_block(folder: Path, was: str, is_now: str, what: str, where: str, remedy: str) -> None:
    assert was in STUDY
    (folder / "studies" / "mine.yaml").write_text(STUDY.replace(was, is_now, 1), encoding="utf-8")
    error = refused(folder)
    assert what in error.what
    assert where in error.where
    assert "studies/mine.yaml" in error.where
    assert remedy in error.remedy


def test_several_mistakes_are_counted(folder: Path) -> None:
    text = STUDY.replace("  group: pain\n", "").replace("    formulation: capsule\n", "")
    (folder / "studies" / "mine.yaml").write_text(text, encoding="utf-8")
    assert "(and 1 more)" in refused(folder).what


@pytest.mark.parametrize(
    ("study", "field", "tag", "source"),
    [
        ("younger2013_fm", "n.randomised", "found", "S06"),
        ("younger2013_fm", "n.analysed", "recalled", None),
        ("younger2013_fm", "dropouts", "recalled", None),
        ("younger2013_fm", "population", "found", "S06"),
        ("younger2013_fm", "adverse_events.0.arms.ldn.pct", "recalled", None),
        ("younger2013_fm", "adverse_events.2.arms.ldn.events", "found", "S06"),
        ("younger2013_fm", "outcomes.1.arms.ldn.events", "recalled", "S06"),
        ("bruun2024_FINAL", "outcomes.1.arms.ldn.events", "derived", "S02"),
        ("younger2013_fm", "outcomes.1.arms.ldn.pct", "found", "S06"),
        ("paula2023_tdcs", "citation.first_author", "recalled", None),
        ("paula2023_tdcs", "citation.year", "found", "S17"),
        ("smith2011_crohn", "n.arms.ldn", "recalled", None),
        ("metyas2018_fm", "intervention.duration_wk", "recalled", None),
        ("brewer2018_gwi", "intervention.schedule", "found", "S143"),
        ("cree2010_ms", "washout_run_in", "found", "S24"),
        ("bruun2024_FINAL", "funding", "found", "S05"),
        ("rodriguez_freire2026_INNOVA", "population", "found", "S147"),
        ("polo2019_mecfs", "safety_summary", "found", "S77"),
    ],
)
def test_provenance_of_a_field(study: str, field: str, tag: str, source: str | None) -> None:
    found = provenance(registry().studies[study], field)
    assert found.tag == tag
    assert source is None or source in found.src


@pytest.mark.parametrize("path", ["nothing", "outcomes.99", "outcomes.0.arms.nobody", "outcomes.x", "n.randomised.x"])
def test_nothing_at_a_path(path: str) -> None:
    with pytest.raises(NotFound, match="there is nothing at"):
        look_up(registry().studies["younger2013_fm"], path)


def test_a_study_fits_in_a_dozen_lines(folder: Path) -> None:
    """What the documentation shows: the least a study needs, without an error of the checks."""
    text = """\
schema: lowdose.studies/1
studies:
- id: short2026
  citation: {first_author: Muster A, year: 2026}
  condition: fibromyalgia
  group: pain
  design: single arm
  n: {enrolled: 20}
  intervention: {dose_mg_per_day: {text: [3]}, dose_class: LDN, formulation: capsule, schedule: nightly}
  outcomes:
  - {name: better, concept: response, instrument: own words, better: higher, direction: descriptive,
     arms: {ldn: {events: 8, total: 20}}, prov: {tag: found, src: [S01]}}
  rob: {tool: ROBINS-I, overall: serious, basis: one reader, domains: {confounding: serious, selection: low,
     classification: low, deviations: low, missing data: low, measurement: serious, reporting: no information}}
  use: {meta_analysis: 'no'}
  prov: {citation: {tag: found, src: [S01]}}
"""
    (folder / "studies" / "mine.yaml").write_text(text, encoding="utf-8")
    mine = registry(folder)
    assert list(mine.studies) == ["short2026"]
    assert not check(mine)


@pytest.mark.parametrize("readers", [(), ("A. Reader",), ("A. Reader", "A. Reader")])
def test_the_data_are_provisional_until_two_readers_confirm_them(readers: tuple[str, ...]) -> None:
    meta = room.registry().meta
    assert meta.model_copy(update={"readers": readers}).standing.startswith("provisional")
    assert meta.model_copy(update={"readers": ("A. Reader", "B. Reader")}).standing.startswith("confirmed by A. Reader")
