"""External feedback: the undertaking, who gives it, what they found, and the label."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merilo.assessment.api import Assessment
from merilo.feedback.rules.lifecycle import State
from merilo.improvement.api import Plan
from merilo.organisations.api import Membership, OfficialDocument, Organisation

STATES = [
    (State.PREPARING.value, _("The application is being prepared")),
    (State.APPLIED.value, _("Evaluators give points alone")),
    (State.AGREEING.value, _("Evaluators agree on points")),
    (State.REPORTED.value, _("The feedback report is there")),
    (State.DECIDED.value, _("It is decided")),
    (State.WITHDRAWN.value, _("The application was withdrawn")),
]


class Feedback(models.Model):
    """One external feedback on a self-assessment and the plan that followed it, by one scheme.

    Shape of `scheme`: the document of the scheme as it was when this began (rules.scheme.build). `released`
    lists what evaluators may read: report, plan, evidence. `texts` maps `summary`, and `strengths-` and
    `ideas-` with the code of a pillar, to what the evaluators write. `report` is frozen once handed over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="feedbacks")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="feedbacks")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="feedbacks")
    scheme = models.JSONField()
    state = models.CharField(max_length=10, choices=STATES, default=State.PREPARING.value)
    note = models.TextField(blank=True)
    visit_on = models.DateField(null=True, blank=True)
    agenda = models.TextField(blank=True)
    released = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    applied_on = models.DateField(null=True, blank=True)
    report = models.TextField(blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    award = models.CharField(max_length=40, blank=True)  # of the scheme; empty once decided: none is given
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.TextField(blank=True)
    suggestions = models.TextField(blank=True)
    response = models.TextField(blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # of what the organisation prepares
    report_version = models.PositiveIntegerField(default=1)  # of what the evaluators agree on and write

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(report="", reported_at=None) | ~Q(report="") & ~Q(reported_at=None),
                name="feedback_report_with_moment",
            )
        ]

    def __str__(self) -> str:
        return self.assessment.title

    def access_of(self, membership: Membership) -> Actor | None:
        """An evaluator's access that was not ended, or None. One query, remembered."""
        known: dict[object, Actor | None] = self.__dict__.setdefault("_actors", {})
        if membership.pk not in known:
            known[membership.pk] = self.actors.filter(membership=membership, ended_at=None).first()
        return known[membership.pk]


class Actor(models.Model):
    """Somebody from outside who gives the feedback: a guest until a day, or until the access was ended.

    `version` counts what the actor saved alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="actors")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="feedback_seats")
    is_lead = models.BooleanField(default=False)
    until = models.DateField()
    invited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-is_lead", "membership__name", "id")
        constraints = [
            models.UniqueConstraint(fields=["feedback", "membership"], name="feedback_actor_once"),
            models.UniqueConstraint(
                fields=["feedback"],
                condition=Q(is_lead=True, ended_at=None),
                name="feedback_one_lead",
                violation_error_message=_("Another evaluator leads already."),
            ),
        ]


class Mark(models.Model):
    """What one actor gives for one question alone; seen by nobody else until all are closed."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="marks")
    code = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["actor", "code"], name="feedback_mark_once")]


class Joint(models.Model):
    """What the actors agreed on for one question."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="joints")
    code = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["feedback", "code"], name="feedback_joint_once")]


class Label(models.Model):
    """The label that was given: its number and how long it holds; `shown` puts it on the public page."""

    feedback = models.OneToOneField(
        Feedback, on_delete=models.CASCADE, related_name="label", primary_key=True
    )
    number = models.CharField(max_length=60)
    granted_on = models.DateField()
    valid_until = models.DateField()
    remind_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    shown = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-granted_on", "feedback")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("granted_on")),
                name="feedback_label_ends_after_start",
                violation_error_message=_("The label ends before it begins."),
            )
        ]
