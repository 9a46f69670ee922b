"""A usual dose of every opioid, and each as someone may have it on board."""

from __future__ import annotations

DOSES = {
    "morphine": "morphine 15 mg", "oxycodone": "oxycodone 10 mg", "hydrocodone": "hydrocodone 10 mg",
    "codeine": "codeine 60 mg", "fentanyl": "fentanyl 100 mcg iv", "methadone": "methadone 10 mg",
    "buprenorphine": "buprenorphine 4 mg", "tramadol": "tramadol 100 mg",
}  # fmt: skip
ON_BOARD = {
    "morphine": "morphine 15 mg every 6 hours", "oxycodone": "oxycodone 10 mg every 6 hours",
    "hydrocodone": "hydrocodone 10 mg every 6 hours", "codeine": "codeine 30 mg every 6 hours",
    "fentanyl": "fentanyl 25 mcg/h patch", "methadone": "methadone 40 mg daily",
    "buprenorphine": "buprenorphine 8 mg daily", "tramadol": "tramadol 50 mg every 6 hours",
}  # fmt: skip
