"""What people write in a medicine list: products, salts, codes, combinations, street names, and what must be asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.safety.medicines import FORMS, in_set, ingredients, recognise
from lowdose.safety.medicines.reading import index


def inside(written):
    return {each.name for each in recognise(written).ingredients}


PRODUCTS = {
    "Percocet": ({"oxycodone", "paracetamol"}, "ir"),
    "Vicodin": ({"hydrocodone", "paracetamol"}, "ir"),
    "Norco": ({"hydrocodone", "paracetamol"}, "ir"),
    "Suboxone": ({"buprenorphine", "naloxone"}, "ir"),
    "OxyContin": ({"oxycodone"}, "er"),
    "Contrave": ({"bupropion and naltrexone", "bupropion", "naltrexone"}, "er"),
    "Mysimba": ({"bupropion and naltrexone", "bupropion", "naltrexone"}, "er"),
    "Lybalvi": ({"olanzapine and samidorphan", "olanzapine", "samidorphan"}, "unknown"),
    "Troxyca ER": ({"oxycodone and naltrexone", "oxycodone", "naltrexone"}, "er"),
    "Embeda": ({"morphine", "naltrexone"}, "er"),
    "co-codamol": ({"codeine", "paracetamol"}, "ir"),
    "co-dydramol": ({"dihydrocodeine", "paracetamol"}, "ir"),
    "Tylenol with codeine": ({"codeine", "paracetamol"}, "ir"),
    "Tylenol #3": ({"codeine", "paracetamol"}, "ir"),
    "Imodium": ({"loperamide"}, "unknown"),
    "Lomotil": ({"diphenoxylate", "atropine"}, "unknown"),
    "Targin": ({"oxycodone", "naloxone"}, "er"),
    "Targiniq": ({"oxycodone", "naloxone"}, "er"),
    "Ultracet": ({"tramadol", "paracetamol"}, "ir"),
    "Zaldiar": ({"tramadol", "paracetamol"}, "ir"),
    "Panadeine Forte": ({"codeine", "paracetamol"}, "ir"),
    "Nurofen Plus": ({"codeine", "ibuprofen"}, "ir"),
    "Solpadeine": ({"codeine", "paracetamol", "caffeine"}, "ir"),
    "MST Continus": ({"morphine"}, "er"),
    "Oramorph": ({"morphine"}, "ir"),
    "Butrans": ({"buprenorphine"}, "patch"),
    "Duragesic": ({"fentanyl"}, "patch"),
    "Actiq": ({"fentanyl"}, "ir"),
    "Sublocade": ({"buprenorphine"}, "depot"),
    "Brixadi": ({"buprenorphine"}, "depot"),
    "Probuphine": ({"buprenorphine"}, "implant"),
    "Vivitrol": ({"naltrexone"}, "depot"),
    "Selincro": ({"nalmefene"}, "unknown"),
    "Nyxoid": ({"naloxone"}, "unknown"),
    "Movantik": ({"naloxegol"}, "unknown"),
    "Stablon": ({"tianeptine"}, "unknown"),
    "Debridat": ({"trimebutine"}, "unknown"),
    "Dividol": ({"viminol"}, "unknown"),
    "Levo-Dromoran": ({"levorphanol"}, "unknown"),
    "Prograf": ({"tacrolimus"}, "unknown"),
    "Humira": ({"adalimumab"}, "unknown"),
    "Antabuse": ({"disulfiram"}, "unknown"),
    "Synthroid": ({"levothyroxine"}, "unknown"),
    "Sinemet": ({"levodopa"}, "unknown"),
    "Mellaril": ({"thioridazine"}, "unknown"),
}


@pytest.mark.parametrize(("written", "held"), PRODUCTS.items())
def test_products(written, held):
    found = recognise(written)
    assert (found.state, {each.name for each in found.ingredients}, found.form) == ("recognised", *held)


@pytest.mark.parametrize(
    ("written", "held", "form"),
    [
        ("Oxycodone hydrochloride 5 mg tablets", {"oxycodone"}, "unknown"),
        ("OXYCODONE®", {"oxycodone"}, "unknown"),
        ("oxycodone immediate-release", {"oxycodone"}, "ir"),
        ("morphine sulfate MR 30mg bd", {"morphine"}, "er"),
        ("Codéine phosphate 30 mg", {"codeine"}, "unknown"),
        ("buprenorphine/naloxone", {"buprenorphine", "naloxone"}, "unknown"),
        ("hydrocodone-acetaminophen 5-325", {"hydrocodone", "paracetamol"}, "unknown"),
        ("Cocodamol 30/500", {"codeine", "paracetamol"}, "ir"),
        ("fentanyl patch 25 micrograms/h", {"fentanyl"}, "patch"),
        ("fentanyl lozenge", {"fentanyl"}, "ir"),
        ("Percocet® 5/325, 1 tablet prn", {"oxycodone", "paracetamol"}, "ir"),
        ("codeine (Zapain)", {"codeine", "paracetamol"}, "ir"),
        ("Tylenol (paracetamol)", {"paracetamol"}, "unknown"),
        ("naltrexone HCl and bupropion HCl", {"bupropion and naltrexone", "bupropion", "naltrexone"}, "unknown"),
        ("Buprenorphine weekly injection", {"buprenorphine"}, "depot"),
        ("naltrexone 50 mg tablets", {"naltrexone"}, "ir"),
        ("naltrexone injection", {"naltrexone"}, "depot"),
        ("LDN 4.5 mg at night", {"naltrexone"}, "ir"),
        ("N02AJ22", {"hydrocodone", "paracetamol"}, "unknown"),
        ("Nurofen Plus 2 tabs", {"codeine", "ibuprofen"}, "ir"),
        ("codeine syrup", {"codeine"}, "unknown"),
        ("fentanyl Pflaster 25 µg/h", {"fentanyl"}, "patch"),
        ("Tylenol w/ codeine", {"codeine", "paracetamol"}, "unknown"),
        ("kratom", {"kratom (mitragynine)"}, "unknown"),
        ("percs", {"oxycodone", "paracetamol"}, "unknown"),
        ("heroin", {"diamorphine"}, "unknown"),
        ("Levothyroxine 100 micrograms once daily", {"levothyroxine"}, "unknown"),
    ],
)
def test_words_around_a_name(written, held, form):
    found = recognise(written)
    assert (found.state, {each.name for each in found.ingredients}, found.form) == ("recognised", held, form)


@pytest.mark.parametrize("written", ["H", "subs", "done", "dope", "lean", "oxy", "T3", "tabs", "D", "smack", "syrup"])
def test_short_and_everyday_words_are_asked_about(written):
    found = recognise(written)
    assert (found.state, found.ingredients) == ("confirm", ())
    assert found.near
    assert recognise(written, confirmed=found.near[0]).state == "recognised"


@pytest.mark.parametrize(
    "written", ["foobarine", "zorblaxin", "quivenol", "skelovate", "wibblemycin", "", "   ", "5 mg", "12345", "L04AC99"]
)
def test_what_nobody_knows_is_unrecognised(written):
    found = recognise(written)
    assert (found.state, found.ingredients, found.near) == ("unrecognised", (), ())
    assert found.how


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("paracetamol and foobarine", {"paracetamol"}),
        ("foobarine/oxycodone 5 mg", {"oxycodone"}),
        ("no codeine", {"codeine"}),
        ("oxycodone or tramadol", {"oxycodone", "tramadol"}),
    ],
)
def test_a_part_that_is_not_known_keeps_the_whole_open(written, held):
    found = recognise(written)
    assert found.state != "recognised"
    assert {each.name for each in found.ingredients} == held  # the known parts stay, so that an opioid among them stops


ORDINARY = """
Atorvastatin 20mg ON; Amlodipine 5 mg once daily; Metformin 500mg bd; Sertraline 100 mg; Losartan potassium 50 mg;
Vitamin D3 1000 IU; Levothyroxine 75 mcg; Symbicort 200/6 inhaler 2 puffs bd; Omeprazole 20 mg gastro-resistant
capsules; Magnesium glycinate; Ibuprofen 400 mg prn; Mirena coil; Fluticasone nasal spray; Folic acid 5 mg weekly;
Gabapentin 300 mg TDS; Methotrexate 15 mg weekly; Hydroxychloroquine 200 mg; Evorel Conti patches; L-Thyroxin 75;
Novaminsulfon 500; Armour Thyroid; Pregabalin; Duloxetine 60 mg; Humira 40 mg every 2 weeks; Prednisolone 5 mg; Fish
oil; Multivitamin; Combined pill; Xolair; Salbutamol 100 micrograms/dose inhaler; Low dose naltrexone 1.5 mg
capsules; Melatonin 2 mg; Cetirizine 10 mg; Epsom salts
"""


@pytest.mark.parametrize("written", [each.strip() for each in ORDINARY.split(";")])
def test_an_ordinary_list_needs_no_question(written):
    found = recognise(written)
    assert found.state == "recognised"
    assert not any(in_set(each, "opioid_washout") for each in found.ingredients)


@pytest.mark.parametrize("written", ["lofexidine", "noscapine", "dextromethorphan", "dimemorfan", "Delsym", "Lucemyra"])
def test_neighbours_are_not_taken_for_opioids(written):
    found = recognise(written)
    assert found.state == "recognised"
    assert not any(in_set(each, "opioid_washout") for each in found.ingredients)


@pytest.mark.parametrize(
    "written", ["tianeptine", "viminol", "trimebutine", "levorphanol", "kratom", "7-OH", "isotonitazene"]
)
def test_opioids_outside_the_prefixes_are_caught(written):
    found = recognise(written)
    assert found.state == "recognised"
    assert any(in_set(each, "opioid_washout") or in_set(each, "opioid_gut") for each in found.ingredients)


def test_a_confirmation_settles_an_open_entry():
    found = recognise("oxycodon", confirmed="oxycodone")
    assert (found.state, inside("oxycodone")) == ("recognised", {each.name for each in found.ingredients})
    assert 'confirmed as "oxycodone"' in found.how
    found = recognise("subs", confirmed="Sublocade")
    assert ([each.name for each in found.ingredients], found.form) == (["buprenorphine"], "depot")
    found = recognise("paracetamol and codiene", confirmed="codeine")
    assert {each.name for each in found.ingredients} == {"paracetamol", "codeine"}
    assert [each.name for each in recognise("foobarine", confirmed="codeine").ingredients] == ["codeine"]


def test_a_confirmation_never_overrules_a_recognised_entry():
    found = recognise("OxyContin", confirmed="paracetamol")
    assert (found.state, [each.name for each in found.ingredients]) == ("recognised", ["oxycodone"])
    assert "was not taken" in found.how
    assert recognise("Percocet", confirmed="oxycodone") == recognise("Percocet")


@pytest.mark.parametrize("answer", ["codein", "H", "foobarine"])
def test_an_answer_that_is_itself_open_settles_nothing(answer):
    found = recognise("foobarine", confirmed=answer)
    assert (found.state, found.ingredients) == ("unrecognised", ())
    assert "itself not recognised" in found.how
    assert recognise("codeine", confirmed="  ") == recognise("codeine")


@pytest.mark.parametrize(
    ("written", "said", "form"),
    [
        ("oxycodone", "er", "er"),
        ("oxycodone", None, "unknown"),
        ("oxycodone", "unknown", "unknown"),
        ("Percocet", "unknown", "ir"),
        ("OxyContin", "ir", "er"),
        ("Oramorph", "er", "er"),
        ("Butrans", "depot", "depot"),
        ("buprenorphine injection", "ir", "ir"),
    ],
)
def test_of_two_forms_the_more_cautious_counts(written, said, form):
    assert recognise(written, form=said).form == form


def test_an_unknown_form_is_an_error():
    with pytest.raises(InvalidInput, match="no release form"):
        recognise("oxycodone", form="tablet")


def test_what_is_offered_can_be_given_back():
    for written in ("percoset", "tramadl", "T3", "Tylenol", "coedine", "imodiam", "kratum"):
        for offered in recognise(written).near:
            assert recognise(written, confirmed=offered).state == "recognised", (written, offered)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_nothing_is_taken_that_is_not_in_the_tables(written):
    found = recognise(written)
    assert found.written == written
    assert found.form in FORMS
    assert (found.state == "recognised") <= bool(found.ingredients)
    assert (found.state == "confirm") <= bool(found.near)
    assert all(each.name in ingredients() for each in found.ingredients)


@given(
    st.sampled_from(sorted(index())),
    st.sampled_from(["", "5 mg", "tablets", "®", "hydrochloride", "bd"]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_strength_form_mark_and_case_change_nothing(key, beside, capitals):
    written = f"{key.upper() if capitals else key} {beside}"
    alone, dressed = recognise(key), recognise(written)
    if alone.state == "recognised":
        assert set(alone.ingredients) <= set(dressed.ingredients)


@pytest.mark.parametrize("written", ["oxycodnoe", "morphin", "codein"])
def test_of_names_equally_near_the_ingredient_comes_first(written):
    assert recognise(written).near[0] in ("oxycodone", "morphine", "codeine")
