"""Running compiled code: arrays in their places, threads with the interpreter's lock released, a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.native.job import SUMMARY_ROWS, TOGETHER, Field
from lowdose.engine.native.machine import Machine, load

__all__ = ["Runner"]

ALIGNMENT = 64
POLL_SECONDS = 0.02


class Runner:
    """The compiled driver of one model.

    Parameters
    ----------
    code : bytes
        Object file.
    machine : Machine
        What it was made for.
    rows : int
        Rows of its workspace.
    """

    def __init__(self, code: bytes, machine: Machine, rows: int) -> None:
        self.drive, self._alive = load(code, machine, "drive")
        self.width, self.rows = machine.width, rows

    def run(
        self,
        fields: Mapping[Field, Any],
        order: NDArray[np.int64],
        *,
        threads: int = 1,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Solve the people in ``order``; call ``progress`` with how many are done.

        An exception in ``progress``, or an interrupt, stops the threads before it goes on its way.
        """
        counters = np.zeros(3, dtype=np.int64)
        job = np.zeros(len(Field), dtype=np.int64)
        at = counters.ctypes.data
        arrays = {**fields, Field.ORDER: order, Field.QUEUE: len(order)}
        for field, value in arrays.items():
            if isinstance(value, np.ndarray):
                job[field] = value.ctypes.data
            elif isinstance(value, float):
                job[field] = np.float64(value).view(np.int64)
            else:
                job[field] = value
        job[Field.NEXT], job[Field.FINISHED], job[Field.STOP] = at, at + 8, at + 16
        size = (self.rows + SUMMARY_ROWS * int(job[Field.SUMMARY_COUNT])) * self.width
        size += TOGETHER * int(job[Field.OUTPUT_COUNT]) * self.width
        if progress is None and threads == 1 and len(order) == 1:
            self._work(job, size)
            return
        workers = [
            threading.Thread(target=self._work, args=(job, size), daemon=True)
            for _ in range(max(1, min(threads, -(-len(order) // self.width))))
        ]
        for worker in workers:
            worker.start()
        try:
            for worker in workers:
                while worker.is_alive():
                    worker.join(POLL_SECONDS)
                    if progress is not None:
                        progress(int(counters[1]))
        finally:
            counters[2] = 1
            for worker in workers:
                worker.join()

    def _work(self, job: NDArray[np.int64], size: int) -> None:
        memory = np.zeros(size + ALIGNMENT // 8)
        shift = (-memory.ctypes.data % ALIGNMENT) // 8
        workspace = memory[shift : shift + size]
        self.drive(workspace.ctypes.data, job.ctypes.data)
