"""The lock files: complete, hashed, without addresses, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["installer", "run", "dev", "bench"]


def entries(lock: str) -> list[str]:
    """Each pin with its hashes, as one line."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    return text.replace("\\\n", " ").splitlines()


def pins(lock: str) -> dict[tuple[str, str], str]:
    """(name, marker) → version."""
    found = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split("--hash")[0])
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", entry
        found[canonicalize_name(requirement.name), str(requirement.marker)] = specifier.version
    return found


def declared(lock: str) -> list[str]:
    groups = PROJECT["dependency-groups"]
    if lock == "installer":
        return list(groups["installer"])
    group = "build" if lock == "run" else lock
    return PROJECT["project"]["dependencies"] + groups["build"] + [one for one in groups[group] if isinstance(one, str)]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    for forbidden in ("://", "--index", "--extra-index", "--find-links", "--trusted-host", " @ "):
        assert forbidden not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    for entry in entries(lock):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry), entry


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_dependency_is_pinned_within_its_range(lock: str) -> None:
    pinned: dict[str, list[str]] = {}
    for (name, _), version in pins(lock).items():
        pinned.setdefault(name, []).append(version)
    for text in declared(lock):
        requirement = Requirement(text)
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{text} is not in {lock}.lock: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{text}: {versions}"


@pytest.mark.parametrize("lock", ["dev", "bench"])
def test_a_larger_lock_holds_run_with_the_same_versions(lock: str) -> None:
    assert pins("run").items() <= pins(lock).items()


def test_what_is_only_compared_with_stays_out_of_the_test_environment() -> None:
    assert not {"jax", "numba", "diffrax", "python-copasi"} & {name for name, _ in pins("dev")}
