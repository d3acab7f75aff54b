"""Reads of organisations; each names its viewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from merilo.accounts.api import Person
from merilo.core.models import KeptForm, StoredFile
from merilo.core.navigation import WorkItem, work_of
from merilo.core.secret import digest_of
from merilo.organisations.models import (
    CalendarLink,
    Invitation,
    Membership,
    Notification,
    OfficialDocument,
    Organisation,
    OrganisationKind,
    Sharing,
    SignInService,
    Unit,
)
from merilo.organisations.roles import permissions_of
from merilo.organisations.viewers import Viewer


def _valid(on: date) -> Q:
    return Q(left_at=None) & (Q(valid_until=None) | Q(valid_until__gte=on))


def viewer_in(person: Person, slug: str, *, on: date) -> Viewer | None:
    """The person as viewer of one organisation, or None for a stranger or a closed one. One query.

    The unread notifications are counted in it.
    """
    membership = (
        Membership.objects.select_related("organisation")
        .filter(_valid(on), person=person, organisation__slug=slug, organisation__closed_at=None)
        .annotate(unread=_unread())
        .first()
    )
    if membership is None:
        return None
    may = permissions_of(membership.roles)
    return Viewer(person, membership.organisation, membership, may, membership.unread or 0)


def _unread() -> Subquery:
    """How many notifications of a membership's person in its organisation are unread."""
    theirs = Notification.objects.filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), read_at=None
    )
    return Subquery(theirs.order_by().values("person").annotate(n=Count("pk")).values("n"))


def memberships_of(person: Person, *, on: date) -> QuerySet[Membership]:
    """The organisations in which the person is a member now and which are not closed."""
    return _all_memberships_of(person, on).filter(organisation__closed_at=None)


def closed_memberships_of(person: Person, *, on: date) -> QuerySet[Membership]:
    """The organisations of the person that the operator has closed."""
    return _all_memberships_of(person, on).exclude(organisation__closed_at=None)


def _all_memberships_of(person: Person, on: date) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(_valid(on), person=person)
        .select_related("organisation")
        .order_by("organisation__name", "id")
    )


def coordinates(person: Person) -> bool:
    """Whether the person holds the rights of a coordinator in any organisation now."""
    held = memberships_of(person, on=timezone.localdate()).values_list("roles", flat=True)
    return any("people.manage" in permissions_of(codes) for codes in held)


def coordinators(organisation: Organisation, *, on: date) -> list[Membership]:
    """Who holds the rights of a coordinator in an organisation and can sign in."""
    present = Membership.objects.filter(organisation=organisation, left_at=None, person__is_active=True)
    held = present.filter(_valid(on)).select_related("person", "organisation")
    return [member for member in held if "people.manage" in permissions_of(member.roles)]


def members(viewer: Viewer) -> QuerySet[Membership]:
    """Present members of the viewer's organisation, guests among them."""
    return Membership.objects.filter(organisation=viewer.organisation, left_at=None).select_related(
        "unit", "person"
    )


def listed_members(viewer: Viewer, *, text: str = "") -> QuerySet[Membership]:
    """Present members with their last invitation as `last_invitation`, filtered by a part of name or unit."""
    latest = Prefetch("invitations", Invitation.objects.order_by("-made_at", "-pk"), to_attr="by_date")
    found = members(viewer).prefetch_related(latest)
    if text:
        # SQLite folds the case of Latin letters only; both spellings cover what people type.
        words = {text, text.capitalize(), text.title(), text.lower()}
        condition = Q()
        for word in words:
            condition |= Q(name__icontains=word) | Q(unit__name__icontains=word) | Q(email__icontains=word)
        found = found.filter(condition)
    return found


def addresses(viewer: Viewer, *, on: date) -> list[str]:
    """E-mail addresses of present members and of those invited; guests whose time is over are neither."""
    present = members(viewer).filter(_valid(on)).exclude(email="")
    return list(present.order_by("pk").values_list("email", flat=True))


def holders(viewer: Viewer) -> dict[str, list[Membership]]:
    """Present members by role code."""
    found: dict[str, list[Membership]] = {}
    for member in members(viewer):
        for code in member.roles:
            found.setdefault(code, []).append(member)
    return found


def receivers(viewer: Viewer, member: Membership) -> QuerySet[Membership]:
    """Who may take on a member's work: own people who sign in already, by name."""
    own = members(viewer).filter(valid_until=None, person__is_active=True)
    return own.exclude(pk=member.pk).order_by("name", "pk")


