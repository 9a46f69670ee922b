"""Passages of a text: paragraphs, list items and headings, their sentences, and where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lowdose.claims.annotate.references import heads_references, is_reference

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_BULLET = re.compile(r"\s*(?:[•◦‣▪●·–—*+-]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=\S)")
_NUMBERED = re.compile(r"\s*\(?\d{1,2}[.)]\s+(?=\S)")
_NOTE = re.compile(r"\s*\[[\d\s,;–-]*\]")
_DRUG = re.compile(r"\b(?:naltrexone|LDN)\b", re.I)
_MARKDOWN = re.compile(r"\s{0,3}(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"\s*(?:={3,}|-{3,}|_{3,}|\*{3,}|~{3,})\s*$")
_ENDS = re.compile(r"[.!?…][\"'”’»)\]*_\d\s]*(?:\[[\d\s,;–-]*\])?\s*$")
_ABBREVIATION = re.compile(
    r"(?:^|[^\w])(?:approx|et al|e\.g|i\.e|vs|fig|no|ca|cf|mg|prof|dr|mr|mrs|st|incl|resp|etc|max|min|vol|pp?)\.$",
    re.I,
)
_MOST_WORDS_OF_A_HEADING = 12
_MOST_LETTERS_OF_A_HEADING = 90
#: "Uncommon side effects:" is a heading; a longer line before a list is a sentence.
_MOST_WORDS_BEFORE_A_LIST = 6
_NUMBER_ENDS = re.compile(
    r"(?:(?<=[\s/-])\d{1,3}|(?<=hepatitis )C|(?<=[\s(])[A-Z]{2,5}s?|(?<=vitamin )[A-K])[.]\s+(?=[A-Z][A-Za-z’']*\s)"
)
_LEAST_WORDS = 3
_LARGEST_STEP = 20_000


@dataclass(frozen=True)
class Passage:
    """A paragraph, a list item, a heading, or a reference: one entry of a bibliography, never split.

    ``start`` and ``end`` are offsets in the text; ``headings`` are those above it, the nearest last; ``section`` counts
    the headings before it; ``list_of`` is the paragraph that leads a list in, by its place among the passages.
    """

    kind: str
    start: int
    end: int
    section: int = 0
    headings: tuple[str, ...] = ()
    list_of: int | None = None
    sentences: tuple[tuple[int, int], ...] = field(default=())


def passages(text: str) -> tuple[Passage, ...]:
    r"""Passages of a text in order, headings among them.

    Examples
    --------
    >>> found = passages("What is LDN?\n\nA drug. It is old.\n\n  * Cheap\n")
    >>> [(one.kind, one.headings, len(one.sentences)) for one in found]
    [('heading', (), 1), ('paragraph', ('What is LDN?',), 2), ('item', ('What is LDN?',), 1)]
    """
    return tuple(_sections(text, list(_blocks(text))))


@dataclass(frozen=True)
class _Block:
    kind: str
    start: int
    end: int
    level: int = 0


def _blocks(text: str) -> Iterator[_Block]:
    """Runs of lines that belong together, told apart by blank lines, bullets and the look of headings."""
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text)]
    group: list[tuple[int, int]] = []
    last = 0
    for start, end in lines:
        gap = text[last:start]
        blank = not text[start:end].strip()
        if blank or gap.replace("\r\n", "\n").count("\n") > 1 or any(mark in gap for mark in "\x0c\u2029"):
            yield from _group(text, group)
            group = []
        if not blank:
            group.append((start, end))
        last = end
    yield from _group(text, group)


def _group(text: str, lines: list[tuple[int, int]]) -> Iterator[_Block]:
    """Blocks of lines without a blank one between."""
    if len(lines) == 2 and _RULE.match(text[slice(*lines[1])]) and text[lines[1][0]] in "=-":
        yield _Block("heading", *_trim(text, *lines[0]), 1 if text[lines[1][0]] == "=" else 2)
        return
    lines = [line for line in lines if not _RULE.match(text[slice(*line)])]
    kept: list[tuple[int, int]] = []
    full = len(lines) > 1 and all(_ENDS.search(text[slice(*line)]) for line in lines)
    for at, (start, end) in enumerate(lines):
        line = text[start:end]
        markdown, bullet = _MARKDOWN.match(line), _BULLET.match(line)
        alone = len(lines) == 1 or (at == len(lines) - 1 and bool(_ENDS.search(text[slice(*lines[at - 1])])))
        alone = alone or (at == 0 and not _ENDS.search(line) and _is_shout(line))
        if markdown or (alone and _looks_like_heading(line)):
            yield from _joined(text, kept)
            kept = []
            from_here = start + (markdown.end() if markdown else 0)
            yield _Block("heading", *_trim(text, from_here, end), _level(line, markdown))
        elif bullet:
            yield from _joined(text, kept)
            kept = [(start + bullet.end(), end), (-1, -1)]
        elif full:
            yield from _joined(text, kept)
            kept = [(start, end)]
        else:
            kept.append((start, end))
    yield from _joined(text, kept)


def _joined(text: str, lines: list[tuple[int, int]]) -> Iterator[_Block]:
    kind = "item" if (-1, -1) in lines else "paragraph"
    lines = [line for line in lines if line != (-1, -1)]
    if lines:
        start, end = _trim(text, lines[0][0], lines[-1][1])
        if start < end:
            yield _Block(kind, start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - (len(inside) - len(inside.rstrip()))


def _is_shout(line: str) -> bool:
    return line.strip().isupper() and len(line.split()) <= _MOST_WORDS_OF_A_HEADING


def _looks_like_heading(line: str) -> bool:
    """Short, no full stop at its end, no reference, and not a bullet (a number before it is allowed)."""
    line = line.strip().strip("*_")
    if not line or len(line) > _MOST_LETTERS_OF_A_HEADING or len(line.split()) > _MOST_WORDS_OF_A_HEADING:
        return False
    if (_BULLET.match(line) and not _NUMBERED.match(line)) or is_reference(line):
        return False
    if _NOTE.sub("", line)[-1:] == ":" and len(line.split()) > _MOST_WORDS_BEFORE_A_LIST:
        return False
    begins = _NUMBERED.sub("", line)[:1]
    return bool(
        (line[-1] not in ".!,;…" and (begins.isupper() or begins.isdigit() or begins in "\"“'")) or _is_shout(line)
    )


def _level(line: str, markdown: re.Match[str] | None) -> int:
    if markdown:
        return len(markdown.group(1))
    if line.rstrip().endswith(":"):
        return 9
    return 7 if _NUMBERED.match(line) or _DRUG.search(line) else 8


def _sections(text: str, blocks: list[_Block]) -> Iterator[Passage]:
    """Passages with the headings above them; a heading right after a heading stands below it."""
    above: list[tuple[int, str]] = []
    section, lead, before = 0, None, ""
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            level = block.level
            if before == "heading" and above and level >= 7 and above[-1][0] >= level:
                level = above[-1][0] + 1
            above = [one for one in above if one[0] < level]
            yield _passage(text, block, section, above)
            above.append((level, text[block.start : block.end]))
            section += 1
        else:
            if block.kind == "paragraph":
                lead = at
            is_item = block.kind == "item" and lead is not None and before != "heading"
            yield _passage(text, block, section, above, lead if is_item else None)
        before = block.kind
        lead = None if block.kind == "heading" else lead


def _passage(
    text: str, block: _Block, section: int, above: list[tuple[int, str]], list_of: int | None = None
) -> Passage:
    headings = tuple(words for _, words in above)
    listed = bool(headings) and heads_references(headings[-1])
    if block.kind != "heading" and is_reference(text[block.start : block.end], listed=listed):
        whole = ((block.start, block.end),)
        return Passage("reference", block.start, block.end, section, headings, None, whole)
    inside = sentences(text, block.start, block.end)
    return Passage(block.kind, block.start, block.end, section, headings, list_of, inside)


def sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences between two offsets; an abbreviation before a full stop ends none.

    Examples
    --------
    >>> text = "In 2007 Smith et al. gave 4.5 mg. It helped."
    >>> [text[a:b] for a, b in sentences(text, 0, len(text))]
    ['In 2007 Smith et al. gave 4.5 mg.', 'It helped.']
    """
    from simplemma import split_sentences

    found: list[tuple[int, int]] = []
    for begin in range(start, end, _LARGEST_STEP):
        # A line of millions of letters is no prose: in steps the splitter stays fast.
        stop = min(end, begin + _LARGEST_STEP)
        at = begin
        for piece in split_sentences(text[begin:stop], lang="en"):
            place = text.find(piece, at, stop)
            if place < 0 or not piece.strip():
                continue
            a, b = _trim(text, place, place + len(piece))
            found += _at_numbers(text, a, b)
            at = b
    return tuple(_rejoined(text, found)) if found else (_trim(text, start, end),)


def _at_numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence that ends with a small number, which the splitter takes for an ordinal ("receptor 4. Our")."""
    for match in _NUMBER_ENDS.finditer(text, start, end):
        if len(text[start : match.start()].split()) >= _LEAST_WORDS:
            yield start, match.start() + len(match.group().rstrip())
            start = match.end()
    yield start, end


def _rejoined(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for start, end in pieces:
        if held is None:
            held = (start, end)
        elif _goes_on(text[slice(*held)], text[start:end]):
            held = (held[0], end)
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def _goes_on(sentence: str, following: str) -> bool:
    if re.fullmatch(r"[\[\](){}\d\s,;.–-]+", following):
        return True
    if not _ABBREVIATION.search(sentence[-12:]):
        return False
    is_unit = sentence[-3:].lower() == "mg."
    return not is_unit or following[:1].islower()
