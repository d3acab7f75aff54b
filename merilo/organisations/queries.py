"""Reads of organisations; each names its viewer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from merilo.accounts.api import Person
from merilo.core.models import KeptForm, StoredFile
from merilo.core.navigation import WorkItem, work_of
from merilo.organisations.models import Invitation, Membership, OfficialDocument, Organisation, Unit
from merilo.organisations.roles import permissions_of
from merilo.organisations.viewers import Viewer


def _valid(on: date) -> Q:
    return Q(left_at=None) & (Q(valid_until=None) | Q(valid_until__gte=on))


def viewer_in(person: Person, slug: str, *, on: date) -> Viewer | None:
    """The person as viewer of one organisation, or None for a stranger. One query."""
    membership = (
        Membership.objects.select_related("organisation")
        .filter(_valid(on), person=person, organisation__slug=slug)
        .first()
    )
    if membership is None:
        return None
    return Viewer(person, membership.organisation, membership, permissions_of(membership.roles))


def memberships_of(person: Person, *, on: date) -> QuerySet[Membership]:
    """The organisations in which the person is a member now."""
    return (
        Membership.objects.filter(_valid(on), person=person)
        .select_related("organisation")
        .order_by("organisation__name", "id")
    )


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


def all_organisations() -> QuerySet[Organisation]:
    """Every organisation with `people` counted, for platform operators only."""
    people = Count("memberships", filter=Q(memberships__left_at=None))
    return Organisation.objects.annotate(people=people).order_by("name", "pk")


def kept_form(token: str, person: Person, *, at: datetime) -> KeptForm | None:
    """A form kept for this person, used already or not, until it expires."""
    return KeptForm.objects.filter(token=token, owner=str(person.pk), expires_at__gt=at).first()


def has_account(email: str) -> bool:
    """Whether an account of this address exists; asked only by whoever holds an invitation to it."""
    return Person.objects.filter(email__iexact=email).exists()
