"""Published opioid challenges under naltrexone beside what the model says of them; none of them set a parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.opioids.course import Progress, Setting
from lowdose.opioids.data import Grade, Provenance
from lowdose.opioids.dose import opioid_dose
from lowdose.opioids.effect import EffectLeft, effect_left


class Challenge(Block):
    """One published row: the share blocked, or None where the source says no more than "blocked"."""

    study: str
    regimen: str
    opioid: str
    hours: float
    blocked: Annotated[float, Field(ge=0, le=1)] | None
    source: str
    url: str
    provenance: Provenance
    grade: Grade


class _CountsAsBlocked(Block):
    share: float
    reason: str


class _Challenges(Block):
    schema_: Literal["lowdose.challenges/1"] = Field(alias="schema")
    challenges: tuple[Challenge, ...]
    counts_as_blocked: _CountsAsBlocked


@dataclass(frozen=True)
class ChallengeComparison:
    """One published row and what each kinetics says of it (share blocked at the largest effect, typical person)."""

    challenge: Challenge
    predicted: dict[str, float]
    low: float
    high: float

    def error(self, kinetics: str) -> float | None:
        """Predicted minus published share blocked; None where no share was published.

        Examples
        --------
        >>> ChallengeComparison(challenges()[0], {"effect-site": 0.9}, 0.8, 1.0).error("effect-site")
        -0.06
        """
        return None if self.challenge.blocked is None else round(self.predicted[kinetics] - self.challenge.blocked, 6)

    def agrees(self, kinetics: str) -> bool:
        """Within ten points of the published share, or at least half blocked where the source says "blocked"."""
        error = self.error(kinetics)
        return self.predicted[kinetics] >= counts_as_blocked() if error is None else abs(error) <= 0.10


@cache
def _book() -> _Challenges:
    return _Challenges.model_validate(
        data(files("lowdose.opioids").joinpath("challenges.yaml").read_text(encoding="utf-8"))
    )


def challenges() -> tuple[Challenge, ...]:
    """The published rows.

    Examples
    --------
    >>> [row.blocked for row in challenges() if row.study == "Verebey 1976"]
    [0.96, 0.865, 0.466]
    """
    return _book().challenges


def counts_as_blocked() -> float:
    """The share from which on an effect counts as blocked where the source gives none.

    Examples
    --------
    >>> counts_as_blocked()
    0.5
    """
    return _book().counts_as_blocked.share


def compare_challenges(people: int = 0, seed: int = 1, progress: Progress | None = None) -> list[ChallengeComparison]:
    """Hold the model against every published challenge, under every kinetics.

    Parameters
    ----------
    people : int
        Persons drawn for the interval (5 to 95 %) of the default kinetics.
    seed : int
        Of the random numbers.
    progress : callable, optional
        Called with (rows done, rows in all).

    Examples
    --------
    >>> found = compare_challenges()
    >>> bool(found[0].predicted["effect-site"] > found[2].predicted["effect-site"])
    True
    """
    done, setting = [], Setting(people=people, seed=seed, spread="both")
    for row in challenges():
        found = effect_left(opioid_dose(row.opioid, for_validation=True), row.regimen, row.hours, setting=setting)
        done.append(_compared(row, found))
        if progress is not None:
            progress(len(done), len(challenges()))
    return done


def _compared(row: Challenge, found: EffectLeft) -> ChallengeComparison:
    predicted = {rival.kinetics: 1.0 - (rival.left.typical or 0.0) for rival in found.rivals}
    left = found.main.left
    low, high = (1.0 - (end if end is not None else left.typical or 0.0) for end in (left.high, left.low))
    return ChallengeComparison(row, predicted, low, high)


def root_mean_square(compared: Sequence[ChallengeComparison], kinetics: str) -> float:
    """Root mean square error in points (0 to 100) over the rows with a published share.

    Examples
    --------
    >>> root_mean_square([ChallengeComparison(challenges()[0], {"a": 0.86}, 0.8, 0.9)], "a")
    10.0
    """
    errors = [error for row in compared if (error := row.error(kinetics)) is not None]
    return round(float(np.sqrt(np.mean(np.square(errors))) * 100), 6)


def challenge_section(compared: Sequence[ChallengeComparison], people: int = 0) -> str:
    """A section for the validation page, as Markdown: every row, our error, miss or not, under every kinetics.

    Examples
    --------
    >>> text = challenge_section([ChallengeComparison(challenges()[0], {"effect-site": 0.81}, 0.7, 0.9)])
    >>> [line for line in text.splitlines() if "Verebey" in line]
    ['| Verebey 1976 ○ | 100 mg once | 24 h | 96 % | 81 % (miss, −15) |']
    """
    names = list(compared[0].predicted)
    head = ["study", "naltrexone", "after", "published", *names]
    lines = [
        "## Opioid challenges",
        "",
        "Diamorphine (heroin) 25 mg into a vein under naltrexone, share of the effect blocked. No parameter was set "
        "with these rows. "
        "A row with a published share is missed by more than ten points; one that says only “blocked” is missed under "
        f"{counts_as_blocked():.0%}. ○ recalled, not read in its source.".replace("%", " %"),
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for row in compared:
        published = "blocked" if row.challenge.blocked is None else f"{100 * row.challenge.blocked:.3g} %"
        mark = " ○" if row.challenge.provenance == "recalled" else ""
        cells = [f"{row.challenge.study}{mark}", row.challenge.regimen, f"{row.challenge.hours:g} h", published]
        lines.append("| " + " | ".join([*cells, *(_cell(row, name) for name in names)]) + " |")
    lines += ["", "Root mean square error over the rows with a share, points: " + ", ".join(
        f"{name} {root_mean_square(compared, name):.0f}" for name in names) + "."]  # fmt: skip
    if people:
        ranges = ", ".join(f"{100 * row.low:.0f} to {100 * row.high:.0f} %" for row in compared)
        lines += ["", f"90 % intervals of the default kinetics ({people} persons), row by row: {ranges}."]
    return "\n".join([*lines, ""])


def _cell(row: ChallengeComparison, kinetics: str) -> str:
    error = row.error(kinetics)
    verdict = "agrees" if row.agrees(kinetics) else "miss"
    by = "" if error is None else f", {100 * error:+.0f}".replace("-", "−")
    return f"{100 * row.predicted[kinetics]:.0f} % ({verdict}{by})"
