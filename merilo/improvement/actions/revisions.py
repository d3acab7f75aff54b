"""Writes: a plan is frozen and submitted, approved or returned, published and withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.frozen import canonical, checksum
from merilo.core.romanisation import slug
from merilo.core.texts import clean_text
from merilo.improvement import mails, permissions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Plan, PlanRevision, PlanState, RevisionFile, RevisionState
from merilo.improvement.reporting import content as contents
from merilo.improvement.reporting import revisions, words
from merilo.organisations.api import DocumentKind, OfficialDocument, Viewer, record

LONGEST_NOTE = 2000
SHORTEST_PRINT = 8


def _require(allowed: bool) -> None:  # noqa: FBT001  the predicate's answer
    if not allowed:
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def submit(*, viewer: Viewer, plan: Plan, language: str, at: datetime) -> PlanRevision:
    """Freeze the plan as it stands and ask the sponsor to approve exactly this.

    A revision that still waits is replaced. Of an amendment the content says what it changes.
    Errors: Refused, MeriloError (no measures, nothing changed since what was approved or waits).
    """
    require_edit(viewer, plan)
    with transaction.atomic():
        held = _held(plan)
        today = at.astimezone(viewer.organisation.zone).date()
        content = contents.collect(held, language=language, on=today)
        if not content["measures"]:
            raise MeriloError(_("The plan has no measures yet."))
        if (before := revisions.approved(held)) is not None:
            changes = _changes(before, content)
            content["amends"] = {"number": before.number, "changes": changes}
        if (waits := revisions.waiting(held)) is not None:
            _replace(waits, content, viewer=viewer, at=at)
        text = canonical(content)
        last = held.revisions.order_by("-number").values_list("number", flat=True).first()
        revision = PlanRevision.objects.create(
            plan=held,
            number=(last or 0) + 1,
            language=language,
            content=text,
            checksum=checksum(text),
            made_at=at,
            made_by=viewer.membership,
        )
        _record("plan.submitted", viewer=viewer, revision=revision, at=at)
        mails.plan_moved(viewer, revision, "plan.submitted", to="plan.approve", at=at)
        _build(revision)
    return revision


def _changes(before: PlanRevision, content: contents.Content) -> list[dict[str, object]]:
    with translation.override(content["language"]):
        found = words.changes(revisions.content_of(before), content)
    if not found:
        raise MeriloError(
            _("Nothing has changed since revision %(number)s was approved.") % {"number": before.number}
        )
    return found


def _replace(row: PlanRevision, content: contents.Content, *, viewer: Viewer, at: datetime) -> None:
    """A revision that waits is no longer to be decided on; `content` has to say something else."""
    before = revisions.content_of(row)
    if {**before, "on": ""} == {**content, "on": ""}:
        raise MeriloError(
            _("Nothing has changed since revision %(number)s, which waits for approval.")
            % {"number": row.number}
        )
    row.state = RevisionState.REPLACED
    row.save(update_fields=["state"])
    _record("plan.replaced", viewer=viewer, revision=row, at=at)


@transaction.atomic
def approve(*, viewer: Viewer, revision: PlanRevision, at: datetime) -> None:
    """The signed-in sponsor approves a submitted revision; it stays as it is for good.

    With the first approval the plan begins to be carried out. Errors: Refused, Conflict.
    """
    _require(permissions.may_approve(viewer, revision.plan))
    row = _in_state(revision, RevisionState.SUBMITTED)
    _approved(row, viewer=viewer, at=at)
    _record("plan.approved", viewer=viewer, revision=row, at=at)
    mails.plan_moved(viewer, row, "plan.approved", to="plan.edit", at=at)
    _build(row)


@transaction.atomic
def send_back(*, viewer: Viewer, revision: PlanRevision, note: str, at: datetime) -> None:
    """The sponsor returns a revision with a note of what to change.

    Errors: Refused, Conflict, MeriloError.
    """
    _require(permissions.may_approve(viewer, revision.plan))
    if not note.strip():
        raise MeriloError(_("Write what should be changed."), field="note")
    row = _in_state(revision, RevisionState.SUBMITTED)
    row.state, row.decision_note = RevisionState.RETURNED, clean_text(note, LONGEST_NOTE)
    row.decided_at, row.decided_by = at, viewer.membership
    row.save(update_fields=["state", "decision_note", "decided_at", "decided_by"])
    _record("plan.returned", viewer=viewer, revision=row, at=at)
    mails.plan_moved(viewer, row, "plan.returned", to="plan.edit", at=at)


@dataclass(frozen=True, slots=True)
class OnPaper:
    """An approval signed on paper: as registered, the beginning of the printed checksum, the signed file."""

    number: str
    date: date
    printed: str
    file: files.Upload


@transaction.atomic
def record_approval(*, viewer: Viewer, revision: PlanRevision, paper: OnPaper, at: datetime) -> None:
    """The coordinator records an approval on paper: the signed file of exactly this revision.

    Errors: Refused, BadFile, Conflict, MeriloError (another checksum, a day that cannot be).
    """
    _require(permissions.may_record_approval(viewer, revision.plan))
    printed = paper.printed.strip().lower()
    if len(printed) < SHORTEST_PRINT or not revision.checksum.startswith(printed):
        raise MeriloError(
            _("The signed document is not this revision: its checksum is another one."), field="printed"
        )
    _require_day(revision, paper.date, at)
    row = _in_state(revision, RevisionState.SUBMITTED)
    row.approval = OfficialDocument.objects.create(
        organisation=viewer.organisation,
        kind=DocumentKind.APPROVAL,
        number=paper.number,
        date=paper.date,
        title=row.plan.title,
        file=files.receive(
            paper.file, organisation=viewer.organisation_id, by=viewer.person_id, allowed=files.SIGNED, at=at
        ),
        added_at=at,
    )
    _approved(row, viewer=viewer, at=at)
    _record("plan.approval_recorded", viewer=viewer, revision=row, at=at, document=paper.number)
    _build(row)


def _require_day(revision: PlanRevision, day: date, at: datetime) -> None:
    """An approval is signed between the day the revision was made and today."""
    zone = revision.plan.organisation.zone
    made = revision.made_at.astimezone(zone).date()
    if not made <= day <= at.astimezone(zone).date():
        raise MeriloError(
            _("The approval is signed on a day from %(first)s until today.")
            % {"first": date_format(made, "SHORT_DATE_FORMAT")},
            field="date",
        )


def _approved(row: PlanRevision, *, viewer: Viewer, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by = RevisionState.APPROVED, at, viewer.membership
    row.save(update_fields=["state", "decided_at", "decided_by", "approval"])
    Plan.objects.filter(pk=row.plan_id, state=PlanState.DRAFT).update(state=PlanState.RUNNING)


# --- everybody may read it --------------------------------------------------------------------
@transaction.atomic
def publish(*, viewer: Viewer, revision: PlanRevision, at: datetime) -> str:
    """Show an approved revision to everybody without what is withheld; answers with the public slug.

    Errors: Refused, Conflict.
    """
    _require(permissions.may_publish(viewer, revision.plan))
    row = _in_state(revision, RevisionState.APPROVED)
    row.published_at = at
    row.save(update_fields=["published_at"])
    plan = row.plan
    if not plan.public_slug:
        plan.public_slug = _free_slug(plan)
        plan.save(update_fields=["public_slug"])
    _record("plan.published", viewer=viewer, revision=row, at=at)
    _build(row)
    return plan.public_slug


def _free_slug(plan: Plan) -> str:
    wished = slug(f"{plan.organisation.slug} {plan.first.year} {plan.last.year}")[:70]
    taken = set(Plan.objects.filter(public_slug__startswith=wished).values_list("public_slug", flat=True))
    return next(name for name in (wished, *(f"{wished}-{n}" for n in range(2, 1000))) if name not in taken)


@transaction.atomic
def withdraw(*, viewer: Viewer, plan: Plan, at: datetime) -> None:
    """Take the public page away; what is approved stays. Doing so again changes nothing. Errors: Refused."""
    _require(permissions.may_publish(viewer, plan))
    for row in _held(plan).revisions.filter(published_at__isnull=False):
        row.published_at = None
        row.save(update_fields=["published_at"])
        _record("plan.withdrawn", viewer=viewer, revision=row, at=at)


@transaction.atomic
def make_documents_again(*, viewer: Viewer, revision: PlanRevision, at: datetime) -> None:
    """Have the documents that failed made again; without such there is nothing to do. Errors: Refused."""
    require_edit(viewer, revision.plan)
    failed = RevisionFile.objects.filter(revision=revision).exclude(error="")
    if not failed.exists():
        return
    failed.delete()
    _record("plan.documents_asked", viewer=viewer, revision=revision, at=at)
    _build(revision)


# --- shared -----------------------------------------------------------------------------------
def _held(plan: Plan) -> Plan:
    """The plan as it is now, kept from other writers until the transaction ends."""
    found = Plan.objects.select_for_update(of=("self",))
    return found.select_related("organisation", "group", "order").get(pk=plan.pk)


def _in_state(revision: PlanRevision, state: RevisionState) -> PlanRevision:
    """The revision as it is now, its plan locked. Errors: Conflict when somebody has moved it on."""
    plan = _held(revision.plan)
    row = PlanRevision.objects.select_for_update(of=("self",)).select_related("approval").get(pk=revision.pk)
    row.plan = plan
    if row.state == RevisionState.REPLACED:
        raise Conflict(_("A newer revision has been submitted in the meantime. Decide on that one."))
    if row.state != state:
        raise Conflict(_("Somebody else has decided on this revision in the meantime."))
    return row


def _record(verb: str, *, viewer: Viewer, revision: PlanRevision, at: datetime, **more: object) -> None:
    told = {"number": revision.number, "checksum": revision.checksum, **more}
    record(viewer, verb, revision, payload=told, at=at)


def _build(revision: PlanRevision) -> None:
    """Have the documents made by the worker, once the transaction is on disk."""
    from merilo.improvement.tasks import build_plan_documents

    transaction.on_commit(lambda: build_plan_documents.enqueue(str(revision.pk)))
