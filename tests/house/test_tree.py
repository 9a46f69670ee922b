"""What every file of the repository keeps to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LONGEST = 400


def repository_files() -> list[Path]:
    """What git tracks, and what it would if it were added now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_on_one_machine_or_a_registry_host() -> None:
    # Written in pieces, so that this file does not name them either.
    folders = "|".join(("work", "root", "home"))
    registries = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian")
    hosts = "|".join(re.escape(one) for one in registries)
    forbidden = re.compile(rf"(?<![\w.-])/(?:{folders})/\w|{hosts}".encode())
    found = []
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" not in content:
            lines = content.splitlines()
            found += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if forbidden.search(line)]
    assert not found


def test_a_module_tells_one_story() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "src").rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_readme_shows_both_commands_first(command: str) -> None:
    top = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert command in [line.strip() for line in top]


def test_changelog_says_what_is_new() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\[Unreleased\]|Unreleased|\[?\d+\.\d+\.\d+)", text, re.MULTILINE)


def test_every_page_of_the_documentation_is_in_its_contents_and_the_other_way_round() -> None:
    def pages(part: object) -> list[str]:
        if isinstance(part, str):
            return [part]
        return [page for one in (part.values() if isinstance(part, dict) else part) for page in pages(one)]

    listed = pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    docs = ROOT / "docs"
    assert sorted(listed) == sorted(str(path.relative_to(docs)) for path in docs.rglob("*.md"))
