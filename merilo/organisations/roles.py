"""Roles: a name, a sentence in the users' words and what the role may do. Shown on the page “Roles”."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """One role inside one organisation; `may` lists permissions (see PERMISSIONS)."""

    code: str
    name: str | Promise
    sentence: str | Promise
    may: frozenset[str]


PERMISSIONS: dict[str, str | Promise] = {
    "organisation.read": _("see the organisation's pages, notices and the state of its cycle"),
    "organisation.edit": _("change the organisation's name, units, colours and languages"),
    "people.manage": _("invite people, give and take roles"),
    "audit.read": _("read the record of who did what"),
    "assessment.read": _("see self-assessments, their plan and group"),
    "assessment.plan": _("plan a self-assessment: order, schedule, group, trainings, communication"),
    "assessment.follow": _("see how far each assessor has come, never what they wrote"),
    "assessment.moderate": _("lead the agreement after the lock"),
    "evidence.edit": _("add and change evidence on the shared shelf"),
    "report.edit": _("write the report and prepare its revisions"),
    "report.approve": _("approve a revision of the report"),
    "report.publish": _("publish chosen parts of the approved report"),
    "framework.manage": _("add the organisation's own frameworks, adapt explanations and examples"),
    "plan.read": _("see plans of improvement and how their measures stand"),
    "plan.edit": _("write plans of improvement: gather, prioritise, plan measures"),
    "plan.approve": _("approve plans of improvement"),
    "plan.publish": _("publish the approved plan of improvement"),
    "feedback.read": _("see external feedback, its reports and labels"),
    "feedback.edit": _("prepare external feedback, invite external evaluators, keep the label"),
    "indicator.read": _("see indicators and their values"),
    "indicator.edit": _("add indicators, enter and correct values"),
    "survey.read": _("see surveys, how many answered and, after closing, the results"),
    "survey.edit": _("write surveys, invite people, open and close"),
    "survey.texts": _("read open answers, take names out of them and sort them"),
    "survey.enter": _("enter answers that were given on paper"),
    "survey.publish": _("publish chosen results of closed surveys"),
}

_READ = {"organisation.read", "assessment.read", "plan.read", "feedback.read", "indicator.read"}
_COORDINATE = _READ | {
    "organisation.edit",
    "people.manage",
    "audit.read",
    "assessment.plan",
    "assessment.follow",
    "assessment.moderate",
    "evidence.edit",
    "report.edit",
    "report.publish",
    "framework.manage",
    "plan.edit",
    "plan.publish",
    "feedback.edit",
    "indicator.edit",
    "survey.read",
    "survey.edit",
    "survey.texts",
    "survey.enter",
    "survey.publish",
}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "coordinator",
            _("Coordinator"),
            _("Runs the self-assessment from the order to the published report."),
            frozenset(_COORDINATE),
        ),
        Role(
            "deputy",
            _("Deputy coordinator"),
            _("Stands in for the coordinator with the same rights."),
            frozenset(_COORDINATE),
        ),
        Role(
            "sponsor",
            _("Sponsor"),
            _("The mayor, the regional governor or the secretary: follows the work and approves the report."),
            frozenset(
                _READ | {"assessment.follow", "report.approve", "plan.approve", "audit.read", "survey.read"}
            ),
        ),
        Role(
            "assessor",
            _("Assessor"),
            _("Member of the group: scores the sub-criteria and takes part in the agreement."),
            frozenset(_READ | {"evidence.edit", "survey.read"}),
        ),
        Role(
            "editor",
            _("Editor"),
            _("Edits the texts of the report and publishes the approved parts."),
            frozenset(
                _READ | {"report.edit", "report.publish", "plan.publish", "survey.read", "survey.publish"}
            ),
        ),
        Role(
            "clerk",
            _("Survey clerk"),
            _("Enters the answers that came on paper."),
            frozenset(_READ | {"survey.enter"}),
        ),
        Role(
            "viewer",
            _("Viewer"),
            _("Employee who reads what is shared inside the organisation."),
            frozenset(_READ),
        ),
        Role(
            "guest",
            _("Guest"),
            _("External consultant: sees one self-assessment for a limited time, and reads after the lock."),
            frozenset(),
        ),
    )
}
GRANTABLE = tuple(code for code in ROLES if code != "guest")


def permissions_of(codes: list[str] | tuple[str, ...]) -> frozenset[str]:
    """All that the given roles together may do; unknown codes give nothing."""
    return frozenset().union(*(ROLES[code].may for code in codes if code in ROLES))
