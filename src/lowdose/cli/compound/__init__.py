"""``lowdose compound capsules | solution | drops | cream | release``, or ``lowdose compound --from PLAN.json``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lowdose.pharmacy.amounts.line import Batch
    from lowdose.pharmacy.worksheets.making import Making

Function = TypeVar("Function", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)
_BY = '"NAME, ROLE, REGISTRATION"'
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a worksheet.")

_OPTIONS = (
    click.option("--lot", metavar='"number=…, expiry=…, assay=…, basis=…"', help="Of the drug powder, from its "
                 "certificate; basis as-is, anhydrous (needs water=) or anhydrous-solvent-free (water=, solvent=); per "
                 "cent, and below 0.1 with confirm=yes."),
    click.option("--tablets", metavar='"number=…, expiry=…"', help="Make it from tablets; strength=50 mg unless given; "
                 "mean_mass= and weighed= where part of one is weighed."),
    click.option("--stock", type=_FILE, metavar="RECORD.json", help="Make it from a stock that was released here."),
    click.option("--supply", "supplies", multiple=True, metavar='"NAME: number=…, expiry=…"', help="Of an ingredient."),
    click.option("--balance", metavar='"sensitivity=…, readability=…"', help="Mg; error= in per cent [5, the most]."),
    click.option("--measure", metavar="ML", help="Graduation of the measure for liquids  [default: 0.1]."),
    click.option("--batch", "batch_file", type=_FILE, help="YAML file with all these; options win over it."),
    click.option("--batch-lot", metavar="NUMBER", help="Lot number of what is made."),
    click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of making  [default: today]."),
    click.option("--jurisdiction", default="usp795_2023", show_default=True, help="Or nz_fawcett, or custom."),
    click.option("--limit", metavar='"days=…, edition=…, reason=…"', help="For --jurisdiction custom."),
    click.option("--storage", type=click.Choice(["room", "refrigerator"]), help="[default: as the formula]"),
    click.option("--container", default="", help="What it is kept in  [default: as the formula]."),
    click.option("--kind", type=click.Choice(["aqueous-preserved", "aqueous-unpreserved", "non-aqueous-liquid", "dry"]),
                 help="What the limit depends on  [default: as the formula]."),
    click.option("--preserved-by", default="", help="What preserves it, where no formula says so."),
    click.option("--part-tablets", is_flag=True, help="Crush more tablets than needed and weigh a part."),
    click.option("--overage", metavar="PERCENT", help="Made beyond what is asked  [default: 5 for capsules, else 0]."),
    click.option("--hydrochloride-confirmed", is_flag=True, help="A strength 'as base' means the hydrochloride; --by."),
    click.option("--excipient-allergy", type=click.Choice(["yes", "no"]), help="Of the patient, to any of it."),
    click.option("--override", "reasons", multiple=True, metavar='"RULE: REASON"', help="Go on; needs --by."),
    click.option("--by", metavar=_BY, help="The pharmacist who approves worksheet and labels; a draft without."),
    click.option("--prescription", default="", help="Number of the prescription."),
    click.option("--pharmacy", default="", help="Name for the label."),
    click.option("--master", type=_FILE, help="Signed Master Formulation Record it is made by  [default: a new one]."),
    click.option("--master-version", type=click.IntRange(1), help="Of a new one  [default: 1]."),
    click.option("--save-master", type=_FILE, help="Write the Master Formulation Record: .json."),
    click.option("-o", "--output", "outputs", type=_FILE, multiple=True, help="Worksheet to write: .pdf .svg .png "
                 ".txt, or .json to fill in."),
    click.option("--labels", type=_FILE, help="Labels to write: .pdf .svg .png; only with --by."),
    _JSON,
)  # fmt: skip


class _FromByDefault(click.Group):
    """A group whose first word may be an option: then a whole titration is worked out from a plan."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["titration", *args]
        return super().parse_args(ctx, args)


def making_options(command: Function) -> Function:
    """Add what every preparation needs; the command gets it all as ``asked``."""

    @wraps(command)
    def with_options(**options: Any) -> Any:
        return command(asked=options)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options  # type: ignore[return-value]


_EXAMPLES = """\b
lowdose compound capsules --strength "1.5 mg" --count 90 --batch BATCH.yaml --by "A. Brown, pharmacist, GPhC 0000000"
lowdose compound solution --strength "1 mg/mL" --volume "120 mL" --batch BATCH.yaml
lowdose compound --from PLAN.json --form capsules --batch BATCH.yaml -o worksheet.pdf
"""


_OF_THE_OTHER = {
    "capsules": ("formula", "preservative", "graduation", "part_tablets"),
    "solution": ("size", "packing", "filler_release"),
}
"""Options that would be left unread: a slip that nobody would see."""


