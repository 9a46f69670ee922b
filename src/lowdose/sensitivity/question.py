"""What is asked of the model: metrics of a regimen, as a function of parameter rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput, NotFound
from lowdose.people import Person, Rows
from lowdose.regimen import Regimen
from lowdose.results import Ensemble, Kind, Result
from lowdose.results.metrics import course_of, per_person
from lowdose.results.population import persons_in_a_part
from lowdose.simulation import simulate
from lowdose.simulation.run import Run

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]


_FOLD = "how many times that without the drug, last day"


@dataclass(frozen=True)
class Target:
    """One metric of one output that is asked for, and what it is for the typical person."""

    output: str
    metric: str
    label: str
    unit: str
    share: bool
    typical: float

    @property
    def name(self) -> str:
        """As written on a command line.

        Examples
        --------
        >>> Target("cortisol", "peak", "Cortisol: highest", "ug/dL", False, 12.0).name
        'cortisol.peak'
        """
        return f"{self.output}.{self.metric}"


@dataclass(frozen=True)
class Answers:
    """Metrics of persons, shape (n, k), NaN where one has no number; and why persons could not be solved."""

    values: Array
    failures: Mapping[int, str]


class Question:
    """Metrics of a regimen for one person's covariates under one hypothesis.

    Parameters
    ----------
    regimen, person, hypothesis_name, start, overrides, workers
        As for ``lowdose.simulate``.
    metrics : sequence of str
        ``OUTPUT.METRIC`` each.

    Raises
    ------
    InvalidInput
        If a metric is not written so or does not exist here, none is named, or the regimen is not valid.
    NotFound
        If there is no such output, metric or hypothesis.

    Examples
    --------
    >>> question = Question("3 mg once", ["mu_occupancy_central.peak"])
    >>> question.targets[0].unit, question.targets[0].share
    ('1', True)
    """

    def __init__(
        self,
        regimen: str | Regimen,
        metrics: Sequence[str],
        person: Person | None = None,
        *,
        hypothesis_name: str | None = None,
        start: datetime | None = None,
        overrides: Mapping[str, float] | None = None,
        seed: int = 1,
        workers: int = 1,
    ) -> None:
        pairs = [_split(name) for name in dict.fromkeys(metrics)]
        if not pairs:
            remedy = "name at least one, e.g. mu_occupancy_central.mean_last_day"
            raise InvalidInput("no metric was named", where="metric", remedy=remedy)
        self.result = simulate(
            regimen, person, seed=seed, hypothesis_name=hypothesis_name, start=start, overrides=overrides
        )
        self.targets = tuple(_target(self.result, output, metric) for output, metric in pairs)
        result = self.result
        hours = result.timing.end - result.timing.last_dose
        self._run = Run(
            result.regimen, result.person, seed, result.hypothesis.name, None, overrides, hours, workers
        )  # fmt: skip
        self._run.timing = result.timing

    @property
    def fixed(self) -> frozenset[str]:
        """Symbols whose typical value the user or the hypothesis has set."""
        return frozenset({*self.result.overrides, *self.result.hypothesis.overrides})

    @property
    def overrides(self) -> dict[str, float]:
        """Typical values the user or the hypothesis has set, by symbol."""
        return {**self.result.hypothesis.overrides, **self.result.overrides}

    def answers(self, rows: Rows, progress: Progress | None = None, *, closely: bool = False) -> Answers:
        """Every metric of every person in ``rows``; solved in batches as large as memory holds.

        Parameters
        ----------
        rows : mapping of symbol to array (n,)
            Parameters of the persons.
        progress : callable, optional
            Called with (persons done, persons in all).
        closely : bool
            Whether to solve as exactly as the typical person is.

        Examples
        --------
        >>> from lowdose.people import rows
        >>> question = Question("3 mg once", ["naltrexone_plasma.cmax"])
        >>> found = question.answers(rows(Person()), closely=True).values
        >>> bool(found[0, 0] == question.targets[0].typical)
        True
        """
        people = len(next(iter(rows.values())))
        values, failures = np.full((people, len(self.targets)), np.nan), {}
        times = len(self.result.typical.time)
        size = persons_in_a_part(times, len({target.output for target in self.targets}))
        for begin in range(0, people, size):
            part = {symbol: value[begin : begin + size] for symbol, value in rows.items()}

            def tell(done: int, _: int, begin: int = begin) -> None:
                if progress is not None:
                    progress(begin + done, people)

            course = self._course(part, tell, closely)
            for column, target in enumerate(self.targets):
                output = self.result.outputs[target.output]
                seen = course_of(target.output, output, self.result.timing, course)
                values[begin : begin + size, column] = per_person(target.metric, seen)
            failures.update({begin + i: why for i, why in course.failures.items()})
        values[list(failures)] = np.nan
        return Answers(values, failures)

    def _course(self, rows: Rows, progress: Progress, closely: bool) -> Ensemble:
        """Courses of the outputs asked for, as ``simulate`` solves them."""
        wanted = list(dict.fromkeys(target.output for target in self.targets))
        records = self._run.records(rows, len(next(iter(rows.values()))))
        folds = any(target.metric.startswith("fold") for target in self.targets)
        kind: Kind = "typical" if closely else "both"
        return self._run.course(kind, rows, records, wanted, progress, baseline=folds)


def _split(name: str) -> tuple[str, str]:
    output, _, metric = name.strip().partition(".")
    if not output or not metric:
        raise InvalidInput(
            f"{name!r} is not OUTPUT.METRIC", where="metric", remedy="write e.g. mu_occupancy_central.mean_last_day"
        )
    return output, metric


def _target(result: Result, output: str, metric: str) -> Target:
    if output not in result.outputs:
        raise NotFound.among("output", output, result.outputs)
    known = result.metrics[output]
    if metric not in known:
        raise NotFound.among(f"metric of {output}", metric, known)
    found, about = known[metric], result.outputs[output]
    if found.value is None:
        raise InvalidInput(
            f"{output}.{metric} does not exist for the typical person under this regimen: {found.note or 'no value'}",
            where="metric",
            remedy=f"choose among {', '.join(name for name, one in known.items() if one.value is not None)}",
        )
    words = _FOLD if metric == "fold_last_day" else (found.note or metric.replace("_", " ")).partition(";")[0]
    return Target(
        output,
        metric,
        f"{about.label}: {words}",
        found.unit,
        about.kind == "occupancy" and found.unit == "1",
        found.value,
    )
