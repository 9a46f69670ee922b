"""``lowdose doctor``: does this installation work, and what does it find?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

import click

_PACKAGES = ("numpy", "llvmlite", "antimony", "python-libsbml", "xarray", "pyarrow", "vl-convert-python")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Check this installation: versions, cache, models, solver."""
    found = [_examine(name, check) for name, check in _CHECKS.items()]
    if as_json:
        from json import dumps

        rows = [{"check": name, "ok": ok, "finding": finding} for name, ok, finding in found]
        click.echo(dumps({"schema": "lowdose.doctor/1", "checks": rows}, indent=2, ensure_ascii=False))
    else:
        for name, ok, finding in found:
            click.echo(
                f"{click.style('ok  ', fg='green') if ok else click.style('FAIL', fg='red')}  {name:<10} {finding}"
            )
    if not all(ok for _, ok, _ in found):
        raise SystemExit(1)


def _examine(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except Exception as error:
        return name, False, f"{type(error).__name__}: {error}"


def _versions() -> str:
    return f"lowdose {version('lowdose')}, Python {platform.python_version()}, {platform.machine()}"


def _packages() -> str:
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def _cache() -> str:
    from lowdose import cache

    place = cache.folder()
    if place is None:
        return "no folder can be written: every run assembles its model anew (set LOWDOSE_CACHE to change that)"
    return f"{place}, {sum(1 for _ in place.iterdir())} files"


def _models() -> str:
    from lowdose.model import assemble, hypothesis_names, parameters
    from lowdose.model.assemble import libsbml_problems
    from lowdose.model.units import check_units

    def problems() -> Iterator[str]:
        for name in hypothesis_names():
            yield from libsbml_problems(assemble(name))
            yield from map(str, check_units(assemble(name)))

    first = next(problems(), None)
    if first is not None:
        raise RuntimeError(first)
    return f"{len(hypothesis_names())} hypotheses, {len(parameters())} parameters, units agree in both checks"


def _solver() -> str:
    from lowdose import simulate

    result = simulate("50 mg once", aftermath_hours=36)
    level = result.metrics["naltrexone_plasma"]["cmax"]
    if level.value is None or not 9 <= level.value <= 17:
        raise RuntimeError(f"50 mg gives a highest level of {level.value} {level.unit}; 9 to 17 was expected")
    return f"50 mg gives a highest naltrexone level of {level.value:.1f} {level.unit} (published: 9 to 17)"


_CHECKS: dict[str, Callable[[], str]] = {
    "versions": _versions,
    "packages": _packages,
    "cache": _cache,
    "models": _models,
    "solver": _solver,
}
