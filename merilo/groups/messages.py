"""The verbs of this room's audit rows in the users' words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "group.seat_added": _("gave a seat in the group"),
    "group.seat_changed": _("changed a seat of the group"),
    "group.seat_removed": _("took a seat out of the group"),
    "group.seat_taken_over": _("a substitute took over a seat"),
    "group.mandate_changed": _("changed the tasks of the group"),
    "gathering.recorded": _("recorded a training, a meeting or a briefing"),
    "gathering.changed": _("changed the record of a training, a meeting or a briefing"),
    "gathering.removed": _("removed the record of a training, a meeting or a briefing"),
    "gathering.attendance_set": _("saved a list of participants"),
    "gathering.material_added": _("added a file to a training, a meeting or a briefing"),
    "gathering.material_removed": _("removed a file of a training, a meeting or a briefing"),
}
