"""Telling somebody what is kept of them in a survey, and forgetting it when they ask for that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.organisations.api import Viewer, record
from merilo.surveys import forgetting, permissions
from merilo.surveys.forgetting import Plain
from merilo.surveys.models import Invitation, Survey


def tell(*, viewer: Viewer, survey: Survey, invitation: Invitation, at: datetime) -> Plain:
    """Everything that is kept, to be handed over. The record does not say of whom. Errors: Refused."""
    _require(viewer, survey)
    with transaction.atomic():
        record(viewer, "survey.person_told", survey, at=at)
    return forgetting.kept(invitation)


def erase(*, viewer: Viewer, survey: Survey, invitation: Invitation, at: datetime) -> None:
    """Forget somebody in this survey. Errors: Refused, Invitation.DoesNotExist (gone already)."""
    _require(viewer, survey)
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("survey__organisation")
        forgetting.forget(rows.exclude(address="").get(pk=invitation.pk, survey=survey), at=at)
        record(viewer, "survey.person_erased", survey, at=at)


def _require(viewer: Viewer, survey: Survey) -> None:
    if not permissions.may_edit(viewer, survey):
        raise Refused(_("Only who runs surveys sees who is invited."))
