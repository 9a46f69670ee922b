"""Opioids beside naltrexone: effect left, block left, precipitated withdrawal, naloxone, published challenges."""

from lowdose.errors import SafetyStop
from lowdose.opioids.block import BlockLeft, RivalBlock, block_left
from lowdose.opioids.challenges import (
    Challenge,
    ChallengeComparison,
    challenge_section,
    challenges,
    compare_challenges,
)
from lowdose.opioids.course import Setting
from lowdose.opioids.data import Opioid, opioid, opioids, withheld
from lowdose.opioids.document import document, refused_document
from lowdose.opioids.dose import OpioidDose, opioid_dose
from lowdose.opioids.effect import EffectLeft, Range, RivalEffect, effect_left
from lowdose.opioids.refusals import NotEnoughData
from lowdose.opioids.reversal import Reversal, naloxone
from lowdose.opioids.withdrawal import RivalWithdrawal, Withdrawal, withdrawal

__all__ = [
    "BlockLeft",
    "Challenge",
    "ChallengeComparison",
    "EffectLeft",
    "NotEnoughData",
    "Opioid",
    "OpioidDose",
    "Range",
    "Reversal",
    "RivalBlock",
    "RivalEffect",
    "RivalWithdrawal",
    "SafetyStop",
    "Setting",
    "Withdrawal",
    "block_left",
    "challenge_section",
    "challenges",
    "compare_challenges",
    "document",
    "effect_left",
    "naloxone",
    "opioid",
    "opioid_dose",
    "opioids",
    "refused_document",
    "withdrawal",
    "withheld",
]
