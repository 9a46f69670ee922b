"""Answers about opioids as JSON: one object, inputs echoed, every rival, warnings, what is not known.

The dose ratio of the block is in the research field alone, and only when it is asked for.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from lowdose.opioids import words
from lowdose.opioids.block import BlockLeft
from lowdose.opioids.course import Setting, cyp2d6_activity
from lowdose.opioids.dose import OpioidDose
from lowdose.opioids.effect import BACK, EffectLeft, Range
from lowdose.opioids.reversal import Reversal
from lowdose.opioids.withdrawal import Withdrawal
from lowdose.regimen import Regimen

SCHEMA = "lowdose.opioid/1"


def document(found: EffectLeft | BlockLeft | Withdrawal | Reversal, *, research: bool = False) -> dict[str, Any]:
    """Everything about an answer, ready for ``json.dumps``.

    Parameters
    ----------
    found
        From `effect_left`, `block_left`, `withdrawal` or `naloxone`.
    research : bool
        Whether to add the field ``research`` with the dose ratio 1 / (1 - occupancy) of each kinetics.

    Examples
    --------
    >>> from lowdose.opioids.block import block_left
    >>> found = document(block_left("4.5 mg once", 24))
    >>> found["schema"], "research" in found
    ('lowdose.opioid/1', False)
    """
    head = {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "python": platform.python_version()},
        "model": {"hash": found.model_hash},
        "seed": found.setting.seed,
        "band": f"5th to 95th percentile, {found.setting.spread}" if found.setting.people else None,
    }
    if isinstance(found, EffectLeft):
        body = _effect(found, research)
    elif isinstance(found, BlockLeft):
        body = _block(found, research)
    elif isinstance(found, Withdrawal):
        body = _withdrawal(found)
    else:
        body = _reversal(found)
    return {**head, **body, "cautions": list(words.CAUTIONS)}


def _effect(found: EffectLeft, research: bool) -> dict[str, Any]:
    body = {
        "question": "effect left",
        "inputs": {**_inputs(found.setting, found.regimen, found.hours), "opioid": opioid_document(found.dose)},
        "sentences": words.effect_sentences(found),
        "enough": BACK,
        "longest": {"kinetics": found.longest.kinetics, "hours_until_back": found.longest.back_hours.longest},
        "rivals": {
            rival.kinetics: {
                "share_of_effect_left": _range(rival.left, "1"),
                "share_of_area_left": _range(rival.left_of_area, "1"),
                "hours_until_back": _range(rival.back_hours, "h"),
                "mu_occupancy_central": _range(rival.occupancy, "1"),
                "largest_effect_over_usual_afterwards": {"value": rival.most_after, "unit": "1"},
            }
            for rival in found.rivals
        },
        "not_known": words.not_known(found),
    }
    if found.dose.opioid.cyp2d6:
        body["cyp2d6_activity"] = cyp2d6_activity(found.dose, found.setting.cyp2d6)
    return body | _research({rival.kinetics: rival.occupancy for rival in found.rivals}, research)


def _block(found: BlockLeft, research: bool) -> dict[str, Any]:
    body = {
        "question": "block left",
        "inputs": _inputs(found.setting, found.regimen, found.hours),
        "sentences": words.block_sentences(found),
        "longest": {"kinetics": found.longest.kinetics, "hours_until_over": found.longest.over_hours.longest},
        "rivals": {
            rival.kinetics: {
                "mu_occupancy_central": _range(rival.brain, "1"),
                "mu_occupancy_peripheral": _range(rival.body, "1"),
                "hours_until_over": _range(rival.over_hours, "h"),
            }
            for rival in found.rivals
        },
        "not_known": list(words.NOT_KNOWN),
    }
    return body | _research({rival.kinetics: rival.brain for rival in found.rivals}, research)


def _withdrawal(found: Withdrawal) -> dict[str, Any]:
    return {
        "question": "precipitated withdrawal",
        "stop": True,
        "inputs": {**_inputs(found.setting, found.regimen, found.hours), "opioid": opioid_document(found.dose)},
        "sentences": words.withdrawal_sentences(found),
        "rivals": {
            rival.kinetics: {
                "mu_held_by_opioid_before": _range(rival.held_before, "1"),
                "share_displaced": _range(rival.displaced, "1"),
                "share_of_effect_lost": _range(rival.effect_lost, "1"),
                "mu_occupancy_peripheral": _range(rival.body_blocked, "1"),
                "worst_hour": {"value": rival.worst_hour, "unit": "h"},
            }
            for rival in found.rivals
        },
        "not_known": words.not_known(found),
    }


def _reversal(found: Reversal) -> dict[str, Any]:
    return {
        "question": "naloxone",
        "inputs": {"dose": found.text, "route": found.route, **_person(found.setting)},
        "sentences": words.reversal_sentences(found),
        "onset": _range(found.onset_minutes, "min"),
        "largest_mu_occupancy_central": _range(found.largest, "1"),
        "above_half": _range(found.above_half_hours, "h"),
        "half_life": _range(found.half_life_minutes, "min"),
    }


def opioid_document(dose: OpioidDose) -> dict[str, Any]:
    """An opioid dose with every number behind it.

    Examples
    --------
    >>> from lowdose.opioids.dose import opioid_dose
    >>> opioid_document(opioid_dose("oxycodone 10 mg"))["numbers"]["CL_agonist"]["provenance"]
    'found'
    """
    table = dose.opioid.table(dose.route)
    return {
        "text": dose.text,
        "name": dose.opioid.name,
        "acts": dose.opioid.acts,
        "route": dose.route,
        "numbers": {
            symbol: {
                name: getattr(parameter, name)
                for name in ("name", "value", "unit", "source", "url", "provenance", "grade")
            }
            for symbol, parameter in table.items()
        },
        "receptor": {name: measured.model_dump() for name, measured in dose.opioid.receptor.items()},
    }


def _inputs(setting: Setting, regimen: Regimen, hours: float) -> dict[str, Any]:
    return {"naltrexone": regimen.canonical, "schedule": regimen.to_dict(), "hours": hours, **_person(setting)}


def _person(setting: Setting) -> dict[str, Any]:
    return {
        "person": asdict(setting.person),
        "people": setting.people,
        "spread": setting.spread,
        "cyp2d6": setting.cyp2d6,
    }


def _range(value: Range, unit: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": value.typical, "unit": unit}
    if value.low is not None or value.high is not None:
        found |= {"p05": value.low, "p95": value.high}
    return found


def _research(occupancy: Mapping[str, Range], wanted: bool) -> dict[str, Any]:
    """Receptor theory for research: how far a competitive block shifts a concentration-effect curve."""
    if not wanted:
        return {}
    ratios = {
        name: None if value.typical is None else 1.0 / max(1e-12, 1.0 - value.typical)
        for name, value in occupancy.items()
    }
    note = "1 / (1 - occupancy), typical person; for receptor theory, never for choosing an amount of an opioid"
    return {"research": {"dose_ratio": ratios, "unit": "1", "note": note}}
