"""mrgsolve, an R package: only ever reported as not run, with the reason."""

from __future__ import annotations

import shutil

from benchmarks.peers.interface import Array, Engine, NotRun
from benchmarks.problem import Problem


class Mrgsolve(Engine):
    key = "mrgsolve"
    title = "mrgsolve LSODA"
    package = "mrgsolve"
    dosing = "its own dose records"
    form = "C++"

    def prepare(self, problem: Problem) -> None:
        raise NotRun("R is here, but no adapter has been written" if shutil.which("Rscript") else "R is not here")

    def solve(self, person: int, rtol: float) -> Array:
        raise NotImplementedError
