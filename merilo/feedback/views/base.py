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

from merilo.core.errors import Refused
from merilo.feedback import permissions
from merilo.feedback.models import Feedback
from merilo.feedback.queries import feedbacks
from merilo.organisations.api import OrgRequest, Stored, address, do, edited_form
from merilo.web import forms
from merilo.web.items import Link


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


def edited(
    request: OrgRequest,
    feedback: Feedback,
    form: forms.Form,
    look: Look,
    effect: Callable[[], str],
    *,
    stored: Stored | None = None,
) -> HttpResponse:
    """The page of the form, or what its effect leads to; see organisations.editing."""
    context: dict[str, Any] = {"feedback": feedback, "form": form, "look": look, **look.more}

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        return page(request, look.template, {**context, **more}, form, status=status)

    return edited_form(request, form, effect, show, stored=stored)


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
