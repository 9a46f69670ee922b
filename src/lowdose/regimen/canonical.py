"""A regimen in words: the one text that reads back as the same regimen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import groupby

from lowdose.regimen.amounts import amount_words
from lowdose.regimen.clocks import BEDTIME, MORNING, interval_words, length_words
from lowdose.regimen.forms import Form
from lowdose.regimen.steps import Step, next_clock


def phrases(steps: Sequence[Step]) -> list[dict[str, str]]:
    """Each step in phrases, leaving out what a reader takes from the step before.

    Returns
    -------
    list of dict
        Per step, those needed of ``amount``, ``how_often``, ``at``, ``for`` and ``form``.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> for step in phrases(Regimen.parse("1.5 mg qhs for 14 d then 3 mg nightly for 2 wks").steps):
    ...     print(step)
    {'amount': '1.5 mg', 'how_often': 'nightly', 'for': '2 weeks'}
    {'amount': '3 mg', 'for': '2 weeks'}
    """
    found: list[dict[str, str]] = []
    mixed = len({step.form for step in steps if not step.is_pause}) > 1
    before: Step | None = None
    for step in steps:
        said = {"amount": "no dose" if step.is_pause else amount_words(step.amount_mg)}
        if not step.is_pause:
            often = interval_words(step.every, step.clock)
            if before is None or step.every is None or often != interval_words(before.every, before.clock):
                said["how_often"] = often
            clock = _clock(step, before, often)
            if clock:
                said["at"] = clock
        if step.is_pause or step.every is not None:
            said["for"] = length_words(step.duration)
        if mixed and not step.is_pause and (before is None or step.form is not before.form):
            said["form"] = step.form.value
        found.append(said)
        before = step
    if not mixed:
        last = max((index for index, step in enumerate(steps) if not step.is_pause), default=None)
        if last is not None and steps[last].form is not Form.CAPSULE:
            found[last]["form"] = steps[last].form.value
    return found


def _clock(step: Step, before: Step | None, often: str) -> str:
    """Clock time to write, or nothing where a reader finds the same one."""
    if before is None:
        found: tuple[time, bool] = (BEDTIME if often == "nightly" else MORNING), True
    else:
        found = next_clock(before), before.clock_assumed
    if found == (step.clock, step.clock_assumed):
        return ""
    if step.clock_assumed and step.clock in (BEDTIME, MORNING):
        return "bedtime" if step.clock == BEDTIME else "morning"
    return f"{step.clock:%H:%M}"


def text(steps: Sequence[Step], missing_days: Sequence[int]) -> str:
    """The canonical text.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> regimen = Regimen.parse(".5mg every 12 hrs at 08:00 for 1 month")
    >>> text(regimen.steps, regimen.missing_days)
    '500 micrograms every 12 hours at 08:00 for 30 days'
    """
    sentences = []
    for said in phrases(steps):
        at = said.get("at", "")
        words = [
            said["amount"],
            said.get("how_often", ""),
            "in the morning" if at == "morning" else at and f"at {at}",
            f"for {said['for']}" if "for" in said else "",
            f"as {said['form']}" if "form" in said else "",
        ]
        sentences.append(" ".join(filter(None, words)))
    missed = day_ranges(missing_days)
    if missed:
        noun = "day" if len(missing_days) == 1 else "days"
        if steps[-1].is_pause:  # a pause takes no clause: the days go to the last step that does
            last = max(index for index, step in enumerate(steps) if not step.is_pause)
            sentences[last] += f" missing {noun} {', '.join(missed)}"
        else:
            sentences[-1] += f" missing {noun} {', '.join(missed)}"
    return ", then ".join(sentences)


def day_ranges(days: Sequence[int]) -> list[str]:
    """Sorted days as single days and ranges.

    Examples
    --------
    >>> day_ranges([3, 10, 11, 12])
    ['3', '10-12']
    """
    found = []
    for _, group in groupby(enumerate(days), key=lambda item: item[1] - item[0]):
        run = [day for _, day in group]
        found.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return found
