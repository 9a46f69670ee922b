"""How words are finished on paper: as sentences, and with the mark of what is not yet confirmed."""

from __future__ import annotations

UNCONFIRMED = "‡"
"""Stands after what is recalled or assumed; the page says so in words."""
ANAESTHETIST = "For the anaesthetist:"
"""How the line about an operation begins, on plan and card."""


def sentence(words: str) -> str:
    """Words as a sentence: a full stop, and a capital unless the first word has its own.

    Examples
    --------
    >>> sentence("stop and call"), sentence("eGFR fell"), sentence("Stop.")
    ('Stop and call.', 'eGFR fell.', 'Stop.')
    """
    whole = words[:1].upper() + words[1:] if words.split(" ", 1)[0].islower() else words
    return whole if whole.endswith((".", "!", "?", ".)")) else f"{whole}."


def marked(words: str, *provenance: str) -> str:
    """Words with the mark of what is not yet confirmed, where any of it is recalled or assumed.

    Examples
    --------
    >>> marked("Hold the step.", "recalled"), marked("Hold the step.", "found")
    ('Hold the step. ‡', 'Hold the step.')
    """
    weak = any(word in one for one in provenance for word in ("recalled", "assumed"))
    return f"{words} {UNCONFIRMED}" if weak else words
