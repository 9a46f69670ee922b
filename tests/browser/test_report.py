"""The report in a real browser: silent, drawn, linked, reachable by keyboard, readable by everybody, printable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lowdose import report, rivals, simulate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHARTS = ("drug", "blockade", "own_opioids", "tone", "rivals")
DRAWN = "html[data-drawn=yes]"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = simulate("1.5 mg nightly at 22:00 for 1 week, then 12 mg for 2 weeks", people=4, spread="people", workers=1)
    return report.write(run, rivals(run), tmp_path_factory.mktemp("with space µ") / "report.html")


class Opened:
    """A page, with all it asked for and complained about."""

    def __init__(self, browser: Browser, file: Path, width: int = 1280, scripts: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, java_script_enabled=scripts
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())
        if scripts:
            self.page.wait_for_selector(DRAWN, timeout=30_000)


@pytest.fixture(scope="module")
def wide(browser: Browser, file: Path) -> Iterator[Opened]:
    opened = Opened(browser, file)
    yield opened
    opened.context.close()


@pytest.fixture(scope="module")
def narrow(browser: Browser, file: Path) -> Iterator[Opened]:
    opened = Opened(browser, file, width=360)
    yield opened
    opened.context.close()


def test_nothing_is_asked_for_but_the_file_and_nothing_is_complained_about(wide: Opened, file: Path) -> None:
    assert wide.asked == [file.as_uri()]
    assert wide.said == []


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_drawn_with_marks_and_as_wide_as_the_page(wide: Opened, chart: str) -> None:
    live = wide.page.locator(f"#{chart} .live svg")
    assert live.locator(".mark-line path").count() >= 6
    box = live.bounding_box()
    assert box is not None
    assert box["width"] > 900
    assert not wide.page.locator(f"#{chart} .still").is_visible()


def test_the_slider_shows_the_same_moment_in_every_chart(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    page.focus("#at")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#moment")).to_have_text("day 2, 02:00")
    assert page.get_attribute("#at", "aria-valuetext") == "day 2, 02:00"
    for chart in CHARTS:
        said = page.locator(f"#{chart} .readout li").all_text_contents()
        assert len(said) == page.locator(f"#{chart} .twin table").first.locator("thead th").count() - 2
    page.wait_for_timeout(200)
    places = page.evaluate(
        """() => ["drug", "tone"].map((name) => {
             const rule = document.querySelector(`#${name} .live .mark-rule.role-mark:last-of-type line`);
             return Math.round(rule.getBoundingClientRect().x - rule.closest("svg").getBoundingClientRect().x);
           })"""
    )
    assert places[0] == pytest.approx(places[1], abs=3)
    opened.context.close()


def test_pointing_at_one_chart_moves_all(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    page.locator("#blockade .live svg").scroll_into_view_if_needed()
    box = page.locator("#blockade .live svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120)
    page.wait_for_selector("#tone .readout li")
    assert page.inner_text("#moment").startswith("day ")
    opened.context.close()


def test_details_open_by_keyboard_and_every_control_is_reachable(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    summaries, reached = page.locator("summary").count(), 0
    for _ in range(200):
        page.keyboard.press("Tab")
        tag = page.evaluate("document.activeElement.tagName")
        if tag == "BODY":
            break
        if tag == "SUMMARY":
            reached += 1
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.parentElement.open")
            page.keyboard.press("Enter")
    assert reached == summaries == 7
    opened.context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser: Browser, file: Path, width: int) -> None:
    opened = Opened(browser, file, width)
    opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    opened.context.close()


def test_a_phone_needs_no_sideways_scrolling(narrow: Opened) -> None:
    page = narrow.page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert narrow.said == []


def test_a_phone_shows_one_period_at_a_time(narrow: Opened) -> None:
    page = narrow.page
    assert page.locator("#blockade .live .role-title-text", has_text="whole course").count() == 1
    page.check("input[value=first]")
    expect(page.locator("#blockade .live")).to_contain_text("The first two days")
    assert "whole course" not in page.inner_text("#blockade .live")


def test_without_scripts_the_still_pictures_and_tables_are_there(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, scripts=False)
    for chart in CHARTS:
        assert opened.page.locator(f"#{chart} .still svg").is_visible()
    assert not opened.page.locator(".controls").is_visible()
    opened.context.close()


def test_the_first_screen_says_the_main_thing(wide: Opened) -> None:
    assert "Warning" in wide.page.locator(".warning").first.inner_text()
    for selector in ("h1", ".warning", ".quotation p:first-child", ".tiles li:first-child .big"):
        box = wide.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 900, selector


def test_it_prints_on_a4(browser: Browser, file: Path, tmp_path: Path) -> None:
    opened = Opened(browser, file)
    content = opened.page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in content or b"/MediaBox [0 0 595" in content
    opened.page.emulate_media(media="print")
    assert opened.page.locator("#drug .still svg").is_visible()
    assert not opened.page.locator("#drug .live").is_visible()
    assert opened.page.locator("text=Parameters of the model").is_visible()
    opened.context.close()
