"""The medicine tables: whole, consistent, honest about where they come from, and read back to the same ingredient."""

from importlib.resources import files

import pytest

from lowdose.blocks import data
from lowdose.errors import NotFound
from lowdose.safety.medicines import FORMS, forms_of, in_set, ingredient, ingredients, recognise, sets
from lowdose.safety.medicines.near import gravest
from lowdose.safety.medicines.reading import index, squashed
from lowdose.safety.medicines.table import names

ROOM = files("lowdose.safety.medicines")
ROWS = data((ROOM / "ingredients.yaml").read_text(encoding="utf-8"))["ingredients"]
CODED = [row for row in ROWS if row.get("provenance") != "recalled"]

# Written here and not read from the table: what left the index of 2021 under another code.
FORMER = {
    "sirolimus": "L04AA10",
    "everolimus": "L04AA18",
    "leflunomide": "L04AA13",
    "teriflunomide": "L04AA31",
    "vedolizumab": "L04AA33",
    "natalizumab": "L04AA23",
    "ocrelizumab": "L04AA36",
    "ofatumumab": "L01XC10",
    "alemtuzumab": "L04AA34",
    "belimumab": "L04AA26",
    "rituximab": "L01XC02",
    "tofacitinib": "L04AA29",
    "baricitinib": "L04AA37",
    "upadacitinib": "L04AA44",
    "filgotinib": "L04AA45",
    "fingolimod": "L04AA27",
    "ozanimod": "L04AA38",
    "siponimod": "L04AA42",
}
UNSURE = ("29899", "56795", "73032", "3304", "616739", "1043", "1112973", "1310520", "2047232", "2121085", "6417")
NO_BRAND = {  # nobody sells these under a brand, or none that we know
    "kratom (mitragynine)",
    "7-hydroxymitragynine",
    "nitazenes",
    "fentanyl analogues",
    "novel synthetic opioids",
    "O-desmethyltramadol",
    "cebranopadol",
    "properidine",
    "poppy tea",
    "akuamma",
    "samidorphan",  # only together with olanzapine
}


def inside(written):
    found = recognise(written)
    return found.state, {each.name for each in found.ingredients}


def test_the_159_coded_medicines_are_here():
    assert len(CODED) == 159
    assert sum("rxnorm" in row for row in CODED) == 84
    assert sum(row.get("rxnorm", {}).get("certainty") == "certain" for row in CODED) == 41


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_name_and_code_is_read_back(row):
    codes = [*row.get("atc", ()), *row.get("atc_former", ())]
    codes += [f"{system} {row['rxnorm']['code']}" for system in ("RxNorm", "rxcui") if "rxnorm" in row]
    for written in (row["name"], *row.get("also", ()), *codes, *(code.lower() for code in codes)):
        state, held = inside(written)
        assert (state, row["name"] in held) == ("recognised", True), written
    for written in row.get("ask", ()):
        assert recognise(written).state == "confirm"
        assert row["name"] in {each.name for each in recognise(written, confirmed=row["name"]).ingredients}


@pytest.mark.parametrize(("name", "code"), FORMER.items())
def test_a_former_code_still_means_the_same(name, code):
    assert inside(code) == ("recognised", {name})
    assert ingredient(name).atc_former == (code,)


@pytest.mark.parametrize("code", UNSURE)
def test_an_unsure_code_neither_ships_nor_matches(code):
    assert code not in {each.rxnorm for each in ingredients().values()}
    for written in (code, f"RxNorm {code}"):
        assert inside(written) == ("unrecognised", set())


def test_a_bare_rxnorm_number_is_asked_about():
    assert recognise("7804").state == "confirm"
    assert inside("oxycodone 7052") == ("recognised", {"oxycodone"})  # a number beside a name is no code


def test_every_row_of_every_table_is_read_back():
    for name in names():
        found = recognise(name.written)
        if found.state == "recognised":
            assert set(name.ingredients) <= {each.name for each in found.ingredients}, name.written
        else:
            assert found.state == "confirm", name.written
            assert recognise(name.written, confirmed=" and ".join(name.ingredients)).state == "recognised"


def test_only_names_that_are_open_are_asked_about():
    asked = {each.written for each in names() if not each.ask and recognise(each.written).state != "recognised"}
    assert asked == {"Tylenol", "Endoxan", "Lofene", "THC"}  # one letter from a graver name


def test_a_name_held_twice_is_open():
    for key, meanings in index().items():
        if len({frozenset(each.ingredients) for each in meanings}) > 1:
            assert all(each.ask for each in meanings), key
    asked = {}
    for name in names():
        assert asked.setdefault((squashed(name.written), frozenset(name.ingredients)), name.ask) == name.ask, name


@pytest.mark.parametrize("table", ["brands.yaml", "other_brands.yaml"])
def test_the_brand_tables_are_sound(table):
    content = data((ROOM / table).read_text(encoding="utf-8"))
    assert content["schema"] == "lowdose.medicine-names/1"
    assert content["reviewed_by"] is None
    for group in content["groups"]:
        known = {"ingredients", "form", "brands", "also", "combinations", "street", "ask", "found"}
        assert set(group) <= known, group
        assert set(group["ingredients"]) <= set(ingredients())
        assert group.get("form", "ir") in FORMS
        held = [str(each) for region in group.get("brands", {}).values() for each in region]
        held += [str(each) for kind in ("also", "combinations", "street") for each in group.get(kind, ())]
        assert held
        assert {str(each) for each in group.get("ask", ())} <= set(held), group
        for page, seen in group.get("found", {}).items():
            assert content["pages"][page].startswith("http")
            assert {str(each) for each in seen} <= set(held), group


