"""Things of this room in words: texts of a scheme, points, facts and where each is done."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from merilo.core.numbers import as_decimal, display
from merilo.core.periods import Period
from merilo.feedback.models import Feedback
from merilo.feedback.rules.readiness import OF_PLAN, Fact, Moment, Standing, moment_of
from merilo.feedback.rules.scheme import Rule, Scheme
from merilo.framework.catalogue import Text
from merilo.organisations.api import Viewer, address

DASH = "–"
STATE_SHAPES = {
    "preparing": "idle",
    "applied": "progress",
    "agreeing": "progress",
    "reported": "waiting",
    "decided": "done",
    "withdrawn": "idle",
}
SHAPES = {Standing.DONE: "done", Standing.BEGUN: "progress", Standing.MISSING: "idle"}
PARTS = {
    "report": gettext_lazy("The approved report of the self-assessment"),
    "plan": gettext_lazy("The approved improvement plan"),
    "evidence": gettext_lazy("The evidence shelf, without what only the coordinator sees"),
}
# A fact in a few words, and the page on which it is done (of the self-assessment or of the plan).
FACTS = {
    "order": (gettext_lazy("Order for the self-assessment"), "documents"),
    "schedule": (gettext_lazy("Steps with a date"), "schedule"),
    "told": (gettext_lazy("Messages of the communication plan that went out"), "communication"),
    "group": (gettext_lazy("Members of the group"), "group"),
    "training": (gettext_lazy("Trainings of the group"), "training"),
    "alone": (gettext_lazy("Members who handed in their own sheet"), "overview"),
    "evidence": (gettext_lazy("Sub-criteria with evidence"), "evidence"),
    "agreed": (gettext_lazy("Sub-criteria agreed on"), "overview"),
    "report": (gettext_lazy("Report approved"), "report"),
    "sent": (gettext_lazy("Report sent to the resource centre"), "documents"),
    "gathered": (gettext_lazy("Areas and ideas brought together or set aside"), "items"),
    "prioritised": (gettext_lazy("Proposals with points"), "priorities"),
    "plan": (gettext_lazy("Improvement plan approved"), "revisions"),
    "indicators": (gettext_lazy("Measures with an indicator"), "measures"),
    "goals": (gettext_lazy("Measures tied to goals of the strategy"), "measures"),
    "plan_told": (gettext_lazy("Messages about the plan that went out"), "communication"),
    "owners": (gettext_lazy("Measures with somebody responsible"), "measures"),
    "started": (gettext_lazy("Measures begun or done"), "measures"),
    "followed": (gettext_lazy("Measures whose progress was reported"), "measures"),
}
YES_OR_NO = {"order", "report", "sent", "plan"}
MOMENTS = {
    Moment.BEFORE: gettext_lazy("not open yet"),
    Moment.OPEN: gettext_lazy("open now"),
    Moment.OVER: gettext_lazy("over since then"),
}
MOMENT_SHAPES = {Moment.BEFORE: "waiting", Moment.OPEN: "ontime", Moment.OVER: "late"}


def applying(window: Period, applied_on: date | None, today: date) -> tuple[str, str]:
    """Shape and words for where today lies to the days of applying, or where the application lay."""
    moment = moment_of(window, applied_on or today)
    if applied_on is None:
        return MOMENT_SHAPES[moment], str(MOMENTS[moment])
    told = {"day": day(applied_on)}
    if moment is Moment.OPEN:
        return "done", _("applied in time, on %(day)s") % told
    return "late", _("applied outside these days, on %(day)s") % told


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def said(text: Text) -> str:
    """A text of a scheme in the language of the page."""
    return text.in_language(language())


def day(value: date | None) -> str:
    """A day in figures; a dash for none."""
    return date_format(value, "SHORT_DATE_FORMAT") if value else DASH


def days(period: Period) -> str:
    """From the first to the last day."""
    return f"{day(period.first)} – {day(period.last)}"


def points(value: Fraction | int | None) -> str:
    """Points as people read them: one decimal, half up; a dash where there are none."""
    if value is None:
        return DASH
    return display(as_decimal(Fraction(value)), mark=str(get_format("DECIMAL_SEPARATOR")))


def fact(one: Fact) -> str:
    """How far a fact is, in words."""
    if one.on is not None:
        return day(one.on)
    if one.code in {"group", "training"} and one.done:
        return str(one.done)
    if one.code in YES_OR_NO or not one.of:
        return _("there") if one.standing == Standing.DONE else _("missing")
    return _("%(done)s of %(all)s") % {"done": one.done, "all": one.of}


def where(viewer: Viewer, feedback: Feedback, code: str) -> str:
    """The page on which a fact is done; empty where there is no plan."""
    _name, page = FACTS[code]
    if code in OF_PLAN:
        return address(viewer, f"improvement:{page}", plan=feedback.plan_id) if feedback.plan_id else ""
    return address(viewer, f"assessment:{page}", pk=feedback.assessment_id)


def rule(scheme: Scheme, one: Rule) -> str:
    """What a rule asks, in one sentence."""
    named = {item.code: item for _pillar, item in scheme.items()}
    if one.kind == "sum":
        told = {"count": len(one.items), "least": one.least, "from": one.items[0], "until": one.items[-1]}
        return _("Together at least %(least)s points in %(count)s items (%(from)s – %(until)s)") % told
    if len(one.items) == 1:
        told = {"code": one.items[0], "name": said(named[one.items[0]].title), "least": one.least}
        return _("At least %(least)s points in %(code)s. %(name)s") % told
    told = {"least": one.least, "from": one.items[0], "until": one.items[-1]}
    return _("At least %(least)s points in each of %(from)s – %(until)s") % told


def award(scheme: Scheme, code: str) -> str:
    """The name of an award; that none is given where the code is empty."""
    found = scheme.award(code)
    return said(found.title) if found else _("The label is not granted")
