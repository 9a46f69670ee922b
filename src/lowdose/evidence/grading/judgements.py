"""What readers decided about a grade: by whom, when and why. Nothing is overwritten: the file is its own history."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput

Domain = Literal["risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias"]
DOMAINS: tuple[Domain, ...] = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")


class Judgement(Block):
    """One decision on a ``question`` such as ``fibromyalgia.pain``: domain, levels down or up, reason, name, day."""

    question: str
    domain: Domain
    steps: Annotated[int, Field(ge=-2, le=2)]
    reason: Annotated[str, Field(min_length=10)]
    by: Annotated[str, Field(min_length=2)]
    on: str


def judgements(path: Path | None = None) -> tuple[Judgement, ...]:
    """Every judgement of a file, oldest first; the package's own when no file is named.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or a judgement has no reason, name or day.

    Examples
    --------
    >>> all(judgement.reason for judgement in judgements())
    True
    """
    where = str(path) if path else "judgements.yaml"
    try:
        if path is None:
            text = files("lowdose.evidence").joinpath("data/judgements.yaml").read_text(encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
        return tuple(Judgement.model_validate(block) for block in data(text) or ())
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidInput(
            f"{field}: {first['msg']}", where=where, remedy="a judgement has question, domain, steps, reason, by, on"
        ) from error
    except (OSError, UnicodeError) as error:
        raise InvalidInput(
            f"judgements cannot be read: {error}", where=where, remedy="give a UTF-8 YAML file"
        ) from error


def judge(path: Path, question: str, domain: Domain, steps: int, reason: str, by: str, on: date) -> Judgement:
    """Add a judgement at the end of a file; earlier ones stay as its history.

    ``steps`` are levels of certainty, -2 to 2; ``by`` is the reader's name and ``on`` the day.

    Raises
    ------
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
    import yaml

    try:
        made = Judgement(question=question, domain=domain, steps=steps, reason=reason, by=by, on=on.isoformat())
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{field}: {first['msg']}", remedy="say why in a sentence, and who decides") from error
    try:
        if path.exists():
            judgements(path)
        with path.open("a", encoding="utf-8") as file:
            yaml.safe_dump([made.model_dump()], file, allow_unicode=True, sort_keys=False)
    except OSError as error:
        raise InvalidInput(f"the judgement cannot be written: {error.strerror}", where=str(path)) from error
    return made
