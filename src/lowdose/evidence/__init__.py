"""What is known about LDN in people: studies, adverse events, pools, grades, words.

Nothing is imported until it is asked for; pooling loads its library only then.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.evidence.checks.check import check
    from lowdose.evidence.exports.export import export
    from lowdose.evidence.grading.findings import summary
    from lowdose.evidence.grading.grade import grade
    from lowdose.evidence.grading.judgements import judge
    from lowdose.evidence.lookup.combinations import combination
    from lowdose.evidence.lookup.find import search
    from lowdose.evidence.lookup.harms import harms
    from lowdose.evidence.plain.passages import passages
    from lowdose.evidence.plain.told import told
    from lowdose.evidence.pools.asking import ask, question_for
    from lowdose.evidence.pools.computed import computed
    from lowdose.evidence.pools.entries import entries
    from lowdose.evidence.pools.pooling import pool
    from lowdose.evidence.pools.questions import questions
    from lowdose.evidence.pools.tables import read_table
    from lowdose.evidence.records.registry import registry

_HOMES = {
    "ask": "pools.asking",
    "check": "checks.check",
    "combination": "lookup.combinations",
    "computed": "pools.computed",
    "entries": "pools.entries",
    "export": "exports.export",
    "grade": "grading.grade",
    "harms": "lookup.harms",
    "judge": "grading.judgements",
    "passages": "plain.passages",
    "pool": "pools.pooling",
    "question_for": "pools.asking",
    "questions": "pools.questions",
    "read_table": "pools.tables",
    "registry": "records.registry",
    "search": "lookup.find",
    "summary": "grading.findings",
    "told": "plain.told",
}

__all__ = [
    "ask",
    "check",
    "combination",
    "computed",
    "entries",
    "export",
    "grade",
    "harms",
    "judge",
    "passages",
    "pool",
    "question_for",
    "questions",
    "read_table",
    "registry",
    "search",
    "summary",
    "told",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.evidence.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.evidence' has no attribute {name!r}")
