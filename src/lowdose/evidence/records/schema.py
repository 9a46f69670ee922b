"""What a study is: the words its record may use. The published JSON Schema is made from these classes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lowdose.blocks import Block

Tag = Literal["found", "recalled", "derived"]
Confidence = Literal["high", "medium", "low"]
DoseClass = Literal["ULDN", "VLDN", "LDN", "intermediate", "standard"]
Judgement = Literal["low", "some concerns", "high", "moderate", "serious", "critical", "no information"]
Better = Literal["lower", "higher", "neither"]
Concept = Literal[
    "pain",
    "response",
    "remission",
    "endoscopy",
    "fatigue",
    "sleep",
    "mood",
    "quality-of-life",
    "function",
    "disability",
    "symptoms",
    "skin",
    "inflammation",
    "endorphin",
    "drug-use",
    "withdrawal",
    "craving",
    "abstinence",
    "infection",
    "immune-cells",
    "survival",
    "behaviour",
    "cognition",
    "pain-threshold",
    "dose",
    "tolerability",
    "use",
    "other",
]
"""What an outcome is about; the same word over all studies."""
EventConcept = Literal[
    "any",
    "serious",
    "stopped",
    "death",
    "vivid-dreams",
    "headache",
    "sleep",
    "nausea",
    "gastrointestinal",
    "neurological",
    "dizziness",
    "fatigue",
    "skin",
    "other",
]
"""What an adverse event is; the same word over all studies."""
Method = Literal["", "published_smd", "paired_p", "published_md", "arm_means", "arm_changes", "events"]
"""A way of ``lowdose.evidence.pools.effects`` to make one number that can be pooled."""

Design = Literal[
    "parallel RCT",
    "crossover RCT",
    "factorial RCT",
    "fixed-order crossover",
    "dose finding",
    "single arm",
    "cohort",
    "register",
    "survey",
    "case series",
    "case report",
]
"""Kind of study, by what it can show; the authors' own words stand in ``design_words``."""
CONTROLLED: tuple[Design, ...] = ("parallel RCT", "crossover RCT", "factorial RCT", "fixed-order crossover")
"""Designs in which the same time passes with and without the drug."""


class Provenance(Block):
    """Where a fact comes from: found in an excerpt of ``src``, recalled, or derived by arithmetic."""

    tag: Tag
    src: tuple[str, ...] = ()
    conf: Confidence | None = None
    note: str = ""


class Citation(Block):
    """Bibliographic record."""

    first_author: str
    year: int
    journal: str = ""
    title: str = ""
    doi: str = ""
    pmid: str = ""


class People(Block):
    """How many were counted at each step; ``arms`` by name of the arm."""

    randomised: int | None = None
    enrolled: int | None = None
    started: int | None = None
    analysed: int | None = None
    evaluable: int | None = None
    analysed_pct: float | None = None
    mailed: int | None = None
    returned: int | None = None
    persistent: int | None = None
    combined: int | None = None
    arms: dict[str, int] = Field(default_factory=dict)

    @property
    def first_counted(self) -> str:
        """At which step people were first counted; ``arms`` where only those are known.

        Examples
        --------
        >>> People(enrolled=40).first_counted
        'enrolled'
        """
        steps = ("randomised", "enrolled", "started", "analysed", "evaluable", "returned", "persistent")
        return next((step for step in steps if getattr(self, step) is not None), "arms")

    @property
    def took_part(self) -> int | None:
        """How many took part: randomised, else enrolled, else whoever was counted; None where nobody says.

        Examples
        --------
        >>> People(randomised=99, analysed=96).took_part
        99
        """
        step = self.first_counted
        return (sum(self.arms.values()) or None) if step == "arms" else getattr(self, step)

    @property
    def behind_results(self) -> int | None:
        """How many the results are about: analysed, else randomised, else enrolled.

        Examples
        --------
        >>> People(randomised=99, analysed=96).behind_results
        96
        """
        return self.analysed or self.randomised or self.enrolled or self.started or (sum(self.arms.values()) or None)


class Dose(Block):
    """Daily dose as written in the source, and as a range of mg a day for an adult where it can be said."""

    text: tuple[float | str, ...]
    range_mg: tuple[float, float] | None = None
    recalled: bool = False


class Intervention(Block):
    """What was given, how, and for how long."""

    dose_mg_per_day: Dose
    dose_class: DoseClass
    drug: Literal["naltrexone", "naloxone"] = "naltrexone"
    formulation: str
    schedule: str
    titration: str = ""
    duration_wk: float | None = None
    co_treatment: str = ""


