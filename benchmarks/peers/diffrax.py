"""Diffrax on the processor: people side by side in one compiled program, in double precision."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from benchmarks.peers.compiled import compiled, equations
from benchmarks.peers.interface import Array, Engine, Failed, Measured, NotRun
from benchmarks.problem import ABSOLUTE, DAY, Problem

NIGHTS = 7
"""Solved; the time is scaled to the nights of the problem, the error is that of these nights."""


class Diffrax(Engine):
    key = "diffrax"
    title = "diffrax Tsit5"
    package = "diffrax"
    dosing = "a compiled loop over nights, the dose added between"
    form = f"64 people in one vmap under jit, float64, one thread; {NIGHTS} nights timed and scaled to all"
    method = "Tsit5"  # of Tsit5, Dopri8, Bosh3 and Kvaerno5 the fastest at the error that is asked for
    together = 64  # fewer or more people at once cost more for each

    def prepare(self, problem: Problem) -> None:
        os.environ.setdefault("NPROC", "1")  # threads of XLA
        try:
            import diffrax
            import jax
        except ImportError as error:
            raise NotRun(str(error)) from error
        jax.config.update("jax_enable_x64", True)
        import jax.numpy as jnp

        names: dict[str, Any] = {one: getattr(jnp, one) for one in ("exp", "log", "sqrt", "sin", "cos")}
        exec(equations(problem).rates_returned(), names)
        term = diffrax.ODETerm(lambda t, y, k: jnp.stack(names["rates"](t, y, k)))
        solver = getattr(diffrax, self.method)()
        dosed, amount, hours = problem.dosed, problem.amount, jnp.arange(DAY + 1.0)

        def course(start: Any, known: Any, rtol: Any) -> Any:
            control = diffrax.PIDController(rtol=rtol, atol=rtol * ABSOLUTE)

            def night(state: Any, number: Any) -> Any:
                begin = DAY * number
                part = diffrax.diffeqsolve(
                    term,
                    solver,
                    begin,
                    begin + DAY,
                    None,
                    state.at[dosed].add(amount),
                    known,
                    saveat=diffrax.SaveAt(ts=begin + hours),
                    stepsize_controller=control,
                    max_steps=None,
                    adjoint=diffrax.ForwardMode(),
                    throw=False,
                )
                return part.ys[-1], (part.ys[:-1], part.ys[-1])

            _, (hourly, ends) = jax.lax.scan(night, start, jnp.arange(float(NIGHTS)))
            return jnp.concatenate([hourly.reshape(-1, len(start)), ends[-1:]])

        self.course = jax.jit(jax.vmap(course, in_axes=(0, 0, None)))
        self.ready = jax.block_until_ready
        self.problem, self.warm = problem, False
        self.people = [compiled(problem).person(number) for number in range(self.together)]

    def solve(self, person: int, rtol: float) -> Array:
        raise NotImplementedError("people are solved together")

    def measure(self, persons: int, rtol: float) -> Measured:
        starts, known = (np.stack(part) for part in zip(*self.people[: max(persons, self.together)], strict=True))
        if not self.warm:
            self.ready(self.course(starts, known, 1e-3))
            self.warm = True
        start_cpu, start_wall = time.process_time(), time.perf_counter()
        solved = self.ready(self.course(starts, known, rtol))
        cpu, wall = time.process_time() - start_cpu, time.perf_counter() - start_wall
        values = np.asarray(solved)[:persons]
        if not np.isfinite(values).all():
            raise Failed("not finite")
        scale = self.problem.nights / NIGHTS / len(starts)
        return Measured(values, cpu * scale, wall * scale)
