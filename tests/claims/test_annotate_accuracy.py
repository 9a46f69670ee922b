"""How many keyed sentences are found, and how many marks are right: on two articles and two texts made for the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lowdose.blocks import data
from lowdose.claims.annotate import Annotated, Mark, annotate

TEXTS = Path(__file__).parent / "texts"
ARTICLES = {"article_a": "article_A_selfhacked.txt", "article_b": "article_B_person_street_pharmacy.txt"}
OWN = ("clinic_blog", "patient_newsletter")
LEAST_RECALL = {"article_a": 0.80, "article_b": 0.65, "clinic_blog": 0.65, "patient_newsletter": 0.65}
LEAST_PRECISION = 0.90
LEAST_RIGHT_RELATION = 0.90
MOST_SHOWN_PLAINLY = 0.10
MOST_MARKS_ON_OTHER_DRUGS = 3


@dataclass(frozen=True)
class Keyed:
    """A sentence of a key: where it stands among the sentences, what it states."""

    at: int
    claims: frozenset[str]
    accepted: frozenset[str]
    relation: str
    span: bool


@dataclass(frozen=True)
class Figures:
    """What was found of what is keyed, and what of the marks is right."""

    name: str
    keyed: int
    found: int
    marks: int
    right: int
    related: int
    turned: int
    turned_plainly: int

    @property
    def recall(self) -> float:
        return self.found / self.keyed

    @property
    def precision(self) -> float:
        return self.right / self.marks

    def __str__(self) -> str:
        return (
            f"{self.name}: recall {self.found} of {self.keyed} = {self.recall:.1%}, precision {self.right} of "
            f"{self.marks} = {self.precision:.1%}, right relation {self.related} of {self.found}, "
            f"opposite or other number shown as a plain statement {self.turned_plainly} of {self.turned}"
        )


def one_blank(text: str) -> str:
    return " ".join(text.split())


def key_of(name: str, text: str, annotated: Annotated) -> list[Keyed]:
    """The key of a text, each entry at the sentence that begins with its first words, looked for in order."""
    texts = [one_blank(text[one.start : one.start + 400]).lstrip("•*- ") for one in annotated.sentences]
    keyed, last = [], 0
    for entry in data((TEXTS / f"{name}.key.yaml").read_text(encoding="utf-8")):
        start = one_blank(entry.get("start") or entry["sentence"]).lstrip("•*- ")
        order = [*range(last, len(texts)), *range(last)]
        at = next((i for i in order if texts[i].startswith(start)), None)
        at = next((i for i in order if start in texts[i]), None) if at is None else at
        assert at is not None, f"{name}: no sentence begins with {start!r}"
        last = at
        claims, also = frozenset(entry["claims"]), frozenset(entry.get("also") or ())
        keyed.append(Keyed(at, claims, claims | also, entry.get("relation", "states"), bool(entry.get("span"))))
    return keyed


def marks_for(one: Keyed, annotated: Annotated) -> list[Mark]:
    """Marks that find a keyed sentence: on it, or (a claim that spans sentences) on the one beside it."""
    sentences = annotated.sentences
    found = [mark for mark in sentences[one.at].marks if mark.claim in one.accepted]
    if not found and one.span:
        beside = [sentences[i] for i in (one.at - 1, one.at + 1) if 0 <= i < len(sentences)]
        found = [mark for other in beside for mark in other.marks if mark.claim in one.claims]
    return found


def figures(name: str, text: str) -> Figures:
    annotated = annotate(text, name=name)
    keyed = key_of(name, text, annotated)
    accepted: dict[int, set[str]] = {}
    for one in keyed:
        accepted.setdefault(one.at, set()).update(one.accepted)
    wanted = [one for one in keyed if one.claims]
    found = [(one, marks) for one in wanted if (marks := marks_for(one, annotated))]
    turned = [one for one in wanted if one.relation != "states"]
    all_marks = [(i, mark) for i, one in enumerate(annotated.sentences) for mark in one.marks]
    return Figures(
        name,
        len(wanted),
        len(found),
        len(all_marks),
        sum(mark.claim in accepted.get(i, ()) for i, mark in all_marks),
        sum(one.relation in {mark.relation for mark in marks} for one, marks in found),
        len(turned),
        sum(shown_plainly(one, annotated.sentences[one.at].marks) for one in turned),
    )


def shown_plainly(one: Keyed, marks: Sequence[Mark]) -> bool:
    return any(mark.claim in one.claims and mark.relation == "states" for mark in marks)


def check(name: str, text: str) -> None:
    measured = figures(name, text)
    print(f"\n{measured}")
    assert measured.recall >= LEAST_RECALL[name], str(measured)
    assert measured.precision >= LEAST_PRECISION, str(measured)
    assert measured.related >= LEAST_RIGHT_RELATION * measured.found, str(measured)
    assert measured.turned_plainly <= MOST_SHOWN_PLAINLY * measured.turned, str(measured)


@pytest.mark.conformance
@pytest.mark.parametrize("name", ARTICLES)
def test_an_article(name: str, references: Path) -> None:
    folder = references.parent / "sources"
    if not folder.is_dir():
        pytest.skip("the articles are not here")
    check(name, (folder / ARTICLES[name]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", OWN)
def test_a_text_written_for_the_test(name: str) -> None:
    check(name, (TEXTS / f"{name}.txt").read_text(encoding="utf-8"))


def test_the_own_texts_turn_claims_round() -> None:
    """A key of at least 60 sentences, 25 of them not from article A, with negations and other numbers among them."""
    entries = [one for name in OWN for one in data((TEXTS / f"{name}.key.yaml").read_text(encoding="utf-8"))]
    keyed = [one for one in entries if one["claims"]]
    assert len(keyed) >= 60
    assert sum(bool(one.get("beyond_a")) for one in keyed) >= 25
    assert {"opposite", "number differs"} <= {one["relation"] for one in keyed}


def test_other_drugs_are_left_alone() -> None:
    text = (TEXTS / "other_drugs.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    marks = [mark for one in annotate(text).sentences for mark in one.marks]
    print(f"\nother drugs: {len(marks)} marks on {len(lines)} sentences")
    assert len(lines) == 300
    assert len(marks) <= MOST_MARKS_ON_OTHER_DRUGS
    # Each line by itself as well: nothing is saved only by what stands around it.
    assert sum(bool(annotate(line).marked) for line in lines) <= MOST_MARKS_ON_OTHER_DRUGS
