"""Ready questionnaires: what an administration usually asks, in Bulgarian and English, to begin from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from merilo.framework.catalogue import Text
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_plain

FOLDER = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one written in C where it is built
CODES = ("citizens", "businesses", "employees", "councillors", "governance")


class UnknownQuestionnaire(LookupError):
    """There is no ready questionnaire with this code."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready questionnaire: whom it is for, what it asks in one sentence, how long it takes in minutes."""

    code: str
    definition: Definition
    whom: Text
    asks: Text
    minutes: int

    @property
    def questions(self) -> int:
        return sum(1 for _question in self.definition.questions())


def ready() -> tuple[Ready, ...]:
    """All ready questionnaires, in their order."""
    return tuple(map(found, CODES))


@cache
def found(code: str) -> Ready:
    """One ready questionnaire. Errors: UnknownQuestionnaire."""
    if code not in CODES:
        raise UnknownQuestionnaire(code)
    node = _read(code)
    whom, asks = (_text(node[key]) for key in ("whom", "asks"))
    return Ready(code, from_plain(node["questionnaire"]), whom, asks, node["minutes"])


def plain(code: str) -> dict[str, Any]:
    """The questionnaire in plain values, to be changed at will. Errors: UnknownQuestionnaire."""
    found(code)
    questionnaire: dict[str, Any] = copy.deepcopy(_read(code)["questionnaire"])
    return questionnaire


def link(code: str, item: str) -> str:
    """The sub-criterion of CAF 2020 that an item's answers can be evidence for; "" where there is none.

    >>> link("citizens", "staff.polite"), link("citizens", "access.building"), link("citizens", "age")
    ('6.1', '4.6', '')
    """
    links: Mapping[str, str] = _read("links").get(code, {})
    return links.get(item) or links.get(item.partition(".")[0], "")


def _text(node: Mapping[str, str]) -> Text:
    return Text(tuple(node.items()))


@cache
def _read(name: str) -> Any:
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=LOADER)  # noqa: S506  both loaders are safe ones