def open_tasks(viewer: Viewer, member: Membership) -> list[WorkItem]:
    """What waits for a member on the page “My work”; only for those who manage people."""
    viewer.require("people.manage")
    if member.person is None or member.left_at is not None:
        return []
    theirs = Viewer(member.person, viewer.organisation, member, permissions_of(member.roles))
    return [item for item in work_of(theirs) if item.status != "done"]


def former_members(viewer: Viewer) -> QuerySet[Membership]:
    """Members who left; they stay in the record."""
    return Membership.objects.filter(organisation=viewer.organisation).exclude(left_at=None)


def member(viewer: Viewer, pk: UUID) -> Membership:
    """One member, present or former; raises Membership.DoesNotExist for a stranger's."""
    return Membership.objects.select_related("unit", "person").get(organisation=viewer.organisation, pk=pk)


def units(viewer: Viewer) -> QuerySet[Unit]:
    """Units of the viewer's organisation."""
    return Unit.objects.filter(organisation=viewer.organisation)


def unit_tree(viewer: Viewer) -> list[Unit]:
    """All units in the order of the page, each with `depth` (0 at the top) and `people` (members counted)."""
    people = Count("members", filter=Q(members__left_at=None))
    below: dict[UUID | None, list[Unit]] = {}
    for unit in units(viewer).annotate(people=people).order_by("position", "name", "pk"):
        below.setdefault(unit.parent_id, []).append(unit)
    return list(_walk(below, None, 0))


def _walk(below: dict[UUID | None, list[Unit]], parent: UUID | None, depth: int) -> Iterator[Unit]:
    row = below.get(parent, [])
    for place, unit in enumerate(row):
        unit.depth, unit.indent = depth, "– " * depth  # type: ignore[attr-defined]
        unit.first, unit.last = place == 0, unit is row[-1]  # type: ignore[attr-defined]
        yield unit
        yield from _walk(below, unit.pk, depth + 1)


def unit(viewer: Viewer, pk: UUID) -> Unit:
    """One unit; raises Unit.DoesNotExist for a stranger's."""
    return units(viewer).select_related("parent").get(pk=pk)


def documents(viewer: Viewer) -> QuerySet[OfficialDocument]:
    """Official documents of the viewer's organisation."""
    return OfficialDocument.objects.filter(organisation=viewer.organisation).select_related("file")


def has_deputy(viewer: Viewer) -> bool:
    """Whether somebody is named deputy coordinator."""
    return any("deputy" in roles for roles in members(viewer).values_list("roles", flat=True))


def organisation_by_slug(slug: str) -> Organisation | None:
    """The organisation of a public page, which shows only what it published."""
    return Organisation.objects.filter(slug=slug).first()


def logo_of(pk: UUID) -> StoredFile | None:
    """The file, if it is some organisation's logo now; its id stands only on that organisation's pages."""
    organisation = Organisation.objects.filter(logo_id=pk).select_related("logo").first()
    return organisation.logo if organisation else None


def invitation_by_hash(token_hash: str) -> Invitation | None:
    """The invitation of a link, whatever its state."""
    return (
        Invitation.objects.select_related("organisation", "membership", "membership__person")
        .filter(token_hash=token_hash)
        .first()
    )


def all_organisations(*, text: str = "") -> QuerySet[Organisation]:
    """Every organisation with `people` counted, by a part of its name; for platform operators only."""
    people = Count("memberships", filter=Q(memberships__left_at=None))
    found = Organisation.objects.annotate(people=people).order_by("name", "pk")
    if not text:
        return found
    condition = Q()
    for word in {text, text.capitalize(), text.title(), text.lower(), text.upper()}:
        condition |= Q(name__icontains=word) | Q(name_en__icontains=word) | Q(register_number=word)
    return found.filter(condition)


def any_organisation(pk: UUID) -> Organisation:
    """One organisation, for platform operators only. Errors: Organisation.DoesNotExist."""
    return all_organisations().get(pk=pk)


def has_begun(organisation: Organisation) -> bool:
    """Whether anybody has ever come in."""
    return Membership.objects.filter(organisation=organisation).exclude(person=None).exists()


def places_of(people: Iterable[UUID]) -> dict[UUID, list[Membership]]:
    """Present memberships by person, with the organisation; for platform operators only. One query."""
    found: dict[UUID, list[Membership]] = {}
    rows = Membership.objects.filter(person__in=list(people), left_at=None).select_related("organisation")
    for member in rows.order_by("organisation__name", "pk"):
        if member.person_id is not None:
            found.setdefault(member.person_id, []).append(member)
    return found


def kept_form(token: str, person: Person, *, at: datetime) -> KeptForm | None:
    """A form kept for this person, used already or not, until it expires."""
    return KeptForm.objects.filter(token=token, owner=str(person.pk), expires_at__gt=at).first()


