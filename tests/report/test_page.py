"""The file: whole, self-contained, every label in it; how it looks is for tests/browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lowdose import Result, report, simulate
from lowdose.errors import InvalidInput
from lowdose.model import parameters
from lowdose.report.blocks import metric_groups, parameter_rows

VOID = {"meta", "input", "br", "wbr", "link", "img"}


class Outline(HTMLParser):
    """Headings, ids, what the page would load, and whether its tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if said.get("id"):
            self.ids.append(said["id"] or "")
        if tag == "a":
            self.links.append(said.get("href") or "")
        if "src" in said or tag in ("link", "iframe", "img", "object"):
            self.loads.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


@pytest.fixture(scope="module")
def words(page: str) -> str:
    """The page as read: without scripts, styles, pictures and tags."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").replace("\u2060", "").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def test_it_is_under_a_megabyte_and_a_half(page: str) -> None:
    assert len(page.encode()) < 1_500_000


@pytest.mark.parametrize(
    "regimen",
    [
        "4.5 mg nightly for 1 week",  # every hour of seventeen days
        "0.5 mg nightly for 1 week, then 1 mg for 1 week, then 3 mg for 1 week, then 4.5 mg for 49 weeks",
    ],
)
def test_so_are_runs_with_much_to_draw(regimen: str) -> None:
    run = simulate(regimen, people=3, workers=1)
    rival = replace(run, bands={}, drawn="typical")
    assert len(report.html(run, [rival] * 5).encode()) < 1_450_000


def test_nothing_is_loaded_and_the_policy_allows_only_what_is_inside(outline: Outline, page: str) -> None:
    assert outline.loads == []
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]


def test_links_are_addresses_of_sources_or_places_in_the_page(outline: Outline) -> None:
    assert all(link.startswith(("https://", "http://", "#")) for link in outline.links)


def test_tags_balance_ids_are_unique_and_headings_go_down_one_step_at_a_time(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))


def test_every_specification_is_json_that_cannot_end_its_element(page: str) -> None:
    found = re.findall(r'<script type="application/json" class="spec">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 5
    for text in found:
        assert "<" not in text
        assert json.loads(text)["vconcat"]


def test_a_still_picture_of_every_chart_is_there_for_print_and_without_scripts(page: str) -> None:
    assert page.count('<div class="still" aria-hidden="true"><svg') == 5
    assert " style=" not in page


def test_every_parameter_used_is_there_with_source_provenance_and_grade(crowd: Result, words: str, page: str) -> None:
    rows = parameter_rows(crowd)
    assert [row.symbol for row in rows if not parameters()[row.symbol].constant]
    assert {row.symbol for row in rows} == set(crowd.used_parameters)
    for row in rows:
        assert f'<code class="symbol">{row.symbol}</code>' in page.replace("<wbr>", "")
        assert row.provenance in ("found", "derived", "recalled", "assumed")
        assert row.source
    assert "oral bioavailability below 16 mg relative to 50 mg" in words


def test_a_value_set_by_hand_is_shown_and_called_so() -> None:
    run = simulate("3 mg once", overrides={"ke0": 0.05})
    row = next(row for row in parameter_rows(run) if row.symbol == "ke0")
    assert (row.value, row.provenance, row.url) == ("0.05", "set by hand", "")


def test_every_metric_has_its_row_with_a_unit(crowd: Result) -> None:
    groups = list(metric_groups(crowd))
    assert len(groups) == len(crowd.outputs)
    assert sum(len(group.rows) for group in groups) == sum(len(found) for found in crowd.metrics.values())
    assert all(row[-2] for group in groups for row in group.rows)
    assert not any("_" in row[0] for group in groups for row in group.rows), "a metric without words"


def test_it_says_how_to_make_it_again(crowd: Result, words: str) -> None:
    assert crowd.model_hash in words
    assert crowd.command in words
    assert re.search(r"lowdose \d+\.\d+\.\d+, Python 3", words)


def test_intended_use_is_printed_once(words: str) -> None:
    assert words.count("It is not a medical device") == 1
    assert words.count("take any opioid") == 1


def test_what_is_not_known_is_on_the_page(crowd: Result, words: str) -> None:
    for sentence in crowd.domain:
        assert sentence.replace("–", "–") in words
    assert "Predicted, not measured" in words


def test_ten_milligrams_a_day_warn_before_anything_else() -> None:
    run = simulate("45 mg nightly at 22:00 for 3 days", workers=1)
    text = report.html(run)
    assert "not a low dose: possible ten-fold error" in text.replace("\u00a0", " ")
    assert text.index("possible ten-fold error") < text.index("is predicted to")


def test_people_without_a_result_are_counted_on_the_page(crowd: Result) -> None:
    broken = replace(crowd.bands["both"], failures={0: "the solver gave up at hour 3"})
    run = replace(crowd, bands={**crowd.bands, "both": broken})
    assert "1 of the persons" in report.html(run)


def test_rivals_stand_side_by_side(words: str) -> None:
    for name in ("effect-site (this run)", "slow-binding", "equilibrium-parent", "equilibrium-both", "imposed"):
        assert name in words
    assert "fitted to them" in words


def test_no_rivals_no_section(week: Result) -> None:
    assert "What other hypotheses predict" not in report.html(week)


def test_text_from_outside_is_escaped(week: Result) -> None:
    text = report.html(replace(week, warnings=("<b>&",)))
    assert "<b>&" not in text
    assert "&lt;b&gt;&amp;" in text


def test_a_file_name_may_hold_spaces_and_letters_of_any_alphabet(week: Result, tmp_path: Path) -> None:
    path = report.write(week, [], tmp_path / "mein Bericht β.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [entry.name for entry in tmp_path.iterdir()] == ["mein Bericht β.html"]


def test_writing_into_a_folder_that_is_not_there_says_so(week: Result, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        report.write(week, [], tmp_path / "missing" / "report.html")


def test_the_same_run_gives_the_same_file(week: Result) -> None:
    assert report.html(week) == report.html(week)
