"""The press: text is text, what cannot be printed is refused, and nothing rests on a colour."""

from __future__ import annotations

import io
import re

import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lowdose.errors import InvalidInput
from lowdose.report.paper import Sheet, pdf, press, preview
from lowdose.report.paper.blocks import Bullets, Column, Cut, Figure, KeyValues, Paragraph, Size, Table
from lowdose.report.paper.glyphs import FONTS, check, covered
from tests.report.paper.reading import sizes
from tests.report.paper.sheets import TODAY

HOSTILE = st.text(alphabet=[*"#*$@\\_`<>[]{}()=+-/~\"'&%;:!|^.,0aZ "], min_size=1, max_size=30)


def sheet(*blocks: object, title: str = "A plan") -> Sheet:
    return Sheet("plan", title, blocks=blocks, made=TODAY)


def printed(made: Sheet) -> str:
    pages = PdfReader(io.BytesIO(pdf(made))).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


@settings(max_examples=20)
@example("#panic()")
@example("*bold* _thin_ $x^2$ @cite <label> `raw` \\ // -- --- ...")
@example('#import "a": *')
@example('#read("sheet.typ")')
@example("= Title\\")
@example("3x9 -> => (c) 1/2 ff fi")
@given(HOSTILE)
def test_text_is_printed_as_it_was_written(hostile):
    said = re.sub(r"\s", "", f"a{hostile}b")
    made = sheet(Paragraph(f"a{hostile}b"), Bullets((f"a{hostile}b",)), KeyValues((("what", f"a{hostile}b"),)),
                 Table((Column("One"),), ((f"a{hostile}b",),)), title=f"a{hostile}b")  # fmt: skip
    assert printed(made).count(said) >= 5


@pytest.mark.parametrize(
    ("text", "named"), [("\N{BALLOT BOX}", "BALLOT BOX"), ("\N{GRINNING FACE}", "GRINNING FACE"),
                        ("\N{HEBREW LETTER ALEF}", "HEBREW LETTER ALEF"), ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
                        ("\u2060", "WORD JOINER"), ("a\nb", "control character"), ("\x00", "control character")]
)  # fmt: skip
@pytest.mark.parametrize("where", [lambda text: sheet(Paragraph(text)), lambda text: sheet(title=text),
                                   lambda text: sheet(Table((Column("One"),), ((text,),)))])  # fmt: skip
def test_what_cannot_be_printed_is_refused_by_name(text, named, where):
    made = where(text)
    for printing in (pdf, preview):
        with pytest.raises(InvalidInput, match=named):
            printing(made)


LONG = "W" * 400


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(LONG),
        Bullets((LONG,)),
        KeyValues((("name", LONG),)),
        Table((Column("One", share=1), Column("Two", share=1)), ((LONG, "x"),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_word_longer_than_a_line_is_broken_and_not_clipped(block):
    page = PdfReader(io.BytesIO(pdf(sheet(block)))).pages[0]
    lines = [line for line in page.extract_text().replace("\u200b", "").splitlines() if "WW" in line]
    assert len(lines) > 4
    assert max(map(len, lines)) < 80
    assert sum(line.count("W") for line in lines) == len(LONG)


def test_a_picture_is_held_to_the_same_letters():
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&#9744;</text></svg>'
    with pytest.raises(InvalidInput, match="BALLOT BOX"):
        pdf(sheet(Figure(drawn, "a picture")))


def test_the_letters_are_those_of_every_style():
    styles = [set(TTFont(font).getBestCmap()) for font in sorted(FONTS.glob("*.ttf"))]
    assert len(styles) == 4
    assert covered() == set.intersection(*styles)
    check("ÄÖÅéñ βµδκ ≤≥≈×÷−– °C ‡ “quoted” 50 %")


def cut(words: str) -> Sheet:
    return sheet(Cut(((Paragraph(words),),), (Size(86, 40, 2), Size(86, 80, 2))))


def test_what_is_to_be_cut_out_takes_the_first_size_that_holds_it_in_readable_type_or_is_refused():
    for words in ("word", "word " * 90, "word " * 180):
        assert printed(cut(words)).count("word") == words.count("word")
        assert min(sizes(cut(words))) >= 7
    with pytest.raises(InvalidInput, match="does not fit in type that can be read"):
        pdf(cut("word " * 900))


def test_no_page_is_begun_for_a_few_lines():
    def pages(lines: int) -> int:
        return len(PdfReader(io.BytesIO(pdf(sheet(*[Paragraph("word " * 15)] * lines)))).pages)

    whole = max(lines for lines in range(20, 60) if pages(lines) == 1)
    assert pages(whole + 1) == 2
    one_more = sheet(*[Paragraph("word " * 15)] * whole)
    assert 8.4 < max(sizes(one_more).items(), key=lambda one: len(one[1]))[0] < 9.2


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_are_read_on_white_and_across_the_watermark_in_grey():
    watermark = "#e6e6e6"
    assert all(contrast(press.PALETTE[name], "#ffffff") >= 4.5 for name in ("ink", "muted", "accent"))
    assert all(contrast(press.PALETTE[name], watermark) >= 4.5 for name in ("ink", "muted"))
    assert contrast(watermark, "#ffffff") > 1.2


def test_bands_of_the_blockade_differ_in_grey():
    from lowdose.report.paper.sparkline import BAND, RIVALS

    assert contrast(BAND, RIVALS) > 1.25
    assert contrast(press.PALETTE["ink"], BAND) >= 4.5


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"\.docx"):
        press.write(sheet(), tmp_path / "plan.docx")
