"""LSODA through COPASI, called below basico so that no data frame is made on the clock."""

from __future__ import annotations

from typing import Any

import libsbml
import numpy as np

from benchmarks.peers.interface import Array, Engine, Failed, NotRun
from benchmarks.problem import ABSOLUTE, DAY, MOST, Problem


class Copasi(Engine):
    key = "copasi"
    title = "COPASI LSODA"
    package = "python-copasi"
    dosing = "one SBML event that repeats every night; the first dose is the initial value"
    form = "one time course for all nights; COPASI's own evaluation of rates and Jacobian"

    def prepare(self, problem: Problem) -> None:
        try:
            import COPASI
        except ImportError as error:
            raise NotRun(str(error)) from error
        self.problem, self.copasi = problem, COPASI
        self.data = COPASI.CRootContainer.addDatamodel()
        if not self.data.importSBMLFromString(with_doses(problem)):
            raise NotRun("COPASI refuses the model")
        self.model = self.data.getModel()
        every = (self.model.getModelValue(n) for n in range(self.model.getNumModelValues()))
        self.values = {value.getSBMLId(): value for value in every}
        self.task = self.data.getTask("Time-Course")
        self.task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
        course = self.task.getProblem()
        course.setModel(self.model)
        course.setStepNumber(len(problem.times) - 1)
        course.setDuration(float(problem.times[-1]))
        course.setTimeSeriesRequested(True)
        course.setAutomaticStepSize(False)
        course.setOutputEvent(False)
        self.people = problem.parameters(MOST)
        self.solve(0, 1e-3)

    def solve(self, person: int, rtol: float) -> Any:
        changed = self.copasi.ObjectStdVector()
        given = {name: float(values[person]) for name, values in self.people.items()}
        for name, value in {**given, self.problem.target: self.problem.amount}.items():
            self.values[name].setInitialValue(value)
            changed.append(self.values[name].getInitialValueReference())
        self.model.updateInitialValues(changed)
        method = self.task.getMethod()
        method.getParameter("Relative Tolerance").setDblValue(rtol)
        method.getParameter("Absolute Tolerance").setDblValue(rtol * ABSOLUTE)
        method.getParameter("Max Internal Steps").setUIntValue(1_000_000)
        if not self.task.process(True):
            raise Failed(self.copasi.CCopasiMessage.getAllMessageText())
        return self.task.getTimeSeries()

    def collect(self, solved: Any) -> Array:
        names = [solved.getSBMLId(n, self.data) for n in range(solved.getNumVariables())]
        places = [names.index(state) for state in self.problem.states]
        steps = range(solved.getRecordedSteps())
        return np.array([[solved.getConcentrationData(step, place) for place in places] for step in steps])


def with_doses(problem: Problem) -> str:
    """The model's SBML with its doses after the first as one event."""
    document = libsbml.readSBMLFromString(problem.sbml)
    model = document.getModel()
    clock = model.createParameter()
    clock.setId("next_dose")
    clock.setConstant(False)
    clock.setValue(DAY)
    event = model.createEvent()
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    trigger.setInitialValue(True)
    trigger.setPersistent(True)
    last = problem.times[-1] - DAY / 2.0
    trigger.setMath(libsbml.parseL3Formula(f"time >= next_dose && time < {last}"))
    for name, formula in (
        (problem.target, f"{problem.target} + {problem.amount}"),
        ("next_dose", f"next_dose + {DAY}"),
    ):
        assignment = event.createEventAssignment()
        assignment.setVariable(name)
        assignment.setMath(libsbml.parseL3Formula(formula))
    return str(libsbml.writeSBMLToString(document))
