"""Safety: medicines, wash-out and rules; what was checked, what fired, what was not, and what would settle it."""

from lowdose.safety.check import Fired, NotChecked, Override, check
from lowdose.safety.conflicts import Conflict, conflicts
from lowdose.safety.facts import Facts
from lowdose.safety.fields import conditions, field, fields
from lowdose.safety.patient import Patient, parse_patient, read_patient
from lowdose.safety.questions import Question, questions
from lowdose.safety.rules import Rule, RuleSet, rule, rule_set
from lowdose.safety.screening import Outcome, Screen, screen

__all__ = [
    "Conflict",
    "Facts",
    "Fired",
    "NotChecked",
    "Outcome",
    "Override",
    "Patient",
    "Question",
    "Rule",
    "RuleSet",
    "Screen",
    "check",
    "conditions",
    "conflicts",
    "field",
    "fields",
    "parse_patient",
    "questions",
    "read_patient",
    "rule",
    "rule_set",
    "screen",
]
