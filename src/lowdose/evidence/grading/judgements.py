"""What readers decided about a grade: by whom, when and why. Nothing is overwritten: the file is its own history."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.evidence.lookup.words import one_of
from lowdose.evidence.pools.computed import computed
from lowdose.files import write_whole

Domain = Literal[
    "risk of bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "publication bias",
    "large effect",
    "dose response",
    "opposing confounding",
]
LOWERING: tuple[Domain, ...] = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")
RAISING: tuple[Domain, ...] = ("large effect", "dose response", "opposing confounding")
"""What may raise certainty; no rule does, only a reader."""
_MEANT = "a judgement has question, domain, steps, reason, by, on"


class Judgement(Block):
    """One decision on a ``question`` such as ``fibromyalgia.pain``: domain, levels down or up, reason, name, day."""

    question: str
    domain: Domain
    steps: Annotated[int, Field(ge=-3, le=2)]
    reason: Annotated[str, Field(min_length=10)]
    by: Annotated[str, Field(min_length=2)]
    on: date

    @model_validator(mode="after")
    def _one_way(self) -> Judgement:
        if self.steps > 0 and self.domain in LOWERING:
            raise ValueError(f"steps of {self.domain} go down or are 0; {', '.join(RAISING)} may go up")
        if self.steps < 0 and self.domain in RAISING:
            raise ValueError(f"steps of a {self.domain} go up or are 0")
        return self


def judgements(path: Path | None = None) -> tuple[Judgement, ...]:
    """Every judgement of a file, oldest first; the package's own when no file is named.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or a judgement has no reason, name or day, or is on no question.

    Examples
    --------
    >>> all(judgement.reason for judgement in judgements())
    True
    """
    if path is not None:
        return _parsed(_text(path), str(path))
    own = files("lowdose.evidence").joinpath("data/judgements.yaml")
    return _parsed(own.read_text(encoding="utf-8"), "judgements.yaml")


def judge(path: Path, question: str, domain: str, steps: int, reason: str, by: str, on: date) -> Judgement:
    """Add a judgement at the end of a file; earlier ones stay as its history.

    Parameters
    ----------
    path : Path
        The file; made where there is none.
    question, domain : str
        Such as ``fibromyalgia.pain`` and ``risk of bias``.
    steps : int
        Levels of certainty: -3 to 0 for what lowers it, 0 to 2 for what raises it.
    reason, by : str
        A sentence, and the reader's name.
    on : date
        The day.

    Raises
    ------
    NotFound
        If there is no such question or domain; near misses are named.
    InvalidInput
        If a reason or a name is missing, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.yaml"
    ...     first = judge(file, "crohn.response-70", "publication bias", -1, "one small trial, sponsor unclear",
    ...                   "A. Reader", date(2026, 11, 22))
    ...     judgements(file) == (first,)
    True
    """
    found = {"question": _question(question), "domain": one_of("domain", domain, {d: d for d in (*LOWERING, *RAISING)})}
    made = _valid({**found, "steps": steps, "reason": reason, "by": by, "on": on}, "", "say why in a sentence, and who")
    written = _text(path) if path.exists() else ""
    if written and not written.endswith("\n"):
        written += "\n"
    text = written + yaml.safe_dump([made.model_dump()], allow_unicode=True, sort_keys=False)
    _parsed(text, str(path))
    write_whole(path, text.encode())
    return made


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        remedy = "give a UTF-8 YAML file"
        raise InvalidInput(f"judgements cannot be read: {error}", where=str(path), remedy=remedy) from error


def _question(name: str) -> str:
    return one_of("question", name, {one: one for one in computed()["questions"]})


def _parsed(text: str, where: str) -> tuple[Judgement, ...]:
    try:
        blocks = data(text) or []
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InvalidInput(f"this is not YAML: {problem}", where=where, remedy=_MEANT) from error
    if not isinstance(blocks, list):
        raise InvalidInput("this is no list of judgements", where=where, remedy="begin each with '- question:'")
    return tuple(_valid(block, f"{where}, judgement {number}", _MEANT) for number, block in enumerate(blocks, 1))


def _valid(block: Any, where: str, remedy: str) -> Judgement:
    if isinstance(block, dict):
        block = {"on" if key is True else key: value for key, value in block.items()}  # YAML takes a bare on for yes
    try:
        made = Judgement.model_validate(block)
        _question(made.question)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        what = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"{field}: {what}" if field else what, where=where, remedy=remedy) from error
    except LowdoseError as error:
        raise InvalidInput(error.what, where=where, remedy=error.remedy) from error
    return made
