"""What the options of a screen say, as facts beside a patient file; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lowdose.safety import Facts

Function = TypeVar("Function", bound=Callable[..., Any])

_ANSWERS = (
    ("--age", "patient.age_y", "Years."),
    ("--pregnant", "patient.pregnant", "yes or no."),
    ("--pregnancy-possible", "patient.pregnancy_possible", "yes or no."),
    ("--breastfeeding", "patient.breastfeeding", "yes or no."),
    ("--child-pugh", "assess.child_pugh", "Class of liver cirrhosis: A, B or C."),
    ("--alt", "lab.alt_xuln", 'ALT over its upper limit, such as "0.6 on 2026-11-20".'),
    ("--ast", "lab.ast_xuln", "AST over its upper limit."),
    ("--egfr", "lab.egfr", "mL/min/1.73 m²."),
    ("--consent", "consent.off_label", "Off-label consent recorded: yes or no."),
)


def answer_options(command: Function) -> Function:
    """Add one option for each answer that is often given on the command line."""
    for flag, name, words in reversed(_ANSWERS):
        command = click.option(flag, name.replace(".", "__"), metavar="ANSWER", help=words)(command)
    return command


def known_of(patient_file: Path | None, asked: dict[str, Any], on: date) -> tuple[str | None, Facts]:
    """What file and options say together; an answer given twice must be the same."""
    from lowdose.errors import InvalidInput
    from lowdose.safety import Facts, read_patient

    said, is_whole_list = _said(asked, on)
    if patient_file is None:
        return None, Facts.of(said, on=on, is_whole_list=is_whole_list)
    patient = read_patient(patient_file)
    facts = patient.facts(on)
    if "meds.list" in said or "conditions_complete" in said:
        what = "medicines and complete lists belong in the patient file, not in options beside it"
        raise InvalidInput(what, where=patient_file.name, remedy="write them there")
    told = Facts.of(said, on=on)
    for name, one in told.answers.items():
        if name in facts.answers and facts.answers[name].value != one.value:
            raise InvalidInput(
                f"{name} is one thing in {patient_file.name} and another as an option", remedy="correct one"
            )
    return patient.id, facts.also(said)


def _said(asked: dict[str, Any], on: date) -> tuple[dict[str, Any], bool]:
    """Facts from the options, and whether the medicines named are all."""
    from lowdose.safety.asking.answers import (
        parse_conditions,
        parse_last_opioid,
        parse_medicine,
        parse_value,
        with_last_opioid,
    )

    said: dict[str, Any] = {}
    medicines = [parse_medicine(text, active=True) for text in asked["taking"]]
    last = None
    if asked["last_opioid"] is not None:
        said, last = parse_last_opioid(asked["last_opioid"], on)
    for text in asked["confirmed"]:
        _confirm(text, [*medicines, *([last] if last else [])])
    if last:
        medicines = with_last_opioid(medicines, last)
    if medicines or asked["nothing_else"]:
        said["meds.list"] = medicines
    for text in asked["conditions_there"]:
        said |= parse_conditions(text)
    if asked["no_other_conditions"]:
        said["conditions_complete"] = True
    pairs = [(name, asked[name.replace(".", "__")]) for _, name, _ in _ANSWERS]
    for name, text in [*pairs, *map(_pair, asked["assignments"])]:
        if text is not None:
            said[name] = parse_value(name, text, on)
    return said, asked["nothing_else"]


def _confirm(text: str, medicines: list[dict[str, Any]]) -> None:
    written, _, ingredient = text.partition("=")
    meant = [one for one in medicines if one["name"] == written.strip()]
    if not meant or not ingredient.strip():
        words = f"{text!r} is not WRITTEN=INGREDIENT, with WRITTEN as in --taking or --last-opioid"
        raise click.BadParameter(words, param_hint="--confirm")
    for one in meant:
        one["confirmed"] = ingredient.strip()


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text!r} is not FACT=ANSWER, e.g. lab.tsh=1.8", param_hint="--set")
    return name.strip(), value.strip()
