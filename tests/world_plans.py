"""The plans of improvement of the world of the walk: one in each state, something at every place of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from merilo.core import files
from merilo.core.frozen import canonical, checksum
from merilo.core.periods import Period
from merilo.groups.models import Seat
from merilo.improvement.models import (
    Activity,
    CheckIn,
    Draft,
    Item,
    Measure,
    MeasureIndicator,
    Plan,
    PlanReport,
    PlanRevision,
    PlanState,
    Preparation,
    Proposal,
    ReportFile,
    RevisionFile,
    RevisionState,
    Theme,
)
from merilo.improvement.reporting import interim
from merilo.improvement.reporting.content import collect
from merilo.improvement.reporting.interim_public import opened
from merilo.organisations.models import CommunicationItem, Membership, OfficialDocument, Organisation
from merilo.web.documents import FORMATS
from tests.plans import (
    a_draft,
    a_link,
    a_measure,
    a_plan,
    a_proposal,
    an_activity,
    an_item,
    measured_by,
    own_points,
    points_of,
)

if TYPE_CHECKING:
    from tests.world import Town

STATES = (PlanState.DRAFT, PlanState.RUNNING, PlanState.CLOSED)
PUBLISHED = PlanState.CLOSED  # the state of the plan that everybody may read


@dataclass(frozen=True)
class Says:
    """How the words of a place are made: those that stay inside, and those that the plan publishes."""

    inside: Callable[[str], str]
    shown: Callable[[str], str]


@dataclass
class Planned:
    """One plan with something at every place of it; each name is the name of a part of an address."""

    plan: Plan
    theme: Theme
    item: Item
    proposal: Proposal
    measure: Measure
    activity: Activity
    preparation: Preparation
    measured: MeasureIndicator
    seat: Seat
    message: CommunicationItem
    draft: Draft


# Parts of an address that name something of a plan.
PARTS = tuple(field.name for field in fields(Planned))


def the_plans(town: Town) -> dict[str, Planned]:
    """A plan in each state, with words of the town's own."""
    people = town.people

    def planned(state: PlanState) -> Planned:
        shown = town.words.public if state == PUBLISHED else town.words.inside
        return _planned(
            town.organisation,
            state,
            Says(lambda place: town.words.inside(f"{place}{state}"), lambda place: shown(f"{place}{state}")),
            people["colleague"],
            people["assessor"],
        )

    plans = {state.value: planned(state) for state in STATES}
    a_link(plans[PlanState.RUNNING].measure, people["colleague"], town.token)
    return plans


def parts(organisation: Organisation, *members: Membership) -> dict[str, dict[str, str]]:
    """The same for an organisation that wants no words of its own: parts of addresses by state."""
    chair, member = members
    says = Says(str.capitalize, str.capitalize)
    return {
        state.value: {
            part: str(getattr(made, part).pk)
            for made in [_planned(organisation, state, says, chair, member)]
            for part in PARTS
        }
        for state in STATES
    }


def _planned(
    organisation: Organisation,
    state: PlanState,
    says: Says,
    chair: Membership,
    member: Membership,
) -> Planned:
    say = says.inside
    plan = a_plan(
        organisation,
        title=says.shown("план"),
        purpose=says.shown("цел"),
        state=state,
        order=_order(organisation, say),
    )
    seat = plan.group.seats.create(holder=chair, function="chair")
    plan.group.seats.create(holder=member, function="member", position=1)
    theme = Theme.objects.create(plan=plan, name=say("тема"))
    item = an_item(plan, say("област"), theme=theme)
    for _ in range(2):
        an_item(plan, say("чака"), origin=say("източник"))
    an_item(plan, say("настрани"), aside=say("причина"))
    proposal = a_proposal(plan, item, text=say("предложение"), note=say("обяснение"))
    Proposal.objects.filter(pk=proposal.pk).update(points=points_of(plan, 4, 3))
    own_points(proposal, plan.group.seats.get(holder=member), *[3] * 5)
    # What is published has nobody of its own here: who answers is told by position and unit.
    owner = None if state == PUBLISHED else chair
    measure = a_measure(plan, says.shown("мярка"), owner=owner, proposal=proposal, risks=say("риск"))
    activity = an_activity(measure, says.shown("дейност"), owner=member)
    a_measure(plan, say("удържана"), owner=chair, withheld=True)
    preparation = Preparation.objects.create(plan=plan, text=say("подготовка"), due=date(2026, 5, 1))
    message = CommunicationItem.objects.create(
        plan=plan.communication, message=say("съобщение"), medium="Среща", audience="Всички", date=plan.first
    )
    CheckIn.objects.create(
        measure=measure, by=chair, at=timezone.now(), state="under_way", percent=10, text=say("напредък")
    )
    if state == PUBLISHED:
        plan.public_slug = slug_of(organisation)
        plan.save()
    _frozen(plan)
    if state != PlanState.DRAFT:
        _reported(plan, chair)
    return Planned(
        plan=plan,
        theme=theme,
        item=item,
        proposal=proposal,
        measure=measure,
        activity=activity,
        preparation=preparation,
        seat=seat,
        message=message,
        draft=a_draft(plan, say("предложена"), note=say("защо"), offered_by=member),
        measured=measured_by(measure, say("показател")),
    )


def slug_of(organisation: Organisation) -> str:
    """The public address of the organisation's published plan."""
    return f"{organisation.slug}-2026-2027"


def _order(organisation: Organisation, say: Callable[[str], str]) -> OfficialDocument:
    stored = files.keep(
        say("подписана").encode(),
        name="order.txt",
        content_type="text/plain",
        organisation=organisation.pk,
        by="",
    )
    return OfficialDocument.objects.create(
        organisation=organisation,
        kind="order",
        number=say("заповед"),
        date=date(2026, 1, 10),
        title=say("относно"),
        file=stored,
        added_at=timezone.now(),
    )


def _frozen(plan: Plan) -> None:
    """Revisions: of a draft one that waits, of others an approved one, of a running one both."""
    content = canonical(collect(plan, language="bg", on=plan.first))
    for number in (1, 2) if plan.state == PlanState.RUNNING else (1,):
        settled = plan.state != PlanState.DRAFT and number == 1
        revision = PlanRevision.objects.create(
            plan=plan,
            number=number,
            language="bg",
            content=content,
            checksum=checksum(content),
            state=RevisionState.APPROVED if settled else RevisionState.SUBMITTED,
            made_at=timezone.now(),
            decided_at=timezone.now() if settled else None,
            published_at=timezone.now() if plan.state == PUBLISHED else None,
        )
        for format_ in FORMATS:
            RevisionFile.objects.create(revision=revision, format=format_, error="TypstError")


def _reported(plan: Plan, by: Membership) -> None:
    """An interim report that everybody may read as soon as the plan is public."""
    period = Period(plan.first, plan.last)
    report = interim.collect(plan, interim.Asked(period, plan.last), language="bg")
    approved = {str(one.pk): one.text for one in plan.measures.filter(withheld=False)}
    content = canonical(opened(report, approved, with_reports=False))
    row = PlanReport.objects.create(
        plan=plan,
        number=1,
        first=period.first,
        last=period.last,
        language="bg",
        content=content,
        checksum=checksum(content),
        published_at=timezone.now(),
        published_by=by,
    )
    for format_ in FORMATS:
        ReportFile.objects.create(report=row, format=format_, error="TypstError")
