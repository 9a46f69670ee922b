"""The command line that reproduces a run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from lowdose.people import Person

if TYPE_CHECKING:
    from lowdose.results.result import Result

_PERSON_OPTIONS = {"age": "--age", "sex": "--sex", "weight": "--weight", "crcl": "--crcl", "child_pugh": "--child-pugh"}


def command_line(result: Result) -> str:
    """``lowdose simulate ...`` with every input that differs from its default.

    Examples
    --------
    >>> from lowdose import simulate
    >>> simulate("3 mg once at 08:00").command
    "lowdose simulate '3 mg once at 08:00' --hypothesis effect-site"
    """
    words = ["lowdose", "simulate", result.regimen.canonical]
    for name, option in _PERSON_OPTIONS.items():
        value = getattr(result.person, name)
        if value != getattr(Person(), name):
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    words += ["--hypothesis", result.hypothesis.name]
    if result.people:
        words += ["--people", str(result.people), "--seed", str(result.seed), "--spread", result.drawn]
    if result.start is not None:
        words += ["--start", result.start.isoformat(timespec="minutes")]
    for symbol, value in result.overrides.items():
        words += ["--set", f"{symbol}={value!r}"]
    return shlex.join(words)
