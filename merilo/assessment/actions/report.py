"""Writing the report, freezing revisions, deciding on them, publishing chosen parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merilo.assessment import mails, messages, permissions
from merilo.assessment.actions import moves, steps
from merilo.assessment.models import (
    Assessment,
    Report,
    ReportRevision,
    ReportSection,
    RevisionFile,
    RevisionState,
    State,
)
from merilo.assessment.queries import revisions
from merilo.assessment.reporting import content as contents
from merilo.assessment.reporting.texts import PARTS
from merilo.assessment.rules.lifecycle import Move
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.frozen import canonical, checksum
from merilo.core.romanisation import slug
from merilo.core.texts import clean_text
from merilo.organisations.api import OfficialDocument, Viewer, record

LONGEST_SECTION = 20_000


def require(allowed: bool) -> None:  # noqa: FBT001  the predicate's answer
    """Raise Refused (403) unless allowed."""
    if not allowed:
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def _held(pk: UUID) -> Assessment:
    """The assessment as it is now, kept from other writers until the transaction ends.

    Whoever agrees, writes a text or takes the agreement up again waits for it, so that all that is read
    while it is held belongs to one moment.
    """
    found = Assessment.objects.select_for_update(of=("self",))
    with_documents = found.select_related("edition", "organisation", "order", "centre_agreement")
    return with_documents.defer("edition__content").get(pk=pk)


def save_section(
    *, viewer: Viewer, assessment: Assessment, key: str, text: str, version: int, at: datetime
) -> ReportSection:
    """Store one text. Raises Conflict with both texts when somebody saved a newer version."""
    require(permissions.may_edit_report(viewer, assessment))
    cleaned = clean_text(text, LONGEST_SECTION)
    with transaction.atomic():
        if _held(assessment.pk).state != State.REPORTING:
            raise MeriloError(_("The texts can be changed between the agreement and the approval."))
        report, _made = Report.objects.get_or_create(assessment=assessment)
        section, _made = ReportSection.objects.select_for_update().get_or_create(
            report=report, key=key, defaults={"saved_at": at, "version": 0}
        )
        if section.version != version:
            raise Conflict(_("Somebody saved this text after you opened it."), mine=cleaned, theirs=section)
        section.text, section.version, section.saved_at = cleaned, version + 1, at
        section.save(update_fields=["text", "version", "saved_at"])
        record(
            viewer,
            "report.section_saved",
            section,
            payload={"key": key, "version": section.version, "characters": len(cleaned)},
            at=at,
        )
    return section


def make_revision(*, viewer: Viewer, assessment: Assessment, language: str, at: datetime) -> ReportRevision:
    """Freeze the report as it stands now, and have its documents made."""
    require(permissions.may_edit_report(viewer, assessment))
    with transaction.atomic():
        held = _held(assessment.pk)
        if held.state != State.REPORTING:
            raise MeriloError(_("A revision is made between the agreement and the approval."))
        report = Report.objects.select_for_update().get(assessment=held)
        text = canonical(contents.collect(held, language=language))
        last = report.revisions.order_by("-number").values_list("number", flat=True).first()
        revision = ReportRevision.objects.create(
            report=report,
            number=(last or 0) + 1,
            language=language,
            content=text,
            checksum=checksum(text),
            made_at=at,
            made_by=viewer.membership,
        )
        _record("report.revision_made", viewer=viewer, revision=revision, at=at)
    _build(revision)
    return revision


@transaction.atomic
def make_documents_again(*, viewer: Viewer, revision: ReportRevision, at: datetime) -> None:
    """Have the documents that failed made again; without such there is nothing to do."""
    require(permissions.may_edit_report(viewer, revision.report.assessment))
    failed = RevisionFile.objects.filter(revision=revision).exclude(error="")
    if not failed.exists():
        return
    failed.delete()
    _record("report.documents_asked", viewer=viewer, revision=revision, at=at)
    _build(revision)


def _record(verb: str, *, viewer: Viewer, revision: ReportRevision, at: datetime, **more: object) -> None:
    record(
        viewer,
        verb,
        revision,
        payload={"number": revision.number, "checksum": revision.checksum, **more},
        at=at,
    )


def _build(revision: ReportRevision) -> None:
    """Have the documents made by the worker, once the transaction is on disk."""
    from merilo.assessment.tasks import build_documents

    transaction.on_commit(lambda: build_documents.enqueue(str(revision.pk)))


def _in_state(revision: ReportRevision, *states: RevisionState) -> ReportRevision:
    """The revision and its assessment as they are now, locked; refused when somebody has moved it on."""
    assessment = _held(revision.report.assessment_id)
    row = ReportRevision.objects.select_for_update(of=("self",)).select_related("report").get(pk=revision.pk)
    row.report.assessment = assessment
    if row.state not in states:
        raise Conflict(_("The revision is already “%(state)s”.") % {"state": row.get_state_display()})
    return row


def _require_decidable(row: ReportRevision) -> None:
    """Only what still says what the group agreed on is submitted and approved.

    Errors: Conflict (another revision is approved, the agreement was taken up again), MeriloError.
    """
    state = row.report.assessment.state
    if state in {State.APPROVED, State.PUBLISHED}:
        raise Conflict(_("Another revision of this report is already approved."))
    if state != State.REPORTING:
        raise Conflict(_("The agreement was taken up again. Finish it, then make a new revision."))
    if not revisions.is_current(row):
        raise MeriloError(messages.outdated(), field="printed")


@transaction.atomic
def submit(*, viewer: Viewer, revision: ReportRevision, at: datetime) -> None:
    """Ask the sponsor to approve exactly this revision."""
    require(permissions.may_edit_report(viewer, revision.report.assessment))
    row = _in_state(revision, RevisionState.DRAFT, RevisionState.RETURNED)
    _require_decidable(row)
    row.state = RevisionState.SUBMITTED
    row.save(update_fields=["state"])
    _record("report.submitted", viewer=viewer, revision=row, at=at)
    mails.report_moved(viewer, row, "report.submitted", to="report.approve", at=at)


@transaction.atomic
def approve(*, viewer: Viewer, revision: ReportRevision, at: datetime) -> None:
    """The signed-in sponsor approves a submitted revision; it stays as it is for good."""
    require(permissions.may_approve(viewer, revision.report.assessment))
    row = _in_state(revision, RevisionState.SUBMITTED)
    _approved(row, viewer=viewer, at=at)
    _record("report.approved", viewer=viewer, revision=row, at=at)
    mails.report_moved(viewer, row, "report.approved", to="report.edit", at=at)
    _build(row)


@transaction.atomic
def send_back(*, viewer: Viewer, revision: ReportRevision, note: str, at: datetime) -> None:
    """The sponsor returns a revision with a note of what to change."""
    require(permissions.may_approve(viewer, revision.report.assessment))
    if not note.strip():
        raise MeriloError(_("Write what should be changed."), field="note")
    row = _in_state(revision, RevisionState.SUBMITTED)
    row.state, row.decision_note = RevisionState.RETURNED, clean_text(note, 2000)
    row.decided_at, row.decided_by = at, viewer.membership
    row.save(update_fields=["state", "decision_note", "decided_at", "decided_by"])
    _record("report.returned", viewer=viewer, revision=row, at=at)
    mails.report_moved(viewer, row, "report.returned", to="report.edit", at=at)


@transaction.atomic
def record_approval(
    *, viewer: Viewer, revision: ReportRevision, document: OfficialDocument, printed: str, at: datetime
) -> None:
    """The coordinator records an approval on paper: the signed file of exactly this revision.

    `printed` is the beginning of the checksum on the signed document; it must be this revision's.
    """
    require(permissions.may_record_approval(viewer, revision.report.assessment))
    if len(printed.strip()) < 8 or not revision.checksum.startswith(printed.strip().lower()):
        raise MeriloError(
            _("The signed document is not this revision: its checksum is another one."), field="printed"
        )
    _require_day(revision, document, at)
    row = _in_state(revision, RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.RETURNED)
    row.approval = document
    _approved(row, viewer=viewer, at=at)
    _record("report.approval_recorded", viewer=viewer, revision=row, at=at, document=document.number)
    _build(row)


def _require_day(revision: ReportRevision, document: OfficialDocument, at: datetime) -> None:
    """An approval is signed between the day the revision was made and today."""
    zone = revision.report.assessment.organisation.zone
    made = revision.made_at.astimezone(zone).date()
    if not made <= document.date <= at.astimezone(zone).date():
        raise MeriloError(
            _("The approval is signed on a day from %(first)s until today.")
            % {"first": date_format(made, "SHORT_DATE_FORMAT")},
            field="date",
        )


def _approved(row: ReportRevision, *, viewer: Viewer, at: datetime) -> None:
    _require_decidable(row)
    row.state, row.decided_at, row.decided_by = RevisionState.APPROVED, at, viewer.membership
    row.save(update_fields=["state", "decided_at", "decided_by", "approval"])
    moves.turn(row.report.assessment, Move.APPROVE)
    steps.mark_done(row.report.assessment, 6, at=at)


@transaction.atomic
def publish(*, viewer: Viewer, revision: ReportRevision, parts: Collection[str], at: datetime) -> str:
    """Show the chosen parts of the approved revision to everybody; answers with the public slug."""
    assessment = revision.report.assessment
    require(permissions.may_publish(viewer, assessment))
    chosen = [part for part in PARTS if part in parts]
    if not chosen:
        raise MeriloError(_("Choose at least one part to publish."), field="parts")
    row = _in_state(revision, RevisionState.APPROVED)
    row.published_parts, row.published_at = chosen, at
    row.save(update_fields=["published_parts", "published_at"])
    report = row.report
    if not report.public_slug:
        report.public_slug = _free_slug(assessment)
        report.save(update_fields=["public_slug"])
    moves.turn(row.report.assessment, Move.PUBLISH)
    _record("report.published", viewer=viewer, revision=row, at=at, parts=chosen)
    _build(row)
    return report.public_slug


def _free_slug(assessment: Assessment) -> str:
    wished = slug(f"{assessment.organisation.slug} {assessment.edition.code} {assessment.period_until.year}")[
        :70
    ]
    taken = set(Report.objects.filter(public_slug__startswith=wished).values_list("public_slug", flat=True))
    return next(name for name in (wished, *(f"{wished}-{n}" for n in range(2, 1000))) if name not in taken)


@transaction.atomic
def withdraw(*, viewer: Viewer, revision: ReportRevision, at: datetime) -> None:
    """Take the public page away; the approved revision stays. Doing so again changes nothing."""
    require(permissions.may_publish(viewer, revision.report.assessment))
    row = _in_state(revision, RevisionState.APPROVED)
    if row.published_at is None:
        return
    row.published_parts, row.published_at = [], None
    row.save(update_fields=["published_parts", "published_at"])
    moves.turn(row.report.assessment, Move.WITHDRAW)
    _record("report.withdrawn", viewer=viewer, revision=row, at=at)
