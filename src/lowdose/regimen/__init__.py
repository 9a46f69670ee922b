"""When and how much: the regimen language, its values, and the YAML, JSON and NONMEM forms of them.

Examples
--------
>>> Regimen.parse("4.5mg qhs for 12 wks").canonical
'4.5 mg nightly for 12 weeks'
"""

from lowdose.regimen.dated import DatedDose, DatedRegimen
from lowdose.regimen.forms import Form
from lowdose.regimen.regimen import Regimen, ScheduledDose
from lowdose.regimen.steps import Step

__all__ = ["DatedDose", "DatedRegimen", "Form", "Regimen", "ScheduledDose", "Step"]