def test_each_name_says_where_it_comes_from():
    for name in names():
        assert name.provenance in ("found", "recalled")
        assert (name.provenance == "found") <= (bool(name.url) or "code" in name.kind)


def test_every_opioid_has_a_brand_but_those_named_here():
    branded = {each for name in names() if name.kind == "brand name" for each in name.ingredients}
    branded |= {part for each in branded for part in ingredient(each).parts if part != "samidorphan"}
    antagonists = {"opioid_antagonist", "opioid_antagonist_combination", "peripheral_opioid_antagonist"}
    wanted = {name for name, each in ingredients().items() if gravest([name]) or antagonists & set(each.classes)}
    assert len(wanted) > 70
    assert wanted - branded == NO_BRAND


def test_every_opioid_that_waits_has_a_class():
    for each in ingredients().values():
        if in_set(each, "opioid_washout"):
            assert each.washout_class in ("short", "long"), each.name
        else:
            assert each.washout_class in ("none", ""), each.name


@pytest.mark.parametrize(
    ("name", "held", "kept_out"),
    [
        (
            "opioid_systemic",
            "codeine, levorphanol, tianeptine, viminol, opium, kratom (mitragynine), methadone, alfentanil, nitazenes",
            "lofexidine, noscapine, dextromethorphan, dimemorfan, loperamide, pentazocine, pholcodine, naloxone",
        ),
        (
            "opioid_washout",
            "pentazocine, pholcodine, butorphanol, codeine, levorphanol, kratom (mitragynine)",
            "lofexidine, noscapine, dextromethorphan, dimemorfan, loperamide, clonidine, difelikefalin, paracetamol",
        ),
        ("opioid_gut", "loperamide, diphenoxylate, difenoxin, eluxadoline, trimebutine", "opium, codeine"),
        ("opioid_mixed", "nalbuphine, dezocine", "buprenorphine"),
        (
            "opioid_antagonist_other",
            "bupropion and naltrexone, olanzapine and samidorphan, samidorphan, nalmefene",
            "naltrexone, naloxone, bupropion, oxycodone and naltrexone",
        ),
        ("naltrexone_xr", "naltrexone", "naloxone"),
        ("tianeptine", "tianeptine, kratom (mitragynine), 7-hydroxymitragynine", "sertraline"),
        ("thyroid_hormone", "levothyroxine, liothyronine", "thiamazole, iodine"),
        ("dopaminergic", "levodopa, apomorphine, foslevodopa and decarboxylase inhibitor", "bupropion"),
        ("sedative", "diazepam, quetiapine, thioridazine, melatonin, trazodone, pregabalin", "sertraline, cetirizine"),
        (
            "sedating_antihistamine",
            "diphenhydramine, promethazine, chlorphenamine, doxylamine, cyproheptadine, cinnarizine, meclozine",
            "cetirizine, loratadine, fexofenadine, levocetirizine, desloratadine, bilastine",
        ),
        ("cannabinoid", "cannabis, nabilone, dronabinol, nabiximols, cannabidiol", "palmitoylethanolamide"),
        (
            "checkpoint_inhibitor",
            "pembrolizumab, nivolumab, ipilimumab, atezolizumab, durvalumab, avelumab, cemiplimab, dostarlimab",
            "rituximab, adalimumab, siltuximab",
        ),
        ("immunosuppressant_transplant", "tacrolimus, sirolimus", "adalimumab, methotrexate"),
        ("alpha_lipoic_acid", "thioctic acid", "vitamin C"),
    ],
)
def test_sets_hold_what_the_rules_mean(name, held, kept_out):
    assert [each for each in held.split(", ") if not in_set(ingredient(each), name)] == []
    assert [each for each in kept_out.split(", ") if in_set(ingredient(each), name)] == []


def test_sets_are_evaluated_by_prefix_code_exclusion_class_and_name():
    from lowdose.safety.medicines.table import Ingredient, MedicineSet

    by_code = MedicineSet(
        atc_prefixes=("N02A",), atc=("N06AX14",), not_atc=("N02AX99",), names=("lone",), not_classes=("out",)
    )
    assert by_code.holds(Ingredient("a", atc=("N02AX01",)))
    assert by_code.holds(Ingredient("a", atc_former=("N06AX14",)))
    assert by_code.holds(Ingredient("lone"))
    assert not by_code.holds(Ingredient("a", atc=("N02AX99",)))
    assert not by_code.holds(Ingredient("a", classes=("out",), atc=("N02AX01",)))
    assert not by_code.holds(Ingredient("a", atc=("N06AX1",)))
    assert not MedicineSet().holds(Ingredient("a", atc=("N02AX01",)))


def test_forms_and_unknown_names():
    assert forms_of("naltrexone_xr") == ("depot", "implant")
    assert forms_of("opioid_systemic") == ()
    for wrong in (
        lambda: in_set(ingredient("codeine"), "opioids"),
        lambda: forms_of("x"),
        lambda: ingredient("codein"),
    ):
        with pytest.raises(NotFound):
            wrong()
    assert len(sets()) == 33
