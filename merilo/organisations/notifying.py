"""Notifications: what happened, kept for each person it concerns, and mailed at once or once a day.

Rooms contribute the kinds in `AppConfig.ready` and call `notify` in the transaction of the event.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, daily_address
from merilo.core import mail
from merilo.organisations.erasing import Erased
from merilo.organisations.models import Correspondence, Membership, Notification, Waits
from merilo.organisations.viewers import Viewer

KEPT = timedelta(days=180)
Letter = Callable[[Membership], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """An address in one mail to one person, and what is to be known of it in words."""

    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification: its sentence holds the facts as `%(title)s`.

    Facts whose names begin with `who` are ids of memberships, told by their present names; `day` is a date.
    `still` answers whether a reminder has still a reason when it goes out later. `way` makes the address that
    a mail leads to where that is not the path, in the transaction that writes the mail.
    """

    code: str
    sentence: str | Promise
    still: Callable[[Notification], bool] = lambda _row: True
    way: Callable[[Notification], Way | None] = lambda _row: None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: the kind, the address where it can be seen, what its sentence needs, and when."""

    kind: str
    path: str
    at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)

    def row(self, member: Membership, waits_for: Waits) -> Notification:
        """The notification of a member who has an account, not stored yet."""
        assert member.person is not None  # noqa: S101  asked by who calls
        return Notification(
            organisation=member.organisation,
            person=member.person,
            kind=self.kind,
            path=self.path,
            facts=dict(self.facts),
            made_at=self.at,
            waits_for=waits_for,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A notification in the words of the active language."""

    row: Notification
    text: str


_kinds: dict[str, Kind] = {}


def contribute_notification(kind: Kind) -> None:
    """Add a kind."""
    _kinds[kind.code] = kind


def kind_of(row: Notification) -> Kind:
    """The kind of a notification; one that no room knows any more still says that something happened."""
    return _kinds.get(row.kind) or Kind(row.kind, _("Something has changed."))


@transaction.atomic
def notify(
    *, viewer: Viewer | None, event: Event, to: Iterable[Membership], letter: Letter | None = None
) -> None:
    """Keep a notification for everybody but the viewer, in the transaction of the event, and mail it.

    There is no viewer where somebody without an account has acted. Whoever wants one mail a day finds it in
    the next digest. `letter(member)` answers subject and text of the mail; without it the sentence is mailed
    in the reader's language. Who has no account is only mailed.
    """
    own = viewer.membership.pk if viewer else None
    others = list({member.pk: member for member in to if member.pk != own}.values())
    prefetch_related_objects(others, "person", "organisation")
    members = [member for member in others if may_be_told(member, event.at)]
    Notification.objects.bulk_create(_row(event, member) for member in members if member.person is not None)
    for member in members:
        if mail.has_server() and not _wants_digest(member):
            _mail(member, event, letter)


def may_be_told(member: Membership, at: datetime) -> bool:
    """Whether somebody is told anything: here, not suspended, in an organisation that is not closed."""
    is_open = member.organisation.closed_at is None
    is_active = member.person is None or member.person.is_active
    return is_open and is_active and member.is_here(timezone.localdate(at))


def _wants_digest(member: Membership) -> bool:
    return member.person is not None and member.person.daily_mail


def _row(event: Event, member: Membership) -> Notification:
    waits = mail.has_server() and _wants_digest(member)
    return event.row(member, Waits.DIGEST if waits else Waits.NOTHING)


def _mail(member: Membership, event: Event, letter: Letter | None) -> None:
    if letter is not None:
        subject, text = letter(member)
        send(member.email, subject, text, off_url=_off(member))
    elif member.person is not None:
        write_to(member.person, [_row(event, member)], off_url=_off(member))


def _off(member: Membership) -> str:
    """Where the reader has such mails once a day; nowhere for whom has no account."""
    return daily_address(member.person) if member.person is not None else ""


# --- in words -------------------------------------------------------------------------------------
def told(rows: Sequence[Notification]) -> list[Told]:
    """Notifications in the words of the active language. One query, none where nobody is named."""
    names = _names({value for row in rows for key, value in row.facts.items() if key.startswith("who")})
    return [Told(row, str(kind_of(row).sentence) % _facts(row, names)) for row in rows]


def _names(wanted: Collection[str]) -> dict[str, str]:
    if not wanted:
        return {}
    return {str(member.pk): member.on_record for member in Membership.objects.filter(pk__in=wanted)}


def _facts(row: Notification, names: Mapping[str, str]) -> dict[str, str]:
    return {key: _fact(key, value, names) for key, value in row.facts.items()}


def _fact(key: str, value: str, names: Mapping[str, str]) -> str:
    if key.startswith("who"):
        return names.get(value, _("somebody"))
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT") if key == "day" else value


# --- by mail --------------------------------------------------------------------------------------
def write_to(
    person: Person,
    rows: Sequence[Notification],
    subject: Callable[[], str] | None = None,
    *,
    off_url: str = "",
) -> None:
    """Mail notifications to a person in their language; without a subject their first sentence is it."""
    with translation.override(person.language or rows[0].organisation.language):
        lines = told(rows)
        context = {"person": person, "lines": [(line, _way(line.row)) for line in lines]}
        context["base"] = settings.BASE_URL
        text = render_to_string("organisations/email/notifications.txt", context)
        send(person.email, subject() if subject else lines[0].text, text, off_url=off_url)


def _way(row: Notification) -> Way:
    """Where a mail leads to see what happened."""
    return kind_of(row).way(row) or Way(f"{settings.BASE_URL}{row.path}")


def send(address: str, subject: str, text: str, *, off_url: str = "") -> None:
    """Put an announcement into the outbox; nobody who has no address gets one."""
    if address:
        letter = mail.Announcement(subject, text, None, [address])
        letter.off_url = off_url
        letter.send()


# --- no longer kept -------------------------------------------------------------------------------
def forget(erased: Erased) -> None:
    """Delete what an erased person was told, and when mails went to them."""
    if erased.member.person_id is not None:
        Notification.objects.filter(person=erased.member.person_id).delete()
        Correspondence.objects.filter(person=erased.member.person_id).delete()


def forget_notifications(*, made_before: datetime) -> int:
    """Delete notifications made before a moment, read or not; answers how many."""
    return Notification.objects.filter(made_at__lt=made_before).delete()[0]
