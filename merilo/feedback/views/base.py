"""What the pages of external feedback share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, Refused
from merilo.feedback import permissions, words
from merilo.feedback.models import Feedback
from merilo.feedback.queries import feedbacks
from merilo.organisations.api import OrgRequest, act, address, do
from merilo.web import forms
from merilo.web.items import Link

Stored = Callable[[], tuple[int, Mapping[str, Any]]]


def today() -> date:
    """The day in the zone of the organisation."""
    return timezone.localdate()


def feedback_or_404(request: OrgRequest, pk: UUID) -> Feedback:
    """The feedback if the viewer may see it; others get 404."""
    try:
        return feedbacks.feedback(request.viewer, pk, on=today())
    except Feedback.DoesNotExist as error:
        raise Http404 from error


def require(allowed: bool) -> None:  # noqa: FBT001  the predicate's answer
    """Errors: Refused."""
    if not allowed:
        raise Refused(_("This page is not open to you, or not open yet."))


def here(request: OrgRequest, feedback: Feedback, name: str = "overview", **more: object) -> str:
    """The address of a page of one feedback."""
    return address(request.viewer, f"feedback:{name}", feedback=feedback.pk, **more)


def page(
    request: OrgRequest, name: str, context: Mapping[str, Any], *refused: forms.Form, status: int = 200
) -> HttpResponse:
    """The page; 422 when one of the forms was refused. Of a feedback it carries `sections`."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    if isinstance(feedback := context.get("feedback"), Feedback):
        values["sections"] = [
            replace(link, current=_is_here(request, link, feedback)) for link in sections(request, feedback)
        ]
        values.setdefault("crumbs", crumbs(request, feedback))
    return render(request, f"feedback/{name}.html", values, status=422 if wrong else status)


def _is_here(request: OrgRequest, link: Link, feedback: Feedback) -> bool:
    overview = here(request, feedback)
    return request.path == link.url or (link.url != overview and request.path.startswith(link.url))


def crumbs(request: OrgRequest, feedback: Feedback, *more: Link) -> list[Link]:
    """The way to a page of one feedback."""
    return [
        Link(_("External feedback"), address(request.viewer, "feedback:list")),
        Link(feedback.assessment.title, here(request, feedback)),
        *more,
    ]


def sections(request: OrgRequest, feedback: Feedback) -> Iterator[Link]:
    """The pages of one feedback that the viewer may open, in the order of the work."""
    viewer, on = request.viewer, today()
    inside = viewer.can("feedback.read")
    pages = (
        (True, "overview", _("Overview")),
        (inside, "ready", _("Readiness")),
        (permissions.may_prepare(viewer, feedback), "prepare", _("Visit and access")),
        (inside, "actors", _("Evaluators")),
        (permissions.may_see_material(viewer, feedback, on=on), "material", _("What is released")),
        (permissions.may_score(viewer, feedback, on=on), "sheets", _("My points")),
        (permissions.may_see_joint(viewer, feedback, on=on), "joint", _("Agreed points")),
        (permissions.may_agree(viewer, feedback, on=on), "texts", _("Texts")),
        (permissions.may_read_report(viewer, feedback, on=on), "report", _("Feedback report")),
        (permissions.may_keep_label(viewer, feedback), "label", _("Label")),
    )
    for may, name, text in pages:
        if may:
            yield Link(text, here(request, feedback, name))


# --- pages of one form ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Look:
    """What stands around a form: its title, its lead, where it leads back to, the word on its button."""

    title: str
    back: str
    submit: str = ""
    lead: str = ""
    template: str = "form"
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was typed differs from what is stored meanwhile."""

    label: str
    mine: str
    theirs: str


def edited(
    request: OrgRequest,
    feedback: Feedback,
    form: forms.Form,
    look: Look,
    effect: Callable[[], str],
    *,
    stored: Stored | None = None,
) -> HttpResponse:
    """The page of the form, or what its effect leads to.

    `stored` reads version and values anew: after a conflict both stand side by side.
    """
    context: dict[str, Any] = {"feedback": feedback, "form": form, "look": look, **look.more}
    if stored is not None:
        context["version"] = version_of(request) if request.method == "POST" else stored()[0]
    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as conflict:
            if stored is None:
                raise
            version, values = stored()
            now = {
                "version": version,
                "differences": differences(form, values),
                "conflict": conflict.sentence,
            }
            return page(request, look.template, {**context, **now}, status=409)
    return page(request, look.template, context, form)


def version_of(request: OrgRequest) -> int:
    """The version that the person saw."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def differences(form: forms.Form, values: Mapping[str, Any]) -> list[Difference]:
    """The fields in which a form differs from stored values, in words."""
    found = []
    for bound in form.visible_fields():
        mine = _told(bound.field, form.cleaned_data.get(bound.name))
        theirs = _told(bound.field, values.get(bound.name))
        if mine != theirs:
            found.append(Difference(str(bound.label), mine, theirs))
    return found


def _told(field_: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_told(field_, one) for one in value)
    if isinstance(value, date):
        return words.day(value)
    choices = {str(key): str(label) for key, label in getattr(field_, "choices", ())}
    return choices.get(str(value), "" if value is None else str(value))


# --- pages that ask first -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done: title, what will happen, the word on the button."""

    title: str
    text: str
    submit: str
    notes: Sequence[str] = ()


def confirmed(
    request: OrgRequest, feedback: Feedback, question: Question, effect: Callable[[], str]
) -> HttpResponse:
    """Ask first; on yes run the effect."""
    if request.method == "POST":
        return do(request, effect)
    context = {"feedback": feedback, "question": question, "back": here(request, feedback)}
    return page(request, "confirm", context)
