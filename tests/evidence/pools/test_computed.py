"""The computed pools: as the data gives them today, complete, and read without the pooling library."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest

from lowdose.evidence.pools.compute import document, write
from lowdose.evidence.pools.computed import computed, inputs
from lowdose.evidence.pools.questions import questions

STALE = "data/computed.json is older than the data: python -m lowdose.evidence.pools.compute"


def differences(here: Any, there: Any, where: str = "") -> list[str]:
    """Where two documents differ; numbers may by 1e-7 of their size, or absolutely below 1."""
    if isinstance(here, dict) and isinstance(there, dict):
        if list(here) != list(there):
            return [f"{where}: {sorted(set(here) ^ set(there)) or 'another order'}"]
        return [one for key in here for one in differences(here[key], there[key], f"{where}.{key}")]
    if isinstance(here, list) and isinstance(there, list):
        if len(here) != len(there):
            return [f"{where}: {len(here)} and {len(there)} items"]
        pairs = enumerate(zip(here, there, strict=True))
        return [one for at, pair in pairs for one in differences(*pair, f"{where}.{at}")]
    numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (here, there))
    if numbers and math.isclose(here, there, rel_tol=1e-7, abs_tol=1e-7):
        return []
    return [] if here == there else [f"{where}: {here!r} and {there!r}"]


@pytest.fixture(scope="module")
def anew() -> dict[str, Any]:
    return json.loads(json.dumps(document()))


def test_the_file_is_what_the_data_gives(anew):
    assert computed()["inputs"] == inputs(), STALE
    assert differences(computed(), anew) == [], STALE


def test_differences_are_seen():
    assert differences({"a": 1.0}, {"a": 1.0 + 1e-9}) == []
    assert differences({"a": 1.0}, {"a": 1.0 + 1e-5}) == [".a: 1.0 and 1.00001"]
    assert differences({"a": [1]}, {"a": [1, 2]}) == [".a: 1 and 2 items"]
    assert differences({"a": 1}, {"b": 1}) != []
    assert differences({"a": None}, {"a": 0.0}) == [".a: None and 0.0"]


def test_every_question_is_answered_in_order():
    assert list(computed()["questions"]) == list(questions())
    assert computed()["schema"] == "lowdose.pools/1"
    for name, found in computed()["questions"].items():
        assert found["question"]["id"] == name
        assert (found["pool"] is None) == (found["entries"] == [])
        assert found["entries"] or found["unusable"], f"{name}: nothing at all is known"
        assert found["warnings"], name


def test_weights_sum_to_one_and_belong_to_the_entries():
    for found in computed()["questions"].values():
        if found["pool"]:
            assert sum(found["pool"]["weights"].values()) == pytest.approx(1)
            assert list(found["pool"]["weights"]) == [entry["study"] for entry in found["entries"]]
            assert [entry["weight"] for entry in found["entries"]] == list(found["pool"]["weights"].values())


def test_ratios_are_shown_as_ratios():
    for found in computed()["questions"].values():
        for shown in [found["pool"], *found["entries"]]:
            if shown:
                value = shown["estimate"]
                ratio = (found["question"]["measure"]) in ("RR", "OR")
                assert shown["shown"]["estimate"] == pytest.approx(math.exp(value) if ratio else value, rel=1e-8)


def test_fibromyalgia_says_how_each_trial_moves_the_answer():
    found = computed()["questions"]["fibromyalgia.pain"]
    assert found["pool"]["k"] == 3
    assert round(found["pool"]["estimate"], 2) == -0.18
    moved = {one["study"]: (round(one["pool"]["estimate"], 2), one["says"]) for one in found["leave_one_out"]}
    assert moved["rodriguez_freire2026_INNOVA"][0] == -0.36
    assert moved["rodriguez_freire2026_INNOVA"][1].endswith("it pulls the answer towards placebo")
    assert moved["younger2013_fm"][1].endswith("it pulls the answer towards the drug")
    assert list(found["correlations"]) == ["0.3", "0.5", "0.7"]
    assert found["only_found"]["pool"]["k"] == 2
    assert [one["study"] for one in found["only_found"]["removed"]] == ["younger2013_fm"]
    assert [one["study"] for one in found["sensitivity"]["added"]] == ["younger2009_fm"]
    assert found["also"]["MD"]["pool"]["k"] == 2
    assert found["beyond_mid"]["value"] == 0.5
    assert 0 < found["beyond_mid"]["probability"] < 0.5


def test_two_trials_have_both_other_pools():
    two = [found for found in computed()["questions"].values() if found["pool"] and found["pool"]["k"] == 2]
    assert two
    for found in two:
        assert found["common"]["model"] == "common"
        assert found["hksj"]["ci_method"] == "hksj"
        assert "fragile" in found["warnings"][0]


def test_a_zero_cell_has_peto_beside_it():
    found = computed()["questions"]["hiv.infection"]
    assert found["peto"]["shown"]["estimate"] == pytest.approx(0.0697, abs=1e-4)
    assert any("Peto's odds ratio 0.07 (0.01 to 0.46)" in said for said in found["notes"])


def test_reading_is_light():
    code = (
        "import sys; from lowdose.evidence.pools.computed import computed; computed();"
        "print([m for m in ('numpy', 'scipy', 'pandas', 'meta_analyze') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_file_is_rounded_and_has_no_infinities(tmp_path, anew):
    write(tmp_path / "pools.json")
    text = (tmp_path / "pools.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} in the file")) == anew
    assert all(len(word.strip("-0.").replace(".", "").split("e")[0]) <= 11 for word in text.split() if "." in word[:2])


def test_the_hash_follows_the_data(tmp_path):
    (tmp_path / "studies").mkdir()
    (tmp_path / "questions.yaml").write_text("a")
    (tmp_path / "studies" / "one.yaml").write_text("b")
    first = inputs(tmp_path)
    (tmp_path / "studies" / "one.yaml").write_text("c")
    second = inputs(tmp_path)
    (tmp_path / "studies" / "one.yaml").rename(tmp_path / "studies" / "two.yaml")
    assert len({first, second, inputs(tmp_path)}) == 3


def test_a_trial_pulls_adverse_events_towards_more_or_fewer_never_towards_a_side() -> None:
    said = [left["says"] for left in computed()["questions"]["any.any-adverse-event"]["leave_one_out"]]
    assert said
    assert all("with the drug" in line or "it pulls" not in line for line in said)
