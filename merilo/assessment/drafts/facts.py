"""What the drafts are filled with, gathered once: the organisation, its head, the plan, the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from merilo.assessment import words
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment
from merilo.assessment.queries import planning
from merilo.groups.api import Gathering, Seat, attendances_of, seats_of
from merilo.organisations.api import Membership, Viewer, members


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a draft may name; empty texts become places to fill in."""

    organisation: str
    kind: str
    head_post: str
    head_name: str
    coordinator: str
    title: str
    framework: str
    period: str
    scope: str
    mandate: Sequence[str]
    report_due: str
    order_number: str
    order_date: str
    agreement: str
    steps: Sequence[tuple[str, str, str]]
    seats: Sequence[Seat]
    today: date
    gathering: Gathering | None = None
    people: Sequence[tuple[str, str]] = ()

    @property
    def order(self) -> str:
        """Number and date of the order as documents quote it."""
        return quoted(self.order_number, self.order_date)


def blank(text: str = "", hint: str = "") -> str:
    """The text, or a place to fill in."""
    return text or f"[{hint or '…'}]"


def ended(sentence: str) -> str:
    """With one full stop at the end: a Bulgarian date brings its own („г.“)."""
    return f"{sentence.removesuffix('.')}."


def quoted(number: str, on: str) -> str:
    """A document by number and date, with places to fill in where they are unknown."""
    return _("No. %(number)s of %(date)s") % {
        "number": blank(number, _("number")),
        "date": blank(on, _("date")),
    }


def gathered(
    viewer: Viewer, assessment: Assessment, gathering: Gathering | None, *, language: str, on: date
) -> Facts:
    """The facts in the language that is active. Six queries at most."""
    documents = planning.documents_of(assessment)
    order, agreement = documents["order"], documents["centre_agreement"]
    own = list(members(viewer))
    head, coordinator = _with_role(own, "sponsor"), _with_role(own, "coordinator")
    organisation = viewer.organisation
    name = organisation.name_en if language == "en" and organisation.name_en else organisation.name
    return Facts(
        organisation=name,
        kind=organisation.kind,
        head_post=_head(organisation.kind, head),
        head_name=head.name if head else "",
        coordinator=_described(coordinator),
        title=assessment.title,
        framework=framework_of(assessment).title.in_language(language),
        period=words.period(assessment),
        scope=assessment.scope,
        mandate=[line.strip("–- ") for line in assessment.group.mandate.splitlines() if line.strip("–- ")],
        report_due=words.day(assessment.report_due) if assessment.report_due else "",
        order_number=order.number if order else "",
        order_date=words.day(order.date) if order else "",
        agreement=quoted(agreement.number, words.day(agreement.date)) if agreement else "",
        steps=[_step(step, language) for step in planning.steps_of(assessment, on=on)],
        seats=list(seats_of(assessment.group)),
        today=on,
        gathering=gathering,
        people=_people(gathering),
    )


def _with_role(own: Sequence[Membership], role: str) -> Membership | None:
    return next((member for member in own if role in member.roles), None)


def _described(member: Membership | None) -> str:
    if member is None:
        return ""
    return f"{member.name}, {member.position}" if member.position else member.name


def _head(kind: str, head: Membership | None) -> str:
    if kind == "municipality":
        return _("Mayor")
    if kind == "region":
        return _("Regional governor")
    return head.position if head and head.position else _("Head of the organisation")


def _step(step: planning.Step, language: str) -> tuple[str, str, str]:
    return (
        _("%(number)s. %(name)s") % {"number": step.number, "name": step.model.short.in_language(language)},
        step.owner.on_record if step.owner else "",
        words.day(step.due) if step.due else "",
    )


def _people(gathering: Gathering | None) -> list[tuple[str, str]]:
    if gathering is None:
        return []
    return [(row.name, _place_of(row.member)) for row in attendances_of(gathering)]


def _place_of(member: Membership | None) -> str:
    if member is None:
        return ""
    unit = member.unit.name if member.unit else ""
    return ", ".join(part for part in (member.position, unit) if part)