def has_account(email: str) -> bool:
    """Whether an account of this address exists; asked only by whoever holds an invitation to it."""
    return Person.objects.filter(email__iexact=email).exists()


def sign_in_services() -> QuerySet[SignInService]:
    """Every organisation's own sign-in, by the name on its button; for the page on which one signs in."""
    return SignInService.objects.order_by("name", "pk")


def is_member(person: Person, service_key: str, *, on: date) -> bool:
    """Whether the person is here now, in the organisation of a sign-in service."""
    here = Membership.objects.filter(_valid(on), person=person)
    return here.filter(organisation__sign_in_service__key=service_key).exists()


def opens(service_key: str, organisation: UUID) -> bool:
    """Whether the sign-in service is the organisation's own."""
    return SignInService.objects.filter(key=service_key, organisation=organisation).exists()


def open_invitation(service_key: str, email: str, *, at: datetime) -> Invitation | None:
    """The newest invitation that the organisation of a sign-in service sent to an address, if it is open."""
    waiting = Q(membership__person=None, membership__left_at=None, membership__email__iexact=email)
    usable = Q(accepted_at=None, voided_at=None, expires_at__gt=at)
    found = Invitation.objects.filter(waiting, usable, organisation__sign_in_service__key=service_key)
    newest = found.select_related("membership", "organisation").order_by("-made_at").first()
    return newest if newest and newest.membership.is_here(timezone.localdate(at)) else None


# --- sharing with a resource centre -------------------------------------------------------------------
def sharings(viewer: Viewer) -> QuerySet[Sharing]:
    """The resource centres that see the viewer's organisation or ask to."""
    return Sharing.objects.filter(
        town=viewer.organisation, ended_at=None, centre__closed_at=None
    ).select_related("centre")


def is_asked(viewer: Viewer) -> Exists:
    """Whether a resource centre waits for the answer of the viewer's organisation, as part of a query."""
    return Exists(sharings(viewer).filter(agreed_at=None))


def centres(viewer: Viewer) -> QuerySet[Organisation]:
    """The resource centres with which the viewer's organisation may share and does not yet."""
    agreed = Sharing.objects.filter(town=viewer.organisation, ended_at=None).exclude(agreed_at=None)
    found = Organisation.objects.filter(kind=OrganisationKind.CENTRE, closed_at=None)
    found = found.exclude(pk=viewer.organisation_id).exclude(pk__in=agreed.values("centre"))
    return found.order_by("name", "pk")


def shared_towns(viewer: Viewer) -> QuerySet[Sharing]:
    """The towns that agreed that the viewer's organisation sees the state of their cycle."""
    found = Sharing.objects.filter(centre=viewer.organisation, ended_at=None, town__closed_at=None)
    return found.exclude(agreed_at=None).select_related("town", "centre")


# --- notifications -----------------------------------------------------------------------------------
def notifications(viewer: Viewer) -> QuerySet[Notification]:
    """The viewer's own notifications in the organisation, newest first."""
    return Notification.objects.filter(person=viewer.person, organisation=viewer.organisation)


def last_notified(viewer: Viewer, kind: str, path: str, *, person: str) -> Subquery:
    """For another query: when each row's person was last told of a kind about a page."""
    told = Notification.objects.filter(organisation=viewer.organisation, kind=kind, path=path)
    return Subquery(told.filter(person=OuterRef(person)).values("made_at")[:1])


def members_who_may(viewer: Viewer, permission: str) -> list[Membership]:
    """Present members of the viewer's organisation whose roles give a permission."""
    return who_may(viewer.organisation, permission)


def who_may(organisation: Organisation, permission: str) -> list[Membership]:
    """The same of any organisation, to tell them of what happened without anybody's doing."""
    present = Membership.objects.filter(organisation=organisation, left_at=None)
    rows = present.select_related("unit", "person")
    return [row for row in rows if permission in permissions_of(row.roles)]


# --- calendars ------------------------------------------------------------------------------------
CALENDAR = "calendar"  # purpose of the digests of addresses


def calendar_link(person: Person) -> CalendarLink | None:
    """The private address of the person's calendar, of which only a digest is kept."""
    return CalendarLink.objects.filter(person=person).first()


def calendar_person(token: str) -> Person | None:
    """Whose calendar an address opens; None for a guess, after its end, and while they are suspended."""
    own = CalendarLink.objects.filter(digest=digest_of(CALENDAR, token), person__is_active=True)
    found = own.select_related("person").first()
    return found.person if found else None


def viewers_of(person: Person, *, on: date) -> Iterator[Viewer]:
    """The person as viewer of each of their organisations. One query."""
    for member in memberships_of(person, on=on):
        yield Viewer(person, member.organisation, member, permissions_of(member.roles))
