"""Made-up people: every field known, not known or too old, within its range or at the edge of a rule."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.safety import Facts, fields
from lowdose.safety.medicines.table import names
from lowdose.safety.rules.logic import NOT_APPLICABLE

from .reading import base

ON = date(2026, 12, 1)
MEDICINES = (
    "oxycodone", "tramadol", "methadone", "buprenorphine", "fentanyl", "codeine", "tianeptine", "pentazocine",
    "loperamide", "pholcodine", "naltrexone", "naloxone", "levothyroxine", "tacrolimus", "adalimumab", "ibuprofen",
    "levodopa", "disulfiram", "lofexidine", "Percocet", "oxycodnoe", "foobarine", "",
)  # fmt: skip


def random_values(rng: Random) -> dict[str, Any]:
    """Answers by dotted name; a field left out is not known. Some people are nearly healthy and nearly all is known."""
    known, healthy = rng.choice((1, 0.99, 0.8)), rng.choice((0.99, 0.97, 0.7))
    found: dict[str, Any] = {}
    for name in fields():
        if rng.random() < known:
            value = base()[name] if rng.random() < healthy else random_value(name, rng)
            found[name] = (
                {"value": value, "on": ON - timedelta(days=rng.choice((31, 200)))} if rng.random() < 0.02 else value
            )
    return found


def random_value(name: str, rng: Random) -> Any:
    one = fields()[name]
    if one.not_applicable and rng.random() < 0.2:
        return NOT_APPLICABLE
    match one.kind:
        case "yes-no":
            return rng.random() < 0.5
        case "choice":
            return rng.choice(one.values)
        case "date":
            return rng.choice(("never", ON - timedelta(days=rng.randrange(400))))
        case "words":
            return rng.choice((["lactose"], ["calcium carbonate"], []))
        case "medicines":
            return [random_medicine(rng) for _ in range(rng.randrange(4))]
    if one.kind == "days" and rng.random() < 0.4:
        return "never"
    low, high = one.range or (0, 1)
    return round(rng.choice((low, high, rng.uniform(low, min(high, low + 20)))))


def random_medicine(rng: Random) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": rng.choice(MEDICINES[:-1] if rng.random() < 0.8 else _every_name())}
    if rng.random() < 0.8:
        entry["form"] = rng.choice(("ir", "er", "patch", "depot", "implant", "unknown"))
    if rng.random() < 0.8:
        entry["active"] = rng.random() < 0.3
    if rng.random() < 0.8:
        entry["days_ago"] = rng.choice((0, 3, 7, 9, 10, 13, 14, 30, 364, 365, 900))
    return entry


@cache
def _every_name() -> tuple[str, ...]:
    """Every name of every table, and each with a letter lost."""
    return tuple(known for name in names() for known in (name.written, name.written[1:]) if known.strip())


def random_person(rng: Random) -> tuple[dict[str, Any], Facts]:
    """Answers that do not contradict one another, and the facts they make."""
    while True:
        values = random_values(rng)
        try:
            return values, Facts.of(values, on=ON)
        except InvalidInput:
            continue
