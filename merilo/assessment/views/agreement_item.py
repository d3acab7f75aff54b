"""The page of one item in the agreement, with the forms on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from merilo.assessment import permissions, pointing
from merilo.assessment.actions.agreement import require_leader
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.agreement import AgreeForm, DissentForm, MergeForm, initial_of
from merilo.assessment.models import Agreement, Assessment, State
from merilo.assessment.queries import agreement as queries
from merilo.assessment.queries import sittings
from merilo.assessment.queries.evidence import uses_of_item
from merilo.assessment.scores_in_words import values_in_words
from merilo.assessment.views.acting import crumbs
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.sheet_pages import use_lines
from merilo.assessment.words import language
from merilo.core import likeness
from merilo.framework.catalogue import Item, Scale, UnknownCode
from merilo.organisations.api import OrgRequest, Viewer, address
from merilo.web import charts, drawings, forms
from merilo.web.items import Band, Link
from merilo.web.referring import ways_on

STATUS = {"open": "idle", "postponed": "waiting", "agreed": "done"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request is: an assessment after the lock, and one item of it."""

    assessment: Assessment
    item: Item
    scale: Scale

    @property
    def code(self) -> str:
        return self.item.code


def place_or_404(
    request: OrgRequest,
    pk: UUID,
    code: str,
    require: Callable[[Viewer, Assessment], None] = require_leader,
) -> Place:
    """The item of an assessment the viewer may read, or write by POST. Errors: Http404, Refused."""
    assessment = assessment_or_404(request, pk)
    queries.require_readable(request.viewer, assessment, on=timezone.localdate())
    if request.method == "POST":
        require(request.viewer, assessment)
    framework = framework_of(assessment)
    try:
        item = framework.item(code)
    except UnknownCode as error:
        raise Http404 from error
    return Place(assessment, item, framework.scale_for(code, assessment.method))


def may_write(request: OrgRequest, assessment: Assessment) -> bool:
    """Whether the viewer leads an agreement that is going on."""
    return assessment.state == State.AGREEING and permissions.may_moderate(request.viewer, assessment)


def may_differ(request: OrgRequest, assessment: Assessment) -> bool:
    """Whether the viewer may put a differing opinion on record now."""
    return assessment.state == State.AGREEING and permissions.may_dissent(request.viewer, assessment)


def speaker_of(request: OrgRequest, assessment: Assessment) -> str:
    """The name of a member who speaks for themself; empty for who leads and writes for others."""
    leads = permissions.may_moderate(request.viewer, assessment)
    return "" if leads else request.viewer.membership.name


def item_address(request: OrgRequest, place: Place, anchor: str = "") -> str:
    """The page of an item, at one of its parts."""
    found = address(request.viewer, "assessment:agree_item", pk=place.assessment.pk, code=place.code)
    return f"{found}#{anchor}" if anchor else found


def item_page(request: OrgRequest, place: Place, refused: forms.Form | None = None) -> HttpResponse:
    """Everything about one item; with a refused form in the place of its fresh one, answered 422."""
    viewer, assessment = request.viewer, place.assessment
    overview = queries.overview(viewer, assessment, on=timezone.localdate())
    row = next(row for row in overview.by_number if row.item.code == place.code)
    agreement = row.agreement
    context = {
        "assessment": assessment,
        "item": place.item,
        "title": place.item.title.in_language(language()),
        "criterion": framework_of(assessment).criterion_of(place.code).title.in_language(language()),
        "row": row,
        "voices": row.voices,
        "spread": row.voices.spread,
        "agreement": agreement,
        "status": STATUS[agreement.state],
        "values": values_in_words(place.scale, agreement.values),
        "chart": dot_plot(place, row),
        "parts": parts_of(row.voices),
        "bands": bands_of(place.scale),
        "last": queries.last_cycle(assessment, place.code, row.score),
        "evidence": use_lines(viewer, uses_of_item(viewer, assessment, place.code)),
        "ways": ways_on(viewer, pointing.CODE, str(assessment.pk), [f"{assessment.pk}/{place.code}"]),
        "crumbs": _crumbs(request, assessment),
        "meeting": sittings.running_in(assessment),
        "undoable": sittings.last_decision(agreement),
        "may_write": may_write(request, assessment),
        "may_differ": may_differ(request, assessment),
        **_neighbours(request, assessment, overview, row),
        **_forms(request, place, agreement, refused),
    }
    return render(request, "assessment/agreement/item.html", context, status=422 if refused else 200)


def _crumbs(request: OrgRequest, assessment: Assessment) -> list[Link]:
    listing = address(request.viewer, "assessment:agree", pk=assessment.pk)
    return crumbs(request, assessment, Link(_("Agreement on scores"), listing))


