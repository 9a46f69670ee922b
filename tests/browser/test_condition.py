"""Condition pages and annotated articles in a real browser: silent, reachable, readable by everybody, printable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from lowdose import report
from lowdose.claims.annotate import annotate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BLOG = Path(__file__).parents[1] / "claims" / "texts" / "clinic_blog.txt"
PAGES = ("fibromyalgia", "crohn", "ibs", "any", "article")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("with space µ")
    made = {name: report.write_condition(name, folder / f"{name}.html") for name in PAGES if name != "article"}
    article = annotate(BLOG.read_text(encoding="utf-8"), name="A clinic's blog")
    return {**made, "article": report.write_article(article, folder / "article.html")}


class Opened:
    """A page, with all it asked for and complained about."""

    def __init__(self, browser: Browser, file: Path, width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())

    def open_all(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_silent_fits_and_axe_finds_nothing(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    opened = Opened(browser, files[name], width)
    opened.open_all()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.asked == [files[name].as_uri()]
    assert opened.said == []
    opened.context.close()


def test_the_first_screen_says_the_answer_and_how_far_to_trust_it(browser: Browser, files: dict[str, Path]) -> None:
    for width in (1280, 390):
        opened = Opened(browser, files["fibromyalgia"], width)
        for selector in ("h1", ".answer", ".provisional", "#plain-1"):
            box = opened.page.locator(selector).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < 900, selector
        opened.context.close()


def test_a_forest_plot_is_wide_enough_to_read_on_a_phone_and_scrolls_by_itself(
    browser: Browser, files: dict[str, Path]
) -> None:
    opened = Opened(browser, files["fibromyalgia"], 390)
    svg = opened.page.locator("#forest-fibromyalgia-pain svg").bounding_box()
    frame = opened.page.locator("#forest-fibromyalgia-pain .drawing").bounding_box()
    assert svg is not None
    assert frame is not None
    assert svg["width"] >= 760
    assert frame["width"] <= 390
    assert opened.page.evaluate(
        "(() => { const one = document.querySelector('.drawing'); one.scrollLeft = 99; return one.scrollLeft; })()"
    )
    opened.context.close()


@pytest.mark.parametrize("name", ["fibromyalgia", "any"])
def test_words_of_a_picture_do_not_lie_on_each_other_in_the_browser(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    opened = Opened(browser, files[name])
    clashes = opened.page.evaluate(
        """() => [...document.querySelectorAll('figure svg')].flatMap((svg) => {
             const boxes = [...svg.querySelectorAll('text')].filter((one) => one.textContent.trim()
               && getComputedStyle(one).opacity !== '0').map((one) => [one.textContent, one.getBoundingClientRect()]);
             const frame = svg.getBoundingClientRect();
             const out = boxes.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1);
             const on = boxes.flatMap(([text, a], i) => boxes.slice(i + 1).filter(([, b]) =>
               a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
               .map(([other]) => `${text} | ${other}`));
             return [...on, ...out.map(([text]) => `cut: ${text}`)];
           })"""
    )
    assert clashes == []
    opened.context.close()


def test_every_card_opens_by_keyboard(browser: Browser, files: dict[str, Path]) -> None:
    opened = Opened(browser, files["ibs"])
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = 0
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
    assert reached == page.locator("summary").count() > 0
    opened.context.close()


@pytest.mark.parametrize("name", ["fibromyalgia", "article"])
def test_it_prints_on_a4_with_everything_open(browser: Browser, files: dict[str, Path], name: str) -> None:
    opened = Opened(browser, files[name])
    content = opened.page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in content or b"/MediaBox [0 0 595" in content
    opened.page.emulate_media(media="print")
    shown = opened.page.locator(
        "#study-bruun2024_FINAL h3, #study-bruun2024_FINAL dl" if name != "article" else ".note"
    )
    assert shown.count() >= 2
    for at in range(2):
        assert shown.nth(at).is_visible()
    opened.context.close()


def test_in_print_passages_may_break_and_cards_stay_whole(browser: Browser, files: dict[str, Path]) -> None:
    for name in ("crohn", "any"):
        opened = Opened(browser, files[name])
        opened.page.emulate_media(media="print")
        breaks = opened.page.evaluate("getComputedStyle(document.querySelector('.passages section')).breakInside")
        assert breaks == "auto"
        assert opened.page.evaluate("getComputedStyle(document.querySelector('.card')).breakInside") == "avoid"
        opened.context.close()


def test_a_note_and_its_sentence_lead_to_each_other(browser: Browser, files: dict[str, Path]) -> None:
    opened = Opened(browser, files["article"])
    opened.page.click("#mark-3")
    assert opened.page.evaluate("location.hash") == "#note-3"
    opened.page.click("#note-3 a >> nth=0")
    assert opened.page.evaluate("location.hash") == "#mark-3"
    opened.context.close()
