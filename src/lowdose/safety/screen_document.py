"""A screen as one JSON object, and in the few words a line can hold."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lowdose.safety.check import Fired, NotChecked, Override

if TYPE_CHECKING:
    from lowdose.safety.conflicts import Conflict
    from lowdose.safety.screening import Screen

SCHEMA = "lowdose.screen/1"


def document(screen: Screen) -> dict[str, Any]:
    """The screen as one JSON object."""
    earliest = screen.earliest
    start = None if earliest.date is None else {"date": earliest.date.isoformat(), "basis": earliest.basis}
    rules = screen.rules
    return {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "rules": rules.version, "rules_sha256": rules.digest},
        "phase": screen.phase,
        "on": screen.on.isoformat(),
        "outcome": screen.outcome,
        "exit_code": screen.exit_code,
        "fired": [_fired(one) for one in screen.fired],
        "always_said": [
            {"id": one.id, "title": one.title, "text": one.text, "patient_text": one.patient_text}
            for one in screen.always_said
        ],
        "not_checked": [_not_checked(one) for one in screen.not_checked],
        "checked": list(screen.checked),
        "medicines": [one.document() for one in screen.medicines],
        "unrecognised": list(screen.unrecognised),
        "to_ask": list(screen.to_ask),
        "earliest_start": start,
        "earliest_start_reason": earliest.reason or None,
        "earliest_if_confirmed": earliest.if_confirmed.isoformat() if earliest.if_confirmed else None,
        "washout": [
            {"about": one.about, "says": one.says, "source": one.source, "url": one.url, "label": one.label}
            for one in earliest.conflicts
        ],
        "conflicts": [_conflict(one) for one in screen.conflicts],
        "overrides_not_used": [one.rule for one in screen.unused],
        "reviewed": screen.reviewed,
        "reviewed_by": rules.reviewed_by,
        "note": "" if screen.reviewed else rules.not_reviewed,
    }


def _fired(one: Fired) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity,
        "text": one.text,
        "patient_text": one.patient_text,
        "source": [{"id": name, "title": each.title, "url": each.url} for name, each in one.sources.items()],
        "provenance": one.provenance,
        "confidence": one.confidence,
        "label": one.label,
        "amended": one.amended,
        "action": one.action,
        "override_policy": one.policy,
        "override": _override(one.override),
    }


def _override(one: Override | None) -> dict[str, str] | None:
    return None if one is None else {"reason": one.reason, "by": str(one.by)}


def _not_checked(one: NotChecked) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity,
        "missing": list(one.missing),
        "settled_by": one.settled_by,
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    return one.model_dump(mode="json")
