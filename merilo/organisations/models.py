"""Organisations, their units, members, invitations, official documents and communication plans."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merilo.core.models import StoredFile


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Regional administration")
    AGENCY = "agency", _("Agency")
    CENTRE = "centre", _("Resource centre")
    NGO = "ngo", _("Non-governmental organisation")


class Organisation(models.Model):
    """One administration: a tenant whose data nobody else reaches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    country = models.CharField(_("country"), max_length=2, default="BG")
    register_number = models.CharField(_("register number (EIK)"), max_length=20, blank=True)
    territory_code = models.CharField(_("territorial code (EKATTE, NUTS)"), max_length=20, blank=True)
    languages = models.JSONField(default=list)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Sofia")
    colour = models.CharField(_("colour"), max_length=7, default="#005868")
    accent = models.JSONField(default=dict)  # derived from `colour` by web.accent: accent, deep, soft, line
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # nobody gets in; the data stays

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The one in which its mails are written."""
        return str(next(iter(self.languages), settings.LANGUAGE_CODE))

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where its days begin and end."""
        return zoneinfo.ZoneInfo(self.time_zone)


class Unit(models.Model):
    """A directorate, department or other unit of an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="units")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="unit_name_once",
                violation_error_message=_("There is a unit of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation: unit, position and roles. Members who leave stay in the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    # Names are kept here too: they are how this organisation knows the person, before and after the account.
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    position = models.CharField(_("position"), max_length=150, blank=True)
    roles = models.JSONField(default=list)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(_("reason for leaving"), max_length=300, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # for guests

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(person__isnull=False),
                name="membership_once",
            ),
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(left_at=None) & ~Q(email=""),
                name="membership_address_once",
                violation_error_message=_("Somebody of this address belongs to the organisation already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_here(self, on: date) -> bool:
        """Whether the membership holds on a day: not left, and a guest's time not over."""
        return self.left_at is None and (self.valid_until is None or self.valid_until >= on)

    @property
    def on_record(self) -> str:
        """The name as lists and records show it: of who left, with the day."""
        if self.left_at is None:
            return self.name
        day = date_format(timezone.localtime(self.left_at), "SHORT_DATE_FORMAT")
        return gettext("%(name)s (left on %(day)s)") % {"name": self.name, "day": day}


class Invitation(models.Model):
    """A one-time link that makes somebody a member; only the hash of its secret is kept.

    `mailed` says that nobody but the mailbox of the address was given the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    mailed = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)


class SignInService(models.Model):
    """The organisation's own sign-in (OpenID Connect), through which its people come in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="sign_in_service"
    )
    # Drawn from organisation and issuer: a new issuer knows nobody of the earlier one.
    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("name on the button"), max_length=40)
    issuer = models.URLField(_("address of the issuer"), max_length=300)
    client_id = models.CharField(_("client id"), max_length=200)
    sealed_secret = models.TextField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Sharing(models.Model):
    """A resource centre that sees where a town's cycle stands, as long as the town agrees.

    A centre may have asked (`asked_at`); only the town's own consent (`agreed_at`) lets it see anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    town = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sharings")
    centre = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="shared_towns")
    asked_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    with_reports = models.BooleanField(default=False)  # approved ones as a whole, published or not
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("town__name", "centre__name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["town", "centre"], condition=Q(ended_at=None), name="sharing_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(town=models.F("centre")), name="sharing_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.town} → {self.centre}"


class DocumentKind(models.TextChoices):
    ORDER = "order", _("Order")
    AGREEMENT = "agreement", _("Agreement")
    LETTER = "letter", _("Letter")
    APPROVAL = "approval", _("Approval")


class OfficialDocument(models.Model):
    """A registered document: number, date, way of sending, and the signed file with its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.CharField(_("number"), max_length=60)
    date = models.DateField(_("date"))
    title = models.CharField(_("subject"), max_length=300, blank=True)
    way = models.CharField(_("way of sending"), max_length=100, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}"


class CommunicationPlan(models.Model):
    """Who is told what, how and when about one undertaking of the organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="communication_plans"
    )


class CommunicationItem(models.Model):
    """One row of a communication plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(CommunicationPlan, on_delete=models.CASCADE, related_name="items")
    message = models.CharField(_("message"), max_length=300)
    medium = models.CharField(_("medium"), max_length=100)
    audience = models.CharField(_("audience"), max_length=150)
    date = models.DateField(_("date"))
    done_at = models.DateField(_("done on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("date", "id")


class Notice(models.Model):
    """A page for the organisation's own staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(CommunicationPlan, on_delete=models.CASCADE, related_name="notices")
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    shared_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-shared_at", "id")


class Waits(models.TextChoices):
    """What a notification waits for before it is mailed."""

    NOTHING = ""
    DIGEST = "digest"
    REMINDER = "reminder"  # or a digest that goes before


class Notification(models.Model):
    """What one person should know: a kind and facts, put into words in the reader's language when read.

    `facts` names people by the ids of their memberships, so that nothing has to be forgotten here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    path = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=8, choices=Waits.choices, blank=True)

    class Meta:
        ordering = ("-made_at", "id")
        indexes = [
            models.Index(
                fields=["person", "organisation"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(fields=["person"], condition=~Q(waits_for=""), name="notification_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(path__startswith="/"), name="notification_path_is_local"),
            models.UniqueConstraint(
                fields=["organisation", "person", "kind", "path"],
                condition=Q(waits_for="reminder"),
                name="reminder_waits_once",
            ),
        ]


class Correspondence(models.Model):
    """When a person was last sent a digest and a reminder; locked while either is written."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    digest_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)


class CalendarLink(models.Model):
    """The private address by which calendar programs fetch the days of one person."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    digest = models.CharField(max_length=64, unique=True)  # of the token, which is kept nowhere
    made_at = models.DateTimeField()
