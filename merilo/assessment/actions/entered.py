"""Entering a cycle that was done elsewhere: its facts, its agreed scores and statements, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.actions import moves
from merilo.assessment.actions.frameworks import pinned
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Agreement,
    AgreementState,
    Assessment,
    Correction,
    EnteredCycle,
    Report,
    Source,
    State,
    Statement,
)
from merilo.assessment.queries import entered as queries
from merilo.assessment.queries.entered import Said
from merilo.assessment.queries.frameworks import Choice
from merilo.assessment.rules.lifecycle import Move
from merilo.assessment.rules.scoring import check_value, components_of
from merilo.core import files
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.periods import Period
from merilo.framework.catalogue import UnknownCode
from merilo.groups.api import found_group
from merilo.organisations.api import CommunicationPlan, DocumentKind, OfficialDocument, Viewer, record

MAPPED = "caf-2020"  # the framework under whose numbers CAF 2013 is kept


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """What is known of the cycle: title, model and method, period, and the signed report as registered."""

    title: str
    method: str
    period: Period
    source: str = Source.SAME
    number: str = ""
    date: date | None = None
    file: files.Upload | None = None


def enter_cycle(*, viewer: Viewer, choice: Choice, facts: CycleFacts, at: datetime) -> Assessment:
    """Begin entering a cycle done elsewhere. It has a group only in name: nobody sat in it here.

    Errors: Refused, BadFile, MeriloError (an unknown method, CAF 2013 under another model).
    """
    viewer.require("assessment.plan")
    _check(choice.framework.code, facts)
    try:
        choice.framework.method(facts.method)
    except UnknownCode as error:
        raise MeriloError(_("Choose one of the framework's scoring methods."), field="method") from error
    with transaction.atomic():
        assessment = Assessment.objects.create(
            organisation=viewer.organisation,
            edition=pinned(choice, at=at),
            group=found_group(viewer=viewer, name=facts.title),
            communication=CommunicationPlan.objects.create(organisation=viewer.organisation),
            state=State.REPORTING,
            is_entered=True,
            method=facts.method,
            created_at=at,
            **_columns(facts),
        )
        Report.objects.create(assessment=assessment)
        cycle = EnteredCycle.objects.create(
            assessment=assessment,
            source=facts.source,
            report=_document(viewer, None, facts, at),
            entered_at=at,
            entered_by=viewer.membership,
        )
        record(viewer, "cycle.entered", assessment, _told(facts, cycle), at=at)
    return assessment


def change_entered(
    *, viewer: Viewer, cycle: EnteredCycle, facts: CycleFacts, reason: str, version: int, at: datetime
) -> None:
    """Change title, period, source and the signed report; a finished entry only with a reason.

    The method stays: the scores were entered by it. Errors: Refused, Conflict, BadFile, MeriloError.
    """
    require_enter(viewer, cycle.assessment)
    _check(cycle.assessment.edition.code, facts)
    with transaction.atomic():
        _step_on(viewer, cycle, version, reason, at)
        Assessment.objects.filter(pk=cycle.assessment_id).update(**_columns(facts))
        cycle.source, cycle.report = facts.source, _document(viewer, cycle.report, facts, at)
        cycle.save(update_fields=["source", "report"])
        record(viewer, "cycle.changed", cycle.assessment, _told(facts, cycle) | {"reason": reason}, at=at)


def save_entered(
    *,
    viewer: Viewer,
    cycle: EnteredCycle,
    rows: Mapping[str, Said],
    reason: str,
    version: int,
    at: datetime,
) -> None:
    """Store what was agreed on some items in place of what stood there; the same again changes nothing.

    Errors: Refused, Conflict (somebody changed the entry meanwhile), MeriloError (half a score, no reason),
    ScoreError for values outside the scale.
    """
    require_enter(viewer, cycle.assessment)
    framework = framework_of(cycle.assessment)
    for code, said in rows.items():
        scale = framework.scale_for(code, cycle.assessment.method)
        for component, value in said.values.items():
            check_value(scale, component, value)
        if said.values and said.values.keys() != set(components_of(scale)):
            raise MeriloError(_("%(code)s: give all parts of the score or none.") % {"code": code})
    with transaction.atomic():
        before = queries.said_in(cycle.assessment)
        changed = {code: said for code, said in rows.items() if said != before[code]}
        if not changed:
            return
        _step_on(viewer, cycle, version, reason, at)
        for code, said in changed.items():
            _store(viewer, cycle.assessment, code, said, at)
        told = {"codes": sorted(changed), "reason": reason}
        record(viewer, "cycle.scores_entered", cycle.assessment, told, at=at)


def finish_entered(*, viewer: Viewer, cycle: EnteredCycle, at: datetime) -> None:
    """From now on it counts as approved. Errors: Refused, Conflict, MeriloError (no score at all)."""
    require_enter(viewer, cycle.assessment)
    if cycle.finished_at is not None:
        return
    with transaction.atomic():
        if not Agreement.objects.filter(assessment=cycle.assessment).exclude(values={}).exists():
            raise MeriloError(_("Enter at least one agreed score first."))
        moves.turn(cycle.assessment, Move.APPROVE)
        cycle.finished_at = at
        cycle.save(update_fields=["finished_at"])
        record(viewer, "cycle.finished", cycle.assessment, at=at)


def discard_entered(*, viewer: Viewer, cycle: EnteredCycle, at: datetime) -> None:
    """Remove an entry that was never finished. Errors: Refused, MeriloError (finished)."""
    require_enter(viewer, cycle.assessment)
    with transaction.atomic():
        held = EnteredCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
        if held.finished_at is not None:
            raise MeriloError(_("The entry is finished. Correct it instead of removing it."))
        assessment = cycle.assessment
        record(viewer, "cycle.discarded", assessment, {"title": assessment.title}, at=at)
        group, plan, report = assessment.group, assessment.communication, held.report
        assessment.delete()
        group.delete()
        plan.delete()
        if report is not None:
            report.delete()


# --- parts --------------------------------------------------------------------------------------------


def require_enter(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer enters earlier cycles."""
    if not permissions.may_enter(viewer, assessment):
        raise Refused(_("Only the coordinator and the deputy enter earlier cycles."))