def _forms(
    request: OrgRequest, place: Place, agreement: Agreement, refused: forms.Form | None
) -> dict[str, Any]:
    today, speaker = timezone.localdate(), speaker_of(request, place.assessment)
    talks = queries.talks(request.viewer, place.assessment, place.code, on=today)
    agree = refused if isinstance(refused, AgreeForm) else None
    dissent = refused if isinstance(refused, DissentForm) else None
    merge = [
        refused
        if isinstance(refused, MergeForm) and refused.talk.kind == talk.kind
        else MergeForm(talk=talk, initial=_ticked(request, talk))
        for talk in talks
    ]
    return {
        "form": agree or AgreeForm(scale=place.scale, initial=initial_of(agreement)),
        "dissent_form": dissent or DissentForm(speaker=speaker),
        "talks": [
            (talk, form, _suggested(request, place, talk)) for talk, form in zip(talks, merge, strict=True)
        ],
        "errors": refused.error_links if refused else [],
        "has_errors": refused is not None,
    }


def _ticked(request: OrgRequest, talk: queries.Talk) -> dict[str, Any]:
    """What a followed suggestion fills in: the ticks, the statement or the wording to begin with."""
    chosen = set(request.GET.getlist("tick"))
    texts = {str(row.pk): row.text for row in talk.open if str(row.pk) in chosen}
    if not texts:
        return {}
    into = next((str(row.pk) for row in talk.statements if str(row.pk) in chosen), "")
    return {
        "sources": list(texts),
        "into": into,
        "text": "" if into else texts[likeness.most_typical(texts)],
    }


def _suggested(request: OrgRequest, place: Place, talk: queries.Talk) -> list[tuple[queries.Suggestion, str]]:
    """What could be put together, each with the address that ticks it; for who may write."""
    if not may_write(request, place.assessment):
        return []
    found = []
    for one in queries.suggestions(talk):
        rows = [*one.remarks, *([one.statement] if one.statement else [])]
        ticks = [str(row.pk) for row in rows]
        query = urlencode({"tick": ticks}, doseq=True)
        found.append((one, f"{item_address(request, place)}?{query}#put-{talk.kind}"))
    return found


def _neighbours(
    request: OrgRequest, assessment: Assessment, overview: queries.Overview, row: queries.Row
) -> dict[str, Link | None]:
    """The items before and after in the order in which they are discussed."""
    order = overview.by_disagreement
    here = order.index(row)
    return {
        "previous": _link(request, assessment, order[here - 1]) if here else None,
        "next": _link(request, assessment, order[here + 1]) if here + 1 < len(order) else None,
    }


def _link(request: OrgRequest, assessment: Assessment, row: queries.Row) -> Link:
    target = address(request.viewer, "assessment:agree_item", pk=assessment.pk, code=row.item.code)
    return Link(f"{row.item.code} {row.item.short.in_language(language())}", target)


# --- pictures and scales ------------------------------------------------------------------------------
def dot_plot(place: Place, row: queries.Row) -> charts.Drawing | None:
    """The individual scores as equal dots; None when nobody scored."""
    spread = row.voices.spread
    if spread is None:
        return None
    words = drawings.words()
    shown = "; ".join(words.number(score) for score in row.voices.scores)
    chart = charts.Dots(
        title=_("Individual scores, %(code)s") % {"code": place.code},
        description=_("Scores from low to high: %(scores)s") % {"scores": shown},
        scores=row.voices.scores,
        middle=(spread.median.low, spread.median.high),
        bands=[band.phase.in_language(language()) for band in _first_bands(place.scale)],
        scale=axis_of(place.scale),
    )
    return charts.dots(chart, words=words)


def _first_bands(scale: Scale) -> tuple[Any, ...]:
    return scale.bands if not scale.components else ()


def axis_of(scale: Scale) -> charts.Scale:
    """The rule of a scale: its long marks are the limits of the bands."""
    bands = scale.bands_of(scale.components[0].code if scale.components else None)
    if all(band.low == band.high for band in bands):
        return charts.Scale(tuple(band.low for band in bands))
    return charts.Scale((scale.minimum, *(band.high for band in bands)), charts.CAF.minor)


@dataclass(frozen=True, slots=True)
class PartScores:
    """The individual values of one component, from low to high and independent of the others."""

    title: str
    values: str
    spread: Any


def parts_of(voices: queries.Voices) -> list[PartScores]:
    """The components of a fine-tuned score; none for a score that is not taken apart."""
    from merilo.assessment.rules.statistics import spread

    if not voices.scale.components:
        return []
    return [
        PartScores(
            voices.scale.component(code).title.in_language(language()),
            "; ".join(str(value) for value in values) or "–",
            spread(values),
        )
        for code, values in voices.parts.items()
    ]


@dataclass(frozen=True, slots=True)
class BandTable:
    """The wording of the bands of a scale or of one component."""

    title: str
    bands: list[Band]


def bands_of(scale: Scale) -> list[BandTable]:
    """What the points mean: once, or for each component that has bands of its own."""
    own = [part for part in scale.components if part.bands]
    tables = [BandTable(part.title.in_language(language()), _bands(part.bands)) for part in own]
    return tables or [BandTable("", _bands(scale.bands))]


def _bands(bands: tuple[Any, ...]) -> list[Band]:
    return [
        Band(band.low, band.high, band.phase.in_language(language()), band.text.in_language(language()))
        for band in bands
    ]