@click.group("compound", cls=_FromByDefault, epilog=_EXAMPLES)
def command() -> None:
    """Work out what a pharmacy makes: worksheet, records, beyond-use date and label. Not for preparation at home."""


@command.command("capsules")
@click.option("--strength", required=True, help='Of the hydrochloride, such as "1.5 mg".')
@click.option("--count", type=click.IntRange(1), required=True, help="Capsules asked for.")
@click.option("--filler", default="microcrystalline cellulose", show_default=True, help="What fills the rest.")
@click.option(
    "--filler-release", type=click.Choice(["immediate", "slow"]), help="Of a filler not known here, by its maker."
)
@click.option("--size", help="Capsule size  [default: 3, or the next that holds it].")
@click.option("--packing", metavar='"filler=…, drug=…"', help="Pack statistics of that size, mg in a full capsule.")
@making_options
def capsules_(asked: dict[str, Any]) -> None:
    """Capsules from powder or tablets."""
    _single(asked, lambda making: making.capsules(asked["strength"], asked["count"]))


@command.command("solution")
@click.option("--strength", required=True, help='Of the hydrochloride, such as "1 mg/mL".')
@click.option("--volume", required=True, help='Such as "120 mL".')
@click.option("--formula", default="", help="formula-a or formula-b  [default: the one of that strength].")
@click.option("--preservative", default="", help="One that its formula names  [default: sodium benzoate].")
@making_options
def solution_(asked: dict[str, Any]) -> None:
    """An oral liquid after a published formula."""
    _single(asked, lambda making: making.solution(asked["strength"], asked["volume"]))


@command.command("drops")
@click.option("--strength", required=True, help='Of the hydrochloride, such as "5 mg/mL".')
@click.option("--volume", required=True, help='Such as "20 mL".')
@click.option("--dose", required=True, help='One dose, such as "1 mg".')
@click.option("--counted", required=True, metavar='"bottle=…, drops=…, volume=…"', help="Drops counted into mL.")
@click.option("--formula", default="", help="formula-a or formula-b  [default: the one of that strength].")
@click.option("--preservative", default="", help="One that its formula names  [default: sodium benzoate].")
@making_options
def drops_(asked: dict[str, Any]) -> None:
    """Sublingual drops. Not dose-equivalent to anything swallowed."""
    from lowdose.pharmacy.worksheets.written import read_drop_count

    counted = read_drop_count(asked["counted"])
    _single(
        asked, lambda making: making.drops(asked["strength"], asked["volume"], asked["dose"], counted), asked["dose"]
    )


@command.command("cream")
@click.option("--dose", required=True, help='Of the hydrochloride in one dose, such as "4.5 mg".')
@click.option("--dose-volume", required=True, help='Cream in one dose, such as "0.5 mL".')
@click.option("--days", type=click.IntRange(1), required=True, help="Days it lasts.")
@click.option("--per-day", type=click.IntRange(1), default=1, show_default=True, help="Doses a day.")
@click.option("--base", required=True, help="The cream base, by name.")
@click.option("--base-release", type=click.Choice(["immediate", "slow"]), help="What it does to release, by its maker.")
@making_options
def cream_(asked: dict[str, Any]) -> None:
    """A cream in a metered dispenser. Not dose-equivalent; absorption is not proven."""
    from lowdose.pharmacy import Excipient

    base = Excipient(asked["base"], stated_release=asked["base_release"])
    _single(asked, lambda making: making.cream(
        asked["dose"], asked["dose_volume"], asked["days"], asked["per_day"], base
    ), asked["dose"])  # fmt: skip


@command.command("triturate")
@click.option("--ratio", type=click.Choice(["1:10", "1:100"]), required=True, help="Part of drug in parts of powder.")
@click.option("--total", required=True, help='Such as "20 g".')
@click.option("--filler", default="microcrystalline cellulose", show_default=True, help="What it is rubbed down with.")
@making_options
def triturate_(asked: dict[str, Any]) -> None:
    """A stock triturate, an ingredient of other products (--stock)."""
    _single(asked, lambda making: making.triturate(asked["ratio"], asked["total"]))


