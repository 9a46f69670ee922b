"""``lowdose model diagram | equations | export`` as a person meets them."""

from __future__ import annotations

import json

import pytest

from lowdose.cli import main


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["model", *arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_diagram_is_written_in_the_format_of_its_name(run, tmp_path, ending, start):
    path = tmp_path / f"model.{ending}"
    code, _, err = run("diagram", "--hypothesis", "imposed", "-o", str(path))
    assert (code, str(path) in err) == (0, True)
    assert path.read_bytes().startswith(start)


def test_diagram_without_a_file_is_named_after_the_hypothesis(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("diagram", "--hypothesis", "slow-binding")[0] == 0
    assert "Receptor number" in (tmp_path / "slow-binding.svg").read_text(encoding="utf-8")


def test_diagram_as_json_draws_nothing_unasked(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = json.loads(run("diagram", "--json")[1])
    assert found["schema"] == "lowdose.model-diagram/1"
    assert found["model"]["hypothesis"] == "effect-site"
    assert {"source", "target", "parameters", "grade", "weak", "drawn"} <= set(found["links"][0])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["diagram", "-o", "nowhere/m.svg"], 3, "there is no folder"),
        (["diagram", "-o", "m.gif"], 3, "end its name in .svg or .png or .pdf"),
        (["diagram", "--hypothesis", "effect-sight"], 4, "effect-site"),
        (["equations", "-o", "nowhere/m.html"], 3, "there is no folder"),
        (["export", "--format", "nonmem", "-o", "nowhere/m.ctl"], 3, "there is no folder"),
        (["export", "--format", "nonmen"], 4, "did you mean nonmem"),
        (["export", "--format", "rxode2", "--hypothesis", "imposed"], 3, "imposed cannot be written as rxode2 code"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(run, arguments, code, said):
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert "remedy" in err


def test_equations_in_every_form(run, tmp_path):
    assert "effect_site_naltrexone′" in run("equations")[1]
    assert "| `CL` | 140 | L/h |" in run("equations", "--format", "markdown")[1]
    path = tmp_path / "model.html"
    assert run("equations", "--format", "html", "-o", str(path))[0] == 0
    assert "<math" in path.read_text(encoding="utf-8")
    found = json.loads(run("equations", "--hypothesis", "imposed", "--json")[1])
    assert found["schema"] == "lowdose.model-equations/1"
    assert found["modules"][0]["equations"][0]["unit"]


@pytest.mark.parametrize(
    ("form", "said"), [("sbml", "<sbml"), ("mrgsolve", "$ODE"), ("rxode2", "d/dt(capsule)"), ("nonmem", "$DES")]
)
def test_export_prints_or_writes_the_same_text(run, tmp_path, form, said):
    code, out, _ = run("export", "--format", form)
    assert (code, said in out) == (0, True)
    path = tmp_path / "model.txt"
    assert run("export", "--format", form, "-o", str(path))[0] == 0
    assert path.read_text(encoding="utf-8") == out
    assert json.loads(run("export", "--format", form, "--json")[1])["text"] == out


def test_list_names_kinetics_and_mechanisms(run):
    _, out, _ = run("list")
    assert "slow-binding" in out
    found = json.loads(run("list", "--json")[1])
    assert "effect-site" in found["hypotheses"]
    assert all(half["sentence"] for half in found["mechanisms"].values())
