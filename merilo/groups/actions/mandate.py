"""The group itself: its name, its mandate and the order it stands on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, Refused
from merilo.groups import permissions
from merilo.groups.models import Group
from merilo.organisations.api import OfficialDocument, Viewer, record


def found_group(*, viewer: Viewer, name: str, mandate: str = "") -> Group:
    """A new group of the viewer's organisation; the caller records what for. Errors: Refused."""
    viewer.require("assessment.plan")
    return Group.objects.create(organisation=viewer.organisation, name=name, mandate=mandate)


def set_mandate(*, viewer: Viewer, group: Group, mandate: str, version: int, at: datetime) -> None:
    """Write what the group is there for; it prints in the order and the annex. Errors: Refused, Conflict."""
    if not permissions.may_manage(viewer, group):
        raise Refused(_("Only the coordinator and the deputy change the group."))
    with transaction.atomic():
        own = Group.objects.filter(pk=group.pk, version=version)
        if not own.update(mandate=mandate, version=F("version") + 1):
            raise Conflict(_("Somebody else has changed this in the meantime."))
        group.refresh_from_db()
        record(
            viewer,
            "group.mandate_changed",
            group,
            payload={"mandate": mandate},
            at=at,
        )


def name_order(*, group: Group, order: OfficialDocument) -> None:
    """Note the order the group stands on, inside the transaction that records the order."""
    group.order = order
    group.save(update_fields=["order"])
