"""``docs/performance.md`` and its plot, written from the measurements."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import plot, tables
from benchmarks.commands import Wait
from benchmarks.machine import machine, versions
from benchmarks.precision import TARGET, short
from benchmarks.rounds import Rounds
from benchmarks.startup import Startup
from benchmarks.summary import Summary
from lowdose.charts.render import to_svg

PICTURE = "images/work-precision.svg"


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a run found."""

    models: Sequence[tuple[Rounds, str, Summary]]
    startup: Startup
    threads: float | None
    waits: Sequence[Wait]
    crowd: tuple[str, float] | None


def write(docs: Path, findings: Findings) -> None:
    """Write the page and the plot."""
    (docs / PICTURE).write_text(to_svg(plot.specification([one for one, _, _ in findings.models])), encoding="utf-8")
    (docs / "performance.md").write_text(text(findings), encoding="utf-8")


def text(findings: Findings) -> str:
    """The page."""
    here = machine()
    first = findings.models[0][0]
    parts = [
        "# Performance",
        "Written by `make bench`; do not edit.",
        f"Measured on {datetime.datetime.now(datetime.UTC).date()} on {here['processor']}, {here['cores']} cores, "
        f"{here['system']}, Python {here['python']}; load at the start {here['load_at_start']}. Times are CPU seconds "
        f"of one thread for one person, medians over {len(first.courses[0].cpu)} rounds. On a shared machine they "
        "move by a third or more between runs: trust ratios, which are taken within a round.",
        "## What is compared",
        WHAT,
        f"![Work-precision plot: CPU seconds a person against the largest error, one line an engine]({PICTURE})",
    ]
    for rounds, trusted, found in findings.models:
        parts += _model(rounds, trusted, found)
    parts += ["## Ready, memory, threads", _sentence(tables.startup_words(findings.startup, findings.threads))]
    if findings.waits:
        parts += ["## Commands", "Wall seconds of a whole process.", tables.waiting_table(findings.waits).markdown()]
    if findings.crowd:
        parts.append(f"{findings.crowd[0]}: {findings.crowd[1]:.1f} persons a second.")
    parts += ["## How each engine was run", tables.how_table(first.courses).markdown(), _versions()]
    parts += ["## What these figures do not say", LIMITS]
    return "\n\n".join(parts) + "\n"


def _model(rounds: Rounds, trusted: str, found: Summary) -> list[str]:
    return [
        f"## {plot.TITLES[rounds.problem.name]}",
        f"Reference: {trusted}. Errors are those of {rounds.persons} persons.",
        f"At equal achieved error {short(TARGET)}; ratio: their time over ours, above 1 where lowdose is faster.",
        tables.ratio_table(rounds, found).markdown(),
        tables.figures(found) + ".",
        "Every tolerance:",
        tables.precision_table(rounds).markdown(),
    ]


def _versions() -> str:
    known = ", ".join(f"{name} {number}" for name, number in versions().items() if number)
    return f"Versions: {known}."


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


WHAT = f"""\
Two frozen models (`benchmarks/models/`, with their SHA-256): the one of the main job, and `stiff34`, a stiff
stand-in of 34 states made for timing. A person is 12 weeks: 84 nightly doses, each a jump that solvers must
restart from, 2017 hourly outputs, all states. Thirty parameters differ between people (lognormal, 30 %), drawn so
that more people do not change the first ones; every engine solves the same people.

The error is the largest of |y − reference| / (|reference| + 0.001 · the state's largest value) over persons,
states and times, without the instants of doses. Engines are compared at equal *achieved* error, {short(TARGET)},
never at equal tolerance: at one nominal tolerance they differ tenfold and more in what they deliver. Each is run at
five tolerances (below) with an absolute tolerance of 0.001 times that, and its time at the error is read from its own
work-precision curve, along the straight line between the two measured points around it (logarithms);
where even its loosest tolerance is good enough, that point counts. A ratio is taken in each round, with all
engines in turn; given are the median and the range over rounds.

Every peer runs in its best form that we found. Those that take a right-hand side get one compiled from the same
SBML with common terms computed once and terms without states computed beforehand, and the analytic Jacobian where
they take one. Compilation is not timed. lowdose is timed through its public call with a whole batch."""

LIMITS = """\
- lowdose and diffrax solve many people side by side; their time is that of the batch, shared. One person alone gains
  less.
- diffrax is timed over the first 7 nights and scaled to 84; its error is that of these nights.
- SciPy's `odeint` is the faster way to the same method as `solve_ivp`; both are listed.
- numbalsoda has no wheel: where a Fortran compiler is missing it is not run. mrgsolve needs R and is not run.
- The share of the peak counts the operations of the code that runs, of steps refused too; the corrections that take the
  place of divisions are among them, what output and bookkeeping cost is not.
- AMICI, CasADi, Myokit, rxode2 and Julia's solvers are not compared here.
- scikit-sundae and SciPy call back into Python for every evaluation of the rates, compiled though these are; on
  the smaller model the calls are most of their time.
- COPASI's results are read out off the clock: its Python interface makes that slow."""
