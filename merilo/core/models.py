"""Tables that every room stands on. Actors and organisations are opaque ids here: no key points upward."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PLATFORM = "platform"
MOST_ATTEMPTS = 8  # of sending one mail; the pauses between them stand in core.mail


class AuditHead(models.Model):
    """The last number and hash of one chain: one chain per organisation and one for the platform."""

    chain = models.CharField(max_length=36, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class AuditEntry(models.Model):
    """One row of a chain. Never changed, never deleted: the database refuses (migration 0002)."""

    chain = models.CharField(max_length=36)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor = models.CharField(max_length=36, blank=True)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    payload_hash = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain", "number")
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_number_once")]


class AuditPayload(models.Model):
    """What an entry tells beyond its verb (before, after, from where); may be erased, the entry stays."""

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, related_name="payload", primary_key=True
    )
    data = models.TextField(blank=True)
    erased_by = models.CharField(max_length=36, blank=True)
    erased_at = models.DateTimeField(null=True)


class StoredFile(models.Model):
    """A file kept outside the database under its content's hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.CharField(max_length=36, db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    uploaded_by = models.CharField(max_length=36, blank=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    SENT = "sent", _("The mail server took it.")
    WAITING = "waiting", _("It waits to be sent.")
    HANDING = "handing", _("It is being handed to the mail server.")
    UNKNOWN = "unknown", _("Nobody can tell whether the mail server took it; it is not sent again by itself.")
    GIVEN_UP = "given_up", _("The mail server did not take it in a day and a half; it is not tried any more.")


class OutgoingMail(models.Model):
    """A mail written in the transaction that caused it; the worker sends it afterwards.

    `not_before` is when it may be tried: at once, after a pause, or when a worker's claim has run out.
    `handed_at` is noted before its last line goes to the server, and stays where no answer came back;
    `unknown_at` says when that was found. Its text goes when it was sent, and a `passing` mail as a whole.
    `unknown_at` says when that was found. Its text goes when it was sent. `about` is a mark of the room that
    wrote it, which is told of its return (`core.mail.contribute_returned`).
    """

    created_at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField()
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    handed_at = models.DateTimeField(null=True)
    unknown_at = models.DateTimeField(null=True)
    never_twice = models.BooleanField(default=False)
    off_url = models.CharField(max_length=300, blank=True)
    passing = models.BooleanField(default=False)
    about = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)

    def state(self, at: datetime) -> MailState:
        """Where the mail is."""
        if self.sent_at is not None:
            return MailState.SENT
        if self.handed_at is not None:
            return MailState.HANDING if self.not_before > at else MailState.UNKNOWN
        return MailState.WAITING if self.attempts < MOST_ATTEMPTS else MailState.GIVEN_UP


class Limit(models.Model):
    """How often something has happened since its window began; rows, so that it holds across processes."""

    key = models.CharField(max_length=120, unique=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)


class OnceKey(models.Model):
    """The key of a submitted form, kept so that the same form has one effect."""

    key = models.CharField(max_length=64)
    owner = models.CharField(max_length=36)
    result = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "owner"], name="once_key_once")]


class KeptForm(models.Model):
    """A form that arrived after its person's sign-in had expired, kept until the same person returns."""

    token = models.CharField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=36)
    path = models.CharField(max_length=2000)  # with its query
    body = models.TextField()
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(path__startswith="/"), name="kept_form_path_is_local")
        ]
