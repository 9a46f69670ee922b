"""Safety: medicines, wash-out and rules; what was checked, what fired, what was not, and what would settle it."""

from lowdose.safety.asking.questions import Question, questions
from lowdose.safety.facts.fields import conditions, field, fields
from lowdose.safety.facts.known import Facts
from lowdose.safety.patient_file.patient import Patient, parse_patient, read_patient
from lowdose.safety.rules.conflicts import Conflict, conflicts
from lowdose.safety.rules.rule_set import Rule, RuleSet, rule, rule_set
from lowdose.safety.screening.check import Fired, NotChecked, Override, check
from lowdose.safety.screening.evaluation import screen
from lowdose.safety.screening.result import Outcome, Screen

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