@command.command("titration")
@click.option("--from", "plan_file", type=_FILE, required=True, metavar="PLAN.json", help="An approved plan.")
@click.option(
    "--form",
    type=click.Choice(["capsules", "solution", "drops", "cream"]),
    metavar="[capsules|solution]",
    help="[default: as the plan; drops and creams are not dose-equivalent]",
)
@click.option("--strengths", multiple=True, metavar="AMOUNT", help="Make do with these  [default: the fewest].")
@click.option("--graduation", metavar="ML", help="Marks of the syringe; needed for a solution.")
@click.option("--most-capsules", type=click.IntRange(1, 12), default=4, show_default=True, help="At one time.")
@click.option("--fill", type=click.IntRange(1), default=1, show_default=True, help="Which fill is made now.")
@click.option("--first-made", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of fill 1, for another.")
@click.option("--fill-days", type=click.IntRange(1), help="Longest a fill lasts; same for all  [default: as it keeps].")
@click.option("--filler", default="microcrystalline cellulose", show_default=True, help="Of capsules.")
@click.option(
    "--filler-release", type=click.Choice(["immediate", "slow"]), help="Of a filler not known here, by its maker."
)
@click.option("--size", help="Capsule size  [default: 3, or the next that holds it].")
@click.option("--packing", metavar='"filler=…, drug=…"', help="Pack statistics of that size, mg in a full capsule.")
@click.option("--formula", default="", help="Of a solution  [default: the one of its strength].")
@click.option(
    "--preservative", default="", help="Of a solution, one that its formula names  [default: sodium benzoate]."
)
@click.option("--prescription-draft", type=_FILE, help="Prescription draft to write: .pdf .svg .png .txt.")
@making_options
def titration_(asked: dict[str, Any]) -> None:
    """Everything for an approved plan (this is what 'lowdose compound --from PLAN.json' does)."""
    from lowdose.cli.compound.reading import making_of
    from lowdose.cli.compound.showing import check_endings, finish, stop_for_filler
    from lowdose.pharmacy.amounts.quantities import quantity
    from lowdose.pharmacy.supply.dispensing import swallowed
    from lowdose.pharmacy.worksheets.titration import titration
    from lowdose.pharmacy.worksheets.written import read_number
    from lowdose.plan import order as order_of
    from lowdose.plan import read_plan

    check_endings(asked)
    order, form = order_of(read_plan(asked["plan_file"]), swallowed(asked["form"]) if asked["form"] else None)
    for name in _OF_THE_OTHER[form]:
        if asked[name]:
            raise click.UsageError(f"--{name.replace('_', '-')} says nothing about {form}")
    written = making_of(asked)
    if form == "capsules":
        stop_for_filler(asked, written.making.filler, written.making.bench.on)
    found = titration(
        order, written.making, form=form, keeping=written.keeping, lot=written.batch_lot, fill=asked["fill"],
        first_made=asked["first_made"].date() if asked["first_made"] else None, fill_days=asked["fill_days"],
        strengths=[quantity(one, "mg" if form == "capsules" else "mg/mL") for one in asked["strengths"]],
        graduation_ml=read_number(asked["graduation"], "the graduation", "mL") if asked["graduation"] else None,
        most_capsules=asked["most_capsules"], pharmacy=written.pharmacy, prescription=written.prescription,
        master=written.master, master_version=written.master_version,
    )  # fmt: skip
    finish(asked, found.papers, on=written.making.bench.on, found=found)


@command.command("release")
@click.argument("record_file", metavar="RECORD.json", type=_FILE)
@click.option(
    "--filled", type=_FILE, required=True, help="What was weighed, yielded and assayed: YAML, lowdose.filled/1."
)
@click.option("--by", required=True, metavar=_BY, help="The pharmacist who decides, and weighed none of it.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of the decision  [default: today].")
@click.option(
    "-o",
    "--output",
    "outputs",
    type=_FILE,
    multiple=True,
    help="Record to write: .json  [default: RECORD.json itself, and there a rejection in any case], and as it is "
    "filed: .pdf .svg .png .txt.",
)
@_JSON
def release_(
    record_file: Path, filled: Path, by: str, on: datetime | None, outputs: tuple[Path, ...], as_json: bool
) -> None:
    """Decide about a batch: released only when every check is there. Exit code 5 if it is not."""
    from lowdose.cli.compound.showing import decide

    decide(record_file, filled, by, on.date() if on else None, outputs, as_json)


def _single(asked: dict[str, Any], work_out: Callable[[Making], Batch], most: str = "") -> None:
    """One preparation, without a plan."""
    from lowdose.cli.compound.reading import making_of
    from lowdose.cli.compound.showing import check_endings, finish, stop_for_filler
    from lowdose.pharmacy.amounts.quantities import quantity
    from lowdose.pharmacy.worksheets.worksheet import papers

    check_endings(asked)
    written = making_of(asked)
    if "filler" in asked:
        stop_for_filler(asked, written.making.filler, written.making.bench.on)
    made = papers(
        work_out(written.making), lot=written.batch_lot, keeping=written.keeping, prescription=written.prescription,
        pharmacy=written.pharmacy, version=written.master_version, most_mg=quantity(most, "mg") if most else None,
        master=written.master,
    )  # fmt: skip
    finish(asked, (made,), on=written.making.bench.on)
