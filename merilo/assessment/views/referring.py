"""Results of other rooms as evidence: choose where from, choose which and what for, take over what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment.actions import evidence as shelf
from merilo.assessment.actions import referring as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.evidence import Uses
from merilo.assessment.models import Assessment, Evidence, EvidenceKind
from merilo.assessment.queries import evidence as queries
from merilo.assessment.queries.referring import pointed_at
from merilo.assessment.views import evidence_pages as pages
from merilo.assessment.views.base import assessment_or_404
from merilo.core.once import new_key
from merilo.core.references import Kind, Reference, kind_of
from merilo.framework.catalogue import UnknownCode
from merilo.organisations.api import OrgRequest, address, do
from merilo.web.items import Link
from merilo.web.referring import groups


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a person chooses: kind and place, what is offered there, the sub-criterion they came from."""

    assessment: Assessment
    kind: Kind
    place: str
    offered: Sequence[Reference]
    code: str


@require_http_methods(["GET", "HEAD", "POST"])
def from_room(request: OrgRequest, pk: UUID, kind: str) -> HttpResponse:
    """What another room offers: first the places, then (`place`) their figures and what they are used for."""
    stand = _stand(request, assessment_or_404(request, pk), kind)
    if not stand.offered:
        return render(request, "assessment/evidence/places.html", _places(request, stand))
    if request.method == "POST":
        return _put(request, stand)
    uses = Uses(framework_of(stand.assessment), None, {stand.code: ""} if stand.code else {})
    return _chooser(request, stand, request.GET.getlist("take"), uses)


def _stand(request: OrgRequest, assessment: Assessment, kind: str) -> Stand:
    shelf.require_shelf(request.viewer, assessment)
    found = kind_of(kind) if kind in EvidenceKind.values else None
    if found is None:
        raise Http404
    place = request.GET.get("place", "")
    offered = list(found.offered(request.viewer, place)) if place else []
    return Stand(assessment, found, place, offered, _known_code(assessment, request.GET.get("for", "")))


def _known_code(assessment: Assessment, code: str) -> str:
    try:
        return framework_of(assessment).item(code).code
    except UnknownCode:
        return ""


def _places(request: OrgRequest, stand: Stand) -> dict[str, Any]:
    kind, assessment = stand.kind, stand.assessment
    url = address(request.viewer, "assessment:evidence_from", pk=assessment.pk, kind=kind.code)
    more = {"for": stand.code} if stand.code else {}
    title, hint = pages.offer_words()[kind.code]
    places = kind.places(request.viewer)
    return {
        "assessment": assessment,
        "crumbs": pages.shelf_crumbs(request, assessment),
        "title": title,
        "hint": hint,
        "places": [(one, f"{url}?{urlencode({'place': one.id} | more)}") for one in places],
    }


def _chooser(
    request: OrgRequest, stand: Stand, ticked: Sequence[str], uses: Uses, errors: Sequence[Link] = ()
) -> HttpResponse:
    taken = pointed_at(stand.assessment, stand.kind.code)
    context = {
        "assessment": stand.assessment,
        "crumbs": pages.shelf_crumbs(request, stand.assessment),
        "title": pages.offer_words()[stand.kind.code][0],
        "lead": stand.offered[0].snapshot.source,
        "groups": groups(stand.offered, chosen=ticked, taken=taken),
        **pages.uses_shown(uses),
        "errors": errors,
        "has_errors": bool(errors),
        "once": request.POST.get("once", "") or new_key(),
    }
    status = 422 if errors else 200
    return render(request, "assessment/evidence/offered.html", context, status=status)


def _put(request: OrgRequest, stand: Stand) -> HttpResponse:
    ticked = request.POST.getlist("take")
    references = [one for one in stand.offered if one.id in set(ticked)]
    uses = Uses(framework_of(stand.assessment), request.POST, {})
    pages_of_uses = uses.clean()
    errors = [] if references else [Link(_("Choose at least one result."), "#offered")]
    errors += [Link(uses.error, "#uses")] if uses.error else []
    if errors:
        return _chooser(request, stand, ticked, uses, errors)

    def effect() -> str:
        put = actions.put(
            viewer=request.viewer,
            assessment=stand.assessment,
            references=references,
            uses=pages_of_uses,
            at=timezone.now(),
        )
        told = ngettext("%(count)s result is on the shelf.", "%(count)s results are on the shelf.", len(put))
        messages.success(request, told % {"count": len(put)})
        return pages.back(request, stand.assessment, stand.code)

    return do(request, effect)


@require_POST
def renew(request: OrgRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """Keep what the source says now."""
    assessment = assessment_or_404(request, pk)
    try:
        row = queries.evidence(request.viewer, assessment, evidence, on=timezone.localdate())
    except Evidence.DoesNotExist as error:
        raise Http404 from error

    def effect() -> str:
        actions.renew(viewer=request.viewer, evidence=row, at=timezone.now())
        messages.success(request, _("The figure of the source is taken over."))
        return address(request.viewer, "assessment:evidence_edit", pk=assessment.pk, evidence=row.pk)

    return do(request, effect)
