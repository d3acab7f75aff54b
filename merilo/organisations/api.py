"""The door of organisations: the models, the viewer, and what other rooms may ask and do."""

from __future__ import annotations

from merilo.organisations.acting import act, do, sent
from merilo.organisations.actions import communicating
from merilo.organisations.actions.communicating import MessageFacts
from merilo.organisations.actions.founding import First, close, found_for, invite_first, reopen
from merilo.organisations.actions.guests import Guest, invite_guest, keep_guest
from merilo.organisations.actions.invitations import Link as InvitationLink
from merilo.organisations.colours import palette_for
from merilo.organisations.correspondence import remind, remind_of
from merilo.organisations.countries import COUNTRIES
from merilo.organisations.editing import Difference, Stored, differences, edited_form, version_of
from merilo.organisations.erasing import Erased, Known, contribute_address_eraser, contribute_eraser
from merilo.organisations.handing import Handing, Thing, contribute_kind
from merilo.organisations.handing import Kind as HandingKind
from merilo.organisations.http import OrgRequest, PersonRequest, address
from merilo.organisations.kept import asks_to_sign_in, keep_and_ask_for_proof
from merilo.organisations.linked import opened_by_link, speak_for
from merilo.organisations.mails import send_first_invitation, send_invitations
from merilo.organisations.models import (
    CommunicationItem,
    CommunicationPlan,
    DocumentKind,
    Membership,
    Notice,
    Notification,
    OfficialDocument,
    Organisation,
    OrganisationKind,
    Unit,
)
from merilo.organisations.notifying import KEPT as NOTIFICATIONS_KEPT
from merilo.organisations.notifying import (
    Event,
    contribute_notification,
    forget_notifications,
    notify,
)
from merilo.organisations.notifying import Kind as NotificationKind
from merilo.organisations.notifying import Way as NotificationWay
from merilo.organisations.queries import (
    all_organisations,
    any_organisation,
    closed_memberships_of,
    documents,
    has_begun,
    has_deputy,
    last_notified,
    member,
    members,
    members_who_may,
    memberships_of,
    notifications,
    organisation_by_slug,
    places_of,
    units,
    viewer_in,
    who_may,
)
from merilo.organisations.recording import record
from merilo.organisations.roles import ROLES, permissions_of
from merilo.organisations.rules.reminding import PAUSE as REMINDING_PAUSE
from merilo.organisations.rules.reminding import may_remind
from merilo.organisations.services import is_open_to
from merilo.organisations.setup import contribute_setup
from merilo.organisations.shared import SharedReport, StepState, TownState, contribute_state
from merilo.organisations.telling import contribute_codes, contribute_names
from merilo.organisations.viewers import Viewer
from merilo.organisations.zones import ZONES

__all__ = [
    "COUNTRIES",
    "NOTIFICATIONS_KEPT",
    "REMINDING_PAUSE",
    "ROLES",
    "ZONES",
    "CommunicationItem",
    "CommunicationPlan",
    "Difference",
    "DocumentKind",
    "Erased",
    "Event",
    "First",
    "Guest",
    "Handing",
    "HandingKind",
    "InvitationLink",
    "Known",
    "Membership",
    "MessageFacts",
    "Notice",
    "Notification",
    "NotificationKind",
    "NotificationWay",
    "OfficialDocument",
    "OrgRequest",
    "Organisation",
    "OrganisationKind",
    "PersonRequest",
    "SharedReport",
    "StepState",
    "Stored",
    "Thing",
    "TownState",
    "Unit",
    "Viewer",
    "act",
    "address",
    "all_organisations",
    "any_organisation",
    "asks_to_sign_in",
    "close",
    "closed_memberships_of",
    "communicating",
    "contribute_address_eraser",
    "contribute_codes",
    "contribute_eraser",
    "contribute_kind",
    "contribute_names",
    "contribute_notification",
    "contribute_setup",
    "contribute_state",
    "differences",
    "do",
    "documents",
    "edited_form",
    "forget_notifications",
    "found_for",
    "has_begun",
    "has_deputy",
    "invite_first",
    "invite_guest",
    "is_open_to",
    "keep_and_ask_for_proof",
    "keep_guest",
    "last_notified",
    "may_remind",
    "member",
    "members",
    "members_who_may",
    "memberships_of",
    "notifications",
    "notify",
    "opened_by_link",
    "organisation_by_slug",
    "palette_for",
    "permissions_of",
    "places_of",
    "record",
    "remind",
    "remind_of",
    "reopen",
    "send_first_invitation",
    "send_invitations",
    "sent",
    "speak_for",
    "units",
    "version_of",
    "viewer_in",
    "who_may",
]
