"""Small models, written in Antimony, compiled once."""

import antimony
import pytest

from lowdose.engine import compile

DEPOT = """
model depot
    KA = 1.5; CL = 1.1; V = 20; RATE = 10; DURATION = 4; LAG = 2; F = 0.5
    Depot = 0; Central = 0
    Depot' = -KA*Depot
    Central' = KA*Depot - CL/V*Central
    C := Central/V
end
"""

# Indirect response with a daily rhythm: starts away from rest, stiff enough, nonlinear.
RHYTHM = """
function hill(x, k, n)
    x^n/(k^n + x^n)
end
model rhythm
    k = 0.3; kin = 2; kout = 0.4; period = 24; fast = 50
    Drug = 0; Response = 5; Echo = 5
    Drug' = -k*Drug
    drive := kin*(1 + 0.5*sin(2*pi*time/period))
    Response' = drive*(1 - 0.8*hill(Drug, 3, 2)) - kout*Response
    Echo' = fast*(Response - Echo)
    turnover := kin/kout
end
"""


def sbml(text: str, name: str) -> str:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) != -1, antimony.getLastError()
    return antimony.getSBMLString(name)


@pytest.fixture(scope="session")
def make_sbml():
    """Antimony text and model name to SBML text."""
    return sbml


@pytest.fixture(scope="session")
def depot():
    """First-order absorption into one compartment; linear."""
    return compile(sbml(DEPOT, "depot"))


@pytest.fixture(scope="session")
def rhythm():
    """A response with a daily rhythm; nonlinear, time-dependent."""
    return compile(sbml(RHYTHM, "rhythm"))
