"""Answers about opioids as JSON: one object, inputs echoed, every rival, warnings, what is not known.

The dose ratio is in the research field of a block alone, where no opioid is named, and only when it is asked for.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from lowdose.errors import LowdoseError
from lowdose.model import parameters
from lowdose.opioids import words
from lowdose.opioids.block import BlockLeft
from lowdose.opioids.course import LETS_GO_OVER_DAYS, Setting, cyp2d6_activity
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
        Whether to add, to a block, the field ``research`` with the dose ratio of each kinetics that has one.

    Examples
    --------
    >>> from lowdose.opioids.block import block_left
    >>> found = document(block_left("4.5 mg once", 24))
    >>> found["schema"], "research" in found
    ('lowdose.opioid/1', False)
    """
    if isinstance(found, EffectLeft):
        body = _effect(found)
    elif isinstance(found, BlockLeft):
        body = _block(found, research)
    elif isinstance(found, Withdrawal):
        body = _withdrawal(found)
    else:
        body = _reversal(found)
    return {**_head(found.model_hash, found.setting), **body, "cautions": list(words.CAUTIONS)}


def _effect(found: EffectLeft) -> dict[str, Any]:
    body = {
        "question": "effect left",
        "inputs": {**_inputs(found.setting, found.regimen, found.hours), "opioid": opioid_document(found.dose)},
        "sentences": words.effect_sentences(found),
        "enough": BACK,
        "longest": {"kinetics": found.longest.kinetics, "hours_until_back": found.longest.back_hours.longest},
        "earliest": {"kinetics": found.earliest.kinetics, "hours_until_back": found.earliest.back_hours.least},
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
    return body


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
        "almost_no_opioid_left": found.almost_none,
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


def refused_document(on_board: str, regimen: Regimen, refused: LowdoseError, setting: Setting) -> dict[str, Any]:
    """The stop as JSON when no prediction is made for what is on board: a refusal is no leave to go on.

    Examples
    --------
    >>> from lowdose.errors import SafetyStop
    >>> found = refused_document("heroin", Regimen.parse("1.5 mg once"), SafetyStop("none"), Setting())
    >>> found["stop"], found["no_prediction"]["what"]
    (True, 'none')
    """
    return {
        **_head(None, setting),
        "question": "precipitated withdrawal",
        "stop": True,
        "inputs": {"naltrexone": regimen.canonical, "opioid": {"text": on_board}, **_person(setting)},
        "sentences": words.refused_sentences(refused),
        "no_prediction": {"what": refused.what, "where": refused.where, "remedy": refused.remedy},
        "rivals": None,
        "cautions": list(words.CAUTIONS),
    }


def _head(model_hash: str | None, setting: Setting) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "python": platform.python_version()},
        "model": {"hash": model_hash},
        "seed": setting.seed,
        "band": f"5th to 95th percentile, {setting.spread}" if setting.people else None,
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
        "not_known": list(words.REVERSAL_NOT_KNOWN),
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
        "form": words.form_words(dose),
        "warning": dose.way.warning,
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
    note = (
        "(1 + own + I) / (1 + own) with I = occupancy / (1 - occupancy) and the body's own peptides, typical person; "
        "null where the block is not shared out anew; for receptor theory, never for choosing an amount of an opioid"
    )
    ratios = {name: dose_ratio(name, value.typical) for name, value in occupancy.items()}
    return {"research": {"dose_ratio": ratios, "unit": "1", "note": note, "cautions": list(words.CAUTIONS)}}


def dose_ratio(kinetics: str, occupancy: float | None) -> float | None:
    """Gaddum's shift of a concentration-effect curve; None where receptors let go over days, so that there is none.

    Examples
    --------
    >>> dose_ratio("effect-site", 0.0), dose_ratio("slow-binding", 0.5)
    (1.0, None)
    """
    if occupancy is None or occupancy >= 1.0 or kinetics in LETS_GO_OVER_DAYS:
        return None
    own = parameters()["own_binding_rest"].value
    return (1.0 + own + occupancy / (1.0 - occupancy)) / (1.0 + own)
