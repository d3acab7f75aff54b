"""Reads of organisations; each names its viewer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from merilo.accounts.api import Person
from merilo.organisations.models import Membership, OfficialDocument, Organisation, Unit
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
    return Membership.objects.filter(organisation=viewer.organisation, left_at=None).select_related("unit", "person")


def former_members(viewer: Viewer) -> QuerySet[Membership]:
    """Members who left; they stay in the record."""
    return Membership.objects.filter(organisation=viewer.organisation).exclude(left_at=None)


def member(viewer: Viewer, pk: UUID) -> Membership:
    """One member, present or former; raises Membership.DoesNotExist for a stranger's."""
    return Membership.objects.select_related("unit", "person").get(organisation=viewer.organisation, pk=pk)


def units(viewer: Viewer) -> QuerySet[Unit]:
    """Units of the viewer's organisation."""
    return Unit.objects.filter(organisation=viewer.organisation)


def documents(viewer: Viewer) -> QuerySet[OfficialDocument]:
    """Official documents of the viewer's organisation."""
    return OfficialDocument.objects.filter(organisation=viewer.organisation).select_related("file")


def has_deputy(viewer: Viewer) -> bool:
    """Whether somebody is named deputy coordinator."""
    return any("deputy" in roles for roles in members(viewer).values_list("roles", flat=True))


def organisation_by_slug(slug: str) -> Organisation | None:
    """The organisation of a public page, which shows only what it published."""
    return Organisation.objects.filter(slug=slug).first()
