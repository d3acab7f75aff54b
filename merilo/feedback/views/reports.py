"""The report, its files, the decision, the response, the label; and what everybody may see of labels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files
from merilo.feedback import permissions, words
from merilo.feedback.actions import deciding as actions
from merilo.feedback.forms.feedback import NONE, DecisionForm, LabelForm, ResponseForm
from merilo.feedback.models import Feedback
from merilo.feedback.queries import feedbacks
from merilo.feedback.reporting import reports
from merilo.feedback.reporting.document import Told, blocks_of
from merilo.feedback.views.base import (
    Look,
    edited,
    feedback_or_404,
    here,
    page,
    require,
    today,
)
from merilo.organisations.api import OrgRequest, sent, version_of
from merilo.web.documents.page import chapters, html


def _told(request: OrgRequest, pk: UUID) -> tuple[Feedback, Told]:
    found = feedback_or_404(request, pk)
    require(permissions.may_read_report(request.viewer, found, on=today()))
    return found, reports.report_of(request.viewer, found, on=today())


@require_safe
def report(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The report that was handed over, with the decision and the response."""
    found, told = _told(request, feedback)
    with translation.override(told.content["language"]):
        blocks = tuple(blocks_of(told))
    formats = (("pdf", "PDF"), ("docx", "Word"))
    context = {
        "feedback": found,
        "told": told,
        "text": html(blocks),
        "chapters": chapters(blocks),
        "downloads": [
            {"name": name, "url": here(request, found, "report_file", format_=format_)}
            for format_, name in formats
        ],
        "may_respond": permissions.may_respond(request.viewer, found),
        "may_decide": permissions.may_decide(request.viewer, found, on=today()),
    }
    return page(request, "report", context)


@require_safe
def report_file(request: OrgRequest, feedback: UUID, format_: str) -> HttpResponse:
    """The report as a file."""
    found, told = _told(request, feedback)
    if format_ not in reports.FORMATS or found.reported_at is None:
        raise Http404
    content = reports.drawn(told, format_, at=found.reported_at)
    name = reports.file_name(told, format_)
    return files.attachment(content, name=name, content_type=reports.FORMATS[format_])


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Decide on the label, or record what was decided on paper."""
    found = feedback_or_404(request, feedback)
    viewer, on = request.viewer, today()
    require(permissions.may_decide(viewer, found, on=on))
    scheme = feedbacks.scheme_of(found)
    content = reports.content_of(found)
    on_paper = not permissions.leads(viewer, found, on=on)
    initial = {"award": content["proposed"] or NONE, "on": on}
    form = DecisionForm(
        sent(request),
        request.FILES if request.method == "POST" else None,
        scheme=scheme,
        on_paper=on_paper,
        initial=initial,
    )

    def effect() -> str:
        actions.decide(viewer=viewer, feedback=found, decision=form.decision(), at=timezone.now())
        messages.success(request, _("The decision is recorded."))
        return here(request, found)

    proposed = scheme.award(content["proposed"])
    said = words.said(proposed.title) if proposed else _("none")
    look = Look(
        _("Record the decision") if on_paper else _("Decide on the label"),
        back=here(request, found),
        submit=_("Record the decision"),
        lead=_("By its points the organisation would be awarded: %(award)s.") % {"award": said},
        more={"takes_files": on_paper},
    )
    return edited(request, found, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """What the organisation says to the report."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_respond(request.viewer, found))
    form = ResponseForm(sent(request), initial={"text": found.response})

    def effect() -> str:
        actions.respond(
            viewer=request.viewer, feedback=found, text=form.cleaned_data["text"], at=timezone.now()
        )
        messages.success(request, _("The response stands in the report."))
        return here(request, found, "report")

    look = Look(_("Respond to the report"), back=here(request, found))
    return edited(request, found, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def label(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Number and days of the label, and whether everybody may see it."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_keep_label(request.viewer, found))
    names = ("number", "granted_on", "valid_until", "remind_on", "shown")
    form = LabelForm(sent(request), initial={name: getattr(found.label, name) for name in names})

    def effect() -> str:
        actions.keep_label(
            viewer=request.viewer,
            feedback=found,
            facts=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return here(request, found)

    def stored() -> tuple[int, dict[str, Any]]:
        now = feedback_or_404(request, feedback).label
        return now.version, {name: getattr(now, name) for name in names}

    scheme = feedbacks.scheme_of(found)
    look = Look(
        words.award(scheme, found.award), back=here(request, found), lead=_("The label and its days.")
    )
    return edited(request, found, form, look, effect, stored=stored)
