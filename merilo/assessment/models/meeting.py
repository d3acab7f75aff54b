"""The consensus meeting: what is on the wall, who is there, and votes hidden until they are counted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.assessment.models.agreement import Agreement
from merilo.assessment.models.cycle import Assessment
from merilo.groups.api import Seat
from merilo.organisations.api import Membership


class Order(models.TextChoices):
    """In which order the items stand on the wall."""

    DISAGREEMENT = "disagreement", _("Most disputed first")
    MODEL = "model", _("In the model's order")


class Meeting(models.Model):
    """One sitting in which the group agrees on scores; at most one at a time.

    `version` grows with everything that a screen of the meeting shows, so that a screen asks one row
    whether there is news. `minutes` are frozen when the meeting ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="meetings")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    order = models.CharField(max_length=12, choices=Order.choices, default=Order.DISAGREEMENT)
    version = models.PositiveIntegerField(default=1)
    minutes = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=models.Q(ended_at=None), name="meeting_one_at_a_time"
            )
        ]


class WallLink(models.Model):
    """What a projector or a screen in the room is opened with: it reads, and ends with the meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="walls")
    digest = models.CharField(max_length=64, unique=True)  # of the token, which is kept nowhere
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "id")


class Presence(models.Model):
    """A seat that takes part: its holder opened the meeting, or who leads marked it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="presences")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="presence_once")]


class Way(models.TextChoices):
    """How a code came to its person."""

    MAIL = "mail", pgettext_lazy("way of a code", "By mail")
    SLIP = "slip", pgettext_lazy("way of a code", "On a printed slip")


class Pass(models.Model):
    """A personal one-time code for a member who is not signed in, and the one device it was used on.

    Only keyed digests are kept. It holds for the holder it was made for, until the meeting ends.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="passes")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=4, choices=Way.choices)
    code = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="pass_once"),
            models.UniqueConstraint(fields=["meeting", "code"], name="pass_code_once"),
        ]


class Turn(models.Model):
    """One item on the wall, from when to when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="turns")
    code = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("began_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(ended_at=None), name="turn_one_at_a_time"
            )
        ]


class Round(models.Model):
    """A new vote on an item. When it is over its ballots become a sorted `tally` and are deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="rounds")
    code = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    tally = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("opened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(closed_at=None), name="round_one_at_a_time"
            )
        ]


class Ballot(models.Model):
    """One member's vote while it is hidden; it can be changed until the round is over."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="ballots")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    cannot_judge = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["round", "seat"], name="ballot_once")]


class Decision(models.Model):
    """One change of an agreement, with what stood before: the trace that lets it be undone."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="decisions")
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    version = models.PositiveIntegerField()  # of the agreement after it
    before = models.JSONField()
    after = models.JSONField()
    is_undoing = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("version", "id")
        constraints = [models.UniqueConstraint(fields=["agreement", "version"], name="decision_version_once")]
