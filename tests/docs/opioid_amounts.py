"""Finds a text that states an amount of an opioid: a number with a unit of mass in a sentence that speaks of one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lowdose.blocks import data
from lowdose.safety.medicines import ingredients
from lowdose.safety.medicines.table import names

AMOUNT = re.compile(
    r"(?<![\w.,/])\d+(?:[.,]\d+)?\s*(?:[-–]|to)?\s*(?:mg|mcg|µg|μg|ug|micrograms?|milligrams?|grams?|MME)\b",
    re.IGNORECASE,
)
KIN = re.compile(r"\b(?:opioids?|opiates?|narcotics?|painkillers?)\b", re.IGNORECASE)
"""Words that stand for any of them."""
OURS = re.compile(r"\b(?:naltrexone|naloxone|LDN|low[- ]dose)\b", re.IGNORECASE)
"""What an amount may be of where no opioid is named by its name."""
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
ADDRESS = re.compile(r"https?://\S+")


@cache
def opioid_names() -> re.Pattern[str]:
    """Every name of the medicine tables that means an opioid and nothing shorter than four letters."""
    opioids = {one.name for one in ingredients().values() if one.washout_class in ("short", "long")}
    written = {name.written for name in names() if opioids & set(name.ingredients) and name.kind != "ATC code"}
    words = sorted({one for one in {*opioids, *written} if len(one) >= 4 and not one.isdigit()}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


def stated(text: str) -> list[str]:
    """The sentences of a text that state an amount of an opioid."""
    return [
        sentence
        for sentence in SENTENCE.split(ADDRESS.sub("", text))
        if AMOUNT.search(sentence)
        and (opioid_names().search(sentence) or (KIN.search(sentence) and not OURS.search(sentence)))
    ]


def texts_of(path: Path) -> Iterator[str]:
    """Every text a file can say to people: strings of a program without its docstrings, values of data, templates."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _strings(content)
    elif path.suffix in (".yaml", ".json"):
        yield from _values(data(content))
    else:
        yield content


def _strings(program: str) -> Iterator[str]:
    tree = ast.parse(program)
    said = {node.body[0].value for node in ast.walk(tree) if _is_command(node)}  # its docstring is its help
    alone = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # what is put in could be an amount: its words count with a number there
            yield "".join(part.value if isinstance(part, ast.Constant) else " 9 " for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in alone - said:
            yield node.value


def _is_command(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any("command" in ast.unparse(one) for one in node.decorator_list)


def _values(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _values(value)
    elif isinstance(content, list):
        for value in content:
            yield from _values(value)
