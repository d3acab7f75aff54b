"""The door of organisations: the models, the viewer, and what other rooms may ask and do."""

from __future__ import annotations

from merilo.organisations.actions.guests import Guest, invite_guest
from merilo.organisations.actions.invitations import Link as InvitationLink
from merilo.organisations.erasing import Erased, contribute_eraser
from merilo.organisations.handing import Handing, Thing, contribute_kind
from merilo.organisations.handing import Kind as HandingKind
from merilo.organisations.http import OrgRequest, PersonRequest, address
from merilo.organisations.mails import send_invitations
from merilo.organisations.models import (
    CommunicationItem,
    CommunicationPlan,
    DocumentKind,
    Membership,
    Notice,
    OfficialDocument,
    Organisation,
    Unit,
)
from merilo.organisations.queries import (
    documents,
    has_deputy,
    member,
    members,
    memberships_of,
    organisation_by_slug,
    units,
    viewer_in,
)
from merilo.organisations.recording import record
from merilo.organisations.roles import ROLES, permissions_of
from merilo.organisations.setup import contribute_setup
from merilo.organisations.telling import contribute_codes, contribute_names
from merilo.organisations.viewers import Viewer

__all__ = [
    "ROLES",
    "CommunicationItem",
    "CommunicationPlan",
    "DocumentKind",
    "Erased",
    "Guest",
    "Handing",
    "HandingKind",
    "InvitationLink",
    "Membership",
    "Notice",
    "OfficialDocument",
    "OrgRequest",
    "Organisation",
    "PersonRequest",
    "Thing",
    "Unit",
    "Viewer",
    "address",
    "contribute_codes",
    "contribute_eraser",
    "contribute_kind",
    "contribute_names",
    "contribute_setup",
    "documents",
    "has_deputy",
    "invite_guest",
    "member",
    "members",
    "memberships_of",
    "organisation_by_slug",
    "permissions_of",
    "record",
    "send_invitations",
    "units",
    "viewer_in",
]
