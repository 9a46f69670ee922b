"""What the tests of records share."""

from __future__ import annotations

import pytest

from lowdose.pharmacy.worksheets.worksheet import Papers, papers

from ..made_up import PHARMACIST
from .batches import AT, PASSES, batch


@pytest.fixture(scope="module")
def made() -> Papers:
    return papers(batch(), lot="LDN-7").screened(PASSES).approved(PHARMACIST, AT)
