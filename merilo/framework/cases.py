"""Written cases to practise scoring on: facts as a group would find them, and a reasoned reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from merilo.framework.catalogue import Framework, Scale, Text, UnknownCode
from merilo.framework.findings import Finding, FrameworkInvalid, below
from merilo.framework.folders import read_file
from merilo.framework.loading import DATA, load_shipped
from merilo.framework.parsing import Parsed
from merilo.framework.shapes import (
    Checks,
    entries,
    found_kind,
    is_whole,
    list_of,
    plain_text,
    record,
    text,
    whole,
)

CASES = DATA / "cases"
SINGLE = "score"  # the one value of a scale that is not taken apart


@dataclass(frozen=True, slots=True)
class Reasoned:
    """The reference for one value of a scale, with why it is neither higher nor lower."""

    component: str
    points: int
    why: Text


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, year by year; "–" where it was not."""

    measure: Text
    values: tuple[str, ...]
    target: str
    others: str


@dataclass(frozen=True, slots=True)
class CaseItem:
    """What the documents of the case say about one item, and how it is scored by each method."""

    code: str
    facts: tuple[Text, ...]
    years: tuple[str, ...]
    rows: tuple[Row, ...]
    references: Mapping[str, tuple[Reasoned, ...]]
    mistakes: tuple[Text, ...]
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A fictional administration with one enabler and one result to score."""

    code: str
    framework: str
    title: Text
    setting: Text
    items: tuple[CaseItem, ...]


def shipped_cases() -> list[str]:
    """Codes of the cases that come with the platform, in alphabetical order."""
    return sorted(path.stem for path in CASES.glob("*.yaml"))


@cache
def load_case(code: str) -> Case:
    """A case that comes with the platform. Errors: UnknownCode, FrameworkInvalid."""
    if code not in shipped_cases():
        raise UnknownCode(code)
    return read_case(code, read_file(CASES / f"{code}.yaml"))


def read_case(code: str, parsed: Parsed) -> Case:
    """The case of a document, checked against its framework. Errors: FrameworkInvalid, UnknownCode."""
    data: Any = parsed.data
    if not isinstance(data, dict):
        raise FrameworkInvalid([Finding("", "not_mapping", {"found": found_kind(data)})])
    framework = load_shipped(str(data.get("framework", "")))
    if findings := check_case(data, framework):
        raise FrameworkInvalid(findings)
    return Case(
        code, framework.code, _text(data["title"]), _text(data["setting"]), tuple(map(_item, data["items"]))
    )


# --- checking -----------------------------------------------------------------------------------------
_line = partial(text, limit=300)
_paragraph = partial(text, limit=1_500)
_figure = partial(plain_text, limit=12)
_texts = partial(list_of, of=_paragraph)
_figures = partial(list_of, of=_figure)
_row = record({"measure": _line, "values": _figures, "target": _figure, "others": _figure})
_reasoned = record({"points": whole, "why": _paragraph})


def _any_reference(checks: Checks, value: Any, path: str) -> None:
    """Checked with the scales of the framework."""


_case_item = record(
    {
        "code": partial(plain_text, limit=20),
        "facts": _texts,
        "years": _figures,
        "rows": partial(list_of, of=_row),
        "references": _any_reference,
        "mistakes": _texts,
        "questions": _texts,
    },
    "years",
    "rows",
)
_case = record(
    {
        "framework": partial(plain_text, limit=40),
        "title": _line,
        "setting": _paragraph,
        "items": partial(list_of, of=_case_item),
    }
)


def check_case(data: dict[str, Any], framework: Framework) -> list[Finding]:
    """All mistakes of a case; none for a valid one."""
    checks = Checks(framework.languages)
    _case(checks, data, "")
    for path, item in entries(data, "items"):
        try:
            scales = {
                method.code: framework.scale_for(item.get("code", ""), method.code)
                for method in framework.methods
            }
        except UnknownCode:
            checks.add(below(path, "code"), "unknown_item", code=item.get("code"))
            continue
        _rows(checks, item, path)
        _references(checks, item.get("references"), below(path, "references"), scales)
    return checks.findings


def _rows(checks: Checks, item: dict[str, Any], path: str) -> None:
    years = item.get("years")
    for place, row in entries(item, "rows", path):
        values = row.get("values")
        if not isinstance(years, list) or not isinstance(values, list) or len(values) != len(years):
            checks.add(below(place, "values"), "missing", key="values")


def _references(checks: Checks, value: Any, path: str, scales: Mapping[str, Scale]) -> None:
    fields = {
        method: record(
            dict.fromkeys([part.code for part in scale.components] or [SINGLE], partial(_on, scale=scale))
        )
        for method, scale in scales.items()
    }
    record(fields)(checks, value, path)


def _on(checks: Checks, value: Any, path: str, *, scale: Scale) -> None:
    _reasoned(checks, value, path)
    points = value.get("points") if isinstance(value, dict) else None
    if is_whole(points) and not scale.minimum <= points <= scale.maximum:
        checks.add(below(path, "points"), "too_large", limit=scale.maximum)


# --- building -----------------------------------------------------------------------------------------
def _text(wordings: Mapping[str, str]) -> Text:
    return Text(tuple(wordings.items()))


def _item(data: Mapping[str, Any]) -> CaseItem:
    return CaseItem(
        code=data["code"],
        facts=tuple(map(_text, data["facts"])),
        years=tuple(data.get("years", ())),
        rows=tuple(
            Row(_text(row["measure"]), tuple(row["values"]), row["target"], row["others"])
            for row in data.get("rows", ())
        ),
        references={
            method: tuple(Reasoned(code, part["points"], _text(part["why"])) for code, part in parts.items())
            for method, parts in data["references"].items()
        },
        mistakes=tuple(map(_text, data["mistakes"])),
        questions=tuple(map(_text, data["questions"])),
    )
