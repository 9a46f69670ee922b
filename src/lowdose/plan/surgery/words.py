"""What is said about stop, block and emergency: the fixed texts with their sources, and sentences made from numbers."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.plan.hold.hold import Hold
from lowdose.plan.hold.intervals import Provenance
from lowdose.plan.records.block import BlockAfter, BlockAt
from lowdose.spoken import hours_words, share_words

ABOVE = 1 / 3
"""A median block above this share at the stop's hour puts a line for the anaesthetist on plan and card."""
LONGER_HOURS = (96.0, 120.0)
"""Longer stops that are offered as a choice: the longest any source names, and the last that is shown."""
EXPLAINS = (
    "The prediction explains. It does not shorten the stop and gives no leave: the rule decides.",
    "It says nothing about dependence on an opioid.",
)
"""Said beside every prediction of a block."""
GOES_ON = "The prediction takes the last dose of the plan as still taken every day."
"""Said beside the prediction after a plan has ended."""

NOT_KNOWN = (
    "No one has measured the block of low doses over the days after the last of them in people; it is predicted.",
    "The prediction is of an average adult unless kidneys and liver were given; a sick liver makes it last longer.",
    "Bedtime stands for 22:00 and morning for 08:00: count from the hour at which the dose was really taken.",
    "Hours are those of the clock on the wall: where the clocks are put forward in between, stop one hour earlier.",
)
"""What neither plan nor page can know."""


class Text(Block):
    """A fixed text with what it rests on."""

    text: str
    rule: str
    source: str
    url: str
    provenance: Provenance


class Texts(Block):
    """The whole of ``words.yaml``."""

    schema_: Literal["lowdose.surgery.words/1"] = Field(alias="schema")
    about: str
    steps: tuple[Text, ...]
    warnings: tuple[Text, ...]
    naloxone: tuple[Text, ...]
    card: tuple[Text, ...]
    tolerance: Text


@cache
def texts() -> Texts:
    """The fixed texts, read once.

    Examples
    --------
    >>> len(texts().steps), texts().tolerance.rule
    (5, 'OPI-017')
    """
    return Texts.model_validate(data(files("lowdose.plan.surgery").joinpath("words.yaml").read_text("utf-8")))


def not_confirmed(*said: Text) -> tuple[str, ...]:
    """Those of the texts that rest on memory, each with the mark that says so.

    Examples
    --------
    >>> not_confirmed(*texts().naloxone)[0]
    'Naloxone does not undo naltrexone; both block the same receptors. (recalled, not yet confirmed)'
    """
    return tuple(f"{one.text} ({one.provenance}, not yet confirmed)" for one in said if one.provenance != "found")


def block_words(one: BlockAt) -> str:
    """Median, band and range over the rivals.

    Examples
    --------
    >>> block_words(BlockAt(72.0, 0.41, 0.17, 0.67, 0.0, 0.67))
    '41 % (17 % to 67 % of people; rivals 0 % to 67 %)'
    """
    band = f"{share_words(one.low)} to {share_words(one.high)} of people"
    return f"{share_words(one.median)} ({band}; rivals {share_words(one.lowest)} to {share_words(one.highest)})"


def predicted_sentences(found: BlockAfter, hours: float | None) -> tuple[str, ...]:
    """The prediction in sentences: at an hour after the last dose if one is given, and how long the block lasts.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> predicted_sentences(example.plan().block_after, 72)[0]
    'Predicted share of µ receptors in the brain still blocked 72 hours after the last dose: 4... % (... of people; ...
    """
    median, low, high = found.over_hours
    share = "Predicted share of µ receptors in the brain still blocked"
    at = () if hours is None else (f"{share} {hours:.3g} hours after the last dose: {block_words(found.hour(hours))}.",)
    return (
        *at,
        f"Under 20 % after {hours_words(median)} ({hours_words(low)} to {hours_words(high)}) under {found.kinetics}; "
        f"after {hours_words(found.longest_over_hours)} under {found.longest_kinetics}, the longest.",
        *EXPLAINS,
    )


def anaesthetist_line(found: BlockAfter, hold_hours: float) -> str:
    """The line for the anaesthetist; empty when the median at the stop's hour is not above one third.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> anaesthetist_line(example.plan().block_after, 120)
    ''
    """
    at = found.hour(hold_hours)
    if at.median <= ABOVE:
        return ""
    return (
        f"{hold_hours:.3g} hours after the last dose about {share_words(at.median)} of µ receptors in the brain may "
        f"still be blocked (predicted, not measured; {block_words(at).partition(' (')[2]}. "
        "Opioids may work less at first, and more as the block wears off."
    )


def longer_hours(found: BlockAfter, hold_hours: float) -> float | None:
    """The longer stop at which the median is not above one third; None where none of those looked at is."""
    longer = [one for one in found.at if one.hours in LONGER_HOURS and one.hours > hold_hours]
    return next((one.hours for one in longer if one.median <= ABOVE), None)


def longer_stop(found: BlockAfter, hold_hours: float) -> str:
    """The longer stop that is offered beside the line for the anaesthetist, as a choice; empty without that line.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> longer_stop(example.plan().block_after, 72)
    'A longer stop is a choice for patient, surgeon and anaesthetist, not the rule: at 96 hours the prediction is ...
    """
    if not anaesthetist_line(found, hold_hours):
        return ""
    choice = "A longer stop is a choice for patient, surgeon and anaesthetist, not the rule"
    if hours := longer_hours(found, hold_hours):
        return f"{choice}: at {hours:g} hours the prediction is {block_words(found.hour(hours))}."
    reached = hours_words(found.over_hours[0])
    return f"{choice}: the prediction stays above one third for longer, and is under 20 % after {reached}."


def not_predicted(why: str) -> str:
    """The line for the anaesthetist where nothing is predicted for the person.

    Examples
    --------
    >>> not_predicted("no data and no convention for children")
    'How much is still blocked then is not predicted: no data and no convention for children.'
    """
    return f"How much is still blocked then is not predicted: {why}."


def can_wait(hold: Hold) -> str:
    """What the plan keeps before an operation that can wait.

    Examples
    --------
    >>> can_wait(Hold(96, reason="as the anaesthetist asks"))
    'Before an operation that can wait, this plan keeps a stop of 96 hours (as the anaesthetist asks).'
    """
    return f"Before an operation that can wait, this plan keeps a stop of {hold.words}."


def card_stop(found: BlockAfter | None, hold_hours: float) -> str:
    """When to stop before an operation, short enough for a card; without a prediction the longer stop has no hours.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> card_stop(example.plan().block_after, 72)
    'Stop at least 72 hours (3 days) before it, and tell surgeon and anaesthetist. Stopping 96 hours before is a choice
    to make with them.'
    """
    said = (
        f"Stop at least {hold_hours:g} hours ({hold_hours / 24:.3g} days) before it, and tell surgeon and anaesthetist."
    )
    if found is not None and not anaesthetist_line(found, hold_hours):
        return said
    hours = longer_hours(found, hold_hours) if found is not None else None
    longer = f"Stopping {hours:g} hours before" if hours else "A longer stop"
    return f"{said} {longer} is a choice to make with them."
