"""The words of the yearly report: its parts, ways of hearing users, kinds of signals, states of measures."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise
# Label and help of each text.
TEXTS: dict[str, tuple[Words, Words]] = {
    "introduction": (_("Introduction"), _("Why the report is written, for which period, by whom.")),
    "service": (
        _("How users are served"),
        _("Places and hours, ways to apply, what changed in the year: the desk, the telephone, e-services."),
    ),
    "analysis": (
        _("What the results say"),
        _("The strong and the weak sides, and why. The figures stand in the report by themselves."),
    ),
    "conclusion": (_("Conclusion"), _("What follows for the next year, and when users are asked again.")),
}
METHODS: dict[str, Words] = {
    "survey": _("Surveys"),
    "mystery": _("“Mystery client”"),
    "staff": _("Consultations with staff"),
    "signals": _("Analysis of signals, complaints, proposals and praise"),
    "observation": _("Observation on the spot"),
    "media": _("Analysis of media publications"),
    "interviews": _("Interviews and focus groups"),
    "box": _("Box for opinions"),
}
SIGNALS: dict[str, Words] = {
    "complaints": _("Complaints"),
    "signals": _("Signals"),
    "proposals": _("Proposals"),
    "praise": _("Praise"),
}
STATES: dict[str, Words] = {
    "planned": _("planned"),
    "going_on": _("going on"),
    "done": pgettext_lazy("measure", "done"),
}
MISSING: dict[str, Words] = {
    "introduction": _("The introduction is not written yet."),
    "service": _("How users are served is not written yet."),
    "analysis": _("What the results say is not written yet."),
    "conclusion": _("The conclusion is not written yet."),
    "methods": _("It is not said yet by which ways users were heard."),
    "results": _("Surveys were used, but none is chosen."),
    "measures": _("No measure is named yet."),
}
