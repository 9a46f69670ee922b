"""What every page shares: one file with its style inside, a policy that lets nothing in, words that stay together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache as remember
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowdose.files import write_whole
from lowdose.report.scripts import fingerprint

if TYPE_CHECKING:
    from jinja2 import Environment

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|×|h|ng|pg|µg|mg|kg|mL|days|pm)\b|%|×)")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")


def rendered(
    template: str, *, styles: Sequence[str] = ("report.css",), scripts: Sequence[str] = (), **words: Any
) -> str:
    """A page as the text of one self-contained HTML file that asks for nothing outside itself.

    Parameters
    ----------
    template : str
        File in ``templates`` that extends ``shell.html.j2``.
    styles : sequence of str
        Files in ``templates``, joined in this order.
    scripts : sequence of str
        Texts of scripts that may run; no other can.
    **words
        What the template shows.

    Examples
    --------
    >>> from lowdose.report.shell import text
    >>> "not a medical device" in text("intended_use.txt")
    True
    """
    style = "".join(text(f"templates/{name}") for name in styles)
    allowed = f"script-src {' '.join(map(fingerprint, scripts))}; " if scripts else ""
    policy = f"default-src 'none'; {allowed}style-src {fingerprint(style)}; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template(template)
        .render(policy=policy, style=style, scripts=scripts, intended_use=text("intended_use.txt").strip(), **words)
    )


@remember
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("lowdose.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tied"] = tied
    return environment


def tied(text: str) -> str:
    """A number stays on one line with its unit, a range with its end.

    Examples
    --------
    >>> tied("4.5 mg") == "4.5\u00a0mg"
    True
    """
    text = _RANGE.sub("\u2060–\u2060", _BEFORE_UNIT.sub("\u00a0", text))
    return text.replace("6β-", "6β-\u2060").replace("9 in 10", "9\u00a0in\u00a010")


def text(name: str) -> str:
    """A file of this room.

    Examples
    --------
    >>> text("templates/report.css").startswith(":root")
    True
    """
    return files("lowdose.report").joinpath(name).read_text(encoding="utf-8")


def written(text: str, path: Path | str) -> Path:
    """Write a page; the file is whole or not there.

    Raises
    ------
    InvalidInput
        If the folder does not exist or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written("<!doctype html>", Path(folder) / "page.html").read_text(encoding="utf-8")
    '<!doctype html>'
    """
    return write_whole(Path(path), text.encode())
