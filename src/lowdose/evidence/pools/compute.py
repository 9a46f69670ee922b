"""Every question answered: entries, default pool, and what changes when one choice is made otherwise.

Numbers are rounded to ten digits, so that the file is the same wherever it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from json import dumps
from pathlib import Path
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.evidence.pools.beyond import probability_beyond
from lowdose.evidence.pools.computed import FOLDER, inputs
from lowdose.evidence.pools.entries import entries as gather
from lowdose.evidence.pools.entry import Entry, Gathered
from lowdose.evidence.pools.looks import by_correlation, leave_one_out
from lowdose.evidence.pools.numbers import Measure
from lowdose.evidence.pools.pooled import Pool
from lowdose.evidence.pools.pooling import pool
from lowdose.evidence.pools.questions import Question, questions
from lowdose.evidence.pools.wording import number
from lowdose.evidence.records.schema import Better

SCHEMA = "lowdose.pools/1"
CORRELATIONS = (0.3, 0.5, 0.7)
DIGITS = 10


def document() -> dict[str, Any]:
    """The whole file.

    Examples
    --------
    >>> document()["questions"]["crohn.response-70"]["pool"]["shown"]["estimate"]
    2.222222222
    """
    answers = {name: answer(asked) for name, asked in questions().items()}
    rounded: dict[str, Any] = _rounded({"schema": SCHEMA, "inputs": inputs(), "questions": answers})
    return rounded


def write(path: Path = FOLDER / "computed.json") -> None:
    """Compute every pool and write the file.

    Examples
    --------
    >>> import json, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Path(folder) / "pools.json")
    ...     json.loads((Path(folder) / "pools.json").read_text(encoding="utf-8"))["schema"]
    'lowdose.pools/1'
    """
    path.write_text(dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def answer(asked: Question) -> dict[str, Any]:
    """One question with all its pools, as plain values.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> found = answer(question("fibromyalgia.pain"))
    >>> [one["without"] for one in found["leave_one_out"]]
    ['Younger 2013', 'Due Bruun 2024 (FINAL)', 'Rodriguez-Freire 2026 (INNOVA)']
    """
    found = gather(asked)
    made = pool(found.entries) if found.entries else None
    paired = any(entry.correlation is not None for entry in found.entries)
    return {
        "question": asked.plain(),
        "entries": [entry_values(entry, made) for entry in found.entries],
        "unusable": [asdict(one) for one in found.unusable],
        "removed": [asdict(one) for one in found.removed],
        "notes": list(found.notes),
        "pool": pool_values(made),
        "common": pool_values(made.common_effect if made else None),
        "hksj": pool_values(made.hksj if made else None),
        "wald": pool_values(pool(found.entries, ci="wald")) if len(found.entries) > 1 else None,
        "mantel_haenszel": _by_counts(found, "MH"),
        "peto": _by_counts(found, "Peto"),
        "leave_one_out": [_without(left, others, made, asked) for left, others in leave_one_out(found.entries)],
        "correlations": {
            f"{rho:g}": pool_values(one) for rho, one in (by_correlation(asked, CORRELATIONS) if paired else {}).items()
        },
        "only_found": _only_found(asked),
        "sensitivity": _sensitivity(asked, found),
        "also": {measure: _by_measure(asked, measure) for measure in asked.also},
        "beyond_mid": _beyond(asked, made),
        "warnings": list(made.warnings) if made else ["no study gives a number that can be used"],
    }


def pool_values(made: Pool | None) -> dict[str, Any] | None:
    """A pool as plain values: model scale, and ``shown`` with ratios exponentiated; ``weights`` by study.

    Examples
    --------
    >>> pool_values(pool([Entry("a", "A 2020", 2020, "RR", 0.0, 0.1)]))["shown"]["estimate"]
    1.0
    """
    if made is None:
        return None
    low, high = made.interval
    numbers: dict[str, float | None] = {"estimate": made.estimate, "low": low, "high": high}
    numbers["prediction_low"], numbers["prediction_high"] = made.prediction or (None, None)
    return {
        "measure": made.measure,
        "model": made.model,
        "method": made.method,
        "tau2_method": made.tau2_method,
        "ci_method": made.ci_method,
        "level": made.level,
        "k": made.k,
        "standard_error": made.standard_error,
        **numbers,
        "tau2": made.tau2,
        "i2": made.i2,
        "i2_definition": made.i2_definition,
        "q": made.q,
        "q_p": made.q_p,
        "prediction_rule": made.prediction_rule,
        "weights": {entry.study: share for entry, share in zip(made.entries, made.weights, strict=True)},
        "shown": {name: None if value is None else made.display(value) for name, value in numbers.items()},
        "warnings": list(made.warnings),
    }


def entry_values(entry: Entry, made: Pool | None) -> dict[str, Any]:
    """An entry as plain values, with its interval (of the pool's level), its weight in it and the shown scale.

    Examples
    --------
    >>> entry_values(Entry("a", "A 2020", 2020, "MD", 0.0, 1.0), None)["shown"]["estimate"]
    0.0
    """
    made = made or pool([entry])
    low, high = entry.interval(made.level)
    weights = {one.study: share for one, share in zip(made.entries, made.weights, strict=True)}
    numbers = {"estimate": entry.estimate, "low": low, "high": high}
    return {
        **asdict(entry),
        "standard_error": entry.standard_error,
        "low": low,
        "high": high,
        "weight": weights.get(entry.study),
        "shown": {name: made.display(value) for name, value in numbers.items()},
    }


def moves(left: Entry, others: Pool, made: Pool, better: str) -> str:
    """One line on how a trial moves the answer; where fewer events are better, towards more of them or fewer.

    Examples
    --------
    >>> trials = [Entry("a", "A 2020", 2020, "SMD", -0.5, 0.1), Entry("b", "B 2021", 2021, "SMD", 0.1, 0.1)]
    >>> moves(trials[1], pool(trials[:1]), pool(trials), "lower")
    'with B 2021 SMD −0.20, without it −0.50: it pulls the answer towards placebo'
    """
    pulled = made.estimate - others.estimate
    if left.kind == "events" and better == "lower":
        towards = "fewer with the drug" if pulled < 0 else "more with the drug"
    else:
        towards = "the drug" if (pulled < 0) == (better == "lower") else "placebo"
    with_it, without = (number(made.display(one.estimate)) for one in (made, others))
    if with_it == without or better == "neither":
        return f"with {left.label} {made.measure} {with_it}, without it {without}"
    return f"with {left.label} {made.measure} {with_it}, without it {without}: it pulls the answer towards {towards}"


def _without(left: Entry, others: Pool, made: Pool | None, asked: Question) -> dict[str, Any]:
    said = moves(left, others, made, asked.better) if made else ""
    return {"without": left.label, "study": left.study, "says": said, "pool": pool_values(others)}


def _by_counts(found: Gathered, method: Any) -> dict[str, Any] | None:
    """Mantel-Haenszel of two trials or more, Peto where a cell is zero; None where counts do not allow it."""
    counted = [entry for entry in found.entries if entry.events]
    if len(counted) != len(found.entries) or not counted:
        return None
    if method == "MH":
        return pool_values(pool(counted, method="MH")) if len(counted) > 1 else None
    tables = [entry.events for entry in counted if entry.events]
    if not any(0 in (had1, had2, total1 - had1, total2 - had2) for had1, total1, had2, total2 in tables):
        return None
    try:
        return pool_values(pool([replace(entry, measure="OR") for entry in counted], method="Peto"))
    except InvalidInput:
        return None


def _only_found(asked: Question) -> dict[str, Any]:
    found = gather(asked, only_found=True)
    gone = [asdict(one) for one in found.removed if one.rule == "recalled_leaves_on_one_switch"]
    return {
        "pool": pool_values(pool(found.entries)) if found.entries else None,
        "entries": [entry.study for entry in found.entries],
        "removed": gone,
    }


def _sensitivity(asked: Question, found: Gathered) -> dict[str, Any] | None:
    wider = gather(asked, include_sensitivity=True)
    added = [entry for entry in wider.entries if entry.study not in {one.study for one in found.entries}]
    if not added:
        return None
    made = pool(wider.entries)
    return {
        "added": [entry_values(entry, made) for entry in added],
        "pool": pool_values(made),
        "notes": list(wider.notes),
    }


def _by_measure(asked: Question, measure: Measure) -> dict[str, Any]:
    found = gather(asked, measure=measure)
    made = pool(found.entries) if found.entries else None
    return {
        "entries": [entry_values(entry, made) for entry in found.entries],
        "unusable": [asdict(one) for one in found.unusable],
        "pool": pool_values(made),
        "common": pool_values(made.common_effect if made else None),
        "beyond_mid": _beyond(asked.by(measure), made),
    }


def _beyond(asked: Question, made: Pool | None) -> dict[str, Any] | None:
    """Probability that the mean effect is better, or worse, than nothing by more than what matters."""
    if made is None or asked.mid is None:
        return None
    values = pool_values(made) or {}
    worse: Better = "higher" if asked.better == "lower" else "lower"
    return {
        "value": asked.mid.value,
        "unit": asked.mid.unit,
        "tag": asked.mid.tag,
        "probability": probability_beyond(values, asked.mid.value, asked.better),
        "probability_worse": probability_beyond(values, asked.mid.value, worse),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(inner) for inner in value]
    return value


if __name__ == "__main__":
    write()
