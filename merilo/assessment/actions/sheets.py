"""Writing one's own worksheet: save a judgement, hand the sheet in, take it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.models import Judgement, Sheet, State
from merilo.assessment.queries import sheets as queries
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.organisations.api import Viewer, record

LONGEST_PAUSE = timedelta(minutes=10)  # a longer gap between two saves was not spent writing


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a person says about one item, checked and cleaned."""

    values: dict[str, int] = field(default_factory=dict)
    cannot_judge: bool = False
    reason: str = ""
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    ready: bool = False


def content_of(stored: Judgement | None) -> Content:
    """What is stored, in the same form; nothing stored is empty content."""
    if stored is None:
        return Content()
    return Content(
        values=stored.values,
        cannot_judge=stored.cannot_judge,
        reason=stored.reason,
        lines={kind: lines for kind, lines in stored.lines.items() if lines},
        examples=stored.examples,
        ready=stored.ready,
    )


def save_judgement(
    *,
    viewer: Viewer,
    sheet: Sheet,
    stored: Judgement | None,
    code: str,
    version: int,
    content: Content,
    opened: datetime | None,
    at: datetime,
) -> Judgement:
    """Store one judgement over exactly the version it was written on; 0 means nothing was there yet.

    The same content again changes nothing, so that a doubled form has one effect. Raises Refused for
    somebody else's or a closed sheet, Conflict (details: stored) when another tab was faster.
    """
    require_writable(viewer, sheet)
    if content == content_of(stored):
        return stored or Judgement(sheet=sheet, code=code, version=0, saved_at=at)
    if version != (stored.version if stored else 0):
        raise _changed_elsewhere(stored)
    blank = Judgement(sheet=sheet, code=code, version=0, saved_at=opened or at)
    written = _written(stored or blank, content, opened, at)
    if _store(viewer, written, is_new=stored is None, at=at):
        return written
    return _settle(sheet, code, content)


def _written(before: Judgement, content: Content, opened: datetime | None, at: datetime) -> Judgement:
    """The next version, with the time since the last save or since the page was opened added."""
    gap = at - max(before.saved_at, opened or before.saved_at)
    spent = int(gap.total_seconds()) if timedelta() < gap <= LONGEST_PAUSE else 0
    return Judgement(
        pk=before.pk,
        sheet=before.sheet,
        code=before.code,
        version=before.version + 1,
        seconds=before.seconds + spent,
        saved_at=at,
        **asdict(content),
    )


def _store(viewer: Viewer, written: Judgement, *, is_new: bool, at: datetime) -> bool:
    """Write the row and its audit line; False when the version it builds on is gone."""
    try:
        with transaction.atomic():
            if not _is_open(written.sheet_id):
                return False
            if is_new:
                written.save(force_insert=True)
            elif not _update(written):
                return False
            told = {"code": written.code, "version": written.version}
            record(viewer, "judgement.saved", written, told, at=at)
    except IntegrityError:
        return False
    return True


def _is_open(pk: UUID) -> bool:
    """Whether the sheet may still be written, held so until the transaction ends."""
    held = _held(pk)
    return held is not None and held.handed_in_at is None


def _held(pk: UUID) -> Sheet | None:
    """A sheet of an assessment that is going on, kept from other writers; None after the lock."""
    held = Sheet.objects.select_for_update(of=("self", "assessment"), no_key=True).select_related(
        "assessment"
    )
    going_on = held.filter(pk=pk, assessment__state=State.ASSESSING)
    return going_on.only("handed_in_at", "assessment__id").order_by("pk").first()


def _update(written: Judgement) -> bool:
    names = (
        "values",
        "cannot_judge",
        "reason",
        "lines",
        "examples",
        "ready",
        "version",
        "seconds",
        "saved_at",
    )
    # Only columns of the row itself: a condition on a joined table would be asked of an old snapshot.
    standing = Judgement.objects.filter(pk=written.pk, version=written.version - 1)
    return bool(standing.update(**{name: getattr(written, name) for name in names}))


def _settle(sheet: Sheet, code: str, content: Content) -> Judgement:
    """After losing a race: fine if the winner said the same, a conflict otherwise."""
    now = queries.judgement(sheet, code)
    if now is not None and content_of(now) == content:
        return now
    raise _changed_elsewhere(now)


def _changed_elsewhere(stored: Judgement | None) -> Conflict:
    return Conflict(
        _("This sub-criterion was changed in another window after you opened it here."), stored=stored
    )


def require_writable(viewer: Viewer, sheet: Sheet) -> None:
    """Raise Refused, saying why, unless the viewer may write on the sheet now."""
    if permissions.may_write_sheet(viewer, sheet):
        return
    if sheet.seat.holder_id != viewer.membership.pk:
        raise Refused(_("This sheet belongs to somebody else."))
    if sheet.assessment.state == State.PLANNING:
        raise Refused(_("The individual assessment has not been opened yet."))
    if sheet.assessment.state != State.ASSESSING:
        raise Refused(_("The individual scores are locked: nothing can be changed any more."))
    raise Refused(_("You have handed in your assessment. Take it back to change something."))


def hand_in(*, viewer: Viewer, sheet: Sheet, gaps: int, confirmed: bool, at: datetime) -> None:
    """Freeze the sheet; with gaps only after a confirmation. Handing in again changes nothing."""
    if sheet.handed_in_at is not None and sheet.seat.holder_id == viewer.membership.pk:
        return
    require_writable(viewer, sheet)
    if gaps and not confirmed:
        raise MeriloError(_("Confirm that you hand in with gaps, or go back and fill them."))
    _set_handed_in(viewer, sheet, "sheet.handed_in", {"gaps": gaps}, at, handed_in=True)


def take_back(*, viewer: Viewer, sheet: Sheet, at: datetime) -> None:
    """Open a sheet again before the lock; only its holder may."""
    if sheet.handed_in_at is None:
        return
    if sheet.seat.holder_id != viewer.membership.pk:
        raise Refused(_("This sheet belongs to somebody else."))
    if sheet.assessment.state != State.ASSESSING:
        raise Refused(_("The individual scores are locked: nothing can be changed any more."))
    _set_handed_in(viewer, sheet, "sheet.taken_back", {}, at, handed_in=False)


def _set_handed_in(
    viewer: Viewer, sheet: Sheet, verb: str, payload: dict[str, int], at: datetime, *, handed_in: bool
) -> None:
    with transaction.atomic():
        held = _held(sheet.pk)
        if held is None:
            raise Refused(_("The individual scores are locked: nothing can be changed any more."))
        if (held.handed_in_at is not None) == handed_in:
            return
        held.handed_in_at = at if handed_in else None
        held.handed_in_by = viewer.membership if handed_in else None
        held.save(update_fields=["handed_in_at", "handed_in_by"])
        record(viewer, verb, sheet, payload, at=at)
