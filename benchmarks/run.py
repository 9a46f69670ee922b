"""Measure: the engine beside its peers, the processor's peak, compile times, memory, threads, commands.

``make bench`` for everything, ``make bench-quick`` for three peers. Prints tables and writes ``build/bench.json``; the
whole run also writes ``docs/performance.md`` and its plot. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks import page, summary, tables
from benchmarks.commands import commands, population
from benchmarks.machine import machine
from benchmarks.peers import ALL, QUICK
from benchmarks.peers.ours import Ours
from benchmarks.precision import TARGET, short
from benchmarks.problem import MOST, problem
from benchmarks.reference import reference
from benchmarks.rounds import Rounds, run
from benchmarks.startup import measure as measure_startup

ROOT = Path(__file__).parents[1]
STIFF = "stiff34"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three peers, one model, no page")
    parser.add_argument("--people", type=int, help="persons solved and compared by every engine (2 quick, 3 otherwise)")
    parser.add_argument("--rounds", type=int, help="how often everything is repeated (3 quick, 5 otherwise)")
    parser.add_argument("--batch", type=int, default=Ours.batch, help="persons lowdose solves in one call")
    parser.add_argument("--models", nargs="+", help="which frozen models")
    parser.add_argument("--no-commands", action="store_true", help="leave the commands out")
    parser.add_argument("--page", action="store_true", help="write docs/performance.md in a quick run too")
    chosen = parser.parse_args()
    chosen.people = chosen.people or (2 if chosen.quick else 3)
    chosen.rounds = chosen.rounds or (3 if chosen.quick else 5)
    if chosen.people > MOST:
        parser.error(f"--people is {MOST} at most")
    chosen.models = chosen.models or ([STIFF] if chosen.quick else [STIFF, "main"])
    return chosen


def one_model(name: str, chosen: argparse.Namespace) -> tuple[Rounds, str]:
    """All rounds on one model, and what the reference is."""
    frozen = problem(name)
    engines = [engine() for engine in (QUICK if chosen.quick else ALL)]
    for engine in engines:
        if isinstance(engine, Ours):
            engine.batch = chosen.batch
    trusted = reference(frozen, chosen.people)
    done = run(frozen, engines, trusted, persons=chosen.people, rounds=chosen.rounds, quick=chosen.quick)
    return done, trusted.words


def scaling(rounds: Rounds) -> float | None:
    """Median of three: how much faster two workers are than one."""
    course = rounds.course("lowdose")
    if course is None or not isinstance(course.engine, Ours) or (os.cpu_count() or 1) < 2:
        return None
    return statistics.median(course.engine.scaling(1e-5, 2) for _ in range(3))


def show(several: Sequence[tuple[Rounds, str, summary.Summary]]) -> None:
    for rounds, trusted, found in several:
        print(f"\n{rounds.problem.name}: {len(rounds.problem.states)} states, 84 doses, 2017 hours, all states put out")
        print(f"reference: {trusted}\n")
        print(tables.precision_table(rounds).text())
        print(f"\nat equal achieved error {short(TARGET)} (along the lines between measured points):\n")
        print(tables.ratio_table(rounds, found).text())
        print("\n" + tables.figures(found))


def main() -> None:
    chosen = arguments()
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    waits = [] if chosen.quick or chosen.no_commands else commands()
    if waits:
        print("\n" + tables.waiting_table(waits).text())
    startup = measure_startup(chosen.batch)
    several = []
    for name in chosen.models:
        rounds, trusted = one_model(name, chosen)
        several.append((rounds, trusted, summary.summary(rounds)))
    threads = scaling(several[0][0])
    show(several)
    print(tables.startup_words(startup, threads))
    crowd = None if chosen.quick or chosen.no_commands else population()
    if crowd:
        print(f"{crowd[0]}: {crowd[1]:.1f} persons a second")
    written = ROOT / "build" / "bench.json"
    written.parent.mkdir(exist_ok=True)
    figures = next((found for rounds, _, found in several if rounds.problem.name == STIFF), several[0][2])
    written.write_text(json.dumps(summary.document(figures, startup, threads), indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {written.relative_to(ROOT)}")
    if chosen.page or not chosen.quick:
        page.write(ROOT / "docs", page.Findings(several, startup, threads, waits, crowd))
        print("written: docs/performance.md")


if __name__ == "__main__":
    main()
