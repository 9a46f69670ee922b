"""Loading what is known: the data of the package, or a folder of the user's own with the same layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from lowdose.blocks import data
from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.records.library import Condition, Instrument, Meta, Ongoing, Review, Source
from lowdose.evidence.records.schema import Provenance, Study, Tag

Record = TypeVar("Record", Study, Review, Ongoing, Source, Condition, Instrument)

LARGEST = 20_000_000
"""Bytes of a file that is read; a hundred times the largest of ours."""
STUDIES = "lowdose.studies/1"

COVERED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "citation.first_author": ("author", "author_journal"),
        "citation.journal": ("author_journal",),
        "n.analysed": ("analysed_n",),
        "n.arms": ("arm_n",),
        "intervention.duration_wk": ("duration",),
        "intervention.dose_mg_per_day": ("dose",),
        "intervention.schedule": ("schedule",),
        "funding": ("funding",),
        "citation": ("citation",),
        "registration": ("citation",),
        "design": ("design_n",),
        "n": ("design_n",),
        "intervention": ("intervention",),
    }
)
"""Which blocks of ``Study.prov`` cover a field, the closest first; ``other_fields`` covers the rest."""


@dataclass(frozen=True)
class Registry:
    """All that is known, each kind by its id, in the order of its file; ``name`` says whose data it is.

    ``files`` says in which file a study, review or ongoing trial stands.
    """

    studies: Mapping[str, Study]
    reviews: Mapping[str, Review]
    ongoing: Mapping[str, Ongoing]
    sources: Mapping[str, Source]
    conditions: Mapping[str, Condition]
    instruments: Mapping[str, Instrument]
    meta: Meta
    name: str = "the package"
    files: Mapping[str, str] = field(default_factory=dict)

    def study(self, name: str) -> Study:
        """The study of this id.

        Raises
        ------
        NotFound
            No study has it; near misses are suggested.

        Examples
        --------
        >>> registry().study("younger2013_fm").citation.year
        2013
        """
        try:
            return self.studies[name]
        except KeyError:
            raise NotFound.among("study", name, self.studies) from None


def registry(folder: Path | None = None) -> Registry:
    """Everything in the package, read once; or a folder of your own with the same layout.

    A folder may be partial. Its studies, reviews and ongoing trials stand alone; its sources, conditions and
    instruments are added to those of the package, which studies of your own may refer to.

    Parameters
    ----------
    folder : path, optional
        Holds ``studies/*.yaml`` and what it has of ``reviews.yaml``, ``ongoing.yaml``, ``sources.yaml``,
        ``conditions.yaml``, ``instruments.yaml``, ``meta.yaml``.

    Raises
    ------
    InvalidInput
        A file is not UTF-8, not YAML, breaks the schema, an id stands twice, or there is no file at all.
    NotFound
        There is no such folder.

    Examples
    --------
    >>> known = registry()
    >>> len(known.studies), len(known.reviews), len(known.ongoing), len(known.sources)
    (89, 17, 5, 149)
    """
    return _package() if folder is None else _own(folder)


@cache
def _package() -> Registry:
    return _read(files("lowdose.evidence") / "data", None, "the package")


def _own(folder: Path) -> Registry:
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}", remedy="name a folder that holds studies/*.yaml")
    if not any((*folder.glob("studies/*.y*ml"), *folder.glob("*.yaml"))):
        what = "the folder holds no data"
        raise InvalidInput(
            what, where=str(folder), remedy=f"put studies into studies/NAME.yaml, after 'schema: {STUDIES}'"
        )
    return _read(folder, _package(), str(folder))


def _read(place: Traversable, base: Registry | None, name: str) -> Registry:
    where: dict[str, str] = {}
    studies = _studies(place, where)
    conditions = _records(place, "conditions", Condition, base.conditions if base else {})
    text = _text(place / "meta.yaml")
    return Registry(
        studies=studies,
        reviews=_records(place, "reviews", Review, where=where),
        ongoing=_records(place, "ongoing", Ongoing, where=where),
        sources=_records(place, "sources", Source, base.sources if base else {}),
        conditions=_with_studies(conditions, studies.values()),
        instruments=_records(place, "instruments", Instrument, base.instruments if base else {}),
        meta=base.meta if text is None and base else _valid(Meta, _parsed(text or "", "meta.yaml"), "meta.yaml"),
        name=name,
        files=MappingProxyType(where),
    )


def _with_studies(conditions: Mapping[str, Condition], studies: Iterable[Study]) -> Mapping[str, Condition]:
    counted: dict[str, list[str]] = {}
    related: dict[str, list[str]] = {}
    for study in studies:
        counted.setdefault(study.condition, []).append(study.id)
        for other in study.also:
            related.setdefault(other, []).append(study.id)
    return MappingProxyType(
        {
            name: condition.model_copy(
                update={"studies": tuple(counted.get(name, ())), "related": tuple(related.get(name, ()))}
            )
            for name, condition in conditions.items()
        }
    )


def _studies(place: Traversable, where: dict[str, str]) -> Mapping[str, Study]:
    folder = place / "studies"
    found: dict[str, Study] = {}
    names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    for name in sorted(name for name in names if name.endswith((".yaml", ".yml"))):
        content = _parsed(_text(folder / name) or "", f"studies/{name}")
        if not isinstance(content, dict) or content.get("schema") != STUDIES:
            raise InvalidInput(
                "this is no file of studies", where=f"studies/{name}", remedy=f"let it begin with 'schema: {STUDIES}'"
            )
        _add(found, where, _listed(content, "studies", f"studies/{name}"), Study, f"studies/{name}")
    return MappingProxyType(found)


def _records(
    place: Traversable,
    kind: str,
    model: type[Record],
    base: Mapping[str, Record] | None = None,
    where: dict[str, str] | None = None,
) -> Mapping[str, Record]:
    own: dict[str, Record] = {}
    file = f"{kind}.yaml"
    text = _text(place / file)
    if text is not None:
        _add(own, {} if where is None else where, _listed(_parsed(text, file), kind, file), model, file)
    return MappingProxyType({**(base or {}), **own})


def _listed(content: Any, kind: str, where: str) -> list[Any]:
    records = content.get(kind) if isinstance(content, dict) else None
    if not isinstance(records, list):
        raise InvalidInput(f"there is no list of {kind}", where=where, remedy=f"write '{kind}:' and a list below it")
    return records


def _add(found: dict[str, Record], first: dict[str, str], records: list[Any], model: type[Record], where: str) -> None:
    for number, raw in enumerate(records, 1):
        name = str(raw.get("id", f"block {number}")) if isinstance(raw, dict) else f"block {number}"
        if name in found:
            raise InvalidInput(
                f"the id {name!r} stands twice",
                where=f"{where}, twice" if first.get(name, where) == where else f"{first[name]} and {where}",
                remedy="give one of the two another id, or remove it",
            )
        found[name], first[name] = _valid(model, raw, f"{where}, {name}"), where


def _text(file: Traversable) -> str | None:
    if not file.is_file():
        return None
    content = file.read_bytes()
    if len(content) > LARGEST:
        what = f"the file is {len(content) / 1e6:.0f} MB; the limit is {LARGEST / 1e6:.0f} MB"
        raise InvalidInput(what, where=file.name, remedy="write one file a condition")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "another encoding, such as Latin-1"
        raise InvalidInput(
            f"the file is not UTF-8 (byte {error.start}); it looks like {guess}",
            where=file.name,
            remedy="save it as UTF-8",
        ) from error


def _parsed(text: str, where: str) -> Any:
    try:
        return data(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InvalidInput(
            f"this is not YAML: {problem}", where=f"{where}{line}", remedy="look at the indentation and quotes there"
        ) from error


Model = TypeVar("Model", bound=BaseModel)


def _valid(model: type[Model], raw: Any, where: str) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A field nobody knows is often the one that is missing, spelt otherwise.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"]) or "the block"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        what, remedy = _said(model, first, field)
        raise InvalidInput(f"{what}{more}", where=f"{where}, {field}", remedy=remedy) from error


def _said(model: type[BaseModel], error: Any, field: str) -> tuple[str, str]:
    """What is wrong and what to do, in words, for one of pydantic's errors."""
    last = field.rsplit(".", 1)[-1]
    if error["type"] == "missing" and last == "better":
        return "the scale has no direction", "write better: lower, higher or neither"
    if error["type"] == "missing":
        return f"the field {last!r} is missing", f"write {last}: and a value"
    if error["type"] == "extra_forbidden":
        near = get_close_matches(last, _fields(model), n=1)
        return f"nobody knows the field {last!r}", f"did you mean {near[0]}?" if near else "see study.schema.json"
    if error["type"] == "literal_error":
        words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        near = get_close_matches(str(error["input"]), words, n=1)
        choice = f"write one of: {', '.join(filter(None, words))}"
        return f"{error['input']!r} is not a word for {last!r}", f"did you mean {near[0]}?" if near else choice
    return f"{last!r} is not right: {error['msg']}", f"it is {error['input']!r} now"


def _fields(model: type[BaseModel]) -> set[str]:
    """Names of the fields of a model and of every block inside it."""
    schema = model.model_json_schema()
    blocks = [schema, *schema.get("$defs", {}).values()]
    return {name for block in blocks for name in block.get("properties", {})}


def provenance(study: Study, field: str) -> Provenance:
    """Which block says where a field comes from.

    A computed number is derived, or recalled where its sum rests on memory; a text that says "recalled" of itself is
    recalled, a text that names its own source has that source; else the nearest block speaks: of the outcome, of the
    adverse event, or of the study.

    Parameters
    ----------
    study : Study
        A study.
    field : str
        Path of a field, e.g. ``n.analysed``, ``dropouts`` or ``outcomes.1.arms.ldn.events``.

    Raises
    ------
    NotFound
        The study has no such field.

    Examples
    --------
    >>> younger = registry().studies["younger2013_fm"]
    >>> [provenance(younger, field).tag for field in ("n.randomised", "n.analysed", "dropouts")]
    ['found', 'recalled', 'recalled']
    >>> provenance(registry().studies["bruun2024_FINAL"], "outcomes.1.arms.ldn.events").tag
    'derived'
    """
    value = look_up(study, field)
    head, _, rest = field.partition(".")
    if head in ("outcomes", "adverse_events") and rest:
        index, _, inner = rest.partition(".")
        block = (study.outcomes if head == "outcomes" else study.adverse_events)[int(index)]
        for derivation in block.derivations:
            if derivation.field == inner:
                tag: Tag = "recalled" if derivation.recalled else "derived"
                note = "; ".join((derivation.note, *(f"recalled: {one}" for one in derivation.recalled))).lstrip("; ")
                return Provenance(tag=tag, src=block.prov.src, conf=block.prov.conf, note=note)
        return block.prov
    if isinstance(value, str) and "recalled" in value:
        return Provenance(tag="recalled", note="so marked in the text")
    if isinstance(value, str) and (own := re.findall(r"\bS\d{2,3}\b", value)):
        return Provenance(tag="found", src=tuple(own))
    if head == "safety_summary" and study.safety_prov:
        return study.safety_prov
    return _block(study, field)


def _block(study: Study, field: str) -> Provenance:
    for part in (field, *(field.rsplit(".", cut)[0] for cut in range(1, field.count(".") + 1))):
        for name in COVERED_BY.get(part, ()):
            if name in study.prov:
                return study.prov[name]
    for name in ("other_fields", "design_n", "citation"):
        if name in study.prov:
            return study.prov[name]
    return Provenance(tag="recalled", note="no block says where it comes from")


def look_up(block: Any, path: str) -> Any:
    """Value at a path of names and positions, parted by dots, inside a block.

    Raises
    ------
    NotFound
        There is nothing at this path.

    Examples
    --------
    >>> look_up({"arms": {"ldn": {"ci": (-1.7, -0.8)}}}, "arms.ldn.ci.1")
    -0.8
    """
    value = block
    for part in path.split("."):
        try:
            if isinstance(value, Mapping):
                value = value[part]
            elif isinstance(value, (tuple, list)):
                value = value[int(part)]
            else:
                value = getattr(value, part)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise NotFound(f"there is nothing at {path!r}", where=f"at {part!r}") from None
    return value
