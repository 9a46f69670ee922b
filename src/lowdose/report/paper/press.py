"""The press: a sheet becomes PDF, PNG or SVG. Texts go to Typst as data and are never read as its language."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache as remember
from importlib.metadata import version
from importlib.resources import files
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lowdose.audit import NOT_APPROVED
from lowdose.charts.look import BLUE, HAIRLINE, INK, MUTED
from lowdose.errors import InvalidInput
from lowdose.files import write_whole
from lowdose.report.paper.blocks import plain
from lowdose.report.paper.glyphs import FONTS, check
from lowdose.report.paper.marks import UNCONFIRMED
from lowdose.report.paper.sheet import FOR_PATIENTS, KINDS, Sheet, words_of_svg
from lowdose.report.shell import text, tied
from lowdose.spoken import MONTHS, long_date

if TYPE_CHECKING:
    from typst import Fonts

UNSIGNED = "UNSIGNED DRAFT"
PALETTE = {"ink": INK, "muted": MUTED, "line": HAIRLINE, "accent": BLUE}

Format = Literal["pdf", "png", "svg"]
_FORMATS: dict[str, Format] = {".pdf": "pdf", ".png": "png", ".svg": "svg"}
_SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.762)
_LARGE = _SCALES[:4]
"""Of the leaflet, whose 16 points stay above 14, and of the wallet card, whose 7.4 stay above 6.5."""
_SPARING = 0.92
_DOTS_PER_INCH = 110.0
_TOO_LONG = "what is to be cut out does not fit"
"""What the template says where something would be set in smaller type than can be read."""
_DATE = re.compile(
    rf"(?:\b[A-Z][a-z]{{2}} )?\b\d{{1,2}} (?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*(?: \d{{4}})?"
)
_LONG_WORD = re.compile(r"[^\s\u00a0]{30,}")
_PIECE = re.compile(r".{1,8}")
_MAY_BREAK = "\u200b"
_WHOLE = re.compile(r"\d °C|\bdays \d+ to \d+")
"""What is read as one and stays on one line."""


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1: tagged, titled, with its language, and only the bundled typeface in it.

    Raises
    ------
    InvalidInput
        If a character cannot be printed.

    Examples
    --------
    >>> from datetime import date
    >>> pdf(Sheet("plan", "A plan", made=date(2026, 12, 1)))[:5]
    b'%PDF-'
    """
    return _set(sheet, "pdf")[0]


def preview(sheet: Sheet, form: Literal["png", "svg"] = "png") -> tuple[bytes, ...]:
    """The pages of the sheet as pictures.

    Examples
    --------
    >>> from datetime import date
    >>> [page[:4] for page in preview(Sheet("plan", "A plan", made=date(2026, 12, 1)), "svg")]
    [b'<svg']
    """
    return _set(sheet, form)


def write(sheet: Sheet, path: Path | str) -> tuple[Path, ...]:
    """Write the sheet in the form its name ends in: .pdf, .png or .svg; pictures of further pages are numbered from 2.

    Raises
    ------
    InvalidInput
        If the ending is another, or the file cannot be written.

    Examples
    --------
    >>> from datetime import date
    >>> write(Sheet("plan", "A plan", made=date(2026, 12, 1)), "plan.docx")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: a document is written as .pdf, .png or .svg, not '.docx'
      where: plan.docx
      remedy: choose one of these endings
    """
    path = Path(path)
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput(
            f"a document is written as .pdf, .png or .svg, not {path.suffix!r}",
            where=str(path),
            remedy="choose one of these endings",
        )
    pages = _set(sheet, form)
    names = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, len(pages) + 1))]
    return tuple(write_whole(name, page) for name, page in zip(names, pages, strict=True))


def _set(sheet: Sheet, form: Format) -> tuple[bytes, ...]:
    """Typeset at the largest size of type that keeps to the pages that were promised.

    Nor is a page begun for the few lines that a little smaller type would save.
    """
    printed = _printed(sheet)

    def pages(scale: float, words: dict[str, Any]) -> int:
        return len(_compiled({**words, "scale": scale}, "svg"))

    scales = _LARGE if sheet.kind in ("leaflet", "wallet-card") or not sheet.pages else _SCALES
    most = sheet.pages
    if most != 1:
        sparing = pages(_SPARING, printed)
        most = min(most or sparing, sparing)
    for words in (printed, *({**printed, "blocks": _printed(replace(sheet, blocks=one))["blocks"]}
                             for one in sheet.shorter)):  # fmt: skip
        if pages(scales[-1], words) <= most:
            place = bisect_left(scales, True, key=lambda scale: pages(scale, words) <= most)
            return _compiled({**words, "scale": scales[place]}, form)
    return _compiled({**printed, "scale": scales[0]}, form)  # whole, on as many pages as it takes


