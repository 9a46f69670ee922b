"""An empty patient file: every fact that a start asks for, each with its question and what may be written."""

from __future__ import annotations

from datetime import date

from lowdose.safety.asking.questions import grouped_fields
from lowdose.safety.facts.fields import CONDITION, allowed, conditions, field, fields
from lowdose.safety.patient_file.patient import SCHEMA

_HEAD = """\
# Left empty is not known. A value with its own day: egfr: {{value: 95, on: 2026-11-20}}. No names: only a pseudonym.
schema: {schema}
id: P-001
recorded: {day}  # the day on which these answers were given
conditions_complete:  # yes when every condition not marked below is absent
"""
_MEDICINES = """\
  list:  # {ask} [] when nothing is taken.
  # - {{name: levothyroxine, form: ir, active: yes}}
  # - {{name: codeine, form: ir, active: no, last_taken: 2026-10-01}}
"""


def template(day: date) -> str:
    """Text of an empty patient file.

    Examples
    --------
    >>> print(template(date(2026, 12, 1)).splitlines()[1])
    schema: lowdose.patient/1
    """
    asked = grouped_fields()
    sections: dict[str, list[str]] = {}
    for name in fields():
        section, _, key = name.partition(".")
        if section == "plan" or (name not in asked and not name.startswith(CONDITION)):
            continue
        line = f"  {key}:  # {field(name).ask} ({allowed(field(name))})\n"
        if name == "meds.list":
            line = _MEDICINES.format(ask=field(name).ask)
        elif name.startswith(CONDITION):
            line = f"  {key}:  # {conditions()[key].title} (yes or no)\n"
        sections.setdefault(section, []).append(line)
    sections["plan"] = ["  drawn_up: no  # a plan brings its own facts\n"]
    lines = [f"{section}:\n{''.join(answers)}" for section, answers in sections.items()]
    return _HEAD.format(schema=SCHEMA, day=day) + "".join(lines)
