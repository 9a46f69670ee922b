"""Nothing of the compiled evidence is lost: every id, every field, every number and word is in our data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lowdose.blocks import data
from lowdose.evidence.records.registry import Registry, registry

pytestmark = pytest.mark.conformance

BESIDE = "kept beside ours, word for word"
FIELDS = {
    # study: source field -> our field; what is not named here has the same name
    "condition": ("condition_words", "condition is an id now"),
    "design": ("design_words", "design is one of eleven words now"),
    "intervention.dose_mg_per_day": ("intervention.dose_mg_per_day.text", "a range in mg stands beside it"),
    "rob.overall": ("rob.overall_words", "where the tool has no such word; else rob.overall"),
    "use.meta_analysis": (
        "use.meta_analysis_words",
        "yes and no are words now; a condition for pooling keeps its words",
    ),
    "outcomes.derived_fields": ("outcomes.derivations.note", BESIDE),
    "outcomes.arms.individual_pre_post": ("outcomes.individuals", "people, not an arm"),
    "outcomes.effect.d": ("outcomes.effect.cohen_d", "the same thing under one name"),
    "safety": ("adverse_events.arms", "one block an event: events, total, pct"),
    "safety.summary": ("safety_summary", "text about all events"),
    "safety.prov": ("adverse_events.prov", "each event has its own"),
    "safety.p": ("adverse_events.p", "belongs to the event"),
    "safety.most_common": ("adverse_events.arms.others", "a word about an arm"),
    "safety.vivid_dreams": ("adverse_events.note", "one study has words, the others have counts"),
    "safety.fatigue": ("adverse_events.note", "words, no counts"),
    # review
    "results.RR": ("results.est", "measure says RR"),
    "results.RD": ("results.est", "measure says RD"),
    "results.I2": ("results.i2", "lower case"),
    "results.Q": ("results.q", "lower case"),
}
EVENTS = {
    # source key of safety -> the event's concept
    "any_AE": "any",
    "AE": "any",
    "AE_events": "any",
    "stopped_for_AE": "stopped",
    "stopped_diarrhoea_fatigue": "stopped",
    "SAE": "serious",
    "SAE_related": "serious",
    "SAE_pct_of_29": "serious",
    "major_AE": "serious",
    "significant_AE": "serious",
    "deaths": "death",
    "vivid_dreams": "vivid-dreams",
    "vivid_dreams_pct": "vivid-dreams",
    "headache_pct": "headache",
    "nausea_insomnia": "nausea",
    "sleep_disturbance": "sleep",
    "lab_abnormalities": "other",
    "fatigue": "fatigue",
    "neurological": "neurological",
    "gastrointestinal": "gastrointestinal",
    "short_lived": "other",
    "skin_irritation_pct": "skin",
}
KEPT_IN_OTHERS = {
    "wk26", "wk52", "range", "survived", "change_6mo", "change_9mo", "variance_explained", "within_p", "pct_change",
    "OIH", "FM", "CD", "UC", "pct", "between_p", "within_ldn_p", "within_placebo_p", "F", "df", "chi2",
    "beta", "fisher_p", "p_6mo", "p_9mo",
}  # fmt: skip
"""Fields of one study each: they keep their names in ``others``."""
USE = {True: "yes", False: "no"}


@pytest.fixture(scope="module")
def source(references: Path) -> dict[str, Any]:
    return data((references.parent / "science" / "evidence.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ours() -> Registry:
    return registry()


def leaves(value: Any) -> list[Any]:
    """Every scalar inside, with repeats; numbers as numbers, yes and no apart from 1 and 0."""
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in leaves(one)]
    if value is None:
        return []
    return [("bool", value) if isinstance(value, bool) else float(value) if isinstance(value, int) else value]


def test_counts_and_ids(source: dict[str, Any], ours: Registry) -> None:
    assert {one["id"] for one in source["studies"]} == set(ours.studies)
    assert {one["id"] for one in source["reviews"]} == set(ours.reviews)
    assert {one["id"] for one in source["ongoing"]} == set(ours.ongoing)
    assert set(source["sources"]) == set(ours.sources)
    assert (len(ours.studies), len(ours.reviews), len(ours.ongoing), len(ours.sources)) == (89, 17, 5, 149)
    assert sum(len(one.outcomes) for one in ours.studies.values()) == source["meta"]["counts"]["outcomes"] == 190


def test_counts_that_the_compilers_state(source: dict[str, Any], ours: Registry) -> None:
    stated = source["meta"]["counts"]
    groups = Counter(one.group for one in ours.studies.values())
    assert dict(groups) == stated["conditions_groups"]
    randomised = {name for name, one in ours.studies.items() if one.design.endswith("RCT")}
    # The Nigerian report calls itself randomised, but names no arm; the compilers did not count it.
    assert len(randomised - {"lodonal2016_nigeria"}) == stated["randomised_trials"]
    low = {name for name in randomised if ours.studies[name].intervention.dose_class == "LDN"}
    assert len(low - {"lodonal2016_nigeria"}) == stated["ldn_class_rcts"]


def test_every_leaf_of_every_study_is_there(source: dict[str, Any], ours: Registry) -> None:
    for one in source["studies"]:
        kept = Counter(leaves(ours.studies[one["id"]].model_dump()))
        used = one["use"]["meta_analysis"]
        wanted = Counter(leaves({**one, "use": {**one["use"], "meta_analysis": USE.get(used, used)}}))
        assert not wanted - kept, one["id"]


def test_every_field_of_an_outcome_stands_at_its_place(source: dict[str, Any], ours: Registry) -> None:
    for one in source["studies"]:
        for theirs, outcome in zip(one["outcomes"], ours.studies[one["id"]].outcomes, strict=True):
            kept = outcome.model_dump()
            for name in ("name", "instrument", "direction"):
                assert kept[name] == theirs[name]
            assert kept["primary"] == theirs.get("primary", False)
            assert kept["timepoint_wk"] == theirs.get("timepoint_wk")
            assert theirs.get("note", "") in kept["note"]
            assert same(kept["prov"], theirs["prov"]), one["id"]
            for name, value in theirs.get("effect", {}).items():
                field = "cohen_d" if name == "d" else name
                assert same(kept["effect"][field] if field in kept["effect"] else kept["effect"]["others"][name], value)
            for arm, values in theirs.get("arms", {}).items():
                for name, value in values.items() if isinstance(values, dict) else ():
                    held = kept["arms"][arm]
                    assert same(held[name] if held.get(name) is not None else held["others"][name], value)


def same(ours: Any, theirs: Any) -> bool:
    """Equal, where theirs may leave out what is empty."""
    if isinstance(theirs, dict):
        return all(same(ours[name], value) for name, value in theirs.items())
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return bool(ours == theirs)


def test_every_field_of_a_study_stands_at_its_place(source: dict[str, Any], ours: Registry) -> None:
    for one in source["studies"]:
        kept = ours.studies[one["id"]].model_dump()
        for name in ("id", "citation", "group", "n", "prov", "registration"):
            assert same(kept[name], one.get(name, [])), (one["id"], name)
        for name in ("blinding", "comparator", "washout_run_in", "population", "dropouts", "funding"):
            assert kept[name] == one.get(name, ""), (one["id"], name)
        for name, value in one["intervention"].items():
            held = kept["intervention"][name]
            assert same(held["text"] if name == "dose_mg_per_day" else held, value)
        assert (kept["condition_words"], kept["design_words"]) == (one["condition"], one["design"])
        assert one["rob"]["overall"] in (kept["rob"]["overall_words"], kept["rob"]["overall"])
        assert same(kept["rob"]["remarks"], one["rob"]["remarks"])
        assert kept["rob"]["basis"] == one["rob"]["basis"]
        assert kept["use"]["simulator_validation"] == one["use"].get("simulator_validation", "")


def test_every_adverse_event_is_there(source: dict[str, Any], ours: Registry) -> None:
    for one in source["studies"]:
        study = ours.studies[one["id"]]
        blocks = [(event.concept, Counter(leaves(event.model_dump()))) for event in study.adverse_events]
        for name, value in one.get("safety", {}).items():
            if name == "summary":
                assert study.safety_summary == value
            elif name in EVENTS:
                wanted = Counter(leaves(value))
                assert any(concept == EVENTS[name] and not wanted - held for concept, held in blocks), (one["id"], name)
            else:
                assert name in ("prov", "sae_prov", "p", "most_common"), (one["id"], name)


def test_every_leaf_of_every_review_trial_and_source_is_there(source: dict[str, Any], ours: Registry) -> None:
    for kind, kept in (("reviews", ours.reviews), ("ongoing", ours.ongoing)):
        for one in source[kind]:
            missing = Counter(leaves(one)) - Counter(leaves(kept[one["id"]].model_dump()))
            assert not {leaf for leaf in missing if leaf != ""}, one["id"]
    for name, one in source["sources"].items():
        # "corpus" said through which search a page was reached: nothing about the page.
        assert (ours.sources[name].title, ours.sources[name].url) == (one["title"], one["url"])
        assert set(one) <= {"title", "url", "corpus"}


def test_conventions_and_gaps_are_there(source: dict[str, Any], ours: Registry) -> None:
    kept = Counter(leaves(ours.meta.model_dump()))
    assert not Counter(leaves(source["meta"])) - kept


def test_every_field_name_of_the_source_has_its_field(source: dict[str, Any], ours: Registry) -> None:
    known = fields(ours)
    for kind in ("studies", "reviews", "ongoing"):
        for path in sorted(paths(source[kind])):
            last = path.rsplit(".", 1)[-1]
            if path.startswith("safety.") and path not in FIELDS:
                assert last in {*EVENTS, "sae_prov"}, path
                continue
            target, _ = FIELDS.get(path, (path, ""))
            assert target in known or last in KEPT_IN_OTHERS, f"{kind}: {path}"


def test_the_table_of_renamed_fields_is_not_idle(source: dict[str, Any], ours: Registry) -> None:
    used = {path for kind in ("studies", "reviews") for path in paths(source[kind])}
    assert set(FIELDS) <= used
    assert {target for target, _ in FIELDS.values()} <= fields(ours)
    assert {path.rsplit(".", 1)[-1] for path in used} >= {*KEPT_IN_OTHERS, *EVENTS}


NAMES_OF_THEIR_OWN = ("n.arms", "prov", "outcomes.arms", "adverse_events.arms")
"""Below these stand names that somebody chose: of arms, of blocks of provenance."""
GOES_NO_DEEPER = ("safety.", "outcomes.effect.within_p", "outcomes.effect.OIH", "outcomes.effect.FM")


def paths(value: Any, at: str = "") -> set[str]:
    """Names of all fields, without positions and without names that somebody chose."""
    if isinstance(value, (list, tuple)):
        return {path for one in value for path in paths(one, at)}
    if not isinstance(value, dict) or at.startswith(GOES_NO_DEEPER):
        return set()
    found: set[str] = set()
    for name, one in value.items():
        if at not in NAMES_OF_THEIR_OWN or name == "individual_pre_post":
            path = f"{at}.{name}".lstrip(".")
            found |= {path} | paths(one, path)
        elif isinstance(one, dict):
            found |= {f"{at}.{inner}" for inner in one}
    return found


def fields(ours: Registry) -> set[str]:
    """Names of all fields of ours, in the same way."""
    return {
        path
        for kind in (ours.studies, ours.reviews, ours.ongoing)
        for path in paths([one.model_dump() for one in kind.values()])
    }