def _check(framework: str, facts: CycleFacts) -> None:
    if facts.source == Source.CAF_2013 and framework != MAPPED:
        raise MeriloError(_("Cycles by CAF 2013 are kept under CAF 2020."), field="source")
    if bool(facts.number) != bool(facts.date):
        raise MeriloError(_("Give number and date of the signed report, or neither."), field="number")
    if facts.file and not facts.number:
        raise MeriloError(_("Give number and date of the signed report too."), field="number")


def _columns(facts: CycleFacts) -> dict[str, object]:
    first, last = facts.period.first, facts.period.last
    return {"title": facts.title, "period_from": first, "period_until": last}


def _document(
    viewer: Viewer, before: OfficialDocument | None, facts: CycleFacts, at: datetime
) -> OfficialDocument | None:
    """The signed report as registered; without a new file the one kept before stays."""
    if not facts.number or facts.date is None:
        return before
    document = before or OfficialDocument(
        organisation=viewer.organisation, kind=DocumentKind.APPROVAL, added_at=at
    )
    document.number, document.date, document.title = facts.number, facts.date, facts.title
    if facts.file is not None:
        document.file = files.receive(
            facts.file,
            organisation=viewer.organisation_id,
            by=viewer.person_id,
            allowed=files.SIGNED,
            at=at,
        )
    document.save()
    return document


def _told(facts: CycleFacts, cycle: EnteredCycle) -> dict[str, object]:
    report = cycle.report
    return {
        **_columns(facts),
        "method": facts.method,
        "source": facts.source,
        "number": report.number if report else "",
        "sha256": report.file.sha256 if report and report.file else None,
    }


def _step_on(viewer: Viewer, cycle: EnteredCycle, version: int, reason: str, at: datetime) -> None:
    """Take the next version; of a finished entry with the reason why."""
    held = EnteredCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if held.version != version:
        raise Conflict(_("Somebody else has changed this entry in the meantime."), version=held.version)
    if held.finished_at is not None:
        if not reason:
            raise MeriloError(_("Say in a sentence why the entry is corrected."), field="reason")
        Correction.objects.create(cycle=held, at=at, by=viewer.membership, reason=reason)
    cycle.version = version + 1
    cycle.save(update_fields=["version"])


def _store(viewer: Viewer, assessment: Assessment, code: str, said: Said, at: datetime) -> None:
    if said.values:
        Agreement.objects.update_or_create(
            assessment=assessment,
            code=code,
            defaults={
                "state": AgreementState.AGREED,
                "values": dict(said.values),
                "agreed_at": at,
                "agreed_by": viewer.membership,
            },
        )
    else:
        Agreement.objects.filter(assessment=assessment, code=code).delete()
    Statement.objects.filter(assessment=assessment, code=code).delete()
    Statement.objects.bulk_create(
        Statement(assessment=assessment, code=code, kind=kind, text=text, position=position)
        for kind, texts in said.lines.items()
        for position, text in enumerate(texts)
    )
