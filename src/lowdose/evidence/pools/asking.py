"""One question asked with one's own choices: what was gathered, the pool, and the same looked at in other ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.lookup.find import resolve_condition
from lowdose.evidence.lookup.words import one_of

if TYPE_CHECKING:
    from lowdose.evidence.pools.entry import Entry, Gathered
    from lowdose.evidence.pools.looks import Subgroups
    from lowdose.evidence.pools.numbers import Measure
    from lowdose.evidence.pools.pooled import Pool
    from lowdose.evidence.pools.questions import Question
    from lowdose.evidence.records.registry import Registry


@dataclass(frozen=True)
class Looks:
    """Other ways to look at the same entries."""

    leave_one_out: bool = False
    cumulative: bool = False
    subgroup: str = ""


NO_MORE = Looks()
"""Nothing but the pool."""


@dataclass(frozen=True)
class Answered:
    """A question with its pool; ``pool`` is None where no study gives a number.

    ``before`` is the pool with recalled values, where they were to be left out; ``question`` are plain values;
    ``table`` says that it is a table of the user's own.
    """

    question: Mapping[str, Any]
    gathered: Gathered
    pool: Pool | None
    before: Pool | None = None
    only_found: bool = False
    leave_one_out: tuple[tuple[Entry, Pool], ...] = ()
    cumulative: tuple[tuple[Entry, Pool], ...] = ()
    subgroups: Subgroups | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    table: bool = False


def question_for(condition: str, outcome: str | None = None, source: Registry | None = None) -> Question:
    """The question that was fixed for a condition and an outcome.

    Parameters
    ----------
    condition : str
        A name or a synonym; ``any`` has the adverse events.
    outcome : str, optional
        May be left out where there is one question only.
    source : Registry, optional
        Where names of conditions are looked up.

    Raises
    ------
    NotFound
        If there is no such question; those there are, are named.

    Examples
    --------
    >>> question_for("FM", "pain").id, question_for("arthritis").id
    ('fibromyalgia.pain', 'chronic-pain.pain')
    """
    from lowdose.evidence.pools.questions import questions

    place = resolve_condition(condition, source)
    own = {name.split(".")[1]: one for name, one in questions().items() if name.split(".")[0] == place.id}
    wider = {name.split(".")[1]: one for name, one in questions().items() if place.id in one.conditions}
    known = {**wider, **own}
    if not known:
        remedy = "a question is fixed before pooling, where a trial compared two arms and gave numbers"
        raise NotFound(f"there is no question to pool for {place.name}", remedy=remedy)
    if outcome is None:
        if len(known) > 1:
            raise NotFound(
                f"{len(known)} questions were fixed for {place.name}", remedy=f"say which: {', '.join(known)}"
            )
        return next(iter(known.values()))
    return known[
        one_of("outcome", outcome, {**{one.label: name for name, one in known.items()}, **{n: n for n in known}})
    ]


def ask(
    question: Question,
    *,
    measure: Measure | None = None,
    correlation: float = 0.5,
    only_found: bool = False,
    include_sensitivity: bool = False,
    looks: Looks = NO_MORE,
    source: Registry | None = None,
    **options: Any,
) -> Answered:
    """Gather and pool; ``options`` are those of ``lowdose.evidence.pools.pooling.pool``.

    Parameters
    ----------
    question : Question
        What is asked.
    measure : str, optional
        Another measure than the question's own.
    correlation : float
        Between the periods of crossover trials.
    only_found : bool
        Leave out whatever rests on a recalled value; the pool with it is kept as ``before``.
    include_sensitivity : bool
        Take in the studies that are for sensitivity analyses only.
    looks : Looks
        What else is computed of the same entries.
    source : Registry, optional
        Other data than the package's.
    **options
        ``model``, ``tau2``, ``ci``, ``level``, ``method``.

    Examples
    --------
    >>> found = ask(question_for("FM", "pain"), only_found=True)
    >>> found.pool.k, found.before.k
    (2, 3)
    """
    from lowdose.evidence.pools.entries import entries
    from lowdose.evidence.pools.pooling import pool

    asked = question.by(measure) if measure else question
    choices: dict[str, Any] = {
        "correlation": correlation,
        "include_sensitivity": include_sensitivity,
        "registry": source,
    }
    gathered = entries(asked, only_found=only_found, **choices)
    before = entries(asked, **choices).entries if only_found else ()
    return _answered(
        asked.plain(),
        gathered,
        pool(before, **options) if before else None,
        looks,
        {"correlation": correlation, "include_sensitivity": include_sensitivity, **options},
        only_found,
    )


def ask_table(path: Path, *, measure: Measure | None = None, looks: Looks = NO_MORE, **options: Any) -> Answered:
    r"""Pool a table of one's own.

    Parameters
    ----------
    path : Path
        See ``lowdose.evidence.pools.tables.gather_table``.
    measure : str, optional
        What to compute of it.
    looks : Looks
        What else is computed of the same entries.
    **options
        ``model``, ``tau2``, ``ci``, ``level``, ``method``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "arms.csv"
    ...     _ = file.write_text("study,estimate,se\nA 2020,-1.0,0.3\nB 2021,0.0,0.3\n")
    ...     ask_table(file, measure="MD").pool.estimate
    -0.5
    """
    from lowdose.evidence.pools.tables import gather_table

    measure, found = gather_table(path, measure)
    question = {
        "id": path.name,
        "label": f"table {path.name}",
        "measure": measure,
        "better": "neither",
        "comparator": "control",
        "dose_classes": ["LDN"],
        "mid": None,
        "why": "a table of your own",
        "fixed_on": "",
    }
    return replace(_answered(question, found, None, looks, options, False), table=True)


def _answered(
    question: Mapping[str, Any],
    gathered: Gathered,
    before: Pool | None,
    looks: Looks,
    options: Mapping[str, Any],
    only_found: bool,
) -> Answered:
    from lowdose.evidence.pools.looks import cumulative, leave_one_out, subgroup
    from lowdose.evidence.pools.pooling import pool

    found = gathered.entries
    chosen = {name: value for name, value in options.items() if name not in ("correlation", "include_sensitivity")}
    if looks.cumulative and not all(entry.year for entry in found):
        raise InvalidInput("the years are not known", remedy="add a column year")
    return Answered(
        question=question,
        gathered=gathered,
        pool=pool(found, **chosen) if found else None,
        before=before,
        only_found=only_found,
        leave_one_out=leave_one_out(found, **chosen) if looks.leave_one_out else (),
        cumulative=cumulative(found, **chosen) if looks.cumulative and found else (),
        subgroups=subgroup(found, looks.subgroup, **chosen) if looks.subgroup and found else None,
        options=options,
    )


def answered_page(answered: Answered) -> dict[str, Any]:
    """The answer as plain values, in the shape of an entry of ``computed()`` with what else was asked beside it.

    Examples
    --------
    >>> found = answered_page(ask(question_for("FM", "pain"), looks=Looks(leave_one_out=True)))
    >>> found["pool"]["k"], [one["without"] for one in found["leave_one_out"]][0]
    (3, 'Younger 2013')
    """
    from lowdose.evidence.pools.compute import entry_values, moves, pool_values

    made, gathered = answered.pool, answered.gathered
    better = answered.question["better"]
    return {
        "options": dict(answered.options),
        "only_found": answered.only_found,
        "table": answered.table,
        "question": dict(answered.question),
        "entries": [entry_values(entry, made) for entry in gathered.entries],
        "unusable": [asdict(one) for one in gathered.unusable],
        "removed": [asdict(one) for one in gathered.removed],
        "notes": list(gathered.notes),
        "pool": pool_values(made),
        "before": pool_values(answered.before),
        "common": pool_values(made.common_effect if made else None),
        "hksj": pool_values(made.hksj if made else None),
        "sensitivity": None,
        "leave_one_out": [
            {
                "without": left.label,
                "study": left.study,
                "says": moves(left, others, made, better) if made else "",
                "pool": pool_values(others),
            }
            for left, others in answered.leave_one_out
        ],
        "cumulative": [
            {"with": added.label, "study": added.study, "pool": pool_values(so_far)}
            for added, so_far in answered.cumulative
        ],
        "subgroups": _subgroups(answered.subgroups),
        "warnings": list(made.warnings) if made else ["no study gives a number that can be used"],
    }


def _subgroups(found: Subgroups | None) -> dict[str, Any] | None:
    from lowdose.evidence.pools.compute import pool_values

    if found is None:
        return None
    groups = {name: pool_values(one) for name, one in found.groups.items()}
    return {"groups": groups, "q_between": found.q_between, "df": found.df, "p": found.p}
