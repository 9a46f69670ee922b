"""WHO: one person's covariates, how people differ, random streams, parameter rows."""

from lowdose.people.covariates import covariates_in_force
from lowdose.people.person import Person
from lowdose.people.streams import standard_normal
from lowdose.people.variability import Rows, Spread, rows

__all__ = ["Person", "Rows", "Spread", "covariates_in_force", "rows", "standard_normal"]
