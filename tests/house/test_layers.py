"""Who may import whom."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def test_rooms_import_only_what_lies_below() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", ROOT / "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_imported_is_a_declared_dependency() -> None:
    """What another package happens to bring along is not ours to lean on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    declared = {canonicalize_name(Requirement(text).name) for text in (*project["dependencies"], *extras)}
    graph = grimp.build_graph("lowdose", include_external_packages=True, cache_dir=None)
    imported = {name.split(".")[0] for name in graph.modules}
    providers = packages_distributions()
    for name in sorted(imported - sys.stdlib_module_names - {"lowdose"}):
        makers = {canonicalize_name(maker) for maker in providers.get(name, [name])}
        importers = sorted(graph.find_modules_that_directly_import(name))
        assert makers & declared, f"{name} is imported by {importers}, but not declared in pyproject.toml"
