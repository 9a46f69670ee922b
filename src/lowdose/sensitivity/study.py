"""The analysis: which numbers of the model decide a metric, and how far what is found can be relied on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose.people import Person, rows_at
from lowdose.regimen import Regimen
from lowdose.results import Result
from lowdose.sensitivity.designs import (
    POINTS_A_TRAJECTORY,
    Design,
    check_size,
    morris_design,
    morris_steps,
    sobol_design,
    sobol_steps,
    varies,
)
from lowdose.sensitivity.factors import (
    Factor,
    Group,
    Spread,
    acting,
    check_known,
    choose,
    followers,
    grouped,
    not_quantified,
)
from lowdose.sensitivity.indices import MorrisStep, SobolStep, Verdict, morris_verdict, sobol_verdict
from lowdose.sensitivity.question import Answers, Question, Target
from lowdose.sensitivity.refusals import TooManyLost, need_salib

Array = NDArray[np.float64]
Method = Literal["sobol", "morris", "both"]
Progress = Callable[[int, int], None]

_TAIL = NormalDist().inv_cdf(0.95)
"""Score of the 95th percentile; the 5th is its negative."""
MOST_FAILED = 0.01
"""Largest share of persons that may fail to be solved."""


@dataclass(frozen=True)
class End:
    """A factor at its 5th or 95th percentile, all else typical: its value, and the metric, None where it has none."""

    value: float
    metric: float | None


@dataclass(frozen=True)
class Swing:
    """One bar of a tornado: a factor at both ends of its range, one at a time."""

    factor: Factor
    low: End
    high: End

    @property
    def size(self) -> float:
        """How far apart the metric lies at the two ends; infinite where it has no number at one of them."""
        if self.low.metric is None or self.high.metric is None:
            return float("inf")
        return abs(self.high.metric - self.low.metric)


@dataclass(frozen=True)
class Distribution:
    """The metric over the points of a Sobol design: what there is to apportion."""

    mean: float
    deviation: float
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Found:
    """All about one metric; the indices are None where they were not asked for or the metric does not vary."""

    target: Target
    swings: tuple[Swing, ...]
    distribution: Distribution | None = None
    sobol: tuple[SobolStep, ...] | None = None
    morris: tuple[MorrisStep, ...] | None = None
    constant: bool = False
    without_number: int = 0

    @property
    def sobol_verdict(self) -> Verdict | None:
        """Whether the Sobol indices have settled."""
        return sobol_verdict(self.sobol) if self.sobol else None

    @property
    def morris_verdict(self) -> Verdict | None:
        """Whether the elementary effects have settled."""
        return morris_verdict(self.morris, POINTS_A_TRAJECTORY) if self.morris else None


@dataclass(frozen=True)
class Sensitivity:
    """What was asked and what was found.

    ``held_fixed`` are numbers that act but whose spread nobody has quantified; ``set_by_hand`` those whose value was
    given; ``followers`` potencies fitted to scans at a dose, which follow what is not known of exposure.
    """

    result: Result
    spread: Spread
    method: Method
    n: int
    seed: int
    groups: tuple[Group, ...]
    held_fixed: tuple[str, ...]
    set_by_hand: tuple[str, ...]
    followers: tuple[str, ...]
    found: tuple[Found, ...]
    persons: int
    failures: Mapping[int, str]


def sensitivity(
    regimen: str | Regimen,
    metrics: Sequence[str],
    person: Person | None = None,
    *,
    method: Method = "sobol",
    n: int = 512,
    spread: Spread = "knowledge",
    named: Sequence[str] = (),
    seed: int = 1,
    hypothesis_name: str | None = None,
    start: datetime | None = None,
    overrides: Mapping[str, float] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Sensitivity:
    """Apportion how much a metric varies to the parameters whose spread is quantified.

    Parameters
    ----------
    regimen, person, seed, hypothesis_name, start, overrides, workers
        As for ``lowdose.simulate``.
    metrics : sequence of str
        ``OUTPUT.METRIC`` each, for example ``"mu_occupancy_central.mean_last_day"``.
    method : {"sobol", "morris", "both"}
        Shares of the variance, mean elementary effects, or both. The tornado is always made.
    n : int
        Points of the Sobol design, a power of two from 64 to 32768; Morris takes a quarter as many trajectories.
    spread : {"knowledge", "people", "both"}
        Whether typical values vary as far as they are not known, people differ, or both.
    named : sequence of str
        Only these parameters vary; all that can act when empty.
    progress : callable, optional
        Called with (persons done, persons in all).

    Raises
    ------
    InvalidInput
        If a size, metric, parameter or regimen is not valid.
    NotFound
        If a name is not known.
    MissingExtra
        If SALib is not installed.
    TooManyLost
        If so many persons fail, or have no number, that the others could not stand for all.

    Examples
    --------
    >>> found = sensitivity("3 mg once", ["mu_occupancy_central.peak"], n=64, named=["ke0", "EC50_mu"])
    >>> [group.name for group in found.groups]
    ['knowledge/EC50_mu+ke0']
    """
    need_salib()
    check_size(n)
    check_known(named)
    question = Question(
        regimen, metrics, person, hypothesis_name=hypothesis_name, start=start, overrides=overrides, seed=seed,
        workers=workers,
    )  # fmt: skip
    acts = acting(question.result, [target.output for target in question.targets])
    factors = choose(acts, question.fixed, spread, named)
    swings = _swings(question, factors)
    groups = tuple(_leading(group, swings[0]) for group in grouped(factors))
    streams = [[factor.stream for factor in group.factors] for group in groups]
    designs: dict[str, Design] = {}
    if method in ("sobol", "both"):
        designs["sobol"] = sobol_design(streams, n, seed)
    if method in ("morris", "both"):
        designs["morris"] = morris_design(streams, n, seed)
    total, before = sum(len(design.shares) for design in designs.values()), 0
    answers: dict[str, Answers] = {}
    for name, design in designs.items():

        def tell(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, total)

        answers[name] = _ask(question, design, tell)
        before += len(design.shares)
    _refuse_failed(answers)
    found = tuple(
        _found(target, swings[column], designs, {name: answer.values[:, column] for name, answer in answers.items()})
        for column, target in enumerate(question.targets)
    )
    return Sensitivity(
        result=question.result,
        spread=spread,
        method=method,
        n=n,
        seed=seed,
        groups=groups,
        held_fixed=tuple(not_quantified(acts - question.fixed, spread)) if not named else (),
        set_by_hand=tuple(sorted(question.fixed & acts)),
        followers=tuple(followers(acts, factors)),
        found=found,
        persons=total,
        failures={i: why for answer in answers.values() for i, why in answer.failures.items()},
    )


def _ask(question: Question, design: Design, progress: Progress) -> Answers:
    """The question at every place of a design."""
    from scipy.special import ndtri

    streams = [stream for group in design.groups for stream in group]
    scores = {stream: ndtri(design.shares[:, column]) for column, stream in enumerate(streams)}
    rows = rows_at(
        question.result.person, scores, low_dose=question.result.low_dose, overrides=question.overrides
    )  # fmt: skip
    return question.answers(rows, progress)


def _swings(question: Question, factors: Sequence[Factor]) -> list[tuple[Swing, ...]]:
    """Tornado of every metric, the longest bar first: two persons for each factor, all of them solved together."""
    given = {"low_dose": question.result.low_dose, "overrides": question.overrides}
    ends = np.array([-_TAIL, _TAIL])
    rows = [rows_at(question.result.person, {factor.stream: ends}, **given) for factor in factors]  # type: ignore[arg-type]
    joined = {symbol: np.concatenate([row[symbol] for row in rows]) for symbol in rows[0]}
    values = question.answers(joined, closely=True).values
    found = []
    for column in range(len(question.targets)):
        metric = [float(value) if np.isfinite(value) else None for value in values[:, column]]
        swings = [
            Swing(factor, *(End(float(rows[i][factor.symbol][j]), metric[2 * i + j]) for j in (0, 1)))
            for i, factor in enumerate(factors)
        ]
        found.append(tuple(sorted(swings, key=lambda swing: -swing.size)))
    return found


def _leading(group: Group, swings: Sequence[Swing]) -> Group:
    """A group whose first factor, by which people know it, is the one that moves the first metric most."""
    order = [swing.factor for swing in swings]
    return Group(tuple(sorted(group.factors, key=order.index)))


def _refuse_failed(answers: Mapping[str, Answers]) -> None:
    for name, answer in answers.items():
        share = len(answer.failures) / len(answer.values)
        if share > MOST_FAILED:
            raise TooManyLost(
                f"{len(answer.failures)} of {len(answer.values)} persons ({share:.1%}) could not be solved: "
                f"{next(iter(answer.failures.values()))}",
                where=f"{name} design",
                remedy="vary fewer parameters, or report the regimen",
            )


def _found(
    target: Target, swings: tuple[Swing, ...], designs: Mapping[str, Design], values: Mapping[str, Array]
) -> Found:
    without = sum(int((~np.isfinite(found)).sum()) for found in values.values())
    if not any(varies(found) for found in values.values()) and not without:
        return Found(target, swings, constant=True)
    try:
        sobol = sobol_steps(designs["sobol"], values["sobol"]) if "sobol" in designs else None
        morris = morris_steps(designs["morris"], values["morris"]) if "morris" in designs else None
    except TooManyLost as lost:
        raise TooManyLost(lost.what, where=target.name, remedy=lost.remedy) from None
    distribution = _distribution(designs["sobol"], values["sobol"]) if sobol else None
    return Found(target, swings, distribution, sobol, morris, without_number=without)


def _distribution(design: Design, values: Array) -> Distribution:
    """Over the first and last place of each point, which are independent draws."""
    drawn = values.reshape(design.n, design.block)[:, [0, -1]]
    known = drawn[np.isfinite(drawn)]
    p05, p50, p95 = np.quantile(known, (0.05, 0.5, 0.95)).tolist()
    return Distribution(float(known.mean()), float(known.std()), p05, p50, p95)
