"""An approval is of one content, by one person, at one time; nothing of it changes alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from lowdose.audit import NOT_APPROVED, Approval, Professional
from lowdose.audit.approval import approve, standing
from lowdose.errors import InvalidInput

BROWN = Professional("A. Brown", "pharmacist", "GPhC 0000000")
WHITE = Professional("D. White", "physician", "GMC 0000001")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
CONTENT = {"schema": "x/1", "steps": [{"dose_mg": "1.5"}], "note": "µ"}


def test_it_says_who_and_when() -> None:
    approval = approve(CONTENT, BROWN, AT)
    assert approval.holds(CONTENT)
    assert standing(approval, CONTENT) == "approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:00 UTC"
    assert standing(None, CONTENT) == NOT_APPROVED == "DRAFT – NOT APPROVED"


def test_any_change_takes_it_away() -> None:
    approval = approve(CONTENT, BROWN, AT)
    for content in (
        {},
        {**CONTENT, "more": None},
        {**CONTENT, "steps": [{"dose_mg": "15"}]},
        {**CONTENT, "steps": [{"dose_mg": Decimal("1.50")}]},
        {**CONTENT, "by": str(WHITE)},
    ):
        assert not approval.holds(content)
        assert standing(approval, content) == NOT_APPROVED
    for stolen in (
        replace(approval, by=WHITE),
        replace(approval, at=AT + timedelta(days=1)),
        replace(approval, sha256="0" * 64),
    ):
        assert not stolen.holds(CONTENT)


def test_the_order_of_the_names_is_no_change() -> None:
    assert approve(CONTENT, BROWN, AT).holds(dict(reversed(CONTENT.items())))


def test_the_time_is_kept_in_utc_to_the_second_and_comes_back_from_json() -> None:
    there = timezone(timedelta(hours=11))
    approval = approve(CONTENT, BROWN, datetime(2026, 12, 1, 20, 0, 0, 999999, tzinfo=there))
    assert approval == approve(CONTENT, BROWN, AT)
    adapter = TypeAdapter(Approval)
    again = adapter.validate_python(json.loads(adapter.dump_json(approval)))
    assert again.holds(CONTENT)
    assert again.words == approval.words


def test_no_time_zone_no_approval() -> None:
    with pytest.raises(InvalidInput, match="no time zone"):
        approve(CONTENT, BROWN, datetime(2026, 12, 1, 9))


def test_nothing_is_slipped_into_an_approval() -> None:
    with pytest.raises(ValidationError, match="Unexpected keyword"):
        TypeAdapter(Approval).validate_python(
            {"by": {"name": "A", "role": "pharmacist", "registration": "1"}, "at": AT, "sha256": "", "more": 1}
        )
