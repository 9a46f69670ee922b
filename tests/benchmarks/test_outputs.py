"""What a run writes: the keys others read, and tables that show who wins."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import peak, plot, tables
from benchmarks.peers import ALL, QUICK
from benchmarks.peers.interface import Array, Engine, Failed, NotRun
from benchmarks.peers.ours import attempted_steps, work
from benchmarks.problem import Problem, problem
from benchmarks.reference import Reference
from benchmarks.rounds import Rounds, run
from benchmarks.startup import Startup
from benchmarks.summary import PEERS, Summary, document, summary
from lowdose.charts import to_svg

STARTUP = Startup(2.0, 0.1, 200.0, 64)


class Stub(Engine):
    """Wrong by as much as its tolerance; gives up below 1e-9."""

    package = "no such package"
    dosing = form = "none"
    tolerances = (1e-5, 1e-7, 1e-10)

    def __init__(self, key: str, trouble: Exception | None = None) -> None:
        self.key, self.title, self.trouble = key, key, trouble

    def prepare(self, problem: Problem) -> None:
        if self.trouble:
            raise self.trouble

    def solve(self, person: int, rtol: float) -> Array:
        if rtol < 1e-9:
            raise Failed("too tight")
        return np.full((2017, 34), 1.0 + rtol)


@pytest.fixture
def rounds() -> Rounds:
    engines = [Stub("lowdose"), Stub("libroadrunner"), Stub("copasi", NotRun("not installed"))]
    trusted = Reference(np.ones((2, 2017, 34)), 0.0, "exact")
    return run(problem("stiff34"), engines, trusted, persons=2, rounds=2, say=lambda text: None)


def test_rounds_keep_points_failures_and_reasons(rounds: Rounds) -> None:
    ours, theirs, missing = rounds.courses
    assert [point.rtol for point in ours.cpu[1]] == [1e-5, 1e-7]
    assert ours.cpu[0][0].error == pytest.approx(1e-5 / 1.001, rel=1e-3)
    assert theirs.failures == {1e-10: "too tight"}
    assert missing.not_run == "not installed"
    assert len(ours.cpu) == len(ours.wall) == 2


def test_the_json_has_the_agreed_keys(rounds: Rounds) -> None:
    written = json.loads(json.dumps(document(summary(rounds), STARTUP, 0.95)))
    assert set(written) == {
        "ratios",
        "fma_peak_fraction",
        "people_per_second_per_core",
        "compile_cold_s",
        "compile_cached_s",
        "thread_scaling",
        "machine",
        "versions",
    }
    assert set(written["ratios"]) == set(PEERS)
    assert all(set(one) == {"median", "low", "high"} for one in written["ratios"].values())
    assert written["ratios"]["libroadrunner"]["median"] > 0.0
    assert written["ratios"]["copasi"] == {"median": None, "low": None, "high": None}
    assert written["fma_peak_fraction"] is None


def test_tables_show_who_was_not_run_and_who_failed(rounds: Rounds) -> None:
    text = tables.precision_table(rounds).text()
    assert "not run" in text
    assert "too tight" in text
    assert "not installed" in tables.ratio_table(rounds, summary(rounds)).text()


def test_a_peer_that_wins_is_said_to_win(rounds: Rounds) -> None:
    for course, seconds in zip(rounds.courses[:2], (0.4, 0.1), strict=True):
        course.cpu = [[type(point)(point.rtol, point.error, seconds) for point in points] for points in course.cpu]
    text = tables.ratio_table(rounds, summary(rounds)).text()
    assert "libroadrunner wins: 4 times faster than lowdose" in text


def test_a_table_is_aligned() -> None:
    table = tables.Table(("engine", "s"), [("a", "1.25"), ("long name", "3")])
    assert table.text().splitlines() == ["engine        s", "a          1.25", "long name     3"]
    assert table.markdown().splitlines()[1] == "| --- | --: |"


def test_figures_that_are_not_known_are_said_to_be_so() -> None:
    assert tables.figures(Summary({}, None, None, None)).count(tables.NOT_KNOWN) == 3


def test_the_plot_draws_every_engine_that_ran(rounds: Rounds) -> None:
    svg = to_svg(plot.specification([rounds]))
    assert "libroadrunner" in svg
    assert "copasi" not in svg


def test_steps_and_work_are_taken_where_the_engine_tells() -> None:
    assert attempted_steps(SimpleNamespace(steps=np.array([[90, 10], [190, 10]]))) == 150.0  # type: ignore[arg-type]
    assert attempted_steps(SimpleNamespace()) is None  # type: ignore[arg-type]
    assert work(SimpleNamespace(work={"flops_per_step": 7.0})) == {"flops_per_step": 7.0}  # type: ignore[arg-type]
    assert work(SimpleNamespace()) == {}  # type: ignore[arg-type]


def test_engines_have_keys_of_their_own_and_every_ratio_has_an_engine() -> None:
    keys = [engine.key for engine in ALL]
    assert len(set(keys)) == len(keys)
    assert set(PEERS) < set(keys)
    assert [engine.key for engine in QUICK] == ["lowdose", "libroadrunner", "scikit_sundae", "scipy_lsoda"]


@pytest.mark.parametrize("width", peak.CHAINS)
def test_the_peak_loop_has_enough_independent_chains(width: int) -> None:
    text = peak.source(width, peak.CHAINS[width])
    assert text.count("call ") == peak.CHAINS[width] >= 10
