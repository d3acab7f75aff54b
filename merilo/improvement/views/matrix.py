"""The measures of a plan where the group's agreed points put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from merilo.improvement import words
from merilo.improvement.queries import board
from merilo.improvement.queries.board import Row
from merilo.improvement.rules.priorities import LEAST, MOST
from merilo.improvement.rules.priorities import Placed as Place
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.board import Board, Head, Line
from merilo.organisations.api import OrgRequest
from merilo.web import drawings
from merilo.web.items import Cell, CellRow, Placed

NOWHERE = Place(None, None)
Grid = dict[tuple[int, int], list[Placed]]


@require_safe
def matrix(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The grid of all measures asked for, and a page of them as a table."""
    shown = Board(request, plan_or_404(request, plan))
    places = board.places_in(shown.plan)
    context = shown.context("matrix", shown.listed())
    grid = _grid(shown, places)
    context |= {
        "places": list(_placed(context["lines"], places)),
        "heads": _heads(),
        "steps": [str(number) for number in range(LEAST, MOST + 1)],
        "cells": list(_rows(grid)),
        "any_place": bool(grid),
    }
    return page(request, "measures/matrix", context)


def _heads() -> Sequence[Head]:
    return (
        Head("№"),
        Head(pgettext("plan", "Measure")),
        Head(_("Impact"), is_right=True),
        Head(_("Ease of carrying out"), is_right=True),
        Head(_("How it stands")),
    )


def _placed(lines: Iterable[Line], places: Mapping[UUID, Place]) -> Iterator[tuple[Line, str, str]]:
    """Each measure with impact and ease as people read them."""
    number = drawings.words().number
    for line in lines:
        place = places.get(line.row.measure.pk, NOWHERE)
        yield line, number(place.impact), number(place.feasibility)


def _grid(shown: Board, places: Mapping[UUID, Place]) -> Grid:
    """What lies in which cell; a measure without both points lies nowhere."""
    grid: Grid = {}
    for row in shown.wanted:
        place = places.get(row.measure.pk, NOWHERE)
        if place.impact is not None and place.feasibility is not None:
            cell = (_cell(place.impact), _cell(place.feasibility))
            grid.setdefault(cell, []).append(_thing(shown, row))
    return grid


def _cell(value: Fraction) -> int:
    """The cell of a place: what lies between two goes to the upper one."""
    return int(value + Fraction(1, 2))


def _thing(shown: Board, row: Row) -> Placed:
    name = f"{row.measure.text}, {words.standing(row)}"
    return Placed(str(row.measure.number), name, shown.of("measure", row), words.shape_of(row))


def _rows(grid: Grid) -> Iterator[CellRow]:
    """From most impact down, ease from left to right; the corners are named."""
    corners = {
        (MOST, LEAST): _("Key measures"),
        (MOST, MOST - 1): _("Quick wins"),
        (LEAST, LEAST): pgettext("matrix", "Postponed"),
        (LEAST, MOST - 1): _("Further improvements"),
    }
    for impact in range(MOST, LEAST - 1, -1):
        cells = [
            Cell(grid.get((impact, ease), ()), corners.get((impact, ease), ""))
            for ease in range(LEAST, MOST + 1)
        ]
        yield CellRow(str(impact), cells)
