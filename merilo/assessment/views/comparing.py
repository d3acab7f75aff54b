"""Two approved self-assessments side by side: chosen, compared, taken away as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.assessment import compared as told
from merilo.assessment import words
from merilo.assessment.forms.comparing import CyclesForm
from merilo.assessment.models import Assessment
from merilo.assessment.queries import comparing as queries
from merilo.assessment.queries.comparing import ItemPair, SideBySide
from merilo.assessment.rules.said_again import SaidAgain
from merilo.assessment.views.worksheets import attachment
from merilo.assessment.worksheets import comparison
from merilo.framework.catalogue import Criterion
from merilo.organisations.api import OrgRequest, address
from merilo.web import drawings
from merilo.web.items import Link

Pair = tuple[Assessment, Assessment]


@require_safe
def compare(request: OrgRequest) -> HttpResponse:
    """Figures and texts of two cycles; without a choice the last two."""
    cycles, form, pair = _chosen(request)
    context: dict[str, Any] = {
        "crumbs": [Link(_("Self-assessments"), address(request.viewer, "assessment:list"))],
        "cycles": cycles,
        "form": form,
        "has_errors": bool(form.errors),
    }
    if pair is not None:
        context |= _compared(request, queries.side_by_side(*pair))
    status = 422 if form.errors else 200
    return render(request, "assessment/comparing/compare.html", context, status=status)


@require_safe
def file(request: OrgRequest) -> HttpResponse:
    """The same as a workbook."""
    _cycles, _form, pair = _chosen(request)
    if pair is None:
        raise Http404
    found = queries.side_by_side(*pair)
    content = comparison.workbook(found, organisation=request.viewer.organisation.name, at=timezone.now())
    years = "-".join(str(cycle.period_until.year) for cycle in pair)
    return attachment(content, f"comparison-{years}")


def _chosen(request: OrgRequest) -> tuple[list[Assessment], CyclesForm, Pair | None]:
    """What can be chosen, the chooser, and the two that are compared if there are two."""
    cycles = queries.settled(request.viewer, on=timezone.localdate())
    known = {str(cycle.pk): cycle for cycle in cycles}
    asked = {name: value for name in ("before", "after") if (value := request.GET.get(name))}
    if not set(asked.values()) <= known.keys():
        raise Http404
    if "before" in asked:
        form = CyclesForm(asked, cycles=cycles)
        return cycles, form, form.pair() if form.is_valid() else None
    after = known[asked["after"]] if "after" in asked else next(iter(cycles), None)
    pair = queries.pair_of(cycles, after) if after else None
    form = CyclesForm(None, cycles=cycles)
    form.initial = {"before": str(pair[0].pk), "after": str(pair[1].pk)} if pair else {}
    return cycles, form, pair


def _compared(request: OrgRequest, found: SideBySide) -> dict[str, Any]:
    chosen = {"before": str(found.before.pk), "after": str(found.after.pk)}
    context: dict[str, Any] = {
        "found": found,
        "both": [words.described(found.before), words.described(found.after)],
        "refusal": told.refusal(found),
        "cautions": list(told.cautions(found)),
        "summary": told.summary(found),
        "file_url": f"{address(request.viewer, 'assessment:compare_file')}?{urlencode(chosen)}",
    }
    if found.is_foreign:
        return context
    context |= {"texts": _texts(found), "kinds": [_counted(found, kind) for kind in told.KINDS]}
    if found.refusal is None:
        return context | {
            "figures": told.figures(found),
            "criteria": told.by_criterion(found),
            "items": told.by_item(found),
        }
    return context | {"points": told.points(found)}


# --- texts --------------------------------------------------------------------------------------------


def _counted(found: SideBySide, kind: str) -> tuple[str, str]:
    """The name of a kind of statement and how many of it are new, stayed and are gone."""
    return str(told.KINDS[kind]), _sizes([pair.said[kind] for pair in found.items])


def _sizes(said: Sequence[SaidAgain]) -> str:
    return _("%(new)s new, %(stayed)s stayed, %(gone)s gone") % {
        "new": sum(len(one.new) for one in said),
        "stayed": sum(len(one.stayed) for one in said),
        "gone": sum(len(one.gone) for one in said),
    }


def _texts(found: SideBySide) -> list[dict[str, Any]]:
    """The criteria in which something was written in one of the cycles."""
    parts = ((criterion, _spoken(found, criterion)) for criterion in found.framework.criteria)
    return [
        {
            "title": f"{criterion.code}. {criterion.short.in_language(words.language())}",
            "sizes": _sizes([said for pair in pairs for said in pair.said.values()]),
            "items": [_item(found, pair) for pair in pairs],
        }
        for criterion, pairs in parts
        if pairs
    ]


def _spoken(found: SideBySide, criterion: Criterion) -> list[ItemPair]:
    return [pair for pair in found.of(criterion) if not pair.is_silent]


def _item(found: SideBySide, pair: ItemPair) -> dict[str, Any]:
    change, said = pair.change, drawings.words()
    figures = f"{said.number(change.before)} → {said.number(change.after)}"
    if found.refusal is None and change.difference is not None:
        figures += f" ({said.signed(change.difference)})"
    return {
        "code": pair.item.code,
        "title": f"{pair.item.code} {pair.item.short.in_language(words.language())}",
        "figures": figures,
        "reworded": told.is_reworded(found, pair.item.code),
        "blocks": [(told.KINDS[kind], one) for kind, one in pair.said.items() if not one.is_empty],
    }
