"""Tables as rows of text, for the terminal and for the page alike."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.commands import Wait
from benchmarks.precision import TARGET, Ratio, seconds_at, short
from benchmarks.rounds import Course, Rounds
from benchmarks.startup import Startup
from benchmarks.summary import Summary

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; the columns of ``words`` are set to the left, figures to the right."""

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    words: tuple[int, ...] = (0,)

    def text(self) -> str:
        """Aligned with spaces."""
        widths = [max(map(len, column)) for column in zip(self.headings, *self.rows, strict=True)]
        lines = []
        for row in (self.headings, *self.rows):
            cells = [
                cell.ljust(width) if n in self.words else cell.rjust(width)
                for n, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    def markdown(self) -> str:
        """A table of the documentation."""
        rule = ["---" if n in self.words else "--:" for n in range(len(self.headings))]
        return "\n".join("| " + " | ".join(row) + " |" for row in (self.headings, tuple(rule), *self.rows))


def seconds(value: float) -> str:
    """Three figures."""
    return f"{value:.3g}" if value < 100.0 else f"{value:.0f}"


def precision_table(rounds: Rounds) -> Table:
    """Every engine at every tolerance: CPU and wall seconds a person, largest and mean error."""
    rows = []
    for course in rounds.courses:
        if course.not_run:
            rows.append((course.engine.title, "not run", "", "", "", "", ""))
            continue
        for rtol, message in course.failures.items():
            rows.append((course.engine.title, short(rtol), "failed", "", "", "", message[:40]))
        for at, point in enumerate(course.cpu[0]):
            cpu = [one[at].seconds for one in course.cpu]
            wall = [one[at].seconds for one in course.wall]
            rows.append(
                (
                    course.engine.title,
                    short(point.rtol),
                    seconds(statistics.median(cpu)),
                    seconds(min(cpu)),
                    seconds(statistics.median(wall)),
                    short(point.error, 1),
                    short(course.rms[point.rtol], 1),
                )
            )
    return Table(("engine", "rtol", "CPU s", "least", "wall s", "error", "rms"), rows)


def time_at_target(course: Course) -> float | None:
    """Median over rounds of the CPU seconds at the error that is asked for."""
    found = [one for one in map(seconds_at, course.cpu) if one is not None]
    return statistics.median(found) if found and len(found) == len(course.cpu) else None


def ratio_table(rounds: Rounds, found: Summary) -> Table:
    """Who wins at equal error, and by how much; slowest peer last."""
    ours = rounds.course("lowdose")
    rows: list[tuple[float, tuple[str, ...]]] = []
    for course in rounds.courses:
        if course is ours:
            continue
        title = course.engine.title
        if course.not_run:
            rows.append((float("inf"), (title, "not run", "", "", course.not_run)))
            continue
        theirs, ratio = time_at_target(course), found.ratios.get(course.engine.key, Ratio(None, None, None))
        if theirs is None or ratio.median is None or ratio.low is None or ratio.high is None:
            said = f"did not reach {short(TARGET)}" if theirs is None else "lowdose did not reach the error"
            rows.append((float("inf"), (title, "", "", "", said)))
            continue
        if ratio.low > 1.0:
            verdict = f"lowdose is {ratio.median:.3g} times faster"
        elif ratio.high < 1.0:
            verdict = f"{title} wins: {1.0 / ratio.median:.3g} times faster than lowdose"
        else:
            verdict = "no clear winner"
        spread = f"{ratio.low:.3g} to {ratio.high:.3g}"
        rows.append((ratio.median, (title, seconds(theirs), f"{ratio.median:.3g}", spread, verdict)))
    own = time_at_target(ours) if ours else None
    first = ("lowdose", seconds(own) if own else "not reached", "1", "", "")
    ordered = [row for _, row in sorted(rows, key=lambda one: one[0])]
    return Table(("engine", "CPU s", "ratio", "low to high", "who wins"), [first, *ordered], words=(0, 4))


def how_table(courses: Sequence[Course]) -> Table:
    """How each engine was run."""
    rows = [
        (one.engine.title, one.engine.version, one.engine.dosing, one.engine.form) for one in courses if not one.not_run
    ]
    return Table(("engine", "version", "how a dose gets in", "form"), rows, words=(0, 1, 2, 3))


def waiting_table(waits: Sequence[Wait]) -> Table:
    """How long commands take."""
    rows = [
        (one.command, f"{one.median:.2f}", f"{one.least:.2f}", "" if one.bar is None else f"{one.bar:g}")
        for one in waits
    ]
    return Table(("command", "median s", "least s", "bar"), rows)


def figures(found: Summary) -> str:
    """One line of figures."""
    rate = NOT_KNOWN if found.people_per_second is None else f"{found.people_per_second:.4g}"
    share = NOT_KNOWN if found.peak_share is None else f"{100.0 * found.peak_share:.0f} %"
    peak = NOT_KNOWN if found.peak_gflops is None else f"{found.peak_gflops:.0f} GFLOP/s"
    return f"lowdose: {rate} persons a second and core; share of the processor's peak: {share} (peak, one core: {peak})"


def startup_words(startup: Startup, threads: float | None) -> str:
    """Compile times, memory and threads in one line."""
    scaling = NOT_KNOWN if threads is None else f"{threads:.2f}"
    return (
        f"model ready for the first time {startup.compile_cold_s:.2f} s, "
        f"from its cache {startup.compile_cached_s:.2f} s; "
        f"memory of a process solving {startup.people} persons {startup.peak_mb:.0f} MB; "
        f"two threads are faster than one by {scaling}"
    )
