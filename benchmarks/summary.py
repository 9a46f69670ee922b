"""What is concluded from the rounds: ratios at equal error, the share of the peak, and ``build/bench.json``."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass

from benchmarks.machine import machine, versions
from benchmarks.peers.ours import Ours, work
from benchmarks.precision import Ratio, cheapest, ratio, seconds_at
from benchmarks.rounds import Rounds
from benchmarks.startup import Startup

PEERS = ("libroadrunner", "scikit_sundae", "scipy_lsoda", "copasi", "diffrax", "numbalsoda")
"""The keys of the ratios in ``build/bench.json``."""

NOT_RUN = Ratio(None, None, None)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one model."""

    ratios: dict[str, Ratio]
    people_per_second: float | None
    peak_share: float | None
    peak_gflops: float | None


def summary(rounds: Rounds) -> Summary:
    """Conclude. Every figure is a median over rounds; None where it could not be had."""
    ours = rounds.course("lowdose")
    found = dict.fromkeys(PEERS, NOT_RUN)
    for course in rounds.courses:
        if ours is not None and course is not ours and not course.not_run:
            found[course.engine.key] = ratio(course.cpu, ours.cpu)
    seconds = [seconds_at(points) for points in ours.cpu] if ours else []
    known = [one for one in seconds if one is not None]
    rate = 1.0 / statistics.median(known) if known else None
    peaks = [one.flops for one in rounds.peaks]
    return Summary(found, rate, peak_share(rounds), statistics.median(peaks) / 1e9 if peaks else None)


def peak_share(rounds: Rounds) -> float | None:
    """Operations a second of ours over the processor's peak in the same round; None where one is not known."""
    ours = rounds.course("lowdose")
    if ours is None or not isinstance(ours.engine, Ours) or len(rounds.peaks) != len(ours.cpu):
        return None
    flops = work(ours.engine.model).get("flops_per_step")
    shares = []
    for points, peak in zip(ours.cpu, rounds.peaks, strict=True):
        best = cheapest(points)
        steps = ours.engine.steps.get(best.rtol) if best else None
        if best is None or steps is None or flops is None:
            return None
        shares.append(flops * steps / best.seconds / peak.flops)
    return statistics.median(shares)


def document(found: Summary, startup: Startup, thread_scaling: float | None) -> dict[str, object]:
    """The contents of ``build/bench.json``: the stiff model's figures; null where not run or not known."""
    return {
        "ratios": {name: asdict(found.ratios[name]) for name in PEERS},
        "fma_peak_fraction": found.peak_share,
        "people_per_second_per_core": found.people_per_second,
        "compile_cold_s": startup.compile_cold_s,
        "compile_cached_s": startup.compile_cached_s,
        "thread_scaling": thread_scaling,
        "machine": machine(),
        "versions": versions(),
    }
