"""One row of a chart: which output, in which words and colour."""

from __future__ import annotations

from dataclasses import dataclass

from lowdose.results import Result

_UNITS = {"1": "1 = without naltrexone", "ug/dL": "µg/dL"}


@dataclass(frozen=True)
class Strip:
    """One row of a chart: an output of a run, in words, with its colour and height."""

    result: Result
    output: str
    title: str
    colour: str
    height: int

    @property
    def unit(self) -> str:
        """Unit in words: percent for shares of receptors.

        Examples
        --------
        >>> from lowdose import simulate
        >>> Strip(simulate("3 mg once"), "mu_occupancy_central", "", "", 90).unit
        '%'
        """
        output = self.result.outputs[self.output]
        return "%" if output.kind == "occupancy" else _UNITS.get(output.unit, output.unit)

    @property
    def is_weak(self) -> bool:
        """Whether its curve rests on assumed or animal inputs."""
        return self.output in self.result.weak_outputs

    @property
    def jumps(self) -> bool:
        """Whether each dose switches it on and off, which is drawn as steps."""
        return self.result.kinetics.on_dose is not None and self.unit == "%"

    @property
    def baseline(self) -> float | None:
        """24-hour mean of the typical person without the drug, for the outputs that have one."""
        known = self.result.typical.without_drug
        if self.result.outputs[self.output].kind not in ("hormone", "response") or self.output not in known:
            return None
        return float(known[self.output][0])
