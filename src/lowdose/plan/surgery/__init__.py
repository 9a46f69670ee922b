"""Before and after an operation, and in an emergency: stop, restart, wallet card, emergency page."""

from lowdose.plan.foreseen.after import predict
from lowdose.plan.hold.hold import Hold, read_hold
from lowdose.plan.hold.intervals import Interval, intervals
from lowdose.plan.surgery.cards import before_surgery, emergency_page, wallet_card
from lowdose.plan.surgery.documents import EmergencyPage, Restart, SurgeryPlan, WalletCard, document
from lowdose.plan.surgery.restart import restart, restart_ahead
from lowdose.plan.surgery.stop import surgery_plan

__all__ = [
    "EmergencyPage",
    "Hold",
    "Interval",
    "Restart",
    "SurgeryPlan",
    "WalletCard",
    "before_surgery",
    "document",
    "emergency_page",
    "intervals",
    "predict",
    "read_hold",
    "restart",
    "restart_ahead",
    "surgery_plan",
    "wallet_card",
]
