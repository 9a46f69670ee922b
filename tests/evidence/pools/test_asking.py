"""One question asked with one's own choices."""

from __future__ import annotations

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.exports.documents import pool_page
from lowdose.evidence.pools.asking import Looks, ask, ask_table, question_for
from lowdose.evidence.pools.computed import computed
from lowdose.evidence.pools.questions import questions

PAIN = question_for("FM", "pain")


@pytest.mark.parametrize("name", questions())
def test_every_question_can_be_asked_for(name):
    condition, outcome = name.split(".")
    assert question_for(condition, outcome).id == name


def test_a_wider_question_answers_where_there_is_no_own():
    assert question_for("arthritis", "pain").id == "chronic-pain.pain"
    assert question_for("fibromyalgia", "pain").id == "fibromyalgia.pain"


@pytest.mark.parametrize(
    ("condition", "outcome", "words"),
    [
        ("FM", "pian", "did you mean pain"),
        ("FM", None, "say which: pain, response"),
        ("crohn", "response", "response-70"),
        ("psoriasis", "skin", "no question to pool"),
        ("fibromyalga", "pain", "did you mean fibromyalgia"),
    ],
)
def test_what_there_is_no_question_for_is_said(condition, outcome, words):
    with pytest.raises(NotFound, match=words):
        question_for(condition, outcome)


@pytest.mark.parametrize(
    "name", ["fibromyalgia.pain", "crohn.response-70", "any.vivid-dreams", "cancer.quality-of-life"]
)
def test_default_choices_give_the_pool_computed_at_build_time(name):
    page, built = pool_page(ask(questions()[name])), computed()["questions"][name]
    assert [entry["study"] for entry in page["entries"]] == [entry["study"] for entry in built["entries"]]
    if built["pool"] is None:
        assert page["pool"] is None
    else:
        for key in ("estimate", "low", "high", "standard_error", "tau2", "k"):
            assert page["pool"][key] == pytest.approx(built["pool"][key], rel=1e-8)


def test_with_and_without_innova():
    page = pool_page(ask(PAIN, looks=Looks(leave_one_out=True)))
    assert page["pool"]["estimate"] == pytest.approx(-0.18, abs=0.005)
    without = {one["study"]: one for one in page["leave_one_out"]}["rodriguez_freire2026_INNOVA"]
    assert without["pool"]["estimate"] == pytest.approx(-0.36, abs=0.005)
    assert "INNOVA" in without["says"]


def test_only_found_keeps_the_pool_it_had_before():
    found = ask(PAIN, only_found=True)
    assert (found.before.k, found.pool.k) == (3, 2)
    page = pool_page(found)
    assert page["before"]["estimate"] == pytest.approx(computed()["questions"]["fibromyalgia.pain"]["pool"]["estimate"])
    assert not any(entry["recalled"] for entry in page["entries"])
    assert pool_page(ask(PAIN))["before"] is None


def test_only_found_may_leave_nothing():
    found = ask(question_for("any", "headache"), only_found=True)
    assert found.pool is None
    assert found.before.k == 1


def test_choices_reach_the_pool():
    assert ask(PAIN, tau2="DL", ci="wald").pool.tau2_method == "DL"
    assert ask(PAIN, model="common").pool.model == "common"
    weak, strong = (ask(PAIN, correlation=rho).pool.estimate for rho in (0.3, 0.7))
    assert weak < strong
    assert ask(PAIN, include_sensitivity=True).pool.k == 4
    assert ask(PAIN, measure="MD").pool.measure == "MD"
    assert ask(PAIN, level=0.9).pool.level == 0.9


def test_other_looks_are_only_taken_when_asked_for():
    plain = pool_page(ask(PAIN))
    assert (plain["leave_one_out"], plain["cumulative"], plain["subgroups"]) == ([], [], None)
    page = pool_page(ask(PAIN, looks=Looks(cumulative=True, subgroup="risk_of_bias")))
    assert [one["pool"]["k"] for one in page["cumulative"]] == [1, 2, 3]
    assert set(page["subgroups"]["groups"]) == {"low", "some concerns"}
    with pytest.raises(NotFound, match="no field to group by"):
        ask(PAIN, looks=Looks(subgroup="shoe size"))


def test_a_table_of_ones_own(tmp_path):
    file = tmp_path / "arms.csv"
    file.write_text("study,e1,n1,e2,n2\nSmith 2011,15,18,6,16\n")
    page = pool_page(ask_table(file, measure="RR"))
    assert page["table"]
    assert page["pool"]["shown"]["estimate"] == pytest.approx(2.2222, abs=1e-4)
    with pytest.raises(InvalidInput, match="years"):
        ask_table(file, looks=Looks(cumulative=True))
