"""What the coordinator does about others' sheets, unread: remind of one, send one back with a note."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment import mails, permissions
from merilo.assessment.models import Assessment, Sheet
from merilo.core.errors import MeriloError, Refused
from merilo.core.texts import clean_text
from merilo.organisations.api import Viewer, record

LONGEST_NOTE = 500


@transaction.atomic
def remind(*, viewer: Viewer, assessment: Assessment, seat: UUID, at: datetime) -> Sheet:
    """Remind the holder of a seat of the sheet; answers with it. Nobody is reminded twice in 48 hours.

    Errors: Refused, Sheet.DoesNotExist, MeriloError (handed in meanwhile).
    """
    sheet = _held(viewer, assessment, seat)
    if sheet.handed_in_at is not None:
        raise MeriloError(_("%(name)s has handed in meanwhile.") % _name(sheet))
    record(viewer, "sheet.reminded", sheet, _name(sheet), at=at)
    mails.remind_of_sheet(viewer, sheet, at=at)
    return sheet


@transaction.atomic
def send_back(*, viewer: Viewer, assessment: Assessment, seat: UUID, note: str, at: datetime) -> Sheet:
    """Open a handed-in sheet for its holder again and say why; answers with it.

    Errors: Refused, Sheet.DoesNotExist, MeriloError (no note, not handed in).
    """
    why = clean_text(note, LONGEST_NOTE)
    if not why:
        raise MeriloError(_("Write what should be changed."), field="note")
    sheet = _held(viewer, assessment, seat)
    if sheet.handed_in_at is None:
        raise MeriloError(_("The sheet is not handed in, %(name)s can change it.") % _name(sheet))
    sheet.handed_in_at = sheet.handed_in_by = None
    sheet.save(update_fields=["handed_in_at", "handed_in_by"])
    record(viewer, "sheet.returned", sheet, _name(sheet) | {"reason": why}, at=at)
    mails.sheet_returned(viewer, sheet, note=why, at=at)
    return sheet


def _held(viewer: Viewer, assessment: Assessment, seat: UUID) -> Sheet:
    """The sheet of a seat, kept from other writers; refused where it is none of the viewer's business."""
    held = Sheet.objects.select_for_update(of=("self", "assessment"))
    sheet = held.select_related("assessment", "seat__holder").get(assessment=assessment, seat=seat)
    if not permissions.may_call_in(viewer, sheet.assessment):
        raise Refused(
            _("Only the coordinator reminds assessors and sends sheets back, and only before the lock.")
        )
    return sheet


def _name(sheet: Sheet) -> dict[str, str]:
    return {"name": sheet.seat.holder.name}
