"""Which numbers of the model decide a result: tornado, Sobol indices, elementary effects, and whether they settled."""

from lowdose.sensitivity.factors import Factor, Group
from lowdose.sensitivity.indices import Effect, Index, MorrisStep, SobolStep, Verdict
from lowdose.sensitivity.refusals import MissingExtra, TooManyLost
from lowdose.sensitivity.study import Distribution, End, Found, Sensitivity, Swing, sensitivity

__all__ = [
    "Distribution",
    "Effect",
    "End",
    "Factor",
    "Found",
    "Group",
    "Index",
    "MissingExtra",
    "MorrisStep",
    "Sensitivity",
    "SobolStep",
    "Swing",
    "TooManyLost",
    "Verdict",
    "sensitivity",
]