class Derivation(Block):
    """One number that was computed: ``field`` holds what ``by`` gives of the values ``using``.

    ``field`` is a path inside its outcome (``arms.ldn.events``), ``by`` a function of
    ``lowdose.evidence.records.derive``, ``using`` numbers or further paths, in the order of its arguments; a path that
    starts with ``study.`` is looked up in the study. ``recalled`` names what of it is from memory.
    """

    field: str
    by: str
    using: tuple[float | str, ...]
    recalled: tuple[str, ...] = ()
    note: str = ""


class ArmResult(Block):
    """What one arm showed. Pairs are (mean, standard deviation); ``*_spread`` is a ± the source did not name."""

    events: int | None = None
    total: int | None = None
    pct: float | None = None
    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    mean_change: float | None = None
    mean_pct_change: float | None = None
    ci: tuple[float, float] | None = None
    baseline: tuple[float, float] | float | None = None
    end: tuple[float, float] | float | None = None
    baseline_mean: float | None = None
    baseline_spread: float | None = None
    end_spread: float | None = None
    others: dict[str, Any] = Field(default_factory=dict)


class Effect(Block):
    """What the source says of the difference between arms. ``p`` is a number or the source's words (``<0.001``)."""

    measure: str = ""
    est: float | None = None
    ci: tuple[float, float] | None = None
    se: float | None = None
    p: float | str | None = None
    cohen_d: float | None = None
    unit: str = ""
    others: dict[str, Any] = Field(default_factory=dict)


class Contrast(Block):
    """How a controlled comparison becomes a number that can be pooled: a method of ``lowdose.evidence.pools.effects``.

    ``kind`` keeps change and final values apart. Without ``method`` the comparison is shown as a row without a marker,
    and ``missing`` says what is not known. ``recalled`` names what of it is from memory; ``prov`` is then recalled.
    """

    pool: str
    kind: Literal["change", "final", "events", "percent change"]
    method: Method = ""
    using: dict[str, float | str] = Field(default_factory=dict)
    treated: str = "ldn"
    control: str = "placebo"
    missing: str = ""
    recalled: tuple[str, ...] = ()
    prov: Provenance | None = None
    note: str = ""


class Outcome(Block):
    """One thing measured. ``concept`` groups outcomes over studies; ``better`` says which way is good.

    ``instrument`` are the source's words, ``scale`` an id of ``instruments.yaml`` where values on a scale are meant.
    """

    name: str
    concept: Concept
    instrument: str
    scale: str = ""
    better: Better
    direction: str
    primary: bool = False
    timepoint_wk: float | None = None
    arms: dict[str, ArmResult] = Field(default_factory=dict)
    individuals: tuple[tuple[float, float], ...] = ()
    effect: Effect | None = None
    derivations: tuple[Derivation, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    note: str = ""
    prov: Provenance


class AdverseEvent(Block):
    """How often one thing happened, by arm: ``events`` of ``total``, or only ``pct``."""

    event: str
    concept: EventConcept
    arms: dict[str, ArmResult] = Field(default_factory=dict)
    p: float | str | None = None
    contrasts: tuple[Contrast, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    note: str = ""
    prov: Provenance


class RiskOfBias(Block):
    """Judgement for each domain of the tool, and overall; provisional until two named readers confirm it."""

    tool: Literal["RoB 2", "ROBINS-I"]
    domains: dict[str, Judgement]
    overall: Judgement
    overall_words: str = ""
    remarks: tuple[str, ...] = ()
    basis: str
    readers: tuple[str, ...] = ()


class Use(Block):
    """What the study may be used for."""

    meta_analysis: Literal["yes", "no", "sensitivity only", "needs numbers", "separate"]
    meta_analysis_words: str = ""
    simulator_validation: str = ""


class Study(Block):
    """One study. ``condition`` is an id of ``conditions.yaml``; ``condition_words`` are the source's.

    ``also`` are further conditions it bears on (a mixed series); it is counted under ``condition`` alone.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    patient_set: str = ""
    citation: Citation
    registration: tuple[str, ...] = ()
    condition: str
    also: tuple[str, ...] = ()
    condition_words: str = ""
    group: str
    design: Design
    design_words: str = ""
    blinding: str = ""
    n: People
    intervention: Intervention
    comparator: str = ""
    washout_run_in: str = ""
    population: str = ""
    outcomes: tuple[Outcome, ...]
    adverse_events: tuple[AdverseEvent, ...] = ()
    safety_summary: str = ""
    safety_prov: Provenance | None = None
    dropouts: str = ""
    funding: str = ""
    rob: RiskOfBias
    use: Use
    prov: dict[str, Provenance]

    @property
    def is_controlled(self) -> bool:
        """Whether the drug was set against something else in a trial, by lot or in a fixed order.

        Examples
        --------
        >>> from lowdose.evidence.records.registry import registry
        >>> registry().studies["kariv2006_ibs"].is_controlled
        False
        """
        return self.design in CONTROLLED
