"""Where this runs, and with what."""

from __future__ import annotations

import os
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "lowdose",
    "numpy",
    "llvmlite",
    "numba",
    "scipy",
    "libroadrunner",
    "scikit-sundae",
    "python-copasi",
    "diffrax",
    "jax",
    "numbalsoda",
)


def processor() -> str:
    """Its name, as the system gives it."""
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


@cache
def machine() -> dict[str, object]:
    """Processor, system, cores, and load when first asked."""
    return {
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def versions() -> dict[str, str | None]:
    """Of everything that is compared; None where it is not installed."""
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
