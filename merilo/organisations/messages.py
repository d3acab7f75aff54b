"""Sentences of this room that are chosen by a code, and the verbs of its audit rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PASTED = {
    "columns": _("There are more than four columns. Put a cell with a separator in it into quotation marks."),
    "name": _("The name is missing."),
    "order": _("Name and e-mail have changed places. The order is: name, e-mail, unit, position."),
    "address": _("The e-mail address is missing."),
    "address-form": _("The e-mail address is not complete, for example name@municipality.bg."),
    "long": _("One of the cells is too long."),
    "characters": _("The line contains characters that cannot be shown."),
    "quotes": _("A quotation mark is not closed, or the line is too long."),
    "twice": _("This e-mail address stands in the list twice."),
    "member": _("This person is a member already or has been invited."),
}

INVITATION_STATES = {
    "used": _("This invitation has been used. If it was you, sign in with your e-mail address and password."),
    "void": _("This invitation is no longer valid: it was withdrawn or replaced by a newer one."),
    "expired": _("This invitation has expired. Ask your coordinator for a new link."),
}

# What the record keeps beside the verb, by its key.
KEPT = {
    "after": _("after"),
    "before": _("before"),
    "changed": _("changed"),
    "format": _("format"),
    "holds": _("whole"),
    "members": _("people"),
    "name": _("name"),
    "parent": _("part of"),
    "position": _("place"),
    "reason": _("reason"),
    "roles": _("roles"),
    "row": _("row"),
    "units": _("units"),
}

VERBS = {
    "organisation.founded": _("founded the organisation"),
    "organisation.changed": _("changed the organisation's details"),
    "organisation.logo_changed": _("changed the logo"),
    "unit.added": _("added a unit"),
    "unit.changed": _("changed a unit"),
    "unit.moved": _("changed the order of the units"),
    "unit.removed": _("removed a unit"),
    "people.invited": _("invited people"),
    "people.exported": _("downloaded the list of people"),
    "invitation.renewed": _("made a new invitation link"),
    "invitation.accepted": _("accepted the invitation"),
    "member.changed": _("changed a member's details"),
    "member.roles_changed": _("changed a member's roles"),
    "member.returned": _("took a former member back"),
    "member.left": _("recorded that a member left"),
    "person.erased": _("erased a person's data"),
    "audit.verified": _("verified the record"),
    "audit.exported": _("downloaded the record"),
}
