"""What the audit log keeps of a screen: who, when, on which rules, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lowdose.audit import Overridden, Professional, record

if TYPE_CHECKING:
    from lowdose.safety.facts.known import Facts
    from lowdose.safety.screening.check import Override
    from lowdose.safety.screening.result import Screen


def record_screen(
    screen: Screen, known: Facts, *, patient: str | None, by: Professional | None, overrides: Sequence[Override] = ()
) -> None:
    """Keep that a screen was made; its inputs lie beside the log and can be erased.

    Raises
    ------
    InvalidInput
        If the log cannot be written; then nothing may be handed out.
    """
    record(
        "screen",
        outcome=screen.outcome,
        inputs={"phase": screen.phase, "on": screen.on, "answers": known.document()},
        patient=patient,
        by=by,
        fired=[one.id for one in screen.fired],
        not_checked=[one.id for one in screen.not_checked],
        overrides=[Overridden(one.rule, one.reason, one.by) for one in overrides],
        versions={"rules": screen.rules.version, "rules_sha256": screen.rules.digest},
    )
