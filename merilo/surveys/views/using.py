"""Handing results on: as evidence of a self-assessment, as the value of an indicator."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.core import offers
from merilo.core.errors import Refused
from merilo.core.offers import Target
from merilo.organisations.api import OrgRequest, address
from merilo.surveys import permissions, pointing
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link
from merilo.web.referring import groups


@require_safe
def use(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Choose figures and who takes them; the taking itself happens on the page of who does."""
    found = survey_or_404(request, survey)
    if not permissions.may_use(request.viewer, found):
        raise Refused(_("Results of closed surveys are used by those who work on evidence or indicators."))
    place = str(found.pk)
    offered = list(pointing.offered(request.viewer, place))
    receivers = list(offers.targets_for(request.viewer, pointing.CODE, place))
    targets = {f"{who.code}:{one.code}": one for who, rows in receivers for one in rows}
    wanted, chosen = set(request.GET.getlist("take")), request.GET.get("to", "")
    ids = [one.id for one in offered if one.id in wanted]
    errors = list(_errors(ids, targets.get(chosen))) if "send" in request.GET else []
    if "send" in request.GET and not errors:
        return redirect(offers.address_of(targets[chosen], ids))
    results = Link(_("Results"), address(request.viewer, "surveys:results", survey=found.pk))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, results),
        "groups": groups(offered, chosen=ids),
        "receivers": [
            (who.name, [(f"{who.code}:{one.code}", one) for one in rows]) for who, rows in receivers
        ],
        "chosen": chosen,
        "errors": errors,
        "has_errors": bool(errors),
    }
    return page(request, "results/use", context, status=422 if errors else 200)


def _errors(ids: list[str], target: Target | None) -> list[Link]:
    errors = []
    if not ids:
        errors.append(Link(_("Choose at least one result."), "#offered"))
    if target is None:
        errors.append(Link(_("Choose where the results go."), "#to"))
    elif target.single and len(ids) > 1:
        errors.append(Link(_("Only one result at a time can go there. Choose one."), "#offered"))
    return errors
