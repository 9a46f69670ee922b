"""``lowdose evidence pool``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from lowdose.evidence.pools.methods import INTERVALS, how

_FILE = click.Path(path_type=Path, dir_okay=False)
RECALLED_RULE = "recalled_leaves_on_one_switch"


@click.command("pool")
@click.option("--condition", "place", metavar="NAME", help="Condition or synonym; 'any' has the adverse events.")
@click.option("--outcome", metavar="OUTCOME", help="Outcome of a question fixed before pooling, such as pain.")
@click.option("--table", type=_FILE, help="Pool a CSV table of your own: study,e1,n1,e2,n2 or study,estimate,se ...")
@click.option("--measure", type=click.Choice(["SMD", "MD", "RR", "OR", "RD"]), help="Default: the question's own.")
@click.option("--model", type=click.Choice(["random", "common"]), default="random", show_default=True)
@click.option("--tau2", type=click.Choice(["REML", "DL", "PM"]), default="REML", show_default=True)
@click.option("--ci", type=click.Choice(list(INTERVALS)), default="hksj-floor", show_default=True)
@click.option("--method", type=click.Choice(["IV", "MH", "Peto"]), default="IV", show_default=True)
@click.option("--level", type=float, default=0.95, show_default=True, help="Confidence.")
@click.option("--correlation", type=float, help="Between periods of a crossover trial  [default: 0.5].")
@click.option("--only", type=click.Choice(["found"]), help="Leave out recalled values, and say what changed.")
@click.option("--sensitivity", is_flag=True, help="Take in trials that are for sensitivity analyses only.")
@click.option("--leave-one-out", is_flag=True, help="Pool again without each trial in turn.")
@click.option("--cumulative", is_flag=True, help="Pool as the trials came in.")
@click.option("--subgroup", metavar="FIELD", default="", help="Pool by risk_of_bias, design, dose_class, group, ...")
@click.option("--svg", type=_FILE, help="Write the forest plot as SVG.")
@click.option("--pdf", type=_FILE, help="Write the forest plot as PDF.")
@click.option("--png", type=_FILE, help="Write the forest plot as PNG.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def pool(
    place: str | None,
    outcome: str | None,
    table: Path | None,
    measure: Any,
    only: str | None,
    correlation: float | None,
    sensitivity: bool,
    leave_one_out: bool,
    cumulative: bool,
    subgroup: str,
    svg: Path | None,
    pdf: Path | None,
    png: Path | None,
    json_wanted: bool,
    **options: Any,
) -> None:
    """Pool the trials of one question, or a table of your own, with your own choices."""
    from lowdose.cli.evidence.layout import as_json
    from lowdose.evidence.exports.documents import pool_page
    from lowdose.evidence.pools.asking import Looks, ask, ask_table, question_for
    from lowdose.results.tables import check_folder

    files = {kind: path for kind, path in (("svg", svg), ("pdf", pdf), ("png", png)) if path is not None}
    for path in files.values():
        check_folder(path)
    from lowdose.report.condition.forests import write_forest

    looks = Looks(leave_one_out=leave_one_out, cumulative=cumulative, subgroup=subgroup)
    if table is not None:
        if place or outcome or only or sensitivity or correlation is not None:
            raise click.UsageError(
                "a table of your own has no --condition, --outcome, --only, --sensitivity or --correlation"
            )
        answered = ask_table(table, measure=measure, looks=looks, **options)
    elif place is None:
        raise click.UsageError("give --condition and --outcome, or --table")
    else:
        choices: dict[str, Any] = {"only_found": only == "found", "include_sensitivity": sensitivity}
        choices["correlation"] = 0.5 if correlation is None else correlation
        answered = ask(question_for(place, outcome), measure=measure, looks=looks, **choices, **options)
    page = pool_page(answered)
    for kind, path in files.items():
        write_forest(page, path, kind)
    if json_wanted:
        as_json(page)
    else:
        _show(page)
    for path in files.values():
        click.echo(f"written: {path}", err=True)


def _show(page: Mapping[str, Any]) -> None:
    from lowdose.cli.evidence.layout import cells, footing, heading, say, table
    from lowdose.evidence.pools.wording import effect
    from lowdose.evidence.records.labels import RECALLED

    asked, made = page["question"], page["pool"]
    heading(f"{asked['label'][0].upper()}{asked['label'][1:]} ({asked['measure']})")
    if asked["fixed_on"]:
        say(f"Question {asked['id']}, fixed on {asked['fixed_on']}: {asked['why']}")
    grid = table(
        "trial", "mg a day", "people", f"effect ({_level(page)})", "weight", "risk of bias", right=("people", "weight")
    )
    marks = []
    for entry in page["entries"]:
        mark = RECALLED if entry["recalled"] else ""
        dose = None if entry["dose_mg"] is None else f"{entry['dose_mg']:g}"
        weight = "" if entry["weight"] is None else f"{100 * entry['weight']:.0f} %"
        shown = effect(entry["measure"], entry["shown"])
        grid.add_row(*cells((entry["label"] + mark, dose, _people(entry), shown, weight, entry["risk_of_bias"])))
        marks.append(mark)
    for left in page["unusable"]:
        mark = RECALLED if left["recalled"] else ""
        grid.add_row(*cells((left["label"] + mark, "", left["n"], "no number that can be used", "", "")))
        marks.append(mark)
    say(grid)
    if made is None:
        say("No study gives a number that can be pooled.")
        _changed(page)
    else:
        _pooled(page, made)
    for line in _said(page):
        say(f"• {line}")
    _other_looks(page)
    footing(*marks, *_said(page), provisional=not page["table"])


def _level(page: Mapping[str, Any]) -> str:
    return f"{100 * page['pool']['level']:g} %" if page["pool"] else "95 %"


def _people(entry: Mapping[str, Any]) -> int | None:
    from lowdose.evidence.grading.grade import participants

    if entry["n_treated"] is None or entry["n_control"] is None:
        return None
    return participants([entry])


def _pooled(page: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    from rich.markup import escape

    from lowdose.cli.evidence.layout import say
    from lowdose.cli.terminal import show
    from lowdose.evidence.pools.pooling import NARROW
    from lowdose.evidence.pools.wording import effect, number, p_words

    mark = mark_of(page["entries"])
    show(f"[bold]{escape(how(made))}: {escape(effect(made['measure'], made['shown']) + mark)}[/bold]")
    for name, words in (("common", "the same, common effect"), ("hksj", "the same, Hartung-Knapp without the floor")):
        if page[name]:
            said = "; ".join(("", *(one for one in page[name]["warnings"] if one == NARROW)))
            say(f"{words}: {effect(made['measure'], page[name]['shown'])}{mark}{said}")
    if made["k"] > 1:
        say(
            f"between trials: I² {made['i2']:.0f} % ({made['i2_definition']}), τ² {made['tau2']:.4g}, "
            f"Q {made['q']:.2f} on {made['k'] - 1} df, {p_words(made['q_p'])}"
        )
    if made["prediction_low"] is not None:
        shown = made["shown"]
        numbers = f"{number(shown['prediction_low'])} to {number(shown['prediction_high'])}"
        say(f"a next trial is expected from {numbers} ({made['prediction_rule']})")
    _changed(page)


def mark_of(entries: Iterable[Mapping[str, Any]]) -> str:
    """The mark of a pool: recalled, where any of its entries is."""
    from lowdose.evidence.records.labels import RECALLED

    return RECALLED if any(entry["recalled"] for entry in entries) else ""


def _changed(page: Mapping[str, Any]) -> None:
    """What leaving out recalled values did."""
    from lowdose.cli.evidence.layout import say
    from lowdose.evidence.records.labels import RECALLED

    if not page["only_found"]:
        return
    dropped = any(one["rule"] == RECALLED_RULE for one in page["removed"])
    if not dropped:
        say("nothing of it is recalled: the same without recalled values")
        return
    say(f"with recalled values: {_in_short(page['before'], RECALLED)}", f"without them: {_in_short(page['pool'])}")


def _in_short(made: Mapping[str, Any] | None, mark: str = "") -> str:
    from lowdose.evidence.pools.wording import effect

    if made is None:
        return "nothing is left"
    return f"{effect(made['measure'], made['shown'])}{mark}, {_trials(made['k'])}"


def _marked(page: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """A pool of some of the entries, with the mark of those it holds."""
    from lowdose.evidence.pools.wording import effect

    held = [entry for entry in page["entries"] if entry["study"] in made["weights"]]
    return effect(made["measure"], made["shown"]) + mark_of(held)


def _trials(number: int) -> str:
    return "one trial" if number == 1 else f"{number} trials"


def _said(page: Mapping[str, Any]) -> list[str]:
    """What was left out and why, notes of the rules, warnings."""
    from lowdose.cli.evidence.conditions import without_number

    left = [*without_number(page), *(f"{one['label']} is left out: {one['reason']}" for one in page["removed"])]
    # The rule of the prediction interval stands beside the interval.
    return [*left, *page["notes"], *(one for one in page["warnings"] if not one.startswith("prediction interval:"))]


def _other_looks(page: Mapping[str, Any]) -> None:
    from lowdose.cli.evidence.layout import cells, heading, say, table

    if page["leave_one_out"]:
        heading("Without each trial in turn")
        made = table("without", "trials", f"pool ({_level(page)})", right=("trials",))
        for one in page["leave_one_out"]:
            made.add_row(*cells((one["without"], one["pool"]["k"], _marked(page, one["pool"]))))
        say(made)
        for one in page["leave_one_out"]:
            say(f"• {one['says']}{mark_of(page['entries'])}")
    if page["cumulative"]:
        heading("As the trials came in")
        made = table("with", "trials", f"pool ({_level(page)})", right=("trials",))
        for one in page["cumulative"]:
            made.add_row(*cells((one["with"], one["pool"]["k"], _marked(page, one["pool"]))))
        say(made)
    if page["subgroups"]:
        from lowdose.evidence.pools.wording import p_words

        heading("By group")
        made = table("group", "trials", f"pool ({_level(page)})", right=("trials",))
        found = page["subgroups"]
        for name, one in found["groups"].items():
            made.add_row(*cells((name, one["k"], _marked(page, one))))
        test = f"between groups: Q {found['q_between']:.2f} on {found['df']} df, {p_words(found['p'])}"
        say(made, test if found["df"] else "one group only: nothing to compare")
