"""The cases of the SBML semantic test suite: none wrong, and few refused."""

import pytest

from lowdose.engine.conformance import report, run

pytestmark = pytest.mark.conformance


def test_the_semantic_suite(references):
    verdicts = run(references / "sbml_semantic")
    assert len(verdicts) >= 400
    outcomes = [one.outcome for one in verdicts]
    assert "wrong" not in outcomes, report(verdicts)
    assert outcomes.count("passed") >= 0.97 * len(verdicts), report(verdicts)
