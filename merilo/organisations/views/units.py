"""Units of the organisation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.organisations import queries
from merilo.organisations.actions import units as actions
from merilo.organisations.forms.people import UnitForm
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.views.base import crumbs, shown, stored, unit_or_404

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def units(request: OrgRequest) -> HttpResponse:
    """All units as a tree, and a form for one more."""
    viewer = request.viewer
    viewer.require("organisation.edit" if request.method == "POST" else "organisation.read")
    tree = queries.unit_tree(viewer)
    form = UnitForm(request.POST or None, tree=tree)
    if request.method == "POST" and form.is_valid():
        answer = stored(
            request,
            form,
            lambda: actions.add_unit(
                viewer=viewer,
                name=form.cleaned_data["name"],
                parent=form.chosen_parent,
                at=timezone.now(),
            ),
            to=address(viewer, "organisations:units"),
            said=_("“%(name)s” is added.") % {"name": form.cleaned_data["name"]},
        )
        if answer:
            return answer
    for found in tree:
        found.up, found.down = {"to": "up"}, {"to": "down"}  # type: ignore[attr-defined]
        found.up_words = _("Move “%(name)s” up") % {"name": found.name}  # type: ignore[attr-defined]
        found.down_words = _("Move “%(name)s” down") % {"name": found.name}  # type: ignore[attr-defined]
    context = {
        "form": form,
        "tree": tree,
        "may_edit": viewer.can("organisation.edit"),
        "crumbs": crumbs(viewer),
    }
    return shown(request, "units", context, refused=bool(form.errors))


@require_http_methods(BOTH)
def unit(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Rename a unit or put it elsewhere."""
    viewer = request.viewer
    viewer.require("organisation.edit")
    found = unit_or_404(request, pk)
    others = [other for other in queries.unit_tree(viewer) if other.pk != found.pk]
    form = UnitForm(
        request.POST or None, tree=others, initial={"name": found.name, "parent": str(found.parent_id or "")}
    )
    if request.method == "POST" and form.is_valid():
        answer = stored(
            request,
            form,
            lambda: actions.change_unit(
                viewer=viewer,
                unit=found,
                name=form.cleaned_data["name"],
                parent=form.chosen_parent,
                at=timezone.now(),
            ),
            to=address(viewer, "organisations:units"),
            said=_("The unit is saved."),
        )
        if answer:
            return answer
    context = {
        "form": form,
        "title": found.name,
        "crumbs": crumbs(viewer, (_("Units"), "organisations:units")),
    }
    return shown(request, "change", context, refused=bool(form.errors))


@require_POST
def move(request: OrgRequest, pk: UUID) -> HttpResponse:
    """One place up or down among its siblings."""
    found = unit_or_404(request, pk)
    actions.move_unit(viewer=request.viewer, unit=found, up=request.POST.get("to") == "up", at=timezone.now())
    return redirect(f"{address(request.viewer, 'organisations:units')}#unit-{found.pk}")


@require_http_methods(BOTH)
def remove(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask, then remove: the members stay."""
    viewer = request.viewer
    viewer.require("organisation.edit")
    found = unit_or_404(request, pk)
    if request.method == "POST":
        actions.remove_unit(viewer=viewer, unit=found, at=timezone.now())
        return redirect(address(viewer, "organisations:units"))
    people = queries.members(viewer).filter(unit=found).count()
    context = {
        "unit": found,
        "people": people,
        "crumbs": crumbs(viewer, (_("Units"), "organisations:units")),
    }
    return shown(request, "unit_remove", context)
