"""WHO: one person's covariates, virtual people, how people differ, random streams, parameter rows."""

from lowdose.people.adherence import pattern, pattern_names
from lowdose.people.chosen import rows_at
from lowdose.people.covariates import covariates_in_force
from lowdose.people.person import Person
from lowdose.people.populations import population, population_names
from lowdose.people.streams import standard_normal
from lowdose.people.variability import Rows, Spread, rows
from lowdose.people.virtual import People, make

__all__ = [
    "People",
    "Person",
    "Rows",
    "Spread",
    "covariates_in_force",
    "make",
    "pattern",
    "pattern_names",
    "population",
    "population_names",
    "rows",
    "rows_at",
    "standard_normal",
]
