"""What the yearly report tells of surveys: how each was asked, and its protected results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from merilo.organisations.api import Viewer
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.models import Survey
from merilo.surveys.queries.results import Results, contents, results_of
from merilo.surveys.rules.yearly import Measured

PER_CENT = 100


def told_of(viewer: Viewer, surveys: Sequence[Survey], language: str) -> list[dict[str, Any]]:
    """For each survey its facts, and `results` as plain values of rules.yearly.Measured.

    Shape: title, mode, floor, from and until (ISO days), responses, invited (0 if nobody was), results.
    """
    return [_told(viewer, survey, language) for survey in surveys]


def _told(viewer: Viewer, survey: Survey, language: str) -> dict[str, Any]:
    results = results_of(viewer, survey)
    earlier = (
        _figures(results_of(viewer, survey.earlier)) if survey.earlier and survey.earlier.closed_at else {}
    )
    return {
        "title": said(dict(results.definition.title.entries), language),
        "mode": survey.mode,
        "floor": survey.floor,
        "from": _day(survey, survey.opened_at),
        "until": _day(survey, survey.closed_at),
        "responses": results.responses,
        "invited": results.invited,
        "results": [asdict(row) for row in _measured(results, earlier, language)],
    }


def _day(survey: Survey, moment: Any) -> str:
    return timezone.localtime(moment, survey.organisation.zone).date().isoformat()


def _measured(
    results: Results, earlier: Mapping[str, tuple[float, str]], language: str
) -> Iterator[Measured]:
    for content in contents(results):
        figure = _figure(content)
        if figure is not None:
            value, unit = figure
            scale = content["figures"]["scale"] if unit == "mean" else ()
            before, unit_before = earlier.get(content["item"], (None, unit))
            yield Measured(
                item=content["item"],
                title=_title(content, language),
                figure=value,
                unit=unit,
                n=content["base"] - content["unknown"],
                earlier=before if unit_before == unit else None,
                scale=tuple(scale),
            )


def _figures(results: Results) -> dict[str, tuple[float, str]]:
    """The figure of each item of a survey that has one."""
    found = {content["item"]: _figure(content) for content in contents(results)}
    return {item: figure for item, figure in found.items() if figure is not None}


def _figure(content: Content) -> tuple[float, str] | None:
    """The promoter score, a mean of points or amounts, or the share of "yes"; None for no measurement."""
    if content["hidden"]:
        return None
    figures = content["figures"]
    if figures.get("nps"):
        return figures["nps"]["value"], "nps"
    if figures.get("mean") and content["kind"] != "number":
        return figures["mean"]["value"], "mean" if "scale" in figures else "amount"
    yes = [answer for answer in content["answers"] if content["kind"] == "yesno" and answer["code"] == "yes"]
    if yes and yes[0]["share"] is not None:
        return round(yes[0]["share"] * PER_CENT, 6), "share"
    return None


def _title(content: Content, language: str) -> str:
    question, row = said(content["text"], language), said(content["row"], language)
    return f"{question} {row}" if row else question
