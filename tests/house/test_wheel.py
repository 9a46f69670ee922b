"""The wheel holds all it needs, and works where nothing beside it may be written."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "lowdose"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)], cwd=ROOT)
    (made,) = place.glob("*.whl")
    return made


def run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("lowdose/")}
        licences = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert held == {path.relative_to(PACKAGE.parent).as_posix() for path in files}
    assert licences
    assert {".py", ".typed", ".ant", ".yaml", ".lark"} <= {Path(name).suffix for name in held}


@pytest.mark.long
def test_demo_runs_from_the_wheel_in_a_read_only_environment(wheel: Path, tmp_path: Path) -> None:
    """A folder with spaces and letters beyond ASCII; nothing is written beside the package, by anyone."""
    place = tmp_path / "un été à Gdańsk" / "β environment"
    run([sys.executable, "-m", "venv", "--without-pip", str(place)])
    python = place / "bin" / "python"
    uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--python", str(python), "--link-mode", "copy"]
    run([*uv, "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements" / "run.lock")])
    run([*uv, "--no-deps", "--offline", str(wheel)])

    packages = next((place / "lib").glob("python3.*")) / "site-packages"
    for path in [packages, *packages.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    before = snapshot(packages)

    user = tmp_path / "a person's home"
    folder = tmp_path / "где-то тут"
    user.mkdir()
    folder.mkdir()
    clean = {"PATH": os.environ["PATH"], "HOME": str(user), "LANG": "C.UTF-8"}
    said = run([str(place / "bin" / "lowdose"), "demo"], cwd=folder, env=clean)
    assert "lowdose-demo.html" in said
    assert "<html" in (folder / "lowdose-demo.html").read_text(encoding="utf-8")
    assert snapshot(packages) == before


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file but bytecode: root may write where modes forbid it, and this shows it."""
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}
