"""Words and signs of priorities that several pages show."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merilo.improvement.models import Decision
from merilo.improvement.rules.priorities import Axis, Quadrant

QUADRANTS: Mapping[Quadrant, str | Promise] = {
    Quadrant.QUICK_WIN: _("Quick win"),
    Quadrant.KEY_PROJECT: _("Key measure"),
    Quadrant.FILL_IN: _("Further improvement"),
    Quadrant.POSTPONE: _("Postpone"),
}
AXES: Mapping[Axis, str | Promise] = {Axis.IMPACT: _("Impact"), Axis.FEASIBILITY: _("Feasibility")}
STATUS = {
    Decision.OPEN: "idle",
    Decision.CHOSEN: "done",
    Decision.LATER: "waiting",
    Decision.DECLINED: "problem",
}
# What the points 1 to 5 mean on each axis.
POINTS: Mapping[Axis, tuple[str | Promise, ...]] = {
    Axis.IMPACT: (_("hardly any"), _("weak"), _("moderate"), _("strong"), _("very strong")),
    Axis.FEASIBILITY: (
        _("very unfavourable"),
        _("unfavourable"),
        _("moderate"),
        _("favourable"),
        _("very favourable"),
    ),
}
