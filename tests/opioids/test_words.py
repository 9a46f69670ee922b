"""No output states or implies an opioid dose that would get through a block: every sentence there is, is read here."""

from __future__ import annotations

import ast
import json
import re
from importlib.resources import files

import pytest
from click.testing import CliRunner

from lowdose import Person
from lowdose.charts.opioid import effect_return
from lowdose.cli.opioid import command
from lowdose.opioids import (
    Setting,
    block_left,
    challenge_section,
    compare_challenges,
    document,
    effect_left,
    naloxone,
    opioid,
    opioids,
    withdrawal,
    words,
)

from .doses import DOSES, ON_BOARD

AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mg|mcg|µg|ug|micrograms?|milligrams?|g)\b", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"(higher|larger|bigger|greater|more|extra|additional|stronger|increased?|double|twice the|doubled)\s+"
    r"(amounts?|doses?|opioids?|oxycodone|morphine|fentanyl)"
    r"|\b(increas\w+|rais\w+|titrat\w+|escalat\w+|doubl\w+)\b"
    r"|dose[ _-]ratio|times the (dose|amount)|\bfold\b|equivalent dose|equianalgesic"
    r"|\b(enough|needed|required|necessary|sufficient)\s+to\s+(overcome|override|break|beat|get through|surmount)"
    r"|\bto (overcome|override|surmount|break through)\b|how much [^.]*(overcome|override)",
    re.IGNORECASE,
)
REGIMENS = ("0.5 mg once", "4.5 mg nightly at 22:00", "50 mg daily for 1 week")


def read(sentences, *typed):
    """Fails when a sentence names an amount that nobody typed, or words that point to one."""
    allowed = {found.groups() for text in typed for found in AMOUNT.finditer(text)}
    for sentence in sentences:
        named = {found.groups() for found in AMOUNT.finditer(sentence)}
        assert named <= allowed, f"{named - allowed} in: {sentence}"
        assert not FORBIDDEN.search(sentence), f"{FORBIDDEN.search(sentence)[0]!r} in: {sentence}"


def test_the_reader_itself_catches_what_it_must():
    for wrong in ("Take 40 mg instead.", "A higher dose works.", "The dose ratio is 3.", "Increase it.",
                  "40 mg would be enough to overcome it.", "more oxycodone"):  # fmt: skip
        with pytest.raises(AssertionError):
            read([wrong], "oxycodone 10 mg")


@pytest.mark.parametrize("name", list(opioids()))
@pytest.mark.parametrize("regimen", REGIMENS)
def test_effect_sentences_of_every_opioid_and_regimen(name, regimen):
    found = effect_left(DOSES[name], regimen, 20, setting=Setting(people=2))
    typed = (DOSES[name], found.regimen.canonical)
    read([*words.effect_sentences(found), *words.not_known(found)], *typed)
    said = document(found)
    read([*said["sentences"], *said["cautions"], *said["not_known"]], *typed)
    assert set(words.CAUTIONS) <= set(said["cautions"])


@pytest.mark.parametrize("cyp2d6", ["poor", "intermediate", "normal", "ultrarapid"])
@pytest.mark.parametrize("name", ["codeine", "tramadol"])
def test_sentences_of_every_cyp2d6_class(name, cyp2d6):
    found = effect_left(DOSES[name], "3 mg once", 8, setting=Setting(cyp2d6=cyp2d6))
    read(words.effect_sentences(found), DOSES[name], "3 mg once")


@pytest.mark.parametrize("name", list(opioids()))
def test_withdrawal_sentences_of_every_opioid(name):
    found = withdrawal(ON_BOARD[name], "1.5 mg once", setting=Setting(people=2))
    sentences = words.withdrawal_sentences(found)
    read([*sentences, *words.not_known(found)], ON_BOARD[name], "1.5 mg once")
    assert sentences[0].startswith("STOP")


@pytest.mark.parametrize("regimen", REGIMENS)
def test_block_sentences(regimen):
    found = block_left(regimen, 48, setting=Setting(people=3))
    read(words.block_sentences(found), found.regimen.canonical)


def test_naloxone_sentences():
    for text in ("naloxone 0.4 mg iv", "naloxone 0.4 mg intramuscular", "naloxone 4 mg intranasal"):
        read([*words.reversal_sentences(naloxone(text, setting=Setting(people=3))), *words.REVERSAL_NOT_KNOWN], text)


def test_challenges_name_only_what_was_published():
    page = challenge_section(compare_challenges())
    read(page.splitlines(), "25 mg", "50 mg", "100 mg", "150 mg")