def _compiled(printed: dict[str, Any], form: Format) -> tuple[bytes, ...]:
    """The pages; a warning of Typst is an error, since what it warns of would be on paper."""
    import typst

    try:
        made, warnings = _typeset(printed, form)
    except typst.TypstError as error:
        if _TOO_LONG not in str(error):
            raise
        raise InvalidInput(
            f"what is to be cut out of the page ({printed['name'].lower()}) does not fit in type that can be read",
            where=printed["title"],
            remedy="shorter words, or fewer doses on one label: make shorter fills",
        ) from error
    if warnings:
        raise RuntimeError(f"the template is at fault: {warnings[0].message}")
    return tuple(made) if isinstance(made, list) else (made,)


def _typeset(printed: dict[str, Any], form: Format) -> Any:
    import typst

    return typst.compile_with_warnings(
        files("lowdose.report.paper").joinpath("sheet.typ").read_bytes(),
        font_paths=_fonts(),
        format=form,
        ppi=_DOTS_PER_INCH,
        sys_inputs={"sheet": dumps(printed, ensure_ascii=False)},
        pdf_standards=["ua-1"] if form == "pdf" else [],
        timestamp=datetime.combine(date(*printed["day"]), time(), UTC),
    )


@remember
def _fonts() -> Fonts:
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _printed(sheet: Sheet) -> dict[str, Any]:
    """All that the template prints, with what stands on every document; each text was found printable."""
    unreviewed = "" if sheet.reviewed and is_reviewed() else not_reviewed()
    printed = {
        "kind": sheet.kind,
        "name": KINDS[sheet.kind],
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "about": sheet.about,
        "size": sheet.size,
        "patient": sheet.kind in FOR_PATIENTS,
        "approved": "" if sheet.approval is None else sheet.approval.sentence,
        "draft": NOT_APPROVED if sheet.approval is None else "",
        "unreviewed": unreviewed,
        "watermark": _watermark(sheet, unreviewed),
        "made": long_date(sheet.made),
        "day": [sheet.made.year, sheet.made.month, sheet.made.day],
        "version": version("lowdose"),
        "digest": short(sheet.digest),
        "intended_use": text("intended_use.txt").strip(),
        "blocks": plain(sheet.blocks),
    }
    _check(printed, "the document")
    return {**_tied(printed), "palette": PALETTE}


def _watermark(sheet: Sheet, unreviewed: str) -> str:
    if sheet.approval is None:
        return NOT_APPROVED
    if sheet.kind == "prescription":
        return UNSIGNED
    return "DRAFT" if unreviewed and sheet.kind in ("leaflet", "consent") else ""


def not_reviewed() -> str:
    """What every document says while no clinician has signed the rule set, in the rule set's own words.

    Examples
    --------
    >>> not_reviewed()
    'Rule set not yet clinically reviewed'
    """
    from lowdose.safety import rule_set

    words = rule_set().not_reviewed
    return words[:1].upper() + words[1:]


def is_reviewed() -> bool:
    """Whether a clinician signed the rule set that is installed.

    Examples
    --------
    >>> is_reviewed()
    False
    """
    from lowdose.safety import rule_set

    return bool(rule_set().reviewed_by)


def short(digest: str) -> str:
    """The first twelve characters of a digest in groups of four, as a person compares them.

    Examples
    --------
    >>> short("sha256:3f9c21ab77e0d1d1")
    '3f9c 21ab 77e0'
    """
    bare = digest.rpartition(":")[2][:12]
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def _check(value: Any, where: str) -> None:
    """Every text in the data, whatever block it is in."""
    if isinstance(value, str):
        for words in words_of_svg(value) if value.startswith("<svg") else [value]:
            check(words, where=where)
    elif isinstance(value, dict):
        for name, each in value.items():
            _check(each, str(value.get("block", where)).lower() if name != "blocks" else where)
    elif isinstance(value, list):
        for each in value:
            _check(each, where)


def _tied(value: Any) -> Any:
    """Every text with the places where a line may and may not break; pictures are left alone."""
    if isinstance(value, str):
        return value if value.startswith("<svg") else breaking(value)
    if isinstance(value, dict):
        return {name: _tied(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_tied(each) for each in value]
    return value


def breaking(words: str) -> str:
    """A number stays with its unit, a date with its month; a very long word may break after every eighth letter.

    Examples
    --------
    >>> breaking("4.5 mg on 1 Dec 2026").split(" ")
    ['4.5...mg', 'on', '1...Dec...2026']
    """
    whole = tied(words).replace("\u2060", "")  # the typeface has no word joiner
    whole = whole.replace(f" {UNCONFIRMED}", f"\u00a0{UNCONFIRMED}")
    whole = _WHOLE.sub(lambda found: found[0].replace(" ", "\u00a0"), whole)
    whole = _DATE.sub(lambda found: found[0].replace(" ", "\u00a0"), whole)
    return _LONG_WORD.sub(lambda found: _MAY_BREAK.join(_PIECE.findall(found[0])), whole)
