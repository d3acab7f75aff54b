"""Groups formed by order: their seats, and the meetings, trainings and briefings they are recorded by."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merilo.core.models import StoredFile
from merilo.organisations.api import Membership, OfficialDocument, Organisation, Unit


class Group(models.Model):
    """A formal group with a mandate, named by an order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=200)
    mandate = models.TextField(_("mandate"), blank=True)
    order = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)  # of the mandate

    def __str__(self) -> str:
        return self.name


class Function(models.TextChoices):
    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Member")
    FACILITATOR = "facilitator", _("Facilitator")
    OBSERVER = "observer", _("Observer")
    CONSULTANT = "consultant", _("External consultant")


SCORING = (Function.CHAIR, Function.MEMBER)  # functions whose seat has a sheet


class Seat(models.Model):
    """One place in a group. The holder may hand it to the substitute; the seat and its sheet stay one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    function = models.CharField(_("function"), max_length=20, choices=Function.choices)
    holder = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="seats")
    substitute = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="substitute_seats"
    )
    taken_over_at = models.DateTimeField(null=True, blank=True)  # the substitute became the holder
    until = models.DateField(_("until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["group", "holder"], name="seat_holder_once"),
            models.UniqueConstraint(fields=["group"], condition=Q(function="chair"), name="seat_one_chair"),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("holder")), name="seat_substitute_is_another"
            ),
        ]


class GatheringKind(models.TextChoices):
    TRAINING = "training", _("Training")
    MEETING = "meeting", _("Meeting")
    BRIEFING = "briefing", _("Briefing of staff")


class Gathering(models.Model):
    """A training, a meeting or a briefing of staff: when, who, with which materials."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="gatherings")
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="gatherings"
    )
    kind = models.CharField(max_length=20, choices=GatheringKind.choices)
    title = models.CharField(_("topic"), max_length=200)
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=200, blank=True)
    way = models.CharField(_("way"), max_length=150, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ("from_date", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")),
                name="gathering_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            )
        ]


class Attendance(models.Model):
    """Somebody who took part: a member, or a name from a list."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "member"],
                condition=Q(member__isnull=False),
                name="attendance_member_once",
            ),
            models.UniqueConstraint(
                fields=["gathering", "name"], condition=Q(member=None), name="attendance_name_once"
            ),
        ]


class Material(models.Model):
    """A file of a gathering: programme, slides, the signed attendance list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
