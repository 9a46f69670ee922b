"""The main job: a regimen, a person and a hypothesis -> what happens in the body."""

from lowdose.simulation.verbs import population, rivals, simulate

__all__ = ["population", "rivals", "simulate"]
