"""The viewer's own notifications: the list, opening one, marking all as read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from merilo.organisations import notifying, queries
from merilo.organisations.actions import notifications as actions
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.models import Notification
from merilo.organisations.views.base import shown

PAGE = 30


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """What happened, newest first."""
    request.section = "notifications"  # type: ignore[attr-defined]  # its own entry of the menu
    page = Paginator(queries.notifications(request.viewer), PAGE).get_page(request.GET.get("page"))
    context = {"listing": page, "rows": notifying.told(list(page))}
    return shown(request, "notifications", context)


@require_POST
def open_one(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and go where it happened."""
    try:
        found = queries.notifications(request.viewer).get(pk=pk)
    except Notification.DoesNotExist as error:
        raise Http404 from error
    actions.mark_read(viewer=request.viewer, notification=found, at=timezone.now())
    return redirect(found.path)


@require_POST
def read_all(request: OrgRequest) -> HttpResponse:
    """Mark all as read."""
    actions.mark_all_read(viewer=request.viewer, at=timezone.now())
    messages.success(request, _("All notifications are marked as read."))
    return redirect(address(request.viewer, "organisations:notifications"))