def test_the_range_of_rivals_holds_every_band_and_the_earliest_is_named():
    found = effect_left("oxycodone 10 mg", "4.5 mg nightly at 22:00", 12, setting=Setting(people=20))
    text = " ".join(words.effect_sentences(found))
    lowest = min(rival.left.low for rival in found.rivals)
    highest = max(rival.left.high for rival in found.rivals)
    assert f"run from {words.share_words(lowest)} " in text
    assert f"to {words.share_words(highest)} (" in text
    soonest = min(rival.back_hours.low for rival in found.rivals)
    assert words.effect_sentences(found)[1].startswith(f"It may be back as early as {words.hours_words(soonest)} (")


def test_growth_of_receptors_is_always_said_and_never_as_a_ceiling():
    for regimen in ("0.1 mg once", "50 mg daily for 1 week"):
        text = " ".join(words.effect_sentences(effect_left("oxycodone 10 mg", regimen, 8)))
        assert "more strongly for a typical person in the model" in text
        assert "not measured and it may be more" in text
        assert "up to" not in text


def test_kidneys_and_liver_of_the_opioid_are_said_where_they_are_asked():
    plain, ill = (
        effect_left("morphine 15 mg", "3 mg once", 8, setting=Setting(person=p)) for p in (Person(), Person(crcl=20))
    )
    assert "change naltrexone alone" not in " ".join(words.effect_sentences(plain))
    assert "change naltrexone alone" in " ".join(words.effect_sentences(ill))


def test_what_was_understood_and_the_warning_of_the_route_are_printed():
    text = " ".join(words.effect_sentences(effect_left("fentanyl 25 mcg/h patch", "3 mg once", 8)))
    assert "Read as: fentanyl, a patch worn for 3 days." in text
    assert "only for people who are tolerant" in text


def test_cautions_say_the_three_things():
    text = " ".join(words.CAUTIONS)
    assert "can be overcome" in text
    assert "breathing can fail" in text
    assert "Tolerance is lower after naltrexone has been stopped" in text


def template_texts():
    """Every piece of text in the module of sentences, docstrings aside."""
    tree = ast.parse(files("lowdose.opioids").joinpath("words.py").read_text(encoding="utf-8"))
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    docs = {node.body[0].value for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)}
    docs |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    return [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n not in docs
    ]


def test_templates_hold_no_amount_and_no_hint():
    texts = template_texts()
    assert len(texts) > 60
    read(texts)


def test_what_the_data_say_to_people_holds_no_amount_and_no_hint():
    for name in opioids():
        entry = opioid(name)
        read(
            [
                entry.acts,
                entry.kept_out,
                *(way.warning for way in entry.routes.values()),
                *(activity.warning for activity in entry.cyp2d6.values()),
            ]
        )


def test_the_picture_names_only_what_was_typed():
    spec = effect_return("oxycodone 10 mg", "3 mg once", {}, "effect-site")
    read([spec["title"]["text"], spec["title"]["subtitle"]], "oxycodone 10 mg", "3 mg once")


@pytest.mark.parametrize(
    "arguments",
    [
        ["oxycodone 10 mg", "--after", "3 mg once", "--hours", "8", "--people", "2"],
        ["oxycodone 10 mg", "--after", "3 mg once", "--hours", "8", "--json"],
        ["block", "--after", "3 mg once", "--hours", "8"],
        ["withdrawal", "methadone 40 mg daily", "--then", "3 mg once"],
        ["withdrawal", "methadone 40 mg daily", "--then", "3 mg once", "--json"],
        ["withdrawal", "methadone 40 mg daily", "--then", "3 mg once", "--hours", "720"],
        ["withdrawal", "methadone 200 mg daily", "--then", "3 mg once"],
        ["withdrawal", "heroin 25 mg iv", "--then", "3 mg once"],
        ["naloxone", "naloxone 4 mg intranasal"],
        ["list"],
    ],
)
def test_everything_a_command_prints(arguments):
    out = CliRunner().invoke(command, arguments).output
    if "--json" in arguments:
        found = json.loads(out)
        found["inputs"]["opioid"].pop("numbers")  # sources of numbers name the doses of their studies
        out = json.dumps(found, ensure_ascii=False)
        assert "dose_ratio" not in out
    else:
        assert "The block can be overcome" in " ".join(out.split()) or arguments[0] == "list"
        if arguments[0] != "list":
            assert "breathing can fail" in " ".join(out.split())
            assert "Tolerance is lower after naltrexone has been stopped" in " ".join(out.split())
    read([" ".join(out.split())], *arguments)
