"""``lowdose evidence``: what is known about LDN in people."""

from __future__ import annotations

import click

from lowdose.cli.evidence.conditions import condition, grade, judge
from lowdose.cli.evidence.files import check, export
from lowdose.cli.evidence.pools import pool
from lowdose.cli.evidence.safety import combination, harms
from lowdose.cli.evidence.studies import list_, search, show_


@click.group("evidence")
def command() -> None:
    """Look up what was studied in people: studies, adverse events, pools, grades.

    Everything is read at abstract level by one reader: provisional, not a systematic review.
    """


for _one in (condition, list_, show_, search, harms, combination, pool, grade, judge, check, export):
    command.add_command(_one)
