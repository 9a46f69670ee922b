"""Patient files with anything in them: refused with a place, or screened; never a crash, never a silent pass."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.safety import fields, parse_patient, read_patient, rule_set, screen

from .people import ON, random_medicine, random_values

STOPPING = {"block", "critical"}
PHASES = (*["start"] * 5, *rule_set().phases, *rule_set().also_called)
JUNK = (
    "D",
    "900",
    "-1",
    "yes",
    "never",
    "not applicable",
    "2027-01-01",
    "[1, 2]",
    "{a: b}",
    "1e400",
    ".nan",
    "~",
    "'",
    "no",
    "",
)
LINES = (
    "lab: {egfr: 90", "conditions: [kidny]", "schema: lowdose.patient/2", "id: Jane Doe", "\t- x",
    "conditions_complete: 7", "recorded: 2026-13-01", "history:", "meds: {list: 5}", "&a [*a]", "on: no",
    "? [a]\n: b", "plan: {intent: ldn}", "\x00",
)  # fmt: skip


def written(rng: Random) -> str:
    """A patient file, sometimes spoilt."""
    spoilt = rng.random() < 0.4
    sections: dict[str, list[str]] = {}
    for name, value in random_values(rng).items():
        section, _, key = name.partition(".")
        text = rng.choice(JUNK) if spoilt and rng.random() < 0.02 else as_yaml(value)
        sections.setdefault(section, []).append(f"  {key}: {text}")
    if rng.random() < 0.3:
        sections["meds"] = [f"  list: [{', '.join(as_yaml(random_medicine(rng)) for _ in range(3))}]"]
    lines = [
        "schema: lowdose.patient/1",
        f"id: P-{rng.randrange(999)}",
        f"recorded: {ON - timedelta(days=rng.choice((0, 5, 29)))}",
    ]
    lines += [line for section, facts in sections.items() for line in (f"{section}:", *facts)]
    if rng.random() < 0.3:
        lines.append("conditions_complete: yes")
    if spoilt and rng.random() < 0.5:
        lines.insert(rng.randrange(len(lines)), rng.choice(LINES))
    text = "\n".join(lines)
    return text[: rng.randrange(len(text))] if spoilt and rng.random() < 0.1 else text


def as_yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def fuzz(seeds: range) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    phases: set[str] = set()
    for seed in seeds:
        rng = Random(seed)
        text = written(rng)
        try:
            patient = parse_patient(text, "p.yaml")
            found = screen(patient, phase=rng.choice(PHASES), on=ON)
        except (InvalidInput, NotFound):
            outcomes["refused"] += 1
            continue
        open_ones = {one.severity for one in found.not_checked}
        assert not (found.passes and open_ones & STOPPING), seed
        assert not (found.outcome in ("clear-of-known-rules", "warning") and open_ones & STOPPING), seed
        assert not (found.unrecognised and found.passes and found.phase in ("start", "titrate", "continue")), seed
        assert found.exit_code == (0 if found.passes else 5)
        outcomes[found.outcome] += 1
        phases.add(found.phase)
    assert len(seeds) < 200 or phases == set(PHASES)
    return outcomes


def test_a_few_hundred_files() -> None:
    outcomes = fuzz(range(300))
    assert set(outcomes) == {"refused", "block", "incomplete", "critical", "warning", "clear-of-known-rules"}


@pytest.mark.long
def test_ten_thousand_files() -> None:
    assert sum(fuzz(range(10_000)).values()) == 10_000


def test_the_fuzz_reaches_every_field() -> None:
    seen = {name for seed in range(20) for name in random_values(Random(seed))}
    assert seen == set(fields())


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    for seed in range(50):
        file.write_bytes(Random(seed).randbytes(200))
        with pytest.raises(InvalidInput):
            read_patient(file)
